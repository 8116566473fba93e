"""The sandbox as a running server on this machine."""

import asyncio
import logging
import socket
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterable
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from callframe.errors import OptionError
from callframe.sandbox.app import build
from callframe.sandbox.door import Door, Received
from callframe.sandbox.exchange import TRANSPORT
from callframe.sandbox.faults import Faults
from callframe.sandbox.quotas import Meter, Quotas
from callframe.sandbox.store import Store, Upload

__all__ = ["Sandbox", "serve"]

_LOOPBACK = "127.0.0.1"
_LAST_PORT = 65535
_PATIENCE = 10.0


class _Protocol(H11Protocol):
    """HTTP/1.1 that hands its connection to the app and keeps no log."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = logging.Logger("callframe.sandbox.http", logging.CRITICAL + 1)
        self.access_log = False
        inner = self.app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope[TRANSPORT] = self.transport
            await inner(scope, receive, send)

        self.app = app


class _Server(uvicorn.Server):
    """A server that says when it listens, and doesn't wait for anybody when it stops."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()
        self._stopped = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._loop = asyncio.get_running_loop()
        self.listening.set()

    async def main_loop(self) -> None:
        await self._stopped.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def stop(self) -> None:
        """Asks the server to stop, from another thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stopped.set)


class Sandbox:
    """A local Metrica: the three endpoints of the calls import, and a page that shows what arrived.

    It listens on 127.0.0.1 only, for as long as the `with` block lasts (or from `start` to `stop`); what it received
    can be read afterwards too.

    Args:
        port: 0 takes any free port.
        token: the OAuth token it knows.
        counter: a counter to work with; it is only remembered.
        counters: the counters that exist; None: every counter exists.
        pace: seconds that each of the four statuses before the last one lasts; 0: uploads are final at once.
        clock: gives Unix time, for statuses, times of calls, quotas of a day, and the `Date` header.
        quotas: the limits of the service.
        faults: ways to misbehave, written as for `fault`.
        max_bytes: size of the largest file taken, in bytes.
        comment_spaces: whether a comment may hold spaces; the documents name letters and digits only.

    >>> with Sandbox() as box:
    ...     box.base_url.startswith("http://127.0.0.1:"), box.uploads
    (True, [])
    """

    def __init__(
        self,
        port: int = 0,
        *,
        token: str = "sandbox",  # noqa: S107 - a word that opens nothing
        counter: int = 123456,
        counters: Collection[int] | None = None,
        pace: float = 1.0,
        clock: Callable[[], float] = time.time,
        quotas: Quotas | None = None,
        faults: Iterable[str] = (),
        max_bytes: int = 10**9,
        comment_spaces: bool = True,
    ) -> None:
        self.token = token
        self.counter = counter
        self.clock = clock
        self.requests: list[Received] = []
        self._port = port
        self._store = Store(counters, pace, clock)
        self._faults = Faults(self._store)
        self.fault(*faults)
        app = build(self._store, max_bytes=max_bytes, comment_spaces=comment_spaces)
        app.state.token_shown = token == "sandbox"  # noqa: S105
        app.state.counter = counter
        meter = Meter(quotas or Quotas(), clock)
        self._door = Door(app, token, meter=meter, faults=self._faults, clock=clock, records=self.requests)
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Listens, and returns when it does.

        Raises:
            OptionError: the port is taken, or not a port.
        """
        if self._thread is not None:
            return self
        listener = _listener(self._port)
        self._port = listener.getsockname()[1]
        config = uvicorn.Config(
            self._door,
            http=_Protocol,
            loop="asyncio",
            lifespan="off",
            ws="none",
            log_config=None,
            date_header=False,
            server_header=False,
            proxy_headers=False,
        )
        self._server = _Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="callframe-sandbox", daemon=True
        )
        self._thread.start()
        if not self._server.listening.wait(_PATIENCE):
            listener.close()
            raise RuntimeError("the sandbox did not start")
        return self

    def stop(self) -> None:
        """Stops at once: what is under way is broken off."""
        if self._thread is None or self._server is None:
            return
        self._server.stop()
        self._thread.join(_PATIENCE)
        self._thread = self._server = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        state = "listening" if self._thread else "stopped"
        return f"<Sandbox {self.base_url} {state}, {len(self.uploads)} uploads>"

    @property
    def port(self) -> int:
        """The port; 0 until it is known."""
        return self._port

    @property
    def base_url(self) -> str:
        """What to call instead of the service's address, without a slash at the end."""
        return f"http://{_LOOPBACK}:{self._port}"

    @property
    def url(self) -> str:
        """The page for people."""
        return self.base_url + "/"

    @property
    def uploads(self) -> list[Upload]:
        """Everything it has taken, oldest first."""
        return self._store.uploads

    def goals(self, counter: int | None = None) -> list[str]:
        """The goals that uploads have made in a counter."""
        return self._store.goals(self.counter if counter is None else counter)

    def fault(self, *written: str) -> None:
        """Asks for faults: `[where/]name[:count][,option=value…]`; `faults.known()` lists the names.

        Raises:
            OptionError: there is no such fault, place, count or option.
        """
        for one in written:
            self._faults.add(one)

    def clear_faults(self) -> None:
        """From now on it behaves."""
        self._faults.clear()

    @property
    def faults(self) -> list[str]:
        """The names of the faults that no request has met yet."""
        return self._faults.waiting

    @property
    def busy(self) -> bool:
        """Whether a request is under way."""
        return self._server is not None and bool(self._server.server_state.tasks)

    def wait(self) -> None:
        """Returns when somebody stops it."""
        while self._thread is not None and self._thread.is_alive():
            self._thread.join(0.5)


def _listener(port: int) -> socket.socket:
    if not 0 <= port <= _LAST_PORT:
        raise OptionError.unknown("a port", port, example="8080")
    try:
        return socket.create_server((_LOOPBACK, port))
    except OSError as error:
        raise OptionError(f"port {port} can't be listened on: {error.strerror}. --port 0 takes a free one.") from None


def _announce(box: Sandbox) -> None:
    sys.stderr.write(f"Metrica sandbox: {box.url}  (Ctrl-C stops it)\n")


def serve(port: int = 8080, *, started: Callable[[Sandbox], object] = _announce, **options: Any) -> None:
    """Runs a sandbox until Ctrl-C.

    Args:
        port: 0 takes any free port.
        started: is called when it listens.
        options: as for `Sandbox`.

    Raises:
        OptionError: the port is taken, or an option means nothing.
    """
    with Sandbox(port, **options) as box:
        started(box)
        try:
            box.wait()
        except KeyboardInterrupt:
            return
