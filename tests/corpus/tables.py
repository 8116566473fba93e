"""Where names and rows stand: titles, second lines, totals, no names at all, rows of another width."""

from .case import NAMES, Ask, Case, Refusal, Text, identity, text

__all__ = ["CASES"]

A, B = identity(1), identity(2)
ROWS = (f"{A};03.04.2026 9:05;8 (495) 123-45-67", f"{B};15.04.2026 18:40:07;+7 912 345-67-89")
CALLS = f"""
ClientId,DateTime,PhoneNumber
{A},2026-04-03T06:05:00Z,+74951234567
{B},2026-04-15T15:40:07Z,+79123456789
"""
NAMED = {"ClientId": "id", "DateTime": "when", "PhoneNumber": "caller"}

CASES = [
    Case(
        name="no names, asked",
        habits=(4,),
        does="asked whether the first line is a row or names; a mapping names the columns",
        data=Text([], ROWS),
        mapping={"columns": {"ClientId": "column 1", "DateTime": "column 2", "PhoneNumber": "column 3"}},
        asks=Ask("calls.csv", "does not tell which line holds the column names"),
        accepted=CALLS,
    ),
    Case(
        name="no names, said by a mapping",
        habits=(4, 6),
        does="the mapping names the columns in their order",
        data=Text([], ROWS),
        mapping={"file": {"header": False, "columns": ["id", "when", "caller"]}, "columns": NAMED},
        accepted=CALLS,
    ),
    Case(
        name="no names, Asterisk",
        habits=(4, 6, 14, 16, 19),
        does="the ready mapping knows the order; its end may be absent, one behind it is added by name",
        data=Text(
            [],
            [
                f'"","89123456789","101","in","""Иван"" <79123456789>","PJSIP/a-1","PJSIP/b-2","Dial","PJSIP/101,30","2026-04-03 09:05:01","2026-04-03 09:05:08","2026-04-03 09:06:13",72,65,"ANSWERED","DOCUMENTATION","1776665101.1","{A}"',
                f'"","84951234567","101","in","84951234567","PJSIP/a-1","","Dial","PJSIP/101,30","2026-04-15 18:40:07","","2026-04-15 18:40:37",30,0,"NO ANSWER","DOCUMENTATION","1776665742.2","{B}"',
            ],
        ),
        file="Master.csv",
        mapping={
            "file": {
                "header": False,
                "columns": [
                    "accountcode",
                    "src",
                    "dst",
                    "dcontext",
                    "clid",
                    "channel",
                    "dstchannel",
                    "lastapp",
                    "lastdata",
                    "start",
                    "answer",
                    "end",
                    "duration",
                    "billsec",
                    "disposition",
                    "amaflags",
                    "uniqueid",
                    "userfield",
                ],
            },
            "columns": {
                "ClientId": "userfield",
                "DateTime": "start",
                "PhoneNumber": "src",
                "TalkDuration": "billsec",
                "HoldDuration": {"from": "answer", "minus": "start"},
                "CallMissed": {"from": "disposition", "values": {"ANSWERED": 0, "NO ANSWER": 1}},
            },
        },
        accepted=f"""
ClientId,DateTime,PhoneNumber,TalkDuration,HoldDuration,CallMissed
{A},2026-04-03T06:05:01Z,+79123456789,65,7,0
{B},2026-04-15T15:40:07Z,+74951234567,0,,1
""",
    ),
    Case(
        name="columns in another order, and more of them",
        habits=(6,),
        does="columns go by name",
        data=text(
            f"8 (495) 123-45-67;менеджер 3;{A};03.04.2026 9:05",
            f"+7 912 345-67-89;менеджер 4;{B};15.04.2026 18:40:07",
            names="Номер клиента;Сотрудник;ClientID Метрики;Дата и время звонка",
        ),
        accepted=CALLS,
    ),
    Case(
        name="titles and a period above the names",
        habits=(5,),
        does="left out; the names are the fullest line above the rows",
        data=text(*ROWS, above=("Отчёт по звонкам", "Период: 01.04.2026 - 19.04.2026", "")),
        accepted=CALLS,
    ),
    Case(
        name="titles as wide as the table",
        habits=(5, 32),
        does="left out",
        data=text(*ROWS, above=("Отчёт по звонкам;;", ";;")),
        accepted=CALLS,
    ),
    Case(
        name="a title with a totals line above and one below",
        habits=(5, 28),
        does="the title is left out, totals are skipped, and counted",
        data=text(
            f"{A};03.04.2026 9:05;65",
            f"{B};15.04.2026 18:40:07;0",
            "Итого;;65",
            names="ClientID Метрики;Дата и время звонка;Длительность разговора",
            above=("Звонки за апрель",),
        ),
        skipped={3: "line of totals"},
        accepted=f"""
ClientId,DateTime,TalkDuration
{A},2026-04-03T06:05:00Z,65
{B},2026-04-15T15:40:07Z,0
""",
    ),
    Case(
        name="totals in several words",
        habits=(5,),
        does="skipped, and counted",
        data=text(*ROWS * 3, "Всего:;;", "Total;;", "ИТОГО:;2;", "Итого по отчёту: 6;;", "Total calls: 6;;"),
        skipped=dict.fromkeys(range(7, 12), "line of totals"),
        accepted=CALLS + CALLS.split("\n", 2)[2] * 2,
    ),
    Case(
        name="totals that start in a later cell",
        habits=(5,),
        does="the first cell that is not blank tells",
        data=text(*ROWS, ";Итого: 2;", ";Итого;2"),
        skipped=dict.fromkeys((3, 4), "line of totals"),
        accepted=CALLS,
    ),
    Case(
        name="a second line of types",
        habits=(5,),
        does="left out",
        data=text(*ROWS, above=(NAMES,), names="bigint;datetime;varchar(32)"),
        accepted=CALLS,
    ),
    Case(
        name="a second line of units",
        habits=(5, 18),
        does="left out",
        data=text(
            f"{A};03.04.2026 9:05;65;12",
            f"{B};15.04.2026 18:40:07;0;30",
            above=("ClientID Метрики;Дата и время звонка;Длительность разговора;Время ожидания",),
            names=";дд.мм.гггг чч:мм;сек;сек",
        ),
        accepted=f"""
ClientId,DateTime,TalkDuration,HoldDuration
{A},2026-04-03T06:05:00Z,65,12
{B},2026-04-15T15:40:07Z,0,30
""",
    ),
    Case(
        name="a second line of names in another language",
        habits=(5,),
        does="left out",
        data=text(*ROWS, above=(NAMES,), names="metrika_client_id;start_time;caller"),
        accepted=CALLS,
    ),
    Case(
        name="names further down than a sentence as wide",
        habits=(5, 39),
        does="refused by line; the advice names the line in which the names stand",
        data=text(*ROWS, above=("Отчёт; составлен",)),
        refuses=Refusal("If the column names stand further down, say so: --header 2", read={"header": 2}),
        accepted=CALLS,
    ),
    Case(
        name="names repeated in the middle",
        habits=(5, 30, 34),
        does="skipped, and counted",
        data=text(ROWS[0], NAMES, ROWS[1]),
        skipped={2: "header repeated"},
        accepted=CALLS,
    ),
    Case(
        name="a line of names that is said",
        habits=(5,),
        does="the option is not doubted",
        data=text(*ROWS, above=("Источник;Почта;Телефон", "Москва;Тверь;Тула")),
        read={"header": 3},
        accepted=CALLS,
    ),
    Case(
        name="a row with a cell too many",
        habits=(39,),
        does="refused by line, with both counts",
        data=text(ROWS[0], f"{ROWS[1]};ещё раз"),
        refuses=Refusal("line 3 of calls.csv has 4 cells, the header has 3", data=text(*ROWS)),
        accepted=CALLS,
    ),
    Case(
        name="a row with a cell too few",
        habits=(39,),
        does="refused by line, with both counts",
        data=text(ROWS[0], f"{B};15.04.2026 18:40:07"),
        refuses=Refusal("line 3 of calls.csv has 2 cells, the header has 3", data=text(*ROWS)),
        accepted=CALLS,
    ),
    Case(
        name="names that are blank or there twice",
        habits=(40,),
        does="numbered; the first of two is the one by its name",
        data=text(
            f"{A};03.04.2026 9:05;8 (495) 123-45-67;;да;84951110000",
            f"{B};15.04.2026 18:40:07;+7 912 345-67-89;;нет;84951110000",
            names="id;when;caller;;;caller",
        ),
        mapping={"columns": {**NAMED, "FirstTimeCaller": "column 5"}},
        accepted=f"""
ClientId,DateTime,PhoneNumber,FirstTimeCaller
{A},2026-04-03T06:05:00Z,+74951234567,1
{B},2026-04-15T15:40:07Z,+79123456789,0
""",
    ),
]
