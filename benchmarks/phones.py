"""Phones: how much faster than row by row, and a long search for a difference from phonenumbers.

python benchmarks/phones.py                           speed: medians, alternating, in one run; and the share of rows
                                                      that go to phonenumbers itself
python benchmarks/phones.py --differential 1000000    compares that many texts; exit code 1 if any differ
"""

import argparse
import functools
import importlib
import importlib.util
import itertools
import random
import re
import statistics
import sys
import time
from collections.abc import Callable
from types import ModuleType
from unittest.mock import patch

import phonenumbers
import polars as pl
from phonenumbers import PhoneNumberFormat
from phonenumbers.re_util import enable_pattern_cache

from callframe.normalize import _phone_batch, phones, texts

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
FORMATS = (
    PhoneNumberFormat.E164,
    PhoneNumberFormat.INTERNATIONAL,
    PhoneNumberFormat.NATIONAL,
    PhoneNumberFormat.RFC3966,
)
NOISE = " -.()\u00a0/[]\u2013\u2011+0123456789"
WITHHELD = ("Аноним", "anonymous", "", "Скрытый номер", "+266696687", "unknown", "-", "номер скрыт")


LABELS = (" доб. ", " доб ", " ext. ", " x", "#", ",", ", ", ";ext=", ",,", " anexo ")
RUST = "rphonenumbers"
WIDE = str.maketrans("0123456789+", "０１２３４５６７８９＋")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def row_by_row(library: ModuleType, text: str | None, region: str | None) -> str | None:
    """What anybody would write."""
    try:
        number = library.parse(text, region)
    except library.NumberParseException:
        return None
    if not library.is_valid_number(number):
        return None
    written: str = library.format_number(number, library.PhoneNumberFormat.E164)
    return written


by_phonenumbers = functools.partial(row_by_row, phonenumbers)


def with_extension(text: str, region: str | None) -> tuple[str | None, str | None]:
    """What phonenumbers says of the number and, where that is valid, of the extension."""
    number = by_phonenumbers(text, region)
    return number, phonenumbers.parse(text, region).extension or None if number else None


def russian_mix(rows: int, seed: int) -> list[str]:
    """Eight spellings, one row in eight withheld, nearly every number its own."""
    chance = random.Random(seed)
    made = []
    for _ in range(rows):
        area = chance.choice([f"9{chance.randrange(100):02}", "495", "499", "812", "343"])
        a, b, c = chance.randrange(1000), chance.randrange(100), chance.randrange(100)
        spaced, joined = f"{a:03}-{b:02}-{c:02}", f"{area}{a:03}{b:02}{c:02}"
        spellings = (
            f"+7{joined}",
            f"8 ({area}) {spaced}",
            f"7{joined}",
            joined,
            f"8-{area}-{spaced}",
            f"+7 ({area}) {spaced}",
            f"'+7{joined}",
            f"7{joined}.0",
        )
        made.append(chance.choice(WITHHELD) if chance.random() < 1 / 8 else chance.choice(spellings))
    return made


def examples() -> dict[str, list[phonenumbers.PhoneNumber]]:
    """libphonenumber's example numbers, of every type, by region."""
    found = {}
    for region in REGIONS:
        numbers = (phonenumbers.example_number_for_type(region, kind) for kind in range(11))
        found[region] = [number for number in numbers if number is not None]
    return found


def world(rows: int, seed: int, how: int) -> list[tuple[str, str]]:
    """(region, text): numbers like the examples of all regions, their last digits changed, in one format."""
    chance = random.Random(seed)
    pool = [(region, number) for region, numbers in examples().items() for number in numbers[:2]]
    made = []
    for _ in range(rows):
        region, number = chance.choice(pool)
        digits = str(number.national_number)
        changed = phonenumbers.PhoneNumber()
        changed.merge_from(number)
        changed.national_number = int(digits[:-3] + f"{chance.randrange(1000):03}")
        made.append((region, phonenumbers.format_number(changed, how)))
    return made


def mutated(chance: random.Random, text: str) -> str:
    """`text` with up to two digits or marks dropped, added or changed."""
    for _ in range(chance.choice((0, 0, 1, 1, 2))):
        at = chance.randrange(len(text) + 1)
        way = chance.randrange(3)
        text = text[:at] + (chance.choice(NOISE) if way else "") + text[at + (way != 1) :]
    return text


def candidate(chance: random.Random, pool: dict[str, list[phonenumbers.PhoneNumber]]) -> tuple[str, str | None]:
    """A text near a phone number, and the region to read it under."""
    region = chance.choice(REGIONS)
    number = chance.choice(pool[region if chance.random() < 0.7 else chance.choice(REGIONS)])
    way = chance.random()
    if way < 0.1:
        text = "".join(chance.choice("0123456789") for _ in range(chance.randrange(1, 21)))
    elif way < 0.55:
        text = phonenumbers.format_number(number, chance.choice(FORMATS))
    elif way < 0.7:
        text = phonenumbers.format_out_of_country_calling_number(number, region)
    else:
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
        heads = ("", "00", "810", "011", "0", "8", str(number.country_code), metadata.national_prefix or "1")
        text = chance.choice(heads) + chance.choice(heads) + phonenumbers.national_significant_number(number)
    if chance.random() < 0.1:
        text += chance.choice(LABELS) + str(chance.randrange(10 ** chance.randrange(1, 9)))
    text = mutated(chance, text)
    if chance.random() < 0.1:
        text = text.translate(chance.choice((WIDE, ARABIC)))
    return text, region if chance.random() < 0.95 else None


def is_refusal(text: str, why: str | None) -> bool:
    """Whether `why` is a refusal of a cleaned text that the docstring states: said here once more, and simply."""
    if why == "two numbers":
        return has_two_numbers(text) or has_letters(text)
    if why == "letters in the number":
        return has_letters(text)
    return why == "digits lost in a spreadsheet" and bool(re.fullmatch(r"[+-]?\d+([.,]\d+)?[eE]\+?\d{1,3}", text))


def has_two_numbers(text: str) -> bool:
    """Seven digits or more on either side of one comma, semicolon, slash, bar or backslash, and no letter between."""
    parts = re.split(r"[,;/|\\]", text)
    for before, after in itertools.pairwise(parts):
        sides = re.split(r"[^\W\d_]", before)[-1], re.split(r"[^\W\d_]", after)[0]
        if all(sum(map(str.isdecimal, side)) >= 7 for side in sides):
            return True
    return False


def has_letters(text: str) -> bool:
    """A letter behind the first digit or plus that belongs to no extension and no parameter."""
    body = re.sub(r"^[^\d+＋]*", "", text)
    if re.search(r"[/\\] *x", body):  # to phonenumbers, a second number, which it drops
        return True
    body = re.sub(r";(isub|phone-context)=.*$", "", body)
    extension = r"(;ext=|e?xt(ensi(ó|o)?n?)?|доб|anexo|x|int)[:.]?[ \u00a0\t,-]*\d{1,20}#?\W*$"
    return any(map(str.isalpha, re.sub(extension, "", body, flags=re.IGNORECASE)))


def differences(count: int, seed: int) -> int:
    """Compares `count` texts; prints the shapes of the first that differ, and gives how many do."""
    enable_pattern_cache()
    chance, pool = random.Random(seed), examples()
    wrong = refused = valid = done = 0
    started = time.perf_counter()
    while done < count:
        rows = [candidate(chance, pool) for _ in range(min(50_000, count - done))]
        frame = pl.DataFrame(rows, schema=["text", "region"], orient="row")
        text, region = pl.col("text"), pl.col("region")
        told = frame.with_columns(
            got=phones.e164(text, region=region),
            why=phones.reason(text, region=region),
            extension=phones.extension(text, region=region),
            blank=texts.present(text).is_null(),
        )
        for row in told.iter_rows(named=True):
            cleaned = re.sub(r"^([0-9]+)[.,]0$", r"\1", row["text"].strip())
            want = with_extension(cleaned, row["region"])
            refusal = row["got"] is None and want[0] is not None and is_refusal(cleaned, row["why"])
            refused += refusal
            valid += want[0] is not None
            if (row["got"], row["extension"]) != want and not refusal:
                wrong += 1
                print("different:", row, want) if wrong <= 20 else None
            if (row["got"] is None and not row["blank"]) != (row["why"] is not None):
                wrong += 1
                print("no reason:", row) if wrong <= 20 else None
        done += len(rows)
        seconds = time.perf_counter() - started
        print(f"{done:>9} texts, {valid} valid, {refused} refused, {wrong} different, {seconds:.0f} s")
    return wrong


def medians(*each: Callable[[], object], times: int = 5) -> list[float]:
    """Seconds of each, alternating."""
    taken: list[list[float]] = [[] for _ in each]
    for _ in range(times):
        for run, seconds in zip(each, taken, strict=True):
            start = time.perf_counter()
            run()
            seconds.append(time.perf_counter() - start)
    return [statistics.median(seconds) for seconds in taken]


def asked(frame: pl.DataFrame, number: pl.Expr) -> float:
    """The share of the rows that go to phonenumbers itself."""
    rows, ask, each = [], getattr(_phone_batch, "_asked"), getattr(_phone_batch, "_others")  # noqa: B009

    def counted(text: list[str], *rest: object, **options: object) -> object:
        rows.append(len(text))
        return ask(text, *rest, **options)

    with patch.object(_phone_batch, "_asked", counted), patch.object(_phone_batch, "_each_once", each):
        frame.select(number)
    return sum(rows) / frame.height


def ratio(name: str, rows: list[tuple[str, str]], sample: int, region: str | pl.Expr | None) -> None:
    """Prints how long a row takes, row by row and as `e164`, and the share of rows that `e164` asks about."""
    frame = pl.DataFrame(rows, schema={"region": pl.String, "text": pl.String}, orient="row")
    number = phones.e164(pl.col("text"), region=region)
    few = [(text, where if isinstance(region, pl.Expr) else region) for where, text in rows[:sample]]
    rows.clear()  # a million tuples would make every garbage collection slow
    libraries = [phonenumbers, *([importlib.import_module(RUST)] if importlib.util.find_spec(RUST) else [])]
    by_row = [lambda library=library: [row_by_row(library, *row) for row in few] for library in libraries]
    share = asked(frame, number)
    *slow, memory, streaming = medians(
        *by_row,
        lambda: frame.select(number),
        lambda: frame.lazy().select(number).collect(engine="streaming"),
    )
    us = 1e6 / frame.height
    print(f"{name}: {share:.2%} of {frame.height} rows go to phonenumbers itself")
    print(f"    callframe      {memory * us:7.3f} us a row in memory, {streaming * us:.3f} streaming")
    want = by_row[0]()
    for library, run, seconds in zip(libraries, by_row, slow, strict=True):
        each = seconds * 1e6 / len(few)
        line = f"    {library.__name__:<14} {each:7.2f}: {each / memory / us:.0f} x, {each / streaming / us:.0f} x"
        other = sum(a != b for a, b in zip(want, run(), strict=True))
        print(line + (f"; reads {other} of {len(few)} otherwise" if library is not phonenumbers else ""))


def speed(rows: int) -> None:
    """The mixes, and phonenumbers at its best: with its pattern cache on for the mixes of many regions."""
    ratio("Russian mix, region RU", [("RU", text) for text in russian_mix(rows, 1)], 20_000, "RU")
    enable_pattern_cache()
    ratio("all regions, with a plus", world(rows, 2, PhoneNumberFormat.E164), 20_000, "RU")
    ratio("all regions, international", world(rows, 3, PhoneNumberFormat.INTERNATIONAL), 20_000, None)
    ratio("all regions, national, by row", world(rows, 4, PhoneNumberFormat.NATIONAL), 20_000, pl.col("region"))
    ratio("all regions, RFC 3966", world(rows, 5, PhoneNumberFormat.RFC3966), 20_000, None)


def main() -> int:
    """Runs what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--differential", type=int, default=0, help="texts to compare")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=20260)
    options = parser.parse_args()
    if options.differential:
        return 1 if differences(options.differential, options.seed) else 0
    speed(options.rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
