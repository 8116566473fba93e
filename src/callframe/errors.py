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

Bad data in a row is never an exception: it is a finding, a value with a code (`callframe.findings`).
"""

import difflib
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

__all__ = [
    "Ambiguous",
    "CallframeError",
    "ContractError",
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

    @classmethod
    def missing(cls, name: str, beside: Iterable[str] = ()) -> "InputError":
        """There is no such file; `beside` are the names in its folder."""
        return cls(f"read: {name} does not exist.{_nearest(Path(name).name, beside)}")

    @classmethod
    def directory(cls, name: str) -> "InputError":
        """A folder stands where a file was expected."""
        return cls(f"read: {name} is a folder. Name the file in it.")

    @classmethod
    def empty(cls, name: str) -> "InputError":
        """The file has no text in it."""
        return cls(f"read: {name} is empty. Export it again.")

    @classmethod
    def no_rows(cls, name: str, columns: Sequence[str]) -> "InputError":
        """The file has a header and nothing below it."""
        return cls(f"read: {name} has a header ({_listed(columns)}) and no rows. Export a period that has calls in it.")

    @classmethod
    def separator(cls, name: str, given: str, found: str) -> "InputError":
        """`given` leaves one column where `found` gives more."""
        return cls(
            f"read: {name} has one column when cut at {given!r}, more at {found!r}. "
            f"Say separator {found!r}, or leave it out."
        )

    @classmethod
    def no_header(cls, name: str, line: int) -> "InputError":
        """The file ends before the line in which the column names should stand."""
        return cls(f"read: {name} ends before line {line}, where its names should stand. Say another header line.")

    @classmethod
    def ragged(cls, name: str, line: int, found: int, expected: int, first: str = "header") -> "InputError":
        """A record has another number of cells than the `first` one."""
        cells = "1 cell" if found == 1 else f"{found} cells"
        return cls(
            f"read: line {line} of {name} has {cells}, the {first} has {expected}. "
            f"Quote the cell that holds a separator, or mend the line."
        )

    @classmethod
    def quotes(cls, name: str, line: int) -> "InputError":
        """A quoted cell does not end, or a quote inside it is not doubled."""
        return cls(f'read: a quoted cell in line {line} of {name} is not closed. Double the quotes inside it: "".')

    @classmethod
    def encoding(cls, name: str, encoding: str, line: int | None, other: str | None = None) -> "InputError":
        """The bytes are not text in `encoding`; perhaps in `other`."""
        where = f"line {line} of {name}" if line else name
        other = other or ("cp1251" if encoding == "utf-8" else "utf-8")
        return cls(f"read: {where} is not {encoding} text. Say its encoding, for example: --encoding {other}.")

    @classmethod
    def json(cls, name: str, line: int) -> "InputError":
        """A line of JSON lines holds no object."""
        return cls(f"read: line {line} of {name} is not a JSON object. Write one object a line.")

    @classmethod
    def json_twice(cls, name: str, line: int) -> "InputError":
        """Two values under one name."""
        return cls(f"read: line {line} of {name} has two values under one name. Give each its own name.")

    @classmethod
    def frame(cls, kind: str) -> "InputError":
        """A frame of another library that Polars can't take over."""
        return cls(f"read: the {kind} can't be turned into a Polars frame. Turn it into text columns first.")

    @classmethod
    def column(cls, column: str, dtype: object) -> "InputError":
        """A column that has no text."""
        return cls(f"read: {column} of the frame is {dtype}, which has no text. Cast it to String, or drop it.")

    @classmethod
    def query(cls, why: str) -> "InputError":
        """A lazy frame fails when it runs."""
        return cls(f"read: the frame can't be read: its query fails ({why}). Collect it to see why.")

    @classmethod
    def damaged(cls, name: str, kind: str) -> "InputError":
        """A binary file that starts well and does not go on so."""
        return cls(f"read: {name} is not a whole {kind} file, or holds what is no text. Export it again.")

    @classmethod
    def compressed(cls, name: str) -> "InputError":
        """Packed files can't be read."""
        return cls(f"read: {name} is compressed. Unpack it first.")

    @classmethod
    def workbook(cls, name: str) -> "InputError":
        """Spreadsheets can't be read yet."""
        return cls(f"read: {name} is a spreadsheet. Save the sheet as CSV UTF-8 and read that.")

    @classmethod
    def unreadable(cls, name: str, why: str) -> "InputError":
        """The system says no."""
        return cls(f"read: {name} can't be read: {why}.")


class OutputError(CallframeError):
    """A result can't be written where it was asked to go; what stood there before still stands."""

    @classmethod
    def exists(cls, name: str) -> "OutputError":
        """A file is there and must not be replaced."""
        return cls(f"write: {name} is there already. Say --force to replace it (overwrite=True in Python).")

    @classmethod
    def directory(cls, name: str) -> "OutputError":
        """A folder stands where the file should go."""
        return cls(f"write: {name} is a folder. Name a file in it.")

    @classmethod
    def same_as_source(cls, name: str) -> "OutputError":
        """Writing there would destroy what is being read."""
        return cls(f"write: {name} is the file being read. Name another one.")

    @classmethod
    def twice(cls, name: str) -> "OutputError":
        """Two results are to go to one file."""
        return cls(f"write: two results can't both go to {name}. Name another file for one of them.")

    @classmethod
    def unwritable(cls, name: str, why: str) -> "OutputError":
        """The system says no."""
        return cls(f"write: {name} can't be written: {why}. Nothing there has changed; choose another place.")


class OptionError(CallframeError, ValueError):
    """An option has a value that means nothing."""

    exit_code = 2

    @classmethod
    def unknown(cls, what: str, value: object, known: Iterable[str] = (), example: str = "") -> "OptionError":
        """`value` is not a `what`; say what is."""
        return cls(
            f"{value!r} is not {what}.{_nearest(str(value), known)}" + (f" Example: {example}." if example else "")
        )

    @classmethod
    def together(cls, first: str, second: str) -> "OptionError":
        """Two options that exclude each other."""
        return cls(f"{first} and {second} can't go together: both want stdout. Leave one out.")


class MappingError(CallframeError):
    """A mapping names what isn't there, or leaves out what must be."""

    exit_code = 2

    @classmethod
    def missing(cls, name: str, ready: Iterable[str]) -> "MappingError":
        """`name` is neither a ready mapping nor a file."""
        return cls(
            f"mapping: {name} is neither a file nor a ready mapping. Ready ones: {', '.join(ready)}."
            f"{_nearest(name, ready)}"
        )

    @classmethod
    def not_toml(cls, name: str, why: str) -> "MappingError":
        """The file can't be parsed."""
        return cls(f"mapping: {name} is not TOML: {why}.")

    @classmethod
    def unknown_key(cls, where: str, key: str, known: Sequence[str], what: str) -> "MappingError":
        """`key` means nothing at that place."""
        return cls(f"mapping: {where} has no {key!r}. There are these {what}: {_listed(known)}.{_nearest(key, known)}")

    @classmethod
    def kind(cls, where: str, kind: str) -> "MappingError":
        """A value of another kind than its place takes."""
        return cls(f"mapping: {where} takes {kind}.")

    @classmethod
    def two_meanings(cls, where: str, key: str) -> "MappingError":
        """A value table that says two things of one text."""
        return cls(f"mapping: {where} gives {key!r} two meanings; case does not count. Leave one.")

    @classmethod
    def source(cls, where: str, column: str) -> "MappingError":
        """An entry has neither a column nor a constant, or both."""
        return cls(
            f"mapping: {where}: columns.{column} needs either from (a source column) or value (a constant alone)."
        )

    @classmethod
    def absent(cls, where: str, column: str, wanted: Sequence[str], there: Sequence[str]) -> "MappingError":
        """The export lacks the source column."""
        names = " or ".join(map(repr, wanted))
        return cls(
            f"mapping: {where}: {column} is to come from {names}, but the export has {_listed(there)}."
            f"{_nearest(wanted[0] if wanted else '', there)}"
        )

    @classmethod
    def no_time(cls, where: str, there: Sequence[str]) -> "MappingError":
        """Nothing feeds DateTime."""
        return cls(
            f"mapping: {where} says no column for DateTime, the time of the call. The export has {_listed(there)}. "
            f'Name it in a mapping file: [columns] DateTime = "…".'
        )

    @classmethod
    def no_id(cls, where: str, there: Sequence[str], ids: Sequence[str], notes: Sequence[str] = ()) -> "MappingError":
        """Nothing feeds an id."""
        traps = "".join(f" {note}" for note in notes if "left out" in note)
        return cls(
            f"mapping: {where} says no column for any of {', '.join(ids)}, and Metrica links a call by one of them. "
            f'The export has {_listed(there)}.{traps} Name it in a mapping file, for example: [columns] ClientId = "…".'
        )


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

    @classmethod
    def unknown_columns(cls, extra: Sequence[str], known: Sequence[str]) -> "ContractError":
        """`extra` are no columns of the contract."""
        return cls(
            f"contract: unknown {_columns(extra)}. A call row has {', '.join(known)}.{_nearest(extra[0], known)}"
        )

    @classmethod
    def required_columns(cls, found: Sequence[str], ids: Sequence[str]) -> "ContractError":
        """The time or every id column is absent."""
        return cls(f"contract: a call row needs DateTime and one of {', '.join(ids)}; the frame has {_listed(found)}.")

    @classmethod
    def dtype(cls, column: str, found: object, expected: object) -> "ContractError":
        """`column` has a dtype from which its values can't be taken unchanged."""
        return cls(
            f"contract: {column} is {found}, a call row has {expected}. Convert the source with callframe.convert."
        )

    @classmethod
    def header(cls, name: str, absent: Sequence[str]) -> "ContractError":
        """A CSV lacks columns that must stand in the header."""
        return cls(
            f"contract: the header of {name} lacks {_listed(absent)}. "
            f"Let callframe convert {name} --mapping metrica write a whole one."
        )

    @classmethod
    def not_csv(cls, name: str) -> "ContractError":
        """The file can't be read as the CSV that Metrica takes."""
        return cls(f"contract: {name} is no CSV in UTF-8 with commas and a header. Send what callframe convert wrote.")

    @classmethod
    def cells(cls, column: str, count: int, expected: object) -> "ContractError":
        """Cells of a CSV can't be read as the column's dtype."""
        return cls(f"contract: {column} has {count} cells that are not {expected}. Write it with callframe convert.")

    @classmethod
    def broken(cls, rows: int, total: int, counts: Sequence[tuple[str, str, int]]) -> "ContractError":
        """`rows` of `total` rows break a rule; `counts` are column, sentence, number of rows."""
        listed = "; ".join(f"{column}, {count} rows: {sentence}" for column, sentence, count in counts)
        return cls(f"contract: {rows} of {total} rows break it. {listed}. callframe.enforce says which rows.")


class UploadError(CallframeError):
    """The hand-over to Metrica did not end well.

    `accepted` are the ids of uploads that Metrica has, whatever became of the rest; `upload` is the `Upload` as far as
    it got, where there is one.
    """

    accepted: tuple[int, ...] = ()
    upload: Any = None

    def __str__(self) -> str:
        """What happened, then what Metrica has all the same."""
        had = f" Metrica has: upload {', '.join(map(str, self.accepted))}." if self.accepted else ""
        return super().__str__() + had

    @classmethod
    def unsendable(cls, name: str, why: str) -> "UploadError":
        """The file is not one that the service could take."""
        return cls(f"upload: {name} was not sent: {why}.")

    @classmethod
    def changed(cls, name: str) -> "UploadError":
        """The file is not what it was when it was looked over."""
        return cls(
            f"upload: {name} changed while it was being sent, so this request was left incomplete and not accepted. "
            f"Let the file come to rest, then run the same command again."
        )

    @classmethod
    def conflict(cls, upload: int, rows: int, found: int | None) -> "UploadError":
        """An upload carries this file's fingerprint and another number of rows."""
        return cls(
            f"upload: upload {upload} carries the fingerprint of this file, but has {_count(found)} rows where the "
            f"file has {rows}. Nothing was sent. Look at that upload; to send the file anyway, pass again=True."
        )

    @classmethod
    def other_split(cls, uploads: Sequence[int], count: int, planned: int) -> "UploadError":
        """Part of this very file went out earlier, cut another way."""
        return cls(
            f"upload: part of this file was sent before as {len(uploads)} of {count} parts (upload "
            f"{', '.join(map(str, uploads))}); this run would cut it into {planned}. Nothing was sent. "
            f"Use the same part_bytes as then."
        )

    @classmethod
    def endless_list(cls) -> "UploadError":
        """The list of uploads does not end, so absence can't be proven."""
        return cls(
            "upload: the list of uploads repeats itself, so it can't be proven that this file was not sent before. "
            "Look at the list in Metrica itself."
        )

    @classmethod
    def no_echo(cls, upload: int, number: int, count: int) -> "UploadError":
        """The service took a part and dropped the comment that would let it be recognised."""
        return cls(
            f"upload: part {number} of {count} was accepted as upload {upload}, but its comment did not come back as "
            f"it was sent, so a second run could not tell that the part is there. The parts after it were not sent. "
            f"Don't run the same command again: send the missing rows as a file of their own, in one part."
        )

    @classmethod
    def not_linked(cls, upload: int, dynamic: int | None) -> "UploadError":
        """No visitor id of a file with dynamic calls is known to the counter."""
        return cls(
            f"upload: Metrica linked none of the {_count(dynamic)} dynamic calls of upload {upload} to a visit. "
            f"Check that the ids come from this counter, that each visit precedes its call, and that the calls are "
            f"younger than 21 days."
        )


class Refused(UploadError):
    """Metrica said no: nothing was accepted, and sending the same again would end the same way."""

    @classmethod
    def answered(cls, status: int, kind: str, message: str, *, counter: int, size: int = 0) -> "Refused":
        """The service's answer in its own (masked) words, and one thing to do."""
        advice = {
            404: f"Check the counter number {counter}, and the number of the upload if you asked for one.",
            413: f"The part has {size} bytes: choose a smaller part_bytes.",
        }.get(status, "Check the column names and the values that the message names.")
        return cls(f"{_refusal(status, kind, message)} {advice}")


class NotAuthorised(Refused):
    """Metrica doesn't accept the token, or the token may not write to this counter."""

    exit_code = 7

    @classmethod
    def answered(cls, status: int, kind: str, message: str, *, counter: int, size: int = 0) -> "NotAuthorised":
        """The service's answer in its own (masked) words, and one thing to do."""
        denied = (
            "The token needs the scope metrika:offline_data or metrika:write, and its owner the right to edit "
            f"counter {counter}."
        )
        advice = "Get a new token." if kind in ("unauthorized", "invalid_token") else denied
        return cls(f"{_refusal(status, kind, message)} {advice}")


class QuotaExceeded(Refused):
    """A limit of the service is used up; `resume` is when to run again, in UTC."""

    exit_code = 6
    resume: datetime | None = None

    @classmethod
    def until(cls, kind: str, resume: datetime) -> "QuotaExceeded":
        """Which limit, and when it is lifted."""
        owner = {
            "quota_requests_by_uid": "the daily limit of this login",
            "quota_requests_by_counter_id": "the daily limit of this counter",
            "quota_parallel_requests": "the limit of requests at the same time (does another program use this login?)",
        }.get(kind, "the limit of requests")
        error = cls(
            f"upload: {owner} is used up ({kind}); this request was not accepted. "
            f"Run the same command after {resume:%Y-%m-%d %H:%M} UTC."
        )
        error.resume = resume
        return error


class Unreachable(UploadError):
    """No complete request can have reached Metrica: nothing was accepted."""

    @classmethod
    def after(cls, host: str, kind: str, tries: int, *, proxy: str = "") -> "Unreachable":
        """`kind` is what stood in the way the last time, one of `OBSTACLES`."""
        where = f"the proxy {proxy}" if proxy and kind.startswith("proxy") else host
        what, advice = OBSTACLES.get(kind, OBSTACLES["failed"])
        times = "" if tries == 1 else f" (tried {tries} times)"
        return cls(f"upload: {what.format(where=where)}{times}; this request was not accepted. {advice}")

    @classmethod
    def odd_answer(cls, host: str, what: str) -> "Unreachable":
        """Something answered a question that changes nothing, and it was not Metrica."""
        return cls(
            f"upload: the answer from {host} is not Metrica's: {what}. The question changed nothing. "
            f"Check the address and what stands between (a proxy, a sign-in page)."
        )


OBSTACLES: dict[str, tuple[str, str]] = {
    "dns": ("the name {where} can't be resolved", "Check the network; behind a proxy set HTTPS_PROXY."),
    "refused": ("{where} accepts no connection", "Check the network; behind a proxy set HTTPS_PROXY."),
    "connect": ("{where} does not answer to a connection", "Check the network; behind a proxy set HTTPS_PROXY."),
    "certificate": (
        "the certificate of {where} can't be trusted",
        "In a network with its own root certificate, name its file with ca_bundle; check the clock of this machine.",
    ),
    "handshake": ("{where} broke off the secure connection", "Run the same command later."),
    "proxy": ("{where} refuses the connection", "Check HTTPS_PROXY."),
    "proxy 407": ("{where} asks for a name and a password", "Put them into HTTPS_PROXY."),
    "stalled": ("{where} stopped taking bytes before all were sent", "Run the same command later."),
    "closed": ("{where} closed the connection before all was sent", "Run the same command later."),
    "failed": ("the exchange with {where} failed", "Run the same command later."),
}
"""What can stand between a request and Metrica: the sentence, and one thing to do."""


class OutcomeUnknown(UploadError):
    """The whole file left, and no answer says what became of it; `comment` is what to look for in the list."""

    exit_code = 5
    comment: str = ""

    @classmethod
    def unsettled(cls, why: str, seconds: float, comment: str, *, again: bool) -> "OutcomeUnknown":
        """The list of uploads did not show the part within `seconds`."""
        advice = (
            "This was an upload made again on purpose, so a new run would send it once more: look at the list of "
            "uploads first, for the comment that begins"
            if again
            else "Run the same command later: it looks before it sends. The comment to look for begins"
        )
        error = cls(
            f"upload: the file was sent whole, but {why}, and the list of uploads did not show it within "
            f"{seconds:.0f} s. It may or may not have arrived. {advice} {comment[:29]}."
        )
        error.comment = comment
        return error


class FewerRows(UploadError):
    """Metrica took fewer rows than were sent: `sent`, `source` (read by Metrica), `line` (accepted by Metrica)."""

    exit_code = 4
    sent: int | None = None
    source: int | None = None
    line: int | None = None

    @classmethod
    def counted(cls, upload: int, *, sent: int | None, source: int | None, line: int | None) -> "FewerRows":
        """The three counts, and what the difference points to."""
        if sent is not None and source is not None and source != sent:
            advice = "The file was read another way than it was written: check quotes, line ends and encoding."
        else:
            advice = "There is no list of the rows it left out: check old or future times, phones and currencies. "
            advice += "Don't send the file again: the accepted rows would stand twice."
        error = cls(
            f"upload: upload {upload}: {_count(sent)} rows were sent, Metrica read {_count(source)} and took "
            f"{_count(line)}. {advice}"
        )
        error.sent, error.source, error.line = sent, source, line
        return error


def _refusal(status: int, kind: str, message: str) -> str:
    said = f" {kind}".rstrip() + (f" ({message})" if message else "")
    return f"upload: Metrica refused this request with {status}{said}."


def _count(number: int | None) -> str:
    return "an unknown number of" if number is None else str(number)


def _columns(names: Sequence[str]) -> str:
    return f"column{'s' if len(names) > 1 else ''} {_listed(names)}"


def _listed(names: Sequence[str], most: int = 40) -> str:
    shown = ", ".join(names[:most]) or "no columns"
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")


def _nearest(value: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(value, list(known), n=1, cutoff=0.6)
    return f" Did you mean {near[0]!r}?" if near else ""
