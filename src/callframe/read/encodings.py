"""The encoding of a text file, seen from the whole of it: decoded strictly, judged by its words, asked if need be.

A byte order mark decides. What is valid UTF-8 is UTF-8. Pairs of bytes with the high halves of letters are UTF-16. All
else is one of `CANDIDATES`: the one that makes the likeliest words, if it is far ahead of every other that reads other
letters. Which words a file holds counts, not how often or in which order.
"""

import codecs
import re
import zlib
from contextlib import ExitStack
from pathlib import Path

from callframe.errors import InputError, Unclear
from callframe.read.letters import likelihood, looks_like_text
from callframe.read.places import temporary

__all__ = ["encoding_of", "in_utf8", "marked", "undecodable"]

CANDIDATES = {
    "cp1251": 0.0,
    "cp1252": 0.0,
    "cp866": -2.0,
    "koi8-r": -2.0,
    "koi8-u": -2.0,
    "cp1254": -1.0,
    "cp1250": -1.0,
    "iso8859-5": -4.0,
    "mac-cyrillic": -4.0,
}
"""Encodings, with the logarithm of how rarely they are met."""
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it starts with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_BLOCK = 1 << 20
_HEAD = 1 << 16
_AHEAD = 6.0
"""Logarithm by which a reading must be likelier than another to be taken without a question."""
_WORDS = 5_000
"""Different words to judge by."""
_SHOWN = 8
_LETTERS = bytes(byte if byte >= 0x80 or chr(byte).isalpha() else 0x20 for byte in range(256))
"""Table that leaves nothing but letters and bytes outside of ASCII."""
_UTF8_WORD = re.compile(
    rb"(?:[A-Za-z]*(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})[A-Za-z]*)+"
)
"""A word that could be UTF-8."""
_HIGH_HALVES = {*range(0x07), 0x10, 0x1E, *range(0x20, 0x28), 0x2D, *range(0xD8, 0xE0), 0xFB, 0xFE, 0xFF}
"""First bytes of the code units of European and Caucasian letters, digits, signs and emoji."""


def marked(start: bytes) -> str | None:
    """The encoding that a byte order mark names."""
    return next((codec for mark, codec in _MARKS.items() if start.startswith(mark)), None)


def encoding_of(path: Path, name: str) -> str:
    """A codec of Python's in which the file is text; valid UTF-8 is only looked at as far as the first such letters.

    Args:
        path: the file.
        name: what messages call it.

    Raises:
        InputError: it is text in none of them, or some of it is UTF-8 and some is not.
        Unclear: two encodings give other letters, and both could be meant; the message shows them.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    told = _utf16(path) if b"\0" in head else None
    if told or _starts_as_utf8(path):
        return told or "utf-8"
    return _likeliest(path, name, _Words(path))


def in_utf8(path: Path, name: str, encoding: str | None, stack: ExitStack) -> tuple[Path, str]:
    """The path of the same text in UTF-8, and the encoding it was in.

    The path is the file's own, or a temporary copy's that lives as long as `stack`. That a file in UTF-8 is so to its
    end is found out when it is read.

    Args:
        path: the file.
        name: what messages call it.
        encoding: as in `FileOptions`; a byte order mark wins.
        stack: closed when the text is no longer needed.

    Raises:
        InputError, Unclear: as `encoding_of`; or the file is not text in the encoding that is given.
    """
    with path.open("rb") as file:
        codec = marked(file.read(4)) or encoding or encoding_of(path, name)
    if codecs.lookup(codec).name in ("utf-8", "utf-8-sig", "ascii"):
        return path, "utf-8"
    try:
        with path.open(encoding=codec, newline="") as text, temporary(stack) as copy:
            while block := text.read(_BLOCK):
                copy.write(block.encode())
    except UnicodeError:
        raise undecodable(path, name, codec) from None
    return Path(copy.name), codec


def undecodable(path: Path, name: str, encoding: str = "utf-8") -> InputError:
    """What to say of a file that is not text in an encoding."""
    turn = _turn(path) if encoding == "utf-8" else None
    return (
        InputError.two_encodings(name, turn) if turn else InputError.encoding(name, encoding, bad_line(path, encoding))
    )


def bad_line(path: Path, encoding: str) -> int | None:
    """Line of the first byte that `encoding` can't decode."""
    decoder = codecs.getincrementaldecoder(encoding)()
    read = 0
    try:
        with path.open("rb") as file:
            for line in file:
                read += 1
                decoder.decode(line)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return read
    return None


def _starts_as_utf8(path: Path) -> bool:
    """Whether the first bytes outside of ASCII, if there are any, are UTF-8."""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if not block.isascii():
                try:
                    codecs.getincrementaldecoder("utf-8")().decode(block, final=len(block) < _BLOCK)
                except UnicodeDecodeError:
                    return False
                return True
    return True


def _utf16(path: Path) -> str | None:
    """Which UTF-16 the file is, if every pair of bytes is a sign that texts have, and some are of ASCII."""
    for codec, high in (("utf-16-le", 1), ("utf-16-be", 0)):
        halves: set[int] = set()
        decoder = codecs.getincrementaldecoder(codec)()
        try:
            with path.open("rb") as file:
                while block := file.read(_BLOCK):
                    halves.update(block[high::2])
                    if not halves <= _HIGH_HALVES or "\0" in decoder.decode(block):
                        break
                else:
                    decoder.decode(b"", final=True)
                    if 0 in halves:
                        return codec
        except UnicodeDecodeError:
            continue
    return None


class _Words:
    """The different words of a file that hold bytes outside of ASCII, as many as it takes to judge."""

    def __init__(self, path: Path) -> None:
        chosen: set[bytes] = set()
        utf8: set[bytes] = set()
        used: set[int] = set()
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                found = _words(block + file.readline())
                used.update(b"".join(found))
                chosen.update(found)
                if len(chosen) > 4 * _WORDS:
                    chosen = _few(chosen)
                utf8 = _few(utf8.union(filter(_UTF8_WORD.fullmatch, found)))
        self.bytes = bytes(sorted(used))
        """Every byte in them, and in those left out."""
        self.chosen = sorted(_few(chosen))
        self.utf8 = sorted(utf8)
        """Those that could be UTF-8."""

    def decoded(self, codec: str) -> list[str] | None:
        """The words, if the codec knows every byte."""
        try:
            return [word.decode(codec) for word in self.chosen] if self.bytes.decode(codec) else []
        except UnicodeDecodeError:
            return None

    def gain_as_utf8(self, codec: str | None) -> float:
        """By how much the words that could be UTF-8 are likelier as such."""
        pairs = ((word.decode(errors="ignore"), word.decode(codec or "latin-1")) for word in self.utf8)
        return sum(likelihood(utf8) - likelihood(other) for utf8, other in pairs)


def _words(text: bytes) -> list[bytes]:
    """The different words of a text that hold bytes outside of ASCII, in their order."""
    return [word for word in dict.fromkeys(text.translate(_LETTERS).split()) if not word.isascii()]


def _few(words: set[bytes]) -> set[bytes]:
    """A choice that depends on nothing but the words."""
    return set(sorted(words, key=lambda word: (zlib.crc32(word), word))[:_WORDS])


def _turn(path: Path) -> int | None:
    """The first line that is UTF-8 if those above are not, or is not if they are."""
    first = None
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.isascii():
                utf8 = _is_utf8(line)
                if first not in (None, utf8):
                    return number
                first = utf8
    return None


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _likeliest(path: Path, name: str, words: _Words) -> str:
    readings: dict[str, list[str]] = {}
    for codec in CANDIDATES:
        texts = words.decoded(codec)
        if texts is not None and texts not in readings.values():
            readings[codec] = texts
    scores = {codec: CANDIDATES[codec] + sum(map(likelihood, texts)) for codec, texts in readings.items()}
    best = max(scores, key=lambda codec: scores[codec], default=None)
    near = [codec for codec in readings if best and scores[best] - scores[codec] < _AHEAD]
    if words.gain_as_utf8(best) > (_AHEAD if len(near) == 1 else 0.0):
        raise InputError.two_encodings(name, _turn(path) or bad_line(path, "utf-8"))
    if best is None or not any(looks_like_text(readings[codec]) for codec in near):
        raise InputError.no_text(name, bad_line(path, "utf-8"), CANDIDATES)
    if len(near) > 1:
        raise Unclear.codec(name, *_shown(path, near))
    return best


def _shown(path: Path, near: list[str]) -> tuple[int, dict[str, str]]:
    """The first line that differs, and those of its words that do, in each encoding."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            words = [word for word in _words(line) if len({word.decode(codec) for codec in near}) > 1][:_SHOWN]
            if words:
                return number, {codec: ", ".join(word.decode(codec) for word in words) for codec in near}
    return 0, {}
