"""Dates of any width: parts without leading zeros, AM and PM, offsets, months in words, nothing between the parts.

Each form is one regular expression that takes a tidy text apart. A text of no form is left alone; a text that has a
form and still is no moment gets a fault, which is the reason people read.
"""

import polars as pl

from callframe.normalize import _civil
from callframe.normalize.texts import present

__all__ = ["FAULTS", "FORMS", "faults", "read", "tails", "tidy"]

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
_YEAR = "(?P<year>[0-9]{4}|[0-9]{2})"
_DAY = "(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"

NUMBERS = r"^(?P<a>[0-9]{1,4})(?P<gap>[-/.])(?P<b>[0-9]{1,2})(?P<gap2>[-/.])(?P<c>[0-9]{1,4})" + f"(?:{_TIME})?$"
"""Three numbers with something between."""
DIGITS = (
    rf"^(?P<year>(?:19|20|21){_TWO})(?P<month>{_TWO})(?P<day>{_TWO})"
    rf"(?:(?P<gap>[t ]?)(?P<hour>{_TWO}):?(?P<minute>{_TWO})(?::?(?P<sec>{_TWO}){_FRACTION})?(?: ?{_ZONE})?)?$"
)
"""Digits with nothing between; the time after `t`, a space or nothing."""
DAY_MONTH = rf"^{_WEEKDAY}{_DAY}[ ./-]{{0,2}}{_MONTH}\.?,?[ /-]?{_YEAR}(?: ?(?:года|год|г\.?))?(?:{_TIME})?$"
"""The day, the month in words, the year."""
MONTH_DAY = rf"^{_WEEKDAY}{_MONTH}\.? {_DAY},? {_YEAR}(?:{_TIME})?$"
"""The month in words, the day, the year."""
FORMS = (NUMBERS, DIGITS, DAY_MONTH, MONTH_DAY)

_TAIL = rf"^{_FRACTION}(?: ?{_ZONE})?$"
_MONTHS = {
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "oct": 10,
    "nov": 11,
    "янв": 1,
    "фев": 2,
    "мар": 3,
    "апр": 4,
    "май": 5,
    "июн": 6,
    "июл": 7,
    "авг": 8,
    "сен": 9,
    "окт": 10,
    "ноя": 11,
    "dec": 12,
    "дек": 12,
    "мая": 5,
}
_WEEKDAYS = {
    "mo": 0,
    "tu": 1,
    "we": 2,
    "th": 3,
    "fr": 4,
    "sa": 5,
    "su": 6,
    "пн": 0,
    "вт": 1,
    "ср": 2,
    "чт": 3,
    "пт": 4,
    "сб": 5,
    "вс": 6,
    "по": 0,
    "че": 3,
    "пя": 4,
    "су": 5,
    "во": 6,
}
_LONGEST_OFFSET = 14 * 3600


def tidy(text: pl.Series) -> pl.Series:
    """Lower case, single plain spaces, no quotes around; null for blanks."""
    frame = text.alias("text").to_frame().select(present(pl.col("text")).str.strip_chars("='\"").str.to_lowercase())
    text = frame["text"]
    if text.str.contains(r"\s\s|[^\S ]|^ | $").any():
        text = text.str.replace_all(r"\s+", " ").str.strip_chars(" ")
    if text.str.contains_any(["ё", "−"]).any():
        text = text.str.replace_all("ё", "е", literal=True).str.replace_all("−", "-", literal=True)
    return text


def read(text: pl.Series, form: str) -> pl.DataFrame:
    """Date frame of tidy texts that all have one of `FORMS`, with `offset`, and what `faults` looks at."""
    groups = text.alias("text").to_frame().select(pl.col("text").str.extract_groups(form)).unnest("text")
    absent = (name for name in ("gap", "weekday", "half") if name not in groups.columns)
    groups = groups.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    frame = groups.select(*(_numeric_date() if form == NUMBERS else _named_date(form)), *_clock(), "zone")
    frame = frame.join(_offsets(frame["zone"].unique()), on="zone", how="left", maintain_order="left")
    frame = frame.with_columns(_another_weekday(frame).alias("another_weekday"))
    stated = pl.col("zone").is_null() | pl.col("offset").is_not_null()
    frame = frame.with_columns((pl.col("fits") & stated).alias("fits"))
    good = pl.col("fits") & ~pl.col("short") & ~pl.col("another_weekday")
    return frame.with_columns(pl.when(good).then("clock").alias("clock"))


def faults(dates: pl.DataFrame, month_first: bool | None) -> pl.Series:
    """Why each row of a date frame is no moment.

    Args:
        dates: rows of what `read` gives, none of them a moment.
        month_first: how `slash` dates read; None: either way may be meant.
    """
    day = _civil.date(month_first=bool(month_first))
    if month_first is None:
        day = pl.coalesce(day, pl.when("slash").then(_civil.date(month_first=True)))
    why = (
        pl.when(~pl.col("fits"))
        .then(pl.lit(None, pl.String))
        .when("short")
        .then(pl.lit("two-digit year"))
        .when(day.is_null())
        .then(pl.lit("no such date"))
        .when("another_weekday")
        .then(pl.lit("no such date; the weekday is another"))
        .when("timed")
        .then(pl.lit("no such time"))
        .otherwise(pl.lit("no time of day"))
    )
    return dates.select(why.alias("fault")).to_series()


def tails(text: pl.Series) -> pl.DataFrame:
    """What may follow a date and time of whole seconds, as `text`, and the `offset` that it states, if any."""
    frame = pl.DataFrame({"text": text, "low": text.str.to_lowercase()}).filter(pl.col("low").str.contains(_TAIL))
    frame = frame.with_columns(pl.col("low").str.extract_groups(_TAIL).struct.field("zone"))
    frame = frame.join(_offsets(frame["zone"].unique()), on="zone", how="left")
    return frame.filter(pl.col("zone").is_null() | pl.col("offset").is_not_null()).select("text", "offset")


def _offsets(zones: pl.Series) -> pl.DataFrame:
    """Seconds ahead of UTC of `z`, `+03`, `+0300`, `+03:00`, `gmt`, `utc+3`; null for more than 14 hours."""
    digits = pl.col("zone").str.extract("[+-](.*)$").str.replace(":", "", literal=True)
    short = digits.str.len_bytes() <= 2
    hours = pl.when(short).then(digits).otherwise(digits.str.slice(0, 2)).cast(pl.Int32)
    minutes = pl.when(short).then(pl.lit("0")).otherwise(digits.str.slice(2)).cast(pl.Int32)
    sign = pl.when(pl.col("zone").str.contains("-", literal=True)).then(-1).otherwise(1)
    ahead = hours * 3600 + minutes * 60
    stated = pl.when((ahead <= _LONGEST_OFFSET) & (minutes < 60)).then(sign * ahead)
    return zones.to_frame("zone").select("zone", pl.when(digits.is_null()).then(0).otherwise(stated).alias("offset"))


def _named_date(form: str) -> tuple[pl.Expr, ...]:
    month = pl.col("month").cast(pl.Int32) if form == DIGITS else _numbered(pl.col("month").str.head(3), _MONTHS)
    gapless = pl.col("gap").is_null() | (pl.col("gap") != "") | pl.col("sec").is_not_null()
    return (
        pl.col("year").cast(pl.Int32),
        month.alias("first"),
        pl.col("day").cast(pl.Int32).alias("second"),
        pl.lit(value=True).alias("year_first"),
        pl.lit(value=False).alias("slash"),
        (pl.col("year").str.len_bytes() == 2).alias("short"),
        pl.col("weekday").str.head(2).alias("weekday"),
        gapless.alias("fits"),
    )


def _numeric_date() -> tuple[pl.Expr, ...]:
    a, b, c = pl.col("a"), pl.col("b"), pl.col("c")
    size_a, size_c = a.str.len_bytes(), c.str.len_bytes()
    year_first = (size_a == 4) & (size_c <= 2)
    year_last = (size_a <= 2) & (size_c == 4)
    short = (size_a <= 2) & (size_c == 2)
    return (
        pl.when(year_first).then(a).otherwise(c).cast(pl.Int32).alias("year"),
        pl.when(year_first).then(b).otherwise(a).cast(pl.Int32).alias("first"),
        pl.when(year_first).then(c).otherwise(b).cast(pl.Int32).alias("second"),
        year_first.alias("year_first"),
        (~year_first & (pl.col("gap") != ".")).alias("slash"),
        short.alias("short"),
        pl.col("weekday"),
        ((year_first | year_last | short) & (pl.col("gap") == pl.col("gap2"))).alias("fits"),
    )


def _clock() -> tuple[pl.Expr, ...]:
    hour, minute, second = (pl.col(name).cast(pl.Int32) for name in ("hour", "minute", "sec"))
    afternoon = pl.when(pl.col("half") == "p").then(pl.lit(12, pl.Int32)).otherwise(pl.lit(0, pl.Int32))
    of_twelve = pl.when(hour.is_between(1, 12)).then(hour % 12 + afternoon)
    hour = pl.when(pl.col("half").is_null()).then(hour).otherwise(of_twelve)
    return _civil.clock(hour, minute, second.fill_null(0)).alias("clock"), pl.col("hour").is_not_null().alias("timed")


def _another_weekday(frame: pl.DataFrame) -> pl.Series:
    if not frame["weekday"].count():
        return pl.repeat(value=False, n=len(frame), eager=True)
    told = _numbered(pl.col("weekday"), _WEEKDAYS)
    monday_is_zero = (_civil.date(month_first=False) + 3) % 7
    return frame.select((told != monday_is_zero).fill_null(value=False)).to_series()


def _numbered(word: pl.Expr, numbers: dict[str, int]) -> pl.Expr:
    return word.replace_strict(list(numbers), list(numbers.values()), default=None, return_dtype=pl.Int32)
