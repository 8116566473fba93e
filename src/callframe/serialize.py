"""Stage 5, serialize: accepted rows <-> CSV bytes, as Metrica takes them.

UTF-8 without a byte order mark, comma, LF, the 15 column names first, nulls as nothing at all; numbers as plain digits.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import polars as pl

from callframe.contract import COLUMNS, DTYPES, IDS, CallFrame, enforce
from callframe.errors import ContractError, OutputError

__all__ = ["append_csv", "as_text", "check_csv", "read_csv", "replacing", "write_csv"]

_BATCH_ROWS = 100_000


def as_text(calls: pl.DataFrame) -> pl.DataFrame:
    """The cells as they stand in the file: prices without trailing zeros, everything else as it is.

    Shape: n rows -> n rows, order kept; the same columns.
    """
    digits = pl.col("Price").cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")
    return calls.with_columns(digits)


def append_csv(calls: CallFrame, file: IO[bytes], *, header: bool) -> None:
    """Write rows behind what `file` already holds."""
    as_text(calls).write_csv(file, include_header=header, line_terminator="\n")


def write_csv(calls: pl.DataFrame, path: str | Path | IO[bytes], *, overwrite: bool = True) -> None:
    """Write call rows as the CSV that Metrica takes; the file appears whole or not at all.

    Args:
        calls: contract columns; `source_row` may stand beside them and is left out.
        path: a path, or a binary file object.
        overwrite: whether a file that is there may be replaced.

    Raises:
        ContractError: a row breaks the contract; nothing is written.
        OutputError: the path can't be written, or is there and must not be replaced.

    >>> import io, polars as pl
    >>> out = io.BytesIO()
    >>> write_csv(pl.DataFrame({"ClientId": ["17"], "DateTime": [1775200000]}), out)
    >>> out.getvalue().decode().splitlines()[1]
    ',17,,1775200000,,,,,,,,,,,'
    """
    accepted = proven(calls)
    if not isinstance(path, str | Path):
        append_csv(accepted, path, header=True)
        return
    with replacing(path, overwrite=overwrite) as file:
        append_csv(accepted, file, header=True)


def proven(calls: pl.DataFrame) -> CallFrame:
    """The same rows, if all of them keep the contract.

    Raises:
        ContractError: says how many rows break which rule.
    """
    accepted, findings = enforce(calls)
    errors = findings.filter(pl.col("severity") == "error")
    if errors.height:
        counts = errors.group_by("column", "message", maintain_order=True).len()
        raise ContractError.broken(errors["source_row"].n_unique(), calls.height, counts.rows())
    return accepted


def read_csv(path: str | Path | IO[bytes]) -> CallFrame:
    """The rows of a file that `write_csv` wrote, or of one like it. Inverse of `write_csv`.

    Shape: a row a line below the header -> rows, order kept; the 15 columns, absent ones null.

    Raises:
        ContractError: a column is unknown, a cell has not the column's dtype, or a row breaks the contract.
    """
    text = pl.read_csv(path, infer_schema=False)
    return proven(_typed(text))


def check_csv(path: str | Path) -> int:
    """Rows of a CSV that is about to be sent, if it is what Metrica takes; read in bounded memory.

    Raises:
        ContractError: a column is unknown or one of those that must stand in the header is absent, a cell has not its
            column's dtype, or a row breaks the contract.
    """
    try:
        scan = pl.scan_csv(path, infer_schema=False, glob=False)
        names = scan.collect_schema().names()
        absent = [name for name in (*IDS, "DateTime") if name not in names]
        if absent:
            raise ContractError.header(str(path), absent)
        return sum(proven(_typed(batch.rechunk())).height for batch in scan.collect_batches(chunk_size=_BATCH_ROWS))
    except pl.exceptions.PolarsError:
        raise ContractError.not_csv(str(path)) from None


def _typed(text: pl.DataFrame) -> pl.DataFrame:
    """Cells of a file with the dtypes of the contract."""
    unknown = [name for name in text.columns if name not in DTYPES]
    if unknown:
        raise ContractError.unknown_columns(unknown, COLUMNS)
    # A cast to Decimal rounds, so what would be rounded is no price.
    price = pl.when(pl.col("Price").str.contains(r"^-?[0-9]{1,32}(\.[0-9]{1,6})?$")).then("Price")
    exact = text.with_columns(price) if "Price" in text.columns else text
    typed = exact.with_columns(pl.col(name).cast(DTYPES[name], strict=False) for name in text.columns)
    for name in text.columns:
        lost = typed[name].null_count() - text[name].null_count()
        if lost:
            raise ContractError.cells(name, lost, DTYPES[name])
    return typed


@contextmanager
def replacing(path: str | Path, *, overwrite: bool = True) -> Iterator[IO[bytes]]:
    """A file under a temporary name beside `path`, renamed to it at the end, removed if anything goes wrong.

    Raises:
        OutputError: the path can't be written, the disk is full, or the file is there and must not be replaced.
    """
    target = Path(path)
    if target.is_dir():
        raise OutputError.directory(str(target))
    if target.exists() and not overwrite:
        raise OutputError.exists(str(target))
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    except OSError as error:
        raise OutputError.unwritable(str(target), error.strerror or str(error)) from None
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield cast("IO[bytes]", file)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    except OSError as error:
        raise OutputError.unwritable(str(target), error.strerror or str(error)) from None
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
