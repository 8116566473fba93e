"""A server's words, fit to be shown to people."""

import re

__all__ = ["masked"]

_DIGITS = re.compile(r"\+?\d(?:[\s().\-]{0,3}\d){6,}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def masked(text: str, longest: int = 300) -> str:
    """No control characters and half characters, nothing that could be a phone or an id.

    >>> masked("bad phone +7 912 345-67-89 in row 12")
    'bad phone *** in row 12'
    """
    plain = _DIGITS.sub("***", _UNPRINTABLE.sub(" ", text)).strip()
    return plain if len(plain) <= longest else plain[:longest] + "…"
