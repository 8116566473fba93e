"""Ways to misbehave with one request, to be put together.

A play has the whole request in hand: `before` and `after` make one from what is to be answered, without or with
doing what was asked. Where what was asked is refused anyway, the refusal stands.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from email.utils import formatdate
from http import HTTPStatus
from itertools import chain, repeat

from callframe.sandbox.answers import CODES, Refusal
from callframe.sandbox.exchange import Answer, Exchange
from callframe.sandbox.store import Upload

__all__ = [
    "Bend",
    "Make",
    "Options",
    "Play",
    "Then",
    "after",
    "before",
    "course",
    "cut_short",
    "drip_body",
    "drip_headers",
    "early",
    "echo",
    "envelope",
    "hang_up",
    "hide",
    "id_type",
    "interim",
    "late",
    "late_counts",
    "new_fields",
    "other_body",
    "redirect",
    "reset",
    "reset_mid_body",
    "say",
    "short_lines",
    "short_source",
    "silence",
    "stall",
    "told",
    "uneven",
    "uploading_field",
    "web_page",
]

Options = Mapping[str, str]
Play = Callable[[Exchange, Options], Awaitable[None]]
Then = Callable[[Exchange, Options, Answer], Awaitable[None]]
Make = Callable[[Exchange, Options, Answer], Answer]
Bend = Callable[[Upload, Options], None]

_LONG = "3600"


def before(then: Then) -> Play:
    """Reads the request and does nothing of what it asks."""

    async def play(exchange: Exchange, options: Options) -> None:
        await exchange.drain()
        await then(exchange, options, Answer(200))

    return play


def after(then: Then) -> Play:
    """Does what was asked, then misbehaves about the answer."""

    async def play(exchange: Exchange, options: Options) -> None:
        answer = await exchange.perform()
        if answer.status == HTTPStatus.OK:
            await then(exchange, options, answer)
        else:
            await exchange.reply(answer)

    return play


def say(make: Make) -> Then:
    """Answers, in the ways of HTTP."""

    async def then(exchange: Exchange, options: Options, answer: Answer) -> None:
        await exchange.reply(make(exchange, options, answer))

    return then


def envelope(error_type: str, code: int | None = None) -> Make:
    """The service's own words of refusal, with a Retry-After if one is asked for."""

    def make(exchange: Exchange, options: Options, _: Answer) -> Answer:
        status = int(options.get("code", code or CODES[error_type]))
        headers = {"Retry-After": _retry_after(options["retry-after"], exchange)} if "retry-after" in options else {}
        refusal = Refusal(error_type, "a fault on demand", code=status)
        return Answer(status, json.dumps(refusal.envelope()).encode(), headers=headers)

    return make


def _retry_after(form: str, exchange: Exchange) -> str:
    if not form.startswith("date"):
        return form
    return formatdate(exchange.store.clock() + float(form.removeprefix("date") or 0), usegmt=True)


def web_page(status: int) -> Make:
    """A web page, as a proxy or a captive portal puts in."""
    title = {200: "Welcome to the network", 403: "Forbidden", 413: "Request Entity Too Large"}.get(status, "Error")
    page = f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>".encode()
    return lambda *_: Answer(status, page, "text/html; charset=utf-8")


def redirect(status: int) -> Make:
    """Points to another name of this machine, or with `to=same` to the same."""

    def make(exchange: Exchange, options: Options, _: Answer) -> Answer:
        name, _colon, port = exchange.host.partition(":")
        other = name if options.get("to") == "same" else {"localhost": "127.0.0.1"}.get(name, "localhost")
        location = f"http://{other}:{port}{exchange.scope['path']}"
        return Answer(status, b"", "text/html; charset=utf-8", {"Location": location})

    return make


def other_body(change: Callable[[bytes], bytes], **headers: str) -> Make:
    """The right answer with another body."""

    def make(_: Exchange, __: Options, answer: Answer) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return answer._replace(body=change(answer.body), headers={**answer.headers, **named})

    return make


def uploading_field(name: str, *value: object) -> Make:
    """The right answer of one upload, where a field has another value, or is gone."""

    def change(body: bytes) -> bytes:
        told = json.loads(body)
        uploading = told.get("uploading", {})
        uploading.pop(name, None)
        uploading.update({name: value[0]} if value else {})
        return json.dumps(told, ensure_ascii=False).encode()

    return other_body(change)


def told(bend: Bend) -> Make:
    """The answer of an upload that is told otherwise from now on."""

    def make(exchange: Exchange, options: Options, answer: Answer) -> Answer:
        upload = exchange.upload(answer)
        if upload is None:
            return answer
        bend(upload, options)
        return answer._replace(body=json.dumps({"uploading": upload.answer()}, ensure_ascii=False).encode())

    return make


def course(*statuses: str) -> Bend:
    """Another course of statuses."""

    def bend(upload: Upload, _: Options) -> None:
        upload.course = statuses

    return bend


def short_source(upload: Upload, options: Options) -> None:
    """Fewer rows seen than there are."""
    upload.told["source_quantity"] = max(0, upload.tally.source - int(options.get("by", 1)))


def uneven(upload: Upload, _: Options) -> None:
    """One static call more than makes sense."""
    upload.told["static_calls_quantity"] = upload.tally.static + 1


def short_lines(upload: Upload, options: Options) -> None:
    """Fewer rows taken than there are: the other counts go down with it, as they would."""
    by = min(int(options.get("by", 1)), upload.tally.taken)
    static = max(0, upload.tally.static - max(0, by - upload.tally.dynamic))
    taken = upload.tally.taken - by
    upload.told |= {
        "line_quantity": taken,
        "static_calls_quantity": static,
        "dynamic_calls_quantity": taken - static,
    }


def late_counts(upload: Upload, _: Options) -> None:
    """The counts are told at the final status only."""
    upload.counted_from = len(upload.course) - 1


def hide(upload: Upload, _: Options) -> None:
    """The upload is neither listed nor found."""
    upload.hidden = True


def echo(change: Callable[[str], str]) -> Bend:
    """The comment comes back changed."""

    def bend(upload: Upload, _: Options) -> None:
        upload.told["comment"] = change(upload.comment)

    return bend


def id_type(upload: Upload, _: Options) -> None:
    """Another kind of ids than the file's."""
    upload.told["client_id_type"] = "USER_ID" if upload.tally.id_type != "USER_ID" else "CLIENT_ID"


def new_fields(upload: Upload, _: Options) -> None:
    """Fields that nobody knows."""
    upload.told |= {"linked_quantity": 0, "type": "CALLS", "uploading_source": {"kind": "API"}}


async def hang_up(exchange: Exchange, _: Options, __: Answer) -> None:
    """Closes without an answer."""
    await exchange.hang_up()


async def reset(exchange: Exchange, _: Options, __: Answer) -> None:
    """Resets the connection."""
    await exchange.reset()


async def silence(exchange: Exchange, options: Options, _: Answer) -> None:
    """Says nothing for `seconds`, then closes."""
    await asyncio.sleep(float(options.get("seconds", _LONG)))
    await exchange.hang_up()


async def late(exchange: Exchange, options: Options, answer: Answer) -> None:
    """Answers after `seconds`."""
    await asyncio.sleep(float(options.get("seconds", "2")))
    await exchange.reply(answer)


async def cut_short(exchange: Exchange, _: Options, answer: Answer) -> None:
    """Closes in the middle of the body of the answer."""
    wire = answer.wire()
    exchange.write(wire[: len(wire) - len(answer.body) // 2])
    await exchange.hang_up()


async def drip_headers(exchange: Exchange, options: Options, _: Answer) -> None:
    """Headers without end, one `every` so many seconds."""
    pieces = chain([b"HTTP/1.1 200 OK\r\n"], repeat(b"X-Slow: 1\r\n"))
    await exchange.drip(pieces, float(options.get("every", "0.2")))


async def drip_body(exchange: Exchange, options: Options, answer: Answer) -> None:
    """A body that comes byte by byte, one `every` so many seconds."""
    start = answer._replace(body=b" " * 10**6 + answer.body).wire()
    await exchange.drip(_bytewise(start, len(start) - 10**6 - len(answer.body)), float(options.get("every", "0.2")))


def _bytewise(data: bytes, first: int) -> Iterator[bytes]:
    yield data[:first]
    for place in range(first, len(data)):
        yield data[place : place + 1]


def interim(*heads: bytes) -> Then:
    """Answers that are not final before the one that is."""

    async def then(exchange: Exchange, _: Options, answer: Answer) -> None:
        exchange.write(b"".join(b"HTTP/1.1 " + head + b"\r\n\r\n" for head in heads))
        await exchange.reply(answer)

    return then


async def _read_some(exchange: Exchange, options: Options) -> None:
    wanted = int(options.get("bytes", "65536"))
    while wanted > 0:
        message = await exchange.receive()
        wanted -= len(message.get("body", b""))
        if not message.get("more_body", False):
            return


async def reset_mid_body(exchange: Exchange, options: Options) -> None:
    """Reads so many `bytes` of the request, then resets the connection."""
    await _read_some(exchange, options)
    await exchange.reset()


async def stall(exchange: Exchange, options: Options) -> None:
    """Reads so many `bytes` of the request, and no more for `seconds`."""
    await _read_some(exchange, options)
    await asyncio.sleep(float(options.get("seconds", _LONG)))
    await exchange.reset()


def early(make: Make) -> Play:
    """Answers before the request is read, and closes."""

    async def play(exchange: Exchange, options: Options) -> None:
        exchange.write(make(exchange, options, Answer(200)).wire())
        await exchange.hang_up()

    return play
