"""The part of a command that converts."""

import sys
from collections.abc import Sequence
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
"""Exit code: rows were rejected, and --strict was given; or no row was accepted."""


def opened(sources: Sequence[str]) -> Any:
    """What to read: stdin for `-`, otherwise the path or paths."""
    found = [sys.stdin.buffer if source == "-" else source for source in sources]
    return found[0] if len(found) == 1 else found


def file_options(mapping: "Mapping | None", given: dict[str, Any]) -> "FileOptions":
    """How to read the export: as the options of a command say, otherwise as the mapping does."""
    from callframe.read import FileOptions

    if given["header"] and (given["no_header"] or given["columns"]):
        raise OptionError.excluding("--header", "--no-header" if given["no_header"] else "--columns")
    known = mapping.file if mapping else FileOptions()
    told: dict[str, Any] = {name: given[name] for name in ("encoding", "sheet", "records") if given[name]}
    if given["separator"]:
        told["separator"] = {"\\t": "\t", "tab": "\t"}.get(given["separator"], given["separator"])
    if given["header"]:
        told |= {"header": given["header"], "columns": ()}
    elif given["no_header"] or given["columns"]:
        names = tuple(name.strip() for name in (given["columns"] or "").split(","))
        told |= {"header": False, "columns": names if given["columns"] else known.columns}
    return replace(known, **told)


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
    names = ("time_zone", "region", "currency", "decimal_mark", "duration_unit", "ambiguous", "non_existent", "now")
    options = {name: given[name] for name in names}
    result = convert_file(
        opened(given["source"]),
        mapping,
        out=sys.stdout.buffer if given["out"] == "-" else given["out"],
        rejected=given["rejected"],
        findings=given["findings"],
        skipped=given["skipped"],
        overwrite=given["force"],
        file=file_options(mapping, given),
        dedupe=given["dedupe"] or None,
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
    """End with 3 if rows were rejected and must not be, or all were; say so where none is left."""
    tally = result.tally
    if strict and tally.rejected:
        say(f"Rows were rejected, and --strict was given{closing}.")
        raise typer.Exit(REJECTED)
    if tally.rows and not tally.accepted:
        say(f"No row was accepted{'' if tally.rejected else ': all were skipped'}.")
    if tally.rejected and not tally.accepted:
        raise typer.Exit(REJECTED)
