"""Starting, stopping, many at once, large files."""

import http.client
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from callframe.cli.ending import _run
from callframe.errors import OptionError
from callframe.sandbox import Sandbox, known_faults

from .client import GOOD, HEAD, calls, running


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
    while not (records := [record for record in shared.requests if "/counter/5/" in record.path]):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.1)
    assert not records[0].complete
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


def test_the_command_lists_every_fault_and_its_help_says_how(capsys):
    assert _run(["sandbox", "--faults"]) == 0
    listed = dict(re.split("  +", line, maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert listed == known_faults()
    assert _run(["sandbox", "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "--fault NAME[:COUNT]" in shown
    assert "--faults lists all" in shown
