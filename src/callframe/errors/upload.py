"""A hand-over to Metrica that did not end well."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from callframe.errors.options import OptionError
from callframe.errors.sentences import CallframeError

__all__ = [
    "FewerRows",
    "NoToken",
    "NotAuthorised",
    "OutcomeUnknown",
    "QuotaExceeded",
    "Refused",
    "Unreachable",
    "UploadError",
]


class NoToken(OptionError):
    """There is no token, or what was given can't be one; it is never quoted."""

    @classmethod
    def anywhere(cls, variable: str) -> "NoToken":
        """Neither an argument nor a file nor the environment has one."""
        return cls(f"No token. Put it into the environment variable {variable}, or name a token file.")

    @classmethod
    def in_file(cls, path: object, why: str) -> "NoToken":
        """The token file can't be read."""
        return cls(f"The token file {path} can't be read: {why}.")

    @classmethod
    def malformed(cls, origin: str) -> "NoToken":
        """No header could carry it."""
        return cls(
            f"The token from {origin} is not one word of printable ASCII characters. Copy it again, "
            f"without the word OAuth, quotes, spaces or line ends."
        )


class UploadError(CallframeError):
    """The hand-over to Metrica did not end well.

    `accepted` are the ids of uploads that Metrica has, whatever became of the rest; `upload` is the `Upload` as far as
    it got, where there is one; `repeatable` tells whether the same command is the way on.
    """

    accepted: tuple[int, ...] = ()
    upload: Any = None
    repeatable = True

    def __str__(self) -> str:
        """What happened, then what Metrica has all the same."""
        had = f" Metrica has: upload {', '.join(map(str, self.accepted))}." if self.accepted else ""
        return super().__str__() + had

    def as_dict(self) -> dict[str, object]:
        """What programs can use, for `--json`: the ids that Metrica has, and the upload as far as it got."""
        return {"accepted": list(self.accepted)} | ({"upload": self.upload.as_dict()} if self.upload else {})

    @classmethod
    def _final(cls, sentence: str) -> "UploadError":
        error = cls(sentence)
        error.repeatable = False
        return error

    @classmethod
    def nothing_accepted(cls, rows: int, rejected: str) -> "UploadError":
        """A conversion has left nothing to send."""
        return cls(f"upload: none of the {_count(rows)} rows was accepted, so nothing was sent. {rejected} says why.")

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
    def unsteady(cls, name: str) -> "UploadError":
        """The file is not what it was when the look at it began."""
        return cls(
            f"upload: {name} changed while it was being looked over, so nothing was sent. "
            f"Let the file come to rest, then run the same command again."
        )

    @classmethod
    def conflict(cls, upload: int, rows: int, found: int | None) -> "UploadError":
        """An upload carries this file's fingerprint and another number of rows."""
        return cls._final(
            f"upload: upload {upload} carries the fingerprint of this file, but has {_count(found)} rows where the "
            f"file has {rows}. Nothing was sent. Look at that upload; to send the file anyway, say --again "
            f"(again=True in Python)."
        )

    @classmethod
    def other_split(cls, uploads: Sequence[int], count: int, planned: int) -> "UploadError":
        """Part of this very file went out earlier, cut another way."""
        return cls(
            f"upload: part of this file was sent before as {len(uploads)} of {count} parts (upload "
            f"{', '.join(map(str, uploads))}); this run would cut it into {planned}. Nothing was sent. "
            f"Say the same --part-bytes (part_bytes in Python) as then, and --split-by-identifier as then."
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
        return cls._final(
            f"upload: part {number} of {count} was accepted as upload {upload}, but its comment did not come back as "
            f"it was sent, so a second run could not tell that the part is there. The parts after it were not sent. "
            f"Don't run the same command again: send the missing rows as a file of their own, in one part."
        )

    @classmethod
    def not_linked(cls, upload: int, dynamic: int | None) -> "UploadError":
        """No visitor id of a file with dynamic calls is known to the counter."""
        return cls._final(
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
            413: f"The part has {size} bytes: choose a smaller --part-bytes (part_bytes in Python).",
        }.get(status, _ADVICE.get(kind, "Check the column names and the values that the message names."))
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
        advice = _ADVICE.get(kind, denied)
        return cls(f"{_refusal(status, kind, message)} {advice}")


_ADVICE = {
    "unauthorized": "Get a new token.",
    "invalid_token": "Get a new token.",
    "invalid_parameter": "Check the option that the message names: the counter, the goal, the comment.",
    "missing_parameter": "Something on the way may take parts out of requests: look for a proxy or a filter.",
    "limit_exceeded": "A limit of Metrica is reached, which the message names.",
}
"""What to do about a no, by the service's `error_type`, where that says it better than the status."""


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
        error = cls(f"upload: {owner} is used up ({kind}); this request was not accepted.")
        error.resume = resume
        return error

    def __str__(self) -> str:
        """The limit, and when to do what: the same again, or to look again where all is sent."""
        how = "Run the same command" if self.repeatable else "Ask again"
        return super().__str__() + (f" {how} after {self.resume:%Y-%m-%d %H:%M} UTC." if self.resume else "")


class Unreachable(UploadError):
    """No complete request can have reached Metrica: nothing was accepted."""

    @classmethod
    def after(cls, host: str, kind: str, tries: int, *, proxy: str = "") -> "Unreachable":
        """`kind` is what stood in the way the last time, one of `OBSTACLES`."""
        where = f"the proxy {proxy}" if proxy and kind.startswith("proxy") else host
        what, advice = OBSTACLES.get(kind, OBSTACLES["failed"])
        times = "" if tries == 1 else f" (tried {tries} times)"
        return cls(
            f"upload: {what.format(where=where)}{times}; this request was not accepted. {advice.format(where=where)}"
        )

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
        "In a network with its own root certificate, name its file with --ca-bundle (ca_bundle in Python).",
    ),
    "certificate expired": (
        "the certificate of {where} has expired or is not valid yet",
        "Check the clock of this machine; if it is right, tell who runs {where}.",
    ),
    "certificate host": (
        "the certificate of {where} was made for another host",
        "Check the address, and whether something in between answers in its place.",
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
        error.comment, error.repeatable = comment, not again
        return error


class FewerRows(UploadError):
    """Metrica took fewer rows than were sent: `sent`, `source` (read by Metrica), `line` (accepted by Metrica)."""

    exit_code = 4
    repeatable = False
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

    def as_dict(self) -> dict[str, object]:
        """The three counts, too."""
        return super().as_dict() | {"sent": self.sent, "source": self.source, "line": self.line}


def _refusal(status: int, kind: str, message: str) -> str:
    said = f" {kind}".rstrip() + (f" ({message})" if message else "")
    return f"upload: Metrica refused this request with {status}{said}."


def _count(number: int | None) -> str:
    return "an unknown number of" if number is None else str(number)
