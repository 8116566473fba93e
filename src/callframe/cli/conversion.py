"""The part of a command that converts."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import typer

from callframe.cli.words import say
from callframe.errors import OptionError

if TYPE_CHECKING:
    from callframe.convert import FileConversion
    from callframe.mapping import Mapping
    from callframe.read import FileOptions

__all__ = ["REJECTED", "conversion_object", "converted", "exit_if_rejected", "file_options", "opened"]

REJECTED = 3
"""Exit code: rows were rejected, and --strict was given."""


def opened(source: str) -> Any:
    """What to read: stdin for `-`, otherwise the path."""
    return sys.stdin.buffer if source == "-" else source


def file_options(
    mapping: "Mapping | None", encoding: str | None, separator: str | None, header: int | None
) -> "FileOptions":
    """How to read the export: as the options say, otherwise as the mapping does."""
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


def converted(given: dict[str, Any]) -> "FileConversion":
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
    check_targets(opened(given["source"]), paths, overwrite=given["force"])
    names = ("time_zone", "region", "currency", "decimal_mark", "duration_unit", "now")
    options = {name: given[name] for name in names}
    with _progress() as progress:
        result = convert_file(
            opened(given["source"]),
            mapping,
            out=sys.stdout.buffer if given["out"] == "-" else given["out"],
            rejected=given["rejected"],
            findings=given["findings"],
            skipped=given["skipped"],
            overwrite=given["force"],
            file=file_options(mapping, given["encoding"], given["separator"], given["header"]),
            progress=progress,
            date_order=given["date_order"],
            on_invalid="reject" if given["strict"] else "blank",
            **options,
        )
    shown = report(result)
    say(str(shown))
    if page:
        shown.save(page, overwrite=given["force"])
        result.paths["report"] = page
    say("", *(f"{name:<9} {path}" for name, path in result.paths.items()))
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


def conversion_object(result: "FileConversion") -> dict[str, object]:
    """What `--json` shows of a conversion."""
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


def exit_if_rejected(result: "FileConversion", strict: bool, closing: str = "") -> None:
    """End with 3 if rows were rejected and must not be."""
    if strict and result.tally.rejected:
        say(f"Rows were rejected, and --strict was given{closing}.")
        raise typer.Exit(REJECTED)
