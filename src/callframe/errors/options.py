"""What the caller asked for and can't have as it stands: options, mappings, frames, questions."""

from collections.abc import Iterable, Sequence

from callframe.errors.files import FIRST_LINE_IS_A_CALL, looks_like_a_call
from callframe.errors.sentences import CallframeError, columns, listed, nearest, number, there_is

__all__ = ["Ambiguous", "ContractError", "MappingError", "OptionError"]


class OptionError(CallframeError, ValueError):
    """An option has a value that means nothing."""

    exit_code = 2

    @classmethod
    def unknown(cls, what: str, value: object, known: Iterable[str] = (), example: str = "") -> "OptionError":
        """`value` is not a `what`; say what is."""
        return cls(
            f"{value!r} is not {what}.{nearest(str(value), known)}" + (f" Example: {example}." if example else "")
        )

    @classmethod
    def not_stdout(cls, option: str) -> "OptionError":
        """Only the accepted rows may go to stdout."""
        return cls(f"{option} can't be stdout: only --out can. Name a file.")

    @classmethod
    def needs(cls, option: str, other: str) -> "OptionError":
        """An option that counts with another alone."""
        return cls(f"{option} counts only with {other}. Say both, or leave {option} out.")

    @classmethod
    def excluding(cls, first: str, second: str) -> "OptionError":
        """Two options that say different things."""
        return cls(f"{first} and {second} can't go together. Leave one out.")

    @classmethod
    def together(cls, first: str, second: str) -> "OptionError":
        """Two options that exclude each other."""
        return cls(f"{first} and {second} can't go together: both want stdout. Leave one out.")


class MappingError(CallframeError):
    """A mapping names what isn't there, or leaves out what must be."""

    exit_code = 2

    @classmethod
    def missing(cls, name: str, ready: Iterable[str]) -> "MappingError":
        """`name` is neither a ready mapping nor a file."""
        return cls(
            f"mapping: {name} is neither a file nor a ready mapping. Ready ones: {', '.join(ready)}."
            f"{nearest(name, ready)}"
        )

    @classmethod
    def unreadable(cls, name: str, why: str) -> "MappingError":
        """The system says no."""
        return cls(f"mapping: {name} can't be read: {why}.")

    @classmethod
    def not_toml(cls, name: str, why: str) -> "MappingError":
        """The file can't be parsed."""
        return cls(f"mapping: {name} is not TOML: {why}.")

    @classmethod
    def unknown_key(cls, where: str, key: str, known: Sequence[str], what: str) -> "MappingError":
        """`key` means nothing at that place."""
        return cls(f"mapping: {where} has no {key!r}. There are these {what}: {listed(known)}.{nearest(key, known)}")

    @classmethod
    def kind(cls, where: str, kind: str) -> "MappingError":
        """A value of another kind than its place takes."""
        return cls(f"mapping: {where} takes {kind}.")

    @classmethod
    def two_meanings(cls, where: str, key: str) -> "MappingError":
        """A value table that says two things of one text."""
        return cls(f"mapping: {where} gives {key!r} two meanings; case does not count. Leave one.")

    @classmethod
    def empty_word(cls, where: str, word: str) -> "MappingError":
        """A word that is never looked up."""
        return cls(f'mapping: {where} has {word!r}, but such a cell counts as blank. Write "" for a blank cell.')

    @classmethod
    def flag(cls, where: str, key: str) -> "MappingError":
        """A value table of a flag that gives something else than a flag."""
        return cls(f"mapping: {where}.{key} takes 1 or 0.")

    @classmethod
    def option(cls, where: str, why: str) -> "MappingError":
        """An option has a value that means nothing."""
        return cls(f"mapping: {where}: {why}")

    @classmethod
    def source(cls, where: str, column: str, *, derived: bool = False) -> "MappingError":
        """An entry has neither a column nor a constant, or both."""
        told = "needs either from (a source column) or value (a constant alone)"
        more = ', or derive = "history" alone' if derived else ""
        return cls(f"mapping: {where}: columns.{column} {told}{more}.")

    @classmethod
    def absent(cls, where: str, column: str, wanted: Sequence[str], there: Sequence[str]) -> "MappingError":
        """The export lacks the source column."""
        head = f"mapping: {where}: {column} is to come from {' or '.join(map(repr, wanted))}, but"
        if looks_like_a_call(there):
            return cls(f"{head} the export has no such column. {FIRST_LINE_IS_A_CALL}")
        return cls(f"{head} the export has {listed(there)}.{nearest(wanted[0] if wanted else '', there)}")

    @classmethod
    def no_time(cls, where: str, there: Sequence[str]) -> "MappingError":
        """Nothing feeds DateTime."""
        head = f"mapping: {where} says no column for DateTime, the time of the call."
        if looks_like_a_call(there):
            return cls(f"{head} {FIRST_LINE_IS_A_CALL}")
        return cls(f'{head} {there_is(there)} Name it in a mapping file: [columns] DateTime = "…".')

    @classmethod
    def no_numbers(cls, where: str) -> "MappingError":
        """FirstTimeCaller is to be told by callers that nothing names."""
        return cls(
            f"mapping: {where} derives FirstTimeCaller from who called before, but says no column for PhoneNumber. "
            f'Name it: [columns] PhoneNumber = "…".'
        )

    @classmethod
    def no_id(cls, where: str, there: Sequence[str], ids: Sequence[str], notes: Sequence[str] = ()) -> "MappingError":
        """Nothing feeds an id; `notes` say what looks like one."""
        head = f"mapping: {where} says no column for any of {', '.join(ids)}, and Metrica links a call by one of them."
        if looks_like_a_call(there):
            return cls(f"{head} {FIRST_LINE_IS_A_CALL}")
        may_be = "".join(f" {note}" for note in notes)
        return cls(
            f'{head} {there_is(there)}{may_be} Name it in a mapping file, for example: [columns] ClientId = "…".'
        )


class Ambiguous(CallframeError):
    """A question that only the user can answer: two readings of a column, and nothing in it settles which.

    `column` is the contract column, `count` the number of cells in doubt, `source_row` one to look at, `readings` what
    each answer would mean, `options` the exact option that gives each answer, in the same order: as Python spells it,
    and in brackets as the command line does.
    """

    exit_code = 2

    def __init__(
        self,
        column: str,
        question: str,
        *,
        count: int = 0,
        source_row: int | None = None,
        readings: Sequence[str] = (),
        options: Sequence[str] = (),
    ) -> None:
        self.column = column
        self.question = question
        self.count = count
        self.source_row = source_row
        self.readings = tuple(readings)
        self.options = tuple(options)
        super().__init__(column, question)

    def __str__(self) -> str:
        """One paragraph: what can't be told, how many cells, a row to look at, the readings, the options."""
        cells = "1 cell" if self.count == 1 else f"{number(self.count)} cells"
        where = f" ({cells}, for example source_row {self.source_row})" if self.count and self.source_row else ""
        lines = [f"{self.column}: {self.question}{where}."]
        lines += [f"  {reading}" for reading in self.readings]
        lines += ["Say which: " + "   or   ".join(self.options)] if self.options else []
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """The same, for `--json`."""
        names = ("column", "question", "count", "source_row", "readings", "options")
        return {name: getattr(self, name) for name in names}


class ContractError(CallframeError):
    """A frame breaks the call-row contract."""

    @classmethod
    def unknown_columns(cls, extra: Sequence[str], known: Sequence[str]) -> "ContractError":
        """`extra` are no columns of the contract."""
        return cls(f"contract: unknown {columns(extra)}. A call row has {', '.join(known)}.{nearest(extra[0], known)}")

    @classmethod
    def required_columns(cls, found: Sequence[str], ids: Sequence[str]) -> "ContractError":
        """The time or every id column is absent."""
        return cls(f"contract: a call row needs DateTime and one of {', '.join(ids)}; the frame has {listed(found)}.")

    @classmethod
    def dtype(cls, column: str, found: object, expected: object) -> "ContractError":
        """`column` has a dtype from which its values can't be taken unchanged."""
        return cls(
            f"contract: {column} is {found}, a call row has {expected}. Convert the source with callframe.convert."
        )

    @classmethod
    def header(cls, name: str, absent: Sequence[str]) -> "ContractError":
        """A CSV lacks columns that must stand in the header."""
        return cls(
            f"contract: the header of {name} lacks {listed(absent)}. Convert it first: callframe convert {name}."
        )

    @classmethod
    def not_csv(cls, name: str) -> "ContractError":
        """The file can't be read as the CSV that Metrica takes."""
        return cls(f"contract: {name} is no CSV in UTF-8 with commas and a header. Send what callframe convert wrote.")

    @classmethod
    def cells(cls, column: str, count: int, expected: object) -> "ContractError":
        """Cells of a CSV can't be read as the column's dtype."""
        return cls(f"contract: {column} has {count} cells that are not {expected}. Write it with callframe convert.")

    @classmethod
    def broken(cls, rows: int, total: int, counts: Sequence[tuple[str, str, int]]) -> "ContractError":
        """`rows` of `total` rows break a rule; `counts` are column, sentence, number of rows."""
        listed = "; ".join(f"{column}, {count} rows: {sentence}" for column, sentence, count in counts)
        return cls(f"contract: {rows} of {total} rows break it. {listed}. callframe.enforce says which rows.")
