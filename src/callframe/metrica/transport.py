"""One request, one answer: the only place that talks to the network.

The adapter of requests is used without a session on purpose: a session would follow redirects with the rows, prefer a
netrc entry to our token, and take its certificates from the environment behind our back. Each exchange has its own
connection and no second try; whoever asks decides about the next one by the evidence in the `Exchange`.
"""

import os
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH, get_environ_proxies, select_proxy

from callframe.errors import OptionError
from callframe.metrica.body import Body
from callframe.metrica.pace import Limits
from callframe.metrica.secret import Token
from callframe.metrica.wire import Wire, obstacle, pool_classes

__all__ = ["Exchange", "Transport", "is_loopback"]

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_SLICE = 1 << 16
_BLOCK = 1 << 18
_TICK = 0.1
_ANSWER_CAP = 1 << 20
_LIST_CAP = 1 << 26


@dataclass(frozen=True)
class Exchange:
    """What is known after a request, whether it went well or not."""

    sent: int = 0
    """Bytes of the body handed to the network."""

    complete: bool = True
    """Whether the last byte of the body left; without it no server holds a complete request."""

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    data: bytes | None = field(default=None, repr=False)
    """The answer; None where it did not come whole."""

    obstacle: str = ""
    """What stood in the way, as a word: see `callframe.errors.OBSTACLES`."""

    stop: BaseException | None = None
    """An interrupt that came meanwhile; to be raised once the answer is dealt with."""


class Transport:
    """Exchanges with one server, each signed with the token and verified by certificate."""

    def __init__(self, base_url: str, token: Token, ca_bundle: str | os.PathLike[str] | None, limits: Limits) -> None:
        self._base = _checked(base_url)
        self._token = token
        self._verify = _certificates(ca_bundle)
        self._limits = limits
        self.host = urlsplit(self._base).netloc
        self.encrypted = urlsplit(self._base).scheme == "https"
        self.loopback = is_loopback(self._base)
        self._proxies = {} if self.loopback else get_environ_proxies(self._base)

    @property
    def proxy(self) -> str:
        """Host and port of the proxy in use, without its password; empty where there is none."""
        found = select_proxy(self._base, self._proxies)
        return urlsplit(found if found and "//" in found else f"//{found or ''}").netloc.rpartition("@")[2]

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Exchange:
        """Ask for something; changes nothing on the server."""
        request = self._request("GET", path, params, None)
        return self._exchange(request, None, _LIST_CAP, self._limits.read, lambda: None)

    def post(self, path: str, params: Mapping[str, str], body: Body, watch: Callable[[], None]) -> Exchange:
        """Send a body once. `watch` is called about ten times a second, in the caller's thread."""
        request = self._request("POST", path, params, body)
        return self._exchange(request, body, _ANSWER_CAP, self._limits.sending(len(body)), watch)

    def _request(
        self, method: str, path: str, params: Mapping[str, str | int] | Mapping[str, str] | None, body: Body | None
    ) -> requests.PreparedRequest:
        headers = {"Accept": "application/json", "Connection": "close", "User-Agent": "callframe"}
        if body is not None:
            headers["Content-Type"] = body.content_type
        return requests.Request(
            method, self._base + path, params=params, data=body, headers=headers, auth=self._token
        ).prepare()

    def _exchange(
        self, request: requests.PreparedRequest, body: Body | None, cap: int, limit: float, watch: Callable[[], None]
    ) -> Exchange:
        watch()
        wire = Wire(self._limits.stall)
        box = _Box()
        worker = threading.Thread(target=self._work, args=(request, body, cap, wire, box), daemon=True)
        try:
            worker.start()
            self._watch(box, wire, body, limit, watch)
        except BaseException as stop:
            box.stop = stop
            self._wind_up(box, wire, body)
        return box.exchange(body)

    def _watch(self, box: "_Box", wire: Wire, body: Body | None, limit: float, watch: Callable[[], None]) -> None:
        """Wait for the worker, and end it when its time is over."""
        deadline = time.monotonic() + limit
        waiting = body is None
        while not box.done.wait(_TICK):
            watch()
            if not waiting and body is not None and body.complete:
                waiting, deadline = True, time.monotonic() + self._limits.answer
            if time.monotonic() > deadline:
                _end(box, wire, body)
                return
        watch()

    def _wind_up(self, box: "_Box", wire: Wire, body: Body | None) -> None:
        """After an interrupt: a body that has left whole gets a little time for its answer; anything else is cut."""
        try:
            if body is not None and body.complete:
                box.done.wait(self._limits.grace)
        except BaseException:  # noqa: S110
            pass  # a second interrupt: no more waiting; the first one is raised by the caller
        _end(box, wire, body)

    def _work(self, request: requests.PreparedRequest, body: Body | None, cap: int, wire: Wire, box: "_Box") -> None:
        timeout = (self._limits.connect, self._limits.read if body is None else self._limits.answer)
        try:
            with (
                closing(wire),
                closing(_Adapter(wire)) as adapter,
                adapter.send(
                    request, stream=True, timeout=timeout, verify=self._verify, proxies=self._proxies
                ) as answer,
            ):
                box.status = answer.status_code
                box.headers = {name.lower(): self._clean(value) for name, value in answer.headers.items()}
                box.data = self._token.scrub(_capped(answer, cap))
        except Exception as error:
            box.obstacle = obstacle(error)
        finally:
            box.done.set()

    def _clean(self, header: str) -> str:
        return self._token.scrub(header.encode("latin-1", "replace")).decode("latin-1")


class _Box:
    """What the worker found out so far.

    It is waited for by its event: `Thread.join` takes a thread for ended when a signal interrupts the wait.
    """

    def __init__(self) -> None:
        self.done = threading.Event()
        self.status: int | None = None
        self.headers: Mapping[str, str] = {}
        self.data: bytes | None = None
        self.obstacle = ""
        self.stop: BaseException | None = None

    def exchange(self, body: Body | None) -> Exchange:
        return Exchange(
            sent=0 if body is None else body.sent,
            complete=body is None or body.complete,
            status=self.status,
            headers=self.headers,
            data=self.data,
            obstacle=self.obstacle or ("" if self.data is not None else "silent"),
            stop=self.stop,
        )


class _Adapter(HTTPAdapter):
    """No second try of any kind, 256 KiB blocks, connections that report to `wire`."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options, blocksize=_BLOCK)
        self.poolmanager.pool_classes_by_scheme = pool_classes(self._wire)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **options, blocksize=_BLOCK)
        manager.pool_classes_by_scheme = pool_classes(self._wire)
        return manager


class _TooLong(Exception):
    """The answer is longer than any real one."""


def _capped(answer: requests.Response, cap: int) -> bytes:
    data = bytearray()
    while piece := answer.raw.read(_SLICE, decode_content=True):
        data += piece
        if len(data) > cap:
            raise _TooLong
    return bytes(data)


def _end(box: _Box, wire: Wire, body: Body | None) -> None:
    """Nothing more leaves after this, even if the worker hangs where it can't be reached (a name look-up)."""
    if body is not None:
        body.stop()
    wire.cut()
    box.done.wait(5)


def is_loopback(url: str) -> bool:
    """Whether a URL stays on this machine."""
    return urlsplit(url).hostname in _LOOPBACK


def _checked(base_url: str) -> str:
    base = base_url.rstrip("/")
    fault = _fault(base)
    if fault:
        raise OptionError(
            f"--base-url (base_url in Python) {fault}. Example, for a sandbox: http://127.0.0.1:8080. "
            f"Leave it out for Metrica itself."
        )
    return base


def _fault(base: str) -> str:
    """Why no request could go there, without quoting what may hold a password; empty where one could."""
    if "://" not in base:
        return "has no http:// or https:// before it"
    try:
        requests.Request("GET", f"{base}/").prepare()
        address = urlsplit(base)
    except ValueError:  # InvalidURL is one
        return "is not an address"
    faults = {
        "is not an address": not address.hostname,
        "begins neither with http:// nor with https://": address.scheme not in ("http", "https"),
        "has a name or a password before its host": address.username is not None,
        "goes on with ? or # after its path": "?" in base or "#" in base,
        "is http:// to another machine, which would show the token on the way: say https://": (
            address.scheme == "http" and not is_loopback(base)
        ),
    }
    return next((fault for fault, is_so in faults.items() if is_so), "")


def _certificates(ca_bundle: str | os.PathLike[str] | None) -> str:
    """The certificates to trust: the ones asked for, else the ones of the environment, else the ones of requests."""
    for origin in (ca_bundle, os.environ.get("REQUESTS_CA_BUNDLE"), os.environ.get("CURL_CA_BUNDLE")):
        if origin:
            if not _holds_certificates(Path(origin)):
                raise OptionError.unknown("a file with root certificates in PEM, or a folder of them", str(origin))
            return str(origin)
    return DEFAULT_CA_BUNDLE_PATH


def _holds_certificates(path: Path) -> bool:
    if path.is_dir():
        return True
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except OSError:
        return False
    return True
