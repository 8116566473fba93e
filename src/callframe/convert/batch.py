"""One frame through mapping, normalizers and contract -> what became of its rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from callframe.contract import FINDINGS_SCHEMA, CallFrame, sift
from callframe.convert.history import Callers, Seen
from callframe.convert.plan import FATAL, KINDS, REASON, Frame, Plan, Step, shown
from callframe.normalize import texts
from callframe.read import SOURCE_ROW, own, unique

__all__ = ["Batch", "Staged", "convert_batch", "judged", "kept", "new_calls", "staged"]

_NO_REASON = pl.lit(None, pl.String)
_TOTALS = (
    r"^(?:(?:сумма )?итого|всего|итог|(?:grand )?totals?)"
    r"(?: (?:по|за|звонк|вызов|строк|calls?|rows?|for|of)[^0-9:]*)?[:0-9\s.,]*$"
)
"""`Итого`, `Всего звонков: 12`, `Total for April:`."""


@dataclass(frozen=True)
class Staged:
    """The rows of one frame with their values, before anything is said of them."""

    skipped: pl.DataFrame
    """Rows that the mapping's filter took out, with the reason."""

    calls: pl.DataFrame
    """The other rows, as they came."""

    prepared: pl.DataFrame
    """The same, with what `Plan.prepared` adds."""

    values: pl.DataFrame
    """The same in contract columns."""

    lost: dict[str, pl.DataFrame]
    """Contract column -> the cells it came from in rows where they have no value, with why not as `REASON`."""


@dataclass(frozen=True)
class Batch:
    """What became of the rows of one frame: `rows = accepted + rejected + skipped`, each in the frame's order."""

    accepted: CallFrame
    rejected: pl.DataFrame
    skipped: pl.DataFrame
    findings: pl.DataFrame


def convert_batch(
    raw: pl.DataFrame, plan: Plan, duplicates: pl.DataFrame | None = None, callers: Callers | None = None
) -> Batch:
    """Convert a frame by a settled plan.

    Shape: n rows -> accepted + rejected + skipped = n rows.

    Args:
        raw: `source_row`, then source columns, all String.
        plan: bound to these columns, all questions settled.
        duplicates: `source_row` and `reason` of the rows that are no new call.
        callers: who has learned the whole export, if the mapping asks who called first.
    """
    return judged(staged(raw, plan, duplicates), plan, callers)


def staged(raw: pl.DataFrame, plan: Plan, duplicates: pl.DataFrame | None = None) -> Staged:
    """The values of a frame's rows; `duplicates` (`source_row`, `reason`) are skipped."""
    keep = _is_kept(plan)
    calls, skipped = (raw, raw.clear()) if keep is None else (raw.filter(keep), raw.filter(~keep))
    reasons = _led(skipped, "reason", _filtered(own(raw.columns[1:]), plan) if skipped.height else _NO_REASON)
    if duplicates is not None and duplicates.height:
        twice = calls.join(duplicates, on=SOURCE_ROW, how="semi", maintain_order="left")
        reasons = pl.concat([reasons, _led(twice, "reason", pl.lit(duplicates["reason"]))])
        calls = calls.join(duplicates, on=SOURCE_ROW, how="anti", maintain_order="left")
    prepared = plan.prepared(calls)
    values, whys = plan.read(prepared)
    lost = {
        step.column: _lost(prepared, whys[step.column], step)
        for step in plan.steps
        if whys[step.column].null_count() < prepared.height
    }
    return Staged(reasons, calls, prepared, values, lost)


def judged(rows: Staged, plan: Plan, callers: Callers | None = None) -> Batch:
    """What becomes of rows, by their values; `callers` have learned the whole export."""
    calls, values, lost, left_over = _leave_out(rows)
    known = _losses(lost, plan)
    if callers:
        values = values.with_columns(callers.flags(values))
        known = pl.concat([known, callers.warning(values)])
    accepted, breaches = sift(values, known, plan.settings.now)
    findings = pl.concat([known, _without_echoes(breaches, known)])
    return Batch(
        accepted,
        _rejected(calls, findings),
        pl.concat([rows.skipped, left_over]).sort(SOURCE_ROW),
        findings.sort(SOURCE_ROW, maintain_order=True),
    )


def new_calls(seen: Seen, raw: pl.DataFrame, plan: Plan) -> pl.DataFrame | None:
    """The rows of a frame that are no new call; None: the mapping does not ask."""
    return seen.duplicates(kept(raw, plan)) if seen.by else None


def kept(rows: Frame, plan: Plan) -> Frame:
    """The rows that the mapping's filter keeps."""
    keep = _is_kept(plan)
    return rows if keep is None else rows.filter(keep)


def _is_kept(plan: Plan) -> pl.Expr | None:
    """Whether the mapping's filter keeps a row; None: it keeps all."""
    keep = [_has_word(column, words) for column, words in plan.mapping.filter.keep.items()]
    return pl.all_horizontal(keep) if keep else None


def _has_word(column: str, words: Sequence[str]) -> pl.Expr:
    return texts.present(pl.col(column)).str.to_lowercase().fill_null("").is_in(words)


def _filtered(columns: list[str], plan: Plan) -> pl.Expr:
    """Why a row is skipped that the filter takes out."""
    reasons = [_no_call(columns)]
    for column, words in plan.mapping.filter.keep.items():
        said = shown(texts.present(pl.col(column))).fill_null("blank")
        reasons.append(
            pl.when(~_has_word(column, words)).then(pl.format("{} is not in the filter; {}", pl.lit(column), said))
        )
    return pl.coalesce(reasons)


def _lost(prepared: pl.DataFrame, why: pl.Series, step: Step) -> pl.DataFrame:
    """Rows for which there is a reason."""
    rows = why.is_not_null().arg_true()
    return prepared.select(SOURCE_ROW, *step.roots)[rows].with_columns(why.gather(rows).alias(REASON))


def _leave_out(rows: Staged) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, pl.DataFrame], pl.DataFrame]:
    """Calls, values and losses without the rows that are no calls at all; and those, which have no time."""
    calls, values = rows.calls, rows.values
    without_time = calls.filter(values["DateTime"].is_null()) if values["DateTime"].null_count() else calls.clear()
    columns = own(calls.columns[1:])
    candidates = without_time.filter(_may_be_no_call(columns[0])) if without_time.height else without_time
    if candidates.is_empty():
        return calls, values, rows.lost, _led(candidates, "reason", _NO_REASON)
    out = _led(candidates, "reason", _no_call(columns)).filter(pl.col("reason").is_not_null())
    if out.is_empty():
        return calls, values, rows.lost, out
    keep = ~pl.col(SOURCE_ROW).is_in(out[SOURCE_ROW].implode())
    return calls.filter(keep), values.filter(keep), {name: lost.filter(keep) for name, lost in rows.lost.items()}, out


def _no_call(columns: list[str]) -> pl.Expr:
    """Why a row is no call at all: a blank line, totals, a header repeated; null for any other row."""
    cells = [texts.present(pl.col(name)) for name in columns]
    first = pl.coalesce(cells)
    header = pl.all_horizontal(_is_name(cell, name) for cell, name in zip(cells, columns, strict=True))
    return (
        pl.when(first.is_null())
        .then(pl.lit("blank line"))
        .when(header)
        .then(pl.lit("header repeated"))
        .when(_is_total(first))
        .then(pl.lit("line of totals"))
    )


def _may_be_no_call(column: str) -> pl.Expr:
    """A cheap test on the first column that every row passes for which `_no_call` has a reason."""
    first = texts.present(pl.col(column))
    return first.is_null() | _is_name(first, column) | _is_total(first)


def _is_name(cell: pl.Expr, name: str) -> pl.Expr:
    """Whether a cell is the name of its column as the file spells it, before it was numbered."""
    spelled = cell.is_in([name, re.sub(r" \([0-9]+\)$", "", name)])
    return cell.is_null() if re.fullmatch("column [0-9]+", name) else spelled.fill_null(value=False)


def _is_total(first: pl.Expr) -> pl.Expr:
    return first.str.to_lowercase().str.contains(_TOTALS)


def _led(rows: pl.DataFrame, name: str, value: pl.Expr) -> pl.DataFrame:
    """`source_row`, the new column, then the source's columns; one of the same name gives way."""
    names = unique(rows.columns[1:], SOURCE_ROW, name)
    cells = [pl.col(column).alias(free) for column, free in zip(rows.columns[1:], names, strict=True)]
    return rows.select(SOURCE_ROW, value.alias(name), *cells)


def _losses(lost: dict[str, pl.DataFrame], plan: Plan) -> pl.DataFrame:
    """Findings on lost values, column by column."""
    every = plan.settings.on_invalid == "reject"
    told = pl.concat(
        [
            FINDINGS_SCHEMA.to_frame(),
            *(
                lost[step.column].select(
                    SOURCE_ROW,
                    column=pl.lit(step.column),
                    code=pl.lit(KINDS[step.column]),
                    message=step.message,
                    severity=pl.lit("error" if every or step.column in FATAL else "warning"),
                )
                for step in plan.steps
                if step.column in lost
            ),
        ]
    )
    return told.with_columns(pl.col("code") + texts.by_word(_slugs)(told["message"]))


def _slugs(messages: pl.Series) -> pl.Series:
    """What a code says behind its kind: the head of the reason, as one word."""
    heads = messages.str.extract(r"^([^;]+)").str.replace(r" for [A-Z]{2}$", "")
    return "-" + heads.str.replace_all(r"[^a-z0-9]+", "-").str.strip_chars("-")


def _without_echoes(broken: pl.DataFrame, lost: pl.DataFrame) -> pl.DataFrame:
    """Breaches of the contract less those that only repeat a lost value: no time because the time could not be read."""
    if broken.is_empty() or lost.is_empty():
        return broken
    errors = lost.filter(pl.col("severity") == "error")
    echoes = [
        (pl.col("column") == column) & pl.col(SOURCE_ROW).is_in(rows.implode())
        for column in broken["column"].unique()
        if len(rows := errors.filter(pl.col("column").is_in(column.split("|")))[SOURCE_ROW])
    ]
    return broken.filter(~pl.any_horizontal(echoes)) if echoes else broken


def _rejected(source: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    errors = findings.filter(pl.col("severity") == "error")
    said = errors.select(SOURCE_ROW, reasons=pl.format("{}: {}", "column", "message"))
    reasons = said.group_by(SOURCE_ROW).agg("reasons")
    rows = source.join(reasons, on=SOURCE_ROW, how="semi", maintain_order="left")
    led = _led(rows, "reasons", pl.lit(None, pl.List(pl.String)))
    return led.drop("reasons").join(reasons, on=SOURCE_ROW, how="left", maintain_order="left").select(led.columns)
