"""Sources that can't be read, and results that can't be written."""

import re
import shlex
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
        """The file has a header and nothing below it; without columns, a list and nothing in it."""
        if not columns:
            return cls(f"read: {name} has an empty list and no rows. Export a period that has calls in it.")
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
    def quotes(cls, name: str, line: int, *, first: bool = False) -> "InputError":
        """A quoted cell does not end, or a quote inside it is not doubled; the `first` line may be a title."""
        title = " If it is a title, say in which line the names stand: --header LINE (header=LINE)."
        return cls(
            f"read: a quoted cell in line {line} of {name} is not closed. "
            f'Double the quotes inside it: "".{title if first else ""}'
        )

    @classmethod
    def encoding(cls, name: str, encoding: str, line: int | None) -> "InputError":
        """The bytes are not text in the encoding that was said."""
        where = f"line {line} of {name}" if line else name
        return cls(
            f"read: {where} is not {encoding} text. "
            f"Leave the encoding out (--encoding, encoding=), and it is seen from the file."
        )

    @classmethod
    def nul(cls, name: str, line: int) -> "InputError":
        """Signs that no name has."""
        return cls(
            f"read: line {line} of {name} has NUL characters where names should stand. "
            f"If it is text, say its encoding, for example: --encoding utf-16-le."
        )

    @classmethod
    def two_encodings(cls, name: str, line: int | None) -> "InputError":
        """Some of the file is UTF-8, and some is not."""
        where = f"line {line} of {name} is" if line else f"a line of {name} is"
        return cls(
            f"read: {where} in another encoding than the rest: one is utf-8, the other is not. "
            f"Write the file anew in one encoding; if it was cut off there, export it again."
        )

    @classmethod
    def no_text(cls, name: str, line: int | None, tried: Iterable[str]) -> "InputError":
        """The bytes are text in no encoding that is known here."""
        where = f"line {line} of {name}" if line else name
        return cls(
            f"read: {where} is not text in utf-8, utf-16, {', '.join(tried)}. "
            f"If it is text, say its encoding: --encoding NAME."
        )

    @classmethod
    def json(cls, name: str, line: int) -> "InputError":
        """A line of JSON lines holds no object."""
        return cls(f"read: line {line} of {name} is not a JSON object. Write one object a line.")

    @classmethod
    def json_twice(cls, name: str, place: str) -> "InputError":
        """Two values under one name."""
        return cls(f"read: {place} of {name} has two values under one name. Give each its own name.")

    @classmethod
    def json_broken(cls, name: str, line: int) -> "InputError":
        """A document that ends early, or is none from some line on."""
        return cls(f"read: {name} is not whole JSON: line {line} is wrong. Export it again.")

    @classmethod
    def json_item(cls, name: str, number: int) -> "InputError":
        """A list of rows holds something else than objects."""
        return cls(f"read: item {number} of the list in {name} is not an object. Write each row as an object.")

    @classmethod
    def no_records(cls, name: str, path: str, lists: Sequence[str], place: str | None) -> "InputError":
        """There are no objects at the path that was said."""
        there = f" There are lists at {listed(lists)}." if lists else ""
        return cls(
            f"read: {f'{place} of ' if place else ''}{name} has no objects at {path!r}.{there} "
            f'Say another path; if it is a row itself, --records . (records=".").'
        )

    @classmethod
    def frame(cls, kind: str) -> "InputError":
        """A frame of another library that Polars can't take over."""
        return cls(f"read: the {kind} can't be turned into a Polars frame. Turn it into text columns first.")

    @classmethod
    def without_text(cls, column: str, dtype: object) -> "InputError":
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
    def packed(cls, name: str, kind: str) -> "InputError":
        """A packed file that can't be unpacked to its end."""
        return cls(f"read: {name} is cut off or damaged: its {kind} can't be unpacked to the end. Fetch it again.")

    @classmethod
    def packed_twice(cls, name: str) -> "InputError":
        """A packed file within a packed file."""
        return cls(f"read: {name} is packed twice. Unpack it once first.")

    @classmethod
    def archive(cls, name: str) -> "InputError":
        """A file that holds files."""
        return cls(f"read: {name} is an archive of files. Unpack it and name the files in it.")

    @classmethod
    def no_match(cls, pattern: str) -> "InputError":
        """A pattern that no file matches."""
        return cls(f"read: no file matches {pattern}. Look at the folder and the pattern.")

    @classmethod
    def same_file(cls, name: str) -> "InputError":
        """One file named twice: its calls would count twice."""
        return cls(f"read: {name} is named twice. Name each file once.")

    @classmethod
    def nothing_in_common(cls, name: str, first: str) -> "InputError":
        """Files that are no parts of one export."""
        return cls(f"read: {name} has no column in common with {first}. Read files of one kind at a time.")

    @classmethod
    def workbook(cls, name: str) -> "InputError":
        """A workbook that ends early, or is none inside."""
        return cls(
            f"read: {name} is not a whole workbook. Export it again, or save the sheet as CSV UTF-8 and read that."
        )

    @classmethod
    def encrypted(cls, name: str) -> "InputError":
        """A workbook that opens with a password alone."""
        return cls(f"read: {name} is protected by a password. Save a copy without one and read that.")

    @classmethod
    def no_sheet(cls, name: str, wanted: str | int, sheets: Sequence[str]) -> "InputError":
        """There is no such sheet."""
        hint = nearest(wanted, sheets) if isinstance(wanted, str) else ""
        return cls(f"read: {name} has no sheet {wanted!r}. It has {listed(sheets)}.{hint}")

    @classmethod
    def nothing_shown(cls, name: str, hidden: Sequence[str]) -> "InputError":
        """No sheet that can be seen holds anything; `hidden` are the others."""
        if not hidden:
            return cls.empty(name)
        return cls(
            f"read: no sheet of {name} that can be seen holds anything. Name a hidden one to read it: "
            f"--sheet {shlex.quote(hidden[0])}. Hidden are {listed(hidden)}."
        )

    @classmethod
    def far_cells(cls, name: str, sheet: str, rows: int, columns: int) -> "InputError":
        """Cells so far apart that there is no room for what lies between."""
        return cls(
            f"read: the cells of sheet {sheet} of {name} reach as far as row {rows} and column {columns}. "
            f"Delete what stands far from the table, or save the sheet as CSV UTF-8."
        )

    @classmethod
    def page(cls, name: str, what: str) -> "InputError":
        """A web page or the like under the name of a workbook."""
        return cls(
            f"read: {name} is {what} inside, whatever its name says. Open it in a spreadsheet, save it as XLSX or "
            f"CSV UTF-8, and read that."
        )

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
    def unwritable(cls, name: str, why: str, written: Sequence[str] = ()) -> "OutputError":
        """The system says no; files of the same job that were put in their places before are `written`."""
        others = f" These are in their places already: {', '.join(written)}." if written else ""
        return cls(f"write: {name} can't be written: {why}. Nothing there has changed; choose another place.{others}")
