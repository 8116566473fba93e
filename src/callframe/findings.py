"""What each finding's code means to a person, and the one thing to do about it.

A code is the kind of value and the reason, `phone-too-short`; the reasons are the normalizers' (`REASONS`) and the
rules of the contract (`callframe.contract.RULES`).
"""

from typing import NamedTuple

__all__ = ["FINDINGS", "Finding"]


class Finding(NamedTuple):
    """One code, for people."""

    sentence: str
    """What is wrong, without the cell's value."""

    advice: str
    """One thing to do."""


_NOT_IN_TABLE = Finding(
    "The mapping's value table has no entry for the word", 'add the word to the table, or "*" for all others'
)

FINDINGS: dict[str, Finding] = {
    "id-missing": Finding(
        "A call needs at least one of UserId, ClientId, Yclid",
        "map the column with Metrica's ClientID; calls without any id can't be linked",
    ),
    "id-digits-lost-in-a-spreadsheet": Finding(
        "A spreadsheet has replaced the id's last digits",
        "export again and keep the file away from the spreadsheet, or import the column as text",
    ),
    "id-not-digits": Finding(
        "Metrica's ids and Direct's are digits", "check that the column holds Metrica's ids, not another system's"
    ),
    "id-too-long": Finding("An id has at most 20 digits", "check that the column holds one id a cell"),
    "id-zero": Finding("The id is zero", "leave the cell empty where there is no id"),
    "datetime-missing": Finding("DateTime is required", "map the column with the time of the call"),
    "time-not-past": Finding(
        "The time of a call must be in the past", "check the time zone and the order of day and month"
    ),
    "time-before-1970": Finding("The time is before 1970", "check the column and its format"),
    "time-too-old-to-link": Finding(
        "The call is older than 21 days", "upload more often; Metrica links a call to a visit of the last 21 days"
    ),
    "time-not-a-date-and-time": Finding(
        "The text is no date and time", 'say how it is written: DateTime = { from = "…", format = "%d/%m/%Y %H:%M:%S" }'
    ),
    "time-not-the-stated-format": Finding(
        "The text does not fit the mapping's format", "change the format, or leave it out to have it recognised"
    ),
    "time-no-date": Finding(
        "There is a time without a date", 'name the column with the date: DateTime = { from = "…", time = "…" }'
    ),
    "time-no-such-time": Finding("The clock has no such time", "check the column"),
    "time-milliseconds-or-a-date": Finding(
        "The digits may be milliseconds or a date", 'say which: format = "unix ms", or a pattern'
    ),
    "time-no-such-date": Finding("The calendar has no such day", "check the order of day and month"),
    "time-no-time-of-day": Finding(
        "There is a date without a time", 'name the column with the time: DateTime = { from = "…", time = "…" }'
    ),
    "time-two-digit-year": Finding("The year has two digits", "say the format, with %y for the year"),
    "time-year-out-of-range": Finding("The year is not 1970 to 2100", "check the column and its format"),
    "time-no-time-zone": Finding("The time names no zone, and none is declared", "say --time-zone Europe/Moscow"),
    "time-day-or-month-first": Finding(
        "Day and month can't be told apart", "say --date-order day-first or month-first"
    ),
    "time-day-first-and-month-first-mixed": Finding(
        "Some dates can only be day first, others only month first", "convert the two kinds as two files"
    ),
    "time-clock-time-skipped": Finding(
        "The zone's clocks skipped this time", "check the zone; non_existent='earliest' or 'latest' picks a side"
    ),
    "time-clock-time-repeated": Finding(
        "The zone's clocks showed this time twice", "check the zone; ambiguous='earliest' or 'latest' picks a side"
    ),
    "phone-not-e164": Finding("A phone number is E.164", "normalize it with phones.e164"),
    "phone-too-short": Finding("The phone number has too few digits", "check that the area code is there"),
    "phone-too-long": Finding("The phone number has too many digits", "check that the cell holds one number"),
    "phone-not-a-number": Finding("The text is no phone number", "nothing, if it is an internal line or a login"),
    "phone-not-valid": Finding(
        "The country has no such phone number", "check the region, and write foreign numbers with a plus"
    ),
    "phone-no-such-country-code": Finding("No country has this code", "check the digits after the plus"),
    "phone-two-numbers": Finding("The cell holds two phone numbers", "keep the one that called"),
    "phone-letters-in-the-number": Finding("There are letters in the phone number", "check the number"),
    "phone-digits-lost-in-a-spreadsheet": Finding(
        "A spreadsheet has replaced the number's last digits", "export again, or import the column as text"
    ),
    "phone-no-country-code": Finding(
        "The phone number has no country code, and no region is declared", "say --region RU"
    ),
    "amount-negative": Finding("The price is negative", "a cost is not the value of a call: check the column"),
    "amount-not-an-amount": Finding("The text is no amount", "check the column"),
    "amount-more-than-6-decimal-places": Finding("The price has more than 6 decimal places", "round it yourself"),
    "amount-too-large": Finding("The price has more than 32 digits", "check the column"),
    "amount-grouping-or-decimal": Finding("A comma or a point may group or divide", "say --decimal-mark , or ."),
    "amount-decimal-comma-and-point-mixed": Finding(
        "Both comma and point divide in this column", "say --decimal-mark , or ."
    ),
    "amount-not-the-stated-decimal-mark": Finding(
        "The amount is written with the other decimal mark", "leave --decimal-mark out, or correct the cell"
    ),
    "price-without-currency": Finding("A price needs a currency", "map its column, or say --currency RUB"),
    "currency-not-iso4217": Finding("The currency is no active ISO 4217 code", "normalize it with currencies.iso4217"),
    "currency-unknown-currency": Finding("No currency has this name", "write the ISO 4217 code"),
    "currency-shared-by-several-currencies": Finding(
        "Several currencies have this name", "write the ISO 4217 code, or a value table in the mapping"
    ),
    "currency-retired": Finding("The currency is no longer in use", "convert the amounts into one that is"),
    "currency-not-a-currency": Finding("The code stands for no currency", "write the code of a currency"),
    "currency-not-the-currency-written-at-the-price": Finding(
        "Price and currency column name two currencies", "correct the row"
    ),
    "duration-out-of-range": Finding("A duration is 0 to 86400 seconds", "normalize it with durations.seconds"),
    "duration-not-a-duration": Finding("The text is no duration", "check the column"),
    "duration-negative": Finding("The duration is negative", "check the column"),
    "duration-longer-than-24-hours": Finding("The duration is longer than 24 hours", "check the unit"),
    "duration-no-start": Finding("There is an end without a start", "check the column that minus names"),
    "duration-unit-unknown": Finding(
        "A number with a fraction names no unit", "say --duration-unit minutes or seconds"
    ),
    "duration-minutes-or-hours-first": Finding(
        "Minutes and hours can't be told apart", "say --duration-unit m:s or h:m"
    ),
    "flag-not-binary": Finding("A flag is 0 or 1", "normalize it with flags.binary"),
    "flag-unknown-word": Finding("The word's meaning is not certain", 'say it in the mapping: values = { "word" = 1 }'),
    "text-blank": Finding("Text that says nothing must be null", "normalize it with texts.plain"),
    "url-not-absolute": Finding("A URL starts with http:// or https://", "normalize it with urls.absolute"),
    "url-no-scheme": Finding("The address has no http:// or https://", "add it at the source"),
    "url-not-a-web-address": Finding("The text is no web address", "check the column"),
    "url-no-host": Finding("The address has no host", "check the column"),
    "url-several-addresses": Finding("The cell holds several addresses", "keep one"),
    **{
        f"{kind}-not-in-the-value-table": _NOT_IN_TABLE
        for kind in ("id", "time", "flag", "amount", "currency", "phone", "duration", "text", "url")
    },
}
"""Every code that a finding may carry."""
