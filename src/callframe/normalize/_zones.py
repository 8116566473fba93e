"""A time zone as a table: between which clock times its clocks are how far ahead of UTC.

Clock times become instants by one look-up in the table, which costs a quarter of `replace_time_zone` and knows both
sides of a gap and of an overlap. The table is read off Polars' own time zones, so it needs no files of the machine.
"""

import functools
import itertools
import zoneinfo
from collections.abc import Iterator
from typing import Literal, NamedTuple

import polars as pl

from callframe.errors import OptionError
from callframe.normalize._civil import DAY

__all__ = ["END", "SIDES", "START", "Side", "Zone", "zone"]

START = 0
"""First second that counts: 1970-01-01 00:00:00 UTC."""
END = 4_133_980_800
"""First second that doesn't count any more: 2101-01-01 00:00:00 UTC."""

Side = Literal["null", "earliest", "latest"]

SIDES: tuple[Side, ...] = ("null", "earliest", "latest")
"""What becomes of a clock time that was skipped or repeated: nothing, or as the clocks went before or after."""

_STEP = DAY // 4


class Zone(NamedTuple):
    """Clock times cut into stretches; stretch i ends at break i, and every second one is a gap or an overlap."""

    breaks: pl.Series
    """Int64 clock seconds since 1970-01-01 00:00."""
    before: pl.Series
    """Int64 seconds ahead of UTC; in a gap or an overlap, as it was before the clocks changed."""
    after: pl.Series
    """The same, but in a gap or an overlap as it was after the clocks changed."""

    def utc(self, clock: pl.Series, ambiguous: Side, non_existent: Side) -> pl.Series:
        """Unix seconds of clock times; null where the clocks skipped or repeated it and that side is "null"."""
        ahead = self._ahead(ambiguous, non_existent)
        return clock - ahead.gather(self.breaks.search_sorted(clock, side="right"))

    def _ahead(self, ambiguous: Side, non_existent: Side) -> pl.Series:
        frame = pl.DataFrame({"earliest": self.before, "latest": self.after}).with_columns(null=pl.lit(None, pl.Int64))
        change = pl.col("latest") - pl.col("earliest")
        repeated = pl.when(change < 0).then(pl.col(ambiguous))
        return frame.select(repeated.when(change > 0).then(pl.col(non_existent)).otherwise("earliest")).to_series()


@functools.cache
def zone(name: str) -> Zone:
    """The table of a zone, by its IANA name.

    Raises:
        OptionError: Polars doesn't know the zone.
    """
    try:
        changes = list(_changes(name or "no zone"))
    except (pl.exceptions.PolarsError, TypeError) as error:
        known = zoneinfo.available_timezones() - {name}
        raise OptionError.unknown("a time zone", name, known, example="Europe/Moscow") from error
    first = changes.pop(0)
    edges = ((utc + min(before, after), utc + max(before, after)) for utc, before, after in changes)
    both = ((before, after) for _, before, after in changes)
    settled = ((after, after) for _, _, after in changes)
    return Zone(
        _whole(itertools.chain.from_iterable(edges)),
        _whole([first[2], *itertools.chain.from_iterable(both)]),
        _whole([first[2], *itertools.chain.from_iterable(settled)]),
    )


def _changes(name: str) -> Iterator[tuple[int, int, int]]:
    """When the clocks changed (Unix seconds), and how far ahead they were before and after; first, the start."""
    grid = pl.int_range(START - 2 * DAY, END + 2 * DAY, _STEP, dtype=pl.Int64, eager=True)
    ahead = _ahead(grid, name)
    yield grid[0], ahead[0], ahead[0]
    found = (ahead != ahead.shift(1)).fill_null(value=False)
    before, after, late = ahead.shift(1).filter(found), ahead.filter(found), grid.filter(found)
    early = late - _STEP
    while (late - early > 1).any():
        middle = (early + late) // 2
        still = _ahead(middle, name) == before
        early, late = middle.zip_with(still, early), late.zip_with(still, middle)
    yield from zip(late, before, after, strict=True)


def _ahead(utc: pl.Series, name: str) -> pl.Series:
    there = (utc * 1000).cast(pl.Datetime("ms", "UTC")).dt.convert_time_zone(name)
    return there.dt.replace_time_zone(None).cast(pl.Int64) // 1000 - utc


def _whole(values: "Iterator[int] | list[int]") -> pl.Series:
    return pl.Series(list(values), dtype=pl.Int64)
