"""Moments written as one number: Unix time in seconds, milliseconds or microseconds, and Excel's day serials.

Which of them a bare number is, its size says; the ranges don't touch:

    20 000 to 80 000                                  days since 1899-12-30 (Excel, 1900 system), on the local clock
    1 000 000 000 to 4 133 980 799                    seconds: 2001-09-09 to the end of 2100
    1 000 000 000 000 to 4 133 980 799 999            milliseconds: the same years
    1 000 000 000 000 000 to 4 133 980 799 999 999    microseconds: the same years

A number with one digit less would be a moment from 1973 on, when nobody tracked calls: it is something else, unless a
unit is stated. Of 12 digits it may be `YYMMDDhhmmss` or `YYYYMMDDhhmm`.
"""

import numpy as np
import polars as pl

from callframe.normalize._arrays import NONE, Array, Flags, Wholes, known, wholes
from callframe.normalize._civil import DAY
from callframe.normalize._reasons import TOLD
from callframe.normalize._zones import END

__all__ = ["NUMBER", "UNITS", "by_size", "is_number", "stated", "whole"]

UNITS = ("unix", "unix ms", "unix us", "excel", "excel 1904")
"""What a number may be said to be."""

_PER_SECOND = {"unix": 1, "unix ms": 1_000, "unix us": 1_000_000}
_DAY_ZERO = {"excel": 25_569, "excel 1904": 24_107}
_LEAST = 1_000_000_000
_SERIALS = (20_000, 80_000)
_SERIAL = r"^[0-9]{5}(?:[.,][0-9]*)?$"

NUMBER = r"^([0-9]{1,18})(?:[.,][0-9]*)?$"
"""A bare number, perhaps with a fraction."""

_EARLY = TOLD["not a date and time; as Unix time it lies before September 2001"]
_DOUBTS = {1: _EARLY, 1_000: TOLD["milliseconds or a date?"], 1_000_000: _EARLY}
"""Of numbers with a digit less, by how many of what they count are a second."""


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
    local, fault = np.full(len(number), NONE), np.zeros(len(number), np.uint8)
    for size in _PER_SECOND.values():
        fits = (number >= _LEAST * size) & (number < END * size)
        local = np.where(fits, number // size, local)
        fault[(number >= _LEAST // 10 * size) & (number < _LEAST * size)] = _DOUBTS[size]
    found = {"local": local, "zoned": known(local), "fault": fault}
    serials = (number >= _SERIALS[0]) & (number <= _SERIALS[1])
    if serials.any():
        local[serials] = _serial(text.filter(pl.Series(serials)), "excel")
    return found


def _serial(text: pl.Series, unit: str) -> Wholes:
    """A serial is a binary fraction of a day, so its second is the nearest one."""
    serial = text.set(~text.str.contains(_SERIAL), None).str.replace(",", ".", literal=True)
    seconds = wholes((serial.cast(pl.Float64, strict=False) * DAY).round())
    return np.where(known(seconds), seconds - _DAY_ZERO[unit] * DAY, NONE)
