"""What calamine does not tell of the cells of an XLSX, had from the XML of the sheet.

calamine gives a cell that shows an error as an empty one, a time below zero as the time of day that is left of it, and
midnight as a date alone, whether or not the cell shows hours. It also makes room for every cell between the first and
the last, so that one stray cell in a far corner would take more memory than there is.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path, PurePosixPath
from typing import IO
from xml.etree import ElementTree as ET
from xml.parsers import expat

from callframe.read.sheet_cells import Place, Untold, shows_a_moment

__all__ = ["BROKEN", "SheetXml"]

BROKEN: tuple[type[Exception], ...] = (
    *(LookupError, ArithmeticError, ValueError, OSError, EOFError, RuntimeError, StopIteration),
    *(zipfile.BadZipFile, zlib.error, ET.ParseError, expat.ExpatError),
)
"""What reading a damaged file may raise."""

_CHUNK = 1 << 20
_SEAM = 256
_COLUMNS = re.compile(rb"""[ \t\r\n]r=["']([A-Z]{1,3})[0-9]""")
_ROWS = re.compile(rb"""<(?:[a-z0-9]+:)?row[^>]*?[ \t\r\n]r=["']([0-9]+)""")
_ODD = (b't="e"', b"t='e'", b"v>-")
_BUILT_IN = "22"
"""Number of the only format of a day with a time that needs no definition."""


class SheetXml:
    """The XML of one sheet of an XLSX.

    Args:
        path: the XLSX.
        sheet: name of the sheet.
    """

    def __init__(self, path: Path, sheet: str) -> None:
        self.path = path
        with zipfile.ZipFile(path) as file:
            self.parts = {_plain(name): name for name in file.namelist()}
            book = _target(self._tree(file, "_rels/.rels"), "officeDocument", "")
            folder, leaf = str(PurePosixPath(book).parent), PurePosixPath(book).name
            items = self._tree(file, book).iter()
            number = next(_attribute(item, "id") for item in items if _is(item, "sheet") and item.get("name") == sheet)
            links = self._tree(file, f"{folder}/_rels/{leaf}.rels")
        self.part = _target(links, number, folder)
        self.styles = _target(links, "styles", folder)
        self._scan()

    def _scan(self) -> None:
        """One quick pass over the bytes: how far the cells reach, and whether some are worth a closer look."""
        columns: set[bytes] = set()
        self.rows, self.odd, seam = 0, False, b""
        with self._opened(self.part) as xml:
            while block := xml.read(_CHUNK):
                block = seam + block
                columns.update(_COLUMNS.findall(block))
                self.rows = max(self.rows, *map(int, _ROWS.findall(block)), 0)
                self.odd = self.odd or any(mark in block for mark in _ODD)
                seam = block[-_SEAM:]
        self.columns = max(map(_column, columns), default=-1) + 1

    def untold(self, *, days: bool) -> Untold:
        """What is found by a closer look at each cell, if any can be worth it.

        Args:
            days: whether to look for days that are shown with a time.
        """
        seen = _Seen(self._moment_styles() if days else set())
        if seen.moments or self.odd:
            parser = expat.ParserCreate()
            parser.buffer_text = True
            parser.StartElementHandler, parser.EndElementHandler = seen.start, seen.end
            parser.CharacterDataHandler = seen.data
            with self._opened(self.part) as xml:
                parser.ParseFile(xml)
        return seen.found

    def _moment_styles(self) -> set[str]:
        """Numbers of the styles that show a day with a time."""
        with zipfile.ZipFile(self.path) as file:
            if self.styles not in self.parts:
                return set()
            tree = self._tree(file, self.styles)
        moments = {_BUILT_IN}
        for item in tree.iter():
            if _is(item, "numFmt") and shows_a_moment(item.get("formatCode", "")):
                moments.add(item.get("numFmtId", ""))
        cells = next((item for item in tree.iter() if _is(item, "cellXfs")), ())
        return {str(number) for number, style in enumerate(cells) if style.get("numFmtId") in moments}

    @contextmanager
    def _opened(self, part: str) -> Iterator[IO[bytes]]:
        with zipfile.ZipFile(self.path) as file, file.open(self.parts[part]) as xml:
            yield xml

    def _tree(self, file: zipfile.ZipFile, part: str) -> ET.Element:
        return ET.fromstring(file.read(self.parts[_plain(part)]))  # noqa: S314 - expat stops at entities that explode


class _Seen:
    """Handlers of the parser."""

    def __init__(self, moments: set[str]) -> None:
        self.moments = moments
        self.found = Untold()
        self.row, self.column = -1, -1
        self.kind, self.style, self.text = "n", "0", ""
        self.cell = self.value = self.line = ""
        self.inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self.value:
            self.inside = True
        elif name == self.cell:
            place = attributes.get("r")
            self.column = _column(place.rstrip("0123456789").encode()) if place else self.column + 1
            self.kind, self.style, self.text = attributes.get("t", "n"), attributes.get("s", "0"), ""
        elif name == self.line:
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
        elif not self.cell:
            prefix = name.removesuffix("worksheet")
            self.cell, self.value, self.line = f"{prefix}c", f"{prefix}v", f"{prefix}row"

    def data(self, text: str) -> None:
        if self.inside:
            self.text += text

    def end(self, name: str) -> None:
        self.inside = False
        if name == self.cell and self.text:
            self._keep((self.row, self.column))

    def _keep(self, place: Place) -> None:
        if self.kind == "e":
            self.found.errors[place] = self.text
        elif self.kind != "n":
            return
        elif self.text.startswith("-"):
            self.found.negatives[place] = float(self.text)
        elif self.style in self.moments:
            self.found.days.add(place)


@cache
def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _target(links: ET.Element, wanted: str, folder: str) -> str:
    """The part to which the link leads that has this id or kind; empty if there is none."""
    for link in links:
        if wanted in (link.get("Id"), link.get("Type", "").rpartition("/")[2]):
            target = link.get("Target", "").replace("\\", "/")
            return _plain(target if target.startswith("/") else f"{folder}/{target}")
    return ""


def _plain(part: str) -> str:
    """A part's name as all writers would spell it."""
    steps: list[str] = []
    for step in part.replace("\\", "/").lower().split("/"):
        if step == "..":
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def _attribute(item: ET.Element, name: str) -> str:
    """An attribute whatever its namespace."""
    return next(value for key, value in item.items() if key.rpartition("}")[2] == name)


def _is(item: ET.Element, name: str) -> bool:
    return item.tag.rpartition("}")[2] == name
