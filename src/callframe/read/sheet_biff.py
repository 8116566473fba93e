"""What calamine does not tell of the cells of an XLS, had from the records of the sheet; see `sheet_xml`.

An XLS is a file of files, laid out as on a disk: sectors, a table of which sector follows which, a directory. One of
these files, `Workbook`, is a list of records: a kind, a length, and so many bytes. Cells are records of some kinds.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from callframe.read.sheet_cells import Place, Untold, shows_a_moment

__all__ = ["SheetBiff"]

_BOF, _EOF, _PASSWORD, _SHEET, _SIZE, _FORMAT, _STYLE = 0x0809, 0x000A, 0x002F, 0x0085, 0x0200, 0x041E, 0x00E0
_NUMBER, _RK, _RKS, _FORMULA, _ERROR = 0x0203, 0x027E, 0x00BD, 0x0006, 0x0205
_TEXTS = (0x00FD, 0x0204, 0x00D6)
_BUILT_IN = 22
"""Number of the only format of a day with a time that needs no definition."""
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_NEW_SIZE = 14
_BELOW_ZERO = 1 << 32
_LAST_SECTOR = 0xFFFFFFFA
_SMALL = 4096
"""Files shorter than this stand in sectors of their own kind."""

Record = tuple[int, bytes]


class SheetBiff:
    """The records of one sheet of an XLS.

    Args:
        book: the records of the workbook.
        start: where those of the sheet begin.
    """

    def __init__(self, book: bytes, start: int) -> None:
        self.book = book
        records = list(_records(book, start))
        self.cells = [cell for kind, data in records for cell in _cells(kind, data)]
        ends = [(row, column) for row, column, _, _ in self.cells]
        # calamine makes room for as many cells as the sheet says it has.
        ends += [_told(data) for kind, data in records if kind == _SIZE]
        self.rows = max((row for row, _ in ends), default=-1) + 1
        self.columns = max((column for _, column in ends), default=-1) + 1

    @classmethod
    def all(cls, path: Path) -> "list[SheetBiff] | None":
        """The sheets of an XLS in their order; None: it opens with a password alone."""
        book = _workbook(path.read_bytes())
        head = list(_records(book or b"", 0))
        if book is None or any(kind == _PASSWORD for kind, _ in head):
            return None
        return [cls(book, struct.unpack_from("<I", data)[0]) for kind, data in head if kind == _SHEET]

    def untold(self, *, days: bool) -> Untold:
        """As of `SheetXml`."""
        moments = self._moment_styles() if days else set()
        found = Untold()
        for row, column, style, value in self.cells:
            place: Place = (row, column)
            if isinstance(value, str):
                found.errors[place] = value
            elif value is not None and value < 0:
                found.negatives[place] = value
            elif value is not None and style in moments:
                found.days.add(place)
        return found

    def _moment_styles(self) -> set[int]:
        """Numbers of the styles that show a day with a time."""
        moments = {_BUILT_IN}
        styles: list[int] = []
        for kind, data in _records(self.book, 0):
            if kind == _FORMAT and shows_a_moment(data[3:].replace(b"\0", b"").decode("latin-1")):
                moments.add(struct.unpack_from("<H", data)[0])
            elif kind == _STYLE:
                styles.append(struct.unpack_from("<H", data, 2)[0])
        return {number for number, form in enumerate(styles) if form in moments}


def _told(data: bytes) -> Place:
    """The last cell for which calamine makes room; one in front of the first is a number below zero to it."""
    top, bottom, left, right = struct.unpack_from("<IIHH" if len(data) >= _NEW_SIZE else "<HHHH", data)
    return max(bottom, (bottom - top) % _BELOW_ZERO) - 1, max(right, (right - left) % _BELOW_ZERO) - 1


def _cells(kind: int, data: bytes) -> Iterator[tuple[int, int, int, float | str | None]]:
    """Row, column, style, and the number or the error in it."""
    if kind == _RKS:
        row, first = struct.unpack_from("<HH", data)
        for place in range((len(data) - 6) // 6):
            style, number = struct.unpack_from("<HI", data, 4 + 6 * place)
            yield row, first + place, style, _rk(number)
    elif kind in (_NUMBER, _RK, _FORMULA, _ERROR, *_TEXTS):
        row, column, style = struct.unpack_from("<HHH", data)
        yield row, column, style, _value(kind, data[6:14])


def _value(kind: int, data: bytes) -> float | str | None:
    if kind == _RK:
        return _rk(struct.unpack("<I", data[:4])[0])
    if kind == _ERROR:
        return _ERRORS.get(data[0], "#ERROR!") if data[1] else None
    if kind == _FORMULA and data[6:] == b"\xff\xff":
        return _ERRORS.get(data[2], "#ERROR!") if data[0] == 2 else None
    return float(struct.unpack("<d", data)[0]) if kind in (_NUMBER, _FORMULA) else None


def _rk(number: int) -> float:
    """A number in four bytes: a float cut short or a whole number, perhaps a hundredfold."""
    if number & 2:
        value = float((number ^ 0x80000000) - 0x80000000 >> 2)
    else:
        value = struct.unpack("<d", struct.pack("<Q", (number & 0xFFFFFFFC) << 32))[0]
    return value / 100 if number & 1 else value


def _records(book: bytes, start: int) -> Iterator[Record]:
    """The records of one part of a workbook, without parts inside it."""
    depth = 0
    while start + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, start)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth < 1:
            return
        if depth == 1:
            yield kind, book[start + 4 : start + 4 + length]
        start += 4 + length


def _workbook(data: bytes) -> bytes | None:
    """The file in the file that holds the workbook; None: there is one that was encrypted as a whole."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    directory, small_table = struct.unpack_from("<I", data, 48)[0], struct.unpack_from("<I", data, 60)[0]
    more, tables = struct.unpack_from("<I", data, 68)[0], list(struct.unpack_from("<109I", data, 76))
    while more < _LAST_SECTOR:
        block = _numbers(_sector(data, more, size))
        tables += block[:-1]
        more = block[-1]
    follows = [number for table in tables if table < _LAST_SECTOR for number in _numbers(_sector(data, table, size))]
    entries = _joined(data, directory, size, follows)
    found = {}
    for entry in (entries[place : place + 128] for place in range(0, len(entries), 128)):
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le", "replace")
        found[name] = struct.unpack_from("<II", entry, 116)
    if "EncryptedPackage" in found:
        return None
    start, length = found.get("Workbook") or found["Book"]
    if length >= _SMALL:
        return _joined(data, start, size, follows)[:length]
    small = _joined(data, found["Root Entry"][0], size, follows)
    return _joined(small, start, 64, _numbers(_joined(data, small_table, size, follows)), offset=0)[:length]


def _joined(data: bytes, start: int, size: int, follows: list[int], offset: int | None = None) -> bytes:
    """The sectors of one file, one after the other."""
    places: list[int] = []
    while start < len(follows) and len(places) <= len(follows):
        places.append(start)
        start = follows[start]
    return b"".join(_sector(data, place, size, offset) for place in places)


def _sector(data: bytes, number: int, size: int, offset: int | None = None) -> bytes:
    first = (size if offset is None else offset) + number * size
    return data[first : first + size]


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))
