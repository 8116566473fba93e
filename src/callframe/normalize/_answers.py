"""What a column of texts is answered: for each cell a value, or the reason why there is none."""

from collections.abc import Callable
from typing import Protocol

import polars as pl

__all__ = [
    "Reader",
    "Told",
    "by_two",
    "each",
    "explained",
    "explanation",
    "in_one",
    "of_rows",
    "reason",
    "side_by_side",
    "value",
]

Reader = Callable[[pl.Series], pl.DataFrame]
"""Cells -> as many rows of `value`, and `reason` where something is given that has no value."""


class Told(Protocol):
    """A column that has been read."""

    def values(self) -> pl.Series:
        """A value for each cell that has one."""

    def reasons(self) -> pl.Series:
        """A reason for each that is given and has none."""


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
    return each(expr, lambda cells: read(cells).to_struct(), explanation(dtype), elementwise=elementwise)


def explanation(dtype: _Dtype) -> pl.Struct:
    """The dtype of values of a dtype with their reasons."""
    return pl.Struct({"value": dtype, "reason": pl.String})


def side_by_side(values: pl.Series, reasons: pl.Series) -> pl.DataFrame:
    """What a reader gives."""
    return pl.DataFrame([values.alias("value"), reasons.alias("reason")])


def in_one(told: Told) -> pl.Series:
    """Both of what a column was found to say, under its name."""
    values = told.values()
    return side_by_side(values, told.reasons()).to_struct(values.name)


def by_two(values: Callable[[pl.Series], pl.Series], reasons: Callable[[pl.Series], pl.Series]) -> Reader:
    """A reader out of two functions of cells; the second is only asked of those to which the first gives no value."""

    def read(cells: pl.Series) -> pl.DataFrame:
        value, why = values(cells), cells.clear(len(cells))
        if value.null_count() > cells.null_count():
            lost = (cells.is_not_null() & value.is_null()).arg_true()
            why = why.scatter(lost, reasons(cells.gather(lost)))
        return side_by_side(value, why)

    return read


def of_rows(cells: pl.Series, rows: pl.Series, read: Reader) -> pl.DataFrame:
    """Cells where `rows` is true as `read` answers them; the others are their own value.

    >>> cells, schema = pl.Series(["a", "b"]), {"value": pl.String, "reason": pl.String}
    >>> of_rows(cells, cells == "b", lambda some: pl.DataFrame({"value": [None], "reason": ["no"]}, schema)).rows()
    [('a', None), (None, 'no')]
    """
    places = rows.arg_true()
    value, why = cells.clone(), cells.clear(len(cells))
    if len(places):
        told = read(cells.gather(places))
        value, why = value.scatter(places, told["value"]), why.scatter(places, told["reason"])
    return side_by_side(value, why)
