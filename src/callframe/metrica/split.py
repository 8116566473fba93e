"""A CSV file taken apart by the visitor ids of its rows, for a service that may want one kind in a file.

Each row goes, byte for byte, to the rows that carry ids in the same columns; nothing is left out and no cell is
emptied, so a file has up to seven kinds of rows. The parts keep the fingerprint of the file that they come from: it is
one file, cut another way.
"""

import hashlib
import io
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import compress
from pathlib import Path
from typing import BinaryIO

from callframe.errors import OutputError, UploadError
from callframe.metrica.identity import digest
from callframe.metrica.parts import IDS, MOST_PARTS, Kind, Part, Plan, cells, names, plan, records, too_many

__all__ = ["split"]


@contextmanager
def split(whole: Plan, part_bytes: int) -> Iterator[Plan]:
    """The plan of a file cut by the ids of its rows; the files of its parts last as long as the context.

    Args:
        whole: the file as it would go in one piece, with at least one part.
        part_bytes: most bytes of a part, its header included.

    Raises:
        OutputError: there is no room for a copy of the file in the folder for temporary files.
        UploadError: the file has changed since it was looked over, or would be too many parts.
    """
    with tempfile.TemporaryDirectory(prefix="callframe-") as folder:
        try:
            files = _apart(whole, Path(folder))
        except OSError as error:
            raise OutputError.unwritable(folder, error.strerror or str(error)) from None
        yield replace(whole, parts=_numbered(whole, files, part_bytes)) if len(files) > 1 else whole


def _numbered(whole: Plan, files: dict[Kind, Path], part_bytes: int) -> tuple[Part, ...]:
    """The parts of all kinds, counted through."""
    cut = [(kind, part) for kind, path in sorted(files.items()) for part in plan(path, part_bytes).parts]
    if len(cut) > MOST_PARTS:
        raise UploadError.unsendable(whole.path.name, too_many())
    mark = whole.parts[0].mark
    return tuple(
        replace(
            part,
            identifiers=kind,
            mark=replace(mark, part=part.mark.part, number=number, count=len(cut), rows=part.rows),
        )
        for number, (kind, part) in enumerate(cut, start=1)
    )


def _apart(whole: Plan, folder: Path) -> dict[Kind, Path]:
    """A file with the header for each kind of rows, each in the order of the source."""
    header = whole.parts[0].header
    seen = hashlib.sha256(header)
    files: dict[Kind, BinaryIO] = {}
    with ExitStack() as stack, whole.path.open("rb") as source:
        source.seek(len(header))
        for block in records(source, whole.path.name):
            seen.update(block)
            for kind, rows in _by_kind(block, header, whole.path.name).items():
                if kind not in files:
                    files[kind] = stack.enter_context((folder / f"{len(files)}.csv").open("wb"))
                    files[kind].write(header)
                files[kind].write(rows)
    if digest(seen.digest()) != whole.parts[0].mark.whole:
        raise UploadError.unsteady(whole.path.name)
    return {kind: Path(file.name) for kind, file in files.items()}


def _by_kind(block: bytes, header: bytes, name: str) -> dict[Kind, bytes]:
    columns = names(header)
    found = cells(block, len(columns))
    if found is None:
        raise UploadError.unsteady(name)
    there = {column: found.to_series(columns.index(column)).fill_null("") != "" for column in IDS if column in columns}
    rows: dict[Kind, list[bytes]] = defaultdict(list)
    for record, carried in zip(_each(block, header), zip(*there.values(), strict=True), strict=True):
        rows[tuple(compress(there, carried))].append(record)
    return {kind: b"".join(texts) for kind, texts in rows.items()}


def _each(block: bytes, header: bytes) -> Iterator[bytes]:
    """The records of a block, each with its line end; the last one of a file may lack it."""
    lines: list[bytes] = []
    inside = 0
    for line in io.BytesIO(block):
        lines.append(line)
        inside ^= line.count(b'"') & 1
        if not inside:
            record = b"".join(lines)
            yield record if record.endswith(b"\n") else record + (b"\r\n" if header.endswith(b"\r\n") else b"\n")
            lines.clear()
