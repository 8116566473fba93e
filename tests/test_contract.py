"""`CallRow` is the one description of a row: it says the same to Pandera, to `enforce`, and to people."""

import time
from decimal import Decimal

import pandera.errors
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandera.config import ValidationDepth, config_context
from polars.testing import assert_frame_equal

from callframe.contract import (
    ADVICES,
    COLUMNS,
    DTYPES,
    FINDINGS_SCHEMA,
    IDS,
    LINK_WINDOW,
    RULES,
    CallRow,
    enforce,
    sift,
    without_errors,
)
from callframe.errors import ContractError
from callframe.normalize.currencies import CODES
from callframe.strategies import NOW, call_frames

GOOD = {
    "UserId": "u17",
    "ClientId": "1700000000123456789",
    "Yclid": "17",
    "DateTime": NOW - 60,
    "StaticCall": 0,
    "Price": Decimal("1500.5"),
    "Currency": "RUB",
    "PhoneNumber": "+79123456789",
    "TalkDuration": 95,
    "HoldDuration": 0,
    "CallMissed": 1,
    "Tag": "лид",
    "FirstTimeCaller": 1,
    "URL": "https://магазин.example/путь",
    "CallTrackerURL": "http://calls.example/17",
}


def frame(*rows):
    """Call rows that differ from a good one in the cells given."""
    return pl.DataFrame([{**GOOD, **row} for row in rows], schema=DTYPES)


def test_the_columns_are_metricas_in_its_order():
    assert ",".join(COLUMNS) == (
        "UserId,ClientId,Yclid,DateTime,StaticCall,Price,Currency,PhoneNumber,TalkDuration,HoldDuration,CallMissed,Tag,"
        "FirstTimeCaller,URL,CallTrackerURL"
    )
    assert IDS == ("UserId", "ClientId", "Yclid")


def test_every_column_has_a_sentence_a_unit_and_a_dtype():
    columns = CallRow.to_schema().columns

    assert [name for name, column in columns.items() if not column.nullable] == ["DateTime"]
    assert all(column.description.endswith(".") and column.metadata["unit"] for column in columns.values())
    assert {str(dtype) for dtype in DTYPES.values()} == {"String", "Int64", "Int8", "Decimal(precision=38, scale=6)"}


def test_rules_have_one_code_a_column_and_a_sentence_without_a_stop():
    keys = [(rule.code, rule.column) for rule in (*RULES, *ADVICES)]

    assert len(set(keys)) == len(keys)
    assert all(set(rule.column.split("|")) <= set(COLUMNS) for rule in RULES)
    assert all(rule.sentence and not rule.sentence.endswith(".") and "\n" not in rule.sentence for rule in RULES)
    assert {rule.severity for rule in RULES} == {"error"}
    assert {rule.severity for rule in ADVICES} == {"warning"}


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param({}, id="every column"),
        pytest.param({"Yclid": "99999999999999999999"}, id="20 digits"),
        pytest.param({"Yclid": "00000000000000000017"}, id="zeros first"),
        pytest.param({"URL": "http://a", "CallTrackerURL": "https://a"}, id="the shortest addresses"),
    ],
)
def test_a_good_row_is_accepted_as_it_is(cells):
    accepted, findings = enforce(frame(cells), now=NOW)

    assert_frame_equal(accepted, frame(cells))
    assert_frame_equal(findings, FINDINGS_SCHEMA.to_frame())


ID = "An id that Yandex gave is 1 to 20 digits"
BLANK = "Text that says nothing must be null"
FLAG = "A flag is 0 or 1"
AFTER_1970 = "The time of a call must be after the first second of 1970, which stands for no time"
PHONE = "A phone number is E.164: a plus sign, then 7 to 15 digits"
LONG = "A duration is 0 to 86400 seconds"
URL = "A URL starts with http:// or https:// and has no space in it"
CODE = "The currency must be an active ISO 4217 code"

BROKEN = [
    pytest.param({"UserId": " "}, [("UserId", "text-blank", BLANK)], id="blank UserId"),
    pytest.param({"Tag": ""}, [("Tag", "text-blank", BLANK)], id="empty Tag"),
    pytest.param({"Tag": "\n"}, [("Tag", "text-blank", BLANK)], id="a Tag of a line end"),
    pytest.param({"ClientId": "1.7E+18"}, [("ClientId", "id-not-digits", ID)], id="ClientId in E-notation"),
    pytest.param({"ClientId": ""}, [("ClientId", "id-not-digits", ID)], id="empty ClientId"),
    pytest.param({"ClientId": "17\n"}, [("ClientId", "id-not-digits", ID)], id="ClientId with a line end"),
    pytest.param({"ClientId": "١٧"}, [("ClientId", "id-not-digits", ID)], id="ClientId in other digits"),
    pytest.param({"Yclid": "1" * 21}, [("Yclid", "id-not-digits", ID)], id="Yclid too long"),
    pytest.param({"Yclid": "1" * 60}, [("Yclid", "id-not-digits", ID)], id="Yclid beyond any number"),
    pytest.param({"Yclid": "+17"}, [("Yclid", "id-not-digits", ID)], id="Yclid with a plus"),
    pytest.param({"Yclid": "-0"}, [("Yclid", "id-not-digits", ID)], id="Yclid with a minus"),
    pytest.param(
        dict.fromkeys(IDS),
        [("|".join(IDS), "id-missing", "A call needs at least one of UserId, ClientId, Yclid")],
        id="no id",
    ),
    pytest.param({"DateTime": None}, [("DateTime", "datetime-missing", "DateTime is required")], id="no time"),
    pytest.param(
        {"DateTime": NOW + 1},
        [("DateTime", "time-not-past", "The time of a call must be in the past")],
        id="a future call",
    ),
    pytest.param(
        {"DateTime": -1},
        [("DateTime", "time-before-1970", AFTER_1970)],
        id="before 1970",
    ),
    pytest.param({"DateTime": 0}, [("DateTime", "time-before-1970", AFTER_1970)], id="the first second of 1970"),
    pytest.param({"StaticCall": 2}, [("StaticCall", "flag-not-binary", FLAG)], id="StaticCall 2"),
    pytest.param({"CallMissed": -1}, [("CallMissed", "flag-not-binary", FLAG)], id="CallMissed -1"),
    pytest.param({"FirstTimeCaller": 127}, [("FirstTimeCaller", "flag-not-binary", FLAG)], id="FirstTimeCaller 127"),
    pytest.param(
        {"Price": Decimal("-0.000001")}, [("Price", "amount-negative", "The price must not be negative")], id="a cost"
    ),
    pytest.param(
        {"Currency": None}, [("Price|Currency", "price-without-currency", "A price needs a currency")], id="no currency"
    ),
    pytest.param({"Currency": "rub"}, [("Currency", "currency-not-iso4217", CODE)], id="small letters"),
    pytest.param({"Currency": "RUR"}, [("Currency", "currency-not-iso4217", CODE)], id="an old code"),
    pytest.param({"PhoneNumber": "89123456789"}, [("PhoneNumber", "phone-not-e164", PHONE)], id="no plus"),
    pytest.param({"PhoneNumber": "+09123456789"}, [("PhoneNumber", "phone-not-e164", PHONE)], id="country 0"),
    pytest.param({"PhoneNumber": "+791234"}, [("PhoneNumber", "phone-not-e164", PHONE)], id="6 digits"),
    pytest.param({"PhoneNumber": "+7912345678901234"}, [("PhoneNumber", "phone-not-e164", PHONE)], id="16 digits"),
    pytest.param({"TalkDuration": 86_401}, [("TalkDuration", "duration-out-of-range", LONG)], id="more than a day"),
    pytest.param({"HoldDuration": -1}, [("HoldDuration", "duration-out-of-range", LONG)], id="a negative wait"),
    pytest.param({"URL": "shop.example/"}, [("URL", "url-not-absolute", URL)], id="no scheme"),
    pytest.param({"CallTrackerURL": "https://a b"}, [("CallTrackerURL", "url-not-absolute", URL)], id="a space"),
    pytest.param({"URL": "https://a/b\n"}, [("URL", "url-not-absolute", URL)], id="a line end"),
    pytest.param({"URL": "https://a\u00a0b"}, [("URL", "url-not-absolute", URL)], id="a space that doesn't break"),
    pytest.param({"URL": "https://a\u2028b"}, [("URL", "url-not-absolute", URL)], id="a separator of lines"),
    pytest.param({"URL": "https://"}, [("URL", "url-not-absolute", URL)], id="a scheme alone"),
    pytest.param({"URL": "http://"}, [("URL", "url-not-absolute", URL)], id="http alone"),
    pytest.param(
        {"DateTime": None, "Price": Decimal(-1), "Currency": None},
        [
            ("DateTime", "datetime-missing", "DateTime is required"),
            ("Price", "amount-negative", "The price must not be negative"),
            ("Price|Currency", "price-without-currency", "A price needs a currency"),
        ],
        id="three at once",
    ),
]


@pytest.mark.parametrize(("cells", "expected"), BROKEN)
def test_each_broken_rule_is_a_finding(cells, expected):
    accepted, findings = enforce(frame({}, cells, {}), now=NOW)

    assert_frame_equal(accepted, frame({}, {}))
    errors = findings.filter(severity="error")
    assert sorted(errors.rows()) == sorted((2, column, code, message, "error") for column, code, message in expected)


@pytest.mark.parametrize(("cells", "expected"), BROKEN)
@pytest.mark.parametrize("lazy", [False, True], ids=["eager", "lazy"])
def test_pandera_refuses_what_enforce_refuses(cells, expected, lazy):
    calls = frame({}, cells)
    if cells.get("DateTime") == NOW + 1:
        calls = frame({}, {"DateTime": int(time.time()) + 1000})

    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        CallRow.validate(calls.lazy() if lazy else calls, lazy=True)
    said = {str(case["check"]) for case in caught.value.failure_cases.iter_rows(named=True)}
    assert said >= {"not_nullable" if code.endswith("time-missing") else message for _, code, message in expected}


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param({"DateTime": NOW}, id="this second"),
        pytest.param({"DateTime": NOW - LINK_WINDOW}, id="21 days"),
        pytest.param({"Price": Decimal(0)}, id="a price of nothing"),
        pytest.param({"Price": Decimal("99999999999999999999999999999999.999999")}, id="the highest price"),
        pytest.param({"Price": None, "Currency": None}, id="no price"),
        pytest.param({"Price": None}, id="a currency alone"),
        pytest.param({"PhoneNumber": "+1234567"}, id="7 digits"),
        pytest.param({"PhoneNumber": "+123456789012345"}, id="15 digits"),
        pytest.param({"TalkDuration": 86_400}, id="a day"),
        pytest.param({"Yclid": "1" * 20}, id="20 digits"),
        pytest.param({"UserId": None, "Yclid": None}, id="one id"),
        pytest.param({name: None for name in COLUMNS if name not in ("ClientId", "DateTime")}, id="an id and a time"),
    ],
)
def test_what_stands_at_the_edge_is_accepted(cells):
    accepted, findings = enforce(frame(cells), now=NOW)

    assert_frame_equal(accepted, frame(cells))
    assert findings.is_empty()


def test_an_old_call_is_accepted_with_a_warning():
    accepted, findings = enforce(frame({"DateTime": 1}, {"DateTime": NOW - LINK_WINDOW - 1}), now=NOW)

    assert accepted.height == 2
    assert findings["code"].to_list() == ["time-too-old-to-link"] * 2
    assert findings["severity"].to_list() == ["warning"] * 2


def test_now_is_the_clocks_unless_it_is_said():
    assert enforce(frame({"DateTime": int(time.time()) + 1000})).accepted.is_empty()
    assert enforce(frame({"DateTime": int(time.time()) + 1000}), now=time.time() + 2000.5).accepted.height == 1


@given(call_frames())
def test_frames_that_keep_the_contract_are_accepted_whole(calls):
    accepted, findings = enforce(calls, now=NOW)

    assert_frame_equal(accepted, calls)
    assert findings.is_empty()
    assert_frame_equal(CallRow.validate(calls), calls)
    assert_frame_equal(CallRow.validate(calls.lazy()).collect(), calls)


BAD_CELLS = {
    **dict.fromkeys(("UserId", "Tag"), st.sampled_from(["", " ", "\t\n"])),
    **dict.fromkeys(("ClientId", "Yclid"), st.text(max_size=5).filter(lambda text: not text.isdigit())),
    "DateTime": st.none() | st.integers(NOW + 1, 2**63 - 1) | st.integers(-(2**63), -1),
    **dict.fromkeys(("StaticCall", "CallMissed", "FirstTimeCaller"), st.integers(2, 127) | st.integers(-128, -1)),
    "Price": st.decimals(-(10**9), "-0.01", places=2),
    "Currency": st.text(max_size=4).filter(lambda text: text not in CODES),
    "PhoneNumber": st.text("+0123456789", max_size=7),
    **dict.fromkeys(("TalkDuration", "HoldDuration"), st.integers(86_401, 2**63 - 1) | st.integers(-(2**63), -1)),
    **dict.fromkeys(("URL", "CallTrackerURL"), st.sampled_from(["", "//a", "ftp://a", "https://", "https://a b", "-"])),
}


@st.composite
def broken_frames(draw):
    """A frame that keeps the contract but for some cells, and which ones: (row, column)."""
    calls = draw(call_frames(min_rows=1, max_rows=6))
    rows = calls.to_dicts()
    cells = draw(st.lists(st.tuples(st.integers(0, len(rows) - 1), st.sampled_from(COLUMNS)), max_size=4, unique=True))
    for row, column in cells:
        rows[row][column] = draw(BAD_CELLS[column])
    return pl.DataFrame(rows, schema=DTYPES), set(cells)


@given(broken_frames(), st.booleans())
def test_accepted_rows_and_rows_with_errors_are_all_rows(broken, lazy):
    calls, cells = broken
    accepted, findings = enforce(calls.lazy() if lazy else calls, now=NOW)
    wrong = {row for row, _ in cells}

    assert set(findings.filter(severity="error")["source_row"]) == {row + 1 for row in wrong}
    assert_frame_equal(accepted, calls[[row for row in range(calls.height) if row not in wrong]])
    assert findings["source_row"].is_sorted()


@given(broken_frames())
def test_a_broken_cell_gives_a_finding_on_its_column(broken):
    calls, cells = broken
    findings = enforce(calls, now=NOW).findings

    for row, column in cells:
        said = findings.filter(source_row=row + 1, severity="error")["column"].to_list()
        assert any(column in name.split("|") for name in said)
    for finding in findings.filter(severity="error").iter_rows(named=True):
        assert any((finding["source_row"] - 1, column) in cells for column in finding["column"].split("|"))


@given(broken_frames())
def test_pandera_and_enforce_are_of_one_mind(broken):
    calls, _ = broken
    # Pandera has no `now`: what is future to us may be past to it.
    calls = calls.filter(pl.col("DateTime").is_null() | ~pl.col("DateTime").is_between(NOW, 2**40))
    whole = enforce(calls).findings.filter(severity="error").is_empty()

    for given_ in (calls, calls.lazy()):
        if whole:
            CallRow.validate(given_)
        else:
            with pytest.raises(pandera.errors.SchemaError):
                CallRow.validate(given_)


@given(broken_frames())
def test_all_rules_at_once_are_the_rules_one_by_one(broken):
    rows = broken[0].with_row_index("source_row", offset=1)
    broken_rows = enforce(rows, now=NOW).findings.filter(severity="error")["source_row"].unique()

    for row in rows.partition_by("source_row"):
        if row["source_row"][0] not in broken_rows:
            without_errors(row, FINDINGS_SCHEMA.to_frame(), NOW)
        else:
            with pytest.raises(pandera.errors.SchemaError):
                without_errors(row, FINDINGS_SCHEMA.to_frame(), NOW)


def test_no_switch_of_panderas_turns_the_proof_off():
    rows = frame({"URL": "//a"}).with_row_index("source_row", offset=1)
    off = config_context(validation_enabled=False, validation_depth=ValidationDepth.SCHEMA_ONLY)
    with off, pytest.raises(pandera.errors.SchemaError):
        without_errors(rows, FINDINGS_SCHEMA.to_frame(), NOW)


@given(broken_frames(), st.sets(st.integers(1, 6)))
def test_sifting_finds_what_enforcing_finds(broken, lost):
    """Whichever rows are known to be lost, and although the dear rules are left to Pandera where it can be."""
    rows = broken[0].with_row_index("source_row", offset=1).with_columns(pl.col("source_row").cast(pl.Int64))
    known = pl.DataFrame([(row, "Tag", "x", "x", "error") for row in lost], schema=FINDINGS_SCHEMA, orient="row")
    accepted, findings = sift(rows, known, NOW)
    enforced = enforce(rows, now=NOW)
    is_lost = pl.col("source_row").is_in(list(lost))

    assert_frame_equal(findings.sort("source_row", maintain_order=True), enforced.findings)
    assert_frame_equal(accepted, enforce(rows.filter(~is_lost), now=NOW).accepted)


@given(broken_frames())
def test_no_message_holds_a_cell(broken):
    findings = enforce(broken[0], now=NOW).findings

    assert set(findings["message"]) <= {rule.sentence for rule in (*RULES, *ADVICES)}
    assert set(findings["code"]) <= {rule.code for rule in (*RULES, *ADVICES)}


def test_pandera_refuses_another_shape():
    for calls in (
        frame({}).select(reversed(COLUMNS)),
        frame({}).with_columns(other=1),
        frame({}).drop("Tag"),
        frame({}).cast({"StaticCall": pl.Int64}),
    ):
        with pytest.raises(pandera.errors.SchemaError):
            CallRow.validate(calls)
        with pytest.raises(pandera.errors.SchemaErrors):
            CallRow.validate(calls.lazy(), lazy=True)


SMALL = {"ClientId": ["17", "x", None], "DateTime": [NOW - 1] * 3}


def test_columns_that_are_absent_are_null():
    accepted, _ = enforce(pl.DataFrame(SMALL), now=NOW)

    assert accepted.columns == list(COLUMNS)
    assert dict(accepted.schema) == DTYPES
    assert accepted.row(0, named=True) == {**dict.fromkeys(COLUMNS), "ClientId": "17", "DateTime": NOW - 1}


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        pytest.param([7, 9, 8], [8, 9], id="numbers"),
        pytest.param(pl.Series([7, 9, 8], dtype=pl.UInt8), [8, 9], id="small numbers"),
        pytest.param([-1, 0, 1], [0, 1], id="numbers below 1"),
        pytest.param([1, 1, 1], [2, 3], id="one number for all"),
        pytest.param([None, 5, 6], [2, 3], id="a row without a number"),
    ],
)
def test_no_row_is_lost_whatever_its_number(numbers, said):
    accepted, findings = enforce(pl.DataFrame({"source_row": numbers, **SMALL}), now=NOW)

    assert accepted["ClientId"].to_list() == ["17"]
    assert findings["source_row"].to_list() == said


@pytest.mark.parametrize(
    ("column", "values"),
    [
        pytest.param("StaticCall", [True, False, None], id="flags as Boolean"),
        pytest.param("StaticCall", pl.Series([1, 0, None], dtype=pl.UInt64), id="flags as UInt64"),
        pytest.param("TalkDuration", pl.Series([1, 0, None], dtype=pl.Int16), id="seconds as Int16"),
        pytest.param("Currency", pl.Series(["RUB", "USD", None], dtype=pl.Categorical), id="codes as Categorical"),
        pytest.param("Currency", pl.Series(["RUB", None, None], dtype=pl.Enum(["RUB"])), id="codes as Enum"),
        pytest.param("Price", pl.Series(["1.5", "2", None]).cast(pl.Decimal(10, 2)), id="prices with two digits"),
        pytest.param("Tag", [None, None, None], id="nothing at all"),
    ],
)
def test_dtypes_that_lose_nothing_are_taken(column, values):
    ids = {"ClientId": ["1", "2", "3"], "DateTime": [NOW - 1] * 3, "Currency": ["RUB", "USD", "RUB"]}
    calls = pl.DataFrame({**ids, column: values})

    accepted = enforce(calls, now=NOW).accepted

    assert accepted[column].to_list() == calls[column].to_list()
    assert accepted[column].dtype == DTYPES[column]


@pytest.mark.parametrize(
    ("column", "value", "dtype", "code"),
    [
        pytest.param("CallMissed", 300, pl.Int64, "flag-not-binary", id="a flag of 300"),
        pytest.param("CallMissed", -300, pl.Int64, "flag-not-binary", id="a flag of -300"),
        pytest.param("TalkDuration", 2**64 - 1, pl.UInt64, "duration-out-of-range", id="a duration past 64 bits"),
        pytest.param("DateTime", 2**63, pl.UInt64, "time-not-past", id="a time past 64 bits"),
    ],
)
def test_a_number_too_large_for_the_column_is_a_finding(column, value, dtype, code):
    calls = pl.DataFrame({"ClientId": "17", "DateTime": NOW - 1}).with_columns(pl.Series(column, [value], dtype=dtype))

    accepted, findings = enforce(calls, now=NOW)

    assert accepted.is_empty()
    assert findings["code"].to_list() == [code]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        pytest.param(
            {"Clientid": "1", "DateTime": 1},
            f"unknown column Clientid. A call row has {', '.join(COLUMNS)}. Did you mean 'ClientId'?",
            id="unknown",
        ),
        pytest.param(
            {"ClientId": "1", "DateTime": 1, "x": 1, "y": 1},
            f"unknown columns x, y. A call row has {', '.join(COLUMNS)}.",
            id="two unknown",
        ),
        pytest.param(
            {"ClientId": "1"},
            "a call row needs DateTime and one of UserId, ClientId, Yclid; the frame has ClientId.",
            id="no time",
        ),
        pytest.param(
            {"DateTime": 1},
            "a call row needs DateTime and one of UserId, ClientId, Yclid; the frame has DateTime.",
            id="no id",
        ),
        pytest.param(
            {"ClientId": 17, "DateTime": 1},
            "ClientId is Int32, a call row has String. Convert the source with callframe.convert.",
            id="ids as numbers",
        ),
        pytest.param(
            {"ClientId": "1", "DateTime": 1.5},
            "DateTime is Float64, a call row has Int64. Convert the source with callframe.convert.",
            id="times as floats",
        ),
        pytest.param(
            {"ClientId": "1", "DateTime": 1, "Price": 1.5, "Currency": "RUB"},
            "Price is Float64, a call row has Decimal(precision=38, scale=6). Convert the source with callframe.convert.",
            id="prices as floats",
        ),
        pytest.param(
            {"source_row": "1", "ClientId": "1", "DateTime": 1},
            "source_row is String, a call row has Int64. Convert the source with callframe.convert.",
            id="row numbers as text",
        ),
    ],
)
def test_a_frame_of_another_shape_is_refused(columns, sentence):
    calls = pl.select(**{name: pl.lit(value) for name, value in columns.items()})

    with pytest.raises(ContractError) as caught:
        enforce(calls)

    assert str(caught.value) == f"contract: {sentence}"


def test_a_frame_without_rows_is_fine():
    accepted, findings = enforce(frame().select(reversed(COLUMNS)))

    assert_frame_equal(accepted, frame())
    assert_frame_equal(findings, FINDINGS_SCHEMA.to_frame())


@given(call_frames(min_rows=1), st.integers(1, 10))
def test_enforcing_in_pieces_is_enforcing_the_whole(calls, size):
    pieces = [enforce(piece, now=NOW).accepted for piece in calls.iter_slices(size)]

    assert_frame_equal(pl.concat(pieces), enforce(calls, now=NOW).accepted)


@given(broken_frames())
def test_accepted_rows_are_accepted_again(broken):
    accepted = enforce(broken[0], now=NOW).accepted

    assert_frame_equal(enforce(accepted, now=NOW).accepted, accepted)
