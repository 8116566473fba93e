"""Speed as ratios of things timed in one run, held against the goals.

python benchmarks/run.py            the whole table, some minutes
python benchmarks/run.py --quick    fewer rows and rounds

Absolute times mean nothing on a shared machine: each figure is a ratio of medians, timed alternately, input in the page
cache, imports done before. Exits with 1 if a goal is missed.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import generate
import polars as pl
from phonenumbers.re_util import enable_pattern_cache
from phones import by_phonenumbers, russian_mix, world

import callframe as cf
from callframe.normalize import phones

MAPPING = cf.Mapping(columns=generate.MAPPING)


def medians(rounds: int, *each: Callable[[], object]) -> list[list[float]]:
    """Seconds of each, alternating, sorted."""
    taken: list[list[float]] = [[] for _ in each]
    for _ in range(rounds):
        for times, run in zip(taken, each, strict=True):
            began = time.perf_counter()
            run()
            times.append(time.perf_counter() - began)
    return [sorted(times) for times in taken]


def converted(source: Path, folder: Path) -> None:
    """The main job with everything on."""
    names = {name: folder / f"{name}.csv" for name in ("out", "rejected", "findings")}
    cf.convert_file(source, MAPPING, **names, **generate.OPTIONS)


def floor(source: Path, folder: Path) -> None:
    """Nobody converts a file faster than Polars reads and writes it."""
    pl.scan_csv(source, separator=";", infer_schema=False).sink_csv(folder / "floor.csv")


def peak(rows: int, folder: Path) -> float:
    """Megabytes that a process needs at most to convert so many rows."""
    source = folder / f"{rows}.csv"
    generate.write(source, rows)
    arguments = [sys.executable, __file__, "--peak", str(source)]
    return float(subprocess.run(arguments, check=True, capture_output=True, text=True).stdout)


def phone_ratio(rows: list[tuple[str, str]], rounds: int, sample: int) -> float:
    """How many times faster `e164` reads numbers than phonenumbers row by row."""
    frame = pl.DataFrame(rows, schema=["region", "text"], orient="row")
    few = rows[:sample]
    ours, theirs = medians(
        rounds,
        lambda: frame.select(phones.e164(pl.col("text"), region=pl.col("region") if few[0][0] != "RU" else "RU")),
        lambda: [by_phonenumbers(text, region) for region, text in few],
    )
    return (median(theirs) / sample) / (median(ours) / len(rows))


def import_ratio(rounds: int) -> float:
    """Seconds to import callframe and Polars with it, for each second that Polars takes."""
    ours, theirs = medians(
        rounds,
        lambda: subprocess.run([sys.executable, "-c", "import callframe"], check=True),
        lambda: subprocess.run([sys.executable, "-c", "import polars"], check=True),
    )
    return median(ours) / median(theirs)


def table(folder: Path, *, quick: bool) -> list[tuple[str, float, str, float, bool]]:
    """What is measured: name, figure, unit, goal, and whether more is better."""
    rows, rounds = (200_000, 5) if quick else (1_000_000, 7)
    files = {kind: folder / f"{kind}.csv" for kind in ("messy", "good", "bad")}
    for kind, path in files.items():
        generate.write(path, rows, kind)
        floor(path, folder)
        converted(path, folder)
    bare, whole = medians(rounds, lambda: floor(files["messy"], folder), lambda: converted(files["messy"], folder))
    good, bad = medians(rounds, lambda: converted(files["good"], folder), lambda: converted(files["bad"], folder))
    enable_pattern_cache()
    russian = [("RU", text) for text in russian_mix(rows, 1)]
    small, large = peak(rows // 4, folder), peak(rows * 5 // 2, folder)
    print(f"{rows:,} rows; the floor took {bare[0]:.2f} to {bare[-1]:.2f} s: that much is the machine's noise.\n")
    return [
        ("convert_file, everything on, against the floor", median(whole) / median(bare), "x", 2.0, False),
        ("all rows bad, against all good", median(bad) / median(good), "x", 2.0, False),
        ("memory, a file ten times as long", large / small, "x", 1.2, False),
        ("memory, the larger file", large, "MB", 1000, False),
        ("phones, Russian mix, against phonenumbers", phone_ratio(russian, rounds, 5_000), "x", 100, True),
        ("phones, all regions with a plus", phone_ratio(world(rows, 1, 0), rounds, 5_000), "x", 50, True),
        ("import callframe, against import polars", import_ratio(rounds), "x", 1.2, False),
    ]


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rows and rounds")
    parser.add_argument("--peak", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="callframe-bench-") as name:
        folder = Path(name)
        if options.peak:
            converted(options.peak, folder)
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
            return 0
        measured = table(folder, quick=options.quick)
    missed = 0
    for what, figure, unit, goal, more in measured:
        met = figure >= goal if more else figure <= goal
        missed += not met
        bound = "at least" if more else "at most"
        print(f"{what:<50} {figure:>8.2f} {unit:<3} goal {bound} {goal:g}   {'met' if met else 'MISSED'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
