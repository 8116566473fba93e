"""Text as people typed it -> text worth keeping, or null.

A cell that says "nothing here" in words is as empty as a blank one: exports write `<не указано>`, `null`, `-`
and the like where a value is absent.

>>> import polars as pl
>>> pl.select(present(pl.lit("  \\ufeff яблоки "))).item()
'яблоки'
>>> pl.select(present(pl.lit("<не указано>"))).item() is None
True
"""

import polars as pl

__all__ = ["BLANKS", "REASONS", "plain", "present", "reason"]

REASONS: tuple[str, ...] = ()

BLANKS = (
    "-",
    "--",
    "—",
    "–",
    "''",
    '""',
    "null",
    "none",
    "nil",
    "nan",
    "n/a",
    "#n/a",
    "na",
    "<na>",
    "nat",
    "undefined",
    "(not set)",
    "(none)",
    "[]",
    "{}",
    "<не указано>",
    "(не указано)",
    "не указано",
    "не задано",
    "не заполнен",
    "не заполнено",
    "не определено",
    "отсутствует",
    "нет данных",
    "пусто",
    "<пусто>",
)
"""What exports write where there is no value, in lower case."""

_SPACE = " \t\r\n\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
_LONGEST_BLANK = max(len(word.encode()) for word in BLANKS)
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}\x{feff}\x{200b}\x{2060}]"


def present(expr: pl.Expr) -> pl.Expr:
    """The text without the space around it, or null where it says that nothing is there.

    Shape: n rows -> n rows, order kept.
    Null: null in -> null out; blank text and the words of `BLANKS` (any case) -> null.

    Args:
        expr: String.

    Returns:
        String, never empty.

    >>> pl.Series(["\\u00a0x ", "", "NULL", None]).to_frame("x").select(present(pl.col("x")))["x"].to_list()
    ['x', None, None, None]
    """
    text = expr.str.strip_chars(_SPACE)
    size = text.str.len_bytes()
    blank = (size == 0) | ((size <= _LONGEST_BLANK) & text.str.to_lowercase().is_in(BLANKS))
    return pl.when(~blank).then(text)


def plain(expr: pl.Expr) -> pl.Expr:
    """The text with control characters and byte order marks taken out, nothing else changed.

    Shape: n rows -> n rows, order kept.
    Null: null in -> null out; nothing left -> null. Line ends and tabs inside the text stay.

    Args:
        expr: String.

    Returns:
        String, never empty.

    >>> pl.select(plain(pl.lit(" цена\\x07 высока "))).item()
    'цена высока'
    """
    text = present(expr)
    return pl.when(text.str.contains(_CONTROL)).then(present(text.str.replace_all(_CONTROL, ""))).otherwise(text)


def reason(expr: pl.Expr) -> pl.Expr:
    """Why a text has no plain form: never, so null for every row.

    Shape: n rows -> n rows, order kept.

    Args:
        expr: String.

    Returns:
        String, all null.

    >>> pl.select(reason(pl.lit("любой"))).item() is None
    True
    """
    return pl.when(expr.is_null() & expr.is_not_null()).then(pl.lit(""))
