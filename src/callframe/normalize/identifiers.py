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
from callframe.normalize import _answers, texts

__all__ = ["KINDS", "REASONS", "Kind", "digits", "explained", "reason", "text"]

Kind = Literal["digits", "text"]

KINDS: tuple[Kind, ...] = ("digits", "text")

REASONS: tuple[str, ...] = ("digits lost in a spreadsheet", "not digits", "too long", "zero", *texts.REASONS)
_LOST, _NOT, _LONG, _ZERO = REASONS[:4]

_MOST_DIGITS = 20
_CELL = pl.col("cell")
_IS_EASY = (
    (_CELL.cast(pl.UInt128, strict=False) > 0)
    & (_CELL.str.len_bytes() <= _MOST_DIGITS)
    & ~_CELL.str.ends_with("000")
    & ~_CELL.str.starts_with("+")
)
"""Whether a text is an id as it stands; of the others some are, too. A parse costs half of a pattern."""
_WHOLE_FLOAT = r"^([0-9]{1,15})[.,]0$"
_ZEROS = "^[1-9][0-9]{14}0{3,}$"
_LOSSES = rf"(?i){_ZEROS}|^[0-9]{{16,}}[.,]0*$|^[0-9]+(?:[.,][0-9]+)?e\+?[0-9]+$"
_LOST_IN_TEXT = rf"(?i){_ZEROS}|^[0-9](?:[.,][0-9]+)?e\+[0-9]{{1,3}}$|^[0-9][.,][0-9]+e[0-9]{{1,3}}$"


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
    return _answers.value(expr, _digits)


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
    return _answers.value(expr, _text)


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
    return _answers.reason(expr, _reader(kind))


def explained(expr: pl.Expr, *, kind: Kind = "digits") -> pl.Expr:
    """The id and, where there is none though something is given, the reason: `digits` or `text`, and `reason`, in one.

    Shape: n rows -> n rows, order kept.
    Null: either field, as for its function.

    Args:
        expr: String.
        kind: as for `reason`.

    Returns:
        Struct of `value` and `reason`, both String.

    Raises:
        OptionError: `kind` is neither.

    >>> frame = pl.DataFrame({"x": ["17", "1.7E+18"]})
    >>> frame.select(explained(pl.col("x"))).unnest("x").rows()
    [('17', None), (None, 'digits lost in a spreadsheet')]
    """
    return _answers.explained(expr, _reader(kind))


def _reader(kind: Kind) -> _answers.Reader:
    if kind not in KINDS:
        raise OptionError.unknown("a kind of id", kind, KINDS, example='kind="digits"')
    return _digits if kind == "digits" else _text


def _digits(cells: pl.Series) -> pl.DataFrame:
    is_easy = cells.alias("cell").to_frame().select(_IS_EASY).to_series()
    return _answers.of_rows(cells, ~is_easy.fill_null(value=False) & cells.is_not_null(), _judged)


def _text(cells: pl.Series) -> pl.DataFrame:
    inside = pl.col("inside")
    return (
        cells.alias("x")
        .to_frame()
        .select(texts.explained(pl.col("x")))
        .unnest("x")
        .with_columns(texts.unguarded(pl.col("value")).alias("inside"))
        .select(
            pl.when(~inside.str.contains(_LOST_IN_TEXT)).then(inside).alias("value"),
            pl.when(inside.str.contains(_LOST_IN_TEXT)).then(pl.lit(_LOST)).otherwise("reason").alias("reason"),
        )
    )


def _judged(cells: pl.Series) -> pl.DataFrame:
    cell = pl.col("value")
    why = (
        pl.when(cell.str.strip_chars("0") == "")
        .then(pl.lit(_ZERO))
        .when(cell.str.contains(_LOSSES))
        .then(pl.lit(_LOST))
        .when(~cell.str.contains("^[0-9]+$"))
        .then(pl.lit(_NOT))
        .when(cell.str.len_bytes() > _MOST_DIGITS)
        .then(pl.lit(_LONG))
    )
    return (
        pl.select(texts.unguarded(pl.lit(cells)).str.replace(_WHOLE_FLOAT, "$1").alias("value"))
        .with_columns(why.alias("reason"))
        .with_columns(pl.when(pl.col("reason").is_null()).then(cell))
    )
