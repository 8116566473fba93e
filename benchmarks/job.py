"""The main job with everything on; alone, it tells the megabytes that it needed at most.

python benchmarks/job.py export.csv
"""

import resource
import sys
from pathlib import Path

import generate

import callframe as cf

DATA = Path(__file__).parent / "data"
MAPPING = cf.Mapping(columns=generate.MAPPING)


def convert(source: Path) -> None:
    """Accepted rows, rejected rows and findings, all written."""
    DATA.mkdir(exist_ok=True)
    names = {name: DATA / f"out-{name}.csv" for name in ("out", "rejected", "findings")}
    cf.convert_file(source, MAPPING, **names, **generate.OPTIONS)


def peak() -> float:
    """Megabytes that this process has needed at most."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    # The other figure counts what the parent had in use when it started this process.
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    convert(Path(sys.argv[1]))
    print(peak())
