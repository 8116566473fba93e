"""Dates of fixed width, read eight bytes at a time.

`2026-11-21 14:05:01` and `21.11.2026 14:05:01` hold the same parts at fixed places, so a text is taken as three
words: the first eight bytes, the eight from the fourth on, and the last eight.
"""

import functools

import polars as pl

from callframe.normalize._bytes import ZEROS, at, byte, digits, literal, number, pairs, small, word

__all__ = ["LENGTHS", "read"]

LENGTHS = (15, 16, 18, 19)
"""Bytes of a date and a time: without and with seconds, hour of one or two digits."""

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
        (word(raw, 0) ^ number(ZEROS)).alias("head"),
        (word(raw, 3) ^ number(ZEROS)).alias("middle"),
        word(raw, -8).alias("tail"),
    )


@functools.cache
def _steps() -> tuple[tuple[pl.Expr, ...], ...]:
    head, middle, tail = pl.col("head"), pl.col("middle"), pl.col("tail")
    timed = pl.when(pl.col("size") >= 18).then(tail).otherwise(tail // literal(256**3) + number(_NO_SECONDS))
    padded = pl.when(tail & literal(255) == ord(" ")).then(tail + literal(ord("0") - ord(" "))).otherwise(tail)
    year_first = digits(head, (0, 1, 2, 3, 5, 6)) & digits(middle, (5, 6)) & _separated(head, 4, 7)
    year_last = digits(head, (0, 1, 3, 4)) & digits(middle, (3, 4, 5, 6)) & _separated(head, 2, 5)
    joint, size = byte(middle, 7), pl.col("size")
    joined = (joint == ord(" ") ^ ord("0")) | (joint == ord("T") ^ ord("0"))
    fitting = pl.any_horizontal(size == length for length in LENGTHS)
    timely = digits(tail, (0, 1, 3, 4, 6, 7)) & (tail & literal(at((2, 5), 0xFF)) == 0)
    return (
        (timed.alias("tail"),),
        ((padded ^ number(b"00:00:00")).alias("tail"),),
        (
            year_first.alias("year_first"),
            (timely & joined & fitting & (year_first | year_last)).alias("fits"),
            byte(head, 2).alias("separator"),
            pairs(head).alias("head"),
            pairs(middle).alias("middle"),
            pairs(tail).alias("tail"),
        ),
    )


@functools.cache
def _fields() -> tuple[pl.Expr, ...]:
    head, middle, tail, year_first = pl.col("head"), pl.col("middle"), pl.col("tail"), pl.col("year_first")
    century = pl.when(year_first).then(head).otherwise(middle // literal(256**3))
    first = pl.when(year_first).then(byte(head, 5)).otherwise(byte(head, 0))
    second = pl.when(year_first).then(byte(middle, 5)).otherwise(byte(head, 3))
    hour, minute, second_of_minute = byte(tail, 0), byte(tail, 3), byte(tail, 6)
    shown = pl.col("fits") & (hour < 24) & (minute < 60) & (second_of_minute < 60)
    return (
        small(byte(century, 0) * 100 + byte(century, 2)).alias("year"),
        small(first).alias("first"),
        small(second).alias("second"),
        year_first.alias("year_first"),
        (~year_first & (pl.col("separator") != ord(".") ^ ord("0"))).alias("slash"),
        pl.when(shown).then(small(hour * 3600 + minute * 60 + second_of_minute)).alias("clock"),
    )


def _separated(first: pl.Expr, one: int, other: int) -> pl.Expr:
    separator = byte(first, one)
    return (separator == byte(first, other)) & separator.is_between(ord("-") ^ ord("0"), ord("/") ^ ord("0"))
