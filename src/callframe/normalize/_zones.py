"""A time zone as a table: between which clock times its clocks are how far ahead of UTC.

Clock times become instants by one look-up in the part of the table that a column needs, which costs a fraction of
Polars' `replace_time_zone` and knows both sides of a gap and of an overlap. The table is read off the tzdata package,
so that no older database on the machine changes an answer, and a new law of time needs no new Polars, whose own data
lag behind and stop at 2099.
"""

import datetime as dt
import functools
from importlib import resources
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from callframe.errors import OptionError
from callframe.normalize._arrays import NONE, Wholes, known
from callframe.normalize._civil import DAY

__all__ = ["END", "SIDES", "START", "Side", "Zone", "zone"]

START = 0
"""First second that counts: 1970-01-01 00:00:00 UTC."""
END = 4_133_980_800
"""First second that doesn't count any more: 2101-01-01 00:00:00 UTC."""

Side = Literal["null", "earliest", "latest"]

SIDES: tuple[Side, ...] = ("null", "earliest", "latest")
"""What becomes of a clock time that was skipped or repeated: nothing, or as the clocks went before or after."""

_YEAR_2040 = 2_208_988_800
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_PACKAGE = resources.files("tzdata")


class Zone(NamedTuple):
    """Clock times cut into stretches; stretch i ends at break i, and every second one is a gap or an overlap."""

    breaks: Wholes
    """Clock seconds since 1970-01-01 00:00."""
    before: Wholes
    """Seconds ahead of UTC; in a gap or an overlap, as it was before the clocks changed."""
    after: Wholes
    """The same, but in a gap or an overlap as it was after the clocks changed."""

    def utc(self, clock: Wholes, ambiguous: Side, non_existent: Side) -> Wholes:
        """Unix seconds of clock times; none where the clocks skipped or repeated it and that side is "null"."""
        if not len(clock):
            return clock
        there, latest = known(clock), clock.max()
        earliest = np.where(there, clock, latest).min()
        first, last = np.searchsorted(self.breaks, (earliest, latest), side="right")
        ahead = self._ahead(ambiguous, non_existent)[first : last + 1]
        if len(ahead) > 1:
            ahead = ahead[np.searchsorted(self.breaks[first:last], clock, side="right")]
        utc = clock - ahead
        utc[~(there & known(ahead))] = NONE
        return utc

    def _ahead(self, ambiguous: Side, non_existent: Side) -> Wholes:
        sides = {"null": np.full(len(self.before), NONE), "earliest": self.before, "latest": self.after}
        change = self.after - self.before
        settled = np.where(change > 0, sides[non_existent], self.before)
        return np.where(change < 0, sides[ambiguous], settled)


@functools.cache
def zone(name: str) -> Zone:
    """The table of a zone, by its IANA name.

    Raises:
        OptionError: the tzdata package has no such zone.
    """
    there = _read(name)
    changes, before, after = _changes(there)
    edges = changes + np.minimum(before, after), changes + np.maximum(before, after)
    at_first = _ahead(np.array([START - 2 * DAY]), there)
    return Zone(
        _in_turn(*edges),
        np.concatenate([at_first, _in_turn(before, after)]),
        np.concatenate([at_first, _in_turn(after, after)]),
    )


def _read(name: str) -> ZoneInfo:
    names = set((_PACKAGE / "zones").read_text(encoding="utf-8").split()) - {"Factory"}
    if name not in names:
        places = [zone for zone in names if "/" in zone]
        raise OptionError.unknown("a time zone", name, places, example="Europe/Moscow")
    with (_PACKAGE / "zoneinfo").joinpath(*name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


def _changes(there: ZoneInfo) -> tuple[Wholes, Wholes, Wholes]:
    """When the clocks changed (Unix seconds), and how far ahead they were before and after."""
    # Laws have changed clocks twice within a week; rules for the years to come do not.
    days, weeks = np.arange(START - 2 * DAY, _YEAR_2040, DAY), np.arange(_YEAR_2040, END + 8 * DAY, 7 * DAY)
    grid = np.concatenate([days, weeks])
    ahead = _ahead(grid, there)
    places = np.flatnonzero(np.diff(ahead))
    early, late, before = grid[places], grid[places + 1], ahead[places]
    while (late - early > 1).any():
        middle = (early + late) // 2
        same = _ahead(middle, there) == before
        early, late = np.where(same, middle, early), np.where(same, late, middle)
    return late, before, ahead[places + 1]


def _ahead(utc: Wholes, there: ZoneInfo) -> Wholes:
    """Seconds that the zone's clocks are ahead of UTC."""
    moments = ((_EPOCH + dt.timedelta(seconds=at)).astimezone(there) for at in utc.tolist())
    return np.array([(moment.utcoffset() or dt.timedelta()) // dt.timedelta(seconds=1) for moment in moments], np.int64)


def _in_turn(one: Wholes, other: Wholes) -> Wholes:
    return np.stack([one, other], axis=1).ravel()
