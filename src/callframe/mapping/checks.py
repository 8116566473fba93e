"""What a mapping refuses, with a sentence that lists what there is."""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Table
from typing import Any

from callframe.errors import MappingError
from callframe.mapping.words import folded_cell, plain

__all__ = ["check_keys", "check_type", "check_values"]


def check_keys(found: Iterable[str], known: Sequence[str], where: str, what: str = "keys") -> None:
    """Refuse a key that means nothing at that place."""
    for key in found:
        if key not in known:
            raise MappingError.unknown_key(where, key, known, what)


def check_type(given: Any, kind: str, where: str) -> None:
    """Refuse a value of another kind than that place takes."""
    fits = {
        "a table": isinstance(given, Table),
        "a text": isinstance(given, str),
        "a text or a whole number": isinstance(given, str | int),
        "a name or a list of names": isinstance(given, str) or _is_list(given, str),
        "a text or a list of texts": isinstance(given, str | int) or _is_list(given, str | int),
        "true or false": isinstance(given, bool),
    }
    if not fits[kind]:
        raise MappingError.kind(where, kind)


def _is_list(given: Any, of: Any) -> bool:
    return isinstance(given, list | tuple) and bool(given) and all(isinstance(item, of) for item in given)


def check_values(values: Table[str, Any], where: str) -> None:
    """Refuse a value table that gives one text two meanings, case aside."""
    meanings: dict[str, str] = {}
    for key, word in values.items():
        check_type(word, "a text or a whole number", f"{where}.{key}")
        if meanings.setdefault(folded_cell(key), plain(word)) != plain(word):
            raise MappingError.two_meanings(where, str(key))
