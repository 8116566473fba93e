"""The body of an upload: multipart/form-data around a stretch of a file, read as it is sent."""

import hashlib
import os
import secrets
import threading
from typing import BinaryIO

from callframe.metrica.parts import Part

__all__ = ["Body", "Changed", "Stopped"]


class Changed(Exception):
    """The file is not what it was when it was looked over."""


class Stopped(Exception):
    """The exchange was ended from outside."""


class Body:
    """A part of a file as the one field `file` of a form; constant memory, fixed length.

    Counts what it hands out, and hands out the closing boundary last and alone: while that has not left, no server
    can hold a complete request. The boundary is withheld if the bytes read are not the bytes that were planned.
    """

    def __init__(self, file: BinaryIO, part: Part, boundary: str | None = None) -> None:
        self.boundary = boundary or f"callframe{secrets.token_hex(24)}"
        self._head = (
            f'--{self.boundary}\r\nContent-Disposition: form-data; name="file"; filename="calls.csv"\r\n'
            f"Content-Type: text/csv; charset=utf-8\r\n\r\n"
        ).encode("ascii") + part.header
        self._tail = f"\r\n--{self.boundary}--\r\n".encode("ascii")
        self._file = file
        self._part = part
        self._size = len(self._head) + part.length + len(self._tail)
        self._hash = hashlib.sha256(part.header)
        self._stop = threading.Event()
        self.sent = 0

    @property
    def content_type(self) -> str:
        """The value of the header."""
        return f"multipart/form-data; boundary={self.boundary}"

    @property
    def complete(self) -> bool:
        """Whether the last byte has been handed out: from here on the request may have arrived."""
        return self.sent == self._size

    def __len__(self) -> int:
        return self._size

    def __bool__(self) -> bool:
        return True

    def stop(self) -> None:
        """Hand out nothing more."""
        self._stop.set()

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`; empty at the end.

        Raises:
            Changed: the file is shorter, longer or other than planned.
            Stopped: `stop` was called.
        """
        if size == 0 or self.complete:
            return b""
        if size < 0:
            return b"".join(iter(lambda: self.read(1 << 18), b""))
        if self._stop.is_set():
            raise Stopped
        block = self._next(size)
        self.sent += len(block)
        return block

    def _next(self, size: int) -> bytes:
        done = self.sent - len(self._head)
        if done < 0:
            return self._head[self.sent : self.sent + size]
        if done < self._part.length:
            return self._content(done, min(size, self._part.length - done))
        if done == self._part.length:
            self._commit()
        return self._tail[done - self._part.length :][:size]

    def _content(self, done: int, size: int) -> bytes:
        self._file.seek(self._part.start + done)
        block = self._file.read(size)
        if not block:
            raise Changed
        self._hash.update(block)
        return block

    def _commit(self) -> None:
        held = os.fstat(self._file.fileno())
        try:
            now = os.stat(self._part.path)  # noqa: PTH116
        except OSError:
            raise Changed from None
        same = (now.st_ino, now.st_dev, now.st_size) == (held.st_ino, held.st_dev, self._part.file_size)
        if not same or self._hash.digest() != self._part.sha256:
            raise Changed
