"""Where the names of a table stand, what stands around them, what cuts its cells: told by the file, or asked."""

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from callframe.errors import InputError, Unclear
from callframe.read import read
from callframe.read.layout import Layout, layout
from callframe.read.separators import separator_of

NAMES = ["Дата", "Номер", "Длительность", "Статус"]
CALL = ["03.04.2026 9:05", "84951234567", "65", "ANSWERED"]
BLANK = ["", "", "", ""]


def file(text, name="f.csv"):
    source = io.BytesIO(text.encode() if isinstance(text, str) else text)
    source.name = name
    return source


def told(option):
    """The arguments that an option of a question stands for."""
    return eval(f"dict({option.split(' (')[0]})")


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        pytest.param([NAMES, CALL], Layout(0, 1), id="names and rows"),
        pytest.param([NAMES], Layout(0, 1), id="names alone"),
        pytest.param([BLANK, NAMES, CALL], Layout(1, 2), id="blank lines above"),
        pytest.param([NAMES, BLANK, CALL], Layout(0, 1), id="a blank line below is a row"),
        pytest.param([["Отчёт"], NAMES, CALL], Layout(1, 2, ((1, "title"),)), id="a title"),
        pytest.param([["Отчёт", "", "", ""], NAMES, CALL], Layout(1, 2, ((1, "title"),)), id="a padded title"),
        pytest.param(
            [["Звонки за 01.04.2026 - 30.04.2026"], [], ["Проект", "Ромашка"], NAMES, CALL],
            Layout(3, 4, ((1, "title"), (3, "title"))),
            id="a title with dates, a pair",
        ),
        pytest.param([["", "Звонок", "", "Визит"], NAMES, CALL], Layout(1, 2, ((1, "title"),)), id="names of groups"),
        pytest.param(
            [NAMES, ["datetime", "varchar(20)", "INTEGER", "string"], CALL],
            Layout(0, 2, ((2, "types"),)),
            id="types",
        ),
        pytest.param([NAMES, ["дд.мм.гггг чч:мм", "", "сек.", ""], CALL], Layout(0, 2, ((2, "units"),)), id="units"),
        pytest.param(
            [NAMES, ["Date", "Phone", "Duration", "Status"], CALL],
            Layout(0, 2, ((2, "the names in another language"),)),
            id="in English below",
        ),
        pytest.param(
            [["Date", "Phone", "Duration", "Status"], NAMES, CALL],
            Layout(0, 2, ((2, "the names in another language"),)),
            id="in Russian below",
        ),
        pytest.param(
            [NAMES, [name.upper() for name in NAMES], CALL], Layout(0, 2, ((2, "the names again"),)), id="again"
        ),
        pytest.param([NAMES, ["скрыт", "нет", "да", "нет"], CALL], Layout(0, 1), id="a row of words stays a row"),
        pytest.param([NAMES, ["вчера", "", "", ""], CALL], Layout(0, 1), id="a row with one word stays a row"),
        pytest.param([NAMES, ["Date", "Phone", "Duration", "Status"]], Layout(0, 1), id="nothing proves a second line"),
        pytest.param([NAMES, CALL, ["Итого", "", "65", ""]], Layout(0, 1), id="a total is a row"),
        pytest.param([["№", *NAMES], ["1", *CALL]], Layout(0, 1), id="a sign for a name"),
        pytest.param([["Имя", "2025", "2026"], ["x", "2", "3"]], Layout(0, 1), id="years for names"),
        pytest.param([["a", "", "", ""], CALL], Layout(0, 1), id="names that are mostly blank"),
        pytest.param([["Время (UTC+03:00)", "b"], ["1", "2"]], Layout(0, 1), id="a zone in a name"),
        pytest.param([["a", "b"], ["c", "d"], ["e", "f"]], Layout(0, 1), id="words alone"),
        pytest.param([["Номер"], ["84951234567"]], Layout(0, 1), id="one column"),
    ],
)
def test_told_by_the_records(records, expected):
    assert layout(records, "f.csv") == expected


@pytest.mark.parametrize(
    ("records", "header", "expected"),
    [
        pytest.param([NAMES, CALL], False, Layout(None, 0), id="none"),
        pytest.param([["Отчёт", "", "", ""], NAMES, CALL], True, Layout(0, 1), id="the first, whatever it looks like"),
        pytest.param(
            [["x", "y"], ["z", "1"], NAMES, CALL], 3, Layout(2, 3, ((1, "title"), (2, "title"))), id="the third"
        ),
        pytest.param([CALL, CALL], 1, Layout(0, 1), id="a call"),
        pytest.param([BLANK, BLANK, NAMES, CALL], 2, Layout(2, 3), id="the next with text"),
    ],
)
def test_what_is_said_is_not_doubted(records, header, expected):
    assert layout(records, "f.csv", header) == expected


def test_lines_are_those_of_the_source():
    assert layout([["Отчёт"], NAMES, CALL], "f", lines=[3, 7, 8]).left_out == ((3, "title"),)
    assert layout([["Отчёт"], NAMES, CALL], "f", 7, lines=[3, 7, 8]).header == 1
    with pytest.raises(InputError, match=r"^read: f ends before line 9, where its names should stand\."):
        layout([NAMES, CALL], "f", 9)
    with pytest.raises(InputError, match=r"^read: f is empty\."):
        layout([BLANK], "f")


ASKED = [
    pytest.param("84951234567;03.04.2026 9:05;in\n84951234568;03.04.2026 9:06;in\n", ["False", "1"], id="no names"),
    pytest.param("84951234567;03.04.2026 9:05\n", ["False", "1"], id="one call"),
    pytest.param("1;2\n3;4\n", ["False", "1"], id="nothing but digits"),
    pytest.param(
        "in;101;2026-04-03 09:05:01;answered\nin;102;2026-04-03 09:06:01;x\n", ["False", "1"], id="words, too"
    ),
    pytest.param("Отчёт;;\nИмя;Статус;Тег\nИван;да;нет\n", ["1", "2"], id="no row has a value"),
    pytest.param("Отчёт;Ромашка;;\nИмя;Статус;Тег;\n1;2;3;4\n", ["1", "2"], id="a title that is too full"),
    pytest.param("a;01.04.2026;b;\nИмя;Статус;Тег;x\n1;2;3;4\n", ["False", "1", "2"], id="a row or a title"),
]


@pytest.mark.parametrize(("text", "answers"), ASKED)
def test_the_line_of_the_names_is_asked_and_each_option_settles_it(text, answers):
    with pytest.raises(Unclear) as caught:
        read(file(text))

    assert caught.value.question == "the file does not tell which line holds the column names, if any"
    assert [told(option) for option in caught.value.options] == [{"header": eval(answer)} for answer in answers]
    assert "84951234567" not in str(caught.value)
    for option in caught.value.options:
        header = told(option)["header"]
        assert read(
            file(text + "5;6;7;8\n"[: 2 * text.split("\n")[0].count(";") + 1] + "\n"), header=header
        ).origin.header == (header or None)


def test_a_file_without_names_is_read_where_that_is_said():
    text = "84951234567;03.04.2026 9:05\n"

    assert read(file(text), header=False).columns[1:] == ["column 1", "column 2"]
    assert read(file(text), header=False, columns=["who", "when"]).row(0)[1:] == ("84951234567", "03.04.2026 9:05")


def test_a_title_that_is_wider_than_the_names_is_named_by_the_advice():
    text = "Отчёт\nc 1 апреля, по 30 апреля, без выходных\nИмя,Статус\nИван,да\n"
    with pytest.raises(InputError, match=r"line 2 of f.csv has 3 cells, the header has 1\..*--header 2,"):
        read(file(text), separator=",")

    assert read(file(text), separator=",", header=3).columns[1:] == ["Имя", "Статус"]


@pytest.mark.parametrize(
    ("text", "separator", "left_out"),
    [
        pytest.param(
            "Отчёт, апрель\nПериод: 01.04 - 30.04, все\n\na;b;c\n1;2,5;3\n4;5,5;6\n", ";", (1, 2), id="commas in titles"
        ),
        pytest.param('sep=,\n"a;b","c;d"\n"1;2","3;4"\n', ",", (1,), id="sep="),
        pytest.param('"sep=\t"\na\tb;c\n1\t2;3\n', "\t", (1,), id="sep= in quotes"),
        pytest.param("SEP=;\ra;b\r1;2\r", ";", (1,), id="SEP= and CR"),
        pytest.param('"a;b","c;d"\n"1;2","3;4"\n', ",", (), id="the other one in every quoted cell"),
        pytest.param("Дата, время;Цена, руб\n03.04.2026, 9:05;1,5\n", ";", (), id="a comma in every cell"),
        pytest.param("a\tb\n1;2\t3;4\n", "\t", (), id="tab"),
        pytest.param("a|b\n1,5|2,5\n", "|", (), id="bar"),
        pytest.param("Дата\n1,5\n2,5\n", None, (), id="one column of decimals"),
        pytest.param("a;b\n" + '1;"x\ny, z, w\n"\n' * 3, ";", (), id="quoted line ends"),
        pytest.param("Отчёт\na,b\n1,2\n" + "\n" * 100, ",", (1,), id="blank lines below"),
    ],
)
def test_what_cuts_the_cells(text, separator, left_out):
    origin = read(file(text)).origin

    assert origin.separator == separator
    assert tuple(line for line, _ in origin.left_out) == left_out


def test_the_first_record_counts_where_it_is_said_to():
    assert separator_of("a;b\n1,2,3\n1,2,3\n1,2,3\n", headed=True) == ";"
    assert separator_of("1;2\nx,y,z\n1,2,3\n", headed=False) == ";"
    assert separator_of("a\n1\n", headed=None) is None
    assert separator_of('a;b\n"x', headed=None, whole=False) == ";"


def test_the_advice_on_a_title_with_odd_quotes_makes_it_pass():
    text = '"Ромашка" ООО;\nДата;Номер\n1;2\n'
    with pytest.raises(
        InputError, match=r"line 1 of f.csv is not closed\..* If it is a title, say in which line the names"
    ):
        read(file(text))

    assert read(file(text), header=2).columns[1:] == ["Дата", "Номер"]
    mended = text.replace('"Ромашка"', '"""Ромашка""').replace(" ООО;", ' ООО";')
    assert read(file(mended)).columns[1:] == ["Дата", "Номер"]


def test_the_advice_on_a_wrong_separator_makes_it_pass():
    with pytest.raises(InputError, match=r"more at ';'. Say --separator ';', or leave it out\."):
        read(file("a;b\n1;2\n"), separator=",")

    assert read(file("a;b\n1;2\n"), separator=";").columns == read(file("a;b\n1;2\n")).columns


def test_the_advice_on_what_is_no_name_makes_it_pass():
    text = "a;b\n1;2\n".encode("utf-16-le")
    with pytest.raises(InputError, match=r"Say its encoding|say its encoding, for example: --encoding utf-16-le"):
        read(file(text), encoding="utf-8")

    assert read(file(text), encoding="utf-16-le").columns[1:] == ["a", "b"]


WORD = st.sampled_from(
    ["Дата", "Номер", "Статус", "call id", "Длительность", "utm_source", "Имя, фамилия", "№", "a;b", 'x"y']
)
VALUE = st.sampled_from(["03.04.2026 9:05", "84951234567", "1,5", "65", "+7 (912) 345-67-89", "0:01:05"])
CELL = VALUE | st.sampled_from(["", "ANSWERED", "да", "Иванов, Пётр", "a\nb", 'ООО "Ромашка"', "сек"])
TITLE = st.sampled_from([["Отчёт по звонкам"], ["Период: 01.04.2026 - 30.04.2026"], [], ["", "Ромашка, ООО"]])


@st.composite
def tables(draw):
    """Titles, names, a second line or none, rows; each row holds a value."""
    names = draw(st.lists(WORD, min_size=3, max_size=6, unique=True).filter(lambda names: names[0] != "№"))
    width = len(names)
    rows = [
        [draw(VALUE), *row]
        for row in draw(st.lists(st.lists(CELL, min_size=width - 1, max_size=width - 1), min_size=1, max_size=8))
    ]
    titles = draw(st.lists(TITLE, max_size=3))
    second = draw(st.sampled_from([[], [["string"] * width]]))
    return titles, names, second, rows


def written(lines, separator, padded):
    text = io.StringIO(newline="")
    width = max(map(len, lines))
    csv.writer(text, delimiter=separator).writerows(line + [""] * (width - len(line)) * padded for line in lines)
    return text.getvalue()


@settings(max_examples=80)
@given(tables(), st.sampled_from(";,\t|"), st.booleans(), st.randoms(use_true_random=False))
@example(([["Отчёт"]], ["Дата", "Номер", "Статус"], [], [["65", "да", "да"]]), ";", True, None)
def test_titles_names_and_second_lines_are_told_apart_in_any_order_of_the_rows(table, separator, padded, order):
    titles, names, second, rows = table
    frames = []
    for _ in range(2):
        frame = read(file(written([*titles, names, *second, *rows], separator, padded)))
        assert [[cell or "" for cell in row[1:]] for row in frame.rows()] == rows
        frames.append(frame)
        if order:
            order.shuffle(rows)
    first, again = frames

    assert first.columns[1:] == [name.strip() for name in names]
    assert first.height == len(rows)
    assert len(first.origin.left_out) == sum(map(any, titles)) + len(second)
    assert again.origin == first.origin
