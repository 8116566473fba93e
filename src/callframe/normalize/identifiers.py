r"""Visitor ids as exports write them -> the same ids as text, digit for digit.

A spreadsheet keeps 15 digits of a number and puts zeros, or a power of ten, for the rest. An id that shows such a loss
is refused: the digits are gone, and what is left belongs to nobody, or to somebody else.

>>> import polars as pl
>>> frame = pl.DataFrame({"ClientId": ["1700000000123456789", "'0123456789", "1.7E+18", "1700000000123450000"]})
>>> frame.select(digits(pl.col("ClientId")))["ClientId"].to_list()
['1700000000123456789', '0123456789', None, None]
"""

from typing import Literal

import polars as pl

from callframe.errors import OptionError
from callframe.normalize import texts

__all__ = ["KINDS", "REASONS", "Kind", "digits", "reason", "text"]

Kind = Literal["digits", "text"]

KINDS: tuple[Kind, ...] = ("digits", "text")

REASONS: tuple[str, ...] = ("digits lost in a spreadsheet", "not digits", "too long", "zero", *texts.REASONS)
_LOST, _NOT, _LONG, _ZERO = REASONS[:4]

_TAIL = "[1-9][0-9]{0,4}|0[1-9][0-9]{0,3}|00[1-9][0-9]{0,2}|000[1-9][0-9]?|0000[1-9]"
_EASY = f"^(?:[1-9][0-9]{{0,14}}|[0-9]{{15}}(?:{_TAIL}))$"
_DIGITS = "^[0-9]{1,20}$"
_WHOLE_FLOAT = r"^([0-9]{1,15})[.,]0$"
_LOSSES = r"(?i)^[1-9][0-9]{14}0{3,}$|^[0-9]{16,}[.,]0*$|^[0-9]+(?:[.,][0-9]+)?e\+?[0-9]+$"
_POWER = r"(?i)^[0-9](?:[.,][0-9]+)?e\+[0-9]{1,3}$|^[0-9][.,][0-9]+e[0-9]{1,3}$"


def digits(expr: pl.Expr) -> pl.Expr:
    """The id of 1 to 20 digits, or null where the text is none, or shows that digits were lost.

    An apostrophe before it, `="…"` around it, and `.0` behind at most 15 digits are a spreadsheet's, and go.

    Shape: n rows -> n rows, order kept.
    Null: null in -> null out; blank, not digits, all zeros, longer than 20 digits, digits lost -> null.

    Args:
        expr: String.

    Returns:
        String of ASCII digits.

    >>> frame = pl.DataFrame({"x": ['="1700000000123456789"', "123456789.0", "1,23457E+18", "id7"]})
    >>> frame.select(digits(pl.col("x")))["x"].to_list()
    ['1700000000123456789', '123456789', None, None]
    """
    return texts.on_present(expr, lambda cells: texts.mended(cells, _EASY, lambda hard: _judged(hard)["id"]))


def text(expr: pl.Expr) -> pl.Expr:
    """The id as it is, or null where it shows that digits were lost.

    Control characters, an apostrophe before it and `="…"` around it go.

    Shape: n rows -> n rows, order kept.
    Null: null in -> null out; blank, digits lost -> null.

    Args:
        expr: String.

    Returns:
        String, never empty.

    >>> frame = pl.DataFrame({"x": ["user-17", "5e10ab", "1.7E+18"]})
    >>> frame.select(text(pl.col("x")))["x"].to_list()
    ['user-17', '5e10ab', None]
    """
    return texts.on_present(
        texts.unguarded(texts.plain(expr)), lambda cells: cells.set(cells.str.contains(_POWER), None)
    )


def reason(expr: pl.Expr, *, kind: Kind = "digits") -> pl.Expr:
    """Why a text is not an id: one of `REASONS`; null where it is one, or is blank.

    Shape: n rows -> n rows, order kept.

    Args:
        expr: String, as for `digits` or `text`.
        kind: which of the two.

    Returns:
        String.

    Raises:
        OptionError: `kind` is neither.

    >>> frame = pl.DataFrame({"x": ["1.7E+18", "1700000000123450000", "id7", "0", "1" * 21]})
    >>> frame.select(reason(pl.col("x")))["x"].to_list()
    ['digits lost in a spreadsheet', 'digits lost in a spreadsheet', 'not digits', 'zero', 'too long']
    """
    if kind not in KINDS:
        raise OptionError.unknown("a kind of id", kind, KINDS, example='kind="digits"')
    if kind == "digits":
        return texts.on_present(expr, lambda cells: _judged(cells)["why"])
    return pl.coalesce(texts.reason(expr), texts.on_present(texts.unguarded(texts.plain(expr)), _text_reasons))


def _text_reasons(cells: pl.Series) -> pl.Series:
    return pl.select(pl.when(pl.lit(cells).str.contains(_POWER)).then(pl.lit(_LOST))).to_series()


def _judged(cells: pl.Series) -> pl.DataFrame:
    """One row a cell: its `id`, or `why` it has none."""
    cell = pl.col("id")
    why = (
        pl.when(cell.str.contains("^0+$"))
        .then(pl.lit(_ZERO))
        .when(cell.str.contains(_LOSSES))
        .then(pl.lit(_LOST))
        .when(cell.str.contains("^[0-9]{21,}$"))
        .then(pl.lit(_LONG))
        .when(~cell.str.contains(_DIGITS))
        .then(pl.lit(_NOT))
    )
    return (
        pl.select(texts.unguarded(pl.lit(cells)).str.replace(_WHOLE_FLOAT, "$1").alias("id"))
        .with_columns(why.alias("why"))
        .with_columns(pl.when(pl.col("why").is_null()).then(cell))
    )
