"""One part on its way: sent at most once as long as it may have arrived, and accounted for in the end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import BinaryIO

from callframe.errors import CallframeError, FewerRows, OutcomeUnknown, UploadError
from callframe.metrica import notes
from callframe.metrica.answers import Accepted, Incomplete, Outcome, Refusal, Unknown
from callframe.metrica.body import Body
from callframe.metrica.identity import Fingerprint
from callframe.metrica.models import Upload
from callframe.metrica.pace import growing
from callframe.metrica.parts import Part
from callframe.metrica.progress import Progress, State, Watcher
from callframe.metrica.service import HOPELESS, Service

__all__ = ["Order", "send"]

_RESENDS = 3


@dataclass(frozen=True)
class Order:
    """How the parts of one file are to be sent."""

    service: Service
    comment: str
    """What the user says about the upload, cleaned."""

    goal: str | None
    copy: int
    again: bool
    """Whether the user asked to send once more: the same command would then begin another copy."""

    settle: float
    """Seconds to look for a part in the list when no answer said what became of it."""

    watch: Watcher

    def mark(self, part: Part) -> Fingerprint:
        """The fingerprint that goes with a part."""
        return part.mark.again(self.copy)

    def params(self, part: Part) -> dict[str, str]:
        """The query of the request."""
        wanted = {"comment": self.mark(part).text + self.comment, "new_goal_name": self.goal}
        return {name: value for name, value in wanted.items() if value}


def send(order: Order, file: BinaryIO, part: Part, took: Callable[[Upload], None]) -> Upload:
    """Send one part until it is accepted, refused, or can't be known.

    Args:
        order: how.
        file: the open file that `part` is a stretch of.
        part: what.
        took: called at once with an upload that Metrica has accepted.

    Returns:
        The upload that holds the part.

    Raises:
        Refused: Metrica said no.
        Unreachable: no try brought the whole part out.
        OutcomeUnknown: it may have arrived, and the list did not show it in time.
        FewerRows: Metrica read another number of rows.
        UploadError: the file changed, or the comment was dropped while other parts are to come.
    """
    resent = limited = 0
    while True:
        outcome, stop = _attempt(order, file, part)
        if stop is not None:
            _leave_word(outcome, stop, took)
            raise stop
        match outcome:
            case Accepted(upload):
                took(upload)
                return _checked(upload, order.mark(part), part)
            case Unknown(why):
                with _in_doubt():
                    found = _settle(order, part, why)
                took(found)
                return _checked(_adopted(found), order.mark(part), part)
            case Refusal() if outcome.is_limit:
                limited += 1
                _pause(order, part, order.service.limit_pause(outcome, limited), outcome.kind)
            case Refusal():
                raise order.service.refused(outcome, size=len(part.header) + part.length)
            case Incomplete():
                resent += 1
                there = _look_before_another_try(order, part, outcome, resent)
                if there is not None:
                    took(there)
                    return _checked(_adopted(there), order.mark(part), part)


def _attempt(order: Order, file: BinaryIO, part: Part) -> tuple[Outcome, BaseException | None]:
    body = Body(file, part)

    def watch() -> None:
        state: State = "answering" if body.complete else "sending"
        order.watch(Progress(state, *_place(part), sent=body.sent, total=len(body)))

    outcome, exchange = order.service.send(body, order.params(part), watch)
    return outcome, exchange.stop


def _leave_word(outcome: Outcome, stop: BaseException, took: Callable[[Upload], None]) -> None:
    match outcome:
        case Accepted(upload):
            took(upload)
        case Unknown():
            stop.add_note(notes.left_whole())
        case _:
            stop.add_note(notes.cut_off())


def _checked(upload: Upload, mark: Fingerprint, part: Part) -> Upload:
    if upload.source_quantity and upload.source_quantity != part.rows:
        raise FewerRows.counted(upload.id, sent=part.rows, source=upload.source_quantity, line=upload.line_quantity)
    if Fingerprint.read(upload.comment) == mark:
        return replace(upload, rows_sent=part.rows)
    if mark.number < mark.count:
        raise UploadError.no_echo(upload.id, mark.number, mark.count)
    return replace(upload, rows_sent=part.rows, notes=(notes.no_echo(upload.id),))


def _adopted(upload: Upload) -> Upload:
    return replace(upload, adopted=True, notes=(notes.found_later(upload.id),))


def _look_before_another_try(order: Order, part: Part, outcome: Incomplete, tries: int) -> Upload | None:
    """Pause, then look: the list says what is really wrong (the token, a limit), and guards against surprises."""
    if outcome.obstacle == "changed":
        raise UploadError.changed(part.path.name)
    if outcome.obstacle in HOPELESS or tries > _RESENDS:
        raise order.service.unreachable(outcome.obstacle, tries)
    why = "the request was cut off" if outcome.sent else "no connection"
    _pause(order, part, order.service.backoff(tries + 1), why)
    return _there(order, part) if outcome.sent else None


@contextmanager
def _in_doubt() -> Iterator[None]:
    """Whoever stops while a part is looked for is told that it may be there."""
    try:
        yield
    except CallframeError:
        raise
    except BaseException as stop:
        stop.add_note(notes.left_whole())
        raise


def _settle(order: Order, part: Part, why: str) -> Upload:
    """Look for a part that may have arrived, for as long as was asked; never send it meanwhile."""
    clock = order.service.clock
    deadline = clock.monotonic() + order.settle
    for pause in growing(order.service.first_pause(5), 2, 300):
        left = max(deadline - clock.monotonic(), 0.0)
        order.watch(Progress("settling", *_place(part), seconds=min(pause, left), text=why))
        clock.sleep(min(pause, left))
        there = _there_or_not(order, part)
        if there is not None:
            return there
        if left <= pause:
            break
    raise OutcomeUnknown.unsettled(why, order.settle, order.mark(part).text, again=order.again)


def _there_or_not(order: Order, part: Part) -> Upload | None:
    """The same, where a list that can't be read proves nothing."""
    try:
        return _there(order, part)
    except UploadError:
        return None


def _there(order: Order, part: Part) -> Upload | None:
    """The upload that holds the part, if the list shows one."""
    mark = order.mark(part)
    for page in order.service.pages():
        for upload in page:
            if Fingerprint.read(upload.comment) == mark:
                return upload
    return None


def _pause(order: Order, part: Part, seconds: float, why: str) -> None:
    order.watch(Progress("pausing", *_place(part), seconds=seconds, text=why))
    order.service.clock.sleep(seconds)


def _place(part: Part) -> tuple[int, int]:
    return part.mark.number, part.mark.count
