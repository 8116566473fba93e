"""The command line as a real process: exit codes, stdout for data, stderr for words, files whole or not at all."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from callframe.demo import messy_export

ID = "1234567890123456789"
GOOD = f"ClientId;DateTime;PhoneNumber\n{ID};2026-04-03 12:00:00;8 (495) 123-45-67\n"
CALLTOUCH = (
    "callerNumber;date;duration;waitingConnect;successful;uniqueCall;yaClientId;callUrl;phoneNumber;clientId\n"
    f"8 (495) 123-45-67;03/04/2026 9:05:01;65;7;True;False;{ID};https://shop.example/;74990000000;1.2\n"
    f"74951234568;13/04/2026 19:05:01;0;17;False;True;{ID};https://shop.example/;74990000000;1.2\n"
)
MOSCOW = ("--time-zone", "Europe/Moscow", "--region", "RU")


def callframe(*arguments, cwd, stdin=None, **environment):
    environment = {name: value for name, value in os.environ.items() if name != "METRICA_TOKEN"} | environment
    return subprocess.run(
        [sys.executable, "-m", "callframe", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=not isinstance(stdin, bytes),
        env=environment,
        timeout=120,
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "export.csv").write_text(GOOD, encoding="utf-8")
    return tmp_path


class TestConvert:
    def test_writes_four_files_and_reports_on_stderr(self, folder):
        (folder / "export.csv").write_text(f"{GOOD};вчера;8495\n", encoding="utf-8")
        done = callframe("convert", "export.csv", *MOSCOW, "--report", "report.html", cwd=folder)

        assert done.returncode == 0
        assert done.stdout == ""
        assert done.stderr.startswith("2 rows read = 1 accepted + 1 rejected + 0 skipped; 2 warnings\n")
        assert (folder / "calls.csv").read_text() == (
            "UserId,ClientId,Yclid,DateTime,StaticCall,Price,Currency,PhoneNumber,TalkDuration,HoldDuration,CallMissed,Tag,"
            f"FirstTimeCaller,URL,CallTrackerURL\n,{ID},,1775206800,,,,+74951234567,,,,,,,\n"
        )
        assert (folder / "rejected.csv").read_text() == (
            "source_row,reasons,ClientId,DateTime,PhoneNumber\n"
            '2,DateTime: not a date and time; "UserId|ClientId|Yclid: '.replace('"', "")
            + "A call needs at least one of UserId, ClientId, Yclid"
            + ",,вчера,8495\n"
        ).replace(
            "DateTime: not a date and time; UserId|ClientId|Yclid: A call needs at least one of UserId, ClientId, Yclid",
            '"DateTime: not a date and time; UserId|ClientId|Yclid: A call needs at least one of UserId, ClientId, Yclid"',
        )
        assert (folder / "findings.csv").read_text().splitlines()[0] == "source_row,column,code,message,severity"
        assert "8495" not in (folder / "report.html").read_text() + (folder / "findings.csv").read_text()

    def test_json_is_one_object_on_stdout(self, folder):
        done = callframe("convert", "export.csv", *MOSCOW, "--json", cwd=folder)

        shown = json.loads(done.stdout)
        counts = {"rows": 1, "accepted": 1, "rejected": 0, "skipped": 0}
        assert {name: shown[name] for name in counts} == counts
        assert shown["findings"] == {"time-too-old-to-link": 1}
        assert shown["paths"] == {"out": "calls.csv", "rejected": "rejected.csv", "findings": "findings.csv"}

    def test_stdin_to_stdout(self, folder):
        done = callframe("convert", "-", *MOSCOW, "--out", "-", cwd=folder, stdin=GOOD)

        assert done.returncode == 0
        assert done.stdout.splitlines()[1].startswith(f",{ID},,1775206800,")

    def test_strict(self, folder):
        (folder / "export.csv").write_text(GOOD.replace("67\n", "\n"), encoding="utf-8")

        assert callframe("convert", "export.csv", *MOSCOW, cwd=folder).returncode == 0
        done = callframe("convert", "export.csv", *MOSCOW, "--strict", "--force", cwd=folder)
        assert done.returncode == 3
        assert "1 rejected" in done.stderr

    def test_a_mapping_that_leaves_nothing_is_no_success(self, folder):
        (folder / "export.csv").write_text(GOOD.replace(ID, "x"), encoding="utf-8")
        done = callframe("convert", "export.csv", *MOSCOW, cwd=folder)

        assert done.returncode == 3
        assert "No row was accepted.\n" in done.stderr
        assert (folder / "rejected.csv").exists()

    def test_a_source_that_is_not_there_goes_before_a_target_that_is(self, folder):
        (folder / "calls.csv").write_text("mine", encoding="utf-8")
        done = callframe("convert", "exprt.csv", *MOSCOW, cwd=folder)

        assert done.returncode == 1
        assert done.stderr.startswith("error: read: exprt.csv does not exist.")
        assert "--force" not in done.stderr

    def test_a_question_is_one_paragraph_and_writes_nothing(self, folder):
        done = callframe("convert", "export.csv", cwd=folder)

        assert done.returncode == 2
        assert done.stderr.startswith(
            "question: DateTime: the times name no time zone (1 cell, for example source_row 1).\n"
        )
        assert "--time-zone Europe/Moscow" in done.stderr
        assert not (folder / "calls.csv").exists()

    def test_a_question_in_json(self, folder):
        done = callframe("convert", "export.csv", "--json", cwd=folder)

        shown = json.loads(done.stdout)
        assert shown["exit_code"] == done.returncode == 2
        assert shown["error"]["column"] == "DateTime"
        assert shown["error"]["options"]

    def test_an_output_that_is_there_stays_unless_forced(self, folder):
        (folder / "calls.csv").write_text("mine")
        done = callframe("convert", "export.csv", *MOSCOW, cwd=folder)

        assert done.returncode == 1
        assert "--force" in done.stderr
        assert (folder / "calls.csv").read_text() == "mine"
        assert sorted(path.name for path in folder.iterdir()) == ["calls.csv", "export.csv"]
        assert callframe("convert", "export.csv", *MOSCOW, "--force", cwd=folder).returncode == 0

    def test_a_shell_that_closes_the_pipe_early(self, folder):
        rows = GOOD + GOOD.splitlines()[1].join(["", "\n"]) * 20_000
        (folder / "export.csv").write_text(rows, encoding="utf-8")
        command = f"{sys.executable} -m callframe convert export.csv --time-zone UTC --out - | head -1"
        done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, timeout=60)

        assert done.stdout.startswith("UserId,")
        assert "Traceback" not in done.stderr


BAD = [
    pytest.param(["missing.csv"], None, 1, "does not exist", id="missing file"),
    pytest.param(["."], None, 1, "is a folder", id="folder"),
    pytest.param(["export.csv"], b"", 1, "is empty", id="empty file"),
    pytest.param(["export.csv"], b"ClientId;DateTime\n", 1, "no rows", id="header only"),
    pytest.param(["export.csv", "--separator", ","], None, 1, "';'", id="wrong separator"),
    pytest.param(["export.csv"], f"{GOOD}1;2;3;4\n".encode(), 1, "line 3", id="too many cells"),
    pytest.param(["export.csv"], f"{GOOD}1\n".encode(), 1, "line 3", id="too few cells"),
    pytest.param(["export.csv"], "ClientId;да\n1;2\n".encode("cp1251"), 2, "--encoding cp1251", id="a word in cp1251"),
    pytest.param(["export.csv"], f"{GOOD}1;2;я\n".encode("cp1251"), 2, "--encoding cp1251", id="a letter in cp1251"),
    pytest.param(["export.csv"], GOOD.splitlines()[1].encode() + b"\n", 2, "--no-header", id="no names"),
    pytest.param(["export.csv", "--header", "1", "--no-header"], None, 2, "go together", id="a header and none"),
    pytest.param(["export.csv", "./export.csv"], None, 1, "named twice", id="one file twice"),
    pytest.param(["expert-*.csv"], None, 1, "no file matches expert-*.csv", id="no match"),
    pytest.param(["export.csv"], b"DateTime;x\n1;2\n", 2, "ClientId", id="no id column"),
    pytest.param(["export.csv"], b"ClientId;x\n1;2\n", 2, "DateTime", id="no time column"),
    pytest.param(["export.csv", "--time-zone", "Europe/Mosow"], None, 2, "'Europe/Moscow'", id="zone"),
    pytest.param(["export.csv", "--region", "Russia"], None, 2, "region", id="region"),
    pytest.param(["export.csv", "--currency", "RUBLES"], None, 2, "ISO 4217", id="currency"),
    pytest.param(["export.csv", "--mapping", "calltoch"], None, 2, "'calltouch'", id="mapping"),
    pytest.param(["export.csv", "--encoding", "cp1252x"], None, 2, "encoding", id="encoding"),
    pytest.param(["export.csv", *MOSCOW, "--out", "no/such/folder.csv"], None, 1, "can't be written", id="out"),
    pytest.param(["export.csv", *MOSCOW, "--out", "export.csv", "--force"], None, 1, "being read", id="out is source"),
    pytest.param(["export.csv", *MOSCOW, "--out", "rejected.csv"], None, 1, "two results", id="two to one file"),
    pytest.param(
        ["export.csv", *MOSCOW, "--report", "export.csv", "--force"], None, 1, "being read", id="report is source"
    ),
    pytest.param(["export.csv", *MOSCOW, "--report", "calls.csv"], None, 1, "two results", id="report is out"),
    pytest.param(
        ["export.csv", *MOSCOW, "--report", "no/r.html"], None, 1, "can't be written", id="report in no folder"
    ),
    pytest.param(
        ["export.csv", *MOSCOW, "--rejected", "./calls.csv"], None, 1, "two results", id="one file, spelled twice"
    ),
    pytest.param(["export.csv", *MOSCOW, "--rejected", "-"], None, 2, "--out", id="rejected to stdout"),
    pytest.param(["export.csv", "--json", "--out", "-"], None, 2, "--out -", id="json and stdout"),
    pytest.param(["export.csv", "--nonsense"], None, 2, "--nonsense", id="no such option"),
]


@pytest.mark.parametrize(("arguments", "content", "code", "said"), BAD)
def test_bad_input_gets_one_clear_sentence_and_loses_nothing(folder, arguments, content, code, said):
    if content is not None:
        (folder / "export.csv").write_bytes(content)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = callframe("convert", *arguments, cwd=folder)

    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert ID not in done.stderr
    assert len(done.stderr) < 900
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_full_disk_leaves_what_was_there(folder):
    (folder / "export.csv").write_text(GOOD + GOOD.splitlines()[1].join(["", "\n"]) * 2000, encoding="utf-8")
    (folder / "calls.csv").write_text("mine")
    limited = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    limited += "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); "
    limited += f"import sys; sys.argv[1:] = {['convert', 'export.csv', *MOSCOW, '--force']}; "
    limited += "from callframe.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", limited], cwd=folder, capture_output=True, text=True, timeout=60)

    assert done.returncode == 1
    assert "can't be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert (folder / "calls.csv").read_text() == "mine"
    assert sorted(path.name for path in folder.iterdir()) == ["calls.csv", "export.csv"]


class TestHandOver:
    def test_a_calltouch_export_becomes_processed_calls(self, tmp_path, sandbox):
        (tmp_path / "export.csv").write_text(CALLTOUCH, encoding="utf-8")
        done = callframe(
            *(
                "run",
                "export.csv",
                "--mapping",
                "calltouch",
                "--counter",
                sandbox.counter,
                "--base-url",
                sandbox.base_url,
            ),
            *(*MOSCOW, "--goal", "Звонок", "--json"),
            cwd=tmp_path,
            METRICA_TOKEN=sandbox.token,
        )

        assert done.returncode == 0, done.stderr
        shown = json.loads(done.stdout)
        assert shown["accepted"] == 2
        assert shown["upload"]["status"] == "PROCESSED"
        assert shown["upload"]["line_quantity"] == 2
        first, second = sandbox.uploads[0].rows
        assert first == first | {
            "ClientId": ID,
            "DateTime": "1775196301",
            "PhoneNumber": "+74951234567",
            "TalkDuration": "65",
            "HoldDuration": "7",
            "CallMissed": "0",
            "FirstTimeCaller": "0",
            "URL": "https://shop.example/",
        }
        assert (second["CallMissed"], second["FirstTimeCaller"]) == ("1", "1")

    def test_upload_then_status_and_a_second_time_nothing_is_sent(self, folder, sandbox):
        callframe("convert", "export.csv", *MOSCOW, cwd=folder)
        (folder / "token").write_text(sandbox.token)
        where = ("--counter", sandbox.counter, "--base-url", sandbox.base_url, "--token-file", "token")
        dry = callframe("upload", "calls.csv", *where, "--dry-run", cwd=folder)
        first = callframe("upload", "calls.csv", *where, cwd=folder)
        second = callframe("upload", "calls.csv", *where, "--json", cwd=folder)
        status = callframe("status", *where, cwd=folder)

        assert (dry.returncode, first.returncode, second.returncode, status.returncode) == (0, 0, 0, 0), first.stderr
        assert "Nothing was sent" in dry.stderr
        assert json.loads(second.stdout)["adopted"] is True
        assert len(sandbox.uploads) == 1
        assert "PROCESSED" in status.stdout
        assert sandbox.token not in "".join(done.stdout + done.stderr for done in (dry, first, second, status))

    def test_from_stdin(self, folder, sandbox):
        callframe("convert", "export.csv", *MOSCOW, cwd=folder)
        where = ("--counter", sandbox.counter, "--base-url", sandbox.base_url)
        calls = (folder / "calls.csv").read_text()
        done = callframe("upload", "-", *where, "--no-wait", cwd=folder, stdin=calls, METRICA_TOKEN=sandbox.token)

        assert done.returncode == 0, done.stderr
        assert len(sandbox.uploads[0].rows) == 1

    BAD = [
        pytest.param(["--counter", "12a"], "sandbox", 2, "counter", id="counter"),
        pytest.param(["--counter", "1"], None, 2, "METRICA_TOKEN", id="no token"),
        pytest.param(["--counter", "1"], "sand\nbox", 2, "token", id="newline in the token"),
        pytest.param(["--counter", "1"], "wrong", 7, "token", id="wrong token"),
        pytest.param(["--counter", "1", "--base-url", "http://example.com"], "sandbox", 2, "https", id="no TLS"),
    ]

    @pytest.mark.parametrize(("arguments", "token", "code", "said"), BAD)
    def test_bad_options(self, folder, sandbox, arguments, token, code, said):
        callframe("convert", "export.csv", *MOSCOW, cwd=folder)
        base = [] if "--base-url" in arguments else ["--base-url", sandbox.base_url]
        environment = {} if token is None else {"METRICA_TOKEN": token}
        done = callframe("upload", "calls.csv", *arguments, *base, cwd=folder, **environment)

        assert done.returncode == code, done.stderr
        assert said in done.stderr
        assert "Traceback" not in done.stderr
        assert token is None or token not in done.stderr.replace("sandbox", "") or token == "sandbox"
        assert not sandbox.uploads

    def test_a_file_that_breaks_the_contract_is_not_sent(self, folder, sandbox):
        (folder / "calls.csv").write_text(f"UserId,ClientId,Yclid,DateTime,Price\n,{ID},,1775206800,5\n")
        where = ("--counter", sandbox.counter, "--base-url", sandbox.base_url)
        done = callframe("upload", "calls.csv", *where, cwd=folder, METRICA_TOKEN=sandbox.token)

        assert done.returncode == 1
        assert "A price needs a currency" in done.stderr
        assert not sandbox.uploads

    def test_strict_rejects_before_sending(self, folder, sandbox):
        (folder / "export.csv").write_text(GOOD.replace("67\n", "\n"), encoding="utf-8")
        where = ("--counter", sandbox.counter, "--base-url", sandbox.base_url)
        done = callframe("run", "export.csv", *MOSCOW, "--strict", *where, cwd=folder, METRICA_TOKEN=sandbox.token)

        assert done.returncode == 3
        assert not sandbox.uploads

    def test_nothing_accepted_is_a_failure(self, folder, sandbox):
        (folder / "export.csv").write_text(GOOD.replace(ID, "x"), encoding="utf-8")
        where = ("--counter", sandbox.counter, "--base-url", sandbox.base_url)
        done = callframe("run", "export.csv", *MOSCOW, *where, cwd=folder, METRICA_TOKEN=sandbox.token)

        assert done.returncode == 1
        assert "none of the 1 rows was accepted" in done.stderr
        assert not sandbox.uploads

    def test_an_upload_that_fails_says_how_to_go_on(self, folder, sandbox):
        where = ("--counter", sandbox.counter, "--base-url", sandbox.base_url, "--goal", "Звонок с сайта")
        done = callframe("run", "export.csv", *MOSCOW, *where, cwd=folder, METRICA_TOKEN="wrong")

        assert done.returncode == 7
        command = f"callframe upload calls.csv --counter {sandbox.counter} --goal 'Звонок с сайта' --base-url {sandbox.base_url}"
        assert f"To go on: {command}\n" in done.stderr

    def test_an_overlap_is_told_before_anything_is_sent(self, folder, sandbox):
        where = ("--counter", sandbox.counter, "--base-url", sandbox.base_url)
        token = {"METRICA_TOKEN": sandbox.token}
        callframe("run", "export.csv", *MOSCOW, *where, cwd=folder, **token)
        (folder / "export.csv").write_text(
            GOOD + GOOD.splitlines()[1].replace("12:00", "11:00") + "\n", encoding="utf-8"
        )
        callframe("convert", "export.csv", *MOSCOW, "--force", cwd=folder)
        dry = callframe("upload", "calls.csv", *where, "--dry-run", cwd=folder, **token)
        done = callframe("upload", "calls.csv", *where, cwd=folder, **token)

        assert "counted twice" in dry.stderr
        assert done.stderr.index("counted twice") < done.stderr.index("sending")
        assert done.stderr.count("counted twice") == 1


class TestSmallCommands:
    def test_mapping_prints_toml(self, tmp_path):
        import tomllib

        (tmp_path / "export.csv").write_bytes(messy_export(20))
        done = callframe("mapping", "export.csv", cwd=tmp_path)

        assert tomllib.loads(done.stdout)["columns"]["PhoneNumber"] == "Номер клиента"
        assert "# 'ym_uid' is left out" in done.stdout

    def test_mappings(self, tmp_path):
        listed = callframe("mappings", cwd=tmp_path).stdout.splitlines()

        assert [line.split()[0] for line in listed] == sorted(line.split()[0] for line in listed)
        assert "yaClientId" in callframe("mappings", "show", "calltouch", cwd=tmp_path).stdout
        assert callframe("mappings", "show", "calltuch", cwd=tmp_path).returncode == 2
        assert callframe("mappings", "delete", cwd=tmp_path).returncode == 2

    def test_header_further_down(self, folder):
        (folder / "export.csv").write_text(f"Звонки;за;апрель\n{GOOD}", encoding="utf-8")

        assert callframe("convert", "export.csv", *MOSCOW, "--header", "2", cwd=folder).returncode == 0

    def test_data_for_other_programs_is_utf8_wherever_it_goes(self, tmp_path):
        (tmp_path / "export.csv").write_bytes(messy_export(5))
        done = callframe("mapping", "export.csv", cwd=tmp_path, stdin=b"", PYTHONIOENCODING="cp1252")

        assert "Номер клиента" in done.stdout.decode("utf-8")

    def test_version(self, tmp_path):
        assert callframe("--version", cwd=tmp_path).stdout.startswith("callframe 0.")

    def test_help_tells_the_exit_codes(self, tmp_path):
        done = callframe("--help", cwd=tmp_path)

        assert done.returncode == 0
        assert "outcome unknown" in done.stdout

    def test_sandbox_serves_until_interrupted(self, tmp_path):
        server = subprocess.Popen(
            [sys.executable, "-m", "callframe", "sandbox", "--port", "0"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        line = server.stdout.readline()
        server.send_signal(signal.SIGINT)
        rest, _ = server.communicate(timeout=20)

        assert "http://127.0.0.1:" in line + rest
        assert "Traceback" not in rest

    def test_demo(self, tmp_path):
        began = time.monotonic()
        done = callframe("demo", "--rows", "120", cwd=tmp_path, NO_COLOR="1")

        assert done.returncode == 0, done.stderr
        assert "is PROCESSED" in done.stderr
        assert "\x1b[" not in done.stderr
        made = {path.name for path in (tmp_path / "callframe-demo").iterdir()}
        assert made >= {"export.csv", "calls.csv", "rejected.csv", "findings.csv", "report.html"}
        assert pl.read_csv(tmp_path / "callframe-demo" / "calls.csv").height > 50
        assert time.monotonic() - began < 60


def test_module_and_script_are_the_same():
    script = Path(sys.executable).with_name("callframe")
    assert subprocess.run([script, "--help"], capture_output=True, check=False).returncode == 0
