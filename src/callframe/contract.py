"""Stage 4, enforce: contract columns -> accepted rows | findings.

`CallRow` is the one description of a call row: names, order, dtypes, nullability, units, rules, and the sentence people
read for each. The CSV header, the findings, the reports and the strategies are read from it.

Source: Metrica Management API, "Calls data transfer", table of columns.
"""

import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any, ClassVar, Literal, NamedTuple, NewType, TypeVar

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaError

from callframe.errors import ContractError
from callframe.normalize.currencies import CODES

__all__ = [
    "ADVICES",
    "COLUMNS",
    "DTYPES",
    "FINDINGS_SCHEMA",
    "IDS",
    "RULES",
    "CallFrame",
    "CallRow",
    "Enforced",
    "Rule",
    "enforce",
    "judge",
    "sift",
    "without_errors",
]

CallFrame = NewType("CallFrame", pl.DataFrame)
"""A frame that keeps the contract: only `enforce` and `serialize.read_csv` make one."""

_Frame = TypeVar("_Frame", pl.DataFrame, pl.LazyFrame)

LINK_WINDOW = 21 * 86_400
"""Seconds for which Metrica still links a call to a visit."""

FINDINGS_SCHEMA = pl.Schema(
    {
        "source_row": pl.Int64(),
        "column": pl.String(),
        "code": pl.String(),
        "message": pl.String(),
        "severity": pl.String(),
    }
)


class Rule(NamedTuple):
    """One rule of the contract."""

    code: str
    """What a finding is filed under."""

    column: str
    """The contract column it speaks of, or the columns, joined by `|`."""

    sentence: str
    """What people read when it is broken."""

    holds: Callable[[int], pl.Expr]
    """From `now`, Unix seconds, to an expression: true, or null where there is nothing to judge."""

    severity: Literal["error", "warning"] = "error"


def _column(description: str, *, unit: str = "none", nullable: bool = True) -> Any:
    return pa.Field(nullable=nullable, description=description, metadata={"unit": unit})


_rules: list[Rule] = []
_clock: ContextVar[int | None] = ContextVar("now", default=None)
_Holds = Callable[[Any, pl.Expr, int], pl.Expr]


def _rule(code: str, *columns: str) -> Callable[[_Holds], Any]:
    """Make a check of the Pandera model and an entry of `RULES` out of one method; its docstring is the sentence."""

    def make(method: _Holds) -> Any:
        sentence = (method.__doc__ or "").strip().rstrip(".")

        def one(column: str) -> Any:
            _rules.append(Rule(code, column, sentence, lambda now: method(None, pl.col(column), now)))

        def check(cls: Any, data: PolarsData) -> pl.LazyFrame:
            return data.lazyframe.select(method(cls, pl.col(data.key), _instant(_clock.get())))

        check.__name__ = method.__name__
        for column in columns:
            one(column)
        return pa.check(*columns, name=code, error=sentence)(check)

    return make


def _row_rule(code: str, *columns: str) -> Callable[[Callable[[Any], pl.Expr]], Any]:
    def make(method: Callable[[Any], pl.Expr]) -> Any:
        sentence = (method.__doc__ or "").strip().rstrip(".")
        _rules.append(Rule(code, "|".join(columns), sentence, lambda now: method(None)))

        def check(cls: Any, data: PolarsData) -> pl.LazyFrame:
            return data.lazyframe.select(method(cls))

        check.__name__ = method.__name__
        return pa.dataframe_check(name=code, error=sentence)(check)

    return make


class CallRow(pa.DataFrameModel):
    """One call, as Metrica takes it.

    >>> import polars as pl
    >>> row = {"ClientId": ["1234567890123456789"], "DateTime": [1775200000]}
    >>> CallRow.validate(enforce(pl.DataFrame(row)).accepted).height
    1
    """

    UserId: pl.String = _column("Visitor id that the site's owner gave.")
    ClientId: pl.String = _column("Visitor id that Metrica gave: digits, kept as text.")
    Yclid: pl.String = _column("Click id that Yandex Direct gave: digits, kept as text.")
    DateTime: pl.Int64 = _column("Time of the call, in the past.", unit="Unix seconds, UTC", nullable=False)
    StaticCall: pl.Int8 = _column("1 static, 0 dynamic call tracking; static calls are not linked to visits.")
    Price: pl.Decimal(38, 6) = _column("Value of the goal.", unit="units of Currency")  # type: ignore[valid-type]
    Currency: pl.String = _column("Currency of the price: ISO 4217, three letters.")
    PhoneNumber: pl.String = _column("Caller's number: E.164, with country and area code.")
    TalkDuration: pl.Int64 = _column("How long they talked.", unit="seconds")
    HoldDuration: pl.Int64 = _column("How long the caller waited for an answer.", unit="seconds")
    CallMissed: pl.Int8 = _column("1 missed, 0 answered.")
    Tag: pl.String = _column("Free text: quality of the call, its outcome.")
    FirstTimeCaller: pl.Int8 = _column("1 first call of this caller, 0 a later one.")
    URL: pl.String = _column("Page the call came from.")
    CallTrackerURL: pl.String = _column("Link into the call tracker.")

    class Config:
        """The 15 columns, in this order, and no others."""

        name = "CallRow"
        strict = True
        ordered = True
        metadata: ClassVar[dict[str, object]] = {}

    @_row_rule("id-missing", "UserId", "ClientId", "Yclid")
    def has_id(cls) -> pl.Expr:
        """A call needs at least one of UserId, ClientId, Yclid."""
        return pl.any_horizontal(pl.col(column).is_not_null() for column in IDS)

    @_rule("text-blank", "UserId", "Tag")
    def not_blank(cls, value: pl.Expr, now: int) -> pl.Expr:
        """Text that says nothing must be null."""
        return value.str.contains(r"\S")

    @_rule("id-not-digits", "ClientId", "Yclid")
    def id_is_digits(cls, value: pl.Expr, now: int) -> pl.Expr:
        """An id that Yandex gave is 1 to 20 digits."""
        # A parse costs a third of a pattern; it takes a plus, too.
        whole = value.cast(pl.UInt128, strict=False).is_not_null() & ~value.str.starts_with("+")
        return value.is_null() | (whole & (value.str.len_bytes() <= 20))

    @_rule("time-not-past", "DateTime")
    def in_the_past(cls, value: pl.Expr, now: int) -> pl.Expr:
        """The time of a call must be in the past."""
        return value <= now

    @_rule("time-before-1970", "DateTime")
    def since_1970(cls, value: pl.Expr, now: int) -> pl.Expr:
        """The time of a call must be after the first second of 1970, which stands for no time."""
        return value > 0

    @_rule("flag-not-binary", "StaticCall", "CallMissed", "FirstTimeCaller")
    def binary(cls, value: pl.Expr, now: int) -> pl.Expr:
        """A flag is 0 or 1."""
        return value.is_between(0, 1)

    @_rule("amount-negative", "Price")
    def not_negative(cls, value: pl.Expr, now: int) -> pl.Expr:
        """The price must not be negative."""
        return value >= 0

    @_row_rule("price-without-currency", "Price", "Currency")
    def has_currency(cls) -> pl.Expr:
        """A price needs a currency."""
        return pl.col("Price").is_null() | pl.col("Currency").is_not_null()

    @_rule("currency-not-iso4217", "Currency")
    def iso4217(cls, value: pl.Expr, now: int) -> pl.Expr:
        """The currency must be an active ISO 4217 code."""
        return value.is_in(CODES)

    @_rule("phone-not-e164", "PhoneNumber")
    def e164(cls, value: pl.Expr, now: int) -> pl.Expr:
        """A phone number is E.164: a plus sign, then 7 to 15 digits."""
        return value.str.contains(r"^\+[1-9][0-9]{6,14}$")

    @_rule("duration-out-of-range", "TalkDuration", "HoldDuration")
    def within_a_day(cls, value: pl.Expr, now: int) -> pl.Expr:
        """A duration is 0 to 86400 seconds."""
        return value.is_between(0, 86_400)

    @_rule("url-not-absolute", "URL", "CallTrackerURL")
    def absolute(cls, value: pl.Expr, now: int) -> pl.Expr:
        """A URL starts with http:// or https:// and has no space in it."""
        return value.str.contains(r"^https?://[^\s]+$")

    @classmethod
    def validate(cls, check_obj: _Frame, *args: Any, **options: Any) -> _Frame:  # type: ignore[override]
        """Validate as Pandera does; a LazyFrame's values are checked too, not only its schema."""
        with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            valid: _Frame = super().validate(check_obj, *args, **options)
        return valid


_SCHEMA = CallRow.to_schema()

COLUMNS: tuple[str, ...] = tuple(_SCHEMA.columns)
"""Names of the 15 columns, in the order of the file."""

DTYPES: dict[str, pl.DataType] = {name: column.dtype.type for name, column in _SCHEMA.columns.items()}
"""Polars dtype of each column."""

IDS = COLUMNS[:3]
"""The columns of which a row needs at least one."""


def _missing(column: str) -> Rule:
    sentence = f"{column} is required"
    return Rule(f"{column.lower()}-missing", column, sentence, lambda now: pl.col(column).is_not_null())


RULES: tuple[Rule, ...] = (
    *(_missing(name) for name, column in _SCHEMA.columns.items() if not column.nullable),
    *_rules,
)
"""Every rule whose breach rejects a row."""

ADVICES: tuple[Rule, ...] = (
    Rule(
        "time-too-old-to-link",
        "DateTime",
        "The call is older than 21 days: Metrica will not link it to a visit",
        lambda now: pl.col("DateTime") >= now - LINK_WINDOW,
        "warning",
    ),
)
"""Rules whose breach is worth a warning."""

_QUICK = [rule for rule in (*RULES, *ADVICES) if DTYPES.get(rule.column) != pl.String]


def _keeps_every_rule(data: PolarsData) -> bool:
    now = _instant(_clock.get())
    return bool(data.lazyframe.select(pl.all_horizontal(rule.holds(now).all() for rule in RULES)).collect().item())


_AT_ONCE = pa.DataFrameSchema(
    {name: pa.Column(dtype, nullable=True) for name, dtype in DTYPES.items()},
    checks=pa.Check(_keeps_every_rule, name="every rule"),
    strict=True,
    ordered=True,
)
"""`CallRow` with all its rules as one check: Pandera's work for a check costs more than most checks do.

It tells that a rule is broken, not which: `judge` does.
"""


class Enforced(NamedTuple):
    """What `enforce` gives."""

    accepted: CallFrame
    """The 15 contract columns of the rows that break no rule, in order."""

    findings: pl.DataFrame
    """`source_row`, `column`, `code`, `message`, `severity`: a row for each rule that a row breaks."""


def enforce(frame: pl.DataFrame | pl.LazyFrame, *, now: float | None = None) -> Enforced:
    """Split a frame of contract columns into the rows Metrica takes and findings on the others.

    A row is accepted if it breaks no rule of `CallRow`; each rule that a row breaks is a finding. Optional columns
    that the frame lacks are null.

    Shape: n rows -> accepted <= n rows, order kept; findings sorted by source row.

    Args:
        frame: contract columns with contract dtypes; `source_row` numbers the rows in the findings if it is there and
            tells them apart, otherwise they are counted from 1.
        now: Unix seconds; a later call is an error, one more than 21 days earlier a warning. Default: the clock.

    Returns:
        `accepted` and `findings`.

    Raises:
        ContractError: a column is unknown, a required one is absent, or a dtype is not the contract's.

    >>> import polars as pl
    >>> calls = pl.DataFrame({"ClientId": ["17", None], "DateTime": [1775200000, 1775200001]})
    >>> accepted, findings = enforce(calls, now=1775300000)
    >>> accepted.height, findings["source_row"].to_list(), findings["code"].to_list()
    (1, [2], ['id-missing'])
    """
    rows = _contract_columns(frame.collect() if isinstance(frame, pl.LazyFrame) else frame)
    findings = judge(rows, now)
    return Enforced(without_errors(rows, findings, now), findings.sort("source_row", maintain_order=True))


def sift(rows: pl.DataFrame, known: pl.DataFrame, now: float | None = None) -> Enforced:
    """As `enforce`, for rows out of the normalizers, on which there are findings already.

    The rules on the form of a text cost most, and what a normalizer gives keeps them. So they are left to Pandera, and
    only asked one by one if it finds a breach, or of rows that are lost in any case.

    Shape: n rows -> accepted <= n rows, order kept; findings beside those that are known.

    Args:
        rows: `source_row` and the 15 columns with their dtypes.
        known: findings.
        now: Unix seconds; default: the clock.
    """
    quick = judge(rows, now, _QUICK)
    errors = _erroneous(pl.concat([known, quick]))
    try:
        accepted = without_errors(_without(rows, errors), FINDINGS_SCHEMA.to_frame(), now)
    except SchemaError:
        found = judge(rows, now)
        return Enforced(without_errors(rows, pl.concat([known, found]), now), found)
    if errors.is_empty():
        return Enforced(accepted, quick)
    lost = rows.filter(pl.col("source_row").is_in(errors.implode()))
    return Enforced(accepted, pl.concat([judge(lost, now), _without(quick, errors)]))


def judge(rows: pl.DataFrame, now: float | None = None, rules: Sequence[Rule] = (*RULES, *ADVICES)) -> pl.DataFrame:
    """Findings on rows that have `source_row` and the 15 columns with their dtypes: one for each rule a row breaks.

    Shape: n rows -> a finding for each breach, rule by rule.

    Args:
        rows: any rows.
        now: Unix seconds; default: the clock.
        rules: those to be judged by.
    """
    instant = _instant(now)
    broken = rows.select((~rule.holds(instant)).fill_null(value=False).alias(str(i)) for i, rule in enumerate(rules))
    hits = broken.select(pl.all().any()).row(0) if rows.height else ()
    failing = [i for i, hit in enumerate(hits) if hit]
    found = [_findings(rows["source_row"].filter(broken[str(i)]), rules[i]) for i in failing]
    return pl.concat(found) if found else FINDINGS_SCHEMA.to_frame()


def without_errors(rows: pl.DataFrame, findings: pl.DataFrame, now: float | None = None) -> CallFrame:
    """The 15 columns of the rows on which there is no error, proven once more by Pandera.

    Shape: n rows -> at most n rows, order kept.
    """
    kept = _without(rows, _erroneous(findings))
    clock = _clock.set(_instant(now))
    try:
        with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            return CallFrame(_AT_ONCE.validate(kept.select(COLUMNS)))
    finally:
        _clock.reset(clock)


def _erroneous(findings: pl.DataFrame) -> pl.Series:
    return findings.filter(pl.col("severity") == "error")["source_row"].unique()


def _without(rows: pl.DataFrame, source_rows: pl.Series) -> pl.DataFrame:
    return rows.filter(~pl.col("source_row").is_in(source_rows.implode())) if len(source_rows) else rows


def _instant(now: float | None) -> int:
    return int(time.time() if now is None else now)


def _findings(source_rows: pl.Series, rule: Rule) -> pl.DataFrame:
    constants = (rule.column, rule.code, rule.sentence, rule.severity)
    named = zip(FINDINGS_SCHEMA.names()[1:], constants, strict=True)
    return (
        source_rows.cast(pl.Int64)
        .to_frame("source_row")
        .with_columns(pl.lit(value).alias(name) for name, value in named)
    )


def _contract_columns(frame: pl.DataFrame) -> pl.DataFrame:
    extra = [name for name in frame.columns if name not in DTYPES and name != "source_row"]
    if extra:
        raise ContractError.unknown_columns(extra, COLUMNS)
    if "DateTime" not in frame.columns or not any(name in frame.columns for name in IDS):
        raise ContractError.required_columns(frame.columns, IDS)
    numbered = _numbered(frame)
    columns = [_as_contract(numbered, name, dtype) for name, dtype in DTYPES.items()]
    return numbered.select("source_row", *columns)


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """With row numbers that tell the rows apart, as findings need them."""
    if "source_row" not in frame.columns:
        return frame.with_row_index("source_row", offset=1)
    numbers = frame["source_row"]
    if not numbers.dtype.is_integer():
        raise ContractError.dtype("source_row", numbers.dtype, FINDINGS_SCHEMA["source_row"])
    if numbers.null_count() == 0 and numbers.n_unique() == frame.height:
        return frame
    return frame.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("source_row"))


_ENDS = {"Int8": (-(2**7), 2**7 - 1), "Int64": (-(2**63), 2**63 - 1)}


def _as_contract(frame: pl.DataFrame, name: str, dtype: pl.DataType) -> pl.Expr | pl.Series:
    """The column with its contract dtype, where no value changes on the way but one that breaks a rule all the same."""
    if name not in frame.columns:
        return pl.lit(None, dtype).alias(name)
    found = frame.schema[name]
    if found == dtype:
        return pl.col(name)
    lossless = (
        found == pl.Null
        or (dtype.is_integer() and (found.is_integer() or found == pl.Boolean))
        or (dtype == pl.String and found in (pl.Categorical, pl.Enum))
        or (isinstance(found, pl.Decimal) and isinstance(dtype, pl.Decimal) and found.scale <= dtype.scale)
    )
    values = frame[name]
    if dtype.is_integer() and found.is_integer():
        # No column takes its dtype's ends: a number beyond them is for the rules to refuse, not for the cast.
        values = values.cast(pl.Int128).clip(*_ENDS[str(dtype)])
    column = values.cast(dtype, strict=False) if lossless else None
    if column is None or column.null_count() > frame[name].null_count():
        raise ContractError.dtype(name, found, dtype)
    return column
