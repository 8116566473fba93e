"""A column of texts -> what each says about a moment, before any zone or order of day and month is settled.

Readings are arrays by name: `local` (seconds; of `slash` texts, read in the order asked for), `other` (the same in the
other order, where none was asked for), `slash` (the order of day and month is a convention, not part of the form),
`zoned` (the text says its offset, so the seconds are Unix seconds; otherwise they are on the local clock), `fault` (why
a text that has the form of a date is no moment, by its code in `TOLD`) and `proof` (of a text without a reading, as
`04/15/2026` without a time: the one order, `DAY_FIRST` or `MONTH_FIRST`, in which it begins with a date).
"""

from functools import partial

import numpy as np
import polars as pl

from callframe.normalize import _epochs, _fixed_dates, _patterns, _spelled_dates, texts
from callframe.normalize._arrays import NONE, Array, Flags, known
from callframe.normalize._civil import Dates, told_ahead
from callframe.normalize._search import Search, matching

__all__ = ["DAY_FIRST", "MONTH_FIRST", "read"]

DAY_FIRST, MONTH_FIRST = np.uint8(1), np.uint8(2)

_BLANKS = {
    "local": NONE,
    "other": NONE,
    "slash": np.False_,
    "zoned": np.False_,
    "fault": np.uint8(0),
    "proof": np.uint8(0),
}
_FIXED = 19
_BEGINS_WITH_DATE = r"^(?P<a>[0-9]{1,2})(?P<gap>[-/−])(?P<b>[0-9]{1,2})(?P<gap2>[-/−])(?P<year>[0-9]{4})(?:$|[\s,tT])"


def read(text: pl.Series, form: str | None) -> Search:
    """Readings of a column; the texts that are left are neither blank nor moments.

    Args:
        text: String.
        form: how moments are written: None (any way), an order, one of `_epochs.UNITS`, or a checked pattern.
    """
    search = Search(text, _BLANKS, hits=("local", "other", "fault"))
    if form in _epochs.UNITS:
        search.change(_spelled_dates.tidy)
        search.attempt(partial(_epochs.stated, unit=form))
    elif form is not None and "%" in form:
        search.attempt(partial(_patterns.read, pattern=form))
        search.change(_present)
    else:
        _in_any_form(search, None if form is None else form == "month first")
        if form is None:
            _prove(search, text)
    return search


def _in_any_form(search: Search, month_first: bool | None) -> None:
    fixed = partial(_fixed_dates.read, month_first=month_first)
    search.attempt(fixed)
    search.attempt(partial(_with_tail, month_first=month_first), _is_longer)
    search.attempt(_epochs.whole)
    search.attempt(_epochs.by_size, _epochs.is_number)
    if search.change(_spelled_dates.tidy):
        search.attempt(fixed)
    if search.any_left(_spelled_dates.LIKELY):
        search.attempt(_epochs.by_size, matching(_epochs.NUMBER))
        for form in _spelled_dates.FORMS:
            search.attempt(partial(_spelled_dates.read, form=form, month_first=month_first), matching(form))


def _prove(search: Search, text: pl.Series) -> None:
    """Note which of the texts without a reading begin with a date all the same, in one order alone."""
    lost = np.flatnonzero(~known(search["local"]) & ~known(search["other"]))
    begun = text.gather(lost).str.strip_chars(f"{texts.SPACE}='\"")
    dated = begun.str.contains(_BEGINS_WITH_DATE).fill_null(value=False)
    if not dated.any():
        return
    parts = begun.filter(dated).str.extract_groups(_BEGINS_WITH_DATE).struct.unnest()
    year, a, b = (parts[name].cast(pl.Int16).to_numpy() for name in ("year", "a", "b"))
    same = (parts["gap"] == parts["gap2"]).to_numpy()
    dates = Dates(year, b.astype(np.uint8), a.astype(np.uint8), same, np.zeros(len(year), np.int32))
    day_first, month_first = same & dates.exist(), same & dates.with_month_first().exist()
    proof = (day_first & ~month_first) * DAY_FIRST + (month_first & ~day_first) * MONTH_FIRST
    search.note("proof", lost[dated.to_numpy()], proof)


def _present(text: pl.Series) -> pl.Series:
    return text.to_frame("text").select(texts.present(pl.col("text"))).to_series()


def _is_longer(text: pl.Series) -> Flags:
    return text.str.len_bytes().to_numpy() > _FIXED


def _with_tail(text: pl.Series, month_first: bool | None) -> dict[str, Array]:
    """A fixed date and time with a fraction or an offset behind it."""
    found = _fixed_dates.read(text.str.head(_FIXED), month_first)
    if not found:
        return found
    zoned, offset = _spelled_dates.tails(text.str.slice(_FIXED))
    return told_ahead(found, zoned, offset)
