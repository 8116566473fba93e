"""Real processes: killed with SIGKILL at random moments, and watched for the memory that a large body takes."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from callframe.metrica import Metrica
from callframe.sandbox import Quotas, Sandbox

from .matrix import row

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
ROUNDS = 24

pytestmark = pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux")


def run(name: str, *arguments: str) -> str:
    done = subprocess.run([sys.executable, BENCHMARKS / name, *arguments], capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@row(
    49, "killed with SIGKILL at random moments, between parts too", "the next run adopts what is there, sends the rest"
)
@row(48, "killed with SIGKILL after the body, before an answer", "the next run finds it in the list")
@row(47, "killed with SIGKILL in mid-body", "no whole body; the next run sends it")
@row(46, "killed with SIGKILL before the body", "the next run sends it")
def test_46_to_49_killed_at_any_moment_and_run_again(codes):
    told = run("kills.py", "--rounds", str(ROUNDS))
    codes.add(0)
    rounds, killed, sent, kept = map(
        int, re.search(r"(\d+) rounds .*: (\d+) processes killed .*; (\d+) parts sent .* (\d+) kept", told).groups()
    )
    assert rounds == ROUNDS
    assert killed > ROUNDS // 4, told
    assert sent >= kept > 0
    assert "rows doubled = 0, rows lost = 0" in told


def test_the_account_of_the_killed_sees_what_is_doubled_and_lost(tmp_path):
    spec = importlib.util.spec_from_file_location("kills", BENCHMARKS / "kills.py")
    kills = importlib.util.module_from_spec(spec)
    sys.modules["kills"] = kills
    spec.loader.exec_module(kills)
    path, account = tmp_path / "calls.csv", kills.Account()
    with Sandbox(quotas=Quotas.off()) as box:
        part_bytes = kills.write(path, 0, True)
        client = Metrica(box.counter, box.token, base_url=box.base_url)
        client.upload(path, part_bytes=part_bytes)
        kills.count(box, account, path, 0)
        assert (account.doubled, account.lost, account.kept) == (0, 0, 3)
        kills.count(box, account, path, 1)
        assert (account.doubled, account.lost) == (0, 8)
        client.upload(path, part_bytes=part_bytes, again=True)
        kills.count(box, account, path, 0)
        assert (account.doubled, account.lost) == (24, 8)


def test_a_large_body_takes_no_memory():
    told = run("large.py", "--megabytes", "200")
    assert "a body of 19" in told
