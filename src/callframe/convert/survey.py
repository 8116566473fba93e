"""What only a whole column can tell: day or month first, a comma that groups or divides, minutes or hours first.

A look at all cells settles each question or raises it; row order never matters. After it every expression works row by
row, so a file may be converted in batches. A file need not be looked at twice for it: see `Watch`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from types import ModuleType

import polars as pl

from callframe.convert.batch import Staged, kept
from callframe.convert.plan import REASON, Plan, Step
from callframe.convert.questions import NO_ZONE, QUESTIONS, Doubt
from callframe.normalize import amounts, durations, timestamps
from callframe.read import SOURCE_ROW

__all__ = ["Watch", "settled"]

_ROWS = 100_000

_FRACTION = rf"^\s*{durations.FRACTION}\s*$"

_WORTH = {
    timestamps: "(?:^|[^0-9])[0-9]{1,2}[-/\u2212][0-9]{1,2}[-/\u2212][0-9]",
    amounts: "[.,]",
    durations: f"^[^:]*:[^:]*$|{_FRACTION}",
}
"""What a text must match to be evidence of anything: a cheap test before the real one."""

Evidence = dict[str, Counter[str]]
"""Contract column -> what its cells prove, counted."""


def settled(plan: Plan, lazy: pl.LazyFrame) -> Plan:
    """The plan with every such question answered, by the options or from the whole of `lazy`.

    Raises:
        Ambiguous: nothing in a column answers its question, and no option does.
    """
    prepared = plan.prepared(kept(lazy, plan))
    seen = _evidence(plan, _frames(plan, prepared))
    told = _answered(plan, seen)
    for step in told.steps:
        if _is_doubtful(step.judge, seen.get(step.column, Counter())):
            _ask(told, prepared, step, tuple(QUESTIONS)[1:])
        if step.column == "DateTime" and plan.settings.time_zone is None:
            _ask(told, prepared, step, (NO_ZONE,))
    return told


class Watch:
    """The answers that the first rows of a file give, and whether the other rows bear them out.

    Where the first rows prove an answer, a proof of the contrary is a cell that can't be read by that answer: only
    cells without a value have to be looked at, but for the two of a difference. Where they leave a question open
    because no cell raises it, every cell is looked at until one does. Whatever has been converted before a surprise
    stands: `settled` either asks, or gives answers under which those rows are the same.
    """

    def __init__(self, plan: Plan, first: pl.DataFrame | None = None) -> None:
        """Start from the first rows; without any, the plan is settled and there is nothing to watch for."""
        self.plan = plan
        """What to convert by."""
        self._steps: list[Step] = []
        self._seen: Evidence = {}
        if first is not None:
            self._steps = _open(plan)
            self._seen = _evidence(plan, [plan.prepared(kept(first, plan))])
            self.plan = _answered(plan, self._seen)

    def evidence(self, rows: Staged) -> Evidence:
        """What rows that were converted by `plan` say about it."""
        found: Evidence = {}
        for step in self._steps:
            # A cell of a difference can lack the other one: then it is not lost, whatever it proves.
            is_enough = self.plan.answer(step.column) and len(step.evident) == 1
            frame = rows.lost.get(step.column) if is_enough else rows.prepared
            if frame is not None:
                found[step.column] = _counts(step, frame)
        lost = rows.lost.get("DateTime")
        if lost is not None and self.plan.settings.time_zone is None:
            found[NO_ZONE] = Counter(cells=lost.select((_head(pl.col(REASON)) == NO_ZONE).sum()).item())
        return found

    def bears_out(self, evidence: Evidence | None = None) -> bool:
        """Whether all that has been seen, now with this, still gives the same answers and leaves no question."""
        self._seen = _sum([self._seen, evidence or {}])
        unzoned = self._seen.get(NO_ZONE, Counter())["cells"]
        return not unzoned and all(map(self._holds, self._steps))

    def _holds(self, step: Step) -> bool:
        seen = self._seen[step.column]
        same = step.judge is None or step.judge.settle(seen) == self.plan.answer(step.column)
        return same and not _is_doubtful(step.judge, seen)


def _open(plan: Plan) -> list[Step]:
    return [step for step in plan.steps if step.judge]


def _answered(plan: Plan, seen: Evidence) -> Plan:
    found = {step.column: step.judge.settle(seen[step.column]) for step in plan.steps if step.judge}
    return plan.answered({column: answer for column, answer in found.items() if answer is not None})


def _is_doubtful(judge: ModuleType | None, seen: Counter[str]) -> bool:
    """Whether cells could mean two things, and nothing or too much says which."""
    if judge is None:
        return False
    mixed = judge is timestamps and seen["day_first"] and seen["month_first"]
    return judge.settle(seen) is None and bool(seen["undecided"] or mixed)


def _frames(plan: Plan, prepared: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """The columns in question, in pieces."""
    names = dict.fromkeys(name for step in _open(plan) for name in step.roots)
    return iter(_batches(prepared.select(*names)) if names else ())


def _batches(lazy: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    return iter(lazy.collect_batches(chunk_size=_ROWS, maintain_order=True, engine="streaming"))


def _evidence(plan: Plan, frames: Iterable[pl.DataFrame]) -> Evidence:
    found: Evidence = {step.column: Counter() for step in _open(plan)}
    return _sum([found, *({step.column: _counts(step, frame) for step in _open(plan)} for frame in frames)])


def _counts(step: Step, prepared: pl.DataFrame) -> Counter[str]:
    total: Counter[str] = Counter()
    if step.judge:
        for cells in prepared.select(expr.alias(str(n)) for n, expr in enumerate(step.evident)):
            worth = cells.filter(cells.str.contains(_WORTH[step.judge]))
            if len(worth):
                total.update(worth.to_frame("x").select(step.judge.evidence(pl.col("x"))).item())
            if step.judge is durations:
                total["undecided"] += int(worth.str.contains(_FRACTION).sum())
    return total


def _sum(parts: Iterable[Evidence]) -> Evidence:
    total: Evidence = {}
    for part in parts:
        for column, counts in part.items():
            total.setdefault(column, Counter()).update(counts)
    return total


def _head(reason: pl.Expr) -> pl.Expr:
    """The reason without its detail."""
    return reason.str.extract(r"^([^;]+)")


def _ask(plan: Plan, prepared: pl.LazyFrame, step: Step, heads: tuple[str, ...]) -> None:
    """Raise the question that the cells with one of these reasons leave open."""
    why = _head(step.explained.struct.field("reason"))
    asked = prepared.select(SOURCE_ROW, step.given.alias("given"), why.alias("why")).filter(pl.col("why").is_in(heads))
    doubt = Doubt(plan, step.column)
    for frame in _batches(asked):
        doubt.add(frame["why"], frame["given"], frame[SOURCE_ROW])
    if doubt.count:
        raise doubt.question()
