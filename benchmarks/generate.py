"""A messy export of calls, made with a seed: 12 text columns, about 170 bytes a row, nearly every value its own.

python benchmarks/generate.py export.csv --rows 3000000 --kind messy

No number in it is anybody's: behind an area code stands a local number that starts with 0, as none does.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import polars as pl

NOW = 1_795_300_000
"""Unix seconds to convert the exports at; their calls are of the three weeks before."""

MAPPING = {
    "ClientId": "ClientID",
    "DateTime": "Дата звонка",
    "StaticCall": "Статический",
    "Price": "Сумма",
    "Currency": "Валюта",
    "PhoneNumber": "Телефон",
    "TalkDuration": "Разговор",
    "HoldDuration": "Ожидание",
    "CallMissed": "Пропущен",
    "Tag": "Тег",
    "FirstTimeCaller": "Первый звонок",
    "URL": "Страница",
}
"""Contract column -> column of the export."""

OPTIONS = {"time_zone": "Europe/Moscow", "region": "RU", "now": NOW}

KINDS = ("good", "messy", "bad", "worst")
"""Every row fine; one row in twenty with a fault; a fault in every row; a fault in every cell that can have one."""

PHONES = (
    "+7{area}{a}{b}{c}",
    "8 ({area}) {a}-{b}-{c}",
    "7{area}{a}{b}{c}",
    "{area}{a}{b}{c}",
    "8-{area}-{a}-{b}-{c}",
    "+7 ({area}) {a}-{b}-{c}",
    "'+7{area}{a}{b}{c}",
    "7{area}{a}{b}{c}.0",
)
WITHHELD = ("Аноним", "anonymous", None, "Скрытый номер", "+266696687", "unknown", "-", "номер скрыт")
AREAS = ("495", "499", "812", "343", "383", "846", "863", "861", "831", "843", "351", "342", "473", "391", "423", "472")
DATES = ("%d.%m.%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M")
CURRENCIES = ("RUB", "руб.", "р.", "₽", "RUR", "рублей", "rub", "Руб")
TAGS = ('"лид"; {}', "спам {}", "заявка; {}", 'не "тот" {}')
PAGES = ("окна", "двери", "ремонт", "цены")

FAULTS: dict[str, str] = {
    "Телефон": "8495{}",
    "Дата звонка": "31.02.2026 {}",
    "ClientID": "1,7{}E+18",
    "Разговор": "долго {}",
    "Сумма": "дорого {}",
    "Страница": "визитка {}",
}
"""Column -> a text without a normal form."""

_CHUNK = 500_000
_DAY = 86_400

Chance = np.random.Generator


def write(path: Path, rows: int, kind: str = "messy", seed: int = 2026) -> None:
    """An export of so many rows at `path`; the same for the same seed."""
    chance = np.random.default_rng(seed)
    with path.open("wb") as file:
        for start in range(0, rows, _CHUNK):
            frame = spoiled(good(min(_CHUNK, rows - start), chance), kind, chance)
            frame.write_csv(file, separator=";", include_header=start == 0)


def good(rows: int, chance: Chance) -> pl.DataFrame:
    """Rows that all can be read."""
    number = chance.integers(10**5, 10**6, rows).astype(str)
    columns = {
        "ClientID": _whole(chance.integers(10**17, 9 * 10**17, rows) * 10 + chance.integers(1, 10, rows)),
        "Телефон": _phones(rows, chance),
        "Дата звонка": _dates(rows, chance),
        "Разговор": _durations(chance.integers(0, 3 * 3600, rows)),
        "Ожидание": _durations(chance.integers(0, 600, rows)),
        "Сумма": _whole(chance.integers(100, 100_000, rows)) + "," + _padded(chance.integers(0, 100, rows), 2),
        "Валюта": _chosen(CURRENCIES, rows, chance),
        "Пропущен": _chosen(("да", "нет"), rows, chance),
        "Первый звонок": _chosen(("да", "нет"), rows, chance),
        "Статический": _chosen(("да", "нет"), rows, chance),
        "Тег": _spelled(TAGS, rows, chance, lambda frame, text: _filled(text, pl.col("x")), x=number),
        "Страница": _pages(rows, chance),
    }
    return pl.DataFrame(columns)


def spoiled(frame: pl.DataFrame, kind: str, chance: Chance) -> pl.DataFrame:
    """The same rows with the faults of a kind, each faulty cell another text."""
    if kind == "good":
        return frame
    rows, names = frame.height, list(FAULTS)
    share = {"messy": 0.05, "bad": 1.0, "worst": 1.0}[kind]
    hit = pl.Series("hit", chance.random(rows) < share)
    which = pl.Series("which", chance.integers(0, len(names), rows))
    tail = _whole(chance.integers(10**4, 10**5, rows)).alias("tail")
    faulty = [
        pl.when(hit & (pl.lit(kind == "worst") | (which == number)))
        .then(_filled(FAULTS[name], tail))
        .otherwise(pl.col(name))
        .alias(name)
        for number, name in enumerate(names)
    ]
    return frame.with_columns(faulty)


def _phones(rows: int, chance: Chance) -> pl.Series:
    parts = {
        "area": chance.choice(np.array(AREAS), rows),
        "a": _padded(chance.integers(0, 100, rows), 3),
        "b": _padded(chance.integers(0, 100, rows), 2),
        "c": _padded(chance.integers(0, 100, rows), 2),
    }
    spelled = _spelled(PHONES, rows, chance, lambda _, text: _filled_by_name(text), **parts)
    withheld = _chosen(WITHHELD, rows, chance)
    return spelled.zip_with(pl.Series(chance.random(rows) >= 1 / 8), withheld)


def _dates(rows: int, chance: Chance) -> pl.Series:
    moments = pl.Series("x", (NOW - chance.integers(_DAY, 20 * _DAY, rows)) * 1000).cast(pl.Datetime("ms"))
    return _spelled(DATES, rows, chance, lambda _, text: pl.col("x").dt.strftime(text), x=moments)


def _durations(seconds: np.ndarray) -> pl.Series:
    parts = (seconds // 3600, seconds // 60 % 60, seconds % 60)
    hours, minutes, rest = (_padded(part, 2) for part in parts)
    return hours + ":" + minutes + ":" + rest


def _pages(rows: int, chance: Chance) -> pl.Series:
    head = _chosen(PAGES, rows, chance)
    return "https://shop.example/" + head + "/" + _whole(chance.integers(10**4, 10**6, rows))


def _spelled(
    spellings: Sequence[str],
    rows: int,
    chance: Chance,
    made: Callable[[pl.DataFrame, str], pl.Expr],
    **parts: object,
) -> pl.Series:
    """Each row in one of the spellings."""
    frame = pl.DataFrame(parts).with_columns(which=pl.Series(chance.integers(0, len(spellings), rows)))
    text = pl.coalesce(
        pl.when(pl.col("which") == number).then(made(frame, spelling)) for number, spelling in enumerate(spellings)
    )
    return frame.select(text).to_series()


def _filled(text: str, value: pl.Expr | pl.Series) -> pl.Expr:
    return pl.format(text, value if isinstance(value, pl.Expr) else pl.lit(value))


def _filled_by_name(text: str) -> pl.Expr:
    names = [part.partition("}")[0] for part in text.split("{")[1:]]
    return pl.format(
        "".join("{}" + part.partition("}")[2] if n else part for n, part in enumerate(text.split("{"))), *names
    )


def _chosen(words: Sequence[str | None], rows: int, chance: Chance) -> pl.Series:
    return pl.Series(list(words)).gather(chance.integers(0, len(words), rows))


def _whole(numbers: np.ndarray) -> pl.Series:
    return pl.Series(numbers).cast(pl.String)


def _padded(numbers: np.ndarray, width: int) -> pl.Series:
    return _whole(numbers).str.zfill(width)


def main() -> None:
    """Write the export that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--kind", choices=KINDS, default="messy")
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    write(options.path, options.rows, options.kind, options.seed)


if __name__ == "__main__":
    main()
