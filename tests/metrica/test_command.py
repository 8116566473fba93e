"""The command line on its way to the service: exit codes, signals to real processes, and where no token may stand."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from callframe.cli.ending import _run

from .matrix import row
from .wires import COUNTER, HEADER, PHONE, TOKEN, accept, until, write_calls


def done(peer, **fields) -> None:
    """A healthy service that is through with the file at once."""
    peer.read_body()
    peer.say(200, {"uploading": peer.server.store(peer, status="PROCESSED", **fields)})


def lost(peer) -> None:
    peer.read_body()


def refusing(status: int, kind: str):
    return lambda peer: (peer.read_body(), peer.refuse(status, kind, f"no {PHONE}"))


@pytest.fixture
def callframe(monkeypatch, capsys):
    """Run a command in this process: its exit code, what it says to programs, what it says to people."""
    monkeypatch.setenv("METRICA_TOKEN", TOKEN)

    def run(command: str, *arguments: object, server, counter: int = COUNTER) -> tuple[int, str, str]:
        where = ("--counter", str(counter), "--base-url", server.base_url)
        code = _run([command, *map(str, arguments), *where])
        out, err = capsys.readouterr()
        assert "CANARY" not in out + err
        assert PHONE not in out + err
        assert "Traceback" not in out + err
        return code, out, err

    return run


ENDS = {
    "done": (done, 0, "PROCESSED, 20 rows sent, 20 read, 20 taken"),
    "refused": (refusing(400, "invalid_uploading"), 1, "no ***"),
    "fewer rows taken": (lambda peer: done(peer, line_quantity=18), 4, "Metrica read 20 and took 18"),
    "outcome unknown": (lost, 5, "may or may not have arrived"),
    "quota": (refusing(429, "quota_requests_by_uid"), 6, "00:00 UTC"),
    "not authorised": (refusing(401, "unauthorized"), 7, "Get a new token"),
}


@pytest.mark.parametrize(("act", "code", "words"), [pytest.param(*case, id=name) for name, case in ENDS.items()])
@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
def test_exit_codes(act, code, words, as_json, callframe, serve, calls):
    server = serve(posts=[act])
    ended, out, err = callframe("upload", calls, "--settle", "0.3", *["--json"] * as_json, server=server)
    assert ended == code, err
    assert words in err
    assert out.count("\n{") == 0
    if as_json:
        shown = json.loads(out)
        assert shown.get("exit_code", 0) == code
        assert shown.get("error", {"accepted": []})["accepted"] == ([1000] if code == 4 else [])
    else:
        assert out == ""


def test_numbers_for_programs_when_rows_were_left_out(callframe, serve, calls):
    server = serve(posts=[lambda peer: done(peer, line_quantity=18)])
    _, out, _ = callframe("upload", calls, "--json", server=server)
    error = json.loads(out)["error"]
    assert (error["type"], error["sent"], error["source"], error["line"]) == ("FewerRows", 20, 20, 18)
    assert (error["upload"]["id"], error["upload"]["status"]) == (1000, "PROCESSED")


def test_status_judges_what_no_wait_left(callframe, serve, calls):
    server = serve()
    assert callframe("upload", calls, "--no-wait", server=server)[0] == 0
    assert callframe("status", "1000", server=server)[0] == 0
    server.uploads[0] |= {"status": "PROCESSED", "line_quantity": 18}
    code, out, err = callframe("status", "1000", server=server)
    assert (code, out.count("\n")) == (4, 1)
    assert "20 rows were sent, Metrica read 20 and took 18" in err
    code, out, _ = callframe("status", "1000", "--json", server=server)
    assert (code, json.loads(out)["uploads"][0]["line_quantity"]) == (4, 18)
    assert callframe("status", server=server)[0] == 0
    server.uploads[0] |= {"status": "LINKAGE_FAILURE", "line_quantity": 20}
    assert callframe("status", "1000", server=server)[0] == 1


def test_parts_and_kinds_by_option(callframe, serve, calls):
    calls.write_text(calls.read_text() + calls.read_text().splitlines()[-1].replace(",1", "u,1", 1) + "\n")
    server = serve(posts=[done] * 5)
    cut = ("--part-bytes", "600", "--split-by-identifier")
    code, _, err = callframe("upload", calls, *cut, "--dry-run", server=server)
    assert code == 0
    assert "Dry run: 21 rows in 3 parts, 3 to send. Nothing was sent.\n  20 rows with ClientId\n" in err
    assert "  1 row with UserId and ClientId\n" in err
    assert server.sent == []
    assert callframe("upload", calls, *cut, server=server)[0] == 0
    assert len(server.sent) == 3


def lines(err: str) -> list[str]:
    """What is told once all is sent."""
    told = [line for line in err.splitlines() if line.startswith(("upload ", "in all", "  ", "Metrica already"))]
    return [line for line in told if "clock of this machine" not in line]


def test_every_part_has_a_line_and_all_of_them_one(callframe, serve, tmp_path):
    calls = write_calls(tmp_path / "calls.csv", 24, mixed=True)
    server = serve(posts=[done] * 2)
    parts = [
        "upload 1000: PROCESSED, 16 rows sent, 16 read, 16 taken",
        "upload 1001: PROCESSED, 8 rows sent, 8 read, 8 taken",
        "in all: 24 rows sent, 24 read, 24 taken",
    ]
    assert lines(callframe("upload", calls, "--split-by-identifier", server=server)[2]) == parts
    there = "Metrica already has this as uploads 1000 and 1001; it was not sent again."
    assert lines(callframe("upload", calls, "--split-by-identifier", server=server)[2]) == [there, *parts]
    write_calls(calls, 1)
    server.posts = [done]
    told = lines(callframe("upload", calls, server=server)[2])
    assert told[-1] == "upload 1002: PROCESSED, 1 row sent, 1 read, 1 taken"


def test_what_is_not_processed_is_not_called_taken(callframe, serve, calls):
    server = serve(posts=[accept, done, accept, accept])
    where = f"--base-url {server.base_url} tells later"
    err = callframe("upload", calls, "--no-wait", server=server)[2]
    status = f"callframe status --counter {COUNTER}"
    assert lines(err) == [f"upload 1000: PREPARED, 20 rows sent, 20 read; not processed yet: {status} 1000 {where}"]
    assert callframe("status", "1000", server=server)[1] == (
        "upload 1000: PREPARED, 20 rows sent, 20 read; not processed yet\n"
    )
    write_calls(calls, 12)
    told = lines(callframe("upload", calls, "--no-wait", "--part-bytes", "400", server=server)[2])
    assert told[-1] == f"in all: 12 rows sent, 12 read; not processed yet: {status} 1002 {where}"


def test_a_mixed_file_is_noticed_in_a_dry_run_too(callframe, serve, tmp_path):
    calls = write_calls(tmp_path / "calls.csv", 24, mixed=True)
    server = serve(posts=[done] * 2)
    told = "16 rows carry a ClientId, 8 a UserId. Metrica's answer names one kind of id for a file"
    assert f"\n  {told}" in callframe("upload", calls, "--dry-run", server=server)[2]
    assert told not in callframe("upload", calls, "--dry-run", "--split-by-identifier", server=server)[2]
    code, _, err = callframe("upload", calls, server=server)
    assert (code, err.count(told)) == (0, 1)


def test_a_file_without_rows_is_told_once(callframe, serve, calls):
    calls.write_text(HEADER)
    code, _, err = callframe("upload", calls, server=serve())
    assert (code, err) == (0, "The file has no rows, so nothing was sent.\n")


def test_an_address_without_a_scheme_is_told_by_the_option(monkeypatch, capsys, calls):
    monkeypatch.setenv("METRICA_TOKEN", TOKEN)
    assert _run(["upload", str(calls), "--counter", "1", "--base-url", "127.0.0.1:8080"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("error: --base-url (base_url in Python) has no http:// or https:// before it.")
    assert "http://127.0.0.1:8080" in err


def test_the_help_says_what_an_option_leads_to(capsys):
    assert _run(["upload", "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for clause in ("other characters are left out", "its calls then count twice", "ends with exit code 5"):
        assert clause in shown


@pytest.mark.parametrize(
    ("location", "tail"),
    [
        pytest.param("id", "(no such upload)", id="a part of every request"),
        pytest.param("Authorization", "(no such upload)", id="the header"),
        pytest.param("comment", "(no such upload, about comment)", id="an option"),
        pytest.param("upload", "(no such upload)", id="in the message already"),
        pytest.param(None, "(no such upload)", id="none"),
    ],
)
def test_where_a_refusal_points_to_is_told_in_words(location, tail, callframe, serve):
    error = {"error_type": "not_found", "message": "no such upload", "location": location}
    server = serve(gets=[lambda peer: peer.say(404, {"errors": [error]})])
    code, _, err = callframe("status", "7", server=server)
    assert code == 1
    assert f"with 404 not_found {tail}. Check" in err


def test_a_danger_to_the_token_is_told_before_anything_is_sent(callframe, serve, calls, tmp_path):
    (tmp_path / "token").write_text(TOKEN)
    (tmp_path / "token").chmod(0o644)
    server = serve(posts=[done])
    code, _, err = callframe("upload", calls, "--token-file", tmp_path / "token", server=server)
    assert code == 0
    assert err.startswith(f"note: The token file {tmp_path / 'token'} can be read by other users of this machine")
    assert err.count("can be read by other users") == 1


EXPORT = "UserId;ClientId;Yclid;DateTime;StaticCall\n;17;;2025-10-08 10:00:00;0\n"


@pytest.mark.parametrize(
    ("act", "told"),
    [
        pytest.param(lost, True, id="outcome unknown"),
        pytest.param(lambda peer: done(peer, line_quantity=0), False, id="rows left out"),
    ],
)
def test_how_to_go_on_is_told_where_going_on_is_right(act, told, callframe, serve, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("export.csv").write_text(EXPORT)
    options = ("--time-zone", "UTC", "--settle", "0.3", "--split-by-identifier", "--goal", "a b")
    server = serve(posts=[act])
    _, _, err = callframe("run", "export.csv", *options, server=server)
    command = f"upload calls.csv --counter {COUNTER} --goal 'a b' --split-by-identifier --settle 0.3 --base-url"
    assert (f"To go on: callframe {command} {server.base_url}\n" in err) is told, err


@pytest.fixture
def process(tmp_path, monkeypatch):
    """Start a command as a process of its own."""
    started: list[subprocess.Popen[str]] = []
    (tmp_path / "temporary").mkdir()

    def start(*arguments: object, server) -> subprocess.Popen[str]:
        words = [*map(str, arguments), "--counter", str(COUNTER), "--base-url", server.base_url]
        environment = os.environ | {"METRICA_TOKEN": TOKEN, "TMPDIR": str(tmp_path / "temporary")}
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "callframe", *words],
                env=environment,
                cwd=tmp_path,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
            )
        )
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.communicate()


def stopped(process: subprocess.Popen[str], number: int, limit: float) -> tuple[int, str]:
    """What a process ends with, and says, after a signal."""
    began = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - began < limit
    assert "CANARY" not in out + err
    assert PHONE not in out + err
    assert "Traceback" not in err
    return process.returncode, err


SIGNALS = pytest.mark.parametrize(
    ("number", "code"), [pytest.param(signal.SIGINT, 130, id="Ctrl-C"), pytest.param(signal.SIGTERM, 143, id="SIGTERM")]
)


@row(59, "SIGTERM in mid-body", "cut at once; no whole body", 143)
@row(59, "Ctrl-C in mid-body", "cut at once; no whole body", 130)
def test_59_a_process_is_stopped_in_mid_body(serve, process, many_calls, codes):
    for number in (signal.SIGINT, signal.SIGTERM):
        server = serve(posts=[lambda peer: (peer.read_body(100_000), time.sleep(1.5), peer.read_body())])
        one = process("upload", many_calls, server=server)
        until(lambda server=server: server.sent, 30)
        time.sleep(0.2)
        code, said = stopped(one, number, 10)
        codes.add(code)
        assert "cut off before its end, so it was not accepted" in said
        assert "No upload is known to have been accepted. Run the same command again" in said
        until(lambda server=server: server.sent[0].received, 10)
        assert server.complete == 0


@row(59, "SIGTERM after the last byte", "the answer is waited for and the upload is named", 143)
@row(59, "Ctrl-C after the last byte", "the answer is waited for and the upload is named", 130)
def test_59_a_process_is_stopped_after_the_last_byte(serve, process, calls, codes):
    def late(peer) -> None:
        peer.read_body()
        time.sleep(1.0)
        peer.say(200, {"uploading": peer.server.store(peer)})

    for number in (signal.SIGINT, signal.SIGTERM):
        server = serve(posts=[late])
        one = process("upload", calls, server=server)
        until(lambda server=server: server.complete, 30)
        time.sleep(0.2)
        code, said = stopped(one, number, 10)
        codes.add(code)
        assert "Metrica has accepted: upload 1000." in said


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")
def test_the_token_is_in_no_argument_and_no_file(serve, process, many_calls, tmp_path):
    server = serve(posts=[lambda peer: (time.sleep(1), accept(peer))])
    one = process("upload", many_calls, "--split-by-identifier", "--no-wait", "--json", server=server)
    until(lambda: server.sent, 30)
    children = Path(f"/proc/{one.pid}/task/{one.pid}/children").read_text().split()
    for number in (str(one.pid), *children):
        words = Path(f"/proc/{number}/cmdline").read_bytes()
        assert b"callframe" in words
        assert b"CANARY" not in words
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(b"CANARY" in path.read_bytes() for path in written)
    out, err = one.communicate(timeout=30)
    assert one.returncode == 0, err
    assert "CANARY" not in out + err


def test_a_final_upload_is_judged_without_waiting_too(callframe, serve, calls):
    server = serve(posts=[lambda peer: done(peer, line_quantity=18)])
    assert callframe("upload", calls, "--no-wait", server=server)[0] == 4
    assert callframe("upload", calls, "--no-wait", server=server)[0] == 4


@pytest.mark.parametrize("act", [done, lambda peer: done(peer, line_quantity=18)], ids=["done", "fewer rows"])
def test_nobody_reading_what_is_said_changes_nothing(act, serve, process, calls):
    code = 0 if act is done else 4
    server = serve(posts=[act])
    one = process("upload", calls, server=server)
    one.stderr.close()
    one.wait(30)
    assert len(server.uploads) == 1
    assert one.returncode == code


def test_the_command_to_go_on_does_not_begin_another_copy(callframe, serve, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("export.csv").write_text(EXPORT)
    options = ("--time-zone", "UTC", "--settle", "0.3", "--again")
    server = serve(posts=[lost])
    code, _, err = callframe("run", "export.csv", *options, server=server)
    assert code == 5
    assert "To go on" not in err
