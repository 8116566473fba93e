"""Whatever the bytes: a frame that Python's csv agrees with, or one clear sentence; nothing else, no warning."""

import codecs
import csv
import gzip
import io
import json
import re

import pytest
import zstandard
from hypothesis import example, given, settings
from hypothesis import strategies as st

from callframe.errors import InputError, OptionError
from callframe.read import FileOptions, opened, read

PHONE = "79123456789"


def outcome(data, **options):
    """The frame, checked against Python's csv if it is of a CSV; or None, and a sentence that was checked."""
    source = io.BytesIO(data)
    source.name = "f"
    try:
        frame = read(source, **options)
    except (InputError, OptionError) as error:
        sentence = str(error)
    else:
        sentence = None
    if sentence is not None:
        assert re.match(r"read: .+\.$|f: the file does not tell .+\.\n", sentence, re.DOTALL), sentence
        assert PHONE not in sentence
        return None
    if frame.origin.kind == "CSV" and not frame.origin.packed:
        assert frame.rows() == expected(data, frame, options)
    return frame


def expected(data, frame, options):
    """The rows as Python's csv reads them from the line on that the frame says it starts at."""
    origin = frame.origin
    marks = (codecs.BOM_UTF8, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    text = data.decode(origin.encoding)
    if data.startswith(marks):
        text = text.removeprefix("\ufeff")
    lines = io.StringIO(text, newline="")
    skipped = max((line for line, _ in origin.left_out), default=0)
    above = (origin.header or 1) - 1 if options.get("header") else 0
    if (1, "separator") in origin.left_out:
        above = max(above, 1)
    for _ in range(above):
        lines.readline()
    reader = csv.reader(lines, delimiter=origin.separator or options.get("separator") or ";", strict=True)
    start, records = above + 1, []
    for record in reader:
        records.append((start, record))
        start = above + reader.line_num + 1
    body = [record for line, record in records if line > max(origin.header or 0, skipped)]
    width = len(frame.columns) - 1
    return [(n, *[cell or None for cell in (record + [""] * width)[:width]]) for n, record in enumerate(body, start=1)]


HEADS = st.sampled_from(
    ["Дата;Номер;Статус", "date,number,status", "a\tb\tc", "Отчёт\nДата;Номер;Статус", "x", "sep=;\nДата;b;c"]
)
LINES = st.sampled_from(
    [
        f"03.04.2026 9:05;{PHONE};да",
        f"03.04.2026 9:05,{PHONE},x",
        f"1\t{PHONE}\t3",
        '"a;b";"c ""d""";\u00a0',
        '"l\nm";2;3',
        "Итого;;12",
        ";;",
        "",
        "1;2",
        "1;2;3;",
        'ООО "Ромашка";1;2',
        '"не закрыта;1;2',
        "[r1];2;3",
        '{"a": 1}',
        "\ufeff1;2;3",
        "1;\x002;3",
        "<b>1;2;3",
    ]
)
TEXTS = st.tuples(HEADS, st.lists(LINES, max_size=8), st.sampled_from(["\n", "\r\n", "\r"])).map(
    lambda parts: parts[2].join([parts[0], *parts[1], ""])
)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-r", "cp866"])
FILES = st.tuples(TEXTS, ENCODINGS).map(lambda parts: parts[0].encode(parts[1], "ignore"))


@st.composite
def damaged(draw):
    """A file that was cut, joined with another, or had bytes changed, added or taken out."""
    data = bytearray(draw(FILES))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(data)))
        what = draw(st.sampled_from(["cut", "join", "flip", "insert", "delete"]))
        if what == "cut":
            del data[place:]
        elif what == "join":
            data[place:place] = draw(FILES)
        elif what == "flip" and place < len(data):
            data[place] ^= draw(st.integers(1, 255))
        elif what == "insert":
            data[place:place] = draw(st.binary(max_size=3) | st.sampled_from([b"\0", b"\n", b'"', b";", b"\xff\xfe"]))
        else:
            del data[place : place + draw(st.integers(1, 4))]
    return bytes(data)


@settings(max_examples=150)
@given(FILES)
def test_whole_files(data):
    outcome(data)


@settings(max_examples=250)
@given(damaged())
@example("a;b\n1;2\n".encode("utf-16")[:-1])
@example(b"\xef\xbb\xbf\xef\xbb\xbf")
@example(b"\xff\xfe\x00\x00")
@example(b"a;b\r1;2\r\n3;4\n")
@example(b'a;b\n1;"2\r\n3";\r4\n')
def test_damaged_files(data):
    outcome(data)


@settings(max_examples=100)
@given(st.binary(max_size=300))
@example(b"\0" * 50)
@example(b"\xff" * 50)
@example(b"<html><table><tr><td>a</td></tr></table>")
def test_any_bytes(data):
    outcome(data)


@settings(max_examples=60)
@given(
    damaged() | st.binary(max_size=60),
    st.fixed_dictionaries(
        {},
        optional={
            "header": st.sampled_from([False, True, 1, 2, 3]),
            "separator": st.sampled_from(";,\t|x "),
            "encoding": st.sampled_from(
                ["utf-8", "cp1251", "utf-16", "utf-16-le", "shift-jis", "utf-7", "idna", "punycode"]
            ),
        },
    ),
)
@example(b"\xef", {"header": False, "encoding": "utf-8"})
def test_damaged_files_whatever_is_said(data, options):
    outcome(data, **options)


@settings(max_examples=60)
@given(damaged() | st.binary(max_size=60), st.sampled_from([gzip.compress, zstandard.compress]), st.integers(0, 40))
def test_damaged_packings(data, pack, lost):
    packed = pack(data)
    outcome(packed[: len(packed) - lost])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["", "x", PHONE, "03.04.2026"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "a.b", "1", "2"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=100)
@given(JSON, st.sampled_from([None, 1]), st.integers(0, 3), st.sampled_from([None, "a", "a.b", "."]))
def test_any_json(value, indent, lost, records):
    data = json.dumps(value, indent=indent).encode()
    outcome(data[: len(data) - lost], records=records)


@settings(max_examples=60)
@given(damaged(), st.integers(1, 5))
def test_batches_give_what_the_whole_gives(data, rows):
    whole = outcome(data)
    if whole is not None:
        with opened(io.BytesIO(data), FileOptions()) as export:
            assert [row for frame in export.batches(rows) for row in frame.rows()] == whole.rows()


WIDE = ";".join(f"c{n}" for n in range(10_000))
BIG = "x" * (1 << 24)


@pytest.mark.parametrize(
    ("data", "shape"),
    [
        pytest.param(f"{WIDE}\n{';'.join('1' * 10_000)}\n", (1, 10_001), id="10 000 columns"),
        pytest.param(f"{WIDE}\n{';'.join('1' * 9_999)}\n", None, id="10 000 columns, one missing"),
        pytest.param(f"Отчёт\n{WIDE}\n{';'.join('1' * 10_000)}\n", (1, 10_001), id="10 000 columns below a title"),
        pytest.param(f"a;b\n1;{BIG}\n", (1, 3), id="16 MB in a cell"),
        pytest.param(f'a;b\n1;"{BIG}"\n', (1, 3), id="16 MB in quotes"),
        pytest.param(f'a;b\n1;"{BIG}{BIG}\n', None, id="a quote that is never closed"),
        pytest.param("a;b\n" + ";\n" * 200_000 + "1;2\n", (200_001, 3), id="200 000 rows of nothing"),
        pytest.param("\n" * 1_000_000, None, id="a million line ends"),
        pytest.param(b"\0" * 1_000_000, None, id="a million NULs"),
        pytest.param("a;b\n1;\0\0\n", (1, 3), id="NULs in a cell"),
        pytest.param("a\0;b\n1;2\n", None, id="NUL in a name"),
        pytest.param('"' * 100_001, None, id="quotes alone"),
        pytest.param("a;b\n1;2\n\x1a", None, id="the end mark of old systems"),
        pytest.param("a;b\n1;2\n" + "3;4\n" * 100_000 + "5;6;7\n", None, id="a long row far below"),
        pytest.param("a;b\n" + "3;4\n" * 100_000 + '5;"6\n6"\n', (100_001, 3), id="a quoted line end far below"),
        pytest.param("имя;b\n".encode() + b"3;4\n" * 300_000 + b"\xe4\xe0;5\n", None, id="cp1251 far below UTF-8"),
        pytest.param(
            b"a;b\n" + b"3;4\n" * 300_000 + "имя, номер, дата звонка;5\n".encode("cp1251"),
            (300_001, 3),
            id="cp1251 far below",
        ),
        pytest.param("[" * 100_000, None, id="brackets"),
        pytest.param('{"a":' * 100_000, None, id="braces"),
    ],
)
def test_named_cases(data, shape):
    frame = outcome(data if isinstance(data, bytes) else data.encode())

    assert (frame.shape if frame is not None else None) == shape
