"""What is known of column names: `mappings/headers.toml`, ready to look names up in."""

import tomllib
from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from callframe.mapping.words import folded

__all__ = ["Group", "Headers", "Rank", "headers"]

Group = Literal["names", "digits", "opposite", "general", "perhaps"]
"""How much a name says, from all to hardly anything; see the comments in the file."""

GROUPS: tuple[Group, ...] = ("names", "digits", "opposite", "general", "perhaps")


@dataclass(frozen=True)
class Rank:
    """Names that say equally well that a column is what the contract column wants."""

    group: Group
    names: tuple[str, ...]

    def matching(self, columns: list[str]) -> list[str]:
        """Those of `columns` that are one of the names, folded; in the order of the names, whatever their own."""
        wanted = {folded(name): place for place, name in reversed(list(enumerate(self.names)))}
        found = [name for name in columns if folded(name) in wanted]
        return sorted(found, key=lambda name: (wanted[folded(name)], name not in self.names, name))


@dataclass(frozen=True)
class Headers:
    """Names by contract column, words for directions, units, and names that only look right."""

    ranks: Table[str, tuple[Rank, ...]]
    """Contract column -> ranks of names, the best first."""

    time: tuple[str, ...]
    """Names of a time of day beside a date of its own."""

    units: Table[str, str]
    """Folded ending of a duration's name -> its unit."""

    currencies: tuple[str, ...]
    """Folded endings of a price's name."""

    direction: tuple[str, ...]
    inbound: frozenset[str]
    outbound: frozenset[str]
    traps: Table[str, str]
    """Folded name -> what it really is."""

    def trap(self, name: str) -> str | None:
        """What a column that only looks right is; None for any other, and for a name spelled as in the lists."""
        listed = any(name in rank.names for ranks in self.ranks.values() for rank in ranks)
        return None if listed else self.traps.get(folded(name))


@cache
def headers() -> Headers:
    """The file, read once."""
    text = (resources.files("callframe") / "mappings" / "headers.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)
    columns = dict.fromkeys(column for group in GROUPS for column in told[group])
    return Headers(
        ranks={column: tuple(_ranks(told, column)) for column in columns},
        time=tuple(told["time"]["names"]),
        units={folded(ending): unit for ending, unit in told["units"].items()},
        currencies=tuple(folded(ending) for ending in told["currencies"]["endings"]),
        direction=tuple(told["direction"]["names"]),
        inbound=frozenset(told["direction"]["inbound"]),
        outbound=frozenset(told["direction"]["outbound"]),
        traps={folded(name): what for name, what in told["traps"].items()},
    )


def _ranks(told: dict[str, Any], column: str) -> Iterator[Rank]:
    for group in GROUPS:
        for names in told[group].get(column, ()):
            yield Rank(group, tuple(names))
