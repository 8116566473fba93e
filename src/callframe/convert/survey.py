"""What only a whole column can tell: day or month first, a comma that groups or divides, minutes or hours first.

A look at all cells settles each question or raises it; row order never matters. After it every expression works row by
row, so a file may be converted in batches.
"""

from datetime import UTC, datetime
from typing import Any

import polars as pl

from callframe.convert.plan import Plan, Step, raw_name
from callframe.errors import Ambiguous
from callframe.normalize import amounts, durations, timestamps
from callframe.read import SOURCE_ROW

__all__ = ["settled"]

_JUDGES: dict[str, Any] = {
    "DateTime": timestamps,
    "Price": amounts,
    "TalkDuration": durations,
    "HoldDuration": durations,
}
_NO_ZONE = "no time zone"


def settled(plan: Plan, lazy: pl.LazyFrame) -> Plan:
    """The plan with every such question answered, by the options or from the whole of `lazy`.

    Raises:
        Ambiguous: nothing in a column answers its question, and no option does.
    """
    cells = lazy.select(SOURCE_ROW, *plan.texts())
    open_steps = [step for step in plan.steps if step.column in _JUDGES and plan.answer(step.column) is None]
    answers: dict[str, str] = {}
    doubtful: list[str] = []
    if open_steps:
        looks = [_JUDGES[s.column].evidence(pl.col(raw_name(s.column))).alias(s.column) for s in open_steps]
        found = cells.select(looks).collect(engine="streaming").row(0, named=True)
        for column, evidence in found.items():
            answer = _JUDGES[column].settle(evidence)
            if answer is not None:
                answers[column] = answer
            elif evidence["undecided"]:
                doubtful.append(column)
    plan = plan.answered(answers)
    for step in plan.steps:
        if step.column in doubtful:
            _ask(plan, cells, step, tuple(_QUESTIONS)[1:])
        if step.column == "DateTime" and plan.settings.time_zone is None:
            _ask(plan, cells, step, (_NO_ZONE,))
    return plan


def _ask(plan: Plan, cells: pl.LazyFrame, step: Step, heads: tuple[str, ...]) -> None:
    """Raise the question that the cells with one of these reasons leave open."""
    lost = cells.with_columns(step.value.alias(step.column)).filter(step.lost)
    doubt = lost.select(SOURCE_ROW, raw_name(step.column), why=step.reason.str.extract(r"^([^;]+)"))
    asked = doubt.filter(pl.col("why").is_in(heads)).collect()
    if asked.is_empty():
        return
    why, row = asked["why"][0], int(asked[SOURCE_ROW].min())  # type: ignore[arg-type]
    raise _QUESTIONS[why](plan, step.column, asked[raw_name(step.column)], count=asked.height, source_row=row)


def _zone(plan: Plan, column: str, cells: pl.Series, **where: int) -> Ambiguous:
    first, last = _span(cells, time_zone="UTC", format=plan.answer(column) or "day first")
    return Ambiguous(
        column,
        "the times name no time zone",
        readings=(f"read as UTC they run from {first} to {last} UTC; in Moscow's zone, three hours earlier",),
        options=("--time-zone Europe/Moscow", "time_zone='Europe/Moscow' in Python"),
        **where,
    )


def _order(plan: Plan, column: str, cells: pl.Series, **where: int) -> Ambiguous:
    zone = plan.settings.time_zone or "UTC"
    readings = []
    for order in ("day first", "month first"):
        first, last = _span(cells, time_zone=zone, format=order)
        seconds = cells.to_frame("x").select(timestamps.unix_utc(pl.col("x"), time_zone=zone, format=order)).to_series()
        future = int((seconds > plan.settings.now).sum())
        readings.append(f"{order}: {first} to {last}, {future} of them in the future")
    return Ambiguous(
        column,
        "day and month can't be told apart",
        readings=tuple(readings),
        options=("--date-order day-first", "--date-order month-first"),
        **where,
    )


def _mark(plan: Plan, column: str, cells: pl.Series, **where: int) -> Ambiguous:
    return Ambiguous(
        column,
        "a comma or a point before three digits may group or divide",
        readings=(
            "decimal mark ',': 1,234 is one and a bit, 1.234 more than a thousand",
            "decimal mark '.': the other way round",
        ),
        options=("--decimal-mark ,", "--decimal-mark ."),
        **where,
    )


def _unit(plan: Plan, column: str, cells: pl.Series, **where: int) -> Ambiguous:
    return Ambiguous(
        column,
        "two numbers may be minutes and seconds or hours and minutes",
        readings=("m:s: 1:35 is 95 seconds", "h:m: 1:35 is 5700 seconds"),
        options=("--duration-unit m:s", "--duration-unit h:m"),
        **where,
    )


def _bare(plan: Plan, column: str, cells: pl.Series, **where: int) -> Ambiguous:
    return Ambiguous(
        column,
        "a number with a fraction names no unit",
        readings=("seconds: 1.5 is 1 second", "minutes: 1.5 is 90 seconds"),
        options=("--duration-unit seconds", "--duration-unit minutes"),
        **where,
    )


_QUESTIONS = {
    _NO_ZONE: _zone,
    "day or month first?": _order,
    "day first and month first mixed": _order,
    "grouping or decimal?": _mark,
    "decimal comma and point mixed": _mark,
    "minutes or hours first?": _unit,
    "unit unknown": _bare,
}


def _span(cells: pl.Series, **options: str) -> tuple[str, str]:
    seconds = cells.to_frame("x").select(timestamps.unix_utc(pl.col("x"), **options)).to_series()  # type: ignore[arg-type]
    ends = (seconds.min(), seconds.max())
    return tuple("?" if at is None else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M}" for at in ends)  # type: ignore[arg-type, return-value]
