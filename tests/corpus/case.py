"""An export as people have it, what callframe is told of it, and what must come of it, written by hand."""

import csv
import datetime as dt
import io
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from callframe.contract import COLUMNS
from callframe.mapping import Mapping
from callframe.read import FileOptions

__all__ = ["NAMES", "NOW", "Ask", "Case", "Lost", "Refusal", "Reject", "Text", "column", "identity", "text", "times"]

NOW = 1776686400
"""2026-04-20 12:00 UTC."""

TOLD = {"time_zone": "Europe/Moscow", "region": "RU"}
"""What a user says unless a case says otherwise."""


@dataclass(frozen=True)
class Text:
    """A file of lines."""

    above: Sequence[str]
    """Titles and names."""

    rows: Sequence[str]
    encoding: str = "utf-8"
    ends: Sequence[str] = ("\n",)
    """Ends of the lines, in turn."""

    last: str | None = None
    """End of the last line, if another."""

    def __bytes__(self) -> bytes:
        lines = [*self.above, *self.rows]
        ends = [self.ends[number % len(self.ends)] for number in range(len(lines))]
        if self.last is not None:
            ends[-1] = self.last
        return "".join(line + end for line, end in zip(lines, ends, strict=True)).encode(self.encoding)


Data = Text | bytes | Table[str, Text | bytes]
"""A file, or several by name."""


@dataclass(frozen=True)
class Ask:
    """A question, and the option of those it names under which the truth holds."""

    column: str
    words: str
    cells: int = 0
    row: int | None = None
    pick: int = 0


@dataclass(frozen=True)
class Refusal:
    """A sentence, and what a user does by its advice; then the truth holds."""

    words: str
    data: Data | None = None
    read: Table[str, Any] | None = None
    mapping: Table[str, Any] | str | None = None
    options: Table[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Case:
    """One export and its truth."""

    name: str
    habits: tuple[int, ...]
    does: str
    data: Data
    file: str = "calls.csv"
    mapping: Table[str, Any] | str | None = None
    """Tables of a mapping file, the name of a ready one, or None: suggested."""

    options: Table[str, Any] = field(default_factory=dict)
    read: Table[str, Any] = field(default_factory=dict)
    accepted: str = ""
    """Metrica's CSV without the columns in which nothing stands; `DateTime` as UTC."""

    rejected: Table[int, str] = field(default_factory=dict)
    """Source row -> its reasons."""

    skipped: Table[int, str] = field(default_factory=dict)
    """Source row -> why."""

    warnings: Table[int, str] = field(default_factory=dict)
    """Source row -> codes of what was lost."""

    asks: Ask | None = None
    refuses: Refusal | None = None
    says: str = ""
    """Words that stand among the notes on the source or the mapping, or in the report."""

    order_counts: bool = False
    """Whether which row comes first makes a difference, as with duplicates that differ."""

    @property
    def told(self) -> dict[str, Any]:
        """The options of the conversion."""
        given = {**TOLD, "now": NOW, **self.options}
        return {name: value for name, value in given.items() if value is not None}

    def put(self, folder: Path) -> Path | list[Path]:
        """The file or files of the case."""
        if isinstance(self.data, Text | bytes):
            path = folder / self.file
            path.write_bytes(bytes(self.data))
            return path
        for name, data in self.data.items():
            (folder / name).write_bytes(bytes(data))
        return [folder / name for name in self.data]

    def mapped(self) -> Mapping | None:
        """The mapping that is given."""
        if self.mapping is None or isinstance(self.mapping, str):
            return self.mapping and Mapping.load(self.mapping)
        return Mapping.from_dict(self.mapping)

    def opening(self) -> FileOptions:
        """How to read the file: as the case says, else as the mapping does."""
        mapping = self.mapped()
        return replace(mapping.file if mapping else FileOptions(), **self.read)

    def advised(self) -> "Case":
        """The same after the refusal's advice was taken."""
        told = self.refuses
        if told is None:
            return self
        return replace(
            self,
            refuses=None,
            data=self.data if told.data is None else told.data,
            read=self.read if told.read is None else {**self.read, **told.read},
            mapping=self.mapping if told.mapping is None else told.mapping,
            options=self.options if told.options is None else {**self.options, **told.options},
        )

    @property
    def expected(self) -> bytes:
        """The truth as the file that Metrica takes."""
        told = csv.DictReader(io.StringIO(self.accepted.strip()))
        out = io.StringIO()
        writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        for row in told:
            writer.writerow({**row, "DateTime": _unix(row["DateTime"])})
        return out.getvalue().encode()


def _unix(moment: str) -> int:
    return int(dt.datetime.fromisoformat(moment).timestamp())


NAMES = "ClientID Метрики;Дата и время звонка;Номер клиента"


def text(*rows: str, names: str = NAMES, above: Sequence[str] = (), **more: Any) -> Text:
    """Rows under names that a suggestion knows."""
    return Text((*above, names), rows, **more)


@dataclass(frozen=True)
class Lost:
    """A cell that is blanked, with a warning of this code."""

    code: str


@dataclass(frozen=True)
class Reject:
    """A cell that rejects its row, for these reasons."""

    reasons: str


def identity(number: int) -> str:
    """An id as Metrica gives them."""
    return f"17111111112222222{number:02}"


def column(
    name: str, contract: str, *cells: tuple[str, str | Lost | Reject | None], mapped: bool = False, **more: Any
) -> dict[str, Any]:
    """Fields of a case in which one column is tried: each cell with what must become of it, minute after minute.

    If most cells are no such values, a suggestion leaves the column open; `mapped` says what it is.
    """
    rows, accepted, rejected, warnings = [], [], {}, {}
    for number, (cell, value) in enumerate(cells, start=1):
        rows.append(f"{identity(number)};03.04.2026 9:{number:02};{_quoted(cell)}")
        if isinstance(value, Reject):
            rejected[number] = value.reasons
            continue
        if isinstance(value, Lost):
            warnings[number] = value.code
        told = value if isinstance(value, str) else ""
        accepted.append(f"{identity(number)},2026-04-03T06:{number:02}:00Z,{_quoted(told)}")
    return {
        "data": text(*rows, names=f"ClientID Метрики;Дата и время звонка;{name}", **more),
        "mapping": {"columns": {"ClientId": "ClientID Метрики", "DateTime": "Дата и время звонка", contract: name}}
        if mapped
        else None,
        "accepted": "\n".join((f"ClientId,DateTime,{contract}", *accepted)),
        "rejected": rejected,
        "warnings": warnings,
    }


def times(*cells: tuple[str, str | Reject], **more: Any) -> dict[str, Any]:
    """Fields of a case in which times are tried."""
    rows, accepted, rejected = [], [], {}
    for number, (cell, value) in enumerate(cells, start=1):
        rows.append(f"{identity(number)};{_quoted(cell)}")
        if isinstance(value, Reject):
            rejected[number] = value.reasons
        else:
            accepted.append(f"{identity(number)},{value}")
    return {
        "data": text(*rows, names="ClientID Метрики;Дата и время звонка", **more),
        "accepted": "\n".join(("ClientId,DateTime", *accepted)),
        "rejected": rejected,
    }


def _quoted(cell: str) -> str:
    doubled = cell.replace('"', '""')
    return f'"{doubled}"' if any(sign in cell for sign in ';,"\n') else cell
