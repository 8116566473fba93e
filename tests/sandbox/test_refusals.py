"""What is refused over real HTTP, and in which words."""

import pytest
import requests

from .client import COUNTER, GOOD, Client, calls, refusal, running


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
