"""A packed file -> the same unpacked, in a temporary file: gzip, zstd, bzip2, xz, known by their first bytes."""

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import zstandard

from callframe.errors import InputError
from callframe.read.places import temporary

__all__ = ["is_archive", "unpacked"]

_MARKS = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
_FILES: dict[str, Callable[[IO[bytes]], IO[bytes]]] = {
    "gzip": lambda file: gzip.GzipFile(fileobj=file),  # type: ignore[dict-item, return-value]
    "bzip2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
}
_BLOCK = 1 << 20
_BROKEN = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError, zstandard.ZstdError, ValueError)
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")
_TAR = slice(257, 262)


def unpacked(path: Path, name: str, stack: ExitStack) -> tuple[Path, str | None]:
    """The path of what is inside, which lives as long as `stack`, and how it was packed; the path itself if it wasn't.

    Raises:
        InputError: the file is cut off or damaged, or is packed twice.
    """
    kind = _kind(path)
    if kind is None:
        return path, None
    with path.open("rb") as file, temporary(stack) as copy:
        try:
            for block in _blocks(file, kind):
                copy.write(block)
        except _BROKEN:
            raise InputError.packed(name, kind) from None
        except OSError as error:
            # bz2 has no exception of its own; the system's have a number.
            raise (InputError.packed(name, kind) if error.errno is None else error) from None
    inside = Path(copy.name)
    if _kind(inside):
        raise InputError.packed_twice(name)
    return inside, kind


def is_archive(start: bytes) -> bool:
    """Whether a file that starts so holds files; a workbook does, too."""
    return start.startswith(_ARCHIVES) or start[_TAR] == b"ustar"


def _kind(path: Path) -> str | None:
    with path.open("rb") as file:
        start = file.read(6)
    return next((kind for mark, kind in _MARKS.items() if start.startswith(mark)), None)


def _blocks(file: IO[bytes], kind: str) -> Iterator[bytes]:
    if kind == "zstd":
        yield from _zstd(file)
        return
    unpacking = _FILES[kind](file)
    while block := unpacking.read(_BLOCK):
        yield block


def _zstd(file: IO[bytes]) -> Iterator[bytes]:
    """Frame by frame: a reader of all frames would take a file that was cut off for a whole one."""
    frame = zstandard.ZstdDecompressor().decompressobj()
    rest = b""
    while block := rest or file.read(_BLOCK):
        if frame.eof:
            frame = zstandard.ZstdDecompressor().decompressobj()
        yield frame.decompress(block)
        rest = frame.unused_data if frame.eof else b""
    if not frame.eof:
        raise EOFError
