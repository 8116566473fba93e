"""Moments in a format that the user states as a chrono (strftime) pattern."""

import datetime as dt
import functools
import warnings
from collections.abc import Iterable

import polars as pl

from callframe.errors import OptionError
from callframe.normalize import texts
from callframe.normalize._arrays import NONE, Array, Flags, known, wholes

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
    if named or back // 60 != int(_PROBE.replace(tzinfo=dt.UTC).timestamp()) // 60:
        raise OptionError.unknown("a format of dates and times", pattern, example=_EXAMPLE)
    return taken


def read(text: pl.Series, pattern: str) -> dict[str, Array]:
    """Readings of texts in a checked pattern."""
    text = text.to_frame("text").select(texts.unguarded(pl.col("text"))).to_series()
    moment = _parsed(text, pattern)
    seconds = wholes(moment.to_physical() // 1_000_000)
    leap = text.str.contains("60", literal=True).fill_null(value=False).to_numpy(writable=True) & (seconds % 60 == 0)
    if leap.any():
        leap[leap] = _shows_60(text.filter(pl.Series(leap)), pattern)
        seconds[leap] = NONE
    return {"local": seconds, "zoned": known(seconds) & (moment.dtype == pl.Datetime("us", "UTC"))}


def _shows_60(text: pl.Series, pattern: str) -> Flags:
    """Whether the 60 in these full minutes is a leap second, which Polars reads as the next minute."""
    earlier = _parsed(text.str.replace_all("60", "59", literal=True), pattern)
    return (earlier.dt.second() == 59).fill_null(value=False).to_numpy()


def _parsed(text: pl.Series, pattern: str) -> pl.Series:
    return text.str.to_datetime(pattern, strict=False, time_unit="us")


def _written(pattern: str) -> pl.Series:
    zone = "UTC" if "%#z" in pattern or "%:z" in pattern or "%+" in pattern else None
    return pl.Series([_PROBE], dtype=pl.Datetime("us", zone)).dt.strftime(pattern.replace("%#z", "%z"))
