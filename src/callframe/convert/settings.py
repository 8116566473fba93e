"""The options of a conversion, checked before anything runs."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

from callframe.errors import OptionError
from callframe.mapping import Mapping
from callframe.normalize import currencies, phones, timestamps

__all__ = ["DATE_ORDERS", "Settings"]

DATE_ORDERS = ("day first", "month first")
DECIMAL_MARKS = (".", ",")
SIDES = ("null", "earliest", "latest")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a conversion takes for granted where the export does not say."""

    time_zone: str | None = None
    """IANA zone of times that name none."""

    region: str | None = None
    """ISO 3166-1 alpha-2 of numbers without a country code."""

    currency: str | None = None
    """ISO 4217 code of prices that name none."""

    date_order: str | None = None
    """`day first` or `month first`, for dates such as 03/04/2026."""

    decimal_mark: str | None = None
    """`.` or `,`, for amounts such as 1,234."""

    duration_unit: str | None = None
    """`m:s`, `h:m`, or what a bare number counts, for durations such as 1:35."""

    ambiguous: Literal["null", "earliest", "latest"] = "null"
    """Which instant a clock time stands for that a zone shows twice; `null`: a finding."""

    non_existent: Literal["null", "earliest", "latest"] = "null"
    """Which side of a gap a clock time stands for that a zone skips; `null`: a finding."""

    on_invalid: Literal["blank", "reject"] = "blank"
    """What becomes of a row whose optional value has no normal form."""

    now: float = field(default_factory=time.time)
    """Unix seconds; a call later than this is rejected."""

    def __post_init__(self) -> None:
        """Refuse values that mean nothing."""
        _one_of("a date order", self.date_order, (None, *DATE_ORDERS))
        _one_of("a decimal mark", self.decimal_mark, (None, *DECIMAL_MARKS))
        _one_of("a side of a clock change", self.ambiguous, SIDES)
        _one_of("a side of a clock change", self.non_existent, SIDES)
        _one_of("blank or reject", self.on_invalid, ("blank", "reject"))
        if self.currency is not None and self.currency not in currencies.CODES:
            raise OptionError.unknown("an ISO 4217 currency", self.currency, currencies.CODES, "'RUB'")
        # Building the expressions checks the zone and the region.
        timestamps.unix_utc(pl.lit(None, pl.String), time_zone=self.time_zone)
        phones.e164(pl.lit(None, pl.String), region=self.region)

    @classmethod
    def of(cls, mapping: Mapping, options: dict[str, Any]) -> "Settings":
        """The caller's options, and where he says nothing the mapping's."""
        given = {name: value for name, value in options.items() if value is not None}
        if isinstance(given.get("date_order"), str):
            given["date_order"] = given["date_order"].replace("-", " ")
        unknown = [name for name in given if name not in cls.__dataclass_fields__]
        if unknown:
            raise OptionError.unknown("an option of convert", unknown[0], cls.__dataclass_fields__)
        defaults = {name: getattr(mapping, name) for name in ("time_zone", "region", "currency")}
        return cls(**{**defaults, **given})


def _one_of(what: str, value: object, known: Sequence[object]) -> None:
    if value not in known:
        raise OptionError.unknown(what, value, (), " or ".join(repr(item) for item in known if item))
