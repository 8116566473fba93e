"""What a row and a file are worth to the service."""

import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callframe.sandbox.check import COLUMNS, NotCalls, tally, verdicts

from .client import FULL, GOOD, HEAD, NOW, STATIC, calls, refusal


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({}, None, id="as it should be"),
        pytest.param({"ClientId": "", "UserId": "anything, ☎"}, None, id="user id is any text"),
        pytest.param({"ClientId": "", "Yclid": "7"}, None, id="yclid"),
        pytest.param({"ClientId": ""}, "no visitor id", id="no id"),
        pytest.param({"ClientId": "1.7E+18"}, "ClientId: not digits", id="spreadsheet id"),
        pytest.param({"ClientId": " 17"}, "ClientId: not digits", id="space before an id"),
        pytest.param({"ClientId": "١٢٣"}, "ClientId: not digits", id="other digits"),
        pytest.param({"Yclid": "x7"}, "Yclid: not digits", id="bad yclid beside a good id"),
        pytest.param({"DateTime": ""}, "DateTime: nothing there", id="no time"),
        pytest.param({"DateTime": str(NOW)}, None, id="now"),
        pytest.param({"DateTime": str(NOW + 1)}, "DateTime: later than now", id="later"),
        pytest.param({"DateTime": str(NOW * 1000)}, "DateTime: later than now", id="milliseconds"),
        pytest.param({"DateTime": f"{NOW}.0"}, "DateTime: not whole seconds of Unix time", id="decimal time"),
        pytest.param({"DateTime": "2026-09-21 12:00:00"}, "DateTime: not whole seconds of Unix time", id="text time"),
        pytest.param({"DateTime": "-5"}, "DateTime: not whole seconds of Unix time", id="negative time"),
        pytest.param({"DateTime": "9" * 5000}, "DateTime: not whole seconds of Unix time", id="endless time"),
        pytest.param({"StaticCall": ""}, None, id="no static flag"),
        pytest.param({"StaticCall": "yes"}, "StaticCall: neither 0 nor 1", id="static in words"),
        pytest.param({"CallMissed": "2"}, "CallMissed: neither 0 nor 1", id="missed"),
        pytest.param({"FirstTimeCaller": "true"}, "FirstTimeCaller: neither 0 nor 1", id="first"),
        pytest.param({"Price": "1500"}, None, id="whole price"),
        pytest.param({"Price": "1500,50"}, "Price: not a number with a decimal point", id="comma price"),
        pytest.param({"Price": "1e3"}, "Price: not a number with a decimal point", id="exponent price"),
        pytest.param({"Price": "1 500"}, "Price: not a number with a decimal point", id="spaced price"),
        pytest.param({"Price": "5."}, "Price: not a number with a decimal point", id="bare point"),
        pytest.param({"PhoneNumber": ""}, None, id="no phone"),
        pytest.param({"PhoneNumber": "79123456789"}, "PhoneNumber: not + and digits", id="phone without plus"),
        pytest.param({"PhoneNumber": "+7 912 3456789"}, "PhoneNumber: not + and digits", id="phone with spaces"),
        pytest.param({"TalkDuration": "61.5"}, "TalkDuration: not whole seconds", id="talk"),
        pytest.param({"HoldDuration": "0:05"}, "HoldDuration: not whole seconds", id="hold"),
        pytest.param({"Currency": "RUR"}, None, id="unknown currency is silent"),
        pytest.param({"Tag": "клиента не устроила цена", "URL": "any text"}, None, id="free text"),
    ],
)
def test_a_row_is_taken_or_not(client, shared, change, reason):
    cells = dict.fromkeys(COLUMNS, "") | dict(zip(HEAD.split(","), GOOD.split(","), strict=True)) | change
    row = ",".join(f'"{cell}"' for cell in cells.values())
    uploading = client.upload(calls(row, GOOD + "," * 7, head=FULL)).json()["uploading"]
    upload = next(upload for upload in shared.uploads if upload.id == uploading["id"])
    assert uploading["source_quantity"] == 2
    assert uploading["line_quantity"] == (2 if reason is None else 1)
    assert uploading["dynamic_calls_quantity"] == uploading["line_quantity"]
    assert [verdict.reason for verdict in upload.verdicts()] == [reason, None]
    assert dict(upload.tally.reasons) == ({reason: 1} if reason else {})


def test_what_happens_to_a_row_that_is_taken():
    old = GOOD.replace(str(NOW - 60), str(NOW - 22 * 86400))
    file = io.BytesIO(calls(GOOD, GOOD.replace("RUB", "RUR"), old))
    notes = [verdict.notes for verdict in verdicts(file, NOW)]
    assert notes == [
        (),
        ("Currency: not known, the money is dropped",),
        ("DateTime: older than 21 days, can't be tied to a visit",),
    ]


def test_a_row_of_another_width_is_not_taken(client):
    uploading = client.upload(calls(GOOD, GOOD + ",more", "17")).json()["uploading"]
    assert (uploading["source_quantity"], uploading["line_quantity"]) == (3, 1)


def test_empty_lines_are_no_rows(client):
    data = calls(GOOD, "", GOOD, "").replace(b"\n", b"\r\n")
    assert client.upload(data).json()["uploading"]["source_quantity"] == 2


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        pytest.param(f"u,,,{NOW}", "USER_ID", id="user"),
        pytest.param(f",1,,{NOW}", "CLIENT_ID", id="client"),
        pytest.param(f",,1,{NOW}", "YCLID", id="yclid"),
    ],
)
def test_the_kind_of_ids(client, row, kind):
    data = calls(row, row, f",5,,{NOW}", head="UserId,ClientId,Yclid,DateTime")
    assert client.upload(data).json()["uploading"]["client_id_type"] == kind


CELL = st.sampled_from(["", "0", "1", "17", "x", "+79123456789", "RUB", "1.5", "1,5", str(NOW), str(NOW + 9), "а\n"])


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.lists(CELL, min_size=1, max_size=9), min_size=1, max_size=8))
def test_counts_and_verdicts_agree(rows):
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    file = io.BytesIO(calls(text))
    counts = tally(file, NOW)
    found = verdicts(file, NOW)
    assert counts.source == len(found) == len(rows) == counts.taken + sum(counts.reasons.values())
    assert counts.taken == sum(verdict.reason is None for verdict in found)
    assert 0 <= counts.static <= counts.taken
    assert counts.static + counts.dynamic == counts.taken
    assert counts.static == sum(v.reason is None and v.cells["StaticCall"] == "1" for v in found)
    assert verdicts(file, NOW, limit=3) == found[:3]


@given(st.binary(max_size=200))
def test_any_bytes_are_judged(data):
    with suppress(NotCalls):
        assert tally(io.BytesIO(data), NOW).source > 0


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "the file is empty", id="nothing"),
        pytest.param(b"\n\r\n", "the file is empty", id="blank lines"),
        pytest.param(calls(), "the file holds no calls", id="names only"),
        pytest.param(
            calls(f"1,{NOW}", head="ClientId,DateTime"), "required columns are missing: UserId, Yclid", id="missing"
        ),
        pytest.param(
            calls(GOOD, head=HEAD.lower()),
            "required columns are missing: UserId, ClientId, Yclid, DateTime",
            id="small letters",
        ),
        pytest.param(
            calls(GOOD.replace(",", ";"), head=HEAD.replace(",", ";")),
            "the first line is not column names separated by commas",
            id="semicolons",
        ),
        pytest.param(calls(GOOD, head=HEAD.replace("Price", "Prise")), "column 6 has a name that is not", id="unknown"),
        pytest.param(calls(GOOD, head=HEAD.replace("Price", "Currency")), "column 7 has the same name", id="twice"),
        pytest.param(b"\xef\xbb\xbf" + calls(GOOD), "the file starts with a byte order mark", id="BOM"),
        pytest.param(calls(GOOD).decode().encode("utf-16"), "the file is not UTF-8", id="utf-16"),
        pytest.param(calls(STATIC.replace("visitor", "гость")).decode().encode("cp1251"), "not UTF-8", id="cp1251"),
        pytest.param(calls(GOOD, '"open,1,,5,,,,'), "is not CSV", id="open quote"),
        pytest.param(calls(GOOD, 'a"b,"c"d,,5,,,,'), "line 3 is not CSV", id="text after a quote"),
        pytest.param(b"%PDF-1.4 \x00\x01", "required columns are missing", id="a PDF"),
        pytest.param(GOOD.encode(), "required columns are missing", id="no column names"),
    ],
)
def test_a_file_that_is_no_calls_is_refused(client, shared, data, message):
    before = len(shared.uploads)
    said = refusal(client.upload(data), 400, "invalid_uploading", "file")
    assert message in said
    assert "9123456789" not in said
    assert len(shared.uploads) == before
