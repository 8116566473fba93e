"""Prices as people write them -> exact decimals; nothing is rounded, and no binary float touches them.

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
from callframe.normalize import currencies, texts

__all__ = ["DECIMAL_MARKS", "REASONS", "DecimalMark", "currency", "decimal", "evidence", "reason", "settle", "split"]

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
_BOTH = pl.Struct({"amount": _DTYPE, "currency": pl.String})
_EASY = "^[0-9]{1,20}(?:[.,](?:[0-9]{1,2}|[0-9]{4,6}))?$"
_EASY_UNDER: Mapping[str | None, str] = {mark: _EASY.replace("[.,]", f"[{mark}]") for mark in (",", ".")}
_UNDECIDED = r"^[1-9][0-9]{0,2}[.,][0-9]{3}$"

_MINUS = "\\-\u2212\u2012\u2013\u2014"
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
    return _by_column(expr, decimal_mark, _values, _DTYPE)


def split(expr: pl.Expr, *, decimal_mark: DecimalMark | None = None) -> pl.Expr:
    """The amount and the currency that stands beside it: `decimal` and `currency` for the price of one.

    Shape: n rows -> n rows, order kept.
    Null: as for `decimal` and `currency`, each for itself.

    Args:
        expr: String.
        decimal_mark: as for `decimal`.

    Returns:
        Struct of `amount`, Decimal(38, 6), and `currency`, String.

    Raises:
        OptionError: as for `decimal`.

    >>> frame = pl.DataFrame({"x": ["1 234,50 ₽", "99"]})
    >>> frame.select(split(pl.col("x"), decimal_mark=",")).unnest("x").rows()
    [(Decimal('1234.500000'), 'RUB'), (Decimal('99.000000'), None)]
    """
    return _by_column(expr, decimal_mark, _both, _BOTH)


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
    return texts.on_present(expr, _currencies)


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
    return _by_column(expr, decimal_mark, _reasons, pl.String())


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
    function: Callable[[pl.Series, str | None], pl.Series],
    dtype: pl.DataType,
) -> pl.Expr:
    """`function` on the cells; elementwise unless the whole column has to be seen."""
    if mark is not None and mark not in DECIMAL_MARKS:
        raise OptionError.unknown("a decimal mark", mark, DECIMAL_MARKS, example='decimal_mark=","')
    text = expr.cast(pl.String)
    return text.map_batches(lambda cells: function(cells, mark), return_dtype=dtype, is_elementwise=mark is not None)


def _values(cells: pl.Series, mark: str | None) -> pl.Series:
    return _both(cells, mark).struct.field("amount").alias(cells.name)


def _both(cells: pl.Series, mark: str | None) -> pl.Series:
    """Cells that hold a number and nothing else, under `mark`, need no taking apart."""
    hard = (~cells.str.contains(_EASY_UNDER.get(mark, _EASY))).arg_true()
    parsed = _parsed(cells.gather(hard))
    if mark in _EASY_UNDER:
        number = cells.clone().scatter(hard, _readable(parsed["tidy"], mark))
    else:
        number = _readable(cells.clone().scatter(hard, parsed["tidy"]), mark)
    amount = number.str.replace(",", ".", literal=True).cast(_DTYPE)
    code = cells.clear(len(cells)).scatter(hard, parsed["currency"])
    return pl.DataFrame({"amount": amount, "currency": code}).to_struct(cells.name)


def _reasons(cells: pl.Series, mark: str | None) -> pl.Series:
    hard = (~cells.str.contains(_EASY)).arg_true()
    parsed = _parsed(cells.gather(hard))
    tidy = cells.clone().scatter(hard, parsed["tidy"])
    proof = _proofs(tidy)
    mixed = mark is None and (proof == ",").any() and (proof == ".").any()
    why = cells.clear(len(cells)).scatter(hard, parsed["why"])
    why = why.set(proof == "?", _MIXED if mixed else _UNSETTLED)
    return why.set(proof.is_in([",", "."]), _OTHER_MARK).set(_readable(tidy, mark).is_not_null(), None)


def _currencies(cells: pl.Series) -> pl.Series:
    return texts.on_rows(cells, ~cells.str.contains(_EASY), lambda hard: _parsed(hard)["currency"])


def _proves(cells: pl.Series) -> pl.Series:
    return _proofs(_tidy(cells))


def _tidy(cells: pl.Series) -> pl.Series:
    return texts.mended(cells, _EASY, lambda hard: _parsed(hard)["tidy"])


def _readable(tidy: pl.Series, mark: str | None) -> pl.Series:
    """Tidy cells whose only mark is the decimal one, under `mark` or what the cells prove; null where it can't be."""
    proof = _proofs(tidy)
    mark = mark or _settled(proof)
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
    inside = pl.select(texts.unguarded(pl.lit(cells))).to_series()
    text = texts.mended(inside, rf"[^{_MINUS})]$", lambda some: some.str.replace(_BRACKETED, "-$1$2"))
    front, back = text.str.extract("^([^0-9]*)"), text.str.extract("([^0-9]*)$")
    before, after = front.str.strip_chars(texts.SPACE), back.str.strip_chars(texts.SPACE)
    return pl.DataFrame(
        {
            "text": text,
            "number": text.str.strip_prefix(front).str.strip_suffix(back),
            "before": texts.mended(before, f"^[^+{_MINUS}]*$", _unsigned),
            "after": after,
            "minus": before.str.contains(f"^[{_MINUS}]|[{_MINUS}]$"),
        }
    )


def _unsigned(before: pl.Series) -> pl.Series:
    return before.str.replace(f"^[+{_MINUS}]|[+{_MINUS}]$", "").str.strip_chars(texts.SPACE)


def _ungrouped(number: pl.Series) -> pl.Series:
    """Without groups and idle zeros; groups that tell the decimal mark leave it behind, if only at the end."""
    digits = texts.mended(number, f"^[^{_GAPS}]*$", lambda some: some.str.replace_all(f"[{_GAPS}]", ""))
    digits = texts.mended(digits, f"^(?:{_UNGROUPED})$", _without_groups)
    return texts.mended(digits, r"^(?:0|[1-9][0-9]*)(?:[.,][0-9]{0,6})?$", _without_idle_zeros)


def _without_groups(digits: pl.Series) -> pl.Series:
    for groups, mark, decimal_mark in ((_COMMA_GROUPS, ",", "."), (_POINT_GROUPS, ".", ",")):
        bare = digits.str.replace_all(mark, "", literal=True)
        marked = bare.zip_with(bare.str.contains(decimal_mark, literal=True), bare + decimal_mark)
        digits = marked.zip_with(digits.str.contains(f"^(?:{groups})$"), digits)
    return digits


def _without_idle_zeros(digits: pl.Series) -> pl.Series:
    return digits.str.replace("^0+(0[0-9])", "$1").str.replace("([.,][0-9]{6})0+$", "$1")
