"""Counting several things about a column in one pass over a stream.

Polars runs a Python function once for each place in a query that names it, so four sums over its result would call it
four times. Here a cell's marks become the digits of one number, and one sum counts them all.
"""

from collections.abc import Callable

import polars as pl

__all__ = ["tally"]

_COUNT = 2**31
"""No mark is counted this often in one column."""


def tally(expr: pl.Expr, marks: Callable[[pl.Series], pl.DataFrame], names: tuple[str, ...]) -> pl.Expr:
    """One struct of UInt32 counts.

    Args:
        expr: any column.
        marks: gives a Boolean column for each name, row by row.
        names: at most four.
    """
    weights = {name: pl.lit(_COUNT**place, dtype=pl.Int128) for place, name in enumerate(names)}

    def number(cells: pl.Series) -> pl.Series:
        weighed = (pl.col(name).cast(pl.Int128).fill_null(0) * weight for name, weight in weights.items())
        return marks(cells).select(pl.sum_horizontal(weighed).alias(cells.name)).to_series()

    def counts(total: pl.Series) -> pl.Series:
        frame = total.alias("total").to_frame()
        fields = ((pl.col("total") // weight % _COUNT).cast(pl.UInt32).alias(name) for name, weight in weights.items())
        return frame.select(pl.struct(*fields).alias(total.name)).to_series()

    fields = pl.Struct(dict.fromkeys(names, pl.UInt32))
    total = expr.map_batches(number, return_dtype=pl.Int128, is_elementwise=True).sum()
    return total.map_batches(counts, return_dtype=fields, is_elementwise=True)
