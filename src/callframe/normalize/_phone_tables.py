"""phonenumbers' own metadata as tables: what any plain string of digits becomes, looked up.

A key is the digits with a 1 before them, so that leading zeros and the length are part of it. A pattern that can't be
read makes a table that leaves everything to phonenumbers.
"""

import functools
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import partial
from typing import NamedTuple

import phonenumbers
import polars as pl
from phonenumbers import REGION_CODE_FOR_NON_GEO_ENTITY

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

__all__ = [
    "FEWEST_DIGITS",
    "Table",
    "after_plus",
    "calling_codes",
    "numbered",
    "regions",
    "under_region",
    "under_regions",
]

FEWEST_DIGITS = 3
"""With fewer, phonenumbers sees no number, or one too short for every region."""

_MOST_KEYS = pl.lit(10 ** (MOST_DIGITS + 1), dtype=pl.Int128)
_LENGTHS = range(FEWEST_DIGITS, MOST_DIGITS + 1)


class Table(NamedTuple):
    """Keys from `first` on, up to the next `first`: what to add to the key, verdict, region (an index)."""

    first: pl.Series
    add: pl.Series
    verdict: pl.Series
    where: pl.Series


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
def calling_codes() -> pl.Series:
    """The calling code by the first three digits after the plus; null where there is none."""
    known = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    heads = [str(head).zfill(3) for head in range(1000)]
    codes = [next((int(head[:n]) for n in (1, 2, 3) if int(head[:n]) in known), None) for head in heads]
    return pl.Series([None] * 100 + codes[100:], dtype=pl.Int16)


@functools.lru_cache(maxsize=16)
def after_plus(codes: frozenset[int]) -> Table:
    """For digits after a plus or an international prefix that begin with one of these calling codes."""
    frame = pl.concat(map(_code, codes)).sort("first")
    return Table(*frame.get_columns())


@functools.cache
def under_region(region: str, *, coded: bool = False) -> Table:
    """For digits without a plus, dialled in `region`; `coded`: only where a calling code is found after all."""
    plan = Plan(region, phonenumbers.country_code_for_region(region))
    try:
        frame = _frame(_rows_of_region(plan, length, coded) for length in _LENGTHS)
    except NotImplementedError:
        frame = _frame([[Row(10**FEWEST_DIGITS, 0, Verdict.ASK, _index(region))]])
    return Table(*frame.get_columns())


@functools.lru_cache(maxsize=4)
def under_regions(names: tuple[str, ...], *, coded: bool = False) -> Table:
    """`under_region` of each, one after the other; a key has the number of its region before it, see `numbered`."""
    tables = [under_region(name, coded=coded) for name in names]
    first = [numbered(table.first, pl.lit(place)) for place, table in enumerate(tables)]
    return Table(pl.concat(first), *(pl.concat(columns) for columns in list(zip(*tables, strict=True))[1:]))


def numbered(key: pl.Series, place: pl.Expr) -> pl.Series:
    """Keys, Int128, that tell regions apart: by the place of each in a list of regions."""
    return pl.select(place.cast(pl.Int128) * _MOST_KEYS + pl.lit(key).cast(pl.Int128)).to_series()


def _frame(lengths: Iterable[Iterable[Row]]) -> pl.DataFrame:
    """The rows for strings of each length, neighbours that say the same run together."""
    kept: list[Row] = []
    for rows in lengths:
        last = None
        for row in sorted(rows):
            if row[1:] != last:
                kept.append(row)
            last = row[1:]
    first, add, verdict, where = zip(*kept, strict=True)
    columns = {
        "first": (first, pl.Int64),
        "add": (add, pl.Int64),
        "verdict": (verdict, pl.Int8),
        "where": (where, pl.Int16),
    }
    frame = pl.DataFrame([pl.Series(name, values, dtype=dtype) for name, (values, dtype) in columns.items()])
    moved = pl.col("verdict").is_in([Verdict.VALID, Verdict.SECOND])
    return frame.with_columns(pl.when(moved).then("add").alias("add"))


@functools.cache
def _code(code: int) -> pl.DataFrame:
    plan = main_plan(code)
    try:
        return _frame(_rows_of_code(plan, length) for length in _LENGTHS)
    except NotImplementedError:
        starts = (10**length + code * 10 ** (length - len(str(code))) for length in _LENGTHS)
        return _frame([Row(start, 0, Verdict.ASK, _index(plan.region))] for start in starts)


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
        add = piece.add + 10**piece.length - 10**length
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
