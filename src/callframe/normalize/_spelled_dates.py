"""Dates of any width: parts without leading zeros, AM and PM, offsets, months in words, nothing between the parts.

Each form is one regular expression that takes a tidy text apart. A text of no form is left alone; a text that has a
form and still is no moment gets a fault, which is the reason people read.
"""

import functools

import numpy as np
import polars as pl

from callframe.normalize._arrays import NONE, Array, Flags, Wholes, known, wholes
from callframe.normalize._civil import NO_PART, Dates, clock, told_ahead
from callframe.normalize._reasons import TOLD
from callframe.normalize.texts import by_word, present

__all__ = ["FORMS", "LIKELY", "read", "tails", "tidy"]

_ZONE = r"(?P<zone>z|(?:utc|gmt|ut)?[+-][0-9]{2}(?::?[0-9]{2})?|(?:utc|gmt|ut)(?:[+-][0-9](?::[0-9]{2})?)?)"
_FRACTION = r"(?:[.,][0-9]+)?"
_TIME = (
    r"(?:t|,|,? (?:в |at )?)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{1,2})(?::(?P<sec>[0-9]{1,2})"
    rf"{_FRACTION})?(?: ?(?P<half>[ap])\.?m\.?)?(?: ?{_ZONE}(?: \([^()]*\))?)?"
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

LIKELY = r"^[0-9]{5}|[0-9]:[0-9]|[-/., a-zа-я][0-9]{1,4}(?: ?г[.ода]*)?$"
"""What every text of these forms, and every bare number, has in it: a cheap test before them all."""

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
_FAULTS = [
    TOLD[why] for why in ("two-digit year", "no such date", "no such date; the weekday is another", "no such time")
]
_LONGEST_OFFSET = 14 * 3600
_UNEVEN = r"\s\s|[^\S ]|^ | $|[ё−]"


def tidy(text: pl.Series) -> pl.Series:
    """Lower case, single plain spaces, no quotes around; null for blanks."""
    text = text.to_frame("text").select(_bare()).to_series()
    if text.str.contains(_UNEVEN).any():
        text = text.str.replace_all(r"\s+", " ").str.strip_chars(" ")
        text = text.str.replace_all("ё", "е", literal=True).str.replace_all("−", "-", literal=True)
    return text


@functools.cache
def _bare() -> pl.Expr:
    return present(pl.col("text")).str.strip_chars("='\"").str.to_lowercase()


def read(text: pl.Series, form: str, month_first: bool | None) -> dict[str, Array]:
    """Readings of tidy texts that all have one of `FORMS`.

    Args:
        text: String.
        form: which of the forms.
        month_first: how dates between slashes or dashes read; None: either way may be meant.
    """
    frame = text.to_frame("text").select(pl.col("text").str.extract_groups(form)).unnest("text")
    absent = (name for name in ("gap", "weekday", "half") if name not in frame.columns)
    frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    parts = frame.select(*(_numeric_date() if form == NUMBERS else _named_date(form)), *_clock())
    dates, short, timed = _dates(parts), parts["short"].to_numpy(), parts["timed"].to_numpy()
    zoned, offset = _offset(frame["zone"].fill_null(""))
    fits, another = parts["fits"].to_numpy() & known(offset), _another_weekday(dates, frame["weekday"])
    offset = np.where(fits & ~short & ~another, offset, NONE)
    found = told_ahead(dates.readings(month_first), zoned, offset)
    read = np.logical_or.reduce([known(found[name]) for name in found.keys() & {"local", "other"}])
    why = np.select([short, ~_exist(dates, month_first), another, timed], _FAULTS, TOLD["no time of day"])
    return found | {"fault": why * (fits & ~read)}


def _exist(dates: Dates, month_first: bool | None) -> Flags:
    """Whether there is such a day, in either order if none is asked for."""
    if month_first is None:
        return dates.exist() | dates.with_month_first().exist()
    return (dates.with_month_first() if month_first else dates).exist()


def tails(text: pl.Series) -> tuple[Flags, Wholes]:
    """Whether a zone is stated in what stands behind a date and time, and the seconds ahead of UTC that it means.

    None where it is nothing that may follow whole seconds, or no such zone.
    """
    zones = by_word(_zone)(text)
    zoned, ahead = _offset(zones.fill_null(""))
    return zoned, np.where(zones.is_null(), NONE, ahead)


def _zone(tail: pl.Series) -> pl.Series:
    """The zone in a tail, perhaps empty; null if it is nothing that may follow whole seconds."""
    zone = pl.col("tail").str.extract_groups(_TAIL).struct.field("zone").fill_null("")
    tail = tail.str.to_lowercase()
    return tail.to_frame("tail").select(pl.when(pl.col("tail").str.contains(_TAIL)).then(zone)).to_series()


def _offset(zones: pl.Series) -> tuple[Flags, Wholes]:
    """Whether a zone is stated, and the seconds ahead of UTC that it means; none if that can't be."""
    zoned = (zones != "").to_numpy()
    return zoned, wholes(by_word(_ahead)(zones)) if zoned.any() else np.zeros(len(zones), np.int64)


def _ahead(zones: pl.Series) -> pl.Series:
    """Seconds ahead of UTC of `z`, `+03`, `+0300`, `+03:00`, `gmt`, `utc+3`; null for more than 14 hours."""
    digits = pl.col("zone").str.extract("[+-](.*)$").str.replace(":", "", literal=True)
    short = digits.str.len_bytes() <= 2
    hours = pl.when(short).then(digits).otherwise(digits.str.slice(0, 2)).cast(pl.Int64)
    minutes = pl.when(short).then(pl.lit("0")).otherwise(digits.str.slice(2)).cast(pl.Int64)
    sign = pl.when(pl.col("zone").str.contains("-", literal=True)).then(-1).otherwise(1)
    ahead = hours * 3600 + minutes * 60
    stated = pl.when((ahead <= _LONGEST_OFFSET) & (minutes < 60)).then(sign * ahead)
    return zones.to_frame("zone").select(pl.when(digits.is_null()).then(0).otherwise(stated).cast(pl.Int64)).to_series()


def _named_date(form: str) -> tuple[pl.Expr, ...]:
    month = _part("month") if form == DIGITS else _numbered(pl.col("month").str.head(3), _MONTHS)
    gapless = pl.col("gap").is_null() | (pl.col("gap") != "") | pl.col("sec").is_not_null()
    return (
        pl.col("year").cast(pl.Int16),
        month.alias("month"),
        _part("day"),
        pl.lit(value=False).alias("slash"),
        (pl.col("year").str.len_bytes() == 2).alias("short"),
        gapless.alias("fits"),
    )


def _numeric_date() -> tuple[pl.Expr, ...]:
    a, b, c = pl.col("a"), pl.col("b"), pl.col("c")
    size_a, size_c = a.str.len_bytes(), c.str.len_bytes()
    year_first = (size_a == 4) & (size_c <= 2)
    year_last = (size_a <= 2) & (size_c == 4)
    short = (size_a <= 2) & (size_c == 2)
    return (
        pl.when(year_first).then(a).otherwise(c).cast(pl.Int16).alias("year"),
        b.cast(pl.UInt8).alias("month"),
        pl.when(year_first).then(c).otherwise(a).cast(pl.UInt8, strict=False).fill_null(NO_PART).alias("day"),
        (~year_first & (pl.col("gap") != ".")).alias("slash"),
        short.alias("short"),
        ((year_first | year_last | short) & (pl.col("gap") == pl.col("gap2"))).alias("fits"),
    )


def _clock() -> tuple[pl.Expr, ...]:
    hour, half = _part("hour"), pl.col("half")
    afternoon = pl.when(half == "p").then(pl.lit(12, pl.UInt8)).otherwise(pl.lit(0, pl.UInt8))
    of_twelve = pl.when(hour.is_between(1, 12)).then(hour % 12 + afternoon).otherwise(pl.lit(NO_PART, pl.UInt8))
    return (
        pl.when(half.is_null()).then(hour).otherwise(of_twelve).alias("hour"),
        _part("minute"),
        _part("sec", absent=0),
        pl.col("hour").is_not_null().alias("timed"),
    )


def _part(name: str, absent: int = int(NO_PART)) -> pl.Expr:
    return pl.col(name).cast(pl.UInt8).fill_null(absent)


def _dates(parts: pl.DataFrame) -> Dates:
    year, month, day, slash, hour, minute, second = (
        parts[name].to_numpy(writable=True) for name in ("year", "month", "day", "slash", "hour", "minute", "sec")
    )
    return Dates(year, month, day, slash, clock(hour, minute, second))


def _another_weekday(dates: Dates, weekday: pl.Series) -> Flags:
    """Whether the text states a weekday that isn't the date's."""
    if not weekday.count():
        return np.zeros(len(weekday), np.bool_)
    told = weekday.to_frame("word").select(_numbered(pl.col("word").str.head(2), _WEEKDAYS)).to_series().to_numpy()
    another: Flags = (told != NO_PART) & dates.exist() & (told != dates.weekday())
    return another


def _numbered(word: pl.Expr, numbers: dict[str, int]) -> pl.Expr:
    return word.replace_strict(list(numbers), list(numbers.values()), default=int(NO_PART), return_dtype=pl.UInt8)
