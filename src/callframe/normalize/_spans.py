"""A column of texts -> what each says about a length of time, before minutes and hours are settled.

Readings are arrays by name: `seconds`, or of a text of two parts (`1:35`) the two readings `m_s` and `h_m`, or `fault`
(why a text that has the form of a duration is none, by its code in `TOLD`).
"""

from collections.abc import Sequence
from functools import partial

import numpy as np
import polars as pl

from callframe.normalize import _spelled_dates
from callframe.normalize._arrays import NONE, Array, Flags, Words, known, wholes
from callframe.normalize._bytes import Bytes, by_length
from callframe.normalize._search import Search, matching
from callframe.normalize.texts import SPACE

__all__ = ["FRACTION", "LONGEST", "MARKS", "REASONS", "TOLD", "UNITS", "marks", "read"]

LONGEST = 86_400
"""Seconds of the longest duration that counts."""

MARKS = ("m_s", "h_m", "undecided")

UNITS = {"milliseconds": 1, "seconds": 1_000, "minutes": 60_000, "hours": 3_600_000, "days": 86_400_000}
"""What a bare number may be said to be, and how many milliseconds that is."""

REASONS: tuple[str, ...] = (
    "not a duration",
    "negative",
    "longer than 24 hours",
    "unit unknown",
    "thousands or a fraction?",
    "minutes or hours first?",
)

TOLD = Words(*REASONS)

_BLANKS = {"seconds": NONE, "m_s": NONE, "h_m": NONE, "fault": np.uint8(0)}
_BILLION = 10**9
_CLOCK_BYTES = (7, 8)

_NUMBER = r"^(?P<sign>-?)(?P<number>[0-9]{1,18})(?:[.,](?P<number_part>[0-9]*))?$"
_THREE_PARTS = (
    r"^(?P<sign>-?)(?:(?P<d>[0-9]{1,3}) days?,? )?"
    r"(?P<h>[0-9]{1,4}):(?P<m>[0-9]{2}):(?P<s>[0-9]{2})(?:[.,][0-9]+)?$"
)
_TWO_PARTS = r"^(?P<sign>-?)(?P<a>[0-9]{1,6}):(?P<b>[0-5][0-9])$"


def _amount(unit: str, names: str) -> str:
    return rf"(?:(?P<{unit}>[0-9]{{1,9}})(?:[.,](?P<{unit}_part>[0-9]+))? ?(?:{names}))?"


_WORDS = "^(?P<sign>-?)(?:{}$)".format(
    "(?:,? (?:и |and )?| ?)".join(
        (
            _amount("days", r"days?|d|день|дн(?:я|ей|\.)?|д\.?|сут(?:ки|ок|\.)?"),
            _amount("hours", r"hours?|hrs?\.?|h\.?|час(?:а|ов|\.)?|ч\.?"),
            _amount("minutes", r"minutes?|mins?\.?|m\.?|минут[аыу]?|мин\.?|м\.?"),
            _amount("seconds", r"seconds?|secs?\.?|s\.?|секунд[аыу]?|сек\.?|с\.?"),
            _amount("milliseconds", r"milliseconds?|msec\.?|ms|миллисекунд[аыу]?|мс\.?"),
        )
    )
)
_ISO = "^(?P<sign>-?)p{}(?:t{}{}{})?$".format(
    _amount("days", "d"), _amount("hours", "h"), _amount("minutes", "m"), _amount("seconds", "s")
)

_GROUPED = "^-?[1-9][0-9]{0,2},[0-9]{3}"
"""A number whose last three digits may be ones, not thousandths."""

FRACTION = "(?:[1-9][0-9]{0,2}[.,][0-9]{3}|[0-9]+[.,][0-9]*[1-9][0-9]*)"
"""A number that is a length only in a unit: it has a fraction, or may be grouped."""

_DOUBTFUL = {
    None: (f"^-?{FRACTION}$", "unit unknown"),
    "seconds": (f"{_GROUPED}$", "thousands or a fraction?"),
    "milliseconds": (f"{_GROUPED}$", "thousands or a fraction?"),
}
"""Bare numbers that are refused for their fraction, by their unit, and why; minutes, hours and days often have one."""

_DOUBTFUL_SECONDS = rf"{_GROUPED} ?(?:s|с(?:[^у]|$)|ms|мс|mil|мил)"
"""The same of seconds and milliseconds that the text names."""

_PAIRED = """^=?(?:"[^"']*"|'[^"']*')$"""

_LIKELY = r"^(?:-?pt?|[-, иand]*)[0-9]"
"""How every text of these forms begins that is a length: a cheap test before them all."""


def read(text: pl.Series, unit: str | None) -> Search:
    """Readings of a column; the texts that are left are neither blank nor lengths of time.

    Args:
        text: String.
        unit: what a bare number is, by a name of `UNITS`; None: whole seconds, and a fraction is refused.
    """
    search = Search(text, _BLANKS, hits=("seconds", "m_s", "fault"))
    search.attempt(partial(by_length, sizes=_CLOCK_BYTES, reader=_clock, blanks=_BLANKS))
    if unit in (None, "seconds"):
        search.attempt(_whole_seconds)
    search.change(_tidy)
    if search.any_left(_LIKELY):
        search.attempt(partial(_number, unit=unit), matching(_NUMBER))
        search.attempt(_three_parts, matching(_THREE_PARTS))
        search.attempt(_two_parts, matching(_TWO_PARTS))
        for form in (_ISO, _WORDS):
            search.attempt(partial(_units, form=form), matching(form))
    return search


def marks(spans: Search) -> dict[str, Flags]:
    """What each row's readings prove, by the names of `MARKS`."""
    m_s, h_m = spans["m_s"], spans["h_m"]
    proofs = (
        known(h_m) & (h_m > LONGEST) & (m_s <= LONGEST),
        known(m_s) & (m_s > LONGEST) & (h_m <= LONGEST),
        known(h_m) & (h_m <= LONGEST) & (m_s != h_m),
    )
    return dict(zip(MARKS, proofs, strict=True))


def _tidy(text: pl.Series) -> pl.Series:
    """As dates are made tidy, but a quote that closes none stays, and with it the text is none: `5'` may be minutes."""
    tidy = _spelled_dates.tidy(text)
    if text.str.contains("[\"']").any():
        bare = text.str.strip_chars(SPACE)
        tidy = tidy.zip_with(~bare.str.contains("[\"']$") | bare.str.contains(_PAIRED), text)
    return tidy


def _clock(text: Bytes) -> dict[str, Array]:
    """`hh:mm:ss` and `h:mm:ss`."""
    minutes, seconds = text.pair(text.size - 5), text.pair(text.size - 2)
    hours = text.pair(0) if text.size == max(_CLOCK_BYTES) else text.digit(0)
    colons = text.be(text.size - 6, ":") & text.be(text.size - 3, ":")
    fits = colons & (hours < 100) & (minutes < 60) & (seconds < 60)
    return {"seconds": np.where(fits, hours * np.int32(3600) + (minutes * np.int16(60) + seconds), NONE)}


def _whole_seconds(text: pl.Series) -> dict[str, Array]:
    seconds = text.cast(pl.Int64, strict=False)
    if seconds.null_count() == len(seconds):
        return {}
    signed = text.str.starts_with("+") | text.str.starts_with("-")
    numbers = wholes(seconds)
    return {"seconds": np.where(signed.to_numpy() | (numbers < 0), NONE, numbers)}


def _number(text: pl.Series, unit: str | None) -> dict[str, Array]:
    name = unit or "seconds"
    frame = _groups(text, _NUMBER).rename({"number": name, "number_part": f"{name}_part"})
    found = _signed(frame, _rounded(frame))
    if unit in _DOUBTFUL and frame[f"{name}_part"].count():
        form, why = _DOUBTFUL[unit]
        _refuse(found, matching(form)(text), why)
    return found


def _refuse(found: dict[str, Array], which: Flags, why: str) -> None:
    found["seconds"][which], found["fault"][which] = NONE, TOLD[why]


def _three_parts(text: pl.Series) -> dict[str, Array]:
    days, hours, minutes, seconds = (pl.col(name).cast(pl.Int64) for name in "dhms")
    total = days.fill_null(0) * 86_400 + hours * 3_600 + minutes * 60 + seconds
    return _signed(_groups(text, _THREE_PARTS), pl.when((minutes < 60) & (seconds < 60)).then(total))


def _two_parts(text: pl.Series) -> dict[str, Array]:
    frame = _groups(text, _TWO_PARTS)
    a, b = pl.col("a").cast(pl.Int64), pl.col("b").cast(pl.Int64)
    m_s, h_m = _signed(frame, a * 60 + b), _signed(frame, a * 3_600 + b * 60)
    return {"m_s": m_s["seconds"], "h_m": h_m["seconds"], "fault": m_s["fault"]}


def _units(text: pl.Series, form: str) -> dict[str, Array]:
    frame = _groups(text, form)
    stated = pl.any_horizontal(pl.col(name).is_not_null() for name in frame.columns if name in UNITS)
    found = _signed(frame, pl.when(stated).then(_rounded(frame)))
    if form == _WORDS and any(frame[f"{unit}_part"].count() for unit in ("seconds", "milliseconds")):
        _refuse(found, matching(_DOUBTFUL_SECONDS)(text), "thousands or a fraction?")
    return found


def _groups(text: pl.Series, form: str) -> pl.DataFrame:
    return text.to_frame("text").select(pl.col("text").str.extract_groups(form)).unnest("text")


def _signed(frame: pl.DataFrame, seconds: pl.Expr) -> dict[str, Array]:
    """The number of seconds, or the fault that there is a minus before it."""
    both = frame.select(seconds.alias("seconds"), (pl.col("sign") == "-").alias("minus"))
    number, minus = wholes(both["seconds"]), both["minus"].to_numpy()
    return {"seconds": np.where(minus, NONE, number), "fault": (minus & known(number)) * TOLD["negative"]}


def _rounded(amounts: pl.DataFrame) -> pl.Expr:
    """Whole seconds: of seconds and less the fraction is cut, of longer units the nearest second is meant."""
    given = [unit for unit in UNITS if unit in amounts.columns and amounts[unit].count()]
    fine = [_milliseconds(amounts, unit) for unit in given if UNITS[unit] <= 1_000]
    coarse = [_milliseconds(amounts, unit) for unit in given if UNITS[unit] > 1_000]
    return _total(fine) // 1_000 + (_total(coarse) + 500) // 1_000


def _total(amounts: Sequence[pl.Expr]) -> pl.Expr:
    return pl.sum_horizontal(pl.lit(0, pl.Int64), *amounts)


def _milliseconds(amounts: pl.DataFrame, unit: str) -> pl.Expr:
    """The exact product, in whole numbers; more than a billion of any unit is far more than a day."""
    whole = pl.col(unit).cast(pl.Int64).clip(0, _BILLION) * UNITS[unit]
    if not amounts[f"{unit}_part"].count():
        return whole
    billionths = pl.col(f"{unit}_part").fill_null("").str.head(9).str.pad_end(9, "0").cast(pl.Int64)
    return whole + billionths * UNITS[unit] // _BILLION
