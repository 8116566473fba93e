"""Every exception callframe raises, and every sentence people read about their rows.

    CallframeError
    ├── InputError        the source can't be read as it stands
    ├── OutputError       a result can't be written where it was asked to go
    ├── OptionError       an option has a value that means nothing (also a ValueError)
    │   └── NoToken           there is no token, or none that could be one
    ├── MappingError      a mapping names what isn't there, or leaves out what must be
    ├── Ambiguous         a question that only the user can answer
    │   ├── Unclear           how a source is to be read (also an InputError)
    │   └── Unmapped          which column holds what every call needs (also a MappingError)
    ├── ContractError     a frame breaks the call-row contract
    └── UploadError       the hand-over to Metrica did not end well
        ├── Refused           Metrica said no; nothing was accepted
        │   ├── NotAuthorised     token or access
        │   └── QuotaExceeded     a limit of the service
        ├── Unreachable       no complete request can have arrived
        ├── OutcomeUnknown    the file may or may not have arrived
        └── FewerRows         Metrica took fewer rows than were sent

Bad data in a row is never an exception: it is a finding, a value with a code (`callframe.findings`).
"""

from callframe.errors.files import InputError, OutputError
from callframe.errors.options import Ambiguous, ContractError, MappingError, OptionError
from callframe.errors.sentences import CallframeError
from callframe.errors.unclear import Unclear, Unmapped
from callframe.errors.upload import (
    FewerRows,
    NotAuthorised,
    NoToken,
    OutcomeUnknown,
    QuotaExceeded,
    Refused,
    Unreachable,
    UploadError,
)

__all__ = [
    "Ambiguous",
    "CallframeError",
    "ContractError",
    "FewerRows",
    "InputError",
    "MappingError",
    "NoToken",
    "NotAuthorised",
    "OptionError",
    "OutcomeUnknown",
    "OutputError",
    "QuotaExceeded",
    "Refused",
    "Unclear",
    "Unmapped",
    "Unreachable",
    "UploadError",
]
