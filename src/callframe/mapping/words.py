"""Names, words and values as a mapping compares and writes them."""

import re
from collections.abc import Iterable
from collections.abc import Mapping as Table
from typing import Any

from callframe.normalize.texts import SPACE

__all__ = ["folded", "folded_cell", "plain", "shown_words", "toml"]

_NUMBER = re.compile(r"[0-9][0-9 ()+\-.]{3,}[0-9]")
_SHOWN_WORDS = 5
_SHOWN_LETTERS = 40


def folded(name: str) -> str:
    """A header for comparison: lower case, without spaces and punctuation, ё as е.

    >>> folded("Дата / Время звонка")
    'датавремязвонка'
    """
    return "".join(letter for letter in name.casefold().replace("ё", "е") if letter.isalnum())


def folded_cell(text: object) -> str:
    """A word of a value table or filter for comparison: lower case, without space around it."""
    return str(text).strip(SPACE).lower()


def plain(value: Any) -> str:
    """A constant as text; true and false are 1 and 0, as in the contract."""
    return str(int(value)) if isinstance(value, bool) else str(value)


def shown_words(words: Iterable[str]) -> str:
    """The first words in alphabetical order, without digits that could be somebody's number.

    >>> shown_words({"in", "8 (495) 123-45-67"})
    '«•••», «in»'
    """
    different = sorted(set(words))
    shown = ", ".join(_NUMBER.sub("•••", f"«{word[:_SHOWN_LETTERS]}»") for word in different[:_SHOWN_WORDS])
    return shown + (f" and {len(different) - _SHOWN_WORDS} more" if len(different) > _SHOWN_WORDS else "")


def toml(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        escaped = "".join(_escape(letter) for letter in value)
        return f'"{escaped}"'
    if isinstance(value, Table):
        return "{ " + ", ".join(f"{_toml_key(key)} = {toml(item)}" for key, item in value.items()) + " }"
    return "[" + ", ".join(toml(item) for item in value) + "]"


def _toml_key(key: str) -> str:
    return key if key.isascii() and key.replace("_", "").isalnum() else toml(key)


def _escape(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    return letter if letter.isprintable() else f"\\U{ord(letter):08x}"
