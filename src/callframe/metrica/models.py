"""What Metrica says about an upload, and what this client adds to it.

>>> upload = Upload.from_answer({"id": 7, "status": "UPLOADED", "source_quantity": 2, "news": 1})
>>> upload
Upload(id=7, status='UPLOADED', source_quantity=2)
>>> upload.final
False
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from callframe.metrica.quoting import masked

__all__ = [
    "EXPORTED",
    "FINAL",
    "LINKAGE_FAILURE",
    "MATCHED",
    "NOTHING_SENT",
    "PREPARED",
    "PROCESSED",
    "STATUSES",
    "UPLOADED",
    "Upload",
]

PREPARED = "PREPARED"
UPLOADED = "UPLOADED"
EXPORTED = "EXPORTED"
MATCHED = "MATCHED"
PROCESSED = "PROCESSED"
LINKAGE_FAILURE = "LINKAGE_FAILURE"
NOTHING_SENT = "NOTHING_SENT"
"""Ours, not Metrica's: the file had no rows, so there is no upload."""

STATUSES = (PREPARED, UPLOADED, EXPORTED, MATCHED, LINKAGE_FAILURE, PROCESSED)
"""In the order in which an upload passes through them; the last two end it."""

FINAL = frozenset({PROCESSED, LINKAGE_FAILURE})

_ISO = re.compile(r"\d{4}-\d\d-\d\d[0-9T:.Z+ -]{0,30}", re.ASCII)


@dataclass(frozen=True, repr=False)
class Upload:
    """One upload as Metrica shows it, or several parts of one file taken together (quantities are sums).

    The repr leaves out the comment and everything that is not known yet.
    """

    id: int
    """Metrica's number of the upload; of several parts, the first one's."""

    status: str
    """One of `STATUSES`, or a word that Metrica has added since; of several parts, the least advanced."""

    source_quantity: int | None = None
    """Rows that Metrica read in the file."""

    line_quantity: int | None = None
    """Rows that passed its validation."""

    static_calls_quantity: int | None = None
    dynamic_calls_quantity: int | None = None
    comment: str = ""
    client_id_type: str | None = None
    """USER_ID, CLIENT_ID or YCLID; of several parts, None where they differ."""

    create_time: str | None = None
    """ISO 8601, as Metrica writes it."""

    rows_sent: int | None = None
    """Rows in the file that was sent; None for an upload that this client did not make."""

    adopted: bool = False
    """True where it was found in the list of uploads, not told in answer to a request of this run."""

    notes: tuple[str, ...] = ()
    """Sentences for people: what was found, cleaned or noticed on the way."""

    pieces: tuple["Upload", ...] = ()
    """The parts, where there are several."""

    @property
    def parts(self) -> tuple["Upload", ...]:
        """The uploads this is made of: itself, or one for each part of the file."""
        return self.pieces or (self,)

    @property
    def final(self) -> bool:
        """Whether Metrica is done with it."""
        return self.status in FINAL or self.status == NOTHING_SENT

    @classmethod
    def from_answer(cls, answer: Mapping[str, object]) -> "Upload":
        """Read one `uploading` object; fields that are not known here are left out, odd values are None."""
        return cls(
            id=_whole(answer.get("id")) or 0,
            status=masked(_text(answer.get("status")) or "", 60),
            source_quantity=_whole(answer.get("source_quantity")),
            line_quantity=_whole(answer.get("line_quantity")),
            static_calls_quantity=_whole(answer.get("static_calls_quantity")),
            dynamic_calls_quantity=_whole(answer.get("dynamic_calls_quantity")),
            comment=_text(answer.get("comment")) or "",
            client_id_type=_word(answer.get("client_id_type")),
            create_time=_moment(answer.get("create_time")),
        )

    @classmethod
    def together(cls, parts: Sequence["Upload"], notes: Sequence[str] = ()) -> "Upload":
        """The parts of one file as one upload; a single part is that part.

        Args:
            parts: at least one, in the order of the file.
            notes: sentences about the file as a whole, before those of the parts.

        Returns:
            The sum of the parts.

        >>> Upload.together([Upload(1, "PROCESSED", 5), Upload(2, "MATCHED", 4)])
        Upload(id=1, status='MATCHED', source_quantity=9, parts=2)
        """
        every = tuple(dict.fromkeys([*notes, *(note for part in parts for note in part.notes)]))
        if len(parts) == 1:
            return replace(parts[0], notes=every)
        return cls(
            id=parts[0].id,
            status=min((part.status for part in parts), key=_rank),
            source_quantity=_sum(part.source_quantity for part in parts),
            line_quantity=_sum(part.line_quantity for part in parts),
            static_calls_quantity=_sum(part.static_calls_quantity for part in parts),
            dynamic_calls_quantity=_sum(part.dynamic_calls_quantity for part in parts),
            comment=parts[0].comment,
            client_id_type=parts[0].client_id_type if len({part.client_id_type for part in parts}) == 1 else None,
            create_time=parts[0].create_time,
            rows_sent=_sum(part.rows_sent for part in parts),
            adopted=all(part.adopted for part in parts),
            notes=every,
            pieces=tuple(parts),
        )

    def as_dict(self) -> dict[str, object]:
        """The same as plain values, for `--json`; the comment stays out."""
        shown = {name: getattr(self, name) for name in ("id", "status", *_COUNTS, "client_id_type", "create_time")}
        shown |= {"adopted": self.adopted, "notes": list(self.notes)}
        return shown | ({"parts": [part.as_dict() for part in self.pieces]} if self.pieces else {})

    def __repr__(self) -> str:
        shown = [f"id={self.id}", f"status={self.status!r}"]
        shown += [f"{name}={getattr(self, name)}" for name in _COUNTS if getattr(self, name) is not None]
        shown += ["adopted=True"] if self.adopted else []
        shown += [f"parts={len(self.pieces)}"] if self.pieces else []
        shown += [f"notes={list(self.notes)}"] if self.notes else []
        return f"Upload({', '.join(shown)})"


_COUNTS = ("rows_sent", "source_quantity", "line_quantity", "static_calls_quantity", "dynamic_calls_quantity")


def _rank(status: str) -> int:
    return STATUSES.index(status) if status in STATUSES else -1


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _word(value: object) -> str | None:
    return masked(value, 60) if isinstance(value, str) else None


def _moment(value: object) -> str | None:
    return value if isinstance(value, str) and _ISO.fullmatch(value) else None


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = list(numbers)
    return None if None in known else sum(number for number in known if number is not None)
