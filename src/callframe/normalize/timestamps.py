"""Moments as exports write them -> Unix seconds, UTC.

Nothing is guessed: a text without an offset needs a zone; `03/04/2026` needs a column that proves the order of day and
month, or an option that says it; a clock time that was skipped or repeated is refused unless an option says which side.
An order is proven by a cell that begins with a date in that order and none in the other, as `15/04/2026`, whether or
not its time of day can be read.

>>> import polars as pl
>>> frame = pl.DataFrame({"x": ["2026-11-21T14:05:01+03:00", "21.11.2026 14:05", "1795259101", "15/04/2026 9:05"]})
>>> frame.select(unix_utc(pl.col("x"), time_zone="Europe/Moscow"))["x"].to_list()
[1795259101, 1795259100, 1795259101, 1776233100]
"""

from collections.abc import Callable, Mapping

import polars as pl

from callframe.normalize import _answers, _moments, _readings
from callframe.normalize._moments import Moments
from callframe.normalize._tally import tally
from callframe.normalize._zones import Side

__all__ = ["FORMATS", "REASONS", "Side", "evidence", "explained", "reason", "settle", "unix_utc"]

FORMATS = _moments.FORMATS
"""The words that `format` can be; it can be a chrono pattern too."""

REASONS = _moments.REASONS


def unix_utc(
    expr: pl.Expr,
    *,
    time_zone: str | None = None,
    format: str | None = None,  # noqa: A002
    ambiguous: Side = "null",
    non_existent: Side = "null",
) -> pl.Expr:
    """The moment that a text says, in Unix seconds.

    The forms, mixed in one column as they come: ISO 8601 with or without seconds, fraction, offset; `YYYYMMDDThhmmss`
    and `YYYYMMDDhhmmss`; year first between slashes or points; `dd.mm.yyyy`; two numbers and a year between slashes or
    dashes; months in English or Russian words; RFC 2822; AM and PM; Unix time in seconds, milliseconds or microseconds,
    told apart by size; Excel serials from 20000 to 80000. Leading zeros may be missing, a comma may stand before the
    time. An offset in the text wins over the zone.

    Unix time from before September 2001 needs a `format` that says so: `250403091500` is rather a date with a year of
    two digits than milliseconds of 1977.

    Parts of a second are cut, towards the past; only an Excel serial, a rounded fraction of a day, means the nearest
    second. The years 1970 to 2100 (UTC) count.

    The rules of a zone are those of the installed tzdata package, whatever time zone data the machine or Polars has.

    Shape: n rows -> n rows, order kept. With `format` it streams; without, it needs the whole column, because a cell
    anywhere may prove the order of day and month.
    Null: null in -> null out; blank or no moment -> null. Of the dates between slashes or dashes, those that differ by
    the order are null while no order is proven, and all are null where both orders are.

    Args:
        expr: String.
        time_zone: IANA name of the zone whose clocks show the times without an offset; None: they are null.
        format: "day first" or "month first", for dates between slashes or dashes; "unix", "unix ms", "unix us", "excel"
            or "excel 1904", for a column of nothing else; or a chrono pattern such as "%d/%m/%Y %H:%M:%S", and then
            that alone counts, with every digit of numbers that stand side by side, as in "%Y%m%d%H%M%S".
        ambiguous: what a clock time means that came twice: "null", or "earliest" or "latest", as the clocks went before
            or after they were set back.
        non_existent: what a clock time means that was skipped: "null", or "earliest" or "latest", as the clocks went
            before or after they were set forward.

    Returns:
        Int64 seconds since 1970-01-01 00:00 UTC, 0 to 4133980799.

    Raises:
        OptionError: An option means nothing.

    >>> pl.select(unix_utc(pl.lit("03/04/2026 9:05:01"), time_zone="Europe/Moscow", format="day first")).item()
    1775196301
    """
    rules = _moments.rules(time_zone, format, ambiguous, non_existent)
    return _each(expr, Moments.values, pl.Int64(), rules)


def reason(
    expr: pl.Expr,
    *,
    time_zone: str | None = None,
    format: str | None = None,  # noqa: A002
    ambiguous: Side = "null",
    non_existent: Side = "null",
) -> pl.Expr:
    """Why a text says no moment, under the same options as `unix_utc`.

    Shape: n rows -> n rows, order kept.
    Null: blank, or a moment.

    Args:
        expr: String.
        time_zone: as for `unix_utc`.
        format: the same.
        ambiguous: the same.
        non_existent: the same.

    Returns:
        String: a head of `REASONS`, perhaps with `; detail` behind it.

    Raises:
        OptionError: An option means nothing.

    >>> pl.select(reason(pl.lit("26.10.2014 01:30"), time_zone="Europe/Moscow")).item()
    'clock time repeated; 2014-10-25 21:30 UTC or 22:30 UTC'
    """
    rules = _moments.rules(time_zone, format, ambiguous, non_existent)
    return _each(expr, Moments.reasons, pl.String(), rules)


def explained(
    expr: pl.Expr,
    *,
    time_zone: str | None = None,
    format: str | None = None,  # noqa: A002
    ambiguous: Side = "null",
    non_existent: Side = "null",
) -> pl.Expr:
    """The value and, where there is none though something is given, the reason: both for the price of one.

    Shape: n rows -> n rows, order kept. With `format` it streams.
    Null: as `unix_utc` and `reason`; the struct itself is never null.

    Args:
        expr: String.
        time_zone: as for `unix_utc`.
        format: the same.
        ambiguous: the same.
        non_existent: the same.

    Returns:
        Struct of `value`, what `unix_utc` gives, and `reason`, what `reason` gives.

    Raises:
        OptionError: An option means nothing.

    >>> pl.select(explained(pl.lit("26.10.2014"), time_zone="Europe/Moscow")).item()
    {'value': None, 'reason': 'no time of day'}
    """
    rules = _moments.rules(time_zone, format, ambiguous, non_existent)
    return _each(expr, _answers.in_one, _answers.explanation(pl.Int64), rules)


def evidence(expr: pl.Expr) -> pl.Expr:
    """What a column proves about the order of day and month in dates between slashes or dashes.

    Shape: n rows -> 1 row; streams.

    Args:
        expr: String.

    Returns:
        Struct of UInt32 counts: `day_first` and `month_first`, cells that begin with a date in that order alone,
        whether or not its time of day can be read; `undecided`, cells that are two different moments in the two orders;
        `naive`, cells that need a zone.

    >>> frame = pl.DataFrame({"x": ["03/04/2026 9:05", "15/04/2026 9:05", "1795259101"]})
    >>> frame.select(evidence(pl.col("x"))).item()
    {'day_first': 1, 'month_first': 0, 'undecided': 1, 'naive': 2}
    """
    return tally(
        expr.cast(pl.String), lambda text: pl.DataFrame(_moments.kinds(_readings.read(text, None))), _moments.EVIDENCE
    )


def settle(evidence: Mapping[str, int]) -> str | None:
    """The order that a column's evidence proves, as a `format`.

    Args:
        evidence: a row of `evidence`.

    Returns:
        "day first", "month first", or None where nothing is proven, or both.

    >>> settle({"day_first": 1, "month_first": 0, "undecided": 7, "naive": 8})
    'day first'
    """
    return _moments.order(evidence)


def _each(
    expr: pl.Expr, function: Callable[[Moments], pl.Series], dtype: pl.DataType, rules: _moments.Rules
) -> pl.Expr:
    return _answers.each(expr, lambda text: function(Moments(text, rules)), dtype, elementwise=rules.form is not None)
