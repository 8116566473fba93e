"""A whole frame converted, and what became of each row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from callframe.contract import CallFrame
from callframe.convert.batch import convert_batch, new_calls, staged
from callframe.convert.history import Callers, Seen
from callframe.convert.plan import Plan
from callframe.convert.settings import Settings
from callframe.convert.survey import settled
from callframe.convert.tally import Tally
from callframe.mapping import Dedupe, Mapping
from callframe.read import FileOptions, opened

__all__ = ["Conversion", "convert", "mapping_for"]


@dataclass(frozen=True, repr=False)
class Conversion:
    """What became of the rows of an export: each is accepted, rejected or skipped."""

    accepted: CallFrame
    """The 15 contract columns, contract dtypes, in the order of the export."""

    rejected: pl.DataFrame
    """`source_row`, `reasons` (list of text), then every source column as it was."""

    skipped: pl.DataFrame
    """Rows that are no calls to send: `source_row`, `reason`, then every source column as it was."""

    findings: pl.DataFrame
    """`source_row`, `column`, `code`, `message`, `severity` ("error" or "warning"), by source row."""

    mapping: Mapping
    """The mapping as it was applied."""

    settings: Settings
    """The options as they were applied."""

    @cached_property
    def tally(self) -> Tally:
        """The same in numbers."""
        return Tally.of(self.accepted.height, self.rejected.height, self.skipped, self.findings)

    @property
    def rows(self) -> int:
        """Rows read: accepted + rejected + skipped."""
        return self.tally.rows

    def __repr__(self) -> str:
        """The counts, in a line."""
        return repr(self.tally)


def mapping_for(
    mapping: Mapping | str | Path | None, dedupe: str | Sequence[str] | None, sample: pl.DataFrame
) -> Mapping:
    """The mapping that was given, loaded by name or path, or suggested from the export; bound to its columns."""
    if mapping is None:
        chosen = Mapping.suggest(sample)
    else:
        chosen = mapping if isinstance(mapping, Mapping) else Mapping.load(mapping)
    if dedupe is not None:
        chosen = replace(chosen, dedupe=Dedupe.parse(dedupe, "the option"))
    return chosen.bind(sample.columns[1:])


def convert(
    raw: Any,
    mapping: Mapping | str | Path | None = None,
    *,
    dedupe: str | Sequence[str] | None = None,
    **options: Any,
) -> Conversion:
    """Turn raw rows into call rows; every row that isn't one keeps its cells and gets a reason.

    A time, an id or money that can't be trusted rejects its row; any other value without a normal form is blanked,
    with a warning (`on_invalid="reject"` rejects the row too). What only a whole column can tell (day or month first,
    a grouping comma, minutes or hours first) is proven by the column, else asked.

    Shape: n rows -> accepted + rejected + skipped = n rows, each in the order of the export.

    Args:
        raw: what `read` gives, or any frame (Polars eager or lazy, pandas, Arrow); `source_row` is added if absent.
        mapping: a `Mapping`, the name of a ready one, a path, or None: suggested from the headers.
        dedupe: source columns that tell calls apart: of several rows with the same cells there the first counts, the
            others are skipped; wins over the mapping's.
        **options: `time_zone`, `region`, `currency`, `date_order`, `decimal_mark`, `duration_unit`, `ambiguous`,
            `non_existent`, `on_invalid` and `now`, as in `Settings`; they win over the mapping's defaults.

    Raises:
        Ambiguous: a question that only the caller can answer; the message says with which option.
        MappingError: a source column is absent, or nothing feeds DateTime or an id.
        OptionError: an option means nothing.

    >>> import polars as pl
    >>> raw = pl.DataFrame({"id": ["1234567890123456789", "x"], "when": ["03.04.2026 9:05", "03.04.2026 9:06"]})
    >>> mapping = Mapping(columns={"ClientId": "id", "DateTime": "when"})
    >>> result = convert(raw, mapping, time_zone="Europe/Moscow", now=1775300000)
    >>> result
    2 rows read = 1 accepted + 1 rejected + 0 skipped; 0 warnings
    >>> result.rejected["reasons"].to_list()
    [['ClientId: not digits']]
    """
    with opened(raw, FileOptions()) as export, export.explained():
        # Everything after works on small selections, which cost by the chunk.
        frame = export.lazy.collect().rechunk()
    chosen = mapping_for(mapping, dedupe, frame)
    plan = settled(Plan.of(chosen, Settings.of(chosen, options)), frame.lazy())
    duplicates = new_calls(Seen(plan.mapping.dedupe.by), frame, plan)
    callers = None
    if plan.is_derived:
        callers = Callers()
        callers.learn(staged(frame, plan, duplicates).values)
    batch = convert_batch(frame, plan, duplicates, callers)
    return Conversion(batch.accepted, batch.rejected, batch.skipped, batch.findings, chosen, plan.settings)
