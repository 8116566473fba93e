"""Dates of any width: parts without leading zeros, AM and PM, offsets, months in words, nothing between the parts.

Each form is one regular expression that takes a tidy text apart. A text of no form is left alone; a text that has a
form and still is no moment gets a fault, which is the reason people read.
"""

import polars as pl

from callframe.normalize import _civil
from callframe.normalize.texts import present

__all__ = ["FAULTS", "FORMS", "offset", "read", "tails", "tidy"]

FAULTS = ("two-digit year", "no such date", "no time of day", "no such time")

_ZONE = r"(?P<zone>z|(?:utc|gmt|ut)?[+-][0-9]{2}(?::?[0-9]{2})?|(?:utc|gmt|ut)(?:[+-][0-9](?::[0-9]{2})?)?)"
_FRACTION = r"(?:[.,][0-9]+)?"
_TIME = (
    r"(?:t|,|,? (?:в |at )?)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{1,2})(?::(?P<sec>[0-9]{1,2})"
    rf"{_FRACTION})?(?: ?(?P<half>[ap])\.?m\.?)?(?: ?{_ZONE})?"
)
_MONTH = (
    "(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    "|янв(?:ар[ья])?|фев(?:р(?:ал[ья])?)?|мар(?:та?)?|апр(?:ел[ья])?|ма[йя]|июн[ья]?|июл[ья]?|авг(?:уста?)?"
    "|сен(?:т(?:ябр[ья])?)?|окт(?:ябр[ья])?|ноя(?:б(?:р[ья])?)?|дек(?:абр[ья])?)"
)
_WEEKDAY = (
    "(?:(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?"
    r"|sun(?:day)?|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|пн|вт|ср|чт|пт|сб|вс)\.?,? )?"
)
_TWO = "[0-9]{2}"
_COMPACT_TIME = rf"(?P<hour>{_TWO}):?(?P<minute>{_TWO})(?::?(?P<sec>{_TWO}){_FRACTION})?(?: ?{_ZONE})?"
_YEAR = "(?P<year>[0-9]{4}|[0-9]{2})"
_DAY = "(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"

FORMS = (
    rf"^(?P<a>[0-9]{{1,4}})(?P<gap>[-/.])(?P<b>[0-9]{{1,2}})(?P<gap2>[-/.])(?P<c>[0-9]{{1,4}})(?:{_TIME})?$",
    rf"^{_WEEKDAY}{_DAY}[ ./-]{{0,2}}{_MONTH}\.?,?[ /-]?{_YEAR}(?: ?(?:года|год|г\.?))?(?:{_TIME})?$",
    rf"^{_WEEKDAY}{_MONTH}\.? {_DAY},? {_YEAR}(?:{_TIME})?$",
    rf"^(?P<year>(?:19|20|21){_TWO})(?P<month>{_TWO})(?P<day>{_TWO})(?:(?P<gap>[t ]?){_COMPACT_TIME})?$",
)
"""Numbers with something between; day, month in words, year; month in words, day, year; digits alone."""

_TAIL = rf"^{_FRACTION}(?: ?{_ZONE})?$"
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "янв": 1, "фев": 2, "мар": 3, "апр": 4, "май": 5, "июн": 6, "июл": 7, "авг": 8, "сен": 9, "окт": 10, "ноя": 11,
    "dec": 12, "дек": 12, "мая": 5,
}
_WEEKDAYS = {
    "mo": 0, "tu": 1, "we": 2, "th": 3, "fr": 4, "sa": 5, "su": 6,
    "пн": 0, "вт": 1, "ср": 2, "чт": 3, "пт": 4, "сб": 5, "вс": 6,
    "по": 0, "че": 3, "пя": 4, "су": 5, "во": 6,
}
_LONGEST_OFFSET = 14 * 3600


def tidy(text: pl.Series) -> pl.Series:
    """Lower case, single plain spaces, no quotes around; null for blanks."""
    text = text.to_frame("text").select(present(pl.col("text")).str.strip_chars("='\"")).to_series()
    text = text.str.replace_all(r"\s+", " ").str.strip_chars(" ").str.to_lowercase()
    return text.str.replace_all("ё", "е", literal=True).str.replace_all("−", "-", literal=True)


def read(text: pl.Series, form: str, month_first: bool | None) -> pl.DataFrame:
    """Date frame of the tidy texts of one of `FORMS`, with `offset` and `fault`; nulls for the others.

    Args:
        text: String.
        form: one of `FORMS`.
        month_first: how `slash` dates read; None: either way may be meant.
    """
    groups = text.to_frame("text").select(pl.col("text").str.extract_groups(form)).unnest("text")
    groups = groups.with_columns(
        pl.lit(None, pl.String).alias(name)
        for name in ("a", "b", "c", "gap", "gap2", "year", "month", "day", "weekday", "half")
        if name not in groups.columns
    )
    frame = groups.select(*_date(form), *_clock(), offset(pl.col("zone")), pl.col("zone"))
    fits = pl.col("fits") & (pl.col("zone").is_null() | pl.col("offset").is_not_null())
    frame = frame.with_columns(pl.when(fits).then(_fault(month_first)).alias("fault"))
    good = fits & pl.col("fault").is_null()
    return frame.with_columns(pl.when(good).then(pl.col("clock")).alias("clock"))


def tails(text: pl.Series) -> pl.DataFrame:
    """What follows a date and time of whole seconds: `fits`, and the `offset` it states, if any."""
    groups = text.to_frame("text").select(
        "text", pl.col("text").str.to_lowercase().str.extract_groups(_TAIL).struct.field("zone")
    )
    shape = pl.col("text").str.to_lowercase().str.contains(_TAIL)
    frame = groups.select("text", "zone", shape.alias("fits"), offset(pl.col("zone")))
    stated = pl.col("zone").is_null() | pl.col("offset").is_not_null()
    return frame.select("text", pl.col("fits") & stated, "offset")


def offset(zone: pl.Expr) -> pl.Expr:
    """Seconds ahead of UTC of `z`, `+03`, `+0300`, `+03:00`, `gmt`, `utc+3`; null for more than 14 hours."""
    digits = zone.str.extract(r"[+-](.*)$").str.replace(":", "", literal=True)
    short = digits.str.len_bytes() <= 2
    hours = pl.when(short).then(digits).otherwise(digits.str.slice(0, 2)).cast(pl.Int32)
    minutes = pl.when(short).then(pl.lit("0")).otherwise(digits.str.slice(2)).cast(pl.Int32)
    sign = pl.when(zone.str.contains("-", literal=True)).then(-1).otherwise(1)
    ahead = hours * 3600 + minutes * 60
    stated = pl.when((ahead <= _LONGEST_OFFSET) & (minutes < 60)).then(sign * ahead)
    return pl.when(digits.is_null() & zone.is_not_null()).then(0).otherwise(stated).cast(pl.Int32).alias("offset")


def _date(form: str) -> tuple[pl.Expr, ...]:
    if form == FORMS[0]:
        return _numeric_date()
    month = pl.col("month").str.head(3)
    month = month.cast(pl.Int32) if form == FORMS[3] else _numbered(month, _MONTHS)
    gapless = pl.col("gap").is_null() | (pl.col("gap") != "") | pl.col("sec").is_not_null()
    return (
        pl.col("year").cast(pl.Int32),
        month.alias("first"),
        pl.col("day").cast(pl.Int32).alias("second"),
        pl.lit(value=True).alias("year_first"),
        pl.lit(value=False).alias("slash"),
        (pl.col("year").str.len_bytes() == 2).alias("short"),
        _numbered(pl.col("weekday").str.head(2), _WEEKDAYS).alias("weekday"),
        (pl.col("year").is_not_null() & gapless).alias("fits"),
    )


def _numeric_date() -> tuple[pl.Expr, ...]:
    a, b, c = pl.col("a"), pl.col("b"), pl.col("c")
    long_a, long_c = a.str.len_bytes(), c.str.len_bytes()
    year_first = (long_a == 4) & (long_c <= 2)
    year_last = (long_a <= 2) & (long_c == 4)
    short = (long_a <= 2) & (long_c == 2)
    return (
        pl.when(year_first).then(a).otherwise(c).cast(pl.Int32).alias("year"),
        pl.when(year_first).then(b).otherwise(a).cast(pl.Int32).alias("first"),
        pl.when(year_first).then(c).otherwise(b).cast(pl.Int32).alias("second"),
        year_first.alias("year_first"),
        (~year_first & (pl.col("gap") != ".")).alias("slash"),
        short.alias("short"),
        pl.lit(None, pl.Int32).alias("weekday"),
        ((year_first | year_last | short) & (pl.col("gap") == pl.col("gap2"))).alias("fits"),
    )


def _clock() -> tuple[pl.Expr, ...]:
    hour, minute, second = (pl.col(name).cast(pl.Int32) for name in ("hour", "minute", "sec"))
    half = pl.col("half")
    of_twelve = pl.when(hour.is_between(1, 12)).then(hour % 12 + pl.when(half == "p").then(12).otherwise(0))
    hour = pl.when(half.is_null()).then(hour).otherwise(of_twelve).cast(pl.Int32)
    return (_civil.clock(hour, minute, second.fill_null(0)).alias("clock"), pl.col("hour").is_not_null().alias("timed"))


def _fault(month_first: bool | None) -> pl.Expr:
    either = _civil.date(month_first=bool(month_first)).is_not_null()
    if month_first is None:
        either |= pl.col("slash") & _civil.date(month_first=True).is_not_null()
    told = pl.col("weekday") != (_civil.date(month_first=False) + 3) % 7
    return (
        pl.when("short")
        .then(pl.lit("two-digit year"))
        .when(~either)
        .then(pl.lit("no such date"))
        .when(told)
        .then(pl.lit("no such date; the weekday is another"))
        .when(~pl.col("timed"))
        .then(pl.lit("no time of day"))
        .when(pl.col("clock").is_null())
        .then(pl.lit("no such time"))
    )


def _numbered(word: pl.Expr, numbers: dict[str, int]) -> pl.Expr:
    return word.replace_strict(list(numbers), list(numbers.values()), default=None, return_dtype=pl.Int32)
