"""Neither lost nor doubled: the list of uploads as the only memory, in one run and across runs."""

import os
from pathlib import Path

import polars as pl
import pytest

from callframe.errors import FewerRows, OptionError, OutcomeUnknown, UploadError
from callframe.metrica import NOTHING_SENT, plan
from callframe.metrica.identity import Fingerprint

from .matrix import row
from .wires import HEADER, PHONE, SMALL, START, accept, stop_at, write_calls


def marks(server) -> list[Fingerprint]:
    return [Fingerprint.read(str(one["comment"])) for one in server.uploads]


def test_what_arrives_is_the_file_to_the_byte(serve, connect, calls):
    server = serve()
    upload = connect(server).upload(calls, goal="Звонок", comment="ноябрь")
    assert server.sent[0].file() == calls.read_bytes()
    assert server.sent[0].query["new_goal_name"] == ["Звонок"]
    assert upload.comment.endswith("ноябрь")
    assert upload.comment.isalnum()
    assert (upload.id, upload.rows_sent, upload.adopted, upload.notes) == (1000, 20, False, ())


def test_the_second_run_adopts(serve, connect, calls):
    server = serve()
    first = connect(server).upload(calls)
    second = connect(server).upload(calls)
    assert (second.id, second.adopted) == (first.id, True)
    assert second.notes == ("Metrica already has this as upload 1000; it was not sent again.",)
    assert len(server.sent) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param({"comment": "ноябрь"}, "", id="the same comment"),
        pytest.param({"comment": "Ноябрь!"}, "", id="the same comment as it was cleaned"),
        pytest.param(
            {"comment": "декабрь"},
            "The comment given now was not passed on: upload 1000 keeps what it was first sent with.",
            id="another comment",
        ),
        pytest.param({"goal": "Звонок"}, "The goal given now was not passed on: upload 1000", id="a goal"),
        pytest.param({"comment": "декабрь", "goal": "Звонок"}, "The goal and comment given now were not", id="both"),
    ],
)
def test_what_an_adopted_upload_does_not_take_over_is_said(options, words, serve, connect, calls):
    server = serve()
    connect(server).upload(calls, comment="ноябрь", goal="Звонок")
    notes = connect(server).upload(calls, **options).notes
    assert len(server.sent) == 1
    told = [note for note in notes if "given now" in note]
    assert len(told) == bool(words)
    assert words in "".join(told)


def test_a_part_whose_answer_was_lost_got_the_goal_of_this_run(serve, connect, calls):
    server = serve(posts=[lambda peer: (peer.read_body(), peer.server.store(peer))])
    upload = connect(server).upload(calls, goal="Звонок", comment="ноябрь")
    assert upload.adopted
    assert not any("given now" in note for note in upload.notes)


def test_again_sends_on_purpose_and_each_copy_has_its_own_number(serve, connect, calls):
    server = serve()
    client = connect(server)
    ids = [client.upload(calls, again=again).id for again in (False, True, True, False)]
    assert ids == [1000, 1001, 1002, 1000]
    assert [mark.copy for mark in marks(server)] == [0, 1, 2]


def test_again_of_a_file_that_was_never_sent_sends_it_once(serve, connect, calls):
    server = serve()
    connect(server).upload(calls, again=True)
    assert connect(server).upload(calls).adopted
    assert len(server.sent) == 1


@row(49, "killed between two parts", "the next run adopts what is there and sends the rest")
@pytest.mark.parametrize("lost", range(1, 6))
def test_49_a_run_that_died_between_parts_is_completed(lost, serve, connect, tmp_path):
    server = serve(posts=[*[accept] * (lost - 1), lambda peer: peer.refuse(429, "quota_requests_by_ip")])
    calls = write_calls(tmp_path / "calls.csv", 25)
    with pytest.raises(KeyboardInterrupt):
        connect(server).upload(calls, part_bytes=SMALL, progress=stop_at("pausing", part=lost))
    arrived = len(server.uploads)
    assert arrived == lost - 1
    upload = connect(server).upload(calls, part_bytes=SMALL)
    assert [mark.number for mark in marks(server)] == [1, 2, 3, 4, 5]
    assert [part.adopted for part in upload.parts] == [True] * arrived + [False] * (5 - arrived)
    assert upload.source_quantity == upload.rows_sent == 25
    assert b"".join(peer.file().split(b"\n", 1)[1] for peer in server.sent if peer.complete) in calls.read_bytes()


def test_an_error_between_parts_names_what_is_there(serve, connect, tmp_path):
    calls = write_calls(tmp_path / "calls.csv", 25)
    server = serve(posts=[accept, accept, lambda peer: (peer.read_body(), peer.refuse(400, "invalid_uploading"))])
    with pytest.raises(UploadError, match="Metrica has: upload 1000, 1001") as error:
        connect(server).upload(calls, part_bytes=SMALL)
    assert error.value.accepted == (1000, 1001)


@row(17, "comment not echoed, more parts to come", "the upload is named; no further part is sent", 1)
def test_17_without_the_echo_no_further_part_is_sent(serve, connect, tmp_path):
    calls = write_calls(tmp_path / "calls.csv", 25)
    server = serve(
        posts=[lambda peer: (peer.read_body(), peer.say(200, {"uploading": peer.server.store(peer, comment="")}))]
    )
    with pytest.raises(UploadError, match=r"part 1 of 5 .* comment did not come back") as error:
        connect(server).upload(calls, part_bytes=SMALL)
    assert error.value.accepted == (1000,)
    assert len(server.sent) == 1


def test_17_an_echo_in_capitals_and_without_its_end_is_an_echo(serve, connect, calls):
    def shout(peer) -> None:
        peer.read_body()
        comment = peer.query["comment"][0]
        peer.say(200, {"uploading": peer.server.store(peer, comment=f" {comment[:97].upper()}")})

    server = serve(posts=[shout])
    assert connect(server).upload(calls, comment="ноябрь").notes == ()
    assert connect(server).upload(calls).adopted


@row(38, "other rows read than sent, more parts to come", "the counts are named; no further part is sent", 4)
def test_38_other_counts_stop_further_parts(serve, connect, tmp_path):
    calls = write_calls(tmp_path / "calls.csv", 25)
    server = serve(
        posts=[
            lambda peer: (peer.read_body(), peer.say(200, {"uploading": peer.server.store(peer, source_quantity=9)}))
        ]
    )
    with pytest.raises(FewerRows, match="check quotes") as error:
        connect(server).upload(calls, part_bytes=SMALL)
    assert (error.value.sent, error.value.source, error.value.accepted) == (6, 9, (1000,))
    assert len(server.sent) == 1


def test_an_upload_with_our_mark_and_other_rows_is_a_conflict(serve, connect, calls):
    server = serve()
    connect(server).upload(calls)
    server.uploads[0]["source_quantity"] = 19
    with pytest.raises(UploadError, match="has 19 rows where the file has 20") as error:
        connect(server).upload(calls)
    assert error.value.exit_code == 1
    assert connect(server).upload(calls, again=True).id == 1001


def test_another_split_is_taken_over_where_it_is_whole(serve, connect, calls):
    server = serve()
    connect(server).upload(calls, part_bytes=SMALL)
    upload = connect(server).upload(calls)
    assert upload.adopted
    assert upload.rows_sent == 20
    assert len(upload.parts) == len(server.sent) == 4


def test_another_split_stops_the_run_where_it_is_not_whole(serve, connect, calls):
    server = serve()
    connect(server).upload(calls, part_bytes=SMALL)
    del server.uploads[1]
    with pytest.raises(UploadError, match="sent before as 3 of 4 parts"):
        connect(server).upload(calls)
    assert len(server.sent) == 4


@row(55, "two runs of one file at once", "both uploads are named, by this run and by the next")
def test_55_two_runs_at_once_are_reported(serve, connect, calls):
    server = serve()

    def twice(peer) -> None:
        peer.read_body()
        peer.server.store(peer)
        peer.say(200, {"uploading": peer.server.store(peer)})

    server.posts = [twice]
    upload = connect(server).upload(calls)
    assert "more than once, as uploads 1000 and 1001" in upload.notes[-1]
    assert "more than once, as uploads 1000 and 1001" in connect(server).upload(calls).notes[1]


def test_a_file_of_the_same_time_is_noticed(serve, connect, tmp_path):
    server = serve()
    client = connect(server)
    client.upload(write_calls(tmp_path / "a.csv", 20, first=START - 1000))
    apart = client.upload(write_calls(tmp_path / "b.csv", 20, first=START - 980))
    over = client.upload(write_calls(tmp_path / "c.csv", 25, first=START - 1000))
    assert apart.notes == ()
    assert "same time as uploads 1000 and 1001, which were other files" in over.notes[0]


def test_a_file_that_is_there_already_is_told_first_and_without_what_concerns_sending(serve, connect, tmp_path):
    server = serve()
    client = connect(server)
    calls = write_calls(tmp_path / "a.csv", 20, mixed=True)
    client.upload(calls, part_bytes=SMALL)
    over = client.upload(write_calls(tmp_path / "b.csv", 25))
    assert "uploads 1000, 1001 and 1002, which were other files" in over.notes[0]
    told = client.upload(calls, goal="Звонок").notes
    assert told == (
        "Metrica already has this as uploads 1000, 1001 and 1002; it was not sent again.",
        "The goal given now was not passed on: uploads 1000, 1001 and 1002 keep what they were first sent with.",
    )
    assert client.preview(calls).earlier.notes == ()
    del server.uploads[1:]
    assert client.upload(calls, part_bytes=SMALL).notes[0] == (
        "Metrica already has 1 of 3 parts as upload 1000; it was not sent again."
    )


def test_many_uploads_are_not_all_named_in_a_sentence(serve, connect, tmp_path):
    client = connect(serve())
    client.upload(write_calls(tmp_path / "a.csv", 40), part_bytes=SMALL)
    over = client.upload(write_calls(tmp_path / "b.csv", 25))
    assert "same time as uploads 1000, 1001, 1002, 1003, 1004 and 2 more, which were other files." in over.notes[0]


def test_the_lists_own_odd_entries_do_no_harm(serve, connect, calls):
    server = serve()
    server.uploads += [
        {"id": 5, "comment": None},
        {"id": 6, "status": 7, "source_quantity": "many", "comment": "cf1abc"},
    ]
    server.born |= {5: 0, 6: 0}
    assert connect(server).upload(calls).id == 1002


@row(58, "the list gives smaller pages, in either order, from 0 or 1", "read to its end; the part is found")
@pytest.mark.parametrize("cap", [1, 2, 7])
@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("base", [0, 1])
def test_58_a_server_that_gives_small_pages_is_read_to_the_end(cap, newest_first, base, serve, connect, calls):
    server = serve()
    client = connect(server)
    client.upload(calls)
    for number in range(20):
        server.uploads.append(server.uploads[0] | {"id": 2000 + number, "comment": ""})
        server.born[2000 + number] = 0

    def page(peer) -> None:
        every = server.uploads[::-1] if newest_first else server.uploads
        offset = max(int(peer.query["offset"][0]) - base, 0)
        peer.say(200, {"uploadings": every[offset : offset + cap]})

    server.gets = [page] * 60
    assert client.upload(calls).adopted
    assert len(client.uploads()) == 21


@row(58, "the list gives the same page for ever", "absence can't be proven: nothing is sent", 1)
def test_58_a_server_that_does_not_page_proves_nothing(serve, connect, calls):
    server = serve()
    for number in range(3):
        server.uploads.append({"id": number + 1, "comment": ""})
        server.born[number + 1] = 0
    server.gets = [lambda peer: peer.say(200, {"uploadings": server.uploads})] * 9
    with pytest.raises(UploadError, match="can't be proven"):
        connect(server).upload(calls)
    assert server.sent == []


def test_an_upload_that_comes_while_the_list_is_read_moves_it_without_harm(serve, connect, calls):
    server = serve()
    server.uploads = [{"id": number, "comment": ""} for number in (3, 2, 1)]
    newer = [{"id": number, "comment": ""} for number in (5, 4, 3, 2, 1)]
    server.gets = [
        lambda peer: peer.say(200, {"uploadings": server.uploads}),
        lambda peer: peer.say(200, {"uploadings": newer[3:]}),
        lambda peer: peer.say(200, {"uploadings": newer[5:]}),
    ]
    assert [upload.id for upload in connect(server).uploads()] == [3, 2, 1]


def changing(path: Path, change) -> object:
    def act(peer) -> None:
        peer.read_body(200_000)
        change(path)
        peer.read_body()

    return act


CHANGES = {
    "grows": lambda path: path.open("ab").write(b",1,,1,0,,\n"),
    "is taken away": lambda path: path.unlink(),
    "shrinks": lambda path: os.truncate(path, path.stat().st_size // 2),
    "is replaced": lambda path: (
        path.with_suffix(".new").write_bytes(path.read_bytes()),
        path.with_suffix(".new").replace(path),
    ),
    "has another byte": lambda path: (lambda file: (file.seek(-5, 2), file.write(b"z"), file.close()))(
        path.open("rb+")
    ),
}


@row(
    53,
    "the file grows, shrinks, is replaced or edited while it is sent",
    "the closing boundary is withheld: no whole body, no second try",
    1,
)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("change", [pytest.param(change, id=name) for name, change in CHANGES.items()])
def test_53_a_file_that_changes_while_it_is_sent_never_arrives_whole(
    change, serve, connect, many_calls, tmp_path, watched
):
    path = tmp_path / "calls.csv"
    path.write_bytes(many_calls.read_bytes())
    server = serve(posts=[changing(path, change)])
    shown = watched(connect(server).upload, path)
    assert type(shown.error) is UploadError
    assert "changed while it was being sent" in str(shown.error)
    assert (server.complete, len(server.sent)) == (0, 1)


@row(54, "this machine's clock is two hours off", "noticed; the server's time decides when to resume", 6)
def test_54_a_clock_that_is_off_is_noticed_and_not_believed(serve, connect, calls):
    server = serve(
        clock_ahead=7200.0, posts=[lambda peer: (peer.read_body(), peer.refuse(429, "quota_requests_by_uid"))]
    )
    with pytest.raises(UploadError, match="2025-10-10 00:00 UTC"):
        connect(server).upload(calls)
    assert "120 min behind Metrica's" in connect(server).upload(calls).notes[0]


@row(60, "a header and no rows", "nothing is sent, with a note")
def test_60_a_file_without_rows_is_not_sent(serve, connect, tmp_path):
    server = serve()
    calls = write_calls(tmp_path / "calls.csv", 0)
    upload = connect(server).upload(calls)
    assert (upload.status, upload.rows_sent, upload.final, server.seen) == (NOTHING_SENT, 0, True, [])
    assert connect(server).wait(upload) == upload
    assert connect(server).preview(calls).to_send == 0


def test_a_preview_sends_nothing(serve, connect, calls):
    server = serve()
    client = connect(server)
    before = client.preview(calls, part_bytes=SMALL)
    assert (before.to_send, before.plan.rows, len(before.plan.parts)) == (4, 20, 4)
    assert server.sent == []
    client.upload(calls, part_bytes=SMALL)
    assert client.preview(calls, part_bytes=SMALL).to_send == 0


def test_a_comment_keeps_letters_and_digits_and_says_so(serve, connect, calls):
    server = serve()
    upload = connect(server).upload(calls, comment="ноябрь, 2026: " + "x" * 300)
    sent = server.sent[0].query["comment"][0]
    assert len(sent) == 255
    assert sent[95:107] == "ноябрь2026xx"
    assert "letters and digits only" in upload.notes[0]


def test_a_frame_is_sent_as_its_csv(serve, connect):
    frame = pl.DataFrame({"ClientId": ["17", "18"], "DateTime": [START - 50, START - 40], "PhoneNumber": [PHONE, None]})
    server = serve()
    client = connect(server)
    assert client.upload(frame).rows_sent == 2
    assert client.upload(frame.lazy()).adopted
    text = server.sent[0].file().decode()
    assert text.startswith("UserId,ClientId,Yclid,DateTime,")
    assert f",17,,{START - 50}," in text


@pytest.mark.parametrize("size", [0, -1, 10**9])
def test_a_part_size_that_the_service_does_not_take(size, connect, calls):
    with pytest.raises(OptionError, match="part size"):
        connect("http://127.0.0.1:9").upload(calls, part_bytes=size)


def test_an_unknown_outcome_is_not_sent_again_while_it_may_appear(serve, connect, calls, weather):
    server = serve(lag=900.0, time=lambda: weather.time)
    server.posts = [lambda peer: (peer.read_body(), peer.server.store(peer))]
    upload = connect(server).upload(calls, settle=1800)
    assert upload.adopted
    assert 900 <= weather.time - START < 1800
    assert len(server.sent) == 1


def test_a_run_ends_when_the_list_shows_its_upload(serve, connect, calls, weather):
    server = serve(lag=20.0, time=lambda: weather.time)
    assert connect(server).upload(calls).notes == ()
    assert connect(server).upload(calls).adopted
    assert 20 <= weather.time - START < 60


def test_a_run_that_ends_before_the_list_shows_its_upload_says_so(serve, connect, calls, weather):
    server = serve(lag=2000.0, time=lambda: weather.time)
    assert "does not show it yet" in connect(server).upload(calls).notes[0]
    assert weather.time - START < 120


def test_an_unknown_outcome_of_a_copy_sends_people_to_the_list(serve, connect, calls):
    server = serve()
    client = connect(server)
    client.upload(calls)
    server.posts = [lambda peer: peer.read_body()]
    with pytest.raises(OutcomeUnknown, match="look at the list of uploads first") as error:
        client.upload(calls, again=True, settle=5)
    assert Fingerprint.read(error.value.comment).copy == 1


def test_parts_of_equal_rows_are_each_sent(serve, connect, tmp_path):
    calls = tmp_path / "calls.csv"
    calls.write_text(HEADER + f",17,,{START - 50},0,{PHONE},x\n" * 20)
    first, second = plan(calls, SMALL).parts
    assert first.sha256 == second.sha256
    server = serve(posts=[accept, lambda peer: peer.refuse(429, "quota_requests_by_ip")])
    with pytest.raises(KeyboardInterrupt):
        connect(server).upload(calls, part_bytes=SMALL, progress=stop_at("pausing", part=2))
    upload = connect(server).upload(calls, part_bytes=SMALL)
    assert [part.id for part in upload.parts] == [1000, 1001]
    assert [mark.number for mark in marks(server)] == [1, 2]


def test_a_list_that_drops_the_comment_is_told_of(serve, connect, calls):
    server = serve()

    def bare(peer) -> None:
        there = server.listed() if peer.query["offset"] == ["0"] else []
        peer.say(200, {"uploadings": [one | {"comment": ""} for one in there]})

    server.gets = [bare] * 9
    upload = connect(server).upload(calls)
    assert "a second run could not tell" in upload.notes[0]


@pytest.mark.parametrize("before", [0, 1], ids=["the first time", "a copy"])
def test_where_the_same_command_would_send_once_more_it_is_not_advised(before, serve, connect, calls):
    server = serve()
    client = connect(server)
    for _ in range(before):
        client.upload(calls)
    server.posts = [lambda peer: peer.read_body()]
    with pytest.raises(OutcomeUnknown, match="look at the list of uploads first") as error:
        client.upload(calls, again=True, settle=5)
    assert not error.value.repeatable
    server.posts = [lambda peer: peer.read_body()]
    with pytest.raises(KeyboardInterrupt) as stop:
        client.upload(calls, again=True, progress=stop_at("settling"))
    assert "may have been accepted" in stop.value.__notes__[0]
    assert "Look at the list of uploads before" in stop.value.__notes__[1]
    assert "Run the same command" not in "".join(stop.value.__notes__)


@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_a_time_that_never_comes_is_refused_before_anything_is_asked(seconds, serve, connect, calls):
    server = serve()
    client = connect(server)
    with pytest.raises(OptionError, match="number of seconds"):
        client.upload(calls, settle=seconds)
    assert server.seen == []
    upload = client.upload(calls)
    with pytest.raises(OptionError, match="number of seconds"):
        client.wait(upload, timeout=seconds)


def test_a_watcher_that_fails_does_not_hide_what_was_accepted(serve, connect, tmp_path):
    server = serve(posts=[accept, lambda peer: peer.refuse(429, "quota_requests_by_ip")])
    calls = write_calls(tmp_path / "calls.csv", 12)
    with pytest.raises(ZeroDivisionError) as stop:
        connect(server).upload(calls, part_bytes=SMALL, progress=stop_at("pausing", ZeroDivisionError(), part=2))
    assert "Metrica has accepted: upload 1000." in stop.value.__notes__[0]
