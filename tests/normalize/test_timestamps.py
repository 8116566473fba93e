"""Moments: every form, every refusal, and the laws that hold for all of them."""

import datetime as dt
import email.utils
import itertools
import zoneinfo
from collections.abc import Callable
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callframe.errors import OptionError
from callframe.normalize import _spelled_dates, texts, timestamps

MOSCOW = "Europe/Moscow"
ZONES = (
    "Europe/Moscow",
    "Asia/Kamchatka",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Africa/Monrovia",
    "UTC",
)
END = 4_133_980_800
# 2026-11-21 14:05:01 in Moscow
AT = 1_795_259_101


def values(cells: list[str | None], **options: object) -> list[int | None]:
    return (
        pl.DataFrame({"x": cells}, schema={"x": pl.String})
        .select(timestamps.unix_utc(pl.col("x"), **options))["x"]
        .to_list()
    )


def reasons(cells: list[str | None], **options: object) -> list[str | None]:
    return (
        pl.DataFrame({"x": cells}, schema={"x": pl.String})
        .select(timestamps.reason(pl.col("x"), **options))["x"]
        .to_list()
    )


def explanations(cells: list[str | None], **options: object) -> list[tuple[int | None, str | None]]:
    frame = pl.DataFrame({"x": cells}, schema={"x": pl.String}).select(timestamps.explained(pl.col("x"), **options))
    return frame.unnest("x").rows()


def evidence(cells: list[str | None]) -> dict[str, int]:
    return pl.DataFrame({"x": cells}, schema={"x": pl.String}).select(timestamps.evidence(pl.col("x"))).item()


FORMS = [
    pytest.param("2026-11-21T14:05:01", AT, id="iso"),
    pytest.param("2026-11-21 14:05:01", AT, id="iso with a space"),
    pytest.param("2026-11-21t14:05:01", AT, id="iso in lower case"),
    pytest.param("2026-11-21T14:05", AT - 1, id="iso without seconds"),
    pytest.param("2026-11-21T14:05:01.999", AT, id="fraction is cut"),
    pytest.param("2026-11-21 14:05:01,5", AT, id="fraction after a comma"),
    pytest.param("2026-11-21 14:05:01.123456789", AT, id="nanoseconds"),
    pytest.param("2026-11-21T11:05:01Z", AT, id="Z"),
    pytest.param("2026-11-21T11:05:01z", AT, id="z"),
    pytest.param("2026-11-21 11:05:01 UTC", AT, id="UTC"),
    pytest.param("2026-11-21T11:05:01.5Z", AT, id="fraction and Z"),
    pytest.param("2026-11-21T11:05Z", AT - 1, id="Z without seconds"),
    pytest.param("2026-11-21T16:35:01+05:30", AT, id="offset with a colon"),
    pytest.param("2026-11-21T16:35:01+0530", AT, id="offset without a colon"),
    pytest.param("2026-11-21T06:05:01-05", AT, id="offset of hours"),
    pytest.param("2026-11-21 16:35:01 +05:30", AT, id="offset after a space"),
    pytest.param("2026-11-21 06:05:01 −05:00", AT, id="offset with a minus sign"),
    pytest.param("2026-11-21T16:05:01 UTC+5", AT, id="UTC and hours"),
    pytest.param("2026-11-21T16:05:01 GMT+05:00", AT, id="GMT and an offset"),
    pytest.param("2026-11-21T11:05:01-00:00", AT, id="offset minus zero"),
    pytest.param("2026-11-21T16:05+05:00", AT - 1, id="offset without seconds"),
    pytest.param("2026-11-22T01:05:01+14:00", AT, id="furthest east"),
    pytest.param("2026-11-20T21:05:01-14:00", AT, id="furthest west"),
    pytest.param("20261121T140501", AT, id="compact"),
    pytest.param("20261121T110501Z", AT, id="compact with Z"),
    pytest.param("20261121T110501.25Z", AT, id="compact with a fraction"),
    pytest.param("20261121T140501+0300", AT, id="compact with an offset"),
    pytest.param("20261121140501", AT, id="fourteen digits"),
    pytest.param("20261121140501.0", AT, id="fourteen digits with a tail"),
    pytest.param("20261121 140501", AT, id="compact with a space"),
    pytest.param("20261121 14:05:01", AT, id="compact date"),
    pytest.param("20261121T1405", AT - 1, id="compact without seconds"),
    pytest.param("2026/11/21 14:05", AT - 1, id="year first, slashes"),
    pytest.param("2026/11/21 14:05:01", AT, id="year first, slashes, seconds"),
    pytest.param("2026.11.21 14:05:01", AT, id="year first, points"),
    pytest.param("2026-4-3 9:05:01", 1_775_196_301, id="year first, no leading zeros"),
    pytest.param("Sat, 21 Nov 2026 11:05:01 +0000", AT, id="RFC 2822"),
    pytest.param("Sat, 21 Nov 2026 11:05:01 GMT", AT, id="RFC 2822 GMT"),
    pytest.param("Sat, 21 Nov 2026 14:05:01 +0300 (MSK)", AT, id="RFC 2822 with its comment"),
    pytest.param("Sat, 21 Nov 2026 11:05:01 +0000 (MSK)", AT, id="RFC 2822, the offset counts"),
    pytest.param("Sat, 21 Nov 2026 11:05:01 +0000 ()", AT, id="RFC 2822 with an empty comment"),
    pytest.param("Sat Nov 21 2026 14:05:01 GMT+0300 (Москва, стандартное время)", AT, id="JavaScript"),
    pytest.param("21 Nov 2026 14:05:01 +0300", AT, id="RFC 2822 without a weekday"),
    pytest.param("Sat, 21 Nov 2026 11:05:01 -0000", AT, id="RFC 2822 minus zero"),
    pytest.param("21.11.2026 14:05:01", AT, id="points"),
    pytest.param("21.11.2026 14:05", AT - 1, id="points without seconds"),
    pytest.param("03.04.2026 9:05", 1_775_196_300, id="points, hour of one digit"),
    pytest.param("03.04.2026 9:05:01", 1_775_196_301, id="points, hour of one digit, seconds"),
    pytest.param("3.4.2026 9:05:01", 1_775_196_301, id="points, no leading zeros"),
    pytest.param("3.4.2026 9:5:1", 1_775_196_301, id="no leading zeros at all"),
    pytest.param("21.11.2026, 14:05", AT - 1, id="comma before the time"),
    pytest.param("21.11.2026 в 14:05", AT - 1, id="в before the time"),
    pytest.param("21.11.2026T14:05:01", AT, id="points and T"),
    pytest.param("21.11.2026 14:05:01+03:00", AT, id="points and an offset"),
    pytest.param("21.11.2026  14:05:01", AT, id="two spaces"),
    pytest.param("21/11/2026 14:05:01", AT, id="slashes, proven by itself"),
    pytest.param("21-11-2026 14:05", AT - 1, id="dashes, proven by itself"),
    pytest.param("11/21/2026 14:05:01", AT, id="month first, proven by itself"),
    pytest.param("11/21/2026 2:05:01 PM", AT, id="PM"),
    pytest.param("11/21/2026 02:05 p.m.", AT - 1, id="p.m."),
    pytest.param("11/21/2026 02:05\u202fPM", AT - 1, id="PM after a narrow space"),
    pytest.param("21/11/2026 12:05:01 am", 1_795_208_701, id="midnight"),
    pytest.param("21/11/2026 12:05:01 pm", 1_795_251_901, id="noon"),
    pytest.param("21 ноября 2026 г. 14:05", AT - 1, id="genitive"),
    pytest.param("21 ноября 2026 года в 14:05:01", AT, id="genitive, года"),
    pytest.param("21 НОЯБРЯ 2026 г., 14:05", AT - 1, id="upper case"),
    pytest.param("21 ноя 2026 14:05", AT - 1, id="short"),
    pytest.param("21 нояб. 2026 14:05", AT - 1, id="four letters"),
    pytest.param("21 Ноябрь 2026 14:05", AT - 1, id="nominative"),
    pytest.param("сб, 21 ноября 2026 14:05", AT - 1, id="weekday"),
    pytest.param("Суббота, 21 ноября 2026 14:05", AT - 1, id="long weekday"),
    pytest.param("21 Nov 2026 14:05", AT - 1, id="English"),
    pytest.param("21-Nov-2026 14:05:01", AT, id="English with dashes"),
    pytest.param("November 21, 2026 2:05 PM", AT - 1, id="month, day"),
    pytest.param("Nov 21 2026 14:05:01", AT, id="month, day, no comma"),
    pytest.param("Saturday, November 21, 2026 at 2:05 PM", AT - 1, id="month, day, at"),
    pytest.param("21st November 2026 14:05", AT - 1, id="ordinal"),
    pytest.param("1795259101", AT, id="unix seconds"),
    pytest.param("1795259101.0", AT, id="unix seconds with a tail"),
    pytest.param("1795259101,0", AT, id="unix seconds with a comma tail"),
    pytest.param("1795259101.987", AT, id="unix seconds with a fraction"),
    pytest.param("1000000000", 1_000_000_000, id="fewest unix seconds"),
    pytest.param("4133980799", END - 1, id="most unix seconds"),
    pytest.param("1795259101999", AT, id="unix milliseconds"),
    pytest.param("1795259101999.0", AT, id="unix milliseconds with a tail"),
    pytest.param("1000000000000", 1_000_000_000, id="fewest milliseconds"),
    pytest.param("4133980799999", END - 1, id="most milliseconds"),
    pytest.param("1795259101999999", AT, id="unix microseconds"),
    pytest.param("1000000000000000", 1_000_000_000, id="fewest microseconds"),
    pytest.param("4133980799999999", END - 1, id="most microseconds"),
    pytest.param("46347.5868171296", AT, id="Excel"),
    pytest.param("46347,5868171296", AT, id="Excel with a comma"),
    pytest.param("46347", 1_795_208_400, id="Excel midnight"),
    pytest.param(" 21.11.2026 14:05\u00a0", AT - 1, id="space around"),
    pytest.param("\ufeff21.11.2026 14:05", AT - 1, id="byte order mark"),
    pytest.param('="21.11.2026 14:05"', AT - 1, id="spreadsheet guard"),
    pytest.param("'21.11.2026 14:05", AT - 1, id="apostrophe"),
    pytest.param("29.02.2028 00:00:00", 1_835_384_400, id="leap day"),
    pytest.param("1970-01-01T00:00:00Z", 0, id="first second"),
    pytest.param("1969-12-31T21:00:00-03:00", 0, id="first second, the year before"),
    pytest.param("2100-12-31T23:59:59Z", END - 1, id="last second"),
]


@pytest.mark.parametrize(("cell", "expected"), FORMS)
def test_form(cell: str, expected: int | None) -> None:
    assert values([cell], time_zone=MOSCOW) == [expected]
    assert explanations([cell], time_zone=MOSCOW) == [(expected, None)]


REFUSED = [
    pytest.param("вчера", "not a date and time", id="word"),
    pytest.param("Итого", "not a date and time", id="total"),
    pytest.param("12345678", "not a date and time", id="eight digits that are no date"),
    pytest.param("84951234567", "not a date and time", id="phone"),
    pytest.param("+1795259101", "not a date and time", id="plus"),
    pytest.param("+375291234567", "not a date and time", id="phone with a plus"),
    pytest.param("-1795259101", "not a date and time", id="minus"),
    pytest.param("1.7E+09", "not a date and time", id="exponent"),
    pytest.param("1_795_259_101", "not a date and time", id="underscores"),
    pytest.param("19999", "not a date and time", id="less than an Excel serial"),
    pytest.param("80001", "not a date and time", id="more than an Excel serial"),
    pytest.param("99999999", "not a date and time", id="less than unix seconds"),
    pytest.param(
        "100000000", "not a date and time; as Unix time it lies before September 2001", id="unix seconds of 1973"
    ),
    pytest.param(
        "999999999", "not a date and time; as Unix time it lies before September 2001", id="unix seconds of 2001"
    ),
    pytest.param(
        "999999999.5",
        "not a date and time; as Unix time it lies before September 2001",
        id="unix seconds of 2001 with a tail",
    ),
    pytest.param(
        "999999999999999", "not a date and time; as Unix time it lies before September 2001", id="microseconds of 2001"
    ),
    pytest.param("100000000000", "milliseconds or a date?", id="milliseconds of 1973"),
    pytest.param("250403091500", "milliseconds or a date?", id="YYMMDDhhmmss"),
    pytest.param("261121140501", "milliseconds or a date?", id="YYMMDDhhmmss of 2026"),
    pytest.param("261121140501.0", "milliseconds or a date?", id="YYMMDDhhmmss with a tail"),
    pytest.param("999999999999", "milliseconds or a date?", id="milliseconds of 2001"),
    pytest.param("375291234567", "milliseconds or a date?", id="phone of twelve digits"),
    pytest.param("4133980800", "not a date and time", id="more than unix seconds"),
    pytest.param("99999999999", "not a date and time", id="less than milliseconds"),
    pytest.param("4133980800000", "not a date and time", id="more than milliseconds"),
    pytest.param("99999999999999", "not a date and time", id="less than microseconds"),
    pytest.param("4133980800000000", "not a date and time", id="more than microseconds"),
    pytest.param("1795259101000000000", "not a date and time", id="nanoseconds"),
    pytest.param("٢٠٢٦-١١-٢١ ١٤:٠٥", "not a date and time", id="other digits"),
    pytest.param("21.11-2026 14:05", "not a date and time", id="separators differ"),
    pytest.param("21,11,2026 14:05", "not a date and time", id="commas"),
    pytest.param("21.11.2026 14:05:01 MSK", "not a date and time", id="name of a zone"),
    pytest.param("Sat, 21 Nov 2026 14:05:01 (MSK)", "not a date and time", id="comment without an offset"),
    pytest.param("Sat, 21 Nov 2026 14:05:01 +0300 (MSK", "not a date and time", id="comment without an end"),
    pytest.param("Sat, 21 Nov 2026 14:05:01 +0300 (MSK) x", "not a date and time", id="more behind a comment"),
    pytest.param("2026-11-21T14:05:01+15:00", "not a date and time", id="offset too large"),
    pytest.param("2026-11-21T14:05:01+05:60", "not a date and time", id="no such offset"),
    pytest.param("21.11.2026 14", "not a date and time", id="hour alone"),
    pytest.param("21.11.2026 !9:05:01", "not a date and time", id="mark for a digit"),
    pytest.param("21.11.2026 14:05:01 14:05:01", "not a date and time", id="two times"),
    pytest.param("202611211405", "milliseconds or a date?", id="twelve digits"),
    pytest.param("202611211405.0", "milliseconds or a date?", id="twelve digits with a tail"),
    pytest.param("21.11.2026", "no time of day", id="date"),
    pytest.param("2026-11-21", "no time of day", id="ISO date"),
    pytest.param("20261121", "no time of day", id="eight digits"),
    pytest.param("21 ноября 2026 г.", "no time of day", id="date in words"),
    pytest.param("03/04/2026", "no time of day", id="slash date"),
    pytest.param("14:05", "no date", id="time"),
    pytest.param("14:05:01", "no date", id="time with seconds"),
    pytest.param("2:05 PM", "no date", id="time with PM"),
    pytest.param("21.11.26 14:05", "two-digit year", id="two-digit year"),
    pytest.param("03/04/26", "two-digit year", id="two-digit year, no time"),
    pytest.param("21 ноя 26 14:05", "two-digit year", id="two-digit year in words"),
    pytest.param("31.02.2026 10:00", "no such date", id="31 February"),
    pytest.param("29.02.2026 10:00:00", "no such date", id="no leap year"),
    pytest.param("29.02.2100 10:00:00", "no such date", id="2100 is no leap year"),
    pytest.param("2026-13-01 10:00:00", "no such date", id="month 13"),
    pytest.param("00.11.2026 10:00", "no such date", id="day 0"),
    pytest.param("31/31/2026 10:00", "no such date", id="no date in either order"),
    pytest.param("31 ноября 2026 10:00", "no such date", id="in words"),
    pytest.param("20260231T100000", "no such date", id="compact"),
    pytest.param("31.02.2026", "no such date", id="no such date, no time either"),
    pytest.param("Sun, 21 Nov 2026 11:05:01 +0000", "no such date; the weekday is another", id="another weekday"),
    pytest.param("21.11.2026 24:00:00", "no such time", id="24:00"),
    pytest.param("21.11.2026 14:60:00", "no such time", id="minute 60"),
    pytest.param("2026-11-21T14:05:60", "no such time", id="leap second"),
    pytest.param("2026-12-31T23:59:60Z", "no such time", id="leap second with Z"),
    pytest.param("21/11/2026 13:05 PM", "no such time", id="13 PM"),
    pytest.param("21/11/2026 0:05 AM", "no such time", id="0 AM"),
    pytest.param("1969-12-31T23:59:59Z", "year out of range", id="a second too early"),
    pytest.param("01.01.1970 02:59:59", "year out of range", id="a second too early in Moscow"),
    pytest.param("2101-01-01T00:00:00Z", "year out of range", id="a second too late"),
    pytest.param("21.11.0026 14:05", "year out of range", id="year 26"),
    pytest.param("9999-12-31 23:59:59", "year out of range", id="year 9999"),
    pytest.param("20000", "year out of range", id="Excel before 1970"),
    pytest.param("80000,5", "year out of range", id="Excel after 2100"),
    pytest.param(
        "26.10.2014 01:30", "clock time repeated; 2014-10-25 21:30 UTC or 22:30 UTC", id="repeated in Moscow in 2014"
    ),
    pytest.param(
        "2011-03-27 02:30:15",
        "clock time skipped; 2011-03-26 23:30:15 UTC or 22:30:15 UTC",
        id="skipped in Moscow in 2011",
    ),
    pytest.param("03/04/2026 10:00", "day or month first?", id="order"),
    pytest.param("03-04-2026 10:00", "day or month first?", id="order, dashes"),
    pytest.param("3/4/2026 10:00:00 AM +0300", "day or month first?", id="order, with an offset"),
]


@pytest.mark.parametrize(("cell", "why"), REFUSED)
def test_refusal(cell: str, why: str) -> None:
    assert values([cell], time_zone=MOSCOW) == [None]
    assert reasons([cell], time_zone=MOSCOW) == [why]
    assert explanations([cell], time_zone=MOSCOW) == [(None, why)]
    assert why.split(";")[0] in timestamps.REASONS


@pytest.mark.parametrize(
    "whole", ["2026-11-21 14:05:01", "21.11.2026 14:05:01", "21.11.2026 14:05", "1/11/2026 14:05:01"]
)
def test_one_wrong_byte_is_refused(whole: str) -> None:
    marks = "/:;<?@!Oоx"
    broken = [
        whole[:place] + mark + whole[place + 1 :]
        for place, byte in enumerate(whole)
        for mark in (marks if byte.isdigit() else "059")
    ]
    got = values(broken, time_zone=MOSCOW, format="day first")
    assert [cell for cell, value in zip(broken, got, strict=True) if value is not None] == []


@pytest.mark.parametrize("cell", ["", " ", "-", "null", "NaN", "<не указано>", None])
def test_blank_is_null_without_a_reason(cell: str | None) -> None:
    assert values([cell], time_zone=MOSCOW) == reasons([cell], time_zone=MOSCOW) == [None]


MONTHS = (
    "янв фев мар апр май июн июл авг сен окт ноя дек",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "янв. февр. мар. апр. мая июн. июл. авг. сент. окт. нояб. дек.",
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "January February March April May June July August September October November December",
)


@pytest.mark.parametrize("names", MONTHS)
def test_months_in_words(names: str) -> None:
    cells = [f"05 {name} 2026 10:00" for name in names.split()]
    expected = [int(dt.datetime(2026, month, 5, 10, tzinfo=dt.UTC).timestamp()) for month in range(1, 13)]
    assert values(cells, time_zone="UTC") == expected
    assert values([cell.upper() for cell in cells], time_zone="UTC") == expected


def test_without_a_zone_only_offsets_count() -> None:
    cells = ["21.11.2026 14:05", "2026-11-21T11:05:01Z", "1795259101", "46347.5", "Sat, 21 Nov 2026 11:05:01 GMT"]
    assert values(cells) == [None, AT, AT, None, AT]
    assert reasons(cells) == ["no time zone", None, None, "no time zone", None]


ORDER = [
    pytest.param(["03/04/2026 10:00", "15/04/2026 10:00"], "day first", id="a day proves it"),
    pytest.param(["03/04/2026 10:00", "04/15/2026 10:00"], "month first", id="a month proves it"),
    pytest.param(["3-4-2026 9:00 AM", "15-04-2026 10:00"], "day first", id="dashes"),
    pytest.param(["03/04/2026 10:00Z", "15/04/2026 10:00:00+03:00"], "day first", id="with offsets"),
]


@pytest.mark.parametrize(("cells", "order"), ORDER)
def test_order_proven_by_the_column(cells: list[str], order: str) -> None:
    assert timestamps.settle(evidence(cells)) == order
    assert None not in values(cells, time_zone=MOSCOW)
    assert values(cells, time_zone=MOSCOW) == values(cells, time_zone=MOSCOW, format=order)
    assert values(cells[::-1], time_zone=MOSCOW) == values(cells, time_zone=MOSCOW)[::-1]


def test_order_not_proven() -> None:
    cells = ["03/04/2026 10:00", "04/04/2026 10:00", "21.11.2026 14:05:01", "31/02/2026 10:00", "05/04/2026", None]
    assert values(cells, time_zone=MOSCOW) == [None, 1_775_286_000, AT, None, None, None]
    assert reasons(cells, time_zone=MOSCOW) == [
        "day or month first?",
        None,
        None,
        "no such date",
        "no time of day",
        None,
    ]
    assert evidence(cells) == {"day_first": 0, "month_first": 0, "undecided": 1, "naive": 3}


PROOFS = [
    pytest.param("04/15/2026", "month_first", id="no time"),
    pytest.param("15/04/2026", "day_first", id="no time, day first"),
    pytest.param("4-15-2026", "month_first", id="dashes"),
    pytest.param("4−15−2026", "month_first", id="minus signs"),
    pytest.param(' ="04/15/2026"', "month_first", id="spreadsheet guard"),
    pytest.param("04/15/2026 25:00", "month_first", id="no such time"),
    pytest.param("04/15/2026 9:61:00", "month_first", id="no such minute"),
    pytest.param("04/15/2026T10", "month_first", id="hour alone"),
    pytest.param("04/15/2026, утром", "month_first", id="word for a time"),
    pytest.param("04/15/2026 10:00 MSK", "month_first", id="name of a zone"),
    pytest.param("04/15/2026 10:00 +15:00", "month_first", id="no such offset"),
    pytest.param("04/15/2026 10:00", "month_first", id="a moment"),
    pytest.param("03/04/2026", None, id="both orders"),
    pytest.param("03/04/2026 25:00", None, id="both orders, no such time"),
    pytest.param("31/02/2026", None, id="neither order"),
    pytest.param("04/15-2026", None, id="separators differ"),
    pytest.param("04.15.2026", None, id="points"),
    pytest.param("04/15/26 10:00", None, id="two-digit year"),
    pytest.param("04/15/20261", None, id="five-digit year"),
    pytest.param("2026/04/15", None, id="year first"),
    pytest.param("вчера", None, id="word"),
]


@pytest.mark.parametrize(("cell", "name"), PROOFS)
def test_a_date_proves_its_order_whatever_its_time(cell: str, name: str | None) -> None:
    found = evidence([cell])
    assert {order: found[order] for order in ("day_first", "month_first")} == {
        order: int(order == name) for order in ("day_first", "month_first")
    }


def test_dates_without_a_readable_time_contradict_the_others() -> None:
    cells = ["03/04/2026 10:00", "04/15/2026", "04/20/2026 25:00", "15/04/2026 10:00"]
    assert evidence(cells) == {"day_first": 1, "month_first": 2, "undecided": 1, "naive": 2}
    assert values(cells, time_zone=MOSCOW) == [None] * 4
    mixed = "day first and month first mixed"
    assert reasons(cells, time_zone=MOSCOW) == [mixed, "no time of day", "no such time", mixed]
    assert values(cells[:3], time_zone=MOSCOW) == values(cells[:3], time_zone=MOSCOW, format="month first")
    assert values(cells[:1], time_zone=MOSCOW) == [None]


def test_orders_mixed_refuse_every_slash_date() -> None:
    cells = ["03/04/2026 10:00", "15/04/2026 10:00", "04/15/2026 10:00", "04/04/2026 10:00", "21.11.2026 14:05:01"]
    assert values(cells, time_zone=MOSCOW) == [None, None, None, None, AT]
    assert reasons(cells, time_zone=MOSCOW) == ["day first and month first mixed"] * 4 + [None]
    assert evidence(cells) == {"day_first": 1, "month_first": 1, "undecided": 1, "naive": 5}
    assert timestamps.settle(evidence(cells)) is None


def test_a_stated_order_is_never_the_other_one() -> None:
    cells = ["03/04/2026 10:00", "15/04/2026 10:00", "04/15/2026 10:00:00", "2026-04-03 10:00:00"]
    third, fifteenth, march = 1_775_199_600, 1_776_236_400, 1_772_607_600
    assert values(cells, time_zone=MOSCOW, format="day first") == [third, fifteenth, None, third]
    assert values(cells, time_zone=MOSCOW, format="month first") == [march, None, fifteenth, third]
    assert reasons(cells, time_zone=MOSCOW, format="day first") == [None, None, "no such date", None]
    assert reasons(cells, time_zone=MOSCOW, format="month first") == [None, "no such date", None, None]


STATED = [
    pytest.param("unix", "0", 0, id="unix, small"),
    pytest.param("unix", "1795259101.9", AT, id="unix"),
    pytest.param("unix", "202611211405", None, id="unix out of range"),
    pytest.param("unix ms", "202611211405", 202_611_211, id="milliseconds that look like a date"),
    pytest.param("unix ms", "1795259101999", AT, id="milliseconds"),
    pytest.param("unix us", "1795259101999999", AT, id="microseconds"),
    pytest.param("unix", "250403091", 250_403_091, id="seconds of 1977"),
    pytest.param("unix ms", "250403091500", 250_403_091, id="milliseconds of 1977"),
    pytest.param("unix us", "250403091500000", 250_403_091, id="microseconds of 1977"),
    pytest.param("unix us", " 1795259101999999 ", AT, id="microseconds with space around"),
    pytest.param("excel", "46347,5868171296", AT, id="Excel"),
    pytest.param("excel", "46347.58682", AT, id="Excel to five places"),
    pytest.param("excel 1904", "44885.5868171296", AT, id="Excel 1904"),
    pytest.param("excel", "2026-11-21 14:05", None, id="Excel, another form"),
    pytest.param("unix", "2026-11-21T14:05:01Z", None, id="unix, another form"),
    pytest.param("unix", "-5", None, id="unix, negative"),
    pytest.param("%d/%m/%Y %H:%M:%S", "03/04/2026 9:05:01", 1_775_196_301, id="pattern, hour of one digit"),
    pytest.param("%d/%m/%Y %H:%M:%S", "3/4/2026 9:5:1", 1_775_196_301, id="pattern, no leading zeros"),
    pytest.param("%d/%m/%Y %H:%M:%S", "03/04/2026 09:05:01", 1_775_196_301, id="pattern"),
    pytest.param("%d/%m/%Y %H:%M:%S", "04/15/2026 09:05:01", None, id="pattern, the other order"),
    pytest.param("%d/%m/%Y %H:%M:%S", "2026-04-03 09:05:01", None, id="pattern, another form"),
    pytest.param("%d/%m/%Y %H:%M:%S", "03/04/2026 09:05:60", None, id="pattern, leap second"),
    pytest.param("%Y%m%d%H%M%S", "20261121140501", AT, id="digits"),
    pytest.param("%Y%m%d%H%M%S", "2026112114050", None, id="digits, one lost"),
    pytest.param("%Y%m%d%H%M%S", '="20261121140501"', AT, id="digits in a spreadsheet guard"),
    pytest.param("%Y%m%d%H%M%S%.f", "20261121140501.5", AT, id="digits and a fraction"),
    pytest.param("%Y%m%d%H%M%S%.f", "2026112114050.5", None, id="digits, one lost before a fraction"),
    pytest.param("%Y%m%d%H%M%S%3f", "20261121140501999", AT, id="digits and milliseconds"),
    pytest.param("%Y%m%d%H%M%S%3f", "2026112114050199", None, id="digits and milliseconds, one lost"),
    pytest.param("%Y%m%d%H%M%S%z", "20261121140501+0300", AT, id="digits and an offset"),
    pytest.param("%y%m%d%H%M%S", "26112114050", None, id="digits of a two-digit year, one lost"),
    pytest.param("%d.%m.%Y %H%M", "1.1.2026 1405", 1_767_265_500, id="digits beside separated numbers"),
    pytest.param("%d.%m.%Y %H%M", "21.11.2026 145", None, id="digits beside separated numbers, one lost"),
    pytest.param("%d/%m/%Y%H:%M", "21/11/20269:05", None, id="hour beside the year, one digit lost"),
    pytest.param("%F%T", "2026-11-2114:05:01", AT, id="short for digits side by side"),
    pytest.param("%F%T", "2026-11-214:05:01", None, id="short for digits side by side, one lost"),
    pytest.param("20%y-%m-%d %H:%M", "2026-11-21 14:05", AT - 1, id="digits of the pattern's own"),
    pytest.param("20%y-%m-%d %H:%M", "206-11-21 14:05", None, id="digits of the pattern's own, one lost"),
    pytest.param("%d%b%Y%%%F %T", "21Nov2026%2026-11-21 14:05:01", AT, id="a percent sign"),
    pytest.param("%Y-%m-%d%_H:%M", "2026-11-21 9:05", 1_795_241_100, id="space for a zero"),
    pytest.param("%d/%m/%Y %H:%M:%S", "03/04/2060 10:00:00", 2_848_201_200, id="pattern, 60 elsewhere"),
    pytest.param("%d/%m/%Y %H:%M:%S", "03/04/2026 24:00:00", None, id="pattern, 24:00"),
    pytest.param("%d.%m.%y %H:%M", "21.11.26 14:05", AT - 1, id="pattern, two-digit year"),
    pytest.param("%m/%d/%Y %I:%M %p", "11/21/2026 02:05 PM", AT - 1, id="pattern, PM"),
    pytest.param("%Y-%m-%dT%H:%M:%S%z", "2026-11-21T16:05:01+0500", AT, id="pattern, offset"),
    pytest.param("%Y-%m-%dT%H:%M:%S%z", "2026-11-21T11:05:01Z", AT, id="pattern, Z"),
    pytest.param("%Y-%m-%d %H:%M:%S.%f", "2026-11-21 14:05:01.999999", AT, id="pattern, fraction as in Python"),
    pytest.param("%Y-%m-%d %H:%M:%S%.f", "1970-01-01 02:59:59.9", None, id="pattern, fraction before 1970"),
]


@pytest.mark.parametrize(("stated", "cell", "expected"), STATED)
def test_stated_format(stated: str, cell: str, expected: int | None) -> None:
    assert values([cell], time_zone=MOSCOW, format=stated) == [expected]
    why = reasons([cell], time_zone=MOSCOW, format=stated)[0]
    assert (why is None) == (expected is not None)
    assert why in {None, "not the stated format", "year out of range"}


SIDES = [
    pytest.param("26.10.2014 01:30", 1_414_272_600, 1_414_276_200, id="repeated"),
    pytest.param("27.03.2011 02:30", 1_301_182_200, 1_301_178_600, id="skipped"),
]


@pytest.mark.parametrize(("cell", "before", "after"), SIDES)
def test_sides_of_a_change(cell: str, before: int, after: int) -> None:
    assert values([cell], time_zone=MOSCOW, ambiguous="earliest", non_existent="earliest") == [before]
    assert values([cell], time_zone=MOSCOW, ambiguous="latest", non_existent="latest") == [after]
    assert reasons([cell], time_zone=MOSCOW, ambiguous="latest", non_existent="latest") == [None]


def test_each_side_is_its_own_option() -> None:
    cells = ["26.10.2014 01:30", "27.03.2011 02:30"]
    assert values(cells, time_zone=MOSCOW, ambiguous="earliest") == [1_414_272_600, None]
    assert values(cells, time_zone=MOSCOW, non_existent="earliest") == [None, 1_301_182_200]


WRONG = [
    pytest.param({"time_zone": "Europe/Moskow"}, "Did you mean 'Europe/Moscow'", id="zone"),
    pytest.param({"time_zone": "localtime"}, "not a time zone", id="localtime"),
    pytest.param({"time_zone": "Factory"}, "not a time zone", id="Factory"),
    pytest.param({"time_zone": ""}, "not a time zone", id="no zone's name"),
    pytest.param({"time_zone": "MSK"}, "not a time zone", id="MSK"),
    pytest.param({"format": "dayfirst"}, "Did you mean 'day first'", id="word"),
    pytest.param({"format": "dd.mm.yyyy"}, "not a format", id="no pattern"),
    pytest.param({"format": ""}, "not a format", id="empty"),
    pytest.param({"format": "%d.%m.%Y"}, "dates and times", id="no time"),
    pytest.param({"format": "%H:%M"}, "dates and times", id="no date"),
    pytest.param({"format": "%Y %H:%M"}, "dates and times", id="year alone"),
    pytest.param({"format": "%Y-%m-%d %H"}, "dates and times", id="hour alone"),
    pytest.param({"format": "%Y-%m-%d %I:%M"}, "dates and times", id="half of the day unknown"),
    pytest.param({"format": "%Y-%m-%d %H:%M%.f"}, "dates and times", id="a fraction of nothing"),
    pytest.param({"format": "%Y-%m-%d %H:%M:%S %Z"}, "dates and times", id="name of a zone"),
    pytest.param({"format": "%s"}, "dates and times", id="Unix time has a word"),
    pytest.param({"format": "%Y-%m-%d %H:%M:%S %f"}, "dates and times", id="nanoseconds"),
    pytest.param({"format": "%Q"}, "dates and times", id="no directive"),
    pytest.param({"ambiguous": "raise"}, "side for ambiguous", id="ambiguous"),
    pytest.param({"non_existent": "later"}, "side for non_existent", id="non_existent"),
]


@pytest.mark.parametrize("build", [timestamps.unix_utc, timestamps.reason, timestamps.explained])
@pytest.mark.parametrize(("options", "message"), WRONG)
def test_unknown_option_when_built(build: Callable[..., pl.Expr], options: dict[str, str], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        build(pl.col("x"), **options)


MIXED = [
    "2026-11-21T14:05:01",
    "21.11.2026 14:05",
    "15/04/2026 9:05",
    "03/04/2026 9:05:01",
    "1795259101",
    "2026-11-21T11:05:01Z",
    "Sat, 21 Nov 2026 11:05:01 GMT",
    "21 ноября 2026 г. 14:05",
    "46347.5",
    "вчера",
    "31.02.2026 10:00",
    "26.10.2014 01:30",
    "",
    None,
]


@pytest.fixture
def mixed() -> pl.DataFrame:
    return pl.DataFrame({"x": MIXED, "k": [row % 2 for row in range(len(MIXED))]})


FACES = [
    pytest.param(lambda frame, expr: frame.select(expr), id="eager"),
    pytest.param(lambda frame, expr: frame.lazy().select(expr).collect(), id="lazy"),
    pytest.param(lambda frame, expr: frame.lazy().select(expr).collect(engine="streaming"), id="streaming"),
    pytest.param(lambda frame, expr: frame.with_columns(pl.lit(1).alias("g")).select(expr.over("g")), id="over"),
    pytest.param(
        lambda frame, expr: frame.group_by(pl.lit(1).alias("g")).agg(expr).explode("x").select("x"), id="group_by"
    ),
    pytest.param(
        lambda frame, expr: pl.concat([frame.head(5), frame.tail(-5)], rechunk=False).select(expr), id="chunked"
    ),
    pytest.param(lambda frame, expr: pl.concat([frame, frame]).slice(len(frame)).select(expr), id="sliced"),
    pytest.param(lambda frame, expr: frame.cast({"x": pl.Categorical}).select(expr), id="categorical"),
]


@pytest.mark.parametrize("options", [{}, {"format": "day first"}], ids=["from the column", "stated"])
@pytest.mark.parametrize("face", FACES)
def test_faces(mixed: pl.DataFrame, face: Callable[..., pl.DataFrame], options: dict[str, str]) -> None:
    for build, expected in ((timestamps.unix_utc, values), (timestamps.reason, reasons)):
        expr = build(pl.col("x"), time_zone=MOSCOW, **options)
        assert face(mixed, expr)["x"].to_list() == expected(MIXED, time_zone=MOSCOW, **options)


def test_group_by_and_over_decide_for_each_group() -> None:
    frame = pl.DataFrame(
        {
            "g": ["a", "a", "b", "b"],
            "x": ["03/04/2026 10:00", "15/04/2026 10:00", "03/04/2026 10:00", "04/15/2026 10:00"],
        }
    )
    expected = [1_775_199_600, 1_776_236_400, 1_772_607_600, 1_776_236_400]
    assert frame.select(timestamps.unix_utc(pl.col("x"), time_zone=MOSCOW).over("g"))["x"].to_list() == expected
    grouped = frame.group_by("g", maintain_order=True).agg(timestamps.unix_utc(pl.col("x"), time_zone=MOSCOW))
    assert grouped["x"].explode().to_list() == expected


def test_with_a_format_it_streams(mixed: pl.DataFrame) -> None:
    lazy = mixed.lazy().select(
        timestamps.unix_utc(pl.col("x"), time_zone=MOSCOW, format="day first"),
        why=timestamps.reason(pl.col("x"), time_zone=MOSCOW, format="%d.%m.%Y %H:%M"),
    )
    graph = lazy.show_graph(plan_stage="physical", engine="streaming", raw_output=True)
    assert "columnar-function" not in graph


def test_evidence_streams_and_groups(mixed: pl.DataFrame) -> None:
    lazy = mixed.lazy().select(timestamps.evidence(pl.col("x")))
    assert lazy.collect(engine="streaming").item() == lazy.collect().item() == evidence(MIXED)
    assert evidence(MIXED) == {"day_first": 1, "month_first": 0, "undecided": 1, "naive": 7}
    grouped = mixed.group_by("k", maintain_order=True).agg(timestamps.evidence(pl.col("x")))
    assert [row["undecided"] for row in grouped["x"]] == [0, 1]


@pytest.mark.parametrize("cells", [[], [None], [None, None]], ids=["empty", "null", "nulls"])
@pytest.mark.parametrize("stated", [None, "day first", "unix", "excel", "%Y-%m-%d %H:%M"])
def test_nothing_there(cells: list[None], stated: str | None) -> None:
    assert values(cells, time_zone=MOSCOW, format=stated) == cells
    assert reasons(cells, time_zone=MOSCOW, format=stated) == cells
    assert set(evidence(cells).values()) == {0}


def test_a_number_beyond_all_clocks() -> None:
    far = ["999999999999999999"]
    assert reasons(far, time_zone=MOSCOW, format="unix") == ["year out of range"]
    assert reasons(far, time_zone=MOSCOW, format="excel") == ["not the stated format"]


def test_every_day_of_the_calendar() -> None:
    days = [(year, month, day) for year in range(1970, 2101) for month in range(14) for day in range(33)]
    cells = [f"{day:02}.{month:02}.{year} 00:00" for year, month, day in days]
    start = dt.date(1970, 1, 1).toordinal()
    there = {
        f"{date:%d.%m.%Y} 00:00": number * 86_400
        for number in range(47_847)
        if (date := dt.date.fromordinal(start + number))
    }
    assert values(cells, time_zone="UTC") == [there.get(cell) for cell in cells]


def test_a_long_column_reads_as_its_parts() -> None:
    several = ["2026-11-21 14:05:01", "21.11.2026 14:05", "21/11/2026 9:05", "31.02.2026 10:00", "вчера", None]
    column = Random(3).choices(several, k=70_001)
    alone = {cell: (values([cell], time_zone=MOSCOW), reasons([cell], time_zone=MOSCOW)) for cell in several}
    assert values(column, time_zone=MOSCOW) == [alone[cell][0][0] for cell in column]
    assert reasons(column, time_zone=MOSCOW) == [alone[cell][1][0] for cell in column]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([*_spelled_dates.FORMS, r"^[0-9]{5,18}(?:[.,][0-9]*)?$"]), st.data())
def test_every_form_is_likely(form: str, data: st.DataObject) -> None:
    text = pl.Series([data.draw(st.from_regex(form))])
    assert text.str.contains(_spelled_dates.LIKELY).item() >= text.str.contains(form).item()


def test_of_a_constant() -> None:
    assert pl.select(timestamps.unix_utc(pl.lit("2026-11-21T11:05:01Z"))).item() == AT


def text_of(moment: dt.datetime, form: str) -> str:
    return {
        "rfc 2822": email.utils.format_datetime,
        "iso": dt.datetime.isoformat,
        "no zeros": lambda at: f"{at.day}.{at.month}.{at.year} {at.hour}:{at:%M:%S}",
        "am pm": lambda at: f"{at.day}.{at.month}.{at.year} {(at.hour - 1) % 12 + 1}:{at:%M:%S %p}",
        "russian": lambda at: f"{at.day} {MONTHS[1].split()[at.month - 1]} {at.year} г. {at:%H:%M:%S}",
    }.get(form, lambda at: at.strftime(form))(moment)


NAIVE = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y.%m.%d %H:%M:%S",
    "%Y%m%dT%H%M%S",
    "%Y%m%d%H%M%S",
    "%d.%m.%Y %H:%M:%S",
    "%d/%m/%Y %H:%M:%S",
    "%d-%m-%Y %H:%M:%S",
    "%d.%m.%Y, %H:%M:%S",
    "%d %b %Y %H:%M:%S",
    "%B %d, %Y %I:%M:%S %p",
    "%A, %d %B %Y %H:%M:%S",
    "no zeros",
    "am pm",
    "russian",
)
ZONED = ("iso", "rfc 2822", "%Y-%m-%d %H:%M:%S%z", "%d.%m.%Y %H:%M:%S %z", "%Y%m%dT%H%M%S%z", "%d/%m/%Y %H:%M:%S.25%z")
instants = st.integers(0, END - 1)


@settings(max_examples=40, deadline=None)
@given(st.lists(instants, min_size=1, max_size=30), st.sampled_from(NAIVE), st.sampled_from(ZONES))
def test_round_trip_on_a_zones_clock(moments: list[int], form: str, name: str) -> None:
    zone = zoneinfo.ZoneInfo(name)
    local = [dt.datetime.fromtimestamp(at, zone) for at in moments]
    cells = [text_of(at, form) for at in local]
    twice = [at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset() for at in local]
    got = values(cells, time_zone=name, format="day first")
    assert got == [None if repeated else at for at, repeated in zip(moments, twice, strict=True)]
    for fold, side in enumerate(("earliest", "latest")):
        expected = [
            at if not rep or now.fold == fold else None for at, now, rep in zip(moments, local, twice, strict=True)
        ]
        sided = values(cells, time_zone=name, format="day first", ambiguous=side)
        assert [a for a, b in zip(sided, expected, strict=True) if b is not None] == [
            b for b in expected if b is not None
        ]


@settings(max_examples=40, deadline=None)
@given(st.lists(instants, min_size=1, max_size=30), st.sampled_from(ZONED), st.integers(-14 * 60, 14 * 60))
def test_round_trip_with_an_offset(moments: list[int], form: str, minutes: int) -> None:
    zone = dt.timezone(dt.timedelta(minutes=minutes))
    cells = [text_of(dt.datetime.fromtimestamp(at, zone), form) for at in moments]
    assert values(cells, format="day first") == moments
    assert values(cells, format="day first", time_zone="America/New_York") == moments


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1_000_000_000, END - 1), min_size=1, max_size=30), st.data())
def test_round_trip_of_numbers(moments: list[int], data: st.DataObject) -> None:
    unit, tail = data.draw(st.sampled_from([(1, ""), (1, ".0"), (1, ",75"), (1_000, ""), (1_000_000, "")]))
    cells = [f"{at * unit + data.draw(st.integers(0, unit - 1))}{tail}" for at in moments]
    assert values(cells) == moments


@settings(max_examples=40, deadline=None)
@given(st.lists(instants, min_size=1, max_size=30), st.sampled_from(["excel", "excel 1904", None]))
def test_round_trip_of_serials(moments: list[int], stated: str | None) -> None:
    zero = dt.datetime(1904, 1, 1) if stated == "excel 1904" else dt.datetime(1899, 12, 30)
    since = (dt.datetime(1970, 1, 1) - zero).days
    cells = [f"{at / 86_400 + since:.10f}" for at in moments]
    assert values(cells, time_zone="UTC", format=stated) == moments


cells = st.one_of(
    st.sampled_from([*MIXED, "04/15/2026 10:00", "04/04/2026 10:00", "03-04-2026 10:00", "21.11.26 10:00", "14:05"]),
    st.builds("{:02}/{:02}/2026{}".format, *[st.integers(0, 32)] * 2, st.sampled_from([" 10:00", "", " 25:00"])),
    st.text(max_size=12),
    st.text(alphabet="0123456789.,:/- TZ+", max_size=22),
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(cells, max_size=12),
    st.sampled_from([None, *timestamps.FORMATS, "%d/%m/%Y %H:%M"]),
    st.sampled_from([None, MOSCOW]),
)
def test_reason_is_there_exactly_when_a_present_text_has_no_value(
    column: list[str | None], stated: str | None, zone: str | None
) -> None:
    blank = pl.DataFrame({"x": column}, schema={"x": pl.String}).select(texts.present(pl.col("x")).is_null())["x"]
    got = values(column, format=stated, time_zone=zone)
    why = reasons(column, format=stated, time_zone=zone)
    for empty, value, told in zip(blank, got, why, strict=True):
        assert (told is None) == (empty or value is not None)
        assert told is None or told.split(";")[0] in timestamps.REASONS


sides = st.sampled_from(["null", "earliest", "latest"])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(cells | st.sampled_from(["26.10.2014 01:30", "27.03.2011 02:30"]), max_size=12),
    st.sampled_from([None, *timestamps.FORMATS, "%d/%m/%Y %H:%M"]),
    st.sampled_from([None, MOSCOW]),
    sides,
    sides,
)
def test_explained_is_value_and_reason(
    column: list[str | None], stated: str | None, zone: str | None, ambiguous: str, non_existent: str
) -> None:
    options = {"format": stated, "time_zone": zone, "ambiguous": ambiguous, "non_existent": non_existent}
    both = zip(values(column, **options), reasons(column, **options), strict=True)
    assert explanations(column, **options) == list(both)


@settings(max_examples=40, deadline=None)
@given(st.lists(cells, max_size=12), st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(column: list[str | None], random: Random) -> None:
    places = list(range(len(column)))
    random.shuffle(places)
    got = values(column, time_zone=MOSCOW)
    assert values([column[place] for place in places], time_zone=MOSCOW) == [got[place] for place in places]


@settings(max_examples=40, deadline=None)
@given(st.lists(cells, max_size=12))
def test_an_undecided_cell_settles_nothing(column: list[str | None]) -> None:
    assert values([*column, "03/04/2026 10:00"], time_zone=MOSCOW)[:-1] == values(column, time_zone=MOSCOW)


@settings(max_examples=15, deadline=None)
@given(st.lists(cells, max_size=12))
def test_what_is_settled_holds_for_every_batch(column: list[str | None]) -> None:
    order = timestamps.settle(evidence(column))
    if order:
        batches = [values([cell], time_zone=MOSCOW, format=order)[0] for cell in column]
        assert batches == values(column, time_zone=MOSCOW)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.sampled_from("/-"), st.sampled_from(["10:00", "9:05:01", "1:05 PM"]))
def test_explicit_order_reads_that_order(first: int, second: int, mark: str, clock: str) -> None:
    cell = f"{first:02}{mark}{second:02}{mark}2026 {clock}"
    for order, month, day in (("day first", second, first), ("month first", first, second)):
        at = dt.datetime.fromtimestamp(values([cell], time_zone="UTC", format=order)[0] or 0, dt.UTC)
        assert (at.month, at.day) == (month, day)


def near_changes(name: str) -> list[dt.datetime]:
    """Clock times around the changes of a zone's clocks, skipped and repeated ones among them."""
    zone = zoneinfo.ZoneInfo(name)
    days = [dt.datetime.fromtimestamp(at, zone) for at in range(86_400, END, 86_400 * 5)]
    changed = [early for early, late in itertools.pairwise(days) if early.utcoffset() != late.utcoffset()]
    midnights = [day.replace(tzinfo=None, hour=0, minute=0, second=0) for day in changed[-6:]]
    seconds = [quarter + step for quarter in range(0, 6 * 86_400, 900) for step in (-1, 0)]
    return [midnight + dt.timedelta(seconds=some) for midnight in midnights for some in seconds]


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", MOSCOW])
def test_each_side_is_zoneinfos_fold(name: str) -> None:
    zone = zoneinfo.ZoneInfo(name)
    clocks = near_changes(name)
    cells = [f"{at:%d.%m.%Y %H:%M:%S}" for at in clocks]
    sides: list[list[int | None]] = []
    for fold, side in enumerate(("earliest", "latest")):
        expected = [int(at.replace(tzinfo=zone, fold=fold).timestamp()) for at in clocks]
        sides.append(values(cells, time_zone=name, ambiguous=side, non_existent=side))
        assert sides[-1] == expected
    assert values(cells, time_zone=name) == [a if a == b else None for a, b in zip(*sides, strict=True)]
    heads = {why.split(";")[0] for why in reasons(cells, time_zone=name) if why}
    assert heads == {"clock time skipped", "clock time repeated"}
