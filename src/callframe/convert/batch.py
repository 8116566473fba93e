"""One frame through mapping, normalizers and contract -> Conversion."""

from dataclasses import dataclass

import polars as pl

from callframe.contract import COLUMNS, FINDINGS_SCHEMA, CallFrame, judge, without_errors
from callframe.convert.plan import FATAL, KINDS, Plan, Step
from callframe.normalize import texts
from callframe.read import SOURCE_ROW

__all__ = ["Batch", "convert_batch"]

_TOTALS = ("итого", "всего", "итог", "total", "totals", "grand total", "сумма итого")


@dataclass(frozen=True)
class Batch:
    """What became of the rows of one frame: `rows = accepted + rejected + skipped`, each in the frame's order."""

    accepted: CallFrame
    rejected: pl.DataFrame
    skipped: pl.DataFrame
    findings: pl.DataFrame


def convert_batch(raw: pl.DataFrame, plan: Plan) -> Batch:
    """Convert a frame by a settled plan.

    Shape: n rows -> accepted + rejected + skipped = n rows.

    Args:
        raw: `source_row`, then source columns, all String.
        plan: bound to these columns, all questions settled.
    """
    calls, filtered = _filter(raw, plan)
    texts_ = calls.select(SOURCE_ROW, *plan.texts())
    staged = texts_.with_columns(plan.values()).with_columns(plan.currency())
    calls, staged, left_over = _leave_out(calls, staged)
    values = staged.select(SOURCE_ROW, *COLUMNS)
    lost = _lost(staged, plan)
    findings = pl.concat([lost, _without_echoes(judge(values, plan.settings.now), lost)])
    return Batch(
        without_errors(values, findings, plan.settings.now),
        _rejected(calls, findings),
        pl.concat([filtered, left_over]).sort(SOURCE_ROW),
        findings.sort(SOURCE_ROW, maintain_order=True),
    )


def _filter(raw: pl.DataFrame, plan: Plan) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that the mapping keeps, and the others with the reason."""
    kept: list[pl.Expr] = []
    reasons: list[pl.Expr] = [_no_call(raw.columns[1:])]
    for column, words in plan.mapping.filter.keep.items():
        cell = texts.present(pl.col(column))
        keep = cell.str.to_lowercase().is_in(words).fill_null(value=False)
        word = cell.str.replace_all(r"[0-9]{5,}", "•••").fill_null("blank")
        kept.append(keep)
        reasons.append(pl.when(~keep).then(pl.format("{} is {}", pl.lit(column), word)))
    if not kept:
        return raw, _led(raw.clear(), "reason", pl.lit(None, pl.String))
    keep_all = pl.all_horizontal(kept)
    return raw.filter(keep_all), _led(raw.filter(~keep_all), "reason", pl.coalesce(reasons))


def _leave_out(calls: pl.DataFrame, staged: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Rows without a time that are no calls at all, apart from the rest."""
    candidates = calls.filter(staged["DateTime"].is_null())
    out = _led(candidates, "reason", _no_call(calls.columns[1:])).filter(pl.col("reason").is_not_null())
    if out.is_empty():
        return calls, staged, out
    keep = ~calls[SOURCE_ROW].is_in(out[SOURCE_ROW].implode())
    return calls.filter(keep), staged.filter(keep), out


def _no_call(columns: list[str]) -> pl.Expr:
    """Why a row is no call at all: a blank line, totals, a header repeated; null for any other row."""
    cells = [texts.present(pl.col(name)) for name in columns]
    first = pl.coalesce(cells)
    header = pl.all_horizontal(cell == name for cell, name in zip(cells, columns, strict=True))
    total = first.str.to_lowercase().str.strip_chars_end(": ").is_in(_TOTALS)
    return (
        pl.when(first.is_null())
        .then(pl.lit("blank line"))
        .when(header)
        .then(pl.lit("header repeated"))
        .when(total)
        .then(pl.lit("line of totals"))
    )


def _led(rows: pl.DataFrame, name: str, value: pl.Expr) -> pl.DataFrame:
    """`source_row`, the new column, then the source's columns; one of the same name gives way."""
    cells = [pl.col(column).alias(f"{column} (2)" if column == name else column) for column in rows.columns[1:]]
    return rows.select(SOURCE_ROW, value.alias(name), *cells)


def _lost(staged: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """A finding for each value that was given and has no normal form, unless it is absent on purpose."""
    hits = staged.select(step.lost.any().alias(step.column) for step in plan.steps).row(0, named=True)
    found = [_losses(staged.filter(step.lost), step, plan) for step in plan.steps if hits[step.column]]
    return pl.concat([FINDINGS_SCHEMA.to_frame(), *found])


def _losses(rows: pl.DataFrame, step: Step, plan: Plan) -> pl.DataFrame:
    kind = KINDS[step.column]
    error = step.column in FATAL or plan.settings.on_invalid == "reject"
    head = pl.col("why").str.extract(r"^([^;]+)").str.replace(r" for [A-Z]{2}$", "").str.replace_all(r"[^a-z0-9]+", "-")
    return (
        rows.select(SOURCE_ROW, why=step.reason)
        .filter(pl.col("why").is_not_null())
        .select(
            SOURCE_ROW,
            column=pl.lit(step.column),
            code=pl.format("{}-{}", pl.lit(kind), head.str.strip_chars("-")),
            message="why",
            severity=pl.lit("error" if error else "warning"),
        )
    )


def _without_echoes(broken: pl.DataFrame, lost: pl.DataFrame) -> pl.DataFrame:
    """Breaches of the contract less those that only repeat a lost value: no time because the time could not be read."""
    if broken.is_empty() or lost.is_empty():
        return broken
    errors = lost.filter(pl.col("severity") == "error").select(SOURCE_ROW, part="column")
    parts = broken.with_columns(part=pl.col("column").str.split("|")).explode("part")
    echoes = parts.join(errors, on=[SOURCE_ROW, "part"], how="semi").select(SOURCE_ROW, "code").unique()
    return broken.join(echoes, on=[SOURCE_ROW, "code"], how="anti", maintain_order="left")


def _rejected(source: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    errors = findings.filter(pl.col("severity") == "error")
    said = errors.select(SOURCE_ROW, reasons=pl.format("{}: {}", "column", "message"))
    reasons = said.group_by(SOURCE_ROW).agg("reasons")
    rows = source.join(reasons, on=SOURCE_ROW, how="semi", maintain_order="left")
    led = _led(rows, "reasons", pl.lit(None, pl.List(pl.String)))
    return led.drop("reasons").join(reasons, on=SOURCE_ROW, how="left", maintain_order="left").select(led.columns)
