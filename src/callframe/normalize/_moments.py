"""What a column's readings come to under the options: Unix seconds, or the reason why there are none."""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from callframe.errors import OptionError
from callframe.normalize import _epochs, _patterns, _readings, _spelled_dates, _zones, texts

__all__ = [
    "EVIDENCE",
    "FORMATS",
    "ORDERS",
    "REASONS",
    "Rules",
    "kinds",
    "moments",
    "order",
    "reasons",
    "rules",
    "values",
]

ORDERS = ("day first", "month first")
FORMATS = (*ORDERS, *_epochs.UNITS)
EVIDENCE = ("day_first", "month_first", "undecided", "naive")

REASONS: tuple[str, ...] = (
    *_spelled_dates.FAULTS,
    "not a date and time",
    "not the stated format",
    "no date",
    "year out of range",
    "no time zone",
    "clock time skipped",
    "clock time repeated",
    "day or month first?",
    "day first and month first mixed",
    "milliseconds or a date?",
)

_WHICH_ORDER = "day or month first?"
_CLOCK_ALONE = r"^[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?: ?[ap]\.?m\.?)?$"


class Rules(NamedTuple):
    """The options, checked."""

    zone: _zones.Zone | None
    form: str | None
    ambiguous: _zones.Side
    non_existent: _zones.Side


def rules(time_zone: str | None, form: str | None, ambiguous: _zones.Side, non_existent: _zones.Side) -> Rules:
    """The options, if they mean something.

    Raises:
        OptionError: One of them doesn't.
    """
    for what, side in (("ambiguous", ambiguous), ("non_existent", non_existent)):
        if side not in _zones.SIDES:
            raise OptionError.unknown(f"a side for {what}", side, _zones.SIDES, example="earliest")
    if form is not None and form not in FORMATS:
        form = _patterns.checked(form, FORMATS)
    return Rules(None if time_zone is None else _zones.zone(time_zone), form, ambiguous, non_existent)


def values(text: pl.Series, rules: Rules) -> pl.Series:
    """Unix seconds, or null."""
    return moments(text, rules)["value"].alias(text.name)


def reasons(text: pl.Series, rules: Rules) -> pl.Series:
    """A reason for each text that is there and says no moment."""
    frame = moments(text, rules)
    present = text.alias("text").to_frame().select(texts.present(pl.col("text"))).to_series()
    failed = present.is_not_null() & frame["value"].is_null()
    proof = frame.select(kinds()).sum().row(0, named=True)
    frame = frame.with_columns(present).filter(failed)
    unzoned = pl.lit("no time zone") if rules.zone is None else _changed(frame["clock"], rules.zone)
    why = (
        pl.when(pl.col("fault").is_not_null())
        .then("fault")
        .when(pl.col("clock").is_null() & pl.any_horizontal(pl.col("local", "other").is_not_null()))
        .then(
            pl.lit("day first and month first mixed" if order(proof) is None and proof["day_first"] else _WHICH_ORDER)
        )
        .when(pl.col("clock").is_null())
        .then(_unread(rules.form))
        .when(pl.col("utc").is_not_null())
        .then(pl.lit("year out of range"))
        .otherwise(unzoned)
    )
    return text.clear(len(text)).scatter(failed.arg_true(), frame.select(why).to_series())


def order(evidence: Mapping[str, int]) -> str | None:
    """The one order that is proven."""
    proven = [order for order, name in zip(ORDERS, EVIDENCE, strict=False) if evidence[name]]
    return proven[0] if len(proven) == 1 else None


def kinds() -> tuple[pl.Expr, ...]:
    """What each row of a reading frame proves, by the names of `EVIDENCE`."""
    local, other, slash = pl.col("local"), pl.col("other"), pl.col("slash").fill_null(value=False)
    read = local.is_not_null() | other.is_not_null()
    proofs = (
        slash & local.is_not_null() & other.is_null(),
        slash & local.is_null() & other.is_not_null(),
        slash & (local != other).fill_null(value=False),
        read & ~pl.col("zoned").fill_null(value=False),
    )
    return tuple(proof.alias(name) for proof, name in zip(proofs, EVIDENCE, strict=True))


def moments(text: pl.Series, rules: Rules) -> pl.DataFrame:
    """Reading frame with `clock` (the order settled), `utc` (the zone applied) and `value` (the years that count)."""
    frame = _readings.read(text, rules.form)
    clock = frame["local"] if rules.form else _settled(frame)
    naive = (
        clock.clear(len(clock)) if rules.zone is None else rules.zone.utc(clock, rules.ambiguous, rules.non_existent)
    )
    frame = frame.with_columns(clock.alias("clock"), naive.alias("utc"))
    frame = frame.with_columns(pl.when("zoned").then("clock").otherwise("utc").alias("utc"))
    counts = pl.col("utc").is_between(_zones.START, _zones.END - 1)
    return frame.with_columns(pl.when(counts).then("utc").alias("value"))


def _settled(frame: pl.DataFrame) -> pl.Series:
    """Seconds in the order that the column proves; null where none is proven and the orders differ."""
    if not frame["slash"].any():
        return frame["local"]
    frame = frame.with_columns(kinds())
    proof = {name: int(frame[name].sum()) for name in EVIDENCE}
    proven = order(proof)
    if proven == "month first":
        return frame.select(pl.when("slash").then("other").otherwise("local")).to_series()
    if proven == "day first":
        return frame["local"]
    refused = "slash" if proof["day_first"] else "undecided"
    return frame.select(pl.when(~pl.col(refused).fill_null(value=False)).then("local")).to_series()


def _unread(form: str | None) -> pl.Expr:
    if form is not None and form not in ORDERS:
        return pl.lit("not the stated format")
    tidy = pl.col("text").str.to_lowercase()
    return pl.when(tidy.str.contains(_CLOCK_ALONE)).then(pl.lit("no date")).otherwise(pl.lit("not a date and time"))


def _changed(clock: pl.Series, zone: _zones.Zone) -> pl.Series:
    """Both moments that a clock time in a gap or an overlap may be: as the clocks went before the change, and after."""
    sides = {"before": zone.utc(clock, "earliest", "earliest"), "after": zone.utc(clock, "latest", "latest")}
    before, after = (pl.from_epoch(name, time_unit="s") for name in sides)
    second = pl.when(before.dt.date() == after.dt.date()).then(_hours(after)).otherwise(_days(after))
    head = pl.when(pl.col("before") > pl.col("after")).then(pl.lit("skipped")).otherwise(pl.lit("repeated"))
    told = pl.format("clock time {}; {} UTC or {} UTC", head, _days(before), second)
    return pl.DataFrame(sides).select(told).to_series()


def _days(moment: pl.Expr) -> pl.Expr:
    return moment.dt.strftime("%Y-%m-%d ") + _hours(moment)


def _hours(moment: pl.Expr) -> pl.Expr:
    return pl.when(moment.dt.second() == 0).then(moment.dt.strftime("%H:%M")).otherwise(moment.dt.strftime("%H:%M:%S"))
