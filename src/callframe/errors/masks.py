"""Phones, ids and addresses of people as they may be shown: enough to tell two apart, too little to call or look up."""

import re

__all__ = ["ends", "masked", "short"]

_DOT = "•"
_LONGEST = 120
_PERSONAL = re.compile(
    r"(?P<mail>[^\s@<>\"',;:()]+@[^\s@<>\"',;:()]+)"
    r"|(?P<code>(?=[A-Za-z_.\-]*[0-9])(?=[0-9_.\-]*[A-Za-z])[A-Za-z0-9_.\-]{16,})"
    r"|(?P<number>\+?[0-9](?:[ \u00a0().\-\u2010-\u2015]{0,2}[0-9]){6,})"
)
_FIRST = {"mail": 2, "code": 3, "number": 4}


def ends(text: str, first: int, last: int) -> str:
    """Both ends of a text, but never more than three fifths of it.

    >>> ends("+79123456789", 5, 2), ends("12345", 5, 2)
    ('+7912•••••89', '1••45')
    """
    while 5 * (first + last) > 3 * len(text):
        first, last = (first - 1, last) if first >= last else (first, last - 1)
    return text[:first] + _DOT * (len(text) - first - last) + text[len(text) - last :]


def short(name: str) -> str:
    """A name for a message: masked, and cut where it is longer than any name is.

    >>> short("x" * 200)[-3:], len(short("x" * 200))
    ('xx…', 121)
    """
    return masked(name[:_LONGEST]) + "…" * (len(name) > _LONGEST)


def masked(text: str) -> str:
    """A text in which long numbers, e-mail addresses and long codes of letters and digits keep their ends alone.

    >>> masked("перезвонить 8 (495) 123-45-67 завтра"), masked("от anna@shop.example")
    ('перезвонить 8 (4•••••••••••67 завтра', 'от an•••••••••••••le')
    """
    return _PERSONAL.sub(lambda found: ends(found[0], _FIRST[found.lastgroup or "number"], 2), text)
