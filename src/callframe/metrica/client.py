"""Stage 6, upload: rows -> Metrica, neither lost nor doubled."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from callframe.errors import CallframeError, OptionError, UploadError
from callframe.metrica import notes
from callframe.metrica.follow import follow
from callframe.metrica.identity import Fingerprint, remark, remark_of
from callframe.metrica.ledger import Earlier, doubled, look
from callframe.metrica.models import NOTHING_SENT, Upload
from callframe.metrica.outgoing import Source, outgoing
from callframe.metrica.pace import Clock, Limits, growing
from callframe.metrica.parts import PART_BYTES, Plan
from callframe.metrica.progress import Progress, Watcher, watcher
from callframe.metrica.secret import Token, open_to_others
from callframe.metrica.sending import Order, send
from callframe.metrica.service import Service
from callframe.metrica.transport import Transport

__all__ = ["Metrica", "Preview"]

Seconds = float | timedelta
_LARGEST_COUNTER = 2**31 - 1
_LARGEST_SKEW = 120
_LISTED_WITHIN = 60


@dataclass(frozen=True)
class Preview:
    """What an upload would send, and what Metrica has of it already."""

    plan: Plan
    earlier: Earlier

    @property
    def to_send(self) -> int:
        """Parts that Metrica does not have yet."""
        return sum(found is None for found in self.earlier.found)


class Metrica:
    """Calls of one counter in Yandex Metrica.

    Before anything is sent, the counter's own list of uploads is read: what is there already is not sent again.
    Nothing is kept on this machine between runs.

    Args:
        counter: number of the counter.
        token: OAuth token; otherwise the one in `token_file`, otherwise in the environment variable METRICA_TOKEN.
        token_file: a file with nothing but the token.
        base_url: where the service is; https, or http on this machine.
        ca_bundle: file with root certificates, for a network that has its own; otherwise REQUESTS_CA_BUNDLE or
            CURL_CA_BUNDLE, otherwise the usual ones. There is no switch to skip the check.
        limits: seconds that one exchange may take.
        clock: where the time comes from; for tests.

    Attributes:
        notes: sentences on what endangers the token: a file that others can read, session keys that are written down.

    Raises:
        NoToken: there is none, or none that could be one. It is never quoted.
        OptionError: an option has a value that means nothing.

    >>> Metrica(counter=123, token="y0-not-a-real-one")
    Metrica(counter=123, host='api-metrika.yandex.net')
    """

    def __init__(
        self,
        counter: int,
        token: str | None = None,
        *,
        token_file: str | os.PathLike[str] | None = None,
        base_url: str = "https://api-metrika.yandex.net",
        ca_bundle: str | os.PathLike[str] | None = None,
        limits: Limits | None = None,
        clock: Clock | None = None,
    ) -> None:
        held = token_file if token is None else None
        secret = Token.find(held) if token is None else Token(token, "the argument")
        token = None
        secret.check()
        transport = Transport(base_url, secret, ca_bundle, limits or Limits())
        self._service = Service(_counter(counter), transport, clock or Clock())
        self.notes = tuple(_dangers(held, encrypted=transport.encrypted))

    def __repr__(self) -> str:
        service = getattr(self, "_service", None)  # a traceback may show an object that was refused half built
        return f"Metrica(counter={service.counter}, host={service.transport.host!r})" if service else "Metrica()"

    def upload(
        self,
        source: Source,
        *,
        goal: str | None = None,
        comment: str | None = None,
        again: bool = False,
        part_bytes: int = PART_BYTES,
        split_by_identifier: bool = False,
        progress: Watcher | Literal["auto"] | None = None,
        settle: Seconds = 1800,
    ) -> Upload:
        """Hand a file over to Metrica: each of its rows once, whatever fails.

        A part that may have arrived is never sent a second time; it is looked for in the list of uploads. If a run
        ends early, the same call later sends what is missing.

        Args:
            source: accepted rows, or the path of a CSV file of them.
            goal: name of the goal to create; ignored by Metrica where it exists.
            comment: letters and digits, kept after the fingerprint of the file.
            again: send a file that is there already once more, on purpose.
            part_bytes: most bytes of one request; a larger file goes in parts.
            split_by_identifier: send rows that carry ids in different columns (UserId, ClientId, Yclid) in parts of
                their own; a row with two ids goes with the others that have these two.
            progress: is called with each `Progress`; "auto" prints to stderr.
            settle: seconds to look for a part whose answer was lost.

        Returns:
            The upload, its parts and what is to be said about it; `adopted` where Metrica had it already.

        Raises:
            NotAuthorised: the token is not accepted, or may not write to this counter.
            QuotaExceeded: a limit of the service; says when to resume.
            Refused: Metrica said no to the file.
            Unreachable: no try brought a whole part out.
            OutcomeUnknown: a part left whole and was not seen again; run the same later.
            FewerRows: Metrica read another number of rows than were sent.
            ContractError: a row of the file breaks the contract; nothing was sent.
            InputError: a record of the file has another number of cells than its header; nothing was sent.
            UploadError: the file can't be sent as it is, or changed meanwhile.

        Source: Metrica API, "Загрузка информации о звонках".
        """
        watch, patience = watcher(progress), _seconds(settle)
        accepted: list[int] = []
        with (
            _accounted(accepted, lambda: notes.accepted(accepted, again=again)),
            outgoing(source, part_bytes, split_by_identifier=split_by_identifier) as planned,
        ):
            if not planned.parts:
                return Upload(0, NOTHING_SENT, rows_sent=0, notes=(*self.notes, notes.nothing_sent()))
            earlier = self._look(planned, again=again, watch=watch)
            noticed = [*_already_there(earlier), *earlier.notes]
            for note in noticed:
                watch(Progress("noticed", text=note))
            kept = remark(comment)
            order = Order(self._service, kept, goal, earlier.copy, again, patience, watch)
            parts = self._send_missing(planned, earlier, order, accepted)
        said = [*noticed, *self.notes, *self._clock_note()]
        said += [notes.cleaned(kept)] if comment and kept != comment else []
        said += _not_passed_on(earlier, goal, kept)
        new = [(order.mark(part), sent) for part, sent in zip(planned.parts, parts, strict=False) if not sent.adopted]
        said += self._until_listed(planned, new, order)
        return Upload.together(parts, said)

    def preview(
        self,
        source: Source,
        *,
        again: bool = False,
        part_bytes: int = PART_BYTES,
        split_by_identifier: bool = False,
    ) -> Preview:
        """What `upload` with the same arguments would send; sends nothing.

        Raises:
            NotAuthorised: the token is not accepted, or may not see this counter.
            UploadError: the file can't be sent as it is.
        """
        with outgoing(source, part_bytes, split_by_identifier=split_by_identifier) as planned:
            earlier = self._look(planned, again=again, watch=watcher(None)) if planned.parts else Earlier(0, ())
            return Preview(planned, earlier)

    def wait(
        self,
        upload: Upload,
        *,
        timeout: Seconds = timedelta(hours=2.5),
        progress: Watcher | Literal["auto"] | None = None,
    ) -> Upload:
        """Follow an upload until Metrica is done with it.

        Args:
            upload: as `upload` or `status` returned it.
            timeout: seconds; Metrica takes up to two hours.
            progress: as in `upload`.

        Returns:
            The final upload; or, with a note, the upload as it stands after `timeout`: that is not a failure.

        Raises:
            FewerRows: Metrica took fewer rows than were sent.
            UploadError: none of the dynamic calls could be linked to a visit.
        """
        ids = [part.id for part in upload.parts if part.id]
        patience, later = _seconds(timeout), notes.ask_again(ids, self._service.counter)
        with _accounted(ids, lambda: notes.all_accepted(ids, self._service.counter), later):
            return follow(self._service, upload, patience, watcher(progress))

    def status(self, upload: int) -> Upload:
        """One upload by its id, as Metrica has it now."""
        return self._service.upload(upload)

    def uploads(self) -> list[Upload]:
        """All uploads of calls to the counter, in the order of the service."""
        return [upload for page in self._service.pages() for upload in page]

    def _look(self, planned: Plan, *, again: bool, watch: Watcher) -> Earlier:
        watch(Progress("looking", parts=len(planned.parts)))
        earlier = look(planned, self.uploads(), again=again)
        if planned.mixed and not any(earlier.found):
            return replace(earlier, notes=(*earlier.notes, notes.mixed(planned.kinds)))
        return earlier

    def _send_missing(self, planned: Plan, earlier: Earlier, order: Order, accepted: list[int]) -> list[Upload]:
        there = [upload for upload in earlier.found if upload is not None]
        accepted += [upload.id for upload in there]
        if len(there) == len(earlier.found):
            return there
        parts: list[Upload] = []
        with ExitStack() as stack:
            paths = dict.fromkeys(part.path for part in planned.parts)
            files = {path: stack.enter_context(path.open("rb")) for path in paths}
            for part, found in zip(planned.parts, earlier.found, strict=True):
                parts.append(found or send(order, files[part.path], part, lambda upload: accepted.append(upload.id)))
        return parts

    def _until_listed(self, planned: Plan, new: list[tuple[Fingerprint, Upload]], order: Order) -> tuple[str, ...]:
        """Wait a little until the list shows what was accepted: a run right after this one looks there.

        Returns:
            Notes: on a part that is still not listed, or listed without its fingerprint, and on a second run that sent
            the same at the same time.
        """
        clock = self._service.clock
        deadline = clock.monotonic() + _LISTED_WITHIN
        ids = [part.id for _, part in new]
        pauses = growing(self._service.first_pause(5), 2, 30)
        with _accounted(ids, lambda: notes.all_accepted(ids, self._service.counter)):
            while new:
                listed = self._listed_or_none()
                shown = {upload.id: upload for upload in listed or ()}
                if listed is not None and shown.keys() >= set(ids):
                    unknown = [part.id for mark, part in new if Fingerprint.read(shown[part.id].comment) != mark]
                    return (*map(notes.no_echo, unknown), *doubled(planned, listed))
                if listed is None or clock.monotonic() >= deadline:
                    return (notes.not_listed(ids),)
                order.watch(Progress("looking", parts=len(planned.parts)))
                clock.sleep(next(pauses))
        return ()

    def _listed_or_none(self) -> list[Upload] | None:
        try:
            return self.uploads()
        except UploadError:
            return None

    def _clock_note(self) -> list[str]:
        seconds = self._service.skew.total_seconds()
        return [notes.clock(seconds)] if abs(seconds) > _LARGEST_SKEW else []


@contextmanager
def _accounted(accepted: list[int], word: Callable[[], str], later: str = "") -> Iterator[None]:
    """Whatever ends the work early carries the ids of what Metrica has; an interrupt, how to go on.

    Args:
        accepted: the ids.
        word: gives the sentence for an interrupt.
        later: how to look later, where all is sent: then sending again is not the way on.
    """
    try:
        yield
    except UploadError as problem:
        problem.accepted = tuple(accepted)
        if later and problem.upload is None:
            problem.repeatable = False
            problem.add_note(later)
        raise
    except CallframeError:
        raise
    except BaseException as stop:
        if accepted or not isinstance(stop, Exception):
            stop.add_note(word())
        raise


def _already_there(earlier: Earlier) -> list[str]:
    there = [upload.id for upload in earlier.found if upload]
    return [notes.adopted(there, len(earlier.found))] if there else []


def _not_passed_on(earlier: Earlier, goal: str | None, comment: str) -> list[str]:
    """Nothing that was asked for is left out in silence, where Metrica had the file before."""
    there = [upload for upload in earlier.found if upload]
    other_comment = bool(comment) and any(remark_of(upload.comment) != comment.casefold() for upload in there)
    if not there or not (goal or other_comment):
        return []
    return [notes.kept_as_it_was([upload.id for upload in there], goal=bool(goal), comment=other_comment)]


def _dangers(token_file: str | os.PathLike[str] | None, *, encrypted: bool) -> Iterator[str]:
    mode = open_to_others(token_file) if token_file is not None else None
    if token_file is not None and mode:
        yield notes.token_file(token_file, mode)
    keys = os.environ.get("SSLKEYLOGFILE")
    if encrypted and keys:
        yield notes.session_keys(keys)


def _counter(counter: object) -> int:
    number = int(counter) if isinstance(counter, str) and counter.isascii() and counter.isdigit() else counter
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number <= _LARGEST_COUNTER:
        raise OptionError.unknown("the number of a counter", counter, example="2215573")
    return number


def _seconds(duration: Seconds) -> float:
    seconds = duration.total_seconds() if isinstance(duration, timedelta) else float(duration)
    if not seconds >= 0:  # nor NaN, with which no deadline ever comes
        raise OptionError.unknown("a number of seconds, 0 or more", seconds, example="1800")
    return seconds
