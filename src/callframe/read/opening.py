"""A source of any kind, by what its first bytes say it is, opened and read."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from callframe.errors import InputError, OptionError
from callframe.read.export import Export
from callframe.read.frames import from_any
from callframe.read.options import FileOptions
from callframe.read.origin import Origin
from callframe.read.packed import is_archive, unpacked
from callframe.read.places import as_path, matches, name_of, paths_of
from callframe.read.raw import RawFrame
from callframe.read.several import check_distinct, united
from callframe.read.text_files import text_file
from callframe.read.web_tables import is_page, page
from callframe.read.workbooks import kind_of, workbook

__all__ = ["opened", "read"]

_START = 512


def read(source: Any, options: FileOptions | None = None, **named: Any) -> RawFrame:
    r"""All cells of an export as text, with `source_row`.

    CSV and its kin (`;` `,` tab `|`, any encoding, titles above the names), JSON and JSON lines, workbooks, Parquet,
    Arrow IPC, each of them packed with gzip, zstd, bzip2 or xz; or a frame (Polars, pandas, Arrow). What can't be seen
    from the source is asked for, never guessed; an option that says it is not doubted.

    Several files count as one export: `source_row` counts on from file to file, and the column `source` behind it holds
    the name of the file. They may differ in all, if only columns are named alike; a column that a file lacks is null.

    Shape: n data rows -> n rows, order kept; 1 + k columns, 2 + k for several files.
    Null: an empty cell is null.

    Args:
        source: a path, a pattern (`calls-*.csv`: files in the order of their names), a list of these (in its order), a
            binary file object, or a frame.
        options: how to read the file, where that can't be seen from it.
        **named: the same by name: `separator`, `encoding`, `header`, `columns`, `sheet`, `records`; they win over
            `options`.

    Returns:
        `source_row` (Int64, 1 = first data row), then the source's columns, all String.

    Raises:
        InputError: the file is missing, empty, damaged, ragged, or not in the encoding.
        Unclear: how to read it can't be told from it; the message shows the readings, and the option for each.
        OptionError: an option means nothing.

    >>> import io
    >>> read(io.BytesIO("номер;дата\n8 (495) 123-45-67;03.04.2026 9:05\n".encode("cp1251"))).columns
    ['source_row', 'номер', 'дата']
    """
    with opened(source, replace(options or FileOptions(), **named)) as export, export.explained():
        return RawFrame(export.lazy.collect().rechunk(), origin=export.origin)


@contextmanager
def opened(source: Any, options: FileOptions, *, may_be_empty: bool = False) -> Iterator[Export]:
    """The source of `read`, open for as long as the context.

    Args:
        source: as for `read`.
        options: as for `read`.
        may_be_empty: whether a CSV with a header and no rows is fine.

    Raises:
        InputError: as `read`; what only the rows tell is raised when the query runs, and what that finds in binary
            columns, `Export.explained` tells.
    """
    with ExitStack() as stack:
        files = _files(source)
        if files is not None:
            yield united([_one(file, options, stack) for file in files])
            return
        export = _one(source, options, stack)
        if export.is_empty and not may_be_empty:
            raise InputError.no_rows(export.name, export.columns)
        yield export


def _files(source: Any) -> list[Any] | None:
    """The files that a source stands for, if it stands for several."""
    if not isinstance(source, list | tuple):
        found = matches(source)
        check_distinct(paths_of(found))
        return found
    if not source:
        raise OptionError.unknown("a path, a binary file or a frame", source, example='["a.csv", "b.csv"]')
    check_distinct(paths_of(source))
    return [file for item in source for file in (matches(item) or [item])]


def _one(source: Any, options: FileOptions, stack: ExitStack) -> Export:
    frame = from_any(source)
    if frame is not None:
        return Export.of(frame, Origin("the frame", "frame"))
    name = name_of(source)
    try:
        path, packed = unpacked(as_path(source, name, stack), name, stack)
        return _file(path, Origin(name, "CSV", packed=packed), options, stack)
    except OSError as error:
        raise InputError.unreadable(name, error.strerror or str(error)) from None


def _file(path: Path, origin: Origin, options: FileOptions, stack: ExitStack) -> Export:
    """A regular file, by its content; each kind in its turn."""
    with path.open("rb") as file:
        start = file.read(_START)
    if start.startswith(b"PAR1"):
        parquet = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        return Export.of(parquet, replace(origin, kind="Parquet"))
    if start.startswith(b"ARROW1"):
        # As an open file: by its path Polars would take `[` and `*` in the name for a pattern.
        return Export.of(pl.scan_ipc(stack.enter_context(path.open("rb"))), replace(origin, kind="Arrow"))
    if kind_of(path):
        return Export.held(*workbook(path, origin, options))
    if is_page(path):
        return Export.held(*page(path, origin, options))
    if is_archive(start):
        raise InputError.archive(origin.name)
    return text_file(path, origin, options, stack)
