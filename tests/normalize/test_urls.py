import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callframe.normalize import texts, urls

NO_SCHEME, NOT, NO_HOST, SEVERAL = urls.REASONS


def column(cells):
    return pl.DataFrame({"x": cells}, schema={"x": pl.String})


def values(cells):
    return column(cells).select(urls.absolute(pl.col("x")))["x"].to_list()


def reasons(cells):
    return column(cells).select(urls.reason(pl.col("x")))["x"].to_list()


@pytest.mark.parametrize(
    "cell",
    [
        "https://example.com",
        "http://example.com/",
        "https://example.com/a/b?utm_source=ya&n=1#top",
        "https://example.com?q",
        "https://example.com#f",
        "https://example.com:8443/a",
        "https://example.com:65535/a",
        "https://example.com:/a",
        "https://пример.рф/каталог/окна?цвет=белый",
        "https://xn--e1afmkfd.xn--p1ai/%D0%B0",
        "https://example.com/каталог",
        "https://sub_domain.example.com/",
        "https://user:word@example.com/",
        "http://localhost:8000/x",
        "http://127.0.0.1/x",
        "http://[::1]:80/x",
        "https://EXAMPLE.com/A",
        "https://example.com/?u=1,https://example.org",
        "https://example.com/\U0001f642\u200dx",
        "https://example.com/" + "a" * 5000,
        "https://example.com/«цены»|x",
    ],
)
def test_a_valid_address_stays(cell):
    assert (values([cell]), reasons([cell])) == ([cell], [None])


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        pytest.param(" https://example.com\n", "https://example.com", id="space around"),
        pytest.param("HTTPS://Example.com/A", "https://Example.com/A", id="scheme in capitals"),
        pytest.param("Http://example.com", "http://example.com", id="http in capitals"),
        pytest.param("www.example.com/a", "https://www.example.com/a", id="www"),
        pytest.param("WWW.example.com", "https://WWW.example.com", id="www in capitals"),
        pytest.param("//example.com/a", "https://example.com/a", id="no scheme but slashes"),
        pytest.param("https://example.com/a b  c", "https://example.com/a%20b%20%20c", id="space inside"),
        pytest.param("https://example.com/a\u00a0b\u2003c", "https://example.com/a%C2%A0b%E2%80%83c", id="odd space"),
        pytest.param("https://example.com/a\tb\x00c\u200b", "https://example.com/abc", id="control characters"),
        pytest.param('="https://example.com/a"', "https://example.com/a", id="formula"),
        pytest.param("www.пример.рф/цены на окна", "https://www.пример.рф/цены%20на%20окна", id="all at once"),
    ],
)
def test_mended(cell, value):
    assert (values([cell]), reasons([cell])) == ([value], [None])


@pytest.mark.parametrize(
    ("reason", "cells"),
    [
        pytest.param(NO_SCHEME, ["example.com", "example.com/a?b", "пример.рф/а", "example.com:80", "127.0.0.1/x"], id="bare"),
        pytest.param(
            NOT,
            ["javascript:alert(1)", "mailto:a@example.com", "ftp://example.com/a", "data:text/html,x", "tel:+74951234567",
             "android-app://com.example", "a@example.com", "прямой заход", "1.5", "/catalog", "https:/example.com", "x", "://"],
            id="no web address",
        ),
        pytest.param(
            NO_HOST,
            ["https://", "http:///a", "https://?q=1", "https://intranet/a", "https://exam ple.com", "http://300.1.1.1/",
             "http://http://example.com", "https://example..com", "https://.com", "https://example.com:port/", "//a",
             "https://example.com:65536/", "https://example.com:99999/", "https://us er@example.com/"],
            id="no host",
        ),
        pytest.param(
            SEVERAL,
            ["https://a.ru https://b.ru", "https://a.ru\nhttps://b.ru", "https://a.ru www.b.ru", "https://a.ru,https://b.ru",
             "https://a.ru/x;http://b.ru"],
            id="several",
        ),
    ],
)  # fmt: skip
def test_refused(reason, cells):
    assert dict(zip(cells, reasons(cells), strict=True)) == dict.fromkeys(cells, reason)
    assert values(cells) == [None] * len(cells)


PARTS = st.sampled_from(
    ["https://", "HTTP://", "//", "www.", "a.ru", "пример.рф", "/", "?", "#", ":80", " ", "\u00a0", "\n", "\x07", "@", ",", "/x;https://b.ru",
     "https:", "localhost", "a", "й", "%20", "\u200b", "'", '="', '"', ".", "javascript:"]
)  # fmt: skip
CELL = st.one_of(st.none(), st.lists(PARTS, max_size=6).map("".join), st.text(max_size=8))
CELLS = st.lists(CELL, min_size=1, max_size=8)


@given(CELLS)
def test_laws(cells):
    once = values(cells)
    assert values(once) == once
    assert once == [values([cell])[0] for cell in cells]
    assert all(re.match(r"^https?://\S+$", value) for value in once if value is not None)
    blank = column(cells).select(texts.unguarded(pl.col("x")).is_null())["x"]
    refused = [value is None and not empty for value, empty in zip(once, blank, strict=True)]
    assert [reason is not None for reason in reasons(cells)] == refused
    assert set(reasons(cells)) <= {None, *urls.REASONS}


@given(CELLS)
def test_what_fits_the_contract_and_has_a_host_is_not_touched(cells):
    for cell in cells:
        if cell and re.fullmatch(r"https?://[a-z]+\.ru(?:/[^\s\x00-\x1f\x7f-\x9f\u200b\u2060\ufeff]*)?", cell):
            assert values([cell]) == [cell]
