"""Calls, files and answers for the tests of the sandbox."""

from contextlib import contextmanager

import requests

from callframe.sandbox import Clock, Quotas, Sandbox
from callframe.sandbox.check import COLUMNS

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
