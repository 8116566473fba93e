"""The token: held so that no repr, log record, traceback or pickle shows it."""

import os
import re
from pathlib import Path
from typing import NoReturn

from requests import PreparedRequest
from requests.auth import AuthBase

from callframe.errors import OptionError

__all__ = ["Token"]

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
            OptionError: it is not one word of printable ASCII; the value is not quoted.
        """
        if not _PLAIN.fullmatch(self._value):
            raise OptionError(
                f"The token from {self._origin} is not one word of printable ASCII characters. Copy it again, "
                f"without the word OAuth, quotes, spaces or line ends."
            )

    @classmethod
    def find(cls, file: str | os.PathLike[str] | None) -> "Token":
        """The token from `file`, else from the environment."""
        if file is not None:
            return cls(_from_file(Path(file)), "the token file")
        if not os.environ.get(_VARIABLE):
            raise OptionError(f"No token. Put it into the environment variable {_VARIABLE}, or name a token file.")
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


def _from_file(path: Path) -> str:
    if not path.is_file():
        raise OptionError(f"The token file {path} does not exist.")
    # A BOM or a Cyrillic letter must not turn into an exception that holds the bytes.
    return path.read_bytes().decode("utf-8", errors="replace").rstrip("\r\n")
