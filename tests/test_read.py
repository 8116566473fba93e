"""Any file or frame becomes text, cell for cell; a source that can't be read gets one sentence."""

import csv
import datetime as dt
import decimal
import io
import os
import re
import threading

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from callframe.errors import InputError, OptionError
from callframe.read import SOURCE_ROW, FileOptions, opened, read
from callframe.read.frames import unique
from callframe.read.tables import Table

CALL = "номер;дата\n8 (495) 123-45-67;03.04.2026 9:05\n"


def table_of(frame):
    """Column names without `source_row`, then the rows of cells."""
    assert frame.columns[0] == SOURCE_ROW
    assert frame[SOURCE_ROW].dtype == pl.Int64
    assert all(dtype == pl.String for dtype in frame.dtypes[1:])
    return [tuple(frame.columns[1:]), *(row[1:] for row in frame.rows())]


AB, ROW = ("a", "b"), ("1", "2")


@pytest.mark.parametrize(
    ("data", "options", "expected"),
    [
        pytest.param(b"a;b\n1;2\n", {}, [AB, ROW], id="semicolon"),
        pytest.param(b"a,b\n1,2\n", {}, [AB, ROW], id="comma"),
        pytest.param(b"a\tb\n1\t2\n", {}, [AB, ROW], id="tab"),
        pytest.param(b"a|b\n1|2\n", {}, [AB, ROW], id="bar"),
        pytest.param(b"a!b\n1!2\n", {"separator": "!"}, [AB, ROW], id="a stated separator"),
        pytest.param(b"a^b]\n1^2]\n", {"separator": "^"}, [("a", "b]"), ("1", "2]")], id="a separator that means more"),
        pytest.param(b"a b\n1 2\n  \n", {"separator": " "}, [AB, ROW, (None, None)], id="a space as separator"),
        pytest.param(b"a;b\n1,5;2,5\n", {}, [AB, ("1,5", "2,5")], id="decimal commas"),
        pytest.param(b"a\n1,2\n", {}, [("a",), ("1,2",)], id="one column"),
        pytest.param(b"sep=;\r\na;b\r\n1;2\r\n", {}, [AB, ROW], id="a spreadsheet's line that names the separator"),
        pytest.param("sep=¦\na¦b\n1¦2\n".encode(), {}, [AB, ROW], id="that line names a sign outside of ASCII"),
        pytest.param(b"sep=,\na;b,c\n1;2,3\n", {}, [("a;b", "c"), ("1;2", "3")], id="that line decides"),
        pytest.param(b"\xef\xbb\xbfa;b\n1;2\n", {}, [AB, ROW], id="BOM"),
        pytest.param(b'\xef\xbb\xbf"a";"b"\n"1";"2"\n', {}, [AB, ROW], id="BOM and quotes"),
        pytest.param(b"\xef\xbb\xbf1;2\n", {"header": False}, [("column 1", "column 2"), ROW], id="BOM, no header"),
        pytest.param(b'\xef\xbb\xbf"1;2"\n', {"header": False}, [("column 1",), ("1;2",)], id="BOM, quotes, no header"),
        pytest.param("\ufeff\ufeffa;b\n1;2\n".encode(), {}, [AB, ROW], id="two BOMs"),
        pytest.param("a;b\n1;\ufeff2\n".encode(), {}, [AB, ("1", "\ufeff2")], id="BOM inside"),
        pytest.param("a;b\n\ufeff1;2\n".encode(), {}, [AB, ("\ufeff1", "2")], id="BOM before the first row"),
        pytest.param(b"a;b\r\n1;2\r\n", {}, [AB, ROW], id="CRLF"),
        pytest.param(b"a;b\r1;2\r", {}, [AB, ROW], id="CR alone"),
        pytest.param(b"a;b\r\n1;2\n3;4\r\n", {}, [AB, ROW, ("3", "4")], id="line ends mixed"),
        pytest.param(b"a;b\n1;2", {}, [AB, ROW], id="no line end at the end"),
        pytest.param(b'a;b\n"x""y";"p;q"\n', {}, [AB, ('x"y', "p;q")], id="quoted quotes and separators"),
        pytest.param(b'a;b\n"l\nm";2\n', {}, [AB, ("l\nm", "2")], id="quoted line end"),
        pytest.param(b'a;b\r\n"l\r\nm";2\r\n', {}, [AB, ("l\r\nm", "2")], id="quoted CRLF"),
        pytest.param(b'"a\nx";b\n1;2\n', {}, [("a\nx", "b"), ROW], id="line end in a name"),
        pytest.param(b'"a\rx";b\n1;2\n', {}, [("a\rx", "b"), ROW], id="CR in a name"),
        pytest.param(b'a;b\n1;x"y\n2;z\n', {}, [AB, ("1", 'x"y'), ("2", "z")], id="lone quote"),
        pytest.param(b'a;b\n1;5"\n2;7"\n3;k\n', {}, [AB, ("1", '5"'), ("2", '7"'), ("3", "k")], id="inches"),
        pytest.param(b'a\nx"y\nz"w\n', {}, [("a",), ('x"y',), ('z"w',)], id="lone quotes two lines apart"),
        pytest.param(b"a;b\n1;2\x00x\n", {}, [AB, ("1", "2\x00x")], id="NUL"),
        pytest.param(b'a;b\n"";2\n1;""\n', {}, [AB, (None, "2"), ("1", None)], id="quoted nothing is nothing"),
        pytest.param(b"a;b\n 1 ;2\n", {}, [AB, (" 1 ", "2")], id="space stays"),
        pytest.param(b"a;b\n1;2\n\n3;4\n", {}, [AB, ROW, (None, None), ("3", "4")], id="blank line"),
        pytest.param(b"a;b\n\n1;2\n", {}, [AB, (None, None), ROW], id="blank line first"),
        pytest.param(b"a;b\n  \n1;2\n", {}, [AB, ("  ", None), ROW], id="line of spaces first"),
        pytest.param(b"a;b\n1;2\n   \n", {}, [AB, ROW, ("   ", None)], id="line of spaces"),
        pytest.param(b"a\tb\n1\t2\n\t\t\t\n", {}, [AB, ROW, (None, None)], id="line of tabs"),
        pytest.param(b"a\n1\n\n3\n", {}, [("a",), ("1",), (None,), ("3",)], id="blank line in one column"),
        pytest.param(b"\n\na;b\n1;2\n", {}, [AB, ROW], id="blank lines above the header"),
        pytest.param(b";\na;b\n1;2\n", {}, [AB, ROW], id="a row of nothing above the header"),
        pytest.param(
            b"a;b;c\n1;2;\n3;4;\n", {}, [("a", "b", "c"), (*ROW, None), ("3", "4", None)], id="last column empty"
        ),
        pytest.param(b"a;b\n1;2;\n3;4;\n", {}, [AB, ROW, ("3", "4")], id="a trailing separator in every row"),
        pytest.param(b"a;b\n1;2;\n3;4\n", {}, [AB, ROW, ("3", "4")], id="a trailing separator in some rows"),
        pytest.param(b"a;b\n1;2;; ;\n", {}, [AB, ROW], id="trailing separators"),
        pytest.param(b"a;b;\n1;2;\n", {}, [(*AB, "column 3"), (*ROW, None)], id="a trailing separator everywhere"),
        pytest.param(b"a;b;\n1;2\n", {}, [(*AB, "column 3"), (*ROW, None)], id="a trailing separator in the header"),
        pytest.param(b"a;b;\n1;2;3\n", {}, [(*AB, "column 3"), (*ROW, "3")], id="a column without a name"),
        pytest.param(
            b"a;a;;\n1;2;3;4\n", {}, [("a", "a (2)", "column 3", "column 4"), tuple("1234")], id="names twice"
        ),
        pytest.param(
            b"a;a (2);a\n1;2;3\n", {}, [("a", "a (2)", "a (3)"), tuple("123")], id="a name that was made twice"
        ),
        pytest.param(b"a (2);a;a\n1;2;3\n", {}, [("a (2)", "a", "a (3)"), tuple("123")], id="a made name before"),
        pytest.param(b"source_row;b\n7;2\n", {}, [("source_row (2)", "b"), ("7", "2")], id="a column named source_row"),
        pytest.param(b" a ;b\n1;2\n", {}, [AB, ROW], id="space around a name"),
        pytest.param(
            b"1;2\n", {"header": False, "columns": ["x"]}, [("x", "column 2"), ROW], id="stated names, too few"
        ),
        pytest.param(
            b"1;2\n", {"header": False, "columns": list("xyz")}, [("x", "y"), ROW], id="stated names, too many"
        ),
        pytest.param(b"title\n\na;b\n1;2\n", {"header": 3}, [AB, ROW], id="header in line 3"),
        pytest.param(b'"ti\ntle";x\na;b\n1;2\n', {"header": 3}, [AB, ROW], id="lines above the header are lines"),
        pytest.param(CALL.encode("cp1251"), {"encoding": "cp1251"}, None, id="cp1251"),
        pytest.param(CALL.encode("utf-16"), {}, None, id="UTF-16 with its mark"),
        pytest.param(CALL.encode("utf-16-le"), {"encoding": "utf-16-le"}, None, id="UTF-16 without its mark"),
        pytest.param(CALL.encode("utf-32"), {}, None, id="UTF-32 with its mark"),
        pytest.param(CALL.encode("utf-8-sig"), {"encoding": "cp1251"}, None, id="a mark wins over a stated encoding"),
        pytest.param(b"a;b\n1;" + b"x" * 200_000 + b"\n", {}, [AB, ("1", "x" * 200_000)], id="a huge cell"),
        pytest.param(
            b'a;b\n1;"\n' + b"x" * 200_000 + b'"\n', {}, [AB, ("1", "\n" + "x" * 200_000)], id="a huge quoted cell"
        ),
        pytest.param(b"a;b" + b"\n;" * 70 + b"\n1;2", {}, [AB, *[(None, None)] * 70, ROW], id="70 empty rows first"),
    ],
)
def test_bytes_become_cells(data, options, expected):
    frame = read(io.BytesIO(data), **options)

    assert table_of(frame) == (expected or [("номер", "дата"), ("8 (495) 123-45-67", "03.04.2026 9:05")])
    assert frame[SOURCE_ROW].to_list() == list(range(1, frame.height + 1))


MEND = "Quote the cell that holds a separator, or mend the line."


def below(line):
    return f"{MEND} If the column names stand further down, say so: --header {line}, or header = {line} under [file] in a mapping file."


OTHER_ENCODING = (
    "is in another encoding than the rest: one is utf-8, the other is not. "
    "Write the file anew in one encoding; if it was cut off there, export it again."
)
LEAVE_OUT = "Leave the encoding out (--encoding, encoding=), and it is seen from the file."


@pytest.mark.parametrize(
    ("data", "options", "sentence"),
    [
        pytest.param(b"", {}, "f.csv is empty. Export it again.", id="empty"),
        pytest.param(b" \n \r\n", {}, "f.csv is empty. Export it again.", id="blank"),
        pytest.param(b"\xef\xbb\xbf", {}, "f.csv is empty. Export it again.", id="a mark alone"),
        pytest.param("\ufeff\n".encode("utf-16-le"), {}, "f.csv is empty. Export it again.", id="a UTF-16 mark alone"),
        pytest.param(
            b"a;b\n",
            {},
            "f.csv has a header (a, b) and no rows. Export a period that has calls in it.",
            id="header only",
        ),
        pytest.param(
            b"a;b\n\n;\n",
            {},
            "f.csv has a header (a, b) and no rows. Export a period that has calls in it.",
            id="no cell",
        ),
        pytest.param(
            b"a;b\n1;2\n",
            {"separator": ","},
            "f.csv has one column when cut at ',', more at ';'. Say --separator ';', or leave it out.",
            id="wrong separator",
        ),
        pytest.param(
            b"a;b;c\n1;2;3\n1;2\n", {}, f"line 3 of f.csv has 2 cells, the header has 3. {MEND}", id="short row"
        ),
        pytest.param(b"a;b\n1;2\n3\n", {}, f"line 3 of f.csv has 1 cell, the header has 2. {MEND}", id="one cell"),
        pytest.param(
            b"a;b\n1;2\n3;4;5\n", {}, f"line 3 of f.csv has 3 cells, the header has 2. {below(3)}", id="long row"
        ),
        pytest.param(
            b'a;b\n"1\n1";2\n3;4;5\n',
            {},
            f"line 4 of f.csv has 3 cells, the header has 2. {below(4)}",
            id="below a long cell",
        ),
        pytest.param(
            b"t\na;b\n1;2;3\n",
            {"header": 2},
            f"line 3 of f.csv has 3 cells, the header has 2. {below(3)}",
            id="below a title",
        ),
        pytest.param(
            b"1;2\n3\n", {"header": False}, f"line 2 of f.csv has 1 cell, the first line has 2. {MEND}", id="no header"
        ),
        pytest.param(
            b"a title\n\na;b\n1;2\n",
            {"header": 1},
            f"line 3 of f.csv has 2 cells, the header has 1. {below(3)}",
            id="a title that is said to be the header",
        ),
        pytest.param(
            b"a;b\n" + b"1;2\n" * 9 + b"1;2;3\n",
            {},
            f"line 11 of f.csv has 3 cells, the header has 2. {MEND}",
            id="too far down for a header",
        ),
        pytest.param(
            b'a;b\n1;2\n3;"y\n4;5\n',
            {},
            'a quoted cell in line 3 of f.csv is not closed. Double the quotes inside it: "".',
            id="quote not closed",
        ),
        pytest.param(
            b'a;b\n1;"OOO "R""\n',
            {},
            'a quoted cell in line 2 of f.csv is not closed. Double the quotes inside it: "".',
            id="quotes not doubled",
        ),
        pytest.param(
            b'a;b\n1;2;3\n4;"5\n', {}, f"line 2 of f.csv has 3 cells, the header has 2. {below(2)}", id="first fault"
        ),
        pytest.param(
            "a;я\n".encode() + b"1;2\n" * 9 + b"1;\xff\n", {}, f"line 11 of f.csv {OTHER_ENCODING}", id="a late byte"
        ),
        pytest.param("a;я\n1;я".encode()[:-1], {}, f"line 2 of f.csv {OTHER_ENCODING}", id="cut in a letter"),
        pytest.param(
            CALL.encode("cp1251"),
            {"encoding": "utf-8"},
            f"line 1 of f.csv is not utf-8 text. {LEAVE_OUT}",
            id="not UTF-8",
        ),
        pytest.param(
            "a;b\n1;2\n".encode("utf-16-le"),
            {"encoding": "utf-8"},
            "line 1 of f.csv has NUL characters where names should stand. "
            "If it is text, say its encoding, for example: --encoding utf-16-le.",
            id="UTF-16 said to be UTF-8",
        ),
        pytest.param(
            b"a;b\n1;\x98\n",
            {"encoding": "cp1251"},
            f"line 2 of f.csv is not cp1251 text. {LEAVE_OUT}",
            id="not cp1251",
        ),
        pytest.param(
            b"a;b\n1;2\n",
            {"header": 9},
            "f.csv ends before line 9, where its names should stand. Say another header line.",
            id="header beyond the end",
        ),
        pytest.param(
            b"PK\x03\x04x",
            {},
            "f.csv is not a whole workbook. Export it again, or save the sheet as CSV UTF-8 and read that.",
            id="workbook",
        ),
        pytest.param(
            b"\x1f\x8b\x08x",
            {},
            "f.csv is cut off or damaged: its gzip can't be unpacked to the end. Fetch it again.",
            id="gzip",
        ),
        pytest.param(
            b"PAR1 no more",
            {},
            "f.csv is not a whole Parquet file, or holds what is no text. Export it again.",
            id="parquet",
        ),
        pytest.param(
            b"ARROW1 no more",
            {},
            "f.csv is not a whole Arrow file, or holds what is no text. Export it again.",
            id="arrow",
        ),
        pytest.param(
            b'{"a": 1}\n{"a": \n',
            {},
            "line 2 of f.csv is not a JSON object. Write one object a line.",
            id="json cut off",
        ),
        pytest.param(
            b'{"a": 1}\n[2]\n', {}, "line 2 of f.csv is not a JSON object. Write one object a line.", id="json list"
        ),
        pytest.param(
            b'{"a":' * 9999, {}, "f.csv is not whole JSON: line 1 is wrong. Export it again.", id="json without end"
        ),
        *(
            pytest.param(
                b'{"a": "\\ud83d\\ude00"}\n' + half,
                {},
                "line 2 of f.csv is not a JSON object. Write one object a line.",
                id=f"half a letter {where}",
            )
            for where, half in (
                ("as a value", b'{"a": "\\ud800"}'),
                ("as a key", b'{"\\uDFFF": 1}'),
                ("deep inside", b'{"a": [{"b": "\\ud800x"}]}'),
            )
        ),
        pytest.param(
            b'{"a": "\xd1\x8f"}\n{"a": "\xff"}\n', {}, f"line 2 of f.csv {OTHER_ENCODING}", id="json, not UTF-8"
        ),
        pytest.param(
            b'{"a": 1, "a": 2}',
            {},
            "line 1 of f.csv has two values under one name. Give each its own name.",
            id="json twice",
        ),
        pytest.param(
            b'{"a.b": 1, "a": {"b": 2}}',
            {},
            "line 1 of f.csv has two values under one name. Give each its own name.",
            id="json twice, unfolded",
        ),
    ],
)
def test_bytes_that_cannot_be_read_get_one_sentence(data, options, sentence):
    file = io.BytesIO(data)
    file.name = "f.csv"

    with pytest.raises(InputError) as caught:
        read(file, **options)

    assert str(caught.value) == f"read: {sentence}"


def test_a_fault_far_below_is_named_by_its_line():
    with pytest.raises(InputError, match="line 300002 of the input has 1 cell"):
        read(io.BytesIO(b"a;b\n" + b"1;2\n" * 300_000 + b"3\n"))


def test_a_message_holds_no_cell():
    for data in (b"a;b\n+79123456789\n", b'a;b\n1;"+79123456789\n', b'{"a": "+79123456789'):
        with pytest.raises(InputError) as caught:
            read(io.BytesIO(data))
        assert "79123456789" not in str(caught.value)


@pytest.mark.parametrize("kind", ["csv", "parquet", "arrow"])
def test_a_name_that_looks_like_a_pattern_is_a_name(tmp_path, kind):
    write = {"csv": pl.DataFrame.write_csv, "parquet": pl.DataFrame.write_parquet, "arrow": pl.DataFrame.write_ipc}[
        kind
    ]
    write(pl.DataFrame({"a": ["meant"], "b": ["x"]}), tmp_path / f"[x]*.{kind}")
    write(pl.DataFrame({"a": ["another"], "b": ["x"]}), tmp_path / f"x1.{kind}")

    assert read(tmp_path / f"[x]*.{kind}")["a"].to_list() == ["meant"]


def test_a_tilde_is_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for folder in ("~", "home"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.csv").write_text(f"a;b\n{folder};1\n")

    assert read("~/x.csv")["a"].to_list() == ["~"]


def test_a_path_that_leads_nowhere(tmp_path):
    (tmp_path / "calls.csv").write_text("a\n1\n")

    with pytest.raises(
        InputError, match=re.escape(f"read: {tmp_path}/call.csv does not exist. Did you mean 'calls.csv'?")
    ):
        read(tmp_path / "call.csv")
    with pytest.raises(InputError, match=re.escape(f"read: {tmp_path} is a folder. Name the file in it.")):
        read(tmp_path)
    with pytest.raises(InputError, match="does not exist"):
        read(tmp_path / "calls.csv" / "below.csv")
    with pytest.raises(InputError, match=r"can't be read: File name too long\.$"):
        read(tmp_path / ("x" * 300))
    with pytest.raises(InputError, match=r"can't be read: Input/output error\.$"):
        read("/proc/self/mem")


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(io.StringIO("a;b\n1;2\n"), id="text file"),
        pytest.param(b"a;b\n1;2\n", id="bytes"),
        pytest.param(None, id="nothing"),
        pytest.param([1], id="list"),
        pytest.param("ClientId;PhoneNumber\n17;+79123456789\n" * 90, id="text"),
    ],
)
def test_what_is_no_source_is_refused_without_being_shown(source):
    with pytest.raises(OptionError, match="is not a path, a binary file or a frame") as caught:
        read(source)
    assert "79123456789" not in str(caught.value)


def test_a_pipe_is_read_once(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"a;b\n1;2\n",))
    writer.start()

    assert table_of(read(pipe)) == [AB, ROW]
    writer.join()


def test_named_options_win_over_options():
    frame = read(io.BytesIO(b"a;b,c\n1;2,3\n"), FileOptions(separator=";"), separator=",")

    assert frame.columns == [SOURCE_ROW, "a;b", "c"]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"separator": ";;"}, id="two characters"),
        pytest.param({"separator": '"'}, id="the quote"),
        pytest.param({"separator": "\n"}, id="the line end"),
        pytest.param({"separator": 1}, id="a number"),
        pytest.param({"encoding": "cp125"}, id="no encoding"),
        pytest.param({"encoding": "hex"}, id="an encoding of bytes"),
        pytest.param({"encoding": 1}, id="a number for an encoding"),
        pytest.param({"sheet": ""}, id="no sheet"),
        pytest.param({"records": " "}, id="no path"),
        pytest.param({"header": 0}, id="line 0"),
        pytest.param({"header": "3"}, id="text"),
        pytest.param({"columns": "abc"}, id="a text for names"),
        pytest.param({"columns": [1]}, id="a number for a name"),
    ],
)
def test_options_that_mean_nothing_are_refused(options):
    with pytest.raises(OptionError, match="is not a"):
        FileOptions(**options)


@pytest.mark.parametrize("header", [True, 1, 2])
def test_names_are_for_a_file_without_a_header(header):
    with pytest.raises(OptionError, match=r"^columns counts only with header=False "):
        FileOptions(columns=["a"], header=header)
    with pytest.raises(OptionError, match=r"^columns counts only with header=False "):
        read(io.BytesIO(b"a;b\n1;2\n"), columns=["a"])


def test_no_option_is_there_that_nothing_reads():
    assert FileOptions.names() == ("separator", "encoding", "header", "columns", "sheet", "records")


CELLS = st.text(st.sampled_from("a1я \"'\n\r\t;,|\\=#\x00\u00a0\u2028"), max_size=6) | st.text(max_size=4)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8)
)


@given(
    TABLES,
    st.sampled_from(";,\t|"),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
@example([["\ufeff"]], ";", csv.QUOTE_MINIMAL, "\n", False)
def test_cells_written_as_csv_are_read_as_they_were(rows, separator, quoting, line_end, marked):
    names = [f"name {number}" for number in range(len(rows[0]))]
    rows = [[cell.encode("utf-8", "ignore").decode() for cell in row] for row in rows]
    text = io.StringIO(newline="")
    # A lone CR in a cell is quoted, as every writer does that knows of CR; Python 3.11's does not.
    must_quote = quoting == csv.QUOTE_ALL or any("\r" in cell for row in rows for cell in row)
    writer = csv.writer(
        text, delimiter=separator, quoting=csv.QUOTE_ALL if must_quote else quoting, lineterminator=line_end
    )
    writer.writerows([names, *rows])
    data = text.getvalue().encode("utf-8-sig" if marked else "utf-8")
    meant = [tuple(cell or None for cell in row) for row in rows]

    with opened(io.BytesIO(data), FileOptions(separator=separator), may_be_empty=True) as export:
        assume(not export.origin.left_out)
        frame = export.lazy.collect()
        streamed = export.lazy.collect(engine="streaming")

    assert [row[1:] for row in frame.rows()] == meant
    assert_frame_equal(streamed, frame)


PIECES = st.sampled_from(
    ['"', '""', "a", ";", ";", "\n", "\n", "\r\n", "\r", " ", 'x"y', '"q"', '"m\nn"', '"p;q"', "\ufeff", "\0", "\n\n"]
)


@settings(max_examples=200)
@given(st.integers(1, 3), st.lists(PIECES, min_size=1, max_size=12).map("".join))
@example(2, '1;x"y\n2;z"q\n')
@example(3, "\n\n;;a")
def test_no_file_is_read_in_another_way_than_pythons(width, body):
    """Polars alone reads some files with odd quotes into other rows without a word."""
    text = ";".join("abc"[:width]) + "\n" + body
    try:
        records = _as_python(text)
        # A space before a quote can't be meant; see the corpus, "a space before quoted cells".
        is_spaced = any(re.fullmatch(' +"[^"]*" *', cell) for record in records for cell in record)
        if is_spaced and re.search('; +"', text):
            records = _as_python(text, skipinitialspace=True)
        fits = all(_fits(record, width) for record in records)
    except csv.Error:
        fits = False
    source = io.BytesIO(text.encode())

    if not fits:
        with pytest.raises(InputError), opened(source, FileOptions(separator=";"), may_be_empty=True) as export:
            export.lazy.collect()
        return
    with opened(source, FileOptions(separator=";"), may_be_empty=True) as export:
        rows = [row[1:] for row in export.lazy.collect().rows()]
        in_pieces = [row for frame in export.batches(1) for row in frame.rows()]
    assert in_pieces == [(number, *row) for number, row in enumerate(rows, start=1)]
    assert rows == [tuple(cell or None for cell in (record + [""] * width)[:width]) for record in records]


def _as_python(text, **how):
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True, **how))[1:]


def _fits(record, width):
    text = [bool(cell.strip()) for cell in record]
    return not any(text) or (len(record) >= width and not any(text[width:]))


@pytest.mark.parametrize(
    ("body", "is_quick"),
    [
        pytest.param('1;"x;""y"""\n\n2;3\n', True, id="quotes in their places"),
        pytest.param("1;2\r\n3;4\r\n", True, id="CRLF"),
        pytest.param("1;\n;\n", True, id="no last cell"),
        pytest.param("1;2\n  \n", True, id="a line of space"),
        pytest.param('1;""x""\n', False, id="quoted twice"),
        pytest.param('1;x"y\n2;z"\n', False, id="lone quotes"),
        pytest.param('1;"x\ny"\n', False, id="line end in a cell"),
        pytest.param("1;2\n3\n", False, id="too few cells"),
        pytest.param("1;2\n3;4;5\n", False, id="too many cells"),
        pytest.param("1;2\r3;4\n", False, id="CR alone"),
        pytest.param('1;"2" \n', False, id="space behind a quote"),
    ],
)
def test_polars_reads_a_file_that_it_reads_as_python_does(body, is_quick, tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text("a;b\n1;2\n")
    table = Table(path, "x", FileOptions())

    assert (table._parsed(body.encode(), 1) is not None) == is_quick


def test_ten_thousand_columns():
    names = [f"c{number}" for number in range(10_000)]
    frame = read(io.BytesIO((";".join(names) + "\n" + ";".join(["1"] * 10_000) + "\n").encode()))

    assert frame.columns == [SOURCE_ROW, *names]


JSON = b"""{"id": 1234567890123456789, "price": 1.50, "none": null, "yes": true, "deep": {"a": {"b": 1e5}}}

{"tags": [1, "x", null, ["y"], {"k": "v"}], "empty": "", "nothing": [], "id": 12345678901234567890123}
"""


def test_json_lines_keep_their_digits():
    assert read(io.BytesIO(JSON)).to_dicts() == [
        {
            "source_row": 1,
            "id": "1234567890123456789",
            "price": "1.50",
            "none": None,
            "yes": "true",
            "deep.a.b": "1e5",
            "tags": None,
            "empty": None,
            "nothing": None,
        },
        {
            "source_row": 2,
            "id": "12345678901234567890123",
            "price": None,
            "none": None,
            "yes": None,
            "deep.a.b": None,
            "tags": '1, x, y, {"k": "v"}',
            "empty": None,
            "nothing": None,
        },
    ]


def test_json_escapes_are_letters():
    assert read(io.BytesIO(b'{"a": "\\u0434\\u0430 \\ud83d\\ude00 \\\\ud800"}'))["a"].to_list() == ["да 😀 \\ud800"]


def test_json_lines_of_any_encoding():
    assert read(io.BytesIO('{"имя": "да"}\n'.encode("utf-16")))["имя"].to_list() == ["да"]
    assert read(io.BytesIO(b"\xef\xbb\xbf" + b'{"a": "x"}'))["a"].to_list() == ["x"]
    assert read(io.BytesIO('{"a": "да"}'.encode("cp1251")), encoding="cp1251")["a"].to_list() == ["да"]


NAN = float("nan")
DAY = dt.datetime(2026, 4, 3, 9, 5, 1, 500_000)


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        pytest.param(pl.Series([1234567890123456789, None]), ["1234567890123456789", None], id="Int64"),
        pytest.param(pl.Series([2**64 - 1], dtype=pl.UInt64), ["18446744073709551615"], id="UInt64"),
        pytest.param(
            pl.Series([79123456789.0, -3.0, 1.5, NAN, None]), ["79123456789", "-3", "1.5", None, None], id="Float64"
        ),
        pytest.param(pl.Series([2.0**53 - 1, 2.0**53]), ["9007199254740991", "9.007199254740992e+15"], id="past 2^53"),
        pytest.param(
            pl.Series([1.7e18, -1e16, 1e15, 1e22]),
            ["1.7e+18", "-1e+16", "1000000000000000", "1e+22"],
            id="powers of ten",
        ),
        pytest.param(
            pl.Series([79123456789, 2**24 - 1, 2**24, -(2**25)], dtype=pl.Float32),
            ["7.912346e+10", "16777215", "1.6777216e+7", "-3.3554432e+7"],
            id="Float32 makes up digits past 2^24",
        ),
        pytest.param(pl.Series([True, False, None]), ["true", "false", None], id="Boolean"),
        pytest.param(pl.Series(["1.50"]).cast(pl.Decimal(10, 2)), ["1.50"], id="Decimal"),
        pytest.param(pl.Series([DAY, None]), ["2026-04-03T09:05:01.500", None], id="naive time"),
        pytest.param(
            pl.Series([DAY]).dt.replace_time_zone("Europe/Moscow"), ["2026-04-03T06:05:01.500Z"], id="time with a zone"
        ),
        pytest.param(pl.Series([DAY.date()]), ["2026-04-03"], id="Date"),
        pytest.param(pl.Series([DAY.time().replace(microsecond=0)]), ["09:05:01"], id="Time"),
        pytest.param(
            pl.Series([dt.timedelta(minutes=95), dt.timedelta(seconds=1.5), None]),
            ["5700", "1.5 s", None],
            id="Duration",
        ),
        pytest.param(pl.Series(["x", "", None]), ["x", None, None], id="String"),
        pytest.param(pl.Series(["x", None], dtype=pl.Categorical), ["x", None], id="Categorical"),
        pytest.param(pl.Series(["x"], dtype=pl.Enum(["x"])), ["x"], id="Enum"),
        pytest.param(pl.Series([None]), [None], id="Null"),
        pytest.param(pl.Series([b"x"]), ["x"], id="Binary that is text"),
        pytest.param(pl.Series([["x", None, "y"], [], None]), ["x, y", None, None], id="List"),
        pytest.param(pl.Series([[1.0, 1.7e18]]), ["1, 1.7e+18"], id="List of floats"),
        pytest.param(pl.Series([[["x"], ["y"]]]), ["x, y"], id="List of lists"),
        pytest.param(pl.Series([[{"k": 1}]]), ['{"k":1}'], id="List of structs"),
        pytest.param(pl.Series([["x", "y"]], dtype=pl.Array(pl.String, 2)), ["x, y"], id="Array"),
    ],
)
@pytest.mark.parametrize("lazy", [False, True], ids=["eager", "lazy"])
def test_typed_columns_become_text_that_says_the_same(column, texts, lazy):
    frame = column.to_frame("a")

    assert read(frame.lazy() if lazy else frame)["a"].to_list() == texts


def test_parquet_keeps_every_digit(tmp_path):
    path = tmp_path / "month=04" / "calls.parquet"
    path.parent.mkdir()
    pl.DataFrame({"id": [1234567890123456789], "who": [{"phone": "+79123456789", "n": 1}]}).write_parquet(path)

    assert table_of(read(path)) == [("id", "who.phone", "who.n"), ("1234567890123456789", "+79123456789", "1")]


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        pytest.param(pl.DataFrame({"source_row": [7, 9], "a": ["x", "y"]}), [7, 9], id="its own numbers"),
        pytest.param(pl.DataFrame({"source_row": pl.Series([7], dtype=pl.UInt32), "a": ["x"]}), [7], id="UInt32"),
        pytest.param(pd.DataFrame({"source_row": [7, 9], "a": ["x", "y"]}), [7, 9], id="pandas"),
        pytest.param(pa.table({"source_row": [7, 9], "a": ["x", "y"]}), [7, 9], id="Arrow"),
        pytest.param(pl.DataFrame({"a": ["x", "y"]}), [1, 2], id="none"),
    ],
)
def test_row_numbers_that_a_frame_brings_are_kept(frame, expected):
    assert read(frame).get_column(SOURCE_ROW).to_list() == expected
    assert read(frame).columns == [SOURCE_ROW, "a"]


@pytest.mark.parametrize("numbers", [pytest.param([7, 7], id="twice"), pytest.param([7, None], id="not everywhere")])
def test_row_numbers_that_tell_no_rows_apart_step_aside(numbers, tmp_path):
    pl.DataFrame({"source_row": numbers, "a": ["x", "y"]}).write_parquet(tmp_path / "calls.parquet")

    frame = read(tmp_path / "calls.parquet")
    assert frame[SOURCE_ROW].to_list() == [1, 2]
    assert frame["source_row (2)"].to_list() == [str(number) if number else None for number in numbers]


def test_a_column_that_is_no_row_number_steps_aside():
    frame = pl.DataFrame({"source_row": ["x"], "row": ["y"], "source_row (2)": ["z"]})

    assert read(frame).to_dicts() == [{"source_row": 1, "source_row (3)": "x", "row": "y", "source_row (2)": "z"}]


def test_struct_fields_beside_columns_of_their_name():
    frame = pl.DataFrame({"a": [{"b": 1}], "a.b": ["x"]})

    assert table_of(read(frame)) == [("a.b", "a.b (2)"), ("1", "x")]


def test_reading_twice_changes_nothing():
    once = read(io.BytesIO(b"a;b\n1;\n;2\n"))

    assert_frame_equal(read(once), once)


PANDAS = [
    pytest.param(["x", NAN, None], ["x", None, None], id="text and NaN"),
    pytest.param([1, 1234567890123456789], ["1", "1234567890123456789"], id="ints"),
    pytest.param([1.0, NAN, 79123456789.0], ["1", None, "79123456789"], id="ints that became floats"),
    pytest.param([1.7e18], ["1.7e+18"], id="a float past 2^53"),
    pytest.param(
        pd.Series(["x", 79123456789, 2.0**53, 5.0, 1.5, None, True], dtype=object),
        ["x", "79123456789", "9.007199254740992e+15", "5", "1.5", None, "true"],
        id="mixed objects",
    ),
    pytest.param(
        pd.Series([1234567890123456789, 1.5], dtype=object), ["1234567890123456789", "1.5"], id="ints and floats"
    ),
    pytest.param(pd.Series([10**22], dtype=object), [str(10**22)], id="an int past 64 bits"),
    pytest.param(pd.Series([decimal.Decimal("1.50"), None], dtype=object), ["1.50", None], id="decimals"),
    pytest.param(pd.Series([["x", "y"], None], dtype=object), ["x, y", None], id="lists"),
    pytest.param(pd.Series([b"x"], dtype=object), ["x"], id="bytes"),
    pytest.param(pd.array([1, None], dtype="Int64"), ["1", None], id="nullable ints"),
    pytest.param([True, False], ["true", "false"], id="flags"),
    pytest.param(pd.Categorical(["x", None]), ["x", None], id="categories"),
    pytest.param(pd.to_datetime(["2026-04-03 09:05:01.5", None]), ["2026-04-03T09:05:01.500", None], id="times"),
    pytest.param(
        pd.to_datetime(["2026-04-03 09:05"]).tz_localize("Europe/Moscow"),
        ["2026-04-03T06:05:00Z"],
        id="times with a zone",
    ),
    pytest.param(pd.to_timedelta(["00:01:35", None]), ["95", None], id="time deltas"),
    pytest.param(pd.period_range("2026-04", periods=1, freq="M"), ["2026-04"], id="periods"),
]


@pytest.mark.parametrize(("values", "texts"), PANDAS)
def test_pandas_columns_become_text(values, texts):
    assert read(pd.DataFrame({"a": values}))["a"].to_list() == texts


def test_pandas_names_are_kept_whatever_they_are():
    assert read(pd.DataFrame([["x", "y", "z"]], columns=["a", "a", 0])).columns == [SOURCE_ROW, "a", "a (2)", "0"]
    indexed = pd.DataFrame({"ClientId": ["17"], "a": ["x"]}).set_index("ClientId")
    assert table_of(read(indexed)) == [("ClientId", "a"), ("17", "x")]
    assert table_of(read(pd.Series(["x"], name="a"))) == [("a",), ("x",)]


def test_arrow_tables_become_text():
    table = pa.table({"a": ["x", None], "b": pa.array(["x", "y"]).dictionary_encode(), "c": [2**60, None]})

    assert table_of(read(table)) == [("a", "b", "c"), ("x", "x", str(2**60)), (None, "y", None)]
    assert read(pa.table([["x"], ["y"]], names=["a", "a"])).columns == [SOURCE_ROW, "a", "a (2)"]
    assert read(table.to_batches()[0]).height == 2


def test_frames_that_hold_no_text_get_one_sentence():
    with pytest.raises(
        InputError, match=r"^read: a of the frame is Object, which has no text\. Cast it to String, or drop"
    ):
        read(pl.DataFrame({"a": pl.Series([object()], dtype=pl.Object)}))
    with pytest.raises(InputError, match=r"^read: the frame can't be read: its query fails \(ComputeError\)\."):
        read(pl.DataFrame({"a": [b"\xff"]}))
    with pytest.raises(InputError, match=r"its query fails \(ColumnNotFoundError\)\. Collect it to see why\.$"):
        read(pl.LazyFrame({"a": ["x"]}).select("b"))
    with pytest.raises(InputError, match=r"its query fails \(InvalidOperationError\)") as caught:
        read(pl.LazyFrame({"a": ["+79123456789"]}).select(pl.col("a").cast(pl.Date)))
    assert "79123456789" not in str(caught.value)
    with pytest.raises(InputError, match=r"^read: the pandas\.DataFrame can't be turned into a Polars frame\."):
        read(pd.DataFrame({"a": pd.Series([b"\xff"], dtype=object)}))


def test_a_frame_may_have_no_rows():
    assert read(pl.DataFrame(schema={"a": pl.Int64})).schema == {SOURCE_ROW: pl.Int64(), "a": pl.String()}
    assert read(pl.DataFrame()).columns == [SOURCE_ROW]


@given(st.lists(st.sampled_from(["a", "a (2)", "a (3)", "b", SOURCE_ROW]), max_size=8))
def test_names_made_unique(names):
    made = unique(names, SOURCE_ROW)

    assert len(set(made)) == len(names)
    assert SOURCE_ROW not in made
    assert all(new == old or new.startswith(f"{old} (") for new, old in zip(made, names, strict=True))
    assert [new for new, old in zip(made, names, strict=True) if new == old] == list(
        dict.fromkeys(name for name in names if name != SOURCE_ROW)
    )


def test_temporary_copies_do_not_stay(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    read(io.BytesIO('a;b\n1;x"я\n'.encode("utf-16")))
    with pytest.raises(InputError):
        read(io.BytesIO('a;b\n1;x"я;z\n'.encode("utf-16")))

    assert list(tmp_path.iterdir()) == []


def test_people_in_the_place_of_names_are_not_shown():
    with pytest.raises(InputError) as caught:
        read(io.BytesIO(b"anna@shop.example;wants windows\n"))

    assert "anna" not in str(caught.value)
    assert "wants windows" in str(caught.value)
