"""Who called: phones, ids, and the words that stand in their place."""

from .case import Case, Lost, Reject, column, identity, text

__all__ = ["CASES"]

A, B, C = identity(1), identity(2), identity(3)
LOST = "ClientId: digits lost in a spreadsheet"


def ids(*cells):
    """Fields of a case in which ids are tried."""
    rows, accepted, rejected = [], [], {}
    for number, (cell, value) in enumerate(cells, start=1):
        quoted = '"{}"'.format(cell.replace('"', '""'))
        rows.append(f"{quoted};03.04.2026 9:{number:02};x")
        if isinstance(value, Reject):
            rejected[number] = value.reasons
        else:
            accepted.append(f"{value},2026-04-03T06:{number:02}:00Z,x")
    return {
        "data": text(*rows, names="ClientID Метрики;Дата и время звонка;Тег"),
        "accepted": "\n".join(("ClientId,DateTime,Tag", *accepted)),
        "rejected": rejected,
    }


CASES = [
    Case(
        name="Russian numbers in every spelling",
        habits=(9,),
        does="E.164, by libphonenumber's rules for the region",
        **column(
            "Номер клиента",
            "PhoneNumber",
            ("79123456789", "+79123456789"),
            ("89123456789", "+79123456789"),
            ("+7 (912) 345-67-89", "+79123456789"),
            ("8-912-345-67-89", "+79123456789"),
            ("9123456789", "+79123456789"),
            ("(495) 123-45-67", "+74951234567"),
            ("8 (495) 123 45 67", "+74951234567"),
            ("+7\u00a0495\u00a0123‑45‑67", "+74951234567"),
            ("tel:+74951234567", "+74951234567"),
            ("8 (495) 123-45-67 доб. 12", "+74951234567"),
            ("12-34-56", Lost("phone-too-short")),
            ("", None),
        ),
    ),
    Case(
        name="Ukrainian numbers in every spelling",
        habits=(9,),
        does="E.164, by libphonenumber's rules for the region; 00 is a plus there",
        options={"region": "UA"},
        **column(
            "Номер клиента",
            "PhoneNumber",
            ("0501234567", "+380501234567"),
            ("380501234567", "+380501234567"),
            ("(050) 123-45-67", "+380501234567"),
            ("00380501234567", "+380501234567"),
            ("0074951234567", "+74951234567"),
            ("501234567", "+380501234567"),
        ),
    ),
    Case(
        name="numbers without a region",
        habits=(9,),
        does="a number with a plus is whole; any other is blanked with a warning",
        options={"region": None},
        **column(
            "Номер клиента",
            "PhoneNumber",
            ("+7 912 345-67-89", "+79123456789"),
            ("89123456789", Lost("phone-no-country-code")),
        ),
    ),
    Case(
        name="numbers of other countries",
        habits=(9,),
        does="with a plus as they are; without one never made Russian",
        **column(
            "Номер клиента",
            "PhoneNumber",
            ("+375 29 123-45-67", "+375291234567"),
            ("375291234567", Lost("phone-not-valid")),
            ("80291234567", Lost("phone-not-valid")),
            ("77012345678", "+77012345678"),
        ),
    ),
    Case(
        name="numbers that a spreadsheet touched",
        habits=(10, 12),
        does="what can be told is told; where digits are gone the number is blanked",
        **column(
            "Номер клиента",
            "PhoneNumber",
            ("79123456789.0", "+79123456789"),
            ("7.9123E+10", Lost("phone-digits-lost-in-a-spreadsheet")),
            ("7,9E+10", Lost("phone-digits-lost-in-a-spreadsheet")),
            ("'+79123456789", "+79123456789"),
            ('="+79123456789"', "+79123456789"),
            ('="89123456789"', "+79123456789"),
        ),
    ),
    Case(
        name="withheld numbers",
        habits=(13,),
        does="no number, and nothing to warn of; keypad words are no Russian numbers",
        **column(
            "Номер клиента",
            "PhoneNumber",
            ("anonymous", None),
            ("Unknown", None),
            ("restricted", None),
            ("PRIVATE", None),
            ("unavailable", None),
            ("Аноним", None),
            ("скрытый номер", None),
            ("Номер скрыт", None),
            ("+7378742833", None),
            ("+266696687", None),
            ("+74951234567", "+74951234567"),
        ),
    ),
    Case(
        name="callers that are no phone",
        habits=(14,),
        does="a number in brackets is taken; logins and lines are blanked with a warning",
        **column(
            "Номер клиента",
            "PhoneNumber",
            ('"Иван" <79123456789>', "+79123456789"),
            ('"89123456789" <89123456789>', "+79123456789"),
            ('"ivan" <ivan>', Lost("phone-not-a-number")),
            ("reg123", Lost("phone-too-short")),
            ("Ext.960", Lost("phone-too-short")),
            ("sip:ivan@example.com", Lost("phone-not-a-number")),
            ("101", Lost("phone-too-short")),
            mapped=True,
        ),
    ),
    Case(
        name="two numbers in a cell",
        habits=(9, 24),
        does="blanked with a warning: which of them called is not known",
        **column(
            "Номер клиента",
            "PhoneNumber",
            ("89123456789, 84951234567", Lost("phone-two-numbers")),
            ("89123456789;84951234567", Lost("phone-two-numbers")),
            ("89123456789", "+79123456789"),
        ),
    ),
    Case(
        name="letters in a number",
        habits=(9,),
        does="blanked with a warning, never dialled as on a keypad",
        **column(
            "Номер клиента",
            "PhoneNumber",
            ("8495123456О", Lost("phone-letters-in-the-number")),
            ("84951234567", "+74951234567"),
        ),
    ),
    Case(
        name="a number that can't be trusted, by strict rules",
        habits=(9, 10),
        does='on_invalid="reject" rejects the row instead',
        options={"on_invalid": "reject"},
        **column(
            "Номер клиента",
            "PhoneNumber",
            ("7,9E+10", Reject("PhoneNumber: digits lost in a spreadsheet")),
            ("аноним", None),
            ("84951234567", "+74951234567"),
        ),
    ),
    Case(
        name="ids that a spreadsheet touched",
        habits=(11, 12, 32),
        does="guards go; an id whose digits are gone rejects its row",
        **ids(
            (A, A),
            (f"'{B}", B),
            (f'="{C}"', C),
            (f" {identity(4)} ", identity(4)),
            ("1,71111E+18", Reject(LOST)),
            ("1.71111111122222E+18", Reject(LOST)),
            ("1711111111222220000", Reject(LOST)),
            ("1711111111222222201.0", Reject(LOST)),
            ("171111111.0", "171111111"),
            ("нет", Reject("ClientId: not digits")),
            ("0", Reject("ClientId: zero")),
        ),
    ),
    Case(
        name="words for nothing in every column",
        habits=(23,),
        does="as blank as an empty cell",
        data=text(
            *(
                f"{identity(n)};03.04.2026 9:{n:02};{word};{word};{word};{word}"
                for n, word in enumerate(
                    (
                        "<не указано>",
                        "Отсутствует",
                        "null",
                        "None",
                        "-",
                        "—",
                        "\"''\"",
                        "NULL",
                        "#N/A",
                        "(not set)",
                        "не указан",
                    ),
                    start=1,
                )
            ),
            names="ClientID Метрики;Дата и время звонка;Номер клиента;Тег;Длительность разговора;Страница звонка",
        ),
        accepted="\n".join(("ClientId,DateTime", *(f"{identity(n)},2026-04-03T06:{n:02}:00Z" for n in range(1, 12)))),
    ),
    Case(
        name="words for nothing where something must be",
        habits=(23, 29),
        does="a row without time or id is rejected",
        data=text(
            f"{A};-", "null;03.04.2026 9:05", f"{C};03.04.2026 9:06", names="ClientID Метрики;Дата и время звонка"
        ),
        rejected={
            1: "DateTime: DateTime is required",
            2: "UserId|ClientId|Yclid: A call needs at least one of UserId, ClientId, Yclid",
        },
        accepted=f"""
ClientId,DateTime
{C},2026-04-03T06:06:00Z
""",
    ),
    Case(
        name="lists in a cell",
        habits=(24,),
        does="a tag keeps its text, an empty list is nothing",
        **column(
            "Тег",
            "Tag",
            ("[купил, доволен]", "[купил, доволен]"),
            ("79123456789;Ext.960;", "79123456789;Ext.960;"),
            ("[]", None),
            ("{}", None),
            ("купил, доволен", "купил, доволен"),
        ),
    ),
    Case(
        name="yes and no in many words",
        habits=(22,),
        does="a closed list of words; blank is not no",
        **column(
            "Пропущен",
            "CallMissed",
            ("true", "1"),
            ("False", "0"),
            ("1", "1"),
            ("0", "0"),
            ("Yes", "1"),
            ("N", "0"),
            ("да", "1"),
            ("Нет", "0"),
            ("Пропущенный", "1"),
            ("NO ANSWER", "1"),
            ("", None),
            ("2", Lost("flag-unknown-word")),
            ("busy", Lost("flag-unknown-word")),
        ),
    ),
    Case(
        name="pages of the site",
        habits=(32, 23),
        does="addresses kept letter for letter; what is none is blanked with a warning",
        **column(
            "Страница звонка",
            "URL",
            ("https://пример.рф/путь?a=1;b=2", "https://пример.рф/путь?a=1;b=2"),
            ("www.example.com/a", "https://www.example.com/a"),
            ("example.com/a", Lost("url-no-scheme")),
            ("Отсутствует", None),
            ("https://example.com/a b", "https://example.com/a%20b"),
        ),
    ),
]
