"""What the columns of an export look like: a kind for each, some samples fit to be shown, what a conversion will ask.

A look is taken at the first rows alone, by the normalizers where they can tell; it decides nothing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import polars as pl

from callframe.errors.masks import ends, masked
from callframe.normalize import amounts, currencies, durations, flags, identifiers, texts, timestamps
from callframe.normalize.flags import CALL_MISSED

__all__ = ["ROWS", "Look", "looks"]

ROWS = 1000
"""How many first rows are looked at."""

_SAMPLES = 3
_LOOKED_AT = 20
"""Cells from which samples are taken."""
_DOTS = re.compile("•{6,}")
_MOST_WORDS = 12
_LONGEST = 8
"""Digits of an amount that can't be anything else."""
_MOSTLY, _ALL = 0.6, 0.9

_WEB = r"(?i)^(?:https?:)?//\S|^www\.\S"
_MAIL = r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$"
_ID = r"^[0-9]{15,20}$"
_PUNCTUATION = r"\.0$|^tel:|[ \x{a0}()\-.\x{2010}-\x{2015}'\"=]"
_PHONE = (
    r"^\+[0-9]{8,15}$|^[78][0-9]{10}$|^9[0-9]{9}$|^0[0-9]{9}$|^00[0-9]{9,13}$|^(?:375|380|99[2-8]|37[1-4])[0-9]{8,9}$"
)
_PHONE_CHARACTERS = r"(?i)^(?:tel:)?['=\"]*\+?[0-9][0-9 \x{a0}()\-.\x{2010}-\x{2015}'\"]+$"
_UNIX = r"^1[2-9][0-9]{8}(?:[0-9]{3}|[0-9]{6}|\.[0-9]+)?$"
_DAY = r"^(?:[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{2,4}|[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2})\.?$"
_CLOCK = r"^-?[0-9]{1,4}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?$"
_WHOLE = r"^-?[0-9]+$"
_LETTER = r"^(?:[^0-9]*(?:\p{L}|\p{Sc})[^0-9]*)$"
_SHORT = "^.{1,8}$"

Fits = Callable[[pl.Series], pl.Series]


class Kind(NamedTuple):
    """One thing that a column can look like."""

    name: str
    fits: Fits
    shown: Callable[[str], str]
    """A cell that fits, fit to be shown."""

    needs: str = "[0-9]"
    """What a cell must hold at least: a quick look before the thorough one."""


@dataclass(frozen=True)
class Look:
    """What a column looks like."""

    name: str
    kind: str
    """What it looks like, in a few words."""

    blank: float
    """Share of cells without a value."""

    samples: tuple[str, ...]
    """The first different cells, masked where they look personal."""

    asks: tuple[str, ...] = ()
    """Options of a conversion that this column may need."""


def looks(head: pl.DataFrame) -> list[Look]:
    """A look at each column of the first rows.

    Args:
        head: columns of text.

    >>> looks(pl.DataFrame({"when": ["03/04/2026 9:05", "04/04/2026 9:05"]}))[0].kind
    'times, day or month first?'
    """
    return [_look(column) for column in head.iter_columns()]


def _look(column: pl.Series) -> Look:
    cells = column.to_frame("x").select(texts.present(pl.col("x"))).to_series().drop_nulls()
    blank = 1 - len(cells) / len(column) if len(column) else 0.0
    if cells.is_empty():
        return Look(column.name, "empty", blank, ())
    kind, share = _kind(cells)
    told, asks = _details(kind.name, cells)
    words = f"{told or kind.name}" if share >= _ALL else f"mostly {told or kind.name}"
    return Look(column.name, words, blank, tuple(_samples(cells, kind)), asks)


def _kind(cells: pl.Series) -> tuple[Kind, float]:
    """The first kind that all cells fit but a few, else the one that most do, else text."""
    best, most = _TEXTS, 0.0
    held = {need: _share(_matches(need, cells)) for need in {kind.needs for kind in _KINDS}}
    for kind in _KINDS:
        share = _share(kind.fits(cells)) if held[kind.needs] >= _MOSTLY else 0.0
        if share >= _ALL:
            return kind, share
        if share > most:
            best, most = kind, share
    return (best, most) if most >= _MOSTLY else (_TEXTS, 1.0)


def _share(fits: pl.Series) -> float:
    return int(fits.sum()) / len(fits)


def _samples(cells: pl.Series, kind: Kind) -> list[str]:
    """The first cells that differ, also as they are shown."""
    some = cells.unique(maintain_order=True).head(_LOOKED_AT)
    fits = kind.fits(some).fill_null(value=False)
    shown = (kind.shown(cell) if fit else masked(cell) for cell, fit in zip(some, fits, strict=True))
    return list(dict.fromkeys(_DOTS.sub("•••••", sample) for sample in shown))[:_SAMPLES]


def _details(kind: str, cells: pl.Series) -> tuple[str, tuple[str, ...]]:
    """The kind in more words, and the options that it may need."""
    match kind:
        case "times" | "dates":
            return _moments(kind, cells)
        case "durations":
            return _durations(cells)
        case "amounts":
            found = _counts(amounts.evidence, cells)
            open_ = bool(found["undecided"]) and amounts.settle(found) is None
            return ("amounts, is 1,234 a thousand?", ("decimal_mark",)) if open_ else ("", ())
        case "ids":
            lost = (
                cells.to_frame("x").select(identifiers.reason(pl.col("x")) == identifiers.REASONS[0]).to_series().sum()
            )
            return (f"ids, {lost} with lost digits", ()) if lost else ("", ())
        case "whole numbers":
            longest = max(map(len, cells))
            return (f"numbers of up to {longest} digits", ())
        case "texts":
            different = cells.n_unique()
            few = different <= _MOST_WORDS and different * 3 <= len(cells)
            return (f"{different} different text{'s' * (different > 1)}" if few else "", ())
    return "", ()


def _moments(kind: str, cells: pl.Series) -> tuple[str, tuple[str, ...]]:
    found = _counts(timestamps.evidence, cells)
    order = timestamps.settle(found)
    asks = ("time_zone",) if found["naive"] else ()
    if found["undecided"] and order is None:
        return f"{kind}, day or month first?", (*asks, "date_order")
    bare = int(_matches(_DAY, cells).sum()) if kind == "times" else 0
    told = [kind, *([order] if order else []), *([f"{bare} without hours"] if bare else [])]
    return ", ".join(told), asks


def _durations(cells: pl.Series) -> tuple[str, tuple[str, ...]]:
    found = _counts(durations.evidence, cells)
    unit = durations.settle(found)
    if found["undecided"] and unit is None:
        return "durations, m:s or h:m?", ("duration_unit",)
    if unit:
        return f"durations, {unit}", ()
    return ("durations or times of day" if _matches(_CLOCK, cells).all() else ""), ()


def _counts(evidence: Callable[[pl.Expr], pl.Expr], cells: pl.Series) -> dict[str, int]:
    counts: dict[str, int] = cells.to_frame("x").select(evidence(pl.col("x"))).item()
    return counts


def _matches(pattern: str, cells: pl.Series) -> pl.Series:
    return cells.str.contains(pattern)


def _reads(cells: pl.Series, *readings: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    """Whether a normalizer gives a value."""
    values = [reading(pl.col("x")).is_not_null() for reading in readings]
    return cells.to_frame("x").select(pl.any_horizontal(values)).to_series()


def _phones(cells: pl.Series) -> pl.Series:
    bare = cells.str.replace_all(_PUNCTUATION, "")
    return cells.str.contains(_PHONE_CHARACTERS) & bare.str.contains(_PHONE)


def _times(cells: pl.Series) -> pl.Series:
    zoned = partial(timestamps.unix_utc, time_zone="UTC", ambiguous="earliest", non_existent="earliest")
    read = _reads(cells, partial(zoned, format="day first"), partial(zoned, format="month first"))
    return (read & ~cells.str.contains(r"^[0-9.,]+$")) | _matches(_DAY, cells)


def _ids(cells: pl.Series) -> pl.Series:
    lost = cells.to_frame("x").select(identifiers.reason(pl.col("x")) == identifiers.REASONS[0]).to_series()
    return cells.str.contains(_ID) | lost.fill_null(value=False)


def _spans(cells: pl.Series) -> pl.Series:
    return cells.str.contains(_CLOCK) | _reads(cells, partial(durations.seconds, unit="seconds"))


def _amounts(cells: pl.Series) -> pl.Series:
    return _reads(cells, *(partial(amounts.decimal, decimal_mark=mark) for mark in (".", ",")))


def _currencies(cells: pl.Series) -> pl.Series:
    return cells.str.contains(_LETTER) & _reads(cells, currencies.iso4217)


def _host(cell: str) -> str:
    return re.sub(r"(?<=[^/:])[/?#].+", "/…", cell, count=1, flags=re.DOTALL)


def _amount(cell: str) -> str:
    """An amount as it is, unless it could be a phone or an id."""
    whole = re.sub(r"[.,][0-9]{1,2}\D*$", "", cell)
    return masked(cell) if re.search("[0-9]{7}", whole) or len(re.findall("[0-9]", whole)) > _LONGEST else cell


def _as_it_is(cell: str) -> str:
    return cell


_TEXTS = Kind("texts", lambda cells: cells.is_not_null(), masked)

_KINDS = (
    Kind("web addresses", partial(_matches, _WEB), lambda cell: masked(_host(cell)), "[/.]"),
    Kind("e-mail addresses", partial(_matches, _MAIL), masked, "@"),
    Kind("ids", _ids, lambda cell: ends(cell, 3, 2)),
    Kind("Unix times", partial(_matches, _UNIX), _as_it_is),
    Kind("dates", partial(_matches, _DAY), _as_it_is),
    Kind("times", _times, _as_it_is),
    Kind("phones", _phones, lambda cell: ends(cell, 4, 2)),
    Kind("yes or no", lambda cells: _reads(cells, flags.binary), _as_it_is, _SHORT),
    Kind(
        "missed or answered", lambda cells: _reads(cells, partial(flags.binary, words=CALL_MISSED)), _as_it_is, _LETTER
    ),
    Kind("currencies", _currencies, _as_it_is, _LETTER),
    Kind("whole numbers", partial(_matches, _WHOLE), masked),
    Kind("amounts", _amounts, _amount),
    Kind("durations", _spans, _as_it_is),
)
"""The first that fits counts."""
