"""Why a text says no moment, in a closed set of words."""

from callframe.normalize._arrays import Words

__all__ = ["REASONS", "TOLD"]

REASONS: tuple[str, ...] = (
    "two-digit year",
    "no such date",
    "no time of day",
    "no such time",
    "not a date and time",
    "not the stated format",
    "no date",
    "year out of range",
    "no time zone",
    "clock time skipped",
    "clock time repeated",
    "day or month first?",
    "day first and month first mixed",
    "milliseconds or a date?",
)
"""The heads."""

TOLD = Words(
    *REASONS,
    "no such date; the weekday is another",
    "not a date and time; as Unix time it lies before September 2001",
)
