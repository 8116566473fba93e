import functools
import importlib.util
import random
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import phonenumbers
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, re_util

from callframe.errors import OptionError
from callframe.normalize import _phone_batch, phones
from callframe.normalize._phone_patterns import language, paths, substitution
from callframe.normalize._phone_reading import Verdict, read
from callframe.normalize._phone_tables import NOWHERE, after_plus, calling_codes, dialled, regions

X = pl.col("x")
REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


def benchmark():
    """The benchmark, which has the refusals said a second time."""
    path = Path(__file__).parents[2] / "benchmarks" / "phones.py"
    spec = importlib.util.spec_from_file_location("phones_benchmark", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


is_refusal = benchmark().is_refusal


@pytest.fixture(autouse=True, scope="module")
def _cached_patterns():
    getattr(re_util, "enable_pattern_cache", lambda: None)()  # new in 9.0.43, and only faster


def ask(tell, cells, **options):
    return pl.DataFrame({"x": cells}, schema={"x": pl.String}).select(tell(X, **options)).to_series().to_list()


def one(tell, cell, **options):
    return ask(tell, [cell], **options)[0]


def by_phonenumbers(text, region):
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


@functools.cache
def examples():
    found = {}
    for region in REGIONS:
        numbers = (phonenumbers.example_number_for_type(region, kind) for kind in range(11))
        found[region] = [number for number in numbers if number is not None]
    return found


def agrees(rows):
    """Compares (text, region) rows with phonenumbers; only a stated refusal may differ. Returns how many are valid."""
    frame = pl.DataFrame(rows, schema={"x": pl.String, "region": pl.String}, orient="row")
    where = pl.col("region")
    told = frame.with_columns(
        got=phones.e164(X, region=where), why=phones.reason(X, region=where), place=phones.region_of(X, region=where)
    )
    valid = 0
    for text, region, got, why, place in told.iter_rows():
        want = by_phonenumbers(text, region)
        if got is None and want is not None:
            assert is_refusal(text, why), (text, region, want, why)
            continue
        assert got == want, (text, region)
        if want is not None:
            valid += 1
            home = phonenumbers.region_code_for_number(phonenumbers.parse(text, region))
            assert place == (home if home != "001" else None), (text, region)
            assert why is None
    return valid


RUSSIAN = [
    "+79123456789",
    "+7 912 345 67 89",
    "+7 (912) 345-67-89",
    "8 (912) 345-67-89",
    "8-912-345-67-89",
    "8.912.345.67.89",
    "89123456789",
    "79123456789",
    "9123456789",
    "912 345 67 89",
    "(912) 345-67-89",
    " 8 912 345 67 89 ",
    "\u00a08\u00a0912\u00a0345\u00a067\u00a089\t",
    "+7\u00a0912\u00a0345\u201167\u201189",
    "8 912 345\u201367\u201389",
    "'+79123456789",
    "'89123456789",
    "'79123456789.0",
    '="+79123456789"',
    '="79123456789.0"',
    "=79123456789",
    '"79123456789"',
    "79123456789.0",
    "89123456789.0",
    "9123456789.0",
    " 79123456789.0 ",
    "89123456789,0",
    "'79123456789,0",
    '="9123456789,0"',
    "\u202a+79123456789\u202c",
    "\u200e+7 912 345-67-89\u200f",
    "\ufeff89123456789",
    "8\u200b912345\u00ad67\u206089",
    "tel:+79123456789",
    "tel:+7-912-345-67-89",
    "TEL:89123456789",
    "tel: 8-912-345-67-89",
    "Тел.: 8 (912) 345-67-89",
    "моб. +7 912 345-67-89",
    '"Иван" <79123456789>',
    '"Ivan 2" <+7 (912) 345-67-89>',
    '"89990000000" <89123456789>',
    "<79123456789>",
    "8 912 345 67 89,",
    "810 7 912 345 67 89",
    "８９１２３４５６７８９",
    "＋7 912 345 67 89",
    "٨٩١٢٣٤٥٦٧٨٩",
    "8 912 345 6/7 89",
    "8 [912] 345 67 89",
]


@pytest.mark.parametrize("text", RUSSIAN)
def test_spellings_of_one_russian_number(text):
    assert one(phones.e164, text, region="RU") == "+79123456789"
    assert one(phones.reason, text, region="RU") is None
    assert one(phones.is_valid, text, region="RU") is True
    assert one(phones.region_of, text, region="RU") == "RU"
    assert one(phones.extension, text, region="RU") is None


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        pytest.param("8 (495) 123-45-67", "RU", "+74951234567", id="landline"),
        pytest.param("8 800 123-45-67", "RU", "+78001234567", id="toll free keeps its 8"),
        pytest.param("8 701 123 45 67", "RU", "+77011234567", id="Kazakhstan dialled in Russia"),
        pytest.param("+375 29 123-45-67", "RU", "+375291234567", id="abroad with a plus"),
        pytest.param("8 029 123-45-67", "BY", "+375291234567", id="Belarus from inside"),
        pytest.param("00 7 912 345 67 89", "DE", "+79123456789", id="international prefix"),
        pytest.param("06 12 34 56 78", "FR", "+33612345678", id="France"),
        pytest.param("06 698 12345", "VA", "+390669812345", id="Vatican, a leading zero that stays"),
        pytest.param("011 15-2345-6789", "AR", "+5491123456789", id="Argentina, a 15 becomes a 9"),
        pytest.param("0 15 21 9612345678", "BR", None, id="Brazil, no such carrier and area"),
        pytest.param("0 15 11 96123 4567", "BR", "+5511961234567", id="Brazil, a carrier's code goes"),
        pytest.param("201-0123", "BS", None, id="seven digits that are no Bahamian number"),
        pytest.param("359-1234", "BS", "+12423591234", id="seven digits get the Bahamas' area"),
        pytest.param("212345", "GG", "+441481212345", id="six digits get Guernsey's"),
        pytest.param("+800 1234 5678", None, "+80012345678", id="no country at all"),
        pytest.param("+1 (201) 555-0123", None, "+12015550123", id="a plus needs no region"),
    ],
)
def test_numbers_by_region(text, region, number):
    assert one(phones.e164, text, region=region) == number == by_phonenumbers(text, region)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "  ",
        "-",
        "—",
        "null",
        "<не указано>",
        "'",
        '=""',
        "Аноним",
        "АНОНИМНЫЙ",
        "anonymous",
        "Anonymous",
        "unknown",
        "Restricted",
        "private",
        "unavailable",
        "blocked",
        "withheld",
        "Скрытый номер",
        "номер скрыт",
        "скрыт",
        "неизвестен",
        "неизвестный",
        "(скрыт)",
        "'Аноним",
        '"Anonymous"',
        '"Anonymous" <anonymous>',
        '"Anonymous" <sip:anonymous@anonymous.invalid>',
        '"Anonymous" <sip:anonymous@192.168.100.100:5060>',
        '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1928301774',
        "anonymous@192.168.100.100",
        "«Аноним» <anonymous>",
        "sip:anonymous@anonymous.invalid",
        "anonymous@anonymous.invalid",
        "<unknown>",
        "+266696687",
        "+86282452253",
        "+8656696",
        "+2562533",
        "+7378742833",
        "+7 378 742-833",
    ],
)
@pytest.mark.parametrize("region", ["RU", None, "CN"])
def test_nobody_is_no_number_and_no_fault(text, region):
    for tell in (phones.e164, phones.reason, phones.is_valid, phones.region_of, phones.extension):
        assert one(tell, text, region=region) is None
    assert one(phones.explained, text, region=region) == {"value": None, "reason": None}


@pytest.mark.parametrize("word", phones.WITHHELD)
def test_every_withheld_word_in_any_case(word):
    cells = [word, word.upper(), word.title(), f" {word}", f'"{word}" <101>', f"«{word}» <101>"]
    cells += [f"{opening}{word}{closing}" for opening, closing in ("''", '""', "«»", "„“", "“”", "‘’", "‹›")]
    assert ask(phones.reason, cells, region="RU") == ask(phones.e164, cells, region="RU") == [None] * len(cells)


@pytest.mark.parametrize(
    ("text", "number", "why"),
    [
        ('"Unknown" <+79123456789>', "+79123456789", None),
        ("Anonymous <89123456789", "+79123456789", None),
        ("unknown@89123456789", "+79123456789", None),
        ("unknown@8.912.345.67.89", "+79123456789", None),
        ("Unknown <８９１２３４５６７８９>", "+79123456789", None),
        ('"Unknown" <+79123456789>;tag=abc', None, "letters in the number"),
        ("Unknown <89123456789> доб. 5", None, "letters in the number"),
        ("Unknown <1234567>", None, "too short"),
        ("Unknown <123456>", None, None),
    ],
)
def test_a_number_beside_a_withheld_name_is_not_passed_over(text, number, why):
    assert one(phones.e164, text, region="RU") == number
    assert one(phones.reason, text, region="RU") == why


@pytest.mark.parametrize("vanity", [False, True])
def test_texts_that_say_nobody_at_first_sight_say_so_when_looked_into(vanity):
    texts = _phone_batch._NOBODY.explode()
    assert len(texts) > 200
    for place in (regions().index("RU"), NOWHERE):
        told = _phone_batch._others(texts, np.full(len(texts), place, np.int16), vanity)
        assert set(told.verdict.tolist()) == {Verdict.ABSENT}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("912345", "too short", id="six digits"),
        pytest.param("123-45-67", "too short", id="no area code"),
        pytest.param("7", "too short", id="one digit"),
        pytest.param("доб. 12", "too short", id="two digits and a word"),
        pytest.param("Ext.960", "too short", id="an inner number"),
        pytest.param("8 912 345 67 89 0", "not valid for RU", id="a length between two"),
        pytest.param("8 912 345 67 89 01234", "too long", id="digits too many"),
        pytest.param("0" * 251, "too long", id="more than phonenumbers reads"),
        pytest.param("Иван", "not a number", id="a name"),
        pytest.param("reg", "not a number", id="a login"),
        pytest.param("+", "not a number", id="a plus"),
        pytest.param("8 912 345 & 67 89", "not a number", id="a mark no number has"),
        pytest.param("0123456789", "not valid for RU", id="ten digits of no plan"),
        pytest.param("+7 012 345 67 89", "not valid for RU", id="with a plus"),
        pytest.param("+375 29 12", "too short", id="short abroad"),
        pytest.param("+375 99 123 45 67", "not valid for BY", id="not valid abroad"),
        pytest.param("375291234567", "not valid for RU; +375 would be Belarus", id="a plus is missing"),
        pytest.param("380501234567", "not valid for RU; +380 would be Ukraine", id="a plus is missing, Ukraine"),
        pytest.param("+8 912 345 67 89", "no such country code", id="8 for +7"),
        pytest.param("+0 912 345 67 89", "no such country code", id="plus zero"),
        pytest.param("7.9E+10", "digits lost in a spreadsheet", id="power"),
        pytest.param("7,91234E+10", "digits lost in a spreadsheet", id="power with a comma"),
        pytest.param("'7.9e10", "digits lost in a spreadsheet", id="power in small letters"),
        pytest.param("8.9123456789E10", "digits lost in a spreadsheet", id="power with every digit"),
        pytest.param("89123456789E0", "digits lost in a spreadsheet", id="power of nothing"),
        pytest.param("8495123456O", "letters in the number", id="an O for a zero"),
        pytest.param("84951234567O", "letters in the number", id="an O more"),
        pytest.param("8 912 345 67 89 Иван", "letters in the number", id="a name behind"),
        pytest.param("8 800 CALL NOW", "letters in the number", id="vanity"),
        pytest.param("+7 912 345-67-89, +7 912 345-67-80", "two numbers", id="comma"),
        pytest.param("+7 912 345-67-89 / +7 912 345-67-80", "two numbers", id="slash"),
        pytest.param("89123456789/89123456780", "two numbers", id="slash, no space"),
        pytest.param("89123456789;89123456780", "two numbers", id="semicolon"),
        pytest.param("8 (495) 123-45-67, 123-45-68", "two numbers", id="comma, local"),
        pytest.param("84951234567,1234568", "two numbers", id="an extension to phonenumbers"),
        pytest.param("84951234567;79123456780", "two numbers", id="an extension to phonenumbers, semicolon"),
        pytest.param("89123456789 89123456780", "two numbers", id="space"),
        pytest.param("8 912 345-67-89 или 8 912 345-67-80", "two numbers", id="or"),
        pytest.param("89123456789\n89123456780", "two numbers", id="two lines"),
        pytest.param("sip:79123456789@10.0.0.1", "not a number", id="an address"),
    ],
)
def test_refusals_in_russia(text, why):
    assert one(phones.reason, text, region="RU") == why
    assert one(phones.e164, text, region="RU") is None
    assert one(phones.is_valid, text, region="RU") is False
    assert one(phones.region_of, text, region="RU") is None
    assert one(phones.extension, text, region="RU") is None
    assert why.startswith(phones.REASONS)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("8 (912) 345-67-89", "no country code"),
        ("375291234567", "no country code; +375 would be Belarus"),
        ("79123456789.0", "no country code; +7 would be Russian Federation"),
        ("84951234567 доб. 5", "no country code"),
        ("+7 912 345-67-8", "too short"),
        ("+383 49 123 4", "too short"),
        ("383 44 123 456", "no country code; +383 would be Kosovo"),
    ],
)
def test_refusals_without_a_region(text, why):
    assert one(phones.reason, text) == why
    assert one(phones.e164, text) is None


@pytest.mark.parametrize(
    ("text", "number", "extension"),
    [
        ("8 (495) 123-45-67 доб. 104", "+74951234567", "104"),
        ("8 (495) 123-45-67 ДОБ 104", "+74951234567", "104"),
        ("84951234567 ext. 104", "+74951234567", "104"),
        ("84951234567 Extension 104", "+74951234567", "104"),
        ("84951234567 x104", "+74951234567", "104"),
        ("84951234567 # 104", "+74951234567", "104"),
        ("84951234567,104", "+74951234567", "104"),
        ("84951234567,,1234567#", "+74951234567", "1234567"),
        ("84951234567;ext=104", "+74951234567", "104"),
        ("tel:+7-495-123-45-67;ext=104", "+74951234567", "104"),
        ("84951234567 доб. 1234567", "+74951234567", "1234567"),
        ("tel:495-123-45-67;phone-context=+7", "+74951234567", None),
        ("tel:84951234567;isub=abc", "+74951234567", None),
        ("84951234567", "+74951234567", None),
        ("123 доб. 104", None, None),
    ],
)
def test_extensions_are_kept_apart(text, number, extension):
    assert one(phones.e164, text, region="RU") == number == by_phonenumbers(text, "RU")
    assert one(phones.extension, text, region="RU") == extension


@pytest.mark.parametrize(
    "text", ["1-800-FLOWERS", "8 800 CALL NOW", "84951234567O", "+1 800 GOT JUNK", "1800-X-Y-Z1234"]
)
@pytest.mark.parametrize("region", ["US", "RU"])
def test_vanity_lets_phonenumbers_have_its_way(text, region):
    assert one(phones.e164, text, region=region) is None
    assert one(phones.e164, text, region=region, vanity=True) == by_phonenumbers(text, region)
    assert one(phones.is_valid, text, region=region, vanity=True) == (by_phonenumbers(text, region) is not None)


def test_a_decimal_end_goes_after_bare_digits_only():
    texts = ["+7912345678.0", "8 912 345 67 8.0", "8.912.345.67.80", "89123456789.00", "'+7912345678.0"]
    texts += ["+79123456789,0", "8 912 345 67 89,0", "89123456789,00", "89123456789,10"]
    assert ask(phones.e164, texts, region="RU") == [by_phonenumbers(text, "RU") for text in texts]


@pytest.mark.parametrize("vanity", [False, True])
def test_words_before_plain_digits_need_not_be_asked_about(vanity, monkeypatch):
    monkeypatch.setattr(_phone_batch, "read", None)
    cells = ["tel:+7-912-345-67-89", "Tel: 8 (912) 345‑67‑89", "моб. +7 912 345-67-89;"]
    assert ask(phones.e164, cells, region="RU", vanity=vanity) == ["+79123456789"] * 3
    assert one(phones.reason, "тел. 375291234567", region="RU").endswith("; +375 would be Belarus")


@pytest.mark.parametrize(
    "head", ["tel:", "Тел.: ", "+", "a+", "ext. ", "x", "доб. ", ";ext=", ";phone-context=a", "#", "№\n"]
)
@pytest.mark.parametrize("region", ["RU", "US", None])
def test_what_stands_before_a_number_is_skipped_as_phonenumbers_skips_it(head, region):
    tails = [
        "89123456789",
        "+79123456789",
        "(8) 912-345-67-89",
        "+1 201 555-0123",
        "123",
        "+",
        "+ 7 912 345 67 89",
        "0" * 245,
    ]
    cells = [head + tail for tail in tails]
    assert ask(phones.e164, cells, region=region) == [by_phonenumbers(cell, region) for cell in cells]


def test_an_unknown_region_is_refused_when_the_expression_is_built():
    with pytest.raises(OptionError, match="'Russia' is not a region"):
        phones.e164(X, region="Russia")
    for tell in (phones.reason, phones.explained, phones.is_valid, phones.region_of, phones.extension):
        with pytest.raises(OptionError):
            tell(X, region="XX")
    with pytest.raises(OptionError):
        phones.e164(X, region=7)
    assert one(phones.e164, "89123456789", region="ru") == "+79123456789"


def test_a_region_for_each_row():
    frame = pl.DataFrame(
        {
            "x": ["89123456789", "029 123-45-67", "06 12 34 56 78", "89123456789", "89123456789", "+79123456789", None],
            "where": ["RU", "by", "FR", None, "nowhere", None, "RU"],
        }
    )
    got = frame.select(
        phones.e164(X, region=pl.col("where")).alias("e164"),
        phones.reason(X, region=pl.col("where")).alias("reason"),
        phones.region_of(X, region=pl.col("where")).alias("place"),
    )
    assert got["e164"].to_list() == ["+79123456789", "+375291234567", "+33612345678", None, None, "+79123456789", None]
    assert got["reason"].to_list() == [None, None, None, "no country code", "no country code", None, None]
    assert got["place"].to_list() == ["RU", "BY", "FR", None, None, "RU", None]
    assert frame.select(phones.e164(X, region=pl.lit("RU")))["x"].to_list() == ask(phones.e164, frame["x"], region="RU")
    assert frame.select(phones.e164(pl.lit("89123456789"), region=pl.col("where"))).height == 7


@pytest.mark.parametrize(
    ("text", "why", "stated"),
    [
        ("84951234567,1234568", "two numbers", True),
        ("84951234567/8 (495) 123-45-68", "two numbers", True),
        ("84951234567,123456", "two numbers", False),
        ("84951234567,,1234567", "two numbers", False),
        ("84951234567;ext=1234567", "two numbers", False),
        ("8 495 123-45-67 891", "two numbers", False),
        ("8495123456O", "letters in the number", True),
        ("84951234567 /x104", "letters in the number", True),
        ("84951234567 x104", "letters in the number", False),
        ("Тел. 84951234567 доб. 5", "letters in the number", False),
        ("tel:84951234567;isub=abc", "letters in the number", False),
        ("8 (495) 123-45-67", "letters in the number", False),
        ("7,91234E+10", "digits lost in a spreadsheet", True),
        ("89123456789", "digits lost in a spreadsheet", False),
        ("8495123456O", "too short", False),
    ],
)
def test_only_a_stated_refusal_excuses_a_difference(text, why, stated):
    assert is_refusal(text, why) is stated


def test_texts_near_numbers_are_read_as_phonenumbers_reads_them(capsys):
    assert benchmark().differences(3000, seed=7) == 0
    assert "3000 texts" in capsys.readouterr().out


def test_a_needless_refusal_is_a_difference(monkeypatch, capsys):
    monkeypatch.setattr(_phone_batch, "_IS_LETTERED", pl.lit(value=True))
    assert benchmark().differences(500, seed=7) > 0
    assert "different:" in capsys.readouterr().out


def mutated(chance, text):
    noise = " -.()\u00a0/[]\u2013+0123456789"
    for _ in range(chance.choice((0, 1, 1, 2))):
        at = chance.randrange(len(text) + 1)
        way = chance.randrange(3)
        text = text[:at] + (chance.choice(noise) if way else "") + text[at + (way != 1) :]
    return text


@pytest.mark.parametrize("how", ["E164", "INTERNATIONAL", "NATIONAL", "RFC3966"])
def test_every_example_number_of_every_region_in_every_format(how):
    form = getattr(PhoneNumberFormat, how)
    rows = [(phonenumbers.format_number(n, form), region) for region, numbers in examples().items() for n in numbers]
    assert agrees(rows) > 0.97 * len(rows)


def test_examples_with_a_digit_or_a_mark_dropped_added_or_changed():
    chance = random.Random(1)
    forms = (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL)
    rows = [
        (
            mutated(chance, phonenumbers.format_number(number, chance.choice(forms))),
            chance.choice((region, region, "RU")),
        )
        for region, numbers in examples().items()
        for number in numbers
        for _ in range(3)
    ]
    assert agrees(rows) > 1000


def test_examples_dialled_in_every_other_way():
    chance = random.Random(2)
    rows = []
    for region, numbers in examples().items():
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
        for number in numbers:
            digits = phonenumbers.national_significant_number(number)
            heads = [str(number.country_code), metadata.national_prefix or "0", "00", "810", "8", ""]
            rows.append((chance.choice(heads) + chance.choice(heads) + digits, region))
            rows.append((phonenumbers.format_out_of_country_calling_number(number, chance.choice(REGIONS)), region))
            rows.append(("".join(chance.choice("0123456789") for _ in range(chance.randrange(3, 19))), region))
            rows.append(("+" + str(chance.randrange(10 ** chance.randrange(3, 17))), chance.choice((region, None))))
    assert agrees(rows) > 1000


SCRIBBLE = st.text(
    "0123456789+-() .\u00a0\u2013/[]'\"=,;#x\uff10\uff19\uff0b\u0660\u0669\u06f5\u200e\tдобext", max_size=24
)
NEAR = st.builds(
    lambda head, digits, tail: head + digits + tail,
    st.sampled_from(
        [
            "+7",
            "8",
            "7",
            "",
            "+375",
            "810",
            "00",
            "+1",
            "+8",
            "'",
            '="',
            "tel:",
            "Тел.: +",
            "x",
            ";tel:",
            "tel=\n",
            "(8)",
            "+44 ",
            "0",
        ]
    ),
    st.from_regex(r"(?:[0-9\uff11\u0661][ ()-]?){5,12}", fullmatch=True),
    st.sampled_from(["", ".0", ",0", " ", '"', "#", " доб. 5", ",7", ";ext=9", " x", ".", "/", "-", "٣"]),
)


def cleaned(text):
    """The cleaning steps as one would write them for one text."""
    marks = r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
    text = re.sub(marks, "", text).strip()
    text = text.removeprefix("'")
    text = re.sub(r'^="(.*)"$', r"\1", text).strip()
    return re.sub(r"^([0-9]+)[.,]0$", r"\1", text)


@settings(max_examples=80, deadline=None)
@given(st.lists(SCRIBBLE | NEAR, min_size=1, max_size=30), st.sampled_from(["RU", "KZ", "BY", "US", "AR", "IT", None]))
def test_any_scribble_is_read_as_phonenumbers_reads_it(cells, region):
    got = ask(phones.e164, cells, region=region)
    why = ask(phones.reason, cells, region=region)
    raw = ask(phones.e164, cells, region=region, vanity=True)
    still = ask(phones.reason, cells, region=region, vanity=True)
    for text, number, reason, vain, spite in zip(cells, got, why, raw, still, strict=True):
        want = by_phonenumbers(cleaned(text), region)
        assert number == want or (number is None and is_refusal(cleaned(text), reason)), (text, number, want)
        assert vain == want or (vain is None and is_refusal(cleaned(text), spite)), (text, vain, want)
        assert spite != "letters in the number"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.none() | st.text(max_size=12) | SCRIBBLE | NEAR, max_size=30),
    st.sampled_from(["RU", "DE", None, pl.col("where")]),
    st.booleans(),
)
def test_an_explanation_is_the_number_and_the_reason(cells, region, vanity):
    frame = pl.DataFrame({"x": cells}, schema={"x": pl.String}).with_row_index()
    frame = frame.with_columns(where=pl.lit(pl.Series(["RU", None, "IT", "nowhere"])).gather(pl.col("index") % 4))
    options = {"region": region, "vanity": vanity}
    told = frame.select(phones.explained(X, **options)).unnest("x")
    assert told.equals(frame.select(value=phones.e164(X, **options), reason=phones.reason(X, **options)))


@pytest.mark.parametrize("region", ["RU", "US", None])
def test_an_explanation_of_every_spelling_and_refusal(region):
    cells = [*RUSSIAN, *CELLS, *phones.WITHHELD, "7.9E+10", "8 800 CALL NOW", "+8 912 345 67 89", "+7 912 345-67-8"]
    wanted = zip(ask(phones.e164, cells, region=region), ask(phones.reason, cells, region=region), strict=True)
    got = ask(phones.explained, cells, region=region)
    assert got == [{"value": value, "reason": why} for value, why in wanted]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=12) | SCRIBBLE | NEAR, max_size=30), st.sampled_from(["RU", "DE", None]))
def test_a_number_or_a_reason_or_nothing_there(cells, region):
    frame = pl.DataFrame({"x": cells}, schema={"x": pl.String}).with_columns(
        number=phones.e164(X, region=region),
        why=phones.reason(X, region=region),
        valid=phones.is_valid(X, region=region),
        place=phones.region_of(X, region=region),
    )
    for _, number, why, valid, place in frame.iter_rows():
        assert (number, why).count(None) >= 1
        assert valid == (None if number is None and why is None else number is not None)
        assert why is None or why.startswith(phones.REASONS)
        assert place is None or number is not None
        assert number is None or re.fullmatch(r"\+[1-9][0-9]{3,18}", number)


LETTERED = st.from_regex(r"[a-zА-я .]{0,5}[+]?(?:[0-9][ ()-]?){1,11}[A-Za-zА-яё]{1,4}[ .]?[0-9]{0,4}", fullmatch=True)


@settings(max_examples=30, deadline=None)
@given(st.lists(LETTERED | SCRIBBLE, min_size=10, max_size=25), st.sampled_from(["RU", "US"]))
def test_what_is_refused_for_a_letter_unasked_is_refused_when_asked(cells, region):
    told = _phone_batch.Told.nothing(len(cells))
    place = np.full(len(cells), regions().index(region), np.int16)
    _phone_batch._lettered(_phone_batch.Cells(np.arange(len(cells)), place, pl.Series(cells)), told)
    for text, verdict in zip(cells, told.verdict.tolist(), strict=True):
        assert verdict == Verdict.ABSENT or read(text, region, vanity=False).verdict == verdict == Verdict.LETTERS


@settings(max_examples=50, deadline=None)
@given(st.lists(NEAR, max_size=30))
def test_a_number_once_made_stays_as_it_is_everywhere(cells):
    numbers = [number for number in ask(phones.e164, cells, region="RU") if number is not None]
    for region in ("RU", "US", None):
        assert ask(phones.e164, numbers, region=region) == numbers


@given(st.lists(NEAR | st.none(), max_size=20), st.lists(NEAR, max_size=20))
@settings(max_examples=30, deadline=None)
def test_rows_do_not_know_each_other(first, second):
    whole = ask(phones.e164, first + second, region="RU")
    assert whole == ask(phones.e164, first, region="RU") + ask(phones.e164, second, region="RU")


CELLS = ["8 (912) 345-67-89", None, "", "Аноним", "+375291234567", "84951234567 доб. 5", "мусор", "79123456789.0", "1"]


@pytest.mark.parametrize(
    "tell", [phones.e164, phones.is_valid, phones.region_of, phones.extension, phones.reason, phones.explained]
)
@pytest.mark.parametrize("region", ["RU", None, pl.lit("RU"), pl.col("where")], ids=["RU", "none", "lit", "column"])
def test_one_answer_in_every_kind_of_query(tell, region):
    frame = pl.DataFrame({"x": CELLS * 4, "k": [i % 3 for i in range(36)], "where": ["RU", "BY", None, "US"] * 9})
    number = tell(X, region=region).alias("n")
    want = frame.select(number)["n"]
    assert frame.lazy().select(number).collect()["n"].equals(want)
    assert frame.lazy().select(number).collect(engine="streaming")["n"].equals(want)
    assert frame.lazy().select(number).collect_schema()["n"] == want.dtype
    assert frame.with_columns(number.over("k"))["n"].equals(want)
    grouped = frame.with_row_index("i").group_by("k").agg("i", number).explode("i", "n").sort("i")["n"]
    assert grouped.equals(want)
    chunked = pl.concat([frame.slice(start, 5) for start in range(0, 36, 5)], rechunk=False)
    assert chunked.select(number)["n"].equals(want)
    assert frame.slice(7, 11).select(number)["n"].equals(want.slice(7, 11))
    assert frame.head(0).select(number)["n"].equals(want.head(0))
    nothing = frame.with_columns(pl.lit(None, dtype=pl.String).alias("x"))
    assert set(map(str, nothing.select(number)["n"])) == {
        str({"value": None, "reason": None} if tell == phones.explained else None)
    }
    assert frame.with_columns(X.cast(pl.Categorical)).select(number)["n"].equals(want)
    assert frame.with_columns(pl.lit(None).alias("x")).select(number)["n"].dtype == want.dtype
    assert frame.filter(number.is_null()).height == want.null_count()


def test_the_column_keeps_its_name():
    frame = pl.DataFrame({"x": CELLS, "y": CELLS})
    assert frame.select(phones.e164(pl.col("x", "y"), region="RU")).columns == ["x", "y"]
    assert frame.select(phones.e164(X, region=pl.lit("RU"))).columns == ["x"]


def test_a_long_column_is_the_same_as_its_parts():
    frame = pl.DataFrame({"x": CELLS * 30_000})
    got = frame.select(phones.e164(X, region="RU"), phones.reason(X, region="RU").alias("why"))
    few = frame.head(len(CELLS)).select(phones.e164(X, region="RU"), phones.reason(X, region="RU").alias("why"))
    assert got.equals(pl.concat([few] * 30_000))
    streamed = frame.lazy().select(phones.e164(X, region="RU")).collect(engine="streaming")
    assert streamed["x"].equals(got["x"])


def test_phonenumbers_loads_when_first_needed():
    code = "import sys, callframe.normalize.phones; sys.exit('phonenumbers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("pattern", ["1*", "1+", "[^1]", ".", "a", "1{2", "(?=1)", "1|(2", "1)", "\\1", "1{1,2}?"])
def test_a_pattern_that_is_not_understood_is_refused(pattern):
    with pytest.raises((NotImplementedError, ValueError)):
        language(pattern)


def test_a_rule_that_is_not_understood_is_refused():
    for rule in ("\\1\\2", "$1", "9", "x\\1"):
        with pytest.raises(NotImplementedError):
            substitution(rule)


def all_metadata():
    for region in REGIONS:
        yield phonenumbers.PhoneMetadata.metadata_for_region(region)
    for code in phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS:
        yield phonenumbers.PhoneMetadata.metadata_for_nongeo_region(code)


def test_every_pattern_of_the_metadata_is_understood():
    for metadata in all_metadata():
        for description in vars(metadata).values():
            if isinstance(description, phonenumbers.PhoneNumberDesc) and description.national_number_pattern:
                language(description.national_number_pattern)
        assert paths(metadata.international_prefix or "")
        assert paths(metadata.national_prefix_for_parsing or "")
        assert metadata.leading_digits is None or language(metadata.leading_digits)


@pytest.mark.parametrize("region", ["RU", "DE", "US", "IN", "AT", "MM", "CN"])
def test_a_language_is_what_the_pattern_matches(region):
    chance = random.Random(3)
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    for description in (metadata.general_desc, metadata.fixed_line, metadata.mobile):
        pattern = re.compile(description.national_number_pattern)
        for length, intervals in language(description.national_number_pattern).items():
            edges = {edge + step for lo, hi in intervals[:200] for edge in (lo, hi) for step in (-1, 0, 1)}
            numbers = [n for n in (*edges, *(chance.randrange(10**length) for _ in range(50))) if 0 <= n < 10**length]
            for number in numbers:
                inside = any(lo <= number <= hi for lo, hi in intervals)
                assert bool(pattern.fullmatch(str(number).zfill(length))) == inside


def test_paths_are_tried_in_the_order_of_a_matcher():
    chance = random.Random(4)
    for metadata in all_metadata():
        for pattern in filter(None, (metadata.international_prefix, metadata.national_prefix_for_parsing)):
            for _ in range(40):
                text = "".join(chance.choice("0001123456789") for _ in range(chance.randrange(1, 13)))
                match = re.match(pattern, text)
                ends = [len(p.digits) for p in paths(pattern) if fits(p, text)]
                assert (match.end() if match else None) == (ends[0] if ends else None)


def fits(path, text):
    if len(path.digits) > len(text) or (path.at_end and len(path.digits) != len(text)):
        return False
    return all(int(char) in digits for char, digits in zip(text, path.digits, strict=False))


@pytest.mark.parametrize("region", ["RU", "BR", "AR", "GG", "JP", "SM", "CN", "LU", "VA", "AX"])
def test_the_edges_of_the_tables_are_where_phonenumbers_has_them(region):
    chance = random.Random(5)
    rows = []
    code = phonenumbers.country_code_for_region(region)
    for table in (dialled(region), after_plus(frozenset([code]))):
        for first in chance.choices(table.first.tolist(), k=60):
            keys = [str(key) for key in (first - 1, first, first + 1) if str(key)[0] in "12"]
            rows += [(key[1:] if key[0] == "1" else "+" + key[1:], region) for key in keys]
    agrees(rows)


@pytest.mark.parametrize("region", ["RU", "KZ", "BR", "IT", None])
def test_a_key_is_in_the_row_that_a_search_finds(region):
    chance = random.Random(6)
    tables = [dialled(region), after_plus(frozenset([1, 7, 49, 375]))]
    for table in tables:
        keys = [
            int(chance.choice("12") + str(chance.randrange(10**17))[: chance.randrange(3, 18)]) for _ in range(5000)
        ]
        edges = [key for first in table.first.tolist() for key in (first - 1, first, first + 1)]
        key = np.array([key for key in (*keys, *edges) if key >= table.first[0]])
        assert (table.rows(key) == np.searchsorted(table.first, key, side="right") - 1).all()
        assert (table.rows(key[:9]) == table.rows(key)[:9]).all()


def test_tables_that_cannot_be_read_leave_it_to_phonenumbers(monkeypatch):
    from callframe.normalize import _phone_tables

    def unreadable(*_):
        raise NotImplementedError

    monkeypatch.setattr(_phone_tables, "through", unreadable)
    for name in ("under_region", "_code"):
        monkeypatch.setattr(_phone_tables, name, getattr(_phone_tables, name).__wrapped__)
    table = _phone_tables.dialled.__wrapped__("RU")
    assert set(table.verdict) == {Verdict.ABSENT, Verdict.ASK, Verdict.ABROAD}
    monkeypatch.setattr("callframe.normalize._phone_batch.dialled", lambda _: table)
    cells = ["8 (912) 345-67-89", "9123456789", "+7 912 345-67-89", "123", "+375 29 123-45-67"]
    assert ask(phones.e164, cells, region="RU") == ["+79123456789"] * 3 + [None, "+375291234567"]


def test_calling_codes_are_found_by_their_first_digits():
    codes = calling_codes().tolist()
    assert [codes[head] for head in (7, 79, 99, 100, 199, 791, 375, 999)] == [0, 0, 0, 1, 1, 7, 375, 0]
    assert set(codes) - {0} == set(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
    assert regions()[-1] == "001"


def test_verdicts_and_reasons_go_together():
    names = [verdict.name.lower().replace("_", " ") for verdict in list(Verdict)[1 : len(phones.REASONS) + 1]]
    assert names[:4] == list(phones.REASONS[:4])
    assert len(phones.REASONS) == Verdict.ABSENT - 1
    assert read("8 912 345 67 89", "RU", vanity=False).value == 79123456789
