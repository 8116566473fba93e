"""What is asked of a column of phone texts: expressions that judge it, and tell one thing of the judgement."""

import functools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import phonenumbers
import polars as pl

from callframe.normalize import _answers
from callframe.normalize._phone_batch import Told, judged, would_be
from callframe.normalize._phone_digits import TENS, digits, written
from callframe.normalize._phone_reading import Verdict
from callframe.normalize._phone_tables import NOWHERE, regions
from callframe.normalize._phone_words import REASONS

__all__ = ["EXPLANATION", "EXTENSION", "NUMBER", "PLACE", "REASON", "VALIDITY", "Answer", "told"]

_ROWS_WORTH_A_THREAD = 100_000
_WITHOUT_ISO_NAME = {"AC": "Ascension Island", "TA": "Tristan da Cunha", "XK": "Kosovo"}
_OPEN = (Verdict.TOO_SHORT, Verdict.TOO_LONG, Verdict.NOT_VALID, Verdict.NO_COUNTRY_CODE)


class Answer(NamedTuple):
    """What to tell of a judgement."""

    tell: Callable[[Told], pl.Series]
    dtype: pl.DataType


def told(expr: pl.Expr, region: pl.Expr | str | None, vanity: bool, answer: Answer) -> pl.Expr:
    """The answer for each text under its region, one for all rows or one for each."""
    text = expr.cast(pl.String)
    if isinstance(region, pl.Expr):
        by_row = functools.partial(_by_row, vanity=vanity, answer=answer)
        return pl.map_batches([text, region.cast(pl.String)], by_row, return_dtype=answer.dtype, is_elementwise=True)
    for_all = functools.partial(
        _for_all, place=NOWHERE if region is None else regions().index(region), vanity=vanity, answer=answer
    )
    return text.map_batches(for_all, return_dtype=answer.dtype, is_elementwise=True)


def _for_all(text: pl.Series, *, place: int, vanity: bool, answer: Answer) -> pl.Series:
    return _answered(text, pl.Series([place], dtype=pl.Int16), vanity, answer)


def _by_row(columns: Sequence[pl.Series], *, vanity: bool, answer: Answer) -> pl.Series:
    text, region = columns
    height = len(text) if len(region) == 1 else len(region)
    known = regions()[:-1]
    place = region.str.to_uppercase().replace_strict(known, range(len(known)), default=NOWHERE, return_dtype=pl.Int16)
    return _answered(_stretched(text, height), place, vanity, answer)


def _answered(text: pl.Series, place: pl.Series, vanity: bool, answer: Answer) -> pl.Series:
    """The answer for every row; long columns in as many parts as there are threads."""
    cells = pl.DataFrame([text.alias("text"), _stretched(place, len(text)).alias("place")])

    def answers(part: pl.DataFrame) -> pl.DataFrame:
        return answer.tell(judged(part["text"], part["place"].to_numpy(), vanity)).to_frame("told")

    parts = min(pl.thread_pool_size(), len(cells) // _ROWS_WORTH_A_THREAD)
    if parts <= 1:
        return answers(cells).to_series().alias(text.name)
    size = -(-len(cells) // parts)
    schema = {"told": answer.dtype}
    lazy = [cells.slice(start, size).lazy().map_batches(answers, schema=schema) for start in range(0, len(cells), size)]
    return pl.concat(pl.collect_all(lazy, engine="in-memory")).to_series().alias(text.name)


def _stretched(column: pl.Series, height: int) -> pl.Series:
    return column if len(column) == height else column.new_from_index(0, height)


def _numbers(told: Told) -> pl.Series:
    return written(told.value)


def _validity(told: Told) -> pl.Series:
    is_given = pl.Series(told.verdict != Verdict.ABSENT)
    return pl.Series(told.verdict == Verdict.VALID).zip_with(is_given, pl.Series([None], dtype=pl.Boolean))


def _places(told: Told) -> pl.Series:
    names = pl.Series([None, *regions()[:-1], None], dtype=pl.String)
    return names.gather(np.where(told.value > 0, told.where + 1, 0))


def _extensions(told: Told) -> pl.Series:
    if told.extension is None:
        return _nothing(len(told.value))
    return pl.Series(told.extension.tolist(), dtype=pl.String)


def _reasons(told: Told) -> pl.Series:
    rows = np.flatnonzero((told.verdict != Verdict.VALID) & (told.verdict != Verdict.ABSENT))
    if not len(rows):
        return _nothing(len(told.value))
    verdict, where, key = told.verdict[rows], told.where[rows], told.key[rows]
    other = np.full(len(rows), NOWHERE, np.int16)
    near = np.flatnonzero(np.isin(verdict, _OPEN) & (key > 0) & (key < 2 * TENS.take(digits(key))))
    if len(near):
        other[near] = would_be(key[near])
    count = len(regions()) + 1
    kinds, kind = np.unique((verdict.astype(np.int64) * count + where + 1) * count + other + 1, return_inverse=True)
    words = [_reason(each // count**2, each // count % count - 1, each % count - 1) for each in kinds.tolist()]
    place = np.zeros(len(told.value), np.uint32)
    place[rows] = kind + 1
    return pl.Series([None, *words], dtype=pl.String).gather(place)


def _reason(verdict: int, where: int, other: int) -> str:
    """The words for a verdict by the rules of one region on digits that may be valid in another."""
    names = (*regions()[:-1], None, None)
    detail = _otherwise(names[other])
    if detail and verdict != Verdict.NO_COUNTRY_CODE:
        verdict = Verdict.NOT_VALID
    judge = names[where] if verdict == Verdict.NOT_VALID else None
    return REASONS[verdict - 1] + (f" for {judge}" if judge else "") + detail


def _explanations(told: Told) -> pl.Series:
    return _answers.side_by_side(_numbers(told), _reasons(told)).to_struct()


def _nothing(height: int) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, height)


@functools.cache
def _otherwise(region: str | None) -> str:
    """What the digits would be with a plus before them, if they are valid in a region."""
    import pycountry

    if region is None:
        return ""
    country = pycountry.countries.get(alpha_2=region)
    name = getattr(country, "common_name", country.name) if country else _WITHOUT_ISO_NAME.get(region, region)
    return f"; +{phonenumbers.country_code_for_region(region)} would be {name}"


NUMBER = Answer(_numbers, pl.String())
VALIDITY = Answer(_validity, pl.Boolean())
PLACE = Answer(_places, pl.String())
EXTENSION = Answer(_extensions, pl.String())
REASON = Answer(_reasons, pl.String())
EXPLANATION = Answer(_explanations, _answers.explanation(pl.String))
