"""What `read` gives shows what was understood, in a terminal and in a notebook, and nothing personal."""

import copy
import io
import json
import pickle
import re
import sys
from datetime import UTC, datetime
from html.parser import HTMLParser

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from rich.cells import cell_len

import callframe as cf
from callframe.cli.ending import _run
from callframe.demo import messy_export
from callframe.errors.masks import ends, masked
from callframe.read import FileOptions, Origin, RawFrame, read
from callframe.read.display import WIDTH, Display
from callframe.read.looks import ROWS, looks
from callframe.read.showing import shown

NOW = datetime(2026, 4, 30, 12, tzinfo=UTC)
CSV = "Дата;Номер;Длительность\n03/04/2026 9:05;8 (495) 123-45-67;1:35\n04/04/2026 10:05;+79123456789;2:10\n"


def look(cells):
    return looks(pl.DataFrame({"x": cells}, schema={"x": pl.String}))[0]


@pytest.fixture
def demo(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "export.csv").write_bytes(messy_export(300, now=NOW))
    return read("export.csv")


def test_text(demo, golden):
    golden("raw.txt", f"{demo}\n")


def test_notebook(demo, golden):
    page = f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"></head><body>{demo._repr_html_()}</body></html>\n'

    golden("raw.html", page)


@pytest.mark.parametrize(
    ("cells", "kind", "samples", "asks"),
    [
        pytest.param([None, " ", "<не указано>"], "empty", (), (), id="nothing"),
        pytest.param(["2026-04-03T09:05:00Z"], "times", ("2026-04-03T09:05:00Z",), (), id="times with a zone"),
        pytest.param(["2026-04-03 09:05"], "times", ("2026-04-03 09:05",), ("time_zone",), id="times without one"),
        pytest.param(
            ["03/04/2026 9:05", "15/04/2026 9:05"],
            "times, day first",
            ("03/04/2026 9:05", "15/04/2026 9:05"),
            ("time_zone",),
            id="an order that is proven",
        ),
        pytest.param(
            ["03/04/2026 9:05"],
            "times, day or month first?",
            ("03/04/2026 9:05",),
            ("time_zone", "date_order"),
            id="an order that is open",
        ),
        pytest.param(
            ["2026-04-03 09:05", "2026-04-04"],
            "times, 1 without hours",
            ("2026-04-03 09:05", "2026-04-04"),
            ("time_zone",),
            id="times and a date",
        ),
        pytest.param(["03.04.2026", "2026-04-03"], "dates", ("03.04.2026", "2026-04-03"), (), id="dates"),
        pytest.param(["1775210700", "1775210700.5"], "Unix times", ("1775210700", "1775210700.5"), (), id="Unix times"),
        pytest.param(["+79123456789"], "phones", ("+791•••••89",), (), id="phones with a plus"),
        pytest.param(["8 (495) 123-45-67"], "phones", ("8 (4•••••67",), (), id="phones as typed"),
        pytest.param(["79123456789.0"], "phones", ("7912•••••.0",), (), id="phones from a spreadsheet"),
        pytest.param(
            ["+79123456789"] * 3 + ["sip:7001"], "mostly phones", ("+791•••••89", "sip:7001"), (), id="mostly phones"
        ),
        pytest.param(["1:35", "2:10"], "durations, m:s or h:m?", ("1:35", "2:10"), ("duration_unit",), id="durations"),
        pytest.param(["1:35", "75:10"], "durations, m:s", ("1:35", "75:10"), (), id="durations that are proven"),
        pytest.param(["00:01:35"], "durations or times of day", ("00:01:35",), (), id="clock times"),
        pytest.param(
            ["1 мин 5 сек", "40", "PT5S"], "durations", ("1 мин 5 сек", "40", "PT5S"), (), id="mixed durations"
        ),
        pytest.param(["да", "нет"], "yes or no", ("да", "нет"), (), id="yes and no"),
        pytest.param(["0", "1"], "yes or no", ("0", "1"), (), id="1 and 0"),
        pytest.param(["Пропущен", "Отвечен"], "missed or answered", ("Пропущен", "Отвечен"), (), id="missed"),
        pytest.param(["руб.", "USD"], "currencies", ("руб.", "USD"), (), id="currencies"),
        pytest.param(["1 500,50 ₽", "12,5"], "amounts", ("1 500,50 ₽", "12,5"), (), id="amounts"),
        pytest.param(
            ["1,234"], "amounts, is 1,234 a thousand?", ("1,234",), ("decimal_mark",), id="a comma that is open"
        ),
        pytest.param(["40", "3600"], "numbers of up to 4 digits", ("40", "3600"), (), id="whole numbers"),
        pytest.param(["123456789012"], "numbers of up to 12 digits", ("1234•••••12",), (), id="long numbers"),
        pytest.param(["1700000000123456789"], "ids", ("170•••••89",), (), id="ids"),
        pytest.param(
            ["1700000000123456789", "1.7E+18"],
            "ids, 1 with lost digits",
            ("170•••••89", "1.•••18"),
            (),
            id="lost digits",
        ),
        pytest.param(["a@shop.example"], "e-mail addresses", ("a@•••••le",), (), id="e-mail"),
        pytest.param(
            ["https://shop.example/?phone=79123456789"],
            "web addresses",
            ("https://shop.example/…",),
            (),
            id="addresses",
        ),
        pytest.param(["сайт", "карты"] * 3, "2 different texts", ("сайт", "карты"), (), id="few texts"),
        pytest.param(
            ["перезвонить 8 (495) 123-45-67"], "texts", ("перезвонить 8 (4•••••67",), (), id="a phone in a text"
        ),
    ],
)
def test_looks(cells, kind, samples, asks):
    told = look(cells)

    assert (told.kind, told.samples, told.asks) == (kind, samples, asks)


def test_blanks_are_counted():
    assert look(["a", None, "", "-"]).blank == 0.75


numbers = st.from_regex(r"\A\+?[0-9]{7,15}\Z") | st.from_regex(r"\A[78] \(9[0-9]{2}\) [0-9]{3}-[0-9]{2}-[0-9]{2}\Z")
addresses = st.from_regex(r"\A[a-z]{3,12}@[a-z]{4,12}\.example\Z")
around = st.sampled_from(["", "перезвонить ", "тел. ", "<", '"Анна" <'])


@given(rows=st.lists(st.tuples(around, numbers | addresses), min_size=1, max_size=6))
def test_nothing_personal_is_shown(rows):
    cells = [before + personal for before, personal in rows]
    raw = RawFrame({"кто": cells}, origin=Origin("calls.csv", "CSV"))

    told = (
        str(raw) + raw._repr_html_() + json.dumps(Display.of(raw, Origin("x", "CSV"), 1).as_dict(), ensure_ascii=False)
    )

    for _, personal in rows:
        if not re.fullmatch("1[2-9][0-9]{8}(?:[0-9]{3})?", personal):  # looks like Unix time
            assert personal not in told


@pytest.mark.parametrize(
    "text",
    [
        "+79123456789",
        "8 (495) 123-45-67",
        "8‑495‑123‑45‑67",
        "8\u00a0495\u00a01234567",
        "a.b@shop.example",
        "a1b2c3d4e5f6a7b8",
        "1700000000.1234567890",
    ],
)
def test_masks(text):
    assert len(masked(text)) == len(text)
    assert masked(text).count("•") >= 2 * len(text) // 5
    assert masked(f"от {text}, потом") == f"от {masked(text)}, потом"


@given(st.text(min_size=1, max_size=30), st.integers(0, 6), st.integers(0, 6))
def test_ends_are_never_most_of_a_text(text, first, last):
    shown_ends = ends(text.replace("•", "."), first, last)

    assert len(shown_ends) == len(text)
    assert 5 * (len(text) - shown_ends.count("•")) <= 3 * len(text)


def raw_frame():
    return read(io.BytesIO(CSV.encode()))


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda raw: raw.head(1), id="head"),
        pytest.param(lambda raw: raw[:1], id="a slice"),
        pytest.param(lambda raw: raw.filter(pl.col("source_row") == 1), id="filter"),
        pytest.param(lambda raw: raw.select("Номер"), id="select"),
        pytest.param(lambda raw: raw.with_columns(a=1), id="with_columns"),
        pytest.param(lambda raw: raw.sort("Номер"), id="sort"),
        pytest.param(lambda raw: raw.rechunk(), id="rechunk"),
        pytest.param(lambda raw: raw.unique(), id="unique"),
        pytest.param(lambda raw: raw.clear(), id="clear"),
        pytest.param(lambda raw: raw.lazy().collect(), id="lazy"),
        pytest.param(lambda raw: pl.concat([raw, raw]), id="concat"),
        pytest.param(lambda raw: raw.join(raw, on="source_row"), id="join"),
        pytest.param(lambda raw: raw.partition_by("Номер")[0], id="partition_by"),
        pytest.param(pl.DataFrame, id="pl.DataFrame"),
        pytest.param(lambda raw: pl.from_arrow(raw.to_arrow()), id="through Arrow"),
    ],
)
def test_what_is_made_of_it_is_a_plain_frame_that_shows_its_cells(make):
    made = make(raw_frame())

    assert type(made) is pl.DataFrame
    assert str(made).startswith("shape: (")


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda raw: raw.clone(), id="clone"),
        pytest.param(copy.copy, id="copy"),
        pytest.param(copy.deepcopy, id="deepcopy"),
        pytest.param(lambda raw: pickle.loads(pickle.dumps(raw)), id="pickle"),
    ],
)
def test_a_copy_of_it_is_the_same(make):
    raw = raw_frame()

    made = make(raw)

    assert type(made) is RawFrame
    assert made.origin == raw.origin
    assert repr(made) == repr(raw)
    assert_frame_equal(made, raw)


def test_it_is_a_frame_like_any_other():
    raw = raw_frame()

    assert isinstance(raw, pl.DataFrame)
    assert isinstance(raw, cf.RawFrame)
    assert_frame_equal(raw, pl.DataFrame(raw))
    assert raw.to_dicts()[0]["Номер"] == "8 (495) 123-45-67"
    assert read(raw).equals(raw)
    assert str(RawFrame({"a": [1]})).startswith("shape: (1, 1)")
    assert RawFrame({"a": [1]})._repr_html_().startswith("<div>")


def test_reading_costs_no_look(monkeypatch):
    def refuse(*_):
        raise AssertionError

    monkeypatch.setattr(sys.modules["callframe.read.display"], "looks", refuse)
    raw = raw_frame()

    with pytest.raises(AssertionError):
        str(raw)


def test_what_was_understood_is_said():
    data = f"Звонки за апрель;;\n\n{CSV}".encode("cp1251")

    lines = str(read(io.BytesIO(data))).splitlines()

    assert lines[0] == "the input: 2 rows, 3 columns"
    assert lines[1] == "CSV, encoding cp1251, separator «;», names in line 3"
    assert "  left out: line 1 (title)" in lines
    assert (
        "  to convert, you may have to say time_zone (Дата), date_order (Дата), duration_unit (Длительность)" in lines
    )


@pytest.mark.parametrize("name", ["имя", "имя" * 30, "名前" * 20, "n" * 200, "a\nb", "‮abc", "👩‍👩‍👧 семья"])
@pytest.mark.parametrize("cell", ["x", "длинный текст " * 9, "値段" * 20, "a\tb\x1b[31m", None])
def test_text_is_aligned_and_never_too_wide(name, cell):
    frame = {name: [cell], "b": ["да"], "c": [None]}
    lines = str(RawFrame(frame, origin=Origin(name, "CSV", sheet=name, notes=("слово " * 40,)))).splitlines()

    assert max(map(cell_len, lines)) <= WIDTH
    assert all(line.isprintable() for line in lines)
    table = lines[lines.index("") + 1 :]
    ends_of_kinds = {
        cell_len(line[: line.index(word)])
        for line, word in zip(table[:3], ("looks", look([cell]).kind, "yes"), strict=False)
    }
    assert len(ends_of_kinds) == 1


def test_many_columns_and_rows_stay_short():
    wide = RawFrame({f"c{n}": ["1"] for n in range(10_000)}, origin=Origin("calls.csv", "CSV"))
    long = RawFrame({"c": ["1"] * (ROWS + 1)}, origin=Origin("calls.csv", "CSV"))

    assert "calls.csv: 1 row, 10 000 columns" in str(wide)
    assert "… and 9 900 more columns" in str(wide)
    assert len(str(wide).splitlines()) == 105
    assert str(long).endswith("Looked at the first 1 000 rows.")


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        pytest.param({"a": []}, "0 rows, 1 column", id="no rows"),
        pytest.param({}, "0 rows, 0 columns", id="no columns"),
        pytest.param({"source_row": [1], "a": ["x"]}, "1 row, 1 column", id="one row"),
    ],
)
def test_little_is_shown_as_well(frame, words):
    raw = RawFrame(frame, schema_overrides={"a": pl.String} if "a" in frame else None, origin=Origin("a.csv", "CSV"))

    assert words in str(raw)
    assert words in raw._repr_html_()


class Tags(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)


def test_html_is_escaped():
    evil = "<script>alert(1)</script><img src=x>"
    origin = Origin(
        evil, evil, encoding=evil, separator="<", sheet=evil, files=(evil,), left_out=((1, evil),), notes=(evil,)
    )

    page = RawFrame({evil: [evil], "times": ["03/04/2026 9:05"]}, origin=origin)._repr_html_()

    told = {"div", "style", "h1", "ul", "li", "b", "table", "thead", "tr", "th", "tbody", "td", "code"}
    assert Tags(page).tags == told


def test_a_first_line_that_is_a_call_shows_no_phone():
    raw = read(io.BytesIO(b"8 (495) 123-45-67;x\n+79123456789;y\n"), header=1)

    assert "123-45" not in str(raw) + raw._repr_html_()
    assert "123-45" not in json.dumps(shown(io.BytesIO(b"8 (495) 123-45-67;x\n1;2\n"), FileOptions(header=1)).as_dict())


def test_the_command_shows_the_same_without_holding_the_file(demo, capsys):
    assert _run(["show", "export.csv"]) == 0
    assert capsys.readouterr().out == f"{demo}\n"

    assert _run(["show", "export.csv", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["name"], told["kind"]) == (demo.height, "export.csv", "CSV")
    assert [column["name"] for column in told["columns"]] == demo.columns[1:]
    assert told["columns"][1]["asks"] == ["time_zone"]


def test_a_frame_is_shown_too():
    raw = read(pl.DataFrame({"when": [datetime(2026, 4, 3, 9, 5)], "who": [79123456789]}))

    assert str(raw).splitlines()[:2] == ["the frame: 1 row, 2 columns", "frame"]
