"""A mapping: loaded, made in code, suggested; bound to the columns of one export; written as a file."""

import os
import tomllib
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, fields, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import polars as pl

from callframe.contract import COLUMNS, IDS
from callframe.errors import MappingError, OptionError, Unmapped
from callframe.errors.files import looks_like_a_call
from callframe.mapping.checks import check_keys, check_options, check_type
from callframe.mapping.shown import mapping_html, mapping_text, suggestion_html
from callframe.mapping.sources import Dedupe, Filter, Source
from callframe.mapping.suggestion import Suggestion, suggested
from callframe.mapping.written import toml_file
from callframe.read import FileOptions

__all__ = ["NEEDS", "Mapping"]


SUGGESTED = "suggested"
"""Name of a mapping that nobody has named yet; a file made of it is called by its own name."""

_MOST = 0.7
"""An export that feeds more of a ready mapping than this is of its kind."""

NEEDS = {
    "time zone": "say the zone of its times: --time-zone, or time_zone in the file",
    "region": "say the country of numbers without a country code: --region, or region in the file",
    "currency": "say the currency of its prices: --currency, or currency in the file",
    "visitor id": "add a column ClientId, Yclid or UserId to the export, or name the one that holds such ids",
    "direction": "say under [filter] which rows are calls that came in",
    "fields": "compare columns under [file] with the fields of your export",
}
"""What an export may leave to the user, and what he does about it."""


@dataclass(frozen=True, repr=False)
class Mapping:
    """Contract column <- source columns, and the defaults that hold for one kind of export.

    >>> mapping = Mapping(columns={"ClientId": "id", "DateTime": {"from": "when", "format": "day first"}})
    >>> mapping.columns["ClientId"].from_
    ('id',)
    """

    columns: Table[str, Any]
    """Contract column -> `Source`; in code also a column's name, a list of names, or a table as in a mapping file."""

    name: str = "the mapping"
    description: str = ""
    kind: str = ""
    """What file it is for, in a few words."""

    needs: tuple[str, ...] = ()
    """What exports of this kind leave to the user: keys of `NEEDS`."""

    time_zone: str | None = None
    """IANA zone of times that name none."""

    region: str | None = None
    """ISO 3166-1 alpha-2 of numbers without a country code."""

    currency: str | None = None
    """ISO 4217 code of prices that name none."""

    file: FileOptions = field(default_factory=FileOptions)
    filter: Filter = field(default_factory=Filter)
    dedupe: Dedupe = field(default_factory=Dedupe)
    notes: tuple[str, ...] = ()
    """What a report says of the mapping: what its values mean, what a suggestion rests on and leaves open."""

    suggestion: Suggestion | None = field(default=None, compare=False)
    """What the mapping was suggested by, if it was."""

    def __post_init__(self) -> None:
        """Check names and values, and spell every source as a `Source`."""
        check_type(self.columns, "a table", f"{self.name}: columns")
        check_keys(self.columns, COLUMNS, f"{self.name}: columns", "contract columns")
        for key in ("name", "description", "kind"):
            check_type(getattr(self, key), "a text", f"{self.name}: {key}")
        for key in ("needs", "notes"):
            object.__setattr__(self, key, _texts(getattr(self, key), f"{self.name}: {key}"))
        check_keys(self.needs, tuple(NEEDS), f"{self.name}: needs", "needs")
        check_options(f"{self.name}: ", time_zone=self.time_zone, region=self.region, currency=self.currency)
        parsed = {column: Source.parse(column, given, self.name) for column, given in self.columns.items()}
        for column, source in parsed.items():
            source.check(column, self.name)
        object.__setattr__(self, "columns", {column: parsed[column] for column in COLUMNS if column in parsed})
        object.__setattr__(self, "file", _file_options(self.file, self.name))
        object.__setattr__(self, "filter", Filter.parse(self.filter, self.name))
        object.__setattr__(self, "dedupe", Dedupe.parse(self.dedupe, self.name))

    @classmethod
    def load(cls, name: str | Path) -> "Mapping":
        """A ready mapping by its name, or one from a TOML file.

        Raises:
            MappingError: there is no such mapping or file, it is not TOML, or it names what isn't there.

        >>> Mapping.load("calltouch").columns["PhoneNumber"].from_
        ('callerNumber', 'callerphone')
        """
        ready = cls.ready()
        if str(name) in ready:
            return ready[str(name)]
        path = Path(name)
        if not os.path.isfile(path):  # noqa: PTH113 - a name that is too long is no file, and no failure
            raise MappingError.missing(str(name), ready)
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise MappingError.unreadable(str(name), error.strerror or "") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise MappingError.not_toml(str(name), str(error)) from None
        except RecursionError:
            raise MappingError.not_toml(str(name), "lists within lists without end") from None
        return cls.from_dict(table, name=path.stem)

    @classmethod
    def ready(cls) -> dict[str, "Mapping"]:
        """The ready mappings by name, in alphabetical order."""
        return dict(_ready())

    @classmethod
    def ready_file(cls, name: str) -> str:
        """The file of a ready mapping as it stands, with what its comments say of the source and of options.

        Raises:
            MappingError: there is no such mapping.
        """
        if name not in cls.ready():
            raise MappingError.missing(name, cls.ready())
        return _files()[name]

    @classmethod
    def from_dict(cls, table: Table[str, Any], name: str = "the mapping") -> "Mapping":
        """A mapping from the tables of a mapping file.

        Raises:
            MappingError: a key is unknown; the message lists what there is.
        """
        where = str(table.get("name", name))
        known = [item.name for item in fields(cls) if item.name != "suggestion"]
        check_keys(table, known, where)
        return cls(**{"columns": {}, **table, "name": where})

    @classmethod
    def suggest(cls, raw: pl.DataFrame | Sequence[str]) -> "Mapping":
        """The mapping that the names of an export tell, weighed against its values; print it to see why.

        Names count as a whole, never as parts of others; case, spaces, punctuation and camelCase aside. Values refute a
        name (Google's client ids are none of Metrica's) and tell columns of like names apart; without a name they make
        a column a candidate, never a choice. What isn't clear is left open and said, with its candidates, in
        `suggestion`. Rows are filtered where a column holds known words for a call's direction.

        The first 10 000 rows are looked at; their order and that of the columns make no difference.

        Args:
            raw: what `read` gives, or just the names.

        >>> frame = pl.DataFrame({"Номер клиента": ["8 (495) 123-45-67"], "client_id": ["123456789.1700000000"]})
        >>> mapping = Mapping.suggest(frame)
        >>> mapping.columns["PhoneNumber"].from_
        ('Номер клиента',)
        >>> [choice.column for choice in mapping.suggestion.open]
        ['ClientId', 'DateTime']
        """
        frame = raw if isinstance(raw, pl.DataFrame) else pl.DataFrame(schema=dict.fromkeys(raw, pl.String))
        told = suggested(frame)
        if (kin := _kin(frame.columns)) is not None:
            remark = f"these are the columns of the ready mapping {kin!r}, which knows more of them: --mapping {kin}."
            told = replace(told, remarks=(*told.remarks, remark))
        return cls(told.sources, name=SUGGESTED, filter=Filter(told.keep), notes=told.notes, suggestion=told)

    def bind(self, names: Iterable[str]) -> "Mapping":
        """The same with source columns spelled as this export spells them, and absent optional ones left out.

        Args:
            names: the columns of the export.

        Raises:
            MappingError: a column that is not optional is absent, or nothing feeds DateTime or an id, or what is to be
                derived has nothing to be derived from.
            Unmapped: nothing feeds DateTime or an id, and the mapping was suggested: which column does is asked.
        """
        there = list(names)
        columns = {
            name: bound for name, source in self.columns.items() if (bound := _bound(self.name, name, source, there))
        }
        if "DateTime" not in columns:
            raise self._missing(("DateTime",), "the time of the call", there)
        if not any(name in columns for name in IDS):
            what = f"any of {', '.join(IDS)}, by one of which Metrica links a call"
            raise self._missing(IDS, what, there)
        if "PhoneNumber" not in columns and any(source.derive for source in columns.values()):
            raise MappingError.no_numbers(self.name)
        kept = {_there(self.name, "filter", column, there): words for column, words in self.filter.keep.items()}
        by = tuple(_there(self.name, "dedupe", column, there) for column in self.dedupe.by)
        return replace(self, columns=columns, filter=Filter(kept), dedupe=Dedupe(by))

    def _missing(self, columns: Sequence[str], what: str, there: Sequence[str]) -> MappingError:
        """What to say where nothing feeds any of the contract columns: a suggestion asks, with its candidates."""
        notes = tuple(note for note in self.notes if "is left out" in note and columns == IDS)
        if self.suggestion is None or looks_like_a_call(there):
            at_fault = MappingError.no_id(self.name, there, IDS, notes)
            return at_fault if columns == IDS else MappingError.no_time(self.name, there)
        found = [
            (choice.column, *candidate)
            for choice in self.suggestion.open
            if choice.column in columns
            for candidate in choice.candidates
        ]
        asked = found[0][0] if found else "ClientId" if columns == IDS else columns[0]
        return Unmapped.open(asked, what, there, found, notes)

    def to_toml(self) -> str:
        """The mapping file that says the same; the reasons of a suggestion, and what it leaves open, as comments."""
        names = ("name", "description", "kind", "needs", "time_zone", "region", "currency", "notes")
        head = {name: value for name in names if (value := getattr(self, name))}
        if self.suggestion and self.notes == self.suggestion.notes:
            head.pop("notes", None)
        if self.name == SUGGESTED:
            del head["name"]
        return toml_file(head, self.file, self.columns, self.filter, self.dedupe, self.suggestion)

    def __repr__(self) -> str:
        """Which column is what; of a suggestion also how sure that is, and why."""
        told = self._as_suggested()
        return repr(told) if told else mapping_text(self._title, self.columns)

    def _repr_html_(self) -> str:
        told = self._as_suggested()
        return suggestion_html(told) if told else mapping_html(self._title, self.columns)

    def _as_suggested(self) -> Suggestion | None:
        """The suggestion, while the columns are still as it told."""
        told = self.suggestion
        return told if told and told.sources == self.columns else None

    @property
    def _title(self) -> str:
        return f"{self.name}: {self.description}".removesuffix(": ")


@cache
def _files() -> dict[str, str]:
    folder = resources.files("callframe") / "mappings"
    names = sorted(
        item.name for item in folder.iterdir() if item.name.endswith(".toml") and item.name != "headers.toml"
    )
    return {name.removesuffix(".toml"): (folder / name).read_text(encoding="utf-8") for name in names}


@cache
def _ready() -> dict[str, Mapping]:
    return {name: Mapping.from_dict(tomllib.loads(text), name) for name, text in _files().items()}


def _kin(names: Sequence[str]) -> str | None:
    """The one ready mapping whose columns an export has: all that it needs, and most of what it knows."""
    shares = {name: _share(mapping, names) for name, mapping in _ready().items() if not mapping.file.columns}
    best = max(shares.values(), default=0.0)
    found = [name for name, share in shares.items() if share == best > _MOST and name != "metrica"]
    return found[0] if len(found) == 1 else None


def _share(mapping: Mapping, names: Sequence[str]) -> float:
    """How many of a mapping's entries an export feeds by the very names; ids aside, 0 if it lacks what it needs."""
    there = set(names)
    fed = {column: bool(there & set(source.from_)) for column, source in mapping.columns.items() if column not in IDS}
    needed = (fed[column] for column, source in mapping.columns.items() if column in fed and not source.optional)
    return sum(fed.values()) / len(fed) if all(needed) and there.issuperset(mapping.filter.keep) else 0.0


def _texts(given: Any, where: str) -> tuple[str, ...]:
    if given in ((), []):
        return ()
    check_type(given, "a list of texts", where)
    return tuple(given)


def _file_options(given: Any, where: str) -> FileOptions:
    if isinstance(given, FileOptions):
        return given
    check_type(given, "a table", f"{where}: file")
    check_keys(given, FileOptions.names(), f"{where}: file")
    try:
        return FileOptions(**given)
    except OptionError as error:
        raise MappingError.option(f"{where}: file", str(error)) from None


def _bound(mapping: str, column: str, source: Source, there: Sequence[str]) -> Source | None:
    if source.value is not None or source.derive is not None:
        return source
    found = [name for wanted in source.from_ if (name := _spelled(wanted, there))]
    if not found:
        if source.optional:
            return None
        raise MappingError.absent(mapping, column, source.from_, there)
    time, minus = (name and _there(mapping, column, name, there) for name in (source.time, source.minus))
    return replace(source, from_=tuple(found), time=time, minus=minus)


def _there(mapping: str, column: str, wanted: str, there: Sequence[str]) -> str:
    name = _spelled(wanted, there)
    if name is None:
        raise MappingError.absent(mapping, column, (wanted,), there)
    return name


def _spelled(wanted: str, there: Sequence[str]) -> str | None:
    """The export's spelling of a name: the same, else the only one that differs in case alone."""
    if wanted in there:
        return wanted
    near = [name for name in there if name.casefold().strip() == wanted.casefold().strip()]
    return near[0] if len(near) == 1 else None
