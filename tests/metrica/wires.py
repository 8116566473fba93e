"""A server made of bare sockets that fails on cue, a clock that waits no real time, and files to send."""

import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from callframe.metrica import Clock, Limits, Progress

TOKEN = "y0_CANARYcanaryCANARYcanaryCANARY"
PHONE = "+79123456789"
COUNTER = 123
HEADER = "UserId,ClientId,Yclid,DateTime,StaticCall,PhoneNumber,Tag\n"
START = 1_760_000_000
LIMITS = Limits(connect=10, stall=10, answer=10, read=10, body=60, grace=10)
"""Never reached, however busy the machine."""

QUICK = Limits(connect=0.6, stall=1.0, answer=0.6, read=5, body=60, grace=0.6)
"""For the cases in which a limit must be reached."""


SMALL = 400
"""Bytes of a part that holds about six rows."""


class Peer:
    """One connection, seen from the server."""

    def __init__(self, server: "FaultServer", sock: socket.socket) -> None:
        self.server = server
        self.sock = sock
        self.rest = b""
        self.method = self.path = ""
        self.query: dict[str, list[str]] = {}
        self.headers: dict[str, str] = {}
        self.received = b""
        self.complete = False

    def read_head(self) -> bool:
        while b"\r\n\r\n" not in self.rest:
            piece = self.sock.recv(65536)
            if not piece:
                return False
            self.rest += piece
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        self.method, target, _ = first.split(" ")
        self.path, self.query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        self.headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
        return True

    def read_body(self, most: int | None = None) -> bytes:
        """The body as far as it came, at most so many bytes; another call goes on with it."""
        size = int(self.headers["content-length"])
        wanted = size if most is None else min(size, most)
        body = bytearray(self.rest)
        with suppress(OSError):
            while len(body) < wanted and (piece := self.sock.recv(1 << 20)):
                body += piece
        self.received = self.rest = bytes(body)
        boundary = self.headers["content-type"].split("boundary=")[1].encode()
        self.complete = len(body) == size and body.endswith(b"\r\n--" + boundary + b"--\r\n")
        return self.received

    def file(self) -> bytes:
        """The CSV that came as the field `file`."""
        head, content = self.received.split(b"\r\n\r\n", 1)
        assert b'name="file"; filename="calls.csv"' in head
        return content[: content.rindex(b"\r\n--")]

    def say(self, status: int, payload: object = None, *, raw: bytes | None = None, **headers: str) -> None:
        body = raw if raw is not None else json.dumps(payload).encode()
        lines = {"Date": self.server.date(), "Content-Length": str(len(body)), "Connection": "close"}
        lines |= {name.replace("_", "-"): value for name, value in headers.items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
        with suppress(OSError):
            self.sock.sendall(f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + body)

    def say_bytes(self, data: bytes) -> None:
        with suppress(OSError):
            self.sock.sendall(data)

    def say_garbage(self) -> None:
        """Bytes on the line that are no TLS."""
        bare = socket.socket(fileno=self.sock.detach())
        bare.sendall(b"\x15\x03\x03\x00\x02nonsense" * 8)
        bare.close()

    def reset(self) -> None:
        fd = self.sock.detach()
        bare = socket.socket(fileno=fd)
        bare.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        bare.close()

    def refuse(self, status: int, kind: str, message: str = "no", **headers: str) -> None:
        error = {"error_type": kind, "message": message, "location": "file"}
        self.say(status, {"errors": [error], "code": status, "message": message}, **headers)


Act = Callable[[Peer], None]


def accept(peer: Peer) -> None:
    """What a healthy server does with an upload."""
    peer.read_body()
    if peer.complete:
        peer.say(200, {"uploading": peer.server.store(peer)})


def show(peer: Peer) -> None:
    """What a healthy server does with a question."""
    if peer.path.endswith("calls_uploadings"):
        offset, limit = int(peer.query["offset"][0]), int(peer.query["limit"][0])
        peer.say(200, {"uploadings": peer.server.listed()[offset : offset + limit]})
    else:
        number = int(peer.path.rsplit("/", 1)[1])
        peer.say(200, {"uploading": next(one for one in peer.server.uploads if one["id"] == number)})


@dataclass
class FaultServer:
    """Plays one act for each upload, one for each question; when they run out, it is healthy."""

    tls: ssl.SSLContext | None = None
    posts: list[Act] = field(default_factory=list)
    gets: list[Act] = field(default_factory=list)
    cut_handshakes: int = 0
    """How many upload connections are cut before TLS stands."""
    uploads: list[dict[str, object]] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)
    """What was taken, one for each of `uploads`."""
    seen: list[Peer] = field(default_factory=list)
    clock_ahead: float = 0.0
    lag: float = 0.0
    """Seconds until a new upload is listed."""
    time: Callable[[], float] = lambda: START
    born: dict[object, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.base_url = f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def date(self) -> str:
        return format_datetime(datetime.fromtimestamp(START + self.clock_ahead, UTC), usegmt=True)

    @property
    def sent(self) -> list[Peer]:
        return [peer for peer in self.seen if peer.method == "POST"]

    @property
    def complete(self) -> int:
        """Complete bodies that came."""
        return sum(peer.complete for peer in self.sent)

    def listed(self) -> list[dict[str, object]]:
        """The uploads that the list shows by now."""
        return [one for one in self.uploads if self.born[one["id"]] + self.lag <= self.time()]

    def store(self, peer: Peer, **more: object) -> dict[str, object]:
        rows = peer.file().count(b"\n") - 1
        upload: dict[str, object] = {
            "id": 1000 + len(self.uploads),
            "create_time": "2026-11-01T10:00:00Z",
            "source_quantity": rows,
            "line_quantity": rows,
            "comment": peer.query.get("comment", [""])[0],
            "client_id_type": "CLIENT_ID",
            "status": "PREPARED",
            "static_calls_quantity": 0,
            "dynamic_calls_quantity": rows,
            "news": {"of": "later"},
        }
        with self._lock:
            self.uploads.append(upload | more)
            self.files.append(peer.file())
            self.born[upload["id"]] = self.time()
        return upload | more

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        sock.settimeout(20)
        try:
            if self.tls is not None:
                if self.cut_handshakes and any(peer.method == "GET" for peer in self.seen):
                    self.cut_handshakes -= 1
                    sock.close()
                    return
                sock = self.tls.wrap_socket(sock, server_side=True)
            peer = Peer(self, sock)
            if peer.read_head():
                with self._lock:
                    self.seen.append(peer)
                    acts, usual = (self.posts, accept) if peer.method == "POST" else (self.gets, show)
                    act = acts.pop(0) if acts else usual
                act(peer)
            sock = peer.sock
        except OSError:
            pass
        finally:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_WR)
                sock.settimeout(0.2)
                while sock.recv(1 << 20):
                    pass
            sock.close()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(5)
        for thread in self._threads:
            thread.join(5)


@dataclass
class Weather:
    """A clock that tells the time of the tests and moves only by sleeping."""

    time: float = START
    naps: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.naps.append(seconds)
        self.time += seconds

    @property
    def clock(self) -> Clock:
        return Clock(now=lambda: self.time, monotonic=lambda: self.time, sleep=self.sleep, jitter=lambda: 0.5)


def write_calls(
    path: Path, rows: int = 20, *, first: int = START - 90_000, tag: str = "x", mixed: bool = False
) -> Path:
    """Calls with a ClientId; `mixed`: every third one with a UserId instead."""
    ids = (f"u{row},," if mixed and row % 3 == 0 else f",{10**18 + row}," for row in range(rows))
    lines = (f"{one},{first + row},0,{PHONE},{tag}\n" for row, one in enumerate(ids))
    path.write_text(HEADER + "".join(lines), encoding="utf-8", newline="")
    return path


def until(condition: Callable[[], bool], seconds: float = 5) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.01)


def stop_at(state: str, kind: type[BaseException] | BaseException = KeyboardInterrupt, part: int = 1):
    def watch(progress: Progress) -> None:
        if progress.state == state and progress.part == part:
            raise kind

    return watch
