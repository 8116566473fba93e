"""The character between the cells of a text, by a vote of its first records; what stands in quotes has no vote."""

import csv
import io
import re

from callframe.read.layout import RECORDS, may_be_names

__all__ = ["separator_line", "separator_of"]

SEPARATORS = ("\t", "|", ";", ",")
"""From what hardly stands in running text to what often does."""

_LINE = re.compile(r'"?sep=(?P<one>[^\r\n"])"?(?:\r\n|\r|\n)', re.IGNORECASE)


def separator_line(text: str) -> re.Match[str] | None:
    """The first line, if it names the separator as spreadsheets do: `sep=;`, the character as group `one`."""
    return _LINE.match(text)


def separator_of(sample: str, *, headed: bool | None, whole: bool = True) -> str | None:
    """The separator that cuts most of the first records into equally many cells, two at least; None: nothing cuts.

    They count from the first record of that width on that looks like names, if there is one; titles above may differ.
    Where several cut equally well, the one that is rarer in running text counts.

    Args:
        sample: the start of the text; the first record is the first that counts.
        headed: whether the first record holds the names; None: any may; False: there are none.
        whole: whether the sample is all of the text.
    """

    def vote(separator: str) -> float:
        records = _sampled(sample, separator, whole=whole) or [[]]
        cells = [len(record) for record in records]
        # A record of words somewhere below could be a row: names have rows below them.
        names = [i for i, record in enumerate(records) if may_be_names(record) and cells[i] in cells[i + 1 :]]
        starts = [0, *names] if headed is None else [0]
        start = max(starts, key=lambda i: (cells[i] > 1, cells.count(cells[i]), cells[i], -i))
        return cells[start:].count(cells[start]) / len(cells[start:]) if cells[start] > 1 else 0.0

    best = max(SEPARATORS, key=vote)
    return best if vote(best) else None


def _sampled(sample: str, separator: str, *, whole: bool) -> list[list[str]]:
    """The first records with text; one with a quote out of place ends them and has no cell."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator, strict=True)
    records: list[list[str]] = []
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                records.append(record)
            if len(records) == RECORDS:
                return records
    except csv.Error:
        records.append([])
    return records if whole else records[:-1] or records
