"""One request under a fault, and what can be done with it."""

import asyncio
import contextlib
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NamedTuple, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callframe.sandbox.store import Store, Upload

__all__ = ["TRANSPORT", "Answer", "Exchange"]

TRANSPORT = "callframe.transport"
"""Where the scope of a request holds its connection."""


class Answer(NamedTuple):
    """A status, headers and a body, not sent yet."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = {}

    def wire(self) -> bytes:
        """The bytes of the answer, closing the connection; for answers that no HTTP library would write."""
        lines = [f"HTTP/1.1 {self.status} {_phrase(self.status)}", f"Content-Type: {self.content_type}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines += [f"Content-Length: {len(self.body)}", "Connection: close", "", ""]
        return "\r\n".join(lines).encode() + self.body


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus.__members__.values() else ""


@dataclass
class Exchange:
    """One request under a fault: it can be read, done, answered in any way, or broken off."""

    scope: Scope
    receive: Receive
    send: Send
    drain: Callable[[], Awaitable[None]]
    """Reads what is left of the request."""

    app: ASGIApp
    store: Store

    async def perform(self) -> Answer:
        """Does what was asked, and holds the answer back."""
        start: Message = {}
        body = bytearray()

        async def hold(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.extend(message.get("body", b""))

        await self.app(self.scope, self.receive, hold)
        await self.drain()
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
        headers.pop("content-length", None)
        return Answer(start["status"], bytes(body), headers.pop("content-type", ""), headers)

    def upload(self, answer: Answer) -> Upload | None:
        """The upload that an answer tells of."""
        told = json.loads(answer.body)
        number = told.get("uploading", {}).get("id") if isinstance(told, dict) else None
        return next((upload for upload in self.store.uploads if upload.id == number), None)

    async def reply(self, answer: Answer) -> None:
        """Answers in the ways of HTTP."""
        headers = {**answer.headers}
        if answer.status != HTTPStatus.NO_CONTENT:
            headers |= {"content-type": answer.content_type, "content-length": str(len(answer.body))}
        raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items() if value]
        await self.send({"type": "http.response.start", "status": answer.status, "headers": raw})
        await self.send({"type": "http.response.body", "body": answer.body})

    def write(self, data: bytes) -> None:
        """Puts bytes on the connection as they are."""
        self._transport.write(data)

    async def hang_up(self) -> None:
        """Closes the connection after what was written."""
        self._transport.close()
        await self._gone()

    async def reset(self) -> None:
        """Breaks the connection off: the other side sees a reset, not an end."""
        sock = self._transport.get_extra_info("socket")
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()
        await self._gone()

    async def drip(self, pieces: Iterable[bytes], every: float) -> None:
        """Writes piece after piece, `every` seconds one, until the other side has gone."""
        for piece in pieces:
            if self._transport.is_closing():
                return
            self._transport.write(piece)
            await asyncio.sleep(every)

    @property
    def _transport(self) -> asyncio.Transport:
        return cast("asyncio.Transport", self.scope[TRANSPORT])

    async def _gone(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass

    @property
    def host(self) -> str:
        """The Host header."""
        headers: list[tuple[bytes, Any]] = self.scope["headers"]
        return next((str(value, "latin-1") for name, value in headers if name == b"host"), "")
