"""The token reaches the wire and nothing else."""

import copy
import http.client
import os
import pickle
import subprocess
import sys
import threading
import traceback

import pytest

from callframe.errors import NoToken, OptionError
from callframe.metrica import Metrica
from callframe.metrica.secret import Token

from .matrix import row
from .wires import COUNTER, TOKEN

BAD = {
    "line end": "y0_CANARYcanary\n",
    "inner line end": "y0_CANARY\ncanary",
    "byte order mark": "\ufeffy0_CANARYcanary",
    "Cyrillic": "y0_CANARYс",
    "space": "OAuth y0_CANARYcanary",
    "quotes are words but tabs are not": "y0_CANARY\tcanary",
    "empty": "",
}


@row(
    56, "a token with a line end, a byte order mark, Cyrillic letters", "refused before any connection, never quoted", 2
)
@pytest.mark.parametrize("token", [pytest.param(token, id=name) for name, token in BAD.items()])
def test_56_a_bad_token_is_refused_at_once_and_never_quoted(token, tmp_path, monkeypatch, codes):
    (tmp_path / "token").write_bytes(token.encode() + b"\n")
    monkeypatch.setenv("METRICA_TOKEN", token or " ")
    ways = [{"token": token}, {}] + ([] if token.endswith("\n") else [{"token_file": tmp_path / "token"}])
    for way in ways:
        with pytest.raises(NoToken, match="not one word of printable ASCII") as caught:
            Metrica(COUNTER, **way)
        codes.add(caught.value.exit_code)
        inner = caught.value.__traceback__.tb_next
        text = "".join(traceback.TracebackException(OptionError, caught.value, inner, capture_locals=True).format())
        assert "CANARY" not in text


def test_a_token_file_may_end_its_line(tmp_path, serve, connect):
    (tmp_path / "token").write_text(f"{TOKEN}\r\n")
    server = serve()
    Metrica(COUNTER, token_file=tmp_path / "token", base_url=server.base_url).uploads()
    assert server.seen[0].headers["authorization"] == f"OAuth {TOKEN}"


def test_the_argument_comes_first_then_the_file_then_the_environment(tmp_path, serve, monkeypatch):
    (tmp_path / "token").write_text("from-the-file")
    monkeypatch.setenv("METRICA_TOKEN", "from-the-environment")
    server = serve()
    for options in ({"token": "given", "token_file": tmp_path / "token"}, {"token_file": tmp_path / "token"}, {}):
        Metrica(COUNTER, base_url=server.base_url, **options).uploads()
    tokens = [peer.headers["authorization"].split()[1] for peer in server.seen]
    assert tokens == ["given", "from-the-file", "from-the-environment"]


@pytest.mark.skipif(os.name != "posix", reason="needs modes of files")
@pytest.mark.parametrize(
    ("mode", "told"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True), (0o644, True)], ids=oct
)
def test_a_token_file_that_others_can_read_is_told(mode, told, tmp_path, serve, connect, calls):
    path = tmp_path / "token"
    path.write_text(TOKEN)
    path.chmod(mode)
    client = connect(serve(), token=None, token_file=path)
    upload = client.upload(calls)
    notes = (f"The token file {path} can be read by other users of this machine (mode {mode:04o}): chmod 600 it.",)
    assert client.notes == upload.notes == (notes if told else ())
    assert Metrica(COUNTER, TOKEN, token_file=path).notes == ()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_token_may_come_through_a_pipe(tmp_path, serve):
    """As from a password manager: --token-file <(pass show metrica)."""
    os.mkfifo(tmp_path / "token")
    server = serve()
    writer = threading.Thread(target=(tmp_path / "token").write_text, args=(f"{TOKEN}\n",))
    writer.start()
    Metrica(COUNTER, token_file=tmp_path / "token", base_url=server.base_url).uploads()
    writer.join(5)
    assert server.seen[0].headers["authorization"] == f"OAuth {TOKEN}"


@pytest.mark.parametrize(
    "options", [pytest.param({}, id="nowhere"), pytest.param({"token_file": "no/such"}, id="no file")]
)
def test_no_token(options):
    with pytest.raises(OptionError, match=r"No token|The token file no/such can't be read: No such file"):
        Metrica(COUNTER, **options)


def test_no_public_object_shows_or_copies_the_token(serve, connect, calls):
    client = connect(serve())
    upload = client.upload(calls)
    for thing in (client, upload, client.preview(calls), vars(client), vars(client._service.transport)):
        assert "CANARY" not in repr(thing)
    assert "CANARY" not in f"{Token(TOKEN, 'x')} {Token(TOKEN, 'x')!r} {vars(client)}"
    assert "CANARY" not in repr(Token(TOKEN, "x")(__import__("requests").Request("GET", "http://x").prepare()).headers)
    for take in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            take(client._service.transport._token)
    with pytest.raises(TypeError):
        pickle.dumps(client)
    assert b"CANARY" not in pickle.dumps(upload)


def test_a_server_that_quotes_the_token_is_not_repeated(serve, connect, watched, calls):
    server = serve(gets=[lambda peer: peer.refuse(403, "invalid_token", f"bad token {TOKEN}")])
    shown = watched(connect(server).upload, calls)
    assert "bad token ***" in str(shown.error)


def test_debugging_of_http_client_prints_nothing_of_ours(serve, connect, calls, capsys, monkeypatch):
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    connect(serve()).upload(calls)
    assert capsys.readouterr().out == ""


def test_the_token_is_not_in_the_address_of_any_request(serve, connect, calls):
    server = serve()
    client = connect(server)
    client.wait(client.upload(calls, goal="Звонок", comment="ноябрь"), timeout=0)
    for peer in server.seen:
        assert "CANARY" not in f"{peer.path} {peer.query}"


def test_the_error_of_a_whole_program_with_locals_shows_no_token(serve):
    server = serve(gets=[lambda peer: peer.refuse(401, "unauthorized")])
    program = f"""
import os, sys, traceback
from callframe.metrica import Metrica
try:
    Metrica({COUNTER}, base_url={server.base_url!r}).uploads()
except Exception as error:
    print("".join(traceback.TracebackException.from_exception(error, capture_locals=True).format()))
    sys.exit(error.exit_code)
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={"METRICA_TOKEN": TOKEN, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 7, done.stderr
    assert "NotAuthorised" in done.stdout
    assert "CANARY" not in done.stdout + done.stderr
