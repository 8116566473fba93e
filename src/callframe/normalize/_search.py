"""Readers of text tried one after another, each on the cells that the ones before it left alone."""

from collections.abc import Callable, Mapping

import polars as pl

__all__ = ["Reader", "Search", "complete", "matching"]

Reader = Callable[[pl.Series], pl.DataFrame]
"""Texts -> a frame of as many rows; a row with one of the columns that count as a hit is read."""


class Search:
    """What has been found so far, and the texts that no reader could read yet."""

    def __init__(
        self, text: pl.Series, first: Reader, schema: Mapping[str, type[pl.DataType]], hits: tuple[str, ...]
    ) -> None:
        """Start with what the first reader finds in the whole column.

        Args:
            text: String.
            first: the reader.
            schema: the columns of what is found; a reader may leave any out.
            hits: a row has been read if one of these isn't null.
        """
        self._schema, self._hits, self._height = schema, hits, len(text)
        frame = first(text)
        self._found = {name: frame[name] for name in schema if name in frame.columns}
        self._rows = (text.is_not_null() & ~self._hit(frame)).arg_true()
        self._text = text.gather(self._rows)

    def attempt(self, reader: Reader, where: Callable[[pl.Series], pl.Series] | None = None) -> None:
        """Let another reader have the texts that are left, or those of them that a cheap test picks."""
        text = self._text
        asked = where(text) if where else text.is_not_null()
        if not asked.any():
            return
        text, rows = text.filter(asked), self._rows.filter(asked)
        frame = reader(text)
        hit = self._hit(frame)
        if not hit.any():
            return
        told, places = frame.filter(hit), rows.filter(hit)
        for name in self._schema:
            if name in told.columns:
                self._column(name).scatter(places, told[name])
            elif name in self._found:
                self._found[name].scatter(places, None)
        left = ~asked.scatter(asked.arg_true(), hit)
        self._rows, self._text = self._rows.filter(left), self._text.filter(left)

    def change(self, function: Callable[[pl.Series], pl.Series]) -> bool:
        """Rewrite the texts that are left; one that becomes null can't be read any more. Whether any is another now."""
        before = self._text
        text = function(before)
        there = text.is_not_null()
        self._rows, self._text = self._rows.filter(there), text.filter(there)
        return bool((text != before).any())

    def found(self) -> pl.DataFrame:
        """A row for each text; nulls where no reader could read it."""
        return complete(pl.DataFrame(self._found), self._schema)

    def _hit(self, frame: pl.DataFrame) -> pl.Series:
        told = [pl.col(name).is_not_null() for name in self._hits if name in frame.columns]
        return frame.select(pl.any_horizontal(told)).to_series()

    def _column(self, name: str) -> pl.Series:
        """What has been found so far, to be changed in place."""
        if name not in self._found:
            self._found[name] = pl.Series(name, dtype=self._schema[name]).clear(self._height)
        return self._found[name]


def matching(form: str) -> Callable[[pl.Series], pl.Series]:
    """The cheap test for a regular expression."""
    return lambda text: text.str.contains(form)


def complete(frame: pl.DataFrame, schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    """The columns of a schema; nulls where the frame lacks one."""
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name not in frame.columns]
    return frame.with_columns(absent).select(*schema)
