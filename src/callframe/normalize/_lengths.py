"""What a column's spans come to under a unit: whole seconds, or the reason why there are none."""

import numpy as np
import polars as pl

from callframe.normalize import _spans
from callframe.normalize._arrays import NONE, Wholes, column, known, without
from callframe.normalize._search import Search
from callframe.normalize._spans import LONGEST, TOLD

__all__ = ["LAYOUTS", "Lengths"]

LAYOUTS = ("h:m:s", "m:s", "h:m")
"""What the parts between colons may be said to be."""


class Lengths:
    """The lengths of time that a column of texts says."""

    def __init__(self, text: pl.Series, unit: str | None) -> None:
        """Read the column.

        Args:
            text: String.
            unit: of bare numbers, one of `LAYOUTS`, or None: two parts between colons are what the column proves.
        """
        self._name = text.name
        self._read = _spans.read(text, None if unit in LAYOUTS else unit)
        self._settled = _settled(self._read, unit)
        self._numbers = without(self._settled, self._settled > LONGEST)

    def values(self) -> pl.Series:
        """Seconds, or null."""
        return column(self._name, self._numbers)

    def reasons(self) -> pl.Series:
        """A reason for each text that is there and is no duration."""
        codes = self._read["fault"].copy()
        lost = np.flatnonzero(~known(self._numbers) & (codes == 0))
        two_parts = known(self._read.at("m_s", lost)) * TOLD["minutes or hours first?"]
        codes[lost] = np.where(known(self._settled[lost]), TOLD["longer than 24 hours"], two_parts)
        codes[self._read.rows] = TOLD["not a duration"]
        return TOLD.column(self._name, codes)


def _settled(read: Search, unit: str | None) -> Wholes:
    """Seconds, those of texts of two parts as the unit says or the column proves."""
    if "m_s" not in read:
        return read["seconds"]
    marks = _spans.marks(read)
    if unit is None and marks["m_s"].any():
        unit = "m:s"
    m_s, h_m = read["m_s"], read["h_m"]
    same = np.where(marks["undecided"], NONE, m_s)
    two_parts = {"m:s": m_s, "h:m": h_m, "h:m:s": np.full_like(m_s, NONE)}.get(unit or "", same)
    return np.where(known(read["seconds"]), read["seconds"], two_parts)
