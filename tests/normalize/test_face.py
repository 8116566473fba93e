"""What every normalizer promises, whatever it makes of a text: the same answer however the query is run."""

import random
import re
from collections.abc import Callable
from functools import partial

import polars as pl
import pytest
from polars.testing import assert_frame_equal, assert_series_equal

import callframe
from callframe.normalize import amounts, currencies, durations, flags, identifiers, phones, texts, timestamps, urls

Normalizer = Callable[[pl.Expr], pl.Expr]

PHONES = [
    "8 (912) 345-67-89",
    "+79123456789",
    "'79123456789",
    "+375 29 123-45-67",
    "Аноним",
    "12",
    "8912345678x",
    "１２",
]
TIMES = [
    "2026-11-21 14:05:01",
    "21.11.2026 9:05",
    "03/04/2026 10:00",
    "1795300000",
    "2026-11-21T14:05+05:00",
    "31.02.2026 1:00",
]
LENGTHS = ["65", "0:01:05", "1:35", "1 мин 5 сек", "PT1M5S", "-5", "долго"]


def moscow(function: Callable[..., pl.Expr], **options: str) -> Normalizer:
    return lambda expr: function(expr, time_zone="Europe/Moscow", **options)


def russian(function: Callable[..., pl.Expr]) -> Normalizer:
    return lambda expr: function(expr, region="RU")


def in_minutes(function: Callable[..., pl.Expr]) -> Normalizer:
    return lambda expr: function(expr, unit="m:s")


def part(name: str, explained: Normalizer) -> Normalizer:
    """One field of what `explained` gives, under the column's own name."""
    return lambda expr: explained(expr).struct.field(name).alias("x")


# A function of a column, and texts that take every way through it.
ELEMENTWISE = [
    pytest.param(texts.present, [" a ", "-", "NULL", "\ufeffб"], id="texts.present"),
    pytest.param(texts.plain, ["a\x07b", "\x07", "a\nb", "—"], id="texts.plain"),
    pytest.param(texts.unguarded, ["'1", '="2"', "'a'", "'null"], id="texts.unguarded"),
    pytest.param(texts.reason, ["a"], id="texts.reason"),
    pytest.param(currencies.iso4217, ["RUB", "руб.", "₽", "у.е.", "крона", "'USD"], id="currencies.iso4217"),
    pytest.param(currencies.reason, ["RUB", "у.е.", "крона", "BYR", "XXX"], id="currencies.reason"),
    pytest.param(
        lambda expr: amounts.decimal(expr, decimal_mark=","),
        ["12", "12,5", "1 234,50 руб.", "1,234", "-5", "12.5", "шт"],
        id="amounts.decimal comma",
    ),
    pytest.param(
        lambda expr: amounts.decimal(expr, decimal_mark="either"),
        ["12.5", "12,5", "1,234"],
        id="amounts.decimal either",
    ),
    pytest.param(
        lambda expr: amounts.reason(expr, decimal_mark="."), ["12.5", "12,5", "1,234", "-1", "1e5"], id="amounts.reason"
    ),
    pytest.param(amounts.currency, ["100р.", "$1", "5 шт", "5"], id="amounts.currency"),
    pytest.param(flags.binary, ["да", "нет", "1", "кто?"], id="flags.binary"),
    pytest.param(flags.reason, ["да", "кто?"], id="flags.reason"),
    pytest.param(identifiers.digits, ["123", "'123", "1.7E+18", "1700000000123450000", "x"], id="identifiers.digits"),
    pytest.param(identifiers.reason, ["123", "'123", "1.7E+18", "0", "x"], id="identifiers.reason"),
    pytest.param(identifiers.text, ["user-1", "'0", "1.7E+18"], id="identifiers.text"),
    pytest.param(
        lambda expr: identifiers.reason(expr, kind="text"), ["user-1", "1.7E+18"], id="identifiers.reason text"
    ),
    pytest.param(urls.absolute, ["https://a.ru/b", "www.a.ru/ c", "a.ru", "https://пример.рф"], id="urls.absolute"),
    pytest.param(russian(phones.e164), PHONES, id="phones.e164"),
    pytest.param(russian(phones.reason), PHONES, id="phones.reason"),
    pytest.param(part("value", russian(phones.explained)), PHONES, id="phones.explained value"),
    pytest.param(part("reason", russian(phones.explained)), PHONES, id="phones.explained reason"),
    pytest.param(russian(phones.is_valid), PHONES, id="phones.is_valid"),
    pytest.param(russian(phones.region_of), PHONES, id="phones.region_of"),
    pytest.param(russian(phones.extension), [*PHONES, "+79123456789 доб. 12"], id="phones.extension"),
    pytest.param(moscow(timestamps.unix_utc, format="day first"), TIMES, id="timestamps.unix_utc day first"),
    pytest.param(moscow(timestamps.unix_utc, format="%d.%m.%Y %H:%M"), TIMES, id="timestamps.unix_utc pattern"),
    pytest.param(moscow(timestamps.reason, format="month first"), TIMES, id="timestamps.reason"),
    pytest.param(
        part("value", moscow(timestamps.explained, format="day first")), TIMES, id="timestamps.explained value"
    ),
    pytest.param(part("reason", moscow(timestamps.explained, format="unix")), TIMES, id="timestamps.explained reason"),
    pytest.param(in_minutes(durations.seconds), LENGTHS, id="durations.seconds"),
    pytest.param(in_minutes(durations.reason), LENGTHS, id="durations.reason"),
    pytest.param(part("value", in_minutes(durations.explained)), LENGTHS, id="durations.explained value"),
    pytest.param(part("reason", in_minutes(durations.explained)), LENGTHS, id="durations.explained reason"),
    pytest.param(urls.reason, ["https://a.ru/b", "a.ru", "https://", "x"], id="urls.reason"),
]
COLUMNWISE = [
    pytest.param(amounts.decimal, ["12,5", "1,234", "1.234", "7"], id="amounts.decimal"),
    pytest.param(amounts.reason, ["12,5", "1.5", "1,234", "-7"], id="amounts.reason"),
    pytest.param(moscow(timestamps.unix_utc), TIMES, id="timestamps.unix_utc"),
    pytest.param(moscow(timestamps.reason), TIMES, id="timestamps.reason"),
    pytest.param(part("value", moscow(timestamps.explained)), TIMES, id="timestamps.explained value"),
    pytest.param(part("reason", moscow(timestamps.explained)), TIMES, id="timestamps.explained reason"),
    pytest.param(durations.seconds, LENGTHS, id="durations.seconds"),
    pytest.param(durations.reason, [*LENGTHS, "75:10"], id="durations.reason"),
    pytest.param(part("reason", durations.explained), [*LENGTHS, "75:10"], id="durations.explained reason"),
]
BOTH = [
    pytest.param(texts.plain, texts.reason, texts.explained, ["a\x07b", "\x07", "a", "—"], id="texts"),
    pytest.param(
        currencies.iso4217, currencies.reason, currencies.explained, ["RUB", "₽", "у.е.", "крона"], id="currencies"
    ),
    pytest.param(flags.binary, flags.reason, flags.explained, ["да", "нет", "кто?", "Да."], id="flags"),
    pytest.param(
        identifiers.digits, identifiers.reason, identifiers.explained, ["123", "'123", "1.7E+18"], id="identifiers"
    ),
    pytest.param(
        identifiers.text,
        lambda expr: identifiers.reason(expr, kind="text"),
        lambda expr: identifiers.explained(expr, kind="text"),
        ["user-1", "'0", "1.7E+18", "\x07"],
        id="identifiers text",
    ),
    pytest.param(urls.absolute, urls.reason, urls.explained, ["https://a.ru/b", "www.a.ru/ c", "a.ru"], id="urls"),
    *(
        pytest.param(
            *(partial(function, decimal_mark=mark) for function in (amounts.decimal, amounts.reason)),
            lambda expr, mark=mark: amounts.explained(expr, decimal_mark=mark),
            ["12,5", "1,234", "1.234", "1 234,50 руб.", "7", "-7", "1.5", "шт"],
            id=f"amounts {mark}",
        )
        for mark in (None, ",", ".", "either")
    ),
]
every = pytest.mark.parametrize(("function", "cells"), ELEMENTWISE + COLUMNWISE)
elementwise = pytest.mark.parametrize(("function", "cells"), ELEMENTWISE)


def column(cells: list[str]) -> pl.DataFrame:
    """Each cell some times over, with nulls and blanks between."""
    many = [*cells, None, "", *reversed(cells), None] * 3
    return pl.DataFrame({"x": many}, schema={"x": pl.String}).with_row_index("row")


def expected(function: Normalizer, frame: pl.DataFrame) -> pl.Series:
    return frame.select(function(pl.col("x"))).to_series()


@every
def test_null_and_blank_stay_null(function: Normalizer, cells: list[str]) -> None:
    result = expected(function, pl.DataFrame({"x": [*cells, None, " ", "-", "<не указано>"]}))
    assert result[-4:].null_count() == 4


@every
def test_keeps_name_and_length(function: Normalizer, cells: list[str]) -> None:
    frame = column(cells)
    result = expected(function, frame)
    assert (result.name, len(result)) == ("x", len(frame))


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
@pytest.mark.parametrize(("value", "reason", "explained", "cells"), BOTH)
def test_explained_is_the_value_and_the_reason(
    value: Normalizer, reason: Normalizer, explained: Normalizer, cells: list[str], engine: str
) -> None:
    cell = pl.col("x")
    for frame in (column(cells), column(cells).clear(), column(cells).with_columns(x=pl.lit(None, pl.String))):
        told = frame.lazy().select(explained(cell)).collect(engine=engine)
        apart = frame.select(value(cell).alias("value"), reason(cell).alias("reason"))
        assert_frame_equal(told.unnest("x").select("value", "reason"), apart)


@every
@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_lazy(function: Normalizer, cells: list[str], engine: str) -> None:
    frame = column(cells)
    query = frame.lazy().with_columns(y=function(pl.col("x")))
    assert_series_equal(query.collect(engine=engine)["y"], expected(function, frame), check_names=False)
    assert query.collect_schema()["y"] == expected(function, frame).dtype


@every
def test_chunked_and_sliced(function: Normalizer, cells: list[str]) -> None:
    frame = column(cells)
    chunked = pl.concat([frame[:3], frame[3:5], frame[5:]], rechunk=False)
    assert chunked["x"].n_chunks() == 3
    assert_series_equal(expected(function, chunked), expected(function, frame))
    padded = pl.concat([frame.clear(), pl.DataFrame({"row": [0], "x": ["12,5"]}, schema=frame.schema), frame])
    assert_series_equal(expected(function, padded.slice(1)), expected(function, frame))


@every
def test_empty_and_all_null(function: Normalizer, cells: list[str]) -> None:
    dtype = expected(function, column(cells)).dtype
    for frame in (pl.DataFrame(schema={"x": pl.String}), pl.DataFrame({"x": [None, None]}, schema={"x": pl.String})):
        for engine in ("in-memory", "streaming"):
            result = frame.lazy().select(function(pl.col("x"))).collect(engine=engine)["x"]
            assert (result.dtype, result.null_count(), len(result)) == (dtype, len(frame), len(frame))
    assert expected(function, pl.DataFrame({"x": [None, None]})).to_list() == [None, None]


@every
def test_categorical(function: Normalizer, cells: list[str]) -> None:
    frame = column(cells)
    categorical = frame.with_columns(pl.col("x").cast(pl.Categorical))
    assert_series_equal(expected(function, categorical), expected(function, frame))


@every
def test_order_of_rows_makes_no_difference(function: Normalizer, cells: list[str]) -> None:
    frame = column(cells).with_columns(y=function(pl.col("x")))
    order = random.Random(7).sample(range(len(frame)), len(frame))
    shuffled = frame[order].with_columns(z=function(pl.col("x")))
    assert_series_equal(shuffled["z"], shuffled["y"], check_names=False)


@every
def test_whole_column_as_a_group(function: Normalizer, cells: list[str]) -> None:
    frame = column(cells).with_columns(key=pl.lit("a"))
    grouped = frame.group_by("key").agg(function(pl.col("x"))).explode("x")["x"]
    assert_series_equal(grouped, expected(function, frame))
    over = frame.select(function(pl.col("x")).over("key"))["x"]
    assert_series_equal(over, expected(function, frame))


@elementwise
def test_groups(function: Normalizer, cells: list[str]) -> None:
    frame = column(cells).with_columns(key=pl.col("row") % 3, y=function(pl.col("x")))
    grouped = frame.group_by("key", maintain_order=True).agg("y", function(pl.col("x")).alias("z")).explode("y", "z")
    assert_series_equal(grouped["z"], grouped["y"], check_names=False)
    assert_series_equal(frame.select(function(pl.col("x")).over("key"))["x"], frame["y"], check_names=False)


@elementwise
def test_a_cell_alone_gives_what_it_gives_among_others(function: Normalizer, cells: list[str]) -> None:
    together = expected(function, pl.DataFrame({"x": cells}))
    alone = pl.concat([expected(function, pl.DataFrame({"x": [cell]})) for cell in cells])
    assert_series_equal(alone, together)


def steps(query: pl.LazyFrame) -> set[str]:
    """The kinds of step in the streaming engine's plan."""
    plan = query.show_graph(engine="streaming", plan_stage="physical", raw_output=True)
    return set(re.findall(r'\[label="([a-z-]+)', plan))


@elementwise
def test_streams(function: Normalizer, cells: list[str]) -> None:
    assert steps(column(cells).lazy().select(function(pl.col("x")))) <= {"in-memory-source", "select", "with-columns"}


def test_evidence_streams() -> None:
    plan = steps(column(["1,5"]).lazy().select(amounts.evidence(pl.col("x"))))
    assert plan <= {"in-memory-source", "select", "with-columns", "reduce"}


def test_a_question_to_the_whole_column_does_not_stream() -> None:
    assert "columnar-function" in steps(column(["1,5"]).lazy().select(amounts.decimal(pl.col("x"))))


@every
def test_filters_and_literals(function: Normalizer, cells: list[str]) -> None:
    frame = column(cells)
    kept = frame.lazy().with_columns(y=function(pl.col("x"))).filter(pl.col("y").is_not_null()).collect()["y"]
    assert_series_equal(kept, expected(function, frame).drop_nulls(), check_names=False)
    assert pl.select(function(pl.lit(None, pl.String))).item() is None


@pytest.mark.parametrize("name", sorted(callframe.normalize.NORMALIZERS))
def test_every_normalizer_is_a_method_of_expressions(name: str) -> None:
    function = getattr(getattr(callframe.normalize, callframe.normalize.NORMALIZERS[name]), name)
    frame = column([*PHONES, *TIMES, *LENGTHS, "12,5", "да", "RUB", "https://a.ru/b"])

    assert_series_equal(frame.select(getattr(pl.col("x").calls, name)())["x"], frame.select(function(pl.col("x")))["x"])


def test_reasons_are_methods_too() -> None:
    cells = ["8 (912) 345-67", "1.7E+18", "+79123456789"]
    for name, module in (("e164", phones), ("digits", identifiers)):
        told = column(cells).select(
            pl.col("x").calls.reason(name).alias("reason"), pl.col("x").calls.explained(name).alias("both")
        )
        assert_series_equal(told["reason"], column(cells).select(reason=module.reason(pl.col("x")))["reason"])
        assert_series_equal(told["reason"], told["both"].struct.field("reason"))
    assert column(["1.7E+18"]).select(pl.col("x").calls.reason("text"))["x"][0] == "digits lost in a spreadsheet"
    with pytest.raises(AttributeError, match="no normalizer 'phone'; there are e164, "):
        pl.col("x").calls.reason("phone")


def test_options_reach_the_normalizer_through_the_namespace() -> None:
    frame = pl.DataFrame({"x": ["8 (912) 345-67-89"]})
    assert frame.select(pl.col("x").calls.e164(region="RU")).item() == "+79123456789"


def test_an_explained_price_comes_with_its_currency() -> None:
    frame = column(["12", "12,5", "1 234,50 руб.", "1,234", "$5", "шт"])
    for mark in (",", ".", "either", None):
        told = frame.select(amounts.explained(pl.col("x"), decimal_mark=mark)).unnest("x")
        assert_series_equal(told["currency"], frame.select(amounts.currency(pl.col("x")).alias("currency"))["currency"])
