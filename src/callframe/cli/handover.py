"""The part of a command that talks to Metrica."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from callframe.cli.words import say
from callframe.errors import InputError, UploadError

if TYPE_CHECKING:
    from callframe.metrica import Metrica, Upload

__all__ = ["client", "going_on", "handed_over", "stdin_as_file", "upload_line"]


@contextmanager
def stdin_as_file(source: str) -> Iterator[str]:
    """The path of a file: an upload is read more than once, so what comes from stdin is kept for as long."""
    if source != "-":
        yield source
        return
    with tempfile.NamedTemporaryFile(prefix="callframe-", suffix=".csv") as spool:
        shutil.copyfileobj(sys.stdin.buffer, spool)
        spool.flush()
        if not spool.tell():
            raise InputError.empty("<stdin>")
        yield spool.name


@contextmanager
def going_on(command: str) -> Iterator[None]:
    """Say how to go on if the upload ends early: the converted file is there, so converting again would be refused."""
    try:
        yield
    except (UploadError, KeyboardInterrupt, SystemExit) as stop:
        stop.add_note(f"The accepted rows are kept. To go on: {command}")
        raise


def client(counter: str, token_file: str | None, base_url: str | None, ca_bundle: str | None) -> "Metrica":
    """The client that the options describe."""
    from callframe.metrica import Metrica

    options = {"token_file": token_file, "base_url": base_url, "ca_bundle": ca_bundle}
    return Metrica(counter, **{name: value for name, value in options.items() if value})  # type: ignore[arg-type]


def handed_over(
    client: "Metrica", source: Any, goal: str | None, comment: str | None, *, no_wait: bool, dry_run: bool, again: bool
) -> dict[str, object]:
    """Send, follow, and tell; what `--json` shows of it."""
    from callframe.metrica.progress import Printer, Progress

    if dry_run:
        preview = client.preview(source, again=again)
        rows = sum(part.rows for part in preview.plan.parts)
        parts = len(preview.plan.parts)
        there = [str(found.id) for found in preview.earlier.found if found]
        say(f"Dry run: {rows} rows in {parts} part{'s' * (parts != 1)}, {preview.to_send} to send. Nothing was sent.")
        say(*(f"  Metrica has upload {upload} of this file already." for upload in there))
        say(*(f"  {note}" for note in preview.earlier.notes))
        return {
            "dry_run": True,
            "rows": rows,
            "parts": parts,
            "to_send": preview.to_send,
            "notes": [*preview.earlier.notes],
        }
    show = Printer()
    noticed: set[str] = set()

    def watch(progress: Progress) -> None:
        if progress.state == "noticed":
            noticed.add(progress.text)
        show(progress)

    sent = client.upload(source, goal=goal, comment=comment, again=again, progress=watch)
    if sent.id and not no_wait:
        sent = client.wait(sent, progress=watch)
    say(upload_line(sent), *(f"  {note}" for note in sent.notes if note not in noticed))
    return sent.as_dict()


def upload_line(upload: "Upload") -> str:
    """An upload in a line."""
    if not upload.id:
        return "Nothing to send: no row was accepted."
    counts = {"rows sent": upload.rows_sent, "read": upload.source_quantity, "taken": upload.line_quantity}
    said = ", ".join(f"{count} {name}" for name, count in counts.items() if count is not None)
    return f"upload {upload.id}: {upload.status}" + (f", {said}" if said else "")
