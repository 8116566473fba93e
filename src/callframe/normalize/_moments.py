"""What a column's readings come to under the options: Unix seconds, or the reason why there are none."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import polars as pl

from callframe.errors import OptionError
from callframe.normalize import _epochs, _patterns, _readings, _zones, texts
from callframe.normalize._arrays import NONE, Codes, Flags, Wholes, column, known, without
from callframe.normalize._reasons import REASONS, TOLD
from callframe.normalize._search import Search, matching

__all__ = ["EVIDENCE", "FORMATS", "ORDERS", "REASONS", "Moments", "Rules", "kinds", "order", "rules"]

ORDERS = ("day first", "month first")
FORMATS = (*ORDERS, *_epochs.UNITS)
EVIDENCE = ("day_first", "month_first", "undecided", "naive")

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


class Moments:
    """The moments that a column of texts says."""

    def __init__(self, text: pl.Series, rules: Rules) -> None:
        """Read the column.

        Args:
            text: String.
            rules: the options.
        """
        self._text, self._rules = text, rules
        self._read = _readings.read(text, rules.form)
        self.clock = self._read["local"] if rules.form else _settled(self._read)
        """Seconds since 1970-01-01 00:00 on the same clock; of `zoned` texts, UTC."""
        self.zoned = self._read["zoned"]
        """The text says its offset."""
        self._utc = self._in_utc()
        self.numbers = without(self._utc, known(self._utc) & ((self._utc < _zones.START) | (self._utc >= _zones.END)))
        """Unix seconds."""

    def values(self) -> pl.Series:
        """Unix seconds, or null."""
        return column(self._text.name, self.numbers)

    def reasons(self) -> pl.Series:
        """A reason for each text that is there and says no moment."""
        codes = self._read["fault"].copy()
        lost = np.flatnonzero(~known(self.numbers) & (codes == 0))
        lost = lost[known(self._read.at("local", lost)) | known(self._read.at("other", lost))]
        clock, utc = self.clock[lost], self._utc[lost]
        codes[lost] = np.where(known(utc), TOLD["year out of range"], TOLD["no time zone"])
        if not known(clock).all():
            codes[lost[~known(clock)]] = self._question()
        codes[self._read.rows] = self._unread()
        reasons = TOLD.column(self._text.name, codes)
        changed = known(clock) & ~known(utc)
        if self._rules.zone is not None and changed.any():
            reasons.scatter(lost[changed], _changed(clock[changed], self._rules.zone))
        return reasons

    def _question(self) -> np.uint8:
        """Why no order of day and month is settled."""
        proof = {name: int(proves.sum()) for name, proves in kinds(self._read).items()}
        mixed = order(proof) is None and proof["day_first"]
        return TOLD["day first and month first mixed" if mixed else "day or month first?"]

    def _unread(self) -> Codes:
        """Why the texts that are left have no reading."""
        left, form = self._read.left, self._rules.form
        if form is not None and form not in ORDERS:
            return np.full(len(left), TOLD["not the stated format"])
        if left.is_empty():
            return np.zeros(0, np.uint8)
        there = np.zeros(len(self._text), np.bool_)
        there[self._read.rows] = True
        text = self._text.filter(pl.Series(there)).str.strip_chars(texts.SPACE).str.to_lowercase()
        return np.where(matching(_CLOCK_ALONE)(text), TOLD["no date"], TOLD["not a date and time"])

    def _in_utc(self) -> Wholes:
        rules = self._rules
        if rules.zone is None:
            return np.where(self.zoned, self.clock, NONE)
        utc = rules.zone.utc(self.clock, rules.ambiguous, rules.non_existent)
        return np.where(self.zoned, self.clock, utc) if "zoned" in self._read else utc


def order(evidence: Mapping[str, int]) -> str | None:
    """The one order that is proven."""
    proven = [order for order, name in zip(ORDERS, EVIDENCE, strict=False) if evidence[name]]
    return proven[0] if len(proven) == 1 else None


def kinds(read: Search) -> dict[str, Flags]:
    """What each row's readings prove, by the names of `EVIDENCE`."""
    slash, local, other = read["slash"], known(read["local"]), known(read["other"])
    proof = read["proof"]
    proofs = (
        (slash & local & ~other) | (proof == _readings.DAY_FIRST),
        (slash & other & ~local) | (proof == _readings.MONTH_FIRST),
        slash & local & other & (read["local"] != read["other"]),
        (local | other) & ~read["zoned"],
    )
    return dict(zip(EVIDENCE, proofs, strict=True))


def _settled(read: Search) -> Wholes:
    """Seconds in the order that the column proves; none where no order is proven and the two differ."""
    local = read["local"]
    if "slash" not in read:
        return local
    proves = kinds(read)
    proof = {name: int(proves[name].sum()) for name in EVIDENCE}
    proven = order(proof)
    if proven == "month first":
        return np.where(read["slash"], read["other"], local)
    refused = read["slash"] if proof["day_first"] else proves["undecided"]
    return local if proven == "day first" else np.where(refused, NONE, local)


def _changed(clock: Wholes, zone: _zones.Zone) -> pl.Series:
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
