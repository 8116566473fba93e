"""What phonenumbers does to plain digits, done to whole intervals of them at a time.

Everything it does to plain digits takes some off the front or puts some there, depending on the front. So, for
strings of one length, it is a list of intervals, each with the one difference between what goes in and what comes
out. The steps are those of `phonenumbers.parse` and `is_valid_number`, in their order.
"""

import functools
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import NamedTuple, cast

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberDesc, ValidationResult

from callframe.normalize._phone_patterns import Intervals, Path, cut, language, paths, spread, substitution, take

__all__ = [
    "Piece",
    "Plan",
    "international",
    "length_result",
    "main_plan",
    "own_code",
    "placed",
    "significant",
    "through",
]

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


def through(pieces: list[Piece], step: Callable[[int], list[Piece]]) -> list[Piece]:
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


def international(plan: Plan, length: int) -> tuple[list[Piece], Intervals]:
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


def own_code(plan: Plan, home: Intervals, length: int) -> tuple[list[Piece], list[Piece]]:
    """Strings that begin with the region's own calling code, without it, where it isn't part of the number."""
    tail = length - len(str(plan.code))
    start = plan.code * 10**tail
    with_code: list[Piece] = []
    without: list[Piece] = []
    too_long = length_result(plan, length) == ValidationResult.TOO_LONG
    for lo, hi in home:
        for low, high, inside in cut([(start, start + 10**tail - 1)], lo, hi):
            if not inside:
                without.append(Piece(low, high, 0, length))
                continue
            for piece in through([Piece(low, high, -start, tail)], functools.partial(_national, plan)):
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
def significant(plan: Plan, length: int) -> list[Piece]:
    """The end of `parse`: without the national prefix, unless what is left has no possible length."""
    return [
        Piece(piece.lo, piece.hi, 0, length)
        if length_result(plan, piece.length) in _KEPT_WHOLE and not piece.ask
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
def placed(code: int, length: int) -> list[tuple[int, int, str | None]]:
    """National numbers by the region they are valid in, or None: all strings of `length` digits."""
    left = [(0, 10**length - 1)]
    found: list[tuple[int, int, str | None]] = []
    known = phonenumbers.region_codes_for_country_code(code)
    for region in known if len(known) > 1 else ():
        plan = Plan(region, code)
        valid = _valid(plan, length)
        leading = _metadata(plan).leading_digits
        for lo, hi in _beginning(leading, length) if leading else valid:
            for start, end in take(left, lo, hi):
                found += [(a, b, region if inside else None) for a, b, inside in cut(valid, start, end)]
    if len(known) == 1:
        valid = _valid(Plan(known[0], code), length)
        found = [(a, b, known[0] if inside else None) for a, b, inside in cut(valid, 0, 10**length - 1)]
        left = []
    return sorted(found + [(lo, hi, None) for lo, hi in left], key=lambda each: each[0])


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
    everything = _general(plan, length) if length in _description(plan).possible_length else []
    left = list(everything)
    for name in _TYPES[:-1] if metadata.same_mobile_and_fixed_line_pattern else _TYPES:
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
    return language(_description(plan).national_number_pattern or "").get(length, []) if length else []


def length_result(plan: Plan, length: int) -> int:
    """What phonenumbers' own test of a length says, from the same lists."""
    general = _description(plan)
    if length in general.possible_length_local_only:
        return ValidationResult.IS_POSSIBLE_LOCAL_ONLY
    if length in general.possible_length:
        return ValidationResult.IS_POSSIBLE
    if length < general.possible_length[0]:
        return ValidationResult.TOO_SHORT
    return ValidationResult.TOO_LONG if length > general.possible_length[-1] else ValidationResult.INVALID_LENGTH


def _metadata(plan: Plan) -> PhoneMetadata:
    return cast("PhoneMetadata", PhoneMetadata.metadata_for_region_or_calling_code(plan.code, plan.region))


def _description(plan: Plan) -> PhoneNumberDesc:
    """What holds for all numbers of a plan; every plan has it."""
    return cast("PhoneNumberDesc", _metadata(plan).general_desc)


def main_plan(code: int) -> Plan:
    return Plan(phonenumbers.region_code_for_country_code(code), code)
