"""A mapping for people: which column is what, and of a suggestion how sure that is, and why; as text and as HTML."""

import html
import textwrap
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Table
from importlib import resources
from typing import TYPE_CHECKING

from callframe.mapping.sources import Source

if TYPE_CHECKING:
    from callframe.mapping.suggestion import Choice, Suggestion

__all__ = ["mapping_html", "mapping_text", "suggestion_html", "suggestion_text"]

WIDTH = 100
"""Characters in a line of the text."""

_LONGEST_NAME = 30


def suggestion_text(told: "Suggestion") -> str:
    """Aligned lines: contract column, source column, how sure, why; then what is left out."""
    sources = {choice.column: _of_choice(choice) for choice in told.choices}
    width = min(max(map(len, sources.values()), default=1), _LONGEST_NAME)
    lines = [_title(told)]
    for choice in told.choices:
        head = f"  {choice.column:<15}  {sources[choice.column]:<{width}}  {choice.sure:<7}  "
        lines += _wrapped(choice.why, head, " " * (28 + width))
        for name, why in choice.candidates if choice.sure == "open" else ():
            lines += _wrapped(f"{name}: {why}", " " * (28 + width) + "· ", " " * (30 + width))
    lines += [""] * bool(told.choices)
    for note in (*(told.direction.notes if told.direction else ()), *told.asides):
        lines += textwrap.wrap(note, WIDTH, subsequent_indent="  ")
    return "\n".join(lines).rstrip()


def mapping_text(title: str, columns: Table[str, Source]) -> str:
    """A line for each contract column: what feeds it."""
    return "\n".join([title, *(f"  {column:<15}  {source}" for column, source in columns.items())])


def suggestion_html(told: "Suggestion") -> str:
    """The same as a table."""
    notes = (*(told.direction.notes if told.direction else ()), *told.asides)
    listed = "".join(f"<li>{html.escape(note)}</li>" for note in notes)
    rows = [
        (choice.sure, (choice.column, _of_choice(choice), choice.sure), _reasons(choice)) for choice in told.choices
    ]
    return _page(_title(told), ("column", "comes from", "sure", "why"), rows) + (
        f'<ul class="notes">{listed}</ul></div>' if listed else "</div>"
    )


def mapping_html(title: str, columns: Table[str, Source]) -> str:
    """The same as a table."""
    rows = [("", (column,), html.escape(str(source))) for column, source in columns.items()]
    return f"{_page(title, ('column', 'comes from'), rows)}</div>"


def _title(told: "Suggestion") -> str:
    return told.title + (f"; {len(told.open)} open" if told.open else "")


def _of_choice(choice: "Choice") -> str:
    return str(choice.source) if choice.source else "?"


def _wrapped(text: str, head: str, indent: str) -> list[str]:
    """Lines that start with `head`, which may be long; never narrower than a few words."""
    return textwrap.wrap(text, max(WIDTH, len(indent) + 40), initial_indent=head, subsequent_indent=indent) or [head]


def _reasons(choice: "Choice") -> str:
    items = choice.candidates if choice.sure == "open" else ()
    listed = "".join(f"<li><b>{html.escape(name)}</b>: {html.escape(why)}</li>" for name, why in items)
    return html.escape(choice.why) + (f"<ul>{listed}</ul>" if listed else "")


def _page(title: str, names: Sequence[str], rows: Iterable[tuple[str, Sequence[str], str]]) -> str:
    head = "".join(f"<th>{name}</th>" for name in names)
    body = "".join(
        f'<tr class="{kind}">{"".join(f"<td>{html.escape(cell)}</td>" for cell in cells)}<td>{last}</td></tr>'
        for kind, cells, last in rows
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="callframe-mapping">{_STYLE}<p class="title">{html.escape(title)}</p>{table}'


_STYLE = f"<style>\n{(resources.files('callframe') / 'mapping' / 'shown.css').read_text(encoding='utf-8')}</style>"
