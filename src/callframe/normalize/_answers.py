"""What a column of texts is answered: for each cell a value, or the reason why there is none."""

from collections.abc import Callable

import polars as pl

__all__ = ["Reader", "by_two", "each", "explained", "reason", "value"]

Reader = Callable[[pl.Series], pl.DataFrame]
"""Cells -> as many rows of `value`, and `reason` where something is given that has no value."""

_Dtype = pl.DataType | type[pl.DataType]


def each(
    expr: pl.Expr, function: Callable[[pl.Series], pl.Series], dtype: _Dtype = pl.String, *, elementwise: bool = True
) -> pl.Expr:
    """What a function makes of the texts of a column."""
    return expr.cast(pl.String).map_batches(
        lambda cells: function(cells).alias(cells.name), return_dtype=dtype, is_elementwise=elementwise
    )


def value(expr: pl.Expr, read: Reader, dtype: _Dtype = pl.String, *, elementwise: bool = True) -> pl.Expr:
    """The values alone."""
    return each(expr, lambda cells: read(cells)["value"], dtype, elementwise=elementwise)


def reason(expr: pl.Expr, read: Reader, *, elementwise: bool = True) -> pl.Expr:
    """The reasons alone."""
    return each(expr, lambda cells: read(cells)["reason"], elementwise=elementwise)


def explained(expr: pl.Expr, read: Reader, dtype: _Dtype = pl.String, *, elementwise: bool = True) -> pl.Expr:
    """Both, as a struct."""
    both = pl.Struct({"value": dtype, "reason": pl.String})
    return each(expr, lambda cells: read(cells).to_struct(), both, elementwise=elementwise)


def by_two(values: Callable[[pl.Series], pl.Series], reasons: Callable[[pl.Series], pl.Series]) -> Reader:
    """A reader out of two functions of cells; the second is only asked of those to which the first gives no value."""

    def read(cells: pl.Series) -> pl.DataFrame:
        value, why = values(cells), cells.clear(len(cells))
        if value.null_count() > cells.null_count():
            lost = (cells.is_not_null() & value.is_null()).arg_true()
            why = why.scatter(lost, reasons(cells.gather(lost)))
        return pl.DataFrame([value.alias("value"), why.alias("reason")])

    return read
