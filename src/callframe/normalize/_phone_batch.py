"""A column of phone texts at a time: plain digits by the tables, whatever else by phonenumbers, each text once.

The steps of one batch run one after the other (`select_seq`): batches already run side by side.
"""

from collections.abc import Iterable, Sequence

import polars as pl

from callframe.normalize._phone_patterns import MOST_DIGITS
from callframe.normalize._phone_reading import Verdict, read
from callframe.normalize._phone_tables import (
    FEWEST_DIGITS,
    Table,
    after_plus,
    calling_codes,
    numbered,
    regions,
    under_region,
    under_regions,
)
from callframe.normalize._phone_words import WITHHELD
from callframe.normalize.texts import positions, present

__all__ = ["judged", "would_be"]

_BETWEEN = r" \u00a0().\[\]\u2010-\u2015\u2212-"
_SPACED = rf"""^['"={_BETWEEN}]*\+?[0-9][0-9{_BETWEEN}]*['",;{_BETWEEN}]*$"""
_DECIMAL = r"""\.0["' \u00a0]*$"""
_ASCII_MARKS = b" -().[]='\""
_MARKS = r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
_NAMED = r"<([^<>]*)>$"
_AROUND = " \u00a0\"'<>()[].="
_NAME = r"""^["' ]*(?:sips?:)?([^<>@"]*?)["' ]*[<@]"""
_USER = r"<(?:sips?:)?([^<>@]*)"
_POWER = r"^[+-]?[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]{1,3}$"
_TWO_DIGITS_AT_MOST = r"^[^0-9]*(?:[0-9][^0-9]*){0,2}$"
_NO_OTHER_DIGITS = r"^[\x00-\u024f\u0400-\u052f\u2010-\u2027\u2116]*$"
_WRAPPED = r"^['=]|[<@]"
_LETTER_WITHIN = r"[0-9+].*[A-Za-zА-Яа-яЁё]"
_EXTENSION_OR_SECOND = r"[xX#,;~/|\\]|[iI][nN][tT]|[дД][оО][бБ]"
_DIGITS_OF_ONE = r"^[^0-9]*(?:[0-9][^0-9]*){3,13}$"
_FEWEST_IN_BRACKETS = 7
_LONGEST_TEXT = 250
_TENS = pl.Series([10**n for n in range(19)], dtype=pl.Int64)
_NOTHING_TOLD = pl.DataFrame(
    schema={
        "index": pl.UInt32,
        "value": pl.Int64,
        "verdict": pl.Int8,
        "where": pl.Int16,
        "key": pl.Int64,
        "extension": pl.String,
    }
)
_TEXT = pl.col("text")
_NUMERAL = (_TEXT.cast(pl.Int64, strict=False).alias("value"), _TEXT.str.starts_with("+").alias("plus"))
_SIZE = (_TEXT.str.len_bytes() - pl.col("plus").cast(pl.UInt32)).alias("size")
_IS_GUARDED = _TEXT.str.starts_with("'") | _TEXT.str.ends_with(".0")
_IS_NO_DECIMAL = _TEXT.str.ends_with(".0") & _TEXT.str.contains("+", literal=True)
_UNGUARDED = pl.when(~_IS_NO_DECIMAL).then(_TEXT.str.strip_prefix("'").str.strip_suffix(".0"))
_IS_SPACED = _TEXT.str.contains(_SPACED) & (_TEXT.str.len_bytes() <= _LONGEST_TEXT)
_LOWER = _TEXT.str.to_lowercase()
_IS_WITHHELD = _LOWER.str.strip_chars(_AROUND).is_in(WITHHELD)
_IS_WITHHELD_ADDRESS = _LOWER.str.extract(_NAME).is_in(WITHHELD) | _LOWER.str.extract(_USER).is_in(WITHHELD)
_IS_FEW = _TEXT.str.contains(_TWO_DIGITS_AT_MOST) & _TEXT.str.contains(_NO_OTHER_DIGITS)
_IS_LETTERED = (
    _TEXT.str.contains(_LETTER_WITHIN)
    & ~_TEXT.str.contains(_EXTENSION_OR_SECOND)
    & _TEXT.str.contains(_DIGITS_OF_ONE)
    & _TEXT.str.contains(_NO_OTHER_DIGITS)
    & (_TEXT.str.len_bytes() <= _LONGEST_TEXT)
)
_IS_NO_NUMBER = (
    pl.when(_TEXT.is_null() | _IS_WITHHELD | _IS_WITHHELD_ADDRESS)
    .then(int(Verdict.ABSENT))
    .when(_TEXT.str.contains(_POWER))
    .then(int(Verdict.DIGITS_LOST))
    .when(_IS_FEW & _TEXT.str.contains("[0-9]"))
    .then(int(Verdict.TOO_SHORT))
    .when(_IS_FEW)
    .then(int(Verdict.NOT_A_NUMBER))
)


def judged(cells: pl.DataFrame, region: str | None, vanity: bool, columns: Sequence[str]) -> pl.DataFrame:
    """What becomes of every text: `value` (E.164 digits), `verdict`, `where` (an index into `regions()`), `extension`.

    `key` is there where the text was plain digits without a plus. `cells` has `text`, and `region` if each row has
    its own; otherwise `region` is for all rows.
    """
    parts, left = _by_tables(cells.with_row_index("index"), region, cleaned=False)
    return _in_order([*parts, *_each_once(left, region, vanity)], len(cells), columns)


def _each_once(cells: pl.DataFrame, region: str | None, vanity: bool) -> list[pl.DataFrame]:
    """Rows that aren't plain digits: most of them are some few texts, which say that nobody's number was shown."""
    text = cells["text"].fill_null("")
    kinds = text.unique()
    if "region" in cells.columns or len(kinds) >= len(cells) // 2:
        return _others(cells, region, vanity)
    told = _others(kinds.to_frame().with_row_index("index"), region, vanity)
    each = _in_order(told, len(kinds), _NOTHING_TOLD.columns[1:])
    return [pl.DataFrame([cells["index"], *each[positions(text, kinds)].get_columns()])]


def _others(cells: pl.DataFrame, region: str | None, vanity: bool) -> list[pl.DataFrame]:
    settled, left = _cleaned(cells)
    again, odd = _by_tables(left, region, cleaned=True)
    lettered, odd = (odd.clear(), odd) if vanity else _lettered(odd, region)
    return [*settled, *again, _verdicts(lettered, Verdict.LETTERS), *_asked(odd, region, vanity)]


def would_be(key: pl.Series) -> pl.Series:
    """The region (an index) in which the plain digits of `key` would be valid with a plus before them, or null."""
    digits = pl.DataFrame({"key": key}).with_row_index("index").drop_nulls("key")
    told = _in_order(_abroad(_sized(digits), None), len(key), ["verdict", "where"])
    return told.select_seq(pl.when(pl.col("verdict") == Verdict.VALID).then("where")).to_series()


def _by_tables(cells: pl.DataFrame, region: str | None, *, cleaned: bool) -> tuple[list[pl.DataFrame], pl.DataFrame]:
    """The rows that are digits with a plus, spaces and brackets at most, judged; and the rows that aren't."""
    numerals: list[pl.DataFrame] = []
    cells = _without_numerals(cells, _TEXT, numerals)
    guarded, cells = (cells.clear(), cells) if cleaned else _parted(cells, _IS_GUARDED)
    guarded = _without_numerals(guarded, _UNGUARDED, numerals)
    spaced, others = _parted(cells, _IS_SPACED)
    decimal, spaced = (spaced.clear(), spaced) if cleaned else _parted(spaced, _TEXT.str.contains(".0", literal=True))
    decimal, dotted = _parted(decimal, _TEXT.str.contains(_DECIMAL))
    spaced = pl.concat([spaced, dotted])
    spaced = _without_numerals(spaced, _bare(spaced["text"]), numerals)
    spaced = _without_numerals(spaced, _TEXT.str.replace_all("[^0-9+]+", ""), numerals)
    told = _of_numerals(pl.concat(numerals, rechunk=True), region) if numerals else []
    return told, pl.concat([guarded, others, decimal, spaced])


def _parted(cells: pl.DataFrame, is_found: pl.Expr | pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows where it is so, and the rows where it isn't or can't be said."""
    if not len(cells):
        return cells, cells
    found = is_found if isinstance(is_found, pl.Series) else cells.select_seq(is_found).to_series()
    if not found.any():
        return cells.clear(), cells
    if found.null_count():
        found = found.fill_null(value=False)
    return (cells, cells.clear()) if found.all() else (cells.filter(found), cells.filter(~found))


def _bare(text: pl.Series) -> pl.Series:
    """The texts, none with a line end, without ASCII marks: all at once, in half the time of a replacement in each."""
    if not len(text):
        return text
    joined = str(text.str.join("\n").item()).encode()
    return pl.Series("text", [joined.translate(None, _ASCII_MARKS).decode()]).str.split("\n").explode()


def _without_numerals(cells: pl.DataFrame, bare: pl.Expr | pl.Series, numerals: list[pl.DataFrame]) -> pl.DataFrame:
    """Moves the rows whose `bare` text is digits, after a plus or nothing, to `numerals`; gives the other rows."""
    if not len(cells):
        return cells
    text = cells.select_seq(bare.alias("text"))
    numbers = text.select_seq(_TEXT, *_NUMERAL).select_seq("value", "plus", _SIZE)
    numbers = pl.DataFrame([*cells.drop("text").get_columns(), *numbers.get_columns()])
    is_number = (numbers["value"] > 0) & (numbers["size"] >= FEWEST_DIGITS) & (numbers["size"] <= MOST_DIGITS)
    found, _ = _parted(numbers, is_number)
    if len(found):
        numerals.append(found)
    return _parted(cells, ~is_number.fill_null(value=False))[0]


def _of_numerals(numerals: pl.DataFrame, region: str | None) -> list[pl.DataFrame]:
    key = (numerals["value"] + _TENS.gather(numerals["size"])).alias("key")
    numerals = pl.DataFrame([*numerals.drop("value").get_columns(), key])
    far, near = _parted(numerals, numerals["plus"])
    return [*_abroad(far, region), *_dialled(near, region)]


def _dialled(cells: pl.DataFrame, region: str | None, *, coded: bool = False) -> list[pl.DataFrame]:
    """Digits without a plus, by the tables of their regions.

    `coded`: there was a plus, but no calling code after it; phonenumbers then reads the digits again without it.
    """
    if not len(cells):
        return []
    if "region" not in cells.columns and region is not None:
        table = under_region(region, coded=coded)
        return _finished(_looked_up(table, cells["key"], cells), region, "+" if coded else "")
    nowhere = cells["region"].is_null() if "region" in cells.columns else pl.repeat(True, len(cells), eager=True)
    unplaced, cells = _parted(cells, nowhere)
    parts = [_verdicts(unplaced, Verdict.UNKNOWN_COUNTRY_CODE if coded else Verdict.NO_COUNTRY_CODE)]
    if len(cells):
        names = cells["region"].unique().sort()
        key = numbered(cells["key"], pl.lit(positions(cells["region"], names)))
        table = under_regions(tuple(names), coded=coded)
        parts += _finished(_looked_up(table, key, cells), region, "+" if coded else "")
    return parts


def _named(cells: pl.DataFrame, region: str | None) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """The cells without a region; and the others, by region."""
    if not len(cells):
        return cells, {}
    if "region" not in cells.columns:
        return (cells, {}) if region is None else (cells.clear(), {region: cells})
    parts = cells.partition_by("region", as_dict=True)
    nowhere = parts.pop((None,), cells.clear())
    return nowhere, {str(name): part for (name,), part in sorted(parts.items())}


def _abroad(cells: pl.DataFrame, region: str | None) -> list[pl.DataFrame]:
    """Digits after a plus, by the tables of the calling codes that they begin with."""
    if not len(cells):
        return []
    head = cells["key"] // _TENS.gather(cells["size"] - 3) - 1000
    codes = calling_codes().gather(head)
    unknown, known = _parted(cells, codes.is_null())
    parts = _dialled(unknown, region, coded=True)
    if len(known):
        table = after_plus(frozenset(codes.drop_nulls().unique().to_list()))
        parts += _finished(_looked_up(table, known["key"], known), region, "+")
    return [part.drop("key", strict=False) for part in parts]


def _looked_up(table: Table, key: pl.Series, cells: pl.DataFrame) -> pl.DataFrame:
    at = table.first.search_sorted(key, side="right") - 1
    value = cells["key"] + table.add.gather(at)
    found = [value.alias("value"), table.verdict.gather(at), table.where.gather(at)]
    return pl.DataFrame([*(cells[name] for name in ("index", "key", *_region_of(cells))), *found])


def _finished(told: pl.DataFrame, region: str | None, plus: str) -> list[pl.DataFrame]:
    """`told`, and what the table leaves open: digits after an international prefix, and those to ask about."""
    last = told["verdict"].max()
    if isinstance(last, int) and last < Verdict.SECOND:
        return [told]
    again, told = _parted(told, told["verdict"] == Verdict.SECOND)
    ask, told = _parted(told, told["verdict"] == Verdict.ASK)
    text = plus + pl.col("key").cast(pl.String).str.slice(1)
    asked = _asked(ask.select_seq("index", *_region_of(ask), text=text), region, vanity=True)
    return [told, *asked, *_abroad(_sized(again.select_seq("index", key="value")), None)]


def _region_of(cells: pl.DataFrame) -> list[str]:
    return ["region"] if "region" in cells.columns else []


def _sized(cells: pl.DataFrame) -> pl.DataFrame:
    return cells.with_columns_seq(size=pl.col("key").cast(pl.String).str.len_bytes() - 1)


def _verdicts(cells: pl.DataFrame, verdict: Verdict) -> pl.DataFrame:
    told = [name for name in ("index", "key") if name in cells.columns]
    return cells.select_seq(*told, verdict=pl.lit(int(verdict), dtype=pl.Int8))


def _cleaned(cells: pl.DataFrame) -> tuple[list[pl.DataFrame], pl.DataFrame]:
    """The rows that are settled by what they say; and the others, cleaned."""
    if not len(cells):
        return [], cells
    text = pl.col("text")
    is_absent = pl.when(text.is_null() | _IS_WITHHELD).then(int(Verdict.ABSENT))
    is_word = pl.when(_IS_FEW & ~text.str.contains("[0-9]") & ~text.str.contains(_WRAPPED)).then(
        int(Verdict.NOT_A_NUMBER)
    )
    absent, cells = _settled(cells.with_columns_seq(present(text)), pl.coalesce(is_absent, is_word))
    if not len(cells):
        return [absent], cells
    bare = pl.when(text.str.contains(_MARKS)).then(text.str.replace_all(_MARKS, "")).otherwise(text)
    cells = cells.with_columns_seq(bare)
    cells = cells.with_columns_seq(
        present(text).str.strip_prefix("'").str.replace(r'^="(.*)"$', "${1}").str.strip_chars()
    )
    named = text.str.extract(_NAMED)
    has_number = named.str.count_matches("[0-9]") >= _FEWEST_IN_BRACKETS
    cells = cells.with_columns_seq(pl.when(has_number).then(named).otherwise(text))
    is_decimal = text.str.contains(r"^[0-9]+\.0$")
    cells = cells.with_columns_seq(present(pl.when(is_decimal).then(text.str.strip_suffix(".0")).otherwise(text)))
    no_number, cells = _settled(cells, _IS_NO_NUMBER)
    return [absent, no_number], cells


def _lettered(cells: pl.DataFrame, region: str | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that are refused for a letter whatever else phonenumbers would say, to save asking; and the others."""
    if not len(cells):
        return cells, cells
    has_region = pl.col("region").is_not_null() if "region" in cells.columns else pl.lit(region is not None)
    return _parted(cells, _IS_LETTERED & has_region)


def _settled(cells: pl.DataFrame, verdict: pl.Expr) -> tuple[pl.DataFrame, pl.DataFrame]:
    cells = cells.with_columns_seq(verdict.cast(pl.Int8).alias("verdict"))
    settled, cells = _parted(cells, cells["verdict"].is_not_null())
    return settled.select_seq("index", "verdict"), cells.drop("verdict")


def _asked(cells: pl.DataFrame, region: str | None, vanity: bool) -> list[pl.DataFrame]:
    """What phonenumbers says, asked once for each text."""
    names = regions()
    parts = []
    nowhere, named = _named(cells, region)
    for name, part in [(None, nowhere), *named.items()] if len(cells) else []:
        known = {text: read(text, name, vanity) for text in part["text"].unique()}
        readings = [known[text] for text in part["text"]]
        columns = {
            "index": part["index"],
            "value": pl.Series([each.value for each in readings], dtype=pl.Int64),
            "verdict": pl.Series([each.verdict for each in readings], dtype=pl.Int8),
            "where": pl.Series([each.region and names.index(each.region) for each in readings], dtype=pl.Int16),
            "extension": pl.Series([each.extension for each in readings], dtype=pl.String),
        }
        parts.append(pl.DataFrame(columns))
    return parts


def _in_order(parts: Iterable[pl.DataFrame], height: int, columns: Sequence[str]) -> pl.DataFrame:
    told = pl.concat([_NOTHING_TOLD, *(part for part in parts if len(part))], how="diagonal")
    told = told.select_seq("index", *columns).rechunk()
    if len(told) == height and told["index"].is_sorted():
        return told.drop("index")
    order = pl.Series(dtype=pl.UInt32).clear(height)
    order = order.scatter(told["index"], pl.int_range(len(told), dtype=pl.UInt32, eager=True))
    return told.select_seq(pl.col(columns).gather(order))
