"""Speed and memory as ratios of things measured in one run, held against the goals.

python benchmarks/run.py            the whole table: a million rows, some minutes
python benchmarks/run.py --quick    fewer rows, about a minute

Absolute times mean nothing on a shared machine: each figure is a ratio of medians, timed alternately, input in the page
cache, imports done before. Behind it stand the machine's noise, which is the least and the greatest ratio of one round,
and the same ratio in seconds of CPU, which other work on the machine hardly moves. Exits with 1 if a goal is missed.

Speed of single normalizers, and long comparisons with other libraries: phones.py, timestamps.py.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

import generate
import naive
import polars as pl
from job import DATA, convert
from phonenumbers import PhoneNumberFormat
from phones import by_phonenumbers, enable_pattern_cache, russian_mix, world

from callframe.normalize import phones

NAIVE_ROWS = 10_000


class Goal(NamedTuple):
    """One line of the table."""

    what: str
    figure: float
    unit: str
    bound: float
    at_least: bool = False
    noise: tuple[float, float] | None = None
    cpu: float | None = None

    @property
    def is_met(self) -> bool:
        return self.figure >= self.bound if self.at_least else self.figure <= self.bound

    def __str__(self) -> str:
        bound = f"{'at least' if self.at_least else 'at most'} {self.bound:g} {self.unit}"
        noise = "{:.2f} to {:.2f}".format(*self.noise) if self.noise else ""
        cpu = f"{self.cpu:.2f} in seconds of CPU" if self.cpu else ""
        verdict = "met" if self.is_met else "MISSED"
        line = f"{self.what:<48} {self.figure:>7.2f} {self.unit:<2}  {bound:<15} {verdict:<6}  {noise:<18} {cpu}"
        return line.rstrip()


class Timed:
    """Several things, run in turn."""

    def __init__(self, rounds: int, *each: Callable[[], object]) -> None:
        """Each once to warm up, then each `rounds` times."""
        self.wall: list[list[float]] = [[] for _ in each]
        self.cpu: list[list[float]] = [[] for _ in each]
        for turn in range(rounds + 1):
            for place, run in enumerate(each):
                wall, cpu = time.perf_counter(), time.process_time()
                run()
                if turn:
                    self.wall[place].append(time.perf_counter() - wall)
                    self.cpu[place].append(time.process_time() - cpu)

    def goal(self, what: str, bound: float, *, at_least: bool = False, rows: float = 1, cpu: bool = False) -> Goal:
        """How many times as long as the second the first takes, for each row of `rows` times as many."""
        first, second = map(median, self.wall)
        each = [one / other / rows for one, other in zip(*self.wall, strict=True)]
        of_cpu = median(self.cpu[0]) / median(self.cpu[1]) / rows if cpu else None
        return Goal(what, first / second / rows, "x", bound, at_least, (min(each), max(each)), of_cpu)


def export(rows: int, kind: str) -> Path:
    """An input, made if it isn't there."""
    path = DATA / f"{kind}-{rows}.csv"
    if not path.exists() or path.stat().st_mtime < Path(generate.__file__).stat().st_mtime:
        DATA.mkdir(exist_ok=True)
        generate.write(path, rows, kind)
    return path


def floor(source: Path) -> None:
    """Nobody converts a file faster than Polars reads and writes it."""
    pl.scan_csv(source, separator=";", infer_schema=False).sink_csv(DATA / "out-floor.csv")


def peak(source: Path) -> float:
    """Megabytes that a process of its own needs at most to convert a file."""
    arguments = [sys.executable, str(Path(__file__).with_name("job.py")), str(source)]
    return float(subprocess.run(arguments, check=True, capture_output=True, text=True).stdout)


def imported(name: str) -> Callable[[], object]:
    """A new process that imports a package and nothing else."""
    return lambda: subprocess.run([sys.executable, "-c", f"import {name}"], check=True)


def of_phones(what: str, bound: float, rows: list[tuple[str, str]], region: str | pl.Expr, rounds: int) -> Goal:
    """How many times faster `e164` reads numbers than phonenumbers row by row."""
    frame = pl.DataFrame(rows, schema=["region", "text"], orient="row")
    few = rows[:NAIVE_ROWS]
    slow_and_fast = Timed(
        rounds,
        lambda: [by_phonenumbers(text, where) for where, text in few],
        lambda: frame.select(phones.e164(pl.col("text"), region=region)),
    )
    return slow_and_fast.goal(what, bound, at_least=True, rows=len(few) / len(rows))


def speed(rows: int, rounds: int) -> list[Goal]:
    """The main job against the floor, against the script, and over files of other kinds and lengths."""
    messy, good = export(rows, "messy"), export(rows, "good")
    against_floor = Timed(rounds, lambda: convert(messy), lambda: floor(messy))
    for name, seconds in zip(("convert_file", "the floor"), against_floor.wall, strict=True):
        print(f"{name}: {min(seconds):.2f} to {max(seconds):.2f} s for {rows:,} rows", flush=True)
    few = export(NAIVE_ROWS, "messy")
    script = Timed(rounds, lambda: naive.convert(few, DATA / "out-naive.csv"), lambda: convert(messy))
    lines = [
        against_floor.goal("convert_file, everything on, against the floor", 2, cpu=True),
        script.goal("rows a second, against the usual script", 50, at_least=True, rows=NAIVE_ROWS / rows),
    ]
    for kind, what in (("bad", "a fault in every row, against none"), ("worst", "a fault in every cell, against none")):
        faulty = export(rows, kind)
        lines.append(Timed(rounds, lambda f=faulty: convert(f), lambda: convert(good)).goal(what, 2, cpu=True))
    for more, less in ((rows, rows // 10), (rows * 10, rows)):
        long, short = export(more, "messy"), export(less, "messy")
        lengths = Timed(max(rounds // 2, 1), lambda f=long: convert(f), lambda f=short: convert(f))
        lines.append(lengths.goal(f"time a row of {more:,}, against {less:,}", 1.2, rows=10, cpu=True))
    return lines


def memory(rows: int) -> list[Goal]:
    """Peaks of processes that convert a file, and one ten times as long."""
    short, long = peak(export(rows, "messy")), peak(export(rows * 10, "messy"))
    return [
        Goal("memory for a file ten times as long", long / short, "x", 1.2),
        Goal("memory for that file", long, "MB", 1000),
    ]


def of_normalizers(rows: int, rounds: int) -> list[Goal]:
    """Phones against phonenumbers; for numbers of all regions with its pattern cache on, which it doesn't by itself."""
    mix = [("RU", text) for text in russian_mix(rows, 1)]
    lines = [of_phones("phones, Russian mix, against phonenumbers", 100, mix, "RU", rounds)]
    enable_pattern_cache()
    plus, national = world(rows, 2, PhoneNumberFormat.E164), world(rows, 4, PhoneNumberFormat.NATIONAL)
    return [
        *lines,
        of_phones("phones of all regions, with a plus", 50, plus, "RU", rounds),
        of_phones("phones of all regions, as dialled there", 50, national, pl.col("region"), rounds),
    ]


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rows")
    options = parser.parse_args()
    rows, rounds = (300_000, 5) if options.quick else (1_000_000, 7)
    lines = speed(rows, rounds)
    lines += memory(rows)
    lines += of_normalizers(min(rows, 500_000), 5)
    imports = Timed(11, imported("callframe"), imported("polars"))
    lines.append(imports.goal("import callframe, against import polars", 1.2))
    print(*lines, sep="\n")
    return 0 if all(line.is_met for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
