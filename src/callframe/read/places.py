"""Where a source is: its name in messages, and a regular file that can be read more than once."""

import glob
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from callframe.errors import InputError, OptionError

__all__ = ["as_path", "check_there", "matches", "name_of", "paths_of", "temporary"]

_BLOCK = 1 << 20
_LONGEST_NAME = 4096
_SOURCE = "a path, a binary file or a frame"


def name_of(source: Any) -> str:
    """What messages call a source.

    Raises:
        OptionError: it is text, not a path.
    """
    if not isinstance(source, str | os.PathLike):
        return str(getattr(source, "name", None) or "the input")
    name = str(source)
    if "\n" in name or len(name) > _LONGEST_NAME:
        raise OptionError.unknown(_SOURCE, "text", example="io.BytesIO(text.encode())")
    return name


def matches(source: Any) -> list[str] | None:
    """The files that a pattern stands for, by name; None: it is a path or no path at all.

    What exists under the very name is that file, whatever signs are in it.

    Raises:
        InputError: it is a pattern, and no file matches.
    """
    if not isinstance(source, str | os.PathLike):
        return None
    name = name_of(source)
    if not glob.has_magic(name) or os.path.lexists(name):
        return None
    found = sorted(path for path in glob.glob(name, recursive=True) if Path(path).is_file())  # noqa: PTH207 - keeps the name as given
    if not found:
        raise InputError.no_match(name)
    return found


def paths_of(source: Any) -> list[Path]:
    """The files that reading a source would open, as far as they have a path.

    Raises:
        InputError: it is a pattern, and no file matches.
    """
    if isinstance(source, list | tuple):
        return [path for item in source for path in paths_of(item)]
    if isinstance(source, str | os.PathLike):
        return [Path(path) for path in matches(source) or [os.fspath(source)]]
    return []


def as_path(source: Any, name: str, stack: ExitStack) -> Path:
    """A regular file to read more than once; what comes from elsewhere is kept in a temporary one.

    Raises:
        InputError: there is no such file.
        OptionError: it is no source.
    """
    if isinstance(source, str | os.PathLike):
        path = _there(source, name)
        if path.is_file():
            return path
        source = stack.enter_context(path.open("rb"))
    if not hasattr(source, "read"):
        raise OptionError.unknown(_SOURCE, type(source).__name__)
    with temporary(stack) as spool:
        while block := source.read(_BLOCK):
            if isinstance(block, str):
                raise OptionError.unknown(_SOURCE, type(source).__name__)
            spool.write(block)
    return Path(spool.name)


def check_there(source: Any) -> None:
    """Refuse files that are not there.

    Raises:
        InputError: there is no such file, or it is a folder, or the system says no.
    """
    for path in paths_of(source):
        try:
            _there(path, str(path))
        except OSError as error:
            raise InputError.unreadable(str(path), error.strerror or str(error)) from None


def _there(source: str | os.PathLike[str], name: str) -> Path:
    # Absolute, so that Polars finds no home directory in `~`.
    path = Path(source).absolute()
    if path.is_dir():
        raise InputError.directory(name)
    if not path.exists():
        raise InputError.missing(name, (p.name for p in path.parent.iterdir()) if path.parent.is_dir() else ())
    return path


@contextmanager
def temporary(stack: ExitStack) -> Iterator[IO[bytes]]:
    """A file to write; closed behind the context, it stays under its name as long as `stack`."""
    with tempfile.NamedTemporaryFile(prefix="callframe-", delete=False) as file:
        stack.callback(Path(file.name).unlink)
        yield file
