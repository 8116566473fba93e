"""Numerals parsed and numbers written by the column, against the same for one text or number at a time."""

import re

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callframe.normalize import _phone_digits
from callframe.normalize._phone_digits import digits, marked, plain, written


@pytest.fixture(autouse=True, params=[3, 16_000], ids=["small blocks", "one block"])
def _blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_phone_digits, "_BLOCK", request.param)


def key_of(text: str, *, cleaned: bool) -> int:
    """The key of one text, as one would write it."""
    if len(text.encode()) > 250:
        return 0
    if not cleaned:
        bare = re.fullmatch(r"('?[0-9]+)\.0", text)
        if bare is None and re.search(r"\.0$| $", text):
            return 0
        text = bare[1] if bare else text
    numeral = re.fullmatch(r"'?(\+?)([0-9]{3,17})", re.sub(r"[ ().\[\]-]", "", text))
    if numeral is None or int(numeral[2]) == 0:
        return 0
    return int(("2" if numeral[1] else "1") + numeral[2])


TEXTS = [
    "8 (912) 345-67-89",
    "+79123456789",
    "'+7 912",
    "'79123456789.0",
    "79123456789.0",
    "+79123456789.0",
    "8 912 345 67 8.0",
    "8.912.345",
    "0.0",
    "12.0",
    "123.0",
    "79123456789.00",
    "79123456789.0 ",
    " 79123456789",
    "79123456789 ",
    "",
    "'",
    "+",
    "'+",
    "+'123",
    "''123",
    "1'23",
    "++123",
    "12+3",
    "12",
    "000",
    "0123",
    "00000000",
    "1234567890123456",
    "12345678901234567",
    "123456789012345678",
    "12345678901234567.0",
    "123456789012345678.0",
    "1234567890123456789012345678",
    "123\n456",
    "\n",
    "123\r",
    "１２３",
    "٣٣٣",
    "123\u00a0456",
    "12:34",
    "12/34",
    "123a",
    "(+7) 912",
    "+ 7 912",
    "1" + " " * 248 + "23",
    "12" + " " * 249 + "3",
    "я" * 200,
]


@pytest.mark.parametrize("cleaned", [False, True])
@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_one_text(text: str, cleaned: bool) -> None:
    assert plain(pl.Series([text]), cleaned=cleaned).tolist() == [key_of(text, cleaned=cleaned)]


NUMERAL = st.from_regex(r"[' (]?\+?[0-9]{0,9}[-. ()']?[0-9]{0,9}(\.0|\.00| |\n)?", fullmatch=True)


@settings(max_examples=200, deadline=None)
@given(st.lists(NUMERAL | st.sampled_from(TEXTS) | st.text(max_size=9), min_size=1, max_size=12), st.booleans())
def test_texts_among_others(texts: list[str], cleaned: bool) -> None:
    assert plain(pl.Series(texts), cleaned=cleaned).tolist() == [key_of(text, cleaned=cleaned) for text in texts]


@given(st.lists(st.tuples(st.sampled_from(["", "+"]), st.from_regex("[0-9]{1,19}", fullmatch=True)), max_size=9))
def test_marks_of_any_kind_go(numbers: list[tuple[str, str]]) -> None:
    spelled = ['="' + plus + "\u00a0".join(number) + '\u2212";' for plus, number in numbers]
    bare = [key_of(plus + number, cleaned=True) for plus, number in numbers]
    assert marked(pl.Series(spelled, dtype=pl.String)).tolist() == bare


NUMBERS = st.integers(0, 10**19 // 2) | st.integers(0, 19).map(lambda size: 10**size // 1) | st.just(0)


@given(st.lists(NUMBERS.filter(lambda number: number < 2**63), max_size=12))
def test_numbers_are_written(numbers: list[int]) -> None:
    text = written(np.array(numbers, dtype=np.int64))
    assert text.dtype == pl.String
    assert text.to_list() == [f"+{number}" if number else None for number in numbers]


@given(st.integers(79_000_000_000, 79_999_999_999).map(lambda number: [number, 0, number + 1, number - 1]))
def test_numbers_of_one_length_are_written(numbers: list[int]) -> None:
    assert written(np.array(numbers)).to_list() == [f"+{number}" if number else None for number in numbers]


def test_digits_of_a_key() -> None:
    assert digits(np.array([1000, 1999, 2999, 10_000, 1_234_567])).tolist() == [3, 3, 3, 4, 6]
