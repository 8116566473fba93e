"""A mapping and settings, compiled into expressions: source cells -> contract values, and why there is none."""

from collections.abc import Callable
from collections.abc import Mapping as Table
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any, TypeVar

import polars as pl

from callframe.contract import COLUMNS, DTYPES, IDS
from callframe.convert.settings import DATE_ORDERS, Settings
from callframe.mapping import Mapping, Source
from callframe.normalize import amounts, currencies, durations, flags, identifiers, phones, texts, timestamps, urls
from callframe.read import SOURCE_ROW

__all__ = ["FATAL", "KINDS", "REASON", "Frame", "Plan", "Step", "shown"]

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

REASON = "reason\0"
"""Name of the column that says why a value was lost."""


Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)


@dataclass(frozen=True)
class Step:
    """One contract column; the raw text it comes from is only looked at where there is no value."""

    column: str

    explained: pl.Expr
    """The contract value and the reason why there is none, from the frame that `Plan.prepared` gives."""

    given: pl.Expr
    """The raw text, from the same frame; null where nothing was given."""

    message: pl.Expr
    """What people are told of a lost value, from the same frame and the reason as `REASON`."""

    judge: ModuleType | None
    """The normalizer that knows what the whole column proves, where that is still open."""

    evident: tuple[pl.Expr, ...]
    """The texts that may prove something."""

    @property
    def roots(self) -> list[str]:
        """The columns that `given` and `evident` read."""
        names = (name for expr in (self.given, *self.evident) for name in expr.meta.root_names())
        return list(dict.fromkeys(names))


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

    def read(self, prepared: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
        """`source_row` and the 15 contract columns; and by column why something that is given has no value.

        Shape: n rows -> n rows and n reasons each, order kept.
        """
        told = prepared.select(SOURCE_ROW, *(step.explained.alias(step.column) for step in self.steps))
        read = {step.column: told[step.column].struct.unnest() for step in self.steps}
        if "Price" in read:
            read["Currency"] = self._settled(read["Currency"], read["Price"])
        values = [
            read[name]["value"].alias(name) if name in read else pl.Series(name, dtype=dtype).clear(prepared.height)
            for name, dtype in DTYPES.items()
        ]
        return pl.DataFrame([told[SOURCE_ROW], *values]), {column: each["reason"] for column, each in read.items()}

    def _settled(self, own: pl.DataFrame, price: pl.DataFrame) -> pl.DataFrame:
        """The cell's own currency, else the one written at the price, else, for a price, the declared one."""
        at_price = price["currency"]
        rows = (own["value"].is_null() | at_price.is_not_null()).arg_true()
        if rows.is_empty():
            return own
        value, written, why = pl.col("value"), pl.col("currency"), pl.col("reason")
        declared = pl.when(pl.col("price").is_not_null()).then(pl.lit(self.settings.currency, pl.String))
        found = pl.DataFrame([own["value"], own["reason"], at_price, price["value"].alias("price")])[rows].select(
            pl.when(value.is_not_null())
            .then(pl.when((written == value).fill_null(value=True)).then(value))
            .when(why.is_null())
            .then(pl.coalesce(written, declared))
            .alias("value"),
            pl.when(written != value).then(pl.lit(OTHER_CURRENCY)).otherwise(why).alias("reason"),
        )
        return pl.DataFrame([own[name].clone().scatter(rows, found[name]) for name in found.columns])


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
    normalizer = _normalizer(column, settings, told)
    cell, why = _cell(column, source), pl.col(REASON)
    given = texts.present(cell) if _composed(source) is None else cell
    message, evident, explained = why, cell, normalizer(cell)
    if KINDS[column] == "flag":
        message = pl.format("{}; {}", why, shown(given))
    if source.values:
        evident = _word(cell, source)
        unknown = pl.when(evident.is_null() & cell.is_not_null()).then(pl.lit(NOT_IN_TABLE))
        explained = normalizer(evident).struct.with_fields(unknown.otherwise(pl.field("reason")).alias("reason"))
        told_word = pl.lit("•••") if KINDS[column] in PERSONAL else shown(given)
        message = pl.when(why == NOT_IN_TABLE).then(pl.format("{}; {}", why, told_word)).otherwise(message)
    if source.value is not None:
        explained = _constant(pl.DataFrame({cell.meta.output_name(): [source.value]}).select(explained).to_series())
    judge = OPEN.get(KINDS[column]) if told is None else None
    return Step(column, explained, given, message, judge, (evident,))


def _constant(told: pl.Series) -> pl.Expr:
    fields = told.struct.unnest()
    return pl.struct(pl.lit(fields[name].item(), dtype).alias(name) for name, dtype in fields.schema.items())


def _difference(column: str, source: Source, settings: Settings, told: str | None) -> Step:
    end, start = _cell(column, source), pl.col(source.minus or "")
    ends, starts = texts.present(end), texts.present(start)
    given = pl.when((ends != "0") & (starts != "0")).then(ends)
    explained = durations.difference_explained(end, start, **_clock(settings, told))
    return Step(column, explained, given, pl.col(REASON), timestamps if told is None else None, (end, start))


def _clock(settings: Settings, told: str | None) -> dict[str, Any]:
    """How times are read."""
    return {
        "format": told,
        "time_zone": settings.time_zone,
        "ambiguous": settings.ambiguous,
        "non_existent": settings.non_existent,
    }


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


def _normalizer(column: str, settings: Settings, told: Any) -> Callable[[pl.Expr], pl.Expr]:
    """What gives a column's values and reasons."""
    match KINDS[column]:
        case "id":
            return partial(identifiers.explained, kind="text" if column == "UserId" else "digits")
        case "time":
            return partial(timestamps.explained, **_clock(settings, told))
        case "flag":
            return partial(flags.explained, words=WORDS[column])
        case "amount":
            return partial(amounts.explained, decimal_mark=told)
        case "currency":
            return currencies.explained
        case "phone":
            return partial(phones.explained, region=settings.region)
        case "duration":
            return partial(durations.explained, unit=told)
        case "url":
            return urls.explained
        case _:
            return texts.explained
