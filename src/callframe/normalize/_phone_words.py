"""What stands where a phone number should, when the caller withheld it, and what may be wrong with a number."""

__all__ = ["KEYPAD_WORDS", "REASONS", "WITHHELD"]

REASONS: tuple[str, ...] = (
    "too short",
    "too long",
    "not valid",
    "not a number",
    "no country code",
    "no such country code",
    "two numbers",
    "letters in the number",
    "digits lost in a spreadsheet",
)
"""Why a text is no number, in the order of `Verdict`."""

KEYPAD_WORDS = ("266696687", "86282452253", "8656696", "2562533", "7378742833")
"""ANONYMOUS, UNAVAILABLE, UNKNOWN, BLOCKED and RESTRICTED on a keypad: callers that look like numbers after a plus."""

WITHHELD = (
    "anonymous",
    "anonymous caller",
    "blocked",
    "caller id blocked",
    "hidden",
    "hidden number",
    "id unavailable",
    "no caller id",
    "number unavailable",
    "number withheld",
    "out of area",
    "private",
    "private caller",
    "private number",
    "restricted",
    "unavailable",
    "unknown",
    "unknown caller",
    "unknown number",
    "withheld",
    "withheld number",
    "аноним",
    "анонимно",
    "анонимный",
    "анонимный звонок",
    "анонимный номер",
    "закрытый номер",
    "неизвестен",
    "неизвестно",
    "неизвестный",
    "неизвестный номер",
    "не определен",
    "не определён",
    "номер неизвестен",
    "номер не определен",
    "номер не определён",
    "номер скрыт",
    "скрыт",
    "скрыто",
    "скрытый",
    "скрытый номер",
)
"""What exports write for a caller who withheld the number, in lower case."""
