"""Durations: every form, every refusal, and the laws that hold for all of them."""

import datetime as dt
from collections.abc import Callable
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callframe.errors import OptionError
from callframe.normalize import _spans, durations, texts

Cells = list[str | None]


def values(cells: Cells, **options: object) -> list[int | None]:
    return (
        pl.DataFrame({"x": cells}, schema={"x": pl.String})
        .select(durations.seconds(pl.col("x"), **options))["x"]
        .to_list()
    )


def reasons(cells: Cells, **options: object) -> list[str | None]:
    return (
        pl.DataFrame({"x": cells}, schema={"x": pl.String})
        .select(durations.reason(pl.col("x"), **options))["x"]
        .to_list()
    )


def explanations(cells: Cells, **options: object) -> list[tuple[int | None, str | None]]:
    frame = pl.DataFrame({"x": cells}, schema={"x": pl.String}).select(durations.explained(pl.col("x"), **options))
    return frame.unnest("x").rows()


def evidence(cells: Cells) -> dict[str, int]:
    return pl.DataFrame({"x": cells}, schema={"x": pl.String}).select(durations.evidence(pl.col("x"))).item()


FORMS = [
    pytest.param("0", 0, id="zero"),
    pytest.param("65", 65, id="seconds"),
    pytest.param("0065", 65, id="leading zeros"),
    pytest.param("65.0", 65, id="float of seconds"),
    pytest.param("65,00", 65, id="comma float of seconds"),
    pytest.param("86400", 86_400, id="24 hours"),
    pytest.param(" 65\u00a0", 65, id="space around"),
    pytest.param('="65"', 65, id="spreadsheet guard"),
    pytest.param("'65", 65, id="apostrophe"),
    pytest.param("'65'", 65, id="single quotes"),
    pytest.param(' "65" ', 65, id="quotes and space"),
    pytest.param("0,000", 0, id="no thousands"),
    pytest.param("065.000", 65, id="no group begins with 0"),
    pytest.param("1000,000", 1_000, id="no group has four digits"),
    pytest.param("12.345 сек", 12, id="point in seconds"),
    pytest.param("1 мин 12,345 сек", 72, id="comma in seconds after minutes"),
    pytest.param("0,345 сек", 0, id="comma after nothing"),
    pytest.param("1,234 мин", 74, id="comma in minutes"),
    pytest.param("0,500 суток", 43_200, id="comma in days"),
    pytest.param("1,000 сутки", 86_400, id="a day to three places"),
    pytest.param("PT12,345S", 12, id="ISO knows no groups"),
    pytest.param("0:01:23", 83, id="h:mm:ss"),
    pytest.param("00:01:23", 83, id="hh:mm:ss"),
    pytest.param("000:01:23", 83, id="hhh:mm:ss"),
    pytest.param("23:59:59", 86_399, id="longest clock"),
    pytest.param("24:00:00", 86_400, id="24 hours on a clock"),
    pytest.param("00:01:23.987", 83, id="fraction is cut"),
    pytest.param("0 days 00:01:23", 83, id="pandas"),
    pytest.param("1 day, 0:00:00", 86_400, id="Python"),
    pytest.param("PT1M5S", 65, id="ISO"),
    pytest.param("pt1h", 3_600, id="ISO hours, lower case"),
    pytest.param("PT65.9S", 65, id="ISO fraction is cut"),
    pytest.param("PT1.5M", 90, id="ISO decimal minutes"),
    pytest.param("P1D", 86_400, id="ISO day"),
    pytest.param("P0DT0H1M5S", 65, id="ISO with zeros"),
    pytest.param("1 мин 5 сек", 65, id="мин сек"),
    pytest.param("1 мин. 5 сек.", 65, id="мин. сек."),
    pytest.param("1 ч 2 мин", 3_720, id="ч мин"),
    pytest.param("1 ч 2 мин 3 сек", 3_723, id="ч мин сек"),
    pytest.param("1ч2м3с", 3_723, id="ч м с"),
    pytest.param("1 час, 2 минуты и 3 секунды", 3_723, id="words"),
    pytest.param("2 часа 5 минут", 7_500, id="часа минут"),
    pytest.param("5 ЧАСОВ", 18_000, id="upper case"),
    pytest.param("5 сек.", 5, id="сек."),
    pytest.param("90 секунд", 90, id="секунд"),
    pytest.param("2 минуты", 120, id="минуты"),
    pytest.param("1.5 мин", 90, id="decimal minutes"),
    pytest.param("1,5 мин", 90, id="decimal minutes with a comma"),
    pytest.param("1,33 мин", 80, id="decimal minutes mean the nearest second"),
    pytest.param("1.15 minutes", 69, id="exact product"),
    pytest.param("0.1 ч", 360, id="decimal hours"),
    pytest.param("65.9 сек", 65, id="parts of a second are cut"),
    pytest.param("1 сутки", 86_400, id="day"),
    pytest.param("1m 5s", 65, id="m s"),
    pytest.param("1h2m3s", 3_723, id="h m s"),
    pytest.param("65 s", 65, id="s"),
    pytest.param("1 hour and 2 minutes", 3_720, id="and"),
    pytest.param("2 hrs 5 mins 1 sec", 7_501, id="hrs mins sec"),
    pytest.param("1999 ms", 1, id="milliseconds are cut"),
    pytest.param("1 мин 1500 мс", 61, id="minutes and milliseconds"),
    pytest.param("0:00", 0, id="nothing in both readings"),
    pytest.param("75:10", 4_510, id="proves itself"),
    pytest.param("24:00:00.0", 86_400, id="24 hours with a tail"),
]


@pytest.mark.parametrize(("cell", "expected"), FORMS)
def test_form(cell: str, expected: int) -> None:
    assert values([cell]) == [expected]
    assert explanations([cell]) == [(expected, None)]


REFUSED = [
    pytest.param("1:35", "minutes or hours first?", id="two parts"),
    pytest.param("0:35", "minutes or hours first?", id="two parts, zero first"),
    pytest.param("24:00", "minutes or hours first?", id="24:00 could be hours"),
    pytest.param("1.5", "unit unknown", id="decimal"),
    pytest.param("0,5", "unit unknown", id="decimal with a comma"),
    pytest.param("0.00109", "unit unknown", id="fraction of a day, maybe"),
    pytest.param("1,000", "unit unknown", id="a thousand, maybe"),
    pytest.param("1.000", "unit unknown", id="a thousand with a point, maybe"),
    pytest.param("12,000", "unit unknown", id="twelve thousand, maybe"),
    pytest.param("999.000", "unit unknown", id="most thousands, maybe"),
    pytest.param("-1,000", "unit unknown", id="minus a thousand, maybe"),
    pytest.param("12,345 сек", "thousands or a fraction?", id="grouped seconds, maybe"),
    pytest.param("1,234 s", "thousands or a fraction?", id="grouped s, maybe"),
    pytest.param("1,234с", "thousands or a fraction?", id="grouped с, maybe"),
    pytest.param("12,000 мс", "thousands or a fraction?", id="grouped milliseconds, maybe"),
    pytest.param("5'", "not a duration", id="minutes of arc, maybe"),
    pytest.param('5"', "not a duration", id="seconds of arc, maybe"),
    pytest.param("5' ", "not a duration", id="minutes of arc and a space"),
    pytest.param("5''", "not a duration", id="two quotes"),
    pytest.param("5'30\"", "not a duration", id="minutes and seconds of arc"),
    pytest.param('"5\'"', "not a duration", id="minutes of arc in quotes"),
    pytest.param("1:35'", "not a duration", id="two parts and a quote"),
    pytest.param("-5", "negative", id="negative"),
    pytest.param("-0:00:05", "negative", id="negative clock"),
    pytest.param("-1:35", "negative", id="negative, two parts"),
    pytest.param("−1 мин", "negative", id="minus sign"),
    pytest.param("-PT5S", "negative", id="negative ISO"),
    pytest.param("86401", "longer than 24 hours", id="24 hours and a second"),
    pytest.param("24:00:01", "longer than 24 hours", id="clock"),
    pytest.param("1795259101", "longer than 24 hours", id="Unix time"),
    pytest.param("100000000000000000", "longer than 24 hours", id="huge"),
    pytest.param("2 days 00:00:00", "longer than 24 hours", id="days"),
    pytest.param("25 ч", "longer than 24 hours", id="hours"),
    pytest.param("9999:30", "longer than 24 hours", id="two parts"),
    pytest.param("вчера", "not a duration", id="word"),
    pytest.param("мин", "not a duration", id="unit alone"),
    pytest.param("PT", "not a duration", id="ISO without parts"),
    pytest.param("1:60", "not a duration", id="60 seconds"),
    pytest.param("00:60:00", "not a duration", id="60 minutes"),
    pytest.param("00:00:60", "not a duration", id="60 seconds on a clock"),
    pytest.param("1:5", "not a duration", id="one digit"),
    pytest.param("1e3", "not a duration", id="exponent"),
    pytest.param("+5", "not a duration", id="plus"),
    pytest.param("1_000", "not a duration", id="underscore"),
    pytest.param("1 234", "not a duration", id="grouped"),
    pytest.param("5 сек 3 мин", "not a duration", id="wrong order"),
    pytest.param("5 5 сек", "not a duration", id="number without a unit"),
    pytest.param("5 яблок", "not a duration", id="no unit of time"),
    pytest.param("٦٥", "not a duration", id="other digits"),
    pytest.param("inf", "not a duration", id="infinite"),
    pytest.param("12345678901234567890", "not a duration", id="twenty digits"),
    pytest.param("2026-11-21 00:01:05", "not a duration", id="date"),
]


@pytest.mark.parametrize(("cell", "why"), REFUSED)
def test_refusal(cell: str, why: str) -> None:
    assert values([cell]) == [None]
    assert reasons([cell]) == [why]
    assert explanations([cell]) == [(None, why)]
    assert why in durations.REASONS


@pytest.mark.parametrize("cell", ["", " ", "-", "null", "NaN", "<не указано>", None])
def test_blank_is_null_without_a_reason(cell: str | None) -> None:
    assert values([cell]) == reasons([cell]) == [None]


STATED = [
    pytest.param("seconds", "65.9", 65, id="seconds"),
    pytest.param("seconds", "65", 65, id="whole seconds"),
    pytest.param("seconds", "12,345", None, id="grouped seconds, maybe"),
    pytest.param("seconds", "1,000", None, id="a thousand, maybe"),
    pytest.param("seconds", "12.345", 12, id="point in seconds"),
    pytest.param("seconds", "0,345", 0, id="comma after nothing"),
    pytest.param("seconds", "1234,567", 1_234, id="no group has four digits"),
    pytest.param("seconds", "12,34", 12, id="no group of two"),
    pytest.param("milliseconds", "12,345", None, id="grouped milliseconds, maybe"),
    pytest.param("milliseconds", "1999.500", 1, id="point in milliseconds"),
    pytest.param("milliseconds", "1500,5", 1, id="comma in milliseconds"),
    pytest.param("minutes", "1,234", 74, id="minutes to three places"),
    pytest.param("h:m:s", "1,000", None, id="h:m:s, a thousand, maybe"),
    pytest.param("milliseconds", "1999", 1, id="milliseconds"),
    pytest.param("milliseconds", "86400000", 86_400, id="24 hours of milliseconds"),
    pytest.param("minutes", "1.5", 90, id="minutes"),
    pytest.param("minutes", "1,5", 90, id="minutes with a comma"),
    pytest.param("minutes", "65", 3_900, id="whole minutes"),
    pytest.param("minutes", "1.58", 95, id="minutes, the nearest second"),
    pytest.param("minutes", "1.15", 69, id="minutes, exactly"),
    pytest.param("hours", "0.1", 360, id="hours"),
    pytest.param("days", "0.00109953703703704", 95, id="days"),
    pytest.param("days", "0,001099537", 95, id="days to nine places"),
    pytest.param("days", "1", 86_400, id="a day"),
    pytest.param("days", "2", None, id="two days"),
    pytest.param("days", "1000000000000000000", None, id="far too many days"),
    pytest.param("minutes", "0:01:05", 65, id="a clock is a clock"),
    pytest.param("minutes", "5 сек", 5, id="a unit in the text wins"),
    pytest.param("minutes", "PT5S", 5, id="ISO wins"),
    pytest.param("minutes", "1:35", None, id="minutes don't settle two parts"),
    pytest.param("minutes", "-1.5", None, id="negative minutes"),
    pytest.param("m:s", "1:35", 95, id="m:s"),
    pytest.param("m:s", "75:10", 4_510, id="m:s above an hour"),
    pytest.param("m:s", "1440:00", 86_400, id="m:s of 24 hours"),
    pytest.param("m:s", "65", 65, id="m:s, bare seconds"),
    pytest.param("m:s", "0:01:05", 65, id="m:s, three parts"),
    pytest.param("h:m", "1:35", 5_700, id="h:m"),
    pytest.param("h:m", "24:00", 86_400, id="h:m of 24 hours"),
    pytest.param("h:m", "75:10", None, id="h:m too long"),
    pytest.param("h:m:s", "1:02:03", 3_723, id="h:m:s"),
    pytest.param("h:m:s", "1:35", None, id="h:m:s, two parts"),
    pytest.param("h:m:s", "75:10", None, id="h:m:s, two parts that prove themselves"),
]


@pytest.mark.parametrize(("unit", "cell", "expected"), STATED)
def test_stated_unit(unit: str, cell: str, expected: int | None) -> None:
    assert values([cell], unit=unit) == [expected]
    why = reasons([cell], unit=unit)[0]
    assert (why is None) == (expected is not None)
    assert why is None or why in durations.REASONS


def test_two_parts_proven_by_the_column() -> None:
    cells: Cells = ["1:35", "75:10", "0:00", "65", None]
    assert values(cells) == [95, 4_510, 0, 65, None]
    assert values(cells[::-1]) == [None, 65, 0, 4_510, 95]
    assert evidence(cells) == {"m_s": 1, "h_m": 0, "undecided": 1}
    assert durations.settle(evidence(cells)) == "m:s"
    assert values(cells, unit="m:s") == values(cells)


def test_three_parts_prove_nothing_of_two() -> None:
    cells: Cells = ["1:35", "1:02:03", "0:00:05"]
    assert values(cells) == [None, 3_723, 5]
    assert evidence(cells) == {"m_s": 0, "h_m": 0, "undecided": 1}
    assert durations.settle(evidence(cells)) is None


PROOFS = [
    pytest.param("23:59", "undecided", id="less than a day either way"),
    pytest.param("24:00", "undecided", id="a day of hours"),
    pytest.param("24:01", "m_s", id="a minute more than a day of hours"),
    pytest.param("1440:00", "m_s", id="a day of minutes"),
    pytest.param("1440:01", None, id="more than a day either way"),
    pytest.param("0:00", None, id="nothing either way"),
]


@pytest.mark.parametrize(("cell", "kind"), PROOFS)
def test_what_a_cell_of_two_parts_proves(cell: str, kind: str | None) -> None:
    assert evidence([cell]) == {name: int(name == kind) for name in ("m_s", "h_m", "undecided")}


@pytest.mark.parametrize("unit", ["minute", "мин", "", "h", "mm:ss"])
@pytest.mark.parametrize("build", [durations.seconds, durations.reason, durations.explained])
def test_unknown_unit_when_built(build: Callable[..., pl.Expr], unit: str) -> None:
    with pytest.raises(OptionError, match="not a unit of time"):
        build(pl.col("x"), unit=unit)


DIFFERENCES = [
    pytest.param("21.11.2026 14:05:31", "21.11.2026 14:05:01", 30, None, id="clock times"),
    pytest.param("1795259131", "1795259101", 30, None, id="Unix times"),
    pytest.param("2026-11-21T14:05:31+03:00", "2026-11-21T11:05:01Z", 30, None, id="offsets"),
    pytest.param("21.11.2026 14:05:01", "21.11.2026 14:05:01", 0, None, id="at once"),
    pytest.param("22.11.2026 14:05:01", "21.11.2026 14:05:01", 86_400, None, id="a day"),
    pytest.param("0", "21.11.2026 14:05:01", None, None, id="never"),
    pytest.param(" 0 ", "вчера", None, None, id="never, start unread"),
    pytest.param("", "21.11.2026 14:05:01", None, None, id="end blank"),
    pytest.param("21.11.2026 14:05:01", None, None, None, id="start null"),
    pytest.param("21.11.2026 14:05:01", "21.11.2026 14:05:31", None, "negative", id="negative"),
    pytest.param("22.11.2026 14:05:02", "21.11.2026 14:05:01", None, "longer than 24 hours", id="too long"),
    pytest.param("21.11.2026", "21.11.2026 14:05:01", None, "no time of day", id="end a date"),
    pytest.param("21.11.2026 14:05:01", "вчера", None, "not a date and time", id="start a word"),
    pytest.param("1795259131", "21.11.2026 14:05:01", None, "no time zone", id="an instant and a clock time"),
    pytest.param("03/04/2026 14:05:31", "03/04/2026 14:05:01", None, "day or month first?", id="order"),
    pytest.param("15/04/2026 00:05", "14/04/2026 23:55", 600, None, id="order proven"),
    pytest.param("13/04/2026 00:05", "12/04/2026 23:55", 600, None, id="order proven by the other"),
]


@pytest.mark.parametrize(("end", "start", "expected", "why"), DIFFERENCES)
def test_difference(end: str | None, start: str | None, expected: int | None, why: str | None) -> None:
    frame = pl.DataFrame({"end": [end], "start": [start]}, schema={"end": pl.String, "start": pl.String})
    assert frame.select(durations.difference(pl.col("end"), pl.col("start"))).item() == expected
    assert frame.select(durations.difference_reason(pl.col("end"), pl.col("start"))).item() == why
    both = frame.select(durations.difference_explained(pl.col("end"), pl.col("start"))).item()
    assert both == {"value": expected, "reason": why}
    assert why is None or why.split(";")[0] in durations.DIFFERENCE_REASONS


def test_difference_in_a_zone() -> None:
    frame = pl.DataFrame(
        {"end": ["26.10.2014 02:30", "1795259131"], "start": ["26.10.2014 00:30", "21.11.2026 14:05:01"]}
    )
    both = [pl.col("end"), pl.col("start")]
    moscow = {"time_zone": "Europe/Moscow", "format": "day first"}
    assert frame.select(durations.difference(*both, **moscow))["end"].to_list() == [10_800, 30]
    assert frame.head(1).select(durations.difference(*both))["end"].to_list() == [7_200]
    skipped = pl.DataFrame({"end": ["27.03.2011 02:30"], "start": ["27.03.2011 01:30"]})
    assert skipped.select(durations.difference(*both, **moscow)).item() is None
    assert skipped.select(durations.difference_reason(*both, **moscow)).item().startswith("clock time skipped; ")


def test_difference_faces() -> None:
    frame = pl.DataFrame(
        {"end": ["15/04/2026 00:05", "0", None], "start": ["14/04/2026 23:55", "x", "y"], "g": [1, 1, 1]}
    )
    expr = durations.difference(pl.col("end"), pl.col("start"))
    assert frame.select(expr)["end"].to_list() == [600, None, None]
    assert frame.lazy().select(expr).collect(engine="streaming")["end"].to_list() == [600, None, None]
    assert frame.group_by("g").agg(expr)["end"].explode().to_list() == [600, None, None]
    assert frame.clear().select(expr)["end"].to_list() == []
    stated = durations.difference(pl.col("end"), pl.col("start"), format="%d/%m/%Y %H:%M")
    graph = frame.lazy().select(stated).show_graph(plan_stage="physical", engine="streaming", raw_output=True)
    assert "columnar-function" not in graph
    assert frame.lazy().select(stated).collect(engine="streaming")["end"].to_list() == [600, None, None]


def test_difference_options_are_checked_when_built() -> None:
    for build in (durations.difference, durations.difference_reason, durations.difference_explained):
        with pytest.raises(OptionError, match="time zone"):
            build(pl.col("end"), pl.col("start"), time_zone="Mars")


MIXED: Cells = ["65", "0:01:05", "1:05", "75:10", "1 мин 5 сек", "PT1M5S", "1.5", "-5", "вчера", "", None]

FACES = [
    pytest.param(lambda frame, expr: frame.select(expr), id="eager"),
    pytest.param(lambda frame, expr: frame.lazy().select(expr).collect(), id="lazy"),
    pytest.param(lambda frame, expr: frame.lazy().select(expr).collect(engine="streaming"), id="streaming"),
    pytest.param(lambda frame, expr: frame.with_columns(pl.lit(1).alias("g")).select(expr.over("g")), id="over"),
    pytest.param(
        lambda frame, expr: frame.group_by(pl.lit(1).alias("g")).agg(expr).explode("x").select("x"), id="group_by"
    ),
    pytest.param(
        lambda frame, expr: pl.concat([frame.head(4), frame.tail(-4)], rechunk=False).select(expr), id="chunked"
    ),
    pytest.param(lambda frame, expr: pl.concat([frame, frame]).slice(len(frame)).select(expr), id="sliced"),
    pytest.param(lambda frame, expr: frame.cast({"x": pl.Categorical}).select(expr), id="categorical"),
]


@pytest.mark.parametrize(
    "options", [{}, {"unit": "m:s"}, {"unit": "minutes"}], ids=["from the column", "m:s", "minutes"]
)
@pytest.mark.parametrize("face", FACES)
def test_faces(face: Callable[..., pl.DataFrame], options: dict[str, str]) -> None:
    frame = pl.DataFrame({"x": MIXED})
    for build, expected in ((durations.seconds, values), (durations.reason, reasons)):
        assert face(frame, build(pl.col("x"), **options))["x"].to_list() == expected(MIXED, **options)


def test_group_by_and_over_decide_for_each_group() -> None:
    frame = pl.DataFrame({"g": ["a", "a", "b", "b"], "x": ["1:35", "75:10", "1:35", "2:10"]})
    assert frame.select(durations.seconds(pl.col("x")).over("g"))["x"].to_list() == [95, 4_510, None, None]
    grouped = frame.group_by("g", maintain_order=True).agg(durations.seconds(pl.col("x")))
    assert grouped["x"].explode().to_list() == [95, 4_510, None, None]


def test_with_a_unit_it_streams() -> None:
    lazy = pl.LazyFrame({"x": MIXED}).select(
        durations.seconds(pl.col("x"), unit="m:s"), why=durations.reason(pl.col("x"), unit="minutes")
    )
    assert "columnar-function" not in lazy.show_graph(plan_stage="physical", engine="streaming", raw_output=True)


def test_evidence_streams() -> None:
    lazy = pl.LazyFrame({"x": MIXED}).select(durations.evidence(pl.col("x")))
    assert lazy.collect(engine="streaming").item() == lazy.collect().item() == evidence(MIXED)


@pytest.mark.parametrize("cells", [[], [None], [None, None]], ids=["empty", "null", "nulls"])
@pytest.mark.parametrize("unit", [None, *durations.UNITS])
def test_nothing_there(cells: Cells, unit: str | None) -> None:
    assert values(cells, unit=unit) == cells
    assert reasons(cells, unit=unit) == cells
    assert set(evidence(cells).values()) == {0}


WRITTEN: dict[str, Callable[[int], str]] = {
    "seconds": str,
    "float": lambda n: f"{n}.0",
    "h:mm:ss": lambda n: f"{n // 3600}:{n // 60 % 60:02}:{n % 60:02}",
    "hh:mm:ss": lambda n: f"{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}",
    "russian": lambda n: f"{n // 3600} ч {n // 60 % 60} мин {n % 60} сек",
    "english": lambda n: f"{n // 60}m {n % 60}s",
    "iso": lambda n: f"PT{n // 3600}H{n // 60 % 60}M{n % 60}S",
    "python": lambda n: str(dt.timedelta(seconds=n)),
}
lengths = st.lists(st.integers(0, 86_400), min_size=1, max_size=30)


@settings(max_examples=40, deadline=None)
@given(lengths, st.sampled_from(sorted(WRITTEN)), st.sampled_from([None, "seconds", "m:s", "h:m", "h:m:s"]))
def test_round_trip(spans: list[int], form: str, unit: str | None) -> None:
    assert values([WRITTEN[form](span) for span in spans], unit=unit) == spans


@settings(max_examples=40, deadline=None)
@given(lengths, st.sampled_from([("milliseconds", 1_000), ("minutes", 60), ("hours", 3_600), ("days", 86_400)]))
def test_round_trip_in_a_unit(spans: list[int], unit: tuple[str, int]) -> None:
    name, size = unit
    cells = [str(span * size) if name == "milliseconds" else f"{span / size:.9f}" for span in spans]
    assert values(cells, unit=name) == spans
    assert values([cell.replace(".", ",") for cell in cells], unit=name) == spans


@settings(max_examples=40, deadline=None)
@given(lengths)
def test_round_trip_of_two_parts(spans: list[int]) -> None:
    assert values([f"{span // 60}:{span % 60:02}" for span in spans], unit="m:s") == spans
    whole = [span // 60 * 60 for span in spans]
    assert values([f"{span // 3600}:{span // 60 % 60:02}" for span in whole], unit="h:m") == whole


cells = st.one_of(
    st.sampled_from([*MIXED, "1:35", "24:00", "24:01", "1440:00", "1441:00", "9999:59"]),
    st.text(max_size=10),
    st.text(alphabet="0123456789:.,- hmsptчмс", max_size=12),
)
columns = st.lists(cells, max_size=12)


@settings(max_examples=40, deadline=None)
@given(columns, st.sampled_from([None, *durations.UNITS]))
def test_reason_is_there_exactly_when_a_present_text_has_no_value(column: Cells, unit: str | None) -> None:
    blank = pl.DataFrame({"x": column}, schema={"x": pl.String}).select(texts.present(pl.col("x")).is_null())["x"]
    for empty, value, told in zip(blank, values(column, unit=unit), reasons(column, unit=unit), strict=True):
        assert (told is None) == (empty or value is not None)
        assert told is None or told in durations.REASONS
        assert value is None or 0 <= value <= durations.LONGEST


@settings(max_examples=60, deadline=None)
@given(columns, st.sampled_from([None, *durations.UNITS]))
def test_explained_is_value_and_reason(column: Cells, unit: str | None) -> None:
    both = zip(values(column, unit=unit), reasons(column, unit=unit), strict=True)
    assert explanations(column, unit=unit) == list(both)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([_spans._NUMBER, _spans._THREE_PARTS, _spans._TWO_PARTS, _spans._ISO, _spans._WORDS]), st.data())
def test_every_form_with_a_digit_is_likely(form: str, data: st.DataObject) -> None:
    text = pl.Series([data.draw(st.from_regex(form))])
    likely, is_form = text.str.contains(_spans._LIKELY).item(), text.str.contains(form).item()
    assert likely or not is_form or not text.str.contains("[0-9]").item()


@settings(max_examples=40, deadline=None)
@given(columns, st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(column: Cells, random: Random) -> None:
    places = list(range(len(column)))
    random.shuffle(places)
    got = values(column)
    assert values([column[place] for place in places]) == [got[place] for place in places]


@settings(max_examples=40, deadline=None)
@given(columns)
def test_an_undecided_cell_settles_nothing(column: Cells) -> None:
    assert values([*column, "1:35"])[:-1] == values(column)


@settings(max_examples=15, deadline=None)
@given(columns)
def test_what_is_settled_holds_for_every_batch(column: Cells) -> None:
    unit = durations.settle(evidence(column))
    if unit:
        assert [values([cell], unit=unit)[0] for cell in column] == values(column)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 23), st.integers(0, 59))
def test_explicit_parts_are_never_the_other_ones(first: int, second: int) -> None:
    cell = f"{first}:{second:02}"
    assert values([cell], unit="m:s") == [first * 60 + second]
    assert values([cell], unit="h:m") == [first * 3_600 + second * 60]


@settings(max_examples=40, deadline=None)
@given(columns, columns)
def test_difference_reason_is_there_exactly_when_it_must(ends: Cells, starts: Cells) -> None:
    size = min(len(ends), len(starts))
    both = [pl.col("end"), pl.col("start")]
    frame = pl.DataFrame({"end": ends[:size], "start": starts[:size]}, schema={"end": pl.String, "start": pl.String})
    got = frame.select(
        durations.difference(*both).alias("value"),
        durations.difference_reason(*both).alias("why"),
        pl.any_horizontal(texts.present(cell).fill_null("0") == "0" for cell in both).alias("never"),
    )
    for value, why, never in got.rows():
        assert (why is None) == (value is not None or never)


moments = st.sampled_from(
    [
        *(text for case in DIFFERENCES for text in case.values[:2]),
        *("26.10.2014 01:30", "27.03.2011 02:30", "0", " 0", "5", "2101-01-01T00:00:00Z", "вчера"),
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(moments, moments), max_size=8),
    st.sampled_from([None, "day first", "month first", "unix", "%d.%m.%Y %H:%M:%S"]),
    st.sampled_from([None, "Europe/Moscow"]),
    st.sampled_from(["null", "earliest", "latest"]),
)
def test_difference_explained_is_difference_and_reason(
    pairs: list[tuple[str | None, str | None]], form: str | None, zone: str | None, side: str
) -> None:
    frame = pl.DataFrame(pairs, schema={"end": pl.String, "start": pl.String}, orient="row")
    options = {"format": form, "time_zone": zone, "ambiguous": side, "non_existent": side}
    both = [pl.col("end"), pl.col("start")]
    got = frame.select(
        durations.difference(*both, **options).alias("value"),
        durations.difference_reason(*both, **options).alias("reason"),
        durations.difference_explained(*both, **options).alias("both"),
    )
    assert got["both"].struct.unnest().rows() == got.select("value", "reason").rows()
