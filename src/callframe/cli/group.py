"""The group of commands: an interrupt leaves it as it came, with what was said along the way."""

from typing import Any

import typer.core

__all__ = ["Commands", "Interrupted"]


class Interrupted(Exception):
    """Ctrl-C, as `stop`; Typer would turn a KeyboardInterrupt into an exit code and lose its notes."""

    def __init__(self, stop: KeyboardInterrupt) -> None:
        self.stop = stop


class Commands(typer.core.TyperGroup):
    """The commands."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for.

        Raises:
            Interrupted: by Ctrl-C.
        """
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stop:
            interrupt = stop
        raise Interrupted(interrupt)
