"""The questions that only the caller can answer, with what each answer would mean for the cells in doubt."""

from datetime import UTC, datetime

import polars as pl

from callframe.convert.plan import Plan
from callframe.errors import Ambiguous
from callframe.normalize import timestamps

__all__ = ["NO_ZONE", "QUESTIONS", "Doubt"]

NO_ZONE = "no time zone"

_ORDERS = ("day first", "month first")


class Doubt:
    """The cells of one column that leave a question open, counted batch by batch."""

    def __init__(self, plan: Plan, column: str) -> None:
        self.plan, self.column = plan, column
        self.count = 0
        self.source_row = 0
        self.why = ""
        self._spans: list[pl.DataFrame] = []

    def add(self, why: pl.Series, cells: pl.Series, source_rows: pl.Series) -> None:
        """Count cells that lack a value for one of the reasons in `QUESTIONS`."""
        if len(cells) == 0:
            return
        first = int(source_rows.min())  # type: ignore[arg-type]
        self.why = self.why or why[0]
        self.source_row = min(self.source_row or first, first)
        self.count += len(cells)
        if self.why in _TIMED:
            self._spans.append(self._span(cells))

    def question(self) -> Ambiguous:
        """The question, to be raised."""
        what, readings, options = QUESTIONS[self.why]
        if self.why in _TIMED:
            readings = self._order() if self.why != NO_ZONE else self._zone()
        return Ambiguous(
            self.column, what, readings=readings, options=options, count=self.count, source_row=self.source_row
        )

    def _span(self, cells: pl.Series) -> pl.DataFrame:
        """First and last moment in either order, and how many are in the future."""
        zone = self.plan.settings.time_zone or "UTC"
        told = self.plan.answer(self.column)
        formats = (told, told) if self.why == NO_ZONE and told else _ORDERS
        moments = [timestamps.unix_utc(pl.col("x"), time_zone=zone, format=form) for form in formats]
        table = cells.to_frame("x").select(moment.alias(order) for moment, order in zip(moments, _ORDERS, strict=True))
        return (
            table.unpivot(variable_name="order", value_name="at")
            .group_by("order")
            .agg(
                first=pl.col("at").min(), last=pl.col("at").max(), future=(pl.col("at") > self.plan.settings.now).sum()
            )
        )

    def _told(self, order: str) -> tuple[str, str, int]:
        spans = pl.concat(self._spans).filter(pl.col("order") == order)
        first, last = spans["first"].min(), spans["last"].max()
        return _shown(first), _shown(last), int(spans["future"].sum())

    def _order(self) -> tuple[str, ...]:
        told = {order: self._told(order) for order in _ORDERS}
        return tuple(
            f"{order}: {first} to {last}, {future} of them in the future"
            for order, (first, last, future) in told.items()
        )

    def _zone(self) -> tuple[str, ...]:
        first, last, _ = self._told("day first")
        return (f"read as UTC they run from {first} to {last}; in a zone east of it, so many hours earlier",)


def _shown(at: object) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M}" if isinstance(at, int) else "?"


_OF_ONE = 'a mapping can say it of one column: { from = "…", unit = "…" }'
_ORDER = (
    "day and month can't be told apart",
    (),
    ('date_order="day first" (--date-order day-first)', 'date_order="month first" (--date-order month-first)'),
)
_MARK = (
    "a comma or a point before three digits may group or divide",
    (
        "decimal mark ',': 1,234 is less than two, 1.234 is 1234",
        "decimal mark '.': 1,234 is 1234, 1.234 is less than two",
    ),
    ('decimal_mark="," (--decimal-mark ,)', 'decimal_mark="." (--decimal-mark .)'),
)

QUESTIONS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    NO_ZONE: (
        "the times name no time zone",
        (),
        ('time_zone="Europe/Moscow" (--time-zone Europe/Moscow)',),
    ),
    "day or month first?": _ORDER,
    "day first and month first mixed": _ORDER,
    "grouping or decimal?": _MARK,
    "decimal comma and point mixed": _MARK,
    "minutes or hours first?": (
        f"two numbers may be minutes and seconds or hours and minutes; {_OF_ONE}",
        ("m:s: 1:35 is 95 seconds", "h:m: 1:35 is 5700 seconds"),
        ('duration_unit="m:s" (--duration-unit m:s)', 'duration_unit="h:m" (--duration-unit h:m)'),
    ),
    "unit unknown": (
        f"a number with a fraction names no unit; {_OF_ONE}",
        ("seconds: 1.5 is 1 second", "minutes: 1.5 is 90 seconds"),
        ('duration_unit="seconds" (--duration-unit seconds)', 'duration_unit="minutes" (--duration-unit minutes)'),
    ),
}
"""Head of a reason -> what is asked, what each answer means (times have it worked out), the option that gives it."""

_TIMED = (NO_ZONE, "day or month first?", "day first and month first mixed")
