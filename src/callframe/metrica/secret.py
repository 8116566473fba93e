"""The token: held so that no repr, log record, traceback or pickle shows it."""

import os
import re
import stat
from pathlib import Path
from typing import NoReturn

from requests import PreparedRequest
from requests.auth import AuthBase

from callframe.errors import NoToken

__all__ = ["Token", "open_to_others"]

_PLAIN = re.compile(r"[!-~]+")
_TOO_SHORT_TO_SCRUB = 12
_VARIABLE = "METRICA_TOKEN"


class _Masked(str):
    """A header value that reaches the wire as it is and shows as stars everywhere else."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'OAuth ***'"


class Token(AuthBase):
    """An OAuth token: goes into a request when it is sent, and nowhere else."""

    __slots__ = ("_origin", "_value")

    def __init__(self, value: str, origin: str) -> None:
        self._value = value
        self._origin = origin

    def check(self) -> None:
        """See that it can be a token. Apart from `__init__`, so that no frame of a traceback holds the value.

        Raises:
            NoToken: it is not one word of printable ASCII; the value is not quoted.
        """
        if not _PLAIN.fullmatch(self._value):
            raise NoToken.malformed(self._origin)

    @classmethod
    def find(cls, file: str | os.PathLike[str] | None) -> "Token":
        """The token from `file`, else from the environment.

        Raises:
            NoToken: it is in neither.
        """
        if file is not None:
            return cls(_from_file(Path(file)), "the token file")
        if not os.environ.get(_VARIABLE):
            raise NoToken.anywhere(_VARIABLE)
        return cls(os.environ[_VARIABLE], _VARIABLE)

    def scrub(self, data: bytes) -> bytes:
        """`data` without the token, should a server quote it."""
        if len(self._value) < _TOO_SHORT_TO_SCRUB:
            return data
        return data.replace(self._value.encode("ascii"), b"***")

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Sign a request."""
        request.headers["Authorization"] = _Masked(f"OAuth {self._value}")
        return request

    def __repr__(self) -> str:
        return "Token(***)"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        """A token is not written anywhere."""
        raise TypeError("a token can't be pickled or copied")


def open_to_others(file: str | os.PathLike[str]) -> str | None:
    """The mode of a token file, as chmod takes it, if anybody but its owner may read it."""
    found = Path(file).stat()
    mode = stat.S_IMODE(found.st_mode)
    return f"{mode:04o}" if os.name == "posix" and stat.S_ISREG(found.st_mode) and mode & 0o044 else None


def _from_file(path: Path) -> str:
    try:
        held = path.read_bytes()
    except OSError as error:
        why = error.strerror or "the system says no"
    else:
        # A BOM or a Cyrillic letter must not turn into an exception that holds the bytes.
        return held.decode("utf-8", errors="replace").rstrip("\r\n")
    raise NoToken.in_file(path, why)
