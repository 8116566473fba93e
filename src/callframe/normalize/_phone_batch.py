"""A column of phone texts at a time: plain digits by the tables, whatever else by phonenumbers, each text once.

The steps of one batch run one after the other (`select_seq`): batches already run side by side.
"""

from dataclasses import dataclass
from functools import cache, partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from callframe.normalize._phone_digits import LONGEST_TEXT, TENS, Booleans, Integers, blocks, digits, marked, plain
from callframe.normalize._phone_reading import Verdict, read
from callframe.normalize._phone_tables import NOWHERE, Table, after_no_code, after_plus, calling_codes, dialled, regions
from callframe.normalize._phone_words import WITHHELD
from callframe.normalize.texts import BLANKS, positions, present

__all__ = ["Places", "Told", "judged", "would_be"]

Places = npt.NDArray[np.int16]
"""Regions by their indices."""

_BETWEEN = r" \u00a0().\[\]\u2010-\u2015\u2212-"
_SPACED = rf"""^['"={_BETWEEN}]*(?i:tel:)?\+?[0-9][0-9{_BETWEEN}]*['",;{_BETWEEN}]*$"""
_HEADED = rf"""^[^\d+\uff0b;=\n]*\+?[0-9][0-9{_BETWEEN}]*['",;{_BETWEEN}]*$"""
_DECIMAL = r"""\.0["' \u00a0]*$"""
_MARKS = r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
_NAMED = r"<([^<>]*)>$"
_QUOTES = "\"'«»„“”‚‘’‹›"
_AROUND = f" \u00a0{_QUOTES}<>()[].="
_NAME = rf"""^[{_QUOTES} ]*(?:sips?:)?([^<>@"]*?)[{_QUOTES} ]*[<@]"""
_USER = r"<(?:sips?:)?([^<>@]*)"
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})"
_NO_CALLERS_DIGITS = rf"@{_OCTET}(?:\.{_OCTET}){{3}}(?::[0-9]+)?(?:[;>\s]|$)|;tag=[^;>\s]*"
_POWER = r"^[+-]?[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]{1,3}$"
_TWO_DIGITS_AT_MOST = r"^[^0-9]*(?:[0-9][^0-9]*){0,2}$"
_NO_OTHER_DIGITS = r"^[\x00-\u024f\u0400-\u052f\u2010-\u2027\u2116]*$"
_WRAPPED = r"^['=]|[<@]"
_LETTER_WITHIN = r"[0-9+].*[A-Za-zА-Яа-яЁё]"
_EXTENSION_OR_SECOND = r"[xX#,;~/|\\]|[iI][nN][tT]|[дД][оО][бБ]"
_DIGITS_OF_ONE = r"^[^0-9]*(?:[0-9][^0-9]*){3,13}$"
_FEWEST_OF_A_NUMBER = 7
_MANY_CODES = 50
"""With so many calling codes in one column, the next one has others, and a table of all is made but once."""
_STEPS = (Verdict.ABROAD, Verdict.SECOND, Verdict.ASK)
_NOBODY = pl.Series(
    sorted({"", *(case(word) for word in (*BLANKS, *WITHHELD) for case in (str, str.upper, str.capitalize))})
).implode()
"""The usual ways to say that there is no number: no need to look further."""
_UNSETTLED = -1
_TEXT = pl.col("text")
_IS_SPACED = _TEXT.str.contains(_SPACED) & (_TEXT.str.len_bytes() <= LONGEST_TEXT)
_IS_HEADED = _TEXT.str.contains(_HEADED) & (_TEXT.str.len_bytes() <= LONGEST_TEXT)
_IS_DECIMAL = _TEXT.str.contains(_DECIMAL)
_LOWER = _TEXT.str.to_lowercase()
_IS_WITHHELD = _LOWER.str.strip_chars(_AROUND).is_in(WITHHELD)
_IS_WITHHELD_ADDRESS = (_LOWER.str.extract(_NAME).is_in(WITHHELD) | _LOWER.str.extract(_USER).is_in(WITHHELD)) & (
    _LOWER.str.replace_all(_NO_CALLERS_DIGITS, "").str.count_matches(r"\d") < _FEWEST_OF_A_NUMBER
)
_IS_FEW = _TEXT.str.contains(_TWO_DIGITS_AT_MOST) & _TEXT.str.contains(_NO_OTHER_DIGITS)
_IS_LETTERED = (
    _TEXT.str.contains(_LETTER_WITHIN)
    & ~_TEXT.str.contains(_EXTENSION_OR_SECOND)
    & _TEXT.str.contains(_DIGITS_OF_ONE)
    & _TEXT.str.contains(_NO_OTHER_DIGITS)
    & (_TEXT.str.len_bytes() <= LONGEST_TEXT)
)
_IS_NO_NUMBER = (
    pl.when(_TEXT.is_null() | _IS_WITHHELD | _IS_WITHHELD_ADDRESS)
    .then(int(Verdict.ABSENT))
    .when(_TEXT.str.contains(_POWER))
    .then(int(Verdict.DIGITS_LOST))
    .when(_IS_FEW & _TEXT.str.contains("[0-9]"))
    .then(int(Verdict.TOO_SHORT))
    .when(_IS_FEW)
    .then(int(Verdict.NOT_A_NUMBER))
)


@dataclass
class Told:
    """What became of each row."""

    verdict: npt.NDArray[np.int8]
    value: Integers
    """The digits of the E.164 number; 0 where there is none."""
    where: Places
    """The number's region where it is valid, else the region whose rules it breaks."""
    key: Integers
    """The key where the text was plain digits, otherwise 0."""
    extension: npt.NDArray[np.object_] | None = None

    @classmethod
    def nothing(cls, height: int) -> "Told":
        """No number, and nothing amiss."""
        verdict = np.full(height, Verdict.ABSENT, np.int8)
        where = np.full(height, NOWHERE, np.int16)
        return cls(verdict, np.zeros(height, np.int64), where, np.zeros(height, np.int64))

    def put(self, rows: Integers, told: "Told") -> None:
        """What is told of other rows, which are these here."""
        self.verdict[rows] = told.verdict
        self.value[rows] = told.value
        self.where[rows] = told.where
        self.key[rows] = told.key
        if told.extension is not None:
            if self.extension is None:
                self.extension = np.full(len(self.verdict), None)
            self.extension[rows] = told.extension

    def take(self, rows: Integers) -> "Told":
        """What is told of each of `rows`."""
        extension = None if self.extension is None else self.extension[rows]
        return Told(self.verdict[rows], self.value[rows], self.where[rows], self.key[rows], extension)


class Cells(NamedTuple):
    """Texts still to be told of: their rows, the regions of these, and what is left of each text when it is cleaned."""

    rows: Integers
    place: Places
    text: pl.Series

    def where(self, found: Booleans) -> "Cells":
        """Those of the cells."""
        if found.all():
            return self
        return Cells(self.rows[found], self.place[found], self.text.filter(pl.Series(found)))

    def ask(self, expr: pl.Expr) -> pl.Series:
        """An expression of `text`."""
        return self.text.to_frame("text").select_seq(expr).to_series()

    def has(self, expr: pl.Expr) -> Booleans:
        """A condition on `text`; false of null."""
        return self.ask(expr.fill_null(value=False)).to_numpy()

    def with_text(self, text: pl.Expr) -> "Cells":
        """The cells with other texts."""
        return self._replace(text=self.ask(text))


def judged(text: pl.Series, place: Places, vanity: bool) -> Told:
    """What becomes of every text under the region (an index into `regions()`) of its row."""
    text = text.clone().scatter(text.is_null().arg_true(), "")
    key = plain(text, cleaned=False)
    told = _looked_up(key, place)
    rows = np.flatnonzero(key == 0)
    left = text.gather(rows)
    somebody = ~left.is_in(_NOBODY)
    if somebody.any():
        rows = rows[somebody.to_numpy()]
        told.put(rows, _each_once(left.filter(somebody), place[rows], vanity))
    return told


def would_be(key: Integers) -> Places:
    """The regions in which digits without a plus would be valid with one."""
    told = _abroad(key + TENS.take(digits(key)), np.full(len(key), NOWHERE, np.int16))
    return np.where(told.verdict == Verdict.VALID, told.where, NOWHERE)


def _each_once(text: pl.Series, place: Places, vanity: bool) -> Told:
    """Rows that aren't plain digits: most of them are some few texts, which say that nobody's number was shown."""
    kinds = text.unique()
    if len(kinds) >= len(text) // 2 or (place != place[0]).any():
        return _others(text, place, vanity)
    return _others(kinds, place[: len(kinds)], vanity).take(positions(text, kinds).to_numpy())


def _others(text: pl.Series, place: Places, vanity: bool) -> Told:
    told = Told.nothing(len(text))
    cells = Cells(np.arange(len(text)), place, text.alias("text"))
    last = [partial(_ask, vanity=True)] if vanity else [_lettered, partial(_ask, vanity=False)]
    early, late = partial(_spaced, found=_IS_SPACED & ~_IS_DECIMAL), partial(_spaced, found=_IS_SPACED | _IS_HEADED)
    for step in (early, _wordy, _cleaned, _plain, late, *last):
        if len(cells.rows):
            cells = step(cells, told)
    return told


def _looked_up(key: Integers, place: Places) -> Told:
    """Numerals by the tables of their regions."""
    if len(place) and (place == place[0]).all():
        return _by_table(_table(place[0]), key, place)
    told = Told.nothing(len(key))
    order = np.argsort(place, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(place[order])) + 1) if len(order) else ():
        told.put(rows, _by_table(_table(place[rows[0]]), key[rows], place[rows]))
    return told


def _table(place: int) -> Table:
    return dialled(None if place == NOWHERE else regions()[place])


def _abroad(key: Integers, place: Places) -> Told:
    """Digits after a plus, by the tables of the calling codes that they begin with."""
    code = calling_codes().take(key // TENS.take(digits(key) - 3) - 2000)
    told = Told.nothing(len(key))
    known = np.flatnonzero(code)
    if len(known):
        codes = frozenset(np.flatnonzero(np.bincount(code[known])).tolist())
        table = after_plus(codes if len(codes) < _MANY_CODES else frozenset(COUNTRY_CODE_TO_REGION_CODE))
        told.put(known, _by_table(table, key[known], place[known]))
    for each in set(place[code == 0].tolist()):
        rows = np.flatnonzero((code == 0) & (place == each))
        if each == NOWHERE:
            told.verdict[rows] = Verdict.UNKNOWN_COUNTRY_CODE
        else:
            told.put(rows, _by_table(after_no_code(regions()[each]), key[rows], place[rows]))
    return told


def _by_table(table: Table, key: Integers, place: Places) -> Told:
    """What a table tells, and what is told of the numerals that it leaves open."""
    told = Told.nothing(len(key))
    for block in blocks(len(key)):
        row = table.rows(key[block])
        verdict = table.verdict.take(row)
        told.verdict[block] = verdict
        told.where[block] = table.where.take(row)
        told.value[block] = (key[block] + table.add.take(row)) * (verdict == Verdict.VALID)
    abroad, second, ask = (np.flatnonzero(told.verdict == step) for step in _STEPS)
    told.key = key.copy()
    if len(abroad):
        told.put(abroad, _abroad(key[abroad], place[abroad]))
    if len(second):
        told.put(second, _abroad(table.moved(key[second]), np.full(len(second), NOWHERE, np.int16)))
    if len(ask):
        told.put(ask, _asked(list(map(_spelled, key[ask].tolist())), place[ask], vanity=True))
    return told


def _spelled(key: int) -> str:
    digits = str(key)
    return ("+" if digits[0] == "2" else "") + digits[1:]


def _spaced(cells: Cells, told: Told, found: pl.Expr) -> Cells:
    """Tells of digits with any marks between and around them."""
    which = cells.has(found)
    if not which.any():
        return cells
    spaced = cells.where(which)
    key = marked(spaced.text)
    told.put(spaced.rows, _looked_up(key, spaced.place))
    which[which] = key > 0
    return cells.where(~which)


def _plain(cells: Cells, told: Told) -> Cells:
    """Tells of digits with ASCII marks between them."""
    key = plain(cells.text, cleaned=True)
    told.put(cells.rows, _looked_up(key, cells.place))
    return cells.where(key == 0)


def _wordy(cells: Cells, told: Told) -> Cells:
    """Tells of blanks, of words for a number withheld and of other words."""
    is_word = _IS_FEW & ~_TEXT.str.contains("[0-9]") & ~_TEXT.str.contains(_WRAPPED)
    verdict = pl.when(_TEXT.is_null() | _IS_WITHHELD).then(int(Verdict.ABSENT))
    return _settled(cells.with_text(present(_TEXT)), told, verdict.when(is_word).then(int(Verdict.NOT_A_NUMBER)))


def _cleaned(cells: Cells, told: Told) -> Cells:
    """Cleans texts, and tells of those that are then settled by what they say."""
    named = _TEXT.str.extract(_NAMED)
    has_number = named.str.count_matches(r"\d") >= _FEWEST_OF_A_NUMBER
    for cleaning in (
        pl.when(_TEXT.str.contains(_MARKS)).then(_TEXT.str.replace_all(_MARKS, "")).otherwise(_TEXT),
        present(_TEXT).str.strip_prefix("'").str.replace(r'^="(.*)"$', "${1}").str.strip_chars(),
        pl.when(has_number).then(named).otherwise(_TEXT),
        present(_TEXT.str.replace(r"^([0-9]+)[.,]0$", "${1}")),
    ):
        cells = cells.with_text(cleaning)
    return _settled(cells, told, _IS_NO_NUMBER)


def _lettered(cells: Cells, told: Told) -> Cells:
    """Tells of texts refused for a letter whatever else phonenumbers would say, to save asking."""
    found = cells.has(_IS_LETTERED) & (cells.place != NOWHERE)
    told.verdict[cells.rows[found]] = Verdict.LETTERS
    return cells.where(~found)


def _settled(cells: Cells, told: Told, verdict: pl.Expr) -> Cells:
    """Tells of the texts that have a verdict."""
    verdicts = cells.ask(verdict.fill_null(_UNSETTLED).cast(pl.Int8)).to_numpy()
    found = verdicts != _UNSETTLED
    told.verdict[cells.rows[found]] = verdicts[found]
    return cells.where(~found)


def _ask(cells: Cells, told: Told, vanity: bool) -> Cells:
    told.put(cells.rows, _asked(cells.text.to_list(), cells.place, vanity))
    return cells.where(cells.rows < 0)


def _asked(text: list[str], place: Places, vanity: bool) -> Told:
    """What phonenumbers says, asked once for each text."""
    names = regions()
    told = Told.nothing(len(text))
    ask = cache(lambda text, place: read(text, None if place == NOWHERE else names[place], vanity))
    for row, question in enumerate(zip(text, place.tolist(), strict=True)):
        reading = ask(*question)
        told.verdict[row] = reading.verdict
        told.value[row] = reading.value or 0
        told.where[row] = NOWHERE if reading.region is None else names.index(reading.region)
        if reading.extension is not None:
            if told.extension is None:
                told.extension = np.full(len(text), None)
            told.extension[row] = reading.extension
    return told
