r"""Digit patterns, as phonenumbers' metadata writes them, as sets of digit strings.

A set of digit strings of one length is a sorted list of intervals of integers: `8(?:0[04]|10)` is
{3: [(800, 800), (804, 804), (810, 810)]}. Patterns are digits, classes, `\d`, groups, choices, bounded
repeats and `$`; anything else is refused, so that no pattern is ever half understood.
"""

import functools
import itertools
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

__all__ = ["MOST_DIGITS", "Intervals", "Language", "Path", "cut", "language", "paths", "spread", "substitution", "take"]

Intervals = list[tuple[int, int]]
"""Sorted, disjoint, both ends included."""

Language = dict[int, Intervals]
"""The digit strings that a pattern matches whole, by length."""

MOST_DIGITS = 17
"""No national number is longer (phonenumbers refuses longer ones)."""

_ANY = tuple(range(10))


class Node(NamedTuple):
    """A piece of a pattern: `digits`, `all` of the parts, `one` of the parts, a `repeat`, a `group` or the `end`."""

    kind: str
    parts: tuple["Node", ...] = ()
    digits: tuple[int, ...] = ()
    least: int = 1
    most: int = 1
    number: int = 0


class Path(NamedTuple):
    """One way through a pattern: the digits allowed at each place, and where the groups lie."""

    digits: tuple[tuple[int, ...], ...] = ()
    groups: tuple[tuple[int, int, int], ...] = ()
    """(number, start, end) of every group passed through."""
    at_end: bool = False


@functools.cache
def language(pattern: str) -> Language:
    """The digit strings of at most `MOST_DIGITS` digits that `pattern` matches whole."""
    return _language(_Parser(pattern).whole())


@functools.cache
def paths(pattern: str) -> tuple[Path, ...]:
    """Every way through `pattern`, in the order in which a backtracking matcher tries them."""
    return tuple(_walk(_Parser(pattern).whole(), Path()))


def spread(path: Path, length: int) -> Intervals:
    """The strings of `length` digits that begin the way `path` goes, and end there if it must."""
    tail = length - len(path.digits)
    if tail < 0 or (path.at_end and tail):
        return []
    found = functools.reduce(
        lambda right, digits: _joined({1: _merged((d, d) for d in digits)}, right), reversed(path.digits), _EMPTY
    )
    return [(lo * 10**tail, (hi + 1) * 10**tail - 1) for lo, hi in found[len(path.digits)]]


def cut(sets: Intervals, lo: int, hi: int) -> Iterator[tuple[int, int, bool]]:
    """`lo` to `hi` in pieces, each with whether it lies inside `sets`."""
    at = lo
    for i in range(max(bisect_left(sets, (lo, lo)) - 1, 0), len(sets)):
        start, end = sets[i]
        if end < at:
            continue
        if start > hi:
            break
        if start > at:
            yield at, start - 1, False
        yield max(start, at), min(end, hi), True
        at = end + 1
    if at <= hi:
        yield at, hi, False


def take(sets: Intervals, lo: int, hi: int) -> Intervals:
    """Take `lo` to `hi` out of `sets`; gives what of it was there."""
    first = max(bisect_left(sets, (lo, lo)) - 1, 0)
    last = first
    taken, kept = [], []
    while last < len(sets) and sets[last][0] <= hi:
        start, end = sets[last]
        last += 1
        if end < lo:
            kept.append((start, end))
            continue
        taken.append((max(start, lo), min(end, hi)))
        kept += [(start, lo - 1)] if start < lo else []
        kept += [(hi + 1, end)] if end > hi else []
    sets[first:last] = kept
    return taken


def substitution(rule: str) -> tuple[str, int]:
    r"""A rule that writes digits and then one group: `9\1` is ("9", 1)."""
    head, _, group = rule.partition("\\")
    if (head and not head.isdecimal()) or not group.isdecimal():
        raise NotImplementedError(f"a rule that is not digits and one group: {rule}")
    return head, int(group)


class _Parser:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.groups = 0

    def whole(self) -> Node:
        node = self.choice()
        if self.at < len(self.pattern):
            self.refuse()
        return node

    def refuse(self) -> None:
        raise NotImplementedError(f"at {self.at} of {self.pattern}")

    def take(self, token: str) -> bool:
        found = self.pattern.startswith(token, self.at)
        self.at += len(token) if found else 0
        return found

    def choice(self) -> Node:
        options = [self.sequence()]
        while self.take("|"):
            options.append(self.sequence())
        return options[0] if len(options) == 1 else Node("one", tuple(options))

    def sequence(self) -> Node:
        parts = []
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            parts.append(self.repeat(self.atom()))
        return Node("all", tuple(parts))

    def repeat(self, node: Node) -> Node:
        if self.take("?"):
            node = Node("repeat", (node,), least=0, most=1)
        elif self.take("{"):
            stop = self.pattern.index("}", self.at)
            least, _, most = self.pattern[self.at : stop].partition(",")
            self.at = stop + 1
            node = Node("repeat", (node,), least=int(least), most=int(most or least))
        if self.pattern[self.at : self.at + 1] in {"?", "*", "+", "{"}:
            self.refuse()
        return node

    def atom(self) -> Node:
        if self.take("(?:"):
            return self.close(self.choice())
        if self.take("("):
            self.groups += 1
            number = self.groups
            return Node("group", (self.close(self.choice()),), number=number)
        if self.take("$"):
            return Node("end")
        return Node("digits", digits=self.digits())

    def close(self, node: Node) -> Node:
        if not self.take(")"):
            self.refuse()
        return node

    def digits(self) -> tuple[int, ...]:
        if self.take("\\d"):
            return _ANY
        if not self.take("["):
            return (self.digit(),)
        found: set[int] = set()
        while not self.take("]"):
            if self.take("\\d"):
                found.update(_ANY)
                continue
            first = self.digit()
            found.update(range(first, (self.digit() if self.take("-") else first) + 1))
        return tuple(sorted(found))

    def digit(self) -> int:
        char = self.pattern[self.at : self.at + 1]
        if char not in set("0123456789"):
            self.refuse()
        self.at += 1
        return int(char)


def _language(node: Node) -> Language:
    if node.kind == "digits":
        return {1: _merged((digit, digit) for digit in node.digits)}
    if node.kind == "one":
        return _union(map(_language, node.parts))
    if node.kind == "repeat":
        part = _language(node.parts[0])
        powers = list(
            itertools.accumulate([part] * node.most, lambda right, left: _joined(left, right), initial=_EMPTY)
        )
        return _union(powers[node.least :])
    if node.kind in ("all", "group"):
        return functools.reduce(lambda right, part: _joined(_language(part), right), reversed(node.parts), _EMPTY)
    raise NotImplementedError("an end inside a pattern for whole numbers")


_EMPTY: Language = {0: [(0, 0)]}


def _joined(left: Language, right: Language) -> Language:
    found: dict[int, Intervals] = {}
    for (long, starts), (short, ends) in itertools.product(left.items(), right.items()):
        if long + short <= MOST_DIGITS:
            found.setdefault(long + short, []).extend(_product(starts, ends, 10**short))
    return {length: _merged(intervals) for length, intervals in found.items()}


def _product(starts: Intervals, ends: Intervals, size: int) -> Iterator[tuple[int, int]]:
    if ends == [(0, size - 1)]:
        yield from ((lo * size, (hi + 1) * size - 1) for lo, hi in starts)
        return
    for lo, hi in starts:
        for head in range(lo, hi + 1):
            yield from ((head * size + start, head * size + end) for start, end in ends)


def _union(languages: Iterable[Language]) -> Language:
    found: dict[int, Intervals] = {}
    for each in languages:
        for length, intervals in each.items():
            found.setdefault(length, []).extend(intervals)
    return {length: _merged(intervals) for length, intervals in found.items()}


def _merged(intervals: Iterable[tuple[int, int]]) -> Intervals:
    merged: Intervals = []
    for lo, hi in sorted(intervals):
        if merged and lo <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(hi, merged[-1][1]))
        else:
            merged.append((lo, hi))
    return merged


def _walk(node: Node, path: Path) -> Iterator[Path]:
    if node.kind == "digits":
        if not path.at_end:
            yield path._replace(digits=(*path.digits, node.digits))
    elif node.kind == "end":
        yield path._replace(at_end=True)
    elif node.kind == "one":
        for part in node.parts:
            yield from _walk(part, path)
    elif node.kind == "repeat":
        yield from _again(node, path, 0)
    elif node.kind == "group":
        for inner in _walk(node.parts[0], path):
            span = (node.number, len(path.digits), len(inner.digits))
            yield inner._replace(groups=(*inner.groups, span))
    else:
        yield from _in_turn(node.parts, path)


def _again(node: Node, path: Path, count: int) -> Iterator[Path]:
    if count < node.most:
        for longer in _walk(node.parts[0], path):
            yield from _again(node, longer, count + 1)
    if count >= node.least:
        yield path


def _in_turn(parts: Sequence[Node], path: Path) -> Iterator[Path]:
    if not parts:
        yield path
        return
    for longer in _walk(parts[0], path):
        yield from _in_turn(parts[1:], longer)
