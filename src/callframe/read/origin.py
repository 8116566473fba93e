"""What was understood of a source, and why: for people to look at."""

from dataclasses import dataclass

__all__ = ["Origin"]


@dataclass(frozen=True)
class Origin:
    """How a source was read; what doesn't apply to its kind is None."""

    name: str
    """What messages call the source."""

    kind: str
    """What it is: `frame`, `CSV`, `JSON lines`, `JSON`, `Parquet`, `Arrow`, `XLSX`, `XLSB`, `XLS`, `ODS`, `HTML`."""

    encoding: str | None = None
    """Encoding of the text."""

    separator: str | None = None
    """Character between the cells."""

    header: int | None = None
    """Line of the names, 1 = first; None: there is none."""

    left_out: tuple[tuple[int, str], ...] = ()
    """Lines that are neither names nor rows, each with what it is: `title`, `types`, `units`, …"""

    packed: str | None = None
    """What it was packed with: `gzip`, `zstd`, `bzip2`, `xz`."""

    sheet: str | None = None
    """Name of the sheet that was read."""

    files: tuple[str, ...] = ()
    """Names of the files, if there are several."""

    notes: tuple[str, ...] = ()
    """Why it was read so where that isn't plain, and what to look at; sentences."""
