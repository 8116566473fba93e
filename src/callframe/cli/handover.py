"""The part of a command that talks to Metrica."""

import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from callframe.cli.options import PART_BYTES, SETTLE
from callframe.cli.words import say
from callframe.errors import InputError, UploadError

if TYPE_CHECKING:
    from callframe.metrica import Metrica, Preview, Upload

__all__ = ["client", "exit_as_judged", "going_on", "handed_over", "stdin_as_file", "upload_line"]

_WHERE = ("token_file", "base_url", "ca_bundle")
_USUAL = {"part_bytes": PART_BYTES, "settle": SETTLE}


@contextmanager
def stdin_as_file(source: str) -> Iterator[str]:
    """The path of a file: an upload is read more than once, so what comes from stdin is kept for as long."""
    if source != "-":
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="callframe-") as folder:
        spool = Path(folder, "stdin.csv")
        with spool.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        if not spool.stat().st_size:
            raise InputError.empty("<stdin>")
        yield str(spool)


@contextmanager
def going_on(calls: str, given: dict[str, Any]) -> Iterator[None]:
    """Say how to go on if the upload ends early: the converted file is there, so converting again would be refused."""
    try:
        yield
    except (UploadError, KeyboardInterrupt, SystemExit) as stop:
        # An interrupt does not tell whether a copy that is made again is whole, and then the command begins another.
        if getattr(stop, "repeatable", not given["again"]):
            stop.add_note(f"The accepted rows are kept. To go on: {_command(calls, given)}")
        raise


def _command(calls: str, given: dict[str, Any]) -> str:
    """The upload of a file by the options of another command, where they are not the usual ones."""
    names = ("goal", "comment", "again", "part_bytes", "split_by_identifier", "settle", *_WHERE)
    words = ["callframe", "upload", calls, "--counter", str(given["counter"]), *_said(names, given)]
    return shlex.join(words)


def _said(names: Iterable[str], given: dict[str, Any]) -> list[str]:
    """The options of a command that are not the usual ones, as they are typed."""
    words = []
    for name in names:
        value = given[name]
        option = f"--{name.replace('_', '-')}"
        if value is True:
            words.append(option)
        elif value and value != _USUAL.get(name):
            words += [option, f"{value:g}" if isinstance(value, float) else str(value)]
    return words


def client(counter: str, token_file: str | None, base_url: str | None, ca_bundle: str | None) -> "Metrica":
    """The client that the options describe; what endangers the token is told at once."""
    from callframe.metrica import Metrica

    options = {"token_file": token_file, "base_url": base_url, "ca_bundle": ca_bundle}
    metrica = Metrica(counter, **{name: value for name, value in options.items() if value})  # type: ignore[arg-type]
    say(*(f"note: {note}" for note in metrica.notes))
    return metrica


def handed_over(client: "Metrica", source: Any, given: dict[str, Any]) -> dict[str, object]:
    """Send, follow, and tell; what `--json` shows of it."""
    from callframe.metrica.progress import Printer, Progress

    cut = {name: given[name] for name in ("again", "part_bytes", "split_by_identifier")}
    if given["dry_run"]:
        return _previewed(client.preview(source, **cut))
    show = Printer()
    told = set(client.notes)

    def watch(progress: Progress) -> None:
        if progress.state == "noticed":
            told.add(progress.text)
        show(progress)

    sent = client.upload(
        source, goal=given["goal"], comment=given["comment"], settle=given["settle"], progress=watch, **cut
    )
    if sent.id and (sent.final or not given["no_wait"]):  # a final one is judged without a question
        sent = client.wait(sent, progress=watch)
    lines = _told(sent, given) if sent.id else []
    say(*lines, *(f"{'  ' * bool(lines)}{note}" for note in sent.notes if note not in told))
    return sent.as_dict()


def _told(sent: "Upload", given: dict[str, Any]) -> list[str]:
    """A line for each part, a line for all of them, and how to see later what became of them."""
    open_parts = [str(part.id) for part in sent.parts if not part.final]
    status = ["callframe", "status", "--counter", str(given["counter"]), *open_parts, *_said(_WHERE, given)]
    later = f": {shlex.join(status)} tells later" if open_parts else ""
    if len(sent.parts) == 1:
        return [upload_line(sent) + later]
    return [*map(upload_line, sent.parts), f"in all: {_counts(sent)}{later}"]


def _previewed(preview: "Preview") -> dict[str, object]:
    rows, parts = preview.plan.rows, preview.plan.parts
    cut = "1 part" if len(parts) == 1 else f"{len(parts)} parts"
    there = [str(found.id) for found in preview.earlier.found if found]
    say(f"Dry run: {rows} rows in {cut}, {preview.to_send} to send. Nothing was sent.")
    kinds = preview.plan.kinds if any(part.identifiers for part in parts) else ()
    say(*(f"  {count} row{'s' * (count != 1)} with {' and '.join(kind)}" for kind, count in kinds))
    say(*(f"  Metrica has upload {upload} of this file already." for upload in there))
    say(*(f"  {note}" for note in preview.earlier.notes))
    return {
        "dry_run": True,
        "rows": rows,
        "parts": len(parts),
        "to_send": preview.to_send,
        "notes": [*preview.earlier.notes],
    }


def exit_as_judged(client: "Metrica", uploads: Sequence["Upload"]) -> None:
    """End as `upload` would have, had it waited for these: with 4 if Metrica took fewer rows than were sent."""
    problems = []
    for upload in uploads:
        try:
            told = client.wait(upload).notes if upload.final else ()
        except UploadError as problem:
            problems.append(problem)
        else:
            say(*(f"  {note}" for note in told))
    say(*(f"error: {problem}" for problem in problems))
    if problems:
        raise typer.Exit(max(problem.exit_code for problem in problems))


def upload_line(upload: "Upload") -> str:
    """An upload in a line."""
    return f"upload {upload.id}: {', '.join(filter(None, (upload.status, _counts(upload))))}"


def _counts(upload: "Upload") -> str:
    """The rows of an upload; how many are taken is settled at its end only."""
    rows = "row" if upload.rows_sent == 1 else "rows"
    counts = {f"{rows} sent": upload.rows_sent, "read": upload.source_quantity}
    counts |= {"taken": upload.line_quantity} if upload.final else {}
    said = ", ".join(f"{count} {name}" for name, count in counts.items() if count is not None)
    return said if upload.final else f"{said}; not processed yet".removeprefix("; ")
