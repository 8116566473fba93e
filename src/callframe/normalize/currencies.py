"""Currencies as people write them -> ISO 4217 codes.

Codes are ISO 4217's, by pycountry; names, plural forms and signs are CLDR's, by Babel, in the languages of the
countries that use Metrica. So are bare nouns, if a money shares its noun with no other: `тенге`, for `казахский тенге`.
A word of several moneys is refused, unless CLDR's Russian and English give it to one of them: `$` is USD, `крона`
nothing, nor is `¥`, which is the sign of the yen and of the yuan.

Some nouns of several moneys are decided here, by what Russian and English mean by them when nothing stands beside:

* `рубль` and `ruble` are Russian. Belarusian ones need a word of their own: `BYN`, `Br`, `бел. руб.`.
* `доллар` and `dollar` are of the USA, though CLDR has the noun for more than twenty active moneys.
* `лира` and `lira` are Turkish. Those of Italy and of Malta, which CLDR has too, ended in 2002 and in 2008.
* `сом` is Kyrgyz and `сум` Uzbek: Russian has two words. English has one for both, so `som` is refused.

Two retired codes are near to an active one. RUR, and its number 810, is RUB, without a finding: the rouble that was a
thousandth of RUB ended in 1998, before any call that Metrica could count, but software went on writing its code for the
new one. BYR is refused: it ended as late as 2016, ten thousand to one BYN, so an amount beside it may be of either.

>>> import polars as pl
>>> frame = pl.DataFrame({"x": ["руб.", "₽", "rur", "US$", "тенге", "840", "крон"]})
>>> frame.select(iso4217(pl.col("x")))["x"].to_list()
['RUB', 'RUB', 'RUB', 'USD', 'KZT', 'USD', None]
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
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

_ROUBLES = "рубль рубля рублю рублём рубле рубли рублей рублям рублями рублях"
_WORDS: tuple[Mapping[str, str], ...] = (
    # Nouns that CLDR has for several moneys: the module's docstring says why they are these.
    {
        "RUB": f"{_ROUBLES} ruble rubles rouble roubles",
        "USD": "доллар доллара доллару долларом долларе доллары долларов долларам долларами долларах dollar dollars",
        "TRY": "лира лиры лир lira liras",
        "KGS": "сом сома сомов",
        "UZS": "сум сума сумов сумы",
    },
    # Abbreviations, and the sign that China writes: CLDR has none of them in our languages.
    {"RUB": "руб р", "BYN": "белруб", "USD": "долл", "KZT": "тг", "UAH": "грн", "TRY": "tl", "CNY": "rmb 元"},
    # Forms that CLDR lacks: it has the tenge in Kazakh with an ending, the yuan in Russian only as it stands behind a
    # number, and the sum in Cyrillic Uzbek for a locale of its own.
    {"KZT": "теңге", "CNY": "юани", "UZS": "сўм"},
)
_PHRASES = {
    # CLDR writes no abbreviations, has no nominative plural in Russian, and calls the pound British in every name.
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
    **{f"{word} РФ": "RUB" for word in ("р", "руб", *_ROUBLES.split(" "))},
    # The docstring says why this code is safe, and BYR is not.
    "RUR": "RUB",
    "810": "RUB",
}
_NO_NOUN = ("так",)
"""CLDR's genitive of the taka is a yes in Ukrainian."""

_BYR = "retired; BYN replaced it at 10 000 to 1"
_ALIKE = {"ё": "е", "ı": "i", "\u0307": "", **dict.fromkeys("ʻʼ‘’`´", "'")}
_FEW_WORDS = 1000
"""So many words are found one by one before Polars has made its own table of all currencies."""
_ODD = r"[^ -_a-~а-я]|  |[а-я]\.[^.]"


def iso4217(expr: pl.Expr) -> pl.Expr:
    """The ISO 4217 code of the currency, or null where the text does not name exactly one active currency.

    Takes alpha codes in any case, numeric codes of three digits, and CLDR's symbols, names and nouns in Russian,
    English and ten more languages. `рубль` is RUB, `доллар` USD, and RUR is RUB. Other retired codes are refused: BYR
    is not BYN, it is a ten-thousandth of it.

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
    """Case, compatibility forms, ё, apostrophes, space and the dots of short forms don't tell currencies apart."""
    inside = pl.select(texts.unguarded(pl.lit(words))).to_series().str.to_lowercase()
    odd = inside.str.contains(_ODD).fill_null(False)
    return inside.zip_with(~odd, texts.on_rows(inside, odd, _alike)).str.strip_chars_end(". ")


def _alike(words: pl.Series) -> pl.Series:
    text = words.str.normalize("NFKC").str.to_lowercase().str.replace_many(_ALIKE)
    return text.str.replace_all(r"([а-я])\.", "$1 ").str.replace_all(r"\s+", " ")


@cache
def _short() -> Mapping[str, str]:
    """What needs no CLDR: codes, numbers, and the words that CLDR lacks."""
    words = {code: code for code in CODES} | {_NUMERIC[code]: code for code in CODES} | _PHRASES
    words |= {word: code for group in _WORDS for code, line in group.items() for word in line.split(" ")}
    return dict(zip(_folded(pl.Series(list(words))), words.values(), strict=True))


@cache
def _named(locales: tuple[str, ...]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """CLDR's words for one active currency each, and why words that aren't among these are refused."""
    names = sorted(set(_names(locales)))
    codes, shared = _nouns(names)
    refused = dict.fromkeys(shared, REASONS[1])
    for word, found in _by_word([*names, *_signs(locales)]).items():
        active = found.intersection(CODES)
        if len(active | shared.get(word, set())) == 1 and active:
            codes[word] = active.pop()
        elif active:
            refused[word] = REASONS[1]
        elif found.intersection(_NO_MONEY):
            refused[word] = REASONS[3]
        else:
            refused[word] = _BYR if "BYR" in found else REASONS[2]
    return codes, refused


def _nouns(names: Iterable[tuple[str, str]]) -> tuple[dict[str, str], dict[str, set[str]]]:
    """The nouns of the names of money that is tender: those of one money alone, and the shared ones.

    All nouns of a money are shared if one of them is, as a language may spell one noun in two ways, `риял` and `риал`,
    or give a plural to one of two moneys only, `manats`. A land's own retired money doesn't count: `злотый` is PLN.
    """
    nouns = _by_word([(noun, code) for name, code in names if (noun := _noun(name))])
    parts = _by_word([(part, code) for name, code in names for part in _parts(name)])
    before = _tender()
    rivals: dict[str, set[str]] = defaultdict(set)
    for found in nouns.values():
        for code in before.keys() & found:
            rivals[code] |= found - {code} - before[code]
    own: dict[str, str] = {}
    shared: dict[str, set[str]] = defaultdict(set)
    for noun, found in nouns.items():
        for code in before.keys() & found:
            if rivals[code]:
                shared[noun].add(code)
            elif parts[noun] <= {code, *before[code]} and noun not in _NO_NOUN:
                own[noun] = code
    return own, shared


def _noun(name: str) -> str | None:
    """The last word of a name of several, or the first if the last is a land: `вату Вануату`, `доллар США`."""
    parts = _parts(name.partition("(")[0])
    if len(parts) < 2:
        return None
    return parts[0] if parts[0][0].islower() and parts[-1][0].isupper() else parts[-1]


def _parts(name: str) -> list[str]:
    return name.replace("-", " ").split()


def _tender() -> Mapping[str, set[str]]:
    """The active currencies that a land pays with today, each with the retired ones of its lands."""
    from babel.core import get_global

    before: dict[str, set[str]] = defaultdict(set)
    for moneys in get_global("territory_currencies").values():
        retired = {code for code, *_ in moneys}.difference(CODES)
        for code, _, end, is_tender in moneys:
            if code in CODES and is_tender and end is None:
                before[code] |= retired
    return before


def _by_word(written: Iterable[tuple[str, str]]) -> Mapping[str, set[str]]:
    """The codes of each text, folded."""
    pairs = list(written)
    moneys: dict[str, set[str]] = defaultdict(set)
    for word, (_, code) in zip(_folded(pl.Series([text for text, _ in pairs])), pairs, strict=True):
        moneys[word].add(code)
    return moneys


def _names(locales: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Every name that CLDR has for a currency of ISO 4217, active or retired, with its code."""
    from babel import Locale
    from babel.numbers import get_currency_name

    for locale in map(Locale.parse, locales):
        counts = {locale.plural_form(count): count for count in (1, 2, 5, 1.5)}
        for code, name in locale.currencies.items():
            if code in _known():
                yield name, code
                yield from ((get_currency_name(code, count, locale), code) for count in counts.values())


def _signs(locales: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The codes themselves, active and retired, and every symbol that CLDR has for one."""
    from babel import Locale

    yield from ((code, code) for code in _known())
    yield "¥", "CNY"  # as China writes it; CLDR gives the sign to the yen outside of China
    for locale in map(Locale.parse, locales):
        yield from ((sign, code) for code, sign in locale.currency_symbols.items() if code in _known())


@cache
def _known() -> frozenset[str]:
    from babel.numbers import list_currencies

    return frozenset(list_currencies() - {"CNH"})  # the offshore yuan never was ISO 4217's
