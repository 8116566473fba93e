"""Moments written as one number: Unix time in seconds, milliseconds or microseconds, and Excel's day serials.

Which of them a bare number is, its size says; the ranges don't touch:

    20 000 to 80 000                                  days since 1899-12-30 (Excel, 1900 system), on the local clock
    100 000 000 to 4 133 980 799                      seconds: 1973-03-03 to the end of 2100
    100 000 000 000 to 4 133 980 799 999              milliseconds: the same years
    100 000 000 000 000 to 4 133 980 799 999 999      microseconds: the same years

A number of 12 digits that is a clock time too (`YYYYMMDDhhmm`) is refused: as milliseconds it lies in 1976.
"""

import polars as pl

from callframe.normalize import _civil
from callframe.normalize._zones import END

__all__ = ["UNITS", "by_size", "stated"]

UNITS = ("unix", "unix ms", "unix us", "excel", "excel 1904")
"""What a number may be said to be."""

_PER_SECOND = {"unix": 1, "unix ms": 1_000, "unix us": 1_000_000}
_DAY_ZERO = {"excel": 25_569, "excel 1904": 24_107}
_LEAST = 100_000_000
_SERIALS = (20_000, 80_000)
_CLOCKS = (197_001_010_000, 210_012_312_359)
_NUMBER = r"^([0-9]{1,18})(?:[.,][0-9]*)?$"
_SERIAL = r"^[0-9]{5}(?:[.,][0-9]*)?$"


def by_size(text: pl.Series) -> pl.DataFrame:
    """Reading frame of bare numbers; nulls for every other text."""
    frame = (
        text.alias("text")
        .to_frame()
        .with_columns(
            pl.when(~pl.col("text").str.starts_with("+"))
            .then(pl.col("text").cast(pl.Int64, strict=False))
            .alias("number")
        )
    )
    number = pl.col("number")
    if frame["number"].has_nulls():
        broken = pl.when(number.is_null()).then(pl.col("text").str.extract(_NUMBER).cast(pl.Int64))
        frame = frame.with_columns(pl.coalesce(number, broken))
    local = pl.coalesce(*(_in_range(number, size) for size in _PER_SECOND.values()))
    frame = frame.with_columns(local.alias("local"), (number >= _LEAST).alias("zoned"))
    if frame["number"].is_between(*_SERIALS).any():
        frame = frame.with_columns(
            pl.when(number.is_between(*_SERIALS)).then(_serial("excel")).otherwise("local").alias("local")
        )
    doubtful = frame["number"].is_between(*_CLOCKS)
    if not doubtful.any():
        return frame
    doubtful &= frame.select(_reads_as_clock(number)).to_series()
    fault = pl.when(doubtful).then(pl.lit("milliseconds or a date?"))
    return frame.with_columns(pl.when(~doubtful).then("local").alias("local"), fault.alias("fault"))


def stated(text: pl.Series, unit: str) -> pl.DataFrame:
    """Reading frame of numbers that are said to be in one of `UNITS`; nulls for every other text."""
    if unit in _DAY_ZERO:
        return text.to_frame("text").select(_serial(unit).alias("local"), zoned=pl.lit(value=False))
    number = pl.col("text").str.extract(_NUMBER).cast(pl.Int64)
    return text.to_frame("text").select((number // _PER_SECOND[unit]).alias("local"), zoned=pl.lit(value=True))


def _in_range(number: pl.Expr, size: int) -> pl.Expr:
    return pl.when(number.is_between(_LEAST * size, END * size - 1)).then(number // size)


def _serial(unit: str) -> pl.Expr:
    """A serial is a binary fraction of a day, so its second is the nearest one."""
    text = pl.when(pl.col("text").str.contains(_SERIAL)).then(pl.col("text"))
    serial = text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    return (serial * _civil.DAY).round().cast(pl.Int64) - _DAY_ZERO[unit] * _civil.DAY


def _reads_as_clock(number: pl.Expr) -> pl.Expr:
    year, month, day = number // 10**8, number // 10**6 % 100, number // 10**4 % 100
    hour, minute = number // 100 % 100, number % 100
    return _civil.possible(year, month, day) & (hour < 24) & (minute < 60)
