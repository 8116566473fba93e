"""A mapping and settings, compiled into expressions: source cells -> contract values, and why there is none."""

from collections.abc import Callable
from collections.abc import Mapping as Table
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any, TypeVar, cast

import polars as pl

from callframe.contract import COLUMNS, DTYPES, IDS
from callframe.convert.settings import DATE_ORDERS, Settings
from callframe.mapping import Mapping, Source
from callframe.normalize import amounts, currencies, durations, flags, identifiers, phones, texts, timestamps, urls
from callframe.read import SOURCE_ROW

__all__ = ["FATAL", "GIVEN", "KINDS", "Frame", "Plan", "Step", "shown"]

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

PERSONAL = frozenset(("id", "phone", "url"))
"""Kinds of value of which no message shows a cell."""

OPEN = {"time": timestamps, "amount": amounts, "duration": durations}
"""Kinds of value that may need a whole column to be read, and the modules that know what a column proves."""

NOT_IN_TABLE = "not in the value table"
OTHER_CURRENCY = "not the currency written at the price"

GIVEN = "given\0"
"""Name of the column that holds the raw text of a value that was lost."""

_CURRENCY_CELL = "cell\0Currency"
_AT_PRICE = "at price\0Currency"


Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)


@dataclass(frozen=True)
class Step:
    """One contract column; the raw text it comes from is only looked at where there is no value."""

    column: str

    value: pl.Expr
    """The contract value, from the frame that `Plan.prepared` gives."""

    given: pl.Expr
    """The raw text, from the same frame; null where nothing was given."""

    reason: pl.Expr
    """Why there is no value, from the same frame and the raw text as `GIVEN`."""

    judge: ModuleType | None
    """The normalizer that knows what the whole column proves, where that is still open."""

    evident: tuple[pl.Expr, ...]
    """The texts that may prove something."""

    @property
    def roots(self) -> list[str]:
        """The columns that `given`, `reason` and `evident` read."""
        names = (name for expr in (self.given, self.reason, *self.evident) for name in expr.meta.root_names())
        return [name for name in dict.fromkeys(names) if name != GIVEN]


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
        sources = _sources(mapping)
        told = {column: _told(column, sources, settings) or (answers or {}).get(column) for column in sources}
        steps = tuple(_step(column, sources[column], settings, told[column]) for column in COLUMNS if column in sources)
        return cls(mapping, settings, {column: answer for column, answer in told.items() if answer}, steps)

    def answered(self, answers: Table[str, str]) -> "Plan":
        """The same with more answers; what the caller or the mapping says still wins."""
        return Plan.of(self.mapping, self.settings, {**self.answers, **answers})

    def answer(self, column: str) -> str | None:
        """How a column is written, if that is known: a format, a decimal mark, a unit."""
        return self.answers.get(column)

    @property
    def is_derived(self) -> bool:
        """Whether FirstTimeCaller is told by the history of calls."""
        source = self.mapping.columns.get("FirstTimeCaller")
        return source is not None and source.derive is not None

    def prepared(self, calls: Frame) -> Frame:
        """The frame with the raw texts that come from more than one cell each."""
        texts_ = [
            text.alias(_raw_name(column))
            for column, source in _sources(self.mapping).items()
            if (text := _composed(source)) is not None
        ]
        return calls.with_columns(texts_) if texts_ else calls

    def values(self, prepared: pl.DataFrame) -> pl.DataFrame:
        """`source_row` and the 15 contract columns.

        Shape: n rows -> n rows, order kept.
        """
        values = {step.column: step.value for step in self.steps if step.column != "Price"}
        columns = [values.get(name, pl.lit(None, DTYPES[name])).alias(name) for name in COLUMNS]
        price = next((step.evident[0] for step in self.steps if step.column == "Price"), None)
        if price is None:
            return prepared.select(SOURCE_ROW, *columns)
        cell = _cell("Currency", _sources(self.mapping)["Currency"])
        both = amounts.split(price, decimal_mark=cast("amounts.DecimalMark | None", self.answer("Price")))
        read = prepared.select(SOURCE_ROW, *columns, cell.alias(_CURRENCY_CELL), both.alias(_AT_PRICE))
        parts = pl.col(_AT_PRICE).struct
        read = read.with_columns(parts.field("amount").alias("Price"), parts.field("currency").alias(_AT_PRICE))
        unsettled = read.select(pl.col("Currency").is_null() | pl.col(_AT_PRICE).is_not_null()).to_series().arg_true()
        if len(unsettled):
            settled = read[unsettled].select(self._currency()).to_series()
            read = read.with_columns(read["Currency"].scatter(unsettled, settled))
        return read.select(SOURCE_ROW, *COLUMNS)

    def _currency(self) -> pl.Expr:
        """The cell's own currency, else the one written at the price, else, for a price, the declared one."""
        own, at_price = pl.col("Currency"), pl.col(_AT_PRICE)
        is_given = texts.present(pl.when(own.is_null()).then(pl.col(_CURRENCY_CELL))).is_not_null()
        declared = pl.when(pl.col("Price").is_not_null()).then(pl.lit(self.settings.currency, pl.String))
        return (
            pl.when(own.is_not_null())
            .then(pl.when((at_price == own).fill_null(value=True)).then(own))
            .when(~is_given)
            .then(pl.coalesce(at_price, declared))
            .alias("Currency")
        )


def _sources(mapping: Mapping) -> dict[str, Source]:
    """Where each contract column comes from; a price always brings a currency."""
    sources: dict[str, Source] = dict(mapping.columns)
    if "Price" in sources:
        sources.setdefault("Currency", Source())
    return sources


def _told(column: str, sources: Table[str, Source], settings: Settings) -> Any:
    """How the mapping and the caller say that a column is written.

    An option speaks of every column of a kind, so it gives way to what the mapping says of one: a pattern, a unit.
    """
    source = sources[column]
    match KINDS[column]:
        case "time" if source.format is None or source.format in DATE_ORDERS:
            return settings.date_order or source.format
        case "time":
            return source.format
        case "amount":
            return settings.decimal_mark
        case "duration" if source.minus:
            times = sources.get("DateTime", Source())
            shared = set(times.from_) & {*source.from_, source.minus}
            return _told("DateTime", sources, settings) if shared else settings.date_order
        case "duration":
            return source.unit or settings.duration_unit
    return None


def _step(column: str, source: Source, settings: Settings, told: Any) -> Step:
    if source.minus:
        return _difference(column, source, settings, told)
    normal, why_not = _functions(column, settings, told)
    cell, raw = _cell(column, source), pl.col(GIVEN)
    given = texts.present(cell) if _composed(source) is None else cell
    value, why, evident = normal(cell), why_not(raw), cell
    if source.values:
        word, evident = _word(raw, source), _word(cell, source)
        told_word = pl.lit("•••") if KINDS[column] in PERSONAL else shown(raw)
        unknown = pl.format("{}; {}", pl.lit(NOT_IN_TABLE), told_word)
        value, why = normal(evident), pl.when(word.is_null()).then(unknown).otherwise(why_not(word))
    if source.value is not None:
        constant = pl.DataFrame({cell.meta.output_name(): [source.value]}).select(value).to_series()
        value = pl.lit(constant.item(), constant.dtype)
    return Step(column, value, given, why, OPEN.get(KINDS[column]) if told is None else None, (evident,))


def _difference(column: str, source: Source, settings: Settings, told: str | None) -> Step:
    end, start = _cell(column, source), pl.col(source.minus or "")
    ends, starts = texts.present(end), texts.present(start)
    given = pl.when((ends != "0") & (starts != "0")).then(ends)
    options: dict[str, Any] = {
        "format": told,
        "time_zone": settings.time_zone,
        "ambiguous": settings.ambiguous,
        "non_existent": settings.non_existent,
    }
    value = durations.difference(end, start, **options)
    why = durations.difference_reason(end, start, **options)
    return Step(column, value, given, why, timestamps if told is None else None, (end, start))


def _raw_name(column: str) -> str:
    """Name of the helper column that holds a composed raw text; no export has such a name."""
    return f"raw\0{column}"


def _cell(column: str, source: Source) -> pl.Expr:
    """What a column's normalizer is given: it takes out blanks itself."""
    if _composed(source) is not None:
        return pl.col(_raw_name(column))
    return pl.col(source.from_[0]) if source.from_ else pl.lit(None, pl.String)


def _composed(source: Source) -> pl.Expr | None:
    """The raw text, where it isn't simply that of one cell; blanks taken out."""
    if source.value is not None:
        return pl.lit(source.value, pl.String)
    if len(source.from_) < 2 and not source.time and not source.values:
        return None
    text = pl.coalesce(texts.present(pl.col(name)) for name in source.from_)
    if source.time is None:
        return text
    time = texts.present(pl.col(source.time)).fill_null("")
    return pl.concat_str(text, time, separator=" ").str.strip_chars_end(" ")


def _word(raw: pl.Expr, source: Source) -> pl.Expr:
    """What the value table makes of a text; null where it has no entry."""
    cell = raw.str.to_lowercase().fill_null("")
    rest = source.values.get("*")
    word = pl.when(raw.is_not_null()).then(pl.lit(rest, pl.String)) if rest is not None else pl.lit(None, pl.String)
    for key, meaning in source.values.items():
        if key != "*":
            word = pl.when(cell == key).then(pl.lit(meaning)).otherwise(word)
    return word


def shown(raw: pl.Expr) -> pl.Expr:
    """A word for a message, if it is short and can be nobody's number, id or address."""
    word = raw.str.contains(r"^[^@/]{1,40}$") & ~raw.str.contains(r"(?:[0-9][^0-9]*){5}")
    return pl.format("«{}»", pl.when(word).then(raw).when(raw.is_not_null()).then(pl.lit("•••")))


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
    return pl.when(why.is_not_null()).then(pl.format("{}; {}", why, shown(raw)))


def _why_no_currency(raw: pl.Expr) -> pl.Expr:
    return pl.coalesce(currencies.reason(raw), pl.when(raw.is_not_null()).then(pl.lit(OTHER_CURRENCY)))
