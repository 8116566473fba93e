"""Every exception callframe raises, and every sentence people read about their rows.

    CallframeError
    ├── InputError        the source can't be read as it stands
    ├── OutputError       a result can't be written where it was asked to go
    ├── OptionError       an option has a value that means nothing (also a ValueError)
    ├── MappingError      a mapping names what isn't there, or leaves out what must be
    ├── Ambiguous         a question that only the user can answer
    ├── ContractError     a frame breaks the call-row contract
    └── UploadError       the hand-over to Metrica did not end well
        ├── Refused           Metrica said no; nothing was accepted
        │   ├── NotAuthorised     token or access
        │   └── QuotaExceeded     a limit of the service
        ├── Unreachable       no complete request can have arrived
        ├── OutcomeUnknown    the file may or may not have arrived
        └── FewerRows         Metrica took fewer rows than were sent

Bad data in a row is never an exception: it is a finding, a value with a code. `FINDINGS` holds what each code means
and what to do about it.
"""

import difflib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

__all__ = [
    "FINDINGS",
    "Ambiguous",
    "CallframeError",
    "ContractError",
    "Finding",
    "FewerRows",
    "InputError",
    "MappingError",
    "NotAuthorised",
    "OptionError",
    "OutcomeUnknown",
    "OutputError",
    "QuotaExceeded",
    "Refused",
    "Unreachable",
    "UploadError",
]


class CallframeError(Exception):
    """Base of every exception callframe raises; `exit_code` is what the command line ends with."""

    exit_code = 1


class InputError(CallframeError):
    """The source can't be read as it stands."""


class OutputError(CallframeError):
    """A result can't be written where it was asked to go; what stood there before still stands."""


class OptionError(CallframeError, ValueError):
    """An option has a value that means nothing."""

    exit_code = 2

    @classmethod
    def unknown(cls, what: str, value: object, known: Iterable[str] = (), example: str = "") -> "OptionError":
        """`value` is not a `what`; say what is."""
        return cls(f"{value!r} is not {what}.{_nearest(str(value), known)}" + (f" Example: {example}." if example else ""))


class MappingError(CallframeError):
    """A mapping names what isn't there, or leaves out what must be."""

    exit_code = 2


class Ambiguous(CallframeError):
    """A question that only the user can answer: two readings of a column, and nothing in it settles which.

    `column` is the contract column, `count` the number of cells in doubt, `source_row` one to look at, `readings` what
    each answer would mean, `options` the exact option that gives each answer.
    """

    exit_code = 2

    def __init__(
        self,
        column: str,
        question: str,
        *,
        count: int = 0,
        source_row: int | None = None,
        readings: Sequence[str] = (),
        options: Sequence[str] = (),
    ) -> None:
        self.column = column
        self.question = question
        self.count = count
        self.source_row = source_row
        self.readings = tuple(readings)
        self.options = tuple(options)
        super().__init__(column, question)

    def __str__(self) -> str:
        """One paragraph: what can't be told, how many cells, a row to look at, the readings, the options."""
        cells = "1 cell" if self.count == 1 else f"{self.count:,} cells".replace(",", " ")
        where = f" ({cells}, for example source_row {self.source_row})" if self.count and self.source_row else ""
        lines = [f"{self.column}: {self.question}{where}."]
        lines += [f"  {reading}" for reading in self.readings]
        lines += ["Say which: " + "   or   ".join(self.options)] if self.options else []
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """The same, for `--json`."""
        names = ("column", "question", "count", "source_row", "readings", "options")
        return {name: getattr(self, name) for name in names}


class ContractError(CallframeError):
    """A frame breaks the call-row contract."""


class UploadError(CallframeError):
    """The hand-over to Metrica did not end well."""


class Refused(UploadError):
    """Metrica said no: nothing was accepted, and sending the same again would end the same way."""


class NotAuthorised(Refused):
    """Metrica doesn't accept the token, or the token may not write to this counter."""

    exit_code = 7


class QuotaExceeded(Refused):
    """A limit of the service is used up."""

    exit_code = 6


class Unreachable(UploadError):
    """No complete request can have reached Metrica: nothing was accepted."""


class OutcomeUnknown(UploadError):
    """The whole file left, and no answer says what became of it."""

    exit_code = 5


class FewerRows(UploadError):
    """Metrica took fewer rows than were sent."""

    exit_code = 4


def _nearest(value: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(value, list(known), n=1, cutoff=0.6)
    return f" Did you mean {near[0]!r}?" if near else ""


class Finding(NamedTuple):
    """What a finding's code means to a person."""

    sentence: str
    """What is wrong, without the cell's value."""

    advice: str
    """One thing to do."""


FINDINGS: dict[str, Finding] = {}
