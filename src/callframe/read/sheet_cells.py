"""A typed cell of a workbook -> the text that says the same, as the other readers would find it in a CSV.

A spreadsheet holds 15 digits of a number. A fraction that has more got them from arithmetic, and is shown without them,
as the spreadsheet shows it; a whole number from 2^53 on is shown in powers of ten, since its last digits are made up.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal

__all__ = ["Cell", "Place", "Untold", "number", "shows_a_moment", "text"]

Cell = str | float | bool | dt.time | dt.date | dt.timedelta
"""What calamine gives of a cell; an empty one is empty text."""

Place = tuple[int, int]
"""Row and column of a cell, from 0."""

_UNSHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
"""Parts of a number format that are no codes: literal text, fill, colour and language."""

_EXACT = 2**53
"""From here on a float no longer holds every whole number."""

_ISO_SPAN = re.compile(r"(-?)PT([0-9]+)H([0-9]{1,2})M([0-9]{1,2}(?:\.[0-9]+)?)S")
"""How an ODS spells a span that is no time of day."""


@dataclass
class Untold:
    """What calamine does not tell of the cells of a sheet."""

    errors: dict[Place, str] = field(default_factory=dict)
    """The error that a cell shows, as `#REF!`."""

    negatives: dict[Place, float] = field(default_factory=dict)
    """Numbers below zero."""

    days: set[Place] = field(default_factory=set)
    """Cells whose format shows a day with a time."""


def shows_a_moment(form: str) -> bool:
    """Whether a number format shows a day with a time.

    >>> shows_a_moment("dd.mm.yyyy h:mm"), shows_a_moment("[h]:mm:ss"), shows_a_moment('d "hours"')
    (True, False, False)
    """
    codes = set(_UNSHOWN.sub("", form).lower())
    return bool(codes & {"d", "y"} and codes & {"h", "s"})


def text(cell: Cell) -> str | None:
    """The text of a cell; null if it is empty.

    >>> text(dt.datetime(2026, 11, 21, 14, 5)), text(dt.time(9, 5)), text(dt.timedelta(hours=26, seconds=605))
    ('2026-11-21 14:05:00', '09:05:00', '26:10:05')
    >>> text(1500.0), text(1234.5), text(0.1 + 0.2), text(0.00001), text(1.7e18), text(True)
    ('1500', '1234.5', '0.3', '0.00001', '1.700000000000000e+18', 'true')
    """
    if isinstance(cell, str):
        return _of_text(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return number(cell)
    if isinstance(cell, dt.timedelta):
        return _span(cell)
    return _cut(cell.isoformat(" ") if isinstance(cell, dt.datetime) else cell.isoformat())


def number(value: float) -> str:
    """The digits of a number, as many as a spreadsheet holds."""
    if abs(value) >= _EXACT:
        return f"{value:.15e}"
    if value == int(value):
        return str(int(value))
    shortest = repr(value)
    return f"{Decimal(shortest if len(shortest.lstrip('-0.')) <= _HELD else f'{value:.15g}'):f}"


_HELD = 16
"""15 digits and the point between them."""


def _of_text(cell: str) -> str | None:
    span = _ISO_SPAN.fullmatch(cell)
    if span:
        sign, hours, minutes, seconds = span.groups()
        return _cut(f"{sign}{int(hours):02}:{int(minutes):02}:{seconds.zfill(2)}")
    return cell or None


def _span(value: dt.timedelta) -> str:
    sign = "-" * (value < dt.timedelta())
    minutes, seconds = divmod(abs(value), dt.timedelta(minutes=1))
    clock = (dt.datetime.min + seconds).time().isoformat()[6:]
    return _cut(f"{sign}{minutes // 60:02}:{minutes % 60:02}:{clock}")


def _cut(clock: str) -> str:
    """Without zeros behind a fraction of a second."""
    return clock.rstrip("0") if "." in clock else clock
