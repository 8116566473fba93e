"""How far a conversion has come, told to whoever looks: on a terminal or in a notebook, and nowhere else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

__all__ = ["Progress", "watched"]

Progress = Callable[[int], None]
"""Is called with the number of rows converted so far."""


@contextmanager
def watched(progress: Progress | bool | None) -> Iterator[Progress | None]:
    """What to call after each batch.

    Args:
        progress: a function; True or False to show a line or none; None: a line where somebody can see it.
    """
    with ExitStack() as stack:
        if callable(progress):
            yield progress
        elif progress or (progress is None and (sys.stderr.isatty() or "ipykernel" in sys.modules)):
            yield _line(stack)
        else:
            yield None


def _line(stack: ExitStack) -> Progress:
    """A line that counts, there from the first batch to the end."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:,} rows converted"), TimeElapsedColumn())
    line = Progress(*columns, console=Console(stderr=True), transient=True)
    task = line.add_task("convert", total=None)

    def show(rows: int) -> None:
        if not line.live.is_started:
            stack.enter_context(line)
        line.update(task, completed=rows)

    return show
