"""An upload for people: its parts and their states, rows sent against rows read and taken, what to do next."""

import html
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from callframe.errors.sentences import number
from callframe.metrica.judging import problem, remarks
from callframe.metrica.models import NOTHING_SENT, STATUSES, Upload
from callframe.metrica.notes import ask_again
from callframe.report.shown import WIDTH, Shown

__all__ = ["UploadReport"]

_COLUMNS = ("upload", "status", "rows sent", "read", "taken", "static", "dynamic", "linked by")
_NUMBERS = frozenset({"rows sent", "read", "taken", "static", "dynamic"})
_WORDS = {"USER_ID": "UserId", "CLIENT_ID": "ClientId", "YCLID": "Yclid"}


@dataclass(frozen=True, repr=False)
class UploadReport(Shown):
    """What became of an upload; text in a terminal, HTML in a notebook."""

    title: ClassVar[str] = "callframe upload"

    upload: Upload

    @property
    def advice(self) -> list[str]:
        """What is wrong and what to do about it, and what is left to wait for."""
        said: list[str] = []
        for part in self.upload.parts:
            wrong = problem(part)
            if wrong is not None:
                sentence = str(wrong).removeprefix("upload: ")
                said.append(sentence[0].upper() + sentence[1:])
        waiting = [part.id for part in self.upload.parts if not part.final]
        if waiting:
            said.append(f"Metrica is not done yet, which takes up to two hours. {ask_again(waiting)}")
        return said or ["Nothing is left to do."]

    @property
    def notes(self) -> list[str]:
        """What was noticed on the way."""
        fine = [part for part in self.upload.parts if problem(part) is None]
        every = [*self.upload.notes, *(note for part in fine for note in remarks(part))]
        return list(dict.fromkeys(every))

    def __str__(self) -> str:
        """Aligned text."""
        lines = [_sum(self.upload)]
        if self.upload.id:
            lines += ["", *_aligned([_COLUMNS, *map(_cells, self.upload.parts)])]
        lines += [""] * bool(self.notes)
        for note in self.notes:
            lines += textwrap.wrap(note, WIDTH, initial_indent="note: ", subsequent_indent="      ")
        lines += ["", "What to do"]
        for one in self.advice:
            lines += textwrap.wrap(one, WIDTH, initial_indent="  → ", subsequent_indent="    ")
        return "\n".join(lines)

    def body(self) -> str:
        """The inside of the page."""
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in self.notes)
        advice = "".join(f"<li>{html.escape(one)}</li>" for one in self.advice)
        parts = ["<h1>What became of the upload</h1>", f'<p class="sum">{_emphasised(self.upload)}</p>']
        parts.append(_bar(self.upload))
        if self.upload.id:
            parts.append(_table(self.upload.parts))
        parts += [f'<ul class="notes">{notes}</ul>'] if notes else []
        parts.append(f'<h2>What to do</h2><ul class="next">{advice}</ul>')
        return "\n".join(parts)


def _sum(upload: Upload) -> str:
    if upload.status == NOTHING_SENT:
        return "0 rows sent: the file has none"
    return f"{' '.join(f'{sign}{_count(count)} {word}' for sign, count, word in _counts(upload))}; {upload.status}"


def _emphasised(upload: Upload) -> str:
    if upload.status == NOTHING_SENT:
        return html.escape(_sum(upload))
    words = " ".join(
        f'{sign}<b class="{"rejected" if sign == "≠ " else ""}">{_count(count)}</b> {word}'
        for sign, count, word in _counts(upload)
    )
    return f"{words}; <b>{html.escape(upload.status)}</b>"


def _counts(upload: Upload) -> list[tuple[str, int | None, str]]:
    """Sign, count, word: each count beside the one before it."""
    counts = [
        (upload.rows_sent, "rows sent"),
        (upload.source_quantity, "read by Metrica"),
        (upload.line_quantity, "taken" if upload.final else "taken so far"),
    ]
    signs = ["", *(_sign(counts[place][0], counts[place + 1][0]) for place in range(2))]
    return [(sign, *count) for sign, count in zip(signs, counts, strict=True)]


def _sign(before: int | None, after: int | None) -> str:
    return "· " if before is None or after is None else "= " if before == after else "≠ "


def _count(count: int | None) -> str:
    return "?" if count is None else number(count)


def _cells(part: Upload) -> tuple[str, ...]:
    counts = [part.rows_sent, part.source_quantity, part.line_quantity]
    counts += [part.static_calls_quantity, part.dynamic_calls_quantity]
    kind = _WORDS.get(part.client_id_type or "", part.client_id_type or "?")
    return (str(part.id), part.status, *map(_count, counts), kind)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    right = [name in _NUMBERS for name in _COLUMNS]
    lines = []
    for row in rows:
        cells = zip(row, widths, right, strict=True)
        lines.append(
            "  " + "  ".join(cell.rjust(width) if is_right else cell.ljust(width) for cell, width, is_right in cells)
        )
    return [line.rstrip() for line in lines]


def _table(parts: Sequence[Upload]) -> str:
    head = "".join(f"<th{_right(name)}>{name}</th>" for name in _COLUMNS)
    rows = []
    for part in parts:
        cells = zip(_COLUMNS, _cells(part), strict=True)
        odd = ' class="wrong"' if problem(part) else ' class="open"' if part.status not in STATUSES else ""
        rows.append(
            f"<tr{odd}>" + "".join(f"<td{_right(name)}>{html.escape(cell)}</td>" for name, cell in cells) + "</tr>"
        )
    return f'<table class="parts"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _right(name: str) -> str:
    return ' class="number"' if name in _NUMBERS else ""


def _bar(upload: Upload) -> str:
    """Taken and left out, where both are known."""
    sent, taken = upload.rows_sent, upload.line_quantity
    if not sent or taken is None:
        return '<div class="bar"></div>'
    share = 100 * min(taken / sent, 1)
    final = "rejected" if upload.final else "skipped"
    left = f'<span class="{final}" style="width:{100 - share:.3f}%"></span>' if share < 100 else ""
    return f'<div class="bar"><span class="accepted" style="width:{share:.3f}%"></span>{left}</div>'
