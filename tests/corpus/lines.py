"""Lines and cells: encodings, separators, quotes, ends of lines."""

from .case import NAMES, Ask, Case, Refusal, Text, identity, text

__all__ = ["CASES"]

A, B = identity(1), identity(2)
ROWS = (f"{A};03.04.2026 9:05;8 (495) 123-45-67", f"{B};15.04.2026 18:40:07;+7 912 345-67-89")
CALLS = f"""
ClientId,DateTime,PhoneNumber
{A},2026-04-03T06:05:00Z,+74951234567
{B},2026-04-15T15:40:07Z,+79123456789
"""
TAGGED = f"""
ClientId,DateTime,Tag
{A},2026-04-03T06:05:00Z,Хочет купить квартиру
{B},2026-04-15T15:40:07Z,Спросил о рассрочке
"""
TAGS = text(
    f"{A};03.04.2026 9:05;Хочет купить квартиру",
    f"{B};15.04.2026 18:40:07;Спросил о рассрочке",
    names="ClientID Метрики;Дата и время звонка;Тег",
)


def encoded(codec: str) -> Text:
    return Text(TAGS.above, TAGS.rows, encoding=codec)


def cut_at(separator: str) -> Text:
    return Text((NAMES.replace(";", separator),), [row.replace(";", separator) for row in ROWS])


CASES = [
    Case(
        name="a mark before the names",
        habits=(1,),
        does="the mark goes; the first name is found",
        data=text(*ROWS, encoding="utf-8-sig"),
        accepted=CALLS,
    ),
    Case(
        name="a mark before quoted names",
        habits=(1, 32),
        does="the mark goes, the quotes count",
        data=Text(
            ['"ClientID Метрики";"Дата и время звонка";"Номер клиента"'],
            [";".join(f'"{cell}"' for cell in row.split(";")) for row in ROWS],
            encoding="utf-8-sig",
            ends=("\r\n",),
        ),
        accepted=CALLS,
    ),
    Case(
        name="two marks, one from joining files",
        habits=(1, 34),
        does="marks before names and cells go",
        data=text(ROWS[0], "\ufeff" + ROWS[1], names="\ufeff" + NAMES, encoding="utf-8-sig"),
        accepted=CALLS,
    ),
    Case(name="semicolons", habits=(2, 15), does="seen from the lines", data=text(*ROWS), accepted=CALLS),
    Case(name="commas", habits=(2,), does="seen from the lines", data=cut_at(","), accepted=CALLS),
    Case(name="tabs", habits=(2,), does="seen from the lines", data=cut_at("\t"), accepted=CALLS),
    Case(name="bars", habits=(2,), does="seen from the lines", data=cut_at("|"), accepted=CALLS),
    Case(
        name="a line that names the separator",
        habits=(2, 5, 32),
        does="the line decides, and is no row",
        data=text(*ROWS, above=("sep=;",), ends=("\r\n",)),
        accepted=CALLS,
    ),
    Case(
        name="commas within cells between semicolons",
        habits=(2, 27),
        does="the separator is what cuts all lines alike",
        data=text(
            f"{A};03.04.2026 9:05;1500,50;купил, доволен",
            f"{B};15.04.2026 18:40:07;200,00;купил, вернул, доволен",
            names="ClientID Метрики;Дата и время звонка;Сумма сделки;Тег",
        ),
        options={"currency": "RUB"},
        accepted=f"""
ClientId,DateTime,Price,Currency,Tag
{A},2026-04-03T06:05:00Z,1500.50,RUB,"купил, доволен"
{B},2026-04-15T15:40:07Z,200.00,RUB,"купил, вернул, доволен"
""",
    ),
    Case(
        name="quoted separators and line ends",
        habits=(2, 32),
        does="what stands in quotes is one cell",
        data=text(
            f'{A};03.04.2026 9:05;"первая; вторая"',
            f'{B};15.04.2026 18:40:07;"строка\nещё ""одна"""',
            names="ClientID Метрики;Дата и время звонка;Тег",
        ),
        accepted=f"""
ClientId,DateTime,Tag
{A},2026-04-03T06:05:00Z,первая; вторая
{B},2026-04-15T15:40:07Z,"строка
ещё ""одна""\"
""",
    ),
    Case(
        name="a separator that is said and cuts nothing",
        habits=(2,),
        does="refused; names the one that cuts",
        data=text(*ROWS),
        read={"separator": ","},
        refuses=Refusal("Say --separator ';'", read={"separator": ";"}),
        accepted=CALLS,
    ),
    Case(name="cp1251", habits=(3,), does="seen from the words", data=encoded("cp1251"), accepted=TAGGED),
    Case(
        name="cp1251 in the names alone",
        habits=(3,),
        does="seen from the words, though every row is ASCII",
        data=text(*ROWS, encoding="cp1251"),
        accepted=CALLS,
    ),
    Case(name="cp866", habits=(3,), does="seen from the words", data=encoded("cp866"), accepted=TAGGED),
    Case(name="koi8-r", habits=(3,), does="seen from the words", data=encoded("koi8-r"), accepted=TAGGED),
    Case(name="utf-16 with its mark", habits=(1, 3), does="the mark decides", data=encoded("utf-16"), accepted=TAGGED),
    Case(
        name="utf-16 without a mark",
        habits=(3, 38),
        does="seen from the pairs of bytes",
        data=encoded("utf-16-le"),
        accepted=TAGGED,
    ),
    Case(
        name="a word that two encodings read",
        habits=(3,),
        does="asked, with the words in each encoding",
        data=Text(["id;when;tag"], [f"{A};03.04.2026 9:05;Аб"], encoding="cp1251"),
        mapping={"columns": {"ClientId": "id", "DateTime": "when", "Tag": "tag"}},
        asks=Ask("calls.csv", "does not tell its encoding; line 2 would read"),
        accepted=f"""
ClientId,DateTime,Tag
{A},2026-04-03T06:05:00Z,Аб
""",
    ),
    Case(
        name="two encodings in one file",
        habits=(3, 34),
        does="refused; names the line where the other begins",
        data=b"".join([bytes(TAGS), f"{A};16.04.2026 9:05;Просил перезвонить\n".encode("cp1251")]),
        refuses=Refusal(
            "line 4 of calls.csv is in another encoding than the rest",
            data=Text(TAGS.above, [*TAGS.rows, f"{A};16.04.2026 9:05;Просил перезвонить"]),
        ),
        accepted=f"{TAGGED.strip()}\n{A},2026-04-16T06:05:00Z,Просил перезвонить",
    ),
    Case(
        name="an encoding that is said and wrong",
        habits=(3,),
        does="refused; names the line, and advises to leave the option out",
        data=encoded("cp1251"),
        read={"encoding": "utf-8"},
        refuses=Refusal("Leave the encoding out (--encoding, encoding=)", read={"encoding": None}),
        accepted=TAGGED,
    ),
    Case(
        name="line ends mixed",
        habits=(32,),
        does="each ends a line",
        data=text(*ROWS, ROWS[0].replace(A, identity(3)), ends=("\r\n", "\n", "\r\n"), last=""),
        accepted=f"{CALLS.strip()}\n{identity(3)},2026-04-03T06:05:00Z,+74951234567",
    ),
    Case(
        name="lines that end in CR alone",
        habits=(32,),
        does="each ends a line",
        data=text(*ROWS, ends=("\r",)),
        accepted=CALLS,
    ),
    Case(
        name="space around names and cells",
        habits=(32,),
        does="space around names and values goes, no-break space too",
        data=text(
            f" {A} ; 03.04.2026 9:05;\u00a08 (495) 123-45-67 ",
            f"{B}\t;15.04.2026  18:40:07 ;  +7 912 345-67-89",
            names=" ClientID Метрики ; Дата и время звонка;Номер клиента  ",
        ),
        accepted=CALLS,
    ),
    Case(
        name="a separator behind every line",
        habits=(32,),
        does="the blank column at the end counts for nothing",
        data=text(*(f"{row};" for row in ROWS), names=f"{NAMES};", ends=("\r\n",)),
        accepted=CALLS,
    ),
    Case(
        name="a separator behind rows, not behind names",
        habits=(32, 39),
        does="a blank cell too many counts for nothing",
        data=text(ROWS[0] + ";", ROWS[1]),
        accepted=CALLS,
    ),
    Case(
        name="blank lines and lines of nothing",
        habits=(32, 5),
        does="skipped, and counted",
        data=text("", ROWS[0], ";;", "   ", ROWS[1], ""),
        skipped={1: "blank line", 3: "blank line", 4: "blank line", 6: "blank line"},
        accepted=CALLS,
    ),
    Case(
        name="quotes within a cell that is not quoted",
        habits=(32,),
        does="they are letters of the cell",
        data=text(
            f'{A};03.04.2026 9:05;ООО "Ромашка"',
            f'{B};15.04.2026 18:40:07;монитор 27"',
            names="ClientID Метрики;Дата и время звонка;Тег",
        ),
        accepted=f"""
ClientId,DateTime,Tag
{A},2026-04-03T06:05:00Z,"ООО ""Ромашка""\"
{B},2026-04-15T15:40:07Z,"монитор 27""\"
""",
    ),
    Case(
        name="quotes that are not doubled",
        habits=(32,),
        does="refused by line",
        data=text(
            f'{A};03.04.2026 9:05;"ООО "Ромашка""',
            f"{B};15.04.2026 18:40:07;вернул",
            names="ClientID Метрики;Дата и время звонка;Тег",
        ),
        refuses=Refusal(
            "a quoted cell in line 2 of calls.csv is not closed. Double the quotes inside it",
            data=text(
                f'{A};03.04.2026 9:05;"ООО ""Ромашка"""',
                f"{B};15.04.2026 18:40:07;вернул",
                names="ClientID Метрики;Дата и время звонка;Тег",
            ),
        ),
        accepted=f"""
ClientId,DateTime,Tag
{A},2026-04-03T06:05:00Z,"ООО ""Ромашка""\"
{B},2026-04-15T15:40:07Z,вернул
""",
    ),
    Case(
        name="a space before quoted cells",
        habits=(32, 4),
        does="the space counts for nothing, the quotes count",
        data=Text(
            [],
            [
                f'"79123456789", "Иванов, Иван", "2026-04-03 09:05:00", "{A}"',
                f'"84951234567", "", "2026-04-15 18:40:07", "{B}"',
            ],
        ),
        read={"header": False, "columns": ("caller", "name", "when", "id")},
        mapping={"columns": {"ClientId": "id", "DateTime": "when", "PhoneNumber": "caller", "Tag": "name"}},
        accepted=f"""
ClientId,DateTime,PhoneNumber,Tag
{A},2026-04-03T06:05:00Z,+79123456789,"Иванов, Иван"
{B},2026-04-15T15:40:07Z,+74951234567,
""",
    ),
    Case(
        name="NUL characters in a cell",
        habits=(38,),
        does="control characters go out of a tag; the row stays",
        data=text(f"{A};03.04.2026 9:05;купил\0\0", names="ClientID Метрики;Дата и время звонка;Тег"),
        accepted=f"""
ClientId,DateTime,Tag
{A},2026-04-03T06:05:00Z,купил
""",
    ),
    Case(
        name="invisible marks in cells",
        habits=(38, 1),
        does="marks that show nothing go out of numbers",
        data=text(f"{A}\u200b;03.04.2026 9:05;\u202a+7 495 123-45-67\u202c"),
        accepted=f"""
ClientId,DateTime,PhoneNumber
{A},2026-04-03T06:05:00Z,+74951234567
""",
    ),
]
