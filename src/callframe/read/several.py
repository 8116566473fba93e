"""Several files that stand open -> one export: columns united by name, rows numbered on, `source` says from where."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from callframe.errors import InputError
from callframe.read.export import Export
from callframe.read.frames import SOURCE_ROW, unique
from callframe.read.origin import Origin
from callframe.read.queries import query

__all__ = ["SOURCE", "check_distinct", "own", "united"]

SOURCE = "source"

_ADDED = re.compile(rf"{SOURCE}(?: \([0-9]+\))?")
"""How `unique` spells that name, where files have a column of the name themselves."""


def check_distinct(paths: Sequence[Path]) -> None:
    """Refuse a file that is named twice, under whatever name.

    Raises:
        InputError: there is one.
    """
    seen: set[tuple[int, int]] = set()
    for path in paths:
        if path.is_file():
            place = path.stat()
            if (place.st_dev, place.st_ino) in seen:
                raise InputError.same_file(str(path))
            seen.add((place.st_dev, place.st_ino))


def own(columns: Sequence[str]) -> list[str]:
    """The columns that stand in the files themselves: without the one that `united` puts first.

    >>> own(["source", "дата", "номер"])
    ['дата', 'номер']
    """
    return list(columns[1:] if len(columns) > 1 and _ADDED.fullmatch(columns[0]) else columns)


def united(exports: Sequence[Export]) -> Export:
    """The rows of all files, one after the other, behind `source_row` and `source`, the name of the file.

    `source_row` counts on from file to file. A column that a file lacks is null in its rows, and noted. Files of one
    name in several folders are told apart by their paths. A column `source` of the files' own keeps its name.

    Raises:
        InputError: none of the files has rows, or one has no column in common with those before it.
    """
    filled = [export for export in exports if not export.is_empty]
    if not filled:
        raise InputError.no_rows(", ".join(export.name for export in exports), exports[0].columns)
    columns: dict[str, None] = {}
    for export in filled:
        if columns and not columns.keys() & set(export.columns):
            raise InputError.nothing_in_common(export.name, filled[0].name)
        columns |= dict.fromkeys(export.columns)
    source = unique([*columns, SOURCE], SOURCE_ROW)[-1]
    titles = _titles(exports)

    def batches(rows: int) -> Iterator[pl.DataFrame]:
        count = 0
        for export, title in zip(exports, titles, strict=True):
            if export.is_empty:
                continue
            absent = {name: pl.lit(None, pl.String) for name in columns if name not in export.columns}
            number = pl.int_range(pl.len(), dtype=pl.Int64).alias(SOURCE_ROW)
            with export.explained():
                for frame in export.batches(rows):
                    told = frame.with_columns(number + (count + 1), pl.lit(title).alias(source), **absent)
                    yield told.select(SOURCE_ROW, source, *columns)
                    count += frame.height

    sizes = [export.about for export in exports]
    about = sum(filter(None, sizes)) if all(size is not None for size in sizes) else None
    return Export(_origin(exports, list(columns)), query(batches, [source, *columns]), batches, about=about)


def _titles(exports: Sequence[Export]) -> list[str]:
    short = [Path(export.name).name for export in exports]
    return short if len(set(short)) == len(short) else [export.name for export in exports]


def _origin(exports: Sequence[Export], columns: list[str]) -> Origin:
    origins = [export.origin for export in exports]
    notes = [note for export in exports for note in _notes(export, columns)]
    headers = {origin.header for origin in origins}
    return Origin(
        f"{len(exports)} files",
        _all(origin.kind for origin in origins) or "",
        encoding=_all(origin.encoding for origin in origins),
        separator=_all(origin.separator for origin in origins),
        header=headers.pop() if len(headers) == 1 else None,
        packed=_all(origin.packed for origin in origins),
        files=tuple(origin.name for origin in origins),
        notes=tuple(notes),
    )


def _all(values: Iterator[str | None]) -> str | None:
    return " and ".join(dict.fromkeys(value for value in values if value)) or None


def _notes(export: Export, columns: list[str]) -> Iterator[str]:
    name = export.name
    if export.is_empty:
        yield f"{name} has no rows."
        return
    absent = [column for column in columns if column not in export.columns]
    if absent:
        yield f"{name} has no {', '.join(absent)}: empty in its rows."
    for line, what in export.origin.left_out:
        yield f"{name}: line {line} is left out ({what})."
    for note in export.origin.notes:
        yield f"{name}: {note}"
