"""Stage 5, serialize: accepted rows <-> CSV bytes, as Metrica takes them.

UTF-8 without a byte order mark, comma, LF, the 15 column names first, nulls as nothing at all; numbers as plain digits.
"""

import csv
from pathlib import Path
from typing import IO

import polars as pl

from callframe.contract import COLUMNS, DTYPES, IDS, CallFrame, enforce
from callframe.errors import ContractError
from callframe.read import SOURCE_ROW, FileOptions, opened
from callframe.replacing import replacing

__all__ = ["append_csv", "as_text", "check_csv", "read_csv", "write_csv"]

_LIKE_OURS = FileOptions(encoding="utf-8", header=1)
_BATCH_ROWS = 100_000
_LONGEST_HEADER = 1 << 16
_OURS = FileOptions(separator=",", encoding="utf-8", header=1)


def as_text(calls: pl.DataFrame) -> pl.DataFrame:
    """The cells as they stand in the file: prices with two decimal places or as many as they need, the rest as it is.

    A price of three decimal places gets a fourth, since 1.234 alone could be read as more than a thousand.

    Shape: n rows -> n rows, order kept; the same columns.
    """
    price = calls["Price"]
    rounded = price.cast(pl.Decimal(38, 2))
    finer = (rounded != price).fill_null(value=False)
    if not finer.any():
        return calls.with_columns(rounded)
    text = price.cast(pl.String).str.strip_chars_end("0")
    three_places = text.str.slice(-4, 1) == "."
    return calls.with_columns((text + "0").zip_with(three_places, text).zip_with(finer, rounded.cast(pl.String)))


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
        broken = errors["source_row"].n_unique()
        raise ContractError.broken(broken, broken + accepted.height, counts.rows())
    return accepted


def read_csv(path: str | Path | IO[bytes]) -> CallFrame:
    """The rows of a file that `write_csv` wrote, or of one like it. Inverse of `write_csv`.

    Shape: a row a line below the header -> rows, order kept; the 15 columns, absent ones null.

    Raises:
        InputError: the file can't be read.
        ContractError: a column is unknown, a cell has not the column's dtype, or a row breaks the contract.
    """
    with opened(path, _LIKE_OURS, may_be_empty=True) as export, export.explained():
        return proven(_typed(export.lazy.drop(SOURCE_ROW).collect()))


def check_csv(path: str | Path) -> int:
    """Rows of a CSV that is about to be sent, if it is what Metrica takes; read in bounded memory.

    Its bytes go out as they stand, so the names in its header must be the contract's to the letter.

    Raises:
        InputError: a record has another number of cells than the header, or the file can't be read.
        ContractError: a column is unknown or one of those that must stand in the header is absent, a cell has not its
            column's dtype, or a row breaks the contract.
    """
    name = str(path)
    with opened(path, _OURS, may_be_empty=True) as export, export.explained():
        absent = [column for column in (*IDS, "DateTime") if column not in export.columns]
        if absent:
            raise ContractError.header(name, absent)
        _refuse_unknown(export.columns)
        if _header(Path(path)) != export.columns:
            raise ContractError.not_csv(name)
        return sum(proven(_typed(batch.drop(SOURCE_ROW))).height for batch in export.batches(_BATCH_ROWS))


def _header(path: Path) -> list[str]:
    """The cells of the first line, as they stand there."""
    with path.open(encoding="utf-8", errors="replace", newline="") as text:
        return next(csv.reader([text.readline(_LONGEST_HEADER)]), [])


def _refuse_unknown(columns: list[str]) -> None:
    unknown = [name for name in columns if name not in DTYPES]
    if unknown:
        raise ContractError.unknown_columns(unknown, COLUMNS)


def _typed(text: pl.DataFrame) -> pl.DataFrame:
    """Cells of a file with the dtypes of the contract."""
    _refuse_unknown(text.columns)
    # A cast to Decimal rounds, so what would be rounded is no price.
    price = pl.when(pl.col("Price").str.contains(r"^-?[0-9]{1,32}(\.[0-9]{1,6})?$")).then("Price")
    exact = text.with_columns(price) if "Price" in text.columns else text
    typed = exact.with_columns(pl.col(name).cast(DTYPES[name], strict=False) for name in text.columns)
    for name in text.columns:
        lost = typed[name].null_count() - text[name].null_count()
        if lost:
            raise ContractError.cells(name, lost, DTYPES[name])
    return typed
