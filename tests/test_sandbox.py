"""The sandbox over real HTTP on loopback: what it takes, what it refuses, what it shows, how it starts and stops."""

import http.client
import io
import json
import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from callframe.errors import OptionError
from callframe.sandbox import Clock, Quotas, Sandbox
from callframe.sandbox.check import COLUMNS, NotCalls, tally, verdicts

NOW = 1_790_000_000
HEAD = "UserId,ClientId,Yclid,DateTime,StaticCall,Price,Currency,PhoneNumber"
GOOD = f",1654321098765432100,,{NOW - 60},0,1500.50,RUB,+79123456789"
STATIC = f"visitor-17,,,{NOW - 60},1,,,+74951234567"
FULL = ",".join(COLUMNS)
COUNTER = 123456


def calls(*rows, head=HEAD):
    return ("\n".join((head, *rows)) + "\n").encode()


class Client:
    """The three calls, as anybody would make them."""

    def __init__(self, box, token="sandbox", counter=COUNTER):
        self.headers = {"Authorization": f"OAuth {token}"}
        self.root = f"{box.base_url}/management/v1/counter/{counter}/offline_conversions"

    def upload(self, data=None, **query):
        file = calls(GOOD) if data is None else data
        url = f"{self.root}/upload_calls"
        return requests.post(url, headers=self.headers, params=query, files={"file": ("calls.csv", file)}, timeout=10)

    def status(self, number):
        return requests.get(f"{self.root}/calls_uploading/{number}", headers=self.headers, timeout=10)

    def list(self, **query):
        return requests.get(f"{self.root}/calls_uploadings", headers=self.headers, params=query, timeout=10)


@contextmanager
def running(**options):
    with Sandbox(**{"clock": Clock(NOW), "quotas": Quotas.off(), **options}) as box:
        yield box, Client(box)


@pytest.fixture(scope="module")
def shared():
    """One sandbox for tests that leave nothing behind that another one would see."""
    with running() as (box, _):
        yield box


@pytest.fixture
def client(shared, request):
    return Client(shared, counter=1 + abs(hash(request.node.nodeid)) % 10**9)


def refusal(response, code, error_type, location=None):
    """The envelope, exactly, and nothing of the request's data in it."""
    assert response.status_code == code, response.text
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert list(body) == ["errors", "code", "message"]
    (error,) = body["errors"]
    assert list(error) == ["error_type", "message", "location"]
    assert (error["error_type"], body["code"], body["message"]) == (error_type, code, error["message"])
    assert error["message"]
    if location is not None:
        assert error["location"] == location
    return error["message"]


# --- the three endpoints


def test_an_upload_is_answered_as_the_documents_show(client):
    response = client.upload(calls(GOOD, STATIC), comment="октябрь 2026", new_goal_name="Звонок")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert list(body) == ["uploading"]
    uploading = body["uploading"]
    number = uploading.pop("id")
    assert isinstance(number, int)
    assert number > 0
    assert uploading == {
        "create_time": "2026-09-21T14:13:20Z",
        "source_quantity": 2,
        "line_quantity": 2,
        "comment": "октябрь 2026",
        "client_id_type": "USER_ID",
        "status": "PREPARED",
        "static_calls_quantity": 1,
        "dynamic_calls_quantity": 1,
    }
    assert client.status(number).json() == body | {"uploading": {"id": number} | uploading}
    assert client.list().json() == {"uploadings": [{"id": number} | uploading]}


def test_what_was_received_can_be_read_back(shared, client):
    data = calls(GOOD, STATIC.replace("visitor-17", '"a, ""b""\nc"'))
    number = client.upload(data).json()["uploading"]["id"]
    upload = next(upload for upload in shared.uploads if upload.id == number)
    assert upload.raw == data
    assert [row["UserId"] for row in upload.rows] == ["", 'a, "b"\nc']
    assert upload.rows[0]["PhoneNumber"] == "+79123456789"
    assert upload.raw == data, "reading does not use it up"
    assert (upload.filename, upload.size) == ("calls.csv", len(data))
    assert "79123456789" not in f"{upload!r} {upload.verdicts()!r} {shared!r}"


def test_ids_go_up():
    with running() as (_, client):
        numbers = [client.upload().json()["uploading"]["id"] for _ in range(3)]
    assert numbers == sorted(set(numbers))


def test_statuses_move_with_the_clock():
    clock = Clock(NOW)
    with running(clock=clock, pace=10) as (box, client):
        number = client.upload().json()["uploading"]["id"]
        seen = []
        for _ in range(6):
            seen.append(client.status(number).json()["uploading"]["status"])
            clock.advance(10)
        assert client.list().json()["uploadings"][0]["status"] == "PROCESSED"
        assert box.uploads[0].status == "PROCESSED"
        assert box.uploads[0].final
    assert seen == ["PREPARED", "UPLOADED", "EXPORTED", "MATCHED", "PROCESSED", "PROCESSED"]


@pytest.mark.parametrize(
    ("rows", "last"),
    [
        pytest.param([STATIC], "LINKAGE_FAILURE", id="static only"),
        pytest.param([STATIC, GOOD], "PROCESSED", id="one dynamic"),
        pytest.param([GOOD.replace("1654", "x")], "LINKAGE_FAILURE", id="nothing taken"),
    ],
)
def test_how_an_upload_ends(rows, last):
    with running(pace=0) as (_, client):
        assert client.upload(calls(*rows)).json()["uploading"]["status"] == last


def test_the_usual_pace_ends_in_seconds():
    with running(clock=time.time, pace=0.02) as (_, client):
        number = client.upload(calls(GOOD.replace(str(NOW - 60), "1700000000"))).json()["uploading"]["id"]
        until = time.monotonic() + 5
        while client.status(number).json()["uploading"]["status"] != "PROCESSED":
            assert time.monotonic() < until
            time.sleep(0.02)


def test_the_date_header_is_of_the_clock(client):
    assert client.list().headers["date"] == "Mon, 21 Sep 2026 14:13:20 GMT"


def test_pages_of_the_list(client):
    numbers = [client.upload(comment=f"n{n}").json()["uploading"]["id"] for n in range(5)]
    newest_first = numbers[::-1]

    def page(**query):
        return [uploading["id"] for uploading in client.list(**query).json()["uploadings"]]

    assert page() == newest_first
    assert page(limit=2) == newest_first[:2]
    assert page(limit=2, offset=2) == newest_first[2:4]
    assert page(limit=10000, offset=4) == newest_first[4:]
    assert page(offset=5) == []


def test_a_counter_sees_its_own_uploads_only():
    with running() as (box, one):
        other = Client(box, counter=2)
        number = one.upload(new_goal_name="Звонок").json()["uploading"]["id"]
        assert other.list().json() == {"uploadings": []}
        refusal(other.status(number), 404, "not_found", "id")
        assert box.goals() == ["Звонок"]
        assert box.goals(2) == []


def test_a_goal_is_made_once():
    with running() as (box, client):
        for name in ("Звонок", "Звонок", "Заказ", ""):
            assert client.upload(new_goal_name=name).ok
        assert not client.upload(b"", new_goal_name="Нет").ok
        assert box.goals() == ["Звонок", "Заказ"]


# --- what a row is worth


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


# --- files and parameters that are refused


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


@pytest.mark.parametrize(
    ("query", "location"),
    [
        pytest.param({"comment": "a" * 256}, "comment", id="long comment"),
        pytest.param({"comment": "a-b"}, "comment", id="hyphen"),
        pytest.param({"comment": "тест\n"}, "comment", id="line end"),
        pytest.param({"comment": "日本"}, "comment", id="other letters"),
        pytest.param({"comment": "\u0482"}, "comment", id="Cyrillic sign"),
    ],
)
def test_a_comment_outside_its_alphabet_is_refused(client, query, location):
    refusal(client.upload(**query), 400, "invalid_parameter", location)


@pytest.mark.parametrize("comment", ["", "a" * 255, "Ёжик їжак ABC 123", "я" * 255])
def test_a_comment_comes_back(client, comment):
    assert client.upload(comment=comment).json()["uploading"]["comment"] == comment


def test_spaces_in_a_comment_can_be_refused():
    with running(comment_spaces=False) as (_, client):
        refusal(client.upload(comment="a b"), 400, "invalid_parameter", "comment")
        assert client.upload(comment="ab").ok


@pytest.mark.parametrize(
    "counter", ["0", "-1", "2147483648", "abc", "1.0", "1_0", "%201", "９"], ids=lambda counter: f"counter {counter}"
)
def test_a_counter_is_an_int32(shared, counter):
    refusal(Client(shared, counter=counter).list(), 400, "invalid_parameter", "counterId")
    refusal(Client(shared, counter=counter).upload(), 400, "invalid_parameter", "counterId")


def test_counters_that_exist():
    with running(counters={COUNTER}) as (box, client):
        assert client.upload().ok
        other = Client(box, counter=2147483647)
        for response in (other.upload(), other.list(), other.status(1)):
            refusal(response, 404, "not_found", "counterId")


@pytest.mark.parametrize(
    "query",
    [{"limit": 0}, {"limit": 10001}, {"limit": "x"}, {"offset": -1}, {"offset": ""}],
    ids=lambda query: str(query),
)
def test_a_page_of_the_list_has_limits(client, query):
    refusal(client.list(**query), 400, "invalid_parameter", next(iter(query)))


def test_an_upload_that_is_not_there(client):
    refusal(client.status(1), 404, "not_found", "id")
    refusal(client.status("abc"), 400, "invalid_parameter", "id")
    refusal(client.status(2**63), 400, "invalid_parameter", "id")


@pytest.mark.parametrize(
    ("body", "code", "error_type"),
    [
        pytest.param({"files": {"data": ("calls.csv", calls(GOOD))}}, 400, "missing_parameter", id="another part"),
        pytest.param({"files": {"file": (None, calls(GOOD))}}, 400, "missing_parameter", id="a field, not a file"),
        pytest.param({"data": calls(GOOD)}, 400, "missing_parameter", id="a bare body"),
        pytest.param({"data": {"file": "x"}}, 400, "missing_parameter", id="a form"),
        pytest.param({}, 400, "missing_parameter", id="nothing"),
        pytest.param(
            {"files": [("file", ("a.csv", calls(GOOD))), ("file", ("b.csv", calls(GOOD)))]},
            400,
            "invalid_parameter",
            id="two files",
        ),
        pytest.param(
            {"data": b"x", "headers": {"Content-Type": "multipart/form-data"}},
            400,
            "invalid_parameter",
            id="no boundary",
        ),
        pytest.param(
            {"data": b"garbage", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
            400,
            "invalid_parameter",
            id="not multipart",
        ),
        pytest.param(
            {
                "data": b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + calls(GOOD),
                "headers": {"Content-Type": "multipart/form-data; boundary=b"},
            },
            400,
            "missing_parameter",
            id="no closing boundary",
        ),
    ],
)
def test_the_file_is_a_part_named_file(client, shared, body, code, error_type):
    before = len(shared.uploads)
    headers = client.headers | body.pop("headers", {})
    refusal(requests.post(f"{client.root}/upload_calls", headers=headers, timeout=10, **body), code, error_type)
    assert len(shared.uploads) == before


def test_other_parts_do_no_harm(client):
    files = [("note", (None, "x")), ("file", ("calls.csv", calls(GOOD))), ("other", ("b.bin", b"\x00"))]
    assert requests.post(f"{client.root}/upload_calls", headers=client.headers, files=files, timeout=10).ok


def test_the_largest_file():
    data = calls(GOOD)
    with running(max_bytes=len(data)) as (_, client):
        assert client.upload(data).ok
        refusal(client.upload(data + b"\n"), 400, "limit_exceeded", "file")


@pytest.mark.parametrize(
    ("header", "code", "error_type"),
    [
        pytest.param(None, 401, "unauthorized", id="none"),
        pytest.param("", 401, "unauthorized", id="empty"),
        pytest.param("OAuth", 401, "unauthorized", id="no token"),
        pytest.param("Bearer sandbox", 401, "unauthorized", id="another scheme"),
        pytest.param("sandbox", 401, "unauthorized", id="bare token"),
        pytest.param("OAuth other", 403, "invalid_token", id="another token"),
        pytest.param("OAuth sandbox2", 403, "invalid_token", id="longer token"),
    ],
)
def test_the_token(shared, client, header, code, error_type):
    headers = {} if header is None else {"Authorization": header}
    for method, path in (("POST", "upload_calls"), ("GET", "calls_uploadings"), ("GET", "calls_uploading/1")):
        response = requests.request(method, f"{client.root}/{path}", headers=headers, timeout=10)
        assert "sandbox" not in refusal(response, code, error_type, "Authorization")


def test_a_refused_file_is_read_to_its_end(shared, client):
    """The client gets to read the answer though it sends more than fits into the buffers of a connection."""
    client.headers = {"Connection": "close"}
    refusal(client.upload(b"x" * 20_000_000), 401, "unauthorized")
    assert shared.requests[-1].body_bytes > 20_000_000
    assert shared.requests[-1].complete


@pytest.mark.parametrize(
    ("method", "path", "code", "error_type"),
    [
        pytest.param("GET", "/nothing", 404, "not_found", id="no such path"),
        pytest.param("GET", "/docs", 404, "not_found", id="no docs from elsewhere"),
        pytest.param("GET", "{root}/calls_uploadings/", 404, "not_found", id="no redirect to drop the slash"),
        pytest.param("GET", "{root}/upload_calls", 405, "query_error", id="method"),
        pytest.param("DELETE", "{root}/calls_uploading/1", 405, "query_error", id="nothing can be deleted"),
        pytest.param("GET", "/uploads/1", 404, "not_found", id="no such page"),
        pytest.param("GET", "/uploads/x", 400, "invalid_parameter", id="no such page by name"),
    ],
)
def test_other_paths_and_methods(shared, client, method, path, code, error_type):
    url = shared.base_url + path.format(root=client.root.removeprefix(shared.base_url))
    refusal(requests.request(method, url, headers=client.headers, timeout=10), code, error_type)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example", "", "127.0.0.1:1:2"])
@pytest.mark.parametrize("path", ["/", "/management/v1/counter/1/offline_conversions/calls_uploadings"])
def test_another_host_name_is_refused(shared, host, path):
    headers = {"Host": host.format(port=shared.port), "Authorization": "OAuth sandbox"}
    refusal(requests.get(shared.base_url + path, headers=headers, timeout=10), 400, "invalid_parameter", "Host")


def test_localhost_is_a_name_of_it(shared):
    assert requests.get(shared.url, headers={"Host": f"LocalHost:{shared.port}"}, timeout=10).ok


# --- quotas


def test_thirty_requests_a_second():
    clock = Clock(NOW)
    with running(clock=clock, quotas=Quotas()) as (_, client):
        codes = [client.list().status_code for _ in range(31)]
        assert codes == [200] * 30 + [429]
        refusal(client.list(), 429, "quota_requests_by_ip")
        clock.advance(1)
        assert client.list().ok


def test_requests_a_day_until_midnight():
    clock = Clock(NOW)
    with running(clock=clock, quotas=Quotas(per_day=3, per_second=None)) as (box, client):
        assert [client.list().status_code for _ in range(3)] == [200] * 3
        refusal(client.upload(), 429, "quota_requests_by_uid")
        clock.advance(86400 - NOW % 86400 - 1)
        refusal(client.list(), 429, "quota_requests_by_uid")
        clock.advance(1)
        assert client.list().ok
        assert box.uploads == []


def test_requests_a_day_to_a_counter_and_the_other_code():
    with running(quotas=Quotas(per_day_counter=1, code=420)) as (box, client):
        assert client.list().ok
        refusal(client.list(), 420, "quota_requests_by_counter_id")
        assert Client(box, counter=2).list().ok


def test_three_in_parallel():
    with running(quotas=Quotas(per_second=None)) as (box, client):
        head = (
            f"POST {client.root.removeprefix(box.base_url)}/upload_calls HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            "Authorization: OAuth sandbox\r\nContent-Type: multipart/form-data; boundary=b\r\n"
            "Content-Length: 10\r\n\r\n"
        )
        busy = [socket.create_connection(("127.0.0.1", box.port)) for _ in range(3)]
        for connection in busy:
            connection.sendall(head.encode())
        until = time.monotonic() + 5
        while client.list().status_code != 429:
            assert time.monotonic() < until
        refusal(client.list(), 429, "quota_parallel_requests")
        for connection in busy:
            connection.close()
        while not client.list().ok:
            assert time.monotonic() < until


# --- the samples of the documents, mended


SAMPLE = """
import requests

counter = 123456
token = "sandbox"

url = "https://api-metrika.yandex.net/management/v1/counter/{}/offline_conversions/upload_calls".format(counter)
headers = {
    "Authorization": "OAuth {}".format(token)
}

with open("offline-conversions.csv", "rb") as file:
    req = requests.post(url, headers=headers, files={"file": file})

req.raise_for_status()
print(req.json()["uploading"]["line_quantity"])
"""


def test_the_python_sample(shared, tmp_path):
    """As the documents have it, but for the base URL, the template and the ways of opening and looking."""
    (tmp_path / "offline-conversions.csv").write_bytes(calls(GOOD))
    done = subprocess.run(
        [sys.executable, "-c", SAMPLE.replace("https://api-metrika.yandex.net", shared.base_url)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert (done.stdout, done.stderr) == ("1\n", "")
    assert shared.uploads[-1].raw == calls(GOOD)


def test_the_text_of_a_file_as_the_sample_sends_it(client):
    response = requests.post(
        f"{client.root}/upload_calls", headers=client.headers, files={"file": calls(GOOD).decode()}, timeout=10
    )
    assert response.json()["uploading"]["line_quantity"] == 1


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize(
    "header", [[], ["-H", "Content-Type: multipart/form-data"]], ids=["plain", "with the header of the PHP sample"]
)
@pytest.mark.parametrize("rows", [1, 40_000], ids=["small", "asks before it sends"])
def test_curl(client, tmp_path, header, rows):
    (tmp_path / "file.csv").write_bytes(calls(*[GOOD] * rows))
    command = [
        "curl",
        "-sS",
        "-H",
        f"Authorization: {client.headers['Authorization']}",
        *header,
        "-F",
        "file=@file.csv",
    ]
    command.append(f"{client.root}/upload_calls?comment=curl&new_goal_name=%D0%97%D0%B2%D0%BE%D0%BD%D0%BE%D0%BA")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=30)
    assert done.stderr == ""
    assert json.loads(done.stdout)["uploading"]["line_quantity"] == rows


# --- the page


def test_the_page_before_anything_has_arrived():
    with running() as (box, _):
        page = requests.get(box.url, timeout=10)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Nothing has been uploaded yet" in page.text
    assert f"{box.base_url}/management/v1/counter/123456/offline_conversions/upload_calls" in page.text
    assert "OAuth sandbox" in page.text


def test_the_page_never_shows_a_token_of_ones_own():
    with running(token="my-own-word") as (box, _):
        page = requests.get(box.url, timeout=10).text
        assert "my-own-word" not in page + repr(box)
        assert "$METRICA_TOKEN" in page
        assert Client(box, token="my-own-word").upload().ok


def test_the_page_needs_nothing_from_elsewhere():
    with running() as (box, client):
        number = client.upload().json()["uploading"]["id"]
        for path in ("", f"uploads/{number}"):
            page = requests.get(box.url + path, timeout=10)
            assert "default-src 'none'" in page.headers["content-security-policy"]
            assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
            assert not re.search(r'(src|href)="(?!/|\?|data:)', page.text)
            assert "<script" not in page.text
            assert 'http-equiv="refresh"' in page.text, "the status still moves"
            box.clock.advance(60)
            assert 'http-equiv="refresh"' not in requests.get(box.url + path, timeout=10).text
            box.clock.advance(-60)


def test_the_page_escapes_and_masks():
    evil = "<script>alert(1)</script>"
    row = f'"{evil}",1654321098765432100,,{NOW - 9},0,1,RUB,+79123456789,5,5,0,"{evil} 8 (495) 123-45-67",1,'
    row += '"https://shop.example/?p=79123456789",https://tracker.example/79123456789'
    shifted = "," + row
    with running() as (box, client):
        number = client.upload(calls(row, shifted, head=FULL), new_goal_name=evil).json()["uploading"]["id"]
        overview = requests.get(box.url, timeout=10).text
        page = requests.get(f"{box.url}uploads/{number}", timeout=10).text
        plain = requests.get(f"{box.url}uploads/{number}?show=all", timeout=10).text
    for text in (overview, page, plain):
        assert "<script" not in text
    assert "&lt;script&gt;alert(1)" in overview
    assert "+7912•••••89" in page
    for secret in ("79123456789", "1654321098765432100", "123-45-67"):
        assert secret not in page + overview
        assert secret in plain
    assert "not as many cells as column names" in page


def test_the_page_shows_the_first_rows_and_says_how_many_more():
    with running() as (box, client):
        number = client.upload(calls(*[GOOD] * 60)).json()["uploading"]["id"]
        page = requests.get(f"{box.url}uploads/{number}", timeout=10).text
    assert page.count('<tr class="taken">') == 50
    assert "10 more are not shown" in page


# --- the description of the endpoints


def test_the_description_is_true(shared):
    described = requests.get(f"{shared.base_url}/openapi.json", timeout=10).json()
    root = "/management/v1/counter/{counterId}/offline_conversions"
    assert {path: list(methods) for path, methods in described["paths"].items()} == {
        f"{root}/upload_calls": ["post"],
        f"{root}/calls_uploading/{{id}}": ["get"],
        f"{root}/calls_uploadings": ["get"],
    }
    for methods in described["paths"].values():
        for operation in methods.values():
            assert "422" not in operation["responses"], "the framework's own answer is never given"
            assert operation["security"] == [{"OAuth": []}]
    (body,) = described["paths"][f"{root}/upload_calls"]["post"]["requestBody"]["content"].items()
    assert body[0] == "multipart/form-data"
    assert body[1]["schema"]["required"] == ["file"]


# --- starting, stopping, many at once, large files


def test_starting_and_stopping_leaves_nothing_behind(caplog):
    caplog.set_level(logging.DEBUG)
    before = threading.active_count()
    for _ in range(5):
        began = time.monotonic()
        with running() as (box, client):
            assert time.monotonic() - began < 0.5
            session = requests.Session()
            assert session.get(box.url, timeout=10).ok, "a connection that stays open"
            assert client.upload().ok
            port = box.port
        with pytest.raises(requests.ConnectionError):
            session.get(box.url, timeout=10)
        session.close()
        assert box.uploads[0].rows, "what it received can still be read"
    deadline = time.monotonic() + 5
    while threading.active_count() > before:
        assert time.monotonic() < deadline, threading.enumerate()
        time.sleep(0.01)
    with Sandbox(port) as again:
        assert again.port == port
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_stopping_waits_for_nobody():
    with running(faults=["silence-after"]) as (box, client):
        with ThreadPoolExecutor() as pool:
            waiting = pool.submit(client.upload)
            while not box.uploads:
                time.sleep(0.01)
            began = time.monotonic()
            box.stop()
            assert time.monotonic() - began < 1
            with pytest.raises(requests.ConnectionError):
                waiting.result(timeout=10)
        box.stop()


def test_a_port_that_is_taken():
    with running() as (box, _), pytest.raises(OptionError, match=f"port {box.port} can't be listened on"):
        Sandbox(box.port).start()
    with pytest.raises(OptionError, match="70000"):
        Sandbox(70000).start()


def test_nobody_else_can_connect(shared):
    with socket.socket() as other:
        other.settimeout(2)
        with pytest.raises(OSError):  # noqa: PT011 - refused or timed out, as the system likes
            other.connect(("127.0.0.2", shared.port))


def test_uploads_at_once():
    with running() as (box, client):
        files = [calls(*[GOOD] * (n + 1)) for n in range(24)]
        with ThreadPoolExecutor(8) as pool:
            answers = [response.json()["uploading"] for response in pool.map(client.upload, files)]
        assert [answer["source_quantity"] for answer in answers] == list(range(1, 25))
        assert len({answer["id"] for answer in answers}) == 24
        kept = {upload.id: upload.raw for upload in box.uploads}
        assert [kept[answer["id"]] for answer in answers] == files


def test_a_request_that_breaks_off_leaves_nothing(shared):
    before = len(shared.uploads)
    connection = http.client.HTTPConnection("127.0.0.1", shared.port, timeout=10)
    connection.putrequest("POST", "/management/v1/counter/5/offline_conversions/upload_calls")
    connection.putheader("Authorization", "OAuth sandbox")
    connection.putheader("Content-Type", "multipart/form-data; boundary=b")
    connection.putheader("Content-Length", "5000000")
    connection.endheaders()
    connection.send(b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + b"x" * 3_000_000)
    connection.close()
    deadline = time.monotonic() + 5
    while not shared.requests[-1].path.endswith("/5/offline_conversions/upload_calls"):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.1)
    assert not shared.requests[-1].complete
    assert len(shared.uploads) == before


SERVE = "from callframe.sandbox import serve; serve(0, started=lambda box: print(box.port, flush=True))"


@contextmanager
def served():
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", SERVE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process, int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent as a signal")
def test_ctrl_c_ends_the_server_without_a_word():
    with served() as (process, port):
        assert requests.get(f"http://127.0.0.1:{port}/", timeout=10).ok
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=10) == ("", "")
        assert process.returncode == 0


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
def test_a_large_file_is_never_held_in_memory(tmp_path):
    body = tmp_path / "body"
    line = GOOD.encode() + b"\n"
    rows = 60_000_000 // len(line)
    with body.open("wb") as file:
        file.write(b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n')
        file.write(HEAD.encode() + b"\n" + line * rows + b"\r\n--b--\r\n")

    def peak(process):
        status = Path(f"/proc/{process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1000

    with served() as (process, port):
        url = f"http://127.0.0.1:{port}/management/v1/counter/1/offline_conversions/upload_calls"
        headers = {"Authorization": "OAuth sandbox", "Content-Type": "multipart/form-data; boundary=b"}
        assert requests.post(url, headers=headers | {"Content-Length": "0"}, timeout=10).status_code == 400
        before = peak(process)
        with body.open("rb") as file:
            answer = requests.post(url, headers=headers, data=file, timeout=60).json()
        assert answer["uploading"]["source_quantity"] == rows
        assert peak(process) - before < 40, "MB"
