"""Rows with ids in different columns, in parts of their own: none lost, none changed, and one file all the same."""

import csv
import io
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callframe.errors import UploadError
from callframe.metrica import plan
from callframe.metrica.identity import Fingerprint
from callframe.metrica.split import split

from .wires import HEADER, PHONE, START

KINDS = {
    "u,,": ("UserId",),
    ",17,": ("ClientId",),
    ",,18": ("Yclid",),
    ",17,18": ("ClientId", "Yclid"),
    "u,17,": ("UserId", "ClientId"),
    "u,,18": ("UserId", "Yclid"),
    "u,17,18": ("UserId", "ClientId", "Yclid"),
}
IDS = st.sampled_from([*KINDS, '"",17,""', '"a, ""b""\nc",17,18'])
TAGS = st.sampled_from(["x", "", '"a\nb"', '"a\r\nb"', '"a ""quoted"", word"', "цена"])


def write(path: Path, rows, end: str = "\n", *, open_end: bool = False) -> Path:
    lines = [HEADER.strip(), *(f"{ids},{START - 90_000 + n},0,{PHONE},{tag}" for n, (ids, tag) in enumerate(rows))]
    path.write_text(end.join(lines) + ("" if open_end else end), encoding="utf-8", newline="")
    return path


def records(data: bytes) -> list[tuple[str, ...]]:
    return [tuple(record) for record in csv.reader(io.StringIO(data.decode(), newline=""))]


def kind(record: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name, cell in zip(("UserId", "ClientId", "Yclid"), record, strict=False) if cell)


def content(part) -> bytes:
    return part.header + part.path.read_bytes()[part.start : part.start + part.length]


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("split") / "calls.csv"


@given(
    rows=st.lists(st.tuples(IDS, TAGS), min_size=1, max_size=40),
    end=st.sampled_from(["\n", "\r\n"]),
    open_end=st.booleans(),
    room=st.integers(150, 600),
)
@settings(max_examples=120, deadline=None)
def test_the_laws_of_splitting(path, rows, end, open_end, room):
    whole = plan(write(path, rows, end, open_end=open_end), room)
    there = records(path.read_bytes())[1:]
    with split(whole, room) as apart, split(whole, room) as again:
        assert [part.mark for part in again.parts] == [part.mark for part in apart.parts]
        files = [records(content(part)) for part in apart.parts]
        assert all(len(content(part)) <= room for part in apart.parts)
        sent = [record for file in files for record in file[1:]]
        assert Counter(sent) == Counter(there)
        for part, file in zip(apart.parts, files, strict=True):
            kinds = {kind(record) for record in file[1:]}
            assert len(kinds) == 1
            assert part.identifiers in ((), *kinds)
            assert part.rows == len(file) - 1
        for wanted in set(map(kind, there)):
            assert [one for one in sent if kind(one) == wanted] == [one for one in there if kind(one) == wanted]
        marks = [part.mark for part in apart.parts]
        assert [mark.number for mark in marks] == list(range(1, len(marks) + 1))
        assert {mark.count for mark in marks} == {len(marks)}
        assert len({mark.part for mark in marks}) == len(marks)
        assert {(m.whole, m.first, m.last) for m in marks} == {
            (m.whole, m.first, m.last) for m in (whole.parts[0].mark,)
        }
        assert apart.rows == whole.rows == len(rows)
        assert dict(whole.kinds) == Counter(map(kind, there))
    assert not any(part.path.exists() for part in apart.parts if part.path != path)


@pytest.fixture
def mixed(tmp_path) -> Path:
    return write(tmp_path / "calls.csv", [(ids, "x") for ids in KINDS for _ in range(3)])


def test_each_kind_is_an_upload_and_the_accounts_add_up(serve, connect, mixed):
    server = serve()
    client = connect(server)
    upload = client.upload(mixed, split_by_identifier=True, comment="ноябрь", goal="Звонок")
    files = [records(peer.file()) for peer in server.sent]
    assert sorted(set(map(kind, file[1:])).pop() for file in files) == sorted(KINDS.values())
    assert all(len(set(map(kind, file[1:]))) == 1 for file in files)
    assert all(file[0] == tuple(HEADER.strip().split(",")) for file in files)
    assert upload.rows_sent == upload.source_quantity == upload.line_quantity == 21
    assert [part.rows_sent for part in upload.parts] == [3] * 7
    assert upload.notes == ()
    assert {peer.query["new_goal_name"][0] for peer in server.sent} == {"Звонок"}


def test_one_kind_alone_is_the_file_itself(serve, connect, calls):
    server = serve()
    connect(server).upload(calls, split_by_identifier=True)
    assert [peer.file() for peer in server.sent] == [calls.read_bytes()]
    assert connect(server).upload(calls).adopted


@pytest.mark.parametrize("first", [True, False], ids=["split first", "whole first"])
def test_a_file_is_not_sent_again_cut_another_way(first, serve, connect, mixed):
    server = serve()
    connect(server).upload(mixed, split_by_identifier=first)
    arrived = len(server.sent)
    upload = connect(server).upload(mixed, split_by_identifier=not first)
    assert upload.adopted
    assert (len(server.sent), upload.rows_sent) == (arrived, 21)


@pytest.mark.parametrize("there", range(1, 7))
def test_a_run_that_died_between_kinds_is_completed(there, serve, connect, mixed):
    server = serve()
    connect(server).upload(mixed, split_by_identifier=True)
    del server.uploads[there:]
    with pytest.raises(UploadError, match=r"Say the same --part-bytes .* and --split-by-identifier as then"):
        connect(server).upload(mixed)
    upload = connect(server).upload(mixed, split_by_identifier=True)
    assert [part.adopted for part in upload.parts] == [True] * there + [False] * (7 - there)
    marks = [Fingerprint.read(str(one["comment"])) for one in server.uploads]
    assert sorted(mark.number for mark in marks) == [1, 2, 3, 4, 5, 6, 7]


def test_a_preview_names_the_kinds(serve, connect, mixed):
    server = serve()
    preview = connect(server).preview(mixed, split_by_identifier=True)
    assert (preview.to_send, preview.plan.rows, server.sent) == (7, 21, [])
    assert {part.identifiers: part.rows for part in preview.plan.parts} == dict.fromkeys(KINDS.values(), 3)


@pytest.mark.parametrize("apart", [False, True], ids=["in one file", "split"])
def test_rows_of_several_kinds_in_one_file_are_noticed_before_they_are_sent(apart, serve, connect, tmp_path):
    kinds = [",17,"] * 16 + [",,18"] * 7 + [",17,18"]
    path = write(tmp_path / "calls.csv", [(ids, "x") for ids in kinds])
    client, seen = connect(serve()), []
    previewed = client.preview(path, split_by_identifier=apart).earlier.notes
    sent = client.upload(path, split_by_identifier=apart, progress=seen.append).notes
    assert previewed == sent
    if apart:
        assert sent == ()
        return
    (told,) = sent
    assert told.startswith("16 rows carry a ClientId, 1 a ClientId with a Yclid, 7 a Yclid. Metrica's answer names one")
    assert "--split-by-identifier (split_by_identifier in Python)" in told
    states = [progress.state for progress in seen]
    assert states.index("noticed") < states.index("sending")
    assert client.upload(path).adopted
    assert "carry" not in "".join(client.preview(path).earlier.notes)


def test_one_kind_is_nothing_to_notice(serve, connect, tmp_path):
    path = write(tmp_path / "calls.csv", [('"",17,""', "x"), (",17,", "y")])
    assert connect(serve()).upload(path).notes == ()
    assert plan(path).kinds == ((("ClientId",), 2),)


def test_a_frame_is_split_as_its_csv(serve, connect):
    frame = pl.DataFrame({"ClientId": ["17", None], "UserId": [None, "u"], "DateTime": [START - 50, START - 40]})
    server = serve()
    upload = connect(server).upload(frame, split_by_identifier=True)
    assert [kind(records(peer.file())[1]) for peer in server.sent] == [("ClientId",), ("UserId",)]
    assert upload.rows_sent == 2


def test_types_that_differ_are_not_taken_for_one(serve, connect, mixed):
    def typed(peer, name) -> None:
        peer.read_body()
        peer.say(200, {"uploading": peer.server.store(peer, client_id_type=name)})

    names = ["CLIENT_ID", "YCLID", "USER_ID", "USER_ID", "USER_ID", "USER_ID", "YCLID"]
    server = serve(posts=[lambda peer, name=name: typed(peer, name) for name in names])
    upload = connect(server).upload(mixed, split_by_identifier=True)
    assert upload.client_id_type is None
    assert [part.client_id_type for part in upload.parts] == names
