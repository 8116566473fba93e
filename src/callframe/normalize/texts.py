r"""Text as people typed it -> text worth keeping, or null.

A cell that says "nothing here" in words is as empty as a blank one: exports write `<не указано>`, `null`, `-`
and the like where a value is absent.

>>> import polars as pl
>>> pl.select(present(pl.lit("  \ufeff яблоки "))).item()
'яблоки'
>>> pl.select(present(pl.lit("<не указано>"))).item() is None
True
"""

import re
from collections.abc import Callable

import polars as pl

from callframe.normalize import _answers

__all__ = [
    "BLANKS",
    "REASONS",
    "SPACE",
    "by_word",
    "explained",
    "mended",
    "on_present",
    "on_rows",
    "plain",
    "positions",
    "present",
    "reason",
    "unguarded",
]

REASONS: tuple[str, ...] = ("nothing but control characters",)

BLANKS = (
    "-",
    "--",
    "—",
    "–",
    "''",
    '""',
    "null",
    "<null>",
    "(null)",
    "\\n",
    "none",
    "nil",
    "nan",
    "n/a",
    "#n/a",
    "#н/д",
    "н/д",
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
    "не указан",
    "не указана",
    "не задано",
    "не заполнен",
    "не заполнена",
    "не заполнено",
    "не определен",
    "не определён",
    "не определено",
    "отсутствует",
    "нет данных",
    "пусто",
    "<пусто>",
    "(пусто)",
)
"""What exports write where there is no value, in lower case."""

SPACE = (
    " \t\r\n\v\f\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
"""Every character that counts as space around a text: Unicode's, and the invisible ones."""

_EDGE = r"[\s\x{200b}\x{2060}\x{feff}]"
_AROUND = f"{_EDGE}*"
_BLANK = f"(?i)^{_AROUND}(?:{'|'.join(map(re.escape, BLANKS))})?{_AROUND}$"
_CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}\x{feff}\x{200b}\x{2060}"
_CLEAN = f"^[^{_CONTROLS}]*$"
_UNEASY = f"{_BLANK}|^{_EDGE}|{_EDGE}$|[{_CONTROLS}]"
"""What every text matches that isn't kept just as it is."""
_FEW_WORDS = 24
"""So many words are found sooner one by one than in a table."""
_SAMPLE = 1000
"""Cells at the head of a column that likely hold all of its words, if it has few."""


def present(expr: pl.Expr) -> pl.Expr:
    r"""The text without the space around it, or null where it says that nothing is there.

    Shape: n rows -> n rows, order kept.
    Null: null in -> null out; blank text and the words of `BLANKS` (any case) -> null.

    Args:
        expr: String.

    Returns:
        String, never empty.

    >>> pl.Series(["\u00a0x ", "", "NULL", None]).to_frame("x").select(present(pl.col("x")))["x"].to_list()
    ['x', None, None, None]
    """
    text = expr.cast(pl.String)
    return pl.when(~text.str.contains(_BLANK)).then(text).str.strip_chars(SPACE)


def unguarded(expr: pl.Expr) -> pl.Expr:
    """The text inside a spreadsheet's guard: `'+7…` and `="…"` keep a spreadsheet from reading digits as a number.

    A leading apostrophe is a guard only where none closes the text: `'a'` is quoted, and stays.

    Shape: n rows -> n rows, order kept.
    Null: null in -> null out; blank, also inside the guard -> null.

    Args:
        expr: String.

    Returns:
        String, never empty.

    >>> pl.Series(["'0123", '="0123"', "'a'"]).to_frame("x").select(unguarded(pl.col("x")))["x"].to_list()
    ['0123', '0123', "'a'"]
    """
    return on_present(present(expr), lambda cells: mended(cells, "^[^'=]", _inside_guard))


def on_present(
    expr: pl.Expr,
    function: Callable[[pl.Series], pl.Series],
    dtype: pl.DataType | type[pl.DataType] = pl.String,
    *,
    elementwise: bool = True,
) -> pl.Expr:
    """What `function` makes of the cells that are there: it sees those alone, and isn't called where all are null.

    Shape: n rows -> n rows, order kept; streams if elementwise.
    Null: null in -> null out.

    Args:
        expr: String.
        function: gives a series as long as the one it is given, row by row.
        dtype: what `function` gives.
        elementwise: whether `function` may see a column in parts.

    Returns:
        `dtype`.

    >>> frame = pl.DataFrame({"x": [None, "a", None]})
    >>> frame.select(on_present(pl.col("x"), lambda cells: cells + "!"))["x"].to_list()
    [None, 'a!', None]
    """
    return _answers.each(
        expr, lambda cells: on_rows(cells, cells.is_not_null(), function, dtype), dtype, elementwise=elementwise
    )


def on_rows(
    cells: pl.Series,
    rows: pl.Series,
    function: Callable[[pl.Series], pl.Series],
    dtype: pl.DataType | type[pl.DataType] = pl.String,
) -> pl.Series:
    """What `function` makes of the cells where `rows` is true, null elsewhere; as `on_present`, for a series.

    >>> cells = pl.Series(["a", "b"])
    >>> on_rows(cells, cells == "b", lambda some: some + "!").to_list()
    [None, 'b!']
    """
    places = rows.arg_true()
    if len(places) == len(cells) and len(cells):
        return function(cells).alias(cells.name)
    nothing = pl.Series(cells.name, dtype=dtype).clear(len(cells))
    return nothing.scatter(places, function(cells.gather(places))) if len(places) else nothing


def mended(cells: pl.Series, fine: str, function: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Cells that match the pattern `fine` as they are, the others as `function` makes them.

    >>> mended(pl.Series(["12", "1 2"]), "^[0-9]+$", lambda some: some.str.replace(" ", "")).to_list()
    ['12', '12']
    """
    return _changed(cells, ~cells.str.contains(fine), function)


def _changed(cells: pl.Series, rows: pl.Series, function: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """The cells where `rows` is true as `function` makes them, the others as they are."""
    places = rows.arg_true()
    # Scattering changes the series itself; a clone shares whatever stays.
    return cells.clone().scatter(places, function(cells.gather(places))) if len(places) else cells


def by_word(function: Callable[[pl.Series], pl.Series]) -> Callable[[pl.Series], pl.Series]:
    """The same function of a series, asked once a word where words repeat.

    >>> by_word(lambda words: words + "!")(pl.Series(["a", "a", "a", "b"])).to_list()
    ['a!', 'a!', 'a!', 'b!']
    """

    def apply(cells: pl.Series) -> pl.Series:
        words = cells.head(_SAMPLE).unique()
        if len(words) <= _FEW_WORDS < len(cells):
            places = positions(cells, words)
            if not places.has_nulls():
                return function(words).gather(places).alias(cells.name)
        words = cells.unique()
        if len(words) >= len(cells) // 2:
            return function(cells)
        return function(words).gather(positions(cells, words)).alias(cells.name)

    return apply


def positions(cells: pl.Series, words: pl.Series) -> pl.Series:
    """Where in `words`, each of them another, each cell stands.

    >>> positions(pl.Series(["b", "a", "b"]), pl.Series(["a", "b"])).to_list()
    [1, 0, 1]
    """
    if len(words) > _FEW_WORDS:
        return cells.replace_strict(words, pl.int_range(len(words), dtype=pl.UInt32, eager=True))
    place = pl.lit(None, pl.UInt32)
    for number, word in enumerate(words):
        place = pl.when(pl.lit(cells).eq_missing(word)).then(pl.lit(number, pl.UInt32)).otherwise(place)
    return pl.select(place).to_series()


def _without_control(cells: pl.Series) -> pl.Series:
    return cells.str.replace_all(f"[{_CONTROLS}]", "")


def _inside_guard(cells: pl.Series) -> pl.Series:
    inside = _without_apostrophe(cells).str.replace('^="([^"]*)"$', "$1").str.strip_chars(SPACE)
    return pl.select(present(pl.lit(_without_apostrophe(inside)))).to_series()


def _without_apostrophe(cells: pl.Series) -> pl.Series:
    opened = cells.str.starts_with("'") & ~cells.str.ends_with("'")
    return cells.str.strip_chars_start("'" + SPACE).zip_with(opened, cells) if opened.any() else cells


def plain(expr: pl.Expr) -> pl.Expr:
    r"""The text with control characters, byte order marks and other marks of no width taken out, nothing else changed.

    The marks are U+FEFF, U+200B and U+2060; joiners, which change how letters look, stay.

    Shape: n rows -> n rows, order kept.
    Null: null in -> null out; nothing left -> null. Line ends and tabs inside the text stay.

    Args:
        expr: String.

    Returns:
        String, never empty.

    >>> pl.select(plain(pl.lit(" цена\x07 высока "))).item()
    'цена высока'
    """
    return _answers.each(expr, _plain)


def reason(expr: pl.Expr) -> pl.Expr:
    r"""Why a text has no plain form: `nothing but control characters`; null where it has one, or is blank.

    Shape: n rows -> n rows, order kept.

    Args:
        expr: String.

    Returns:
        String.

    >>> frame = pl.DataFrame({"x": ["любой", "\x07", ""]})
    >>> frame.select(reason(pl.col("x")))["x"].to_list()
    [None, 'nothing but control characters', None]
    """
    return _answers.reason(expr, _READER)


def explained(expr: pl.Expr) -> pl.Expr:
    r"""The text and, where there is none though something is given, the reason: `plain` and `reason` in one.

    Shape: n rows -> n rows, order kept.
    Null: either field, as for its function.

    Args:
        expr: String.

    Returns:
        Struct of `value` and `reason`, both String.

    >>> pl.Series("x", ["любой", "\x07"]).to_frame().select(explained(pl.col("x"))).unnest("x").rows()
    [('любой', None), (None, 'nothing but control characters')]
    """
    return _answers.explained(expr, _READER)


def _visible(cells: pl.Series) -> pl.Series:
    clean = mended(pl.select(present(pl.lit(cells))).to_series(), _CLEAN, _without_control)
    return pl.select(present(pl.lit(clean))).to_series()


def _invisible(cells: pl.Series) -> pl.Series:
    return pl.select(pl.when(present(pl.lit(cells)).is_not_null()).then(pl.lit(REASONS[0]))).to_series()


def _plain(cells: pl.Series) -> pl.Series:
    return _changed(cells, cells.str.contains(_UNEASY), _visible)


_READER = _answers.by_two(_plain, _invisible)
