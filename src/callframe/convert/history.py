"""What only other calls can tell of a call: that it came by before, and that its caller had not called before.

Both are told by the export alone, never by what was sent earlier. Both work on a frame, and on a file batch by batch:
`Seen` goes through a file once, `Callers` twice, so that the order of rows makes no difference to who called first.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import polars as pl

from callframe.contract import FINDINGS_SCHEMA
from callframe.normalize import texts
from callframe.read import SOURCE_ROW, own

__all__ = ["FROM_HISTORY", "Callers", "Seen"]

FROM_HISTORY = "flag-from-history"
"""Code of the finding that says what a derived FirstTimeCaller rests on."""

_BETWEEN = "\0"
_ROWS = 2**31
"""More rows than a file may have for its callers to be told apart by time and row in one number."""


class Seen:
    """Calls that came by: of several rows with the same key the first in file order counts, the others are duplicates.

    No row is preferred for what it says: which of a call's rows carries the talk differs from system to system, so an
    export that has the telling row elsewhere is to be sorted first. A duplicate that differs from the first in other
    cells is said to.

    Keeps 24 bytes a call: a hash of the key, one of all cells, and the row. Two different keys share a hash of 64 bits
    once in 2**64 pairs; that any two of ten million calls do has a chance of three in a million.

    >>> seen = Seen(["id"])
    >>> first = pl.DataFrame({"source_row": [1, 2], "id": ["a", "a"], "leg": ["x", "y"]})
    >>> seen.duplicates(first)["reason"].to_list()
    ['duplicate by id, other cells differ; of row 1']
    >>> second = pl.DataFrame({"source_row": [3, 4], "id": ["b", "a"], "leg": ["x", "x"]})
    >>> seen.duplicates(second).rows()
    [(4, 'duplicate by id; of row 1')]
    """

    def __init__(self, by: Sequence[str]) -> None:
        """Nothing has come by.

        Args:
            by: source columns that tell calls apart, together; a row with a blank one is a call of its own.
        """
        self.by = tuple(by)
        self._first = pl.DataFrame(schema={"key": pl.UInt64, "first": pl.Int64, "cells": pl.UInt64})

    @property
    def calls(self) -> int:
        """Different keys so far."""
        return self._first.height

    def duplicates(self, calls: pl.DataFrame) -> pl.DataFrame:
        """The rows of a batch that are no new call; the others are remembered.

        Batches of one file give what the whole of it gives, if they come in its order.

        Shape: n rows -> at most n rows, order kept.

        Args:
            calls: `source_row` and all source columns, String; without the rows that are no calls to send.

        Returns:
            `source_row`, and `reason`: why the row is to be skipped.
        """
        rows = calls.select(SOURCE_ROW, key=self._key(), cells=_all_cells(calls)).filter(pl.col("key").is_not_null())
        known = self._first.join(rows.select("key"), on="key", how="semi")
        rows = rows.join(known, on="key", how="left", maintain_order="left", suffix="_first")
        of = pl.coalesce("first", pl.col(SOURCE_ROW).first().over("key"))
        like = pl.coalesce("cells_first", pl.col("cells").first().over("key"))
        rows = rows.with_columns(first=of, cells_first=like)
        is_new = pl.col("first") == pl.col(SOURCE_ROW)
        new = rows.filter(is_new)
        self._first = self._first.vstack(new.select("key", "first", "cells"))
        return rows.filter(~is_new).select(SOURCE_ROW, reason=self._reason())

    def _key(self) -> pl.Expr:
        cells = [texts.present(pl.col(name)) for name in self.by]
        key = pl.concat_str(cells, separator=_BETWEEN)
        return pl.when(key.is_not_null()).then(key.hash())

    def _reason(self) -> pl.Expr:
        head = f"duplicate by {', '.join(self.by)}"
        differ = pl.when(pl.col("cells") != pl.col("cells_first")).then(pl.lit(", other cells differ"))
        return pl.format("{}{}; of row {}", pl.lit(head), differ.otherwise(pl.lit("")), "first")


def _all_cells(calls: pl.DataFrame) -> pl.Expr:
    names = own([name for name in calls.columns if name != SOURCE_ROW])
    return pl.concat_str([pl.col(name).fill_null("") for name in names], separator=_BETWEEN).hash()


class Callers:
    """The earliest call of each number in an export: it alone is a first one, as far as the export goes back.

    Times decide, and of calls in the same second the earlier row; the order of rows makes no difference. A call without
    a number has no caller, and one without a time no place in the history: such calls have no flag. A call that is
    rejected for another reason was a call all the same, and counts.

    Keeps 16 to 32 bytes a number. A file is gone through twice: `learn` all of it, then ask for `flags`.

    >>> numbers = ["+74951234567", "+74951234567"]
    >>> values = pl.DataFrame({"source_row": [1, 2], "DateTime": [1776665742, 1776665101], "PhoneNumber": numbers})
    >>> callers = Callers()
    >>> callers.learn(values)
    >>> callers.flags(values).to_list()
    [0, 1]
    """

    def __init__(self) -> None:
        """Nobody has called."""
        self._known = pl.DataFrame(schema={"caller": pl.Int64, "moment": pl.Int64})
        self._recent: list[pl.DataFrame] = []

    def learn(self, values: pl.DataFrame) -> None:
        """Take in the calls of a batch; batches may come in any order.

        Args:
            values: `source_row`, and the contract columns `DateTime` and `PhoneNumber`, normalized.
        """
        self._recent.append(_earliest(values.select(*_call()).drop_nulls()))
        # Going through all that is known costs least where it is done for as many new ones.
        if sum(frame.height for frame in self._recent) > self._known.height:
            self._first()

    def _first(self) -> pl.DataFrame:
        """The earliest moment of each caller."""
        if self._recent:
            self._known = _earliest(pl.concat([self._known, *self._recent]))
            self._recent = []
        return self._known

    def flags(self, values: pl.DataFrame) -> pl.Series:
        """Which calls are the first of their numbers.

        Shape: n rows -> n values, order kept.
        Null: no number, or no time.

        Args:
            values: as for `learn`, of calls that were learned.

        Returns:
            Int8, 1 or 0, `FirstTimeCaller`.
        """
        calls = values.select(*_call())
        known = self._first().join(calls.select("caller"), on="caller", how="semi")
        first = calls.join(known, on="caller", how="left", maintain_order="left", suffix="_first")
        return first.select(FirstTimeCaller=(pl.col("moment") == pl.col("moment_first")).cast(pl.Int8)).to_series()

    def warning(self, values: pl.DataFrame) -> pl.DataFrame:
        """What the flags rest on: one finding for the whole export, at its earliest call.

        Shape: n rows -> 1 row if they hold that call, else none.

        Args:
            values: as for `learn`.

        Returns:
            Columns of a finding.
        """
        first = self._first()
        earliest = first["moment"].min()
        if not isinstance(earliest, int):
            return FINDINGS_SCHEMA.to_frame()
        here = values.select(*_call(), SOURCE_ROW).filter(pl.col("moment") == earliest)
        since = datetime.fromtimestamp(earliest // _ROWS, UTC)
        said = f"told by the calls of this export alone; {first.height} numbers since {since:%Y-%m-%d %H:%M} UTC"
        return here.select(
            SOURCE_ROW,
            column=pl.lit("FirstTimeCaller"),
            code=pl.lit(FROM_HISTORY),
            message=pl.lit(said),
            severity=pl.lit("warning"),
        ).cast(FINDINGS_SCHEMA)


def _earliest(calls: pl.DataFrame) -> pl.DataFrame:
    return calls.group_by("caller").agg(pl.col("moment").min())


def _call() -> tuple[pl.Expr, pl.Expr]:
    """Caller, and moment: time and row in one number, so that of two calls in one second the earlier row is first."""
    caller = pl.col("PhoneNumber").str.slice(1).cast(pl.Int64)
    moment = pl.col("DateTime") * _ROWS + pl.col(SOURCE_ROW)
    return caller.alias("caller"), pl.when(caller.is_not_null()).then(moment).alias("moment")
