"""A column of texts -> what each says about a length of time, before minutes and hours are settled.

A span frame has `seconds` (Int64), or of a text of two parts (`1:35`) the two readings `m_s` and `h_m`, or `fault` (why
a text that has the form of a duration is none).
"""

from collections.abc import Sequence
from functools import partial

import polars as pl

from callframe.normalize import _spelled_dates
from callframe.normalize._bytes import at, byte, digits, literal, number, pairs, small, word
from callframe.normalize._search import Search, matching

__all__ = ["LONGEST", "MARKS", "UNITS", "marks", "read"]

LONGEST = 86_400
"""Seconds of the longest duration that counts."""

MARKS = ("m_s", "h_m", "undecided")

UNITS = {"milliseconds": 1, "seconds": 1_000, "minutes": 60_000, "hours": 3_600_000, "days": 86_400_000}
"""What a bare number may be said to be, and how many milliseconds that is."""

_SCHEMA = {"seconds": pl.Int64, "m_s": pl.Int64, "h_m": pl.Int64, "fault": pl.String}
_BILLION = 10**9
_CLOCK_BYTES = (7, 8)

_NUMBER = r"^(?P<sign>-?)(?P<number>[0-9]{1,18})(?:[.,](?P<number_part>[0-9]*))?$"
_THREE_PARTS = (
    r"^(?P<sign>-?)(?:(?P<d>[0-9]{1,3}) days?,? )?"
    r"(?P<h>[0-9]{1,4}):(?P<m>[0-9]{2}):(?P<s>[0-9]{2})(?:[.,][0-9]+)?$"
)
_TWO_PARTS = r"^(?P<sign>-?)(?P<a>[0-9]{1,6}):(?P<b>[0-5][0-9])$"


def _amount(unit: str, names: str) -> str:
    return rf"(?:(?P<{unit}>[0-9]{{1,9}})(?:[.,](?P<{unit}_part>[0-9]+))? ?(?:{names}))?"


_WORDS = "^(?P<sign>-?)(?:{}$)".format(
    "(?:,? (?:и |and )?| ?)".join(
        (
            _amount("days", r"days?|d|день|дн(?:я|ей|\.)?|д\.?|сут(?:ки|ок|\.)?"),
            _amount("hours", r"hours?|hrs?\.?|h\.?|час(?:а|ов|\.)?|ч\.?"),
            _amount("minutes", r"minutes?|mins?\.?|m\.?|минут[аыу]?|мин\.?|м\.?"),
            _amount("seconds", r"seconds?|secs?\.?|s\.?|секунд[аыу]?|сек\.?|с\.?"),
            _amount("milliseconds", r"milliseconds?|msec\.?|ms|миллисекунд[аыу]?|мс\.?"),
        )
    )
)
_ISO = "^(?P<sign>-?)p{}(?:t{}{}{})?$".format(
    _amount("days", "d"), _amount("hours", "h"), _amount("minutes", "m"), _amount("seconds", "s")
)


def read(text: pl.Series, unit: str | None) -> pl.DataFrame:
    """Span frame of a column.

    Args:
        text: String.
        unit: what a bare number is, by a name of `UNITS`; None: whole seconds, and a fraction is refused.
    """
    readers = [_clock, _whole_seconds] if unit in (None, "seconds") else [_clock]
    if text.str.len_bytes().is_between(*_CLOCK_BYTES).sum() < len(text) // 2:
        readers.reverse()
    search = Search(text, readers[0], _SCHEMA, ("seconds", "m_s", "fault"))
    for reader in readers[1:]:
        search.attempt(reader)
    search.change(_spelled_dates.tidy)
    search.attempt(partial(_number, unit=unit), matching(_NUMBER))
    search.attempt(_three_parts, matching(_THREE_PARTS))
    search.attempt(_two_parts, matching(_TWO_PARTS))
    for form in (_ISO, _WORDS):
        search.attempt(partial(_units, form=form), matching(form))
    return search.found()


def marks() -> tuple[pl.Expr, ...]:
    """What each row of a span frame proves, by the names of `MARKS`."""
    m_s, h_m = pl.col("m_s"), pl.col("h_m")
    proofs = (
        (h_m > LONGEST) & (m_s <= LONGEST),
        (m_s > LONGEST) & (h_m <= LONGEST),
        (h_m <= LONGEST) & (m_s != h_m),
    )
    return tuple(proof.fill_null(value=False).alias(name) for proof, name in zip(proofs, MARKS, strict=True))


def _whole_seconds(text: pl.Series) -> pl.DataFrame:
    seconds = text.to_frame("text").select(pl.col("text").cast(pl.Int64, strict=False).alias("seconds"), "text")
    plain = (pl.col("seconds") >= 0) & ~pl.col("text").str.contains("^[+-]")
    return seconds.select(pl.when(plain).then("seconds").alias("seconds"))


def _clock(text: pl.Series) -> pl.DataFrame:
    """`hh:mm:ss` and `h:mm:ss`, eight bytes at a time."""
    size = text.str.len_bytes()
    if not size.is_between(*_CLOCK_BYTES).any():
        return pl.DataFrame({"seconds": pl.repeat(None, len(text), dtype=pl.Int64, eager=True)})
    if (size == 7).any():
        text = ("0" + text).zip_with(size == 7, text)
    frame = text.to_frame("text").select((word(pl.col("text").cast(pl.Binary), 0) ^ number(b"00:00:00")).alias("word"))
    clock = pl.col("word")
    fits = digits(clock, (0, 1, 3, 4, 6, 7)) & (clock & literal(at((2, 5), 0xFF)) == 0) & (size <= 8)
    frame = frame.select(fits.alias("fits"), pairs(clock).alias("word"))
    hours, minutes, seconds = byte(clock, 0), byte(clock, 3), byte(clock, 6)
    fits = pl.col("fits") & (minutes < 60) & (seconds < 60)
    total = small(hours * 3600 + minutes * 60 + seconds).cast(pl.Int64)
    return frame.select(pl.when(fits).then(total).alias("seconds"))


def _number(text: pl.Series, unit: str | None) -> pl.DataFrame:
    frame = _groups(text, _NUMBER).rename({"number": unit or "seconds", "number_part": f"{unit or 'seconds'}_part"})
    read = frame.select(*_signed(_rounded(frame)))
    if unit is not None:
        return read
    broken = frame["seconds_part"].str.contains("[1-9]").fill_null(value=False)
    return read.select(
        pl.when(~broken).then("seconds").alias("seconds"),
        pl.when(broken).then(pl.lit("unit unknown")).otherwise("fault").alias("fault"),
    )


def _three_parts(text: pl.Series) -> pl.DataFrame:
    days, hours, minutes, seconds = (pl.col(name).cast(pl.Int64) for name in "dhms")
    total = days.fill_null(0) * 86_400 + hours * 3_600 + minutes * 60 + seconds
    return _groups(text, _THREE_PARTS).select(*_signed(pl.when((minutes < 60) & (seconds < 60)).then(total)))


def _two_parts(text: pl.Series) -> pl.DataFrame:
    frame = _groups(text, _TWO_PARTS)
    a, b = pl.col("a").cast(pl.Int64), pl.col("b").cast(pl.Int64)
    *_, fault = _signed(a)
    readings = frame.select((a * 60 + b).alias("m_s"), (a * 3_600 + b * 60).alias("h_m"), fault)
    return readings.with_columns(pl.when(pl.col("fault").is_null()).then(pl.col("m_s", "h_m")))


def _units(text: pl.Series, form: str) -> pl.DataFrame:
    frame = _groups(text, form)
    stated = pl.any_horizontal(pl.col(name).is_not_null() for name in frame.columns if name in UNITS)
    return frame.select(*_signed(pl.when(stated).then(_rounded(frame))))


def _groups(text: pl.Series, form: str) -> pl.DataFrame:
    return text.to_frame("text").select(pl.col("text").str.extract_groups(form)).unnest("text")


def _signed(seconds: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The number of seconds, or the fault that there is a minus before it."""
    minus = pl.col("sign") == "-"
    negative = pl.when(minus & seconds.is_not_null()).then(pl.lit("negative"))
    return pl.when(~minus).then(seconds).alias("seconds"), negative.alias("fault")


def _rounded(amounts: pl.DataFrame) -> pl.Expr:
    """Whole seconds: of seconds and less the fraction is cut, of longer units the nearest second is meant."""
    given = [unit for unit in UNITS if unit in amounts.columns and amounts[unit].count()]
    fine = [_milliseconds(amounts, unit) for unit in given if UNITS[unit] <= 1_000]
    coarse = [_milliseconds(amounts, unit) for unit in given if UNITS[unit] > 1_000]
    return _total(fine) // 1_000 + (_total(coarse) + 500) // 1_000


def _total(amounts: Sequence[pl.Expr]) -> pl.Expr:
    return pl.sum_horizontal(pl.lit(0, pl.Int64), *amounts)


def _milliseconds(amounts: pl.DataFrame, unit: str) -> pl.Expr:
    """The exact product, in whole numbers; more than a billion of any unit is far more than a day."""
    whole = pl.col(unit).cast(pl.Int64).clip(0, _BILLION) * UNITS[unit]
    if not amounts[f"{unit}_part"].count():
        return whole
    billionths = pl.col(f"{unit}_part").fill_null("").str.head(9).str.pad_end(9, "0").cast(pl.Int64)
    return whole + billionths * UNITS[unit] // _BILLION
