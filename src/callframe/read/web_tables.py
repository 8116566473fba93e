"""A web page that is one table, as exports are that only call themselves workbooks -> the cells as the page shows them.

A page is read if all its cells with text stand in one table; any other is left to a spreadsheet. What a page shows is
all there is in it: a number that was rounded to be shown stays so.
"""

import codecs
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import polars as pl

from callframe.errors import InputError
from callframe.read.encodings import encoding_of, marked
from callframe.read.grids import Merged, framed
from callframe.read.options import FileOptions
from callframe.read.origin import Origin

__all__ = ["is_page", "page"]

_OPENING = re.compile(
    rb"<(?:!doctype|!--|\?xml|(?:html|head|meta|title|style|body|center|div|font|table)[ \t\r\n>])", re.IGNORECASE
)
_CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]*(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_SPACE = re.compile("[ \t\r\n\f]+")
_UNSEEN = ("script", "style")
_MOST_SPANNED = 1000
"""Columns over which one cell may reach; browsers stop there too."""


def is_page(path: Path) -> bool:
    """Whether a file starts with a tag, as a web page or XML does and a table of text does not."""
    with path.open("rb") as file:
        start = file.read(512)
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        start = start.removeprefix(mark)
    return bool(_OPENING.match(start.replace(b"\0", b"").lstrip()))


def page(path: Path, origin: Origin, options: FileOptions) -> tuple[pl.DataFrame, Origin]:
    """The rows of the only table of a page as text behind `source_row`, and where they were found.

    Space is as a page shows it: any run of it is one, none at the ends. The text of several cells that are shown as one
    stands in the first of them. Messages and `header` count the rows of the table.

    Shape: n rows below the names -> n rows, order kept; rows of nothing behind the last row with text are left out.
    Null: an empty cell is null.

    Args:
        path: the page.
        origin: what is known of it.
        options: `encoding`, `header` and `columns` count.

    Raises:
        InputError: it is no such page, or its bytes are no text in the encoding.
        Unclear: the row of the names can't be told.
    """
    text, encoding = _decoded(path, origin.name, options.encoding)
    reader = _Reader()
    reader.feed(text)
    reader.close()
    filled = [table for table in reader.tables if any(cell.text for row in table for cell in row)]
    if not reader.tables:
        raise InputError.page(origin.name, "a web page or XML without a table")
    if len(filled) != 1 or reader.is_nested:
        raise InputError.page(origin.name, "a web page, but not one table,")
    cells, merged = _spread(filled[0])
    return framed(cells, merged, options, replace(origin, kind="HTML", encoding=encoding))


def _decoded(path: Path, name: str, encoding: str | None) -> tuple[str, str]:
    """The page as text, and its encoding: by a mark, the option, as UTF-8, as the page says, as it is seen."""
    data = path.read_bytes()
    told = _CHARSET.search(data)
    codec = marked(data) or encoding or _utf8(data) or (told[1].decode() if told else encoding_of(path, name))
    try:
        return data.decode(codec).removeprefix("\ufeff"), codec
    except (LookupError, UnicodeError):
        raise InputError.page(name, f"a web page that is not the {codec} text that it says") from None


def _utf8(data: bytes) -> str | None:
    """Letters that are UTF-8 are nothing else, whatever a page that was written anew still says of itself."""
    try:
        return None if data.isascii() else data.decode() and "utf-8"
    except UnicodeDecodeError:
        return None


class _Cell:
    """A cell of a page."""

    def __init__(self, attributes: dict[str, str | None]) -> None:
        self.columns, self.rows = (_span(attributes.get(name)) for name in ("colspan", "rowspan"))
        self.parts: list[str] = []

    @property
    def text(self) -> str:
        """What the page shows in it."""
        return _SPACE.sub(" ", "".join(self.parts)).strip(" ")


class _Reader(HTMLParser):
    """Gathers the cells of all tables."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[_Cell]]] = []
        self.is_nested = False
        self.depth = 0
        self.cell: _Cell | None = None
        self.unseen = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row or a cell."""
        if tag == "table":
            self.depth += 1
            self.is_nested = self.is_nested or self.depth > 1
            self.tables.append([])
        elif self.depth and tag == "tr":
            self.tables[-1].append([])
            self.cell = None
        elif self.depth and tag in ("td", "th"):
            if not self.tables[-1]:
                self.tables[-1].append([])
            self.cell = _Cell(dict(attrs))
            self.tables[-1][-1].append(self.cell)
        elif tag in ("br", "p", "div", "li") and self.cell:
            self.cell.parts.append(" ")
        self.unseen = tag in _UNSEEN

    def handle_endtag(self, tag: str) -> None:
        """Close what was open."""
        self.unseen = False
        if tag in ("td", "th", "tr", "table"):
            self.cell = None
        if tag == "table":
            self.depth = max(self.depth - 1, 0)

    def handle_data(self, data: str) -> None:
        """Text counts inside a cell."""
        if self.cell and not self.unseen:
            self.cell.parts.append(data)


def _span(given: str | None) -> int:
    return min(max(int(given), 1), _MOST_SPANNED) if given and given.strip().isdecimal() else 1


def _spread(table: list[list[_Cell]]) -> tuple[list[list[str]], list[Merged]]:
    """Each cell in its column, however the ones before it and above it reach."""
    taken: dict[tuple[int, int], str] = {}
    merged: list[Merged] = []
    for number, row in enumerate(table):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            last = min(number + cell.rows, len(table)) - 1, column + cell.columns - 1
            places = [(down, right) for down in range(number, last[0] + 1) for right in range(column, last[1] + 1)]
            taken |= dict.fromkeys(places, "")
            taken[number, column] = cell.text
            if len(places) > 1:
                merged.append(((number, column), last))
    width = max(column for _, column in taken) + 1
    return [[taken.get((number, column), "") for column in range(width)] for number in range(len(table))], merged
