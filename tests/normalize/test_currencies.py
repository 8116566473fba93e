import subprocess
import sys
from collections import defaultdict
from datetime import date, timedelta

import polars as pl
import pycountry
import pytest
from babel import Locale
from babel.core import get_global
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
        pytest.param(
            "RUB", "рублю рублём рублем рубле рублям рублями рублях рос.руб рос.руб. руб.РФ", id="more roubles"
        ),
        pytest.param("RUB", "рос. руб.|руб. РФ|р. РФ|рублей РФ|рубль рф", id="roubles of Russia"),
        pytest.param("RUB", "российский рубль|российских рублей|Russian ruble|Rubles|Российские  рубли", id="full"),
        pytest.param("USD", "$ US$ usd доллар долларов долл. dollars 840 ＄", id="dollars"),
        pytest.param("USD", "доллар США|долларов США|долл. США|долл.США|US dollars|US Dollar", id="dollars of the USA"),
        pytest.param("EUR", "€ евро ЕВРО euro euros Euro avro євро еўра", id="euros"),
        pytest.param("KZT", "₸ тенге теңге тг. tenge Tenge теңгесі", id="tenge"),
        pytest.param("KZT", "казахский тенге|Қазақстан теңгесі|Kazakhstani tenge", id="tenge in full"),
        pytest.param("BYN", "Br BYN белруб белорусский\u00a0рубль", id="Belarusian roubles"),
        pytest.param(
            "BYN", "бел. руб.|бел.руб.|бел.руб|белорусских рублей|беларускі рубель", id="Belarusian roubles in full"
        ),
        pytest.param(
            "UAH", "₴ грн грн. гривна гривны гривен гривня гривні гривень hryvnia hryvnias Hrywnja", id="hryvnias"
        ),
        pytest.param("UZS", "сум сумов soʻm so'm so‘m сўм", id="sums"),
        pytest.param("TRY", "₺ TL лира лир", id="liras"),
        pytest.param("TRY", "Türk Lirası|TÜRK LİRASI|турецкая лира", id="liras in full"),
        pytest.param("AMD", "֏ драм драма драмов драмы dram drams դրամ", id="drams"),
        pytest.param("GEL", "₾ лари lari ლარი", id="laris"),
        pytest.param("AZN", "₼ AZN", id="manats of Azerbaijan"),
        pytest.param("AZN", "азербайджанский манат|Azərbaycan Manatı", id="manats of Azerbaijan in full"),
        pytest.param("KGS", "сом сома сомов", id="soms"),
        pytest.param("GBP", "£ gbp", id="pounds"),
        pytest.param("GBP", "фунт стерлингов|фунтов стерлингов|British pounds|pounds sterling", id="pounds in full"),
        pytest.param("JPY", "JPY иена иены иен yen JP¥", id="yen"),
        pytest.param("CNY", "CN¥ CNY юань юаня юаней юани yuan RMB 元", id="yuan"),
        pytest.param("TJS", "сомони somoni", id="somoni"),
        pytest.param("PLN", "злотый злотых злотого злотий zloty zlotys Złoty", id="zlotys"),
        pytest.param("ILS", "₪ шекель шекеля шекелей shekel shekels", id="shekels"),
        pytest.param("HUF", "форинт форинтов forint", id="a money that nobody listed"),
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
        pytest.param("unknown currency", "новый рубль|₽ RUB|казахский|новый|yeni|bati", id="not by parts"),
        pytest.param("unknown currency", "сша|макао|вануату|гвинеи|ОАЭ", id="not by a land"),
        pytest.param("unknown currency", "тыс.руб.|тыс. руб.|т.р.|млн.руб|коп.|руб.коп|руб./мес.", id="other units"),
        pytest.param("unknown currency", "так", id="a yes in Ukrainian, though some taka in CLDR"),
        pytest.param("unknown currency", "account|units|fomento|day|F.CFA|Ｆ.CFA", id="no money that a land pays with"),
        pytest.param(
            "shared by several currencies", "крона|крон|франк|фунт|песо|динар|манат|лей|рупия|дирхам", id="ru"
        ),
        pytest.param("shared by several currencies", "pound|pounds|franc|francs|peso|dinar|manat|leu|¥|￥|'¥", id="en"),
        pytest.param("shared by several currencies", "som|soms|somi|сомы|Sum", id="the som and the sum in English"),
        pytest.param("shared by several currencies", "манатов|manats|manatı", id="a plural of one, a noun of two"),
        pytest.param(
            "shared by several currencies", "риал|риял|rial|riyal|вону|уону|kwacha|Kwacha", id="two spellings"
        ),
        pytest.param("shared by several currencies", "koruna|krona|krónur|kronor|крон", id="crowns of one spelling"),
        pytest.param("shared by several currencies", "mark|Mark|marks|эскудо|ліра", id="the others are retired"),
        pytest.param(
            "shared by several currencies", "Rubel|рубель|долар|доларів|dollari|gold", id="not in these words"
        ),
        pytest.param("retired", "болгарских левов|Russian rubles (1991–1998)", id="retired, in the plural"),
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
    assert {word.lower() for word in lost} == {"kwacha", "gold"}, "names of one money that are nouns of another"


@pytest.mark.parametrize(
    ("name", "noun"),
    [
        ("российских рублей", "рублей"),
        ("доллар США", "доллар"),
        ("кина Папуа — Новой Гвинеи", "кина"),
        ("турецкая лира (1922–2005)", "лира"),
        ("Tadschikistan-Somoni", "Somoni"),
        ("ქართული ლარი", "ლარი"),
        ("евро", None),
        ("(unknown currency)", None),
    ],
)
def test_the_noun_of_a_name(name, noun):
    assert currencies._noun(name) == noun


def bare_nouns():
    """Each single word in CLDR's longer names, folded, with all currencies in whose names it stands."""
    nouns = defaultdict(set)
    for name, moneys in cldr_words().items():
        parts = name.replace("-", " ").split()
        for part in parts if len(parts) > 1 else ():
            nouns[part] |= moneys
    return nouns


def test_a_bare_word_is_given_only_to_the_one_money_that_is_called_so():
    """Save for the words decided by hand, and for full names and signs that are one word: `Euro` is no WIR euro."""
    spelled = defaultdict(set)
    for word, moneys in bare_nouns().items():
        spelled[word.lower()] |= moneys
    decided = {word for line in currencies._WORDS[0].values() for word in line.split(" ")}
    words = sorted(spelled.keys() - {word.lower() for word in cldr_words()} - decided)
    given = {word: code for word, code in zip(words, codes(words), strict=True) if code}
    assert {"KZT", "UAH", "TJS", "AMD", "GEL", "JPY", "PLN", "ILS", "CNY"} <= set(given.values())
    shared = {word: spelled[word] - {code} for word, code in given.items() if spelled[word] != {code}}
    assert {word for word, others in shared.items() if others.intersection(currencies.CODES)} == set()
    assert {
        (given[word], other) for word, others in shared.items() for other in others if other[:2] != given[word][:2]
    } == {("MMK", "BUK")}, "else only retired moneys of the same land"


OURS = [(code, word) for group in currencies._WORDS for code, line in group.items() for word in line.split(" ")]


def test_a_word_of_ours_stands_for_no_other_currency_in_cldr():
    """A bare noun may be ours only if no other active currency is called by it, save for the rouble and the dollar."""
    nouns = defaultdict(set)
    for word, moneys in bare_nouns().items():
        nouns[word.lower().replace("ё", "е")] |= moneys & set(currencies.CODES)
    folded = [(code, word.replace("ё", "е")) for code, word in OURS if code not in ("RUB", "USD")]
    # In Kazakh `сомы` is of the Kyrgyz and of the Uzbek money; in Russian `сумы` is a plural of the Uzbek one alone.
    assert {word: nouns[word] for code, word in folded if nouns[word] - {code}} == {}


def test_the_words_that_are_decided_against_cldr():
    nouns = {word: moneys & set(currencies.CODES) for word, moneys in bare_nouns().items()}
    assert len(nouns["доллар"]) > 20 < len(nouns["Dollar"])
    assert nouns["рубль"] == {"RUB", "BYN"}
    assert nouns["Som"] == {"KGS", "UZS"}
    assert bare_nouns()["лира"] == {"TRY", "ITL", "MTL", "TRL"}
    words = ["доллар", "доллары", "dollar", "Dollar", "Dollars", "рубль", "rouble", "лира", "сом", "сум", "som"]
    assert codes(words) == ["USD"] * 5 + ["RUB", "RUB", "TRY", "KGS", "UZS", None]


@pytest.mark.parametrize(
    ("land", "code", "last"),
    [("RU", "RUR", 1998), ("BY", "BYR", 2016), ("IT", "ITL", 2002), ("MT", "MTL", 2008)],
)
def test_moneys_ended_when_we_say(land, code, last):
    ends = {money: end for money, _, end, _ in get_global("territory_currencies")[land]}
    assert (date(*ends[code]) - timedelta(days=1)).year == last


def test_nothing_is_ours_that_cldr_gives():
    """Only what CLDR lacks is listed by hand, and the nouns of several moneys that the docstring decides."""
    given, shared = currencies._named(currencies._LOCALES)
    for group, is_decided in zip(currencies._WORDS, (True, False, False), strict=True):
        for code, line in group.items():
            words = currencies._folded(pl.Series(line.split(" ")))
            assert any(shared.get(word) == "shared by several currencies" for word in words) == is_decided, code
            assert is_decided or not given.keys() & set(words), code
    assert not given.keys() & set(currencies._folded(pl.Series(list(currencies._PHRASES))))


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
