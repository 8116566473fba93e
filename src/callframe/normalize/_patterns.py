"""Moments in a format that the user states as a chrono (strftime) pattern."""

import datetime as dt
import functools
import itertools
import re
import warnings
from collections.abc import Iterable

import polars as pl

from callframe.errors import OptionError
from callframe.normalize import texts
from callframe.normalize._arrays import NONE, Array, Flags, known, wholes

__all__ = ["checked", "read"]

_EXAMPLE = '"day first" or "%d/%m/%Y %H:%M:%S"'
_DIRECTIVE = re.compile(r"%([-_0]?)(\.?[369]?[A-Za-z+%]|[:#]+z)|(.)", re.DOTALL)
_SHORT_FOR = {
    "%F": "%Y-%m-%d",
    "%D": "%m/%d/%y",
    "%x": "%m/%d/%y",
    "%T": "%H:%M:%S",
    "%X": "%H:%M:%S",
    "%R": "%H:%M",
    "%r": "%I:%M:%S %p",
    "%c": "%a %b %e %H:%M:%S %Y",
    "%v": "%e-%b-%Y",
}
_WIDTHS = {"Y": 4, "G": 4, "j": 3, "u": 1, "w": 1, "3f": 3, "6f": 6, "9f": 9, **dict.fromkeys("CymdHIMSgUWVekl", 2)}
"""Digits that a number is written with."""

_PADDED = "ekl"
"""Numbers of two places, with a space in place of a zero."""

_PROBE = dt.datetime(2026, 11, 21, 14, 5, 9, 500_000)


@functools.cache
def checked(pattern: str, words: Iterable[str]) -> str:
    """The pattern as Polars takes it, if a date and a time of day written in it can be read back.

    Args:
        pattern: chrono's directives; `%f` after a point and `%z` mean what they mean in Python.
        words: the other formats there are, for the message.

    Raises:
        OptionError: It says no date or no time of day, a zone by name, or Unix time.
    """
    if "%" not in str(pattern):
        raise OptionError.unknown("a format", pattern, words, example=_EXAMPLE)
    taken = pattern.replace(".%f", "%.f").replace("%z", "%#z")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pl.exceptions.ChronoFormatWarning)
            back = read(_written(taken), taken)["local"].item()
    except (pl.exceptions.PolarsError, pl.exceptions.ChronoFormatWarning) as error:
        raise OptionError.unknown("a format of dates and times", pattern, example=_EXAMPLE) from error
    named = any(directive in pattern.replace("%%", "") for directive in ("%Z", "%s"))
    if named or back // 60 != int(_PROBE.replace(tzinfo=dt.UTC).timestamp()) // 60:
        raise OptionError.unknown("a format of dates and times", pattern, example=_EXAMPLE)
    return taken


def read(text: pl.Series, pattern: str) -> dict[str, Array]:
    """Readings of texts in a checked pattern."""
    text = text.to_frame("text").select(texts.unguarded(pl.col("text"))).to_series()
    widths = _widths(pattern)
    if widths is not None:
        text = text.set(~text.str.contains(widths), None)
    moment = _parsed(text, pattern)
    seconds = wholes(moment.to_physical() // 1_000_000)
    leap = text.str.contains("60", literal=True).fill_null(value=False).to_numpy(writable=True) & (seconds % 60 == 0)
    if leap.any():
        leap[leap] = _shows_60(text.filter(pl.Series(leap)), pattern)
        seconds[leap] = NONE
    return {"local": seconds, "zoned": known(seconds) & (moment.dtype == pl.Datetime("us", "UTC"))}


@functools.cache
def _widths(pattern: str) -> str | None:
    """What a text in the pattern must match, if numbers stand in it side by side: where each ends, its width says.

    chrono takes fewer digits too, so a number that has lost one would pass for another.
    """
    full = _DIRECTIVE.sub(lambda found: _SHORT_FOR.get(found[0], found[0]), pattern.strip())
    parts = [_part(*found.groups("")) for found in _DIRECTIVE.finditer(full)]
    numeric = [False, *(digits for _, digits in parts), False]
    if not any(before and after for before, after in itertools.pairwise(numeric)):
        return None
    beside = (before or after for before, after in zip(numeric, numeric[2:], strict=False))
    forms = (form if tight or not digits else "[0-9]+" for tight, (form, digits) in zip(beside, parts, strict=True))
    return f"^{''.join(forms)}$"


def _part(padding: str, directive: str, literal: str) -> tuple[str, bool]:
    """A regular expression for a part of a pattern as it is written in full, and whether that is digits."""
    if literal or directive == "%":
        return (r"\s+" if literal.isspace() else re.escape(literal or "%")), literal.isdigit()
    if directive == "f":
        return "[0-9]+", True
    if directive not in _WIDTHS:
        return ".*?", False
    digit = "[ 0-9]" if directive in _PADDED or padding == "_" else "[0-9]"
    least = "1," if padding == "-" else ""
    return f"{digit}{{{least}{_WIDTHS[directive]}}}", True


def _shows_60(text: pl.Series, pattern: str) -> Flags:
    """Whether the 60 in these full minutes is a leap second, which Polars reads as the next minute."""
    earlier = _parsed(text.str.replace_all("60", "59", literal=True), pattern)
    return (earlier.dt.second() == 59).fill_null(value=False).to_numpy()


def _parsed(text: pl.Series, pattern: str) -> pl.Series:
    return text.str.to_datetime(pattern, strict=False, time_unit="us")


def _written(pattern: str) -> pl.Series:
    zone = "UTC" if "%#z" in pattern or "%:z" in pattern or "%+" in pattern else None
    return pl.Series([_PROBE], dtype=pl.Datetime("us", zone)).dt.strftime(pattern.replace("%#z", "%z"))
