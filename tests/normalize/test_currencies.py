import subprocess
import sys
from collections import defaultdict

import polars as pl
import pycountry
import pytest
from babel import Locale
from babel.numbers import get_currency_name, list_currencies
from hypothesis import given
from hypothesis import strategies as st

from callframe.normalize import currencies, texts


def codes(cells):
    return pl.DataFrame({"x": cells}, schema={"x": pl.String}).select(currencies.iso4217(pl.col("x")))["x"].to_list()


def reasons(cells):
    return pl.DataFrame({"x": cells}, schema={"x": pl.String}).select(currencies.reason(pl.col("x")))["x"].to_list()


def test_codes_are_the_active_ones():
    assert set(currencies.CODES) == {money.alpha_3 for money in pycountry.currencies} - {"XXX", "XTS"}
    assert list(currencies.CODES) == sorted(currencies.CODES)


def test_every_code_in_any_case_and_by_number():
    wanted = list(currencies.CODES)
    assert (
        codes(wanted) == codes([code.lower() for code in wanted]) == codes([f" {c.title()} " for c in wanted]) == wanted
    )
    numbers = {money.alpha_3: money.numeric for money in pycountry.currencies}
    assert codes([numbers[code] for code in wanted]) == wanted


@pytest.mark.parametrize(
    ("code", "cells"),
    [
        pytest.param("RUB", "RUB RUR rur руб. руб РУБ. р р. Р. рубль рубля рублей рубли ₽ 643 810", id="roubles"),
        pytest.param("RUB", "российский рубль|российских рублей|Russian ruble|Rubles|Российские  рубли", id="full"),
        pytest.param("USD", "$ US$ usd доллар долларов долл. dollars 840 ＄", id="dollars"),
        pytest.param("USD", "доллар США|долларов США|долл. США|US dollars|US Dollar", id="dollars of the USA"),
        pytest.param("EUR", "€ евро ЕВРО euro euros Euro avro євро еўра", id="euros"),
        pytest.param("KZT", "₸ тенге теңге тг. tenge", id="tenge"),
        pytest.param("KZT", "казахский тенге|Қазақстан теңгесі|Kazakhstani tenge", id="tenge in full"),
        pytest.param("BYN", "Br BYN белруб белорусский\u00a0рубль", id="Belarusian roubles"),
        pytest.param("BYN", "бел. руб.|белорусских рублей|беларускі рубель", id="Belarusian roubles in full"),
        pytest.param("UAH", "₴ грн грн. гривна гривен гривень", id="hryvnias"),
        pytest.param("UZS", "сум сумов soʻm so'm so‘m сўм", id="sums"),
        pytest.param("TRY", "₺ TL лира лир", id="liras"),
        pytest.param("TRY", "Türk Lirası|TÜRK LİRASI|турецкая лира", id="liras in full"),
        pytest.param("AMD", "֏ драм драмов դրամ", id="drams"),
        pytest.param("GEL", "₾ лари ლარი", id="laris"),
        pytest.param("AZN", "₼ AZN", id="manats of Azerbaijan"),
        pytest.param("AZN", "азербайджанский манат|Azərbaycan Manatı", id="manats of Azerbaijan in full"),
        pytest.param("KGS", "сом сомов", id="soms"),
        pytest.param("GBP", "£ gbp", id="pounds"),
        pytest.param("GBP", "фунт стерлингов|фунтов стерлингов|British pounds|pounds sterling", id="pounds in full"),
        pytest.param("JPY", "JPY иена JP¥", id="yen"),
        pytest.param("CNY", "CN¥ CNY юань юаней yuan RMB 元", id="yuan"),
        pytest.param("AUD", "A$ AU$", id="another dollar by its own sign"),
        pytest.param("CAD", "CA$", id="Canadian dollars"),
        pytest.param("CAD", "канадский доллар|Canadian dollars", id="Canadian dollars in full"),
        pytest.param("RUB", '\'RUB|="руб."', id="in a spreadsheet's guard"),
    ],
)
def test_words(code, cells):
    words = cells.split("|") if "|" in cells else cells.split(" ")
    assert dict(zip(words, codes(words), strict=True)) == dict.fromkeys(words, code)
    assert reasons(words) == [None] * len(words)


@pytest.mark.parametrize(
    ("reason", "cells"),
    [
        pytest.param("unknown currency", "у.е.|условных единиц|бонус|36|0643|99|USDT|BTC|CNH|R U B|.|$$", id="unknown"),
        pytest.param("unknown currency", "сша|новый рубль|₽ RUB", id="not by parts"),
        pytest.param(
            "shared by several currencies", "крона|крон|франк|фунт|песо|динар|манат|лей|рупия|дирхам", id="ru"
        ),
        pytest.param("shared by several currencies", "pound|pounds|franc|francs|peso|dinar|manat|leu|¥|￥|'¥", id="en"),
        pytest.param("retired", "DEM|dem|SUR|BYB|HRK|немецкая марка|рубль СССР|Deutsche Mark", id="retired"),
        pytest.param("retired; BYN replaced it at 10 000 to 1", "BYR|byr", id="BYR"),
        pytest.param("not a currency", "XXX|xxx|XTS|¤", id="no currency"),
    ],
)
def test_refused(reason, cells):
    words = cells.split("|")
    assert dict(zip(words, reasons(words), strict=True)) == dict.fromkeys(words, reason)
    assert codes(words) == [None] * len(words)


def test_every_reason_has_a_head():
    every = reasons(["у.е.", "крона", "DEM", "BYR", "XXX"])
    assert {reason.partition(";")[0] for reason in every} == set(currencies.REASONS)


def cldr_words():
    """Each word of CLDR for a currency, in the languages we read, with the active currencies it stands for."""
    words = defaultdict(set)
    for locale in map(Locale.parse, currencies._LOCALES):
        for code in list_currencies():
            names = {locale.currencies.get(code), locale.currency_symbols.get(code)}
            names |= {get_currency_name(code, count, locale) for count in (1, 2, 5, 1.5)}
            for name in names - {None}:
                words[name].add(code)
    words["¥"].add("CNY")  # CLDR's own sign of the yuan in China
    return words


def test_every_word_of_cldr_is_its_currency_or_refused():
    words = cldr_words()
    given, got = list(words), codes(list(words))
    wrong = {
        word: code
        for word, code in zip(given, got, strict=True)
        if code not in {None, *words[word]} and words[word].intersection(currencies.CODES)
    }
    assert wrong == {}
    lost = [
        word
        for word, code in zip(given, got, strict=True)
        if code is None and len(words[word]) == 1 and words[word] <= set(currencies.CODES)
    ]
    assert lost == []


@pytest.mark.parametrize(("code", "line"), currencies._WORDS.items(), ids=list(currencies._WORDS))
def test_a_word_of_ours_stands_for_no_other_currency_in_cldr(code, line):
    """A bare noun may be ours only if no other active currency is called by it, save for the rouble and the dollar."""
    if code in ("RUB", "USD"):
        return
    ours = set(line.split())
    nouns = defaultdict(set)
    for name, moneys in cldr_words().items():
        parts = name.lower().replace("ё", "е").split()
        for noun in {parts[0], parts[-1]}:
            nouns[noun] |= moneys & set(currencies.CODES)
    assert {word: nouns[word] for word in ours if nouns[word] - {code}} == {}


def test_signs_go_where_russian_and_english_put_them():
    for sign in "$€£":
        owners = {
            code
            for locale in map(Locale.parse, ("ru", "en"))
            for code, own in locale.currency_symbols.items()
            if own == sign
        }
        assert codes([sign]) == list(owners)


@given(
    st.lists(st.one_of(st.none(), st.text(max_size=6), st.sampled_from(["руб.", "$", "rub", "крона", "DEM", "'null"])))
)
def test_laws(cells):
    values, why = codes(cells), reasons(cells)
    assert codes(values) == values
    assert set(values) <= {None, *currencies.CODES}
    blank = pl.DataFrame({"x": cells}, schema={"x": pl.String}).select(texts.unguarded(pl.col("x")).is_null())["x"]
    assert [reason is None for reason in why] == [
        value is not None or empty for value, empty in zip(values, blank, strict=True)
    ]


def test_repeated_words_are_asked_once_and_give_the_same():
    many = ["руб.", "$", "крона", "USD", "у.е."] * 50
    assert codes(many) == codes(["руб.", "$", "крона", "USD", "у.е."]) * 50
    assert reasons(many) == reasons(["руб.", "$", "крона", "USD", "у.е."]) * 50


def test_cldr_is_not_loaded_for_codes():
    program = (
        "import sys, polars as pl\n"
        "from callframe.normalize import currencies\n"
        "pl.select(currencies.iso4217(pl.lit(pl.Series(['RUB', 'usd', 'руб.']))))\n"
        "sys.exit('babel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
