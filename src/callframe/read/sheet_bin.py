"""How far the cells of the sheets of an XLSB reach, had from their records; see `sheet_xml` for why that matters.

A record is a kind and a length, each in bytes of seven bits of which the last has no eighth, and so many bytes.
"""

import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

__all__ = ["corners"]

_ROW, _SIZE = 0x00, 0x94
_CELLS = range(0x02, 0x0C)


def corners(path: Path) -> Iterator[tuple[str, int, int]]:
    """For each sheet the name of its part, and the number of rows and columns that calamine makes room for."""
    with zipfile.ZipFile(path) as packed:
        for name in packed.namelist():
            if "worksheets/" in name.lower() and name.lower().endswith(".bin"):
                yield name, *_corner(packed.read(name))


def _corner(part: bytes) -> tuple[int, int]:
    row = rows = columns = 0
    for kind, data in _records(part):
        if kind == _ROW and len(data) >= 4:
            row = struct.unpack_from("<I", data)[0]
        elif kind in _CELLS and len(data) >= 4:
            rows, columns = max(rows, row + 1), max(columns, struct.unpack_from("<I", data)[0] + 1)
        elif kind == _SIZE and len(data) >= 16:
            top, bottom, left, right = struct.unpack_from("<4I", data)
            rows, columns = max(rows, (bottom - top) % (1 << 32) + 1), max(columns, (right - left) % (1 << 32) + 1)
    return rows, columns


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    start = 0
    while start < len(part):
        kind, start = _number(part, start, 2)
        length, start = _number(part, start, 4)
        yield kind, part[start : start + length]
        start += length


def _number(part: bytes, start: int, longest: int) -> tuple[int, int]:
    """A number in bytes of seven bits, and where it ends."""
    number = 0
    for place in range(longest):
        byte = part[start + place] if start + place < len(part) else 0
        number |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return number, start + place + 1
    return number, start + longest
