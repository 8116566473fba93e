"""What names and values say together of one column of an export."""

from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

import polars as pl

from callframe.contract import IDS
from callframe.errors.sentences import number
from callframe.mapping.headers import Rank, headers
from callframe.mapping.looks import ANYTHING, GOOGLES, METRICAS, NOUNS, PHONES, Look, cells, look, share, speaks
from callframe.mapping.sources import DURATIONS, FLAGS
from callframe.mapping.words import folded, shown_words
from callframe.normalize import timestamps

__all__ = ["Candidate", "Judge", "Verdict"]

_TIME_OF_DAY = r"^[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2})?"
_WORDS = {"true": 1, "1": 1, "yes": 1, "y": 1, "да": 1, "д": 1, "истина": 1}
_WORDS |= {"false": 0, "0": 0, "no": 0, "n": 0, "нет": 0, "н": 0, "ложь": 0}
_OPPOSITE = {word: str(1 - meaning) for word, meaning in _WORDS.items()}
_MANY, _OF_EACH = 20, 10
"""From so many cells on, numbers that come so often each are hardly those of callers."""

_SAYS = {
    "names": "named so",
    "digits": "the name may mean it",
    "opposite": "named the contrary, so yes becomes 0 and no becomes 1",
    "general": "the name may mean it",
    "perhaps": "the name could mean something else",
}
_CAVEATS = {
    "TalkDuration": "it may be the whole call, ringing included",
    "DateTime": "it may be another time than the start of the call",
}
"""Contract column -> what a general name may mean instead."""


class Candidate(NamedTuple):
    """A source column, and what speaks for or against it."""

    name: str
    why: str


@dataclass(frozen=True)
class Verdict:
    """What name and values of a source column say of its being a contract column."""

    name: str
    rank: Rank
    look: Look
    why: str
    fits: bool
    unit: str | None = None
    values: Table[str, str] = field(default_factory=dict)

    @property
    def is_certain(self) -> bool:
        """Whether the name says it, and the values agree."""
        return self.rank.group in ("names", "opposite") and self.look.bears_out


class Judge:
    """The columns of an export, looked at when asked about, each once for a contract column."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame
        self.names = frame.columns
        self.refused: list[Candidate] = []
        """Columns whose values say that they are something else than their name promises."""
        self.cells = cache(lambda name: cells(frame, name))
        """The cells of a column that are there."""

    def ranked(self, column: str) -> list[tuple[Rank, list[Verdict]]]:
        """Verdicts on the columns that are named like a contract column, by rank; without traps and refused ones."""
        ranks = [(rank, self._named(rank, column)) for rank in headers().ranks.get(column, ())]
        if column in self.names:
            ranks.insert(0, (Rank("names", (column,)), {column: None}))
        return [(rank, self._verdicts(column, rank, named)) for rank, named in ranks]

    def _verdicts(self, column: str, rank: Rank, named: Table[str, str | None]) -> list[Verdict]:
        judged = (self._verdict(column, rank, name, unit) for name, unit in named.items())
        return [verdict for verdict in judged if verdict]

    def _named(self, rank: Rank, column: str) -> dict[str, str | None]:
        """Columns by these names, and the unit that a duration's name tells; traps and the very name are left out."""
        plain = [name for name in rank.matching(self.names) if name != column and headers().trap(name) is None]
        units = self._with_units(rank) if column in DURATIONS else {}
        priced = self._with_currency(rank) if column == "Price" else ()
        return {**units, **dict.fromkeys([*plain, *priced])}

    def _with_currency(self, rank: Rank) -> list[str]:
        """Prices whose name ends in a currency: «Сумма, руб.»."""
        wanted = {folded(name) for name in rank.names}
        return [
            name
            for name in sorted(self.names)
            for ending in headers().currencies
            if folded(name).endswith(ending) and folded(name).removesuffix(ending) in wanted
        ]

    def _with_units(self, rank: Rank) -> dict[str, str]:
        """Durations whose name ends in a unit: «Длительность, мин»."""
        wanted = {folded(name) for name in rank.names}
        return {
            name: unit
            for name in sorted(self.names)
            for ending, unit in headers().units.items()
            if folded(name).endswith(ending) and folded(name).removesuffix(ending) in wanted
        }

    def _verdict(self, column: str, rank: Rank, name: str, unit: str | None) -> Verdict | None:
        present = self.cells(name)
        if column in IDS and (other := _no_id(present, rank, column, named_so=name == column)):
            self.refused.append(Candidate(name, other))
            return None
        if rank.group == "digits":
            seen = share(present, METRICAS)
            fits = seen.present > 0 and seen.fitting == seen.present
            why = "its values are digits, as Metrica's ids are" if fits else _counted(_SAYS["digits"], seen, column)
            return Verdict(name, rank, seen, why, fits)
        if rank.group == "opposite":
            seen = _shares_words(present)
            return Verdict(name, rank, seen, _SAYS["opposite"], not seen.refutes, values=_OPPOSITE)
        seen = look(present, column, unit)
        why = _counted(_SAYS[rank.group], seen, column)
        # Under the contract's own name bad values are bad values, to be told row by row.
        fits = not seen.refutes or name == column
        if not fits and column in FLAGS:
            why = f"say what its words mean: {shown_words(present.str.to_lowercase())}"
        verdict = Verdict(name, rank, seen, why, fits, unit)
        return _doubted(verdict, column) if rank.group != "names" else verdict

    def told_apart(self, verdicts: list[Verdict]) -> list[Verdict]:
        """The one that values single out, or the first where all are the same in every row; else all of them."""
        there = [verdict for verdict in verdicts if verdict.look.present] or verdicts
        first = there[0]
        if first.look.present and all(self.frame[verdict.name].equals(self.frame[first.name]) for verdict in there[1:]):
            return [first]
        borne_out = [verdict for verdict in there if verdict.look.bears_out]
        return borne_out if len(borne_out) == 1 else there

    def time_of_day(self, date: str) -> str | None:
        """The column with the time of day, if the cells of `date` hold none."""
        different = self.cells(date).unique()
        whys = different.to_frame("x").select(timestamps.reason(pl.col("x"), format="day first")).to_series()
        if different.is_empty() or not (whys == "no time of day").fill_null(value=False).all():
            return None
        named = [name for name in Rank("names", headers().time).matching(self.names) if name != date]
        return next((name for name in named if share(self.cells(name), _TIME_OF_DAY).bears_out), None)

    def speaking(self, column: str, used: set[str | None]) -> list[Candidate]:
        """Columns that nothing is known of, and whose values can hardly be anything else than `column` wants."""
        refused = {candidate.name for candidate in self.refused}
        free = (name for name in sorted(self.names) if name not in used | refused and headers().trap(name) is None)
        looks = [
            (name, seen) for name in free if not (seen := speaks(self.cells(name), column)).refutes and seen.present
        ]
        noun = "ids such as Metrica and Direct give" if column == "ClientId" else NOUNS[column]
        looks.sort(key=lambda found: (-found[1].fitting, len(found[0]), found[0]))
        return [Candidate(name, _share(seen, noun)) for name, seen in looks]


def _no_id(present: pl.Series, rank: Rank, column: str, *, named_so: bool) -> str | None:
    """What values are that are no ids of visitors, and known to be something else."""
    if present.is_empty():
        return None
    if present.str.contains(GOOGLES).all():
        return "its values have a dot, as Google Analytics' client ids have"
    if not named_so and present.str.contains(PHONES).all():
        whose = "Metrica's ids" if column == "ClientId" else "ids of visitors"
        return f"its values look like phone numbers, not like {whose}"
    if rank.group == "digits" and present.str.contains(r"^[0-9]{1,14}$").all():
        return "its values are too short for Metrica's ids, which have 15 digits or more"
    return None


def _doubted(verdict: Verdict, column: str) -> Verdict:
    """A verdict by a name that may mean something else, with what that may be."""
    seen = verdict.look
    if column == "PhoneNumber" and seen.present >= _MANY and _OF_EACH * seen.distinct <= seen.present:
        why = f"only {seen.distinct} different numbers in {number(seen.present)} cells: perhaps lines that were called"
        return replace(verdict, why=why, fits=False)
    caveat = f"; {_CAVEATS[column]}" if column in _CAVEATS else ""
    return replace(verdict, why=f"{verdict.why}{caveat}")


def _shares_words(present: pl.Series) -> Look:
    """How many cells are plain words for yes or no."""
    known = present.str.to_lowercase().is_in(list(_OPPOSITE))
    return Look(len(present), int(known.sum()), present.n_unique())


def _counted(says: str, seen: Look, column: str) -> str:
    """What the name says, and what the values say to it."""
    if not seen.present:
        return f"{says}; no values to check it by"
    if column in ANYTHING:
        return f"{says}; {number(seen.present)} value{'s' * (seen.present > 1)}"
    return f"{says}; {_share(seen, NOUNS[column])}"


def _share(seen: Look, noun: str) -> str:
    """`all 7 values are ids`, `only 2 of 7 values are ids`."""
    if seen.present == 1:
        return f"its one value is {'among' if seen.fitting else 'not among'} {noun}"
    if seen.fitting in (0, seen.present):
        return f"{'all' if seen.fitting else 'none of'} {number(seen.present)} values are {noun}"
    return f"{'' if seen.bears_out else 'only '}{number(seen.fitting)} of {number(seen.present)} values are {noun}"
