"""The page for people: what arrived, row by row, with the reasons.

Phones and ids are masked unless the page is asked to show them. Everything that came from outside is escaped.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from typing import Annotated, cast

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from callframe.sandbox.answers import Refusal
from callframe.sandbox.check import IDS, WRONG_WIDTH, Verdict
from callframe.sandbox.masks import UNIX_TIME, masked
from callframe.sandbox.store import Store, Upload
from callframe.sandbox.style import STYLE

__all__ = ["pages"]

_ROWS = 50
_UPLOADS = 100
_COMMENT = 40
_MEGA, _KILO = 10**6, 10**3
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_ID_KINDS = {kind: column for column, kind in IDS.items()}

pages = APIRouter(include_in_schema=False)


@pages.get("/")
def overview(request: Request) -> HTMLResponse:
    """Every upload, newest first."""
    store = cast("Store", request.app.state.store)
    uploads = list(reversed(store.uploads))
    body = _uploads(uploads[:_UPLOADS]) if uploads else '<p class="empty">Nothing has been uploaded yet.</p>'
    if len(uploads) > _UPLOADS:
        body += f'<p class="quiet">The newest {_UPLOADS} of {len(uploads)} uploads.</p>'
    return _page(
        "Metrica sandbox",
        f"<header><h1>Metrica sandbox</h1><p>{_summary(uploads)}</p></header>{body}{_hint(request)}",
        moving=any(not upload.final for upload in uploads) or not uploads,
    )


@pages.get("/uploads/{number}")
def one(request: Request, number: int, show: Annotated[str, Query()] = "") -> HTMLResponse:
    """One upload and its first rows."""
    store = cast("Store", request.app.state.store)
    upload = next((upload for upload in store.uploads if upload.id == number), None)
    if upload is None:
        raise Refusal("not_found", "there is no such upload", "id")
    switch = ("?show=all", "Show phones and ids") if show != "all" else ("?", "Mask phones and ids")
    body = (
        f'<nav><a href="/">← All uploads</a></nav><header><h1>Upload {upload.id}</h1><p>{_about(upload)}</p></header>'
        f"{_figures(upload)}{_reasons(upload)}"
        f'<h2>Rows <a class="switch" href="{switch[0]}">{switch[1]}</a></h2>{_rows(upload, plain=show == "all")}'
    )
    return _page(f"Upload {upload.id}", body, moving=not upload.final)


def _page(title: str, body: str, *, moving: bool) -> HTMLResponse:
    """A page that looks again by itself while something moves."""
    again = '<meta http-equiv="refresh" content="2">' if moving else ""
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{again}'
        f'<link rel="icon" href="data:,"><style>{STYLE}</style></head><body><main>{body}</main></body></html>',
        headers=_HEADERS,
    )


def _summary(uploads: list[Upload]) -> str:
    counters = sorted({upload.counter for upload in uploads})
    if not counters:
        return "A local stand-in for the service. Nothing leaves this machine."
    rows = sum(upload.tally.source for upload in uploads)
    names = ", ".join(map(str, counters[:5])) + (" …" if len(counters) > 5 else "")
    which = f"counter {names}" if len(counters) == 1 else f"counters {names}"
    return f"{_several(len(uploads), 'upload')}, {_several(rows, 'row')}, {which}. Nothing leaves this machine."


def _several(count: int, what: str) -> str:
    return f"{_number(count)} {what}" + ("" if count == 1 else "s")


def _number(count: int) -> str:
    return f"{count:,}".replace(",", "\u202f")


def _uploads(uploads: list[Upload]) -> str:
    names = ("Id", "Received, UTC", "Status", "Rows", "Taken", "Static", "Dynamic", "Ids", "Goal", "Comment")
    head = "".join(f'<th class="{"number" if name in names[3:7] else ""}">{name}</th>' for name in names)
    body = "".join(map(_line, uploads))
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _line(upload: Upload) -> str:
    tally = upload.tally
    comment = upload.comment if len(upload.comment) <= _COMMENT else upload.comment[: _COMMENT - 1] + "…"
    fewer = " fewer" if tally.taken < tally.source else ""
    counts = "".join(f'<td class="number">{_number(count)}</td>' for count in (tally.static, tally.dynamic))
    return (
        f'<tr><td><a href="/uploads/{upload.id}">{upload.id}</a></td><td class="nowrap">{_time(upload)}</td>'
        f'<td>{_status(upload)}</td><td class="number">{_number(tally.source)}</td>'
        f'<td class="number{fewer}">{_number(tally.taken)}</td>{counts}<td>{_ID_KINDS[tally.id_type]}</td>'
        f'<td class="long">{escape(upload.goal)}</td><td class="long">{escape(comment)}</td></tr>'
    )


def _time(upload: Upload) -> str:
    return f"{datetime.fromtimestamp(upload.created, UTC):%Y-%m-%d %H:%M:%S}"


def _status(upload: Upload) -> str:
    kind = ("good" if upload.status == "PROCESSED" else "odd") if upload.final else "moving"
    return f'<span class="status {kind}">{escape(upload.status)}</span>'


def _about(upload: Upload) -> str:
    parts = [f"received {_time(upload)} UTC", f"counter {upload.counter}", _size(upload.size)]
    parts += [f"goal {escape(upload.goal)}"] if upload.goal else []
    parts += [f"comment <code>{escape(upload.comment)}</code>"] if upload.comment else []
    return " · ".join(parts)


def _size(size: int) -> str:
    if size < _KILO:
        return _several(size, "byte")
    return f"{size / _KILO:.1f} kB" if size < _MEGA else f"{size / _MEGA:.1f} MB"


def _figures(upload: Upload) -> str:
    tally = upload.tally
    figures = [
        ("Rows in the file", tally.source),
        ("Taken", tally.taken),
        ("Not taken", tally.source - tally.taken),
        ("Static", tally.static),
        ("Dynamic", tally.dynamic),
    ]
    cells = "".join(f"<div><b>{_number(count)}</b><span>{name}</span></div>" for name, count in figures)
    return f'<section class="figures"><div>{_status(upload)}<span>Status</span></div>{cells}</section>'


def _reasons(upload: Upload) -> str:
    lines = [("bad", *item) for item in upload.tally.reasons.most_common()]
    lines += [("note", *item) for item in upload.tally.notes.most_common()]
    if not lines:
        return ""
    items = "".join(
        f'<li class="{kind}"><b>{_number(count)}</b> {escape(reason)}</li>' for kind, reason, count in lines
    )
    return f'<h2>Reasons</h2><ul class="reasons">{items}</ul>'


def _rows(upload: Upload, *, plain: bool) -> str:
    found = upload.verdicts(_ROWS)
    columns = [name for name in found[0].cells if any(verdict.cells.get(name) for verdict in found)]
    head = "".join(f"<th>{escape(name)}</th>" for name in ("", "Verdict", *columns))
    body = "".join(_row(verdict, columns, plain=plain) for verdict in found)
    rest = upload.tally.source - len(found)
    more = f'<p class="quiet">The first {len(found)} rows; {_number(rest)} more are not shown.</p>' if rest > 0 else ""
    return (
        f'<div class="wide"><table class="rows"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{more}'
    )


def _row(verdict: Verdict, columns: Iterable[str], *, plain: bool) -> str:
    words = verdict.reason or "; ".join(verdict.notes)
    kind = "bad" if verdict.reason else ("note" if verdict.notes else "taken")
    sure = verdict.reason != WRONG_WIDTH
    texts = ((name, verdict.cells.get(name, "")) for name in columns)
    shown = ((name, text if plain else masked(name if sure else "", text)) for name, text in texts)
    cells = "".join(f"<td>{escape(text)}{_moment(name, text) if sure else ''}</td>" for name, text in shown)
    said = f"not taken<small>{escape(words)}</small>" if verdict.reason else f"taken<small>{escape(words)}</small>"
    return f'<tr class="{kind}"><td class="number quiet">{verdict.row}</td><td class="verdict">{said}</td>{cells}</tr>'


def _moment(column: str, text: str) -> str:
    """The Unix seconds of a cell as people write a time."""
    if column != "DateTime" or not UNIX_TIME.fullmatch(text):
        return ""
    return f"<small>{datetime.fromtimestamp(int(text), UTC):%Y-%m-%d %H:%M:%S} UTC</small>"


def _hint(request: Request) -> str:
    """How to upload with curl, against this very address."""
    state = request.app.state
    token = "sandbox" if state.token_shown else "$METRICA_TOKEN"
    uploads = cast("Store", state.store).uploads
    counter = uploads[-1].counter if uploads else state.counter
    base = str(request.base_url).rstrip("/")
    command = (
        f'curl -H "Authorization: OAuth {token}" -F file=@calls.csv \\\n'
        f'  "{base}/management/v1/counter/{counter}/offline_conversions/upload_calls"'
    )
    return f"<h2>Upload a file</h2><pre>{escape(command)}</pre>"
