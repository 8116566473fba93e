"""phonenumbers' own metadata as tables: what any plain string of digits becomes, looked up.

Keys are those of `_phone_digits`: the digits with a 1 before them, or a 2 where a plus is. A pattern that can't be read
makes a table that leaves everything to phonenumbers.
"""

import functools
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import phonenumbers
from phonenumbers import REGION_CODE_FOR_NON_GEO_ENTITY

from callframe.normalize._phone_digits import FEWEST_DIGITS, TENS, Integers, digits
from callframe.normalize._phone_patterns import MOST_DIGITS
from callframe.normalize._phone_plans import (
    Piece,
    Plan,
    international,
    length_result,
    main_plan,
    own_code,
    placed,
    significant,
    through,
)
from callframe.normalize._phone_reading import Verdict, verdict_of_length
from callframe.normalize._phone_words import KEYPAD_WORDS

__all__ = ["NOWHERE", "Table", "after_no_code", "after_plus", "calling_codes", "dialled", "regions"]

NOWHERE = -1
"""Stands for no region among the indices of `regions()`."""

_LENGTHS = range(FEWEST_DIGITS, MOST_DIGITS + 1)
_MANY = 1 << 12
"""So many keys are worth a list of heads."""
_STEPS = 8
"""So often the next row is tried before the right one is searched for."""
_TAIL = 52 - 13
"""Without so many bits, a float has its exponent left and 13 bits of its fraction: enough for most area codes."""
_LEAST_HEAD, _LAST_HEAD = (int(np.float64(key).view(np.int64)) >> _TAIL for key in (10**7, 3 * 10**13))
"""The heads of keys of seven to thirteen digits are listed."""


@dataclass(frozen=True, eq=False)
class Table:
    """Keys from `first` on, up to the next `first`: what to add to the key, verdict, region (an index)."""

    first: Integers
    add: Integers
    verdict: npt.NDArray[np.int8]
    where: npt.NDArray[np.int16]

    def rows(self, key: Integers) -> npt.NDArray[np.signedinteger]:
        """The row of each key: listed by the head of the key, looked for only where another row begins within it."""
        if len(key) < _MANY:
            return np.searchsorted(self.first, key, side="right") - 1
        row = self._heads.take(_head(key), mode="clip")
        within = np.flatnonzero(self._next.take(row) <= key)
        for _ in range(_STEPS):
            if not len(within):
                return row
            row[within] += 1
            within = within[self._next.take(row[within]) <= key[within]]
        row[within] = np.searchsorted(self.first, key.take(within), side="right") - 1
        return row

    def moved(self, key: Integers) -> Integers:
        """What each key becomes."""
        return key + self.add.take(self.rows(key))

    @cached_property
    def _heads(self) -> npt.NDArray[np.int32]:
        """By the head of a key: the last row that begins with a lesser head, or else the first row."""
        heads = _LAST_HEAD - _LEAST_HEAD + 1
        begun = np.cumsum(np.bincount(np.clip(_head(self.first), 0, heads - 1), minlength=heads))
        return np.append(0, np.maximum(begun[:-1] - 1, 0)).astype(np.int32)

    @cached_property
    def _next(self) -> Integers:
        return np.append(self.first[1:], np.iinfo(np.int64).max)


class Row(NamedTuple):
    """One row of a table."""

    first: int
    add: int
    verdict: Verdict
    where: int


@functools.cache
def regions() -> tuple[str, ...]:
    """Every region that phonenumbers knows, then the one for numbers of no country."""
    return (*sorted(phonenumbers.SUPPORTED_REGIONS), REGION_CODE_FOR_NON_GEO_ENTITY)


@functools.cache
def calling_codes() -> npt.NDArray[np.int16]:
    """The calling code by the first three digits after the plus; 0 where there is none."""
    known = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    heads = [str(head).zfill(3) for head in range(1000)]
    codes = [next((int(head[:n]) for n in (1, 2, 3) if int(head[:n]) in known), 0) for head in heads]
    return np.array([0] * 100 + codes[100:], dtype=np.int16)


@functools.cache
def dialled(region: str | None) -> Table:
    """For digits dialled in `region`, with a plus and without; those with another country's code are left open."""
    starts = [2 * 10**length for length in _LENGTHS]
    if region is None:
        tables = [_alike((10**length for length in _LENGTHS), Verdict.NO_COUNTRY_CODE)]
    else:
        code = phonenumbers.country_code_for_region(region)
        starts += [2 * 10**length + (code + 1) * 10 ** (length - len(str(code))) for length in _LENGTHS]
        tables = [under_region(region), _with_plus(_code(code))]
    return _joined([_alike([0], Verdict.ABSENT), _alike(starts, Verdict.ABROAD), *tables])


@functools.lru_cache(maxsize=16)
def after_plus(codes: frozenset[int]) -> Table:
    """For digits after a plus or an international prefix that begin with one of these calling codes."""
    return _with_plus(_joined([_code(code) for code in codes]))


@functools.cache
def after_no_code(region: str) -> Table:
    """For digits after a plus that begin with no calling code: without the plus, they may have one."""
    return _with_plus(under_region(region, coded=True))


@functools.cache
def under_region(region: str, *, coded: bool = False) -> Table:
    """For digits without a plus, dialled in `region`; `coded`: only where a calling code is found after all."""
    plan = Plan(region, phonenumbers.country_code_for_region(region))
    try:
        return _table(_rows_of_region(plan, length, coded) for length in _LENGTHS)
    except NotImplementedError:
        return _alike((10**length for length in _LENGTHS), Verdict.ASK, _index(region))


def _table(lengths: Iterable[Iterable[Row]]) -> Table:
    """The rows for strings of each length, neighbours that say the same run together."""
    kept: list[Row] = []
    for rows in lengths:
        last = None
        for row in sorted(rows):
            if row[1:] != last:
                kept.append(row)
            last = row[1:]
    first, add, verdict, where = zip(*kept, strict=True)
    return Table(np.array(first), np.array(add), np.array(verdict, dtype=np.int8), np.array(where, dtype=np.int16))


def _alike(starts: Iterable[int], verdict: Verdict, region: int = NOWHERE) -> Table:
    """The same verdict from each of `starts` on."""
    return _table([Row(start, 0, verdict, region)] for start in starts)


def _joined(tables: list[Table]) -> Table:
    columns = zip(*((table.first, table.add, table.verdict, table.where) for table in tables), strict=True)
    first, add, verdict, where = map(np.concatenate, columns)
    order = np.argsort(first)
    return Table(first[order], add[order], verdict[order], where[order])


def _with_plus(table: Table) -> Table:
    """The same for digits after a plus."""
    tens = TENS.take(digits(table.first))
    return Table(table.first + tens, table.add - tens, table.verdict, table.where)


@functools.cache
def _code(code: int) -> Table:
    plan = main_plan(code)
    try:
        return _table(_rows_of_code(plan, length) for length in _LENGTHS)
    except NotImplementedError:
        starts = (10**length + code * 10 ** (length - len(str(code))) for length in _LENGTHS)
        return _alike(starts, Verdict.ASK, _index(plan.region))


def _rows_of_code(plan: Plan, length: int) -> list[Row]:
    tail = length - len(str(plan.code))
    start = plan.code * 10**tail
    numbers = through([Piece(start, start + 10**tail - 1, -start, tail)], partial(significant, plan))
    rows = sorted(_judged(numbers, plan, length))
    for word in KEYPAD_WORDS:
        if word.startswith(str(plan.code)) and len(word) == length:
            rows = _withheld(rows, int("1" + word))
    return rows


def _withheld(rows: list[Row], key: int) -> list[Row]:
    at = bisect_right(rows, key, key=lambda row: row.first) - 1
    around = rows[at]
    before = rows[: at + (around.first < key)]
    after = rows[at + 1 :]
    rest = [around._replace(first=key + 1)] if not after or after[0].first > key + 1 else []
    return [*before, Row(key, 0, Verdict.ABSENT, around.where), *rest, *after]


def _rows_of_region(plan: Plan, length: int, coded: bool) -> Iterator[Row]:
    abroad, home = international(plan, length)
    for piece in abroad:
        way = Verdict.SECOND if piece.length >= FEWEST_DIGITS else Verdict.TOO_SHORT
        add = piece.add + 2 * 10**piece.length - 10**length
        yield Row(10**length + piece.lo, add, Verdict.ASK if piece.ask else way, _index(plan.region))
    with_code, without = own_code(plan, home, length)
    yield from _judged(through(with_code, partial(significant, main_plan(plan.code))), plan, length)
    if coded:
        for piece in without:
            yield Row(10**length + piece.lo, 0, Verdict.UNKNOWN_COUNTRY_CODE, _index(plan.region))
    else:
        yield from _judged(through(without, partial(significant, plan)), plan, length)


def _judged(numbers: list[Piece], plan: Plan, length: int) -> Iterator[Row]:
    """`is_valid_number` and `region_code_for_number` of the national numbers that strings of `length` become."""
    for piece in numbers:
        fault = verdict_of_length(length_result(main_plan(plan.code), piece.length))
        key = 10**length + piece.lo
        if piece.ask:
            yield Row(key, 0, Verdict.ASK, _index(plan.region))
            continue
        add = plan.code * 10**piece.length + piece.add - 10**length
        lo, hi = piece.lo + piece.add, piece.hi + piece.add
        known = placed(plan.code, piece.length)
        for start, _, region in known[bisect_right(known, lo, key=lambda each: each[0]) - 1 :]:
            if start > hi:
                break
            key = 10**length + max(start, lo) - piece.add
            if region is None:
                yield Row(key, 0, fault, _index(plan.region))
            else:
                yield Row(key, add, Verdict.VALID, _index(region))


@functools.cache
def _index(region: str) -> int:
    return regions().index(region)


def _head(key: Integers) -> Integers:
    """The first bits of keys as floats, which are in the order of the keys."""
    bits: Integers = key.astype(np.float64).view(np.int64)
    return (bits >> _TAIL) - _LEAST_HEAD
