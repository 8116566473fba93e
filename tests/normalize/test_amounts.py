import random
import re
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callframe.errors import OptionError
from callframe.normalize import amounts, texts

MARKS = (None, ",", ".", "either")
SPACES = (" ", "\u00a0", "\u202f", "\u2009")
GROUPERS = (*SPACES, "'", "’")
BESIDE = {"": None, "руб.": "RUB", "₽": "RUB", "$": "USD", "EUR": "EUR", "тенге": "KZT", "Br": "BYN", "р.": "RUB"}


def column(cells):
    return pl.DataFrame({"x": cells}, schema={"x": pl.String})


def values(cells, mark=None):
    return column(cells).select(amounts.decimal(pl.col("x"), decimal_mark=mark))["x"].to_list()


def reasons(cells, mark=None):
    return column(cells).select(amounts.reason(pl.col("x"), decimal_mark=mark))["x"].to_list()


def codes(cells):
    return column(cells).select(amounts.currency(pl.col("x")))["x"].to_list()


def evidence(cells):
    return column(cells).select(amounts.evidence(pl.col("x"))).item()


def heads(cells, mark=None):
    return [reason and reason.partition(";")[0] for reason in reasons(cells, mark)]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        pytest.param("0", "0", id="zero"),
        pytest.param("100", "100", id="whole"),
        pytest.param("12,5", "12.5", id="comma, one place"),
        pytest.param("12,50", "12.5", id="comma, two places"),
        pytest.param("12.5", "12.5", id="point"),
        pytest.param("0,123", "0.123", id="a group can't begin with zero"),
        pytest.param("0.500", "0.5", id="a group can't begin with zero, point"),
        pytest.param("012,345", "12.345", id="leading zero"),
        pytest.param("00000012,345", "12.345", id="many leading zeros"),
        pytest.param("1234,567", "1234.567", id="no group of four"),
        pytest.param("1,2345", "1.2345", id="four places"),
        pytest.param("1 234", "1234", id="space"),
        pytest.param("1\u00a0234\u202f567\u2009890", "1234567890", id="every grouping space"),
        pytest.param("1 234,567", "1234.567", id="space groups, so the comma is decimal"),
        pytest.param("1 234.5", "1234.5", id="space groups, so the point is decimal"),
        pytest.param("1'234.50", "1234.5", id="apostrophe"),
        pytest.param("1’234’567", "1234567", id="typographic apostrophe"),
        pytest.param("1.234,50", "1234.5", id="point groups"),
        pytest.param("1,234.50", "1234.5", id="comma groups"),
        pytest.param("1.234.567", "1234567", id="points can't be decimal twice"),
        pytest.param("1,234,567", "1234567", id="commas can't be decimal twice"),
        pytest.param("1,234,567.8", "1234567.8", id="comma groups and a point"),
        pytest.param("1.234.567,891", "1234567.891", id="point groups and a comma"),
        pytest.param("+100", "100", id="plus"),
        pytest.param("0.1234560000", "0.123456", id="zeros behind six places"),
        pytest.param("1." + "0" * 60, "1", id="sixty zeros"),
        pytest.param("0" * 60 + "7", "7", id="sixty zeros before"),
        pytest.param("9" * 32 + ".999999", "9" * 32 + ".999999", id="the largest"),
        pytest.param("'12,50", "12.5", id="guarded by an apostrophe"),
        pytest.param('="1 234,50"', "1234.5", id="guarded by a formula"),
        pytest.param("0.1", "0.1", id="no binary tenth"),
        pytest.param("0.300000", "0.3", id="no binary three tenths"),
        pytest.param("90071992547409.93", "90071992547409.93", id="beyond a double"),
        pytest.param("9007199254740993", "9007199254740993", id="beyond 2**53"),
    ],
)
@pytest.mark.parametrize("mark", [None, "either"])
def test_amount(cell, value, mark):
    assert values([cell], mark) == [Decimal(value)]
    assert reasons([cell], mark) == [None]
    assert codes([cell]) == [None]


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        pytest.param("1 234,50 руб.", "1234.5", "RUB", id="word behind"),
        pytest.param("100р.", "100", "RUB", id="glued behind"),
        pytest.param("₽1 234", "1234", "RUB", id="sign before"),
        pytest.param("$12", "12", "USD", id="dollar"),
        pytest.param("12.50$", "12.5", "USD", id="dollar behind"),
        pytest.param("RUB 100", "100", "RUB", id="code before"),
        pytest.param("100RUR", "100", "RUB", id="old code glued"),
        pytest.param("$100 USD", "100", "USD", id="twice the same"),
        pytest.param("+ $5", "5", "USD", id="plus before a sign"),
        pytest.param("$+5", "5", "USD", id="plus behind a sign"),
        pytest.param("10\u00a0000\u00a0тенге", "10000", "KZT", id="no-break spaces"),
        pytest.param("7 фунтов стерлингов", "7", "GBP", id="two words"),
        pytest.param("643 100", "643100", None, id="a number is not a currency beside one"),
    ],
)
def test_currency_beside(cell, value, code):
    assert (values([cell]), codes([cell]), reasons([cell])) == ([Decimal(value)], [code], [None])


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        pytest.param(
            "not an amount", "1e5|1E+05|inf|-inf|Infinity|1_000|0x1F|٣|١٢٣|１２", id="not how money is written"
        ),
        pytest.param("not an amount", ".5|5.|,5|5,|1..2|1,,2|1.2.3|1,2,3|1 2 3|12 34|1 23|1  234", id="marks"),
        pytest.param("not an amount", "1,23,456|1,234,56|1.234.56|12345,678.9|1.234,567.8|0 123|0,123.4", id="groups"),
        pytest.param("not an amount", "1 234'567|1'234 567|1 234.567,8|1 234,567,890|1234 567", id="mixed groups"),
        pytest.param("not an amount", "бесплатно|договорная|от 100|~100|100-200|5–10|1/2|100%|м2 5", id="words"),
        pytest.param("not an amount", "100 шт|5 у.е.|12 руб/м|5 тыс.|5 т.р.|2 млн руб.|100 руб 50 коп", id="units"),
        pytest.param("not an amount", "100 крон|100 BYR|100 DEM|$100 CAD|100 XXX|5 баллов", id="no single currency"),
        pytest.param("not an amount", "$|руб.|--5|+-5|(5|5)|5,-|++5|+|$(5)", id="signs"),
        pytest.param("negative", "-5|−5|–5|- 5|-0.01|5-|(12)|(12 руб.)|-$5|$-5|-12,50 руб.|-1 234|-1,234", id="minus"),
        pytest.param("more than 6 decimal places", "0.1234567|0,1234567|1 234,0000001|1.00000001", id="places"),
        pytest.param("too large", "9" * 33 + "|1" + "0" * 32 + "|1" + "0" * 40 + ".5", id="size"),
    ],
)
@pytest.mark.parametrize("mark", MARKS)
def test_refused(head, cells, mark):
    cells = cells.split("|")
    assert dict(zip(cells, heads(cells, mark), strict=True)) == dict.fromkeys(cells, head)
    assert values(cells, mark) == codes(cells) == [None] * len(cells)


@pytest.mark.parametrize("cell", ["1,234", "1.234", "999,000", "12.345", "1,234 руб.", "$1.234"])
@pytest.mark.parametrize("mark", [None, "either"])
def test_undecided_alone(cell, mark):
    assert (values([cell, "7", "1 000"], mark)[0], reasons([cell], mark)) == (None, ["grouping or decimal?"])


@pytest.mark.parametrize(
    ("mark", "comma", "point"),
    [(",", "1.234", "1234"), (".", "1234", "1.234")],
    ids=["comma", "point"],
)
@pytest.mark.parametrize("proof", [None, "12{}5", "1 234{}50", "0{}5", "1{other}234{other}567", "1{other}234{}5"])
def test_settled_by_option_or_by_another_cell(mark, comma, point, proof):
    other = "." if mark == "," else ","
    cells = ["1,234", "1.234"] if proof is None else ["1,234", "1.234", proof.format(mark, other=other)]
    assert values(cells, mark)[:2] == [Decimal(comma), Decimal(point)]
    if proof is not None:
        assert values(cells)[:2] == [Decimal(comma), Decimal(point)]
        assert reasons(cells) == [None, None, None]


def test_mixed_proofs_refuse_the_undecided_cells_only():
    cells = ["12,5", "12.5", "1,234", "7"]
    assert values(cells) == [Decimal("12.5"), Decimal("12.5"), None, Decimal(7)]
    assert reasons(cells) == [None, None, "decimal comma and point mixed", None]
    assert amounts.settle(evidence(cells)) is None


def test_a_stated_mark_is_never_second_guessed():
    assert values(["12.5", "1,234.5", "12,5"], ",") == [None, None, Decimal("12.5")]
    assert reasons(["12.5", "1,234.5", "12,5"], ",") == ["not the stated decimal mark"] * 2 + [None]
    assert values(["12,5", "1.234,5", "12.5"], ".") == [None, None, Decimal("12.5")]


@pytest.mark.parametrize("mark", ["", ";", "comma"])
@pytest.mark.parametrize("function", [amounts.decimal, amounts.reason])
def test_unknown_mark(function, mark):
    with pytest.raises(OptionError, match="is not a decimal mark"):
        function(pl.col("x"), decimal_mark=mark)


def test_every_reason_has_a_head():
    cells = ["шт", "-1", "0.1234567", "9" * 33, "1,234", "1,5", "1.5"]
    every = {*heads(cells), *heads(cells[:5]), *heads(cells, ",")} - {None}
    assert every == set(amounts.REASONS)


def test_evidence_counts_cells():
    cells = ["12,5", "1 000,00 руб.", "1.5", "1,234", "1.234", "7", "шт", None, ""]
    assert evidence(cells) == {"comma_decimal": 2, "dot_decimal": 1, "undecided": 2}
    assert evidence([None]) == evidence([]) == {"comma_decimal": 0, "dot_decimal": 0, "undecided": 0}


DIGITS = st.text(alphabet="0123456789", min_size=1, max_size=7)
JOINED = st.lists(st.one_of(DIGITS, st.sampled_from([*GROUPERS, ",", ".", "-", "+", "(", ")", "р.", "$", "e", "٣"])))
SHAPED = st.builds(
    lambda first, groups, grouper, tail, beside: first + "".join(grouper + group for group in groups) + tail + beside,
    st.integers(0, 1999).map(str),
    st.lists(st.integers(0, 999).map("{:03d}".format), max_size=2),
    st.sampled_from([*GROUPERS, ",", "."]),
    st.one_of(st.just(""), st.builds("{}{}".format, st.sampled_from(",."), DIGITS)),
    st.sampled_from(["", " руб.", "$", " шт", "-"]),
)
CELL = st.one_of(st.none(), SHAPED, SHAPED, JOINED.map("".join), st.text(max_size=6))
CELLS = st.lists(CELL, min_size=1, max_size=8)


def written(number, mark, grouper, code, before):
    """`number` as a person would write it."""
    whole, _, fraction = f"{number:f}".partition(".")
    groups = re.findall(r"\d{1,3}(?=(?:\d{3})*$)", whole)
    text = (grouper if len(whole) > 3 else "").join(groups) + (mark + fraction if fraction else "")
    return f"{code} {text}" if before else f"{text} {code}"


@given(
    st.decimals(min_value=0, max_value=Decimal(10) ** 31, places=None, allow_nan=False, allow_infinity=False),
    st.integers(0, 6),
    st.sampled_from(",."),
    st.sampled_from(["", *GROUPERS, "other mark"]),
    st.sampled_from(list(BESIDE)),
    st.booleans(),
)
def test_round_trip_of_a_written_amount(number, places, mark, grouper, beside, before):
    other = "." if mark == "," else ","
    whole, _, fraction = f"{number:f}".partition(".")
    exact = Decimal(f"{whole}.{fraction[:places]}" if fraction[:places] else whole)
    cell = written(exact, mark, other if grouper == "other mark" else grouper, beside, before)
    assert values([cell], mark) == [exact]
    assert codes([cell]) == [BESIDE[beside]]
    either = values([cell], "either")[0]
    assert either == exact or (either is None and reasons([cell], "either") == ["grouping or decimal?"])


@given(st.from_regex(r"\A[0-9]{1,40}(\.[0-9]{1,12})?\Z"))
def test_exact_or_refused(cell):
    number = Decimal(cell)
    value = values([cell], ".")[0]
    if value is None:
        assert number >= Decimal(10) ** 32 or number.as_tuple().exponent < -6
        assert heads([cell], ".")[0] in {"too large", "more than 6 decimal places"}
    else:
        assert value.as_tuple().exponent == -6
        assert Decimal(f"{value:f}") == number


@given(CELLS, st.sampled_from(MARKS))
def test_no_digit_is_lost_or_made_up(cells, mark):
    for cell, value in zip(cells, values(cells, mark), strict=True):
        if value is not None:
            written = "".join(re.findall("[0-9]", cell))
            assert written.strip("0") == f"{value:f}".replace(".", "").strip("0")


@given(CELLS, st.sampled_from(MARKS))
def test_reason_is_null_exactly_where_there_is_a_value_or_nothing(cells, mark):
    blank = column(cells).select(texts.unguarded(pl.col("x")).is_null())["x"]
    wanted = [value is None and not empty for value, empty in zip(values(cells, mark), blank, strict=True)]
    assert [reason is not None for reason in reasons(cells, mark)] == wanted
    assert set(heads(cells, mark)) <= {None, *amounts.REASONS}


@given(CELLS)
def test_reading_again_gives_the_same(cells):
    for mark in (None, "either"):
        once = values(cells, mark)
        assert values([value if value is None else str(value) for value in once], mark) == once


@given(CELLS)
def test_looking_once_and_saying_gives_what_the_column_decides(cells):
    mark = amounts.settle(evidence(cells)) or "either"
    assert values(cells, mark) == values(cells)


@given(CELLS, CELLS)
def test_evidence_of_parts_adds_up(first, second):
    parts = evidence(first), evidence(second)
    assert evidence(first + second) == {name: sum(part[name] for part in parts) for name in parts[0]}


@given(CELLS, st.randoms(use_true_random=False))
def test_order_makes_no_difference(cells, chance: random.Random):
    order = chance.sample(range(len(cells)), len(cells))
    read = values(cells)
    assert values([cells[place] for place in order]) == [read[place] for place in order]


@given(CELLS, st.sampled_from(["1,234", "12.345", "7", None, "шт"]))
def test_what_proves_nothing_changes_nothing(cells, extra):
    assert values([*cells, extra])[:-1] == values(cells)


@given(CELLS)
def test_a_currency_stands_only_beside_an_amount(cells):
    readable = [value is not None for value in values(cells, "either")]
    undecided = [head == "grouping or decimal?" for head in heads(cells, "either")]
    for code, good, asked in zip(codes(cells), readable, undecided, strict=True):
        assert code is None or good or asked
