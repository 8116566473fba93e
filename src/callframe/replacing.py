"""Files that appear whole, under temporary names until then; of several, all or none."""

import io
import os
import secrets
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, cast

from callframe.errors import OutputError

__all__ = ["replacing", "replacing_all"]


@contextmanager
def replacing(path: str | Path, *, overwrite: bool = True) -> Iterator[IO[bytes]]:
    """A file under a temporary name beside `path`, renamed to it at the end, removed if anything goes wrong.

    A link is followed, a file that is replaced hands on its permissions, and a device or pipe is written to as it is.

    Raises:
        OutputError: the path can't be written, the disk is full, or the file is there and must not be replaced.
    """
    with replacing_all([path], overwrite=overwrite) as (file,):
        yield file


@contextmanager
def replacing_all(paths: Sequence[str | Path], *, overwrite: bool = True) -> Iterator[list[IO[bytes]]]:
    """As `replacing`: no file is renamed before all are on the disk and all can be; then one by one, in this order.

    Raises:
        OutputError: as `replacing`; if a renaming fails all the same, it says which files were renamed before.
    """
    drafts: list[_Draft] = []
    placed: list[str] = []
    try:
        for path in paths:
            drafts.append(_draft(path, overwrite=overwrite))  # noqa: PERF401 - those begun must be known if one fails
        yield [cast("IO[bytes]", draft) for draft in drafts]
        for draft in drafts:
            draft.finish()
        for draft in drafts:
            draft.check()
        for draft in drafts:
            draft.place()
            placed.append(draft.name)
    except OSError:
        # Another file's trouble, perhaps the source's, is not these files' to tell.
        failed = next((draft for draft in drafts if draft.failure), None)
        if failed is None:
            raise
        raise _unwritable(failed.name, failed.failure, placed) from None
    finally:
        for draft in drafts:
            draft.discard()


def _draft(path: str | Path, *, overwrite: bool) -> "_Draft":
    name = str(path)
    try:
        target = Path(path).resolve()
        _check_free(target, name, overwrite=overwrite or _is_special(target))
        return _Draft(name, target, overwrite=overwrite)
    except (OSError, ValueError, RuntimeError) as error:
        raise _unwritable(name, error) from None


class _Draft(io.BufferedIOBase):
    """A file that remembers why the system would not take its bytes: Polars passes on no more than the number."""

    def __init__(self, name: str, target: Path, *, overwrite: bool) -> None:
        self.name, self.target, self.overwrite = name, target, overwrite
        self.failure: OSError | None = None
        self.special = _is_special(target)
        self.temporary = target if self.special else target.with_name(f".callframe-{secrets.token_hex(8)}.tmp")
        self.file = self.temporary.open("wb" if self.special else "xb")

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        with self._remembering():
            return self.file.write(data)

    def flush(self) -> None:
        with self._remembering():
            self.file.flush()

    def finish(self) -> None:
        """Have everything on the disk, if it is one."""
        with self._remembering():
            self.file.flush()
            if stat.S_ISREG(os.fstat(self.file.fileno()).st_mode):
                os.fsync(self.file.fileno())
            self.file.close()

    def check(self) -> None:
        """Whether the file can go where it should, now that it is whole."""
        with self._remembering():
            self.temporary.stat()
        if not self.special:
            _check_free(self.target, self.name, overwrite=self.overwrite)

    def place(self) -> None:
        """Let it be found under its name."""
        with self._remembering():
            if self.special:
                return
            if self.target.exists():
                shutil.copymode(self.target, self.temporary)
            self.temporary.replace(self.target)

    def discard(self) -> None:
        """Leave nothing behind that has no name."""
        with suppress(OSError):
            self.file.close()
        if not self.special:
            with suppress(OSError):
                self.temporary.unlink(missing_ok=True)

    @contextmanager
    def _remembering(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.failure = error
            raise


def _is_special(target: Path) -> bool:
    """Whether it is a device or a pipe, which can't be replaced."""
    return target.exists() and not target.is_file() and not target.is_dir()


def _check_free(target: Path, name: str, *, overwrite: bool) -> None:
    if target.is_dir():
        raise OutputError.directory(name)
    if not overwrite and target.exists():
        raise OutputError.exists(name)


def _unwritable(name: str, error: Exception | None, placed: Sequence[str] = ()) -> OutputError:
    return OutputError.unwritable(name, getattr(error, "strerror", None) or str(error), placed)
