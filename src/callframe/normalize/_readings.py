"""A column of texts -> what each says about a moment, before any zone or order of day and month is settled.

A reading frame has `local` (Int64 seconds; of `slash` texts, read in the order asked for), `other` (the same in the
other order, where none was asked for), `slash` (the order of day and month is a convention, not part of the form),
`zoned` (the text says its offset, so the seconds are Unix seconds; otherwise they are on the local clock) and `fault`
(why a text that has the form of a date is no moment).
"""

from functools import partial

import polars as pl

from callframe.normalize import _civil, _epochs, _fixed_dates, _patterns, _spelled_dates
from callframe.normalize._search import Search, complete, matching

__all__ = ["read"]

_SCHEMA = {"local": pl.Int64, "other": pl.Int64, "slash": pl.Boolean, "zoned": pl.Boolean, "fault": pl.String}
_FIXED = 19


def read(text: pl.Series, form: str | None) -> pl.DataFrame:
    """Reading frame of a column.

    Args:
        text: String.
        form: how moments are written: None (any way), an order, one of `_epochs.UNITS`, or a checked pattern.
    """
    if form in _epochs.UNITS:
        return complete(_epochs.stated(_spelled_dates.tidy(text), form), _SCHEMA)
    if form is not None and "%" in form:
        return complete(_patterns.read(text, form), _SCHEMA)
    month_first = None if form is None else form == "month first"
    fixed = partial(_fixed, month_first=month_first)
    search = Search(text, fixed, _SCHEMA, ("local", "other", "fault"))
    search.attempt(partial(_with_tail, month_first=month_first), lambda left: left.str.len_bytes() > _FIXED)
    search.attempt(_epochs.by_size)
    for reader in (fixed, _epochs.by_size) if search.change(_spelled_dates.tidy) else ():
        search.attempt(reader)
    for shape in _spelled_dates.FORMS:
        search.attempt(partial(_spelled, form=shape, month_first=month_first), matching(shape))
    return search.found()


def _fixed(text: pl.Series, month_first: bool | None) -> pl.DataFrame:
    if not text.str.len_bytes().is_in(_fixed_dates.LENGTHS).any():
        return pl.DataFrame({"local": pl.repeat(None, len(text), dtype=pl.Int64, eager=True)})
    return _seconds(_fixed_dates.read(text), month_first)


def _with_tail(text: pl.Series, month_first: bool | None) -> pl.DataFrame:
    """A fixed date and time with a fraction or an offset behind it; few ends differ, so each is read once."""
    frame = pl.DataFrame({"head": text.str.head(_FIXED), "tail": text.str.slice(_FIXED)})
    ends = _spelled_dates.tails(frame["tail"].unique()).with_columns(fits=pl.lit(value=True))
    if ends.is_empty():
        return pl.DataFrame({"local": pl.repeat(None, len(text), dtype=pl.Int64, eager=True)})
    frame = frame.join(ends, left_on="tail", right_on="text", how="left", maintain_order="left")
    dates = _fixed_dates.read(frame["head"]).with_columns(frame["offset"], frame["fits"])
    return _seconds(dates.with_columns(pl.when("fits").then("clock").alias("clock")), month_first)


def _spelled(text: pl.Series, form: str, month_first: bool | None) -> pl.DataFrame:
    dates = _spelled_dates.read(text, form)
    found = _seconds(dates, month_first)
    none = complete(found, _SCHEMA).select(pl.all_horizontal(pl.col("local", "other").is_null())).to_series().arg_true()
    faults = _spelled_dates.faults(dates[none], month_first)
    return found.with_columns(text.clear(len(text)).scatter(none, faults).alias("fault"))


def _seconds(dates: pl.DataFrame, month_first: bool | None) -> pl.DataFrame:
    """Date frame (perhaps with `offset`) -> reading frame, without faults."""
    columns = [_civil.local(month_first=bool(month_first)).alias("local"), pl.col("slash")]
    if "offset" in dates.columns:
        dates = dates.with_columns((pl.col("clock") - pl.col("offset").fill_null(0)).alias("clock"))
        columns.append(pl.col("offset").is_not_null().alias("zoned"))
    if month_first is None and dates["slash"].any():
        columns.append(pl.when("slash").then(_civil.local(month_first=True)).alias("other"))
    return dates.select(columns)
