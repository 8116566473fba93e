"""The encoding of a file is seen from all of it, or asked for; no letter is ever garbled."""

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callframe.errors import InputError, Unclear
from callframe.read import encodings as module
from callframe.read import read
from callframe.read.encodings import CANDIDATES, encoding_of
from callframe.read.letters import likelihood, looks_like_text

HEADER = "Дата звонка;Номер абонента;Длительность;Статус"
ROW = "03.04.2026 9:05;+79123456789;65;ANSWERED"
TURKISH = "Tarih;Arayan numara;Görüşme süresi;Çağrı durumu;Müşteri adı"


def file(data, name="f.csv"):
    source = io.BytesIO(data)
    source.name = name
    return source


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        pytest.param(HEADER, "cp1251", id="cp1251"),
        pytest.param(HEADER.upper(), "cp1251", id="capitals in cp1251"),
        pytest.param(HEADER.lower(), "cp1251", id="small letters in cp1251"),
        pytest.param(HEADER, "cp866", id="cp866"),
        pytest.param(HEADER, "koi8-r", id="koi8-r"),
        pytest.param(HEADER.upper(), "koi8-r", id="capitals in koi8-r"),
        pytest.param(HEADER, "iso8859-5", id="iso8859-5"),
        pytest.param(f"{HEADER};{HEADER.upper()}", "mac-cyrillic", id="mac-cyrillic"),
        pytest.param("Дата дзвінка;Номер абонента;Тривалість розмови;Її", "cp1251", id="Ukrainian"),
        pytest.param("Дата дзвінка;Номер абонента;Тривалість розмови;Її", "koi8-u", id="Ukrainian in koi8-u"),
        pytest.param("Дата званка;Нумар;Працягласць размовы;Стаў", "cp1251", id="Belarusian"),
        pytest.param("«Имя»;№;Цена, р.;Её — всё…", "cp1251", id="signs"),
        pytest.param("Datum;Rufnummer;Gesprächsdauer;Rückruf;Größe", "cp1252", id="German"),
        pytest.param(TURKISH, "cp1254", id="Turkish"),
        pytest.param(HEADER, "utf-8", id="UTF-8"),
        pytest.param(HEADER, "utf-8-sig", id="UTF-8 with its mark"),
        pytest.param(HEADER, "utf-16", id="UTF-16 with its mark"),
        pytest.param(HEADER, "utf-16-le", id="UTF-16 without its mark"),
        pytest.param(HEADER, "utf-16-be", id="UTF-16, the other way round"),
        pytest.param("date;number", "utf-16-le", id="ASCII in UTF-16"),
        pytest.param("თარიღი;ნომერი 😀", "utf-16-be", id="Georgian and a face in UTF-16"),
        pytest.param(HEADER, "utf-32", id="UTF-32 with its mark"),
    ],
)
def test_a_header_is_read_in_its_letters_above_rows_of_ascii(header, encoding):
    """Polars alone takes the header for UTF-8 and puts replacement characters into the names."""
    names = header.split(";")
    cells = (ROW.split(";") * 3)[: len(names)]
    frame = read(file(f"{header}\r\n{';'.join(cells)}\r\n".encode(encoding)))

    assert frame.columns[1:] == names
    assert list(frame.row(0)[1:]) == cells


def test_letters_far_below_count(monkeypatch):
    monkeypatch.setattr(module, "_BLOCK", 1 << 12)
    data = b"date;tag\n" + b"2026-04-03;x\n" * 2000 + "2026-04-03;Заявка с сайта\n".encode("cp1251")

    assert read(file(data))["tag"][-1] == "Заявка с сайта"
    assert read(file(data)).origin.encoding == "cp1251"


ASKED = [
    pytest.param("a;да\n1;2\n".encode("cp1251"), {"cp1251": "да", "cp866": "фр"}, 1, id="one short word"),
    pytest.param(b"a;b\n1;\xff\n", {"cp1251": "я", "cp1252": "ÿ"}, 2, id="one byte, in a row"),
    pytest.param("Çağrı;b\n1;2\n".encode("cp1254"), {"cp1254": "Çağrı", "cp1252": "Çaðrý"}, 1, id="one Turkish word"),
    pytest.param(
        "Datum;Číslo;Příčina\n1;2;3\n".encode("cp1250"),
        {"cp1250": "Číslo, Příčina", "cp1252": "Èíslo, Pøíèina"},
        1,
        id="Czech",
    ),
]


@pytest.mark.parametrize(("data", "words", "line"), ASKED)
def test_two_readings_are_shown_and_each_option_settles_it(data, words, line):
    with pytest.raises(Unclear) as caught:
        read(file(data))

    assert caught.value.question == f"the file does not tell its encoding; line {line} would read"
    assert set(caught.value.readings) >= {f"{codec}: {text}" for codec, text in words.items()}
    for codec, option in zip(
        [reading.split(":")[0] for reading in caught.value.readings], caught.value.options, strict=True
    ):
        assert option == f'encoding="{codec}" (--encoding {codec})'
        assert read(file(data), encoding=codec).height == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(
            f"{HEADER}\n".encode() + "Иванов;x;y;z\n".encode("cp1251"),
            "line 2 of f.csv is in another",
            id="UTF-8 first",
        ),
        pytest.param(
            f"{HEADER}\na;b;c;d\n".encode("cp1251") + "Иванов;x;y;z\n".encode(),
            "line 3 of f.csv is in another",
            id="then",
        ),
        pytest.param(f"{HEADER}\nx;".encode() + b"\xd0", "line 2 of f.csv is in another", id="cut in a letter"),
        pytest.param(
            "Ημερομηνία;Αριθμός κλήσης;Διάρκεια\n".encode("cp1253"), "line 1 of f.csv is not text in utf-8", id="Greek"
        ),
        pytest.param(
            "日付;電話番号;通話時間\n".encode("shift-jis"), "line 1 of f.csv is not text in utf-8", id="Japanese"
        ),
        pytest.param(
            "التاريخ;رقم الهاتف;المدة\n".encode("cp1256"), "line 1 of f.csv is not text in utf-8", id="Arabic"
        ),
    ],
)
def test_what_is_no_text_in_one_known_encoding_is_refused(data, sentence):
    with pytest.raises(InputError, match=sentence):
        read(file(data))


def test_an_encoding_that_is_said_is_not_doubted():
    assert read(file("a;да\n1;2\n".encode("cp1251")), encoding="cp866").columns[-1] == "фр"
    assert read(file("Ημερομηνία;b\n1;2\n".encode("cp1253")), encoding="cp1253").columns[1] == "Ημερομηνία"


def test_the_advice_of_a_wrong_encoding_makes_it_pass():
    data = f"{HEADER}\n{ROW}\n".encode("cp1251")
    with pytest.raises(InputError, match=r"Leave the encoding out \(--encoding, encoding=\)"):
        read(file(data), encoding="utf-8")

    assert read(file(data)).columns[1:] == HEADER.split(";")


def seen_of(data):
    """The encoding that is seen, or those that are asked about."""
    try:
        return (read(file(data)).origin.encoding,)
    except Unclear as question:
        return tuple(reading.split(":")[0] for reading in question.readings)


WORDS = st.sampled_from(
    ["Дата", "Номер", "Звонок", "Входящий", "Пропущен", "Клиент", "Длительность", "Комментарий", "Сайт", "Итого"]
)


@settings(max_examples=60)
@given(
    st.lists(st.lists(WORDS, min_size=4, max_size=4, unique=True), min_size=2, max_size=8),
    st.sampled_from(["cp1251", "cp866", "koi8-r", "utf-8", "utf-16"]),
    st.sampled_from([str, str.upper, str.lower]),
    st.randoms(use_true_random=False),
)
def test_no_letter_is_garbled_and_no_order_of_rows_matters(rows, encoding, case, order):
    names, *body = [case(";".join(row)) for row in rows]
    body = [f"{row};{number}" for number, row in enumerate(body)]
    seen = set()
    for _ in range(2):
        data = "\n".join([f"{names};n", *body]).encode(encoding)
        found = seen_of(data)
        frame = read(file(data), encoding=encoding if encoding in found else None)
        seen.add(found)
        assert [";".join(row[1:]) for row in frame.rows()] == body
        order.shuffle(body)

    assert len(seen) == 1


@pytest.mark.parametrize("order", range(3))
def test_more_words_than_are_judged(tmp_path, monkeypatch, order):
    """Which are left out depends on the words alone."""
    monkeypatch.setattr(module, "_WORDS", 20)
    monkeypatch.setattr(module, "_BLOCK", 100)
    words = [first + second for first in "вгдклмнпрст" for second in ("оля", "ера", "ина", "аша", "уся", "ова")]
    random.Random(order).shuffle(words)
    path = tmp_path / "f"
    path.write_bytes("\n".join(words).encode("cp1251"))

    assert module._Words(path).chosen == sorted(
        sorted((word.encode("cp1251") for word in words), key=lambda word: (module.zlib.crc32(word), word))[:20]
    )
    assert encoding_of(path, "f") == "cp1251"


def test_every_byte_counts_of_words_that_are_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_WORDS", 1)
    path = tmp_path / "f"
    path.write_bytes("Дата Номер Звонок Входящий".encode("cp1251") + b" \x98")

    assert "cp1251" not in {codec for codec in CANDIDATES if module._Words(path).decoded(codec) is not None}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        pytest.param("Дата", "дЮРЮ", id="capitals within"),
        pytest.param("Länge", "Lдnge", id="two scripts"),
        pytest.param("Дата", "Äàòà", id="nothing but accents"),
        pytest.param("время", "врем€", id="a sign among letters"),
        pytest.param("Номер", "Ќомер", id="a rare letter"),
        pytest.param("дата", "─рЄр", id="frames"),
    ],
)
def test_likelier(right, wrong):
    assert likelihood(right) > likelihood(wrong) + 4


def test_text_and_none():
    assert looks_like_text(["Дата", "Номер", "Длительность"])
    assert not looks_like_text(["дЮРЮ", "мНЛЕП"])
    assert not looks_like_text(["Зіеснмхнбб", "Бсйимьт", "клюузт", "ДйЬскейб"])
