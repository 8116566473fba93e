"""Moments as exports write them -> Unix seconds, UTC.

Nothing is guessed: a text without an offset needs a zone; `03/04/2026` needs a column that proves the order of day and
month, or an option that says it; a clock time that was skipped or repeated is refused unless the option says which side.
An order is proven by a cell that is a date in that order and none in the other, as `15/04/2026`.

>>> import polars as pl
>>> frame = pl.DataFrame({"x": ["2026-11-21T14:05:01+03:00", "21.11.2026 14:05", "1795259101", "15/04/2026 9:05"]})
>>> frame.select(unix_utc(pl.col("x"), time_zone="Europe/Moscow"))["x"].to_list()
[1795259101, 1795259100, 1795259101, 1776233100]
"""

from collections.abc import Mapping
from functools import partial

import polars as pl

from callframe.errors import OptionError
from callframe.normalize import _epochs, _moments, _patterns, _readings, _zones
from callframe.normalize._zones import Side

__all__ = ["FORMATS", "REASONS", "Side", "evidence", "reason", "settle", "unix_utc"]

FORMATS = (*_moments.ORDERS, *_epochs.UNITS)
"""The words that `format` can be; it can be a chrono pattern too."""

REASONS = _moments.REASONS

_COUNT = 2**31


def unix_utc(
    expr: pl.Expr,
    *,
    time_zone: str | None = None,
    format: str | None = None,  # noqa: A002
    ambiguous: Side = "null",
    non_existent: Side = "null",
) -> pl.Expr:
    """The moment that a text says, in Unix seconds."""
    rules = _rules(time_zone, format, ambiguous, non_existent)
    function = partial(_moments.values, rules=rules)
    return expr.cast(pl.String).map_batches(function, return_dtype=pl.Int64, is_elementwise=format is not None)


def reason(
    expr: pl.Expr,
    *,
    time_zone: str | None = None,
    format: str | None = None,  # noqa: A002
    ambiguous: Side = "null",
    non_existent: Side = "null",
) -> pl.Expr:
    """Why a text says no moment, under the same options."""
    rules = _rules(time_zone, format, ambiguous, non_existent)
    function = partial(_moments.reasons, rules=rules)
    return expr.cast(pl.String).map_batches(function, return_dtype=pl.String, is_elementwise=format is not None)


def evidence(expr: pl.Expr) -> pl.Expr:
    """What a column proves about the order of day and month, as one struct of counts."""
    fields = pl.Struct(dict.fromkeys(_moments.EVIDENCE, pl.UInt32))
    votes = expr.cast(pl.String).map_batches(_votes, return_dtype=pl.Int128, is_elementwise=True)
    return votes.sum().map_batches(_counts, return_dtype=fields, is_elementwise=True)


def settle(evidence: Mapping[str, int]) -> str | None:
    """The order that a column's evidence proves, or None where it proves none or both."""
    return _moments.order(evidence)


def _rules(time_zone: str | None, form: str | None, ambiguous: Side, non_existent: Side) -> _moments.Rules:
    for what, side in (("ambiguous", ambiguous), ("non_existent", non_existent)):
        if side not in _zones.SIDES:
            raise OptionError.unknown(f"a side for {what}", side, _zones.SIDES, example="earliest")
    if form is not None and form not in FORMATS:
        form = _patterns.checked(form, FORMATS)
    return _moments.Rules(None if time_zone is None else _zones.zone(time_zone), form, ambiguous, non_existent)


def _votes(text: pl.Series) -> pl.Series:
    """Each cell's evidence as one number, so that one sum counts every kind in one pass over a stream."""
    frame = _readings.read(text, None).select(_moments.kinds())
    weighed = (pl.col(name).cast(pl.Int128) * weight for name, weight in _weights())
    return frame.select(pl.sum_horizontal(weighed).alias(text.name)).to_series()


def _counts(total: pl.Series) -> pl.Series:
    frame = total.alias("total").to_frame()
    counts = ((pl.col("total") // weight % _COUNT).cast(pl.UInt32).alias(name) for name, weight in _weights())
    return frame.select(pl.struct(*counts).alias(total.name)).to_series()


def _weights() -> list[tuple[str, pl.Expr]]:
    return [(name, pl.lit(_COUNT**place, dtype=pl.Int128)) for place, name in enumerate(_moments.EVIDENCE)]
