"""A file of calls judged by the words of the service's documents, in code of its own.

What the documents don't say is not judged: lengths of ids, signs of prices, shapes of URLs. What happens to a file
that breaks the words is not documented either; here a file that can't be read as calls is refused as a whole, and a
row that breaks a word is counted in `source_quantity` but not in `line_quantity`. Money in a currency that isn't
known is taken as no money, in silence, as the service does it.

Source: "Передача данных о звонках", step 2, "Подготовка CSV-файла".
"""

import csv
import functools
import io
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from typing import IO

import pycountry

__all__ = ["COLUMNS", "IDS", "REQUIRED", "WRONG_WIDTH", "NotCalls", "Tally", "Verdict", "rows", "tally", "verdicts"]

IDS = {"UserId": "USER_ID", "ClientId": "CLIENT_ID", "Yclid": "YCLID"}
"""A column of visitor ids -> what the service calls that kind of id."""

REQUIRED = (*IDS, "DateTime")
COLUMNS = (
    *REQUIRED,
    "StaticCall",
    "Price",
    "Currency",
    "PhoneNumber",
    "TalkDuration",
    "HoldDuration",
    "CallMissed",
    "Tag",
    "FirstTimeCaller",
    "URL",
    "CallTrackerURL",
)

WRONG_WIDTH = "not as many cells as column names"
"""The reason for a row whose cells can't be told apart."""

_OLD = 21 * 86400
_LONGEST_TIME = 15
_PHONE = re.compile(r"\+[0-9]+")
_PRICE = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class NotCalls(Exception):
    """The file can't be read as calls at all."""


@dataclass(frozen=True)
class Verdict:
    """What becomes of one row."""

    row: int
    """1 is the first row below the column names."""

    cells: dict[str, str] = field(repr=False)
    reason: str | None
    """Why the row is not taken; None if it is."""

    notes: tuple[str, ...]
    """What happens to a row that is taken, other than what its cells say."""


@dataclass
class Tally:
    """The counts of one file."""

    source: int = 0
    taken: int = 0
    static: int = 0
    ids: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)

    @property
    def dynamic(self) -> int:
        """Rows taken that are not static."""
        return self.taken - self.static

    @property
    def id_type(self) -> str:
        """The kind of id that most rows carry; the documents don't say what a mixed file is called."""
        return max(IDS.values(), key=lambda kind: self.ids[kind])


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _flag(text: str) -> bool:
    return text in ("0", "1")


_WORDS: dict[str, tuple[Callable[[str], object], str]] = {
    "ClientId": (_digits, "not digits"),
    "Yclid": (_digits, "not digits"),
    "StaticCall": (_flag, "neither 0 nor 1"),
    "Price": (_PRICE.fullmatch, "not a number with a decimal point"),
    "PhoneNumber": (_PHONE.fullmatch, "not + and digits"),
    "TalkDuration": (_digits, "not whole seconds"),
    "HoldDuration": (_digits, "not whole seconds"),
    "CallMissed": (_flag, "neither 0 nor 1"),
    "FirstTimeCaller": (_flag, "neither 0 nor 1"),
}


@functools.cache
def _currencies() -> frozenset[str]:
    return frozenset(currency.alpha_3 for currency in pycountry.currencies)


class _Judge:
    """Judges the rows below one header at one time."""

    def __init__(self, header: Sequence[str], now: float) -> None:
        self._now = now
        self._width = len(header)
        at = {name: place for place, name in enumerate(header)}
        self.ids = [(at[name], kind) for name, kind in IDS.items()]
        self._time = at["DateTime"]
        self.static = at.get("StaticCall")
        self._price, self._currency = at.get("Price"), at.get("Currency")
        self._words = [(at[name], name, *word) for name, word in _WORDS.items() if name in at]

    def reason(self, row: list[str]) -> str | None:
        """Why the row is not taken, or None."""
        if len(row) != self._width:
            return WRONG_WIDTH
        if not any(row[place] for place, _ in self.ids):
            return "no visitor id"
        time = row[self._time]
        if not _digits(time) or len(time) > _LONGEST_TIME:
            return "DateTime: not whole seconds of Unix time" if time else "DateTime: nothing there"
        if int(time) > self._now:
            return "DateTime: later than now"
        for place, name, holds, otherwise in self._words:
            if row[place] and not holds(row[place]):
                return f"{name}: {otherwise}"
        return None

    def notes(self, row: list[str]) -> tuple[str, ...]:
        """What else happens to a row that is taken."""
        notes = []
        if self._currency is not None and row[self._currency] and row[self._currency] not in _currencies():
            notes.append("Currency: not known, the money is dropped")
        if int(row[self._time]) < self._now - _OLD:
            notes.append("DateTime: older than 21 days, can't be tied to a visit")
        return tuple(notes)


def rows(file: IO[bytes]) -> Generator[list[str], None, None]:
    r"""The records of a file, the column names first; empty lines are no records.

    The file stays open.

    Raises:
        NotCalls: the bytes are not UTF-8, or not CSV.

    >>> list(rows(io.BytesIO(b'a,b\n1,"x, y"\n')))
    [['a', 'b'], ['1', 'x, y']]
    """
    file.seek(0)
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    reader = csv.reader(text, strict=True)
    try:
        yield from filter(None, reader)
    except UnicodeDecodeError:
        raise NotCalls("the file is not UTF-8") from None
    except csv.Error:
        raise NotCalls(f"line {reader.line_num} is not CSV") from None
    finally:
        text.detach()


def _judge(records: Iterator[list[str]], now: float) -> tuple[list[str], _Judge]:
    """The column names and the judge of what stands below them; a cell of a header is never quoted back."""
    header = next(records, None)
    if header is None:
        raise NotCalls("the file is empty")
    if header[0].startswith("\ufeff"):
        raise NotCalls("the file starts with a byte order mark; UTF-8 without one is expected")
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        raise NotCalls("the first line is not column names separated by commas")
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise NotCalls(f"required columns are missing: {', '.join(missing)}")
    for place, name in enumerate(header, start=1):
        if name not in COLUMNS:
            raise NotCalls(f"column {place} has a name that is not in the list")
        if name in header[: place - 1]:
            raise NotCalls(f"column {place} has the same name as one before it")
    return header, _Judge(header, now)


def tally(file: IO[bytes], now: float) -> Tally:
    r"""Counts what the service takes from a file and what it does not, row by row, in constant memory.

    Args:
        file: an open binary file; it stays open.
        now: Unix time; a call later than that is not taken.

    Raises:
        NotCalls: the file can't be read as calls, or holds none.

    >>> counts = tally(io.BytesIO(b"UserId,ClientId,Yclid,DateTime\n,17,,100\n,x,,100\n"), now=200)
    >>> counts.source, counts.taken, counts.id_type, dict(counts.reasons)
    (2, 1, 'CLIENT_ID', {'ClientId: not digits': 1})
    """
    counts = Tally()
    with closing(rows(file)) as records:
        _, judge = _judge(records, now)
        for row in records:
            counts.source += 1
            reason = judge.reason(row)
            if reason is not None:
                counts.reasons[reason] += 1
                continue
            counts.taken += 1
            counts.static += judge.static is not None and row[judge.static] == "1"
            for place, kind in judge.ids:
                if row[place]:
                    counts.ids[kind] += 1
            for note in judge.notes(row):
                counts.notes[note] += 1
    if not counts.source:
        raise NotCalls("the file holds no calls")
    return counts


def verdicts(file: IO[bytes], now: float, limit: int | None = None) -> list[Verdict]:
    """The verdict on each row, in the order of the file, at most `limit` of them."""
    with closing(rows(file)) as records:
        header, judge = _judge(records, now)
        found = []
        for number, row in enumerate(islice(records, limit), start=1):
            reason = judge.reason(row)
            notes = judge.notes(row) if reason is None else ()
            found.append(Verdict(number, dict(zip(header, row, strict=False)), reason, notes))
    return found
