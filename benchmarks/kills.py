"""Uploads killed with SIGKILL at random moments and run again, against the sandbox: no part twice, no row lost.

python benchmarks/kills.py              300 rounds, some minutes
python benchmarks/kills.py --rounds 30  a look

A round is one process that is killed. Up to four of them fall upon one file, then a last one may finish. Exits with 1
if a part came twice, or a row did not come or came twice.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import requests

from callframe.sandbox import Quotas, Sandbox

HEADER = "UserId,ClientId,Yclid,DateTime,Tag\n"
PARTS = 3
SHAPES = ((24, 30), (24, 3000), (24, 30), (200, 120_000))
"""Rows, and characters of a tag: a part goes out in one piece, in some, or in so many that a kill falls in between."""

TRIES = 4
HOLDS = ("", "", "stall,bytes=4000000,seconds=0.4", "slow-answer,seconds=0.4")
"""What the service does meanwhile: nothing odd, stops reading in the middle, answers late."""


class Nursery:
    """A process that has everything imported and forks one upload after the other."""

    def __init__(self, box: Sandbox) -> None:
        program = [sys.executable, __file__, "--nursery", box.base_url, box.token, str(box.counter)]
        self._process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def upload(self, path: Path, part_bytes: int, split: bool) -> int:
        """Begin an upload; the process that does it."""
        print(path, part_bytes, int(split), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def ended(self) -> int:
        """Wait for the upload: its exit code, or the signal that killed it with a minus."""
        print(file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def nurse(base_url: str, token: str, counter: str) -> None:
    """What the nursery does: a line in, a process out, its end out."""
    from callframe.metrica import Metrica

    while line := sys.stdin.readline():
        path, part_bytes, split = line.rsplit(" ", 2)
        child = os.fork()
        if not child:
            client = Metrica(counter, token, base_url=base_url)
            client.upload(path, part_bytes=int(part_bytes), split_by_identifier=bool(int(split)))
            os._exit(0)
        print(child, flush=True)
        sys.stdin.readline()  # until then the number is the child's, alive or not
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


@dataclass
class Account:
    """What became of it all."""

    rounds: int = 0
    killed: int = 0
    """Rounds whose process was still at work."""

    files: int = 0
    sent: int = 0
    cut: int = 0
    kept: int = 0
    """Parts: sent whole, cut off on the way, kept by the service."""

    doubled: int = 0
    lost: int = 0
    seconds: dict[int, float] = field(default_factory=dict)
    """Shape -> how long an upload of it takes that nobody kills: a kill falls within that time."""

    def __str__(self) -> str:
        return (
            f"{self.rounds} rounds over {self.files} files: {self.killed} processes killed at work; "
            f"{self.sent} parts sent whole, {self.cut} cut off, {self.kept} kept; "
            f"rows doubled = {self.doubled}, rows lost = {self.lost}"
        )


def write(path: Path, number: int, mixed: bool) -> int:
    """A file of calls unlike any other; the part size that cuts it as wanted."""
    rows, size = SHAPES[number % len(SHAPES)]
    ids = (f"u{number},," if mixed and row % 2 else f",{10**12 + number * 1000 + row}," for row in range(rows))
    lines = [f"{one},{1_760_000_000 + row},{row}{'y' * size}\n" for row, one in enumerate(ids)]
    path.write_text(HEADER + "".join(lines), encoding="utf-8")
    return len(HEADER) + (rows // PARTS) * max(map(len, lines))


def settle(box: Sandbox) -> None:
    """Wait until the service has taken in what the dead have left on the line."""
    path = f"{box.base_url}/management/v1/counter/{box.counter}/offline_conversions/calls_uploadings"
    for _ in range(3):
        requests.get(path, headers={"Authorization": f"OAuth {box.token}"}, timeout=30).raise_for_status()
    while box.busy:
        time.sleep(0.002)


def one_file(box: Sandbox, nursery: Nursery, account: Account, path: Path, chance: random.Random, left: int) -> None:
    """Kill uploads of one file, let the last one finish, and look what came."""
    mixed = chance.random() < 0.5
    shape = account.files % len(SHAPES)
    part_bytes = write(path, account.files, mixed)
    before = len(box.uploads)
    for _ in range(min(chance.randint(1, TRIES), left)):
        hold = chance.choice(HOLDS)
        box.fault(*[hold] * bool(hold))
        child = nursery.upload(path, part_bytes, mixed)
        time.sleep(chance.uniform(0, account.seconds.get(shape, 0.5) + 0.4 * bool(hold)))
        os.kill(child, signal.SIGKILL)
        account.rounds += 1
        account.killed += nursery.ended() == -signal.SIGKILL
        box.clear_faults()
        settle(box)
    there, began = len(box.uploads), time.monotonic()
    nursery.upload(path, part_bytes, mixed)
    if nursery.ended() != 0:
        raise SystemExit("the last upload of a file failed")
    if there == before:
        account.seconds[shape] = time.monotonic() - began
    settle(box)
    count(box, account, path, before)


def count(box: Sandbox, account: Account, path: Path, before: int) -> None:
    """Hold what the service has against the file."""
    account.files += 1
    arrived = box.uploads[before:]
    account.kept += len(arrived)
    there = Counter(row["Tag"] for upload in arrived for row in upload.rows)
    wanted = Counter(line.rsplit(",", 1)[1] for line in path.read_text(encoding="utf-8").splitlines()[1:])
    account.lost += (wanted - there).total()
    account.doubled += (there - wanted).total()


def run(rounds: int, seed: int) -> Account:
    """So many rounds."""
    account, chance = Account(), random.Random(seed)
    with (
        tempfile.TemporaryDirectory() as folder,
        Sandbox(quotas=Quotas.off(), pace=3600) as box,
        Nursery(box) as nursery,
    ):
        path = Path(folder, "calls.csv")
        for _ in SHAPES:  # the first of each shape is left in peace, to see how long it takes
            one_file(box, nursery, account, path, chance, 0)
        while account.rounds < rounds:
            one_file(box, nursery, account, path, chance, rounds - account.rounds)
        posts = [request for request in box.requests if request.method == "POST"]
        account.sent = sum(request.complete for request in posts)
        account.cut = len(posts) - account.sent
    return account


def main() -> int:
    """Kill, count, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--nursery", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.nursery:
        nurse(*options.nursery)
        return 0
    account = run(options.rounds, options.seed)
    print(f"{account} (seed {options.seed})")
    return 1 if account.doubled or account.lost else 0


if __name__ == "__main__":
    sys.exit(main())
