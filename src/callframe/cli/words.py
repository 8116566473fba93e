"""What goes to stderr for people, and to stdout for programs."""

import json
import sys
from contextlib import suppress

__all__ = ["print_json", "say"]


def say(*lines: str) -> None:
    """Lines for people; that nobody reads them any more must not change how a command ends."""
    for line in lines:
        with suppress(OSError, ValueError):
            print(line, file=sys.stderr, flush=True)


def print_json(value: object) -> None:
    """One object for programs."""
    print(json.dumps(value, ensure_ascii=False, indent=2))
