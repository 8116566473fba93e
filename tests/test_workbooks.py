"""A sheet becomes text, cell for cell, as its spreadsheet means it; a workbook that can't be read gets one sentence."""

import datetime as dt
import io
import json
import random
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import callframe as cf
from callframe.cli.ending import _run
from callframe.errors import InputError, OptionError, Unclear
from callframe.read import SOURCE_ROW, read

from .workbook_files import ods, xls, xlsb, xlsx

SAMPLES = Path(__file__).parent / "workbooks"
NAMES = ("Дата", "Номер")
MOMENT, DAY, CLOCK, SPAN = "dd.mm.yyyy hh:mm:ss", "dd.mm.yyyy", "hh:mm:ss", "[h]:mm:ss"


def cells_of(data, **options):
    """The rows of cells, without names and `source_row`."""
    return [row[1:] for row in read(io.BytesIO(data), **options).rows()]


def column_of(data, **options):
    """The cells of the only column."""
    return [cell for (cell,) in cells_of(data, **options)]


def table_of(frame):
    """Names, then rows of cells."""
    assert frame[SOURCE_ROW].to_list() == list(range(1, frame.height + 1))
    return [tuple(frame.columns[1:]), *(row[1:] for row in frame.rows())]


CALL = dt.datetime(2026, 11, 21, 14, 5)
TYPED = [
    pytest.param((CALL, MOMENT), "2026-11-21 14:05:00", id="a moment"),
    pytest.param((CALL, "m/d/yy h:mm AM/PM"), "2026-11-21 14:05:00", id="a moment in AM and PM"),
    pytest.param((CALL, '[$-419]d mmmm yyyy "г." h:mm'), "2026-11-21 14:05:00", id="a moment in Russian"),
    pytest.param((dt.datetime(2026, 11, 21, 14, 5, 59), MOMENT), "2026-11-21 14:05:59", id="seconds"),
    pytest.param((dt.datetime(2026, 11, 21, 14, 5, 0, 120_000), MOMENT), "2026-11-21 14:05:00.12", id="a fraction"),
    pytest.param((dt.date(2026, 11, 21), DAY), "2026-11-21", id="a day"),
    pytest.param((dt.time(9, 5), "hh:mm"), "09:05:00", id="a time of day"),
    pytest.param((dt.time(0, 0), "hh:mm"), "00:00:00", id="midnight alone"),
    pytest.param((dt.timedelta(hours=26, minutes=10, seconds=5), SPAN), "26:10:05", id="more than a day"),
    pytest.param((dt.timedelta(seconds=95), SPAN), "00:01:35", id="a span"),
    pytest.param((dt.timedelta(seconds=95), "mm:ss"), "00:01:35", id="a span as minutes and seconds"),
    pytest.param((dt.timedelta(seconds=95.5), "mm:ss.0"), "00:01:35.5", id="half a second"),
    pytest.param((dt.timedelta(seconds=5999), "[mm]:ss"), "01:39:59", id="a span of minutes"),
    pytest.param((1500.0,), "1500", id="a whole number"),
    pytest.param((1500, "0.00"), "1500", id="a whole number with places"),
    pytest.param((1234.5,), "1234.5", id="a fraction of a number"),
    pytest.param((1234.5, '# ##0.00 "₽"'), "1234.5", id="money"),
    pytest.param((0.1 + 0.2,), "0.3", id="arithmetic"),
    pytest.param((118.8 * 1.1,), "130.68", id="a price that was computed"),
    pytest.param((0.00001,), "0.00001", id="a small number"),
    pytest.param((-3,), "-3", id="below zero"),
    pytest.param((-0.25,), "-0.25", id="a fraction below zero"),
    pytest.param((46347.5,), "46347.5", id="the serial of a moment, not shown as one"),
    pytest.param((0.5, "0%"), "0.5", id="a percentage"),
    pytest.param((5, '0 "дней"'), "5", id="a number with letters beside it"),
    pytest.param((79123456789, "0"), "79123456789", id="a phone"),
    pytest.param((123456789012345,), "123456789012345", id="15 digits"),
    pytest.param((1234567890123456,), "1234567890123456", id="16 digits that are exact"),
    pytest.param((1700000000123456789,), "1.700000000123457e+18", id="digits that are gone"),
    pytest.param((True,), "true", id="true"),
    pytest.param((False,), "false", id="false"),
    pytest.param(("007",), "007", id="digits as text"),
    pytest.param(("1700000000123456789",), "1700000000123456789", id="an id as text"),
    pytest.param((" a\nb ",), " a\nb ", id="text with a line end"),
    pytest.param(("PT1M5S",), "PT1M5S", id="a text that ISO calls a duration"),
]


@pytest.mark.parametrize("since_1904", [False, True], ids=["1900", "1904"])
@pytest.mark.parametrize(("cell", "text"), TYPED)
def test_typed_cells_become_text(cell, text, since_1904):
    rows = [[("x",)], [cell], [("end",)]]

    assert column_of(xlsx(rows, date_1904=since_1904), header=1) == [text, "end"]


@pytest.mark.parametrize("since_1904", [False, True], ids=["1900", "1904"])
def test_the_old_format_says_the_same(since_1904):
    not_written = ("half a second", "a fraction", "a moment in Russian")
    cells = [case.values for case in TYPED if case.id not in not_written]
    rows = [[("x",)], *([cell] for cell, _ in cells)]

    assert column_of(xls(rows, dates_1904=since_1904), header=1) == [text for _, text in cells]


def test_an_open_document_says_the_same():
    typed = {
        "2026-11-21 14:05:00": {"valuetype": "date", "datevalue": "2026-11-21T14:05:00"},
        "2026-11-21 14:05:00.12": {"valuetype": "date", "datevalue": "2026-11-21T14:05:00.120"},
        "2026-11-21": {"valuetype": "date", "datevalue": "2026-11-21"},
        "09:05:00": {"valuetype": "time", "timevalue": "PT09H05M00S"},
        "26:10:05": {"valuetype": "time", "timevalue": "PT26H10M05S"},
        "-00:05:00": {"valuetype": "time", "timevalue": "-PT00H05M00S"},
        "00:01:35.5": {"valuetype": "time", "timevalue": "PT00H01M35.5S"},
        "1500": {"valuetype": "float", "value": "1500"},
        "1234.5": {"valuetype": "currency", "currency": "RUB", "value": "1234.5"},
        "1.700000000123457e+18": {"valuetype": "float", "value": "1700000000123456789"},
        "true": {"valuetype": "boolean", "booleanvalue": "true"},
        "007": "007",
    }

    assert column_of(ods(["x"], *([cell] for cell in typed.values())), header=1) == list(typed)


def test_a_binary_workbook_says_the_same():
    frame = read(io.BytesIO(xlsb(NAMES, ["03.04.2026 9:05", 79123456789.0], ["04.04.2026 9:05", 1.7e18], [True, 1.5])))

    assert table_of(frame) == [
        NAMES,
        ("03.04.2026 9:05", "79123456789"),
        ("04.04.2026 9:05", "1.700000000000000e+18"),
        ("true", "1.5"),
    ]
    assert frame.origin.kind == "XLSB"


ROWS = [
    ["Отчёт о звонках"],
    [],
    ["Дата", "Номер", "Длительность", "ClientID", "Сумма"],
    [(CALL, MOMENT), "8 (495) 123-45-67", (dt.timedelta(seconds=95), CLOCK), "1700000000123456789", (1500, "0.00")],
    [(dt.datetime(2026, 11, 22), MOMENT), (79123456789, "0"), (dt.timedelta(hours=26), SPAN), None, 12.5],
]


@pytest.mark.parametrize(("name", "midnight"), [("calls.xls", "2026-11-22 00:00:00"), ("calls.ods", "2026-11-22")])
def test_what_another_program_wrote_reads_as_what_it_was_made_of(name, midnight):
    """LibreOffice wrote these files from `xlsx(ROWS)`; an ODS does not say that midnight is a time."""
    made, written = read(io.BytesIO(xlsx(ROWS))), read(SAMPLES / name)

    assert table_of(made) == [
        ("Дата", "Номер", "Длительность", "ClientID", "Сумма"),
        ("2026-11-21 14:05:00", "8 (495) 123-45-67", "00:01:35", "1700000000123456789", "1500"),
        ("2026-11-22 00:00:00", "79123456789", "26:00:00", None, "12.5"),
    ]
    assert written["Дата"].to_list() == ["2026-11-21 14:05:00", midnight]
    assert_frame_equal(written.drop("Дата"), made.drop("Дата"))
    assert written.origin.header == made.origin.header == 3


both = pytest.mark.parametrize("book", [xlsx, xls], ids=["XLSX", "XLS"])


@both
def test_midnight_is_a_time_where_the_cell_shows_hours(book):
    midnight = dt.datetime(2026, 11, 22)
    shown = {
        MOMENT: "2026-11-22 00:00:00",
        DAY: "2026-11-22",
        "m/d/yy h:mm": "2026-11-22 00:00:00",
        '"h" dd.mm.yyyy': "2026-11-22",
        "[$-419]dd.mm.yyyy h:mm": "2026-11-22 00:00:00",
    }

    assert column_of(book([["x"], *([(midnight, form)] for form in shown)]), header=1) == [*shown.values()]


@both
def test_a_time_below_zero_is_not_the_time_of_day_that_is_left_of_it(book):
    negative = [(-0.25, CLOCK), (-0.25, SPAN), (-1.5, DAY), (-0.25, MOMENT), (-1, DAY), (-0.01, CLOCK)]
    texts = ["-0.25", "-06:00:00", "-1.5", "-0.25", "-1", "-0.01"]

    assert column_of(book([["x"], *([cell] for cell in negative)]), header=1) == texts


ERRORS = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_keeps_its_text(error):
    data = xlsx([["x"], [], ["end"]], write=lambda book, sheet: sheet.write_formula(1, 0, "=A1", None, error))
    old = xls([["x"], [], ["end"]], write=lambda book, sheet: sheet.row(1).set_cell_error(0, ERRORS[error]))

    assert column_of(data, header=1) == column_of(old, header=1) == [error, "end"]


def test_what_is_left_of_a_formula_counts():
    def write(book, sheet):
        sheet.write_formula(1, 0, "=1+1", None, 2)
        sheet.write_formula(2, 0, '="a"&"b"', None, "ab")
        sheet.write_formula(3, 0, "=TRUE()", None, True)

    assert column_of(xlsx([["x"]], write=write), header=1) == ["2", "ab", "true"]
    assert column_of((SAMPLES / "formulas.xls").read_bytes(), header=1) == ["2", "-0.25", "#DIV/0!", "#N/A", "end"]


moments = st.datetimes(dt.datetime(1904, 1, 3), dt.datetime(2100, 12, 31)).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)


@settings(max_examples=25)
@given(moments=st.lists(moments, min_size=1, max_size=20), since_1904=st.booleans())
def test_every_moment_is_the_one_that_was_written(moments, since_1904):
    rows = [["x", "y"], *([(moment, MOMENT), "end"] for moment in moments)]
    read_back = [row[0] for row in cells_of(xlsx(rows, date_1904=since_1904), header=1)]

    assert [dt.datetime.fromisoformat(text) for text in read_back] == moments
    assert all(len(text) > 10 for text in read_back)


@settings(max_examples=25)
@given(
    numbers=st.lists(
        st.integers(-(2**53) + 1, 2**53 - 1)
        | st.decimals(-99_999_999, 99_999_999, places=6).filter(lambda number: len(number.as_tuple().digits) <= 15),
        min_size=1,
        max_size=20,
    )
)
def test_every_number_of_15_digits_and_every_exact_whole_one_keeps_them(numbers):
    rows = [["x", "y"], *([number, "end"] for number in numbers)]

    texts = [row[0] for row in cells_of(xlsx(rows), header=1)]

    assert [Decimal(text) for text in texts] == numbers
    assert not any(re.search("[eE]|[.]0*$", text) for text in texts)


@settings(max_examples=25)
@given(seconds=st.lists(st.integers(0, 4_000_000), min_size=1, max_size=20))
def test_every_span_keeps_its_seconds(seconds):
    rows = [["x", "y"], *([(dt.timedelta(seconds=span), SPAN), "end"] for span in seconds)]

    for span, (text, _) in zip(seconds, cells_of(xlsx(rows), header=1), strict=True):
        hours, minutes, rest = map(int, text.split(":"))
        assert (hours * 60 + minutes) * 60 + rest == span


@pytest.mark.parametrize("column", ["ClientId", "Yclid"])
@pytest.mark.parametrize("write", [xlsx, xls], ids=["XLSX", "XLS"])
def test_an_id_whose_digits_are_gone_is_rejected_with_that_reason(column, write):
    ids = [1700000000123456789, 1.7e18, 2**53, 2**53 - 1, 123456789012345, "1700000000123456789"]
    rows = [[column, "DateTime"], *([number, (CALL, MOMENT)] for number in ids)]

    result = cf.convert(read(io.BytesIO(write(rows))), "metrica", time_zone="Europe/Moscow", now=1795300000)

    assert result.accepted[column].to_list() == ["9007199254740991", "123456789012345", "1700000000123456789"]
    lost = result.findings.filter(result.findings["message"] == "digits lost in a spreadsheet")
    assert lost["source_row"].to_list() == [1, 2, 3]


SHEET = [NAMES, ["03.04.2026 9:05", "8 (495) 123-45-67"]]
OTHER = [("a", "b"), ("1", "2")]


@pytest.mark.parametrize(
    ("sheets", "options", "sheet"),
    [
        pytest.param([SHEET], {}, "Лист1", id="the only one"),
        pytest.param([[], SHEET, [[" "]]], {}, "Лист2", id="the only one that holds anything"),
        pytest.param([SHEET, OTHER], {"sheet": "Лист2"}, "Лист2", id="by name"),
        pytest.param([SHEET, OTHER], {"sheet": "лист2 "}, "Лист2", id="by name in another case"),
        pytest.param([SHEET, OTHER], {"sheet": 2}, "Лист2", id="by number"),
        pytest.param([SHEET, OTHER], {"sheet": "2"}, "Лист2", id="by number as text"),
        pytest.param([("2", SHEET), ("1", OTHER)], {"sheet": "2"}, "2", id="a name of digits wins"),
        pytest.param([("2", SHEET), ("1", OTHER)], {"sheet": 2}, "1", id="a number is no name"),
        pytest.param([("A", OTHER), ("a ", SHEET)], {"sheet": "A"}, "A", id="the very name wins"),
    ],
)
def test_the_sheet_that_is_meant_is_read(sheets, options, sheet):
    raw = read(io.BytesIO(xlsx(*sheets)), **options)

    assert raw.origin.sheet == sheet
    assert table_of(raw) == [
        tuple(row)
        for row in dict((f"Лист{n}", s) if isinstance(s, list) else s for n, s in enumerate(sheets, 1))[sheet]
    ]


def hidden(book, sheet):
    other = book.add_worksheet("скрытый")
    other.hide()
    other.write_row(0, 0, ["a", "b"])
    other.write_row(1, 0, ["1", "2"])
    deep = book.add_worksheet("глубоко")
    deep.very_hidden()
    deep.write(0, 0, "x")
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Лист1!$A$1:$A$2"})
    book.add_chartsheet("график").set_chart(chart)


def test_a_hidden_sheet_counts_only_if_it_is_named():
    data = xlsx(SHEET, write=hidden)

    assert read(io.BytesIO(data)).origin.sheet == "Лист1"
    assert table_of(read(io.BytesIO(data), sheet="скрытый")) == OTHER
    with pytest.raises(InputError, match=r"no sheet .* that can be seen .* --sheet 'скрытый'"):
        read(io.BytesIO(xlsx([], write=lambda book, sheet: (hidden(book, sheet), None)[1])))


def test_hidden_rows_and_columns_are_read():
    def write(book, sheet):
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})

    assert table_of(read(io.BytesIO(xlsx(SHEET, write=write)))) == [tuple(row) for row in SHEET]


def test_several_sheets_are_a_question_whose_every_answer_helps():
    data = xlsx(("Входящие звонки", SHEET), ("Справка", OTHER))

    with pytest.raises(Unclear) as asked:
        read(io.BytesIO(data))

    assert asked.value.readings == (
        "Входящие звонки: cells up to row 2, column 2",
        "Справка: cells up to row 2, column 2",
    )
    assert asked.value.options[0] == "sheet='Входящие звонки' (--sheet 'Входящие звонки')"
    answers = [re.match(r"sheet='(.*)' \(", option)[1] for option in asked.value.options]
    assert [read(io.BytesIO(data), sheet=answer).height for answer in answers] == [1, 1]


@pytest.mark.parametrize("wanted", ["Звонки", "3", 3, "0"])
def test_a_sheet_that_is_not_there_is_named_with_those_that_are(wanted):
    with pytest.raises(InputError, match=re.escape(f"has no sheet {wanted!r}. It has Лист1, Лист2.")):
        read(io.BytesIO(xlsx(SHEET, OTHER)), sheet=wanted)


@pytest.mark.parametrize("wanted", [0, -1, True, "", " ", 1.5], ids=repr)
def test_what_can_be_no_sheet_is_refused(wanted):
    with pytest.raises(OptionError, match="is not a sheet"):
        cf.FileOptions(sheet=wanted)


def grouped(book, sheet):
    """Two rows of names: a title over two of them, and one that reaches down."""
    sheet.merge_range(0, 0, 1, 0, "Дата")
    sheet.merge_range(0, 1, 0, 2, "Клиент")
    sheet.write_row(1, 1, ["Номер", "Имя"])
    sheet.write_row(2, 0, ["03.04.2026 9:05", "8 (495) 123-45-67", "Анна"])


def wide_names(book, sheet):
    """Names and cells that reach over two columns each, as reports are laid out for print."""
    for row, cells in enumerate(SHEET):
        for place, cell in enumerate(cells):
            sheet.merge_range(row, 2 * place, row, 2 * place + 1, cell)


def merged_title(book, sheet):
    sheet.merge_range(0, 0, 1, 1, "Звонки за апрель")
    for row, cells in enumerate(SHEET):
        sheet.write_row(row + 3, 0, cells)


CELLS = tuple(SHEET[1])


@pytest.mark.parametrize(
    ("data", "options", "expected", "header", "left_out"),
    [
        pytest.param(xlsx([["Звонки"], [], *SHEET]), {}, [NAMES, CELLS], 3, ((1, "title"),), id="a title"),
        pytest.param(
            xlsx([[], [], *([None, None, *row] for row in SHEET)]), {}, [NAMES, CELLS], 3, (), id="not in the corner"
        ),
        pytest.param(
            xlsx([NAMES, ["date", "string"], CELLS]),
            {},
            [NAMES, CELLS],
            1,
            ((2, "types"),),
            id="a second line of names",
        ),
        pytest.param(
            xlsx([], write=grouped),
            {},
            [("Дата", "Номер", "Имя"), (*CELLS, "Анна")],
            2,
            ((1, "title"),),
            id="names in two rows",
        ),
        pytest.param(xlsx([], write=wide_names), {}, [NAMES, CELLS], 1, (), id="cells over two columns"),
        pytest.param(
            xlsx([], write=merged_title), {}, [NAMES, CELLS], 4, ((1, "title"), (2, "title")), id="a title over columns"
        ),
        pytest.param(
            xlsx([NAMES, CELLS, [], CELLS, [], [" "]]),
            {},
            [NAMES, CELLS, (None, None), CELLS],
            1,
            (),
            id="rows of nothing among rows and behind them",
        ),
        pytest.param(
            xlsx([[*NAMES, None, None], [*CELLS, None, "x"]]),
            {},
            [(*NAMES, "column 4"), (*CELLS, "x")],
            1,
            (),
            id="columns without names",
        ),
        pytest.param(
            xlsx([["a", "a", "source_row"], [*CELLS, "x"]]),
            {},
            [("a", "a (2)", "source_row (2)"), (*CELLS, "x")],
            1,
            (),
            id="names twice",
        ),
        pytest.param(
            xlsx([["x"], OTHER[0], CELLS]), {"header": 2}, [OTHER[0], CELLS], 2, ((1, "title"),), id="a stated line"
        ),
        pytest.param(
            xlsx([*([],) * 60, NAMES, CELLS]), {"header": 61}, [NAMES, CELLS], 61, (), id="a stated line far down"
        ),
        pytest.param(
            xlsx([CELLS]),
            {"header": False, "columns": ["when"]},
            [("when", "column 2"), CELLS],
            None,
            (),
            id="no names",
        ),
        pytest.param(
            xlsx([[(2026, "0"), "x"], CELLS]), {"header": 1}, [("2026", "x"), CELLS], 1, (), id="a number as a name"
        ),
    ],
)
def test_names_are_found(data, options, expected, header, left_out):
    raw = read(io.BytesIO(data), **options)

    assert table_of(raw) == expected
    assert (raw.origin.header, raw.origin.left_out) == (header, left_out)


@pytest.mark.parametrize(
    ("data", "options", "sentence"),
    [
        pytest.param(xlsx([]), {}, "is empty. Export it again.", id="empty"),
        pytest.param(xlsx([[" "]]), {}, "is empty. Export it again.", id="a space"),
        pytest.param(xlsx([NAMES]), {}, "has a header (Дата, Номер) and no rows.", id="names alone"),
        pytest.param(xlsx(SHEET), {"header": 7}, "ends before line 7", id="a line behind the last"),
        pytest.param(xlsx(SHEET)[:-30], {}, "is not a whole workbook.", id="cut off"),
        pytest.param(xlsx(SHEET)[:200], {}, "is not a whole workbook.", id="cut off early"),
        pytest.param(xls(SHEET)[:1000], {}, "is not a whole workbook.", id="an old one cut off"),
        pytest.param((SAMPLES / "calls.xls").read_bytes()[:-10], {}, "is not a whole workbook.", id="just cut off"),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), {}, "is not a whole workbook.", id="a mark alone"
        ),
        pytest.param((SAMPLES / "encrypted.xlsx").read_bytes(), {}, "is protected by a password.", id="a password"),
        pytest.param(
            xlsx(
                [["a"]], write=lambda book, sheet: (sheet.write(1_048_575, 0, "x"), sheet.write(0, 16_383, "y"), 0)[2]
            ),
            {},
            "reach as far as row 1048576 and column 16384. Delete what stands far from the table",
            id="a cell in a far corner",
        ),
    ],
)
def test_a_workbook_that_cannot_be_read_gets_one_sentence(data, options, sentence, tmp_path):
    path = tmp_path / "calls.xlsx"
    path.write_bytes(data)

    with pytest.raises(InputError) as raised:
        read(path, **options)

    assert sentence in str(raised.value)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)


def parts_of(data, change):
    """The same packed workbook with each part as `change` makes it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            changed = change(name, old.read(name))
            if changed is not None:
                new.writestr(name, changed)
    return made.getvalue()


def patched(data, old, new):
    assert data.count(old) == 1
    return data.replace(old, new)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(
            patched(xls(SHEET), b"\xe1\x00\x02\x00", b"\x2f\x00\x02\x00"),
            "is protected by a password.",
            id="an old password",
        ),
        pytest.param(
            patched(xls(SHEET), b"\x00\x02\x0e\x00\x00", b"\x00\x02\x0e\x00\x09"),
            "reach as far as row",
            id="a size below zero",
        ),
        pytest.param(
            patched(xls(SHEET), b"\xfd\x00\x0a\x00\x01\x00\x01\x00", b"\xfd\x00\x0a\x00\x01\x00\xff\xff"),
            "reach as far as row 2 and column 65536",
            id="a column that no sheet has",
        ),
        pytest.param(
            parts_of(xlsb(*SHEET), lambda name, part: part.replace(b"\x00\x11\x01\0\0\0", b"\x00\x11\x01\0\0\x7f")),
            "of sheet xl/worksheets/sheet1.bin of the input reach as far as row",
            id="a row that no sheet has",
        ),
        pytest.param(
            patched(xlsb(*SHEET), b"\x00\x11\x01\0\0\0", b"\x00\x11\x02\0\0\0"),
            "is not a whole workbook",
            id="a changed byte",
        ),
    ],
)
def test_what_calamine_would_take_at_its_word_is_refused(data, sentence):
    with pytest.raises(InputError, match=re.escape(sentence)):
        read(io.BytesIO(data))


def prefixed(name, part):
    """Every tag with a prefix, as some writers spell them."""
    if "worksheets/" not in name:
        return part
    return re.sub(rb"<(/?)([a-zA-Z])", rb"<\1x:\2", part).replace(b'xmlns="', b'xmlns:x="')


def without_places(name, part):
    """Cells and rows that do not say where they stand."""
    return re.sub(rb'(<(?:c|row)) r="[A-Z0-9]+"', rb"\1", part) if "worksheets/" in name else part


def quoted_otherwise(name, part):
    return re.sub(rb'="([^"\']*)"', rb"='\1'", part) if "worksheets/" in name else part


def error_and_midnight(book, sheet):
    sheet.write_formula(1, 1, "=A1", None, "#REF!")


@pytest.mark.parametrize("change", [prefixed, without_places, quoted_otherwise])
def test_other_spellings_of_the_same_xml_are_understood(change):
    rows = [["a", "b", "c"], [(dt.datetime(2026, 11, 22), MOMENT), None, (-0.25, CLOCK)], [(CALL, MOMENT), "x", "y"]]
    plain = xlsx(rows, write=error_and_midnight)

    assert cells_of(plain, header=1)[0] == ("2026-11-22 00:00:00", "#REF!", "-0.25")
    if change is not without_places:  # a row there has no place for a cell that is left out
        assert cells_of(parts_of(plain, change), header=1) == cells_of(plain, header=1)
    else:
        full = xlsx([row if n != 1 else [row[0], "-", row[2]] for n, row in enumerate(rows)])
        assert cells_of(parts_of(full, change), header=1) == cells_of(full, header=1)


@pytest.mark.parametrize(
    "absent", ["_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/workbook.xml", "xl/worksheets/sheet1.xml"]
)
def test_a_workbook_without_a_part_is_not_whole(absent):
    with pytest.raises(InputError, match="is not a whole workbook"):
        read(io.BytesIO(parts_of(xlsx(SHEET), lambda name, part: None if name == absent else part)))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "data", [xlsx(ROWS), xls(ROWS), (SAMPLES / "calls.ods").read_bytes()], ids=["XLSX", "XLS", "ODS"]
)
def test_damage_ends_in_a_frame_or_one_sentence(data, seed):
    chance = random.Random(seed)
    for _ in range(25):
        damaged = bytearray(data)
        for _ in range(chance.randrange(1, 6)):
            damaged[chance.randrange(len(data))] = chance.randrange(256)
        try:
            outcome = str(read(io.BytesIO(damaged)))
        except InputError as error:
            outcome = str(error)
        assert outcome
        assert not re.search("[0-9]{11}", outcome)


PAGE = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta http-equiv="Content-Type" content="text/html; charset={charset}"><title>Звонки</title>
<style>td {{ mso-number-format: "\\@" }}</style></head><body><h1>Отчёт</h1><table border=1>
<tr><th>Дата</th><th>Номер</th><th>Клиент<br>(имя)</th></tr>
<tr><td>03.04.2026 9:05</td><td>8 (495)&nbsp;123-45-67</td><td> Анна
 &amp; Ко<script>1 < 2</script></td></tr>
<tr><td>04.04.2026 9:05<td>1700000000123456789<td>
</table></body></html>"""
PAGE_ROWS = [
    ("Дата", "Номер", "Клиент (имя)"),
    ("03.04.2026 9:05", "8 (495)\u00a0123-45-67", "Анна & Ко"),
    ("04.04.2026 9:05", "1700000000123456789", None),
]


@pytest.mark.parametrize(
    ("charset", "mark"),
    [
        pytest.param("utf-8", b"", id="UTF-8"),
        pytest.param("windows-1251", b"", id="cp1251"),
        pytest.param("utf-8", b"\xef\xbb\xbf", id="UTF-8 with its mark"),
        pytest.param("utf-16", b"", id="UTF-16 with its mark"),
    ],
)
def test_a_page_that_is_a_table_is_read_under_any_name(charset, mark, tmp_path):
    path = tmp_path / "calls.xls"
    path.write_bytes(mark + PAGE.format(charset=charset).encode(charset))

    raw = read(path)

    assert table_of(raw) == PAGE_ROWS
    assert (raw.origin.kind, raw.origin.header) == ("HTML", 1)


def test_a_page_in_utf8_is_so_whatever_it_still_says_of_itself():
    for charset in ("windows-1251", "iso-8859-1"):
        assert table_of(read(io.BytesIO(PAGE.format(charset=charset).encode()))) == PAGE_ROWS


def test_a_page_that_names_no_encoding_is_seen_through():
    page = re.sub("<meta.*>", "", PAGE).format(charset="").encode("cp1251")

    assert table_of(read(io.BytesIO(page))) == PAGE_ROWS
    assert table_of(read(io.BytesIO(page), encoding="cp1251")) == PAGE_ROWS


def test_cells_that_reach_over_others_keep_columns_in_line():
    page = """<table><tr><td rowspan=2>Дата</td><td colspan=2>Клиент</td></tr><tr><td>Номер</td><td>Имя</td></tr>
    <tr><td>03.04.2026 9:05</td><td rowspan="2">8 (495) 123-45-67</td><td>Анна</td></tr>
    <tr><td>03.04.2026 9:06</td><td>Яна</td></tr></table>"""

    assert table_of(read(io.BytesIO(page.encode()))) == [
        ("Дата", "Номер", "Имя"),
        ("03.04.2026 9:05", "8 (495) 123-45-67", "Анна"),
        ("03.04.2026 9:06", None, "Яна"),
    ]


@pytest.mark.parametrize(
    ("page", "what"),
    [
        pytest.param("<html><body>Сессия истекла</body></html>", "a web page or XML without a table", id="no table"),
        pytest.param('<?xml version="1.0"?><Workbook><Worksheet/></Workbook>', "XML without a table", id="XML"),
        pytest.param("<table><tr><td>a</table><table><tr><td>b</table>", "not one table", id="two tables"),
        pytest.param("<table><tr><td><table><tr><td>a</table></table>", "not one table", id="a table in a table"),
        pytest.param("<table><tr><td> </table>", "not one table", id="no text"),
        pytest.param('<meta charset="nope"><table><tr><td>a</table>', "is not the nope text", id="no such encoding"),
    ],
)
def test_any_other_page_gets_one_sentence(page, what, tmp_path):
    path = tmp_path / "calls.xls"
    path.write_bytes(page.encode())

    with pytest.raises(InputError, match=f"{what}.* inside, whatever its name says. Open it in a spreadsheet"):
        read(path)


def test_the_content_decides_not_the_name(tmp_path):
    for name, data in (
        ("a.xls", "Дата;Номер\n03.04.2026 9:05;8 (495) 123-45-67\n".encode("cp1251")),
        ("a.csv", xlsx(SHEET)),
        ("a.xlsx", xls(SHEET)),
        ("b.xls", xlsx(SHEET)),
    ):
        (tmp_path / name).write_bytes(data)

        assert table_of(read(tmp_path / name)) == [NAMES, CELLS]


def test_a_packed_folder_that_is_no_workbook_is_called_so():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        packed.writestr("calls.csv", "a;b\n1;2\n")

    with pytest.raises(InputError) as raised:
        read(io.BytesIO(data.getvalue()))

    assert "workbook" not in str(raised.value)


METRICA = [
    ["ClientId", "DateTime", "Price", "Currency", "TalkDuration"],
    ["1700000000123456789", (CALL, MOMENT), 1500.5, "RUB", (dt.timedelta(seconds=95), CLOCK)],
    [1700000000123456789, (CALL, MOMENT), None, None, None],
]


def test_a_workbook_goes_the_whole_way(tmp_path):
    path, out = tmp_path / "calls.xlsx", tmp_path / "out.csv"
    path.write_bytes(xlsx(("Звонки", METRICA), ("Итоги", [["всего", 2]])))
    mapping = tmp_path / "my.toml"
    mapping.write_text(
        '[file]\nsheet = "Звонки"\n[columns]\nClientId = "ClientId"\nDateTime = "DateTime"\nPrice = "Price"\n'
        'Currency = "Currency"\nTalkDuration = "TalkDuration"\n',
        encoding="utf-8",
    )

    done = cf.convert_file(path, cf.Mapping.load(mapping), out=out, time_zone="Europe/Moscow", now=1795300000)

    assert (done.tally.rows, done.tally.accepted, done.tally.rejected) == (2, 1, 1)
    assert pl.read_csv(out, infer_schema=False).select(METRICA[0]).rows() == [
        ("1700000000123456789", "1795259100", "1500.50", "RUB", "95")
    ]
    assert cf.Mapping.from_dict({"file": {"sheet": 2}, "columns": {}}).file.sheet == 2


@pytest.mark.parametrize("command", ["convert", "mapping", "show"])
def test_the_command_line_asks_for_the_sheet_and_takes_it(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("calls.xlsx").write_bytes(xlsx(("Входящие звонки", METRICA), ("Итоги", OTHER)))
    options = ["--time-zone", "Europe/Moscow", "--now", "1795300000", "--force"] if command == "convert" else []

    def run(*more):
        return _run([command, "calls.xlsx", *options, *more]), *capsys.readouterr()

    code, out, error = run()
    assert (code, out) == (2, "")
    assert "--sheet 'Входящие звонки'" in error
    assert run("--sheet", "Входящие звонки")[0] == 0
    if command != "mapping":
        assert json.loads(run("--sheet", "1", "--json")[1])["rows"] == 2
