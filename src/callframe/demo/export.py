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
    "Откуда",
    "Куда",
)

_MOSCOW = timezone(timedelta(hours=3))
_MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
_HABITS = 40
_SERIAL_ZERO = datetime(1899, 12, 30)
"""Where Excel counts days from, on the local clock."""
_NARROW = "\u202f"
_NO_BREAK = "\u00a0"


def messy_export(rows: int = 300, *, seed: int = 7, now: datetime | None = None) -> bytes:
    """The export as a file: `;`, UTF-8 with a byte order mark, CRLF, a blank line and a line of totals at the end.

    Dates such as 03/04/2026 are among the times only if a call of the 13th or later proves their order.

    Shape: a header, `rows` rows of 19 cells, a blank line, a line of totals.

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
    proof = next((number for number, at in enumerate(instants, start=1) if _proves_order(number, at)), 0)
    cells: list[str] = []
    for number, at in enumerate(instants, start=1):
        is_leg = number % _HABITS == 21
        call = _Call(chance, number, at, proof)
        cells = call.leg(cells) if is_leg else call.cells()
        writer.writerow(cells)
    writer.writerow([""] * len(COLUMNS))
    writer.writerow(["Итого", *[""] * 4, str(rows * 60), *[""] * (len(COLUMNS) - 6)])
    return sheet.getvalue().encode("utf-8-sig")


def _proves_order(number: int, at: datetime) -> bool:
    """Whether a call's date can only be read with the day first, and nothing else is odd about the call."""
    return at.astimezone(_MOSCOW).day > 12 and number % _HABITS in (1, 2)


class _Call:
    """One call, and the ways in which exports would write each part of it."""

    def __init__(self, chance: random.Random, number: int, at: datetime, proof: int) -> None:
        self.chance, self.number, self.at, self.proof = chance, number, at, proof
        self.missed = chance.random() < 0.2
        self.habit = number % _HABITS
        """One habit that can't be mended, or none, for each of 40 rows."""

    def cells(self) -> list[str]:
        chance = self.chance
        talk = 3905 if self.habit == 29 else 0 if self.missed else chance.randrange(5, 1200)
        price, currency = self._money()
        way = chance.choice(["Входящий"] * 7 + ["входящий ", "Исходящий"])
        return [
            str(self.number),
            self._time(),
            "Входящий" if self.number == self.proof else way,
            self._phone(),
            "+7 499 000-00-00",
            self._duration(talk),
            str(chance.randrange(1, 60)),
            self._status(),
            chance.choice(["да", "нет", "Да", "Нет", "1", "0", "true", "false", "Yes", "No", "Y", "N"]),
            self._client_id(),
            str(chance.randrange(10**9, 10**10)),
            price,
            currency,
            self._tag(),
            self._page(),
            f"https://calls.example/records/{self.number}" if chance.random() < 0.7 else "",
            f"{chance.randrange(100, 900) / 100:.2f}".replace(".", ","),
            chance.choice(["сайт", "Яндекс Карты", "визитка", ""]),
            chance.choice(["отдел продаж", "доб. 101", "+7 499 000-00-00"]),
        ]

    def leg(self, first: list[str]) -> list[str]:
        """A second row of the call above: the same client and time, put through to somebody else."""
        return [str(self.number), *first[1:5], self._duration(self.chance.randrange(5, 60)), *first[6:-1], "доб. 102"]

    def _status(self) -> str:
        if self.habit == 31:
            return "no money, no limit"
        return self.chance.choice(
            ["Пропущен", "пропущен ", "Missed"] if self.missed else ["Отвечен", " отвечен", "Answered"]
        )

    def _tag(self) -> str:
        lead = ["горячий лид", "[горячий, скидка]", 'просили "скидку"; дважды', " не туда ", "перезвонить"]
        return self.chance.choice([*lead, "<не указано>", "Отсутствует", "null", "None", "-", ""])

    def _time(self) -> str:
        if self.habit == 3:
            return "вчера вечером"
        if self.habit == 13:
            return (self.at + timedelta(days=400)).astimezone(_MOSCOW).strftime("%d.%m.%Y %H:%M:%S")
        local = self.at.astimezone(_MOSCOW)
        ways: list[Callable[[], str]] = [lambda: f"{local:%d/%m/%Y} {local.hour}:{local:%M:%S}"]
        if self.number == self.proof:
            return ways[0]()
        # Without a proof the order of day and month would be a question.
        ways = [*(ways if self.proof else []), *self._other_times(local)]
        return self.chance.choice(ways)()

    def _other_times(self, local: datetime) -> list[Callable[[], str]]:
        return [
            lambda: local.strftime("%d.%m.%Y %H:%M:%S"),
            lambda: local.strftime("%d.%m.%Y %H:%M"),
            lambda: f"{local.day}.{local.month:02}.{local.year} {local.hour}:{local:%M}",
            lambda: local.strftime("%Y-%m-%d %H:%M:%S"),
            lambda: local.isoformat(timespec="seconds"),
            lambda: self.at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            lambda: self.at.strftime("%Y-%m-%dT%H:%M:%S+0000"),
            lambda: self.at.strftime("%Y%m%dT%H%M%SZ"),
            lambda: local.strftime("%Y/%m/%d %H:%M:%S"),
            lambda: str(int(self.at.timestamp())),
            lambda: str(int(self.at.timestamp() * 1000)),
            lambda: f"{(local.replace(tzinfo=None) - _SERIAL_ZERO) / timedelta(days=1):.4f}",
            lambda: format_datetime(self.at.replace(microsecond=0)),
            lambda: f"{local.day} {_MONTHS[local.month - 1]} {local.year} г. {local:%H:%M}",
        ]

    def _phone(self) -> str:
        chance = self.chance
        if self.habit == 5:
            return "7.9E+10"
        if self.habit == 15:
            return "8 (495) 123-45"
        if self.habit == 25:
            return chance.choice(["Ext.960", "reg123"])
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
        if minutes >= 60:
            return f"{minutes // 60} ч {minutes % 60} мин {rest} сек"
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
        if self.habit == 27:
            return f"{self.at.timestamp():.0f}{self.chance.randrange(10**4, 10**5)}0000"
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
