"""One phone text at a time, by phonenumbers itself: for the few texts that the tables can't decide."""

import enum
import re
from typing import NamedTuple

import phonenumbers
from phonenumbers import CountryCodeSource, NumberParseException, ValidationResult

__all__ = ["Reading", "Verdict", "read", "verdict_of_length"]


class Verdict(enum.IntEnum):
    """What became of a text; `SECOND`, `ASK` and `ABROAD` are steps on the way, never an end."""

    VALID = 0
    TOO_SHORT = 1
    TOO_LONG = 2
    NOT_VALID = 3
    NOT_A_NUMBER = 4
    NO_COUNTRY_CODE = 5
    UNKNOWN_COUNTRY_CODE = 6
    TWO_NUMBERS = 7
    LETTERS = 8
    DIGITS_LOST = 9
    ABSENT = 10
    SECOND = 11
    ASK = 12
    ABROAD = 13


class Reading(NamedTuple):
    """What one text says."""

    verdict: Verdict
    value: int | None = None
    """The digits of the E.164 number."""
    region: str | None = None
    """The number's region where it is valid, else the region whose rules it breaks."""
    extension: str | None = None


_START = re.compile(r"[+\uff0b\d]")
_PARAMETERS = re.compile(r";(?:isub|phone-context)=.*$", re.DOTALL)
_LABEL = re.compile(
    r"(?:;ext=|(?:e?xt(?:ensi(?:o\u0301?|\u00f3))?n?|\uff45?\uff58\uff54\uff4e?|\u0434\u043e\u0431|anexo"
    r"|[x\uff58]|int|\uff49\uff4e\uff54)[:.\uff0e]?[ \u00a0\t,-]*)$",
    re.IGNORECASE,
)
_TWO = re.compile(r"(?:\d[^\w,;/|\\+]*){7}(?:(?<!,),(?!,)|[;/|\\])[^\w+]*\+?(?:[^\w,;/|\\+]*\d){7}")
_TWO_LONG = re.compile(
    r"(?:\d[^\d+]*){7}(?:\+|[,;/|\\\n\r]|\s(?:\u0438|\u0438\u043b\u0438|and|or)\s)[^\d]*(?:\d[^\d]*){7}"
    r"|^\D*(?:\d[^\d]*){10,12}\s[^\d]*(?:\d[^\d]*){10,12}$"
)
_FEWEST_DIGITS = 3
_LONGEST_TEXT = 250
_FAULTS = {
    NumberParseException.INVALID_COUNTRY_CODE: Verdict.UNKNOWN_COUNTRY_CODE,
    NumberParseException.NOT_A_NUMBER: Verdict.NOT_A_NUMBER,
    NumberParseException.TOO_SHORT_AFTER_IDD: Verdict.TOO_SHORT,
    NumberParseException.TOO_SHORT_NSN: Verdict.TOO_SHORT,
    NumberParseException.TOO_LONG: Verdict.TOO_LONG,
}
_FROM_ABROAD = (CountryCodeSource.FROM_NUMBER_WITH_PLUS_SIGN, CountryCodeSource.FROM_NUMBER_WITH_IDD)
_LENGTHS = {
    ValidationResult.TOO_SHORT: Verdict.TOO_SHORT,
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: Verdict.TOO_SHORT,
    ValidationResult.TOO_LONG: Verdict.TOO_LONG,
}


def read(text: str, region: str | None, vanity: bool) -> Reading:
    """What phonenumbers says of a cleaned `text` under `region`, less what is refused."""
    if len(text) > _LONGEST_TEXT:
        return Reading(Verdict.TOO_LONG)
    if _TWO.search(text):
        return Reading(Verdict.TWO_NUMBERS)
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException as fault:
        verdict = _fault(text, fault.error_type, region, vanity)
        return Reading(Verdict.TWO_NUMBERS if _TWO_LONG.search(text) else verdict)
    if not vanity and _letters(text, number.extension):
        return Reading(Verdict.TWO_NUMBERS if _TWO_LONG.search(text) else Verdict.LETTERS)
    if phonenumbers.is_valid_number(number):
        digits = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:]
        where = phonenumbers.region_code_for_number(number)
        return Reading(Verdict.VALID, int(digits), where, number.extension or None)
    verdict = verdict_of_length(phonenumbers.is_possible_number_with_reason(number))
    return Reading(Verdict.TWO_NUMBERS if _TWO_LONG.search(text) else verdict, region=_judge(text, region))


def verdict_of_length(result: int) -> Verdict:
    """The verdict on a number that matches no pattern, by what phonenumbers says of its length."""
    return _LENGTHS.get(result, Verdict.NOT_VALID)


def _judge(text: str, region: str | None) -> str | None:
    """The region whose rules the number breaks: where it is dialled, or where its calling code leads."""
    number = phonenumbers.parse(text, region, keep_raw_input=True)
    if number.country_code_source in _FROM_ABROAD:
        return phonenumbers.region_code_for_country_code(number.country_code or 0)
    return region


def _fault(text: str, error: int, region: str | None, vanity: bool) -> Verdict:
    start = _START.search(text)
    if start is None:
        return Verdict.NOT_A_NUMBER
    if error == NumberParseException.INVALID_COUNTRY_CODE and region is None and start.group() not in "+\uff0b":
        return Verdict.NO_COUNTRY_CODE
    if not vanity and sum(map(str.isdecimal, text)) >= _FEWEST_DIGITS and _letters(text, None):
        return Verdict.LETTERS
    return _FAULTS[error]


def _letters(text: str, extension: str | None) -> bool:
    """Whether phonenumbers would make digits of letters, or drop them, to get at its number."""
    start = _START.search(text)
    body = text[start.start() :] if start else ""
    if extension:
        body = _LABEL.sub("", body[: body.rfind(extension)])
    return any(map(str.isalpha, _PARAMETERS.sub("", body)))
