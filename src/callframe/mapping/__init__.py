"""Stage 2, map: RawFrame -> contract columns, raw values.

A `Mapping` says which source column feeds which contract column, and how its text is written. It comes from a TOML
file, from code, from the ready ones (`Mapping.ready()`), or is suggested from the headers of an export.
"""

from callframe.mapping.mapping import Mapping
from callframe.mapping.sources import Filter, Source
from callframe.mapping.words import folded

__all__ = ["Filter", "Mapping", "Source", "folded"]
