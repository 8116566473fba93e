"""How long to wait for what: limits of one exchange, growing pauses, what the server asks for."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

__all__ = ["Clock", "Limits", "growing", "next_midnight", "retry_after", "server_time"]

_EARLIEST, _LATEST = 1970, 2999
"""Years that a clock may show; the sums made with any other could run out of the calendar."""


@dataclass(frozen=True)
class Clock:
    """Where the time comes from and how it is waited out; tests put their own in."""

    now: Callable[[], float] = time.time
    """Unix seconds."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = field(default=random.SystemRandom().random)
    """A number from 0 to 1."""

    def utc(self) -> datetime:
        """This machine's time."""
        return datetime.fromtimestamp(self.now(), UTC)


@dataclass(frozen=True)
class Limits:
    """Limits of one exchange with the server, in seconds."""

    connect: float = 10.0
    stall: float = 120.0
    """The server takes not one byte of the body."""

    answer: float = 900.0
    """From the last byte of an upload to the end of the answer."""

    read: float = 60.0
    """The same for a question without a body."""

    body: float = 1800.0
    """Sending a body, or more where it is large: see `slowest`."""

    slowest: float = 64_000.0
    """Bytes a second; a larger body gets more time accordingly."""

    grace: float = 30.0
    """After an interrupt, for the answer to a body that has left whole."""

    def sending(self, size: int) -> float:
        """How long a body of `size` bytes may take."""
        return max(self.body, size / self.slowest)


def growing(first: float, factor: float, ceiling: float) -> Iterator[float]:
    """Seconds: `first`, then `factor` times as long each time, up to `ceiling`.

    >>> steps = growing(15, 1.6, 300)
    >>> [round(next(steps)) for _ in range(9)]
    [15, 24, 38, 61, 98, 157, 252, 300, 300]
    """
    pause = first
    while True:
        yield min(pause, ceiling)
        pause = min(pause * factor, ceiling)


def server_time(date: str | None) -> datetime | None:
    """An HTTP date, or None where it is not one, or one of another age."""
    try:
        moment = parsedate_to_datetime(date or "")
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return moment if _EARLIEST <= moment.year <= _LATEST else None


def retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds that the server asks to wait, from either form of the header; None where it makes no sense.

    >>> now = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
    >>> retry_after("7", now), retry_after("Sun, 01 Nov 2026 12:01:00 GMT", now), retry_after("-1", now)
    (7.0, 60.0, None)
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    moment = server_time(text)
    return None if moment is None else max((moment - now).total_seconds(), 0.0)


def next_midnight(now: datetime) -> datetime:
    """00:00 UTC after `now`, when the daily limits start anew."""
    return (now.astimezone(UTC) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
