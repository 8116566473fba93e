"""The command line: parse, call one function, print, set the exit code.

People's text goes to stderr, data to stdout. Exit codes: 0 done; 1 refused or failed; 2 usage, or a question that only
the user can answer; 3 rows were rejected and --strict was given; 4 Metrica took fewer rows than were sent; 5 outcome
unknown, run again; 6 quota; 7 not authorised; 130 interrupted.
"""

import io
import json
import os
import shlex
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from callframe.errors import Ambiguous, CallframeError, InputError, OptionError, UploadError

if TYPE_CHECKING:
    from callframe.convert import FileConversion
    from callframe.mapping import Mapping
    from callframe.metrica import Metrica, Upload
    from callframe.read import FileOptions

__all__ = ["app", "main"]

INTERRUPTED, TERMINATED, REJECTED = 130, 143, 3

# Newer Typers carry click inside; its base class for wrong usage is had from a subclass they export.
_Usage: Any = typer.BadParameter.__mro__[2]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Messy phone call exports in, calls in Yandex Metrica out.",
    epilog=(
        "Exit codes: 0 done; 1 refused or failed; 2 usage, or a question that only you can answer; 3 rows were "
        "rejected and --strict was given; 4 Metrica took fewer rows than were sent; 5 outcome unknown, run the same "
        "again; 6 quota; 7 not authorised."
    ),
)

Source = Annotated[str, typer.Argument(help="The export: CSV, JSON lines or Parquet; - is stdin.")]
MappingName = Annotated[
    str | None,
    typer.Option("--mapping", help="A ready mapping or a TOML file; without it, suggested from the headers."),
]
TimeZone = Annotated[str | None, typer.Option(help="Zone of times that name none, as Europe/Moscow.")]
Region = Annotated[str | None, typer.Option(help="Country of numbers without a country code, as RU.")]
Currency = Annotated[str | None, typer.Option(help="Currency of prices that name none, as RUB.")]
DateOrder = Annotated[str | None, typer.Option(help="day-first or month-first, for dates as 03/04/2026.")]
DecimalMark = Annotated[str | None, typer.Option(help="'.' or ',', for amounts as 1,234.")]
DurationUnit = Annotated[str | None, typer.Option(help="m:s, h:m, seconds, minutes, …, for durations as 1:35.")]
Encoding = Annotated[str | None, typer.Option(help="Encoding of the export, as cp1251; default UTF-8.")]
Separator = Annotated[str | None, typer.Option(help="Separator of the export; default: seen from the file.")]
Header = Annotated[int | None, typer.Option(help="Line of the export that holds the column names; default: 1.", min=1)]
Out = Annotated[str, typer.Option(help="Where accepted rows go; - is stdout.")]
Rejected = Annotated[str, typer.Option(help="Where rejected rows go, as they were, with the reasons.")]
Findings = Annotated[str, typer.Option(help="Where each finding goes: row, column, code, message, severity.")]
Skipped = Annotated[str | None, typer.Option(help="Where skipped rows go, with the reason.")]
ReportPath = Annotated[str | None, typer.Option("--report", help="Where the report goes, as an HTML page.")]
Strict = Annotated[bool, typer.Option("--strict", help="Reject rows for any bad value; exit 3 if any is.")]
Force = Annotated[bool, typer.Option("--force", help="Replace files that are there.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
Now = Annotated[int | None, typer.Option(help="Unix seconds to take for the present; later calls are rejected.")]
Counter = Annotated[str, typer.Option(help="Number of the counter.")]
Goal = Annotated[str | None, typer.Option(help="Name of the goal that Metrica creates for the calls.")]
Comment = Annotated[str | None, typer.Option(help="Letters and digits to find the upload by.")]
TokenFile = Annotated[str | None, typer.Option(help="File with the OAuth token; default: METRICA_TOKEN.")]
BaseUrl = Annotated[str | None, typer.Option(help="Where the service is, for a sandbox: http://127.0.0.1:PORT.")]
CaBundle = Annotated[str | None, typer.Option(help="Root certificates of your network.")]
NoWait = Annotated[bool, typer.Option("--no-wait", help="Do not follow the upload to its end.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Look at everything, send nothing.")]
Again = Annotated[bool, typer.Option("--again", help="Send a file once more that Metrica has already.")]


def _version(wanted: bool) -> None:
    if wanted:
        print(f"callframe {metadata.version('callframe')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


@app.command(short_help="an export -> the CSV that Metrica takes")
def convert(
    source: Source,
    mapping: MappingName = None,
    time_zone: TimeZone = None,
    region: Region = None,
    currency: Currency = None,
    date_order: DateOrder = None,
    decimal_mark: DecimalMark = None,
    duration_unit: DurationUnit = None,
    encoding: Encoding = None,
    separator: Separator = None,
    header: Header = None,
    out: Out = "calls.csv",
    rejected: Rejected = "rejected.csv",
    findings: Findings = "findings.csv",
    skipped: Skipped = None,
    report: ReportPath = None,
    strict: Strict = False,
    force: Force = False,
    as_json: Json = False,
    now: Now = None,
) -> None:
    """Turn an export into the CSV that Metrica takes; what can't be trusted is set aside with the reason."""
    if as_json and out == "-":
        raise OptionError.together("--json", "--out -")
    result = _converted(locals())
    if as_json:
        _print_json(_conversion_object(result))
    _exit_if_rejected(result, strict)


@app.command(short_help="a CSV of calls -> Metrica, once")
def upload(
    calls: Annotated[str, typer.Argument(help="CSV that callframe convert wrote; - is stdin.")],
    counter: Counter,
    goal: Goal = None,
    comment: Comment = None,
    no_wait: NoWait = False,
    dry_run: DryRun = False,
    again: Again = False,
    token_file: TokenFile = None,
    base_url: BaseUrl = None,
    ca_bundle: CaBundle = None,
    as_json: Json = False,
) -> None:
    """Send a CSV of calls to Metrica once, and follow it to its end."""
    client = _client(counter, token_file, base_url, ca_bundle)
    with _stdin_as_file(calls) as path:
        sent = _handed_over(client, path, goal, comment, no_wait=no_wait, dry_run=dry_run, again=again)
    if as_json:
        _print_json(sent)


@app.command(short_help="convert, upload and follow in one go")
def run(
    source: Source,
    counter: Counter,
    mapping: MappingName = None,
    time_zone: TimeZone = None,
    region: Region = None,
    currency: Currency = None,
    date_order: DateOrder = None,
    decimal_mark: DecimalMark = None,
    duration_unit: DurationUnit = None,
    encoding: Encoding = None,
    separator: Separator = None,
    header: Header = None,
    out: Out = "calls.csv",
    rejected: Rejected = "rejected.csv",
    findings: Findings = "findings.csv",
    skipped: Skipped = None,
    report: ReportPath = None,
    strict: Strict = False,
    force: Force = False,
    now: Now = None,
    goal: Goal = None,
    comment: Comment = None,
    no_wait: NoWait = False,
    dry_run: DryRun = False,
    again: Again = False,
    token_file: TokenFile = None,
    base_url: BaseUrl = None,
    ca_bundle: CaBundle = None,
    as_json: Json = False,
) -> None:
    """Convert an export, send the accepted rows once, and follow them to the end."""
    if out == "-":
        raise OptionError.together("run", "--out -")
    client = _client(counter, token_file, base_url, ca_bundle)
    result = _converted(locals())
    shown = _conversion_object(result)
    if strict and result.tally.rejected:
        if as_json:
            _print_json(shown)
        _exit_if_rejected(result, strict, ": nothing was sent")
    if result.tally.rows and not result.tally.accepted:
        raise UploadError.nothing_accepted(result.tally.rows, rejected)
    options = {"goal": goal, "comment": comment, "token-file": token_file, "base-url": base_url, "ca-bundle": ca_bundle}
    told = [f"--{name} {shlex.quote(value)}" for name, value in options.items() if value]
    with _going_on(" ".join([f"callframe upload {shlex.quote(out)} --counter {counter}", *told])):
        shown |= {"upload": _handed_over(client, out, goal, comment, no_wait=no_wait, dry_run=dry_run, again=again)}
    if as_json:
        _print_json(shown)


@app.command(short_help="what Metrica says of uploads")
def status(
    counter: Counter,
    ids: Annotated[list[int] | None, typer.Argument(help="Ids of uploads; default: all of the counter's.")] = None,
    token_file: TokenFile = None,
    base_url: BaseUrl = None,
    ca_bundle: CaBundle = None,
    as_json: Json = False,
) -> None:
    """What Metrica says of uploads."""
    client = _client(counter, token_file, base_url, ca_bundle)
    found = [client.status(upload) for upload in ids] if ids else client.uploads()
    if as_json:
        _print_json({"uploads": [upload.as_dict() for upload in found]})
        return
    for upload in found:
        print(_upload_line(upload))
    if not found:
        _say(f"Counter {counter} has no uploads of calls.")


@app.command(name="mapping", short_help="the mapping that an export's headers suggest")
def suggest(source: Source, encoding: Encoding = None, separator: Separator = None, header: Header = None) -> None:
    """Print the mapping that the headers of an export suggest, as TOML to edit."""
    from callframe.mapping import Mapping
    from callframe.read import read

    print(Mapping.suggest(read(_opened(source), _file_options(None, encoding, separator, header))).to_toml(), end="")


@app.command(short_help="list the ready mappings, or show one")
def mappings(
    action: Annotated[str, typer.Argument(help="list, or show NAME.")] = "list",
    name: Annotated[str | None, typer.Argument(help="Name of a ready mapping.")] = None,
) -> None:
    """List the ready mappings, or print one."""
    from callframe.mapping import Mapping

    ready = Mapping.ready()
    if action == "show" and name:
        print(Mapping.load(name).to_toml(), end="")
    elif action == "list" and name is None:
        width = max(map(len, ready))
        for title, mapping in ready.items():
            print(f"{title:<{width}}  {mapping.description}")
    else:
        raise OptionError.unknown("an action", action, ("list", "show"), "callframe mappings show calltouch")


@app.command(short_help="a local Metrica to try things against")
def sandbox(
    port: Annotated[int, typer.Option(help="Port on this machine; 0 takes a free one.")] = 8080,
    fault: Annotated[list[str] | None, typer.Option(help="A way to misbehave, as lost-answer:2; repeatable.")] = None,
) -> None:
    """Run a local Metrica to try things against, until Ctrl-C."""
    from callframe.sandbox import serve

    serve(port, faults=fault or ())


@app.command(short_help="a messy export becomes calls, on this machine")
def demo(
    folder: Annotated[str, typer.Option("--out", help="Folder for the files of the demo.")] = "callframe-demo",
    rows: Annotated[int, typer.Option(help="Number of calls in the export.")] = 300,
) -> None:
    """Make a messy export, convert it, send it to a local Metrica, and show what became of it."""
    from callframe.demo import run

    run(Path(folder), rows, say=_say)


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    signal.signal(signal.SIGTERM, _terminate)
    # What is written for other programs is UTF-8 wherever it goes; words for people must never fail.
    for stream, errors in ((sys.stdout, "strict"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8" if stream is sys.stdout else None, errors=errors)
    sys.exit(_run(sys.argv[1:]))


def _run(arguments: list[str]) -> int:
    as_json = "--json" in arguments
    try:
        code = app(arguments, standalone_mode=False, prog_name="callframe")
    except CallframeError as error:
        return _failed(error, as_json)
    except _Usage as error:
        error.show()
        return int(error.exit_code)
    except (KeyboardInterrupt, typer.Abort) as stop:
        return _stopped("Interrupted.", stop, INTERRUPTED)
    except SystemExit as stop:
        return _stopped("Terminated.", stop, int(stop.code or 0))
    except ImportError as error:
        if "callframe[" not in str(error):
            raise
        return _failed(error, as_json)
    except OSError as error:
        # Whoever reads stdout may stop early, as `head` does; Polars tells so in words alone.
        if isinstance(error, BrokenPipeError) or "os error 32" in str(error):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        return _failed(error, as_json)
    return code if isinstance(code, int) else 0


def _failed(error: Exception, as_json: bool) -> int:
    code = error.exit_code if isinstance(error, CallframeError) else 1
    if as_json:
        details = error.as_dict() if isinstance(error, Ambiguous) else {}
        shown = {"type": type(error).__name__, "message": str(error), **details}
        _print_json({"error": shown, "exit_code": code})
    _say(f"{'question' if isinstance(error, Ambiguous) else 'error'}: {error}", *getattr(error, "__notes__", ()))
    return code


def _stopped(word: str, stop: BaseException, code: int) -> int:
    _say(f"\n{word}", *getattr(stop, "__notes__", ()))
    return code


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(TERMINATED)


def _say(*lines: str) -> None:
    for line in lines:
        print(line, file=sys.stderr, flush=True)


@contextmanager
def _going_on(command: str) -> Iterator[None]:
    """Say how to go on if the upload ends early: the converted file is there, so converting again would be refused."""
    try:
        yield
    except (UploadError, KeyboardInterrupt, SystemExit) as stop:
        stop.add_note(f"The accepted rows are kept. To go on: {command}")
        raise


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _opened(source: str) -> Any:
    return sys.stdin.buffer if source == "-" else source


@contextmanager
def _stdin_as_file(source: str) -> Iterator[str]:
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


def _file_options(
    mapping: "Mapping | None", encoding: str | None, separator: str | None, header: int | None
) -> "FileOptions":
    from callframe.read import FileOptions

    known = mapping.file if mapping else FileOptions()
    cut = {"\\t": "\t", "tab": "\t"}.get(separator or "", separator)
    return replace(
        known,
        encoding=encoding or known.encoding,
        separator=cut or known.separator,
        header=header or known.header,
        columns=() if header else known.columns,
    )


def _converted(given: dict[str, Any]) -> "FileConversion":
    """Convert by the options of a command, with a progress line and the report on stderr."""
    from callframe.convert import check_targets, convert_file
    from callframe.mapping import Mapping
    from callframe.report import report

    mapping = Mapping.load(given["mapping"]) if given["mapping"] else None
    page = given["report"]
    files = {name: given[name] for name in ("out", "rejected", "findings", "skipped", "report") if given[name]}
    for name, target in files.items():
        if target == "-" and name != "out":
            raise OptionError.not_stdout(f"--{name}")
    paths = {name: target for name, target in files.items() if target != "-"}
    check_targets(_opened(given["source"]), paths, overwrite=given["force"])
    names = ("time_zone", "region", "currency", "decimal_mark", "duration_unit", "now")
    options = {name: given[name] for name in names}
    with _progress() as progress:
        result = convert_file(
            _opened(given["source"]),
            mapping,
            out=sys.stdout.buffer if given["out"] == "-" else given["out"],
            rejected=given["rejected"],
            findings=given["findings"],
            skipped=given["skipped"],
            overwrite=given["force"],
            file=_file_options(mapping, given["encoding"], given["separator"], given["header"]),
            progress=progress,
            date_order=given["date_order"],
            on_invalid="reject" if given["strict"] else "blank",
            **options,
        )
    shown = report(result)
    _say(str(shown))
    if page:
        shown.save(page, overwrite=given["force"])
        result.paths["report"] = page
    _say("", *(f"{name:<9} {path}" for name, path in result.paths.items()))
    return result


@contextmanager
def _progress() -> Iterator[Callable[[int], None] | None]:
    """A line on a terminal that counts rows; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:,} rows converted"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("convert", total=None)
        yield lambda rows: bar.update(task, completed=rows)


def _conversion_object(result: "FileConversion") -> dict[str, object]:
    tally = result.tally
    return {
        "rows": tally.rows,
        "accepted": tally.accepted,
        "rejected": tally.rejected,
        "skipped": tally.skipped,
        "warnings": tally.warnings,
        "findings": tally.by_code(),
        "paths": result.paths,
    }


def _exit_if_rejected(result: "FileConversion", strict: bool, closing: str = "") -> None:
    if strict and result.tally.rejected:
        _say(f"Rows were rejected, and --strict was given{closing}.")
        raise typer.Exit(REJECTED)


def _client(counter: str, token_file: str | None, base_url: str | None, ca_bundle: str | None) -> "Metrica":
    from callframe.metrica import Metrica

    options = {"token_file": token_file, "base_url": base_url, "ca_bundle": ca_bundle}
    return Metrica(counter, **{name: value for name, value in options.items() if value})  # type: ignore[arg-type]


def _handed_over(
    client: "Metrica", source: Any, goal: str | None, comment: str | None, *, no_wait: bool, dry_run: bool, again: bool
) -> dict[str, object]:
    """Send, follow, and tell; what `--json` shows of it."""
    from callframe.metrica.progress import Printer, Progress

    if dry_run:
        preview = client.preview(source, again=again)
        rows = sum(part.rows for part in preview.plan.parts)
        parts = len(preview.plan.parts)
        there = [str(found.id) for found in preview.earlier.found if found]
        _say(f"Dry run: {rows} rows in {parts} part{'s' * (parts != 1)}, {preview.to_send} to send. Nothing was sent.")
        _say(*(f"  Metrica has upload {upload} of this file already." for upload in there))
        _say(*(f"  {note}" for note in preview.earlier.notes))
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
    _say(_upload_line(sent), *(f"  {note}" for note in sent.notes if note not in noticed))
    return sent.as_dict()


def _upload_line(upload: "Upload") -> str:
    if not upload.id:
        return "Nothing to send: no row was accepted."
    counts = {"rows sent": upload.rows_sent, "read": upload.source_quantity, "taken": upload.line_quantity}
    said = ", ".join(f"{count} {name}" for name, count in counts.items() if count is not None)
    return f"upload {upload.id}: {upload.status}" + (f", {said}" if said else "")
