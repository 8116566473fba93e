"""A source that stands open: what it is, and the query that gives its rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import polars as pl

from callframe.errors import InputError
from callframe.read.frames import as_text
from callframe.read.origin import Origin
from callframe.read.queries import Batches

__all__ = ["Export"]


@dataclass(frozen=True)
class Export:
    """A source that stands open: a query to run, once or more, and what to make of its failures."""

    origin: Origin
    """How it is read, and why so."""

    lazy: pl.LazyFrame
    """`source_row`, then the source's columns, all String; a CSV is read in bounded memory."""

    quick: Batches | None = None
    """Another way to its rows, where there is one that needs less memory."""

    is_empty: bool = False
    """Whether it is known to have no rows."""

    about: int | None = None
    """About how many rows it has, if that can be told without reading it."""

    @classmethod
    def of(cls, frame: pl.LazyFrame, origin: Origin) -> "Export":
        """A typed frame, as text.

        Raises:
            InputError: it can't be read.
        """
        try:
            return cls(origin, as_text(frame))
        except pl.exceptions.PolarsError as error:
            raise _failure(origin, error) from None

    @classmethod
    def held(cls, frame: pl.DataFrame, origin: Origin) -> "Export":
        """Rows of text behind `source_row` that are in memory."""
        return cls(origin, frame.lazy(), is_empty=frame.is_empty(), about=frame.height)

    @property
    def name(self) -> str:
        """What messages call the source."""
        return self.origin.name

    @property
    def kind(self) -> str:
        """What it is: `frame`, `CSV`, `JSON`, …; see `Origin`."""
        return self.origin.kind

    @property
    def columns(self) -> list[str]:
        """Names of the source's columns, without `source_row`."""
        return self.lazy.collect_schema().names()[1:]

    def batches(self, rows: int) -> Iterator[pl.DataFrame]:
        """All rows in order, about so many at a time, each frame in one piece; none if there are no rows."""
        if self.quick:
            yield from self.quick(rows)
        else:
            for frame in self.lazy.collect_batches(chunk_size=rows, maintain_order=True, engine="streaming"):
                yield frame.rechunk()

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Around a run of the query: what Polars says of a broken source, which may quote its cells, as a sentence."""
        try:
            yield
        except pl.exceptions.PolarsError as error:
            raise _failure(self.origin, error) from None


def _failure(origin: Origin, error: pl.exceptions.PolarsError) -> InputError:
    if origin.kind == "frame":
        return InputError.query(type(error).__name__)
    return InputError.damaged(origin.name, origin.kind)
