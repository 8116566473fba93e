"""A workbook -> the rows of one of its sheets as text: XLSX, XLSB, XLS and ODS.

python-calamine reads the cells and holds the sheet whole, as does what is made of it here: memory grows with the sheet.
A sheet that is hidden counts only if it is named; rows and columns that are hidden count like others. `header`, and
every message that names a line, counts the rows of the sheet as a spreadsheet shows them.

A formula counts with the value that was saved with it. A cell that shows an error keeps its text (`#REF!`) in XLSX and
XLS, and a day that is shown with a time, `21.11.2026 0:00`, is one at midnight there. In XLSB and ODS calamine gives an
error as an empty cell and such a day as one without a time; in XLSB it gives a time of day below zero, which Excel does
not show at all, as what is left of it.
"""

import datetime as dt
import struct
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
import python_calamine as calamine

from callframe.errors import CallframeError, InputError, Unclear
from callframe.read.grids import framed
from callframe.read.options import FileOptions
from callframe.read.origin import Origin
from callframe.read.sheet_biff import SheetBiff
from callframe.read.sheet_bin import corners
from callframe.read.sheet_cells import Cell, number
from callframe.read.sheet_xml import BROKEN, SheetXml

__all__ = ["kind_of", "workbook"]

_MOST_ROWS, _MOST_COLUMNS, _MOST_CELLS = 1 << 20, 1 << 14, 1 << 26
"""No spreadsheet has more rows or columns; room for more cells would take several gigabytes."""

_FAILURES: tuple[type[Exception], ...] = (calamine.CalamineError, struct.error, *BROKEN)

Rows = list[list[Cell]]
Inside = SheetXml | SheetBiff
Sheet = tuple[calamine.CalamineSheet, Inside | None]
"""A sheet, and what tells more of it than calamine does, where there is such a thing."""


def kind_of(path: Path) -> str | None:
    """`XLSX`, `XLSB`, `XLS` or `ODS`, by the content of the file; None: it is no workbook.

    A packed file that has lost its end counts as a workbook, since nothing else is read that looks so.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "XLS"
    if not start.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(path) as packed:
            names = {name.replace("\\", "/").lower() for name in packed.namelist()}
    except BROKEN:
        return "XLSX"
    if "[content_types].xml" in names:
        return "XLSB" if "xl/workbook.bin" in names else "XLSX"
    return "ODS" if "content.xml" in names else None


def workbook(path: Path, origin: Origin, options: FileOptions) -> tuple[pl.DataFrame, Origin]:
    """The rows of a sheet as text behind `source_row`, and where they were found.

    Shape: n rows below the names -> n rows, order kept; rows of nothing behind the last row with text are left out.
    Null: an empty cell is null.

    Args:
        path: a workbook.
        origin: what is known of it.
        options: `sheet`, `header` and `columns` count.

    Raises:
        InputError: the workbook is damaged or asks for a password, has no such sheet, or no text.
        Unclear: several sheets hold something, or the row of the names can't be told.
    """
    kind, name = kind_of(path) or "XLSX", origin.name
    with _explained(name), path.open("rb") as file:
        old = _old_sheets(path, name) if kind == "XLS" else []
        if kind != "XLS":
            _check_parts(path, kind, name)
        with calamine.CalamineWorkbook.from_filelike(file) as book:
            sheet, inside = _Book(book, path, kind, name, old).chosen(options.sheet)
            rows: Rows = sheet.to_python(skip_empty_area=False)
            merged = sheet.merged_cell_ranges or []
        if inside:
            _mend(rows, inside)
    return framed(rows, merged, options, replace(origin, kind=kind, sheet=sheet.name))


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Around all work on the file: what a broken one raises, as a sentence."""
    try:
        yield
    except CallframeError:
        raise
    except calamine.PasswordError:
        raise InputError.encrypted(name) from None
    except _FAILURES:
        raise InputError.workbook(name) from None
    except BaseException as error:
        # calamine gives up on some damaged files with what is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise InputError.workbook(name) from None


@dataclass(frozen=True)
class _Book:
    """A workbook that stands open."""

    book: calamine.CalamineWorkbook
    path: Path
    kind: str
    name: str
    old: list[SheetBiff]
    """The sheets of an XLS."""

    def chosen(self, wanted: str | int | None) -> Sheet:
        """The sheet that is asked for, else the only one in sight that holds anything."""
        sheets = [sheet for sheet in self.book.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
        if not sheets:
            raise InputError.workbook(self.name)
        if wanted is not None:
            return self._sheet(_named([sheet.name for sheet in sheets], wanted, self.name))
        shown = [sheet.name for sheet in sheets if sheet.visible == calamine.SheetVisibleEnum.Visible]
        filled = [sheet for sheet in map(self._sheet, shown) if _holds_text(sheet[0])]
        if not filled:
            raise InputError.nothing_shown(self.name, [sheet.name for sheet in sheets if sheet.name not in shown])
        if len(filled) > 1:
            raise Unclear.sheet(self.name, [(sheet.name, *(sheet.end or (0, 0))) for sheet, _ in filled])
        return filled[0]

    def _sheet(self, title: str) -> Sheet:
        inside = self._inside(title)
        if inside:
            _check_room(inside.rows, inside.columns, title, self.name)
        return self.book.get_sheet_by_name(title), inside

    def _inside(self, title: str) -> Inside | None:
        if self.kind == "XLSX":
            return SheetXml(self.path, title)
        return self.old[self.book.sheet_names.index(title)] if self.old else None


def _old_sheets(path: Path, name: str) -> list[SheetBiff]:
    """The sheets of an XLS; calamine makes room for all of them at once."""
    sheets = SheetBiff.all(path)
    if sheets is None:
        raise InputError.encrypted(name)
    for place, sheet in enumerate(sheets, start=1):
        _check_room(sheet.rows, sheet.columns, str(place), name)
    return sheets


def _check_parts(path: Path, kind: str, name: str) -> None:
    """Refuse what calamine would take at its word: a changed byte, and cells of an XLSB that are far apart."""
    with zipfile.ZipFile(path) as packed:
        if packed.testzip():
            raise InputError.workbook(name)
    for part, rows, columns in corners(path) if kind == "XLSB" else ():
        _check_room(rows, columns, part, name)


def _check_room(rows: int, columns: int, title: str, name: str) -> None:
    if rows > _MOST_ROWS or columns > _MOST_COLUMNS or rows * columns > _MOST_CELLS:
        raise InputError.far_cells(name, title, rows, columns)


def _named(sheets: Sequence[str], wanted: str | int, name: str) -> str:
    """A sheet by its name, whatever its case, or by its number, 1 = first."""
    if isinstance(wanted, str):
        folded = wanted.casefold().strip()
        found = [wanted] if wanted in sheets else [title for title in sheets if title.casefold().strip() == folded]
        if len(found) == 1:
            return found[0]
    number = int(wanted) if str(wanted).isdecimal() else 0
    if not 1 <= number <= len(sheets):
        raise InputError.no_sheet(name, wanted, sheets)
    return sheets[number - 1]


def _holds_text(sheet: calamine.CalamineSheet) -> bool:
    return any(str(cell).strip() for row in sheet.iter_rows() for cell in row)


def _mend(rows: Rows, inside: Inside) -> None:
    """Put what calamine does not tell in its place."""
    untold = inside.untold(days=any(type(cell) is dt.date for row in rows for cell in row))
    for (row, column), error in untold.errors.items():
        rows[row][column] = error
    for (row, column), value in untold.negatives.items():
        if isinstance(rows[row][column], dt.date | dt.time):
            rows[row][column] = number(value)
    for row, column in untold.days:
        day = rows[row][column]
        if type(day) is dt.date:
            rows[row][column] = dt.datetime.combine(day, dt.time())
