"""Questions that a source leaves open: its encoding, the line of its names, the list of its rows, what a column is."""

import json
import shlex
from collections.abc import Mapping, Sequence

from callframe.errors.files import InputError
from callframe.errors.options import Ambiguous, MappingError
from callframe.errors.sentences import there_is

__all__ = ["Unclear", "Unmapped"]


class Unclear(InputError, Ambiguous):
    """How a source is to be read can't be told from it, and a wrong guess would be silent.

    Both an `InputError` and an `Ambiguous`: `column` is the name of the source; `readings` and `options` are what there
    is to choose from.
    """

    @classmethod
    def header(cls, name: str, readings: Sequence[tuple[str, str]]) -> "Unclear":
        """Which line holds the column names, if any; `readings` are what each answer means, and its option."""
        question = "the file does not tell which line holds the column names, if any"
        return cls(name, question, readings=[text for text, _ in readings], options=[said for _, said in readings])

    @classmethod
    def sheet(cls, name: str, sheets: Sequence[tuple[str, int, int]]) -> "Unclear":
        """Several sheets hold something; each comes with the row and the column of its last cell, from 0."""
        readings = [f"{title}: cells up to row {row + 1}, column {column + 1}" for title, row, column in sheets]
        options = [f"sheet={title!r} (--sheet {shlex.quote(title)})" for title, _, _ in sheets]
        return cls(name, "the workbook does not tell which sheet holds the calls", readings=readings, options=options)

    @classmethod
    def codec(cls, name: str, line: int, readings: Mapping[str, str]) -> "Unclear":
        """Which encoding the file is in; `readings` are the words of a line that differ, by encoding."""
        return cls(
            name,
            f"the file does not tell its encoding; line {line} would read",
            readings=[f"{codec}: {words}" for codec, words in readings.items()],
            options=[f'encoding="{codec}" (--encoding {codec})' for codec in readings],
        )

    @classmethod
    def records(cls, name: str, lists: Mapping[str, int]) -> "Unclear":
        """Which list holds the rows; `lists` are the lengths of those there are, by the path to them."""
        return cls(
            name,
            "the file does not tell which of its lists holds the rows",
            readings=[
                f"{path}: {_counted(length) if path != '.' else 'the file is one row'}"
                for path, length in lists.items()
            ],
            options=[f'records="{path}" (--records {path})' for path in lists],
        )


class Unmapped(MappingError, Ambiguous):
    """Names and values of an export don't tell which of its columns is one that every call needs.

    Both a `MappingError` and an `Ambiguous`: `readings` are the columns that could be meant, `options` the line of a
    mapping file that says each.
    """

    @classmethod
    def open(
        cls,
        column: str,
        what: str,
        there: Sequence[str],
        candidates: Sequence[tuple[str, str, str]],
        notes: Sequence[str] = (),
    ) -> "Unmapped":
        """Nothing feeds `column`.

        Args:
            column: the contract column.
            what: what it holds, in words.
            there: the columns of the export.
            candidates: those that could be meant: contract column, name, what speaks for it.
            notes: sentences on columns that only look right.
        """
        head = f"no column is known to hold {what}. {there_is(there)}{''.join(f' {note}' for note in notes)}"
        told = candidates or [(column, "…", "")]
        return cls(
            column,
            f"{head} Name it in a mapping file, to start from: callframe mapping EXPORT > my.toml",
            readings=[f"{name}: {why}" for _, name, why in candidates],
            options=[f"[columns] {fed} = {json.dumps(name, ensure_ascii=False)}" for fed, name, _ in told],
        )


def _counted(objects: int) -> str:
    return "1 object" if objects == 1 else f"{objects} objects"
