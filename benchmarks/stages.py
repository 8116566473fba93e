"""Where the CPU of `convert_file` goes: its stages one after another, on one thread of Polars', in ns a row.

python benchmarks/stages.py [--rows 1000000]

In a real run the stages overlap and Polars uses every core; the sum then is a sixth higher.
"""

import argparse
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

os.environ["POLARS_MAX_THREADS"] = "1"

import polars as pl
from job import DATA, convert
from run import export

import callframe.contract as contract

files, batch, plan = (import_module(f"callframe.convert.{name}") for name in ("files", "batch", "plan"))
PARTS = {
    "normalize: values and reasons": (plan.Plan, "read"),
    "enforce: rules and Pandera": (batch, "sift"),
    "findings of lost values": (batch, "_losses"),
    "rejected rows": (batch, "_rejected"),
    "serialize: accepted rows": (files, "append_csv"),
    "judge: all of it": (files, "judged"),
    "write: all of it": (files, "_write"),
    "of enforce, Pandera's proof": (contract, "without_errors"),
}


def timed(spent: Counter[str], name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function; what it takes is added up under a name."""

    def run(*args: Any, **options: Any) -> Any:
        start = time.process_time()
        try:
            return function(*args, **options)
        finally:
            spent[name] += time.process_time() - start

    return run


def one_by_one(spent: Counter[str]) -> Callable[..., Iterator[Any]]:
    """In the place of `_side_by_side`: nothing overlaps, so that each second of CPU is one stage's."""

    def each(function: Callable[[Any], Any], items: Iterator[Any]) -> Iterator[Any]:
        fetch = timed(spent, "read: blocks, proof, parse", lambda: next(items, None))
        while (item := fetch()) is not None:
            yield function(item)

    return each


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows, rounds = parser.parse_args().rows, 3
    source, spent = export(rows, "messy"), Counter[str]()
    convert(source)
    for name, (home, function) in PARTS.items():
        setattr(home, function, timed(spent, name, getattr(home, function)))
    vars(files)["_side_by_side"] = one_by_one(spent)
    convert(source)
    spent.clear()
    start = time.process_time()
    for _ in range(rounds):
        convert(source)
    whole = time.process_time() - start
    start = time.process_time()
    for _ in range(rounds):
        pl.scan_csv(source, separator=";", infer_schema=False).sink_csv(DATA / "out-floor.csv")
    floor = time.process_time() - start
    for name, seconds in [*spent.most_common(), ("convert_file", whole), ("the floor", floor)]:
        print(f"{name:<32} {seconds / rounds / rows * 1e9:>6.0f} ns a row")


if __name__ == "__main__":
    main()
