"""A CSV on disk -> blocks of whole lines, and whether every line of a block is one record with its quotes in place.

Polars' own streaming reads ahead, and the more the longer the file; so the blocks are cut here. What stands where is
looked up in bits, one for each byte: 64 places at a time, however many quotes there are.
"""

from codecs import BOM_UTF8
from collections.abc import Iterator
from os import SEEK_END
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Counts", "blocks", "counted"]

_BLOCK = 30 << 20
"""Bytes: above 32 MB, glibc gives memory back to the system, to be had anew for the next block."""
_SAMPLE = 1 << 16
_PIECE = 1 << 19
"""Bytes that are looked at together: few enough to stay in the processor's cache."""

Bits = npt.NDArray[np.uint64]
"""Of places, 64 in each number, the first the lowest."""

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
        last = file.seek(0, SEEK_END)
        while start < last:
            end = _end(file, min(start + size, last))
            file.seek(start)
            yield file.read(end - start)
            start = end


def _end(file: IO[bytes], place: int) -> int:
    """Where the line ends that holds this place, and the blank ones behind it."""
    file.seek(place)
    file.readline()
    while (line := file.readline()) and not line.strip(b" \r\n"):
        pass
    return file.tell() - len(line)


class Counts(NamedTuple):
    """What a block is made of."""

    lines: int
    cuts: int
    """Separators outside of quotes."""


def counted(block: bytes, separator: str) -> Counts | None:
    """How many lines a block has and how often they are cut; None if a quote or a line end stands out of place.

    Quotes open and close in turns. One that opens follows a separator, a line end or a quote that closed, which is then
    a doubled quote inside a cell; one that closes stands before a separator, a line end or a quote that opens. No line
    ends between quotes, or in CR alone.
    """
    if block.endswith(b"\r"):
        return None
    lines = cuts = 0
    for piece in _pieces(block):
        quotes, separators, ends, returns = (_bits(piece, byte) for byte in (_QUOTE, ord(separator), _LF, _CR))
        inside = _inside(quotes)
        beside = quotes | separators | ends
        wrong = quotes & inside & ~_behind(beside, first=True)
        wrong |= _behind(quotes & ~inside) & ~(beside | returns)
        wrong |= _behind(returns) & ~ends
        wrong |= ends & inside
        if wrong.any():
            return None
        lines += int(np.bitwise_count(ends).sum())
        cuts += int(np.bitwise_count(separators & ~inside).sum())
    return Counts(lines, cuts)


def _pieces(block: bytes) -> Iterator[npt.NDArray[np.uint8]]:
    """The lines of a block, some at a time; the last of all gets a line end if it has none."""
    data = np.frombuffer(block, np.uint8)
    start = 0
    while start < len(block):
        end = block.find(b"\n", start + _PIECE) + 1 or len(block)
        piece = data[start:end]
        yield piece if piece[-1] == _LF else np.append(piece, np.uint8(_LF))
        start = end


def _bits(piece: npt.NDArray[np.uint8], byte: int) -> Bits:
    """A bit for each place, and whether this byte stands there."""
    packed = np.packbits(piece == byte, bitorder="little")
    bits = np.zeros(-(-len(packed) // 8), "<u8")
    bits.view(np.uint8)[: len(packed)] = packed
    return bits


def _behind(bits: Bits, *, first: bool = False) -> Bits:
    """Whether the bit of the place before is set; `first`, what is true of the first place."""
    behind = bits << np.uint64(1)
    behind[1:] |= bits[:-1] >> 63
    behind[0] |= first
    return behind


def _inside(quotes: Bits) -> Bits:
    """Whether an odd number of quotes stands up to a place and in it."""
    if not quotes.any():
        return quotes
    inside = quotes.copy()
    for places in (1, 2, 4, 8, 16, 32):
        inside ^= inside << places
    turned = np.bitwise_xor.accumulate(inside >> 63)
    inside[1:] ^= -turned[:-1]
    return inside
