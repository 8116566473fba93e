"""How the process ends: an exit code for every outcome, and never a traceback for a user's mistake."""

import io
import os
import signal
import sys
from types import FrameType
from typing import Any, NoReturn

import typer

from callframe.cli.commands import app
from callframe.cli.group import Interrupted
from callframe.cli.words import print_json, say
from callframe.errors import Ambiguous, CallframeError, UploadError

__all__ = ["main"]

INTERRUPTED, TERMINATED = 130, 143

# Newer Typers carry click inside; its base class for wrong usage is had from a subclass they export.
_Usage: Any = typer.BadParameter.__mro__[2]


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    signal.signal(signal.SIGTERM, _terminate)
    # What is written for other programs is UTF-8 wherever it goes; words for people must never fail.
    for stream, errors in ((sys.stdout, "strict"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8" if stream is sys.stdout else None, errors=errors)
    sys.exit(_run(sys.argv[1:]))


def _run(arguments: list[str]) -> int:
    as_json = "--json" in arguments
    try:
        code = app(arguments, standalone_mode=False, prog_name="callframe")
    except CallframeError as error:
        return _failed(error, as_json)
    except _Usage as error:
        error.show()
        return int(error.exit_code)
    except Interrupted as interrupt:
        return _stopped("Interrupted.", interrupt.stop, INTERRUPTED)
    except (KeyboardInterrupt, typer.Abort) as stop:
        return _stopped("Interrupted.", stop, INTERRUPTED)
    except SystemExit as stop:
        return _stopped("Terminated.", stop, int(stop.code or 0))
    except ImportError as error:
        if "callframe[" not in str(error):
            raise
        return _failed(error, as_json)
    except OSError as error:
        # Whoever reads stdout may stop early, as `head` does; Polars tells so in words alone.
        if isinstance(error, BrokenPipeError) or "os error 32" in str(error):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        return _failed(error, as_json)
    return code if isinstance(code, int) else 0


def _failed(error: Exception, as_json: bool) -> int:
    code = error.exit_code if isinstance(error, CallframeError) else 1
    if as_json:
        details = error.as_dict() if isinstance(error, Ambiguous | UploadError) else {}
        shown = {"type": type(error).__name__, "message": str(error), **details}
        print_json({"error": shown, "exit_code": code})
    say(f"{'question' if isinstance(error, Ambiguous) else 'error'}: {error}", *getattr(error, "__notes__", ()))
    return code


def _stopped(word: str, stop: BaseException, code: int) -> int:
    say(f"\n{word}", *getattr(stop, "__notes__", ()))
    return code


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(TERMINATED)
