"""Memory that a large upload needs, over HTTP on this machine, in a process of its own.

python benchmarks/large.py                   a body of 990 MB
python benchmarks/large.py --megabytes 200   a smaller one

The file is held against the contract first, then sent. Exits with 1 if sending needs more than a little, or if all
of it needs more than converting a file may.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

MEGA = 10**6
LARGEST = 990
MOST_FOR_SENDING = 32
MOST_IN_ALL = 1000
HEADER = b"UserId,ClientId,Yclid,DateTime,StaticCall,PhoneNumber,Tag\n"
SLICE = 1 << 20


class Drain(BaseHTTPRequestHandler):
    """A service that counts what comes and keeps no more than that."""

    uploads: list[dict[str, object]]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        offset = int(parse_qs(urlsplit(self.path).query)["offset"][0])
        self._say({"uploadings": self.uploads[offset:]})

    def do_POST(self) -> None:
        size = left = int(self.headers["Content-Length"])
        while left:
            left -= len(self.rfile.read(min(left, SLICE)))
        comment = parse_qs(urlsplit(self.path).query)["comment"][0]
        upload = {"id": len(self.uploads) + 1, "comment": comment, "status": "PREPARED", "bytes": size}
        self.uploads.append(upload)
        self._say({"uploading": upload})

    def _say(self, answer: object) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def write(path: Path, megabytes: int) -> None:
    """A file of calls of about that size."""
    with path.open("wb") as file:
        file.write(HEADER)
        number = 0
        while file.tell() < (megabytes - 1) * MEGA:
            rows = range(number, number := number + 1000)
            tag = b"x" * 900
            file.write(b"".join(b",%d,,%d,0,+79123456789,%b\n" % (10**18 + n, 1_700_000_000 + n, tag) for n in rows))


def figure(name: str) -> float:
    """A line of what the system tells of this process, in megabytes."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith(name)).split()[1]) / 1000


def upload(path: str, url: str) -> None:
    """What the process does that is measured: its peak, and how much of it sending took."""
    from callframe.metrica import Metrica, Progress

    before: list[float] = []
    peaks: list[float] = []

    def watch(progress: Progress) -> None:
        if progress.state == "sending" and not before:
            peaks.append(figure("VmHWM"))
            Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # the peak begins anew
            before.append(figure("VmRSS"))

    Metrica(1, "a-token-of-no-use", base_url=url).upload(path, part_bytes=LARGEST * MEGA, progress=watch)
    during = figure("VmHWM")
    print(max(*peaks, during), max(during - before[0], 0))


def measured(path: Path, url: str) -> tuple[float, float]:
    """Megabytes: the peak of a process that uploads the file, and what sending added."""
    child = [sys.executable, __file__, "--upload", str(path), url]
    peak, sending = subprocess.run(child, check=True, capture_output=True, text=True).stdout.split()
    return float(peak), float(sending)


def run(megabytes: int) -> bool:
    """Upload a file, and tell."""
    Drain.uploads = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Drain)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "calls.csv")
        write(path, megabytes)
        peak, sending = measured(path, url)
        arrived, size = Drain.uploads[-1]["bytes"], path.stat().st_size
    server.shutdown()
    server.server_close()
    print(
        f"a body of {arrived / MEGA:.0f} MB: sending it +{sending:.0f} MB (at most {MOST_FOR_SENDING}), "
        f"the process {peak:.0f} MB (at most {MOST_IN_ALL})"
    )
    return len(Drain.uploads) == 1 and arrived > size and sending <= MOST_FOR_SENDING and peak <= MOST_IN_ALL


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=LARGEST)
    parser.add_argument("--upload", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.upload:
        upload(*options.upload)
        return 0
    return 0 if run(options.megabytes) else 1


if __name__ == "__main__":
    sys.exit(main())
