"""A mapping: loaded, made in code, suggested; bound to the columns of one export; written as a file."""

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
from callframe.errors import MappingError, OptionError
from callframe.mapping.checks import check_keys, check_options, check_type
from callframe.mapping.sources import Filter, Source
from callframe.mapping.suggestion import Suggestion
from callframe.mapping.words import toml
from callframe.read import FileOptions

__all__ = ["Mapping"]


SUGGESTED = "suggested"
"""Name of a mapping that nobody has named yet; a file made of it is called by its own name."""


@dataclass(frozen=True)
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
    time_zone: str | None = None
    """IANA zone of times that name none."""

    region: str | None = None
    """ISO 3166-1 alpha-2 of numbers without a country code."""

    currency: str | None = None
    """ISO 4217 code of prices that name none."""

    file: FileOptions = field(default_factory=FileOptions)
    filter: Filter = field(default_factory=Filter)
    notes: tuple[str, ...] = ()
    """What a suggestion rests on and what it leaves open."""

    def __post_init__(self) -> None:
        """Check names and values, and spell every source as a `Source`."""
        check_type(self.columns, "a table", f"{self.name}: columns")
        check_keys(self.columns, COLUMNS, f"{self.name}: columns", "contract columns")
        for key in ("name", "description"):
            check_type(getattr(self, key), "a text", f"{self.name}: {key}")
        check_options(f"{self.name}: ", time_zone=self.time_zone, region=self.region, currency=self.currency)
        parsed = {column: Source.parse(column, given, self.name) for column, given in self.columns.items()}
        for column, source in parsed.items():
            source.check(column, self.name)
        object.__setattr__(self, "columns", {column: parsed[column] for column in COLUMNS if column in parsed})
        object.__setattr__(self, "file", _file_options(self.file, self.name))
        object.__setattr__(self, "filter", Filter.parse(self.filter, self.name))

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
        if not path.is_file():
            raise MappingError.missing(str(name), ready)
        try:
            return cls.from_dict(tomllib.loads(path.read_text(encoding="utf-8-sig")), name=path.stem)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise MappingError.not_toml(str(name), str(error)) from None

    @classmethod
    def ready(cls) -> dict[str, "Mapping"]:
        """The ready mappings by name, in alphabetical order."""
        return dict(_ready())

    @classmethod
    def from_dict(cls, table: Table[str, Any], name: str = "the mapping") -> "Mapping":
        """A mapping from the tables of a mapping file.

        Raises:
            MappingError: a key is unknown; the message lists what there is.
        """
        where = str(table.get("name", name))
        known = [item.name for item in fields(cls) if item.name != "notes"]
        check_keys(table, known, where)
        return cls(**{"columns": {}, **table, "name": where})

    @classmethod
    def suggest(cls, raw: pl.DataFrame | Sequence[str]) -> "Mapping":
        """The mapping that the headers of an export tell, and for two kinds of column its values.

        Names count as a whole, never as parts of others; case, spaces and punctuation aside. What isn't clear is left
        out and said in `notes`. Rows are filtered where a column holds only known words for a call's direction.

        Args:
            raw: what `read` gives, or just the names.
        """
        frame = raw if isinstance(raw, pl.DataFrame) else pl.DataFrame(schema=dict.fromkeys(raw, pl.String))
        told = Suggestion(frame)
        return cls(told.sources, name=SUGGESTED, filter=Filter(told.keep), notes=tuple(told.notes))

    def bind(self, names: Iterable[str]) -> "Mapping":
        """The same with source columns spelled as this export spells them, and absent optional ones left out.

        Args:
            names: the columns of the export.

        Raises:
            MappingError: a column that is not optional is absent, or nothing feeds DateTime or an id.
        """
        there = list(names)
        columns = {
            name: bound for name, source in self.columns.items() if (bound := _bound(self.name, name, source, there))
        }
        if "DateTime" not in columns:
            raise MappingError.no_time(self.name, there)
        if not any(name in columns for name in IDS):
            raise MappingError.no_id(self.name, there, IDS, self.notes)
        kept = {_there(self.name, "filter", column, there): words for column, words in self.filter.keep.items()}
        return replace(self, columns=columns, filter=Filter(kept))

    def to_toml(self) -> str:
        """The mapping file that says the same; `notes` as comments."""
        comments = ["".join(letter if letter.isprintable() else " " for letter in note) for note in self.notes]
        names = ("name", "description", "time_zone", "region", "currency")
        head = {name: value for name in names if (value := getattr(self, name)) and value != SUGGESTED}
        options = {item.name: getattr(self.file, item.name) for item in fields(FileOptions)}
        told = {name: value for name, value in options.items() if value != getattr(FileOptions(), name)}
        width = max(map(len, self.columns), default=0)
        keep = {name: list(words) for name, words in self.filter.keep.items()}
        sections = [
            [f"# {comment}" for comment in comments],
            [f"{name} = {toml(value)}" for name, value in head.items()],
            ["[file]", *(f"{name} = {toml(value)}" for name, value in told.items())] if told else [],
            ["[columns]", *(f"{name:<{width}} = {source.toml()}" for name, source in self.columns.items())],
            ["[filter]", f"keep = {toml(keep)}"] if keep else [],
        ]
        return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


@cache
def _ready() -> dict[str, Mapping]:
    folder = resources.files("callframe") / "mappings"
    files = sorted(
        item.name for item in folder.iterdir() if item.name.endswith(".toml") and item.name != "headers.toml"
    )
    tables = [tomllib.loads((folder / name).read_text(encoding="utf-8")) for name in files]
    return {table["name"]: Mapping.from_dict(table) for table in tables}


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
    if source.value is not None:
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
