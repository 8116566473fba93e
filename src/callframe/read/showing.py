"""A source -> what is understood of it, in memory that its length does not change."""

from typing import Any

import polars as pl

from callframe.read.display import Display
from callframe.read.looks import ROWS
from callframe.read.opening import opened
from callframe.read.options import FileOptions

__all__ = ["shown"]

_BATCH = 100_000


def shown(source: Any, options: FileOptions | None = None) -> Display:
    r"""What the frame of `read` shows, without holding all rows of a CSV or Parquet.

    Args:
        source: as for `read`.
        options: as for `read`.

    Raises:
        InputError: as `read`.
        Unclear: as `read`.

    >>> import io
    >>> print(str(shown(io.BytesIO("номер;дата\n8 (495) 123-45-67;03.04.2026 9:05\n".encode()))).splitlines()[0])
    the input: 1 row, 2 columns
    """
    with opened(source, options or FileOptions()) as export, export.explained():
        head = pl.DataFrame(schema=dict.fromkeys(export.columns, pl.String))
        rows = 0
        for frame in export.batches(_BATCH):
            head = head if rows >= ROWS else pl.concat([head, frame.select(head.columns).head(ROWS - rows)])
            rows += frame.height
        return Display.of(head, export.origin, rows)
