"""The parts of a written date -> seconds, in whole-number arithmetic.

A date frame is what every reader of dates gives: `year`, the two other numbers of the date in the order they stand
(`first`, `second`), `year_first` and `slash` (which say what those two may mean), `clock` (seconds since midnight).
Nulls stand for what the text doesn't hold.
"""

import polars as pl

__all__ = ["DAY", "clock", "date", "days", "local", "possible"]

DAY = 86_400


def days(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Days since 1970-01-01, by counting years from March so that a leap day comes last."""
    late = month > 2
    year = year - (~late).cast(pl.Int32)
    month = month + pl.when(late).then(pl.lit(-3, pl.Int32)).otherwise(pl.lit(9, pl.Int32))
    return year * 365 + year // 4 - year // 100 + year // 400 + (month * 153 + 2) // 5 + day - 719_469


def possible(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Whether the calendar has this day."""
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    length = 30 + (month + month // 8) % 2 - (month == 2).cast(pl.Int32) * (2 - leap.cast(pl.Int32))
    return month.is_between(1, 12) & (day >= 1) & (day <= length)


def clock(hour: pl.Expr, minute: pl.Expr, second: pl.Expr) -> pl.Expr:
    """Seconds since midnight, or null where no clock shows it (24:00 and leap seconds included)."""
    shown = hour.is_between(0, 23) & minute.is_between(0, 59) & second.is_between(0, 59)
    return pl.when(shown).then(hour * 3600 + minute * 60 + second)


def date(*, month_first: bool) -> pl.Expr:
    """Days since 1970-01-01 of a date frame's rows, or null where the calendar has no such day.

    Args:
        month_first: How `slash` dates read.
    """
    year, first, second = pl.col("year"), pl.col("first"), pl.col("second")
    swap = pl.col("year_first") | pl.col("slash") if month_first else pl.col("year_first")
    month = pl.when(swap).then(first).otherwise(second)
    day = pl.when(swap).then(second).otherwise(first)
    return pl.when(possible(year, month, day)).then(days(year, month, day))


def local(*, month_first: bool) -> pl.Expr:
    """Seconds since 1970-01-01 00:00 on the same clock of a date frame's rows, or null where there is no such time."""
    return date(month_first=month_first).cast(pl.Int64) * DAY + pl.col("clock")
