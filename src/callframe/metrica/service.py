"""The three calls of the service, with the patience that questions may have and uploads may not."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from callframe.errors import NotAuthorised, QuotaExceeded, Refused, Unreachable, UploadError
from callframe.metrica.answers import Outcome, Refusal, judge, listed, oddity, shown
from callframe.metrica.body import Body
from callframe.metrica.identity import Fingerprint
from callframe.metrica.models import Upload
from callframe.metrica.pace import Clock, next_midnight, retry_after, server_time
from callframe.metrica.transport import Exchange, Transport

__all__ = ["HOPELESS", "Service"]

Answer = TypeVar("Answer")

HOPELESS = frozenset({"certificate", "certificate expired", "certificate host", "proxy 407"})
"""Obstacles that another try meets again."""

_PAGE = 10_000
_MOST_PAGES = 200
_TRIES = 5
_LONGEST_ASKED_PAUSE = 900.0
_DAILY = frozenset({"quota_requests_by_uid", "quota_requests_by_counter_id"})
_PARALLEL = "quota_parallel_requests"
_LIMIT_TRIES = {"quota_requests_by_ip": 5, _PARALLEL: 10}
_WORTH_ANOTHER_TRY = frozenset({200, 408, 420, 425, 429})


class Service:
    """One counter's calls: list, one upload, a new upload."""

    def __init__(self, counter: int, transport: Transport, clock: Clock) -> None:
        self.counter = counter
        self.transport = transport
        self.clock = clock
        self.skew = timedelta()
        """Metrica's clock less this machine's, as of the last answer."""

        self._path = f"/management/v1/counter/{counter}/offline_conversions/"

    def now(self) -> datetime:
        """Metrica's time."""
        return self.clock.utc() + self.skew

    def pages(self) -> Iterator[list[Upload]]:
        """All uploads of the counter, page by page; each upload once.

        The end is an empty page and nothing else: no order, no highest limit and no first offset is documented. A page
        that begins like the one before it once is an offset that counts from 1; twice, the server does not page.

        Raises:
            UploadError: the list has no end.
        """
        seen: set[int] = set()
        offset = first = repeated = 0
        for _ in range(_MOST_PAGES):
            page = self._ask("calls_uploadings", {"limit": _PAGE, "offset": offset}, listed)
            if not page:
                return
            repeated += page[0].id == first
            if repeated > 1:
                break
            offset, first = offset + len(page), page[0].id
            fresh = [upload for upload in page if upload.id not in seen]
            seen.update(upload.id for upload in fresh)
            if fresh:
                yield [_with_rows(upload) for upload in fresh]
        raise UploadError.endless_list()

    def upload(self, number: int) -> Upload:
        """One upload by its id."""
        return _with_rows(self._ask(f"calls_uploading/{number}", {}, shown))

    def send(self, body: Body, params: Mapping[str, str], watch: Callable[[], None]) -> tuple[Outcome, Exchange]:
        """Send a body, once."""
        exchange = self.transport.post(self._path + "upload_calls", params, body, watch)
        self._read_clock(exchange)
        return judge(exchange), exchange

    def refused(self, refusal: Refusal, size: int = 0) -> Refused:
        """The exception for a no."""
        known = refusal.status in (401, 403)
        error = NotAuthorised if known else Refused
        return error.answered(refusal.status, refusal.kind, refusal.message, counter=self.counter, size=size)

    def limit_pause(self, refusal: Refusal, times: int) -> float:
        """Seconds to wait after the `times`-th answer in a row that a limit is used up.

        Raises:
            QuotaExceeded: waiting here is no use.
        """
        now = self.now()
        if refusal.kind in _DAILY:
            raise QuotaExceeded.until(refusal.kind, next_midnight(now))
        asked = retry_after(refusal.retry_after, now) or 0.0
        jitter = self.clock.jitter()
        own = 5 + 25 * jitter if refusal.kind == _PARALLEL else 2**times * (0.75 + 0.5 * jitter)
        pause = max(asked, own)
        if times > _LIMIT_TRIES.get(refusal.kind, 3) or asked > _LONGEST_ASKED_PAUSE:
            raise QuotaExceeded.until(refusal.kind or str(refusal.status), now + timedelta(seconds=max(pause, 60)))
        return pause

    def first_pause(self, seconds: float) -> float:
        """Where pauses begin to grow: at `seconds`, or at once with a service on this machine."""
        return 0.2 if self.transport.loopback else seconds

    def backoff(self, tries: int) -> float:
        """Seconds before another try: up to 1, 2, 4, … 60, evenly spread so that machines don't fall in step."""
        return min(2.0 ** (tries - 1), 60.0) * self.clock.jitter()

    def unreachable(self, obstacle: str, tries: int) -> Unreachable:
        """The exception for a request that can't have arrived whole."""
        return Unreachable.after(self.transport.host, obstacle, tries, proxy=self.transport.proxy)

    def _ask(self, what: str, params: Mapping[str, int], read: Callable[[Exchange], Answer | Refusal | None]) -> Answer:
        limited = failed = 0
        while True:
            exchange = self.transport.get(self._path + what, params)
            if exchange.stop is not None:
                raise exchange.stop
            self._read_clock(exchange)
            answer = read(exchange)
            if isinstance(answer, Refusal):
                if not answer.is_limit:
                    raise self.refused(answer)
                limited += 1
                self.clock.sleep(self.limit_pause(answer, limited))
            elif answer is None:
                failed += 1
                if failed == _TRIES or not _is_worth_another_try(exchange):
                    raise self._failure(exchange, failed)
                self.clock.sleep(self.backoff(failed))
            else:
                return answer

    def _failure(self, exchange: Exchange, tries: int) -> Unreachable:
        if exchange.status is None:
            return self.unreachable(exchange.obstacle, tries)
        return Unreachable.odd_answer(self.transport.host, oddity(exchange))

    def _read_clock(self, exchange: Exchange) -> None:
        moment = server_time(exchange.headers.get("date"))
        if moment is not None:
            self.skew = moment - self.clock.utc()


def _is_worth_another_try(exchange: Exchange) -> bool:
    if exchange.status is None:
        return exchange.obstacle not in HOPELESS
    return exchange.status >= 500 or exchange.status in _WORTH_ANOTHER_TRY


def _with_rows(upload: Upload) -> Upload:
    mark = Fingerprint.read(upload.comment)
    return upload if mark is None else replace(upload, rows_sent=mark.rows)
