"""The first records of any table -> where its column names stand, and which lines are neither names nor rows.

A cell with digits and no letters, or with a date or a number of seven digits and more in it, is a *value*; a record
without a value may hold *names*. Rows of calls hold values, so no order of the rows changes what is decided here.

    title    Звонки за апрель                    at most half as many cells as the names: left out
    title    Период: 01.04.2026 - 30.04.2026     left out
    names    Дата;Номер;Длительность             the fullest record without a value, the first of equals
    second   datetime;string;int                 types, units, the names again or in another language: left out
    row      03.04.2026 9:05;84951234567;65
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from callframe.errors import InputError
from callframe.errors.files import looks_like_a_call
from callframe.errors.masks import short
from callframe.errors.unclear import Unclear

__all__ = ["RECORDS", "Layout", "Records", "layout", "may_be_names"]

RECORDS = 50
"""How many first records are enough to decide by."""

Records = Sequence[Sequence[str]]

_SHOWN = 5
_CYRILLIC = re.compile("[а-яёіїєґўәғқңөұүһ]", re.IGNORECASE)
_TYPE = re.compile(
    r"(?:unique|big|small|tiny|medium)?(?:int|integer|identifier)[0-9]*|number|numeric|decimal|float[0-9]*|double|real|"
    r"money|bool|boolean|bit|n?(?:var)?char[0-9]*|string|str|text|date|datetime[0-9]*|time|timestamp|timestamptz|uuid|"
    r"guid|json|enum|phone|число|целое|дробное|текст|строка|дата|время|дата и время|логический|булево"
)
_UNIT = re.compile(
    r"s|sec|secs|seconds?|min|mins|minutes?|h|hours?|ms|с|сек|секунд[аы]?|мин|минут[аы]?|ч|час|часов|мс|руб|рублей|р|₽|"
    r"rub|usd|eur|kzt|byn|uah|\$|€|%|шт|pcs|[dmyhsдмгчс]{1,4}(?:[ .:/,-]+[dmyhsдмгчс]{1,4}){1,5}"
)


@dataclass(frozen=True)
class Layout:
    """Where things stand in a table; indices count its records from 0."""

    header: int | None
    """Index of the record of names; None: there is none."""

    first: int
    """Index from which the rows go on; blank records among them are rows of nothing."""

    left_out: tuple[tuple[int, str], ...] = ()
    """Lines that are neither names nor rows and hold text, each with what it is: `title`, `types`, `units`, …"""


def layout(records: Records, name: str, header: int | bool | None = None, lines: Sequence[int] | None = None) -> Layout:
    """Where the names and the rows of a table stand, if that can be told; an option that says so is not doubted.

    Args:
        records: the first `RECORDS` records of a CSV or a sheet, blank ones included; blank cells are blank text.
        name: what messages call the source.
        header: line that holds the names, as in `FileOptions`: True is 1, False says there is none, None: seen.
        lines: line of the source in which each record starts, 1 = first; None: each record is one line.

    Raises:
        InputError: nothing in the records is text, or nothing from line `header` on.
        Unclear: the line of the names can't be told; the message says with which `header` it can.

    >>> layout([["Звонки за апрель", ""], ["Дата", "Номер"], ["03.04.2026", "84951234567"]], "calls.csv")
    Layout(header=1, first=2, left_out=((1, 'title'),))
    """
    lines = lines or range(1, len(records) + 1)
    if header is False:
        return Layout(None, 0)
    least = 1 if header is None else int(header)
    texts = [i for i, record in enumerate(records) if _filled(record)]
    below = [i for i in texts if lines[i] >= least]
    if not below:
        raise InputError.no_header(name, least) if least > 1 else InputError.empty(name)
    names = _names(records, below, name, lines) if header is None else below[0]
    left_out = [(lines[i], "title") for i in texts if i < names]
    second = names + 1
    what = _second(records, names, [i for i in texts if i > second]) if second in texts else None
    if what:
        return Layout(names, second + 1, (*left_out, (lines[second], what)))
    return Layout(names, second, tuple(left_out))


def _names(records: Records, texts: Sequence[int], name: str, lines: Sequence[int]) -> int:
    """Index of the names: the first record, unless a fuller one stands between it and the values."""
    first = texts[0]
    wordy = [i for i in texts if may_be_names(records[i])]
    fullest = max(wordy, key=lambda i: (_filled(records[i]), -i), default=first)
    above = max((_filled(records[i]) for i in texts if i < fullest), default=0)
    if above > _filled(records[fullest]):
        fullest = first
    elif fullest in wordy and 2 * above <= _filled(records[fullest]) and set(texts[texts.index(fullest) :]) - {*wordy}:
        return fullest
    if fullest == first and not _is_row(records[first]):
        return first
    if not _is_table_of(records, first):
        return first  # a record below is too wide for it, and will be named by its line
    raise Unclear.header(name, _readings(records, first, fullest, lines))


def _readings(records: Records, first: int, fullest: int, lines: Sequence[int]) -> list[tuple[str, str]]:
    """What there is to choose from: sentence, option."""
    found = []
    if _is_row(records[first]):
        none = f'line {lines[first]} is a row, there are no names; columns=["…"] (--columns) gives them'
        found.append((none, "header=False (--no-header)"))
    for index in dict.fromkeys((first, fullest)):
        if _is_table_of(records, index):
            said = f"header={lines[index]} (--header {lines[index]})"
            found.append((f"line {lines[index]} holds the names: {_shown(records[index])}", said))
    return found


def _shown(record: Sequence[str]) -> str:
    cells = [cell.strip() for cell in record if cell.strip()]
    if any(map(_is_value, cells)):
        return f"{len(cells)} cells, some with values"
    return ", ".join(map(short, cells[:_SHOWN])) + (" …" if len(cells) > _SHOWN else "")


def _second(records: Records, names: int, below: Sequence[int]) -> str | None:
    """What the record right below the names is, if it is no row; `below` are the records with text that follow."""
    above, cells = ([cell.strip().casefold() for cell in records[i]] for i in (names, names + 1))
    told = [cell for cell in cells if cell]
    if not may_be_names(records[names + 1]) or all(may_be_names(records[i]) for i in below):
        return None
    if cells == above:
        return "the names again"
    if 2 * len(told) > _filled(above) and all(
        _TYPE.fullmatch(re.sub(r"\(.*| with.*", "", cell).strip()) for cell in told
    ):
        return "types"
    if len(told) > 1 and all(_UNIT.fullmatch(cell.strip("[]() ").rstrip(".")) for cell in told):
        return "units"
    pairs = [(cell, other) for cell, other in zip(above, cells, strict=False) if cell or other]
    scripts = {(_script(cell), _script(other)) for cell, other in pairs}
    if scripts in ({("с", "l")}, {("l", "с")}) and len(set(told)) == len(told) and _valued(records, below) > 1:
        return "the names in another language"
    return None


def _valued(records: Records, below: Sequence[int]) -> int:
    """Columns that hold nothing but values."""
    columns = zip_longest(*(records[i] for i in below), fillvalue="")
    texts = ([cell for cell in column if cell.strip()] for column in columns)
    return sum(bool(column) and all(map(_is_value, column)) for column in texts)


def _script(cell: str) -> str:
    """Whether it is written in Cyrillic letters or in others."""
    if _CYRILLIC.search(cell):
        return "с"
    return "l" if any(map(str.isalpha, cell)) else ""


def _is_table_of(records: Records, index: int) -> bool:
    """Whether no record below has text beyond the width of this one."""
    return all(not _filled(record[len(records[index]) :]) for record in records[index + 1 :])


def _is_row(record: Sequence[str]) -> bool:
    """Whether a record can't be names: it holds a number or a date of a call, or not one word."""
    return looks_like_a_call(record) or not any(letter.isalpha() for cell in record for letter in cell)


def may_be_names(record: Sequence[str]) -> bool:
    """Whether no cell of a record is a value."""
    return not any(map(_is_value, record))


def _is_value(cell: str) -> bool:
    return bool(re.search("[0-9]", cell)) and (not any(map(str.isalpha, cell)) or looks_like_a_call([cell]))


def _filled(record: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in record)
