"""Readers of text tried one after another, each on the texts that the ones before it left alone."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl

from callframe.normalize._arrays import Array, Flags, Wholes

__all__ = ["Reader", "Search", "Test", "matching", "place"]

Reader = Callable[[pl.Series], Mapping[str, Array]]
"""Texts -> readings: arrays by name, with a blank for each text that it can't read. A name may be left out."""

Test = Callable[[pl.Series], Flags]


class Search:
    """What has been found so far, and the texts that no reader could read yet."""

    def __init__(self, text: pl.Series, blanks: Mapping[str, Any], hits: tuple[str, ...]) -> None:
        """Start with the texts that aren't null.

        Args:
            text: String.
            blanks: the names of what can be found, and what stands where nothing is.
            hits: a text has been read if one of these isn't blank.
        """
        self._blanks, self._hits, self._height = blanks, hits, len(text)
        self._found: dict[str, Array] = {}
        self._rows: Wholes | None = None
        self.left = text
        self._keep_present()

    def __contains__(self, name: str) -> bool:
        """Whether any reader found such."""
        return name in self._found

    @property
    def rows(self) -> Wholes:
        """Where the texts stand that are left."""
        return np.arange(self._height) if self._rows is None else self._rows

    def __getitem__(self, name: str) -> Array:
        """What has been found, for each row."""
        return self._found[name] if name in self._found else np.full(self._height, self._blanks[name])

    def at(self, name: str, rows: Wholes) -> Array:
        """What has been found in these rows."""
        return self._found[name][rows] if name in self._found else np.full(len(rows), self._blanks[name])

    def attempt(self, reader: Reader, where: Test | None = None) -> None:
        """Let another reader have the texts that are left, or those of them that a cheap test picks."""
        text: pl.Series = self.left
        asked: Wholes | slice = slice(None)
        if where is not None and not text.is_empty():
            picked = where(text)
            text, asked = text.filter(pl.Series(picked)), np.flatnonzero(picked)
        if text.is_empty():
            return
        found = reader(text)
        read = np.zeros(len(text), np.bool_)
        for name in found.keys() & self._hits:
            read |= found[name] != self._blanks[name]
        if read.any():
            rows = asked if self._rows is None else self._rows[asked]
            place(self._found, found, rows, self._height, self._blanks)
            unread = np.ones(len(self.left), np.bool_)
            unread[asked] = ~read
            self._keep(unread)

    def note(self, name: str, rows: Wholes, values: Array) -> None:
        """Put down something about these rows; it doesn't count as reading them."""
        place(self._found, {name: values}, rows, self._height, self._blanks)

    def any_left(self, form: str) -> bool:
        """Whether a text is left that matches a regular expression."""
        return not self.left.is_empty() and bool(self.left.str.contains(form).any())

    def change(self, function: Callable[[pl.Series], pl.Series]) -> bool:
        """Rewrite the texts that are left; one that becomes null is blank. Whether any is another now."""
        if self.left.is_empty():
            return False
        before, self.left = self.left, function(self.left)
        changed = bool((self.left != before).any())
        self._keep_present()
        return changed

    def _keep_present(self) -> None:
        if self.left.has_nulls():
            self._keep(self.left.is_not_null().to_numpy())

    def _keep(self, kept: Flags) -> None:
        places = np.flatnonzero(kept)
        self._rows, self.left = places if self._rows is None else self._rows[places], self.left.filter(pl.Series(kept))


def place(
    found: dict[str, Array], some: Mapping[str, Array], rows: Wholes | slice, height: int, blanks: Mapping[str, Any]
) -> None:
    """Put what was found in some rows to what was found before.

    Args:
        found: arrays of the whole column; changed.
        some: arrays of those rows, each one's own and writable: those of a whole column are kept and changed.
        rows: where they belong.
        height: of the column.
        blanks: what stands in rows of which nothing is known.
    """
    for name, values in some.items():
        if len(values) == height:
            found[name] = values
            continue
        if name not in found:
            found[name] = np.full(height, blanks[name])
        found[name][rows] = values


def matching(form: str) -> Test:
    """The cheap test for a regular expression."""
    return lambda text: text.str.contains(form).to_numpy(writable=True)
