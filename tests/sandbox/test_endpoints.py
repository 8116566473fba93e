"""The three endpoints over real HTTP: answers, statuses, pages of the list, quotas, samples, description."""

import json
import shutil
import socket
import subprocess
import sys
import time

import pytest
import requests

from callframe.sandbox import Clock, Quotas

from .client import GOOD, NOW, STATIC, Client, calls, refusal, running


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
            counter = operation["parameters"][0]
            assert (counter["name"], counter["schema"]["minimum"], counter["schema"]["maximum"]) == (
                "counterId",
                1,
                2147483647,
            )
    (body,) = described["paths"][f"{root}/upload_calls"]["post"]["requestBody"]["content"].items()
    assert body[0] == "multipart/form-data"
    assert body[1]["schema"]["required"] == ["file"]
