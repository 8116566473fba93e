"""Rows of one call are one call, and a first call is the first of its number, however a file is cut."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callframe.contract import FINDINGS_SCHEMA
from callframe.convert.history import FROM_HISTORY, Callers, Seen

PHONES = ["+74951234567", "+79123456781", "+380501234567", "+12025550123", None]


def rows(**cells):
    frame = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String))
    return frame.select(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("source_row"), pl.all())


@pytest.mark.parametrize(
    ("cells", "by", "reasons"),
    [
        pytest.param({"id": ["a", "b", "a"]}, ["id"], {3: "duplicate by id; of row 1"}, id="one key"),
        pytest.param({"id": ["a", None, None, " ", "-"]}, ["id"], {}, id="blank keys are calls of their own"),
        pytest.param(
            {"id": ["a", " a", "A"]}, ["id"], {2: "duplicate by id, other cells differ; of row 1"}, id="space"
        ),
        pytest.param(
            {"id": ["a", "a", "a"], "leg": ["1", "2", "1"]},
            ["id"],
            {2: "duplicate by id, other cells differ; of row 1", 3: "duplicate by id; of row 1"},
            id="legs and copies",
        ),
        pytest.param(
            {"id": ["a", "a", "a"], "leg": ["1", "2", "1"]},
            ["id", "leg"],
            {3: "duplicate by id, leg; of row 1"},
            id="two keys",
        ),
        pytest.param({"id": ["a", "a"], "leg": ["1", None]}, ["id", "leg"], {}, id="one of two is blank"),
        pytest.param({"a": ["x", "xy"], "b": ["yz", "z"]}, ["a", "b"], {}, id="cells do not run into each other"),
        pytest.param({"a": ["x", "x"], "b": [None, ""]}, ["a"], {2: "duplicate by a; of row 1"}, id="null and empty"),
        pytest.param({"id": []}, ["id"], {}, id="no rows"),
    ],
)
def test_the_first_row_of_a_call_counts(cells, by, reasons):
    assert dict(Seen(by).duplicates(rows(**cells)).rows()) == reasons


KEYS = st.sampled_from(["a", "b", "c", " a", None, ""])


@st.composite
def files(draw):
    """Rows of an export, and where it is cut."""
    count = draw(st.integers(0, 12))
    cells = {name: draw(st.lists(KEYS, min_size=count, max_size=count)) for name in ("id", "leg")}
    cuts = sorted(draw(st.lists(st.integers(0, count), max_size=3)))
    return rows(**cells), list(zip([0, *cuts], [*cuts, count], strict=True))


@given(files(), st.sampled_from([["id"], ["id", "leg"]]))
def test_batches_give_what_the_whole_gives(file, by):
    frame, cuts = file
    whole, seen = Seen(by), Seen(by)
    parts = [seen.duplicates(frame[start:end]) for start, end in cuts]

    assert pl.concat(parts).equals(whole.duplicates(frame))
    assert seen.calls == whole.calls


@given(files())
def test_what_is_left_has_no_duplicates_and_every_duplicate_names_its_first_row(file):
    frame, _ = file
    found = Seen(["id"]).duplicates(frame)
    left = frame.filter(~pl.col("source_row").is_in(found["source_row"].implode()))
    first = {row["source_row"]: row for row in left.to_dicts()}

    assert Seen(["id"]).duplicates(left).is_empty()
    assert left.height + found.height == frame.height
    for row, reason in found.rows():
        twin = first[int(reason.rsplit(" ", 1)[1])]
        cells = frame.row(row - 1, named=True)
        assert (twin["id"] or "").strip() == (cells["id"] or "").strip()
        assert twin["source_row"] < row
        same = all((twin[name] or "") == (cells[name] or "") for name in ("id", "leg"))
        assert ("other cells differ" in reason) is not same


def calls(pairs):
    """Values of calls: time and number."""
    times, numbers = zip(*pairs, strict=True) if pairs else ((), ())
    return pl.DataFrame(
        {"source_row": range(1, len(pairs) + 1), "DateTime": times, "PhoneNumber": numbers},
        schema={"source_row": pl.Int64, "DateTime": pl.Int64, "PhoneNumber": pl.String},
    )


@pytest.mark.parametrize(
    ("pairs", "flags"),
    [
        pytest.param([(100, PHONES[0]), (200, PHONES[0]), (150, PHONES[1])], [1, 0, 1], id="in order"),
        pytest.param([(200, PHONES[0]), (100, PHONES[0])], [0, 1], id="out of order"),
        pytest.param([(100, PHONES[0]), (100, PHONES[0])], [1, 0], id="in the same second"),
        pytest.param([(100, None), (100, PHONES[0]), (None, PHONES[0])], [None, 1, None], id="no number, no time"),
        pytest.param([(4133980799, PHONES[2]), (0, PHONES[2])], [0, 1], id="the last and the first second"),
        pytest.param([], [], id="no calls"),
    ],
)
def test_the_earliest_call_of_a_number_is_its_first(pairs, flags):
    values, callers = calls(pairs), Callers()
    callers.learn(values)

    assert callers.flags(values).to_list() == flags
    assert callers.flags(values).dtype == pl.Int8


PAIRS = st.lists(st.tuples(st.none() | st.integers(1_700_000_000, 1_700_000_003), st.sampled_from(PHONES)), max_size=12)


@given(PAIRS, st.integers(0, 12), st.randoms(use_true_random=False))
def test_neither_batches_nor_their_order_make_a_difference(pairs, cut, chance):
    values, whole, parts = calls(pairs), Callers(), Callers()
    whole.learn(values)
    shuffled = values[chance.sample(range(values.height), values.height)]
    for batch in (shuffled[cut:], shuffled[:cut]):
        parts.learn(batch)

    assert pl.concat([parts.flags(values[:cut]), parts.flags(values[cut:])]).equals(whole.flags(values))
    assert pl.concat([parts.warning(values[:cut]), parts.warning(values[cut:])]).equals(whole.warning(values))


@given(PAIRS)
def test_every_number_has_one_first_call_and_it_is_the_earliest(pairs):
    values, callers = calls(pairs), Callers()
    callers.learn(values)
    told = values.with_columns(callers.flags(values)).drop_nulls()

    for (number,), mine in told.group_by("PhoneNumber"):
        assert number
        assert mine["FirstTimeCaller"].sum() == 1
        assert mine.filter(pl.col("FirstTimeCaller") == 1)["DateTime"].item() == mine["DateTime"].min()


def test_one_warning_says_what_the_flags_rest_on():
    values, callers = calls([(1_776_665_742, PHONES[0]), (1_776_665_101, PHONES[1]), (None, PHONES[2])]), Callers()
    callers.learn(values)
    warning = callers.warning(values)

    assert warning.schema == FINDINGS_SCHEMA
    assert warning.rows() == [
        (
            2,
            "FirstTimeCaller",
            FROM_HISTORY,
            "told by the calls of this export alone; 2 numbers since 2026-04-20 06:05 UTC",
            "warning",
        )
    ]
    assert callers.warning(values[:1]).is_empty()


def test_without_callers_there_is_nothing_to_warn_of():
    assert Callers().warning(calls([(1_776_665_742, None)])).is_empty()
