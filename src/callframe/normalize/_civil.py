"""The parts of written dates -> seconds, by a table of the months of ten thousand years.

A part is the number of two digits. `NO_PART`, out of every range, stands where the text has none.
"""

import functools
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from callframe.normalize._arrays import NONE, Array, Flags, Wholes, either, known

__all__ = ["DAY", "NO_PART", "Dates", "Parts", "clock", "told_ahead"]

Parts = npt.NDArray[np.uint8]

DAY = 86_400
NO_PART = np.uint8(255)

_ONE = np.uint8(1)
_YEARS = 10_000
_ROOM = 22
"""Years more than are written, so that every byte in place of a month finds one."""


@functools.cache
def _months() -> tuple[Wholes, Parts]:
    """Of each month from January of the year 0: seconds from 1970-01-01 to its first midnight, and its days."""
    months = np.arange(-1970 * 12, (_YEARS + _ROOM - 1970) * 12)
    days = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return days[:-1] * DAY, np.diff(days).astype(np.uint8)


def clock(hour: Parts, minute: Parts, second: Parts) -> npt.NDArray[np.int32]:
    """Seconds since midnight; -1 where no clock shows it (24:00 and leap seconds included)."""
    shown = (hour < 24) & (minute < 60) & (second < 60)
    return np.where(shown, hour * np.int32(3600) + (minute * np.int16(60) + second), np.int32(-1))


class Dates(NamedTuple):
    """Written dates and times, as every reader of dates gives them."""

    year: npt.NDArray[np.int16]
    """0 to 9999; -1 where there is none."""
    month: Parts
    """Of `slash` dates, as they read with the day first."""
    day: Parts
    slash: Flags
    """The order of day and month is a convention, not part of the form."""
    clock: npt.NDArray[np.int32]
    """Seconds since midnight; -1 where there is no such time."""

    def with_month_first(self) -> "Dates":
        """The dates as they read with the month of `slash` dates first."""
        month, day = either(self.slash, self.day, self.month), either(self.slash, self.month, self.day)
        return self._replace(month=month, day=day)

    def exist(self) -> Flags:
        """Whether the calendar has such a day."""
        _, lengths = _months()
        there: Flags = (self.year >= 0) & (self.month - _ONE < 12) & (self.day - _ONE < lengths[self._place()])
        return there

    def weekday(self) -> Parts:
        """From 0, Monday, to 6, of days that exist."""
        starts, _ = _months()
        since_thursday = starts[self._place()] // DAY + (self.day - _ONE)
        return ((since_thursday + 3) % 7).astype(np.uint8)

    def local(self) -> Wholes:
        """Seconds since 1970-01-01 00:00 on the same clock; none where there is no such time."""
        starts, _ = _months()
        seconds = starts[self._place()] + ((self.day - _ONE) * np.int32(DAY) + self.clock)
        return np.where(self.exist() & (self.clock >= 0), seconds, NONE)

    def readings(self, month_first: bool | None) -> dict[str, Array]:
        """Readings of times on a clock.

        Args:
            month_first: how `slash` dates read; None: either way may be meant.
        """
        if month_first:
            return {"local": self.with_month_first().local()}
        local = self.local()
        if month_first is not None or not self.slash.any():
            return {"local": local}
        other = either(self.slash, self.with_month_first().local(), NONE)
        return {"local": local, "other": other, "slash": self.slash & (known(local) | known(other))}

    def _place(self) -> npt.NDArray[np.int32]:
        return self.year * np.int32(12) + self.month - np.int32(1)


def told_ahead(readings: Mapping[str, Array], zoned: Flags, offset: Wholes) -> dict[str, Array]:
    """The same readings, of clocks so many seconds ahead of UTC.

    Args:
        readings: of times on a clock.
        zoned: whether the text says so.
        offset: the seconds; none where the text is no such reading after all.
    """
    told = dict(readings)
    read = np.zeros(len(offset), np.bool_)
    for name in readings.keys() & {"local", "other"}:
        there = known(offset) & known(readings[name])
        told[name], read = np.where(there, readings[name] - offset, NONE), read | there
    if "slash" in readings:
        told["slash"] = readings["slash"] & read
    return told | {"zoned": zoned & read}
