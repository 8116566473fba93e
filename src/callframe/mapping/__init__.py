"""Stage 2, map: RawFrame -> contract columns, raw values.

A `Mapping` says which source column feeds which contract column, and how its text is written. It comes from a TOML
file, from code, from the ready ones (`Mapping.ready()`), or is suggested from the names and values of an export; a
suggestion says of each column how sure it is, and why.
"""

from callframe.mapping.mapping import NEEDS, Mapping
from callframe.mapping.sources import Dedupe, Filter, Source
from callframe.mapping.suggestion import Choice, Suggestion
from callframe.mapping.words import folded

__all__ = ["NEEDS", "Choice", "Dedupe", "Filter", "Mapping", "Source", "Suggestion", "folded"]
