"""What the values of a column look like: how many of them read as what a contract column wants.

A look is cheap and lax on purpose: it weighs names against values and never decides what becomes of a cell.
"""

from collections.abc import Callable
from collections.abc import Mapping as Table
from dataclasses import dataclass
from functools import partial

import polars as pl

from callframe.contract import IDS
from callframe.normalize import amounts, currencies, durations, flags, identifiers, texts, timestamps, urls
from callframe.normalize.flags import CALL_MISSED, FIRST_TIME_CALLER, STATIC_CALL

__all__ = ["ANYTHING", "GOOGLES", "METRICAS", "NOUNS", "PHONES", "Look", "cells", "look", "share", "speaks"]

METRICAS = r"^[0-9]{15,20}$|(?i)^[0-9][.,][0-9]+e\+?1[4-9]$"
"""An id such as Metrica gives to visitors: 15 to 20 digits; or what a spreadsheet has left of one."""

GOOGLES = r"^(?:GA[0-9]\.[0-9]\.)?[0-9]+\.[0-9]+$"
"""A client id of Google Analytics: two numbers and a dot."""

PHONES = r"^[789][0-9]{9,10}$"
_PHONE = (
    r"(?i)^(?:'|=\"|tel:)?\"?[+(]?[0-9][0-9 ()+.\x{a0}\x{2010}-\x{2015}-]{2,20}[0-9]\"?(?:\s*(?:доб|ext|#|,|x).*)?$"
    r"|^\"?[^\"<]*\"?\s*<\+?[0-9]{3,15}>$"
)
_DATED = r"^[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{2,4}(?:[ T,]|$)|:"
_WITHHELD = (
    "(?i)^(?:anonymous|unknown|restricted|private|unavailable|withheld|blocked|hidden"
    "|аноним|скры|неизвест|закрыт|номер)"
)

NOUNS = {
    **dict.fromkeys(IDS, "ids"),
    "DateTime": "dates or times",
    "StaticCall": "words for yes or no",
    "Price": "amounts",
    "Currency": "currencies",
    "PhoneNumber": "phone numbers",
    "TalkDuration": "durations",
    "HoldDuration": "durations",
    "CallMissed": "words for missed or answered",
    "Tag": "texts",
    "FirstTimeCaller": "words for yes or no",
    "URL": "web addresses",
    "CallTrackerURL": "web addresses",
}
"""Contract column -> what its values are called in a sentence."""

ANYTHING = ("UserId", "Tag")
"""Contract columns that take any text, so that values neither bear a name out nor refute it."""

_WORDS: Table[str, Table[str, int]] = {
    "StaticCall": STATIC_CALL,
    "CallMissed": CALL_MISSED,
    "FirstTimeCaller": FIRST_TIME_CALLER,
}


@dataclass(frozen=True)
class Look:
    """How many cells of a column are there, how many of them fit, and how many different ones there are."""

    present: int
    fitting: int
    distinct: int

    @property
    def refutes(self) -> bool:
        """Whether there are values, and most of them are something else."""
        return 2 * self.fitting < self.present

    @property
    def bears_out(self) -> bool:
        """Whether there are values, and nine in ten fit."""
        return self.present > 0 and 10 * self.fitting >= 9 * self.present


def cells(frame: pl.DataFrame, name: str) -> pl.Series:
    """The cells of a column that are there, without the space around them."""
    return frame.select(texts.present(pl.col(name))).to_series().drop_nulls()


def look(present: pl.Series, column: str, unit: str | None = None) -> Look:
    """What cells look like under a contract column.

    Args:
        present: cells that are there.
        column: the contract column.
        unit: of a duration, if its header says one.
    """
    different = present.unique()
    fits = _fits(column, unit)(different).fill_null(value=False)
    return Look(len(present), int(present.is_in(different.filter(fits).implode()).sum()), len(different))


def share(present: pl.Series, pattern: str) -> Look:
    """How many cells match a pattern."""
    return Look(len(present), int(present.str.contains(pattern).sum()), present.n_unique())


def speaks(present: pl.Series, column: str) -> Look:
    """How many cells can hardly be anything else than a contract column wants: a stricter look, for want of a name."""
    match column:
        case "DateTime":
            return share(present, r"^[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{2,4}|^1[2-9][0-9]{8}(?:\.0)?$|^20[0-9]{6}T")
        case "PhoneNumber":
            numbers = present.str.replace_all(r"[ ()\-\x{a0}]", "")
            return share(numbers, r"^\+[0-9]{8,15}$|^[2-9][0-9]{9,12}$|^0[0-9]{9,11}$")
        case _:
            return share(present, METRICAS)


Fits = Callable[[pl.Series], pl.Series]


def _fits(column: str, unit: str | None) -> Fits:
    match column:
        case _ if column in ANYTHING:
            return lambda cells: cells.is_not_null()
        case "ClientId" | "Yclid":
            return _ids
        case "DateTime":
            return _times
        case "PhoneNumber":
            return _phones
        case "Price":
            return lambda cells: _any(cells, _with_point, _with_comma)
        case "Currency":
            return lambda cells: _any(cells, currencies.iso4217)
        case "TalkDuration" | "HoldDuration":
            return lambda cells: _any(cells, partial(durations.seconds, unit=unit or "m:s"))
        case "URL" | "CallTrackerURL":
            return lambda cells: _any(cells, urls.absolute)
        case _:
            return lambda cells: _any(cells, partial(flags.binary, words=_WORDS[column]))


def _any(cells: pl.Series, *readings: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    """Whether any of the normalizers gives a value."""
    values = [reading(pl.col("x")).is_not_null() for reading in readings]
    return cells.to_frame("x").select(pl.any_horizontal(values)).to_series()


_with_point = partial(amounts.decimal, decimal_mark=".")
_with_comma = partial(amounts.decimal, decimal_mark=",")


def _ids(cells: pl.Series) -> pl.Series:
    """Ids, and what a spreadsheet has left of them."""
    return _any(cells, identifiers.digits) | cells.str.contains(METRICAS)


def _times(cells: pl.Series) -> pl.Series:
    """Dates, with a time of day or without, in whatever order and zone."""
    zoned = partial(timestamps.unix_utc, time_zone="UTC")
    is_read = _any(cells, *(partial(zoned, format=order) for order in ("day first", "month first")))
    return is_read | cells.str.contains(r"^[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{2,4}")


def _phones(cells: pl.Series) -> pl.Series:
    cells = cells.str.replace_all(r"\p{Cf}", "")
    return (cells.str.contains(_PHONE) & ~cells.str.contains(_DATED)) | cells.str.contains(_WITHHELD)
