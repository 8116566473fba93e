"""The cells of a sheet or of a page's table -> rows of text under their names."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from callframe.read.frames import SOURCE_ROW, unique
from callframe.read.layout import RECORDS, Layout, layout
from callframe.read.options import FileOptions
from callframe.read.origin import Origin
from callframe.read.sheet_cells import Cell, text

__all__ = ["Cells", "Merged", "framed"]

Cells = Sequence[Sequence[Cell]]
"""Row by row, all equally wide."""

Merged = tuple[tuple[int, int], tuple[int, int]]
"""First and last of several cells that are shown as one: row and column, from 0."""


def framed(rows: Cells, merged: Sequence[Merged], options: FileOptions, origin: Origin) -> tuple[pl.DataFrame, Origin]:
    """The rows below the names as text behind `source_row`, and where they were found.

    Shape: n rows below the names -> n rows, order kept; rows of nothing behind the last one with text are left out.
    Null: an empty cell is null.

    Args:
        rows: all cells, from the first one of the sheet on.
        merged: cells that are shown as one; a name that reaches down to the row of names counts there.
        options: `header` and `columns` count.
        origin: what is known of the source.

    Raises:
        InputError: there is no text, or none from line `header` on.
        Unclear: the row of the names can't be told.
    """
    texts = [[text(cell) or "" for cell in row] for row in rows[: RECORDS + int(options.header or 0)]]
    _fill_down(texts, merged)
    judged = _without_groups(texts, merged) if options.header is None else texts
    found = layout(judged, origin.name, options.header)
    header = None if found.header is None else found.header + 1
    above = ((line, "title") for line in range(1, header or 1) if any(texts[line - 1]))
    left_out = tuple(sorted(dict([*above, *found.left_out]).items()))
    return _frame(rows, texts, found, options.columns), replace(origin, header=header, left_out=left_out)


def _fill_down(texts: list[list[str]], merged: Sequence[Merged]) -> None:
    """Write the text of a cell that reaches over several rows into each: a name beside two rows of names."""
    for (top, left), (bottom, _) in merged:
        for row in range(top + 1, min(bottom + 1, len(texts))):
            if left < len(texts[row]):
                texts[row][left] = texts[top][left]


def _without_groups(texts: Sequence[Sequence[str]], merged: Sequence[Merged]) -> list[list[str]]:
    """The cells without those that reach over several names: a title of columns is no name."""
    judged = [list(row) for row in texts]
    for (top, left), (bottom, right) in merged:
        below = texts[bottom + 1][left : right + 1] if bottom + 1 < len(texts) else ()
        if sum(bool(cell.strip()) for cell in below) > 1:
            judged[top][left] = ""
    return judged


def _frame(rows: Cells, texts: Sequence[Sequence[str]], found: Layout, columns: Sequence[str]) -> pl.DataFrame:
    """The rows below the names as text; columns without a name and without a cell are left out."""
    width = len(rows[0])
    named = [*columns, *[""] * width][:width] if found.header is None else texts[found.header]
    stripped = [name.strip().strip("\ufeff").strip() for name in named]
    end = len(rows)
    while end > found.first and not any(str(cell).strip() for cell in rows[end - 1]):
        end -= 1
    body = rows[found.first : end]
    cells = [pl.Series([text(row[place]) for row in body], dtype=pl.String) for place in range(width)]
    kept = [
        place for place in range(width) if stripped[place] or found.header is None or cells[place].is_not_null().any()
    ]
    names = unique((stripped[place] or f"column {place + 1}" for place in kept), SOURCE_ROW)
    numbers = pl.int_range(1, len(body) + 1, dtype=pl.Int64, eager=True)
    return pl.DataFrame({SOURCE_ROW: numbers} | {name: cells[place] for name, place in zip(names, kept, strict=True)})
