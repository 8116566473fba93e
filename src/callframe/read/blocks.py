"""A CSV in which every line is one record -> frames of its rows, in order, in memory that its length does not change.

Polars' own streaming reads ahead, and the more the longer the file.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import polars as pl

__all__ = ["frames"]

_LARGEST = 1 << 25
_SAMPLE = 1 << 16

Parser = Callable[[bytes, int, int], pl.LazyFrame]
"""From the bytes of whole lines, how many lines to skip and the number of the first row, to a query of the rows."""


def frames(path: Path, parsed: Parser, skip_lines: int, rows: int) -> Iterator[pl.DataFrame]:
    """The rows of a file, about so many at a time.

    Args:
        path: the file.
        parsed: reads a block.
        skip_lines: lines before the first row.
        rows: how many a frame should have; wide rows come in frames of fewer.
    """
    count = 0
    with path.open("rb") as file:
        for block in _blocks(file, _size(file, rows)):
            frame = parsed(block, skip_lines, count + 1).collect()
            skip_lines, count = 0, count + frame.height
            yield frame.rechunk()


def _size(file: IO[bytes], rows: int) -> int:
    """Bytes of so many rows, as the first ones are."""
    sample = file.read(_SAMPLE)
    file.seek(0)
    return min(_LARGEST, rows * len(sample) // max(sample.count(b"\n"), 1) + 1)


def _blocks(file: IO[bytes], size: int) -> Iterator[bytes]:
    """Whole lines; each block starts with one that isn't blank, since Polars counts the cells of the first."""
    start = 0
    while True:
        file.seek(start + size)
        file.readline()
        while (line := file.readline()) and not line.strip(b" \r\n"):
            pass
        end = file.tell() - len(line)
        file.seek(start)
        block = file.read(end - start)
        if not block:
            return
        yield block
        start = end
