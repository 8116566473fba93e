"""Dates of fixed width: `2026-11-21 14:05:01` and `21.11.2026 14:05:01` hold the same parts at fixed places."""

from functools import partial

import numpy as np
import numpy.typing as npt
import polars as pl

from callframe.normalize._arrays import NONE, Array, either
from callframe.normalize._bytes import Bytes, by_length
from callframe.normalize._civil import NO_PART, Dates, clock

__all__ = ["read"]

_LENGTHS = (15, 16, 18, 19)
"""Bytes of a date and a time: without and with seconds, hour of one or two digits."""

_WITH_SECONDS = 18
_BLANKS = {"local": NONE, "other": NONE, "slash": np.False_}


def read(text: pl.Series, month_first: bool | None) -> dict[str, Array]:
    """Readings of the texts that have a fixed form.

    The forms: `YYYY-MM-DD`, `YYYY/MM/DD`, `YYYY.MM.DD`, `DD.MM.YYYY`, and two numbers and a year between slashes or
    dashes; then a space or `T`; then `hh:mm` or `hh:mm:ss`, or `h:mm` or `h:mm:ss` after a space.
    """
    return by_length(text, _LENGTHS, partial(_read, month_first=month_first), _BLANKS)


def _read(text: Bytes, month_first: bool | None) -> dict[str, Array]:
    year_first = text.be(4, "-", "/") & (text.at(4) == text.at(7))
    year_last = text.be(2, "-", "/") & (text.at(2) == text.at(5))
    start, end = text.pair(0), text.pair(8)
    century = either(year_first, start, text.pair(6))
    of_century = either(year_first, text.pair(2), end)
    stated = (year_first | year_last) & (century < 100) & (of_century < 100)
    return Dates(
        year=either(stated, century * np.int16(100) + of_century, np.int16(-1)),
        month=either(year_first, text.pair(5), text.pair(3)),
        day=either(year_first, end, start),
        slash=year_last & ~text.be(2, "."),
        clock=_clock(text),
    ).readings(month_first)


def _clock(text: Bytes) -> npt.NDArray[np.int32]:
    with_seconds = text.size >= _WITH_SECONDS
    start = text.size - (8 if with_seconds else 5)
    hour, minute = text.pair(start, padded=True), text.pair(start + 3)
    second = text.pair(start + 6) if with_seconds else np.zeros_like(minute)
    fits = (text.be(10, " ") | text.be(10, "T")) & text.be(start + 2, ":") & text.be(text.size - 3, ":")
    return clock(either(fits, hour, NO_PART), minute, second)
