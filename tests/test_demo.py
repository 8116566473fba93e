"""The demo's export has the habits that real exports have, and converts without a question."""

import csv
import io
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

import callframe as cf
from callframe.demo import COLUMNS, messy_export

NOW = datetime(2026, 4, 30, 12, tzinfo=UTC)
EXPORT = messy_export(300, now=NOW)


def rows_of(export):
    """The calls, as lists of cells."""
    table = list(csv.reader(io.StringIO(export.decode("utf-8-sig"), newline=""), delimiter=";", strict=True))
    assert tuple(table[0]) == COLUMNS
    return table[1:-2]


def cells_of(column, export=EXPORT):
    return [row[COLUMNS.index(column)] for row in rows_of(export)]


def converted(export, now=NOW):
    options = {"time_zone": "Europe/Moscow", "region": "RU", "currency": "RUB", "now": now.timestamp()}
    return cf.convert(cf.read(io.BytesIO(export)), **options)


HABITS = {
    "Дата и время звонка": {
        "points": r"\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d",
        "points, no seconds": r"\d\d\.\d\d\.\d{4} \d\d:\d\d",
        "no leading zero": r"\d{1,2}\.\d\d\.\d{4} \d:\d\d",
        "slashes that prove the order": r"(1[3-9]|2\d|3[01])/\d\d/\d{4} \d{1,2}:\d\d:\d\d",
        "an hour of one digit": r"\d\d/\d\d/\d{4} \d:\d\d:\d\d",
        "year first, slashes": r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d",
        "naive ISO": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d",
        "ISO with an offset": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+03:00",
        "ISO, offset without a colon": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000",
        "ISO with Z": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z",
        "compact ISO": r"\d{8}T\d{6}Z",
        "Unix seconds": r"\d{10}",
        "Unix milliseconds": r"\d{13}",
        "Excel serial": r"461\d\d\.\d{4}",
        "RFC 2822": r"[A-Z][a-z]{2}, \d\d Apr 2026 \d\d:\d\d:\d\d \+0000",
        "a month in words": r"\d{1,2} апреля 2026 г\. \d\d:\d\d",
        "no time at all": "вчера вечером",
        "the future": r"\d\d\.\d\d\.2027 .*",
    },
    "Направление": {"inbound": "Входящий", "outbound": "Исходящий", "case and space": "входящий "},
    "Номер клиента": {
        "plus": r"\+7495\d{7}",
        "eight, brackets, hyphens": r"8 \(495\) \d{3}-\d\d-\d\d",
        "seven": r"7495\d{7}",
        "ten digits": r"495\d{7}",
        "a spreadsheet's float": r"7495\d{7}\.0",
        "an apostrophe": r"'\+7\d{10}",
        "a formula": r'="\+7\d{10}"',
        "a name before it": r'"Клиент" <7\d{10}>',
        "no-break spaces": "\\+7\u00a0495\u00a0.*",
        "lost digits": r"7\.9E\+10",
        "too short": r"8 \(495\) 123-45",
        "an extension": r"Ext\.\d+",
        "a login": r"reg\d+",
        "withheld": "Аноним|anonymous|скрытый номер",
        "a keypad word": r"\+7378742833",
        "nothing": "",
    },
    "Длительность разговора": {
        "seconds": r"\d+",
        "a float": r"\d+\.0",
        "h:mm:ss": r"\d:\d\d:\d\d",
        "minutes in words": r"\d+ мин \d+ сек",
        "hours in words": r"\d ч \d+ мин \d+ сек",
    },
    "Статус звонка": {
        "Russian": "Отвечен",
        "English": "Missed",
        "stray space": " отвечен",
        "a comma inside": "no money, no limit",
    },
    "Первичный звонок": {word: word for word in ("да", "Нет", "1", "0", "true", "false", "Yes", "No", "Y", "N")},
    "ClientID Метрики": {
        "digits": r"\d{19}",
        "stray spaces": r" \d{19} ",
        "an apostrophe": r"'\d{19}",
        "a power of ten": r"1,77512E\+18",
        "zeros for digits": r"\d{15}0000",
        "nothing": "",
    },
    "Сумма сделки": {
        "decimal comma": r"\d+,\d\d",
        "decimal point": r"\d+\.\d\d",
        "no-break space": "12\u00a0\\d{3},\\d\\d",
        "narrow no-break space": "3\u202f\\d{3}",
        "a currency behind": r"\d+,\d\d руб\.",
        "a sign before": r"\$\d+",
        "negative": "-500,00",
        "nothing": "",
    },
    "Валюта": {word: re.escape(word) for word in ("RUB", "RUR", "руб.", "₽", "рублей", "попугаев", "")},
    "Теги": {
        "a list": r"\[горячий, скидка\]",
        "quotes and a separator": 'просили "скидку"; дважды',
        "stray spaces": " не туда ",
        **{word: word for word in ("<не указано>", "Отсутствует", "null", "None", "-", "")},
    },
    "Страница звонка": {"no scheme": "//.*", "not ASCII": "https://магазин.*", "no page": "звонок с визитки"},
}


@pytest.mark.parametrize(
    ("column", "pattern"),
    [
        pytest.param(column, pattern, id=f"{column}: {habit}")
        for column, habits in HABITS.items()
        for habit, pattern in habits.items()
    ],
)
def test_every_habit_is_there(column, pattern):
    assert any(re.fullmatch(pattern, cell) for cell in cells_of(column))


def test_the_file_as_a_whole():
    lines = EXPORT.split(b"\r\n")

    assert EXPORT.startswith(b"\xef\xbb\xbf")
    assert (len(lines), lines[-1]) == (1 + 302 + 1, b"")
    assert lines[-3] == b";" * (len(COLUMNS) - 1)
    assert lines[-2].decode().startswith("Итого;")
    assert {len(row) for row in rows_of(EXPORT)} == {len(COLUMNS)}
    assert [name for name in COLUMNS if "куда" in name.lower()] == ["Откуда", "Куда"]


def test_some_calls_have_two_rows():
    pairs = list(zip(cells_of("ClientID Метрики"), cells_of("Дата и время звонка"), strict=True))
    twice = {pair for pair in pairs if pair[0] and pairs.count(pair) == 2}

    assert 5 <= len(twice) <= 10


def test_the_same_seed_and_time_give_the_same_bytes():
    assert messy_export(300, seed=7, now=NOW) == EXPORT
    assert messy_export(300, seed=8, now=NOW) != EXPORT
    assert messy_export(300, now=NOW - timedelta(days=1)) != EXPORT


def test_the_counts_add_up_and_most_calls_are_accepted():
    result = converted(EXPORT)

    assert result.rows == 302 == result.accepted.height + result.rejected.height + result.skipped.height
    inbound = sum(cell.strip().lower() == "входящий" for cell in cells_of("Направление"))
    assert result.accepted.height + result.rejected.height == inbound
    assert result.accepted.height > 0.8 * inbound
    reasons = set(result.skipped["reason"])
    assert {"blank line", "line of totals"} < reasons
    assert all("Направление" in reason for reason in reasons - {"blank line", "line of totals"})


@pytest.mark.parametrize("rows", [3, 20, 300])
@pytest.mark.parametrize("day", [1, 4, 12, 13, 14, 20, 28])
def test_it_converts_on_any_day_and_reads_no_time_wrong(rows, day):
    now = datetime(2026, 5, day, 12, tzinfo=UTC)
    accepted = converted(messy_export(rows, now=now), now).accepted
    latest, earliest = (now - timedelta(**span) for span in ({"hours": 1}, {"days": 20, "hours": 1, "minutes": 1}))

    assert accepted.height > 0
    assert accepted["DateTime"].is_between(int(earliest.timestamp()), int(latest.timestamp())).all()
    # A call's id starts with its time, and minutes are the coarsest way to write it.
    told = accepted.filter(pl.col("ClientId").str.len_chars() == 19)
    gap = told["ClientId"].str.head(10).cast(pl.Int64) - told["DateTime"]
    assert gap.is_between(-9, 60).all()


def test_dates_that_the_order_changes_are_there_and_proven():
    now = datetime(2026, 5, 14, 12, tzinfo=UTC)
    times = cells_of("Дата и время звонка", messy_export(300, now=now))

    assert any(re.match(r"(0\d|1[0-2])/05/2026 ", time) for time in times)
    assert any(re.match(r"(1[3-9]|2\d|3[01])/0[45]/2026 ", time) for time in times)


@pytest.mark.parametrize("rows", [4, 45])
@pytest.mark.parametrize("day", range(1, 32, 3))
def test_no_date_is_left_open(rows, day):
    """Where a date is one in either order, an inbound call's date proves the order."""
    for seed in range(20):
        export = messy_export(rows, seed=seed, now=datetime(2026, 5, day, 12, tzinfo=UTC))
        cells = zip(cells_of("Дата и время звонка", export), cells_of("Направление", export), strict=True)
        days = [(int(time[:2]), way) for time, way in cells if re.match(r"\d\d/", time)]
        assert not days or any(day > 12 and way.strip().lower() == "входящий" for day, way in days)


def test_strategies_without_hypothesis_name_their_extra():
    program = "import sys; sys.modules['hypothesis'] = None; import callframe.strategies"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "ImportError: strategies need their extra: pip install 'callframe[strategies]'\n" in done.stderr
