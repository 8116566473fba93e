"""A time zone as a table: between which clock times its clocks are how far ahead of UTC.

Clock times become instants by one look-up in the part of the table that a column needs, which costs a fraction of
Polars' `replace_time_zone` and knows both sides of a gap and of an overlap. The table is read off Python's zoneinfo:
its data can be updated without Polars, and Polars' own stop at 2099, so that there is no summer time in 2100.
"""

import datetime as dt
import functools
import itertools
import zoneinfo
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

import numpy as np
import polars as pl

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

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


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
        OptionError: Polars or zoneinfo doesn't know the zone.
    """
    changes = list(_changes(_known(name)))
    first = changes.pop(0)
    edges = ((utc + min(before, after), utc + max(before, after)) for utc, before, after in changes)
    both = ((before, after) for _, before, after in changes)
    settled = ((after, after) for _, _, after in changes)
    return Zone(
        _whole(itertools.chain.from_iterable(edges)),
        _whole([first[2], *itertools.chain.from_iterable(both)]),
        _whole([first[2], *itertools.chain.from_iterable(settled)]),
    )


def _known(name: str) -> zoneinfo.ZoneInfo:
    """The zone, if Polars takes it too: a frame of its clock times must be possible."""
    try:
        pl.Series([0]).cast(pl.Datetime("ms", name or "no name")).dt.hour()
        return zoneinfo.ZoneInfo(name)
    except (pl.exceptions.PolarsError, TypeError, zoneinfo.ZoneInfoNotFoundError) as error:
        places = [zone for zone in zoneinfo.available_timezones() - {name} if "/" in zone]
        raise OptionError.unknown("a time zone", name, places, example="Europe/Moscow") from error


def _changes(there: zoneinfo.ZoneInfo) -> Iterator[tuple[int, int, int]]:
    """When the clocks changed (Unix seconds), and how far ahead they were before and after; first, the start."""
    grid = range(START - 2 * DAY, END + 3 * DAY, DAY)
    ahead = [_ahead(utc, there) for utc in grid]
    yield grid[0], ahead[0], ahead[0]
    for (early, before), (late, after) in itertools.pairwise(zip(grid, ahead, strict=True)):
        while before != after and late - early > 1:
            middle = (early + late) // 2
            early, late = (middle, late) if _ahead(middle, there) == before else (early, middle)
        if before != after:
            yield late, before, after


def _ahead(utc: int, there: zoneinfo.ZoneInfo) -> int:
    moment = _EPOCH + dt.timedelta(seconds=utc)
    ahead = moment.astimezone(there).utcoffset()
    return ahead.days * DAY + ahead.seconds if ahead else 0


def _whole(values: Iterable[int]) -> Wholes:
    return np.array(list(values), dtype=np.int64)
