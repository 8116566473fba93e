"""Every time zone there is, against zoneinfo reading the tzdata package."""

import datetime as dt
import io
import os
import subprocess
import sys
from importlib import resources
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from callframe.normalize import timestamps
from callframe.normalize._zones import END, zone

PACKAGE = resources.files("tzdata")
NAMES = sorted(set((PACKAGE / "zones").read_text().split()) - {"Factory"})
DAY = 86_400
AROUND = (-DAY, -7_200, -3_601, -3_600, -1_800, -1, 0, 1, 1_800, 3_599, 3_600, 7_200, DAY)


def of_package(name: str) -> ZoneInfo:
    """The zone by the package's data, whatever lies on the machine."""
    return ZoneInfo.from_file(io.BytesIO((PACKAGE / "zoneinfo").joinpath(*name.split("/")).read_bytes()), key=name)


def instants(name: str) -> list[int]:
    """Random instants, and those around some of the changes of the zone's clocks, the last ones among them."""
    pick, table = Random(name), zone(name)
    ends = table.breaks[1::2]
    changes = (ends - np.maximum(table.before[1::2], table.after[1::2])).tolist()
    near = [at + step for at in pick.sample(changes, min(len(changes), 5)) + changes[-2:] for step in AROUND]
    return [pick.randrange(END) for _ in range(36)] + [at for at in near if 0 <= at < END]


def shown(name: str) -> pl.DataFrame:
    """Instants on the zone's clock, and whether it shows them twice."""
    at = instants(name)
    clocks = [dt.datetime.fromtimestamp(moment, of_package(name)) for moment in at]
    frame = {
        "at": at,
        "x": [clock.replace(tzinfo=None).isoformat() for clock in clocks],
        "later": [clock.fold == 1 for clock in clocks],
        "twice": [clock.utcoffset() != clock.replace(fold=1 - clock.fold).utcoffset() for clock in clocks],
    }
    return pl.DataFrame(frame).with_columns(zone=pl.lit(name))


def read(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    sides = {
        side: timestamps.unix_utc(pl.col("x"), time_zone=name, format="day first", ambiguous=side)
        for side in ("null", "earliest", "latest")
    }
    return frame.with_columns(**sides).with_columns(got=pl.when("later").then("latest").otherwise("earliest"))


def test_every_zone_agrees_with_zoneinfo() -> None:
    every = pl.concat(read(shown(name), name) for name in NAMES)

    assert len(NAMES) > 590
    assert every.filter(pl.col("got").ne_missing(pl.col("at")))["zone"].to_list() == []
    assert every.filter(pl.col("null").is_null() != pl.col("twice"))["zone"].to_list() == []
    assert every["twice"].sum() > 1_000


def test_no_change_of_a_clock_is_missed() -> None:
    """Every day at noon from 2040 on, where the table is made of weeks."""
    days = range(2_208_988_800 + DAY // 2, END, DAY)
    for name in ("Europe/Berlin", "Africa/Casablanca", "America/Vancouver", "Australia/Lord_Howe", "Africa/Cairo"):
        there = of_package(name)
        clocks = [dt.datetime.fromtimestamp(at, there).replace(tzinfo=None).isoformat() for at in days]
        frame = pl.DataFrame({"at": days, "x": clocks})
        got = frame.select(timestamps.unix_utc(pl.col("x"), time_zone=name, format="day first"))["x"]
        assert got.to_list() == frame["at"].to_list(), name


def test_zone_data_of_the_machine_change_nothing(tmp_path: Path) -> None:
    there = tmp_path / "Europe" / "Moscow"
    there.parent.mkdir()
    there.write_bytes((PACKAGE / "zoneinfo" / "Asia" / "Tokyo").read_bytes())
    given = "import polars as pl; from callframe.normalize import timestamps"
    expr = "timestamps.unix_utc(pl.lit('21.11.2026 14:05:01'), time_zone='Europe/Moscow')"
    asked = [sys.executable, "-c", f"{given}; print(pl.select({expr}).item())"]
    found = subprocess.run(
        asked, env=os.environ | {"PYTHONTZPATH": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    assert int(found.stdout) == 1_795_259_101
