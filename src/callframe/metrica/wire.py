"""The connection under one exchange: its own limits, a handle to cut it by, and names for what can go wrong."""

import http.client
import re
import socket
import ssl
from collections.abc import Iterator

import requests
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError, ReadTimeoutError

from callframe.metrica.body import Changed, Stopped

__all__ = ["Wire", "obstacle", "pool_classes"]


class Wire:
    """A second handle on the socket of an exchange, so that another thread can end it.

    `shutdown` goes past the TLS layer on purpose: its own `shutdown` drops the encryption first, and a writer could
    put plain bytes on the line in between.
    """

    def __init__(self, stall: float) -> None:
        self.stall = stall
        self._socket: socket.socket | None = None
        self._was_cut = False

    def hold(self, connected: socket.socket) -> None:
        """Remember the socket as soon as it is connected, before any handshake."""
        self.close()
        self._socket = connected.dup()
        if self._was_cut:
            self.cut()

    def cut(self) -> None:
        """End the exchange now: whoever reads or writes gets an error."""
        self._was_cut = True
        held = self._socket
        if held is not None:
            try:
                held.shutdown(socket.SHUT_RDWR)
            except OSError:  # already gone
                return

    def close(self) -> None:
        """Let go of the handle."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


class _FinalAnswer(http.client.HTTPResponse):
    """The answer itself: every interim one (100 to 199) is skipped, not only 100."""

    def _read_status(self) -> tuple[str, int, str]:
        while True:
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if not 100 < status < 200:
                return version, status, reason
            http.client.parse_headers(self.fp)


def pool_classes(wire: Wire) -> dict[str, type[HTTPConnectionPool]]:
    """Connection pools whose connections report to `wire` and have three separate limits.

    urllib3 sends the body under the limit meant for connecting; the limit for a stalled send is set here instead.
    """

    class Plain(HTTPConnection):
        response_class = _FinalAnswer
        debuglevel = 0

        def _new_conn(self) -> socket.socket:
            connected = super()._new_conn()
            wire.hold(connected)
            return connected

        def connect(self) -> None:
            super().connect()
            self.timeout = wire.stall
            self.sock.settimeout(wire.stall)

    class Secure(Plain, HTTPSConnection):
        pass

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def obstacle(error: BaseException) -> str:
    """What went wrong, as a key of `callframe.errors.OBSTACLES`; never the text of the exception."""
    causes = list(_causes(error))
    doubt = next((cause for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)), None)
    if doubt is not None:
        return _DOUBTS.get(doubt.verify_code, "certificate")
    for kind, name in _KINDS:
        if any(isinstance(cause, kind) for cause in causes):
            return name
    proxy = [cause for cause in causes if isinstance(cause, requests.exceptions.ProxyError)]
    if proxy:
        code = re.search(r"Tunnel connection failed: (\d{3})", " ".join(map(str, causes)))
        return "proxy 407" if code and code[1] == "407" else "proxy"
    return next((name for kind, name in _LATER_KINDS if any(isinstance(cause, kind) for cause in causes)), "failed")


_KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (Changed, "changed"),
    (Stopped, "stalled"),
    (NameResolutionError, "dns"),
)
_DOUBTS = {9: "certificate expired", 10: "certificate expired", 62: "certificate host", 64: "certificate host"}
"""What OpenSSL says of a certificate, by its number: not valid yet, expired, another name, another address."""

_LATER_KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (ReadTimeoutError, "silent"),
    (NewConnectionError, "refused"),
    (ConnectTimeoutError, "connect"),
    (ssl.SSLError, "handshake"),
    (TimeoutError, "stalled"),
    (http.client.IncompleteRead, "cut answer"),
    (ConnectionError, "closed"),
    (http.client.HTTPException, "closed"),
)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and all that it wraps: causes, contexts, reasons and arguments."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
