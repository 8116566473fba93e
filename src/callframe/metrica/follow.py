"""After the hand-over: what becomes of an upload until Metrica is done with it."""

from collections.abc import Sequence
from dataclasses import replace

from callframe.errors import Unreachable
from callframe.metrica import notes
from callframe.metrica.judging import problem, remarks
from callframe.metrica.models import STATUSES, Upload
from callframe.metrica.pace import growing
from callframe.metrica.progress import Progress, Watcher
from callframe.metrica.service import Service

__all__ = ["follow"]


def follow(service: Service, upload: Upload, timeout: float, watch: Watcher) -> Upload:
    """Ask for the status of all parts with one request, less and less often, until all are final.

    A question that fails is asked again at the next turn.

    Args:
        service: whom to ask.
        upload: as it came from the hand-over.
        timeout: seconds; after that the upload is returned as it stands, with a note.
        watch: is told the status and when the next look is.

    Returns:
        The upload, final or as far as it got.

    Raises:
        FewerRows: Metrica took fewer rows than were sent.
        UploadError: no visitor id of a file with dynamic calls was known.
    """
    clock = service.clock
    deadline = clock.monotonic() + timeout
    parts: Sequence[Upload] = upload.parts
    for pause in growing(service.first_pause(15), 1.6, 300):
        whole = Upload.together(parts, upload.notes)
        if whole.final:
            return _judged(whole)
        left = deadline - clock.monotonic()
        if left <= 0:
            return replace(whole, notes=(*whole.notes, notes.unfinished(whole.status, timeout)))
        wait = min(pause * (0.9 + 0.2 * clock.jitter()), left)
        watch(Progress("following", status=whole.status, seconds=wait))
        clock.sleep(wait)
        parts = _refreshed(service, parts)
    raise AssertionError  # growing() has no end


def _judged(upload: Upload) -> Upload:
    """A final upload with what is to be said about it."""
    wrong = [found for part in upload.parts if (found := problem(part))]
    if wrong:
        worst = max(wrong, key=lambda one: one.exit_code)
        for other in wrong:
            if other is not worst:
                worst.add_note(str(other))
        worst.upload = upload
        raise worst
    parts = [replace(part, notes=(*part.notes, *remarks(part))) for part in upload.parts]
    return Upload.together(parts, upload.notes)


def _refreshed(service: Service, parts: Sequence[Upload]) -> list[Upload]:
    try:
        shown = _listed(service, {part.id for part in parts})
    except Unreachable:
        return list(parts)
    return [_merged(part, shown.get(part.id)) for part in parts]


def _listed(service: Service, wanted: set[int]) -> dict[int, Upload]:
    """The wanted uploads, from as few pages as have them all."""
    shown: dict[int, Upload] = {}
    for page in service.pages():
        shown |= {upload.id: upload for upload in page if upload.id in wanted}
        if len(shown) == len(wanted):
            break
    return shown


def _merged(before: Upload, now: Upload | None) -> Upload:
    """What Metrica says now, with what is known only here."""
    if now is None:
        return _noted(before, notes.gone(before.id))
    after = replace(now, rows_sent=before.rows_sent, adopted=before.adopted, notes=before.notes)
    if now.status not in STATUSES:
        return _noted(after, notes.unknown_status(now.id, now.status))
    if before.status in STATUSES and STATUSES.index(now.status) < STATUSES.index(before.status):
        return _noted(after, notes.went_back(now.id, before.status, now.status))
    return after


def _noted(upload: Upload, note: str) -> Upload:
    return upload if note in upload.notes else replace(upload, notes=(*upload.notes, note))
