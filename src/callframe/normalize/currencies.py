"""Currencies as people write them -> ISO 4217 codes.

Codes are ISO 4217's; names, plural forms and symbols are CLDR's, in the languages of the countries that use Metrica.
A word of several moneys is refused, unless CLDR's Russian and English give it to one of them: `$` is USD, `крона`
nothing, nor is `¥`, which is the sign of the yen and of the yuan. `руб.` and `₽` are Russian roubles; Belarusian ones
need a word of their own, such as `BYN` or `Br`.

>>> import polars as pl
>>> frame = pl.DataFrame({"x": ["руб.", "₽", "rur", "US$", "тенге", "840", "крон"]})
>>> frame.select(iso4217(pl.col("x")))["x"].to_list()
['RUB', 'RUB', 'RUB', 'USD', 'KZT', 'USD', None]
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

import polars as pl
import pycountry

from callframe.normalize import _answers, texts

__all__ = ["CODES", "REASONS", "explained", "iso4217", "reason"]

REASONS: tuple[str, ...] = ("unknown currency", "shared by several currencies", "retired", "not a currency")

_NO_MONEY = ("XXX", "XTS")
_NUMERIC = {money.alpha_3: money.numeric for money in pycountry.currencies}

CODES: tuple[str, ...] = tuple(sorted(set(_NUMERIC) - set(_NO_MONEY)))
"""The active ISO 4217 alpha codes, without the two that name no money, XXX and XTS."""

_FIRST_LOCALES = ("ru", "en")
_LOCALES = (*_FIRST_LOCALES, "de", "be", "kk", "uz", "tr", "hy", "ka", "az", "ky", "uk")

_WORDS = {
    # The bare nouns and abbreviations of daily speech: CLDR has full names only, such as `российский рубль`.
    "RUB": "руб р рубль рубля рублей рубли ruble rubles rouble roubles",
    "BYN": "белруб",
    "USD": "доллар доллара долларов доллары долл dollar dollars",
    "KZT": "тенге теңге тг tenge",
    "UAH": "гривна гривны гривен гривня гривні гривень грн hryvnia hryvnias",
    "UZS": "сум сума сумов сумы сўм so'm",
    "KGS": "сом сома сомов",
    "TJS": "сомони somoni",
    "AMD": "драм драма драмов драмы dram drams դրամ",
    "GEL": "лари lari ლარი",
    "TRY": "лира лиры лир lira liras tl",
    "CNY": "юань юаня юаней юани yuan rmb 元",
    "JPY": "иена иены иен yen",
    "PLN": "злотый злотых злотого zloty zlotys",
    "ILS": "шекель шекеля шекелей shekel shekels",
}
_PHRASES = {
    "долл. США": "USD",
    "доллары США": "USD",
    "бел. руб.": "BYN",
    "белорусские рубли": "BYN",
    "рос. руб.": "RUB",
    "российские рубли": "RUB",
    "фунт стерлингов": "GBP",
    "фунта стерлингов": "GBP",
    "фунтов стерлингов": "GBP",
    "pound sterling": "GBP",
    "pounds sterling": "GBP",
    # A RUR of before 1998 was a thousandth of a RUB, but software went on writing the old code and number for the new.
    "RUR": "RUB",
    "810": "RUB",
}
_BYR = "retired; BYN replaced it at 10 000 to 1"
_ALIKE = {"ё": "е", "ı": "i", "\u0307": "", **dict.fromkeys("ʻʼ‘’`´", "'")}
_FEW_WORDS = 1000
"""So many words are found one by one before Polars has made its own table of all currencies."""
_ODD = "[^ -_a-~а-я]|  "


def iso4217(expr: pl.Expr) -> pl.Expr:
    """The ISO 4217 code of the currency, or null where the text does not name exactly one active currency.

    Takes alpha codes in any case, numeric codes of three digits, and CLDR's symbols and names in Russian, English and
    ten more languages. RUR is RUB. Other retired codes are refused: BYR is not BYN, it is a ten-thousandth of it.

    Shape: n rows -> n rows, order kept.
    Null: null in -> null out; blank, unknown, shared, retired -> null.

    Args:
        expr: String.

    Returns:
        String, one of `CODES`.

    Source: ISO 4217 by pycountry; Unicode CLDR by Babel.

    >>> pl.Series(["usd", "€", "у.е."]).to_frame("x").select(iso4217(pl.col("x")))["x"].to_list()
    ['USD', 'EUR', None]
    """
    return _answers.each(expr, texts.by_word(_codes))


def reason(expr: pl.Expr) -> pl.Expr:
    """Why a text has no currency code: a head from `REASONS`; null where it has one, or is blank.

    Shape: n rows -> n rows, order kept.

    Args:
        expr: String.

    Returns:
        String.

    >>> pl.Series(["у.е.", "крон", "DEM", "XXX"]).to_frame("x").select(reason(pl.col("x")))["x"].to_list()
    ['unknown currency', 'shared by several currencies', 'retired', 'not a currency']
    """
    return _answers.reason(expr, _READER)


def explained(expr: pl.Expr) -> pl.Expr:
    """The code and, where there is none though something is given, the reason: `iso4217` and `reason` in one.

    Shape: n rows -> n rows, order kept.
    Null: either field, as for its function.

    Args:
        expr: String.

    Returns:
        Struct of `value`, one of `CODES`, and `reason`, String.

    >>> pl.Series("x", ["₽", "DEM"]).to_frame().select(explained(pl.col("x"))).unnest("x").rows()
    [('RUB', None), (None, 'retired')]
    """
    return _answers.explained(expr, _READER)


def _codes(words: pl.Series) -> pl.Series:
    return _found(_folded(words))


def _reasons(words: pl.Series) -> pl.Series:
    folded = _folded(words)
    return _looked_up(folded, _named(_LOCALES)[1]).fill_null(REASONS[0]).set(folded.is_null(), None)


_READER = _answers.by_two(texts.by_word(_codes), texts.by_word(_reasons))


def _found(folded: pl.Series) -> pl.Series:
    codes = _looked_up(folded, _short())
    for locales in (_FIRST_LOCALES, _LOCALES):
        if codes.null_count() > folded.null_count():
            codes = codes.fill_null(_looked_up(folded, _named(locales)[0]))
    return codes


def _looked_up(folded: pl.Series, table: Mapping[str, str]) -> pl.Series:
    if len(folded) <= _FEW_WORDS:
        return pl.Series(folded.name, map(table.get, folded), dtype=pl.String)
    return folded.replace_strict(table, default=None, return_dtype=pl.String)


def _folded(words: pl.Series) -> pl.Series:
    """Case, compatibility forms, ё, apostrophes, inner space and closing dots don't tell currencies apart."""
    inside = pl.select(texts.unguarded(pl.lit(words))).to_series().str.to_lowercase()
    odd = inside.str.contains(_ODD).fill_null(False)
    return inside.zip_with(~odd, texts.on_rows(inside, odd, _alike)).str.strip_chars_end(". ")


def _alike(words: pl.Series) -> pl.Series:
    text = words.str.normalize("NFKC").str.to_lowercase().str.replace_many(_ALIKE)
    return text.str.replace_all(r"\s+", " ")


@cache
def _short() -> Mapping[str, str]:
    """What needs no CLDR: codes, numbers, and the words that CLDR lacks."""
    words = {code: code for code in CODES} | {_NUMERIC[code]: code for code in CODES} | _PHRASES
    words |= {word: code for code, line in _WORDS.items() for word in line.split()}
    return dict(zip(_folded(pl.Series(list(words))), words.values(), strict=True))


@cache
def _named(locales: tuple[str, ...]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """CLDR's words for one active currency each, and why its other words are refused."""
    moneys: dict[str, set[str]] = defaultdict(set)
    nouns: dict[str, set[str]] = defaultdict(set)
    written = list(_written(locales))
    for word, (_, code) in zip(_folded(pl.Series([text for text, _ in written])), written, strict=True):
        moneys[word].add(code)
        parts = word.split(" ")
        for noun in (parts[0], parts[-1]) if len(parts) > 1 and code in CODES else ():
            nouns[noun].add(code)
    codes: dict[str, str] = {}
    refused = {noun: REASONS[1] for noun, codes_ in nouns.items() if len(codes_) > 1}
    for word, found in moneys.items():
        active = found.intersection(CODES)
        if len(active) == 1:
            codes[word] = active.pop()
        elif active:
            refused[word] = REASONS[1]
        elif found.intersection(_NO_MONEY):
            refused[word] = REASONS[3]
        else:
            refused[word] = _BYR if "BYR" in found else REASONS[2]
    return codes, refused


def _written(locales: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Every text that CLDR has for a currency of ISO 4217, active or retired, with its code."""
    from babel import Locale
    from babel.numbers import get_currency_name, list_currencies

    known = list_currencies() - {"CNH"}  # the offshore yuan never was ISO 4217's
    yield from zip(known, known, strict=True)
    yield "¥", "CNY"  # as China writes it; CLDR gives the sign to the yen outside of China
    for locale in map(Locale.parse, locales):
        for code, name in (*locale.currencies.items(), *locale.currency_symbols.items()):
            if code in known:
                yield name, code
        for code in CODES:
            for count in (1, 2, 5, 1.5):
                yield get_currency_name(code, count, locale), code
