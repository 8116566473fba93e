"""The mapping that the headers of an export tell, and for two kinds of column its values."""

import re
import tomllib
from collections.abc import Sequence
from importlib import resources

import polars as pl

from callframe.contract import COLUMNS
from callframe.errors.files import FIRST_LINE_IS_A_CALL, looks_like_a_call
from callframe.mapping.sources import DURATIONS, Source
from callframe.mapping.words import folded
from callframe.normalize import texts
from callframe.read import SOURCE_ROW

__all__ = ["Suggestion"]

_TRUE = ("true", "1", "yes", "y", "да", "д", "истина")
_FALSE = ("false", "0", "no", "n", "нет", "н", "ложь")
_DIGITS = r"^[0-9]{10,20}$"
_PHONE = r"^[789][0-9]{9,10}$"
_NUMBER = re.compile(r"[0-9][0-9 ()+\-.]{3,}[0-9]")
_SHOWN_WORDS = 5
_SHOWN_LETTERS = 40
_OPPOSITE = {**dict.fromkeys(_TRUE, "0"), **dict.fromkeys(_FALSE, "1")}


class Suggestion:
    """What the names of an export tell; `Mapping.suggest` makes a mapping of it."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame
        self.columns = [name for name in frame.columns if name != SOURCE_ROW]
        self.headers = tomllib.loads(
            (resources.files("callframe") / "mappings" / "headers.toml").read_text(encoding="utf-8")
        )
        self.traps = {folded(name): what for name, what in self.headers["traps"].items()}
        self.notes: list[str] = []
        """What the suggestion rests on and what it leaves open."""
        self.sources = {column: source for column in COLUMNS if (source := self._source(column))}
        used = {name for source in self.sources.values() for name in (*source.from_, source.time)}
        self.keep = self._direction(used)
        """Source column -> the texts with which a row is a call to send."""
        self._note_rest(used | set(self.keep))

    def _note_rest(self, used: set[str | None]) -> None:
        for name in self.columns:
            if name not in used and (what := self.traps.get(folded(name))):
                self.notes.append(f"{name!r} is left out: {what}.")
        rest = [name for name in self.columns if name not in used and folded(name) not in self.traps]
        if rest:
            self.notes.append(f"not used: {', '.join(rest)}." if not looks_like_a_call(rest) else FIRST_LINE_IS_A_CALL)

    def _source(self, column: str) -> Source | None:
        exact = [name for name in self.columns if name == column]
        named = exact or self._by_names(self.headers["names"][column])
        if not named and column in self.headers["digits"]:
            named = [name for name in self._by_names(self.headers["digits"][column]) if self._holds_ids(name)]
            self.notes += [f"{column} <- {name!r}: its values are digits, as Metrica's ids are." for name in named[:1]]
        if not named and column in self.headers["opposite"]:
            opposite = self._by_names(self.headers["opposite"][column])
            return Source(from_=tuple(opposite[:1]), values=_OPPOSITE) if opposite else None
        if not named and column in DURATIONS:
            return self._with_unit(self.headers["names"][column])
        if not named:
            return None
        if len(named) > 1:
            self.notes.append(f"{column} <- {named[0]!r}; {', '.join(map(repr, named[1:]))} would fit too.")
        return Source(from_=(named[0],), time=self._time_of_day(named[0]) if column == "DateTime" else None)

    def _with_unit(self, names: Sequence[str]) -> Source | None:
        """A duration whose header ends in its unit: «Длительность, мин»."""
        wanted = {folded(name): rank for rank, name in reversed(list(enumerate(names)))}
        found = [
            (wanted[folded(name).removesuffix(word)], name, unit)
            for name in self.columns
            for word, unit in self.headers["units"].items()
            if folded(name).removesuffix(word) in wanted
        ]
        if not found:
            return None
        _, name, unit = min(found)
        return Source(from_=(name,), unit=unit)

    def _by_names(self, names: Sequence[str]) -> list[str]:
        """Columns of the export by these names, the best first; a trap only if it is spelled as in the list."""
        wanted = {folded(name): rank for rank, name in reversed(list(enumerate(names)))}
        found = [
            name
            for name in self.columns
            if folded(name) in wanted and (name in names or folded(name) not in self.traps)
        ]
        return sorted(found, key=lambda name: (wanted[folded(name)], name not in names, name))

    def _holds_ids(self, name: str) -> bool:
        """Whether the values can be Metrica's ids: digits, and not all of them like phone numbers."""
        cells = self.frame.select(texts.present(pl.col(name))).to_series().drop_nulls()
        if cells.is_empty() or not cells.str.contains(_DIGITS).all():
            return False
        are_phones = bool(cells.str.contains(_PHONE).all())
        if are_phones:
            self.notes.append(f"{name!r} is left out: its values look like phone numbers, not like Metrica's ids.")
        return not are_phones

    def _time_of_day(self, date: str) -> str | None:
        """The column with the time of day, if the cells of `date` hold none."""
        named = [name for name in self._by_names(self.headers["time"]["names"]) if name != date]
        cells = self.frame.select(texts.present(pl.col(date))).to_series().drop_nulls()
        if not named or not len(cells) or cells.str.contains(":", literal=True).any():
            return None
        return named[0]

    def _direction(self, used: set[str | None]) -> dict[str, tuple[str, ...]]:
        inbound, outbound = (set(self.headers["direction"][key]) for key in ("inbound", "outbound"))
        for name in self._by_names(self.headers["direction"]["names"]):
            if name in used:
                continue
            cells = self.frame.select(texts.present(pl.col(name)).str.to_lowercase().unique()).to_series().drop_nulls()
            words = set(cells.to_list())
            if words & inbound:
                self.notes.append(f"rows are kept where {name!r} says the call came in.")
                self._note_strange(name, sorted(words - inbound - outbound))
                # Every word, seen or not: a sample and the whole file give one mapping.
                return {name: tuple(sorted(inbound))}
            if words & outbound:
                self.notes.append(f"{name!r} says of no call that it came in: rows are not filtered by it.")
        return {}

    def _note_strange(self, name: str, words: Sequence[str]) -> None:
        """Say which words are no known direction, without digits that could be somebody's number."""
        if words:
            shown = ", ".join(_NUMBER.sub("•••", f"«{word[:_SHOWN_LETTERS]}»") for word in words[:_SHOWN_WORDS])
            more = f" and {len(words) - _SHOWN_WORDS} more" if len(words) > _SHOWN_WORDS else ""
            self.notes.append(f"{name!r} has words that are no known direction: {shown}{more}; their rows are skipped.")
