"""A source of any kind, opened: what it is, and the query that gives its rows."""

import codecs
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, NewType

import polars as pl

from callframe.errors import InputError, OptionError
from callframe.read.frames import as_text, from_any
from callframe.read.objects import json_lines
from callframe.read.options import FileOptions
from callframe.read.tables import Batches, Table, bad_line

__all__ = ["Export", "RawFrame", "opened", "read"]

RawFrame = NewType("RawFrame", pl.DataFrame)
"""All String, plus `source_row` (Int64, 1 = first data row)."""

_BLOCK = 1 << 20
_LONGEST_NAME = 4096
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it starts with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def read(source: Any, options: FileOptions | None = None, **named: Any) -> RawFrame:
    r"""All cells of an export as text, with `source_row`.

    CSV and its kin (`;` `,` tab `|`, UTF-8 with and without BOM, other encodings by option), JSON lines, Parquet,
    Arrow IPC, or a frame (Polars, pandas, Arrow).

    Shape: n data rows -> n rows, order kept; 1 + k columns.
    Null: an empty cell is null.

    Args:
        source: a path, a binary file object, or a frame.
        options: how to read the file, where that can't be seen from it.
        **named: the same by name: `separator`, `encoding`, `header`, `columns`; they win over `options`.

    Returns:
        `source_row` (Int64, 1 = first data row), then the source's columns, all String.

    Raises:
        InputError: the file is missing, empty, ragged, or not in the encoding.
        OptionError: an option means nothing.

    >>> import io
    >>> read(io.BytesIO("номер;дата\n8 (495) 123-45-67;03.04.2026 9:05\n".encode())).columns
    ['source_row', 'номер', 'дата']
    """
    with opened(source, replace(options or FileOptions(), **named)) as export, export.explained():
        return RawFrame(export.lazy.collect().rechunk())


@dataclass(frozen=True)
class Export:
    """A source that stands open: a query to run, once or more, and what to make of its failures."""

    name: str
    """What messages call the source."""

    lazy: pl.LazyFrame
    """`source_row`, then the source's columns, all String; a CSV is read in bounded memory."""

    kind: str
    """What it is: `frame`, `CSV`, `JSON lines`, `Parquet` or `Arrow`."""

    quick: Batches | None = None
    """Another way to its rows, where there is one that needs less memory."""

    @property
    def columns(self) -> list[str]:
        """Names of the source's columns, without `source_row`."""
        return self.lazy.collect_schema().names()[1:]

    def batches(self, rows: int) -> Iterator[pl.DataFrame]:
        """All rows in order, about so many at a time, each frame in one piece; none if there are no rows."""
        if self.quick:
            yield from self.quick(rows)
        else:
            for frame in self.lazy.collect_batches(chunk_size=rows, maintain_order=True, engine="streaming"):
                yield frame.rechunk()

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Around a run of the query: what Polars says of a broken source, which may quote its cells, as a sentence."""
        try:
            yield
        except pl.exceptions.PolarsError as error:
            raise _failure(self.kind, self.name, error) from None


@contextmanager
def opened(source: Any, options: FileOptions, *, may_be_empty: bool = False) -> Iterator[Export]:
    """The source of `read`, open for as long as the context.

    Args:
        source: as for `read`.
        options: as for `read`.
        may_be_empty: whether a CSV with a header and no rows is fine.

    Raises:
        InputError: as `read`; what a query over binary columns finds only when it runs, `Export.explained` tells.
    """
    with ExitStack() as stack:
        frame = from_any(source)
        if frame is not None:
            export = _export("the frame", "frame", frame)
        else:
            name = _name(source)
            try:
                export = _file(_as_path(source, name, stack), name, options, stack, may_be_empty=may_be_empty)
            except OSError as error:
                raise InputError.unreadable(name, error.strerror or str(error)) from None
        yield export


def _export(name: str, kind: str, frame: pl.LazyFrame) -> Export:
    try:
        return Export(name, as_text(frame), kind)
    except pl.exceptions.PolarsError as error:
        raise _failure(kind, name, error) from None


def _failure(kind: str, name: str, error: pl.exceptions.PolarsError) -> InputError:
    return InputError.query(type(error).__name__) if kind == "frame" else InputError.damaged(name, kind)


def _name(source: Any) -> str:
    if not isinstance(source, str | os.PathLike):
        return str(getattr(source, "name", None) or "the input")
    name = str(source)
    if "\n" in name or len(name) > _LONGEST_NAME:
        raise OptionError.unknown("a path, a binary file or a frame", "text", example="io.BytesIO(text.encode())")
    return name


def _as_path(source: Any, name: str, stack: ExitStack) -> Path:
    """A regular file to read more than once; what comes from elsewhere is kept in a temporary one."""
    if isinstance(source, str | os.PathLike):
        # Absolute, so that Polars finds no home directory in `~`.
        path = Path(source).absolute()
        if path.is_dir():
            raise InputError.directory(name)
        if not path.exists():
            raise InputError.missing(name, (p.name for p in path.parent.iterdir()) if path.parent.is_dir() else ())
        if path.is_file():
            return path
        source = stack.enter_context(path.open("rb"))
    if not hasattr(source, "read"):
        raise OptionError.unknown("a path, a binary file or a frame", type(source).__name__)
    spool = _temporary(stack)
    while block := source.read(_BLOCK):
        if isinstance(block, str):
            raise OptionError.unknown("a path, a binary file or a frame", type(source).__name__)
        spool.write(block)
    spool.flush()
    return Path(spool.name)


def _file(path: Path, name: str, options: FileOptions, stack: ExitStack, *, may_be_empty: bool) -> Export:
    with path.open("rb") as file:
        start = file.read(512)
    if start.startswith(_PACKED):
        raise InputError.compressed(name)
    if start.startswith(_WORKBOOKS):
        raise InputError.workbook(name)
    if start.startswith(b"PAR1"):
        return _export(name, "Parquet", pl.scan_parquet(path, glob=False, hive_partitioning=False))
    if start.startswith(b"ARROW1"):
        # As an open file: by its path Polars would take `[` and `*` in the name for a pattern.
        return _export(name, "Arrow", pl.scan_ipc(stack.enter_context(path.open("rb"))))
    path = _as_utf8(path, name, options.encoding, stack)
    with path.open("rb") as file:
        start = file.read(512).removeprefix(codecs.BOM_UTF8).lstrip()
    if not start:
        raise InputError.empty(name)
    if start.startswith(b"{"):
        return _objects(path, name)
    if start.startswith(b"[") and start[1:].lstrip().startswith(b"{"):
        raise InputError.json(name, 1)
    table = Table(path, name, options)
    if table.is_empty and not may_be_empty:
        raise InputError.no_rows(name, table.columns)
    query, batches = table.query(stack)
    return Export(name, query, "CSV", batches)


def _objects(path: Path, name: str) -> Export:
    try:
        return _export(name, "JSON lines", json_lines(path, name).lazy())
    except UnicodeDecodeError:
        raise InputError.encoding(name, "utf-8", bad_line(path, "utf-8")) from None


def _as_utf8(path: Path, name: str, encoding: str, stack: ExitStack) -> Path:
    """The path of the same text in UTF-8: the file itself, or a temporary copy that lives as long as `stack`."""
    with path.open("rb") as file:
        start = file.read(4)
    encoding = next((codec for mark, codec in _MARKS.items() if start.startswith(mark)), encoding)
    if codecs.lookup(encoding).name in ("utf-8", "utf-8-sig", "ascii"):
        return path
    copy = _temporary(stack)
    try:
        with path.open(encoding=encoding, newline="") as text:
            while block := text.read(_BLOCK):
                copy.write(block.encode())
    except UnicodeError:
        raise InputError.encoding(name, encoding, bad_line(path, encoding)) from None
    copy.flush()
    return Path(copy.name)


def _temporary(stack: ExitStack) -> IO[bytes]:
    """A file with a name that lives as long as `stack`."""
    return stack.enter_context(tempfile.NamedTemporaryFile(prefix="callframe-"))
