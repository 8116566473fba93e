"""How an upload is recognised: a fingerprint of the file, first in the comment.

The server's own list of uploads is the only memory. A fingerprint is letters and digits only, of fixed widths, so it
survives what a server may do to a comment: trim it, cut its end, fold its case.

>>> mark = Fingerprint("a" * 26, "b" * 26, copy=0, number=1, count=2, rows=10, first=1763000000, last=1763009999)
>>> len(mark.text), Fingerprint.read(mark.text.upper() + "ноябрь") == mark
(95, True)
>>> Fingerprint.read("ноябрь") is None
True
"""

import base64
import re
from dataclasses import dataclass, replace

__all__ = ["COMMENT_LIMIT", "Fingerprint", "digest", "remark", "remark_of"]

COMMENT_LIMIT = 255
"""Characters that the service keeps of a comment."""

_LAYOUT = re.compile(
    r"cf1(?P<whole>[a-z2-7]{26})(?P<part>[a-z2-7]{26})(?P<copy>\d{2})(?P<number>\d{4})(?P<count>\d{4})"
    r"(?P<rows>\d{10})(?P<first>\d{10})(?P<last>\d{10})",
    re.ASCII,
)
_WIDTH = 95
_OTHER = re.compile(r"[^0-9A-Za-zА-Яа-яЁё]+")


@dataclass(frozen=True)
class Fingerprint:
    """What is sent, to the byte, and where it stands in its file."""

    whole: str
    """SHA-256 of the whole file, 128 bits of it in base 32."""

    part: str
    """SHA-256 of this part with its header, the same way."""

    copy: int
    """0, or how many times the same file was sent again on purpose before and with this one."""

    number: int
    """Place of the part in the file, from 1."""

    count: int
    """Parts in the file."""

    rows: int
    first: int
    """Earliest call in the whole file, Unix seconds; 0 where none could be read."""

    last: int
    """Latest call in the whole file, Unix seconds."""

    @property
    def text(self) -> str:
        """95 letters and digits."""
        places = f"{self.copy:02d}{self.number:04d}{self.count:04d}{self.rows:010d}{self.first:010d}{self.last:010d}"
        return f"cf1{self.whole}{self.part}{places}"

    @classmethod
    def read(cls, comment: str) -> "Fingerprint | None":
        """The fingerprint at the start of a comment, in any case; None where there is none."""
        found = _LAYOUT.match(comment.strip().lower())
        if found is None:
            return None
        texts = found.groupdict()
        numbers = {name: int(texts[name]) for name in ("copy", "number", "count", "rows", "first", "last")}
        return cls(whole=texts["whole"], part=texts["part"], **numbers)

    def again(self, copy: int) -> "Fingerprint":
        """The same content as its `copy`-th repetition."""
        return replace(self, copy=copy)

    def overlaps(self, other: "Fingerprint") -> bool:
        """Whether both files hold calls of the same time, and are different files."""
        timed = self.last > 0 and other.last > 0
        return timed and self.whole != other.whole and self.first <= other.last and other.first <= self.last


def digest(sha256: bytes) -> str:
    """26 letters and digits for 128 bits of a SHA-256."""
    return base64.b32encode(sha256[:16]).decode("ascii").rstrip("=").lower()


def remark(comment: str | None) -> str:
    """A user's comment as the service documents it: Latin and Cyrillic letters and digits, no more than there is room.

    >>> remark("ноябрь, 2026!")
    'ноябрь2026'
    """
    return _OTHER.sub("", comment or "")[: COMMENT_LIMIT - _WIDTH]


def remark_of(comment: str) -> str:
    """The user's part of a comment that begins with a fingerprint, in lower case.

    >>> remark_of(" " + "x" * 95 + "Ноябрь2026")
    'ноябрь2026'
    """
    return comment.strip()[_WIDTH:].casefold()
