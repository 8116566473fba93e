"""What all reports share: text in a terminal, HTML in a notebook, a page in a file, one style."""

from importlib import resources
from pathlib import Path
from typing import ClassVar

from callframe.replacing import replacing

__all__ = ["WIDTH", "Shown"]

WIDTH = 100
"""Characters in a line of the text."""


class Shown:
    """A report; its text is `str(report)`."""

    title: ClassVar[str]

    def __repr__(self) -> str:
        return str(self)

    def body(self) -> str:
        """The inside of the page."""
        raise NotImplementedError

    def _repr_html_(self) -> str:
        return f'<div class="callframe">{_STYLE}{self.body()}</div>'

    def html(self) -> str:
        """A page that stands alone."""
        head = f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{self.title}</title></head>'
        return f'{head}\n<body class="callframe page">{_STYLE}{self.body()}</body></html>\n'

    def save(self, path: str | Path, *, overwrite: bool = True) -> None:
        """Write the page to a file.

        Raises:
            OutputError: the file can't be written.
        """
        with replacing(path, overwrite=overwrite) as file:
            file.write(self.html().encode())


_STYLE = f"<style>\n{(resources.files('callframe.report') / 'report.css').read_text(encoding='utf-8')}</style>"
