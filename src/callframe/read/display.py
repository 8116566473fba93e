"""What was understood of a source, for people: as aligned text, as HTML for a notebook, as an object for programs.

Nothing in it shows a phone, an id or an address of somebody.
"""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import polars as pl
from rich.cells import cell_len

from callframe.errors.files import looks_like_a_call
from callframe.errors.masks import masked
from callframe.errors.sentences import number
from callframe.read.frames import SOURCE_ROW
from callframe.read.looks import ROWS, Look, looks
from callframe.read.origin import Origin

__all__ = ["Display"]

WIDTH = 100
"""Columns of a terminal that the text takes at most."""

_NAME, _KIND, _SAMPLE = 26, 30, 26
_MOST_COLUMNS = 100
_MOST_LINES = 8


@dataclass(frozen=True)
class Display:
    """What was understood of a source."""

    origin: Origin
    rows: int
    columns: int
    looks: tuple[Look, ...]
    """A look at each of the first columns."""

    @classmethod
    def of(cls, head: pl.DataFrame, origin: Origin, rows: int) -> "Display":
        """A look at a source.

        Args:
            head: its first rows; of more than `ROWS`, the others are not looked at.
            origin: how it was read.
            rows: how many rows it has in all.
        """
        names = [name for name in head.columns if name != SOURCE_ROW]
        cells = head.select(names[:_MOST_COLUMNS]).head(ROWS)
        return cls(origin, rows, len(names), tuple(looks(cells)))

    def __str__(self) -> str:
        """Aligned text, at most `WIDTH` columns wide."""
        lines = [_cut(self._title(), WIDTH)]
        lines += _wrapped(", ".join(f"{name} {value}".strip() for name, value in self._facts()), "")
        for note in self._notes():
            lines += _wrapped(note, "  ")
        lines += ["", *self._table()] if self.looks else []
        return "\n".join(lines)

    def html(self) -> str:
        """A card for a notebook, in the colours that surround it."""
        facts = "".join(f"<li>{html.escape(name)} <b>{html.escape(value)}</b></li>" for name, value in self._facts())
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in self._notes())
        parts = [
            f"<style>\n{_style()}</style>",
            f"<h1>{html.escape(self._title())}</h1>",
            f'<ul class="facts">{facts}</ul>',
        ]
        parts += [f'<ul class="notes">{notes}</ul>'] if notes else []
        parts += [self._html_table()] if self.looks else []
        return '<div class="callframe-raw">' + "\n".join(parts) + "</div>"

    def as_dict(self) -> dict[str, object]:
        """The same, for `--json`."""
        origin = self.origin
        more = self.columns - len(self.looks)
        told = ("name", "kind", "encoding", "separator", "header", "packed", "sheet", "files", "notes")
        return {
            "rows": self.rows,
            **{name: value for name in told if (value := getattr(origin, name)) not in (None, ())},
            "left_out": [{"line": line, "what": what} for line, what in origin.left_out],
            "columns": [
                {
                    "name": _name(look.name),
                    "looks_like": look.kind,
                    "blank": round(look.blank, 4),
                    "samples": list(look.samples),
                    "asks": list(look.asks),
                }
                for look in self.looks
            ],
            **({"more_columns": more} if more else {}),
        }

    def _title(self) -> str:
        name = _plain(self.origin.name)
        rows = "1 row" if self.rows == 1 else f"{number(self.rows)} rows"
        columns = "1 column" if self.columns == 1 else f"{number(self.columns)} columns"
        return f"{name}: {rows}, {columns}"

    def _facts(self) -> Iterator[tuple[str, str]]:
        origin = self.origin
        yield "", origin.kind
        if origin.packed:
            yield "packed with", origin.packed
        if origin.encoding:
            yield "encoding", origin.encoding
        if origin.separator:
            yield "separator", {"\t": "tab", " ": "space"}.get(origin.separator, f"«{origin.separator}»")
        if origin.sheet:
            yield "sheet", _plain(origin.sheet)
        if origin.header:
            yield "names in line", str(origin.header)
        elif (origin.separator or origin.sheet) and not origin.files:
            yield "no names", ""
        if origin.files:
            yield "files", f"{len(origin.files)}: {_plain(_some(origin.files))}"

    def _notes(self) -> list[str]:
        """What was left out, why it was read so, and what a conversion may ask."""
        left = [f"line {line} ({_plain(what)})" for line, what in self.origin.left_out]
        notes = [f"left out: {_some(left)}"] if left else []
        notes += map(_plain, self.origin.notes)
        asks = dict.fromkeys(option for look in self.looks for option in look.asks)
        asking = ((option, [_name(look.name) for look in self.looks if option in look.asks]) for option in asks)
        told = [f"{option} ({_some(names, 3)})" for option, names in asking]
        return [*notes, f"to convert, you may have to say {', '.join(told)}"] if told else notes

    def _entries(self) -> list[tuple[str, str, str, str, tuple[str, ...]]]:
        """Number, name, kind, blanks and samples of each column that is shown."""
        return [
            (str(number), _plain(_name(look.name)), look.kind, _share(look.blank), tuple(map(_plain, look.samples)))
            for number, look in enumerate(self.looks, start=1)
        ]

    def _table(self) -> list[str]:
        blank = "blank" if any(look.blank for look in self.looks) else ""
        entries = [("", "column", "looks like", blank, ("samples",)), *self._entries()]
        widths = [max(cell_len(entry[place]) for entry in entries) for place in range(4)]  # type: ignore[arg-type]
        numbers, names, kinds, blanks = widths[0], min(widths[1], _NAME), min(widths[2], _KIND), widths[3]
        room = WIDTH - numbers - names - kinds - blanks - 8
        lines = [
            f"{_padded(number, numbers, right=True)}  {_padded(name, names)}  {_padded(kind, kinds)}  "
            f"{_padded(blank, blanks, right=True)}  {_row(samples, room)}".rstrip()
            for number, name, kind, blank, samples in entries
        ]
        return [*lines, *self._more()]

    def _more(self) -> list[str]:
        more = self.columns - len(self.looks)
        first = [f"Looked at the first {number(ROWS)} rows."] if self.rows > ROWS else []
        return [*([f"… and {number(more)} more columns"] if more > 0 else []), *first]

    def _html_table(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in ("", "column", "looks like", "blank", "samples"))
        rows = []
        for place, name, kind, blank, samples in self._entries():
            shown = "".join(f"<code>{html.escape(sample)}</code>" for sample in samples)
            cells = (place, f"<b>{html.escape(name)}</b>", html.escape(kind), blank, shown)
            rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
        more = "".join(f'<p class="more">{html.escape(line)}</p>' for line in self._more())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>{more}"


def _name(name: str) -> str:
    """The name of a column, unless it is a cell of a call that was taken for one."""
    return masked(name) if looks_like_a_call([name]) else name


def _plain(text: str) -> str:
    """The text on one line, without characters that nobody sees."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def _share(share: float) -> str:
    if not share:
        return ""
    return "all" if share == 1 else f"{min(max(round(100 * share), 1), 99)}%"


def _some(texts: Sequence[str], most: int = _MOST_LINES) -> str:
    return ", ".join(texts[:most]) + (f" and {len(texts) - most} more" if len(texts) > most else "")


def _wrapped(text: str, indent: str) -> list[str]:
    """The words in lines of at most `WIDTH`, the second and later ones further in."""
    lines = [indent]
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines[-1].strip() else lines[-1] + word
        if cell_len(longer) > WIDTH and lines[-1].strip():
            lines.append(f"{indent}  {word}")
        else:
            lines[-1] = longer
    return [_cut(line, WIDTH) for line in lines]


def _cut(text: str, width: int) -> str:
    """The text in so many columns of a terminal, with a mark if some of it is left out."""
    if cell_len(text) <= width:
        return text
    while cell_len(text) > width - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def _padded(text: str, width: int, *, right: bool = False) -> str:
    cut = _cut(text, width)
    space = " " * (width - cell_len(cut))
    return space + cut if right else cut + space


def _row(samples: Sequence[str], room: int) -> str:
    """As many samples as there is room for, at least one."""
    shown = ""
    for sample in samples:
        longer = f"{shown} · {_cut(sample, _SAMPLE)}" if shown else _cut(sample, min(_SAMPLE, room))
        if cell_len(longer) > room:
            break
        shown = longer
    return shown


@cache
def _style() -> str:
    return (resources.files("callframe.read") / "display.css").read_text(encoding="utf-8")
