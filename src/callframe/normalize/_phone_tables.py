"""phonenumbers' own metadata as tables: what any plain string of digits becomes, without asking again.

Everything phonenumbers does to plain digits takes some off the front or puts some there, depending on the front.
So, for strings of one length, it is a list of intervals, each with the one difference between what goes in and
what comes out. The steps of `phonenumbers.parse` and `is_valid_number` are applied here to whole intervals, in
the order in which phonenumbers applies them to one number.

A key is the digits with a 1 before them, so that leading zeros and the length are part of it.
"""

import functools
import itertools
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import phonenumbers
import polars as pl
from phonenumbers import REGION_CODE_FOR_NON_GEO_ENTITY, PhoneMetadata, ValidationResult

from callframe.normalize._phone_patterns import (
    MOST_DIGITS,
    Intervals,
    Path,
    cut,
    language,
    paths,
    spread,
    substitution,
    take,
)
from callframe.normalize._phone_reading import Verdict, verdict_of_length
from callframe.normalize._phone_words import KEYPAD_WORDS

__all__ = ["FEWEST_DIGITS", "Table", "after_plus", "calling_codes", "regions", "under_region", "under_regions"]

FEWEST_DIGITS = 3
"""With fewer, phonenumbers sees no number, or one too short for every region."""

_LENGTHS = range(FEWEST_DIGITS, MOST_DIGITS + 1)
_MOST_PREFIXES = 64
_MOST_CARRIERS = 9
_TYPES = (
    "premium_rate",
    "toll_free",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
    "fixed_line",
    "mobile",
)
_KEPT_WHOLE = (ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY, ValidationResult.INVALID_LENGTH)


class Table(NamedTuple):
    """Keys from `first` on, up to the next `first`: what to add to the key, verdict, region (an index)."""

    first: pl.Series
    add: pl.Series
    verdict: pl.Series
    where: pl.Series


class Plan(NamedTuple):
    """A numbering plan in the metadata: a region and its calling code."""

    region: str
    code: int


class Piece(NamedTuple):
    """The digit strings `lo` to `hi`, which become strings of `length` digits, each greater by `add`."""

    lo: int
    hi: int
    add: int
    length: int
    ask: bool = False
    """Too many prefixes to list: phonenumbers has to be asked."""


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


@functools.lru_cache(maxsize=64)
def after_plus(codes: frozenset[int]) -> Table:
    """For digits after a plus or an international prefix that begin with one of these calling codes."""
    frame = pl.concat(map(_code, codes)).sort("first")
    return Table(*frame.get_columns())


@functools.cache
def under_region(region: str, *, coded: bool = False) -> Table:
    """For digits without a plus, dialled in `region`; `coded`: only where a calling code is found after all."""
    plan = Plan(region, phonenumbers.country_code_for_region(region))
    frame = pl.concat(_frame(_rows_of_region(plan, length, coded)) for length in _LENGTHS)
    return Table(*frame.rechunk().get_columns())


@functools.lru_cache(maxsize=64)
def under_regions(names: tuple[str, ...], *, coded: bool = False) -> tuple[Table, tuple[int, ...]]:
    """`under_region` of each, one after the other, and where each begins."""
    tables = [under_region(name, coded=coded) for name in names]
    starts = itertools.accumulate((len(table.first) for table in tables[:-1]), initial=0)
    return Table(*(pl.concat(columns) for columns in zip(*tables, strict=True))), tuple(starts)


def _frame(rows: Iterable[Row]) -> pl.DataFrame:
    """The rows for strings of one length, neighbours that say the same run together."""
    kept: list[Row] = []
    for row in sorted(rows):
        if not kept or kept[-1][1:] != row[1:]:
            kept.append(row)
    schema = {"first": pl.Int64, "add": pl.Int64, "verdict": pl.Int8, "where": pl.Int16}
    frame = pl.DataFrame(kept, schema=schema, orient="row")
    moved = pl.col("verdict").is_in([Verdict.VALID, Verdict.SECOND])
    return frame.with_columns(pl.when(moved).then("add").alias("add"))


@functools.cache
def _code(code: int) -> pl.DataFrame:
    main = _main(code)
    frames: list[pl.DataFrame] = []
    for length in _LENGTHS:
        tail = length - len(str(code))
        start = code * 10**tail
        numbers = _through([Piece(start, start + 10**tail - 1, -start, tail)], _step(_significant, main))
        rows = sorted(_judged(numbers, main, length))
        for word in KEYPAD_WORDS:
            if word.startswith(str(code)) and len(word) == length:
                rows = _withheld(rows, int("1" + word))
        frames.append(_frame(rows))
    return pl.concat(frames)


def _withheld(rows: list[Row], key: int) -> list[Row]:
    at = bisect_right(rows, key, key=lambda row: row.first) - 1
    around = rows[at]
    before = rows[: at + (around.first < key)]
    after = rows[at + 1 :]
    rest = [around._replace(first=key + 1)] if not after or after[0].first > key + 1 else []
    return [*before, Row(key, 0, Verdict.ABSENT, around.where), *rest, *after]


def _rows_of_region(plan: Plan, length: int, coded: bool) -> Iterator[Row]:
    abroad, home = _international(plan, length)
    for piece in abroad:
        way = Verdict.SECOND if piece.length >= FEWEST_DIGITS else Verdict.TOO_SHORT
        add = piece.add + 10**piece.length - 10**length
        yield Row(10**length + piece.lo, add, Verdict.ASK if piece.ask else way, _index(plan.region))
    with_code, without = _own_code(plan, home, length)
    yield from _judged(_through(with_code, _step(_significant, _main(plan.code))), plan, length)
    if coded:
        for piece in without:
            yield Row(10**length + piece.lo, 0, Verdict.UNKNOWN_COUNTRY_CODE, _index(plan.region))
    else:
        yield from _judged(_through(without, _step(_significant, plan)), plan, length)


def _judged(numbers: list[Piece], plan: Plan, length: int) -> Iterator[Row]:
    """`is_valid_number` and `region_code_for_number` of the national numbers that strings of `length` become."""
    for piece in numbers:
        fault = verdict_of_length(_length_result(_main(plan.code), piece.length))
        key = 10**length + piece.lo
        if piece.ask:
            yield Row(key, 0, Verdict.ASK, _index(plan.region))
            continue
        add = plan.code * 10**piece.length + piece.add - 10**length
        lo, hi = piece.lo + piece.add, piece.hi + piece.add
        placed = _placed(plan.code, piece.length)
        for start, _, region in placed[bisect_right(placed, lo, key=lambda each: each[0]) - 1 :]:
            if start > hi:
                break
            key = 10**length + max(start, lo) - piece.add
            if region is None:
                yield Row(key, 0, fault, _index(plan.region))
            else:
                yield Row(key, add, Verdict.VALID, _index(region))


def _through(pieces: list[Piece], step: Callable[[int], list[Piece]]) -> list[Piece]:
    """`step` (the pieces for strings of a length) applied to what comes out of `pieces`."""
    done: list[Piece] = []
    for piece in pieces:
        if piece.ask:
            done.append(piece)
            continue
        following = step(piece.length)
        lo, hi = piece.lo + piece.add, piece.hi + piece.add
        for each in following[bisect_right(following, lo, key=lambda each: each.lo) - 1 :]:
            if each.lo > hi:
                break
            start, end = max(each.lo, lo) - piece.add, min(each.hi, hi) - piece.add
            done.append(Piece(start, end, piece.add + each.add, each.length, each.ask))
    return done


def _step(rule: Callable[[Plan, int], list[Piece]], plan: Plan) -> Callable[[int], list[Piece]]:
    return functools.partial(rule, plan)


def _international(plan: Plan, length: int) -> tuple[list[Piece], Intervals]:
    """Strings with the region's international prefix, without it; and the other strings."""
    abroad: list[Piece] = []
    kept: Intervals = []
    left = [(0, 10**length - 1)]
    for path in paths(_metadata(plan).international_prefix or ""):
        for lo, hi in _matched(left, path, length) if path.digits else []:
            for piece in _peeled(lo, hi, length, len(path.digits), _MOST_PREFIXES):
                zeros = piece.lo - piece.lo % 10**piece.length + 10 ** (piece.length - 1) - 1 if piece.length else -1
                if piece.ask or piece.lo > zeros:
                    abroad.append(piece)
                    continue
                kept.append((piece.lo, min(piece.hi, zeros)))
                if piece.hi > zeros:
                    abroad.append(piece._replace(lo=zeros + 1))
    return abroad, sorted(left + kept)


def _own_code(plan: Plan, home: Intervals, length: int) -> tuple[list[Piece], list[Piece]]:
    """Strings that begin with the region's own calling code, without it, where it isn't part of the number."""
    tail = length - len(str(plan.code))
    start = plan.code * 10**tail
    with_code: list[Piece] = []
    without: list[Piece] = []
    too_long = _length_result(plan, length) == ValidationResult.TOO_LONG
    for lo, hi in home:
        for low, high, inside in cut([(start, start + 10**tail - 1)], lo, hi):
            if not inside:
                without.append(Piece(low, high, 0, length))
                continue
            for piece in _through([Piece(low, high, -start, tail)], _step(_national, plan)):
                taken, left = _better(plan, piece, length, too_long)
                with_code += taken
                without += left
    return with_code, without


def _better(plan: Plan, piece: Piece, length: int, too_long: bool) -> tuple[list[Piece], list[Piece]]:
    """Of strings that begin with the calling code: those better read without it, and the others whole."""
    if too_long or piece.ask:
        return [piece], []
    taken: list[Piece] = []
    left: list[Piece] = []
    for lo, hi, already in cut(_general(plan, length), piece.lo, piece.hi):
        for start, end, now in cut(_general(plan, piece.length), lo + piece.add, hi + piece.add):
            low, high = start - piece.add, end - piece.add
            if now and not already:
                taken.append(Piece(low, high, piece.add, piece.length))
            else:
                left.append(Piece(low, high, 0, length))
    return taken, left


@functools.cache
def _significant(plan: Plan, length: int) -> list[Piece]:
    """The end of `parse`: without the national prefix, unless what is left has no possible length."""
    return [
        Piece(piece.lo, piece.hi, 0, length)
        if _length_result(plan, piece.length) in _KEPT_WHOLE and not piece.ask
        else piece
        for piece in _national(plan, length)
    ]


@functools.cache
def _national(plan: Plan, length: int) -> list[Piece]:
    """Without the national prefix and the carrier's code, where that leaves no worse a number."""
    metadata = _metadata(plan)
    done: list[Piece] = []
    left = [(0, 10**length - 1)]
    for path in paths(metadata.national_prefix_for_parsing) if metadata.national_prefix_for_parsing and length else ():
        start, stop, head = _rewriting(path, metadata.national_prefix_transform_rule)
        for lo, hi in _matched(left, path, length):
            for piece in _peeled(lo, hi, length, len(path.digits), _MOST_CARRIERS, start, stop, head):
                done += [piece] if piece.ask else _viable(plan, piece, length)
    return sorted(done + [Piece(lo, hi, 0, length) for lo, hi in left])


def _rewriting(path: Path, rule: str | None) -> tuple[int, int, str]:
    """What of the matched digits stays (from, to), and what is written before it."""
    end = len(path.digits)
    if not rule:
        return end, end, ""
    head, number = substitution(rule)
    span = next(((start, stop) for group, start, stop in path.groups if group == number), None)
    return (*span, head) if span else (end, end, "")


def _matched(left: Intervals, path: Path, length: int) -> Intervals:
    return [part for lo, hi in spread(path, length) for part in take(left, lo, hi)]


def _peeled(
    lo: int, hi: int, length: int, end: int, most: int, start: int | None = None, stop: int = 0, head: str = ""
) -> Iterator[Piece]:
    """`lo` to `hi` with the first `end` digits replaced by `head` and the digits `start` to `stop`."""
    start, stop = (end, end) if start is None else (start, stop)
    gone = start if stop == end else end
    tail = length - gone
    first, last = lo // 10**tail, hi // 10**tail
    if last - first >= most:
        yield Piece(lo, hi, 0, length, ask=True)
        return
    for prefix in range(first, last + 1):
        written = head + (str(prefix).zfill(end)[start:stop] if stop < end else "")
        begin = prefix * 10**tail
        add = int(written or 0) * 10**tail - begin
        yield Piece(max(lo, begin), min(hi, begin + 10**tail - 1), add, len(written) + tail)


def _viable(plan: Plan, piece: Piece, length: int) -> Iterator[Piece]:
    """`piece`, but whole where a whole number would become none."""
    for lo, hi, before in cut(_general(plan, length), piece.lo, piece.hi):
        for start, end, after in cut(_general(plan, piece.length), lo + piece.add, hi + piece.add):
            low, high = start - piece.add, end - piece.add
            yield Piece(low, high, 0, length) if before and not after else piece._replace(lo=low, hi=high)


@functools.cache
def _placed(code: int, length: int) -> list[tuple[int, int, str | None]]:
    """National numbers by the region they are valid in, or None: all strings of `length` digits."""
    left = [(0, 10**length - 1)]
    placed: list[tuple[int, int, str | None]] = []
    known = phonenumbers.region_codes_for_country_code(code)
    for region in known if len(known) > 1 else ():
        plan = Plan(region, code)
        valid = _valid(plan, length)
        leading = _metadata(plan).leading_digits
        for lo, hi in _beginning(leading, length) if leading else valid:
            for start, end in take(left, lo, hi):
                placed += [(a, b, region if inside else None) for a, b, inside in cut(valid, start, end)]
    if len(known) == 1:
        valid = _valid(Plan(known[0], code), length)
        placed = [(a, b, known[0] if inside else None) for a, b, inside in cut(valid, 0, 10**length - 1)]
        left = []
    return sorted(placed + [(lo, hi, None) for lo, hi in left], key=lambda each: each[0])


def _beginning(pattern: str, length: int) -> Intervals:
    """The strings of `length` digits that begin with something `pattern` matches."""
    found = [
        (lo * 10 ** (length - short), (hi + 1) * 10 ** (length - short) - 1)
        for short, intervals in language(pattern).items()
        if short <= length
        for lo, hi in intervals
    ]
    return sorted(found)


def _valid(plan: Plan, length: int) -> Intervals:
    """Strings that match the general description and that of some type of number."""
    metadata = _metadata(plan)
    everything = _general(plan, length) if length in metadata.general_desc.possible_length else []
    left = list(everything)
    for name in _TYPES:
        kind = getattr(metadata, name)
        if kind is None or not kind.national_number_pattern:
            continue
        if kind.possible_length and length not in kind.possible_length:
            continue
        for lo, hi in language(kind.national_number_pattern).get(length, []):
            take(left, lo, hi)
    return [part for whole in everything for part in _complement(left, whole)]


def _complement(sets: Intervals, whole: tuple[int, int]) -> Iterator[tuple[int, int]]:
    return ((lo, hi) for lo, hi, inside in cut(sets, *whole) if not inside)


def _general(plan: Plan, length: int) -> Intervals:
    return language(_metadata(plan).general_desc.national_number_pattern or "").get(length, []) if length else []


def _length_result(plan: Plan, length: int) -> int:
    """What phonenumbers' own test of a length says, from the same lists."""
    general = _metadata(plan).general_desc
    if length in general.possible_length_local_only:
        return ValidationResult.IS_POSSIBLE_LOCAL_ONLY
    if length in general.possible_length:
        return ValidationResult.IS_POSSIBLE
    if length < general.possible_length[0]:
        return ValidationResult.TOO_SHORT
    return ValidationResult.TOO_LONG if length > general.possible_length[-1] else ValidationResult.INVALID_LENGTH


def _metadata(plan: Plan) -> PhoneMetadata:
    return PhoneMetadata.metadata_for_region_or_calling_code(plan.code, plan.region)


def _main(code: int) -> Plan:
    return Plan(phonenumbers.region_code_for_country_code(code), code)


def _index(region: str) -> int:
    return regions().index(region)
