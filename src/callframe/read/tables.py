"""A CSV in UTF-8 on disk -> a query that reads it in bounded memory, every record proven to be as wide as the header.

Python's `csv` says what a record is. Polars reads the file as it stands where the two provably agree: each line one
record, as wide as the header, each quote in its place. Any other file is first copied record by record.
"""

import codecs
import csv
import io
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import islice
from pathlib import Path

import polars as pl

from callframe.errors import InputError
from callframe.read.blocks import frames
from callframe.read.frames import SOURCE_ROW, unique
from callframe.read.options import FileOptions

__all__ = ["Batches", "Table", "bad_line"]

SEPARATORS = (";", "\t", ",", "|")
_SAMPLE_RECORDS = 50
_SAMPLE_CHARS = 1 << 20
_WIDEST = 1000
"""Cells of a line that one pattern can hold."""
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

    def query(self, stack: ExitStack) -> tuple[pl.LazyFrame, Batches | None]:
        """The rows as text behind `source_row`; a copy that is needed lives as long as `stack`.

        Shape: n records -> n rows, order kept; a blank line is a row of nulls.
        Null: an empty cell is null.

        Returns:
            The query; and, where every line is one record, what gives its rows so many at a time.

        Raises:
            InputError: names the line that has another number of cells than the header, or a quote out of place.
        """
        if not self._is_plain():
            return self._rows(self._copy(stack), 0, 1), None
        return self._rows(self.path, self.first, 1), partial(frames, self.path, self._rows, self.first)

    def _rows(self, source: Path | bytes, skip_lines: int, first_row: int) -> pl.LazyFrame:
        return pl.scan_csv(
            source,
            separator=self.separator,
            has_header=False,
            skip_lines=skip_lines,
            schema=dict.fromkeys(self.columns, pl.String),
            null_values="",
            raise_if_empty=False,
            glob=False,
            row_index_name=SOURCE_ROW,
            row_index_offset=first_row,
        ).with_columns(pl.col(SOURCE_ROW).cast(pl.Int64))

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

    def _is_plain(self) -> bool:
        """Whether each line is one record, as wide as the header, with every quote in its place."""
        if self.odd or self.width > _WIDEST:
            return False
        cut = f"\\x{{{ord(self.separator):x}}}"
        cell = rf'(?:"(?:[^"]|"")*"|[^"\r\x{{feff}}{cut}]*)'
        blank = "" if self.separator == " " else " *"
        plain = f"^(?:{cell}(?:{cut}{cell}){{{self.width - 1}}}|{blank})$"
        lines = pl.scan_lines(self.path, name="line", glob=False).slice(self.first)
        try:
            return bool(lines.select(pl.col("line").str.contains(plain).all()).collect(engine="streaming").item())
        except pl.exceptions.ComputeError:
            raise InputError.encoding(self.name, "utf-8", bad_line(self.path, "utf-8")) from None

    def _copy(self, stack: ExitStack) -> Path:
        """The rows alone, each as wide as the header, all cells quoted."""
        file = tempfile.NamedTemporaryFile("w", prefix="callframe-", encoding="utf-8", newline="")  # noqa: SIM115 - stack
        copy = stack.enter_context(file)
        writer = csv.writer(copy, delimiter=self.separator, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows(self._fitted(line, record) for line, record in self._records() if line > self.first)
        copy.flush()
        return Path(copy.name)

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
