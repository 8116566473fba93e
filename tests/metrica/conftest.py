"""Servers, clients and files for the tests of the upload side."""

import re
import ssl
import subprocess
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from callframe.metrica import Limits, Metrica

from .wires import COUNTER, LIMITS, TOKEN, FaultServer, Weather, write_calls


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch):
    for name in ("METRICA_TOKEN", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSLKEYLOGFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(autouse=True)
def codes(request, monkeypatch) -> Iterator[set[int]]:
    """What the command line would have ended with, for each call of the test; holds a row of the matrix to its code."""
    seen: set[int] = set()

    def noting(call: Callable[..., object]) -> Callable[..., object]:
        def noted(*args: object, **options: object) -> object:
            try:
                value = call(*args, **options)
            except SystemExit as stop:
                seen.add(stop.code)
                raise
            except BaseException as error:
                seen.add(130 if isinstance(error, KeyboardInterrupt) else getattr(error, "exit_code", 1))
                raise
            seen.add(0)
            return value

        return noted

    rows = getattr(request.function, "matrix", ())
    for name in ("upload", "wait", "uploads") if rows else ():
        monkeypatch.setattr(Metrica, name, noting(getattr(Metrica, name)))
    yield seen
    assert {row.code for row in rows} <= seen


@pytest.fixture(scope="session")
def authority(tmp_path_factory) -> dict[str, Path]:
    """A root certificate and those it signed: for this machine, the same expired, and for another one."""
    folder = tmp_path_factory.mktemp("tls")

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    ca = ("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test root", "-days", "2", *ca)
    here, there = "IP:127.0.0.1", "DNS:elsewhere.example"
    for name, host, days in (("here", here, "2"), ("expired", here, "-1"), ("elsewhere", there, "2")):
        openssl("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        extensions = f"subjectAltName={host}\nextendedKeyUsage=serverAuth\n"
        (folder / f"{name}.ext").write_text(
            extensions + "authorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\nkeyUsage=digitalSignature\n"
        )
        signing = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", days, "-extfile", f"{name}.ext")
        openssl("x509", "-req", "-in", f"{name}.csr", "-out", f"{name}.pem", *signing)
    return {path.name: path for path in folder.iterdir()}


@pytest.fixture
def serve(authority) -> Iterator[Callable[..., FaultServer]]:
    """Start a server; `tls` is "", "here", "expired" or "elsewhere" (whose certificate)."""
    servers: list[FaultServer] = []

    def start(tls: str = "", **options: object) -> FaultServer:
        context = None
        if tls:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(authority[f"{tls}.pem"], authority[f"{tls}.key"])
        servers.append(FaultServer(context, **options))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def weather() -> Weather:
    return Weather()


@pytest.fixture
def connect(weather, authority) -> Callable[..., Metrica]:
    """A client of a server, with the test token and a clock that waits no real time."""

    def build(server: FaultServer | str, **options: object) -> Metrica:
        url = server if isinstance(server, str) else server.base_url
        settings: dict[str, object] = {"token": TOKEN, "limits": LIMITS, "clock": weather.clock}
        return Metrica(COUNTER, base_url=url, **(settings | {"ca_bundle": authority["ca.pem"]} | options))

    return build


@pytest.fixture
def calls(tmp_path) -> Path:
    return write_calls(tmp_path / "calls.csv")


@pytest.fixture(scope="session")
def many_calls(tmp_path_factory) -> Path:
    """More than the buffers of two sockets hold."""
    return write_calls(tmp_path_factory.mktemp("big") / "calls.csv", 60, tag="y" * 200_000)


@dataclass
class Shown:
    """All that people could get to see of one call."""

    error: BaseException | None
    value: object
    text: str


@pytest.fixture
def watched(caplog, capfd) -> Callable[..., Shown]:
    """Make a call and look at everything it shows: result, exception with locals, log at DEBUG, output."""

    def call(function: Callable[..., object], *args: object, **options: object) -> Shown:
        caplog.set_level("DEBUG")
        error: BaseException | None = None
        value: object = None
        try:
            value = function(*args, **options)
        except BaseException as caught:
            error = caught
        text = f"{value!r} {error!r} {error}"
        if error is not None:
            inner = error.__traceback__.tb_next
            shown = traceback.TracebackException(type(error), error, inner, capture_locals=True)
            text += "".join(shown.format())
            assert error.__cause__ is None
            assert error.__context__ is None
        out, err = capfd.readouterr()
        text += caplog.text + out + err
        assert "CANARY" not in text
        assert not re.search(r"\+?7912\D{0,3}345", text), "a phone is shown"
        return Shown(error, value, text)

    return call


@dataclass(frozen=True)
class Stage:
    """All that is needed to play a row."""

    serve: Callable[..., FaultServer]
    connect: Callable[..., Metrica]
    watched: Callable[..., Shown]
    calls: Path
    many_calls: Path
    weather: Weather
    limits: Limits = LIMITS


@pytest.fixture
def stage(serve, connect, watched, calls, many_calls, weather) -> Stage:
    return Stage(serve, connect, watched, calls, many_calls, weather)
