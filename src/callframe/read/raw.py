"""The frame that `read` gives: an ordinary Polars frame that shows what was understood of its source."""

from typing import Any

import polars as pl

from callframe.read.origin import Origin

__all__ = ["RawFrame"]


class RawFrame(pl.DataFrame):
    """All String, plus `source_row` (Int64, 1 = first data row); shown as what was understood of its source, and why.

    What is made of it (`filter`, `head`, …) is a plain frame, which shows its cells, as `pl.DataFrame(raw)` does.

    >>> raw = RawFrame({"source_row": [1], "дата": ["03.04.2026 9:05"]}, origin=Origin("calls.csv", "CSV"))
    >>> print(str(raw).splitlines()[0])
    calls.csv: 1 row, 1 column
    >>> type(raw.head(1)).__name__
    'DataFrame'
    """

    origin: Origin | None
    """How the source was read; None where the frame wasn't read from one."""

    def __init__(self, *args: Any, origin: Origin | None = None, **named: Any) -> None:
        super().__init__(*args, **named)
        self.origin = origin

    @classmethod
    def _from_pydf(cls, py_df: Any) -> pl.DataFrame:
        # Polars makes the results of methods by this; they have no source of their own.
        return pl.DataFrame._from_pydf(py_df)  # noqa: SLF001

    def clone(self) -> "RawFrame":
        """The same cells, and the same origin."""
        return RawFrame(self, origin=self.origin)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (pl.DataFrame(self), self.origin)

    def __str__(self) -> str:
        return str(self._display()) if self.origin else super().__str__()

    __repr__ = __str__

    def _repr_html_(self, *, _from_series: bool = False) -> str:
        return self._display().html() if self.origin else super()._repr_html_(_from_series=_from_series)

    def _display(self) -> Any:
        # The looks need normalizers, and these take their time to import.
        from callframe.read.display import Display

        return Display.of(self, self.origin or Origin("the frame", "frame"), self.height)


def _restored(frame: pl.DataFrame, origin: Origin | None) -> RawFrame:
    return RawFrame(frame, origin=origin)
