"""A source on its way out: a file that keeps the contract, looked over, cut into parts."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import polars as pl

from callframe.errors import CallframeError, UploadError
from callframe.metrica.parts import Plan, plan
from callframe.metrica.split import split
from callframe.serialize import check_csv, write_csv

__all__ = ["Source", "outgoing"]

Source = str | os.PathLike[str] | pl.DataFrame | pl.LazyFrame


@contextmanager
def outgoing(source: Source, part_bytes: int, *, split_by_identifier: bool) -> Iterator[Plan]:
    """The plan of what a source is sent as; what it reads from lasts as long as the context.

    Raises:
        OptionError: `part_bytes` is not a size that the service takes.
        ContractError: a row breaks the contract.
        InputError: a record of a file has another number of cells than its header.
        OutputError: there is no room for a temporary file.
        UploadError: the file can't be sent, or changed while it was looked over.
    """
    with _file(source) as path, ExitStack() as stack:
        try:
            planned = _looked_over(path, part_bytes, stack, check=not _is_frame(source), split_it=split_by_identifier)
        except CallframeError as error:
            problem = error.with_traceback(None)  # its frames hold rows, which a traceback with locals would show
        else:
            yield planned
            return
        raise problem


def _looked_over(path: Path, part_bytes: int, stack: ExitStack, *, check: bool, split_it: bool) -> Plan:
    before = _state(path)
    planned = plan(path, part_bytes)
    if check and planned.parts:
        _check(planned)
    if split_it and planned.parts:
        planned = stack.enter_context(split(planned, part_bytes))
    if _state(path) != before:
        raise UploadError.unsteady(path.name)
    return planned


def _check(planned: Plan) -> None:
    """See that a file is what Metrica takes, and that both ways of reading it find the same rows."""
    rows = check_csv(planned.path)
    if rows != planned.rows:
        raise UploadError.unsendable(planned.path.name, f"it can be read as {planned.rows} rows and as {rows}")


def _state(path: Path) -> tuple[int, ...] | None:
    """What tells a file from one that was put in its place, or written to."""
    if not path.exists():
        return None
    found = path.stat()
    return found.st_ino, found.st_dev, found.st_size, found.st_mtime_ns


def _is_frame(source: Source) -> bool:
    return isinstance(source, (pl.DataFrame, pl.LazyFrame))


@contextmanager
def _file(source: Source) -> Iterator[Path]:
    """The source as a CSV file; a frame becomes a temporary one, for this user alone."""
    if isinstance(source, (str, os.PathLike)):
        yield Path(source)
        return
    with tempfile.TemporaryDirectory(prefix="callframe-") as folder:
        path = Path(folder, "calls.csv")
        write_csv(source.collect() if isinstance(source, pl.LazyFrame) else source, path)
        yield path
