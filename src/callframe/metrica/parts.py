"""A CSV file looked over once: where it is cut into parts, and the fingerprint of each.

Nothing is copied: a part is the header and a stretch of the file. The cut is greedy, on record borders only, and
depends on the bytes and `part_bytes` alone, so a second run finds the same parts.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import compress
from pathlib import Path
from typing import BinaryIO

import polars as pl

from callframe.errors import OptionError, UploadError
from callframe.metrica.identity import Fingerprint, digest

__all__ = [
    "IDS",
    "LARGEST_PART",
    "LONGEST_ROW",
    "MOST_PARTS",
    "PART_BYTES",
    "Kind",
    "Part",
    "Plan",
    "cells",
    "names",
    "plan",
    "records",
    "too_many",
]

LARGEST_PART = 10**9 - 2**16
"""Bytes with the header: under 1 GB, whichever way the service counts."""

LONGEST_ROW = 2**23
"""Bytes; a longer one is a quote that nobody closed."""

PART_BYTES = 200_000_000
"""Most bytes of a part, if nobody says."""

MOST_PARTS = 9999
"""More have no place in a fingerprint."""

IDS = ("UserId", "ClientId", "Yclid")
"""Columns that a row is linked to a visit by."""

Kind = tuple[str, ...]
"""The columns in which a row has an id."""

_LARGER = "choose a larger --part-bytes (part_bytes in Python)"
_BLOCK = 2**20
_LAST_SECOND = 9_999_999_999


@dataclass(frozen=True)
class Part:
    """A stretch of a file that is sent as one upload."""

    path: Path
    file_size: int
    """Bytes of the whole file, which must not change until the part is sent."""

    header: bytes
    start: int
    """Where the rows begin in the file."""

    length: int
    """Bytes of rows, header not counted."""

    rows: int
    sha256: bytes
    """Of the header and the rows."""

    mark: Fingerprint
    identifiers: Kind = ()
    """The columns that all its rows are linked by; empty where the file was not split by them."""


@dataclass(frozen=True)
class Plan:
    """What one file will be sent as."""

    path: Path
    parts: tuple[Part, ...]
    """Empty where the file has no rows."""

    kinds: tuple[tuple[Kind, int], ...] = ()
    """Each kind of rows in the file, and how many there are."""

    @property
    def mixed(self) -> bool:
        """Whether rows of different kinds go in one part."""
        return len(self.kinds) > 1 and not any(part.identifiers for part in self.parts)

    @property
    def rows(self) -> int:
        """Rows in all parts."""
        return sum(part.rows for part in self.parts)

    @property
    def bytes(self) -> int:
        """Bytes in all parts, each with its header."""
        return sum(len(part.header) + part.length for part in self.parts)


def plan(path: str | os.PathLike[str], part_bytes: int = PART_BYTES) -> Plan:
    """Look a CSV file over and cut it into parts, in one pass and bounded memory.

    Args:
        path: comma-separated UTF-8 text without BOM; the first line has the column names.
        part_bytes: most bytes of a part, its header included.

    Returns:
        The parts in the order of the file; none where it has no rows.

    Raises:
        OptionError: `part_bytes` is not a size that the service takes.
        UploadError: the file is not such a text, or one of its rows is larger than a part.
    """
    if not 0 < part_bytes <= LARGEST_PART:
        raise OptionError.unknown(f"a part size of 1 to {LARGEST_PART} bytes", part_bytes, example="200000000")
    source = Path(path)
    if not source.is_file():
        raise UploadError.unsendable(source.name, "there is no such file")
    with source.open("rb") as file:
        scan = _Scan(source, _header(file, source.name), part_bytes)
        for block in records(file, source.name):
            scan.add(block)
        return scan.finish(os.fstat(file.fileno()).st_size)


@dataclass
class _Stretch:
    """A part while its end is not known yet."""

    start: int
    sha256: "hashlib._Hash"
    length: int = 0
    rows: int = 0


@dataclass
class _Scan:
    path: Path
    header: bytes
    part_bytes: int
    first: int = 0
    last: int = 0
    done: list[_Stretch] = field(default_factory=list)
    kinds: Counter[Kind] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        columns = names(self.header)
        self.columns, self.time_column = len(columns), columns.index("DateTime")
        self.ids = {name: columns.index(name) for name in IDS if name in columns}
        self.whole = hashlib.sha256(self.header)
        self.now = self._open(len(self.header))

    def _open(self, start: int) -> _Stretch:
        return _Stretch(start, hashlib.sha256(self.header))

    def add(self, records: bytes) -> None:
        """Whole records: into this part as long as there is room, then into the next."""
        while records:
            room = self.part_bytes - len(self.header) - self.now.length
            taken = records if len(records) <= room else records[: _border(records[: max(room, 0)])]
            if taken:
                self._take(taken)
            elif self.now.length:
                self.done.append(self.now)
                self.now = self._open(self.now.start + self.now.length)
            else:
                raise self._unsendable(f"row {{}} is larger than a part; {_LARGER}", 1)
            records = records[len(taken) :]

    def _take(self, records: bytes) -> None:
        rows = self._count(records)
        self._look_at_cells(records, rows)
        self.now.sha256.update(records)
        self.whole.update(records)
        self.now.length += len(records)
        self.now.rows += rows

    def _count(self, records: bytes) -> int:
        unquoted = b'"'.join(records.split(b'"')[::2]) if b'"' in records else records
        if unquoted.startswith((b"\n", b"\r\n")) or b"\n\n" in unquoted or b"\n\r\n" in unquoted:
            raise self._unsendable("there is a blank line after row {}; take it out")
        return unquoted.count(b"\n") + (not unquoted.endswith(b"\n"))

    def _look_at_cells(self, records: bytes, rows: int) -> None:
        found = cells(records, self.columns)
        if found is None or found.height != rows:
            raise self._unsendable(
                "what follows row {} can't be read as CSV in UTF-8 with as many cells as the header has"
            )
        self._look_at_times(found.to_series(self.time_column))
        there = found.select(pl.nth(place).fill_null("").ne("").alias(name) for name, place in self.ids.items())
        for *carried, count in there.group_by(pl.all()).len().rows():
            self.kinds[tuple(compress(self.ids, carried))] += count

    def _look_at_times(self, times: pl.Series) -> None:
        seconds = times.cast(pl.Int64, strict=False)
        seconds = seconds.filter(seconds.is_between(1, _LAST_SECOND))
        if len(seconds):
            low, high = int(seconds.min()), int(seconds.max())  # type: ignore[arg-type]
            self.first, self.last = min(self.first or low, low), max(self.last, high)

    def _unsendable(self, why: str, beyond: int = 0) -> UploadError:
        rows = sum(stretch.rows for stretch in self.done) + self.now.rows
        return UploadError.unsendable(self.path.name, why.format(rows + beyond))

    def finish(self, size: int) -> Plan:
        stretches = [*self.done, *([self.now] if self.now.length else [])]
        if len(stretches) > MOST_PARTS:
            raise UploadError.unsendable(self.path.name, too_many())
        if size != self.now.start + self.now.length:
            raise UploadError.unsteady(self.path.name)
        whole = digest(self.whole.digest())
        parts = [
            Part(
                path=self.path,
                file_size=size,
                header=self.header,
                start=stretch.start,
                length=stretch.length,
                rows=stretch.rows,
                sha256=stretch.sha256.digest(),
                mark=Fingerprint(
                    whole=whole,
                    part=digest(stretch.sha256.digest()),
                    copy=0,
                    number=number,
                    count=len(stretches),
                    rows=stretch.rows,
                    first=self.first,
                    last=self.last,
                ),
            )
            for number, stretch in enumerate(stretches, start=1)
        ]
        return Plan(self.path, tuple(parts), tuple(sorted(self.kinds.items())))


def too_many() -> str:
    """Why a file isn't sent, where its parts can't be numbered."""
    return f"it would be more than {MOST_PARTS} parts; {_LARGER}"


def names(header: bytes) -> list[str]:
    """The column names in the first line of a file."""
    return [name.strip('"') for name in header.decode("utf-8", errors="replace").rstrip("\r\n").split(",")]


def _header(file: BinaryIO, name: str) -> bytes:
    line = file.readline(_BLOCK)
    columns = names(line)
    if line.startswith(b"\xef\xbb\xbf"):
        raise UploadError.unsendable(name, "it starts with a byte order mark; save it as UTF-8 without BOM")
    if "DateTime" not in columns or not set(IDS) & set(columns):
        raise UploadError.unsendable(
            name, "its first line does not name DateTime and one of UserId, ClientId, Yclid, set apart by commas"
        )
    return line


def records(file: BinaryIO, name: str) -> Iterator[bytes]:
    """The rest of a file in blocks that end where a record ends.

    Raises:
        UploadError: a record has no end.
    """
    rest = b""
    while block := file.read(_BLOCK):
        rest += block
        end = _border(rest)
        if end:
            yield rest[:end]
        elif len(rest) > LONGEST_ROW:
            break
        rest = rest[end:]
    if rest.count(b'"') % 2 or len(rest) > LONGEST_ROW:
        raise UploadError.unsendable(name, "a quote is not closed, or a row is longer than 8 MB")
    if rest:
        yield rest


def _border(data: bytes) -> int:
    """Where the last whole record in `data` ends; `data` starts where a record starts."""
    quotes, end = data.count(b'"'), len(data)
    while (found := data.rfind(b"\n", 0, end)) >= 0:
        quotes -= data.count(b'"', found, end)
        if quotes % 2 == 0:
            return found + 1
        end = found
    return 0


def cells(block: bytes, columns: int) -> pl.DataFrame | None:
    """Whole records as text; None where they are no CSV in UTF-8, or one has more than so many cells."""
    schema = {str(place): pl.String for place in range(columns)}
    try:
        return pl.read_csv(block, has_header=False, schema=schema)
    except pl.exceptions.PolarsError:
        return None
