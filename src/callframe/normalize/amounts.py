"""Prices as people write them -> exact decimals; nothing is rounded, and no binary float touches them.

`NaN` is how programs write that there is no number: it is as blank as any other word of `texts.BLANKS`. Infinities,
powers of ten and negative numbers are refused.

Which mark is the decimal one is proven, never assumed: a cell proves it by its shape (`12,5`, `1 234,50`,
`1,234.50`), and a cell that can be read both ways (`1,234`) is read as the other cells of its column prove, or refused.

>>> import polars as pl
>>> frame = pl.DataFrame({"price": ["1 234,50 руб.", "1,234", "₽99", "12"]})
>>> frame.select(decimal(pl.col("price")))["price"].to_list()
[Decimal('1234.500000'), Decimal('1.234000'), Decimal('99.000000'), Decimal('12.000000')]
>>> frame.head(2).select(currency(pl.col("price")))["price"].to_list()
['RUB', None]
"""

from collections.abc import Callable, Mapping
from typing import Literal

import polars as pl

from callframe.errors import OptionError
from callframe.normalize import _answers, currencies, texts

__all__ = [
    "DECIMAL_MARKS",
    "REASONS",
    "DecimalMark",
    "currency",
    "decimal",
    "evidence",
    "explained",
    "reason",
    "settle",
]

DecimalMark = Literal[",", ".", "either"]

DECIMAL_MARKS: tuple[DecimalMark, ...] = (",", ".", "either")
"""What `decimal_mark` can be; `either`: every cell has to prove its own."""

REASONS: tuple[str, ...] = (
    "not an amount",
    "negative",
    "more than 6 decimal places",
    "too large",
    "grouping or decimal?",
    "decimal comma and point mixed",
    "not the stated decimal mark",
)
_NOT, _NEGATIVE, _FINE, _LARGE, _UNSETTLED, _MIXED, _OTHER_MARK = REASONS
_BESIDE = "; beside the number stands no single currency"

_DTYPE = pl.Decimal(38, 6)
_ALL = pl.Struct({"value": _DTYPE, "reason": pl.String, "currency": pl.String})
_EASY = "^[0-9]{1,20}(?:[.,](?:[0-9]{1,2}|[0-9]{4,6}))?$"
_EASY_UNDER: Mapping[str | None, str] = {mark: _EASY.replace("[.,]", f"[{mark}]") for mark in (",", ".")}
_UNDECIDED = r"^[1-9][0-9]{0,2}[.,][0-9]{3}$"

_MINUS = "\\-\u2212\u2012\u2013\u2014"
_SIGNS = f"[(+{_MINUS}]"
_PARTS = "^(?P<front>[^0-9]*)(?P<number>(?s:.*)[0-9])?(?P<back>[^0-9]*)$"
_TIDY = "^(?:0|[1-9][0-9]*)(?:[.,][0-9]{0,6})?$"
_BRACKETED = rf"^\(((?s:.*))\)$|^((?s:.*))[{_MINUS}]$"
_GAPS = " \u00a0\u202f\u2009'’"
_UNGROUPED = "[0-9]+(?:[.,][0-9]+)?"
_FIRST = "[1-9][0-9]{0,2}"
_COMMA_GROUPS = rf"{_FIRST}(?:,[0-9]{{3}})+(?:,[0-9]{{3}}|\.[0-9]+)"
_POINT_GROUPS = rf"{_FIRST}(?:\.[0-9]{{3}})+(?:\.[0-9]{{3}}|,[0-9]+)"
_SPACE_GROUPS = rf"{_FIRST}(?:[ \u00a0\u202f\u2009][0-9]{{3}})+(?:[.,][0-9]+)?"
_QUOTE_GROUPS = rf"{_FIRST}(?:['’][0-9]{{3}})+(?:[.,][0-9]+)?"
_NUMBER = f"^(?:{_UNGROUPED}|{_SPACE_GROUPS}|{_QUOTE_GROUPS}|{_COMMA_GROUPS}|{_POINT_GROUPS})$"


def decimal(expr: pl.Expr, *, decimal_mark: DecimalMark | None = None) -> pl.Expr:
    """The amount, exactly as written, or null where the text is not an amount from zero up.

    A currency beside the number is left out (`currency` gives it); any other word refuses the cell. Groups of three
    stand apart by a space, an apostrophe, or the mark that is not the decimal one.

    Shape: n rows -> n rows, order kept.
    Null: null in -> null out; blank, negative, not an amount, more than 6 decimal places, undecided -> null.

    Args:
        expr: String.
        decimal_mark: `,` or `.`: the other one only groups, and a cell that shows otherwise is refused. `either`:
            each cell speaks for itself. None: cells that can be read both ways follow what the whole column proves.

    Returns:
        Decimal(38, 6).

    Raises:
        OptionError: `decimal_mark` is none of these.

    >>> frame = pl.DataFrame({"x": ["1'234.50", "1.234", "-5", "1e5", "12 шт"]})
    >>> frame.select(decimal(pl.col("x")))["x"].to_list()
    [Decimal('1234.500000'), Decimal('1.234000'), None, None, None]
    >>> frame.select(decimal(pl.col("x"), decimal_mark=","))["x"].to_list()
    [None, Decimal('1234.000000'), None, None, None]
    """
    return _by_column(expr, decimal_mark, lambda told: told["value"], _DTYPE)


def explained(expr: pl.Expr, *, decimal_mark: DecimalMark | None = None) -> pl.Expr:
    """All that a cell says: `decimal`, `reason` and `currency` in one.

    Shape: n rows -> n rows, order kept.
    Null: each field, as for its function.

    Args:
        expr: String.
        decimal_mark: as for `decimal`.

    Returns:
        Struct of `value`, Decimal(38, 6), and `reason` and `currency`, String.

    Raises:
        OptionError: as for `decimal`.

    >>> frame = pl.DataFrame({"x": ["1 234,50 ₽", "99", "-5"]})
    >>> frame.select(explained(pl.col("x"), decimal_mark=",")).unnest("x").rows()
    [(Decimal('1234.500000'), None, 'RUB'), (Decimal('99.000000'), None, None), (None, 'negative', None)]
    """
    return _by_column(expr, decimal_mark, lambda told: told.to_struct(), _ALL)


def currency(expr: pl.Expr) -> pl.Expr:
    """The ISO 4217 code of the currency that stands beside the number, or null where none does.

    Shape: n rows -> n rows, order kept.
    Null: null in -> null out; a number alone, or a cell that is not an amount -> null.

    Args:
        expr: String, as for `decimal`.

    Returns:
        String, one of `currencies.CODES`.

    >>> frame = pl.DataFrame({"x": ["100р.", "$12", "RUB 100", "100"]})
    >>> frame.select(currency(pl.col("x")))["x"].to_list()
    ['RUB', 'USD', 'RUB', None]
    """
    return _by_column(expr, "either", lambda told: told["currency"], pl.String())


def reason(expr: pl.Expr, *, decimal_mark: DecimalMark | None = None) -> pl.Expr:
    """Why a text is not an amount: a head from `REASONS`; null where it is one, or is blank.

    Shape: n rows -> n rows, order kept.

    Args:
        expr: String, as for `decimal`.
        decimal_mark: as for `decimal`.

    Returns:
        String.

    Raises:
        OptionError: as for `decimal`.

    >>> frame = pl.DataFrame({"x": ["1,234", "-5", "1e5", "0.1234567"]})
    >>> frame.select(reason(pl.col("x"), decimal_mark="either"))["x"].to_list()
    ['grouping or decimal?', 'negative', 'not an amount', 'more than 6 decimal places']
    """
    return _by_column(expr, decimal_mark, lambda told: told["reason"], pl.String())


def evidence(expr: pl.Expr) -> pl.Expr:
    """What the column proves about its decimal mark, as counts of cells.

    Shape: n rows -> 1 row; counts of parts add up to the counts of the whole. Streams.

    Args:
        expr: String, as for `decimal`.

    Returns:
        Struct of `comma_decimal`, `dot_decimal`: cells that can be read one way only; `undecided`: cells that can be
        read both ways.

    >>> frame = pl.DataFrame({"x": ["12,5", "1,234", "7"]})
    >>> frame.select(evidence(pl.col("x"))).item()
    {'comma_decimal': 1, 'dot_decimal': 0, 'undecided': 1}
    """
    proof = texts.on_present(expr, _proves)
    return pl.struct(
        (proof == ",").sum().alias("comma_decimal"),
        (proof == ".").sum().alias("dot_decimal"),
        (proof == "?").sum().alias("undecided"),
    )


def settle(evidence: Mapping[str, int]) -> DecimalMark | None:
    """The decimal mark that `evidence` proves, or None where it proves neither, or both.

    >>> settle({"comma_decimal": 3, "dot_decimal": 0, "undecided": 5})
    ','
    """
    comma, point = evidence["comma_decimal"] > 0, evidence["dot_decimal"] > 0
    if comma == point:
        return None
    return "," if comma else "."


def _by_column(
    expr: pl.Expr,
    mark: DecimalMark | None,
    choose: Callable[[pl.DataFrame], pl.Series],
    dtype: pl.DataType,
) -> pl.Expr:
    """Some of what `_read` tells; elementwise unless the whole column has to be seen."""
    if mark is not None and mark not in DECIMAL_MARKS:
        raise OptionError.unknown("a decimal mark", mark, DECIMAL_MARKS, example='decimal_mark=","')
    return _answers.each(expr, lambda cells: choose(_read(cells, mark)), dtype, elementwise=mark is not None)


def _read(cells: pl.Series, mark: str | None) -> pl.DataFrame:
    """`value`, `reason` and `currency` of each cell; under a mark only cells that aren't plain are taken apart."""
    hard = (~cells.str.contains(_EASY_UNDER.get(mark, _EASY))).arg_true()
    parsed = _parsed(cells.gather(hard))
    number, nothing = cells.clone(), cells.clear(len(cells))
    if mark in _EASY_UNDER:
        told = _under(parsed, mark)
        number = number.scatter(hard, told["number"])
        why = nothing.clone().scatter(hard, told["why"])
    else:
        tidy, whys = number.scatter(hard, parsed["tidy"]), nothing.clone().scatter(hard, parsed["why"])
        number, why = _under(pl.DataFrame({"tidy": tidy, "why": whys}), mark)
    value = number.str.replace(",", ".", literal=True).cast(_DTYPE)
    return pl.DataFrame({"value": value, "reason": why, "currency": nothing.scatter(hard, parsed["currency"])})


def _proves(cells: pl.Series) -> pl.Series:
    return _proofs(_tidy(cells))


def _tidy(cells: pl.Series) -> pl.Series:
    return texts.mended(cells, _EASY, lambda hard: _parsed(hard)["tidy"])


def _under(parsed: pl.DataFrame, mark: str | None) -> pl.DataFrame:
    """`number`, whose only mark is the decimal one under `mark` or what the cells prove, or `why` there is none."""
    tidy = parsed["tidy"]
    proof = _proofs(tidy)
    mixed = mark is None and (proof == ",").any() and (proof == ".").any()
    number = _readable(tidy, proof, mark or _settled(proof))
    unread = tidy.is_not_null() & number.is_null()
    why = pl.when(unread & (proof == "?")).then(pl.lit(_MIXED if mixed else _UNSETTLED))
    return pl.select(
        number.alias("number"), why.when(unread).then(pl.lit(_OTHER_MARK)).otherwise(parsed["why"]).alias("why")
    )


def _readable(tidy: pl.Series, proof: pl.Series, mark: str | None) -> pl.Series:
    if mark == ",":
        return tidy.set(proof == ".", None).str.replace(".", "", literal=True)
    if mark == ".":
        return tidy.set(proof == ",", None).str.replace(",", "", literal=True)
    return tidy.set(proof == "?", None)


def _settled(proof: pl.Series) -> str | None:
    return settle({"comma_decimal": (proof == ",").any(), "dot_decimal": (proof == ".").any()})


def _proofs(tidy: pl.Series) -> pl.Series:
    """The decimal mark that a cell proves by itself; `?`: it can be read both ways; empty: it has no mark."""
    number = pl.lit(tidy)
    mark = (
        pl.when(number.str.contains(_UNDECIDED))
        .then(pl.lit("?"))
        .when(number.str.contains(",", literal=True))
        .then(pl.lit(","))
        .when(number.str.contains(".", literal=True))
        .then(pl.lit("."))
        .when(number.is_not_null())
        .then(pl.lit(""))
    )
    return pl.select(mark).to_series()


def _parsed(cells: pl.Series) -> pl.DataFrame:
    """One row a cell: `why` it is no amount, or `currency` and `tidy`.

    `tidy` is the number alone, without groups, its decimal mark as it was; or as it stands if it can be read both ways.
    """
    before, after, number = pl.col("before"), pl.col("after"), pl.col("number")
    left, right = pl.col("left"), pl.col("right")
    strange = ((before != "") & left.is_null()) | ((after != "") & right.is_null()) | (left != right).fill_null(False)
    word = pl.concat_str(before, after).str.contains(r"[\pL\p{Sc}]")
    why = (
        pl.when(~number.str.contains(_NUMBER))
        .then(pl.lit(_NOT))
        .when(strange)
        .then(pl.concat_str(pl.lit(_NOT), pl.when(word).then(pl.lit(_BESIDE)).otherwise(pl.lit(""))))
        .when("minus")
        .then(pl.lit(_NEGATIVE))
        .when(pl.col("tidy").str.contains("[.,][0-9]{7}"))
        .then(pl.lit(_FINE))
        .when(pl.col("tidy").str.contains("^0?[1-9][0-9]{32}"))
        .then(pl.lit(_LARGE))
    )
    parts = _split(cells)
    return (
        parts.with_columns(_ungrouped(parts["number"]).alias("tidy"))
        .with_columns(currencies.iso4217(before).alias("left"), currencies.iso4217(after).alias("right"))
        .with_columns(why.alias("why"), pl.coalesce(left, right).alias("currency"))
        .select(pl.when(pl.col("why").is_null()).then(pl.col("tidy", "currency")), "why")
    )


def _split(cells: pl.Series) -> pl.DataFrame:
    """`number`: from the first digit to the last; `before` and `after` it; `minus`: whether it is below zero."""
    text = pl.select(texts.unguarded(pl.lit(cells))).to_series()
    is_signed = text.str.contains(_SIGNS).any()
    if is_signed:
        text = text.str.replace(_BRACKETED, "-$1$2")
    parts = text.alias("parts").to_frame().select(pl.col("parts").str.extract_groups(_PARTS)).unnest("parts")
    before, after = pl.col("before"), pl.col("after")
    parts = parts.select(
        pl.coalesce("number", pl.when(pl.col("front").is_not_null()).then(pl.lit(""))).alias("number"),
        pl.col("front").str.strip_chars(texts.SPACE).alias("before"),
        pl.col("back").str.strip_chars(texts.SPACE).alias("after"),
    )
    if not is_signed:
        return parts.with_columns(minus=pl.lit(value=False))
    unsigned = before.str.replace(f"^[+{_MINUS}]|[+{_MINUS}]$", "").str.strip_chars(texts.SPACE)
    return parts.select("number", unsigned, after, before.str.contains(f"^[{_MINUS}]|[{_MINUS}]$").alias("minus"))


def _ungrouped(number: pl.Series) -> pl.Series:
    """Without groups and idle zeros; groups that tell the decimal mark leave it behind, if only at the end."""
    return texts.mended(number, _TIDY, _regrouped)


def _regrouped(number: pl.Series) -> pl.Series:
    digits = texts.mended(number.str.replace_all(f"[{_GAPS}]", ""), f"^(?:{_UNGROUPED})$", _without_groups)
    return texts.mended(digits, _TIDY, _without_idle_zeros)


def _without_groups(digits: pl.Series) -> pl.Series:
    for groups, mark, decimal_mark in ((_COMMA_GROUPS, ",", "."), (_POINT_GROUPS, ".", ",")):
        bare = digits.str.replace_all(mark, "", literal=True)
        marked = bare.zip_with(bare.str.contains(decimal_mark, literal=True), bare + decimal_mark)
        digits = marked.zip_with(digits.str.contains(f"^(?:{groups})$"), digits)
    return digits


def _without_idle_zeros(digits: pl.Series) -> pl.Series:
    return digits.str.replace("^0+(0[0-9])", "$1").str.replace("([.,][0-9]{6})0+$", "$1")
