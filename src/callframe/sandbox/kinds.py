"""Every fault by name: what is played with a request, and what that is in words.

`…-before` refuses and takes nothing, `…-after` takes the file first.
"""

from typing import NamedTuple

from callframe.sandbox.answers import CODES
from callframe.sandbox.exchange import Answer
from callframe.sandbox.plays import (
    Bend,
    Make,
    Play,
    after,
    before,
    course,
    cut_short,
    drip_body,
    drip_headers,
    early,
    echo,
    envelope,
    hang_up,
    hide,
    id_type,
    interim,
    late,
    late_counts,
    new_fields,
    other_body,
    redirect,
    reset,
    reset_mid_body,
    say,
    short_lines,
    short_source,
    silence,
    stall,
    told,
    uneven,
    uploading_field,
    web_page,
)
from callframe.sandbox.store import STATUSES

__all__ = ["KINDS", "Kind"]

_SERVER_ERRORS = {500: "backend_error", 502: "backend_error", 503: "backend_error", 504: "timeout"}


class Kind(NamedTuple):
    """One way to misbehave."""

    play: Play
    sentence: str
    options: tuple[str, ...] = ()


def _refusals() -> dict[str, Kind]:
    kinds = {
        error_type.replace("_", "-"): Kind(
            before(say(envelope(error_type))), f"{code} {error_type}", ("code", "retry-after")
        )
        for error_type, code in CODES.items()
    }
    for name, error_type in {
        "401": "unauthorized",
        "404": "not_found",
        "406": "not_acceptable",
        "409": "conflict",
        "429": "quota_requests_by_ip",
    }.items():
        kinds[name] = kinds[error_type.replace("_", "-")]
    for name, code in {"413": 413, "420": 420}.items():
        error_type = {413: "limit_exceeded", 420: "quota_requests_by_ip"}[code]
        make = envelope(error_type, code)
        kinds[name] = Kind(before(say(make)), f"{code} {error_type}", ("code", "retry-after"))
    return kinds


def _server_errors() -> dict[str, Kind]:
    kinds = {}
    for code, error_type in _SERVER_ERRORS.items():
        then = say(envelope(error_type, code))
        kinds[f"{code}-before"] = Kind(before(then), f"{code} {error_type}, nothing taken", ("retry-after",))
        kinds[f"{code}-after"] = Kind(after(then), f"{code} {error_type}, and the file is taken", ("retry-after",))
    return kinds


def _pages() -> dict[str, Kind]:
    kinds = {
        f"{code}-html": Kind(before(say(web_page(code))), f"{code} with a web page") for code in (403, 413, 429, 502)
    }
    for code in (301, 302, 303, 307, 308):
        sentence = f"{code} to another name of this machine (to=same: to the same)"
        kinds[f"redirect-{code}"] = Kind(before(say(redirect(code))), sentence, ("to",))
    return kinds


_BROKEN = {
    "lost-answer": Kind(after(hang_up), "takes the file, then closes without an answer"),
    "reset-answer": Kind(after(reset), "takes the file, then resets the connection"),
    "lost-request": Kind(before(hang_up), "reads everything, takes nothing, closes"),
    "silence-after": Kind(after(silence), "takes the file, then says nothing", ("seconds",)),
    "silence-before": Kind(before(silence), "reads everything, takes nothing, says nothing", ("seconds",)),
    "slow-answer": Kind(after(late), "answers late", ("seconds",)),
    "drip-headers": Kind(after(drip_headers), "takes the file, then headers without end", ("every",)),
    "drip-body": Kind(after(drip_body), "takes the file, then the body byte by byte", ("every",)),
    "cut-answer": Kind(after(cut_short), "takes the file, closes in the middle of the answer"),
    "stray-100": Kind(after(interim(b"100 Continue", b"100 Continue")), "100 twice before the answer"),
    "early-hints": Kind(
        after(interim(b"102 Processing", b"103 Early Hints\r\nLink: </>; rel=preload")), "102 and 103 before the answer"
    ),
    "reset-mid-body": Kind(reset_mid_body, "resets after so many bytes of the request", ("bytes",)),
    "stall": Kind(stall, "stops reading after so many bytes of the request", ("bytes", "seconds")),
    "early-401": Kind(early(envelope("unauthorized")), "401 before the request is read"),
    "early-413": Kind(early(envelope("limit_exceeded", 413)), "413 before the request is read"),
}

_ODD_ANSWERS: dict[str, tuple[Make, str]] = {
    "409-after": (envelope("conflict"), "409 conflict"),
    "403-html-after": (web_page(403), "403 with a web page"),
    "html-200": (web_page(200), "200 with a web page"),
    "empty-200": (other_body(lambda _: b""), "200 with nothing"),
    "204": (lambda *_: Answer(204), "204"),
    "list-200": (other_body(lambda _: b"[]"), "200 with a JSON list"),
    "truncated-json": (other_body(lambda body: body[: len(body) // 2]), "200 with half of the JSON"),
    "deep-json": (other_body(lambda _: b"[" * 100_000 + b"]" * 100_000), "200 with very deep JSON"),
    "long-json": (other_body(lambda body: body[:-1] + b', "x": "' + b"x" * 2**23 + b'"}'), "200 with 8 MiB of JSON"),
    "bad-gzip": (
        other_body(lambda body: b"\x1f\x8b\x08\x00" + body, content_encoding="gzip"),
        "200 with gzip that is none",
    ),
    "missing-id": (uploading_field("id"), "200 without an id"),
    "text-id": (uploading_field("id", "forty"), "200 with an id that is no number"),
    "zero-id": (uploading_field("id", 0), "200 with the id 0"),
    "no-echo": (told(echo(lambda _: "")), "the comment is dropped"),
    "short-comment": (told(echo(lambda text: text[:32])), "the comment is cut to 32 characters"),
    "upper-comment": (told(echo(str.upper)), "the comment comes back in capitals"),
    "other-id-type": (told(id_type), "another client_id_type than the file's"),
    "new-fields": (told(new_fields), "fields that nobody knows"),
    "uneven-counts": (told(uneven), "static and dynamic calls don't add up"),
    "late-counts": (told(late_counts), "counts are 0 until the final status"),
    "linkage-failure": (told(course(*STATUSES, "LINKAGE_FAILURE")), "ends as LINKAGE_FAILURE"),
    "processed": (told(course(*STATUSES, "PROCESSED")), "ends as PROCESSED"),
    "unknown-status": (
        told(course("PREPARED", "UPLOADED", "REINDEXED", "MATCHED", "PROCESSED")),
        "a status that nobody knows on the way",
    ),
    "unknown-final": (told(course(*STATUSES, "ARCHIVED")), "a last status that nobody knows"),
    "stuck": (told(course("PREPARED", "UPLOADED")), "never goes beyond UPLOADED"),
    "status-backwards": (
        told(course("PREPARED", "MATCHED", "UPLOADED", "MATCHED", "PROCESSED")),
        "goes back from MATCHED to UPLOADED",
    ),
    "vanished": (told(hide), "the upload is neither listed nor found afterwards"),
}

_SHORT: dict[str, tuple[Bend, str]] = {
    "short-source-quantity": (short_source, "fewer rows seen"),
    "short-line-quantity": (short_lines, "fewer rows taken"),
}

KINDS: dict[str, Kind] = {
    **_refusals(),
    **_server_errors(),
    **_pages(),
    **_BROKEN,
    **{name: Kind(after(say(make)), sentence) for name, (make, sentence) in _ODD_ANSWERS.items()},
    **{name: Kind(after(say(told(bend))), sentence, ("by",)) for name, (bend, sentence) in _SHORT.items()},
}
"""Every fault that is played with one request."""
