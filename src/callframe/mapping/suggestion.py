"""The mapping that an export tells: which column is what, how sure that is, why, and what stays open.

Names count as a whole and values are weighed against them. A name may be refuted by its values; values without a name
make a column a candidate, never a choice. Where two columns fit equally well, the question stays open.
"""

from collections.abc import Mapping as Table
from dataclasses import dataclass
from typing import Literal

import polars as pl

from callframe.contract import COLUMNS, IDS
from callframe.errors.files import FIRST_LINE_IS_A_CALL, looks_like_a_call
from callframe.errors.sentences import number
from callframe.mapping.directions import Direction, direction
from callframe.mapping.headers import headers
from callframe.mapping.judging import Candidate, Judge, Verdict
from callframe.mapping.looks import NOUNS
from callframe.mapping.shown import suggestion_html, suggestion_text
from callframe.mapping.sources import Source
from callframe.read import SOURCE_ROW

__all__ = ["ROWS", "Choice", "Suggestion", "Sure", "suggested"]

ROWS = 10_000
"""Rows that a suggestion looks at: the first of the export."""

Sure = Literal["certain", "likely", "open"]

_ASKED = ("ClientId", "DateTime", "PhoneNumber")
"""Contract columns for which values alone may name candidates."""

_MOST = 8
"""Candidates named by values alone."""


@dataclass(frozen=True)
class Choice:
    """What feeds one contract column, how sure that is, and why; or what could, where that is open."""

    column: str
    source: Source | None
    """None: open."""

    sure: Sure
    """`certain`: the name says it and nine values in ten agree. `likely`: the name says less, or the values can't
    confirm it. `open`: not chosen."""

    why: str
    candidates: tuple[Candidate, ...] = ()
    """Other source columns that could be meant."""

    def __str__(self) -> str:
        """A sentence."""
        if self.source:
            return f"{self.column} <- {', '.join(map(repr, self.source.from_))}: {self.why}."
        names = ", ".join(repr(candidate.name) for candidate in self.candidates)
        return f"{self.column} is open: {self.why}{': ' * bool(names)}{names}."


@dataclass(frozen=True, repr=False)
class Suggestion:
    """What the names and values of an export tell of its mapping."""

    rows: int
    """Rows that were looked at."""

    choices: tuple[Choice, ...]
    """In the order of the contract; columns of which nothing is known are not among them."""

    direction: Direction | None
    """The filter for calls that came in."""

    left_out: tuple[Candidate, ...]
    """Source columns that only look right, and what they really are."""

    unused: tuple[str, ...]
    """Source columns that mean nothing to the contract."""

    remarks: tuple[str, ...] = ()
    """What else is to be said."""

    @property
    def title(self) -> str:
        """What the suggestion rests on."""
        rows = {0: "", 1: " and the one row"}.get(self.rows, f" and the first {number(self.rows)} rows")
        return f"Suggested by the names{rows} of the export"

    @property
    def sources(self) -> dict[str, Source]:
        """Contract column -> where its values come from, as far as chosen."""
        return {choice.column: choice.source for choice in self.choices if choice.source}

    @property
    def open(self) -> tuple[Choice, ...]:
        """What is left to the user."""
        return tuple(choice for choice in self.choices if choice.sure == "open")

    @property
    def keep(self) -> Table[str, tuple[str, ...]]:
        """Source column -> the words with which a row is a call to send."""
        return {self.direction.name: self.direction.keep} if self.direction and self.direction.keep else {}

    @property
    def notes(self) -> tuple[str, ...]:
        """All but what is certain, a sentence each."""
        doubts = (str(choice) for choice in self.choices if choice.sure != "certain")
        return (*doubts, *(self.direction.notes if self.direction else ()), *self.asides)

    @property
    def asides(self) -> tuple[str, ...]:
        """What is to be said of the source columns that feed nothing, a sentence each."""
        lines = [*(f"{found.name!r} is left out: {found.why}." for found in self.left_out), *self.remarks]
        return (*lines, f"not used: {', '.join(self.unused)}.") if self.unused else tuple(lines)

    def __repr__(self) -> str:
        """A line for each column: what feeds it, how sure that is, why; then what is left out."""
        return suggestion_text(self)

    def _repr_html_(self) -> str:
        return suggestion_html(self)


def suggested(frame: pl.DataFrame) -> Suggestion:
    """What an export tells of its mapping, by its names and its first `ROWS` rows; row and column order don't count.

    Args:
        frame: source columns, all String; `source_row` is not looked at.
    """
    names = [name for name in frame.columns if name != SOURCE_ROW]
    if looks_like_a_call(names):
        return Suggestion(0, (), None, (), (), (FIRST_LINE_IS_A_CALL,))
    judge = Judge(frame.select(names).head(ROWS))
    chosen = {column: choice for column in COLUMNS if (choice := _by_name(judge, column))}
    used = {name for choice in chosen.values() if choice.source for name in (*choice.source.from_, choice.source.time)}
    told = direction(judge, used)
    used |= {told.name} if told and told.keep else set()
    for column in _ASKED:
        if column not in chosen and not (column in IDS and any(_is_fed(chosen, name) for name in IDS)):
            chosen[column] = _by_values(judge, column, used)
    traps = [Candidate(name, what) for name in names if name not in used and (what := headers().trap(name))]
    left_out = {found.name: found for found in [*judge.refused, *traps] if found.name not in used}
    shown = {candidate.name for choice in chosen.values() if not choice.source for candidate in choice.candidates}
    rest = tuple(name for name in names if name not in used | set(left_out) | shown)
    choices = tuple(chosen[column] for column in COLUMNS if column in chosen)
    return Suggestion(judge.frame.height, choices, told, tuple(left_out.values()), rest)


def _is_fed(chosen: Table[str, Choice], column: str) -> bool:
    return column in chosen and chosen[column].source is not None


def _by_name(judge: Judge, column: str) -> Choice | None:
    """The choice that names make, values permitting; None if no name says anything."""
    ranks = judge.ranked(column)
    fitting = [(rank, [verdict for verdict in verdicts if verdict.fits]) for rank, verdicts in ranks]
    doubtful = [verdict for _, verdicts in ranks for verdict in verdicts if not verdict.fits]
    for place, (rank, verdicts) in enumerate(fitting):
        if not verdicts:
            continue
        named = {verdict.name for verdict in verdicts}
        others = [verdict for _, later in fitting[place + 1 :] for verdict in later if verdict.name not in named]
        if rank.group == "perhaps":
            return _open(column, "its name could mean something else", [*verdicts, *others, *doubtful])
        best = judge.told_apart(verdicts)
        if len(best) > 1:
            why = f"{len(best)} columns are named so, and their values don't tell which"
            return _open(column, why, [*best, *others])
        return _chosen(judge, column, best[0], others)
    if doubtful:
        return _open(column, "a name may mean it, but values don't bear it out", doubtful)
    return None


def _chosen(judge: Judge, column: str, verdict: Verdict, others: list[Verdict]) -> Choice:
    time = judge.time_of_day(verdict.name) if column == "DateTime" else None
    source = Source(from_=(verdict.name,), time=time, unit=verdict.unit, values=verdict.values)
    too = f"; {', '.join(repr(other.name) for other in others)} would fit too" if others else ""
    candidates = tuple(Candidate(other.name, other.why) for other in others)
    return Choice(column, source, "certain" if verdict.is_certain else "likely", f"{verdict.why}{too}", candidates)


def _open(column: str, why: str, verdicts: list[Verdict]) -> Choice:
    candidates = tuple(Candidate(verdict.name, verdict.why) for verdict in verdicts)
    return Choice(column, None, "open", why, candidates)


def _by_values(judge: Judge, column: str, used: set[str | None]) -> Choice:
    found = judge.speaking(column, used)[:_MOST]
    said = f"no name says it, but values look like {NOUNS[column]}" if found else "nothing says it"
    return Choice(column, None, "open", said, tuple(found))
