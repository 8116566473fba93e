"""A mapping and settings, compiled into expressions: source cells -> raw text -> contract values, and why not."""

from collections.abc import Callable
from collections.abc import Mapping as Table
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl

from callframe.contract import COLUMNS, DTYPES, IDS
from callframe.convert.settings import Settings
from callframe.mapping import Mapping, Source
from callframe.normalize import amounts, currencies, durations, flags, identifiers, phones, texts, timestamps, urls

__all__ = ["FATAL", "KINDS", "Plan", "Step", "raw_name"]

KINDS = {
    **dict.fromkeys(IDS, "id"),
    "DateTime": "time",
    "StaticCall": "flag",
    "Price": "amount",
    "Currency": "currency",
    "PhoneNumber": "phone",
    "TalkDuration": "duration",
    "HoldDuration": "duration",
    "CallMissed": "flag",
    "Tag": "text",
    "FirstTimeCaller": "flag",
    "URL": "url",
    "CallTrackerURL": "url",
}
"""What kind of value each contract column holds; the first word of its findings' codes."""

WORDS = {
    "StaticCall": flags.STATIC_CALL,
    "CallMissed": flags.CALL_MISSED,
    "FirstTimeCaller": flags.FIRST_TIME_CALLER,
}

FATAL = frozenset((*IDS, "DateTime", "Price", "Currency"))
"""Columns in which a value that was given and has no normal form rejects the row."""

NOT_IN_TABLE = "not in the value table"
OTHER_CURRENCY = "not the currency written at the price"


def raw_name(column: str) -> str:
    """Name of the helper column that holds the raw text for a contract column."""
    return f"raw {column}"


@dataclass(frozen=True)
class Step:
    """One contract column: its raw text from source columns, its value and the reason for none from its raw text."""

    column: str
    texts: tuple[pl.Expr, ...]
    value: pl.Expr
    reason: pl.Expr

    @property
    def lost(self) -> pl.Expr:
        """Whether a value was given and is not there any more."""
        return pl.col(raw_name(self.column)).is_not_null() & pl.col(self.column).is_null()


@dataclass(frozen=True)
class Plan:
    """All steps of a conversion, in the order of the contract."""

    mapping: Mapping
    settings: Settings
    answers: Table[str, str]
    """Contract column -> how it is written, as the whole column has told."""

    steps: tuple[Step, ...]

    @classmethod
    def of(cls, mapping: Mapping, settings: Settings, answers: Table[str, str] | None = None) -> "Plan":
        """Compile a bound mapping."""
        sources = dict(mapping.columns)
        if "Price" in sources:
            sources.setdefault("Currency", Source())
        told = {
            column: _told(column, source, settings) or (answers or {}).get(column) for column, source in sources.items()
        }
        steps = tuple(_step(column, sources[column], settings, told[column]) for column in COLUMNS if column in sources)
        return cls(mapping, settings, {column: answer for column, answer in told.items() if answer}, steps)

    def answered(self, answers: Table[str, str]) -> "Plan":
        """The same with more answers; what the caller or the mapping says still wins."""
        return Plan.of(self.mapping, self.settings, {**self.answers, **answers})

    def answer(self, column: str) -> str | None:
        """How a column is written, if that is known: a format, a decimal mark, a unit."""
        return self.answers.get(column)

    def texts(self) -> list[pl.Expr]:
        """The raw texts, from source columns."""
        return [text for step in self.steps for text in step.texts]

    def values(self) -> list[pl.Expr]:
        """The 15 contract columns but the currency, from raw texts."""
        values = {step.column: step.value for step in self.steps}
        return [values.get(name, pl.lit(None, DTYPES[name])).alias(name) for name in COLUMNS if name != "Currency"]

    def currency(self) -> pl.Expr:
        """The currency: the cell's own, else the one written at the price, else, for a price, the declared one."""
        price = pl.col(raw_name("Price"))
        known = {step.column: step for step in self.steps}
        if "Currency" not in known:
            return pl.lit(None, pl.String).alias("Currency")
        given = known["Currency"].value
        if "Price" not in known:
            return given.alias("Currency")
        at_price = amounts.currency(price)
        default = pl.when(pl.col("Price").is_not_null()).then(pl.lit(self.settings.currency, pl.String))
        without = pl.coalesce(at_price, default)
        agreed = pl.when((at_price == given).fill_null(value=True)).then(given)
        return pl.when(pl.col(raw_name("Currency")).is_null()).then(without).otherwise(agreed).alias("Currency")


def _told(column: str, source: Source, settings: Settings) -> Any:
    """How the caller, or else the mapping, says that a column is written."""
    match KINDS[column]:
        case "time":
            return settings.date_order or source.format
        case "amount":
            return settings.decimal_mark
        case "duration":
            return settings.duration_unit or source.unit
    return None


def _step(column: str, source: Source, settings: Settings, told: Any) -> Step:
    raw = pl.col(raw_name(column))
    if source.minus:
        start = pl.col(raw_name(f"{column} start"))
        from_, minus = _first(source.from_), texts.present(pl.col(source.minus))
        both = (
            pl.when(minus.is_not_null()).then(from_).alias(raw.meta.output_name()),
            minus.alias(start.meta.output_name()),
        )
        value = durations.difference(raw, start, time_zone=settings.time_zone)
        return Step(column, both, value, durations.difference_reason(raw, start, time_zone=settings.time_zone))
    normal, why_not = _functions(column, settings, told)
    text = pl.lit(source.value, pl.String) if source.value is not None else _first(source.from_)
    if source.time:
        text = pl.concat_str(text, texts.present(pl.col(source.time)).fill_null(""), separator=" ").str.strip_chars_end(
            " "
        )
    text = text.alias(raw_name(column))
    if not source.values:
        return Step(column, (text,), normal(raw), why_not(raw))
    word = _word(raw, source)
    unknown = pl.format("{}; {}", pl.lit(NOT_IN_TABLE), _masked(raw))
    return Step(column, (text,), normal(word), pl.when(word.is_null()).then(unknown).otherwise(why_not(word)))


def _first(names: tuple[str, ...]) -> pl.Expr:
    """The first cell that is not blank."""
    return pl.coalesce(texts.present(pl.col(name)) for name in names) if names else pl.lit(None, pl.String)


def _word(raw: pl.Expr, source: Source) -> pl.Expr:
    """What the value table makes of a text; null where it has no entry."""
    cell = raw.str.to_lowercase()
    rest = source.values.get("*")
    word = pl.when(raw.is_not_null()).then(pl.lit(rest, pl.String)) if rest is not None else pl.lit(None, pl.String)
    for key, meaning in source.values.items():
        if key != "*":
            word = pl.when(cell == key).then(pl.lit(meaning)).otherwise(word)
    return word


def _masked(raw: pl.Expr) -> pl.Expr:
    """A word for a message: short, and without digits that could be somebody's number."""
    short = pl.when(raw.str.len_chars() > 40).then(raw.str.head(39) + "…").otherwise(raw)
    return pl.format("«{}»", short.str.replace_all(r"[0-9][0-9 ()+\-.]{3,}[0-9]", "•••"))


Normalizer = Callable[[pl.Expr], pl.Expr]


def _functions(column: str, settings: Settings, told: Any) -> tuple[Normalizer, Normalizer]:
    """The normalizer of a column and the function that says why not."""
    match KINDS[column]:
        case "id" if column == "UserId":
            return identifiers.text, partial(identifiers.reason, kind="text")
        case "id":
            return identifiers.digits, partial(identifiers.reason, kind="digits")
        case "time":
            when: dict[str, Any] = {
                "time_zone": settings.time_zone,
                "format": told,
                "ambiguous": settings.ambiguous,
                "non_existent": settings.non_existent,
            }
            return partial(timestamps.unix_utc, **when), partial(timestamps.reason, **when)
        case "flag":
            words = WORDS[column]
            return partial(flags.binary, words=words), partial(_why_no_flag, words=words)
        case "amount":
            return partial(amounts.decimal, decimal_mark=told), partial(amounts.reason, decimal_mark=told)
        case "currency":
            return currencies.iso4217, _why_no_currency
        case "phone":
            return partial(phones.e164, region=settings.region), partial(phones.reason, region=settings.region)
        case "duration":
            return partial(durations.seconds, unit=told), partial(durations.reason, unit=told)
        case "url":
            return urls.absolute, urls.reason
        case _:
            return texts.plain, texts.reason


def _why_no_flag(raw: pl.Expr, words: Table[str, int]) -> pl.Expr:
    why = flags.reason(raw, words=words)
    return pl.when(why.is_not_null()).then(pl.format("{}; {}", why, _masked(raw)))


def _why_no_currency(raw: pl.Expr) -> pl.Expr:
    return pl.coalesce(currencies.reason(raw), pl.when(raw.is_not_null()).then(pl.lit(OTHER_CURRENCY)))
