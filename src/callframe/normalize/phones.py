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
4. `.0` or `,0` goes after bare digits (`79123456789.0`): a spreadsheet wrote it;
5. a withheld caller is null without a reason: the words of `WITHHELD` (any case, in quotes, as a SIP address) where
   fewer than seven digits stand beside them (those of an IP address and of a SIP tag apart), and the five numbers
   that spell such a word on a keypad (`KEYPAD_WORDS`) after a plus. With a number beside it, the word counts for
   nothing: the number is read, or has a reason.

What stands before the first digit or plus needs no cleaning: phonenumbers skips `tel:` and `Тел.: ` itself. No rule
above has an option, since what it takes away is never part of a number; letters may be, hence `vanity`.

Refused, though phonenumbers may give a number, each with its reason and never another number instead:

* `digits lost in a spreadsheet`: any power of ten, `7.9E+10`, under this one reason also where all digits are there
  (`8.9123456789E10`);
* `two numbers`: seven digits or more on either side of one comma, semicolon, slash, bar or backslash (phonenumbers
  takes the second for an extension, or runs the two together);
* `letters in the number`: phonenumbers dials letters on a keypad, or drops them (`8495123456O`, and all that follows
  `/x`). Letters before the number and those of an extension (`ext. 5`, `доб. 5`) are no letters in the number.
  `vanity=True` lets phonenumbers have its way.

Plain digits, with a plus, spaces, dots, brackets and dashes at most, and any words before them, are looked up in tables
made of phonenumbers' own metadata when first needed. What is left goes to phonenumbers itself, each different text once
a batch: extensions, slashes, commas and other marks in the number, wide and Arabic digits, more than 17 digits, letters
if `vanity`, and the few prefixes too many to list (a carrier's code dialled in China, Korea or Luxembourg, say). Of
the rows of `benchmarks/phones.py`'s mixes (100 000 each) these are 0.0 %: Russian exports, and numbers of all regions
in the formats E164, INTERNATIONAL, NATIONAL and RFC3966 (`tel:`), without extensions.

Extensions are no part of E.164: `extension` gives them.

Source: libphonenumber's metadata, and its rules as in phonenumbers' `phonenumberutil`.
"""

import polars as pl

from callframe.errors import OptionError
from callframe.normalize._phone_words import KEYPAD_WORDS, REASONS, WITHHELD

__all__ = ["KEYPAD_WORDS", "REASONS", "WITHHELD", "e164", "explained", "extension", "is_valid", "reason", "region_of"]

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
    from callframe.normalize._phone_answers import NUMBER, told

    return told(expr, _known(region), vanity, NUMBER)


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
    from callframe.normalize._phone_answers import VALIDITY, told

    return told(expr, _known(region), vanity, VALIDITY)


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
    from callframe.normalize._phone_answers import PLACE, told

    return told(expr, _known(region), vanity, PLACE)


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
    from callframe.normalize._phone_answers import EXTENSION, told

    return told(expr, _known(region), vanity, EXTENSION)


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
    from callframe.normalize._phone_answers import REASON, told

    return told(expr, _known(region), vanity, REASON)


def explained(expr: pl.Expr, *, region: Region = None, vanity: bool = False) -> pl.Expr:
    """The number and, where there is none though something is given, the reason: `e164` and `reason` for one price.

    Shape: n rows -> n rows, order kept.
    Null: never; both fields are null where there is nothing to tell: null, blank, withheld.

    Args:
        expr: String.
        region: As in `e164`.
        vanity: As in `e164`.

    Returns:
        Struct of `value` and `reason`, String.

    Raises:
        OptionError: as in `e164`.

    >>> pl.select(explained(pl.lit("375291234567"), region="RU")).item()
    {'value': None, 'reason': 'not valid for RU; +375 would be Belarus'}
    """
    from callframe.normalize._phone_answers import EXPLANATION, told

    return told(expr, _known(region), vanity, EXPLANATION)


def _known(region: object) -> pl.Expr | str | None:
    import phonenumbers

    if region is None or isinstance(region, pl.Expr):
        return region
    known = str(region).upper()
    if not isinstance(region, str) or known not in phonenumbers.SUPPORTED_REGIONS:
        raise OptionError.unknown("a region", region, sorted(phonenumbers.SUPPORTED_REGIONS), "RU")
    return known
