"""Text of fixed width as words: numbers of eight bytes, the first byte lowest.

All digits of a word are tested and paired at once, for a fraction of what parsing the text in one format costs.
"""

import polars as pl

__all__ = ["ZEROS", "at", "byte", "digits", "literal", "number", "pairs", "small", "word"]

ZEROS = b"0" * 8


def word(raw: pl.Expr, start: int) -> pl.Expr:
    """Eight bytes of a Binary from `start` on (from the end, if negative); null where there are fewer."""
    return raw.bin.slice(start, 8).bin.reinterpret(dtype=pl.UInt64, endianness="little")


def number(text: bytes) -> pl.Expr:
    """The word of eight bytes of text."""
    return literal(int.from_bytes(text, "little"))


def literal(value: int) -> pl.Expr:
    """A constant of a word's type."""
    return pl.lit(value, dtype=pl.UInt64)


def at(places: tuple[int, ...], byte: int) -> int:
    """A word's number with `byte` at these places and 0 elsewhere."""
    return sum(byte << 8 * place for place in places)


def digits(word: pl.Expr, places: tuple[int, ...]) -> pl.Expr:
    """Whether the bytes there, "0" already taken away from them, are 0 to 9: adding 6 then sets no high bit."""
    return (word | word + literal(at(places, 6))) & literal(at(places, 0xF0)) == 0


def pairs(word: pl.Expr) -> pl.Expr:
    """In each byte, the number of two digits that starts there."""
    low = word & literal(at(tuple(range(8)), 0x0F))
    return low * 10 + low // 256


def byte(word: pl.Expr, place: int) -> pl.Expr:
    """One byte of a word."""
    return (word // literal(256**place) if place else word) & literal(255)


def small(number: pl.Expr) -> pl.Expr:
    """A number known to be small, as Int32."""
    return number.cast(pl.Int32, wrap_numerical=True)
