import polars as pl
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from callframe.errors import OptionError
from callframe.normalize import identifiers, texts

LOST, NOT, LONG, ZERO, CONTROLS = identifiers.REASONS


def column(cells):
    return pl.DataFrame({"x": cells}, schema={"x": pl.String})


def values(cells, kind="digits"):
    function = {"digits": identifiers.digits, "text": identifiers.text}[kind]
    return column(cells).select(function(pl.col("x")))["x"].to_list()


def reasons(cells, kind="digits"):
    return column(cells).select(identifiers.reason(pl.col("x"), kind=kind))["x"].to_list()


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        pytest.param("1", "1", id="one digit"),
        pytest.param("1700000000123456789", "1700000000123456789", id="nineteen digits"),
        pytest.param("12345678901234567890", "12345678901234567890", id="twenty digits"),
        pytest.param("00123", "00123", id="leading zeros stay"),
        pytest.param(" 123\u00a0", "123", id="space around"),
        pytest.param("'1700000000123456789", "1700000000123456789", id="apostrophe"),
        pytest.param('="1700000000123456789"', "1700000000123456789", id="formula"),
        pytest.param("123.0", "123", id="a float"),
        pytest.param("123,0", "123", id="a float with a comma"),
        pytest.param("123456789012345.0", "123456789012345", id="a float of fifteen digits"),
        pytest.param("1234567890123450", "1234567890123450", id="sixteen digits may end in zero"),
        pytest.param("12345678901234500", "12345678901234500", id="seventeen digits may end in zeros"),
        pytest.param("1700000000123400001", "1700000000123400001", id="a digit behind the zeros"),
        pytest.param("0123456789012340000", "0123456789012340000", id="a number would have no leading zero"),
    ],
)
def test_digits(cell, value):
    assert (values([cell]), reasons([cell])) == ([value], [None])


@pytest.mark.parametrize(
    ("reason", "cells"),
    [
        pytest.param(LOST, "1.7E+18|1,23457E+18|1.7e18|17E17|1E+05", id="power of ten"),
        pytest.param(LOST, "170000000012345000|1700000000123450000|17000000001234500000", id="zeros from the 16th on"),
        pytest.param(LOST, "1234567890123456.0|1700000000123456789.0|1700000000123456789.", id="a long float"),
        pytest.param(NOT, "id7|12 34|+7|-5|12.5|1,000|1.000|1e-5|123.00|٣٤|１２|0x12|'12'|12;13|1_000", id="no digits"),
        pytest.param(LONG, "1" * 21 + "|" + "12" * 20, id="long"),
        pytest.param(ZERO, "0|00|0.0|" + "0" * 18 + "|" + "0" * 30, id="zeros"),
    ],
)
def test_no_digits(reason, cells):
    cells = cells.split("|")
    assert dict(zip(cells, reasons(cells), strict=True)) == dict.fromkeys(cells, reason)
    assert values(cells) == [None] * len(cells)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        pytest.param("user-17@example.com", "user-17@example.com", id="any text"),
        pytest.param("5e10ab", "5e10ab", id="hexadecimal"),
        pytest.param("5e10", "5e10", id="hexadecimal that could be a number"),
        pytest.param("12E+18", "12E+18", id="two digits before a power is no spreadsheet's"),
        pytest.param("'0123", "0123", id="apostrophe"),
        pytest.param('="0123"', "0123", id="formula"),
        pytest.param("a\x00b", "ab", id="control character"),
        pytest.param("Анна П.", "Анна П.", id="letters"),
        pytest.param("0", "0", id="zero"),
        pytest.param("O'Neil", "O'Neil", id="apostrophe inside"),
    ],
)
def test_text(cell, value):
    assert (values([cell], "text"), reasons([cell], "text")) == ([value], [None])


@pytest.mark.parametrize(
    "cell",
    [
        "1.7E+18",
        "1,23457E+18",
        "1E+15",
        "1.5e12",
        "1.23456789012346E+018",
        "'1.7E+18",
        "1700000000123450000",
        "123456789012345000",
    ],
)
def test_text_that_lost_digits(cell):
    assert (values([cell], "text"), reasons([cell], "text")) == ([None], [LOST])


def test_unknown_kind():
    with pytest.raises(OptionError, match="is not a kind of id"):
        identifiers.reason(pl.col("x"), kind="number")


SHAPES = st.one_of(
    st.text(alphabet="0123456789", min_size=1, max_size=23),
    st.integers(1, 10**20).map(lambda number: f"{number:.5E}"),
    st.integers(1, 10**20).map(lambda number: f"{float(number):.0f}"),
    st.integers(1, 10**16).map(lambda number: f"{number}.0"),
    st.sampled_from(["0", "'12", '="34"', "'1.7E+18", "x", "", "-", "'null"]),
    st.text(max_size=5),
)
CELLS = st.lists(st.one_of(st.none(), SHAPES), min_size=1, max_size=9)


@given(CELLS, st.sampled_from(identifiers.KINDS))
@example(["\x1f"], "text")
def test_laws(cells, kind):
    once = values(cells, kind)
    assert values(once, kind) == once
    assert once == [values([cell], kind)[0] for cell in cells]
    said = texts.unguarded(pl.col("x") if kind == "digits" else texts.plain(pl.col("x")))
    unseen = texts.reason(pl.col("x")).is_not_null() & (kind == "text")
    blank = column(cells).select(said.is_null() & ~unseen)["x"]
    refused = [value is None and not empty for value, empty in zip(once, blank, strict=True)]
    assert [reason is not None for reason in reasons(cells, kind)] == refused
    assert set(reasons(cells, kind)) <= {None, *identifiers.REASONS}


@given(CELLS)
def test_digits_are_the_cells_own(cells):
    for cell, value in zip(cells, values(cells), strict=True):
        if value is not None:
            assert value.isascii()
            assert value.isdigit()
            assert 1 <= len(value) <= 20
            assert value in cell
            assert cell.strip("'= \"").removeprefix(value).strip("'\"" + texts.SPACE) in {"", ".0", ",0"}


@given(st.integers(10**17, 10**20 - 1))
def test_what_a_spreadsheet_keeps_of_a_long_id_is_refused(number):
    digits = str(number)
    kept = digits[:15] + "0" * (len(digits) - 15)
    shown = f"{number:.5E}"
    assert values([kept, shown]) == [None, None]
    assert reasons([kept, shown]) == [LOST, LOST]
    assume(not digits.endswith("000"))
    assert values([digits]) == [digits]


def test_a_text_of_control_characters_alone_is_lost_not_absent():
    assert values(["\x08"], "text") == [None]
    assert reasons(["\x08"], "text") == [CONTROLS]
