"""Digits by the column: texts parsed as numerals, eight digits at a time, and numbers written, four at a time.

The texts are one run of bytes, a line each, so that marks go from all of them at once.

A numeral's key is its digits with a 1 before them, or a 2 where a plus is, so that leading zeros and the length are
part of it; it is 0 where there is no numeral.
"""

import functools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from callframe.normalize._phone_patterns import MOST_DIGITS

__all__ = [
    "FEWEST_DIGITS",
    "LONGEST_TEXT",
    "TENS",
    "Booleans",
    "Integers",
    "blocks",
    "digits",
    "marked",
    "plain",
    "written",
]

Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]
_Words = npt.NDArray[np.uint64]

FEWEST_DIGITS = 3
"""With fewer, phonenumbers sees no number, or one too short for every region."""

LONGEST_TEXT = 250
"""phonenumbers reads no longer one."""

TENS: Integers = 10 ** np.arange(19)
"""The powers of ten."""

_BLOCK = 16_000
"""So many rows at once: what is worked out about them stays in the processor's cache."""

_MARKS = b" -().[]"
_ALL_BUT_DIGITS = bytes(set(range(256)) - set(b"0123456789+\n"))
_WORD = 8
_BEFORE = pl.Series(["0" * 3 * _WORD])
"""Stands before the first line, so that three words end in that line, too."""
_AFTER = pl.Series([""])
_NEWLINE, _SPACE, _APOSTROPHE, _PLUS, _DOT, _ZERO = b"\n '+.0"
_LAST = np.array([2**64 - 2 ** (64 - 8 * count) for count in range(_WORD + 1)], dtype=np.uint64)
"""What keeps so many last bytes of a word."""
_NOTHING = pl.Series([None], dtype=pl.String)


class _Lines(NamedTuple):
    """Where in `data` each line starts, where its digits do behind an apostrophe and a plus, and where it ends."""

    data: npt.NDArray[np.uint8]
    start: Integers
    first: Integers
    end: Integers
    plus: Booleans


def blocks(height: int) -> Iterator[slice]:
    """The rows, some at a time."""
    return (slice(start, start + _BLOCK) for start in range(0, height, _BLOCK))


def digits(key: Integers) -> Integers:
    """How many digits there are in keys."""
    return np.searchsorted(TENS, key, side="right") - 1


def plain(text: pl.Series, *, cleaned: bool) -> Integers:
    """Digits with an apostrophe and a plus before them, and ASCII spaces, brackets, dots and dashes between, at most.

    `cleaned`: `.0` at the end is digits. Otherwise it goes after bare digits, and what else could end in it is none.
    """
    return _together(_plain(text[block], cleaned) for block in blocks(len(text)))


def marked(text: pl.Series) -> Integers:
    """Texts known to be digits, a plus before them at most, and marks that go."""
    return _together(_marked(text[block]) for block in blocks(len(text)))


def _together(keys: Iterator[Integers]) -> Integers:
    return np.concatenate([np.zeros(0, np.int64), *keys])


def _plain(text: pl.Series, cleaned: bool) -> Integers:
    size = text.str.len_bytes().to_numpy().astype(np.int64)
    if size.max() > LONGEST_TEXT:
        return _plain(text.clone().scatter(np.flatnonzero(size > LONGEST_TEXT), ""), cleaned)
    joined = _joined(text)
    lines = _lines(joined.translate(None, _MARKS))
    if len(lines.end) > len(text):
        return _plain(text.str.replace_all("\n", "\0", literal=True), cleaned)
    value, is_number = _parsed(lines)
    count = lines.end - lines.first
    if not cleaned:
        raw, end = np.frombuffer(joined, np.uint8), np.cumsum(size + 1) + 3 * _WORD
        last = raw.take(end - 1)
        is_number &= last != _SPACE
        decimal = np.flatnonzero((last == _ZERO) & (raw.take(end - 2) == _DOT))
        bare = ~lines.plus[decimal] & ((lines.end - lines.start)[decimal] + 1 == size[decimal])
        is_number[decimal] &= bare
        value[decimal] //= 10
        count[decimal] -= 1
    return _keys(value, count, is_number, lines.plus)


def _marked(text: pl.Series) -> Integers:
    lines = _lines(_joined(text).translate(None, _ALL_BUT_DIGITS))
    value, is_number = _parsed(lines)
    return _keys(value, lines.end - lines.first, is_number, lines.plus)


def _keys(value: Integers, count: Integers, is_number: Booleans, plus: Booleans) -> Integers:
    is_number &= (value > 0) & (count >= FEWEST_DIGITS) & (count <= MOST_DIGITS)
    return (value + (TENS.take(count, mode="clip") << plus)) * is_number


def _joined(text: pl.Series) -> bytes:
    """The texts as lines, after a line of their own."""
    joined: bytes = pl.concat([_BEFORE, text, _AFTER]).str.join("\n").cast(pl.Binary).item()
    return joined


def _lines(joined: bytes) -> _Lines:
    data = np.frombuffer(joined, np.uint8)
    newline = np.flatnonzero(data == _NEWLINE)
    start, end = newline[:-1] + 1, newline[1:]
    first = start + (data.take(start) == _APOSTROPHE)
    plus = data.take(first) == _PLUS
    return _Lines(data, start, first + plus, end, plus)


def _parsed(lines: _Lines) -> tuple[Integers, Booleans]:
    """The numbers that the lines are, and whether they are."""
    count = lines.end - lines.first
    is_long = ((count > 2 * _WORD) & (count <= MOST_DIGITS + 1)).any()
    words = np.ndarray(len(lines.data) - _WORD + 1, f"V{_WORD}", lines.data, strides=(1,))
    value, odd = np.zeros((2, len(count)), np.uint64)
    for place in (0, _WORD, 2 * _WORD) if is_long else (0, _WORD):
        word = words[lines.end - (place + _WORD)].view("<u8")
        word ^= np.uint64(0x3030303030303030)
        word &= _LAST.take(count - place, mode="clip")
        odd |= word | word + np.uint64(0x0606060606060606)
        value += _number(word) * np.uint64(10**place)
    return value.view(np.int64), odd & np.uint64(0xF0F0F0F0F0F0F0F0) == 0


def _number(word: _Words) -> _Words:
    """The number that eight digits are: neighbours are put together, to pairs, fours and then all eight."""
    word = (word * np.uint64(10) + (word >> np.uint64(8))) & np.uint64(0x00FF00FF00FF00FF)
    word = (word * np.uint64(100) + (word >> np.uint64(16))) & np.uint64(0x0000FFFF0000FFFF)
    return (word * np.uint64(10_000) + (word >> np.uint64(32))) & np.uint64(0xFFFFFFFF)


def written(value: Integers) -> pl.Series:
    """The numbers with a plus before them; null for 0."""
    most = len(str(value.max(initial=0)))
    if ((value == 0) | (value >= TENS[most - 1])).all():
        return _written(value, most).zip_with(pl.Series(value > 0), _NOTHING)
    parts, place, done = [_NOTHING], np.zeros(len(value), np.uint32), 1
    above = value.max() + 1
    for size in range(most, 0, -1):
        least = TENS[size - 1]
        rows = np.flatnonzero((value >= least) & (value < above))
        parts.append(_written(value[rows], size))
        place[rows] = np.arange(done, done + len(rows))
        above, done = least, done + len(rows)
    return pl.concat(parts, rechunk=True).gather(place)


def _written(value: Integers, size: int) -> pl.Series:
    """Numbers of `size` digits with a plus before them."""
    text = np.empty((len(value), size // 4 + 1), np.uint32)
    for block in blocks(len(value)):
        left = value[block]
        for place in reversed(range(text.shape[1])):
            rest = left // 10_000
            text[block, place] = _fours().take(left - rest * 10_000)
            left = rest
    chars = text.view(np.uint8)[:, -size - 1 :]
    chars[:, 0] = _PLUS
    return pl.Series(np.ascontiguousarray(chars)).cast(pl.List(pl.UInt8)).cast(pl.Binary).cast(pl.String)


@functools.cache
def _fours() -> npt.NDArray[np.uint32]:
    """The texts of 0000 to 9999."""
    return np.frombuffer("".join(f"{number:04}" for number in range(10_000)).encode(), np.uint32)
