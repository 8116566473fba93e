"""A CSV in UTF-8 on disk -> a query that reads it in bounded memory, every record proven to be as wide as the header.

Python's `csv` says what a record is. Polars reads the file as it stands where the two provably agree: each line one
record, as wide as the header, each quote in its place. From where a file stops to be so, Python reads it, more slowly.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from callframe.errors import InputError
from callframe.read.blocks import blocks, record_lines
from callframe.read.frames import SOURCE_ROW, unique
from callframe.read.options import FileOptions

__all__ = ["Batches", "Table", "bad_line"]

SEPARATORS = (";", "\t", ",", "|")
_SAMPLE_RECORDS = 50
_SAMPLE_CHARS = 1 << 20
_WIDEST = 1000
"""Cells of a line that one pattern can hold."""
_BATCH = 100_000
"""Rows that a query is given at a time, if it asks for no fewer."""
_GATHERED = 10_000
"""Records of Python's `csv` that become a frame together."""
_CELL_CHARS = 1 << 24
"""A quoted cell longer than this is one that was never closed."""
Batches = Callable[[int], Iterator[pl.DataFrame]]
"""From a number of rows to frames of about so many."""


class Table:
    """A CSV: its separator, its column names, and what is wrong with it."""

    def __init__(self, path: Path, name: str, options: FileOptions) -> None:
        # The limit is the process's; it is only ever raised.
        csv.field_size_limit(max(csv.field_size_limit(), _CELL_CHARS))
        self.path, self.name = path, name
        self.headed = options.header is not False
        self.skip = int(options.header) - 1 if self.headed else 0
        sample = self._sample()
        hint = re.match(r"sep=([^\r\n])\r?\n", sample) if options.header is True else None
        if hint:
            self.skip, sample = 1, sample[hint.end() :]
        self.separator = options.separator or (hint[1] if hint else _separator(sample))
        self._read_header(options)
        self._check_separator(sample)

    @property
    def is_empty(self) -> bool:
        """Whether the file ends soon, and no cell below the header holds anything."""
        for number, (line, record) in enumerate(self._records()):
            if number == _SAMPLE_RECORDS or (line > self.first and _holds_text(record)):
                return False
        return True

    def lazy(self) -> pl.LazyFrame:
        """The rows of `batches` as a query."""

        def source(
            columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, batch: int | None
        ) -> Iterator[pl.DataFrame]:
            for frame in self.batches(min(rows or _BATCH, batch or _BATCH)):
                part = frame if rows is None else frame.head(rows)
                rows = None if rows is None else rows - part.height
                yield part.select(columns or pl.all()).filter(True if predicate is None else predicate)
                if rows == 0:
                    return

        return register_io_source(source, schema={SOURCE_ROW: pl.Int64, **dict.fromkeys(self.columns, pl.String)})

    def batches(self, rows: int) -> Iterator[pl.DataFrame]:
        """The rows as text behind `source_row`, about so many at a time, each frame in one piece.

        Shape: n records -> n rows, order kept; a blank line is a row of nulls.
        Null: an empty cell is null.

        Raises:
            InputError: names the line that has another number of cells than the header, or a quote out of place.
        """
        gathered: list[pl.DataFrame] = []
        for frame in self._frames(rows):
            gathered.append(frame)
            if sum(part.height for part in gathered) >= rows:
                yield pl.concat(gathered).rechunk()
                gathered = []
        if gathered:
            yield pl.concat(gathered).rechunk()

    def _frames(self, rows: int) -> Iterator[pl.DataFrame]:
        """The rows, block by block; from the first block on that Polars can't be trusted with, by Python's `csv`."""
        count = 0
        if not self.odd:
            for block in blocks(self.path, self.first, rows):
                frame = self._parsed(block, count + 1)
                if frame is None:
                    break
                count += frame.height
                yield frame
            else:
                return
        yield from self._gathered(count, rows)

    def _parsed(self, block: bytes, first_row: int) -> pl.DataFrame | None:
        """The rows of whole lines, if each line provably is one record, as wide as the header."""
        lines = record_lines(block, self.separator)
        if lines is None or self.width > _WIDEST or block.startswith(codecs.BOM_UTF8):
            return None
        try:
            frame = self._rows(block, first_row)
        except pl.exceptions.PolarsError:
            return None
        return frame if frame.height == lines and self._is_full(block, frame) else None

    def _is_full(self, block: bytes, frame: pl.DataFrame) -> bool:
        """Whether no line that has no last cell lacks cells, but a blank one; a line of too many Polars refuses."""
        short = frame[frame.columns[-1]].is_null()
        if not short.any():
            return True
        lines = pl.scan_lines(block, name="line").collect()["line"]
        if len(lines) != frame.height:
            return False
        doubtful = lines.filter(short)
        cuts = doubtful.str.count_matches(self.separator, literal=True)
        plain = (cuts == self.width - 1) & ~doubtful.str.contains('"', literal=True)
        return bool(doubtful.filter(~plain).str.contains(self._pattern()).all())

    def _pattern(self) -> str:
        cut = f"\\x{{{ord(self.separator):x}}}"
        cell = rf'(?:"(?:[^"]|"")*"|[^"{cut}]*)'
        blank = "" if self.separator == " " else " *"
        return f"^(?:{cell}(?:{cut}{cell}){{{self.width - 1}}}|{blank})$"

    def _rows(self, block: bytes, first_row: int) -> pl.DataFrame:
        return (
            pl.scan_csv(
                block,
                separator=self.separator,
                has_header=False,
                schema=dict.fromkeys(self.columns, pl.String),
                null_values="",
                raise_if_empty=False,
                row_index_name=SOURCE_ROW,
                row_index_offset=first_row,
            )
            .with_columns(pl.col(SOURCE_ROW).cast(pl.Int64))
            .collect()
        )

    def _sample(self) -> str:
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as text:
                above = [text.readline() for _ in range(self.skip)]
                sample = text.read(_SAMPLE_CHARS)
        except UnicodeDecodeError:
            raise InputError.encoding(self.name, "utf-8", bad_line(self.path, "utf-8")) from None
        # Lines that end in CR alone are lines to Python, not to Polars.
        self.odd = any(re.search("\r(?!\n)", part) for part in [*above, sample])
        return sample

    def _read_header(self, options: FileOptions) -> None:
        """Column names, and how many lines stand before the first row."""
        records = ((line, record) for line, record in self._records() if record)
        head = next((found for found in records if _holds_text(found[1]) or not self.headed), None)
        if head is None:
            raise InputError.no_header(self.name, self.skip + 1) if self.skip else InputError.empty(self.name)
        line, record = head
        self.width = len(record)
        names = record if self.headed else [*options.columns, *[""] * self.width][: self.width]
        if "\0" in "".join(names):
            raise InputError.encoding(self.name, "utf-8", line, other="utf-16-le")
        named = [name.strip().strip("\ufeff").strip() for name in names]
        numbered = list(enumerate(named, start=1))
        self.columns = unique((name or f"column {number}" for number, name in numbered), SOURCE_ROW)
        self.needed = max((n for n, name in numbered if name), default=0) if self.headed else self.width
        below = ((start, row) for start, row in self._records() if start > line or not self.headed)
        start, row = next(below, (line + 1, []))
        self.first = start - 1
        # Polars takes the number of cells from the first row, so it must be as wide as the others.
        self.odd = self.odd or len(row) != self.width

    def _check_separator(self, sample: str) -> None:
        other = _separator(sample)
        if self.width == 1 and other != self.separator and len(next(_sampled(sample, other), [])) > 1:
            raise InputError.separator(self.name, self.separator, other)

    def _gathered(self, count: int, rows: int) -> Iterator[pl.DataFrame]:
        """The rows behind the first `count`, each of which is a line, as Python's `csv` reads them."""
        last = self.first + count
        found = (self._fitted(line, record) for line, record in self._records() if line > last)
        while records := list(islice(found, min(rows, _GATHERED))):
            columns = zip(*records, strict=True)
            cells = {
                name: pl.Series(column, dtype=pl.String) for name, column in zip(self.columns, columns, strict=True)
            }
            numbers = pl.int_range(count + 1, count + 1 + len(records), dtype=pl.Int64, eager=True)
            frame = pl.DataFrame(cells, schema=dict.fromkeys(self.columns, pl.String))
            yield frame.select(numbers.alias(SOURCE_ROW), pl.all().replace("", None))
            count += len(records)

    def _fitted(self, line: int, record: list[str]) -> list[str]:
        """The record as wide as the header; only empty cells may be too many, only nameless ones too few."""
        if _holds_text(record) and (len(record) < self.needed or _holds_text(record[self.width :])):
            first = "header" if self.headed else "first line"
            raise InputError.ragged(self.name, line, len(record), self.width, first)
        return (record + [""] * self.width)[: self.width]

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Each record with the line in which it starts, 1 = first line of the file."""
        line = self.skip + 1
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as text:
                for _ in range(self.skip):
                    text.readline()
                reader = csv.reader(text, delimiter=self.separator, strict=True)
                for record in reader:
                    yield line, record
                    line = self.skip + reader.line_num + 1
        except csv.Error:
            raise InputError.quotes(self.name, line) from None
        except UnicodeDecodeError:
            raise InputError.encoding(self.name, "utf-8", bad_line(self.path, "utf-8")) from None


def bad_line(path: Path, encoding: str) -> int | None:
    """Line of the first byte that `encoding` can't decode."""
    decoder = codecs.getincrementaldecoder(encoding)()
    read = 0
    try:
        with path.open("rb") as file:
            for line in file:
                read += 1
                decoder.decode(line)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return read
    return None


def _holds_text(record: list[str]) -> bool:
    return any(cell.strip() for cell in record)


def _sampled(sample: str, separator: str) -> Iterator[list[str]]:
    """The first records of a text, as far as it has any."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    try:
        yield from islice((record for record in reader if record), _SAMPLE_RECORDS)
    except csv.Error:
        return


def _separator(sample: str) -> str:
    """The separator that cuts the most records into as many cells as the header has, more cells counting more."""

    def vote(separator: str) -> tuple[float, int]:
        widths = [len(record) for record in _sampled(sample, separator)]
        if not widths or widths[0] < 2:
            return (0.0, 0)
        return (Counter(widths)[widths[0]] / len(widths), widths[0])

    return max(SEPARATORS, key=vote)
