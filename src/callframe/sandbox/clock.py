"""A clock that moves when it is told to."""

import threading

__all__ = ["Clock"]


class Clock:
    """Unix time that stands still between two calls of `advance`; for `Sandbox(clock=…)`.

    Args:
        now: Unix time to begin with, in seconds.

    >>> clock = Clock(1_790_000_000)
    >>> clock.advance(60)
    >>> clock()
    1790000060
    """

    def __init__(self, now: float) -> None:
        self._now = now
        self._lock = threading.Lock()

    def __call__(self) -> float:
        """The time."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Lets time pass, or with a negative number go back."""
        with self._lock:
            self._now += seconds
