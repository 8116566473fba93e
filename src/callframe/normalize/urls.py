"""Web addresses as exports write them -> absolute http and https addresses, in people's own letters.

A valid address stays as it is: Cyrillic hosts and paths, percent codes and `utm` tails are not touched.

>>> import polars as pl
>>> frame = pl.DataFrame({"URL": ["https://пример.рф/цены?q=окна", "www.example.com/a b", "example.com", "data:x"]})
>>> frame.select(absolute(pl.col("URL")))["URL"].to_list()
['https://пример.рф/цены?q=окна', 'https://www.example.com/a%20b', None, None]
"""

from urllib.parse import quote

import polars as pl

from callframe.normalize import _answers, texts

__all__ = ["REASONS", "absolute", "explained", "reason"]

REASONS: tuple[str, ...] = ("no scheme", "not a web address", "no host", "several addresses")
_NO_SCHEME, _NOT, _NO_HOST, _SEVERAL = REASONS

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
_HOST = (
    rf"(?:localhost|{_OCTET}(?:\.{_OCTET}){{3}}|\[[0-9A-Fa-f:.]+\]"
    r"|[\pL\pM\pN_-]+(?:\.[\pL\pM\pN_-]+)*\.\pL[\pL\pM\pN-]+\.?)"
)
_PORT = "(?:[0-9]{0,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
_REST = rf"(?::{_PORT})?(?:[/?#]\S*)?"
_EASY = r"^https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?:[/?#][^\s\pC,;|]*)?$"
_WEB = rf"^https?://(?:[^\s/?#@]*@)?(?i:{_HOST}){_REST}$"
_BARE = rf"(?i)^{_HOST}{_REST}$"
_SEVERAL_WEB = r"(?i)\s(?:https?://|www\.)|^[^?#]*[,;|]https?://"
_HOPEFUL = r"(?i)[./\[]|localhost"
"""What every address has, and every text that might be meant for one."""
_SPACE_BEFORE_PATH = r"^https?://[^/?#]*\s"
_INVISIBLE = r"[\p{Cc}\x{feff}\x{200b}\x{2060}]"
_CODES = {space: quote(space) for space in texts.SPACE if space == " " or space > "\u009f"}


def absolute(expr: pl.Expr) -> pl.Expr:
    """The absolute http or https address, or null where the text is none.

    The host is a name with a dot, an IP address or localhost. `//host` and `www.host` get https; a space inside gets
    its percent code; control characters go; the scheme is written small. The rest stays letter for letter.

    Shape: n rows -> n rows, order kept.
    Null: null in -> null out; blank, another scheme or none, no host, several addresses -> null.

    Args:
        expr: String.

    Returns:
        String, without space.

    Source: RFC 3986, RFC 3987.

    >>> frame = pl.DataFrame({"x": ["HTTP://example.com/Путь", "//example.com", "example.com/a", "ftp://example.com"]})
    >>> frame.select(absolute(pl.col("x")))["x"].to_list()
    ['http://example.com/Путь', 'https://example.com', None, None]
    """
    return _answers.value(expr, _read)


def reason(expr: pl.Expr) -> pl.Expr:
    """Why a text is not a web address: one of `REASONS`; null where it is one, or is blank.

    Shape: n rows -> n rows, order kept.

    Args:
        expr: String.

    Returns:
        String.

    >>> frame = pl.DataFrame({"x": ["example.com/a", "mailto:a@example.com", "https://?q", "https://a.ru https://b.ru"]})
    >>> frame.select(reason(pl.col("x")))["x"].to_list()
    ['no scheme', 'not a web address', 'no host', 'several addresses']
    """
    return _answers.reason(expr, _read)


def explained(expr: pl.Expr) -> pl.Expr:
    """The address and, where there is none though something is given, the reason: `absolute` and `reason` in one.

    Shape: n rows -> n rows, order kept.
    Null: either field, as for its function.

    Args:
        expr: String.

    Returns:
        Struct of `value` and `reason`, both String.

    >>> frame = pl.DataFrame({"x": ["https://example.com/a", "example.com/a"]})
    >>> frame.select(explained(pl.col("x"))).unnest("x").rows()
    [('https://example.com/a', None), (None, 'no scheme')]
    """
    return _answers.explained(expr, _read)


def _read(cells: pl.Series) -> pl.DataFrame:
    return _answers.of_rows(cells, ~cells.str.contains(_EASY), _judged)


def _judged(cells: pl.Series) -> pl.DataFrame:
    cell, url = pl.col("cell"), pl.col("value")
    why = (
        pl.when(cell.str.contains(_SEVERAL_WEB))
        .then(pl.lit(_SEVERAL))
        .when(~url.str.contains(_WEB))
        .then(
            pl.when(url.str.contains("^https?://"))
            .then(pl.lit(_NO_HOST))
            .when(url.str.contains(_BARE))
            .then(pl.lit(_NO_SCHEME))
            .otherwise(pl.lit(_NOT))
        )
    )
    inside = pl.select(texts.unguarded(pl.lit(cells)).alias("cell")).to_series()
    if not inside.str.contains(_HOPEFUL).any():
        nothing = pl.when(pl.lit(inside).is_not_null()).then(pl.lit(_NOT))
        return pl.select(pl.lit(inside.clear(len(inside))).alias("value"), nothing.alias("reason"))
    mended = texts.on_rows(inside, ~(inside.str.contains(_WEB) & ~inside.str.contains(_INVISIBLE)), _mended)
    return (
        pl.DataFrame([inside, mended.alias("value")])
        .with_columns(pl.coalesce(url, cell))
        .with_columns(why.alias("reason"))
        .with_columns(pl.when(pl.col("reason").is_null()).then(url).alias("value"))
    )


def _mended(cells: pl.Series) -> pl.Series:
    seen = pl.select(texts.present(pl.lit(cells.str.replace_all(_INVISIBLE, "")))).to_series()
    secure = seen.str.replace("(?i)^(?:https:)?//", "https://").str.replace(r"(?i)^(www\.)", "https://$1")
    small = secure.str.replace("(?i)^http://", "http://")
    return texts.mended(small, _SPACE_BEFORE_PATH, lambda others: others.str.replace_many(_CODES))
