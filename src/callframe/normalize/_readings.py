"""A column of texts -> what each says about a moment, before any zone or order of day and month is settled.

A reading frame has `local` (Int64 seconds; of `slash` texts, read in the order asked for), `other` (the same in the
other order, where none was asked for), `slash` (the order of day and month is a convention, not part of the form),
`zoned` (the text says its offset, so the seconds are Unix seconds; otherwise they are on the local clock) and `fault`
(why a text that has the form of a date is no moment).
"""

from collections.abc import Callable
from functools import partial

import polars as pl

from callframe.normalize import _civil, _epochs, _fixed_dates, _patterns, _spelled_dates

__all__ = ["read"]

_SCHEMA = {"local": pl.Int64, "other": pl.Int64, "slash": pl.Boolean, "zoned": pl.Boolean, "fault": pl.String}
_FIXED = 19

_Reader = Callable[[pl.Series], pl.DataFrame]


def read(text: pl.Series, form: str | None) -> pl.DataFrame:
    """Reading frame of a column.

    Args:
        text: String.
        form: how moments are written: None (any way), an order, one of `_epochs.UNITS`, or a checked pattern.
    """
    if form in _epochs.UNITS:
        return _complete(_epochs.stated(_spelled_dates.tidy(text), form))
    if form is not None and "%" in form:
        return _complete(_patterns.read(text, form))
    month_first = None if form is None else form == "month first"
    search = _Search(text, partial(_fixed, month_first=month_first))
    search.attempt(partial(_with_tail, month_first=month_first))
    search.attempt(_epochs.by_size)
    search.tidy()
    search.attempt(_epochs.by_size)
    for shape in _spelled_dates.FORMS:
        search.attempt(partial(_spelled, shape=shape, month_first=month_first))
    return pl.DataFrame(search.found)


class _Search:
    """Readers tried one after another, each on the texts that the ones before it could not read."""

    def __init__(self, text: pl.Series, reader: _Reader) -> None:
        frame = _complete(reader(text))
        self.found = frame.to_dict(as_series=True)
        left = text.is_not_null() & ~_hit(frame)
        self.rows = left.arg_true()
        self.text = text.filter(left)

    def attempt(self, reader: _Reader) -> None:
        if not len(self.text):
            return
        frame = _complete(reader(self.text))
        hit = _hit(frame)
        if not hit.any():
            return
        for name, values in frame.filter(hit).to_dict(as_series=True).items():
            self.found[name] = self.found[name].scatter(self.rows.filter(hit), values)
        self.rows, self.text = self.rows.filter(~hit), self.text.filter(~hit)

    def tidy(self) -> None:
        if len(self.text):
            self.text = _spelled_dates.tidy(self.text)


def _hit(frame: pl.DataFrame) -> pl.Series:
    return frame.select(pl.any_horizontal(pl.col("local", "other", "fault").is_not_null())).to_series()


def _complete(frame: pl.DataFrame) -> pl.DataFrame:
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in _SCHEMA.items() if name not in frame.columns]
    return frame.with_columns(absent).select(*_SCHEMA)


def _fixed(text: pl.Series, month_first: bool | None) -> pl.DataFrame:
    if not text.str.len_bytes().is_in(_fixed_dates.LENGTHS).any():
        return pl.DataFrame({"local": pl.repeat(None, len(text), dtype=pl.Int64, eager=True)})
    return _seconds(_fixed_dates.read(text), month_first)


def _with_tail(text: pl.Series, month_first: bool | None) -> pl.DataFrame:
    """A fixed date and time with a fraction or an offset behind it; few ends differ, so each is read once."""
    frame = text.to_frame("text").select(
        pl.col("text").str.head(_FIXED).alias("head"), pl.col("text").str.slice(_FIXED).alias("tail")
    )
    ends = _spelled_dates.tails(frame["tail"].unique())
    dates = _fixed_dates.read(frame["head"])
    frame = pl.concat([dates, frame.join(ends, left_on="tail", right_on="text", how="left", maintain_order="left")], how="horizontal")
    return _seconds(frame.with_columns(pl.when("fits").then("clock").alias("clock")), month_first)


def _spelled(text: pl.Series, shape: str, month_first: bool | None) -> pl.DataFrame:
    return _seconds(_spelled_dates.read(text, shape, month_first), month_first)


def _seconds(dates: pl.DataFrame, month_first: bool | None) -> pl.DataFrame:
    """Date frame (perhaps with `offset` and `fault`) -> reading frame."""
    if "offset" in dates.columns:
        dates = dates.with_columns((pl.col("clock") - pl.col("offset").fill_null(0)).alias("clock"))
        zoned = pl.col("offset").is_not_null()
    else:
        zoned = pl.lit(value=False)
    other = pl.lit(None, pl.Int64)
    if month_first is None and dates["slash"].any():
        other = pl.when("slash").then(_civil.local(month_first=True))
    fault = pl.col("fault") if "fault" in dates.columns else pl.lit(None, pl.String)
    return dates.select(
        _civil.local(month_first=bool(month_first)).alias("local"),
        other.alias("other"),
        "slash",
        zoned.alias("zoned"),
        fault.alias("fault"),
    )
