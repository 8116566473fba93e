"""Yes and no as people write them -> 1 and 0, from closed lists of words.

A word outside the list has no value: whether «Новый» means a first call is not for a library to guess. Each contract
column has its own list, and its polarity is the column's: «Пропущен» is 1 in `CALL_MISSED`.

>>> import polars as pl
>>> frame = pl.DataFrame({"status": ["Отвечен", "Пропущенный", "no answer", "да", "занято"]})
>>> frame.select(binary(pl.col("status"), words=CALL_MISSED))["status"].to_list()
[0, 1, 1, 1, None]
"""

from collections.abc import Callable, Mapping

import polars as pl

from callframe.errors import OptionError
from callframe.normalize import _answers, texts

__all__ = ["CALL_MISSED", "FIRST_TIME_CALLER", "PLAIN", "REASONS", "STATIC_CALL", "binary", "explained", "reason"]

REASONS: tuple[str, ...] = ("unknown word",)

PLAIN: Mapping[str, int] = {
    **dict.fromkeys(("1", "1.0", "1,0", "true", "t", "yes", "y", "on", "да", "истина", "+"), 1),
    **dict.fromkeys(("0", "0.0", "0,0", "false", "f", "no", "n", "off", "нет", "ложь"), 0),
}
"""The plain booleans. `-` is not among them: it says that nothing is there."""

CALL_MISSED: Mapping[str, int] = {
    **PLAIN,
    **dict.fromkeys(
        (
            "missed",
            "missed call",
            "no answer",
            "not answered",
            "unanswered",
            "unanswered call",
            "lost",
            "lost call",
            "пропущен",
            "пропущена",
            "пропущено",
            "пропущенный",
            "пропущенный звонок",
            "пропущенный вызов",
            "неотвечен",
            "не отвечен",
            "неотвеченный",
            "неотвеченный звонок",
            "неотвеченный вызов",
            "не отвечено",
            "без ответа",
            "нет ответа",
            "не принят",
            "не принятый",
            "непринятый",
            "непринятый звонок",
            "непринятый вызов",
            "потерян",
            "потерянный",
            "потерянный звонок",
        ),
        1,
    ),
    **dict.fromkeys(
        (
            "answer",
            "answered",
            "answered call",
            "received",
            "отвечен",
            "отвечено",
            "отвеченный",
            "отвеченный звонок",
            "отвеченный вызов",
            "принят",
            "принято",
            "принятый",
            "принятый звонок",
            "принятый вызов",
        ),
        0,
    ),
}
"""Was the call missed? Busy, failed and cancelled calls are left to a mapping's `values`: services differ on them."""

STATIC_CALL: Mapping[str, int] = {
    **PLAIN,
    **dict.fromkeys(
        (
            "static",
            "static call",
            "static call tracking",
            "статический",
            "статический звонок",
            "статический коллтрекинг",
            "статика",
        ),
        1,
    ),
    **dict.fromkeys(
        (
            "dynamic",
            "dynamic call",
            "dynamic call tracking",
            "динамический",
            "динамический звонок",
            "динамический коллтрекинг",
            "динамика",
        ),
        0,
    ),
}
"""Did the call come to a static number?"""

FIRST_TIME_CALLER: Mapping[str, int] = {
    **PLAIN,
    **dict.fromkeys(
        (
            "first",
            "first call",
            "first time",
            "first time caller",
            "primary",
            "первый",
            "первый звонок",
            "первый раз",
            "впервые",
            "первичный",
            "первичный звонок",
            "первичное обращение",
            "первичное",
        ),
        1,
    ),
    **dict.fromkeys(
        (
            "repeat",
            "repeated",
            "repeat call",
            "repeat caller",
            "secondary",
            "повторный",
            "повторный звонок",
            "повторное",
            "повторное обращение",
            "повторно",
        ),
        0,
    ),
}
"""Is it the caller's first call? «Новый» and «вернувшийся» visitors are not here: they tell of visits, not of calls."""


def binary(expr: pl.Expr, *, words: Mapping[str, int] = PLAIN) -> pl.Expr:
    """1 or 0 as the word says, or null where the list does not have the word.

    Case, ё for е, a closing dot, and a hyphen, underscore or nothing for an inner space make no difference.

    Shape: n rows -> n rows, order kept.
    Null: null in -> null out; blank or unknown -> null.

    Args:
        expr: String.
        words: what each word means, 1 or 0.

    Returns:
        Int8.

    Raises:
        OptionError: a word means something else than 1 or 0.

    >>> frame = pl.DataFrame({"x": ["TRUE", "нет", "No.", "2"]})
    >>> frame.select(binary(pl.col("x")))["x"].to_list()
    [1, 0, 0, None]
    """
    return _answers.each(expr, _meanings(words), pl.Int8)


def reason(expr: pl.Expr, *, words: Mapping[str, int] = PLAIN) -> pl.Expr:
    """Why a text is neither 1 nor 0: `unknown word`; null where it is, or is blank.

    Shape: n rows -> n rows, order kept.

    Args:
        expr: String.
        words: as for `binary`.

    Returns:
        String.

    Raises:
        OptionError: as for `binary`.

    >>> frame = pl.DataFrame({"x": ["да", "может быть", ""]})
    >>> frame.select(reason(pl.col("x")))["x"].to_list()
    [None, 'unknown word', None]
    """
    return _answers.reason(expr, _reader(words))


def explained(expr: pl.Expr, *, words: Mapping[str, int] = PLAIN) -> pl.Expr:
    """The value and, where there is none though something is given, the reason: `binary` and `reason` in one.

    Shape: n rows -> n rows, order kept.
    Null: either field, as for its function.

    Args:
        expr: String.
        words: as for `binary`.

    Returns:
        Struct of `value`, Int8, and `reason`, String.

    Raises:
        OptionError: as for `binary`.

    >>> frame = pl.DataFrame({"x": ["да", "может быть"]})
    >>> frame.select(explained(pl.col("x"))).unnest("x").rows()
    [(1, None), (None, 'unknown word')]
    """
    return _answers.explained(expr, _reader(words), pl.Int8)


def _reader(words: Mapping[str, int]) -> _answers.Reader:
    return _answers.by_two(_meanings(words), texts.by_word(_unknown))


def _unknown(cells: pl.Series) -> pl.Series:
    return pl.select(pl.when(pl.lit(_folded(cells)).is_not_null()).then(pl.lit(REASONS[0]))).to_series()


def _meanings(words: Mapping[str, int]) -> Callable[[pl.Series], pl.Series]:
    meaning = dict.fromkeys(_spellings(words, 1), 1) | dict.fromkeys(_spellings(words, 0), 0)

    def known(cells: pl.Series) -> pl.Series:
        return cells.replace_strict(meaning, default=None, return_dtype=pl.Int8)

    def meanings(cells: pl.Series) -> pl.Series:
        plain = known(cells)
        return known(_folded(cells)) if plain.null_count() > cells.null_count() else plain

    return texts.by_word(meanings)


def _folded(cells: pl.Series) -> pl.Series:
    return pl.select(texts.unguarded(pl.lit(cells))).to_series().str.to_lowercase().str.strip_chars_end(". ")


def _spellings(words: Mapping[str, int], meaning: int) -> list[str]:
    """Every accepted spelling of the words that mean `meaning`, folded."""
    for value in words.values():
        if value not in (0, 1):
            raise OptionError.unknown("what a word can mean", value, example='words={"Отвечен": 0, "Пропущен": 1}')
    chosen = [" ".join(word.lower().split()).rstrip(". ") for word, value in words.items() if value == meaning]
    joined = {word.replace(" ", joint) for word in chosen for joint in (" ", "-", "_", "")}
    return sorted(joined | {word.replace("ё", "е") for word in joined})
