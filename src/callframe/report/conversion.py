"""A conversion for people: the counts that add up, what was set aside and why, what to do."""

import html
import textwrap
from dataclasses import dataclass
from typing import Any, ClassVar

from callframe.convert import Conversion, FileConversion
from callframe.convert.tally import Tally
from callframe.errors.sentences import number
from callframe.findings import ADVICE
from callframe.report.shown import WIDTH, Shown

__all__ = ["Report", "of_conversion"]

_LIMITS = {
    6_500: "as many as Ringostat gives at once",
    65_535: "as many as fit below the names in an XLS sheet",
    1_048_575: "as many as fit below the names in an XLSX sheet",
}
"""Rows at which exports end, whatever the period has."""


@dataclass(frozen=True, repr=False)
class Report(Shown):
    """What became of an export; text in a terminal, HTML in a notebook."""

    title: ClassVar[str] = "callframe report"

    tally: Tally
    facts: tuple[tuple[str, str], ...]
    """What the conversion was told: option and value."""

    columns: tuple[tuple[str, str], ...] = ()
    """Contract column and the source columns that feed it."""

    notes: tuple[str, ...] = ()
    """What a suggested mapping rests on and leaves open."""

    def __str__(self) -> str:
        """Aligned text."""
        tally = self.tally
        lines = [repr(tally)]
        if self.facts:
            lines.append("with " + ", ".join(f"{name} {value}" for name, value in self.facts))
        fed = ", ".join(f"{column} ← {source}" for column, source in self.columns)
        lines += textwrap.wrap(fed, WIDTH, initial_indent="columns: ", subsequent_indent="         ")
        for note in self.notes:
            lines += textwrap.wrap(note, WIDTH, initial_indent="note: ", subsequent_indent="      ")
        for title, severity in (("Rejected", "error"), ("Blanked or doubtful, but accepted", "warning")):
            lines += _section(title, [_entry(row) for row in _rows(tally, severity)])
        lines += _section(
            "Skipped",
            [(row["reason"], row["count"], row["source_rows"], ", ".join(row["details"]), "") for row in _skips(tally)],
        )
        return "\n".join(lines)

    def body(self) -> str:
        """The inside of the page."""
        tally = self.tally
        facts = "".join(f"<li>{html.escape(name)} <b>{html.escape(value)}</b></li>" for name, value in self.facts)
        fed = ", ".join(f"{html.escape(column)} ← <b>{html.escape(source)}</b>" for column, source in self.columns)
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in self.notes)
        parts = ["<h1>What became of the export</h1>", _counts(tally), f'<ul class="facts">{facts}</ul>']
        parts.append(f'<p class="columns">{fed}</p>' + (f'<ul class="notes">{notes}</ul>' if notes else ""))
        for title, severity in (("Rejected", "error"), ("Blanked or doubtful, but accepted", "warning")):
            parts.append(_table(title, [_entry(row) for row in _rows(tally, severity)]))
        parts.append(
            _table(
                "Skipped",
                [
                    (row["reason"], row["count"], row["source_rows"], ", ".join(row["details"]), "")
                    for row in _skips(tally)
                ],
            )
        )
        return "\n".join(parts)


def of_conversion(result: Conversion | FileConversion) -> Report:
    """What became of an export."""
    settings = result.settings
    told = {
        "mapping": result.mapping.name,
        "time zone": settings.time_zone,
        "region": settings.region,
        "currency": settings.currency,
        "date order": settings.date_order,
        "decimal mark": settings.decimal_mark,
        "duration unit": settings.duration_unit,
    }
    facts = tuple((name, value) for name, value in told.items() if value)
    fed = tuple((column, str(source)) for column, source in result.mapping.columns.items())
    return Report(result.tally, facts, fed, (*result.mapping.notes, *_cut_short(result.tally.rows)))


def _cut_short(rows: int) -> tuple[str, ...]:
    """What to say of an export that has exactly as many rows as some system gives."""
    limit = _LIMITS.get(rows)
    return (f"{number(rows)} rows are {limit}: calls may be missing, so export a shorter period.",) if limit else ()


Entry = tuple[str, int, list[int], str, str]
"""Title, number of rows, rows to look at, detail, advice."""


def _rows(tally: Tally, severity: str) -> list[dict[str, Any]]:
    found = tally.findings.filter(tally.findings["severity"] == severity)
    return found.sort("count", descending=True, maintain_order=True).to_dicts()


def _skips(tally: Tally) -> list[dict[str, Any]]:
    return tally.reasons.sort("count", descending=True, maintain_order=True).to_dicts()


def _entry(row: dict[str, Any]) -> Entry:
    title = row["message"] if "|" in row["column"] else f"{row['column']}: {row['message']}"
    return title, row["count"], row["source_rows"], ", ".join(row["details"]), ADVICE.get(row["code"], "")


def _where(rows: list[int], count: int) -> str:
    return "row " * (count == 1) + "rows " * (count > 1) + ", ".join(map(str, rows)) + " …" * (count > len(rows))


def _section(title: str, entries: list[Entry]) -> list[str]:
    if not entries:
        return []
    lines = ["", title]
    for what, count, rows, detail, advice in entries:
        where = _where(rows, count)
        lines.append(f"  {number(count):>7}  {what}".ljust(76) + f"  {where}")
        for more in (detail, advice and f"→ {advice}"):
            lines += textwrap.wrap(more, WIDTH, initial_indent=" " * 11, subsequent_indent=" " * 13) if more else []
    return lines


def _counts(tally: Tally) -> str:
    parts = (("accepted", tally.accepted), ("rejected", tally.rejected), ("skipped", tally.skipped))
    shares = "".join(
        f'<span class="{name}" style="width:{100 * count / tally.rows:.3f}%"></span>' for name, count in parts if count
    )
    sums = " + ".join(f'<b class="{name}">{number(count)}</b> {name}' for name, count in parts)
    warnings = f"{number(tally.warnings)} warning{'s' * (tally.warnings != 1)}"
    line = f"<b>{number(tally.rows)}</b> rows read = {sums}; {warnings}"
    return f'<p class="sum">{line}</p><div class="bar">{shares}</div>'


def _table(title: str, entries: list[Entry]) -> str:
    if not entries:
        return ""
    rows = []
    for what, count, where, detail, advice in entries:
        more = f"<br><small>{html.escape(detail)}</small>" if detail else ""
        cells = (number(count), html.escape(what) + more, html.escape(_where(where, count)), html.escape(advice))
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    names = ("rows", "what", "look at", "what to do" if any(entry[-1] for entry in entries) else "")
    head = "".join(f"<th>{name}</th>" for name in names)
    return f"<h2>{title}</h2><table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
