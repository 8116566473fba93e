"""The service's quotas: requests a second an IP, requests in parallel a login, requests a day.

The documents name the first three numbers; the one by counter is named without a number and is off unless asked for.
"""

import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass

from callframe.sandbox.answers import Refusal

__all__ = ["Meter", "Quotas"]

_DAY = 86400


@dataclass(frozen=True)
class Quotas:
    """How much the service lets through; None is no limit.

    Args:
        per_second: requests in any one second, an IP.
        parallel: requests in flight at once, a login.
        per_day: requests between two midnights UTC, a login.
        per_day_counter: the same, a counter.
        code: 429; the English page says 420.
    """

    per_second: int | None = 30
    parallel: int | None = 3
    per_day: int | None = 5000
    per_day_counter: int | None = None
    code: int = 429

    @classmethod
    def off(cls) -> "Quotas":
        """No limits."""
        return cls(per_second=None, parallel=None, per_day=None)


class Meter:
    """Counts requests against the quotas; a request that is refused is not counted."""

    def __init__(self, quotas: Quotas, clock: Callable[[], float]) -> None:
        self._quotas = quotas
        self._clock = clock
        self._lock = threading.Lock()
        self._recent: deque[float] = deque()
        self._day = 0
        self._today: Counter[int | None] = Counter()
        self._in_flight = 0

    def knock(self) -> None:
        """One request from this machine.

        Raises:
            Refusal: quota_requests_by_ip.
        """
        now = self._clock()
        with self._lock:
            while self._recent and not now - 1 < self._recent[0] <= now:
                self._recent.popleft()
            self._within(len(self._recent), self._quotas.per_second, "quota_requests_by_ip", "requests a second")
            self._recent.append(now)

    def enter(self, counter: int | None) -> None:
        """One request of the login begins; each `enter` that doesn't raise is followed by one `leave`.

        Raises:
            Refusal: quota_parallel_requests, quota_requests_by_uid or quota_requests_by_counter_id.
        """
        quotas = self._quotas
        with self._lock:
            day = int(self._clock() // _DAY)
            if day != self._day:
                self._day = day
                self._today.clear()
            self._within(self._in_flight, quotas.parallel, "quota_parallel_requests", "requests in parallel")
            self._within(self._today[None], quotas.per_day, "quota_requests_by_uid", "requests a day")
            if counter is not None:
                by_counter = "quota_requests_by_counter_id"
                self._within(self._today[counter], quotas.per_day_counter, by_counter, "requests a day to a counter")
                self._today[counter] += 1
            self._today[None] += 1
            self._in_flight += 1

    def leave(self) -> None:
        """The request is about to be answered."""
        with self._lock:
            self._in_flight -= 1

    def _within(self, used: int, limit: int | None, error_type: str, what: str) -> None:
        if limit is not None and used >= limit:
            raise Refusal(error_type, f"the quota of {limit} {what} is used up", code=self._quotas.code)
