"""An exchange -> what it means. Evidence decides: bytes that left, and an answer in Metrica's own form.

Whatever is not surely refused, surely accepted or surely incomplete is unknown: it may have arrived.
"""

import html
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from callframe.metrica.models import Upload
from callframe.metrica.quoting import masked
from callframe.metrica.transport import Exchange

__all__ = [
    "Accepted",
    "Incomplete",
    "Outcome",
    "Refusal",
    "Unknown",
    "judge",
    "listed",
    "oddity",
    "refusal",
    "shown",
]

_REFUSALS = frozenset({400, 401, 403, 404, 406, 413, 420, 429})
_LIMITS = frozenset({420, 429})
_ANYWAY = frozenset({"Authorization", "counterId", "file", "id"})
"""Locations that name a part of every such request, not what its user wrote."""


@dataclass(frozen=True)
class Accepted:
    """Metrica has it."""

    upload: Upload


@dataclass(frozen=True)
class Refusal:
    """Metrica said no, in its own form: nothing was accepted."""

    status: int
    kind: str
    """The service's `error_type`."""

    message: str = ""
    """The service's words, masked."""

    retry_after: str | None = None
    """The header of that name, as it came."""

    @property
    def is_limit(self) -> bool:
        """Whether it is about how often, not about what."""
        return self.status in _LIMITS


@dataclass(frozen=True)
class Incomplete:
    """The request can't be whole on the server; `obstacle` says why. Nothing at all left where `sent` is 0."""

    obstacle: str
    sent: int


@dataclass(frozen=True)
class Unknown:
    """The whole request left and no answer of Metrica's form came back; `why` is half a sentence."""

    why: str


Outcome = Accepted | Refusal | Incomplete | Unknown


def judge(exchange: Exchange) -> Outcome:
    """What became of an upload that was sent."""
    no = refusal(exchange)
    if no is not None:
        return no
    taken = _object(exchange, "uploading") if exchange.status == 200 else None
    if isinstance(taken, dict) and Upload.from_answer(taken).id > 0:
        return Accepted(Upload.from_answer(taken))
    if exchange.status == 413:
        return Refusal(413, "")  # a gateway in between says so in its own words, and hands nothing on
    if not exchange.complete:
        return Incomplete(exchange.obstacle or "closed", exchange.sent)
    return Unknown(oddity(exchange))


def shown(exchange: Exchange) -> Upload | Refusal | None:
    """The upload that a question was about, or the refusal; None where it is neither: see `oddity`."""
    no = refusal(exchange)
    if no is not None:
        return no
    found = _object(exchange, "uploading") if exchange.status == 200 else None
    if isinstance(found, dict) and Upload.from_answer(found).id > 0:
        return Upload.from_answer(found)
    return None


def listed(exchange: Exchange) -> list[Upload] | Refusal | None:
    """One page of the list of uploads, or the refusal; None where it is neither: see `oddity`."""
    no = refusal(exchange)
    if no is not None:
        return no
    found = _object(exchange, "uploadings") if exchange.status == 200 else None
    if isinstance(found, list) and all(isinstance(one, dict) for one in found):
        uploads = [Upload.from_answer(one) for one in found]
        if all(upload.id > 0 for upload in uploads):
            return uploads
    return None


def refusal(exchange: Exchange) -> Refusal | None:
    """Metrica's no, if this is one: a status that can't mean acceptance, and its own form of error."""
    if exchange.status not in _REFUSALS:
        return None
    errors = _object(exchange, "errors")
    if not isinstance(errors, list) or not errors or not all(isinstance(one, dict) for one in errors):
        return None
    first: dict[str, Any] = errors[0]
    message, location = (word if isinstance(word, str) else "" for word in map(first.get, ("message", "location")))
    if location and location not in _ANYWAY and location not in message:
        message = f"{message}, about {location}" if message else f"about {location}"
    kind = first.get("error_type")
    return Refusal(
        exchange.status,
        kind=masked(kind, 60) if isinstance(kind, str) else "",
        message=masked(message),
        retry_after=exchange.headers.get("retry-after"),
    )


def _object(exchange: Exchange, name: str) -> object:
    """The value of one key in the answer, None where the answer is not a JSON object."""
    try:
        answer = json.loads(exchange.data or b"")
    except (ValueError, RecursionError):
        return None
    return answer.get(name) if isinstance(answer, dict) else None


def oddity(exchange: Exchange) -> str:
    """What came instead of Metrica's answer, as half a sentence."""
    if exchange.status is None:
        return _SILENCE.get(exchange.obstacle, "the exchange failed before an answer")
    if exchange.data is None:
        return f"the answer ({exchange.status}) did not come whole"
    if 300 <= exchange.status < 400:
        where = _host(exchange.headers.get("location", ""))
        return f"it was answered with a redirect ({exchange.status}) to {where}, which was not followed"
    title = re.search(rb"<title[^>]*>([^<]{0,200})", exchange.data[:65536], re.IGNORECASE)
    if title:
        words = masked(html.unescape(title[1].decode("utf-8", "replace")), 80)
        return f"it was answered with a page ({exchange.status}, “{words}”)"
    return f"the answer ({exchange.status}) is not in Metrica's form"


def _host(location: str) -> str:
    try:
        host = urlsplit(location).netloc.rpartition("@")[2]
    except ValueError:
        return "what is no address"
    return masked(host, 80) or "another path"


_SILENCE = {
    "silent": "no answer came in time",
    "closed": "the connection was closed without an answer",
    "handshake": "the secure connection broke before an answer",
    "stalled": "no answer came in time",
}
