"""The filter that an export suggests: the column that says which calls came in."""

from collections.abc import Sequence
from dataclasses import dataclass

from callframe.mapping.headers import Rank, headers
from callframe.mapping.judging import Judge
from callframe.mapping.words import shown_words

__all__ = ["Direction", "direction"]


@dataclass(frozen=True)
class Direction:
    """The column that says which calls came in."""

    name: str
    keep: tuple[str, ...]
    """The words with which a row stays; empty: no row is filtered."""

    notes: tuple[str, ...]


def direction(judge: Judge, used: set[str | None]) -> Direction | None:
    """The first such column in which a known word for an inbound call stands; else what is to be said of the others."""
    inbound, outbound = headers().inbound, headers().outbound
    silent: list[str] = []
    for name in Rank("names", headers().direction).matching(judge.names):
        words = set() if name in used else set(judge.cells(name).str.to_lowercase())
        if words & inbound:
            note = f"rows are kept where {name!r} says the call came in."
            # Every word, seen or not: a sample and the whole file give one mapping.
            return Direction(name, tuple(sorted(inbound)), (*silent, note, *_strange(name, words - inbound - outbound)))
        if words & outbound:
            silent.append(f"{name!r} says of no call that it came in: rows are not filtered by it.")
    return Direction("", (), tuple(silent)) if silent else None


def _strange(name: str, words: set[str]) -> Sequence[str]:
    """Which words are no known direction."""
    if not words:
        return ()
    return (f"{name!r} has words that are no known direction: {shown_words(words)}; their rows are skipped.",)
