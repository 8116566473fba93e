"""A file before it is sent: what it must be, that it stays what it was, and what happens where there is no room."""

import os
import subprocess
import sys

import pytest

from callframe.errors import CallframeError, ContractError, InputError, UploadError
from callframe.metrica import outgoing

from .matrix import row
from .wires import COUNTER, HEADER, PHONE, START, TOKEN, write_calls

ROW = f",17,,{START - 100},0,{PHONE},x\n"
REFUSED = {
    "a short row": (f",17,,{START - 100}\n", InputError, "line 22 of .*calls.csv has 4 cells, the header has 7"),
    "a short row with a quoted line end": (
        ROW.replace("x", '"a\nb"') + f",17,,{START - 100}\n",
        InputError,
        "line 24 of .*calls.csv has 4 cells, the header has 7",
    ),
    "an empty cell too many": (
        ROW.replace("\n", ",\n"),
        UploadError,
        "follows row [0-9]+ .* as many cells as the header",
    ),
    "a cell too many": (ROW.replace("\n", ",y\n"), UploadError, "follows row [0-9]+ .* as many cells as the header"),
    "a quote that is not closed": (ROW.replace("x", 'x "y'), UploadError, "a quote is not closed"),
    "a blank line": ("\n" + ROW, UploadError, "blank line after row"),
    "a time that is none": (ROW.replace(str(START - 100), "soon"), ContractError, "DateTime has 1 cells"),
    "no id": (ROW.replace("17", ""), ContractError, "1 of 21 rows break it"),
}
HEADERS = {
    "a space in the header": (HEADER.replace(",Tag", ", Tag"), ContractError, "no CSV in UTF-8 with commas"),
    "a column that is not the contract's": (HEADER.replace("Tag", "Note"), ContractError, "unknown column Note"),
    "a column twice": (HEADER.replace("Tag", "UserId"), ContractError, "unknown column UserId"),
    "ids without Yclid": (HEADER.replace("Yclid", "URL"), ContractError, "lacks Yclid"),
}


@pytest.mark.parametrize(("more", "error", "words"), [pytest.param(*case, id=name) for name, case in REFUSED.items()])
def test_a_row_that_could_be_read_another_way_is_not_sent(more, error, words, serve, connect, calls, watched):
    calls.write_text(calls.read_text() + more)
    server = serve()
    shown = watched(connect(server).upload, calls)
    assert type(shown.error) is error
    assert not hasattr(shown.error, "__notes__")
    with pytest.raises(error, match=words):
        raise shown.error
    assert server.seen == []


@pytest.mark.parametrize(("head", "error", "words"), [pytest.param(*case, id=name) for name, case in HEADERS.items()])
def test_a_header_goes_out_as_it_stands_so_it_must_be_right(head, error, words, serve, connect, calls):
    calls.write_text(calls.read_text().replace(HEADER, head))
    server = serve()
    with pytest.raises(error, match=words):
        connect(server).upload(calls)
    assert server.seen == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda path: path.open("a").write(ROW), id="grows"),
        pytest.param(lambda path: path.write_text(path.read_text().replace("x\n", "y\n")), id="is written anew"),
        pytest.param(lambda path: path.unlink(), id="goes"),
    ],
)
@pytest.mark.parametrize("split", [False, True], ids=["whole", "split"])
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_file_that_changes_while_it_is_looked_over_is_not_sent(change, split, serve, connect, calls, monkeypatch):
    usual = outgoing.check_csv

    def checked(path):
        rows = usual(path)
        change(path)
        return rows

    monkeypatch.setattr(outgoing, "check_csv", checked)
    server = serve()
    with pytest.raises(CallframeError) as error:
        connect(server).upload(calls, split_by_identifier=split)
    assert "so nothing was sent" in str(error.value) or "No such file" in str(error.value)
    assert server.seen == []


def test_a_file_that_two_readers_would_count_otherwise_is_not_sent(serve, connect, calls, monkeypatch):
    monkeypatch.setattr(outgoing, "check_csv", lambda path: 19)
    with pytest.raises(UploadError, match="can be read as 20 rows and as 19"):
        connect(serve()).upload(calls)


NO_ROOM = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
import polars as pl
from callframe.metrica import Metrica
source = pl.read_csv({calls!r}, schema_overrides=dict.fromkeys(("UserId", "ClientId", "Yclid", "Tag"), pl.String))
source = source if {frame} else {calls!r}
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    Metrica({counter}, base_url={url!r}).upload(source, split_by_identifier=True)
except Exception as error:
    print(error)
    sys.exit(error.exit_code)
"""


@row(51, "disk full while the file is made ready", "nothing was sent, no temporary file is left", 1)
@pytest.mark.parametrize("frame", [True, False], ids=["a frame", "a file that is split"])
def test_51_no_room_for_a_temporary_file(frame, serve, tmp_path, codes):
    pytest.importorskip("resource")
    calls = write_calls(tmp_path / "calls.csv", 2000)
    calls.write_text(calls.read_text() + ROW.replace(",17,,", "u,,,"))
    (tmp_path / "temporary").mkdir()
    server = serve()
    program = NO_ROOM.format(calls=str(calls), frame=frame, counter=COUNTER, url=server.base_url)
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"METRICA_TOKEN": TOKEN, "TMPDIR": str(tmp_path / "temporary")},
        capture_output=True,
        text=True,
    )
    codes.add(done.returncode)
    assert "can't be written" in done.stdout, done.stderr
    assert server.seen == []
    assert list((tmp_path / "temporary").iterdir()) == []
