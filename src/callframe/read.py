"""Stage 1, read: an export in any file, or a frame -> RawFrame, all text, rows numbered.

Nothing is parsed and nothing is guessed from values: each cell is the text that stands in the file. What kind of file it
is, is seen from its first bytes; the separator from its first records; anything else is an option of `FileOptions`.
"""

import codecs
import csv
import io
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path
from typing import IO, Any, NewType

import polars as pl

from callframe.errors import InputError, OptionError

__all__ = ["SOURCE_ROW", "Export", "FileOptions", "RawFrame", "opened", "read"]

RawFrame = NewType("RawFrame", pl.DataFrame)
"""All String, plus `source_row` (Int64, 1 = first data row)."""

SOURCE_ROW = "source_row"
SEPARATORS = (";", "\t", ",", "|")
_SAMPLE_RECORDS = 50
_SAMPLE_BYTES = 1 << 20
_BLOCK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class FileOptions:
    """How to read a file, where that can't be seen from the file."""

    separator: str | None = None
    """One character between cells; None: seen from the first records."""

    encoding: str = "utf-8"
    """A codec name of Python's; a byte order mark is understood in any case."""

    header: int | bool = True
    """Line that holds the column names, 1 = first; True is 1, False says there is none."""

    columns: tuple[str, ...] = ()
    """Column names where the file has no header."""

    sheet: str | int | None = None
    """Sheet of a workbook, by name or number from 1; None: the first."""

    def __post_init__(self) -> None:
        """Refuse values that mean nothing."""
        if self.separator is not None and len(self.separator.encode()) != 1:
            raise OptionError.unknown("a separator of one character", self.separator, example="';'")
        try:
            codecs.lookup(self.encoding)
        except LookupError:
            raise OptionError.unknown("an encoding", self.encoding, ("utf-8", "cp1251", "utf-16"), "'cp1251'") from None
        if self.header is not False and self.header < 1:
            raise OptionError.unknown("a header line", self.header, example="1 is the first line, false means none")

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Names of the options, as a mapping file spells them."""
        return tuple(field.name for field in fields(cls))


def read(source: Any, options: FileOptions | None = None, **named: Any) -> RawFrame:
    """All cells of an export as text, with `source_row`.

    CSV and its kin (`;` `,` tab `|`, UTF-8 with and without BOM, other encodings by option), JSON lines, Parquet,
    Arrow IPC, or a frame (Polars, pandas, Arrow).

    Shape: n data rows -> n rows, order kept; 1 + k columns.
    Null: an empty cell is null.

    Args:
        source: a path, a binary file object, or a frame.
        options: how to read the file, where that can't be seen from it.
        **named: the same by name: `separator`, `encoding`, `header`, `columns`, `sheet`.

    Returns:
        `source_row` (Int64, 1 = first data row), then the source's columns, all String.

    Raises:
        InputError: the file is missing, empty, ragged, or not in the encoding.
        OptionError: an option means nothing.

    >>> import io
    >>> read(io.BytesIO("номер;дата\\n8 (495) 123-45-67;03.04.2026 9:05\\n".encode())).columns
    ['source_row', 'номер', 'дата']
    """
    with opened(source, options or FileOptions(**named)) as export:
        with export.explained():
            frame = export.lazy.collect()
        if frame.height and frame[:, -1].has_nulls():
            export.check_widths()
        return RawFrame(frame)


@dataclass(frozen=True)
class Export:
    """A source that stands open: a query to run, once or more, and what to make of its failures."""

    name: str
    """What messages call the source."""

    lazy: pl.LazyFrame
    """`source_row`, then the source's columns, all String; a CSV is read in bounded memory."""

    csv: "_Csv | None" = None

    @property
    def columns(self) -> list[str]:
        """Names of the source's columns, without `source_row`."""
        return self.lazy.collect_schema().names()[1:]

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Around a run of the query: turn what Polars says of a broken file into a sentence that names the line."""
        try:
            yield
        except pl.exceptions.PolarsError as error:
            raise self.csv.diagnosis(str(error)) if self.csv else InputError.unreadable(self.name, str(error)) from None

    def check_widths(self) -> None:
        """Refuse a CSV in which a record has fewer cells than the header; needed only where the last column has nulls.

        Raises:
            InputError: names the line.
        """
        if self.csv:
            self.csv.check_widths()


@contextmanager
def opened(source: Any, options: FileOptions) -> Iterator[Export]:
    """The source of `read`, open for as long as the context.

    Raises:
        InputError: as `read`, as far as the start of the file tells.
    """
    with ExitStack() as stack:
        name = _name(source)
        frame = _as_frame(source)
        if frame is not None:
            yield Export("the frame", _numbered(frame))
            return
        path = _as_path(source, stack)
        kind = _kind(path, name)
        if kind == "csv":
            table = _Csv(_as_utf8(path, name, options.encoding, stack), name, options)
            yield Export(name, table.lazy(), table)
        else:
            scan = {"parquet": pl.scan_parquet, "arrow": pl.scan_ipc}.get(kind)
            yield Export(name, _numbered(scan(path) if scan else _json_lines(path, name).lazy()))


def _as_frame(source: Any) -> pl.LazyFrame | None:
    if isinstance(source, pl.LazyFrame | pl.DataFrame):
        return source.lazy()
    if hasattr(source, "__arrow_c_stream__") or hasattr(source, "__dataframe__"):
        return pl.DataFrame(source).lazy()
    return None


def _name(source: Any) -> str:
    return str(source) if isinstance(source, str | os.PathLike) else getattr(source, "name", None) or "the input"


def _as_path(source: Any, stack: ExitStack) -> Path:
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        if path.is_dir():
            raise InputError.directory(str(path))
        if not path.exists():
            raise InputError.missing(str(path), (p.name for p in path.parent.glob("*")) if path.parent.is_dir() else ())
        return path
    if not hasattr(source, "read"):
        raise OptionError.unknown("a path, a binary file or a frame", type(source).__name__)
    spool = stack.enter_context(tempfile.NamedTemporaryFile(prefix="callframe-"))
    shutil.copyfileobj(source, spool, _BLOCK)
    spool.flush()
    return Path(spool.name)


def _kind(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except OSError as error:
        raise InputError.unreadable(name, error.strerror or str(error)) from None
    if not start.removeprefix(codecs.BOM_UTF8).strip():
        raise InputError.empty(name)
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"ARROW1"):
        return "arrow"
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise InputError.workbook(name)
    return "jsonl" if start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{") else "csv"


def _as_utf8(path: Path, name: str, encoding: str, stack: ExitStack) -> Path:
    """The path of the same text in UTF-8: the file itself, or a temporary copy that lives as long as `stack`."""
    with path.open("rb") as file:
        mark = file.read(4)
    if mark.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    if mark.startswith(codecs.BOM_UTF8) or codecs.lookup(encoding).name in ("utf-8", "utf-8-sig", "ascii"):
        return path
    copy = stack.enter_context(tempfile.NamedTemporaryFile(prefix="callframe-", suffix=".csv"))
    try:
        with path.open(encoding=encoding, newline="") as text:
            while block := text.read(_BLOCK):
                copy.write(block.encode())
    except UnicodeError:
        raise InputError.encoding(name, encoding, _bad_line(path, encoding)) from None
    copy.flush()
    return Path(copy.name)


def _bad_line(path: Path, encoding: str) -> int | None:
    """Line of the first byte that `encoding` can't decode."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                decoder.decode(line)
            except UnicodeError:
                return number
    return None


class _Csv:
    """A CSV in UTF-8 on disk: its separator, its column names, and what is wrong where Polars can't read it."""

    def __init__(self, path: Path, name: str, options: FileOptions) -> None:
        self.path, self.name, self.options = path, name, options
        self.skip = 0 if options.header is False else int(options.header) - 1
        sample = self._sample()
        self.separator = options.separator or _separator(sample)
        records = list(_records(sample, self.separator, _SAMPLE_RECORDS))
        if not records:
            raise InputError.empty(name)
        self._check_separator(sample, len(records[0]))
        self.width = len(records[0])
        self.columns = _unique(options.columns if options.header is False else records[0], self.width)
        if options.header is not False and not any(any(record) for record in records[1:]):
            raise InputError.no_rows(name, self.columns)

    def _sample(self) -> str:
        with self.path.open("rb") as file:
            for _ in range(self.skip):
                file.readline()
            start = file.read(_SAMPLE_BYTES).removeprefix(codecs.BOM_UTF8)
        try:
            return codecs.getincrementaldecoder("utf-8")().decode(start)
        except UnicodeError:
            raise InputError.encoding(self.name, "utf-8", _bad_line(self.path, "utf-8")) from None

    def _check_separator(self, sample: str, width: int) -> None:
        other = _separator(sample)
        if width == 1 and other != self.separator and len(next(_records(sample, other, 1), [])) > 1:
            raise InputError.separator(self.name, self.separator, other)

    def lazy(self) -> pl.LazyFrame:
        """The query; the file is opened when it runs."""
        scan = pl.scan_csv(
            self.path,
            separator=self.separator,
            has_header=self.options.header is not False,
            skip_lines=self.skip,
            new_columns=self.columns,
            infer_schema=False,
            glob=False,
            row_index_name=SOURCE_ROW,
            row_index_offset=1,
        )
        return scan.with_columns(pl.col(SOURCE_ROW).cast(pl.Int64))

    def diagnosis(self, error: str) -> InputError:
        """What is wrong with the body, now that Polars could not read it."""
        if "utf-8" in error:
            return InputError.encoding(self.name, "utf-8", _bad_line(self.path, "utf-8"))
        return self._first_ragged() or InputError.unreadable(self.name, error)

    def check_widths(self) -> None:
        """Polars fills a short record with nulls; look for one, by counting separators outside quotes in each line."""
        cells = pl.col("line").str.replace_all('"[^"]*"', "")
        short = cells.str.count_matches(self.separator, literal=True) < self.width - 1
        lines = pl.scan_lines(self.path, name="line").filter(pl.col("line").str.strip_chars() != "")
        if not lines.select((short | cells.str.contains('"', literal=True)).any()).collect().item():
            return
        if ragged := self._first_ragged():
            raise ragged

    def _first_ragged(self) -> InputError | None:
        """The first record that is not as wide as the header or has a quote out of place."""
        first = self.skip + 1
        with self.path.open(encoding="utf-8-sig", newline="") as text:
            for _ in range(self.skip):
                text.readline()
            reader = csv.reader(text, delimiter=self.separator, strict=True)
            try:
                for record in reader:
                    if record and len(record) != self.width:
                        return InputError.ragged(self.name, first, len(record), self.width)
                    first = self.skip + reader.line_num + 1
            except csv.Error:
                return InputError.quotes(self.name, first)
        return None


def _records(sample: str, separator: str, most: int) -> Iterator[list[str]]:
    """The first records of a text, cells stripped."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    return ([cell.strip() for cell in record] for record in islice(reader, most))


def _separator(sample: str) -> str:
    """The separator that cuts the most records into as many cells as the header has, more cells counting more."""

    def vote(separator: str) -> tuple[float, int]:
        widths = [len(record) for record in _records(sample, separator, _SAMPLE_RECORDS) if record]
        if not widths or widths[0] < 2:
            return (0.0, 0)
        return (Counter(widths)[widths[0]] / len(widths), widths[0])

    return max(SEPARATORS, key=vote)


def _unique(names: Iterable[str], width: int) -> list[str]:
    """`width` names that differ: blanks become `column 3`, repeats `name (2)`."""
    seen: Counter[str] = Counter({SOURCE_ROW: 1})
    unique = []
    for number, given in enumerate([*names, *[""] * width][:width], start=1):
        name = given.strip().strip("\ufeff") or f"column {number}"
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique


def _json_lines(path: Path, name: str) -> pl.DataFrame:
    """Objects, one a line, as text: numbers keep their digits, inner objects become `outer.inner`, lists are joined."""
    rows: list[dict[str, str | None]] = []
    with path.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                value = json.loads(line, parse_int=str, parse_float=str, parse_constant=str)
            except ValueError:
                raise InputError.json(name, number) from None
            if not isinstance(value, dict):
                raise InputError.json(name, number)
            rows.append(dict(_flat(value)))
    columns = list(dict.fromkeys(key for row in rows for key in row))
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String))


def _flat(value: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str | None]]:
    for key, item in value.items():
        if isinstance(item, dict):
            yield from _flat(item, f"{prefix}{key}.")
        else:
            yield prefix + key, _cell(item)


def _cell(item: Any) -> str | None:
    if item is None or item in ("", []):
        return None
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, list):
        return ", ".join(part for part in map(_cell, item) if part)
    return item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)


def _numbered(frame: pl.LazyFrame) -> pl.LazyFrame:
    """All columns as text behind `source_row`, which is kept where the frame brings whole numbers under that name."""
    schema = frame.collect_schema()
    if SOURCE_ROW in schema and schema[SOURCE_ROW].is_integer():
        number, cells = pl.col(SOURCE_ROW).cast(pl.Int64), {n: t for n, t in schema.items() if n != SOURCE_ROW}
    else:
        renamed = {SOURCE_ROW: f"{SOURCE_ROW} (2)"} if SOURCE_ROW in schema else {}
        frame = frame.rename(renamed).with_row_index(SOURCE_ROW, offset=1)
        number, cells = pl.col(SOURCE_ROW).cast(pl.Int64), {renamed.get(n, n): t for n, t in schema.items()}
    return frame.select(number, *(text for name, dtype in cells.items() for text in _texts(pl.col(name), name, dtype)))


def _texts(value: pl.Expr, name: str, dtype: pl.DataType) -> Iterator[pl.Expr]:
    """A typed column as text that says the same; a struct as a column for each field."""
    if isinstance(dtype, pl.Struct):
        for field in dtype.fields:
            inner = pl.DataType.from_python(field.dtype) if isinstance(field.dtype, type) else field.dtype
            yield from _texts(value.struct.field(field.name), f"{name}.{field.name}", inner)  # type: ignore[arg-type]
    else:
        yield _text(value, dtype).alias(name)


def _text(value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype.is_float():
        whole = (value.abs() < 2.0**53) & (value == value.round())
        text = pl.when(whole).then(value.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(value.cast(pl.String))
        return pl.when(value.is_not_nan()).then(text)
    if isinstance(dtype, pl.Datetime):
        if dtype.time_zone is None:
            return value.dt.strftime("%Y-%m-%dT%H:%M:%S%.f")
        return value.dt.convert_time_zone("UTC").dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ")
    if isinstance(dtype, pl.Duration):
        return value.dt.total_seconds().cast(pl.String)
    if isinstance(dtype, pl.List):
        return value.cast(pl.List(pl.String)).list.join(", ", ignore_nulls=True)
    text = value.cast(pl.String)
    return pl.when(text.str.len_bytes() > 0).then(text)
