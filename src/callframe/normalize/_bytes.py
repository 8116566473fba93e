"""Texts of one length as a matrix of bytes: what stands at fixed places is read a column at a time."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl

from callframe.normalize._arrays import Array, Flags, either
from callframe.normalize._civil import NO_PART, Parts
from callframe.normalize._search import place

__all__ = ["Bytes", "by_length"]

_ZERO = np.uint8(ord("0"))
_SLICE = 30_000
"""Texts that are looked at together: few enough to stay in the processor's cache."""


class Bytes:
    """Texts of one length in bytes."""

    def __init__(self, matrix: Parts) -> None:
        """Take a matrix of one row a text."""
        self._columns = np.ascontiguousarray(matrix.T)
        self.size = len(self._columns)

    def at(self, place: int) -> Parts:
        """The bytes there."""
        column: Parts = self._columns[place]
        return column

    def be(self, place: int, first: str, last: str | None = None) -> Flags:
        """Whether this character stands there, or one from the first to the last."""
        column = self.at(place)
        return column == ord(first) if last is None else (column >= ord(first)) & (column <= ord(last))

    def digit(self, place: int) -> Parts:
        """The digit there."""
        digit = self.at(place) - _ZERO
        return either(digit <= 9, digit, NO_PART)

    def pair(self, place: int, *, padded: bool = False) -> Parts:
        """The number of two digits that starts there; if padded, a space may stand for the first."""
        tens, ones = self.at(place) - _ZERO, self.at(place + 1) - _ZERO
        if padded:
            tens *= self.at(place) != ord(" ")
        return either((tens <= 9) & (ones <= 9), tens * np.uint8(10) + ones, NO_PART)


def by_length(
    text: pl.Series, sizes: tuple[int, ...], reader: Callable[[Bytes], Mapping[str, Array]], blanks: Mapping[str, Any]
) -> dict[str, Array]:
    """What a reader finds in the texts of each of these lengths.

    Args:
        text: String, no nulls.
        sizes: in bytes.
        reader: takes texts of one length.
        blanks: what it finds by name, and what stands where nothing is found.
    """
    lengths = text.str.len_bytes().to_numpy()
    found: dict[str, Array] = {}
    for size in sizes:
        fits = lengths == size
        if not fits.any():
            continue
        alike = fits.all()
        rows, matrix = np.flatnonzero(fits), _matrix(text if alike else text.filter(pl.Series(fits)), size)
        for start in range(0, len(matrix), _SLICE):
            part = slice(start, start + _SLICE)
            place(found, reader(Bytes(matrix[part])), part if alike else rows[part], len(text), blanks)
    return found


def _matrix(text: pl.Series, size: int) -> Parts:
    raw = text.cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt8, size), endianness="little")
    return raw.to_numpy()
