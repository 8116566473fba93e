"""Phones and ids as a page may show them: enough to tell two apart, too little to call or to look up."""

import re

from callframe.errors.masks import ends

__all__ = ["UNIX_TIME", "masked"]

_LONG_DIGITS = re.compile(r"\+?[0-9](?:[ ().-]{0,2}[0-9]){6,}")
_AFTER_HOST = re.compile(r"(?<=[^/:])[/?#].+", re.DOTALL)
UNIX_TIME = re.compile(r"[0-9]{10}")
"""Seconds of a time that a call may have."""

_KEPT = {"PhoneNumber": (5, 2), "UserId": (2, 2), "ClientId": (3, 2), "Yclid": (3, 2)}


def masked(column: str, text: str) -> str:
    """The text of a cell with what may point to a person masked.

    Phones and ids keep their ends, URLs their host, times stay, and of anything else long numbers keep their ends.

    Args:
        column: name of the column; empty where it isn't sure which column the cell belongs to.
        text: the cell.

    >>> masked("PhoneNumber", "+79123456789"), masked("URL", "https://shop.example/?phone=79123456789")
    ('+7912•••••89', 'https://shop.example/…')
    >>> masked("Tag", "перезвонить 8 (495) 123-45-67 завтра")
    'перезвонить 8 (4•••••••••••67 завтра'
    """
    if column in _KEPT or not column:
        return ends(text, *_KEPT.get(column, (2, 2)))
    if column == "DateTime" and UNIX_TIME.fullmatch(text):
        return text
    if column in ("URL", "CallTrackerURL"):
        text = _AFTER_HOST.sub("/…", text, count=1)
    return _LONG_DIGITS.sub(lambda found: ends(found[0], 4, 2), text)
