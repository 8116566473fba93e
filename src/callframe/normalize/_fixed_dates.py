"""Dates of fixed width, read eight bytes at a time.

`2026-11-21 14:05:01` and `21.11.2026 14:05:01` hold the same parts at fixed places, so a text is taken as three
numbers of eight bytes (the first eight, the eight from the fourth on, the last eight), and all digits of a number are
tested and paired at once. That is some ten times cheaper than parsing the text once for each format it may have.
"""

import functools

import polars as pl

from callframe.normalize import _civil

__all__ = ["LENGTHS", "read"]

LENGTHS = (15, 16, 18, 19)
"""Bytes of a date and a time: without and with seconds, hour of one or two digits."""

_ZEROS = b"0" * 8
_NO_SECONDS = b"\0\0\0\0\0:00"


def read(text: pl.Series) -> pl.DataFrame:
    """Date frame of the texts that have a fixed form; nulls in `clock` for the others.

    The forms: `YYYY-MM-DD`, `YYYY/MM/DD`, `YYYY.MM.DD`, `DD.MM.YYYY`, and two numbers and a year between slashes or
    dashes; then a space or `T`; then `hh:mm` or `hh:mm:ss`, or `h:mm` or `h:mm:ss` after a space.
    """
    frame = text.to_frame("text").select(_words())
    for step in _steps():
        frame = frame.with_columns(step)
    return frame.select(_fields())


@functools.cache
def _words() -> tuple[pl.Expr, ...]:
    raw = pl.col("text").cast(pl.Binary)
    return (
        pl.col("text").str.len_bytes().alias("size"),
        (_word(raw, 0) ^ _number(_ZEROS)).alias("head"),
        (_word(raw, 3) ^ _number(_ZEROS)).alias("middle"),
        _word(raw, -8).alias("tail"),
    )


@functools.cache
def _steps() -> tuple[tuple[pl.Expr, ...], ...]:
    head, middle, tail = pl.col("head"), pl.col("middle"), pl.col("tail")
    timed = pl.when(pl.col("size") >= 18).then(tail).otherwise(tail // _literal(256**3) + _number(_NO_SECONDS))
    padded = pl.when(tail & _literal(255) == ord(" ")).then(tail + _literal(ord("0") - ord(" "))).otherwise(tail)
    year_first = _digits(head, (0, 1, 2, 3, 5, 6)) & _digits(middle, (5, 6)) & _separated(head, 4, 7)
    year_last = _digits(head, (0, 1, 3, 4)) & _digits(middle, (3, 4, 5, 6)) & _separated(head, 2, 5)
    joined = _byte(middle, 7).is_in([ord(" ") ^ ord("0"), ord("T") ^ ord("0")])
    timely = _digits(tail, (0, 1, 3, 4, 6, 7)) & (tail & _literal(_at((2, 5), 0xFF)) == 0)
    return (
        (timed.alias("tail"),),
        ((padded ^ _number(b"00:00:00")).alias("tail"),),
        (
            year_first.alias("year_first"),
            (timely & joined & pl.col("size").is_in(LENGTHS) & (year_first | year_last)).alias("fits"),
            _byte(head, 2).alias("separator"),
            _pairs(head).alias("head"),
            _pairs(middle).alias("middle"),
            _pairs(tail).alias("tail"),
        ),
    )


@functools.cache
def _fields() -> tuple[pl.Expr, ...]:
    head, middle, tail, year_first = pl.col("head"), pl.col("middle"), pl.col("tail"), pl.col("year_first")
    century = pl.when(year_first).then(head).otherwise(middle // _literal(256**3))
    first = pl.when(year_first).then(_byte(head, 5)).otherwise(_byte(head, 0))
    second = pl.when(year_first).then(_byte(middle, 5)).otherwise(_byte(head, 3))
    hour, minute, second_of_minute = _byte(tail, 0), _byte(tail, 3), _byte(tail, 6)
    shown = pl.col("fits") & (hour < 24) & (minute < 60) & (second_of_minute < 60)
    return (
        _small(_byte(century, 0) * 100 + _byte(century, 2)).alias("year"),
        _small(first).alias("first"),
        _small(second).alias("second"),
        year_first.alias("year_first"),
        (~year_first & (pl.col("separator") != ord(".") ^ ord("0"))).alias("slash"),
        pl.when(shown).then(_small(hour * 3600 + minute * 60 + second_of_minute)).alias("clock"),
    )


def _small(number: pl.Expr) -> pl.Expr:
    return number.cast(pl.Int32, wrap_numerical=True)


def _word(raw: pl.Expr, start: int) -> pl.Expr:
    word = raw.bin.slice(start, 8).bin.reinterpret(dtype=pl.UInt64, endianness="little")
    return word


def _number(text: bytes) -> pl.Expr:
    return _literal(int.from_bytes(text, "little"))


def _literal(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.UInt64)


def _at(places: tuple[int, ...], byte: int) -> int:
    return sum(byte << 8 * place for place in places)


def _digits(word: pl.Expr, places: tuple[int, ...]) -> pl.Expr:
    """Whether the bytes at these places, with "0" already taken away, are 0 to 9: adding 6 then sets no high bit."""
    return (word | word + _literal(_at(places, 6))) & _literal(_at(places, 0xF0)) == 0


def _separated(word: pl.Expr, one: int, other: int) -> pl.Expr:
    separator = _byte(word, one)
    return (separator == _byte(word, other)) & separator.is_between(ord("-") ^ ord("0"), ord("/") ^ ord("0"))


def _pairs(word: pl.Expr) -> pl.Expr:
    """In each byte, the number of two digits that starts there."""
    low = word & _literal(_at(tuple(range(8)), 0x0F))
    return low * 10 + low // 256


def _byte(word: pl.Expr, place: int) -> pl.Expr:
    return (word // _literal(256**place) if place else word) & _literal(255)
