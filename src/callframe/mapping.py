"""Stage 2, map: RawFrame -> contract columns, raw values.

A `Mapping` says which source column feeds which contract column, and how its text is written. It comes from a TOML
file, from code, from the ready ones (`Mapping.ready()`), or is suggested from the headers of an export.
"""

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
from callframe.errors import MappingError
from callframe.normalize import texts
from callframe.read import SOURCE_ROW, FileOptions

__all__ = ["Filter", "Mapping", "Source", "folded"]

DURATIONS = ("TalkDuration", "HoldDuration")
_READY = resources.files("callframe") / "mappings"


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where the values of one contract column come from."""

    from_: tuple[str, ...] = ()
    """Source columns; the first that is not blank counts."""

    time: str | None = None
    """For DateTime: the column of the time of day, where `from` holds the date alone."""

    minus: str | None = None
    """For a duration: the column of the time to take away from `from`."""

    value: str | None = None
    """A constant for every row, in place of a column."""

    values: Table[str, str] = field(default_factory=dict)
    """What each text means, case aside; `*` stands for any other text."""

    format: str | None = None
    """For DateTime: how it is written."""

    unit: str | None = None
    """For a duration: what the number counts."""

    optional: bool = False
    """Whether exports without the column are fine."""

    @classmethod
    def parse(cls, column: str, given: Any, where: str) -> "Source":
        """The entry of a mapping file: a column's name, a list of them, or a table."""
        if isinstance(given, cls):
            return given
        table = dict(given) if isinstance(given, Table) else {"from": given}
        _check_keys(table, _source_keys(column), f"{where}: columns.{column}")
        if ("value" in table) == ("from" in table):
            raise MappingError.source(where, column)
        names = table.get("from", ())
        return cls(
            from_=(names,) if isinstance(names, str) else tuple(str(name) for name in names),
            values={folded_cell(key): _plain(word) for key, word in table.get("values", {}).items()},
            value=_plain(table["value"]) if "value" in table else None,
            **{key: table[key] for key in ("time", "minus", "format", "unit", "optional") if key in table},
        )

    def toml(self) -> str:
        """The entry as a mapping file spells it."""
        table: dict[str, Any] = (
            {"from": self.from_[0] if len(self.from_) == 1 else list(self.from_)} if self.from_ else {}
        )
        for name in ("time", "minus", "value", "format", "unit"):
            if (item := getattr(self, name)) is not None:
                table[name] = item
        if self.values:
            table["values"] = {key: int(word) if word in ("0", "1") else word for key, word in self.values.items()}
        if self.optional:
            table["optional"] = True
        return _toml(table["from"]) if list(table) == ["from"] else _toml(table)


@dataclass(frozen=True)
class Filter:
    """Which rows are calls to keep; the others are skipped, and counted."""

    keep: Table[str, tuple[str, ...]] = field(default_factory=dict)
    """Source column -> the texts, case aside, with which a row stays."""


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
        """Check the names, and spell every source as a `Source`."""
        _check_keys(self.columns, COLUMNS, f"{self.name}: columns", "contract columns")
        parsed = {column: Source.parse(column, given, self.name) for column, given in self.columns.items()}
        object.__setattr__(self, "columns", {column: parsed[column] for column in COLUMNS if column in parsed})

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
        return _ready()

    @classmethod
    def from_dict(cls, table: Table[str, Any], name: str = "the mapping") -> "Mapping":
        """A mapping from the tables of a mapping file.

        Raises:
            MappingError: a key is unknown; the message lists what there is.
        """
        where = str(table.get("name", name))
        known = [item.name for item in fields(cls) if item.name != "notes"]
        _check_keys(table, known, where)
        rest = {key: table[key] for key in ("description", "time_zone", "region", "currency") if key in table}
        options = dict(table.get("file", {}))
        _check_keys(options, FileOptions.names(), f"{where}: file")
        options["columns"] = tuple(options.get("columns", ()))
        keep = table.get("filter", {})
        _check_keys(keep, ("keep",), f"{where}: filter")
        kept = {str(column): _words(words) for column, words in keep.get("keep", {}).items()}
        return cls(table.get("columns", {}), name=where, file=FileOptions(**options), filter=Filter(kept), **rest)

    @classmethod
    def suggest(cls, raw: pl.DataFrame | Sequence[str]) -> "Mapping":
        """The mapping that the headers of an export tell, and for two kinds of column its values.

        Names count as a whole, never as parts of others; case, spaces and punctuation aside. What isn't clear is left
        out and said in `notes`. Rows are filtered where a column holds only known words for a call's direction.

        Args:
            raw: what `read` gives, or just the names.
        """
        frame = raw if isinstance(raw, pl.DataFrame) else pl.DataFrame(schema=dict.fromkeys(raw, pl.String))
        return _Suggestion(frame).mapping()

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
        lines = [f"# {note}" for note in self.notes] + [""] * bool(self.notes)
        for name in ("name", "description", "time_zone", "region", "currency"):
            if getattr(self, name):
                lines.append(f"{name} = {_toml(getattr(self, name))}")
        options = {item.name: getattr(self.file, item.name) for item in fields(FileOptions)}
        told = {name: value for name, value in options.items() if value != getattr(FileOptions(), name)}
        if told:
            lines += ["", "[file]", *(f"{name} = {_toml(value)}" for name, value in told.items())]
        width = max(map(len, self.columns), default=0)
        lines += ["", "[columns]", *(f"{name:<{width}} = {source.toml()}" for name, source in self.columns.items())]
        if self.filter.keep:
            lines += [
                "",
                "[filter]",
                f"keep = {_toml({name: list(words) for name, words in self.filter.keep.items()})}",
            ]
        return "\n".join(lines).lstrip("\n") + "\n"


@cache
def _ready() -> dict[str, Mapping]:
    files = sorted(
        item.name for item in _READY.iterdir() if item.name.endswith(".toml") and item.name != "headers.toml"
    )
    tables = [tomllib.loads((_READY / name).read_text(encoding="utf-8")) for name in files]
    return {table["name"]: Mapping.from_dict(table) for table in tables}


def folded(name: str) -> str:
    """A header for comparison: lower case, without spaces and punctuation, ё as е.

    >>> folded("Дата / Время звонка")
    'датавремязвонка'
    """
    return "".join(letter for letter in name.casefold().replace("ё", "е") if letter.isalnum())


def folded_cell(text: object) -> str:
    """A word of a value table or filter for comparison: lower case, without space around it."""
    return str(text).strip().lower()


def _words(given: Any) -> tuple[str, ...]:
    return tuple(folded_cell(word) for word in ([given] if isinstance(given, str | int) else given))


def _plain(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _source_keys(column: str) -> tuple[str, ...]:
    keys = ["from", "value", "values", "optional"]
    if column == "DateTime":
        keys += ["format", "time"]
    if column in DURATIONS:
        keys += ["unit", "minus"]
    return tuple(keys)


def _check_keys(found: Iterable[str], known: Sequence[str], where: str, what: str = "keys") -> None:
    for key in found:
        if key not in known:
            raise MappingError.unknown_key(where, key, known, what)


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


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        escaped = "".join(_escape(letter) for letter in value)
        return f'"{escaped}"'
    if isinstance(value, Table):
        return "{ " + ", ".join(f"{_toml_key(key)} = {_toml(item)}" for key, item in value.items()) + " }"
    return "[" + ", ".join(_toml(item) for item in value) + "]"


def _toml_key(key: str) -> str:
    return key if key.isascii() and key.replace("_", "").isalnum() else _toml(key)


def _escape(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    return letter if letter.isprintable() else f"\\U{ord(letter):08x}"


class _Suggestion:
    """The work of `Mapping.suggest` on one export."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame
        self.columns = [name for name in frame.columns if name != SOURCE_ROW]
        self.headers = tomllib.loads((_READY / "headers.toml").read_text(encoding="utf-8"))
        self.traps = {folded(name): what for name, what in self.headers["traps"].items()}
        self.notes: list[str] = []

    def mapping(self) -> Mapping:
        chosen = {column: source for column in COLUMNS if (source := self._source(column))}
        keep = self._direction(used={name for source in chosen.values() for name in source.from_})
        used = {name for source in chosen.values() for name in (*source.from_, source.time)} | set(keep)
        for name in self.columns:
            if name not in used and (what := self.traps.get(folded(name))):
                self.notes.append(f"{name!r} is left out: {what}.")
        rest = [name for name in self.columns if name not in used and folded(name) not in self.traps]
        if rest:
            self.notes.append(f"not used: {', '.join(rest)}.")
        return Mapping(chosen, name="suggested", filter=Filter(keep), notes=tuple(self.notes))

    def _source(self, column: str) -> Source | None:
        exact = [name for name in self.columns if name == column]
        named = exact or self._by_names(self.headers["names"][column])
        if not named and column in self.headers["digits"]:
            named = [name for name in self._by_names(self.headers["digits"][column]) if self._all_digits(name)]
            self.notes += [f"{column} <- {name!r}: its values are digits, as Metrica's ids are." for name in named[:1]]
        if not named and column in self.headers["opposite"]:
            opposite = self._by_names(self.headers["opposite"][column])
            return Source(from_=tuple(opposite[:1]), values=_OPPOSITE) if opposite else None
        if not named:
            return None
        if len(named) > 1:
            self.notes.append(f"{column} <- {named[0]!r}; {', '.join(map(repr, named[1:]))} would fit too.")
        return Source(from_=(named[0],), time=self._time_of_day(named[0]) if column == "DateTime" else None)

    def _by_names(self, names: Sequence[str]) -> list[str]:
        """Columns of the export by these names, the best first; a trap only if it is spelled as in the list."""
        wanted = {folded(name): rank for rank, name in reversed(list(enumerate(names)))}
        found = [
            name
            for name in self.columns
            if folded(name) in wanted and (name in names or folded(name) not in self.traps)
        ]
        return sorted(found, key=lambda name: wanted[folded(name)])

    def _all_digits(self, name: str) -> bool:
        cells = self.frame.select(texts.present(pl.col(name))).to_series().drop_nulls()
        return bool(len(cells)) and bool(cells.str.contains(r"^[0-9]{10,20}$").all())

    def _time_of_day(self, date: str) -> str | None:
        """The column with the time of day, if the cells of `date` hold none."""
        named = [name for name in self._by_names(self.headers["time"]["names"]) if name != date]
        cells = self.frame.select(texts.present(pl.col(date))).to_series().drop_nulls()
        if not named or not len(cells) or cells.str.contains(":", literal=True).any():
            return None
        return named[0]

    def _direction(self, used: set[str]) -> dict[str, tuple[str, ...]]:
        inbound, outbound = (set(self.headers["direction"][key]) for key in ("inbound", "outbound"))
        for name in self._by_names(self.headers["direction"]["names"]):
            cells = self.frame.select(texts.present(pl.col(name)).str.to_lowercase().unique()).to_series().drop_nulls()
            words = set(cells.to_list())
            if name not in used and words and words <= inbound | outbound and words & inbound:
                self.notes.append(f"rows are kept where {name!r} says the call came in.")
                return {name: tuple(sorted(words & inbound))}
        return {}


_TRUE = ("true", "1", "yes", "y", "да", "д", "истина")
_FALSE = ("false", "0", "no", "n", "нет", "н", "ложь")
_OPPOSITE = {**dict.fromkeys(_TRUE, "0"), **dict.fromkeys(_FALSE, "1")}

