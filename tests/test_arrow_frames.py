"""Frames of other libraries become text through the Arrow C stream interface: DuckDB's relations and any others."""

import json
import subprocess
import sys

import polars as pl
import pytest

from callframe.read import read

# DuckDB 2.0 tells on stderr, when the process ends, of what it did not free after Polars took a relation over; it has
# a process of its own here, so that nobody takes that for a fault of the tests.
CHILD = """
import json, sys
import duckdb
import callframe as cf

def outcome(make):
    try:
        return cf.read(make()).to_dicts()
    except cf.CallframeError as error:
        return [type(error).__name__, str(error), error.__cause__ is None]

print(json.dumps([outcome(lambda: duckdb.connect().sql(query)) for query in json.load(sys.stdin)]
    + [outcome(lambda: duckdb.connect().execute("select 1"))]))
"""

CALL = """
select '8 (495) 123-45-67' as номер, 1700000000123456789::bigint as id, timestamp '2026-04-03 09:05:00' as начало,
       1500.50::decimal(10, 2) as сумма, true as отвечен, null::varchar as тег, ['a', 'b'] as теги,
       {'gclid': 'x'} as визит, timestamptz '2026-04-03 09:05:00+03' as utc
"""
QUERIES = {
    "a call": CALL,
    "several rows": "select i from range(3) as rows(i)",
    "a type that Polars lacks": "select interval 95 seconds as span",
    "names twice": "select 1 as a, 2 as a",
    "a failure": "select cast(phone as bigint) as id from (values ('8 (495) 123-45-67')) as t(phone)",
}


@pytest.fixture(scope="module")
def outcomes():
    done = subprocess.run(
        [sys.executable, "-c", CHILD], input=json.dumps([*QUERIES.values()]), capture_output=True, text=True, check=True
    )
    return dict(zip([*QUERIES, "a connection"], json.loads(done.stdout), strict=True))


class Stream:
    """Anything with the Arrow C stream interface, and nothing else."""

    def __init__(self, frame):
        self.frame = frame

    def __arrow_c_stream__(self, requested_schema=None):
        return self.frame.__arrow_c_stream__(requested_schema)


def test_whatever_streams_arrow_is_a_frame():
    frame = pl.DataFrame({"a": ["1", None], "b": [2.5, 3.0]})

    assert read(Stream(frame)).rows() == [(1, "1", "2.5"), (2, None, "3")]


def test_a_relation_becomes_text(outcomes):
    assert outcomes["a call"] == [
        {
            "source_row": 1,
            "номер": "8 (495) 123-45-67",
            "id": "1700000000123456789",
            "начало": "2026-04-03T09:05:00",
            "сумма": "1500.50",
            "отвечен": "true",
            "тег": None,
            "теги": "a, b",
            "визит.gclid": "x",
            "utc": "2026-04-03T06:05:00Z",
        }
    ]
    assert [row["i"] for row in outcomes["several rows"]] == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("a type that Polars lacks", "can't be turned into a Polars frame. Turn it into text columns first."),
        ("names twice", "can't be turned into a Polars frame. Turn it into text columns first."),
        ("a failure", "its query fails (ConversionException). Collect it to see why."),
        ("a connection", "is not a path, a binary file or a frame."),
    ],
)
def test_what_cannot_be_taken_over_gets_one_sentence_that_quotes_no_cell(outcomes, query, sentence):
    kind, message, hides_its_cause = outcomes[query]

    assert kind in ("InputError", "OptionError")
    assert message.endswith(sentence)
    assert "495" not in message
    assert hides_its_cause
