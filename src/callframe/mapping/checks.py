"""What a mapping refuses, with a sentence that lists what there is."""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Table
from typing import Any

import polars as pl

from callframe.errors import MappingError, OptionError
from callframe.mapping.words import folded_cell, plain
from callframe.normalize import texts

__all__ = ["check_flags", "check_keys", "check_options", "check_type", "check_values", "check_words"]


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
        "a list of texts": not isinstance(given, str) and _is_list(given, str),
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


def check_words(words: Iterable[str], where: str) -> None:
    """Refuse a word that no cell can match: a cell that says "nothing here" in words is as blank as an empty one."""
    for word in words:
        if folded_cell(word) in texts.BLANKS:
            raise MappingError.empty_word(where, word)


def check_flags(values: Table[str, str], where: str) -> None:
    """Refuse a meaning that is no flag."""
    for key, word in values.items():
        if word not in ("0", "1"):
            raise MappingError.flag(where, key)


def check_options(where: str, **told: str | None) -> None:
    """Refuse a value that means nothing to the normalizer that is given it.

    Args:
        where: the place in the mapping.
        **told: `time_zone`, `region`, `currency`, `format`, `unit`; None: not said.
    """
    from callframe.normalize import currencies, durations, phones, timestamps

    nothing = pl.lit(None, pl.String)
    for key, value in told.items():
        if value is None:
            continue
        check_type(value, "a text", f"{where}{key}")
        try:
            # Building the expression checks the option.
            match key:
                case "time_zone":
                    timestamps.unix_utc(nothing, time_zone=value)
                case "format":
                    timestamps.unix_utc(nothing, format=value)
                case "region":
                    phones.e164(nothing, region=value)
                case "unit":
                    durations.seconds(nothing, unit=value)
                case "currency" if value not in currencies.CODES:
                    raise OptionError.unknown("an ISO 4217 currency", value, currencies.CODES, "'RUB'")
        except OptionError as error:
            raise MappingError.option(f"{where}{key}", str(error)) from None
