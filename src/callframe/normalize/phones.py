"""Phone numbers as people and call trackers write them -> E.164, exactly as libphonenumber reads them.

>>> import polars as pl
>>> calls = pl.DataFrame({"caller": ["8 (912) 345-67-89", "'+79123456789", "84951234567.0", "Аноним", "375291234567"]})
>>> calls.select(e164(pl.col("caller"), region="RU"))["caller"].to_list()
['+79123456789', '+79123456789', '+74951234567', None, None]
>>> calls.select(reason(pl.col("caller"), region="RU"))["caller"].to_list()[-2:]
[None, 'not valid for RU; +375 would be Belarus']

The law: for every text and every region that libphonenumber knows, `e164` gives what `phonenumbers.parse`,
`is_valid_number` and `format_number(..., E164)` give for the cleaned text and the region, and null where they
refuse it. Cleaning, in this order:

1. blank text and the words of `texts.BLANKS` are null; space around the text goes, and so do invisible marks
   (direction and format characters, soft hyphens, byte order marks) anywhere in it;
2. one leading apostrophe goes, then `="…"` around the text;
3. `"Name" <number>` becomes what stands in the last brackets, if that has seven digits or more;
4. `.0` goes after bare digits (`79123456789.0`): a spreadsheet wrote it;
5. a withheld caller is null without a reason: the words of `WITHHELD` (any case, in quotes, as a SIP address), and
   the five numbers that spell such a word on a keypad (`KEYPAD_WORDS`) after a plus.

Refused, though phonenumbers may give a number, each with its reason and never another number instead:

* `digits lost in a spreadsheet`: `7.9E+10`;
* `two numbers`: seven digits or more on either side of one comma, semicolon, slash, bar or backslash (phonenumbers
  takes the second for an extension, or runs the two together);
* `letters in the number`: phonenumbers dials letters on a keypad, or drops them (`8495123456O`). Letters before the
  number and those of an extension (`ext. 5`, `доб. 5`) are no letters in the number. `vanity=True` lets phonenumbers
  have its way.

Plain digits, with a plus, spaces, dots, brackets and dashes at most, are looked up in tables made of phonenumbers' own
metadata when first needed. What is left goes to phonenumbers itself, each different text once a batch: extensions,
slashes, commas and other marks in the number, wide and Arabic digits, more than 17 digits, letters if `vanity`, and the
few prefixes too many to list (a carrier's code dialled in China, Korea or Luxembourg, say).

Extensions are no part of E.164: `extension` gives them.

Source: libphonenumber's metadata, and its rules as in phonenumbers' `phonenumberutil`.
"""

import functools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import polars as pl

from callframe.errors import OptionError
from callframe.normalize._phone_words import KEYPAD_WORDS, WITHHELD

__all__ = ["KEYPAD_WORDS", "REASONS", "WITHHELD", "e164", "extension", "is_valid", "reason", "region_of"]

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

_ROWS_WORTH_A_THREAD = 100_000
_WITHOUT_ISO_NAME = {"AC": "Ascension Island", "TA": "Tristan da Cunha", "XK": "Kosovo"}

Region = str | pl.Expr | None


def e164(expr: pl.Expr, *, region: Region = None, vanity: bool = False) -> pl.Expr:
    """The number in E.164: a plus, the country's calling code, the national number.

    What libphonenumber says of the cleaned text, where it says that the number is valid; the module's docstring has
    the cleaning and the refusals.

    Shape: n rows -> n rows, order kept.
    Null: null in -> null out; blank, withheld, refused, not valid -> null.

    Args:
        expr: String.
        region: Where numbers without a plus are dialled, as ISO 3166-1 alpha-2; one for all rows, or an expression of
            one for each (null and unknown there: none). None: only numbers with a plus are numbers.
        vanity: Let letters in the number stand for digits.

    Returns:
        String, `+` and up to 15 digits (a few Japanese numbers have 19).

    Raises:
        OptionError: `region` is a text that is not a region of libphonenumber's.

    Source: ITU-T E.164; libphonenumber.

    >>> pl.select(e164(pl.lit("+7 (912) 345-67-89"))).item()
    '+79123456789'
    >>> pl.select(e164(pl.lit("029 123-45-67"), region="BY")).item()
    '+375291234567'
    """
    return _told(expr, region, vanity, _NUMBER)


def is_valid(expr: pl.Expr, *, region: Region = None, vanity: bool = False) -> pl.Expr:
    """Whether the text is a valid number: whether `e164` gives one.

    Shape: n rows -> n rows, order kept.
    Null: null in -> null out; blank and withheld -> null, as there is no number to judge.

    Args:
        expr: String.
        region: As in `e164`.
        vanity: As in `e164`.

    Returns:
        Boolean.

    Raises:
        OptionError: as in `e164`.

    >>> callers = pl.DataFrame({"caller": ["89123456789", "8912345", "Скрыт"]})
    >>> callers.select(is_valid(pl.col("caller"), region="RU"))["caller"].to_list()
    [True, False, None]
    """
    return _told(expr, region, vanity, _VALIDITY)


def region_of(expr: pl.Expr, *, region: Region = None, vanity: bool = False) -> pl.Expr:
    """The region that the number belongs to, which need not be the one it is dialled in.

    Shape: n rows -> n rows, order kept.
    Null: where `e164` is null; numbers of no country (+800, satellites) -> null.

    Args:
        expr: String.
        region: As in `e164`.
        vanity: As in `e164`.

    Returns:
        String, ISO 3166-1 alpha-2 (and AC, TA, XK, which libphonenumber has besides).

    Raises:
        OptionError: as in `e164`.

    >>> pl.select(region_of(pl.lit("8 701 123-45-67"), region="RU")).item()
    'KZ'
    """
    return _told(expr, region, vanity, _PLACE)


def extension(expr: pl.Expr, *, region: Region = None, vanity: bool = False) -> pl.Expr:
    """The digits of the extension, which E.164 has no place for.

    Shape: n rows -> n rows, order kept.
    Null: where `e164` is null, and where there is no extension.

    Args:
        expr: String.
        region: As in `e164`.
        vanity: As in `e164`.

    Returns:
        String of digits.

    Raises:
        OptionError: as in `e164`.

    >>> pl.select(extension(pl.lit("8 (495) 123-45-67 доб. 104"), region="RU")).item()
    '104'
    """
    return _told(expr, region, vanity, _EXTENSION)


def reason(expr: pl.Expr, *, region: Region = None, vanity: bool = False) -> pl.Expr:
    """Why a text has no E.164 form.

    One of `REASONS`. `not valid` says for which region it isn't; where the same digits with a plus would be a valid
    number elsewhere, `not valid` and `no country code` say where.

    Shape: n rows -> n rows, order kept.
    Null: where `e164` gives a number, and where there is none to give: null, blank, withheld.

    Args:
        expr: String.
        region: As in `e164`.
        vanity: As in `e164`.

    Returns:
        String.

    Raises:
        OptionError: as in `e164`.

    >>> pl.select(reason(pl.lit("8495123456O"), region="RU")).item()
    'letters in the number'
    """
    return _told(expr, region, vanity, _REASON)


class _Answer(NamedTuple):
    tell: Callable[[pl.DataFrame], pl.Series]
    columns: tuple[str, ...]
    dtype: pl.DataType


def _told(expr: pl.Expr, region: Region, vanity: bool, answer: _Answer) -> pl.Expr:
    text = expr.cast(pl.String)
    if isinstance(region, pl.Expr):
        by_row = functools.partial(_by_row, vanity=vanity, answer=answer)
        return pl.map_batches([text, region.cast(pl.String)], by_row, return_dtype=answer.dtype, is_elementwise=True)
    known = None if region is None else _known(region)
    for_all = functools.partial(_for_all, region=known, vanity=vanity, answer=answer)
    return text.map_batches(for_all, return_dtype=answer.dtype, is_elementwise=True)


def _known(region: object) -> str:
    import phonenumbers

    known = str(region).upper()
    if not isinstance(region, str) or known not in phonenumbers.SUPPORTED_REGIONS:
        raise OptionError.unknown("a region", region, sorted(phonenumbers.SUPPORTED_REGIONS), "RU")
    return known


def _for_all(text: pl.Series, *, region: str | None, vanity: bool, answer: _Answer) -> pl.Series:
    return _answered(text.to_frame("text"), region, vanity, answer).alias(text.name)


def _by_row(columns: Sequence[pl.Series], *, vanity: bool, answer: _Answer) -> pl.Series:
    from callframe.normalize._phone_tables import regions

    text, region = columns
    height = len(text) if len(region) == 1 else len(region)
    cells = pl.DataFrame([_stretched(text, height).alias("text"), _stretched(region, height).alias("region")])
    place = pl.col("region").str.to_uppercase()
    cells = cells.with_columns(pl.when(place.is_in(regions()[:-1])).then(place).alias("region"))
    return _answered(cells, None, vanity, answer).alias(text.name)


def _answered(cells: pl.DataFrame, region: str | None, vanity: bool, answer: _Answer) -> pl.Series:
    """The answer for every row; long columns in as many parts as there are threads."""
    from callframe.normalize._phone_batch import judged

    def told(part: pl.DataFrame) -> pl.DataFrame:
        return answer.tell(judged(part, region, vanity, answer.columns)).to_frame("told")

    parts = min(pl.thread_pool_size(), len(cells) // _ROWS_WORTH_A_THREAD)
    if parts <= 1:
        return told(cells).to_series()
    size = -(-len(cells) // parts)
    schema = {"told": answer.dtype}
    lazy = [cells.slice(start, size).lazy().map_batches(told, schema=schema) for start in range(0, len(cells), size)]
    return pl.concat(pl.collect_all(lazy, engine="in-memory")).to_series()


def _stretched(column: pl.Series, height: int) -> pl.Series:
    return column if len(column) == height else column.new_from_index(0, height)


def _numbers(told: pl.DataFrame) -> pl.Series:
    return told.select_seq(pl.format("+{}", "value")).to_series()


def _validity(told: pl.DataFrame) -> pl.Series:
    from callframe.normalize._phone_reading import Verdict

    verdict = pl.col("verdict")
    return told.select_seq(pl.when(verdict != Verdict.ABSENT).then(verdict == Verdict.VALID)).to_series()


def _places(told: pl.DataFrame) -> pl.Series:
    from callframe.normalize._phone_tables import regions

    iso = pl.Series([*regions()[:-1], None], dtype=pl.String)
    return iso.gather(told.select_seq(pl.when(pl.col("value").is_not_null()).then("where")).to_series())


def _extensions(told: pl.DataFrame) -> pl.Series:
    return told["extension"]


def _reasons(told: pl.DataFrame) -> pl.Series:
    from callframe.normalize._phone_batch import would_be
    from callframe.normalize._phone_reading import Verdict
    from callframe.normalize._phone_tables import regions

    verdict = pl.col("verdict")
    heads = pl.Series([None, *REASONS, None], dtype=pl.String).gather(told["verdict"])
    iso = pl.Series([*regions()[:-1], None], dtype=pl.String)
    open_ = [Verdict.TOO_SHORT, Verdict.TOO_LONG, Verdict.NOT_VALID, Verdict.NO_COUNTRY_CODE]
    key = told.select_seq(pl.when(verdict.is_in(open_)).then("key")).to_series()
    words = told.select_seq(
        "verdict", head=heads, where=iso.gather(told["where"]), other=_otherwise().gather(would_be(key))
    )
    misplaced = pl.col("other").is_not_null() & (verdict != Verdict.NO_COUNTRY_CODE)
    head = pl.when(misplaced).then(pl.lit("not valid")).otherwise("head")
    judge = pl.when(misplaced | (verdict == Verdict.NOT_VALID)).then(" for " + pl.col("where"))
    return words.select_seq(head + judge.fill_null("") + pl.col("other").fill_null("")).to_series()


@functools.cache
def _otherwise() -> pl.Series:
    """What the digits would be, by the region that they would be valid in."""
    import phonenumbers
    import pycountry

    from callframe.normalize._phone_tables import regions

    details: list[str | None] = []
    for region in regions()[:-1]:
        country = pycountry.countries.get(alpha_2=region)
        name = getattr(country, "common_name", country.name) if country else _WITHOUT_ISO_NAME.get(region, region)
        details.append(f"; +{phonenumbers.country_code_for_region(region)} would be {name}")
    return pl.Series([*details, None], dtype=pl.String)


_NUMBER = _Answer(_numbers, ("value",), pl.String())
_VALIDITY = _Answer(_validity, ("verdict",), pl.Boolean())
_PLACE = _Answer(_places, ("value", "where"), pl.String())
_EXTENSION = _Answer(_extensions, ("extension",), pl.String())
_REASON = _Answer(_reasons, ("verdict", "where", "key"), pl.String())
