"""What an upload is doing, for whoever wants to show it."""

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, TextIO

__all__ = ["Printer", "Progress", "State", "Watcher", "watcher"]


State = Literal["looking", "noticed", "sending", "answering", "pausing", "settling", "following"]


@dataclass(frozen=True)
class Progress:
    """One moment of an upload."""

    state: State
    """looking at the list; noticed what is there already, or is to be thought of before the rest is sent; sending
    bytes; all sent, waiting for Metrica's answer; pausing before another try; looking whether a part without an answer
    arrived; waiting for a final status."""

    part: int = 1
    parts: int = 1
    sent: int = 0
    """Bytes of this part's request."""

    total: int = 0
    status: str = ""
    """The last status that Metrica gave."""

    seconds: float = 0.0
    """Until the next look or try."""

    text: str = ""
    """Why, in words."""

    def __str__(self) -> str:
        """One line for people.

        >>> str(Progress("sending", 1, 2, sent=50, total=200))
        'part 1 of 2: sending, 25 %'
        """
        of = f"part {self.part} of {self.parts}: " if self.parts > 1 else ""
        reason = f" ({self.text})" if self.text else ""
        pause = f"{self.seconds:.0f} s" if self.seconds >= 10 else f"{self.seconds:.1f} s"
        return (
            of
            + {
                "looking": "looking at the list of uploads",
                "noticed": self.text,
                "sending": f"sending, {100 * self.sent // max(self.total, 1)} %",
                "answering": "sent, waiting for Metrica's answer",
                "pausing": f"next try in {pause}{reason}",
                "settling": f"no answer; looking for the part in the list again in {pause}{reason}",
                "following": f"status {self.status}, next look in {pause}",
            }[self.state]
        )


Watcher = Callable[[Progress], None]


class Printer:
    """Lines on a stream: rewritten in place on a terminal, elsewhere one for each state and each tenth."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._last = ""

    def __call__(self, progress: Progress) -> None:
        """Show one moment; where nobody can be shown anything (a closed pipe, a full disk), the work goes on."""
        with suppress(OSError, ValueError):
            self._show(progress)

    def _show(self, progress: Progress) -> None:
        line = str(progress)
        terminal = self._stream.isatty()
        tenth = 10 * progress.sent // max(progress.total, 1) if progress.state == "sending" else 0
        key = line if terminal else f"{progress.state} {progress.part} {tenth} {progress.status} {progress.text}"
        if key == self._last:
            return
        self._last = key
        self._stream.write(f"\r\x1b[K{line}" if terminal else f"{line}\n")
        if terminal and progress.state != "sending":
            self._stream.write("\n")
        self._stream.flush()


def watcher(progress: Watcher | Literal["auto"] | None) -> Watcher:
    """What was asked for as something to call."""
    if progress is None:
        return lambda _: None
    return Printer() if progress == "auto" else progress
