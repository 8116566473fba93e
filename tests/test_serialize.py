"""Call rows become the bytes that Metrica takes and come back as they were; a file appears whole or not at all."""

import csv
import io
import os
import re
import shutil
import stat
import subprocess
import sys
import threading
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from callframe.contract import COLUMNS, DTYPES
from callframe.errors import ContractError, InputError, OutputError
from callframe.replacing import replacing, replacing_all
from callframe.serialize import append_csv, as_text, check_csv, read_csv, write_csv
from callframe.strategies import call_frames

HEADER = ",".join(COLUMNS)
TIME = 1_775_200_000
CALL = {"ClientId": "17", "DateTime": TIME}


def frame(*rows):
    """Call rows: an id, a time, and the cells given."""
    return pl.DataFrame([{**dict.fromkeys(COLUMNS), **CALL, **row} for row in rows], schema=DTYPES)


def written(calls):
    """The bytes of a file."""
    file = io.BytesIO()
    write_csv(calls, file)
    return file.getvalue()


def leftovers(folder):
    """What stands in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        pytest.param({}, f",17,,{TIME},,,,,,,,,,,", id="an id and a time"),
        pytest.param({"UserId": "u", "Yclid": "007"}, f"u,17,007,{TIME},,,,,,,,,,,", id="ids are text"),
        pytest.param(
            {"Price": Decimal("1500.50"), "Currency": "RUB"}, f",17,,{TIME},,1500.50,RUB,,,,,,,,", id="a price"
        ),
        pytest.param(
            {"Price": Decimal("100"), "Currency": "RUB"}, f",17,,{TIME},,100.00,RUB,,,,,,,,", id="a round price"
        ),
        pytest.param(
            {"Price": Decimal(0), "Currency": "RUB"}, f",17,,{TIME},,0.00,RUB,,,,,,,,", id="a price of nothing"
        ),
        pytest.param(
            {"Price": Decimal("0.000001"), "Currency": "RUB"},
            f",17,,{TIME},,0.000001,RUB,,,,,,,,",
            id="the lowest price",
        ),
        pytest.param(
            {"Price": Decimal("12345678901234567890.123456"), "Currency": "RUB"},
            f",17,,{TIME},,12345678901234567890.123456,RUB,,,,,,,,",
            id="a price past a float",
        ),
        pytest.param({"PhoneNumber": "+79123456789"}, f",17,,{TIME},,,,+79123456789,,,,,,,", id="a phone"),
        pytest.param({"Tag": 'a,"b";c\nd'}, f',17,,{TIME},,,,,,,,"a,""b"";c\nd",,,', id="a tag to quote"),
        pytest.param({"Tag": " a "}, f",17,,{TIME},,,,,,,, a ,,,", id="space stays"),
        pytest.param({"CallMissed": 0, "TalkDuration": 0}, f",17,,{TIME},,,,,0,,0,,,,", id="zeros are not nothing"),
    ],
)
def test_the_bytes_of_a_row(cells, line):
    assert written(frame(cells)) == f"{HEADER}\n{line}\n".encode()


def test_a_frame_without_rows_is_a_header():
    assert written(frame()) == f"{HEADER}\n".encode()
    assert_frame_equal(read_csv(io.BytesIO(f"{HEADER}\n".encode())), frame())


def test_columns_in_any_order_and_row_numbers_are_fine():
    calls = frame({"Tag": "x"})

    assert written(calls.select(reversed(COLUMNS)).with_columns(source_row=7)) == written(calls)
    assert written(pl.DataFrame([CALL])) == written(frame({}))


@given(call_frames())
def test_what_is_written_is_read_as_it_was(calls):
    data = written(calls)

    assert_frame_equal(read_csv(io.BytesIO(data)), calls)
    assert written(read_csv(io.BytesIO(data))) == data


@given(call_frames())
def test_every_cell_is_its_text(calls):
    records = list(csv.reader(io.StringIO(written(calls).decode(), newline=""), strict=True))

    assert records[0] == list(COLUMNS)
    assert records[1:] == [["" if cell is None else str(cell) for cell in row] for row in as_text(calls).rows()]
    texts = [record[COLUMNS.index("Price")] for record in records[1:]]
    for price, text in zip(calls["Price"], texts, strict=True):
        assert re.fullmatch("" if price is None else r"[0-9]+\.[0-9]{2}(?:[0-9]{2,4})?", text)
        assert price is None or Decimal(text) == price


@given(call_frames(), st.integers(1, 8))
def test_a_file_written_in_pieces_is_the_file_written_whole(calls, size):
    pieces = [calls.slice(start, size) for start in range(0, max(calls.height, 1), size)]
    file = io.BytesIO()
    for number, piece in enumerate(pieces):
        append_csv(piece, file, header=number == 0)

    assert file.getvalue() == written(calls)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ClientId,DateTime\r\n17,1775200000\r\n", frame({}), id="CRLF"),
        pytest.param("\ufeffClientId,DateTime\n17,1775200000\n", frame({}), id="BOM"),
        pytest.param("DateTime;ClientId\n1775200000;17\n", frame({}), id="semicolons, another order"),
        pytest.param('"ClientId","DateTime"\n"17","1775200000"\n', frame({}), id="all quoted"),
        pytest.param('ClientId,DateTime,Tag\n17,1775200000,""\n', frame({}), id="quoted nothing"),
        pytest.param(
            "ClientId,DateTime,Price,Currency\n17,1775200000,1.50,RUB\n",
            frame({"Price": Decimal("1.5"), "Currency": "RUB"}),
            id="a price with a zero",
        ),
        pytest.param("ClientId,DateTime\n", frame(), id="no rows"),
    ],
)
def test_files_like_ours_are_read(text, expected):
    assert_frame_equal(read_csv(io.BytesIO(text.encode())), expected)


WRITE = "Write it with callframe convert."
ROWS = "callframe.enforce says which rows."


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        pytest.param("", InputError, "read: the input is empty. Export it again.", id="empty"),
        pytest.param(
            "ClientId,DateTime\n17\n",
            InputError,
            "read: line 2 of the input has 1 cell, the header has 2. Quote the cell that holds a separator, or mend the line.",
            id="short row",
        ),
        pytest.param(
            "Clientid,DateTime\n17,1\n",
            ContractError,
            f"contract: unknown column Clientid. A call row has {', '.join(COLUMNS)}. Did you mean 'ClientId'?",
            id="unknown column",
        ),
        pytest.param(
            "ClientId,ClientId,DateTime\n17,18,1\n",
            ContractError,
            f"contract: unknown column ClientId (2). A call row has {', '.join(COLUMNS)}. Did you mean 'ClientId'?",
            id="a column twice",
        ),
        pytest.param(
            "ClientId\n17\n",
            ContractError,
            "contract: a call row needs DateTime and one of UserId, ClientId, Yclid; the frame has ClientId.",
            id="no time",
        ),
        pytest.param(
            "ClientId,DateTime\n17,03.04.2026\n18,1\n",
            ContractError,
            f"contract: DateTime has 1 cells that are not Int64. {WRITE}",
            id="a date for a time",
        ),
        pytest.param(
            'ClientId,DateTime,Price,Currency\n17,1,1.1234567,RUB\n18,1,"1,5",RUB\n19,1,1e3,RUB\n',
            ContractError,
            f"contract: Price has 3 cells that are not Decimal(precision=38, scale=6). {WRITE}",
            id="prices that would be rounded or guessed",
        ),
        pytest.param(
            "ClientId,DateTime,CallMissed\n17,1,2\nx,1,0\n",
            ContractError,
            "contract: 2 of 2 rows break it. CallMissed, 1 rows: A flag is 0 or 1; ClientId, 1 rows: "
            f"An id that Yandex gave is 1 to 20 digits. {ROWS}",
            id="broken rules",
        ),
    ],
)
def test_files_unlike_ours_are_refused(text, error, sentence):
    with pytest.raises(error) as caught:
        read_csv(io.BytesIO(text.encode()))

    assert str(caught.value) == sentence


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        read_csv(tmp_path / "calls.csv")


def test_a_name_that_looks_like_a_pattern_is_a_name(tmp_path):
    write_csv(frame({"Tag": "meant"}), tmp_path / "[x]*.csv")
    write_csv(frame({"Tag": "another"}), tmp_path / "x1.csv")

    assert read_csv(tmp_path / "[x]*.csv")["Tag"].to_list() == ["meant"]
    assert check_csv(tmp_path / "[x]*.csv") == 1


@pytest.mark.parametrize("lazy", [False, True], ids=["eager", "lazy"])
def test_nothing_is_written_of_a_frame_that_breaks_the_contract(tmp_path, lazy):
    path = tmp_path / "calls.csv"
    path.write_bytes(b"before")
    calls = frame({}, {"ClientId": "x"}, {"ClientId": "y", "CallMissed": 2})

    with pytest.raises(ContractError, match=r"^contract: 2 of 3 rows break it\. ClientId, 2 rows: An id "):
        write_csv(calls.lazy() if lazy else calls, path)

    assert path.read_bytes() == b"before"
    assert leftovers(tmp_path) == ["calls.csv"]


def test_a_file_that_is_there_is_replaced_only_when_told(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_bytes(b"before")

    with pytest.raises(OutputError) as caught:
        write_csv(frame({}), path, overwrite=False)
    assert str(caught.value) == (
        f"write: {path} is there already. Say --force to replace it (overwrite=True in Python)."
    )
    assert path.read_bytes() == b"before"

    write_csv(frame({}), str(path))
    assert path.read_bytes() == written(frame({}))
    assert leftovers(tmp_path) == ["calls.csv"]


def test_a_file_that_appears_meanwhile_is_not_replaced(tmp_path):
    path = tmp_path / "calls.csv"

    def work():
        with replacing(path, overwrite=False) as file:
            file.write(b"ours")
            path.write_bytes(b"theirs")

    with pytest.raises(OutputError, match="is there already"):
        work()
    assert path.read_bytes() == b"theirs"
    assert leftovers(tmp_path) == ["calls.csv"]


def test_readers_see_the_old_file_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_bytes(b"before")

    with replacing(path) as file:
        file.write(b"after")
        file.flush()
        assert path.read_bytes() == b"before"
        assert len(leftovers(tmp_path)) == 2

    assert path.read_bytes() == b"after"
    assert leftovers(tmp_path) == ["calls.csv"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, OSError], ids=["fault", "ctrl-c", "another's fault"])
@pytest.mark.parametrize("before", [None, b"before"], ids=["new", "there"])
def test_nothing_is_left_behind_when_the_work_fails(tmp_path, error, before):
    path = tmp_path / "calls.csv"
    if before:
        path.write_bytes(before)

    def work():
        with replacing(path) as file:
            file.write(b"half")
            raise error("elsewhere")

    with pytest.raises(error) as caught:
        work()
    assert not isinstance(caught.value, OutputError)
    assert leftovers(tmp_path) == (["calls.csv"] if before else [])
    assert not before or path.read_bytes() == before


@pytest.fixture
def umask():
    """Set the umask for one test."""
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)], ids=oct)
def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path, umask, mask, mode):
    umask(mask)
    write_csv(frame({}), tmp_path / "calls.csv")

    assert stat.S_IMODE((tmp_path / "calls.csv").stat().st_mode) == mode


def test_a_file_that_is_replaced_hands_on_its_permissions(tmp_path, umask):
    umask(0o022)
    path = tmp_path / "calls.csv"
    path.write_bytes(b"before")
    path.chmod(0o600)
    write_csv(frame({}), path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_umask_is_never_touched(tmp_path, monkeypatch):
    """It is the process's: another thread's new file would be open to everybody."""
    monkeypatch.setattr(os, "umask", None)
    write_csv(frame({}), tmp_path / "calls.csv")


def test_a_link_is_followed(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "calls.csv").write_bytes(b"before")
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "real" / "calls.csv")
    write_csv(frame({}), link)

    assert link.is_symlink()
    assert (tmp_path / "real" / "calls.csv").read_bytes() == written(frame({}))


@pytest.fixture
def device(tmp_path):
    """A device of our own, by its number under Linux: a fault of ours must not harm the machine's."""

    def make(minor):
        path = tmp_path / "device"
        try:
            os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, minor))
            path.write_bytes(b"")
        except OSError as error:
            pytest.skip(f"no device can be made here: {error}")
        return path

    return make


def test_a_device_is_written_to_and_stays_one(device):
    null = device(3)
    write_csv(frame({}), null, overwrite=False)

    assert null.is_char_device()


def test_a_pipe_is_written_to(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write_csv(frame({}), pipe, overwrite=False)
    reader.join()

    assert got == [written(frame({}))]
    assert leftovers(tmp_path) == ["pipe"]


LONG = "x" * 250 + ".csv"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        pytest.param("file/calls.csv", "Not a directory", id="below a file"),
        pytest.param("nowhere/calls.csv", "No such file or directory", id="in no folder"),
        pytest.param("y" * 300, "File name too long", id="a name too long"),
        pytest.param("a\0b", "embedded null byte", id="no name at all"),
    ],
)
def test_a_place_that_cannot_be_written(tmp_path, name, why):
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(OutputError) as caught:
        write_csv(frame({}), tmp_path / name)
    assert str(caught.value) == (
        f"write: {tmp_path / name} can't be written: {why}. Nothing there has changed; choose another place."
    )
    assert leftovers(tmp_path) == ["file"]


def test_a_folder_without_permission():
    with pytest.raises(OutputError, match=r"^write: /proc/calls\.csv can't be written: "):
        write_csv(frame({}), "/proc/calls.csv")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(OutputError) as caught:
        write_csv(frame({}), tmp_path)
    assert str(caught.value) == f"write: {tmp_path} is a folder. Name a file in it."


def test_a_name_as_long_as_names_may_be(tmp_path):
    write_csv(frame({}), tmp_path / LONG)

    assert leftovers(tmp_path) == [LONG]


@pytest.mark.parametrize("rows", [1, 20_000], ids=["at the end", "on the way"])
def test_a_full_device(device, rows):
    full = device(7)

    with pytest.raises(OutputError) as caught:
        write_csv(pl.concat([frame({"Tag": "x" * 50})] * rows), full)
    assert str(caught.value) == (
        f"write: {full} can't be written: No space left on device. Nothing there has changed; choose another place."
    )
    assert full.is_char_device()


@pytest.fixture
def tiny(tmp_path):
    """A disk of 64 KiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no disk can be mounted here: {error}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk(tiny):
    path = tiny / "calls.csv"
    write_csv(frame({}), path)
    calls = pl.concat([frame({"Tag": "x" * 50})] * 20_000)

    with pytest.raises(OutputError, match=r"can't be written: No space left on device\. Nothing there has changed"):
        write_csv(calls, path)

    assert path.read_bytes() == written(frame({}))
    assert leftovers(tiny) == ["calls.csv"]


@pytest.mark.parametrize("inner", ["fine.csv", "disk/full.csv"], ids=["the outer is full", "the inner is full"])
def test_of_two_files_the_one_that_is_full_is_named(tmp_path, tiny, inner):
    outer = "disk/full.csv" if inner == "fine.csv" else "fine.csv"

    def work():
        with replacing(tmp_path / outer) as one, replacing(tmp_path / inner) as other:
            for file in (one, other):
                file.write(b"x" * 40_000)
            pl.DataFrame({"x": ["y" * 100] * 3_000}).write_csv(one if inner == "fine.csv" else other)

    with pytest.raises(OutputError, match=r"full\.csv can't be written: No space left"):
        work()
    assert leftovers(tmp_path) == ["disk"]
    assert leftovers(tiny) == []


LIMITED = """
import resource, signal, sys
import polars as pl
from callframe.errors import OutputError
from callframe.serialize import write_csv
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
calls = pl.DataFrame({"ClientId": ["17"] * 50_000, "DateTime": [1775200000] * 50_000})
try:
    write_csv(calls, sys.argv[1])
except OutputError as error:
    print(error)
"""


def test_a_limit_on_the_size_of_files(tmp_path):
    path = tmp_path / "calls.csv"
    done = subprocess.run([sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, check=True)

    assert (
        done.stdout
        == f"write: {path} can't be written: File too large. Nothing there has changed; choose another place.\n"
    )
    assert leftovers(tmp_path) == []


def test_a_folder_that_goes_away(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()

    def work():
        with replacing(folder / "calls.csv") as file:
            file.write(b"x")
            shutil.rmtree(folder)

    with pytest.raises(OutputError, match=r"calls\.csv can't be written: No such file or directory"):
        work()


@pytest.mark.parametrize("trouble", ["there", "gone", "folder"])
def test_of_several_files_all_appear_or_none(tmp_path, trouble):
    """Whatever happens to the place of one of them meanwhile: a file appears there, or a folder, or its folder goes."""
    first, last = tmp_path / "first.csv", tmp_path / "folder" / "last.csv"
    last.parent.mkdir()
    first.write_bytes(b"before")

    def work():
        with replacing_all([first, last], overwrite=trouble != "there") as files:
            for file in files:
                file.write(b"after")
            if trouble == "there":
                last.write_bytes(b"theirs")
            elif trouble == "folder":
                last.mkdir()
            else:
                shutil.rmtree(last.parent)

    if trouble == "there":
        first.unlink()
    with pytest.raises(OutputError, match=r"last\.csv"):
        work()
    assert [path.read_bytes() for path in tmp_path.glob("*.csv")] == ([] if trouble == "there" else [b"before"])
    assert not [name for name in leftovers(tmp_path) if name.startswith(".")]


def test_a_file_that_cannot_be_begun_leaves_none(tmp_path):
    def work():
        with replacing_all([tmp_path / "first.csv", tmp_path]):
            pass

    with pytest.raises(OutputError, match="is a folder"):
        work()
    assert leftovers(tmp_path) == []


def test_files_that_were_renamed_before_a_failure_are_named(tmp_path, monkeypatch):
    first, last = tmp_path / "first.csv", tmp_path / "last.csv"
    rename = Path.replace

    def fails_for_the_last(self, target):
        if target == last:
            raise OSError(30, "Read-only file system")
        return rename(self, target)

    def work():
        with replacing_all([first, last]) as files:
            monkeypatch.setattr(Path, "replace", fails_for_the_last)
            for file in files:
                file.write(b"after")

    with pytest.raises(
        OutputError, match=r"last\.csv can't be written: Read-only .*These are in their places already: .*first\.csv\.$"
    ):
        work()
    assert leftovers(tmp_path) == ["first.csv"]


def test_a_relative_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_csv(frame({}), Path("calls.csv"))

    assert leftovers(tmp_path) == ["calls.csv"]


@given(calls=call_frames(min_rows=1, max_rows=5))
def test_checking_a_file_counts_its_rows(tmp_path_factory, calls):
    path = tmp_path_factory.getbasetemp() / "checked.csv"
    write_csv(calls, path)

    assert check_csv(path) == calls.height
