"""Faults on demand: what each one shows on the wire, what it takes, and that the sandbox is well again afterwards."""

import http.client
import json
import socket
import threading
import time
from email.utils import parsedate_to_datetime

import pytest
import requests

from callframe.sandbox import known_faults
from callframe.sandbox.kinds import KINDS

from .client import GOOD, NOW, STATIC, calls, refusal, running

CLOSED, CUT, SILENT = "closed", "cut", "silent"
BODY = (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + calls(GOOD, STATIC) + b"\r\n--b--\r\n"
)
HEADERS = {"Authorization": "OAuth sandbox", "Content-Type": "multipart/form-data; boundary=b"}
PATH = "/management/v1/counter/123456/offline_conversions"


def post(box, body=BODY, timeout=10.0):
    """Sends one upload over a plain connection: the status and the body, or how it went wrong."""
    connection = http.client.HTTPConnection("127.0.0.1", box.port, timeout=timeout)
    try:
        connection.request("POST", f"{PATH}/upload_calls?comment=abcd", body, HEADERS)
        response = connection.getresponse()
        return response.status, response.read()
    except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
        return CLOSED, b""
    except http.client.IncompleteRead as error:
        return CUT, error.partial
    except TimeoutError:
        return SILENT, b""
    finally:
        connection.close()


REFUSED = {
    "401": 401, "404": 404, "406": 406, "409": 409, "413": 413, "420": 420, "429": 429,
    "invalid-parameter": 400, "missing-parameter": 400, "invalid-uploading": 400, "limit-exceeded": 400,
    "query-error": 400, "unauthorized": 401, "access-denied": 403, "invalid-token": 403, "counter-in-connect": 403,
    "not-found": 404, "not-acceptable": 406, "conflict": 409, "quota-requests-by-ip": 429,
    "quota-parallel-requests": 429, "quota-requests-by-uid": 429, "quota-requests-by-counter-id": 429,
    "backend-error": 503, "timeout": 504,
    "500-before": 500, "502-before": 502, "503-before": 503, "504-before": 504,
    "403-html": 403, "413-html": 413, "429-html": 429, "502-html": 502,
    "redirect-301": 301, "redirect-302": 302, "redirect-303": 303, "redirect-307": 307, "redirect-308": 308,
    "lost-request": CLOSED, "silence-before": SILENT, "reset-mid-body": CLOSED, "stall": SILENT,
    "early-401": 401, "early-413": 413,
}  # fmt: skip
TAKEN = {
    "500-after": 500, "502-after": 502, "503-after": 503, "504-after": 504, "409-after": 409, "403-html-after": 403,
    "lost-answer": CLOSED, "reset-answer": CLOSED, "silence-after": SILENT, "slow-answer": SILENT, "cut-answer": CUT,
    "drip-headers": SILENT, "drip-body": SILENT, "204": 204, "early-hints": 102,
} | dict.fromkeys(
    (
        "stray-100", "html-200", "empty-200", "list-200", "truncated-json", "deep-json", "long-json", "bad-gzip",
        "missing-id", "text-id", "zero-id", "no-echo", "short-comment", "upper-comment", "other-id-type", "new-fields",
        "uneven-counts", "late-counts", "linkage-failure", "processed", "unknown-status", "unknown-final", "stuck",
        "status-backwards", "vanished", "short-source-quantity", "short-line-quantity",
    ),
    200,
)  # fmt: skip


def test_every_fault_is_in_the_table():
    assert set(REFUSED) | set(TAKEN) == set(KINDS)
    assert not set(REFUSED) & set(TAKEN)
    assert set(known_faults()) > set(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_a_fault_shows_once_and_takes_or_not(name):
    with running(faults=[name]) as (box, client):
        assert box.faults == [name]
        drips = name.startswith("drip")
        expected = (REFUSED | TAKEN)[name]
        outcome, _ = drip(box) if drips else post(box, timeout=0.5 if expected == SILENT else 10)
        assert outcome == expected
        assert len(box.uploads) == (name in TAKEN)
        assert box.faults == []
        record = box.requests[0]
        assert (record.fault, record.with_token) == (name, True)
        if name not in ("reset-mid-body", "stall", "early-401", "early-413"):
            assert (record.complete, record.body_bytes) == (True, len(BODY))
        assert client.upload().json()["uploading"]["source_quantity"] == 1, "well again"
        assert len(box.uploads) == (name in TAKEN) + 1


def drip(box):
    """A dripping answer never comes to an end, though the connection is never silent for long."""
    with socket.create_connection(("127.0.0.1", box.port), timeout=0.5) as connection:
        head = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
        head = f"POST {PATH}/upload_calls HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}Content-Length: {len(BODY)}\r\n\r\n"
        connection.sendall(head.encode() + BODY)
        for _ in range(4):
            assert connection.recv(65536)
    return SILENT, b""


@pytest.mark.parametrize("name", [name for name in REFUSED if REFUSED[name] in range(400, 600) and "html" not in name])
def test_a_refusal_on_demand_has_the_envelope(name):
    with running(faults=[f"list/{name}"]) as (_, client):
        response = client.list()
        refusal(response, REFUSED[name], response.json()["errors"][0]["error_type"])
        assert client.list().ok


@pytest.mark.parametrize(
    ("form", "header"),
    [
        pytest.param("30", "30", id="seconds"),
        pytest.param("-5", "-5", id="negative"),
        pytest.param("soon", "soon", id="garbage"),
        pytest.param("", None, id="empty"),
    ],
)
@pytest.mark.parametrize("name", ["429", "420", "quota_parallel_requests", "503-before"])
def test_forms_of_retry_after(name, form, header):
    with running(faults=[f"{name},retry-after={form}"]) as (_, client):
        response = client.upload()
        assert response.headers.get("retry-after") == header
        assert response.status_code in (420, 429, 503)


def test_retry_after_as_a_date_of_the_clock():
    with running(faults=["429,retry-after=date+30", "429,retry-after=date-30,code=420"]) as (_, client):
        dates = [(r.status_code, parsedate_to_datetime(r.headers["retry-after"]).timestamp()) for r in
                 (client.upload(), client.upload())]  # fmt: skip
    assert dates == [(429, NOW + 30), (420, NOW - 30)]


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("no-echo", {"comment": ""}),
        ("short-comment", {"comment": "abcd" * 8}),
        ("upper-comment", {"comment": "ABCD" * 10}),
        ("other-id-type", {"client_id_type": "USER_ID"}),
        ("uneven-counts", {"static_calls_quantity": 2}),
        ("short-source-quantity", {"source_quantity": 2}),
        ("short-source-quantity,by=9", {"source_quantity": 0}),
        ("short-line-quantity", {"line_quantity": 2, "dynamic_calls_quantity": 1}),
        ("short-line-quantity,by=2", {"line_quantity": 1, "dynamic_calls_quantity": 0}),
        (
            "short-line-quantity,by=7",
            {"line_quantity": 0, "dynamic_calls_quantity": 0, "static_calls_quantity": 0},
        ),
        ("new-fields", {"linked_quantity": 0, "type": "CALLS", "uploading_source": {"kind": "API"}}),
        ("late-counts", {"line_quantity": 0, "dynamic_calls_quantity": 0, "static_calls_quantity": 0}),
    ],
)
def test_what_is_told_otherwise_stays_so(name, changed):
    with running() as (box, client):
        right = client.upload(calls(GOOD, GOOD, STATIC), comment="abcd" * 10).json()["uploading"]
        box.fault(name)
        told = client.upload(calls(GOOD, GOOD, STATIC), comment="abcd" * 10).json()["uploading"]
        assert told == right | changed | {"id": told["id"]}
        assert client.status(told["id"]).json() == {"uploading": told}
        assert client.list().json()["uploadings"] == [told, right]
        assert box.uploads[1].tally.source == 3, "the truth is kept"


def test_late_counts_come_with_the_final_status():
    with running(faults=["late-counts"], pace=10) as (box, client):
        number = client.upload(calls(GOOD, STATIC)).json()["uploading"]["id"]
        seen = []
        for _ in range(5):
            told = client.status(number).json()["uploading"]
            seen.append((told["status"], told["source_quantity"], told["line_quantity"]))
            box.clock.advance(10)
        assert [counts for *_, counts in seen] == [0, 0, 0, 0, 2]
        assert {source for _, source, _ in seen} == {2}


@pytest.mark.parametrize(
    ("name", "course"),
    [
        ("linkage-failure", ["PREPARED", "UPLOADED", "EXPORTED", "MATCHED", "LINKAGE_FAILURE"]),
        ("unknown-status", ["PREPARED", "UPLOADED", "REINDEXED", "MATCHED", "PROCESSED"]),
        ("unknown-final", ["PREPARED", "UPLOADED", "EXPORTED", "MATCHED", "ARCHIVED"]),
        ("status-backwards", ["PREPARED", "MATCHED", "UPLOADED", "MATCHED", "PROCESSED"]),
        ("stuck", ["PREPARED", "UPLOADED", "UPLOADED", "UPLOADED", "UPLOADED"]),
    ],
)
def test_courses_of_statuses(name, course):
    with running(faults=[name], pace=10) as (box, client):
        number = client.upload().json()["uploading"]["id"]
        seen = []
        for _ in course:
            seen.append(client.status(number).json()["uploading"]["status"])
            box.clock.advance(10)
    assert seen == course


def test_an_upload_that_vanishes():
    with running(faults=["vanished"]) as (box, client):
        number = client.upload().json()["uploading"]["id"]
        refusal(client.status(number), 404, "not_found")
        assert client.list().json() == {"uploadings": []}
        assert [upload.id for upload in box.uploads] == [number]


@pytest.mark.parametrize("to", ["", ",to=same"])
def test_a_redirect_points_to_this_machine(to):
    with running(faults=[f"redirect-307{to}"]) as (box, _):
        host = "127.0.0.1" if to else "localhost"
        response = requests.post(box.base_url + PATH + "/upload_calls", BODY, headers=HEADERS, allow_redirects=False)
        assert response.headers["location"] == f"http://{host}:{box.port}{PATH}/upload_calls"
        assert len(box.requests) == 1


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("html-200", lambda body: body.startswith(b"<!doctype html>")),
        ("empty-200", lambda body: body == b""),
        ("list-200", lambda body: json.loads(body) == []),
        ("truncated-json", lambda body: body.startswith(b'{"uploading"') and not body.endswith(b"}")),
        ("missing-id", lambda body: "id" not in json.loads(body)["uploading"]),
        ("text-id", lambda body: json.loads(body)["uploading"]["id"] == "forty"),
        ("long-json", lambda body: len(body) > 2**23 and json.loads(body)["uploading"]["id"]),
        ("deep-json", lambda body: body.startswith(b"[" * 1000)),
        ("stray-100", lambda body: json.loads(body)["uploading"]["comment"] == "abcd"),
        ("slow-answer,seconds=0.1", lambda body: json.loads(body)["uploading"]["comment"] == "abcd"),
    ],
)
def test_shapes_of_answers(name, shape):
    with running(faults=[name]) as (box, _):
        status, body = post(box, timeout=10)
        assert status == 200
        assert shape(body)


def test_bad_gzip():
    with running(faults=["bad-gzip"]) as (_, client), pytest.raises(requests.exceptions.ContentDecodingError):
        client.upload()


def test_early_hints_come_before_the_answer():
    with running(faults=["early-hints"]) as (box, _), socket.create_connection(("127.0.0.1", box.port)) as connection:
        head = f"POST {PATH}/upload_calls HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
        connection.sendall(f"{head}Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    places = [answer.index(b"HTTP/1.1 " + code) for code in (b"102", b"103", b"200")]
    assert places == sorted(places)


@pytest.mark.parametrize(("name", "reset"), [("reset-answer", True), ("lost-answer", False)])
def test_a_reset_is_not_an_end(name, reset):
    with running(faults=[name]) as (box, _), socket.create_connection(("127.0.0.1", box.port)) as connection:
        head = f"POST {PATH}/upload_calls HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
        connection.sendall(f"{head}Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY)
        if reset:
            with pytest.raises(ConnectionResetError):
                connection.recv(1)
        else:
            assert connection.recv(1) == b""


def test_a_reset_in_the_middle():
    with running(faults=["reset-mid-body,bytes=1000"]) as (box, _):
        assert post(box, BODY + b"x" * 10_000_000, timeout=5)[0] == CLOSED
        assert not box.requests[0].complete
        assert 1000 <= box.requests[0].body_bytes < 10_000_000


def test_a_stall_stops_reading():
    with running(faults=["stall"]) as (box, _):
        assert post(box, BODY + b"x" * 50_000_000, timeout=0.3)[0] == SILENT
        assert box.requests[0].body_bytes < 10_000_000


def test_an_early_answer_comes_before_the_body():
    with running(faults=["early-401"]) as (box, _), socket.create_connection(("127.0.0.1", box.port)) as connection:
        head = f"POST {PATH}/upload_calls HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 401 ")


def test_counts_places_and_order():
    with running() as (box, client):
        box.fault("500-before:2", "409", "status/404", "get/503-before", "any/401")
        assert [client.upload().status_code for _ in range(5)] == [500, 500, 409, 401, 200]
        number = box.uploads[0].id
        assert [client.status(number).status_code for _ in range(3)] == [404, 503, 200]
        assert client.list().ok
        box.fault("list/backend_error:always")
        assert [client.list().status_code for _ in range(5)] == [503] * 5
        box.clear_faults()
        assert client.list().ok
        assert box.faults == []


def test_a_refused_file_stays_refused_under_a_later_fault():
    with running(faults=["500-after", "lost-answer", "no-echo"]) as (box, client):
        for _ in range(3):
            refusal(client.upload(b""), 400, "invalid_uploading")
        assert box.uploads == []


def test_faults_that_wait_end_with_the_sandbox():
    with running(faults=["stall", "silence-before", "drip-headers"]) as (box, _):
        threads = [threading.Thread(target=post, args=(box, BODY, 20)) for _ in range(3)]
        for thread in threads:
            thread.start()
        while len(box.requests) < 3 or box.faults:
            time.sleep(0.01)
    for thread in threads:
        thread.join(5)
        assert not thread.is_alive()
