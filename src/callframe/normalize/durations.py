"""Lengths of calls as exports write them -> whole seconds.

A bare whole number is seconds, Metrica's own unit. `1:35` may be minutes and seconds or hours and minutes: an option
says which, or the column proves it by a cell that would be longer than a day as hours and minutes, as `75:10`.

>>> import polars as pl
>>> frame = pl.DataFrame({"x": ["65", "0:01:05", "1 мин 5 сек", "PT1M5S", "1:05", "75:10"]})
>>> frame.select(seconds(pl.col("x")))["x"].to_list()
[65, 65, 65, 65, 65, 4510]
"""

from collections.abc import Callable, Mapping

import polars as pl

from callframe.errors import OptionError
from callframe.normalize import _answers, _differences, _moments, _spans
from callframe.normalize._differences import Differences
from callframe.normalize._lengths import LAYOUTS, Lengths
from callframe.normalize._tally import tally
from callframe.normalize._zones import Side

__all__ = [
    "DIFFERENCE_REASONS",
    "FRACTION",
    "LONGEST",
    "REASONS",
    "UNITS",
    "difference",
    "difference_explained",
    "difference_reason",
    "evidence",
    "explained",
    "reason",
    "seconds",
    "settle",
]

FRACTION = _spans.FRACTION
"""Pattern of a bare number that is a duration only in a unit: it has a fraction, or may be grouped."""

LONGEST = _spans.LONGEST
"""The longest duration that counts, in seconds: 24 hours."""

UNITS = (*_spans.UNITS, *LAYOUTS)
"""What `unit` can be: the unit of bare numbers, or what the parts between colons are."""

REASONS = _spans.REASONS

DIFFERENCE_REASONS = _differences.REASONS
"""Heads of the reasons that `difference_reason` gives."""


def seconds(expr: pl.Expr, *, unit: str | None = None) -> pl.Expr:
    """The length of time that a text says, in whole seconds.

    The forms: a number; `h:mm:ss`; `1 ч 2 мин 5 сек`, `1h 2m 5s` and the like; ISO 8601 (`PT1M5S`); and two parts with
    a colon, `1:35`, once it is settled what they are. A text that names its own units means those, whatever `unit` is.

    A number that may be grouped is refused: `1,000` and `1.000` while no unit is settled, `12,345` seconds or
    milliseconds too. `0,345` and `1234,567` can't be, `12.345` seconds and `1,234` minutes aren't meant to be. So is a
    number with a quote behind it, such as `5'`, which may be minutes.

    Parts of a second are cut. Decimal minutes, hours and days mean the nearest second, because their fraction is a
    rounded one (95 seconds are 1.58 minutes, or 0.001099537 days in a spreadsheet).

    Shape: n rows -> n rows, order kept. With `unit` it streams; without, it needs the whole column, because a cell
    anywhere may settle what `1:35` is.
    Null: null in -> null out; blank, no duration, negative, longer than 24 hours, or unsettled -> null.

    Args:
        expr: String.
        unit: "milliseconds", "seconds", "minutes", "hours" or "days" for bare numbers, with a fraction or without;
            "m:s" or "h:m" for two parts; "h:m:s" where two parts are to be refused. None: bare whole numbers are
            seconds, and two parts are what the column proves.

    Returns:
        Int64 seconds, 0 to 86400.

    Raises:
        OptionError: No such unit.

    >>> pl.select(seconds(pl.lit("1,5"), unit="minutes")).item()
    90
    """
    return _each(expr, Lengths.values, pl.Int64(), unit)


def reason(expr: pl.Expr, *, unit: str | None = None) -> pl.Expr:
    """Why a text is no duration, under the same options as `seconds`.

    Shape: n rows -> n rows, order kept.
    Null: blank, or a duration.

    Args:
        expr: String.
        unit: as for `seconds`.

    Returns:
        String, one of `REASONS`.

    Raises:
        OptionError: No such unit.

    >>> pl.select(reason(pl.lit("1:35"))).item()
    'minutes or hours first?'
    """
    return _each(expr, Lengths.reasons, pl.String(), unit)


def explained(expr: pl.Expr, *, unit: str | None = None) -> pl.Expr:
    """The value and, where there is none though something is given, the reason: both for the price of one.

    Shape: n rows -> n rows, order kept. With `unit` it streams.
    Null: as `seconds` and `reason`; the struct itself is never null.

    Args:
        expr: String.
        unit: as for `seconds`.

    Returns:
        Struct of `value`, what `seconds` gives, and `reason`, what `reason` gives.

    Raises:
        OptionError: No such unit.

    >>> pl.select(explained(pl.lit("1:35"), unit="m:s")).item()
    {'value': 95, 'reason': None}
    """
    return _each(expr, _answers.in_one, _answers.explanation(pl.Int64), unit)


def evidence(expr: pl.Expr) -> pl.Expr:
    """What a column proves about texts of two parts, such as `1:35`.

    Shape: n rows -> 1 row; streams.

    Args:
        expr: String.

    Returns:
        Struct of UInt32 counts: `m_s`, cells that can only be minutes and seconds, because as hours and minutes they
        would be longer than 24 hours; `h_m`, cells that can only be hours and minutes: always 0, since every length of
        hours and minutes is one of minutes and seconds too; `undecided`, cells whose two readings differ.

    >>> pl.DataFrame({"x": ["1:35", "75:10"]}).select(evidence(pl.col("x"))).item()
    {'m_s': 1, 'h_m': 0, 'undecided': 1}
    """
    return tally(expr.cast(pl.String), lambda text: pl.DataFrame(_spans.marks(_spans.read(text, None))), _spans.MARKS)


def settle(evidence: Mapping[str, int]) -> str | None:
    """The unit that a column's evidence proves for texts of two parts.

    Args:
        evidence: a row of `evidence`.

    Returns:
        "m:s", "h:m", or None where nothing is proven, or both.

    >>> settle({"m_s": 1, "h_m": 0, "undecided": 7})
    'm:s'
    """
    if bool(evidence["m_s"]) == bool(evidence["h_m"]):
        return None
    return "m:s" if evidence["m_s"] else "h:m"


def difference(
    end: pl.Expr,
    start: pl.Expr,
    *,
    format: str | None = None,  # noqa: A002
    time_zone: str | None = None,
    ambiguous: Side = "null",
    non_existent: Side = "null",
) -> pl.Expr:
    """The time from one moment to another, in whole seconds: from the start of a call to its answer, say.

    Both are read as `timestamps.unix_utc` reads them, and settle the order of day and month together. Without a zone,
    two clock times are subtracted as they stand, which is an hour off where the clocks changed between them.

    Shape: n rows -> n rows, order kept. With `format` it streams.
    Null: either null, blank or "0" (no such moment, as exports write it) -> null; either no moment,
    negative, longer than 24 hours -> null.

    Args:
        end: String, the later moment.
        start: String, the earlier one.
        format: as for `timestamps.unix_utc`, for both.
        time_zone: the same.
        ambiguous: the same.
        non_existent: the same.

    Returns:
        Int64 seconds, 0 to 86400.

    Raises:
        OptionError: An option means nothing.

    >>> pl.select(difference(pl.lit("21.11.2026 14:05:31"), pl.lit("21.11.2026 14:05:01"))).item()
    30
    """
    rules = _moments.rules(time_zone, format, ambiguous, non_existent)
    return _pair(end, start, Differences.values, pl.Int64(), rules)


def difference_reason(
    end: pl.Expr,
    start: pl.Expr,
    *,
    format: str | None = None,  # noqa: A002
    time_zone: str | None = None,
    ambiguous: Side = "null",
    non_existent: Side = "null",
) -> pl.Expr:
    """Why two texts have no difference, under the same options as `difference`.

    Shape: n rows -> n rows, order kept.
    Null: there is a difference; either is blank or "0".

    Args:
        end: String.
        start: String.
        format: as for `difference`.
        time_zone: the same.
        ambiguous: the same.
        non_existent: the same.

    Returns:
        String: a head of `DIFFERENCE_REASONS`, perhaps with `; detail` behind it.

    Raises:
        OptionError: An option means nothing.

    >>> pl.select(difference_reason(pl.lit("21.11.2026 14:05"), pl.lit("21.11.2026 14:06"))).item()
    'negative'
    """
    rules = _moments.rules(time_zone, format, ambiguous, non_existent)
    return _pair(end, start, Differences.reasons, pl.String(), rules)


def difference_explained(
    end: pl.Expr,
    start: pl.Expr,
    *,
    format: str | None = None,  # noqa: A002
    time_zone: str | None = None,
    ambiguous: Side = "null",
    non_existent: Side = "null",
) -> pl.Expr:
    """The difference and, where there is none though both texts are given, the reason: both for the price of one.

    Shape: n rows -> n rows, order kept. With `format` it streams.
    Null: as `difference` and `difference_reason`; the struct itself is never null.

    Args:
        end: String.
        start: String.
        format: as for `difference`.
        time_zone: the same.
        ambiguous: the same.
        non_existent: the same.

    Returns:
        Struct of `value`, what `difference` gives, and `reason`, what `difference_reason` gives.

    Raises:
        OptionError: An option means nothing.

    >>> pl.select(difference_explained(pl.lit("21.11.2026 14:06"), pl.lit("21.11.2026 14:05"))).item()
    {'value': 60, 'reason': None}
    """
    rules = _moments.rules(time_zone, format, ambiguous, non_existent)
    return _pair(end, start, _answers.in_one, _answers.explanation(pl.Int64), rules)


def _each(expr: pl.Expr, function: Callable[[Lengths], pl.Series], dtype: pl.DataType, unit: str | None) -> pl.Expr:
    if unit is not None and unit not in UNITS:
        raise OptionError.unknown("a unit of time", unit, UNITS, example="minutes")
    return _answers.each(expr, lambda text: function(Lengths(text, unit)), dtype, elementwise=unit is not None)


def _pair(
    end: pl.Expr,
    start: pl.Expr,
    function: Callable[[Differences], pl.Series],
    dtype: pl.DataType,
    rules: _moments.Rules,
) -> pl.Expr:
    return pl.map_batches(
        [end.cast(pl.String), start.cast(pl.String)],
        lambda texts: function(Differences(texts[0], texts[1], rules)),
        return_dtype=dtype,
        is_elementwise=rules.form is not None,
    )
