"""JSON documents as the vendors' APIs answer: which list holds the rows, and how an object becomes a row."""

import io
import json

import pytest

from callframe.errors import InputError, Unclear
from callframe.read import read

CALLS = [
    {"id": 12345678901234567890123, "visit": {"metrika_client_id": "17", "source": {"utm": "x"}}, "tags": ["a", "b"]},
    {"id": 2, "visit": None, "tags": [], "price": 1.50},
]
ROWS = [
    {
        "source_row": 1,
        "id": "12345678901234567890123",
        "visit.metrika_client_id": "17",
        "visit.source.utm": "x",
        "tags": "a, b",
        "visit": None,
        "price": None,
    },
    {
        "source_row": 2,
        "id": "2",
        "visit.metrika_client_id": None,
        "visit.source.utm": None,
        "tags": None,
        "visit": None,
        "price": "1.5",
    },
]


def file(value, **options):
    source = io.BytesIO(value.encode() if isinstance(value, str) else json.dumps(value, **options).encode())
    source.name = "f.json"
    return source


@pytest.mark.parametrize(
    ("document", "path"),
    [
        pytest.param(CALLS, None, id="an array"),
        pytest.param({"data": CALLS}, "data", id="Roistat"),
        pytest.param({"success": True, "data": {"calls": CALLS, "total": 2}}, "data.calls", id="inside"),
        pytest.param(
            {"jsonrpc": "2.0", "id": 1, "result": {"data": CALLS, "metadata": {}}}, "result.data", id="CoMagic"
        ),
        pytest.param({"records": CALLS, "recordsTotal": 2, "pageTotal": 1}, "records", id="Calltouch"),
        pytest.param(
            {"_embedded": {"notes": CALLS}, "_links": {"self": {"href": "x"}}}, "_embedded.notes", id="amoCRM"
        ),
        pytest.param(
            {"result": CALLS, "time": {"start": 1.5}, "next": None, "errors": []}, "result", id="an empty list"
        ),
        pytest.param(
            {"status": "success", "callDetails": {"1": CALLS[0], "2": CALLS[1]}}, "callDetails", id="Binotel, by number"
        ),
    ],
)
@pytest.mark.parametrize("indent", [None, 1], ids=["one line", "many lines"])
def test_the_only_list_holds_the_rows(document, path, indent):
    frame = read(file(document, indent=indent))

    assert frame.to_dicts() == ROWS
    assert frame.origin.kind == "JSON"
    assert frame.origin.notes == ((f"The rows are the objects at {path}.",) if path else ())


def test_an_object_without_a_list_is_a_row():
    assert read(file('{"a": "x", "b": {"c": 1}}')).to_dicts() == [{"source_row": 1, "a": "x", "b.c": "1"}]
    assert read(file({"a": 1, "b": ["x"]}, indent=1)).to_dicts() == [{"source_row": 1, "a": "1", "b": "x"}]


@pytest.mark.parametrize("indent", [None, 1], ids=["one line", "many lines"])
@pytest.mark.parametrize(
    ("call", "reading"),
    [
        pytest.param({"phone": "79123456789", "tags": []}, "tags: 0 objects", id="an empty list"),
        pytest.param(
            {"startTime": "2026-04-03T09:05:00Z", "legs": [{"startTime": "2026-04-03T09:05:00Z"}] * 2},
            "legs: 2 objects",
            id="legs",
        ),
    ],
)
def test_a_call_with_a_list_is_not_torn_apart(call, reading, indent):
    with pytest.raises(Unclear) as caught:
        read(file(call, indent=indent))

    assert caught.value.readings == (reading, ".: the file is one row")
    assert caught.value.options[1] == 'records="." (--records .)'
    assert read(file(call, indent=indent), records=".").height == 1
    assert read(file(f"{json.dumps(call)}\n{json.dumps(call)}")).height == 2


SEVERAL = {"calls": CALLS, "users": [{"id": 1}], "page": {"chats": [{"id": 3}, {"id": 4}, {"id": 5}]}}


def test_several_lists_are_asked_about_and_each_option_settles_it():
    with pytest.raises(Unclear) as caught:
        read(file(SEVERAL))

    assert caught.value.readings == ("calls: 2 objects", "users: 1 object", "page.chats: 3 objects")
    heights = [read(file(SEVERAL), **eval(f"dict({option.split(' (')[0]})")).height for option in caught.value.options]
    assert heights == [2, 1, 3]
    assert [option.split(" (")[1] for option in caught.value.options] == [
        "--records calls)",
        "--records users)",
        "--records page.chats)",
    ]


@pytest.mark.parametrize(
    ("document", "records", "expected"),
    [
        pytest.param(SEVERAL, "users", [{"source_row": 1, "id": "1"}], id="one of several"),
        pytest.param(
            {"sites": [{"calls": [{"a": 1}], "chats": [{"b": 2}]}, {"calls": [{"a": 3}]}, {"calls": []}]},
            "sites.calls",
            [{"source_row": 1, "a": "1"}, {"source_row": 2, "a": "3"}],
            id="Callibri, lists within a list",
        ),
        pytest.param(
            {"callDetails": {"7": {"a": 1}, "8": {"a": 2}}},
            "callDetails",
            [{"source_row": 1, "a": "1"}, {"source_row": 2, "a": "2"}],
            id="an object of objects",
        ),
        pytest.param(
            {"a": "x", "legs": [{"n": 1}, {"n": 2, "k": {"v": None}}]},
            ".",
            [{"source_row": 1, "a": "x", "legs.n": "1, 2", "legs.k.v": None}],
            id="the whole",
        ),
        pytest.param(
            '{"x": [{"a": 1}]}\n{"x": [{"a": 2}, {"a": 3}]}\n',
            "x",
            [{"source_row": 1, "a": "1"}, {"source_row": 2, "a": "2"}, {"source_row": 3, "a": "3"}],
            id="an answer a line",
        ),
        pytest.param(
            {"a.b": [{"x": "1"}], "c": [{"x": "2"}]}, "a.b", [{"source_row": 1, "x": "1"}], id="a point in a name"
        ),
        pytest.param(
            {"a": [{"b": [{"x": "1"}]}, {"b": ""}, {"b": None}, {}]},
            "a.b",
            [{"source_row": 1, "x": "1"}],
            id="nothing in place of a list",
        ),
    ],
)
def test_a_path_that_is_said(document, records, expected):
    assert read(file(document), records=records).to_dicts() == expected


@pytest.mark.parametrize(
    ("document", "options", "sentence"),
    [
        pytest.param(
            [], {}, "f.json has an empty list and no rows. Export a period that has calls in it.", id="no call"
        ),
        pytest.param({"data": {"calls": []}}, {}, "f.json has an empty list and no rows.", id="no call inside"),
        pytest.param([{"a": 1}, 2], {}, "item 2 of the list in f.json is not an object.", id="a number"),
        pytest.param(
            {"calls": [{"a": 1}, None]}, {}, "item 2 of the list in f.json is not an object.", id="null inside"
        ),
        pytest.param(
            '{"x": [{"a": 1}]}\n{"x": [{"a": 2}, 3]}\n',
            {"records": "x"},
            "item 2 of the list in f.json is not an object.",
            id="a number in one of many lists",
        ),
        pytest.param(
            {"a": [{"b": [{"x": 1}]}, {"b": "x"}]},
            {"records": "a.b"},
            "line 1 of f.json has no objects at 'a.b'.",
            id="a text in place of one of many lists",
        ),
        pytest.param([["a", "b"], [1, 2]], {}, "item 1 of the list in f.json is not an object.", id="lists"),
        pytest.param(
            {"data": CALLS},
            {"records": "calls"},
            "line 1 of f.json has no objects at 'calls'. There are lists at data. Say another path;",
            id="another path",
        ),
        pytest.param(
            '{"calls": [{"a": 1}]}\n{"error": "x"}\n',
            {"records": "calls"},
            "line 2 of f.json has no objects at 'calls'. Say another path; if it is a row itself, --records .",
            id="a line without the path",
        ),
        pytest.param(
            {"a": {"b": 1}}, {"records": "a.b"}, "line 1 of f.json has no objects at 'a.b'.", id="a path to a number"
        ),
        pytest.param(
            {"a": []}, {"records": "a.b"}, "f.json has an empty list and no rows.", id="an empty list on the way"
        ),
        pytest.param(
            '[\n{"a": 1},\n{"a": \n', {}, "f.json is not whole JSON: line 4 is wrong. Export it again.", id="cut"
        ),
        pytest.param('[{"a": 1}]x]', {}, "f.json is not whole JSON: line 1 is wrong.", id="more behind it"),
        pytest.param('{\n"a": 1, "a": 2}', {}, "an object of f.json has two values under one name.", id="a name twice"),
        pytest.param(
            [{"x": 1}, {"a.b": 1, "a": {"b": 2}}],
            {},
            "object 2 of f.json has two values under one name.",
            id="unfolded",
        ),
        pytest.param('[{"a": "\\ud800"}]', {}, "f.json is not whole JSON: line 1 is wrong.", id="half a letter"),
        pytest.param("[" * 9999 + "{}" + "]" * 9999, {}, "f.json is not whole JSON: line 1 is wrong.", id="too deep"),
        pytest.param("{}{}", {}, "f.json is not whole JSON: line 1 is wrong.", id="two in a line"),
    ],
)
def test_documents_that_hold_no_rows_get_one_sentence(document, options, sentence):
    with pytest.raises(InputError) as caught:
        read(file(document), **options)
    assert str(caught.value).startswith(f"read: {sentence}")


def test_rows_that_stand_for_themselves_are_read_whatever_path_a_mapping_says():
    lines = file('{"a": "1"}\n{"a": "2"}\n')

    assert read(lines, records=".")["a"].to_list() == ["1", "2"]
    assert read(file([{"a": "1"}]), records=".")["a"].to_list() == ["1"]


def test_a_line_in_brackets_is_no_document():
    """Mango Office writes the ids of the records so."""
    frame = read(file("[r1];1767225600;79123456789\n[];1767225700;79123456788\n"), header=False)

    assert frame["column 1"].to_list() == ["[r1]", "[]"]
