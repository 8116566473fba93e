"""A file of text, opened: CSV and its kin, JSON lines, JSON."""

import codecs
import os
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from callframe.errors import InputError
from callframe.read.encodings import in_utf8, undecodable
from callframe.read.export import Export
from callframe.read.objects import is_document, objects
from callframe.read.options import FileOptions
from callframe.read.origin import Origin
from callframe.read.tables import Table

__all__ = ["text_file"]

_START = 1 << 12
_MANY = 1 << 16


def text_file(path: Path, origin: Origin, options: FileOptions, stack: ExitStack) -> Export:
    """The rows of a text; what the file tells of itself is added to `origin`.

    Args:
        path: the file.
        origin: what is known of it.
        options: how to read it.
        stack: closed when the rows are no longer needed.

    Raises:
        InputError: the file is empty, or no text of such a kind.
        Unclear: how to read it can't be told from it.
    """
    path, encoding = in_utf8(path, origin.name, options.encoding, stack)
    origin = replace(origin, encoding=encoding)
    if _is_json(path, origin.name):
        return _json(path, origin, options)
    table = Table(path, origin.name, options)
    separator = table.separator if table.is_cut else None
    told = replace(origin, separator=separator, header=table.header, left_out=table.left_out)
    return Export(told, table.lazy(), table.batches, is_empty=table.is_empty, about=_lines(path))


def _lines(path: Path) -> int:
    """About how many lines the file has, by those at its start."""
    with path.open("rb") as file:
        start = file.read(_MANY)
    return path.stat().st_size * start.count(b"\n") // max(len(start), 1)


def _is_json(path: Path, name: str) -> bool:
    """Whether the text starts as an object or an array of objects does, or is an array; `[` starts many a cell."""
    with path.open("rb") as file:
        start = file.read(_START).removeprefix(codecs.BOM_UTF8).lstrip()
        if not start:
            if not file.read(1):
                raise InputError.empty(name)
            return False
        file.seek(max(0, file.seek(0, os.SEEK_END) - _START))
        end = file.read().rstrip()
    if start[:1] == b"[" and start[1:].lstrip()[:1] != b"{":
        return end[-1:] == b"]" and is_document(path)
    return start[:1] in (b"{", b"[")


def _json(path: Path, origin: Origin, options: FileOptions) -> Export:
    try:
        found = objects(path, origin.name, options.records)
    except UnicodeDecodeError:
        raise undecodable(path, origin.name) from None
    notes = (f"The rows are the objects at {found.records}.",) if found.records else ()
    export = Export.of(found.frame.lazy(), replace(origin, kind=found.kind, notes=notes))
    return replace(export, is_empty=found.frame.is_empty())
