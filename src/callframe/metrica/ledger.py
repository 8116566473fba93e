"""The server's list of uploads as the only memory: what of a file is there already."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from callframe.errors import UploadError
from callframe.metrica import notes
from callframe.metrica.identity import Fingerprint
from callframe.metrica.models import Upload
from callframe.metrica.parts import Plan

__all__ = ["Earlier", "doubled", "look"]

Marked = tuple[Fingerprint, Upload]


@dataclass(frozen=True)
class Earlier:
    """What the list says about a file before it is sent."""

    copy: int
    """The repetition that this run completes or begins; 0 unless asked to send again."""

    found: tuple[Upload | None, ...]
    """For each part of the file, the upload that has it."""

    notes: tuple[str, ...] = ()


def look(plan: Plan, uploads: Sequence[Upload], *, again: bool) -> Earlier:
    """Look a file up in the list of uploads.

    Args:
        plan: the file, with at least one part.
        uploads: the whole list.
        again: begin a new copy where the last one is whole; a copy that lacks parts is completed first.

    Returns:
        What is there. Where all of the file is there, cut another way, that way is taken over.

    Raises:
        UploadError: a fingerprint stands beside another number of rows, or half of the file is there, cut another way.
    """
    ours = _marked(uploads)
    first = plan.parts[0].mark
    copies: dict[int, list[Marked]] = defaultdict(list)
    for mark, upload in ours:
        if mark.whole == first.whole:
            copies[mark.copy].append((mark, upload))
    copy = _wanted(copies, again=again)
    found = _found(plan, copies.get(copy, []))
    overlapping = sorted({upload.id for mark, upload in ours if mark.overlaps(first)}) if None in found else []
    said = [notes.overlap(overlapping)] if overlapping else []
    return Earlier(copy, found, (*said, *doubled(plan, uploads)))


def _adopt(upload: Upload, rows: int) -> Upload:
    """An upload that is there already, as the result for a part of `rows` rows.

    Raises:
        UploadError: it has another number of rows.
    """
    wrong = upload.source_quantity != rows and (upload.source_quantity or upload.final)
    if wrong and upload.source_quantity is not None:
        raise UploadError.conflict(upload.id, rows, upload.source_quantity)
    return replace(upload, rows_sent=rows, adopted=True)


def _wanted(copies: dict[int, list[Marked]], *, again: bool) -> int:
    if not copies:
        return 0
    last = max(copies)
    whole = [copy for copy, marked in copies.items() if _whole_cut(marked)]
    if again:
        return last + 1 if last in whole else last
    return min(whole, default=last)


def _cuts(marked: Sequence[Marked]) -> dict[int, dict[int, Marked]]:
    """Number of parts -> place of a part -> the oldest upload that has it."""
    cuts: dict[int, dict[int, Marked]] = defaultdict(dict)
    for mark, upload in sorted(marked, key=lambda one: one[1].id):
        cuts[mark.count].setdefault(mark.number, (mark, upload))
    return cuts


def _whole_cut(marked: Sequence[Marked]) -> dict[int, Marked] | None:
    return next((cut for count, cut in _cuts(marked).items() if set(cut) == set(range(1, count + 1))), None)


def _found(plan: Plan, marked: Sequence[Marked]) -> tuple[Upload | None, ...]:
    whole = _whole_cut(marked)
    if whole is not None and sum(mark.rows for mark, _ in whole.values()) == plan.rows:
        return tuple(_adopt(upload, mark.rows) for _, (mark, upload) in sorted(whole.items()))
    # By place too: two parts of equal rows are equal to the byte, and each must be sent.
    planned = {_place(part.mark) for part in plan.parts}
    strangers = [upload.id for mark, upload in marked if _place(mark) not in planned]
    if strangers:
        raise UploadError.other_split(strangers, marked[0][0].count, len(plan.parts))
    there = {_place(mark): upload for mark, upload in sorted(marked, key=lambda one: -one[1].id)}
    held = [(part, there.get(_place(part.mark))) for part in plan.parts]
    return tuple(None if upload is None else _adopt(upload, part.rows) for part, upload in held)


def _place(mark: Fingerprint) -> tuple[str, int, int]:
    return mark.part, mark.number, mark.count


def doubled(plan: Plan, uploads: Sequence[Upload]) -> tuple[str, ...]:
    """A note for each fingerprint of this file that stands in the list more than once."""
    holders: dict[str, list[int]] = defaultdict(list)
    for mark, upload in _marked(uploads):
        if mark.whole == plan.parts[0].mark.whole:
            holders[mark.text].append(upload.id)
    return tuple(notes.doubled(sorted(ids)) for ids in holders.values() if len(ids) > 1)


def _marked(uploads: Sequence[Upload]) -> list[Marked]:
    """The uploads that this client made, as their comments tell."""
    return [(mark, upload) for upload in uploads if (mark := Fingerprint.read(upload.comment))]
