"""Moments in a format that the user states as a chrono (strftime) pattern."""

import datetime as dt
import functools
import warnings
from collections.abc import Iterable

import polars as pl

from callframe.errors import OptionError
from callframe.normalize import texts

__all__ = ["checked", "read"]

_EXAMPLE = '"day first" or "%d/%m/%Y %H:%M:%S"'
_PROBE = dt.datetime(2026, 11, 21, 14, 5, 9, 500_000)


@functools.cache
def checked(pattern: str, words: Iterable[str]) -> str:
    """The pattern as Polars takes it, if a date and a time of day written in it can be read back.

    Args:
        pattern: chrono's directives; `%f` after a point and `%z` mean what they mean in Python.
        words: the other formats there are, for the message.

    Raises:
        OptionError: It says no date or no time of day, a zone by name, or Unix time.
    """
    if "%" not in str(pattern):
        raise OptionError.unknown("a format", pattern, words, example=_EXAMPLE)
    taken = pattern.replace(".%f", "%.f").replace("%z", "%#z")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pl.exceptions.ChronoFormatWarning)
            back = read(_written(taken), taken)["local"].item()
    except (pl.exceptions.PolarsError, pl.exceptions.ChronoFormatWarning) as error:
        raise OptionError.unknown("a format of dates and times", pattern, example=_EXAMPLE) from error
    named = any(directive in pattern.replace("%%", "") for directive in ("%Z", "%s"))
    if named or back is None or back // 60 != int(_PROBE.replace(tzinfo=dt.UTC).timestamp()) // 60:
        raise OptionError.unknown("a format of dates and times", pattern, example=_EXAMPLE)
    return taken


def read(text: pl.Series, pattern: str) -> pl.DataFrame:
    """Reading frame of texts in a checked pattern; nulls for the others."""
    text = text.alias("text").to_frame().select(texts.unguarded(pl.col("text"))).to_series()
    moment = _parsed(text, pattern)
    seconds = moment.to_physical() // 1_000_000
    leap = (text.str.contains("60", literal=True) & (seconds % 60 == 0)).fill_null(value=False)
    if leap.any():
        leap = leap.scatter(leap.arg_true(), _shows_60(text.filter(leap), pattern))
    frame = pl.DataFrame({"local": seconds, "leap": leap})
    zoned = pl.lit(value=moment.dtype == pl.Datetime("us", "UTC"))
    return frame.select(pl.when(~pl.col("leap")).then("local").alias("local"), zoned.alias("zoned"))


def _shows_60(text: pl.Series, pattern: str) -> pl.Series:
    """Whether the 60 in these full minutes is a leap second, which Polars reads as the next minute."""
    earlier = _parsed(text.str.replace_all("60", "59", literal=True), pattern)
    return (earlier.dt.second() == 59).fill_null(value=False)


def _parsed(text: pl.Series, pattern: str) -> pl.Series:
    return text.str.to_datetime(pattern, strict=False, time_unit="us")


def _written(pattern: str) -> pl.Series:
    zone = "UTC" if "%#z" in pattern or "%:z" in pattern or "%+" in pattern else None
    return pl.Series([_PROBE], dtype=pl.Datetime("us", zone)).dt.strftime(pattern.replace("%#z", "%z"))
