"""The sentences that go with an upload that ended well, or is on its way."""

from collections.abc import Sequence

from callframe.metrica.models import Upload

__all__ = [
    "accepted",
    "adopted",
    "all_accepted",
    "ask_again",
    "cleaned",
    "clock",
    "cut_off",
    "doubled",
    "found_later",
    "gone",
    "kept_as_it_was",
    "left_whole",
    "miscounted",
    "mixed",
    "no_echo",
    "not_counted",
    "not_listed",
    "nothing_sent",
    "overlap",
    "session_keys",
    "static_only",
    "token_file",
    "unfinished",
    "unknown_status",
    "went_back",
]

_FEW = 5
"""Ids that a sentence bears."""


def _named(uploads: Sequence[int], most: int | None = None) -> str:
    """`upload 1`, `uploads 1 and 2`, `uploads 1, 2 and 3`; no more than `most` by their ids."""
    ids = [str(upload) for upload in uploads[:most]]
    ids += [f"{len(uploads) - len(ids)} more"] * (len(uploads) > len(ids))
    return f"uploads {', '.join(ids[:-1])} and {ids[-1]}" if len(ids) > 1 else f"upload {''.join(ids)}"


def adopted(uploads: Sequence[int], parts: int) -> str:
    """The file was there before, or some of its parts."""
    if len(uploads) == parts:
        return f"Metrica already has this as {_named(uploads, _FEW)}; it was not sent again."
    what = "it was" if len(uploads) == 1 else "they were"
    return f"Metrica already has {len(uploads)} of {parts} parts as {_named(uploads, _FEW)}; {what} not sent again."


def kept_as_it_was(uploads: Sequence[int], *, goal: bool, comment: bool) -> str:
    """What was adopted keeps the goal and the comment it was sent with."""
    given = " and ".join(["goal"] * goal + ["comment"] * comment)
    was = "were" if goal and comment else "was"
    kept = "keeps what it was" if len(uploads) == 1 else "keep what they were"
    return f"The {given} given now {was} not passed on: {_named(uploads, _FEW)} {kept} first sent with."


def mixed(kinds: Sequence[tuple[Sequence[str], int]]) -> str:
    """Rows that are linked by ids in different columns would go in one file."""
    counted = [(rows, " with ".join(f"a {column}" for column in columns)) for columns, rows in kinds]
    (rows, ids), *others = counted
    first = f"{rows} row{'s carry' if rows != 1 else ' carries'} {ids}"
    told = ", ".join([first, *(f"{rows} {ids}" for rows, ids in others)])
    return (
        f"{told}. Metrica's answer names one kind of id for a file, and what it makes of the others is not documented: "
        f"--split-by-identifier (split_by_identifier in Python) sends each kind as an upload of its own."
    )


def not_listed(uploads: Sequence[int]) -> str:
    """Accepted, and the list doesn't show it yet."""
    was, it = ("was", "it") if len(uploads) == 1 else ("were", "them")
    return (
        f"{_named(uploads).capitalize()} {was} accepted, but the list of uploads does not show {it} yet. A run with "
        f"the same file would send {it} once more until it does: look at the list first."
    )


def nothing_sent() -> str:
    """A header and nothing below it."""
    return "The file has no rows, so nothing was sent."


def cleaned(comment: str) -> str:
    """The comment lost characters."""
    return f"A comment is letters and digits only, and short: it was sent as {comment!r}."


def overlap(uploads: Sequence[int]) -> str:
    """Another file of ours covers the same time."""
    were = "which was another file" if len(uploads) == 1 else "which were other files"
    return (
        f"This file holds calls of the same time as {_named(uploads, _FEW)}, {were}. A call that stands there too "
        f"is counted twice; send closed periods that don't overlap."
    )


def doubled(uploads: Sequence[int]) -> str:
    """Two uploads carry one fingerprint."""
    return (
        f"Metrica holds the same part more than once, as {_named(uploads)}: two runs sent it at the same time, "
        f"and nothing can take one back. Let one scheduler do the sending."
    )


def no_echo(upload: int) -> str:
    """The comment came back changed."""
    return (
        f"Upload {upload} was accepted, but its comment did not come back as it was sent: a second run could not tell "
        f"that the file is there. Don't run the same command again."
    )


def token_file(path: object, mode: str) -> str:
    """Others may read the token."""
    return f"The token file {path} can be read by other users of this machine (mode {mode}): chmod 600 it."


def session_keys(path: str) -> str:
    """TLS keys are written to a file."""
    return (
        f"SSLKEYLOGFILE is set: the keys of each connection, which open the token and the phones in a recording of it, "
        f"are written to {path}."
    )


def clock(seconds: float) -> str:
    """Local and server time differ."""
    way = "ahead of" if seconds < 0 else "behind"
    return f"The clock of this machine is {abs(seconds) / 60:.0f} min {way} Metrica's; Metrica's time was used."


def static_only(upload: int) -> str:
    """LINKAGE_FAILURE of a file that could not be linked."""
    return (
        f"Upload {upload} has static calls only, which are never linked to visits: LINKAGE_FAILURE is how such a file "
        f"always ends. The calls are in the call reports."
    )


def miscounted(upload: Upload) -> str:
    """Static and dynamic calls don't add up."""
    return (
        f"Upload {upload.id}: {upload.static_calls_quantity} static and {upload.dynamic_calls_quantity} dynamic calls "
        f"don't add up to the {upload.line_quantity} rows taken."
    )


def not_counted(upload: int) -> str:
    """A final upload without counts."""
    return f"Metrica gave no row counts for upload {upload}, so it can't be said whether it took every row."


def unknown_status(upload: int, status: str) -> str:
    """A word that is not in `STATUSES`."""
    return f"Upload {upload} has a status that is not known here: {status}."


def went_back(upload: int, before: str, after: str) -> str:
    """A status earlier than the last one seen."""
    return f"Upload {upload} went back from {before} to {after}."


def gone(upload: int) -> str:
    """Accepted, and no longer listed."""
    return f"Upload {upload} was accepted and is not in the list of uploads now."


def unfinished(status: str, seconds: float) -> str:
    """The wait was over before Metrica was done."""
    minutes = f"{seconds / 60:.0f} min"
    return f"Metrica has the file and was not done with it after {minutes} (status {status}); ask again later."


def found_later(upload: int) -> str:
    """The answer to a part was lost, and the list had it."""
    return f"The answer got lost on the way; the part was found in the list as upload {upload}."


def left_whole() -> str:
    """Stopped after the last byte, before an answer or the list told what became of it."""
    return "The part on its way had left whole, and no answer was had to it: it may have been accepted."


def cut_off() -> str:
    """Ctrl-C before the last byte."""
    return "The part on its way was cut off before its end, so it was not accepted."


def accepted(uploads: Sequence[int], *, again: bool = False) -> str:
    """What Metrica has at the time of an interrupt, while a file is sent; `again`: once more, on purpose."""
    had = f"Metrica has accepted: {_named(uploads)}." if uploads else "No upload is known to have been accepted."
    if again:
        return (
            f"{had} Look at the list of uploads before you run the same with --again (again=True in Python): it "
            f"completes this copy of the file, but where the copy is whole it sends one more."
        )
    sure = "what is there is not sent twice" if uploads else "it looks before it sends"
    return f"{had} Run the same command again: {sure}."


def all_accepted(uploads: Sequence[int], counter: int) -> str:
    """The same, when there was nothing more to send."""
    return f"Metrica has accepted: {_named(uploads)}. {ask_again(uploads, counter)}"


def ask_again(uploads: Sequence[int], counter: int | str = "N") -> str:
    """How to see later what became of uploads."""
    return f"See later what became of it: callframe status --counter {counter} {' '.join(map(str, uploads))}"
