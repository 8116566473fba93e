"""After the hand-over: polite questions, and what a final status means."""

import pytest

from callframe.errors import FewerRows, NotAuthorised, QuotaExceeded, UploadError
from callframe.metrica import FINAL, Upload

from .matrix import row
from .wires import write_calls


def lives(server, *moments: dict):
    """Each look at the list shows the next moment of the first upload; the last one stays."""
    left = list(moments)

    def look(peer) -> None:
        if peer.query["offset"] == ["0"]:
            server.uploads[0] |= left.pop(0) if len(left) > 1 else left[0]
        show = server.uploads if peer.query["offset"] == ["0"] else []
        peer.say(200, {"uploadings": show})

    server.gets = [look] * 300


def test_an_upload_is_followed_to_its_end(serve, connect, calls, weather):
    server = serve()
    client = connect(server)
    upload = client.upload(calls)
    lives(server, {"status": "UPLOADED"}, {"status": "EXPORTED"}, {"status": "MATCHED"}, {"status": "PROCESSED"})
    seen: list[str] = []
    done = client.wait(upload, progress=lambda progress: seen.append(progress.status))
    assert done.status in FINAL
    assert seen == ["PREPARED", "UPLOADED", "EXPORTED", "MATCHED"]
    assert (done.rows_sent, done.line_quantity, done.notes) == (20, 20, ())


def test_a_final_upload_is_judged_without_a_question(serve, connect, calls):
    server = serve()
    client = connect(server)
    client.upload(calls)
    server.uploads[0]["status"] = "PROCESSED"
    again = client.upload(calls)
    asked = len(server.seen)
    assert client.wait(again).final
    assert len(server.seen) == asked


def test_polling_a_slow_service_takes_few_requests_for_all_parts(serve, connect, tmp_path, weather):
    server = serve()
    client = connect(server)
    upload = client.upload(write_calls(tmp_path / "calls.csv", 60), part_bytes=400)
    assert len(upload.parts) == 10
    client._service.transport.loopback = False
    asked, began = len(server.seen), weather.time
    slow = client.wait(upload)
    assert not slow.final
    assert "not done with it after 150 min (status PREPARED)" in slow.notes[-1]
    assert 9000 <= weather.time - began < 9001
    assert len(server.seen) - asked < 50
    assert weather.naps[:7] == pytest.approx([15, 24, 38.4, 61.44, 98.304, 157.2864, 251.65824])
    assert max(weather.naps) == 300


@row(39, "fewer rows taken than read", "the three counts and advice; never sent again", 4)
def test_39_fewer_rows_than_were_sent(serve, connect, calls):
    server = serve()
    client = connect(server)
    upload = client.upload(calls)
    lives(server, {"line_quantity": 18}, {"status": "PROCESSED"})
    with pytest.raises(FewerRows, match="20 rows were sent, Metrica read 20 and took 18") as error:
        client.wait(upload)
    assert (error.value.exit_code, error.value.sent, error.value.source, error.value.line) == (4, 20, 20, 18)
    assert error.value.accepted == (1000,)
    assert (error.value.upload.id, error.value.upload.status) == (1000, "PROCESSED")
    assert "Don't send the file again" in str(error.value)


def test_39_what_a_later_program_asks_for_by_id_is_judged_too(serve, connect, calls):
    server = serve()
    client = connect(server)
    client.upload(calls)
    server.uploads[0] |= {"status": "PROCESSED", "source_quantity": 17, "line_quantity": 17}
    shown = client.status(1000)
    assert shown.rows_sent == 20
    with pytest.raises(FewerRows, match="Metrica read 17"):
        client.wait(shown)


@row(40, "counts are 0 until the final status", "judged at the final status")
def test_40_counts_that_are_filled_late(serve, connect, calls):
    def empty(peer) -> None:
        peer.read_body()
        peer.say(
            200, {"uploading": peer.server.store(peer, line_quantity=0, source_quantity=0, dynamic_calls_quantity=0)}
        )

    server = serve(posts=[empty])
    client = connect(server)
    upload = client.upload(calls)
    full = {"source_quantity": 20, "line_quantity": 20, "dynamic_calls_quantity": 20, "status": "PROCESSED"}
    lives(server, {"status": "UPLOADED"}, full)
    assert client.wait(upload).line_quantity == 20


@row(40, "counts never come", "a note says that it can't be told whether every row was taken")
def test_40_counts_that_never_come_are_not_taken_for_success_in_silence(serve, connect, calls):
    server = serve()
    client = connect(server)
    upload = client.upload(calls)
    lives(server, {"status": "PROCESSED", "line_quantity": None})
    assert "can't be said whether it took every row" in client.wait(upload).notes[0]


@row(41, "static and dynamic calls don't add up", "a note with the numbers")
def test_41_counts_that_do_not_add_up(serve, connect, calls):
    server = serve()
    client = connect(server)
    upload = client.upload(calls)
    lives(server, {"status": "PROCESSED", "static_calls_quantity": 3})
    assert "3 static and 20 dynamic calls don't add up to the 20 rows" in client.wait(upload).notes[0]


@row(42, "LINKAGE_FAILURE of static calls only", "success, with a note on what that status means here")
def test_42_static_calls_are_never_linked(serve, connect, calls):
    server = serve()
    client = connect(server)
    upload = client.upload(calls)
    lives(server, {"status": "LINKAGE_FAILURE", "static_calls_quantity": 20, "dynamic_calls_quantity": 0})
    done = client.wait(upload)
    assert done.status == "LINKAGE_FAILURE"
    assert "static calls only" in done.notes[0]


@row(43, "LINKAGE_FAILURE with dynamic calls", "says that none was linked, and what to check", 1)
def test_43_dynamic_calls_that_could_not_be_linked(serve, connect, calls):
    server = serve()
    client = connect(server)
    upload = client.upload(calls)
    lives(server, {"status": "LINKAGE_FAILURE"})
    with pytest.raises(UploadError, match="linked none of the 20 dynamic calls of upload 1000") as error:
        client.wait(upload)
    assert error.value.exit_code == 1


@row(44, "a status that is not known", "followed on; the word is shown")
def test_44_a_status_of_later_years(serve, connect, calls):
    server = serve()
    client = connect(server)
    upload = client.upload(calls)
    lives(server, {"status": "COOLED"}, {"status": "PROCESSED"})
    assert client.wait(upload).notes == ("Upload 1000 has a status that is not known here: COOLED.",)


@row(45, "a status goes back; an upload leaves the list", "followed on; a note names the upload")
def test_45_a_status_that_goes_back_and_an_upload_that_is_gone(serve, connect, calls, weather):
    server = serve()
    client = connect(server)
    upload = client.upload(calls)
    lives(server, {"status": "MATCHED"}, {"status": "UPLOADED"}, {"status": "PROCESSED"})
    assert client.wait(upload).notes == ("Upload 1000 went back from MATCHED to UPLOADED.",)
    server.gets = [lambda peer: peer.say(200, {"uploadings": []})] * 99
    gone = client.wait(upload, timeout=60)
    assert gone.id == 1000
    assert "is not in the list of uploads now" in gone.notes[0]


@row(32, "5xx while following", "asked again at the next turn")
def test_32_questions_that_fail_are_asked_again(serve, connect, calls):
    server = serve()
    client = connect(server)
    upload = client.upload(calls)
    server.uploads[0]["status"] = "PROCESSED"
    server.gets = [lambda peer: peer.refuse(503, "backend_error")] * 12
    assert client.wait(upload).final


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        pytest.param((403, "invalid_token"), NotAuthorised, id="token revoked"),
        pytest.param((429, "quota_requests_by_uid"), QuotaExceeded, id="quota of the day"),
    ],
)
def test_a_refusal_while_following_still_names_the_upload(refusal, error, serve, connect, calls):
    server = serve()
    client = connect(server)
    upload = client.upload(calls)
    server.gets = [lambda peer: peer.refuse(*refusal)]
    with pytest.raises(error, match="Metrica has: upload 1000") as caught:
        client.wait(upload)
    assert caught.value.accepted == (1000,)


def test_the_parts_together():
    parts = [
        Upload(7, "PROCESSED", 5, 5, 1, 4, rows_sent=5, adopted=True, notes=("a", "b")),
        Upload(8, "MATCHED", 4, None, 0, 4, rows_sent=4, notes=("b",)),
    ]
    whole = Upload.together(parts, ("first",))
    assert (whole.id, whole.status, whole.source_quantity, whole.line_quantity) == (7, "MATCHED", 9, None)
    assert (whole.rows_sent, whole.adopted, whole.notes, whole.parts) == (9, False, ("first", "a", "b"), tuple(parts))
    assert Upload.together([Upload(7, "PROCESSED"), Upload(8, "LINKAGE_FAILURE")]).status == "LINKAGE_FAILURE"
    assert Upload.together([Upload(7, "PROCESSED"), Upload(8, "NEW")]).final is False
    assert whole.as_dict()["parts"][1]["id"] == 8


def test_fewer_rows_taken_than_sent_where_the_rows_read_are_not_told(serve, connect, calls):
    server = serve()
    client = connect(server)
    upload = client.upload(calls)
    lives(server, {"status": "PROCESSED", "source_quantity": None, "line_quantity": 12})
    with pytest.raises(FewerRows, match="20 rows were sent, Metrica read an unknown number of and took 12"):
        client.wait(upload)


def test_of_several_parts_every_problem_is_told_and_the_worst_decides(serve, connect, tmp_path):
    server = serve()
    client = connect(server)
    upload = client.upload(write_calls(tmp_path / "calls.csv", 12), part_bytes=400)
    server.uploads[0] |= {"status": "LINKAGE_FAILURE"}
    server.uploads[1] |= {"status": "PROCESSED", "line_quantity": 1}
    with pytest.raises(FewerRows, match="upload 1001: 6 rows were sent") as error:
        client.wait(upload)
    assert "linked none of the 6 dynamic calls of upload 1000" in error.value.__notes__[0]
    assert error.value.upload.parts[0].id == 1000


def test_a_limit_while_following_does_not_advise_to_send_again(serve, connect, calls):
    server = serve()
    client = connect(server)
    upload = client.upload(calls, again=True)
    server.gets = [lambda peer: peer.refuse(429, "quota_requests_by_uid")]
    with pytest.raises(
        QuotaExceeded, match=r"Metrica has: upload 1000\. Ask again after 2025-10-10 00:00 UTC"
    ) as error:
        client.wait(upload)
    assert not error.value.repeatable
    assert error.value.__notes__ == ["See later what became of it: callframe status --counter 123 1000"]
