"""A CSV on disk -> blocks of whole lines, and whether every line of a block is one record with its quotes in place.

Polars' own streaming reads ahead, and the more the longer the file; so the blocks are cut here.
"""

from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

__all__ = ["blocks", "record_lines"]

_BLOCK = 1 << 23
_SAMPLE = 1 << 16
_SLICE = 1 << 18
"""Bytes that are looked at together: few enough to stay in the processor's cache."""

_QUOTE, _LF, _CR = b'"\n\r'


def blocks(path: Path, skip: int, rows: int) -> Iterator[bytes]:
    """The lines of a file behind the first `skip`, in blocks of about `rows` lines, if those aren't too much.

    Each block but the first starts with a line that isn't blank, since Polars counts the cells of the first one.
    """
    with path.open("rb") as file:
        if file.read(len(BOM_UTF8)) != BOM_UTF8:
            file.seek(0)
        for _ in range(skip):
            file.readline()
        start = file.tell()
        sample = file.read(_SAMPLE)
        size = min(_BLOCK, rows * len(sample) // max(sample.count(b"\n"), 1) - 1)
        while block := _block(file, start, size):
            yield block
            start += len(block)


def _block(file: IO[bytes], start: int, size: int) -> bytes:
    file.seek(start + size)
    file.readline()
    while (line := file.readline()) and not line.strip(b" \r\n"):
        pass
    end = file.tell() - len(line)
    file.seek(start)
    return file.read(end - start)


def record_lines(block: bytes, separator: str) -> int | None:
    """How many records whole lines hold, if each line can be one; None if a quote or a line end stands out of place.

    Quotes open and close in turns. One that opens follows a separator, a line end or a quote that closed, which is then
    a doubled quote inside a cell; one that closes stands before a separator, a line end or a quote that opens. A line
    end between quotes is not looked for: a reader that knows quotes finds fewer records there than this number.
    """
    data = np.frombuffer(block, np.uint8)
    quotes = _places(data, _QUOTE)
    returns = _places(data, _CR) if b"\r" in block else quotes[:0]
    if len(quotes) % 2 or not _all_are(data, returns + 1, (_LF,), at_end=False):
        return None
    beside = (ord(separator), _QUOTE, _LF)
    if not (_all_are(data, quotes[::2] - 1, beside) and _all_are(data, quotes[1::2] + 1, (*beside, _CR))):
        return None
    return _count(data, _LF) + (not block.endswith(b"\n"))


def _slices(data: npt.NDArray[np.uint8]) -> Iterator[tuple[int, npt.NDArray[np.uint8]]]:
    return ((start, data[start : start + _SLICE]) for start in range(0, len(data), _SLICE))


def _places(data: npt.NDArray[np.uint8], byte: int) -> npt.NDArray[np.int64]:
    return np.concatenate([np.flatnonzero(part == byte) + start for start, part in _slices(data)])


def _count(data: npt.NDArray[np.uint8], byte: int) -> int:
    return sum(int(np.count_nonzero(part == byte)) for _, part in _slices(data))


def _all_are(
    data: npt.NDArray[np.uint8], places: npt.NDArray[np.int64], those: tuple[int, ...], *, at_end: bool = True
) -> bool:
    """Whether one of these bytes stands at each place; `at_end`, what is true of places outside of the block."""
    inside = places[(places >= 0) & (places < len(data))]
    found = data[inside]
    fits = np.zeros(len(found), dtype=bool)
    for byte in those:
        fits |= found == byte
    return bool(fits.all()) and (at_end or len(inside) == len(places))
