"""Phones: how much faster than phonenumbers row by row, and a long search for a difference between the two.

python benchmarks/phones.py                           speed: ratios of medians, alternating, in one run
python benchmarks/phones.py --differential 1000000    compares that many texts; exit code 1 if any differ
"""

import argparse
import random
import re
import statistics
import sys
import time
from collections.abc import Callable

import phonenumbers
import polars as pl
from phonenumbers import PhoneNumberFormat
from phonenumbers.re_util import enable_pattern_cache

from callframe.normalize import phones, texts

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
FORMATS = (
    PhoneNumberFormat.E164,
    PhoneNumberFormat.INTERNATIONAL,
    PhoneNumberFormat.NATIONAL,
    PhoneNumberFormat.RFC3966,
)
NOISE = " -.()\u00a0/[]\u2013\u2011+0123456789"
WITHHELD = ("Аноним", "anonymous", "", "Скрытый номер", "+266696687", "unknown", "-", "номер скрыт")


def by_phonenumbers(text: str | None, region: str | None) -> str | None:
    """What anybody would write."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


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
    return mutated(chance, text), region if chance.random() < 0.95 else None


REFUSED = ("two numbers", "letters in the number", "digits lost in a spreadsheet")


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
            where=phones.region_of(text, region=region),
            blank=texts.present(text).is_null(),
        )
        for row in told.iter_rows(named=True):
            want = by_phonenumbers(re.sub(r"^([0-9]+)\.0$", r"\1", row["text"].strip()), row["region"])
            refusal = row["got"] is None and (row["why"] or "").startswith(REFUSED)
            refused += refusal and want is not None
            valid += want is not None
            if row["got"] != want and not refusal:
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


def ratio(name: str, rows: list[tuple[str, str]], sample: int, region: str | pl.Expr | None) -> None:
    """Prints how much faster `e164` is than phonenumbers, in memory and streaming."""
    frame = pl.DataFrame(rows, schema={"region": pl.String, "text": pl.String}, orient="row")
    number = phones.e164(pl.col("text"), region=region)
    few = rows[:sample]
    count = len(rows)
    rows.clear()  # a million tuples would make every garbage collection slow
    frame.select(number)
    slow, memory, streaming = medians(
        lambda: [by_phonenumbers(text, where) for where, text in few],
        lambda: frame.select(number),
        lambda: frame.lazy().select(number).collect(engine="streaming"),
    )
    a, b, c = slow / len(few) * 1e6, memory / count * 1e6, streaming / count * 1e6
    print(f"{name:<34} {a:7.1f} us  memory {b:6.3f} us {a / b:6.0f} x   streaming {c:6.3f} us {a / c:6.0f} x")


def speed(rows: int) -> None:
    """The three mixes, and phonenumbers at its best: with its pattern cache on for the mixes of many regions."""
    ratio("Russian mix, region RU", [("RU", text) for text in russian_mix(rows, 1)], 20_000, "RU")
    enable_pattern_cache()
    ratio("all regions, with a plus", world(rows, 2, PhoneNumberFormat.E164), 20_000, "RU")
    ratio("all regions, international", world(rows, 3, PhoneNumberFormat.INTERNATIONAL), 20_000, None)
    ratio("all regions, national, by row", world(rows, 4, PhoneNumberFormat.NATIONAL), 20_000, pl.col("region"))


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
