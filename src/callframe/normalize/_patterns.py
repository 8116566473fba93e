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
_PROBE = dt.datetime(2026, 11, 21, 14, 5, 9)


@functools.cache
def checked(pattern: str, words: Iterable[str]) -> str:
    """The pattern as Polars takes it, if a date and a time of day written in it can be read back.

    Args:
        pattern: chrono's directives; `%f` after a point and `%z` mean what they mean in Python.
        words: the other formats there are, for the message.

    Raises:
        OptionError: It says no date or no time of day, a zone by name, or Unix time.
    """
    taken = pattern.replace(".%f", "%.f").replace("%z", "%#z")
    if "%" not in pattern:
        raise OptionError.unknown("a format", pattern, words, example=_EXAMPLE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pl.exceptions.ChronoFormatWarning)
            back = read(_written(taken), taken)["local"].item()
    except (pl.exceptions.PolarsError, pl.exceptions.ChronoFormatWarning) as error:
        raise OptionError.unknown("a format of dates and times", pattern, example=_EXAMPLE) from error
    named = any(directive in pattern.replace("%%", "") for directive in ("%Z", "%s"))
    if named or back is None or back // 60 != int(_PROBE.replace(tzinfo=dt.UTC).timestamp()) // 60:
        raise OptionError.unknown("a format of dates and times", pattern, example=_EXAMPLE)
    return pattern


def read(text: pl.Series, pattern: str) -> pl.DataFrame:
    """Reading frame of texts in a checked pattern; nulls for the others."""
    frame = text.to_frame("text").select(texts.unguarded(pl.col("text")).str.replace_all(r"\s", " "))
    moment = frame["text"].str.to_datetime(pattern, strict=False, time_unit="us")
    zoned = moment.dtype == pl.Datetime("us", "UTC")
    sixty = pl.col("text").str.replace_all("60", "59", literal=True).str.to_datetime(pattern, strict=False)
    leap = (
        pl.col("text").str.contains("60", literal=True)
        & (sixty.dt.second() == 59)
        & (pl.col("moment").dt.second() == 0)
    )
    frame = frame.with_columns(moment.alias("moment"))
    seconds = pl.col("moment").to_physical() // 1_000_000
    return frame.select(pl.when(~leap.fill_null(value=False)).then(seconds).alias("local"), zoned=pl.lit(value=zoned))


def _written(pattern: str) -> pl.Series:
    zone = "UTC" if "%#z" in pattern or "%:z" in pattern or "%+" in pattern else None
    return pl.Series([_PROBE], dtype=pl.Datetime("us", zone)).dt.strftime(pattern.replace("%#z", "%z"))
