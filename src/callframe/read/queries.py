"""Frames that come one after another -> a query over them all."""

from collections.abc import Callable, Iterator, Sequence

import polars as pl
from polars.io.plugins import register_io_source

from callframe.read.frames import SOURCE_ROW

__all__ = ["Batches", "query"]

_BATCH = 100_000
"""Rows that a query is given at a time, if it asks for no fewer."""

Batches = Callable[[int], Iterator[pl.DataFrame]]
"""From a number of rows to frames of about so many."""


def query(batches: Batches, columns: Sequence[str]) -> pl.LazyFrame:
    """The rows of `batches` as a query: `source_row`, then these columns of text."""

    def source(
        names: list[str] | None, predicate: pl.Expr | None, rows: int | None, batch: int | None
    ) -> Iterator[pl.DataFrame]:
        for frame in batches(min(rows or _BATCH, batch or _BATCH)):
            part = frame if rows is None else frame.head(rows)
            rows = None if rows is None else rows - part.height
            yield part.select(names or pl.all()).filter(True if predicate is None else predicate)
            if rows == 0:
                return

    return register_io_source(source, schema={SOURCE_ROW: pl.Int64, **dict.fromkeys(columns, pl.String)})
