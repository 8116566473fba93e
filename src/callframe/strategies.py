"""Hypothesis strategies: valid call frames, and messy exports paired with their truth; for anybody's property tests."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import polars as pl

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise ImportError("strategies need their extra: pip install 'callframe[strategies]'") from error

from callframe.contract import COLUMNS, DTYPES, IDS, CallFrame
from callframe.mapping import Mapping
from callframe.normalize.currencies import CODES

__all__ = ["NOW", "RawExport", "call_frames", "column_values", "raw_exports"]

NOW = 1_775_300_000
"""The present of everything drawn here, Unix seconds: 4 April 2026."""

_WORDS = ("первый", "горячий лид", "не туда", "call back", 'цена "высокая"', "a,b;c", "две\nстроки", "=1+1")
_PAGES = ("https://shop.example/", "https://магазин.example/путь?a=1,2", "http://shop.example/a;b")


def column_values() -> dict[str, st.SearchStrategy[Any]]:
    """A strategy of valid values, never null, for each column of the contract."""
    digits = st.integers(10**9, 10**15 - 1).map(str)
    flags = st.sampled_from([0, 1])
    return {
        "UserId": st.text("abcdefgh0123456789", min_size=3, max_size=12).map(lambda tail: f"u{tail}"),
        "ClientId": digits,
        "Yclid": digits,
        "DateTime": st.integers(NOW - 20 * 86_400, NOW - 1),
        "StaticCall": flags,
        "Price": st.decimals(0, 10**9, places=2, allow_nan=False, allow_infinity=False),
        "Currency": st.sampled_from(CODES),
        "PhoneNumber": st.integers(0, 9999).map(lambda tail: f"+7495000{tail:04}"),
        "TalkDuration": st.integers(0, 86_400),
        "HoldDuration": st.integers(0, 86_400),
        "CallMissed": flags,
        "Tag": st.sampled_from(_WORDS),
        "FirstTimeCaller": flags,
        "URL": st.sampled_from(_PAGES),
        "CallTrackerURL": st.sampled_from(_PAGES),
    }


@st.composite
def _calls(draw: st.DrawFn) -> dict[str, Any]:
    values = column_values()
    row = {name: draw(values[name] if name == "DateTime" else st.none() | values[name]) for name in COLUMNS}
    if all(row[name] is None for name in IDS):
        row["ClientId"] = draw(values["ClientId"])
    if row["Price"] is not None and row["Currency"] is None:
        row["Currency"] = draw(values["Currency"])
    return row


def call_frames(*, min_rows: int = 0, max_rows: int = 20) -> st.SearchStrategy[CallFrame]:
    """Frames that keep the contract.

    Shape: `min_rows` to `max_rows` rows, the 15 columns with their dtypes.
    """
    rows = st.lists(_calls(), min_size=min_rows, max_size=max_rows)
    return rows.map(lambda drawn: CallFrame(pl.DataFrame(drawn, schema=DTYPES)))


@dataclass(frozen=True)
class RawExport:
    """A messy export and what it truly says."""

    raw: pl.DataFrame
    """All String, names as a call tracker might give them."""

    truth: CallFrame
    """The call rows that converting must give, in the same order."""

    mapping: Mapping
    options: dict[str, Any] = field(default_factory=dict)
    """Keyword arguments for `convert`."""


_MOSCOW = timezone(timedelta(hours=3))


def _time(draw: st.DrawFn, seconds: int) -> str:
    at = datetime.fromtimestamp(seconds, UTC)
    local = at.astimezone(_MOSCOW)
    ways = [
        str(seconds),
        f"{seconds}000",
        f"{local:%d.%m.%Y %H:%M:%S}",
        f"{local.day}.{local.month}.{local.year}, {local.hour}:{local:%M:%S}",
        local.isoformat(),
        f"{at:%Y-%m-%dT%H:%M:%S}.000Z",
        f"{local:%Y-%m-%d %H:%M:%S}",
    ]
    return draw(st.sampled_from(ways))


def _price(draw: st.DrawFn, price: Decimal) -> str:
    whole, _, cents = f"{price:.2f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", draw(st.sampled_from([" ", "\u00a0", "\u202f"])))
    return draw(st.sampled_from([f"{whole},{cents}", f"{grouped},{cents}"]))


def _duration(draw: st.DrawFn, seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    ways = [str(seconds), f"{seconds}.0", f"{minutes // 60}:{minutes % 60:02}:{rest:02}", f"{minutes} мин {rest} сек"]
    return draw(st.sampled_from(ways))


def _phone(draw: st.DrawFn, phone: str) -> str:
    d = phone.removeprefix("+7")
    ways = [phone, f"8{d}", d, f"7{d}.0", f"'{phone}", f'="{phone}"', f"8 ({d[:3]}) {d[3:6]}-{d[6:8]}-{d[8:]}"]
    return draw(st.sampled_from(ways))


def _flag(draw: st.DrawFn, flag: int) -> str:
    return draw(st.sampled_from(["1", "true", "Да", "yes"] if flag else ["0", "false", "Нет", "no"]))


def _text(draw: st.DrawFn, text: str) -> str:
    return draw(st.sampled_from([text, f" {text} ", f"\u00a0{text}"]))


_MESSES: dict[str, Callable[[st.DrawFn, Any], str]] = {
    "DateTime": _time,
    "Price": _price,
    "TalkDuration": _duration,
    "HoldDuration": _duration,
    "PhoneNumber": _phone,
    "StaticCall": _flag,
    "CallMissed": _flag,
    "FirstTimeCaller": _flag,
}


@st.composite
def raw_exports(draw: st.DrawFn, *, min_rows: int = 0, max_rows: int = 10) -> RawExport:
    """Messy exports that can be told apart from their truth by writing alone: every row must be accepted as it was.

    Shape: `min_rows` to `max_rows` rows; 15 columns of text.
    """
    truth = draw(call_frames(min_rows=min_rows, max_rows=max_rows))
    rows = [
        {f"my {name}": _messy(draw, name, value) for name, value in row.items()} for row in truth.iter_rows(named=True)
    ]
    names = {name: f"my {name}" for name in COLUMNS}
    raw = pl.DataFrame(rows, schema=dict.fromkeys(names.values(), pl.String))
    options = {"time_zone": "Europe/Moscow", "region": "RU", "now": NOW}
    return RawExport(raw, truth, Mapping(columns=names), options)


def _messy(draw: st.DrawFn, name: str, value: Any) -> str | None:
    if value is None:
        return draw(st.sampled_from([None, "", " ", "-", "<не указано>"]))
    return _MESSES.get(name, _text)(draw, value)
