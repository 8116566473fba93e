"""Two columns of moments -> the seconds between them, or the reason why there are none."""

import numpy as np
import polars as pl

from callframe.normalize import _moments, _spans, _zones, texts
from callframe.normalize._arrays import NONE, Flags, Wholes, column, known

__all__ = ["REASONS", "Differences"]

REASONS: tuple[str, ...] = ("negative", "longer than 24 hours", *_moments.REASONS)
_NEGATIVE, _LONG, *_ = REASONS


class Differences:
    """The time between the moments of two columns."""

    def __init__(self, end: pl.Series, start: pl.Series, rules: _moments.Rules) -> None:
        """Read both columns, which settle the order of day and month together.

        Args:
            end: String.
            start: String.
            rules: the options.
        """
        self._name = end.name
        text = pl.concat([end.alias("text"), start.alias("text")])
        self._moments = _moments.Moments(text, rules)
        self._lengths = _lengths(self._moments, zoneless=rules.zone is None)
        self._wanted = _both(_happened(text, self._moments))

    def values(self) -> pl.Series:
        """Seconds from start to end, or null."""
        counts = self._wanted & (self._lengths >= 0) & (self._lengths <= _spans.LONGEST)
        return column(self._name, np.where(counts, self._lengths, NONE))

    def reasons(self) -> pl.Series:
        """A reason for each pair that is there and has no difference."""
        whys = self._moments.reasons()
        there = _both(known(self._moments.numbers) | whys.is_not_null().to_numpy())
        half = len(whys) // 2
        why = (
            pl.when(~pl.col("wanted"))
            .then(pl.lit(None, pl.String))
            .when(pl.col("length").is_null())
            .then(pl.coalesce(_telling("why"), _telling("other"), "why", "other"))
            .when(pl.col("length") < 0)
            .then(pl.lit(_NEGATIVE))
            .when(pl.col("length") > _spans.LONGEST)
            .then(pl.lit(_LONG))
        )
        frame = pl.DataFrame(
            {
                "length": column("length", self._lengths),
                "wanted": self._wanted & there,
                "why": whys.head(half),
                "other": whys.tail(half),
            }
        )
        return frame.select(why.alias(self._name)).to_series()


def _lengths(moments: _moments.Moments, *, zoneless: bool) -> Wholes:
    """Seconds between two moments, or two times on a clock of no known zone."""
    naive = ~moments.zoned & zoneless
    clock = np.where((moments.clock >= _zones.START) & (moments.clock < _zones.END), moments.clock, NONE)
    late, early = np.split(np.where(naive, clock, moments.numbers), 2)
    alike = np.equal(*np.split(naive, 2))
    return np.where(alike & known(late) & known(early), late - early, NONE)


def _happened(text: pl.Series, moments: _moments.Moments) -> Flags:
    """Whether a text is there and doesn't say that there was no such moment: exports write 0."""
    happened: Flags = moments.numbers > 0
    rows = np.flatnonzero(~happened)
    rest = text.filter(pl.Series(~happened)).str.strip_chars(texts.SPACE)
    happened[rows] = (rest != "0").fill_null(value=False).to_numpy()
    return happened


def _both(rows: Flags) -> Flags:
    """Whether it is true of both texts of each pair."""
    return np.logical_and(*np.split(rows, 2))


def _telling(name: str) -> pl.Expr:
    """Two clock times need no zone, so the lack of one isn't the reason while there is another."""
    return pl.when(pl.col(name) != "no time zone").then(name)
