"""How to read a file, where that can't be seen from the file."""

import io
from dataclasses import dataclass, fields

from callframe.errors import OptionError

__all__ = ["FileOptions"]


@dataclass(frozen=True, kw_only=True)
class FileOptions:
    """How to read a file, where that can't be seen from the file."""

    separator: str | None = None
    """One character between cells; None: seen from the first records."""

    encoding: str | None = None
    """A codec name of Python's; a byte order mark wins. None: seen from the whole file."""

    header: int | bool | None = None
    """Line that holds the column names, 1 = first; True is 1, False says there is none. None: seen from the file."""

    columns: tuple[str, ...] = ()
    """Column names, for a file without a header: `header` must be False."""

    sheet: str | int | None = None
    """Sheet of a workbook by its name, or its number, 1 = first; None: the only one that holds anything."""

    records: str | None = None
    """In JSON, path to the list that holds the rows, as `data.calls`; `.`: the document itself. None: the only list."""

    def __post_init__(self) -> None:
        """Refuse values that mean nothing."""
        if self.separator is not None and not _is_separator(self.separator):
            raise OptionError.unknown("a separator of one character", self.separator, example="';'")
        if self.encoding is not None and not _is_encoding(self.encoding):
            raise OptionError.unknown("an encoding", self.encoding, ("utf-8", "cp1251", "utf-16"), "'cp1251'")
        if self.header is not None and not _is_header(self.header):
            raise OptionError.unknown("a header line", self.header, example="1 is the first line, false means none")
        if not _is_names(self.columns):
            raise OptionError.unknown("a list of column names", self.columns, example='["start", "caller"]')
        if not _is_sheet(self.sheet):
            raise OptionError.unknown("a sheet", self.sheet, example="'Звонки', or 1 for the first")
        if not _is_records(self.records):
            raise OptionError.unknown("a path to a list", self.records, example="'data.calls'")
        if self.columns and self.header is not False:
            raise OptionError.needs("columns", "header=False (header = false under [file] in a mapping file)")
        object.__setattr__(self, "columns", tuple(self.columns))

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Names of the options, as a mapping file spells them."""
        return tuple(field.name for field in fields(cls))


def _is_separator(given: object) -> bool:
    return isinstance(given, str) and len(given.encode()) == 1 and given not in '"\r\n\0'


def _is_encoding(given: object) -> bool:
    try:
        return isinstance(given, str) and bool(io.TextIOWrapper(io.BytesIO(), encoding=given))
    except (LookupError, ValueError):
        return False


def _is_header(given: object) -> bool:
    return given is False or (isinstance(given, int) and given >= 1)


def _is_sheet(given: object) -> bool:
    if isinstance(given, int):
        return given >= 1 and given is not True
    return given is None or (isinstance(given, str) and bool(given.strip()))


def _is_records(given: object) -> bool:
    return given is None or (isinstance(given, str) and bool(given.strip()))


def _is_names(given: object) -> bool:
    return isinstance(given, list | tuple) and all(isinstance(name, str) for name in given)
