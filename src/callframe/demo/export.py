"""A synthetic export with the habits that real ones have, the same for the same seed and time.

Nobody's number is in it: a Moscow number never starts with 000, and ids are random digits.
"""

import csv
import io
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

__all__ = ["COLUMNS", "messy_export"]

COLUMNS = (
    "№",
    "Дата и время звонка",
    "Направление",
    "Номер клиента",
    "Подменный номер",
    "Длительность разговора",
    "Время ожидания",
    "Статус звонка",
    "Первичный звонок",
    "ClientID Метрики",
    "ym_uid",
    "Сумма сделки",
    "Валюта",
    "Теги",
    "Страница звонка",
    "Ссылка на запись",
    "Стоимость звонка",
)

_MOSCOW = timezone(timedelta(hours=3))
_MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
_NARROW = "\u202f"
_NO_BREAK = "\u00a0"


def messy_export(rows: int = 300, *, seed: int = 7, now: datetime | None = None) -> bytes:
    """The export as a file: `;`, UTF-8 with a byte order mark, CRLF, a blank line and a line of totals at the end.

    Shape: a header, `rows` rows of 17 cells, a blank line, a line of totals.

    Args:
        rows: number of calls, inbound and outbound.
        seed: of the random choices.
        now: the calls lie in the 20 days before; default: the clock.

    >>> text = messy_export(3, now=datetime(2026, 4, 30, tzinfo=UTC)).decode("utf-8-sig")
    >>> text.splitlines()[0].split(";")[1]
    'Дата и время звонка'
    """
    chance = random.Random(seed)
    end = (now or datetime.now(UTC)) - timedelta(hours=1)
    sheet = io.StringIO()
    writer = csv.writer(sheet, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    instants = sorted(end - timedelta(seconds=chance.randrange(20 * 86_400)) for _ in range(rows))
    for number, at in enumerate(instants, start=1):
        writer.writerow(_Call(chance, number, at).cells())
    writer.writerow([""] * len(COLUMNS))
    writer.writerow(["Итого", *[""] * 4, str(rows * 60), *[""] * (len(COLUMNS) - 6)])
    return sheet.getvalue().encode("utf-8-sig")


class _Call:
    """One call, and the ways in which exports would write each part of it."""

    def __init__(self, chance: random.Random, number: int, at: datetime) -> None:
        self.chance, self.number, self.at = chance, number, at
        self.missed = chance.random() < 0.2
        self.habit = number % 40
        """One habit that can't be mended, or none, for each of 40 rows."""

    def cells(self) -> list[str]:
        chance = self.chance
        talk = 0 if self.missed else chance.randrange(5, 1200)
        price, currency = self._money()
        return [
            str(self.number),
            self._time(),
            chance.choice(["Входящий"] * 7 + ["входящий", "Исходящий"]),
            self._phone(),
            "+7 499 000-00-00",
            self._duration(talk),
            str(chance.randrange(1, 60)),
            chance.choice(["Пропущен", "пропущен", "Missed"] if self.missed else ["Отвечен", "отвечен", "Answered"]),
            chance.choice(["да", "нет", "Да", "Нет", "1", "0", "true", "false"]),
            self._client_id(),
            str(chance.randrange(10**9, 10**10)),
            price,
            currency,
            chance.choice(
                ["горячий лид", 'просили "скидку"; дважды', " не туда ", "<не указано>", "-", "", "перезвонить"]
            ),
            self._page(),
            f"https://calls.example/records/{self.number}" if chance.random() < 0.7 else "",
            f"{chance.randrange(100, 900) / 100:.2f}".replace(".", ","),
        ]

    def _time(self) -> str:
        if self.habit == 3:
            return "вчера вечером"
        if self.habit == 13:
            return (self.at + timedelta(days=400)).astimezone(_MOSCOW).strftime("%d.%m.%Y %H:%M:%S")
        local = self.at.astimezone(_MOSCOW)
        ways: list[Callable[[], str]] = [
            lambda: local.strftime("%d.%m.%Y %H:%M:%S"),
            lambda: local.strftime("%d.%m.%Y %H:%M"),
            lambda: f"{local.day}.{local.month:02}.{local.year} {local.hour}:{local:%M}",
            lambda: local.strftime("%Y-%m-%d %H:%M:%S"),
            lambda: local.isoformat(timespec="seconds"),
            lambda: self.at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            lambda: str(int(self.at.timestamp())),
            lambda: format_datetime(self.at.replace(microsecond=0)),
            lambda: f"{local.day} {_MONTHS[local.month - 1]} {local.year} г. {local:%H:%M}",
        ]
        return self.chance.choice(ways)()

    def _phone(self) -> str:
        chance = self.chance
        if self.habit == 5:
            return "7.9E+10"
        if self.habit == 15:
            return "8 (495) 123-45"
        if self.habit == 25:
            return "Ext.960"
        if chance.random() < 0.1:
            return chance.choice(["", "Аноним", "anonymous", "скрытый номер", "+7378742833"])
        digits = f"000{chance.randrange(10**4):04}"
        area, a, b, c = "495", digits[:3], digits[3:5], digits[5:]
        ways = [
            f"+7{area}{digits}",
            f"8 ({area}) {a}-{b}-{c}",
            f"7{area}{digits}",
            f"{area}{digits}",
            f"8-{area}-{a}-{b}-{c}",
            f"+7 ({area}) {a}-{b}-{c}",
            f"'+7{area}{digits}",
            f'="+7{area}{digits}"',
            f"7{area}{digits}.0",
            f'"Клиент" <7{area}{digits}>',
            f"+7{_NO_BREAK}{area}{_NO_BREAK}{a}-{b}-{c}",
        ]
        return chance.choice(ways)

    def _duration(self, seconds: int) -> str:
        minutes, rest = divmod(seconds, 60)
        ways = [
            str(seconds),
            f"{seconds}.0",
            f"{minutes // 60}:{minutes % 60:02}:{rest:02}",
            f"{minutes} мин {rest} сек" if minutes else f"{rest} сек",
        ]
        return self.chance.choice(ways)

    def _client_id(self) -> str:
        if self.habit == 7:
            return "1,77512E+18"
        if self.habit == 17:
            return ""
        client_id = f"{self.at.timestamp():.0f}{self.chance.randrange(10**8, 10**9)}"
        return self.chance.choice([client_id] * 6 + [f" {client_id} ", f"'{client_id}"])

    def _money(self) -> tuple[str, str]:
        if self.habit == 9:
            return "-500,00", "RUB"
        if self.habit == 19:
            return "1 500", "попугаев"
        if self.missed or self.chance.random() < 0.5:
            return "", ""
        whole, cents = self.chance.randrange(1, 900), self.chance.randrange(100)
        ways = [
            (f"{whole},{cents:02}", "RUB"),
            (f"{whole}.{cents:02}", "руб."),
            (f"1 {whole:03},{cents:02}", "RUR"),
            (f"12{_NO_BREAK}{whole:03},{cents:02}", "₽"),
            (f"3{_NARROW}{whole:03}", "рублей"),
            (f"{whole},{cents:02} руб.", ""),
            (str(whole), ""),
            (f"${whole}", ""),
        ]
        return self.chance.choice(ways)

    def _page(self) -> str:
        if self.habit == 11:
            return "звонок с визитки"
        return self.chance.choice(
            [
                "https://shop.example/",
                "https://магазин.example/каталог/двери?utm_source=ya",
                "//shop.example/sale",
                "",
                "—",
            ]
        )
