"""slow first version, being replaced"""

from functools import partial

import polars as pl

from callframe.errors import OptionError
from callframe.normalize.texts import present

REASONS: tuple[str, ...] = (
    "too short",
    "too long",
    "not a number",
    "not valid",
    "two numbers",
    "letters in the number",
    "digits lost in a spreadsheet",
    "no country code",
    "no such country code",
)


def e164(expr: pl.Expr, *, region: str | pl.Expr | None = None, vanity: bool = False) -> pl.Expr:
    return _ask(expr, region, vanity, "e164")


def reason(expr: pl.Expr, *, region: str | pl.Expr | None = None, vanity: bool = False) -> pl.Expr:
    return _ask(expr, region, vanity, "reason")


def _ask(expr, region, vanity, what):
    import phonenumbers

    if isinstance(region, str):
        region = region.upper()
        if region not in phonenumbers.SUPPORTED_REGIONS:
            raise OptionError.unknown("a region", region, phonenumbers.SUPPORTED_REGIONS, "RU")
    if not isinstance(region, pl.Expr):
        region = pl.lit(region, dtype=pl.String)
    return pl.struct(present(expr.cast(pl.String)).alias("text"), region.alias("region")).map_batches(
        partial(_slow, vanity=vanity, what=what), return_dtype=pl.String, is_elementwise=True
    )


def _slow(rows, vanity, what):
    from callframe.normalize._phone_reading import Verdict, read

    out = []
    for row in rows:
        text = row["text"] if row else None
        if text is None or text.lower() in ("аноним", "anonymous"):
            out.append(None)
            continue
        got = read(text, row["region"], vanity)
        if what == "e164":
            out.append(None if got.value is None else f"+{got.value}")
        else:
            out.append(None if got.verdict == Verdict.VALID else got.verdict.name.lower().replace("_", " "))
    return pl.Series(rows.name, out, dtype=pl.String)
