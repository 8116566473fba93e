"""How plausible a text is that was decoded from bytes of unknown encoding: logarithms, judged word by word.

Only words that hold a letter outside of ASCII are judged. A wrong encoding shows itself by letters that are rare in the
language, by capitals within words (`дЮРЮ` for `Дата`), by two scripts in one word, by frames and signs among letters.
"""

import math
import re
from functools import cache

__all__ = ["likelihood", "looks_like_text"]

# Letters of Russian by frequency in 10 000; those of its neighbours below as rare guests.
_RUSSIAN = dict(
    zip(
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
        (
            *(1097, 845, 801, 735, 670, 626, 547, 473, 454, 440, 349, 321, 298, 281, 262, 201, 190),
            *(174, 170, 165, 159, 144, 121, 97, 94, 73, 64, 48, 36, 32, 30, 10, 40),
        ),
        strict=True,
    )
)
_NEIGHBOURS = {"і": 60, "ї": 20, "є": 20, "ў": 20, "ґ": 2}
_CYRILLIC = {letter: math.log(share / 10_000) for letter, share in (_RUSSIAN | _NEIGHBOURS).items()}
_RARE_CYRILLIC = math.log(0.00005)

_ASCII = -3.0
_WESTERN = dict.fromkeys("äöüßéèêëàáâãåæçñíîïìóôõòøúûùœšžÿğşı", -4.5)
_CENTRAL = dict.fromkeys("ąćęłńóśźżčďěňřťůýőűăţ", -5.5)
_RARE_LATIN = -8.0

_MARKS = "«»“”„‘’‚‹›…–—•·\u00a0\u00ad"
"""Signs that may touch a letter."""
_SIGNS = "№°§©®™±€₽£½¼¾×"
_SIGN, _STRANGE = -4.0, -10.0
_MIXED, _CAPITALS, _ACCENTS = -10.0, -8.0, -5.0

_WORD = re.compile(r"[^\W\d_]+")
_USUAL_CASE = re.compile("U+|l+|(?:U+l+)+U*")
_LEAST, _SPREAD = -3.1, -2.4
"""Mean of a letter below which Cyrillic text is none, and by how much less few letters may have: Russian has -3.0."""
_FAULTY = 0.3
"""Share of words with faults in what is still text."""


def likelihood(text: str) -> float:
    """Logarithm of how likely a text of that kind is, compared with other readings of the same bytes."""
    return _judged(text)[0]


def looks_like_text(texts: list[str]) -> bool:
    """Whether words look like a language that is known here, and not like another one's in a wrong encoding."""
    faulty = sum(_judged(text)[1] for text in texts)
    letters = [letter for text in texts for letter in text.lower() if "\u0400" <= letter <= "\u04ff"]
    least = _LEAST * len(letters) + _SPREAD * math.sqrt(len(letters))
    return faulty <= _FAULTY * len(texts) and sum(map(_letter, letters)) >= least


def _judged(text: str) -> tuple[float, bool]:
    """Its logarithm, and whether it has a fault that text hardly has."""
    words = [_word(word) for word in _WORD.findall(text)]
    usual = _MARKS if words else _MARKS + _SIGNS
    signs = [_SIGN if sign in usual else _STRANGE for sign in _WORD.sub("", text)]
    faulty = _STRANGE in signs or any(fault for _, fault in words)
    return sum(signs) + sum(value for value, _ in words), faulty


@cache
def _word(word: str) -> tuple[float, bool]:
    small = word.lower()
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in small)
    accents = len(small) - cyrillic - sum(map(str.isascii, small))
    fault = 0.0
    if 0 < cyrillic < len(small):
        fault += _MIXED
    if not _USUAL_CASE.fullmatch("".join("U" if letter.isupper() else "l" for letter in word)):
        fault += _CAPITALS
    if len(small) > 1 and 3 * accents > 2 * len(small):
        fault += accents * _ACCENTS
    return fault + sum(map(_letter, small)), bool(fault)


def _letter(letter: str) -> float:
    if letter.isascii():
        return _ASCII
    if "\u0400" <= letter <= "\u04ff":
        return _CYRILLIC.get(letter, _RARE_CYRILLIC)
    return _WESTERN.get(letter, _CENTRAL.get(letter, _RARE_LATIN))
