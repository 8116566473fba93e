import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callframe.errors import OptionError
from callframe.normalize import flags, texts

LISTS = {
    "plain": flags.PLAIN,
    "missed": flags.CALL_MISSED,
    "static": flags.STATIC_CALL,
    "first": flags.FIRST_TIME_CALLER,
}


def column(cells):
    return pl.DataFrame({"x": cells}, schema={"x": pl.String})


def values(cells, words=flags.PLAIN):
    return column(cells).select(flags.binary(pl.col("x"), words=words))["x"].to_list()


def reasons(cells, words=flags.PLAIN):
    return column(cells).select(flags.reason(pl.col("x"), words=words))["x"].to_list()


@pytest.mark.parametrize("words", LISTS.values(), ids=LISTS)
def test_every_word_of_a_list(words):
    cells = list(words)
    meanings = list(words.values())
    for spelling in (cells, [cell.upper() for cell in cells], [f" {cell.capitalize()}. " for cell in cells]):
        assert values(spelling, words) == meanings
        assert reasons(spelling, words) == [None] * len(cells)


@pytest.mark.parametrize(
    ("cell", "plain", "missed", "static", "first"),
    [
        pytest.param("True", 1, 1, 1, 1, id="True"),
        pytest.param("0.0", 0, 0, 0, 0, id="a float's zero"),
        pytest.param("'1", 1, 1, 1, 1, id="guarded"),
        pytest.param("Пропущенный", None, 1, None, None, id="missed"),
        pytest.param("NO ANSWER", None, 1, None, None, id="no answer"),
        pytest.param("no-answer", None, 1, None, None, id="with a hyphen"),
        pytest.param("NO_ANSWER", None, 1, None, None, id="with an underscore"),
        pytest.param("NOANSWER", None, 1, None, None, id="in one word"),
        pytest.param("Не отвечен", None, 1, None, None, id="not answered"),
        pytest.param("ANSWERED", None, 0, None, None, id="answered"),
        pytest.param("Принятый", None, 0, None, None, id="accepted"),
        pytest.param("Непринятый", None, 1, None, None, id="not accepted"),
        pytest.param("Статический", None, None, 1, None, id="static"),
        pytest.param("dynamic_call_tracking", None, None, 0, None, id="dynamic"),
        pytest.param("Первичный", None, None, None, 1, id="first"),
        pytest.param("повторное обращение", None, None, None, 0, id="repeated"),
        *(
            pytest.param(cell, None, None, None, None, id=f"unknown {cell}")
            for cell in (
                "BUSY",
                "занято",
                "Новый",
                "Вернувшийся",
                "2",
                "10",
                "1.5",
                "не",
                "да нет",
                "success",
                "FAILED",
            )
        ),
    ],
)
def test_word(cell, plain, missed, static, first):
    wanted = [plain, missed, static, first]
    assert [values([cell], words)[0] for words in LISTS.values()] == wanted
    unknown = [None if value is not None else "unknown word" for value in wanted]
    assert [reasons([cell], words)[0] for words in LISTS.values()] == unknown


def test_a_dash_says_nothing():
    assert (values(["-", "—", "+"]), reasons(["-", "—", "+"])) == ([None, None, 1], [None, None, None])


def test_words_of_ones_own():
    words = {"Ещё нет": 0, "Уже есть": 1}
    assert values(["еще  нет", "еще нет", "ЕЩЁ НЕТ", "уже_есть", "да"], words) == [None, 0, 0, 1, None]
    assert values(["да"], {}) == [None]


@pytest.mark.parametrize("function", [flags.binary, flags.reason])
@pytest.mark.parametrize("meaning", [2, -1, None, "1"])
def test_a_word_means_one_or_zero(function, meaning):
    with pytest.raises(OptionError, match="is not what a word can mean"):
        function(pl.col("x"), words={"да": 1, "кто?": meaning})


@pytest.mark.parametrize("words", LISTS.values(), ids=LISTS)
def test_no_spelling_has_two_meanings(words):
    assert not set(flags._spellings(words, 1)) & set(flags._spellings(words, 0))
    assert not set(words) & set(texts.BLANKS)


WORDS = st.sampled_from([*flags.CALL_MISSED, "занято", "Да", "не-отвечен", "", "-", "'1"])
CELLS = st.lists(st.one_of(st.none(), WORDS, st.text(max_size=4)), min_size=1, max_size=9)


@given(CELLS, st.sampled_from(sorted(LISTS)))
def test_laws(cells, name):
    words = LISTS[name]
    once = values(cells, words)
    assert values([value if value is None else str(value) for value in once], words) == once
    assert once == [values([cell], words)[0] for cell in cells]
    blank = column(cells).select(texts.unguarded(pl.col("x")).is_null())["x"]
    unknown = [value is None and not empty for value, empty in zip(once, blank, strict=True)]
    assert [reason == "unknown word" for reason in reasons(cells, words)] == unknown


def test_dtype():
    assert column([]).select(flags.binary(pl.col("x")))["x"].dtype == pl.Int8
