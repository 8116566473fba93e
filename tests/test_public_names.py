"""What users import is what is promised, and costs no more than it must."""

import subprocess
import sys

import polars as pl

import callframe as cf

PROMISED = [
    "CallRow",
    "Conversion",
    "FileOptions",
    "Mapping",
    "Metrica",
    "RawFrame",
    "Sandbox",
    "Upload",
    "convert",
    "convert_file",
    "enforce",
    "normalize",
    "read",
    "report",
    "strategies",
    "write_csv",
]


def test_all_is_sorted_and_there():
    assert list(cf.__all__) == sorted(cf.__all__)
    assert set(PROMISED) <= set(dir(cf)) == {*cf.__all__, "Sandbox", "strategies"}
    assert all(getattr(cf, name) is not None for name in dir(cf))


def test_functions_keep_their_names_from_the_modules_they_live_in():
    code = """
import callframe as cf
import callframe.read, callframe.convert, callframe.report
assert callable(cf.read) and callable(cf.convert) and callable(cf.report)
from callframe.convert import convert
assert convert is cf.convert
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_importing_loads_nothing_heavy():
    heavy = "pandera", "phonenumbers", "pycountry", "requests", "typer", "pydantic", "rich", "hypothesis", "fastapi"
    code = f"import sys, callframe; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "[]"


def test_the_namespace_of_expressions():
    frame = pl.DataFrame({"x": ["8 (495) 123-45-67"]})

    assert frame.select(pl.col("x").calls.e164(region="RU")).item() == "+74951234567"
    assert "unix_utc" in dir(pl.col("x").calls)
