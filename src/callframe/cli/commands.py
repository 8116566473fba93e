"""The commands: each calls one function and prints."""

from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from callframe.cli.conversion import conversion_object, converted, exit_if_rejected, file_options, opened
from callframe.cli.group import Commands
from callframe.cli.handover import client, exit_as_judged, going_on, handed_over, stdin_as_file, upload_line
from callframe.cli.options import (
    PART_BYTES,
    SETTLE,
    Again,
    Ambiguous,
    BaseUrl,
    CaBundle,
    Columns,
    Comment,
    Counter,
    Currency,
    DateOrder,
    DecimalMark,
    Dedupe,
    DryRun,
    DurationUnit,
    Encoding,
    Findings,
    Force,
    Goal,
    Header,
    Json,
    MappingName,
    NoHeader,
    NonExistent,
    Now,
    NoWait,
    Out,
    PartBytes,
    Records,
    Region,
    Rejected,
    ReportPath,
    Separator,
    Settle,
    Sheet,
    Skipped,
    Source,
    SplitByIdentifier,
    Strict,
    TimeZone,
    TokenFile,
)
from callframe.cli.words import print_json, say
from callframe.errors import OptionError, UploadError

__all__ = ["app"]

app = typer.Typer(
    cls=Commands,
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
    ambiguous: Ambiguous = None,
    non_existent: NonExistent = None,
    dedupe: Dedupe = None,
    encoding: Encoding = None,
    separator: Separator = None,
    header: Header = None,
    no_header: NoHeader = False,
    columns: Columns = None,
    sheet: Sheet = None,
    records: Records = None,
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
    result = converted(locals())
    if as_json:
        print_json(conversion_object(result))
    exit_if_rejected(result, strict)


@app.command(short_help="a CSV of calls -> Metrica, once")
def upload(
    calls: Annotated[str, typer.Argument(help="CSV that callframe convert wrote; - is stdin.")],
    counter: Counter,
    goal: Goal = None,
    comment: Comment = None,
    no_wait: NoWait = False,
    dry_run: DryRun = False,
    again: Again = False,
    part_bytes: PartBytes = PART_BYTES,
    split_by_identifier: SplitByIdentifier = False,
    settle: Settle = SETTLE,
    token_file: TokenFile = None,
    base_url: BaseUrl = None,
    ca_bundle: CaBundle = None,
    as_json: Json = False,
) -> None:
    """Send a CSV of calls to Metrica once, and follow it to its end."""
    given = locals()
    metrica = client(counter, token_file, base_url, ca_bundle)
    with stdin_as_file(calls) as path:
        sent = handed_over(metrica, path, given)
    if as_json:
        print_json(sent)


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
    ambiguous: Ambiguous = None,
    non_existent: NonExistent = None,
    dedupe: Dedupe = None,
    encoding: Encoding = None,
    separator: Separator = None,
    header: Header = None,
    no_header: NoHeader = False,
    columns: Columns = None,
    sheet: Sheet = None,
    records: Records = None,
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
    part_bytes: PartBytes = PART_BYTES,
    split_by_identifier: SplitByIdentifier = False,
    settle: Settle = SETTLE,
    token_file: TokenFile = None,
    base_url: BaseUrl = None,
    ca_bundle: CaBundle = None,
    as_json: Json = False,
) -> None:
    """Convert an export, send the accepted rows once, and follow them to the end."""
    if out == "-":
        raise OptionError.together("run", "--out -")
    given = locals()
    metrica = client(counter, token_file, base_url, ca_bundle)
    result = converted(given)
    shown = conversion_object(result)
    if strict and result.tally.rejected:
        if as_json:
            print_json(shown)
        exit_if_rejected(result, strict, ": nothing was sent")
    if result.tally.rows and not result.tally.accepted:
        raise UploadError.nothing_accepted(result.tally.rows, rejected)
    with going_on(out, given):
        shown |= {"upload": handed_over(metrica, out, given)}
    if as_json:
        print_json(shown)


@app.command(short_help="what Metrica says of uploads")
def status(
    counter: Counter,
    ids: Annotated[list[int] | None, typer.Argument(help="Ids of uploads; default: all of the counter's.")] = None,
    token_file: TokenFile = None,
    base_url: BaseUrl = None,
    ca_bundle: CaBundle = None,
    as_json: Json = False,
) -> None:
    """What Metrica says of uploads; of those named by id, exit 4 if it took fewer rows than were sent."""
    metrica = client(counter, token_file, base_url, ca_bundle)
    found = [metrica.status(upload) for upload in ids] if ids else metrica.uploads()
    if as_json:
        print_json({"uploads": [upload.as_dict() for upload in found]})
    else:
        for upload in found:
            print(upload_line(upload))
    if not found:
        say(f"Counter {counter} has no uploads of calls.")
    if ids:
        exit_as_judged(metrica, found)


@app.command(short_help="what is understood of an export, and why")
def show(
    source: Source,
    mapping: Annotated[str | None, typer.Option(help="A mapping that says how to read the export.")] = None,
    encoding: Encoding = None,
    separator: Separator = None,
    header: Header = None,
    no_header: NoHeader = False,
    columns: Columns = None,
    sheet: Sheet = None,
    records: Records = None,
    as_json: Json = False,
) -> None:
    """Show what is understood of an export, and what its columns look like; nothing is converted or written."""
    given = locals()
    from callframe.mapping import Mapping
    from callframe.read.showing import shown

    known = Mapping.load(mapping) if mapping else None
    display = shown(opened(source), file_options(known, given))
    if as_json:
        print_json(display.as_dict())
    else:
        print(display)


@app.command(name="mapping", short_help="the mapping that an export suggests")
def suggest(
    source: Source,
    encoding: Encoding = None,
    separator: Separator = None,
    header: Header = None,
    no_header: NoHeader = False,
    columns: Columns = None,
    sheet: Sheet = None,
    records: Records = None,
) -> None:
    """Print the mapping that the names and the first values of an export suggest, as TOML to edit, with the reasons."""
    given = locals()
    from callframe.mapping import Mapping
    from callframe.read import read

    options = file_options(None, given)
    print(replace(Mapping.suggest(read(opened(source), options)), file=options).to_toml(), end="")


@app.command(short_help="list the ready mappings, or show one")
def mappings(
    action: Annotated[str, typer.Argument(help="list, or show NAME.")] = "list",
    name: Annotated[str | None, typer.Argument(help="Name of a ready mapping.")] = None,
) -> None:
    """List the ready mappings, what file each is for and what it leaves to you; or print the file of one."""
    from callframe.mapping import NEEDS, Mapping

    if action == "show" and name:
        print(Mapping.ready_file(name), end="")
    elif action == "list" and name is None:
        rows = [(key, each.description, each.kind, ", ".join(each.needs)) for key, each in Mapping.ready().items()]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            print("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
        lines = (f"  {need}: {what}" for need, what in NEEDS.items())
        say("", "The last column is what such an export leaves to you:", *lines)
    else:
        raise OptionError.unknown("an action", action, ("list", "show"), "callframe mappings show calltouch")


@app.command(short_help="a local Metrica to try things against")
def sandbox(
    port: Annotated[int, typer.Option(help="Port on this machine; 0 takes a free one.")] = 8080,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[:COUNT]",
            help="A way to misbehave, as lost-answer:2, 503-before or stuck; --faults lists all. Repeatable.",
        ),
    ] = None,
    faults: Annotated[bool, typer.Option("--faults", help="List the ways to misbehave and exit.")] = False,
) -> None:
    """Run a local Metrica to try things against, until Ctrl-C."""
    from callframe.sandbox import known_faults, serve

    if faults:
        known = known_faults()
        width = max(map(len, known))
        print("\n".join(f"{name:<{width}}  {sentence}" for name, sentence in known.items()))
        return
    serve(port, faults=fault or ())


@app.command(short_help="a messy export becomes calls, on this machine")
def demo(
    folder: Annotated[str, typer.Option("--out", help="Folder for the files of the demo.")] = "callframe-demo",
    rows: Annotated[int, typer.Option(help="Number of calls in the export.")] = 300,
) -> None:
    """Make a messy export, convert it, send it to a local Metrica, and show what became of it."""
    from callframe.demo import run

    run(Path(folder), rows, say=say)
