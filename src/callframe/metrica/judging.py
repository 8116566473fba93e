"""What the counts and the last status of an upload mean."""

from callframe.errors import FewerRows, UploadError
from callframe.metrica import notes
from callframe.metrica.models import LINKAGE_FAILURE, Upload

__all__ = ["problem", "remarks"]


def problem(part: Upload) -> UploadError | None:
    """What is wrong with a final upload: rows read otherwise or left out, or no dynamic call linked to a visit."""
    if not part.final or part.id == 0:
        return None
    sent, source, line = part.rows_sent, part.source_quantity, part.line_quantity
    misread = None not in (sent, source) and source != sent
    read = sent if source is None else source
    if misread or (line is not None and read is not None and line < read):
        return FewerRows.counted(part.id, sent=sent, source=source, line=line)
    if part.status == LINKAGE_FAILURE and part.dynamic_calls_quantity != 0:
        return UploadError.not_linked(part.id, part.dynamic_calls_quantity)
    return None


def remarks(part: Upload) -> list[str]:
    """What is to be said of a final upload with which nothing is wrong."""
    if not part.final or part.id == 0:
        return []
    line, static, dynamic = part.line_quantity, part.static_calls_quantity, part.dynamic_calls_quantity
    said: list[str] = []
    if line is None or part.source_quantity is None:
        said.append(notes.not_counted(part.id))
    if None not in (static, dynamic, line) and (static or 0) + (dynamic or 0) != line:
        said.append(notes.miscounted(part))
    if part.status == LINKAGE_FAILURE:
        said.append(notes.static_only(part.id))
    return said
