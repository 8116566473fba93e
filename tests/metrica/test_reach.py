"""What stands between this machine and the service: names, ports, certificates, proxies, netrc."""

import socket
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from callframe.errors import OptionError, Unreachable
from callframe.metrica import Limits, Metrica

from .matrix import row
from .wires import COUNTER, LIMITS, TOKEN, Weather, until


@pytest.fixture
def tunnel(serve):
    """A proxy that leads every CONNECT to one server here, whose certificate is for elsewhere.example."""
    server = serve("elsewhere")
    listener = socket.create_server(("127.0.0.1", 0))
    asked: list[bytes] = []

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def lead(sock: socket.socket) -> None:
        with sock, socket.create_connection(("127.0.0.1", server.port)) as far:
            asked.append(sock.recv(65536))
            sock.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=pump, args=(far, sock), daemon=True)
            back.start()
            pump(sock, far)
            back.join(5)

    def serve_all() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=lead, args=(listener.accept()[0],), daemon=True).start()

    thread = threading.Thread(target=serve_all, daemon=True)
    thread.start()
    yield f"http://somebody:pa55word@127.0.0.1:{listener.getsockname()[1]}", server, asked
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


@pytest.fixture
def proxy():
    """A proxy that answers every CONNECT with one status; records what it was asked."""
    listener = socket.create_server(("127.0.0.1", 0))
    asked: list[bytes] = []
    status = [b"407 Proxy Authentication Required"]

    def serve() -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            with sock, suppress(OSError):
                asked.append(sock.recv(65536))
                sock.sendall(b"HTTP/1.1 " + status[0] + b"\r\nContent-Length: 0\r\n\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1], asked, status
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


@row(
    1,
    "the host's name does not resolve",
    "nothing was sent; tried 5 times with growing pauses, then the sentence names the host",
    1,
)
def test_01_a_name_that_does_not_resolve(connect, watched, calls, weather):
    shown = watched(connect("https://nowhere.invalid").upload, calls)
    assert type(shown.error) is Unreachable
    assert "nowhere.invalid can't be resolved (tried 5 times)" in str(shown.error)
    assert "HTTPS_PROXY" in str(shown.error)
    assert weather.naps == [0.5, 1.0, 2.0, 4.0]


@row(2, "connection refused", "nothing was sent; tried 5 times, then says so", 1)
def test_02_a_port_that_nobody_listens_on(connect, watched, calls):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    shown = watched(connect(f"http://127.0.0.1:{port}").upload, calls)
    assert type(shown.error) is Unreachable
    assert "accepts no connection (tried 5 times)" in str(shown.error)


@row(3, "the connection is not answered", "nothing was sent; tried 5 times, then says so", 1)
def test_03_a_host_that_does_not_answer_to_a_connection(connect, watched, calls):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        client = connect(f"http://127.0.0.1:{listener.getsockname()[1]}", limits=Limits(connect=0.3))
        shown = watched(client.upload, calls)
        for one in waiting:
            one.close()
    assert type(shown.error) is Unreachable
    assert "does not answer to a connection (tried 5 times)" in str(shown.error)


@row(
    5,
    "certificate expired, of another host, or of an unknown root",
    "nothing was sent; one try, and the sentence says which of them",
    1,
)
@pytest.mark.parametrize(
    ("tls", "options", "words"),
    [
        pytest.param("elsewhere", {}, "was made for another host", id="of another host"),
        pytest.param("expired", {}, "has expired or is not valid yet", id="expired"),
        pytest.param("here", {"ca_bundle": None}, "can't be trusted", id="of an unknown root"),
    ],
)
def test_05_a_certificate_that_does_not_hold_is_final(tls, options, words, serve, connect, watched, calls, weather):
    server = serve(tls)
    shown = watched(connect(server, **options).upload, calls)
    assert type(shown.error) is Unreachable
    assert f"{words}; this request was not accepted. " in str(shown.error)
    assert ("--ca-bundle" in str(shown.error)) is (options != {})
    assert weather.naps == []
    assert server.seen == []


def test_05_the_certificates_of_the_environment_are_used_where_none_are_named(serve, authority, calls, monkeypatch):
    server = serve("here")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority["ca.pem"]))
    client = Metrica(COUNTER, TOKEN, base_url=server.base_url, limits=LIMITS, clock=Weather().clock)
    assert client.upload(calls).rows_sent == 20


def test_05_the_certificates_asked_for_beat_those_of_the_environment(serve, connect, calls, monkeypatch, tmp_path):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))
    assert connect(serve("here")).upload(calls).rows_sent == 20


@row(
    6,
    "the proxy wants a password, or refuses",
    "nothing was sent; the sentence names the proxy without its password; one try at 407, five at 503",
    1,
)
@pytest.mark.parametrize(
    ("status", "tries", "words"),
    [
        pytest.param(b"407 Proxy Authentication Required", 1, "asks for a name and a password", id="407"),
        pytest.param(b"503 Busy", 5, "refuses the connection (tried 5 times)", id="503"),
    ],
)
def test_06_a_proxy_that_refuses(status, tries, words, proxy, connect, watched, calls, monkeypatch):
    port, asked, answer = proxy
    answer[0] = status
    monkeypatch.setenv("HTTPS_PROXY", f"http://somebody:pa55word@127.0.0.1:{port}")
    shown = watched(connect("https://api-metrika.invalid").upload, calls)
    assert type(shown.error) is Unreachable
    assert f"the proxy 127.0.0.1:{port} {words}" in str(shown.error)
    assert len(asked) == tries
    assert "pa55word" not in shown.text
    assert all(b"y0_" not in one for one in asked)


def test_a_proxy_of_the_environment_leads_to_the_service(tunnel, connect, watched, calls, monkeypatch):
    address, server, asked = tunnel
    monkeypatch.setenv("HTTPS_PROXY", address)
    shown = watched(connect("https://elsewhere.example").upload, calls)
    assert shown.value.rows_sent == 20
    assert server.complete == 1
    assert all(
        one.startswith(b"CONNECT elsewhere.example:443 ") and b"Proxy-Authorization: Basic" in one for one in asked
    )
    assert all(b"y0_" not in one for one in asked)
    assert "pa55word" not in shown.text


def test_a_proxy_of_the_environment_is_not_used_on_this_machine(serve, connect, calls, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert connect(serve()).upload(calls).rows_sent == 20


@row(57, "a netrc entry for the host", "not looked at; the token is sent")
def test_57_a_netrc_entry_does_not_replace_the_token(serve, connect, calls, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password something\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server = serve()
    connect(server).upload(calls)
    assert {peer.headers["authorization"] for peer in server.seen} == {f"OAuth {TOKEN}"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param(
            {"base_url": "http://api-metrika.yandex.net"},
            "show the token .* say https://",
            id="plain http to a far host",
        ),
        pytest.param(
            {"base_url": "https://name:word@api-metrika.yandex.net"},
            "has a name or a password before its host",
            id="a password in the address",
        ),
        pytest.param(
            {"base_url": "ftp://api-metrika.yandex.net"}, "neither with http:// nor with https://", id="another scheme"
        ),
        pytest.param({"base_url": ""}, "has no http:// or https:// before it", id="no address"),
        pytest.param({"base_url": "127.0.0.1:8080"}, "has no http:// or https:// before it", id="no scheme"),
        pytest.param({"base_url": "name:word@127.0.0.1"}, "^((?!word).)*$", id="a password that is not shown"),
        pytest.param({"base_url": "https://host.example:99999"}, "is not an address", id="a port that is none"),
        pytest.param({"base_url": "https://ho st.example"}, "is not an address", id="a host with a space"),
        pytest.param({"base_url": "https://[::1"}, "is not an address", id="half of an address"),
        pytest.param({"base_url": "https://host.example#there"}, r"goes on with \? or #", id="a fragment"),
        pytest.param({"base_url": "https://host.example?"}, r"goes on with \? or #", id="a query"),
        pytest.param({"ca_bundle": "/nowhere/ca.pem"}, "root certificates", id="no such bundle"),
        pytest.param({"counter": "12x"}, "number of a counter", id="counter is a word"),
        pytest.param({"counter": 0}, "number of a counter", id="counter is 0"),
        pytest.param({"counter": 2**31}, "number of a counter", id="counter is too large"),
        pytest.param({"counter": True}, "number of a counter", id="counter is True"),
        pytest.param({"counter": 1.0}, "number of a counter", id="counter is a float"),
        pytest.param({"counter": None}, "number of a counter", id="counter is None"),
    ],
)
def test_options_that_mean_nothing(options, words):
    with pytest.raises(OptionError, match=words) as caught:
        Metrica(**({"counter": COUNTER, "token": TOKEN} | options))
    assert caught.value.exit_code == 2


def test_a_file_without_certificates_is_refused_at_once(tmp_path):
    (tmp_path / "ca.pem").write_text("no certificates")
    with pytest.raises(OptionError, match="root certificates in PEM"):
        Metrica(COUNTER, TOKEN, ca_bundle=tmp_path / "ca.pem")
    assert Metrica(COUNTER, TOKEN, ca_bundle=tmp_path)


def test_session_keys_that_are_written_down_are_told(serve, connect, calls, monkeypatch, tmp_path):
    keys = tmp_path / "keys"
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    client = connect(serve("here"))
    upload = client.upload(calls)
    assert keys.stat().st_size > 0
    assert client.notes == upload.notes[:1]
    assert f"written to {keys}" in upload.notes[0]
    assert connect(serve()).notes == ()


def test_a_counter_may_come_as_digits():
    assert repr(Metrica("123", TOKEN)) == repr(Metrica(123, TOKEN))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="descriptors are counted in /proc")
def test_no_descriptor_stays_open(serve, connect, calls):
    client = connect(serve())
    client.upload(calls)
    until(lambda: open_sockets() == 1)
    for _ in range(5):
        client.uploads()
    until(lambda: open_sockets() == 1)


def open_sockets() -> int:
    """Sockets of this process; the listening one of the server is always there."""
    names = []
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            names.append(str(entry.readlink()))
    return sum(name.startswith("socket:") for name in names)
