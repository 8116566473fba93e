"""JSON lines and JSON documents -> a frame of text.

Numbers keep their digits, inner objects become `outer.inner`, lists are joined by `, `; of a list of objects, each of
their cells is such a list (`tags.name`). In a document the rows are the
objects of its list: of the array that it is, or of the one list of objects in it, however deep (`data.calls`); an
object whose keys are all numbers, each with an object behind it, counts as a list. An object that holds a number or a
date of a call beside the list could be a row itself. `records` says what is meant.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from callframe.errors import InputError, Unclear

__all__ = ["Objects", "is_document", "objects"]

WHOLE = "."
"""As `records`: the document itself is the row."""


_CALL = re.compile(r"[0-9 TZ().:/+-]+")
_DIGIT = re.compile("[0-9]")


@dataclass(frozen=True)
class Objects:
    """What a JSON file holds."""

    frame: pl.DataFrame
    kind: str
    """`JSON lines` or `JSON`."""

    records: str | None = None
    """Path to the list that holds the rows, if that isn't the document itself."""


def objects(path: Path, name: str, records: str | None = None) -> Objects:
    """The objects of a file in UTF-8; columns in the order in which they first appear.

    Shape: n objects -> n rows, order kept.
    Null: null, absent, and empty text are null.

    Args:
        path: the file.
        name: what messages call it.
        records: path to the list that holds the rows, as `data.calls`; None: the only one there is.

    Raises:
        InputError: it is no JSON, holds no object, names the line that holds no object, or two values under one name.
        Unclear: several lists could hold the rows.
    """
    try:
        return _objects(path, name, records)
    except RecursionError:
        raise InputError.json_broken(name, 1) from None


def is_document(path: Path) -> bool:
    """Whether a file is JSON from its first to its last letter, or goes on too deep to tell."""
    try:
        json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        return False
    except RecursionError:
        return True
    return True


def _objects(path: Path, name: str, records: str | None) -> Objects:
    with path.open(encoding="utf-8-sig") as text:
        told = ((number, line) for number, line in enumerate(text, start=1) if line.strip())
        number, line = next(told)
        many = next(told, None) is not None
    if not _is_whole_object(line):
        return _document(_whole(path, name), name, records)
    if not many:
        return _document(_parsed(line, name, number), name, records, f"line {number}")
    lines = _lines(path, name)
    found = [
        (place, row) for place, value in lines for row in (_at(value, records, name, place) if records else [value])
    ]
    return Objects(_frame(found, name), "JSON lines", records)


def _is_whole_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _lines(path: Path, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    with path.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                value = _parsed(line, name, number)
                if not isinstance(value, dict):
                    raise InputError.json(name, number)
                yield f"line {number}", value


def _whole(path: Path, name: str) -> Any:
    try:
        return _parsed(path.read_text(encoding="utf-8-sig"), name, None)
    except json.JSONDecodeError as error:
        raise InputError.json_broken(name, error.lineno) from None
    except ValueError as error:
        if isinstance(error, UnicodeDecodeError):
            raise
        raise InputError.json_broken(name, 1) from None


def _parsed(text: str, name: str, line: int | None) -> Any:
    """The value of a text; `line`, if it is one of JSON lines."""

    def table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return _distinct(pairs, name, f"line {line}" if line else "an object")

    try:
        value = json.loads(text, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=table)
        if "\\u" in text:  # the one way to half a letter, which no text in UTF-8 has
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        if line is None:
            raise
        raise InputError.json(name, line) from None
    return value


def _document(value: Any, name: str, records: str | None, place: str | None = None) -> Objects:
    if records:
        return Objects(_frame(_placed(_at(value, records, name, place)), name), "JSON", records)
    if isinstance(value, list):
        return Objects(_frame(_placed(_all_objects(value, name)), name), "JSON")
    if not isinstance(value, dict):
        raise InputError.json_item(name, 1)
    found = _lists(value)
    filled = {path: rows for path, rows in found.items() if rows} or found
    choices = {path: len(rows) for path, rows in filled.items()} | ({WHOLE: 1} if _is_call(value) else {})
    if len(choices) > 1:
        raise Unclear.records(name, choices)
    if found and choices.keys() == filled.keys():
        (path, rows), *_ = filled.items()
        return Objects(_frame(_placed(_all_objects(rows, name)), name), "JSON", path)
    return Objects(_frame([(place or "the object", value)], name), "JSON lines" if place else "JSON")


def _is_call(value: dict[str, Any]) -> bool:
    """Whether an object could be a row itself: a number or a date and time stands in it."""
    texts = (item for item in value.values() if isinstance(item, str) and _CALL.fullmatch(item))
    return any(len(_DIGIT.findall(text)) > 6 for text in texts)


def _placed(rows: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    return [(f"object {number}", row) for number, row in enumerate(rows, start=1)]


def _all_objects(values: list[Any], name: str) -> list[dict[str, Any]]:
    for number, value in enumerate(values, start=1):
        if not isinstance(value, dict):
            raise InputError.json_item(name, number)
    return values


def _lists(value: Any, prefix: str = "") -> dict[str, list[Any]]:
    """The lists of objects in an object, and empty lists, by the path to each; lists within lists are none of them."""
    found: dict[str, list[Any]] = {}
    for key, item in value.items() if isinstance(value, dict) else ():
        rows = _rows(item)
        if rows is not None:
            found[prefix + key] = rows
        elif isinstance(item, dict):
            found |= _lists(item, f"{prefix}{key}.")
    return found


def _rows(item: Any) -> list[Any] | None:
    """A list that holds objects, if anything, or the objects of one that is a list by its keys; None: it is neither."""
    if isinstance(item, dict) and item and all(key.isdecimal() and isinstance(row, dict) for key, row in item.items()):
        return list(item.values())
    if isinstance(item, list) and (not item or any(isinstance(row, dict) for row in item)):
        return item
    return None


def _at(value: Any, records: str, name: str, place: str | None) -> list[dict[str, Any]]:
    """The objects at a path; a list on the way stands for each of its objects."""
    listed = _lists(value).get(records)  # as a question spells it: a name may have a point in it
    if listed is not None:
        return _all_objects(listed, name)
    found = _each(value, name)
    for key in () if records == WHOLE else records.split("."):
        inner = [each[key] for each in found if key in each]
        tables = [item for item in inner if isinstance(item, list | dict)]
        # An empty text and `false` in place of a list hold nothing; anything else would be lost.
        if found and (not tables or any(item for item in inner if not isinstance(item, list | dict))):
            raise InputError.no_records(name, records, list(_lists(value)), place)
        found = [each for item in tables for each in _each(item, name)]
    return found


def _each(item: list[Any] | dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = _rows(item)
    if rows is None and isinstance(item, dict):
        return [item]
    return _all_objects(list(item) if rows is None else rows, name)


def _frame(rows: list[tuple[str, dict[str, Any]]], name: str) -> pl.DataFrame:
    flat = [_distinct(list(_flat(row)), name, place) for place, row in rows]
    columns = dict.fromkeys(key for row in flat for key in row)
    return pl.DataFrame(flat, schema=dict.fromkeys(columns, pl.String))


def _distinct(pairs: list[tuple[str, Any]], name: str, place: str) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise InputError.json_twice(name, place)
    return table


def _flat(value: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str | None]]:
    for key, item in value.items():
        if isinstance(item, dict):
            yield from _flat(item, f"{prefix}{key}.")
        elif isinstance(item, list) and item and all(isinstance(each, dict) for each in item):
            yield from _flat(_merged(item), f"{prefix}{key}.")
        else:
            yield prefix + key, _cell(item)


def _merged(values: list[dict[str, Any]]) -> dict[str, Any]:
    """One object of lists for a list of objects; what is absent in one of them leaves no gap."""
    merged: dict[str, list[Any]] = {}
    for value in values:
        for key, item in _flat(value):
            merged.setdefault(key, []).append(item)
    return dict(merged)


def _cell(item: Any) -> str | None:
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, list):
        return ", ".join(part for part in map(_cell, item) if part) or None
    if isinstance(item, dict):
        return json.dumps(item, ensure_ascii=False)
    return item or None
