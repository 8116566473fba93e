"""The README says what the code does: its commands and its code run, its tables are the code's."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from callframe.contract import CallRow
from callframe.demo import messy_export

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "callframe-demo").mkdir()
    (tmp_path / "callframe-demo" / "export.csv").write_bytes(messy_export(300))
    return tmp_path


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_python_runs(folder, monkeypatch):
    monkeypatch.chdir(folder)
    names = {}
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), names)


def commands():
    """The command lines, each with what the README shows below it."""
    for block in blocks("console"):
        for command, shown in re.findall(r"^\$ (.+)\n((?:(?!\$ ).+\n)*)", block, re.MULTILINE):
            yield re.sub(r"\s+#.*", "", command), shown


def test_commands_run(folder, sandbox):
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "METRICA_TOKEN": sandbox.token}
    ran = 0
    for command, shown in commands():
        if not command.startswith("callframe"):
            continue
        line = command.replace("http://127.0.0.1:8080", sandbox.base_url)
        done = subprocess.run(line, shell=True, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
        told = done.stdout + done.stderr
        assert done.returncode == (2 if shown.startswith("question") else 0), told
        for expected in shown.splitlines():
            pattern = ".*".join(re.escape(part) for part in expected.split("…"))
            assert re.search(pattern, told), f"{line}: {expected!r} is not in {told!r}"
        ran += 1
    assert ran >= 6


def test_the_mapping_file_is_one():
    import tomllib

    from callframe.mapping import Mapping

    (block,) = blocks("toml")
    assert Mapping.from_dict(tomllib.loads(block)).columns["HoldDuration"].minus == "start"


def test_columns_are_those_of_the_contract():
    schema = CallRow.to_schema()
    rows = [
        f"| {name} | {column.dtype.type} | {'' if column.nullable else 'yes'} | {column.metadata['unit']} | {column.description} |"
        for name, column in schema.columns.items()
    ]
    table = "\n".join(["| column | dtype | required | unit | what it is |", "|---|---|---|---|---|", *rows])

    assert f"<!-- columns -->\n{table}\n<!-- /columns -->" in README, table


def test_exit_codes_are_those_of_the_command_line():
    from callframe import cli

    listed = set(re.findall(r"^\| (\d+) \|", README, re.MULTILINE))
    assert listed == {"0", "1", "2", "3", "4", "5", "6", "7", "130"}
    assert all(re.search(rf"\b{code}\b", cli.__doc__) for code in listed)


def test_every_make_target_is_told():
    makefile = (Path(__file__).parents[1] / "Makefile").read_text()
    for target in re.findall(r"^(\w+): .*## ", makefile, re.MULTILINE):
        assert re.search(rf"make (?:\w+ )*{target}", README) or target == "clean", target
