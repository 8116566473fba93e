"""JSON lines -> a frame of text: numbers keep their digits, inner objects become `outer.inner`, lists are joined."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from callframe.errors import InputError

__all__ = ["json_lines"]


def json_lines(path: Path, name: str) -> pl.DataFrame:
    """The objects of a file in UTF-8, one a line; columns in the order in which they first appear.

    Shape: n lines that are not blank -> n rows, order kept.
    Null: null, absent, and empty text are null.

    Raises:
        InputError: names the line that holds no object, or two values under one name.
    """
    rows: list[dict[str, str | None]] = []
    with path.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                rows.append(_row(line, name, number))
    columns = dict.fromkeys(key for row in rows for key in row)
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String))


def _row(line: str, name: str, number: int) -> dict[str, str | None]:
    def table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return _distinct(pairs, name, number)

    try:
        value = json.loads(line, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=table)
        if "\\u" in line:  # the one way to half a letter, which no text in UTF-8 has
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise InputError.json(name, number) from None
    if not isinstance(value, dict):
        raise InputError.json(name, number)
    return _distinct(list(_flat(value)), name, number)


def _distinct(pairs: list[tuple[str, Any]], name: str, number: int) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise InputError.json_twice(name, number)
    return table


def _flat(value: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str | None]]:
    for key, item in value.items():
        if isinstance(item, dict):
            yield from _flat(item, f"{prefix}{key}.")
        else:
            yield prefix + key, _cell(item)


def _cell(item: Any) -> str | None:
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, list):
        return ", ".join(part for part in map(_cell, item) if part) or None
    if isinstance(item, dict):
        return json.dumps(item, ensure_ascii=False)
    return item or None
