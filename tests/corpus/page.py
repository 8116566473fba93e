"""The corpus as a document: what the cases say of themselves."""

from collections.abc import Iterable

from .case import Case
from .habits import HABITS

__all__ = ["document"]


def document(cases: Iterable[Case]) -> str:
    """The page: habit by habit, what is done, and the case that shows it."""
    told = list(cases)
    head = ["| no. | habit | export | what callframe does | test |", "|---:|---|---|---|---|"]
    rows = [
        f"| {number} | {habit} | {case.name} | {case.does} | `test_the_truth[{case.name}]` |"
        for number, habit in HABITS.items()
        for case in told
        if number in case.habits
    ]
    return "\n".join([_BEFORE.format(len(told), len(HABITS)), *head, *rows, ""])


_BEFORE = """\
# What exports are like, and what callframe does

Written by `pytest --golden` from the {} exports in `tests/corpus`; a test fails when this page is behind them, or when one
of the {} habits has no export. Every export is synthetic and has its truth, written by hand: the accepted rows as the CSV
that Metrica takes, the rejected and skipped rows with their reasons, the warnings; or the one question or refusal, and
the truth once its advice was taken.

Of every export the tests in `test_corpus.py` also prove that rows read = accepted + rejected + skipped; that rows in
another order give the same calls and the same question; that a file converted two rows at a time gives the same files;
that every option a question names makes it go away, in Python and on the command line; and that the command line asks
and refuses the same, with the question as an object. Of every third export they prove that it writes the same file.
"""
