"""What every request passes before the endpoints: host, quotas, token, and faults on demand.

An answer is held back until the whole request has been read, so that a client on any connection gets to read it.
"""

import logging
import re
import traceback
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from callframe.sandbox.answers import Refusal
from callframe.sandbox.app import refused
from callframe.sandbox.exchange import Exchange
from callframe.sandbox.faults import Faults
from callframe.sandbox.quotas import Meter

__all__ = ["Door", "Received"]

_Message = MutableMapping[str, Any]

_API = re.compile(
    r"/management/v1/counter/(?P<counter>[0-9]+)/offline_conversions/"
    r"(?P<what>upload_calls|calls_uploadings|calls_uploading(?=/))(?:/[^/]*)?"
)
_TARGETS = {
    ("POST", "upload_calls"): "upload",
    ("GET", "calls_uploading"): "status",
    ("GET", "calls_uploadings"): "list",
}
_LOOPBACK = ("127.0.0.1", "localhost")


@dataclass
class Received:
    """One request, as it arrived, and how it was answered."""

    method: str
    path: str
    query: str
    with_token: bool
    """Whether there was an Authorization header, right or wrong."""

    body_bytes: int = 0
    complete: bool = False
    """Whether the whole body arrived."""

    status: int | None = None
    """None: not answered in the ways of HTTP."""

    fault: str = ""


class _Watched:
    """The two ends of a request, with a record of what went through."""

    def __init__(self, record: Received, receive: Receive, send: Send, date: Callable[[], str]) -> None:
        self.record = record
        self._receive, self._send, self._date = receive, send, date
        self._gone = False
        self.before_answer: Callable[[], None] = lambda: None

    async def receive(self) -> _Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self.record.body_bytes += len(message.get("body", b""))
            self.record.complete = not message.get("more_body", False)
        else:
            self._gone = True
        return message

    async def drain(self) -> None:
        while not (self.record.complete or self._gone):
            await self.receive()

    async def send(self, message: _Message) -> None:
        if message["type"] == "http.response.start":
            await self.drain()
            self.before_answer()
            self.record.status = None if self._gone else message["status"]
            message = {**message, "headers": [*message.get("headers", ()), (b"date", self._date().encode())]}
        await self._send(message)


class Door:
    """The app with the door before it."""

    def __init__(
        self,
        app: ASGIApp,
        token: str,
        *,
        meter: Meter,
        faults: Faults,
        clock: Callable[[], float],
        records: list[Received],
    ) -> None:
        self._app = app
        self._token = token
        self._meter = meter
        self._faults = faults
        self._clock = clock
        self._records = records

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; whatever fails in here is answered too, and logged without its data."""
        headers = Headers(scope=scope)
        query = scope["query_string"].decode("latin-1")
        record = Received(scope["method"], scope["path"], query, "authorization" in headers)
        watched = _Watched(record, receive, send, lambda: formatdate(self._clock(), usegmt=True))
        try:
            await self._admit(scope, headers, watched)
        except Refusal as refusal:
            await refused(refusal)(scope, watched.receive, watched.send)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            logger = logging.getLogger(__name__)
            logger.error("the sandbox failed: %s, %s:%s", type(error).__name__, where.filename, where.lineno)  # noqa: TRY400

    async def _admit(self, scope: Scope, headers: Headers, watched: _Watched) -> None:
        if _host_name(headers.get("host", "")) not in _LOOPBACK:
            raise Refusal("invalid_parameter", "the sandbox answers on loopback names only", "Host")
        if not scope["path"].startswith("/management/"):
            await self._app(scope, watched.receive, watched.send)
            return
        self._records.append(watched.record)
        asked = _API.fullmatch(scope["path"])
        target = _TARGETS.get((scope["method"], asked["what"])) if asked else None
        self._meter.knock()
        fault = self._faults.take(target) if target else None
        counter = int(asked["counter"][:10]) if asked else None

        async def ask(scope: Scope, receive: Receive, send: Send) -> None:
            await self._behind(scope, headers, counter, watched, receive, send)

        if fault is None:
            await ask(scope, watched.receive, watched.send)
        else:
            watched.record.fault = fault.name
            await fault.play(Exchange(scope, watched.receive, watched.send, watched.drain, ask, self._faults.store))

    async def _behind(
        self, scope: Scope, headers: Headers, counter: int | None, watched: _Watched, receive: Receive, send: Send
    ) -> None:
        """Token, the quotas of the login, then the endpoint; the slot is free again before the answer is read."""
        try:
            self._authorise(headers.get("authorization"))
            self._meter.enter(counter)
        except Refusal as refusal:
            await refused(refusal)(scope, receive, send)
            return
        left = _Once(self._meter.leave)
        watched.before_answer = left
        try:
            await self._app(scope, receive, send)
        finally:
            left()

    def _authorise(self, header: str | None) -> None:
        scheme, _, token = (header or "").partition(" ")
        if scheme.lower() != "oauth" or not token.strip():
            raise Refusal("unauthorized", "the header `Authorization: OAuth <token>` is expected", "Authorization")
        if token.strip() != self._token:
            raise Refusal("invalid_token", "the token is not known", "Authorization")


class _Once:
    """Calls back the first time it is called."""

    def __init__(self, then: Callable[[], None]) -> None:
        self._then: Callable[[], None] | None = then

    def __call__(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()


def _host_name(host: str) -> str:
    return host.rpartition(":")[0].lower() if ":" in host else host.lower()
