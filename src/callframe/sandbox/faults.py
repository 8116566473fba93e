"""Faults on demand: `[where/]name[:count][,option=value…]`.

`lost-answer:2` loses the answers of the next two uploads; `list/503-before` refuses one look at the list;
`429:3,retry-after=30` asks three times to wait (`date+30` is the same as a date, any other text goes as it is). A count
of `always` never ends. A quirk of the list stays on until it
is cleared and has a value where a fault has a count: `list-lag:30` (seconds), `page-limit:100`.
"""

import math
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from callframe.errors import OptionError
from callframe.sandbox.exchange import Exchange
from callframe.sandbox.kinds import KINDS
from callframe.sandbox.store import Quirks, Store

__all__ = ["Fault", "Faults", "known"]

_WRITTEN = re.compile(
    r"(?:(?P<at>[a-z]+)/)?(?P<name>[a-z0-9_-]+)(?::(?P<count>[a-z0-9.]+))?(?P<options>(?:,[a-z-]+=[^,]*)*)"
)
_PLACES = {
    "upload": frozenset({"upload"}),
    "status": frozenset({"status"}),
    "list": frozenset({"list"}),
    "get": frozenset({"status", "list"}),
    "any": frozenset({"upload", "status", "list"}),
}


def _yes(text: str) -> bool:
    if text != "yes":
        raise ValueError
    return True


_QUIRKS: dict[str, tuple[Callable[[str], object], str, str]] = {
    "list-lag": (float, "30", "a new upload is listed so many seconds late"),
    "page-limit": (int, "100", "a page of the list never holds more"),
    "first-offset": (int, "1", "the list counts from so many"),
    "same-page": (_yes, "yes", "the list doesn't look at the offset"),
    "reverse-order": (_yes, "yes", "the list begins with the oldest"),
    "shuffled-order": (_yes, "yes", "the list is in no order"),
}
_EXAMPLE = "lost-answer:2"
_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")
_WHOLE = re.compile(r"[0-9]{1,12}")
_VALUES = {
    "code": re.compile(r"[45][0-9]{2}"),
    "retry-after": re.compile(r"date([+-][0-9]+)?|(?!date)[!-~ ]*"),
    "seconds": _SECONDS,
    "every": _SECONDS,
    "bytes": _WHOLE,
    "by": _WHOLE,
    "to": re.compile("same|other"),
}
_EXAMPLES = {
    "code": "code=420",
    "retry-after": "retry-after=30, retry-after=date+30, or any other text",
    "seconds": "seconds=2.5",
    "every": "every=0.1",
    "bytes": "bytes=100000",
    "by": "by=3",
    "to": "to=same",
}


@dataclass
class Fault:
    """A way to misbehave, where, and how often it is left to do."""

    name: str
    at: str = "upload"
    count: float = 1
    options: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.name = self.name.replace("_", "-")
        if self.name not in KINDS:
            raise OptionError.unknown("a fault", self.name, known(), _EXAMPLE)
        if self.at not in _PLACES:
            raise OptionError.unknown("a place for a fault", self.at, _PLACES, "list/503-before")
        for option in self.options:
            if option not in KINDS[self.name].options:
                raise OptionError.unknown(f"an option of {self.name}", option, KINDS[self.name].options)
        for option, value in self.options.items():
            if not _VALUES[option].fullmatch(value):
                raise OptionError.unknown(f"a value of {option}", value, example=_EXAMPLES[option])

    async def play(self, exchange: Exchange) -> None:
        """Misbehaves with one request."""
        await KINDS[self.name].play(exchange, self.options)


class Faults:
    """The faults that wait for their requests, in the order they were asked for."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, written: str) -> None:
        """Asks for a fault, or switches a quirk on.

        Raises:
            OptionError: there is no such fault, place, count or option.
        """
        match = _WRITTEN.fullmatch(written.strip())
        if match is None:
            raise OptionError.unknown("a fault", written, known(), _EXAMPLE)
        name = match["name"].replace("_", "-")
        if name in _QUIRKS:
            self._quirk(name, match["count"])
            return
        options = dict(pair.split("=", 1) for pair in match["options"].split(",")[1:])
        fault = Fault(name, match["at"] or "upload", _count(match["count"] or "1"), options)
        with self._lock:
            self._waiting.append(fault)

    def take(self, target: str) -> Fault | None:
        """The fault for a request to `target`: the first one that waits for it."""
        with self._lock:
            fault = next((fault for fault in self._waiting if target in _PLACES[fault.at]), None)
            if fault is not None:
                fault.count -= 1
                if fault.count <= 0:
                    self._waiting.remove(fault)
            return fault

    def clear(self) -> None:
        """From now on the service behaves; what was told otherwise of uploads stays so."""
        with self._lock:
            self._waiting.clear()
        self.store.quirks = Quirks()

    @property
    def waiting(self) -> list[str]:
        """The names of the faults that are left to do."""
        with self._lock:
            return [fault.name for fault in self._waiting]

    def _quirk(self, name: str, value: str | None) -> None:
        kind, usual, _ = _QUIRKS[name]
        try:
            setattr(self.store.quirks, name.replace("-", "_"), kind(value or usual))
        except ValueError:
            raise OptionError.unknown(f"a value of {name}", value, example=f"{name}:{usual}") from None


def _count(text: str) -> float:
    if text == "always":
        return math.inf
    if not text.isdigit() or int(text) < 1:
        raise OptionError.unknown("a count of a fault", text, ["always"], _EXAMPLE)
    return int(text)


def known() -> dict[str, str]:
    """Every fault and quirk by name, in words.

    >>> known()["lost-answer"]
    'takes the file, then closes without an answer'
    """
    return {name: kind.sentence for name, kind in KINDS.items()} | {
        name: sentence for name, (_, _, sentence) in _QUIRKS.items()
    }
