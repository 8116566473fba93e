"""The fault matrix as a document: what the cases say of themselves."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import TypeVar

__all__ = ["ROWS", "Case", "cases_of", "document", "row"]

Test = TypeVar("Test", bound=Callable[..., object])

ROWS = range(1, 61)
"""The faults, as they are numbered."""

NOT_HERE = {
    37: "A connection that was kept open too long is never met, since each request has its own; the case shows that.",
    50: "There is no journal that could be damaged or missing: the list of uploads is the only memory. Each run of "
    "each case begins without one.",
    52: "There is no journal to write before a request, so no full disk can keep it from being written.",
}
"""Why a row has no case of its own, or less of one than it could have."""


@dataclass(frozen=True)
class Case:
    """A test that plays one row."""

    number: int
    fault: str
    happens: str
    code: int
    test: str


def row(number: int, fault: str, happens: str, code: int = 0) -> Callable[[Test], Test]:
    """Say of a test which row of the matrix it plays; `watched` holds it to the exit code."""

    def mark(test: Test) -> Test:
        name = f"{test.__module__.rpartition('.')[2]}.py::{test.__name__}"
        test.matrix = [Case(number, fault, happens, code, name), *getattr(test, "matrix", ())]  # type: ignore[attr-defined]
        return test

    return mark


def cases_of(modules: Iterable[ModuleType]) -> list[Case]:
    """What the tests in these modules say."""
    tests = [thing for module in modules for name, thing in vars(module).items() if name.startswith("test_")]
    return [case for test in tests for case in getattr(test, "matrix", ())]


def document(cases: Iterable[Case]) -> str:
    """The page."""
    rows = sorted(cases, key=lambda case: case.number)
    table = [f"| {c.number} | {c.fault} | {c.happens} | {c.code} | `{c.test}` |" for c in rows]
    head = ["| no. | fault | what happens | exit | test |", "|---:|---|---|---:|---|"]
    reasons = [f"* **{number}**: {reason}" for number, reason in NOT_HERE.items()]
    return "\n".join([_BEFORE, *head, *table, "", _BETWEEN, *reasons, "", _AFTER])


_BEFORE = """\
# What happens when an upload goes wrong

Written by `pytest --golden` from the test cases in `tests/metrica`; a test fails when this page is behind them. Each
line is played on the wire, in plain or in TLS, against a server made of bare sockets, against the sandbox, or with
real processes that are killed. Each case counts the requests and the whole bodies that arrived, and looks for the token
and for phones in everything that is shown: results, errors with the locals of their frames, logs at DEBUG, output.

`found in the list` means that the server had the part although no answer said so: it is adopted, not sent again.
Exit codes: 0 done, 1 refused or failed, 2 usage, 4 fewer rows were taken than sent, 5 outcome unknown, 6 quota, 7 not
authorised, 130 Ctrl-C, 143 SIGTERM. The command line ends with them; in Python they stand on the exception as `exit_code`.
"""

_BETWEEN = """\
## What there is nothing to play of
"""

_AFTER = """\
## What stays open

* Nothing here was tried against the real service. How long its list lags behind an upload, in which order it lists,
  whether it returns a comment unchanged and when it fills the counts are not documented. The client asks for proof of
  each in every answer, and says so where it gets none.
* A run that is killed after the last byte and repeated before the list shows the upload sends it twice: without a journal
  that can't be closed. A run that ends by itself waits up to a minute for the list, and tells if that was not enough.
* Two machines that send the same file at the same moment both send it. Both say so afterwards; let one scheduler send.
"""
