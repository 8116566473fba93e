"""Where values come from: the source columns of a contract column, and the rows that are calls."""

from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from typing import Any

from callframe.errors import MappingError
from callframe.mapping.checks import check_flags, check_keys, check_options, check_type, check_values, check_words
from callframe.mapping.words import folded_cell, plain, toml

__all__ = ["DERIVED", "DURATIONS", "FLAGS", "Dedupe", "Filter", "Source"]

DURATIONS = ("TalkDuration", "HoldDuration")
FLAGS = ("StaticCall", "CallMissed", "FirstTimeCaller")
DERIVED = {"FirstTimeCaller": ("history",)}
"""Contract column -> what it can be derived from, where no source column holds it."""

_KINDS = {
    "from": "a name or a list of names",
    "time": "a text",
    "minus": "a text",
    "value": "a text or a whole number",
    "derive": "a text",
    "values": "a table",
    "format": "a text",
    "unit": "a text",
    "optional": "true or false",
}
"""Key of an entry -> what kind of value it takes."""


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

    derive: str | None = None
    """For FirstTimeCaller: `history`, told by the calls of the export themselves, in place of a column."""

    values: Table[str, str] = field(default_factory=dict)
    """What each text means, case aside; `*` stands for any other text, the empty text for a blank cell."""

    format: str | None = None
    """For DateTime: how it is written."""

    unit: str | None = None
    """For a duration: what the number counts."""

    optional: bool = False
    """Whether exports without the column are fine."""

    def __post_init__(self) -> None:
        """Spell names and value tables as a mapping file's are understood."""
        object.__setattr__(self, "from_", _names(self.from_))
        object.__setattr__(self, "values", {folded_cell(key): plain(word) for key, word in self.values.items()})

    @classmethod
    def parse(cls, column: str, given: Any, where: str) -> "Source":
        """The entry of a mapping file: a column's name, a list of them, or a table."""
        if isinstance(given, cls):
            return given
        table = dict(given) if isinstance(given, Table) else {"from": given}
        place = f"{where}: columns.{column}"
        check_keys(table, _source_keys(column), place)
        origins = ["from"] * bool(table.get("from")) + [key for key in ("value", "derive") if key in table]
        beside = {"from": set(), "value": {"time", "minus"}, "derive": set(table) - {"derive"}}
        if len(origins) != 1 or beside[origins[0]] & set(table):
            raise MappingError.source(where, column, derived=column in DERIVED)
        for key, item in table.items():
            check_type(item, _KINDS[key], f"{place}.{key}")
        check_values(table.get("values", {}), f"{place}.values")
        return cls(
            from_=table.get("from", ()),
            values=table.get("values", {}),
            value=plain(table["value"]) if "value" in table else None,
            **{key: table[key] for key in ("time", "minus", "derive", "format", "unit", "optional") if key in table},
        )

    def check(self, column: str, where: str) -> None:
        """Refuse words that no cell can match, and options that mean nothing, under a contract column.

        Raises:
            MappingError: there is one.
        """
        place = f"{where}: columns.{column}"
        check_words(self.values, f"{place}.values")
        if column in FLAGS:
            check_flags(self.values, f"{place}.values")
        if self.derive is not None:
            check_keys([self.derive], DERIVED.get(column, ()), f"{place}.derive", "words")
        check_options(f"{place}.", format=self.format, unit=self.unit)

    def toml(self) -> str:
        """The entry as a mapping file spells it."""
        table: dict[str, Any] = (
            {"from": self.from_[0] if len(self.from_) == 1 else list(self.from_)} if self.from_ else {}
        )
        for name in ("time", "minus", "value", "derive", "format", "unit"):
            if (item := getattr(self, name)) is not None:
                table[name] = item
        if self.values:
            table["values"] = {key: int(word) if word in ("0", "1") else word for key, word in self.values.items()}
        if self.optional:
            table["optional"] = True
        return toml(table["from"]) if list(table) == ["from"] else toml(table)

    def __str__(self) -> str:
        """Where the values come from, for people.

        >>> print(Source(from_=("caller", "clid")), Source(value="offline"), sep=", ")
        caller or clid, “offline”
        """
        if self.value is not None:
            return f"“{self.value}”"
        if self.derive is not None:
            return f"derived from the {self.derive} of calls"
        names = " or ".join(self.from_) + (f" + {self.time}" if self.time else "")
        return f"{names} − {self.minus}" if self.minus else names


@dataclass(frozen=True)
class Filter:
    """Which rows are calls to keep; the others are skipped, and counted."""

    keep: Table[str, tuple[str, ...]] = field(default_factory=dict)
    """Source column -> the texts, case aside, with which a row stays; the empty text is a blank cell."""

    def __post_init__(self) -> None:
        """Spell the texts as a mapping file's are understood."""
        object.__setattr__(self, "keep", {column: _words(words) for column, words in self.keep.items()})

    @classmethod
    def parse(cls, given: Any, where: str) -> "Filter":
        """The table of a mapping file, or a filter that is one, checked."""
        if isinstance(given, cls):
            keep: Any = given.keep
        else:
            check_type(given, "a table", f"{where}: filter")
            check_keys(given, ("keep",), f"{where}: filter")
            keep = given.get("keep", {})
            check_type(keep, "a table", f"{where}: filter.keep")
        for column, words in keep.items():
            check_type(words, "a text or a list of texts", f"{where}: filter.keep.{column}")
        parsed = cls(keep)
        for column, words in parsed.keep.items():
            check_words(words, f"{where}: filter.keep.{column}")
        return parsed


@dataclass(frozen=True)
class Dedupe:
    """What tells that several rows are one call: of such rows the first counts, the others are skipped, and counted."""

    by: tuple[str, ...] = ()
    """Source columns; rows with the same text in each of them are one call, a row with a blank one is its own."""

    def __post_init__(self) -> None:
        """Spell names as a mapping file's are understood."""
        object.__setattr__(self, "by", _names(self.by))

    @classmethod
    def parse(cls, given: Any, where: str) -> "Dedupe":
        """The table of a mapping file, the names alone, or one that is made, checked."""
        if isinstance(given, cls):
            by: Any = given.by
        elif isinstance(given, Table):
            check_keys(given, ("by",), f"{where}: dedupe")
            by = given.get("by", ())
        else:
            by = given
        if by != ():
            check_type(by, "a name or a list of names", f"{where}: dedupe.by")
        return cls(by)


def _words(given: Any) -> tuple[str, ...]:
    return tuple(folded_cell(word) for word in ([given] if isinstance(given, str | int) else given))


def _names(given: Any) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _source_keys(column: str) -> tuple[str, ...]:
    keys = ["from", "value", "values", "optional"]
    if column in DERIVED:
        keys += ["derive"]
    if column == "DateTime":
        keys += ["format", "time"]
    if column in DURATIONS:
        keys += ["unit", "minus"]
    return tuple(keys)
