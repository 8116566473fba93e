"""The body of an upload: the part named `file`, taken to disk as it comes.

A body counts only when its closing boundary has come: one that was broken off holds no file.
"""

from collections.abc import AsyncIterable
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import IO, NamedTuple

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from callframe.sandbox.answers import Refusal

__all__ = ["Part", "file_part"]

_IN_MEMORY = 2**20


class Part(NamedTuple):
    """A file as it was sent."""

    file: IO[bytes]
    """Open, and the receiver's to close."""

    name: str
    size: int


class _Reader:
    """Follows a multipart body and keeps what stands in the part named `file`."""

    def __init__(self, boundary: bytes, max_bytes: int) -> None:
        self.file: IO[bytes] | None = None
        self.name = ""
        self.size = 0
        self.files = 0
        self.ended = False
        self._max_bytes = max_bytes
        self._inside = False
        self._field, self._value = b"", b""
        self._disposition = b""
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._on_part_begin,
                "on_header_field": self._on_header_field,
                "on_header_value": self._on_header_value,
                "on_header_end": self._on_header_end,
                "on_headers_finished": self._on_headers_finished,
                "on_part_data": self._on_part_data,
                "on_part_end": self._on_part_end,
                "on_end": self._on_end,
            },
        )
        self.feed = self._parser.write

    def _on_part_begin(self) -> None:
        self._field = self._value = self._disposition = b""

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        if self._field.lower() == b"content-disposition":
            self._disposition = self._value
        self._field = self._value = b""

    def _on_headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        if options.get(b"name") != b"file" or b"filename" not in options:
            return
        self.files += 1
        self._inside = self.files == 1
        if self._inside:
            self.name = options[b"filename"].decode(errors="replace")
            self.file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - it outlives the request

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        if not self._inside or self.file is None:
            return
        self.size += end - start
        if self.size <= self._max_bytes:
            self.file.write(memoryview(data)[start:end])

    def _on_part_end(self) -> None:
        self._inside = False

    def _on_end(self) -> None:
        self.ended = True


async def file_part(content_type: str, chunks: AsyncIterable[bytes], max_bytes: int) -> Part:
    """The part named `file` of a multipart/form-data body; other parts are passed over.

    Args:
        content_type: the header of that name.
        chunks: the body.
        max_bytes: size of the largest file taken.

    Raises:
        Refusal: there is no such part, or more than one, or it is too large, or the body is no multipart.
    """
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data":
        raise Refusal("missing_parameter", "multipart/form-data with a file in a part named file is expected", "file")
    if not options.get(b"boundary"):
        raise Refusal("invalid_parameter", "the Content-Type names no boundary", "Content-Type")
    with ExitStack() as unless_whole:
        try:
            reader = _Reader(options[b"boundary"], max_bytes)
            unless_whole.callback(lambda: reader.file and reader.file.close())
            async for chunk in chunks:
                reader.feed(chunk)
        except FormParserError:
            raise Refusal("invalid_parameter", "the body is not multipart/form-data", "file") from None
        except ClientDisconnect:
            raise Refusal("missing_parameter", "the request ended before its end", "file") from None
        part = _whole(reader, max_bytes)
        unless_whole.pop_all()
        return part


def _whole(reader: _Reader, max_bytes: int) -> Part:
    if not reader.ended:
        raise Refusal("missing_parameter", "the body ends before its closing boundary", "file")
    if reader.file is None:
        raise Refusal("missing_parameter", "a file in a part named file is expected", "file")
    if reader.files > 1:
        raise Refusal("invalid_parameter", "more than one part is named file", "file")
    if reader.size > max_bytes:
        raise Refusal("limit_exceeded", f"the file is larger than {max_bytes} bytes", "file")
    return Part(reader.file, reader.name, reader.size)
