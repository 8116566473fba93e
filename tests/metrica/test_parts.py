"""Cutting a file: laws that hold for every file, and files that are not sent."""

import csv
import hashlib
import io
import itertools
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from callframe.errors import UploadError
from callframe.metrica import Plan, parts, plan
from callframe.metrica.body import Body, Changed, Stopped
from callframe.metrica.identity import Fingerprint, digest

from .wires import write_calls

CELLS = st.text(st.sampled_from('ab",\n\r цé;'), max_size=12)
ROWS = st.lists(st.tuples(CELLS, CELLS, st.integers(1, 10**10 - 1)), min_size=1, max_size=30)
ENDS = st.sampled_from(["\n", "\r\n"])


def as_csv(rows, end: str, *, open_end: bool = False) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(["ClientId", "Tag", "DateTime"])
    writer.writerows(rows)
    text = out.getvalue()
    return (text.removesuffix(end) if open_end else text).encode()


def records(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def contents(planned: Plan) -> list[bytes]:
    data = planned.path.read_bytes()
    return [part.header + data[part.start : part.start + part.length] for part in planned.parts]


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("laws") / "calls.csv"


@given(rows=ROWS, end=ENDS, open_end=st.booleans(), room=st.integers(60, 400), block=st.sampled_from([7, 64, 2**20]))
@settings(max_examples=150, deadline=None)
def test_the_laws_of_cutting(path, rows, end, open_end, room, block):
    path.write_bytes(as_csv(rows, end, open_end=open_end))
    whole = records(path.read_bytes())
    assume(len(whole) == len(rows) + 1)
    longest = max(len(as_csv([row], end)) for row in rows)
    assume(longest <= room)
    usual, parts._BLOCK = parts._BLOCK, 2**20
    try:
        planned = plan(path, room)
        parts._BLOCK = max(block, 30)
        assert plan(path, room) == planned
    finally:
        parts._BLOCK = usual
    files = contents(planned)
    assert all(len(file) <= room for file in files)
    assert [row for file in files for row in records(file)[1:]] == whole[1:]
    assert [part.rows for part in planned.parts] == [len(records(file)) - 1 for file in files]
    assert planned.rows == len(rows)
    header = files[0][: len(planned.parts[0].header)]
    assert header + b"".join(file[len(header) :] for file in files) == path.read_bytes()
    for number, (part, file) in enumerate(zip(planned.parts, files, strict=True), start=1):
        assert part.sha256 == hashlib.sha256(file).digest()
        assert part.mark.part == digest(part.sha256)
        assert part.mark.whole == digest(hashlib.sha256(path.read_bytes()).digest())
        assert (part.mark.number, part.mark.count, part.mark.rows) == (number, len(files), part.rows)
        assert (part.mark.first, part.mark.last) == (min(row[2] for row in rows), max(row[2] for row in rows))
        assert Fingerprint.read(part.mark.text) == part.mark
        assert len(part.mark.text) == 95


@given(st.lists(st.integers(1, 400), min_size=1, max_size=60), st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_a_body_is_the_same_bytes_however_it_is_read(path, sizes, rows):
    write_calls(path, rows)
    part = plan(path).parts[0]
    with path.open("rb") as file:
        whole = Body(file, part, boundary="same").read()
        body = Body(file, part, boundary="same")
        got = bytearray()
        for size in itertools.cycle(sizes):
            assert body.sent == len(got)
            piece = body.read(size)
            assert len(piece) <= size
            got += piece
            if not piece:
                break
    assert bytes(got) == whole
    assert len(body) == len(whole)
    assert body.complete
    assert body.read() == b""
    assert whole.startswith(b'--same\r\nContent-Disposition: form-data; name="file"; filename="calls.csv"\r\n')
    assert whole.endswith(b"\r\n--same--\r\n")
    assert whole.split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n--same--\r\n") == path.read_bytes()


def test_the_closing_boundary_leaves_last_and_alone(path):
    write_calls(path, 3)
    with path.open("rb") as file:
        body = Body(file, plan(path).parts[0])
        pieces = list(iter(lambda: body.read(2**20), b""))
    assert pieces[-1] == f"\r\n--{body.boundary}--\r\n".encode()
    assert len(body.boundary) > 40
    assert body.boundary != Body(io.BytesIO(), plan(path).parts[0]).boundary


def test_a_body_that_was_stopped_hands_out_nothing_more(path):
    write_calls(path, 3)
    with path.open("rb") as file:
        body = Body(file, plan(path).parts[0])
        body.read(10)
        body.stop()
        with pytest.raises(Stopped):
            body.read(10)
    assert body.sent == 10


def test_a_body_without_its_bytes_is_not_closed(path):
    write_calls(path, 3)
    part = plan(path).parts[0]
    path.write_bytes(path.read_bytes().replace(b",x\n", b",y\n"))
    with path.open("rb") as file, pytest.raises(Changed):
        Body(file, part).read()


def test_a_part_holds_as_many_rows_as_fit(tmp_path):
    calls = write_calls(tmp_path / "calls.csv", 25)
    row = len(b",1000000000000000000,,1759910000,0,+79123456789,x\n")
    header = len(plan(calls).parts[0].header)
    assert [part.rows for part in plan(calls, header + 10 * row).parts] == [10, 10, 5]
    assert [part.rows for part in plan(calls, header + 10 * row - 1).parts] == [9, 9, 7]
    assert len(plan(calls, header + 25 * row).parts) == 1


HEADER = b"ClientId,DateTime,Tag\n"
ROW = b"17,1760000000,x\n"
UNSENDABLE = {
    "byte order mark": (b"\xef\xbb\xbf" + HEADER + ROW, "byte order mark"),
    "semicolons": ((HEADER + ROW).replace(b",", b";"), "first line does not name DateTime"),
    "no header": (ROW, "first line does not name DateTime"),
    "no id column": (b"DateTime,Tag\n1760000000,x\n", "one of UserId, ClientId, Yclid"),
    "empty": (b"", "first line does not name DateTime"),
    "open quote": (HEADER + b'17,1760000000,"x\n' + ROW, "a quote is not closed"),
    "blank line": (HEADER + ROW + b"\n" + ROW, "blank line after row 0"),
    "blank line at the end": (HEADER + ROW + b"\r\n", "blank line"),
    "cp1251": (HEADER + "17,1760000000,да\n".encode("cp1251"), "can't be read as CSV in UTF-8"),
}


@pytest.mark.parametrize(("data", "words"), [pytest.param(*case, id=name) for name, case in UNSENDABLE.items()])
def test_files_that_are_not_sent(data, words, tmp_path):
    (tmp_path / "calls.csv").write_bytes(data)
    with pytest.raises(UploadError, match=words) as error:
        plan(tmp_path / "calls.csv")
    assert "calls.csv was not sent" in str(error.value)
    assert error.value.__context__ is None


def test_a_row_larger_than_a_part_is_named_by_its_number(tmp_path):
    calls = tmp_path / "calls.csv"
    calls.write_bytes(HEADER + 3 * ROW + b"17,1760000000," + b"x" * 100 + b"\n")
    with pytest.raises(UploadError, match="row 4 is larger than a part"):
        plan(calls, 100)


def test_a_quote_that_nobody_closes_is_found_in_bounded_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "LONGEST_ROW", 10_000)
    monkeypatch.setattr(parts, "_BLOCK", 1000)
    calls = tmp_path / "calls.csv"
    calls.write_bytes(HEADER + b'17,1,"' + ROW * 5000)
    with pytest.raises(UploadError, match="quote is not closed"):
        plan(calls)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(UploadError, match="there is no such file"):
        plan(tmp_path / "calls.csv")


def test_times_that_can_not_be_read_leave_the_span_open(tmp_path):
    calls = tmp_path / "calls.csv"
    calls.write_bytes(HEADER + b"17,soon,x\n17,,x\n17,0,x\n17,99999999999,x\n")
    mark = plan(calls).parts[0].mark
    assert (mark.first, mark.last, mark.rows) == (0, 0, 4)
    assert not mark.overlaps(mark.again(1))
