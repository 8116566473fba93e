"""Two columns of moments -> the seconds between them, or the reason why there are none."""

import polars as pl

from callframe.normalize import _moments, _spans, _zones, texts

__all__ = ["REASONS", "reasons", "values"]

REASONS: tuple[str, ...] = ("negative", "longer than 24 hours", *_moments.REASONS)
_NEGATIVE, _LONG, *_ = REASONS


def values(end: pl.Series, start: pl.Series, rules: _moments.Rules) -> pl.Series:
    """Seconds from `start` to `end`, or null."""
    length = pl.col("length")
    counts = pl.col("wanted") & length.is_between(0, _spans.LONGEST)
    return _pairs(end, start, rules).select(pl.when(counts).then(length).alias(end.name)).to_series()


def reasons(end: pl.Series, start: pl.Series, rules: _moments.Rules) -> pl.Series:
    """A reason for each pair that is there and has no difference."""
    both = _moments.reasons(pl.concat([end, start]), rules)
    whys = pl.DataFrame({"why": both.head(len(end)), "other": both.tail(len(start))})
    frame = pl.concat([_pairs(end, start, rules), whys], how="horizontal")
    why = (
        pl.when(pl.col("length") < 0)
        .then(pl.lit(_NEGATIVE))
        .when(pl.col("length") > _spans.LONGEST)
        .then(pl.lit(_LONG))
        .when(pl.col("length").is_null())
        .then(pl.coalesce(_telling("why"), _telling("other"), "why", "other"))
    )
    return frame.select(pl.when("wanted").then(why).alias(end.name)).to_series()


def _pairs(end: pl.Series, start: pl.Series, rules: _moments.Rules) -> pl.DataFrame:
    """`length` in seconds, and `wanted`: both texts are there, and say that there was such a moment."""
    text = pl.concat([end.alias("text"), start.alias("text")])
    moments = _moments.moments(text, rules).select(*_comparable(rules), texts.present(pl.lit(text)))
    late = moments.head(len(end))
    early = moments.tail(len(start)).select(pl.all().name.prefix("start_"))
    alike = pl.col("naive") == pl.col("start_naive")
    wanted = (pl.col("text") != "0") & (pl.col("start_text") != "0")
    return pl.concat([late, early], how="horizontal").select(
        pl.when(alike).then(pl.col("seconds") - pl.col("start_seconds")).alias("length"), wanted.alias("wanted")
    )


def _comparable(rules: _moments.Rules) -> tuple[pl.Expr, pl.Expr]:
    """`seconds`, and `naive`: they are on a clock of no known zone."""
    naive = ~pl.col("zoned").fill_null(value=False) if rules.zone is None else pl.lit(value=False)
    clock = pl.when(pl.col("clock").is_between(_zones.START, _zones.END - 1)).then("clock")
    return pl.when(naive).then(clock).otherwise("value").alias("seconds"), naive.alias("naive")


def _telling(name: str) -> pl.Expr:
    """Two clock times need no zone, so the lack of one isn't the reason while there is another."""
    return pl.when(pl.col(name) != "no time zone").then(name)
