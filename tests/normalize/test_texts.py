import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callframe.normalize import texts

ODD = st.text(alphabet=st.sampled_from([*texts.SPACE, *"-'=\"нNuUlLa1", "\x00", "\x1b", "é"]), max_size=8)
ANY = st.one_of(ODD, st.text(max_size=12), st.sampled_from(texts.BLANKS))
CELLS = st.lists(st.one_of(st.none(), ANY), min_size=1, max_size=8)


def run(function, cells):
    return pl.DataFrame({"x": cells}, schema={"x": pl.String}).select(function(pl.col("x")))["x"].to_list()


@pytest.mark.parametrize("cell", texts.BLANKS)
def test_blank_words(cell):
    spellings = [cell, cell.upper(), cell.capitalize(), f" {cell}\u00a0", f"\ufeff{cell}\t"]
    assert run(texts.present, spellings) == [None] * len(spellings)


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        pytest.param("нет", "нет", id="a word for no is a value"),
        pytest.param("0", "0", id="zero is a value"),
        pytest.param("nullable", "nullable", id="only begins like a blank"),
        pytest.param("- -", "- -", id="not a listed blank"),
        pytest.param("\u200b\u2060\ufeffа б\u3000", "а б", id="every kind of space around"),
        pytest.param("а\u00a0б", "а\u00a0б", id="space inside stays"),
    ],
)
def test_present(cell, kept):
    assert run(texts.present, [cell]) == [kept]


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        pytest.param("a\nb\tc", "a\nb\tc", id="lines and tabs stay"),
        pytest.param("\x00а\x1bб\x7f\u0085в\u200b", "абв", id="control characters go"),
        pytest.param("\x07", None, id="nothing left"),
        pytest.param("nu\x00ll", None, id="a blank word left"),
        pytest.param("тег; «ещё» \U0001f642", "тег; «ещё» \U0001f642", id="people's characters stay"),
    ],
)
def test_plain(cell, kept):
    assert run(texts.plain, [cell]) == [kept]


@pytest.mark.parametrize(
    ("cell", "inside"),
    [
        pytest.param("'+79123456789", "+79123456789", id="apostrophe"),
        pytest.param("''x", "x", id="two apostrophes"),
        pytest.param("' x", "x", id="apostrophe and space"),
        pytest.param("'x'", "'x'", id="quoted is not guarded"),
        pytest.param("O'Neil", "O'Neil", id="apostrophe inside"),
        pytest.param('="0123"', "0123", id="formula"),
        pytest.param('\'="0123"', "0123", id="guarded formula"),
        pytest.param('="\'0123"', "0123", id="apostrophe in a formula"),
        pytest.param('=""', None, id="nothing inside"),
        pytest.param('="null"', None, id="a blank word inside"),
        pytest.param('="a"&"b"', '="a"&"b"', id="a real formula stays"),
        pytest.param("=1+1", "=1+1", id="another formula stays"),
        pytest.param("''", None, id="blank"),
    ],
)
def test_unguarded(cell, inside):
    assert run(texts.unguarded, [cell]) == [inside]


def test_a_guarded_cell_among_others():
    assert run(texts.unguarded, ["a", "'b", None, '="c"', "d"]) == ["a", "b", None, "c", "d"]


@given(CELLS)
def test_again_gives_the_same(cells):
    for function in (texts.present, texts.plain, texts.unguarded):
        once = run(function, cells)
        assert run(function, once) == once


@given(CELLS)
def test_nothing_but_space_goes(cells):
    for before, after in zip(cells, run(texts.present, cells), strict=True):
        if after is None:
            assert before is None or before.strip(texts.SPACE).lower() in {*texts.BLANKS, ""}
        else:
            assert before is not None
            assert before.strip(texts.SPACE) == after


@given(CELLS)
def test_a_reason_is_given_where_a_text_was_and_nothing_is_left(cells):
    kept = zip(run(texts.present, cells), run(texts.plain, cells), strict=True)
    lost = [before is not None and after is None for before, after in kept]

    assert [reason is not None for reason in run(texts.reason, cells)] == lost


def test_control_characters_alone_are_a_finding():
    assert run(texts.reason, ["\x00", " \x07 ", "a\x07", ""]) == [texts.REASONS[0]] * 2 + [None] * 2


def test_space_is_what_regular_expressions_and_unicode_call_space():
    odd = {"\u200b", "\u2060", "\ufeff"}
    unicode_space = {chr(c) for c in range(0x110000) if chr(c).isspace()} - {"\x1c", "\x1d", "\x1e", "\x1f"}
    assert set(texts.SPACE) == unicode_space | odd


def test_on_present_is_not_called_for_nothing():
    def fail(cells):
        raise AssertionError("called")

    frame = pl.DataFrame({"x": [None, None]}, schema={"x": pl.String})
    assert frame.select(texts.on_present(pl.col("x"), fail))["x"].to_list() == [None, None]


@given(st.lists(st.one_of(st.none(), st.sampled_from("abc")), max_size=9))
def test_on_present_puts_each_answer_in_its_row(cells):
    seen = []

    def upper(there):
        seen.extend(there)
        return there.str.to_uppercase()

    expected = [cell and cell.upper() for cell in cells]
    assert run(lambda expr: texts.on_present(expr, upper), cells) == expected
    assert None not in seen


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=12))
def test_by_word_gives_what_the_function_gives(cells):
    column = pl.Series("x", cells)
    assert texts.by_word(lambda words: words.str.len_bytes() + words.rank("min") * 0)(column).to_list() == [1] * len(
        cells
    )
    assert texts.by_word(lambda words: words + "!")(column).to_list() == [cell + "!" for cell in cells]
