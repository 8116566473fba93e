"""Moments written as one number: Unix time in seconds, milliseconds or microseconds, and Excel's day serials.

Which of them a bare number is, its size says; the ranges don't touch:

    20 000 to 80 000                                  days since 1899-12-30 (Excel, 1900 system), on the local clock
    100 000 000 to 4 133 980 799                      seconds: 1973-03-03 to the end of 2100
    100 000 000 000 to 4 133 980 799 999              milliseconds: the same years
    100 000 000 000 000 to 4 133 980 799 999 999      microseconds: the same years

A number of 12 digits that is a clock time too (`YYYYMMDDhhmm`) is refused: as milliseconds it lies in 1976.
"""

import numpy as np
import polars as pl

from callframe.normalize._arrays import NONE, Array, Flags, Wholes, known, wholes
from callframe.normalize._civil import DAY, Dates, clock
from callframe.normalize._reasons import TOLD
from callframe.normalize._zones import END

__all__ = ["NUMBER", "UNITS", "by_size", "is_number", "stated", "whole"]

UNITS = ("unix", "unix ms", "unix us", "excel", "excel 1904")
"""What a number may be said to be."""

_PER_SECOND = {"unix": 1, "unix ms": 1_000, "unix us": 1_000_000}
_DAY_ZERO = {"excel": 25_569, "excel 1904": 24_107}
_LEAST = 100_000_000
_SERIALS = (20_000, 80_000)
_CLOCKS = (197_001_010_000, 210_012_312_359)
_SERIAL = r"^[0-9]{5}(?:[.,][0-9]*)?$"

NUMBER = r"^([0-9]{1,18})(?:[.,][0-9]*)?$"
"""A bare number, perhaps with a fraction."""

_DOUBTFUL = TOLD["milliseconds or a date?"]


def whole(text: pl.Series) -> dict[str, Array]:
    """Readings of bare whole numbers."""
    number = text.cast(pl.Int64, strict=False)
    if number.null_count() == len(number):
        return {}
    return _by_size(np.where(text.str.starts_with("+").to_numpy(), NONE, wholes(number)), text)


def is_number(text: pl.Series) -> Flags:
    """A cheap test that every bare number passes, if a point stands before its fraction."""
    return text.cast(pl.Float64, strict=False).is_not_null().to_numpy()


def by_size(text: pl.Series) -> dict[str, Array]:
    """Readings of bare numbers, perhaps with a fraction."""
    return _by_size(_number(text), text)


def stated(text: pl.Series, unit: str) -> dict[str, Array]:
    """Readings of numbers that are said to be in one of `UNITS`."""
    if unit in _DAY_ZERO:
        return {"local": _serial(text, unit)}
    number = _number(text)
    return {"local": np.where(known(number), number // _PER_SECOND[unit], NONE), "zoned": known(number)}


def _number(text: pl.Series) -> Wholes:
    return wholes(text.str.extract(NUMBER).cast(pl.Int64))


def _by_size(number: Wholes, text: pl.Series) -> dict[str, Array]:
    local = np.full(len(number), NONE)
    for size in _PER_SECOND.values():
        fits = (number >= _LEAST * size) & (number < END * size)
        local = np.where(fits, number // size, local)
    doubtful = _reads_as_clock(number)
    local[doubtful] = NONE
    found = {"local": local, "zoned": known(local), "fault": doubtful * _DOUBTFUL}
    serials = (number >= _SERIALS[0]) & (number <= _SERIALS[1])
    if serials.any():
        local[serials] = _serial(text.filter(pl.Series(serials)), "excel")
    return found


def _serial(text: pl.Series, unit: str) -> Wholes:
    """A serial is a binary fraction of a day, so its second is the nearest one."""
    serial = text.set(~text.str.contains(_SERIAL), None).str.replace(",", ".", literal=True)
    seconds = wholes((serial.cast(pl.Float64, strict=False) * DAY).round())
    return np.where(known(seconds), seconds - _DAY_ZERO[unit] * DAY, NONE)


def _reads_as_clock(number: Wholes) -> Flags:
    doubtful: Flags = (number >= _CLOCKS[0]) & (number <= _CLOCKS[1])
    if doubtful.any():
        some = number[doubtful]
        month, day, hour, minute = ((some // 10**place % 100).astype(np.uint8) for place in (6, 4, 2, 0))
        second, slash = np.zeros_like(minute), np.zeros(len(some), np.bool_)
        dates = Dates((some // 10**8).astype(np.int16), month, day, slash, clock(hour, minute, second))
        doubtful[doubtful] = known(dates.local())
    return doubtful
