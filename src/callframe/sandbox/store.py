"""What the sandbox has received, and how it moves with time."""

import random
import threading
import time
import weakref
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO

from callframe.sandbox.body import Part
from callframe.sandbox.check import Tally, Verdict, rows, verdicts

__all__ = ["STATUSES", "Quirks", "Store", "Upload"]

STATUSES = ("PREPARED", "UPLOADED", "EXPORTED", "MATCHED")
"""The way of an upload before it ends as PROCESSED or LINKAGE_FAILURE."""

_FIRST_ID = 40_000_001


@dataclass(eq=False)
class Upload:
    """One file the sandbox has taken, and what it tells about it.

    `course` and `told` are what the service says, which a fault may bend; `tally`, `raw` and `rows` are the truth.
    """

    id: int
    counter: int
    comment: str
    goal: str
    filename: str = field(repr=False)
    size: int
    """Bytes of the file."""

    judged: float
    """Unix time of the sandbox's clock that the times of calls were held against."""

    created: float
    """Unix time of the sandbox's clock when the upload was there."""

    tally: Tally
    course: tuple[str, ...]
    """The statuses in order; each lasts `pace` seconds, the last one for good."""

    pace: float
    clock: Callable[[], float] = field(repr=False)
    file: IO[bytes] = field(repr=False)
    told: dict[str, object] = field(default_factory=dict)
    """Fields of the answer that are told otherwise."""

    counted_from: int = 0
    """The place in the course from which the counts are told; before it they are 0."""

    hidden: bool = False
    """Taken, yet neither listed nor found."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        weakref.finalize(self, self.file.close)

    @property
    def status(self) -> str:
        """The status at this time of the sandbox's clock."""
        return self.course[self._step]

    @property
    def final(self) -> bool:
        """Whether the status has stopped moving."""
        return self._step == len(self.course) - 1

    @property
    def _step(self) -> int:
        last = len(self.course) - 1
        if self.pace <= 0:
            return last
        age = max(0.0, self.clock() - self.created)
        return int(min(last, age // self.pace))

    @property
    def raw(self) -> bytes:
        """The file, byte for byte."""
        with self._lock:
            self.file.seek(0)
            return self.file.read()

    @property
    def rows(self) -> list[dict[str, str]]:
        """The rows of the file, taken or not: column name -> cell."""
        with self._lock, closing(rows(self.file)) as records:
            header = next(records)
            return [dict(zip(header, record, strict=False)) for record in records]

    def verdicts(self, limit: int | None = None) -> list[Verdict]:
        """What became of each row, in the order of the file, at most `limit` of them."""
        with self._lock:
            return verdicts(self.file, self.judged, limit)

    def answer(self) -> dict[str, object]:
        """The upload as the service tells it."""
        counted = self._step >= self.counted_from
        return {
            "id": self.id,
            "create_time": datetime.fromtimestamp(self.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "source_quantity": self.tally.source,
            "line_quantity": self.tally.taken if counted else 0,
            "comment": self.comment,
            "client_id_type": self.tally.id_type,
            "status": self.status,
            "static_calls_quantity": self.tally.static if counted else 0,
            "dynamic_calls_quantity": self.tally.dynamic if counted else 0,
        } | self.told


@dataclass
class Quirks:
    """How the list of uploads behaves where the documents are silent."""

    list_lag: float = 0
    """Seconds until a new upload is listed."""

    page_limit: int = 10_000
    """A page never holds more, whatever is asked for."""

    first_offset: int = 0
    same_page: bool = False
    """`offset` is not looked at."""

    reverse_order: bool = False
    """Oldest first; else newest first."""

    shuffled_order: bool = False


class Store:
    """The uploads and goals of the counters of one login.

    Args:
        counters: the counters that exist; None is every counter.
        pace: seconds that each status lasts.
        clock: gives Unix time.
    """

    def __init__(
        self,
        counters: Collection[int] | None = None,
        pace: float = 1.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.counters = None if counters is None else frozenset(counters)
        self.pace = pace
        self.clock = clock
        self.quirks = Quirks()
        self._lock = threading.Lock()
        self._uploads: dict[int, Upload] = {}
        self._goals: dict[int, list[str]] = {}

    @property
    def uploads(self) -> list[Upload]:
        """Everything taken, oldest first, hidden or not."""
        with self._lock:
            return list(self._uploads.values())

    def goals(self, counter: int) -> list[str]:
        """The goals that uploads have made, in the order they were made."""
        with self._lock:
            return list(self._goals.get(counter, ()))

    def knows(self, counter: int) -> bool:
        """Whether there is such a counter."""
        return self.counters is None or counter in self.counters

    def take(
        self,
        counter: int,
        part: Part,
        tally: Tally,
        *,
        judged: float,
        comment: str = "",
        goal: str = "",
    ) -> Upload:
        """Keeps a file that was judged at the time `judged`; the file is the store's from now on."""
        last = "PROCESSED" if tally.dynamic else "LINKAGE_FAILURE"
        with self._lock:
            upload = Upload(
                id=_FIRST_ID + len(self._uploads),
                counter=counter,
                comment=comment,
                goal=goal,
                filename=part.name,
                size=part.size,
                judged=judged,
                created=self.clock(),
                tally=tally,
                course=(*STATUSES, last),
                pace=self.pace,
                clock=self.clock,
                file=part.file,
            )
            self._uploads[upload.id] = upload
            goals = self._goals.setdefault(counter, [])
            if goal and goal not in goals:
                goals.append(goal)
        return upload

    def find(self, counter: int, number: int) -> Upload | None:
        """The upload with that id, if this counter has it."""
        with self._lock:
            upload = self._uploads.get(number)
        return None if upload is None or upload.hidden or upload.counter != counter else upload

    def listed(self, counter: int, limit: int, offset: int) -> list[Upload]:
        """One page of the list of uploads."""
        quirks, now = self.quirks, self.clock()
        uploads = [u for u in self.uploads if u.counter == counter and not u.hidden]
        if quirks.list_lag:
            uploads = [u for u in uploads if u.created + quirks.list_lag <= now]
        if not quirks.reverse_order:
            uploads.reverse()
        if quirks.shuffled_order:
            random.Random(len(uploads)).shuffle(uploads)  # noqa: S311 - an order, not a secret
        start = 0 if quirks.same_page else max(0, offset - quirks.first_offset)
        return uploads[start : start + min(limit, quirks.page_limit)]
