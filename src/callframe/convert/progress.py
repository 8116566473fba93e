"""How far a conversion has come, told to whoever looks: on a terminal or in a notebook, and nowhere else."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from callframe.errors.sentences import number

__all__ = ["Progress", "bar", "watched"]

Progress = Callable[[int], None]
"""Is called with the number of rows converted so far."""


@contextmanager
def watched(progress: Progress | bool | None, expected: int | None) -> Iterator[Progress | None]:
    """What to call after each batch.

    Args:
        progress: a function; True or False to show a bar or none; None: a bar where somebody can see it.
        expected: about how many rows there are, if that is known.
    """
    with ExitStack() as stack:
        if callable(progress):
            yield progress
        elif progress is False or not (progress or _is_notebook() or sys.stderr.isatty()):
            yield None
        else:
            yield _in_notebook(stack, expected) if _is_notebook() else _on_terminal(stack, expected)


def _is_notebook() -> bool:
    """Whether what is shown goes to a notebook: to a shell that a kernel runs."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return hasattr(shell, "kernel")


def _on_terminal(stack: ExitStack, expected: int | None) -> Progress:
    """A bar, there from the first batch to the end."""
    from rich import progress as rich
    from rich.console import Console

    known = (rich.BarColumn(), rich.TaskProgressColumn()) if expected else (rich.SpinnerColumn(),)
    count = rich.TextColumn("{task.fields[rows]} rows converted")
    line = rich.Progress(*known, count, rich.TimeElapsedColumn(), console=Console(stderr=True), transient=True)
    task = line.add_task("convert", total=expected, rows=0)

    def show(rows: int) -> None:
        if not line.live.is_started:
            stack.enter_context(line)
        total = None if expected is None else max(expected, rows)
        line.update(task, completed=rows, total=total, rows=number(rows))

    return show


def _in_notebook(stack: ExitStack, expected: int | None) -> Progress:
    """The same as an output of the cell, which is empty again at the end."""
    from IPython.display import display

    start = time.monotonic()
    shown = display({"text/html": ""}, raw=True, display_id=True)  # type: ignore[no-untyped-call]

    def show(page: str) -> None:
        shown.update({"text/html": page}, raw=True)

    stack.callback(show, "")
    return lambda rows: show(bar(rows, expected, time.monotonic() - start))


def bar(rows: int, expected: int | None, seconds: float) -> str:
    """A bar for a web page.

    >>> bar(1500, 6000, 2.04)
    '<progress value="1500" max="6000"></progress> 1 500 rows converted, 2 s'
    """
    size = f' value="{rows}" max="{max(expected, rows)}"' if expected else ""
    return f"<progress{size}></progress> {number(rows)} rows converted, {seconds:.0f} s"
