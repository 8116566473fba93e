"""What the sandbox says of itself in /openapi.json holds for whatever a stranger sends, over real HTTP."""

import subprocess
import sys
from collections import Counter

from callframe.sandbox import Quotas, Sandbox

# That a body is multipart says nothing of the CSV in it, so data that is right by the schema may be refused.
CHECKS = ("--checks", "all", "--exclude-checks", "positive_data_acceptance")


def test_the_api_is_what_it_says(tmp_path):
    with Sandbox(quotas=Quotas.off()) as box:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run", f"{box.base_url}/openapi.json"),
                *("--header", f"Authorization: OAuth {box.token}", *CHECKS),
                *("--max-examples", "10", "--seed", "1", "--no-color"),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
    for phase in ("Examples", "Coverage", "Fuzzing", "Stateful"):
        assert f"✅ {phase}" in done.stdout
    answers = Counter((request.method, request.status) for request in box.requests)
    for expected in (("POST", 200), ("POST", 400), ("POST", 401), ("GET", 200), ("GET", 400), ("GET", 404)):
        assert answers[expected] > 0, answers
    assert not any(status is None or status >= 500 for _, status in answers)
