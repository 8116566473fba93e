"""The script that anybody would write for the same export: pandas, and a library for each kind of value, row by row.

python benchmarks/naive.py export.csv calls.csv

It gives the columns that Metrica takes, and no reason for what it can't read: an empty cell is all there is to see.
"""

import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import phonenumbers
import pycountry
from dateutil import parser
from generate import MAPPING

ZONE = ZoneInfo("Europe/Moscow")
FLAGS = {"да": 1, "нет": 0}
WORDS = {"руб": "RUB", "р": "RUB", "₽": "RUB", "rur": "RUB", "рублей": "RUB"}


def phone(text: str) -> str | None:
    """E.164."""
    try:
        number = phonenumbers.parse(text.removeprefix("'").removesuffix(".0"), "RU")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def moment(text: str) -> int | None:
    """Unix seconds."""
    try:
        read = parser.parse(text, dayfirst="-" not in text)
    except (parser.ParserError, OverflowError):
        return None
    return int((read if read.tzinfo else read.replace(tzinfo=ZONE)).timestamp())


def currency(text: str) -> str | None:
    """ISO 4217."""
    word = text.strip(". ").lower()
    known = pycountry.currencies.get(alpha_3=WORDS.get(word, word).upper())
    return known.alpha_3 if known else None


def seconds(text: str) -> int | None:
    """A duration."""
    try:
        hours, minutes, rest = map(int, text.split(":"))
    except ValueError:
        return None
    return hours * 3600 + minutes * 60 + rest


def amount(text: str) -> Decimal | None:
    """A price."""
    try:
        return Decimal(text.replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return None


def identifier(text: str) -> str | None:
    """An id."""
    return text if text.isdigit() else None


def page(text: str) -> str | None:
    """A URL."""
    return text if text.startswith(("http://", "https://")) else None


READ = {
    "ClientId": identifier,
    "DateTime": moment,
    "StaticCall": FLAGS.get,
    "Price": amount,
    "Currency": currency,
    "PhoneNumber": phone,
    "TalkDuration": seconds,
    "HoldDuration": seconds,
    "CallMissed": FLAGS.get,
    "Tag": str.strip,
    "FirstTimeCaller": FLAGS.get,
    "URL": page,
}


def convert(source: Path, out: Path) -> None:
    """Read, map every cell, write."""
    export = pd.read_csv(source, sep=";", dtype=str, keep_default_na=False)
    calls = pd.DataFrame({name: export[MAPPING[name]].map(read).convert_dtypes() for name, read in READ.items()})
    calls.dropna(subset=["ClientId", "DateTime", "Price"]).to_csv(out, index=False)


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
