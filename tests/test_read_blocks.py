"""What Polars may read as it stands is found out by the byte, in numbers of 64 bits and in pieces: borders matter."""

import csv
import io
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from callframe.read import FileOptions, opened
from callframe.read import blocks as module
from callframe.read.blocks import blocks, counted
from callframe.read.tables import Table


def as_said(text, separator):
    """Lines and separators outside of quotes, letter by letter; None if a quote or a line end is out of place."""
    if text.endswith("\r"):
        return None
    text = text if text.endswith("\n") or not text else f"{text}\n"
    inside = False
    cuts = 0
    for before, letter, behind in zip("\n" + text, text, text[1:] + "\n", strict=False):
        if letter == '"':
            if (behind if inside else before) not in {separator, '"', "\n", *("\r" if inside else "")}:
                return None
            inside = not inside
        elif (letter == "\n" and inside) or (letter == "\r" and behind != "\n"):
            return None
        cuts += letter == separator and not inside
    return text.count("\n"), cuts


CELL = st.one_of(
    st.sampled_from(["", "a", '""', '"a"', '"a;b"', '"a""b"', '"""a"""', "x" * 60, "x" * 61, "x" * 62, "x" * 63]),
    st.integers(0, 70).map(lambda n: '"' + ";" * n + '"'),
    st.integers(0, 70).map("б".__mul__),
)
LINE = st.builds(lambda cells, end: ";".join(cells) + end, st.lists(CELL, max_size=4), st.sampled_from(["\n", "\r\n"]))
LINES = st.builds("".join, st.lists(LINE, max_size=12))
ODD = st.sampled_from(['"', '""', ";", "\n", "\r", "\r\n", "a", ' "'])


@st.composite
def texts(draw):
    """Lines as a writer leaves them, then some of their letters lost or doubled, or others put between them."""
    text = draw(LINES)
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(st.just("") | ODD) + text[place + draw(st.integers(0, 1)) :]
    return text


@settings(max_examples=500)
@given(texts(), st.sampled_from([1, 40, 64, 100, 1 << 19]), st.sampled_from(";,"))
@example('"' + ";" * 62 + '"\n', 1 << 19, ";")
@example("x" * 63 + '\n"a"\n', 1 << 19, ";")
@example('1;"2', 1, ";")
@example('1;"2"', 1, ";")
@example("1;2\r", 1, ";")
def test_separators_and_lines_are_counted_outside_of_quotes(text, piece, separator):
    with mock.patch.object(module, "_PIECE", piece):
        assert counted(text.encode(), separator) == as_said(text, separator)


@settings(max_examples=100)
@given(LINES, st.integers(0, 3), st.integers(1, 8), st.booleans(), st.booleans())
def test_blocks_are_the_file(tmp_path_factory, text, skip, rows, marked, ended):
    path = tmp_path_factory.mktemp("blocks") / "calls.csv"
    text = text if ended else text.rstrip("\n")
    path.write_bytes(text.encode("utf-8-sig" if marked else "utf-8"))

    found = list(blocks(path, skip, rows))

    assert b"".join(found) == b"".join(text.encode().splitlines(keepends=True)[skip:])
    assert all(block.endswith(b"\n") for block in found[:-1])
    assert not any(block[:1].isspace() for block in found[1:])


@settings(max_examples=200)
@given(st.integers(1, 5), st.lists(st.sampled_from([0, 0, 1, -1, 2]), max_size=40), st.sampled_from(['"a;"', "a"]))
@example(2, [1, -1], "a")
@example(2, [-1, 1], "a")
def test_too_many_cells_do_not_make_up_for_too_few(tmp_path_factory, width, more, cell):
    path = tmp_path_factory.mktemp("widths") / "calls.csv"
    path.write_text(";".join("abcde"[:width]) + "\n" + ";".join("12345"[:width]) + "\n")
    table = Table(path, "x", FileOptions(separator=";"))
    widths = [max(width + some, 1) for some in [*more, -sum(more)]]

    frame = table._parsed("".join(";".join([cell] * cells) + "\n" for cells in widths).encode(), 1)

    assert (frame is not None) == ({*widths} == {width})


FOUR_CELLS = st.lists(CELL, min_size=4, max_size=4).map(";".join)


@settings(max_examples=50)
@given(st.lists(FOUR_CELLS | st.just(""), min_size=1, max_size=30), st.sampled_from(["\n", "\r\n"]), st.integers(1, 10))
def test_rows_are_pythons_wherever_a_block_ends(lines, end, rows):
    text = "".join(line + end for line in ["a;b;c;d", *lines])
    records = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]

    with opened(io.BytesIO(text.encode()), FileOptions(separator=";"), may_be_empty=True) as export:
        found = [row for frame in export.batches(rows) for row in frame.rows()]

    meant = [tuple(cell or None for cell in record or [""] * 4) for record in records]
    assert found == [(number, *row) for number, row in enumerate(meant, start=1)]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("blank", ["", "  "])
def test_blank_lines_lack_no_cells(tmp_path, blank, end):
    path = tmp_path / "calls.csv"
    path.write_text("a;b\n1;2\n")
    table = Table(path, "x", FileOptions())

    frame = table._parsed(f"1;2{end}{blank}{end}3;4{end}".encode(), 1)
    assert frame.rows() == [(1, "1", "2"), (2, blank or None, None), (3, "3", "4")]
    assert table._parsed(f"1;2{end}{blank}{end}3{end}".encode(), 1) is None
    assert table._parsed(f"1;2{end}{blank}{end}3;\xff{end}".encode("latin-1"), 1) is None
