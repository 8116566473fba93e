"""Speed of `timestamps.unix_utc` against the standard library, and agreement with it over all zones.

    python benchmarks/timestamps.py                      speed, a million rows a form
    python benchmarks/timestamps.py --differential 20    every zone: each change of its clocks, 20 000 random instants

Zones are read by zoneinfo from the tzdata package. The run fails if one instant written on a zone's clock doesn't come
back, or comes back where the clock shows it twice.
"""

import argparse
import datetime as dt
import importlib.metadata
import importlib.resources
import itertools
import random
import statistics
import sys
import time
import zoneinfo
from collections.abc import Callable

import polars as pl

from callframe.normalize import timestamps

END = 4_133_980_800
PACKAGE = importlib.resources.files("tzdata")
ZONE = "Europe/Moscow"
FORMS = {
    "points": "%d.%m.%Y %H:%M:%S",
    "iso": "%Y-%m-%d %H:%M:%S",
    "slashes": "%d/%m/%Y %H:%M:%S",
    "iso, offset": "%Y-%m-%dT%H:%M:%S+03:00",
    "RFC 2822": "%a, %d %b %Y %H:%M:%S +0300",
    "unix": "%s",
}
MIXES = {
    "points + iso + slashes": ("points", "iso", "slashes"),
    "points + iso, offset + unix": ("points", "iso, offset", "unix"),
    **{name: (name,) for name in FORMS},
}


def column(rows: int, names: tuple[str, ...], seed: int = 7) -> pl.Series:
    """Moments of a few years, each in one of the forms."""
    pick = random.Random(seed)
    start = pl.Series("at", [pick.randrange(1_600_000_000, 1_800_000_000) for _ in range(min(rows, 100_000))])
    at = pl.concat([start + 86_399 * lap for lap in range(rows // len(start))])
    local = pl.from_epoch(pl.col("at")).dt.replace_time_zone("UTC").dt.convert_time_zone(ZONE)
    written = [
        (pl.col("at").cast(pl.String) if name == "unix" else local.dt.strftime(FORMS[name])).alias(name)
        for name in names
    ]
    frame = at.to_frame().with_columns(written).with_row_index()
    chosen = pl.coalesce(
        *(pl.when(pl.col("index") % len(names) == place).then(name) for place, name in enumerate(names))
    )
    return frame.select(chosen.alias("x")).to_series()


def by_hand(cells: list[str]) -> list[int | None]:
    """What a user would otherwise write."""
    zone = zoneinfo.ZoneInfo(ZONE)
    patterns = [form.replace("+03:00", "%z").replace("+0300", "%z") for form in FORMS.values() if form != "%s"]

    def one(cell: str) -> int | None:
        if cell.isdigit():
            return int(cell)
        for pattern in patterns:
            try:
                moment = dt.datetime.strptime(cell, pattern)
            except ValueError:
                continue
            return int((moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp())
        return None

    return [one(cell) for cell in cells]


def clocked(function: Callable[[], object]) -> float:
    begin = time.perf_counter()
    function()
    return time.perf_counter() - begin


def speed(rows: int, rounds: int) -> None:
    print(f"{'form':32} {'ours, µs a row':>15} {'by hand':>9} {'ratio':>7}")
    expr = timestamps.unix_utc(pl.col("x"), time_zone=ZONE, format="day first")
    for label, names in MIXES.items():
        cells = column(rows, names)
        some = cells.head(20_000).to_list()
        frame = cells.to_frame()
        assert frame.head(20_000).select(expr)["x"].to_list() == by_hand(some)
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(clocked(lambda frame=frame: frame.select(expr)) / rows * 1e6)
            theirs.append(clocked(lambda some=some: by_hand(some)) / len(some) * 1e6)
        mine, other = statistics.median(ours), statistics.median(theirs)
        print(f"{label:32} {mine:15.3f} {other:9.2f} {other / mine:7.0f}")


def differential(thousands: int) -> bool:
    print(f"zoneinfo from tzdata {importlib.metadata.version('tzdata')}")
    names = sorted(set((PACKAGE / "zones").read_text().split()) - {"Factory"})
    faults = checked = 0
    for name in names:
        wrong, count = compare(name, thousands * 1_000)
        faults, checked = faults + wrong, checked + count
        if wrong:
            print(name, wrong)
    print(f"{len(names)} zones, {checked} instants: {faults} come back otherwise")
    return not faults


def compare(name: str, count: int) -> tuple[int, int]:
    """Instants that come back otherwise, and all."""
    pick = random.Random(name)
    with (PACKAGE / "zoneinfo").joinpath(*name.split("/")).open("rb") as data:
        zone = zoneinfo.ZoneInfo.from_file(data, key=name)
    moments = sorted(pick.randrange(END) for _ in range(count)) + near_changes(zone)
    there = [dt.datetime.fromtimestamp(at, zone) for at in moments]
    frame = pl.DataFrame({"at": moments, "x": [f"{at:%Y-%m-%d %H:%M:%S}" for at in there]}).with_columns(
        later=pl.Series([at.fold == 1 for at in there]),
        twice=pl.Series([at.utcoffset() != at.replace(fold=1 - at.fold).utcoffset() for at in there]),
    )
    sides = {
        side: timestamps.unix_utc(pl.col("x"), time_zone=name, format="day first", ambiguous=side)
        for side in ("null", "earliest", "latest")
    }
    got = pl.when("later").then("latest").otherwise("earliest")
    wrong = frame.with_columns(**sides).filter(
        got.ne_missing(pl.col("at")) | (pl.col("null").is_null() != pl.col("twice"))
    )
    return len(wrong), len(frame)


def near_changes(zone: zoneinfo.ZoneInfo) -> list[int]:
    """Seconds around each change of a zone's clocks, by zoneinfo."""

    def ahead(at: int) -> dt.timedelta | None:
        return dt.datetime.fromtimestamp(at, zone).utcoffset()

    found = []
    grid = range(0, END, 86_400 * 7)
    for early, late in itertools.pairwise(grid):
        if ahead(early) != ahead(late):
            while late - early > 1:
                middle = (early + late) // 2
                early, late = (middle, late) if ahead(middle) == ahead(early) else (early, middle)
            found += [late + step for step in (-7_200, -3_601, -3_600, -1_800, -1, 0, 1, 1_800, 3_599, 3_600, 7_200)]
    return [at for at in found if 0 <= at < END]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--differential", type=int, metavar="N", help="thousands of random instants a zone")
    given = options.parse_args()
    if given.differential:
        return 0 if differential(given.differential) else 1
    speed(given.rows, given.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
