"""A mapping as the TOML file that says the same, with a suggestion's reasons as comments."""

from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import fields
from typing import Any

from callframe.mapping.sources import Dedupe, Filter, Source
from callframe.mapping.suggestion import Choice, Suggestion
from callframe.mapping.words import toml
from callframe.read import FileOptions

__all__ = ["toml_file"]


def toml_file(
    head: Table[str, Any],
    file: FileOptions,
    columns: Table[str, Source],
    filter: Filter,  # noqa: A002
    dedupe: Dedupe,
    suggestion: Suggestion | None,
) -> str:
    """The text of a mapping file.

    Args:
        head: name and defaults, those that are there.
        file: how to read the export.
        columns: contract column -> source.
        filter: which rows are calls.
        dedupe: which rows are one call.
        suggestion: why the columns were chosen; what it leaves open becomes lines to take the `#` from.
    """
    options = {item.name: getattr(file, item.name) for item in fields(FileOptions)}
    told = {name: value for name, value in options.items() if value != getattr(FileOptions(), name)}
    keep = {name: list(words) for name, words in filter.keep.items()}
    why = suggestion.direction.notes if suggestion and suggestion.direction else ()
    sections = [
        _preface(suggestion) if suggestion else [],
        _entries(head),
        ["[file]", *_entries(told)] if told else [],
        ["[columns]", *_columns(columns, suggestion)],
        ["[filter]", *map(_comment, why), f"keep = {toml(keep)}"] if keep else [*map(_comment, why)],
        ["[dedupe]", *_entries({"by": list(dedupe.by)})] if dedupe.by else [],
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _entries(table: Table[str, Any]) -> list[str]:
    return [f"{name} = {toml(value)}" for name, value in table.items()]


def _preface(suggestion: Suggestion) -> list[str]:
    lines = [f"{suggestion.title}; yours to edit."]
    if suggestion.open:
        lines.append("What is open stands below as lines to take the # from.")
    return [_comment(line) for line in (*lines, *suggestion.asides)]


def _columns(columns: Table[str, Source], suggestion: Suggestion | None) -> Iterator[str]:
    choices = {choice.column: choice for choice in suggestion.choices} if suggestion else {}
    width = max(map(len, (*columns, *choices)), default=0)
    for column in dict.fromkeys((*choices, *columns)):
        choice = choices.get(column)
        if column in columns:
            if choice and choice.source == columns[column]:
                yield _comment(f"{choice.sure}: {choice.why}")
            yield f"{column:<{width}} = {columns[column].toml()}"
        elif choice and choice.sure == "open":
            yield from _open(choice, width)


def _open(choice: Choice, width: int) -> Iterator[str]:
    yield _comment(f"open: {choice.why}")
    for name, why in choice.candidates:
        yield _comment(f"{choice.column:<{width}} = {toml(name)}  # {why}")


def _comment(text: str) -> str:
    return "# " + "".join(letter if letter.isprintable() else " " for letter in text)
