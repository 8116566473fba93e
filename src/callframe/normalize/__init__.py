"""Stage 3, normalize: text as exports write it -> the one form that Metrica takes, as Polars expressions.

One module a kind of value, one face: a function `Expr -> Expr` that gives the normal form or null, and `reason`, which
says why a text has none. Null in, null out; a blank or a word for "nothing" is null without a reason. A reason is a
head from the module's `REASONS`, then perhaps ` for RU` (a region) and `; detail`.

Importing callframe registers the same functions as a namespace of Polars expressions:

>>> import polars as pl
>>> import callframe
>>> pl.select(pl.lit("8 (912) 345-67-89").calls.e164(region="RU")).item()
'+79123456789'
"""

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

import polars as pl

__all__ = ["NORMALIZERS", "Calls"]

NORMALIZERS = {
    "e164": "phones",
    "unix_utc": "timestamps",
    "iso4217": "currencies",
    "decimal": "amounts",
    "seconds": "durations",
    "binary": "flags",
    "digits": "identifiers",
    "absolute": "urls",
    "plain": "texts",
    "extension": "phones",
    "is_valid": "phones",
    "region_of": "phones",
    "currency": "amounts",
    "text": "identifiers",
}
"""Each normalizer and the module it lives in; first the nine that a conversion needs most."""

_KINDS = {"text": {"kind": "text"}, "digits": {"kind": "digits"}}
"""What a module's `reason` must be told where it speaks of two normalizers."""


def __getattr__(name: str) -> Any:
    if name in NORMALIZERS.values():
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@pl.api.register_expr_namespace("calls")
class Calls:
    """The normalizers as methods: `pl.col("x").calls.e164(region="RU")` is `phones.e164(pl.col("x"), region="RU")`.

    >>> pl.select(pl.lit("1.7E+18").calls.reason("digits")).item()
    'digits lost in a spreadsheet'
    """

    def __init__(self, expr: pl.Expr) -> None:
        """Keep the expression the methods start from."""
        self._expr = expr

    def __getattr__(self, name: str) -> Callable[..., pl.Expr]:
        """The normalizer of that name, its first argument already given."""
        function = getattr(_module(name), name)
        return lambda **options: function(self._expr, **options)

    def reason(self, name: str, **options: Any) -> pl.Expr:
        """Why the normalizer `name` gives no value, under the same options."""
        why: pl.Expr = _module(name).reason(self._expr, **_KINDS.get(name, {}), **options)
        return why

    def explained(self, name: str, **options: Any) -> pl.Expr:
        """The normalizer's `value` and its `reason`, in one struct."""
        both: pl.Expr = _module(name).explained(self._expr, **_KINDS.get(name, {}), **options)
        return both

    def __dir__(self) -> list[str]:
        """The normalizers, for completion in a notebook."""
        return sorted([*NORMALIZERS, "explained", "reason"])


def _module(name: str) -> ModuleType:
    if name not in NORMALIZERS:
        raise AttributeError(f"no normalizer {name!r}; there are {', '.join(NORMALIZERS)}")
    return import_module(f"{__name__}.{NORMALIZERS[name]}")
