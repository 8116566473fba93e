"""A CSV in UTF-8 on disk -> a query that reads it in bounded memory, every record proven to be as wide as the header.

Python's `csv` says what a record is. Polars reads the file as it stands where the two provably agree: each line one
record, as wide as the header, each quote in its place. From where a file stops to be so, Python reads it, more slowly.
"""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import polars as pl

from callframe.errors import InputError
from callframe.read.blocks import Counts, blocks, counted
from callframe.read.encodings import undecodable
from callframe.read.frames import SOURCE_ROW, unique
from callframe.read.layout import RECORDS, layout
from callframe.read.options import FileOptions
from callframe.read.queries import query
from callframe.read.separators import separator_line, separator_of

__all__ = ["Table"]

_NO_SEPARATOR = ";"
"""What to cut at where nothing cuts: the text is one column."""
_SAMPLE_CHARS = 1 << 20
_SAMPLE_CELLS = 200_000
_SPACED = re.compile(' +"[^"]*" *')
"""A cell of a space and a quoted text, as some PBXs write it."""
_GATHERED = 10_000
"""Records of Python's `csv` that become a frame together."""
_CELL_CHARS = 1 << 24
"""A quoted cell longer than this is one that was never closed."""


class Table:
    """A CSV: its separator, its column names, and what is wrong with it."""

    def __init__(self, path: Path, name: str, options: FileOptions) -> None:
        # The limit is the process's; it is only ever raised.
        csv.field_size_limit(max(csv.field_size_limit(), _CELL_CHARS))
        self.path, self.name = path, name
        self.headed = options.header is not False
        self.skip = int(options.header or 1) - 1
        self.left_out: tuple[tuple[int, str], ...] = ()
        """Lines that are neither names nor rows and hold text, each with what it is."""
        above, sample, whole = self._sample()
        hint = separator_line(above[0] if above else sample)
        if hint and not above:
            self.skip, sample = 1, sample[hint.end() :]
        headed = None if options.header is None else self.headed
        found = separator_of(sample, headed=headed, whole=whole)
        self.separator = options.separator or (hint["one"] if hint else found or _NO_SEPARATOR)
        self.is_cut = bool(options.separator or hint or found)
        """Whether anything says what stands between cells; otherwise the text is one column."""
        self.odd |= not self.separator.isascii()
        self.spaced = False
        """Whether a space may stand between a separator and the quote that opens a cell."""
        if self.separator != " " and re.search(f'{re.escape(self.separator)} +"', sample):
            self.spaced = self._is_spaced()
            self.odd |= self.spaced
        self._read_header(options, above, hint is not None)
        if self.width == 1 and found and found in self.columns[0]:
            raise InputError.separator(self.name, self.separator, found)

    @property
    def is_empty(self) -> bool:
        """Whether the file ends soon, and no cell below the header holds anything."""
        for number, (line, record) in enumerate(self._records()):
            if number == RECORDS or (line > self.first and _holds_text(record)):
                return False
        return True

    def lazy(self) -> pl.LazyFrame:
        """The rows of `batches` as a query."""
        return query(self.batches, self.columns)

    def batches(self, rows: int) -> Iterator[pl.DataFrame]:
        """The rows as text behind `source_row`, about so many at a time (fewer, if long), each frame in one piece.

        From the first block on that Polars can't be trusted with, Python's `csv` reads them.

        Shape: n records -> n rows, order kept; a blank line is a row of nulls.
        Null: an empty cell is null.

        Raises:
            InputError: names the line that has another number of cells than the header, or a quote out of place.
        """
        count = 0
        if not self.odd:
            for block in blocks(self.path, self.first, rows):
                frame = self._parsed(block, count + 1)
                # The next block takes its memory: fresh memory costs more than reading.
                del block
                if frame is None:
                    break
                count += frame.height
                yield frame
            else:
                return
        yield from self._gathered(count, rows)

    def _parsed(self, block: bytes, first_row: int) -> pl.DataFrame | None:
        """The rows of whole lines, if each line provably is one record, as wide as the header."""
        counts = counted(block, self.separator)
        if counts is None or block.startswith(codecs.BOM_UTF8):
            return None
        cells = pl.scan_csv(
            block,
            separator=self.separator,
            has_header=False,
            schema=dict.fromkeys(self.columns, pl.String),
            null_values="",
            raise_if_empty=False,
        )
        try:
            frame = cells.collect() if self._is_full(block, counts) else None
        except pl.exceptions.PolarsError:
            return None
        return _numbered(frame, first_row) if frame is not None and frame.height == counts.lines else None

    def _is_full(self, block: bytes, counts: Counts) -> bool:
        """Whether no line but a blank one lacks cells, provided that none has too many, which Polars refuses."""
        missing = counts.lines * (self.width - 1) - counts.cuts
        if missing == 0:
            return True
        lines = pl.scan_lines(block, name="line").collect()["line"]
        blank = (lines if self.separator == " " else lines.str.strip_chars(" ")) == ""
        return missing == blank.sum() * (self.width - 1)

    def _sample(self) -> tuple[list[str], str, bool]:
        """The lines above the one that is said to hold the names, what follows, and whether that is all."""
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as text:
                above = [text.readline() for _ in range(self.skip)]
                sample = text.read(_SAMPLE_CHARS)
        except UnicodeDecodeError:
            raise undecodable(self.path, self.name) from None
        # Lines that end in CR alone are lines to Python, not to Polars.
        self.odd = any(re.search("\r(?!\n)", part) for part in [*above, sample])
        return above, sample, len(sample) < _SAMPLE_CHARS

    def _is_spaced(self) -> bool:
        """Whether the first records have a cell of a space and a quoted text, which can't be meant."""
        try:
            first = [record for _, record in islice(self._records(), RECORDS)]
        except InputError:
            return False
        return any(_SPACED.fullmatch(cell) for record in first for cell in record)

    def _read_header(self, options: FileOptions, above: list[str], hinted: bool) -> None:
        """Column names, which lines are none and no rows, and how many lines stand before the first row."""
        starts = self._starts()
        lines = [line for line, _ in starts]
        found = layout([record for _, record in starts], self.name, options.header, lines)
        titles = [(line, "title") for line, text in enumerate(above, start=1) if text.strip()]
        told = dict([*titles, *found.left_out, *([(1, "separator")] if hinted else [])])
        self.left_out = tuple(sorted(told.items()))
        self.header = None if found.header is None else lines[found.header]
        record = next((cells for _, cells in starts if cells), []) if found.header is None else starts[found.header][1]
        self._name_columns(record, options.columns)
        rows = starts[found.first :]
        self.first = (rows[0][0] if rows else lines[-1] + 1) - 1
        # Polars takes the number of cells from the first row, so it must be as wide as the others.
        self.odd = self.odd or not rows or len(rows[0][1]) != self.width

    def _starts(self) -> list[tuple[int, list[str]]]:
        """The first records, as many as hold `RECORDS` of text, if that isn't too much; a fault below them can wait."""
        starts: list[tuple[int, list[str]]] = []
        texts = cells = 0
        try:
            for line, record in self._records():
                starts.append((line, record))
                texts += _holds_text(record)
                cells += len(record)
                if texts == RECORDS or (cells > _SAMPLE_CELLS and texts > 1):
                    break
        except InputError:
            if not texts:
                raise
        if not starts or (not texts and self.headed):
            raise InputError.no_header(self.name, self.skip + 1) if self.skip else InputError.empty(self.name)
        return starts

    def _name_columns(self, record: list[str], columns: Sequence[str]) -> None:
        self.width = len(record)
        names = record if self.headed else [*columns, *[""] * self.width][: self.width]
        if "\0" in "".join(names):
            raise InputError.nul(self.name, self.header or 1)
        named = [name.strip().strip("\ufeff").strip() for name in names]
        numbered = list(enumerate(named, start=1))
        self.columns = unique((name or f"column {number}" for number, name in numbered), SOURCE_ROW)
        self.needed = max((n for n, name in numbered if name), default=0) if self.headed else self.width

    def _gathered(self, count: int, rows: int) -> Iterator[pl.DataFrame]:
        """The rows behind the first `count`, each of which is a line, as Python's `csv` reads them."""
        last = self.first + count
        found = (self._fitted(line, record) for line, record in self._records() if line > last)
        frames = (self._frame(records) for records in iter(lambda: list(islice(found, min(rows, _GATHERED))), []))
        while gathered := list(islice(frames, -(-rows // _GATHERED))):
            frame = pl.concat(gathered)
            yield _numbered(frame, count + 1)
            count += frame.height

    def _frame(self, records: list[list[str]]) -> pl.DataFrame:
        columns = zip(self.columns, zip(*records, strict=True), strict=True)
        cells = {name: pl.Series(column, dtype=pl.String) for name, column in columns}
        return pl.DataFrame(cells, schema=dict.fromkeys(self.columns, pl.String)).select(pl.all().replace("", None))

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
                reader = csv.reader(text, delimiter=self.separator, strict=True, skipinitialspace=self.spaced)
                for record in reader:
                    yield line, record
                    line = self.skip + reader.line_num + 1
        except csv.Error:
            raise InputError.quotes(self.name, line, first=self.headed and line == self.skip + 1) from None
        except UnicodeDecodeError:
            raise undecodable(self.path, self.name) from None


def _holds_text(record: list[str]) -> bool:
    return any(cell.strip() for cell in record)


def _numbered(cells: pl.DataFrame, first_row: int) -> pl.DataFrame:
    """The rows in one piece, behind their numbers."""
    numbers = pl.int_range(first_row, first_row + cells.height, dtype=pl.Int64, eager=True)
    return cells.rechunk().insert_column(0, numbers.alias(SOURCE_ROW))
