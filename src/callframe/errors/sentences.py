"""What the sentences of all errors share: their base, lists of names, hints."""

import difflib
from collections.abc import Iterable, Sequence

from callframe.errors.masks import short

__all__ = ["CallframeError", "columns", "listed", "nearest", "number", "there_is"]


class CallframeError(Exception):
    """Base of every exception callframe raises; `exit_code` is what the command line ends with."""

    exit_code = 1


def columns(names: Sequence[str]) -> str:
    """`column a`, or `columns a, b`."""
    return f"column{'s' if len(names) > 1 else ''} {listed(names)}"


def listed(names: Sequence[str], most: int = 40) -> str:
    """The names, as many as a sentence bears."""
    # A name that holds a comma would look like two.
    quoted = any("," in name for name in names)
    # Without a header, a row of calls may stand where names should.
    told = map(short, names[:most])
    shown = ", ".join(f"«{name}»" if quoted else name for name in told) or "no columns"
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")


def number(count: int) -> str:
    """A count as people write it.

    >>> number(1234567)
    '1 234 567'
    """
    return f"{count:,}".replace(",", " ")


def nearest(value: str, known: Iterable[str]) -> str:
    """A hint at the known name that `value` may be a misspelling of, or nothing."""
    near = difflib.get_close_matches(value, list(known), n=1, cutoff=0.6)
    return f" Did you mean {near[0]!r}?" if near else ""


def there_is(names: Sequence[str]) -> str:
    """What an export has; a lone name may be a title above the header."""
    title = " If that is a title, say where the names stand, for example: --header 2." if len(names) == 1 else ""
    return f"The export has {listed(names)}.{title}"
