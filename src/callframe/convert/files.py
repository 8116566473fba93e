"""A file of any size converted in batches, in bounded memory."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, TypeVar

import polars as pl

from callframe.convert.batch import Batch, convert_batch, judged, new_calls, staged
from callframe.convert.conversion import mapping_for
from callframe.convert.history import Callers, Seen
from callframe.convert.plan import Plan
from callframe.convert.progress import Progress, watched
from callframe.convert.settings import Settings
from callframe.convert.survey import Evidence, Watch, settled
from callframe.convert.tally import Tally
from callframe.convert.targets import Target, check_targets
from callframe.mapping import Mapping
from callframe.read import Export, FileOptions, opened
from callframe.replacing import replacing_all
from callframe.serialize import append_csv

__all__ = ["FileConversion", "convert_file"]

BATCH_ROWS = 150_000
_SAMPLE_ROWS = 10_000
"""Rows from which a mapping is suggested."""

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True, repr=False)
class FileConversion:
    """What became of the rows of a file, in numbers; the rows themselves are in the files."""

    tally: Tally
    mapping: Mapping
    """The mapping as it was applied."""

    settings: Settings
    """The options as they were applied."""

    paths: dict[str, str] = field(default_factory=dict)
    """What was written -> where."""

    def __repr__(self) -> str:
        """The counts, in a line."""
        return repr(self.tally)


def convert_file(
    source: Any,
    mapping: Mapping | str | Path | None = None,
    *,
    out: Target,
    rejected: Target | None = None,
    findings: Target | None = None,
    skipped: Target | None = None,
    overwrite: bool = True,
    file: FileOptions | None = None,
    dedupe: str | Sequence[str] | None = None,
    progress: Progress | bool | None = None,
    **options: Any,
) -> FileConversion:
    """Convert a file of any size as `convert` does, batch by batch, and write the results; JSON is read whole.

    All files appear whole, at the end, or not at all.

    Shape: n rows in `source` -> accepted in `out` + `rejected` + `skipped` = n rows, each in the order of the source.

    Args:
        source: a path, a pattern, a list of these, a binary file object, or a frame, as for `read`.
        mapping: as for `convert`; suggested from the first rows if None.
        out: accepted rows, the CSV that Metrica takes.
        rejected: `source_row`, `reasons` (joined by `; `), then the source's cells as they were; None: not kept.
        findings: `source_row,column,code,message,severity`; None: only counted.
        skipped: `source_row`, `reason`, then the source's cells; None: only counted.
        overwrite: whether files that are there may be replaced.
        file: how to read the source, where that can't be seen from it; wins over the mapping's.
        dedupe: as for `convert`; the file's calls are remembered, 24 bytes each.
        progress: a function, called with the number of rows converted so far; True or False: a bar, or none.
            None: a bar on a terminal and in a notebook.
        **options: as for `convert`.

    Returns:
        Counts of rows and findings, the mapping, the options, the paths.

    Raises:
        InputError, MappingError, OptionError, Ambiguous: as `read` and `convert`; nothing is written.
        OutputError: a file can't be written; none of them is, unless a renaming fails at the very end: then the
            message names those that are in their places.
    """
    given = mapping if mapping is None or isinstance(mapping, Mapping) else Mapping.load(mapping)
    # Renamed in this order: once the accepted rows are there, so is the rest.
    targets = {"findings": findings, "skipped": skipped, "rejected": rejected, "out": out}
    wanted = {name: target for name, target in targets.items() if target is not None}
    check_targets(source, wanted, overwrite=overwrite)
    with opened(source, file or (given.file if given else FileOptions())) as export:
        with export.explained():
            sample = export.lazy.head(_SAMPLE_ROWS).collect()
            chosen = mapping_for(given, dedupe, sample)
            plan = Plan.of(chosen, Settings.of(chosen, options))
            watch = Watch(plan, sample)
            # What has been written to a pipe can't be taken back, so there every question is asked first.
            if plan.is_derived or not (watch.bears_out() and all(map(_can_be_withdrawn, wanted.values()))):
                watch = Watch(settled(plan, export.lazy))
        callers = _history(export, watch.plan) if plan.is_derived else None
        paths = {name: target for name, target in wanted.items() if isinstance(target, str | Path)}
        streams = {name: target for name, target in wanted.items() if not isinstance(target, str | Path)}
        with replacing_all(list(paths.values()), overwrite=overwrite) as drafts:
            files = {**streams, **dict(zip(paths, drafts, strict=True))}
            with watched(progress, export.about) as told:
                tally = _written(_batches(export, plan, watch, callers), files, told)
    return FileConversion(tally, chosen, plan.settings, {name: str(paths[name]) for name in reversed(paths)})


def _can_be_withdrawn(target: Target) -> bool:
    """Whether a file that isn't finished leaves no trace."""
    return isinstance(target, str | Path) and (Path(target).is_file() or not Path(target).exists())


def _history(export: Export, plan: Plan) -> Callers:
    """A first pass over the file, for the earliest call of each number."""
    callers = Callers()
    for raw, duplicates in _frames(export, plan):
        callers.learn(staged(raw, plan, duplicates).values)
    return callers


def _batches(export: Export, plan: Plan, watch: Watch, callers: Callers | None = None) -> Iterator[Batch]:
    """The batches of a source, converted, in order; one empty batch if it has no rows."""
    rows = 0

    def converted(rows_: Rows) -> tuple[Rows, Watch, Evidence, Batch]:
        by = watch
        half = staged(rows_[0], by.plan, rows_[1])
        return rows_, by, by.evidence(half), judged(half, by.plan, callers)

    for (raw, duplicates), by, evidence, batch in _side_by_side(converted, _frames(export, plan)):
        rows += raw.height
        if by is watch and not watch.bears_out(evidence):
            with export.explained():
                watch = Watch(settled(plan, export.lazy))
        yield batch if by is watch else convert_batch(raw, watch.plan, duplicates, callers)
    if rows == 0:
        yield convert_batch(export.lazy.clear().collect(), watch.plan)


Rows = tuple[pl.DataFrame, pl.DataFrame | None]


def _frames(export: Export, plan: Plan) -> Iterator[Rows]:
    """The batches in order, each with the rows of it that are no new call."""
    seen = Seen(plan.mapping.dedupe.by)
    with export.explained():
        for raw in export.batches(BATCH_ROWS):
            yield raw, new_calls(seen, raw, plan)


def _side_by_side(function: Callable[[S], T], items: Iterator[S]) -> Iterator[T]:
    """What a function makes of each item, in order: of two at a time, while a third is fetched and one is in use."""
    with ThreadPoolExecutor(2) as threads:
        coming: deque[Future[T]] = deque()
        for item in _ahead(items):
            coming.append(threads.submit(function, item))
            if len(coming) > 2:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()


def _ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items, each of them made while the one before is in use."""
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, items, None)
            yield item


def _written(batches: Iterator[Batch], files: dict[str, IO[bytes]], progress: Progress | None) -> Tally:
    """Everything written, and counted."""
    tallies: list[Tally] = []
    rows = 0
    for batch in batches:
        tallies.append(_write(batch, files, first=not tallies))
        rows += tallies[-1].rows
        if progress and rows:
            progress(rows)
    return Tally.sum(tallies)


def _write(batch: Batch, files: dict[str, IO[bytes]], *, first: bool) -> Tally:
    append_csv(batch.accepted, files["out"], header=first)
    frames = {
        "rejected": batch.rejected.with_columns(pl.col("reasons").list.join("; ")),
        "findings": batch.findings,
        "skipped": batch.skipped,
    }
    for name, frame in frames.items():
        if name in files:
            frame.write_csv(files[name], include_header=first)
    return Tally.of(batch.accepted.height, batch.rejected.height, batch.skipped, batch.findings)
