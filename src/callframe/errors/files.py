"""Sources that can't be read, and results that can't be written."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from callframe.errors.sentences import CallframeError, listed, nearest

__all__ = ["FIRST_LINE_IS_A_CALL", "InputError", "OutputError", "looks_like_a_call"]

FIRST_LINE_IS_A_CALL = (
    "The first line looks like a call, not like column names; "
    "say header = false and columns = [...] under [file] in a mapping file."
)
_TITLE_LINES = 10
"""How far down titles above the column names may reach."""

_DATA = re.compile(r"[0-9](?:[ ()+.\-]*[0-9]){6}|(?<![0-9])[0-9]{1,4}([./-])[0-9]{1,2}\1[0-9]{1,4}(?![0-9])")


def looks_like_a_call(names: Iterable[str]) -> bool:
    """Whether what should be column names are cells of a call, which no message may show: a number, an id, a date."""
    return any(_DATA.search(name) for name in names)


class InputError(CallframeError):
    """The source can't be read as it stands."""

    @classmethod
    def missing(cls, name: str, beside: Iterable[str] = ()) -> "InputError":
        """There is no such file; `beside` are the names in its folder."""
        return cls(f"read: {name} does not exist.{nearest(Path(name).name, beside)}")

    @classmethod
    def directory(cls, name: str) -> "InputError":
        """A folder stands where a file was expected."""
        return cls(f"read: {name} is a folder. Name the file in it.")

    @classmethod
    def empty(cls, name: str) -> "InputError":
        """The file has no text in it."""
        return cls(f"read: {name} is empty. Export it again.")

    @classmethod
    def no_rows(cls, name: str, columns: Sequence[str]) -> "InputError":
        """The file has a header and nothing below it."""
        if looks_like_a_call(columns):
            return cls(f"read: {name} has one line and no rows below it. {FIRST_LINE_IS_A_CALL}")
        return cls(f"read: {name} has a header ({listed(columns)}) and no rows. Export a period that has calls in it.")

    @classmethod
    def separator(cls, name: str, given: str, found: str) -> "InputError":
        """`given` leaves one column where `found` gives more."""
        return cls(
            f"read: {name} has one column when cut at {given!r}, more at {found!r}. "
            f"Say --separator {found!r}, or leave it out."
        )

    @classmethod
    def no_header(cls, name: str, line: int) -> "InputError":
        """The file ends before the line in which the column names should stand."""
        return cls(f"read: {name} ends before line {line}, where its names should stand. Say another header line.")

    @classmethod
    def ragged(cls, name: str, line: int, found: int, expected: int, first: str = "header") -> "InputError":
        """A record has another number of cells than the `first` one."""
        cells = "1 cell" if found == 1 else f"{found} cells"
        further_down = (
            f" If the column names stand further down, say so: --header {line}, "
            f"or header = {line} under [file] in a mapping file."
        )
        return cls(
            f"read: line {line} of {name} has {cells}, the {first} has {expected}. "
            f"Quote the cell that holds a separator, or mend the line."
            f"{further_down if first == 'header' and found > expected and line <= _TITLE_LINES else ''}"
        )

    @classmethod
    def quotes(cls, name: str, line: int) -> "InputError":
        """A quoted cell does not end, or a quote inside it is not doubled."""
        return cls(f'read: a quoted cell in line {line} of {name} is not closed. Double the quotes inside it: "".')

    @classmethod
    def encoding(cls, name: str, encoding: str, line: int | None, other: str | None = None) -> "InputError":
        """The bytes are not text in `encoding`; perhaps in `other`."""
        where = f"line {line} of {name}" if line else name
        other = other or ("cp1251" if encoding == "utf-8" else "utf-8")
        return cls(f"read: {where} is not {encoding} text. Say its encoding, for example: --encoding {other}.")

    @classmethod
    def json(cls, name: str, line: int) -> "InputError":
        """A line of JSON lines holds no object."""
        return cls(f"read: line {line} of {name} is not a JSON object. Write one object a line.")

    @classmethod
    def json_twice(cls, name: str, line: int) -> "InputError":
        """Two values under one name."""
        return cls(f"read: line {line} of {name} has two values under one name. Give each its own name.")

    @classmethod
    def frame(cls, kind: str) -> "InputError":
        """A frame of another library that Polars can't take over."""
        return cls(f"read: the {kind} can't be turned into a Polars frame. Turn it into text columns first.")

    @classmethod
    def column(cls, column: str, dtype: object) -> "InputError":
        """A column that has no text."""
        return cls(f"read: {column} of the frame is {dtype}, which has no text. Cast it to String, or drop it.")

    @classmethod
    def query(cls, why: str) -> "InputError":
        """A lazy frame fails when it runs."""
        return cls(f"read: the frame can't be read: its query fails ({why}). Collect it to see why.")

    @classmethod
    def damaged(cls, name: str, kind: str) -> "InputError":
        """A binary file that starts well and does not go on so."""
        return cls(f"read: {name} is not a whole {kind} file, or holds what is no text. Export it again.")

    @classmethod
    def compressed(cls, name: str) -> "InputError":
        """Packed files can't be read."""
        return cls(f"read: {name} is compressed. Unpack it first.")

    @classmethod
    def workbook(cls, name: str) -> "InputError":
        """Spreadsheets can't be read yet."""
        return cls(f"read: {name} is a spreadsheet. Save the sheet as CSV UTF-8 and read that.")

    @classmethod
    def unreadable(cls, name: str, why: str) -> "InputError":
        """The system says no."""
        return cls(f"read: {name} can't be read: {why}.")


class OutputError(CallframeError):
    """A result can't be written where it was asked to go; what stood there before still stands."""

    @classmethod
    def exists(cls, name: str) -> "OutputError":
        """A file is there and must not be replaced."""
        return cls(f"write: {name} is there already. Say --force to replace it (overwrite=True in Python).")

    @classmethod
    def directory(cls, name: str) -> "OutputError":
        """A folder stands where the file should go."""
        return cls(f"write: {name} is a folder. Name a file in it.")

    @classmethod
    def same_as_source(cls, name: str) -> "OutputError":
        """Writing there would destroy what is being read."""
        return cls(f"write: {name} is the file being read. Name another one.")

    @classmethod
    def twice(cls, name: str) -> "OutputError":
        """Two results are to go to one file."""
        return cls(f"write: two results can't both go to {name}. Name another file for one of them.")

    @classmethod
    def unwritable(cls, name: str, why: str) -> "OutputError":
        """The system says no."""
        return cls(f"write: {name} can't be written: {why}. Nothing there has changed; choose another place.")
