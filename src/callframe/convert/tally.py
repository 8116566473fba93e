"""The numbers of a conversion: rows by fate, findings by column and code."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from callframe.errors.sentences import number

__all__ = ["Tally"]

EXAMPLES = 3
"""Source rows kept as examples of each finding."""

DETAILS = 5
"""Details of a message kept for each finding: the words outside a value table, say."""


@dataclass(frozen=True, repr=False)
class Tally:
    """Counts that add up: `rows = accepted + rejected + skipped`."""

    accepted: int
    rejected: int
    skipped: int
    findings: pl.DataFrame
    """`column`, `code`, `severity`, `message`, `details` (the first five), `count`, `source_rows` (the first three)."""

    reasons: pl.DataFrame
    """Of skipped rows: `reason`, `details` (the first five), `count`, `source_rows` (the first three)."""

    @property
    def rows(self) -> int:
        """Rows read."""
        return self.accepted + self.rejected + self.skipped

    @property
    def warnings(self) -> int:
        """Number of findings that only warn."""
        return int(self.findings.filter(pl.col("severity") == "warning")["count"].sum())

    def __repr__(self) -> str:
        """The counts, in a line.

        >>> empty = pl.DataFrame(schema={"severity": pl.String, "count": pl.Int64})
        >>> Tally(1200, 30, 10, empty, empty)
        1 240 rows read = 1 200 accepted + 30 rejected + 10 skipped; 0 warnings
        """
        numbers = (self.rows, self.accepted, self.rejected, self.skipped, self.warnings)
        line = "{} rows read = {} accepted + {} rejected + {} skipped; {} warning" + "s" * (self.warnings != 1)
        return line.format(*map(number, numbers))

    def by_code(self) -> dict[str, int]:
        """Number of findings by code, the most first."""
        counts = self.findings.group_by("code", maintain_order=True).agg(pl.col("count").sum())
        return dict(counts.sort("count", descending=True, maintain_order=True).iter_rows())

    @classmethod
    def of(cls, accepted: int, rejected: int, skipped: pl.DataFrame, findings: pl.DataFrame) -> "Tally":
        """The numbers of one conversion, or of one batch of it."""
        by_message = findings.group_by("column", "code", "severity", "message", maintain_order=True).agg(
            count=pl.len().cast(pl.Int64), source_rows=pl.col("source_row").head(EXAMPLES)
        )
        by_code = by_message.group_by("column", "code", "severity", maintain_order=True).agg(
            pl.col("message").first().str.extract(r"^([^;]+)"),
            details=pl.col("message").str.extract("; (.+)$").drop_nulls().unique(maintain_order=True).head(DETAILS),
            count=pl.col("count").sum(),
            source_rows=pl.col("source_rows").explode().sort().head(EXAMPLES),
        )
        heads = skipped.select(
            "source_row", pl.col("reason").str.extract(r"^([^;]+)"), detail=pl.col("reason").str.extract("; (.+)$")
        )
        by_reason = heads.group_by("reason", maintain_order=True).agg(
            details=pl.col("detail").drop_nulls().unique(maintain_order=True).head(DETAILS),
            count=pl.len().cast(pl.Int64),
            source_rows=pl.col("source_row").head(EXAMPLES),
        )
        return cls(accepted, rejected, skipped.height, by_code, by_reason)

    @classmethod
    def sum(cls, parts: Iterable["Tally"]) -> "Tally":
        """The numbers of all batches together, in the order of the file."""
        first, *rest = parts
        findings = pl.concat([first.findings, *(part.findings for part in rest)])
        reasons = pl.concat([first.reasons, *(part.reasons for part in rest)])
        return cls(
            first.accepted + sum(part.accepted for part in rest),
            first.rejected + sum(part.rejected for part in rest),
            first.skipped + sum(part.skipped for part in rest),
            _added(findings, ["column", "code", "severity"]).select(first.findings.columns),
            _added(reasons, ["reason"]).select(first.reasons.columns),
        )


def _added(parts: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    details = pl.col("details").explode().drop_nulls().unique(maintain_order=True).head(DETAILS)
    sums = [pl.col("count").sum(), pl.col("source_rows").explode().drop_nulls().head(EXAMPLES), details]
    firsts = [pl.col("message").first()] if "message" in parts.columns else []
    return parts.group_by(keys, maintain_order=True).agg(*sums, *firsts)
