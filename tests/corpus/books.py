"""Workbooks: cells that have types, titles over columns, several sheets, the two ways of counting days."""

import datetime as dt
from typing import Any

from ..workbook_files import ods, xls, xlsx
from .case import Ask, Case, Refusal, identity

__all__ = ["CASES"]

A, B, C = identity(1), identity(2), identity(3)
NAMES = ("ClientID Метрики", "Дата и время звонка", "Номер клиента", "Длительность разговора")
CALLS = f"""
ClientId,DateTime,PhoneNumber,TalkDuration
{A},2026-04-03T06:05:00Z,+74951234567,65
{B},2026-04-15T15:40:07Z,+79123456789,3725
"""
WHEN = "dd.mm.yyyy hh:mm:ss"
TYPED: list[tuple[Any, ...]] = [
    NAMES,
    (A, (dt.datetime(2026, 4, 3, 9, 5), WHEN), 84951234567, (dt.timedelta(seconds=65), "[h]:mm:ss")),
    (B, (dt.datetime(2026, 4, 15, 18, 40, 7), WHEN), "+7 912 345-67-89", (dt.timedelta(seconds=3725), "[h]:mm:ss")),
]

CASES = [
    Case(
        name="a workbook with typed cells",
        habits=(36, 17, 18, 10),
        does="dates, durations and numbers as they are shown; phones keep their digits",
        data=xlsx(TYPED),
        file="calls.xlsx",
        accepted=CALLS,
    ),
    Case(
        name="a workbook that counts days from 1904",
        habits=(36, 17),
        does="the workbook tells how it counts",
        data=xlsx(TYPED, date_1904=True),
        file="calls.xlsx",
        accepted=CALLS,
    ),
    Case(
        name="a workbook in the old format",
        habits=(36, 17, 18),
        does="as a new one",
        data=xls(TYPED),
        file="calls.xls",
        accepted=CALLS,
    ),
    Case(
        name="a workbook of text",
        habits=(36, 15),
        does="as a CSV",
        data=ods(
            NAMES,
            (A, "03.04.2026 9:05", "8 (495) 123-45-67", "65"),
            (B, "15.04.2026 18:40:07", "+7 912 345-67-89", "1:02:05"),
        ),
        file="calls.ods",
        accepted=CALLS,
    ),
    Case(
        name="titles and totals in a workbook",
        habits=(36, 5),
        does="titles are left out, totals skipped",
        data=xlsx([("Отчёт за апрель",), (), *TYPED, ("Итого", None, None, (dt.timedelta(seconds=3790), "[h]:mm:ss"))]),
        file="calls.xlsx",
        skipped={3: "line of totals"},
        accepted=CALLS,
    ),
    Case(
        name="ids that are numbers in a workbook",
        habits=(36, 11),
        does="the row is rejected: its digits are gone",
        data=xlsx([NAMES[:2], (A, "03.04.2026 9:05"), (float(B), "03.04.2026 9:06")]),
        file="calls.xlsx",
        rejected={2: "ClientId: digits lost in a spreadsheet"},
        accepted=f"""
ClientId,DateTime
{A},2026-04-03T06:05:00Z
""",
    ),
    Case(
        name="dates that are numbers in a workbook",
        habits=(36, 17),
        does="a serial number is a date by its size, beside texts too",
        data=xlsx(
            [
                NAMES[:2],
                (A, 46115.5),
                (B, "15.04.2026 18:40:07"),
                (C, (dt.datetime(2026, 4, 16, 0, 0), "dd.mm.yyyy hh:mm")),
            ]
        ),
        file="calls.xlsx",
        accepted=f"""
ClientId,DateTime
{A},2026-04-03T09:00:00Z
{B},2026-04-15T15:40:07Z
{C},2026-04-15T21:00:00Z
""",
    ),
    Case(
        name="days counted from 1904 as numbers",
        habits=(17,),
        does="by the format that a mapping says",
        data=f"id;when\n{A};44653.5\n".encode(),
        mapping={"columns": {"ClientId": "id", "DateTime": {"from": "when", "format": "excel 1904"}}},
        accepted=f"""
ClientId,DateTime
{A},2026-04-03T09:00:00Z
""",
    ),
    Case(
        name="a date and a time of day in a workbook",
        habits=(36, 15),
        does="joined",
        data=xlsx(
            [
                ("ClientID Метрики", "Дата", "Время"),
                (A, (dt.date(2026, 4, 3), "dd.mm.yyyy"), (dt.time(9, 5), "hh:mm")),
                (B, (dt.date(2026, 4, 15), "dd.mm.yyyy"), (dt.time(18, 40, 7), "hh:mm:ss")),
            ]
        ),
        file="calls.xlsx",
        accepted=f"""
ClientId,DateTime
{A},2026-04-03T06:05:00Z
{B},2026-04-15T15:40:07Z
""",
    ),
    Case(
        name="two sheets that hold something",
        habits=(36,),
        does="asked which",
        data=xlsx(("Сводка", [("Показатель", "Значение"), ("Звонков", 2)]), ("Звонки", TYPED)),
        file="calls.xlsx",
        asks=Ask("calls.xlsx", "does not tell which sheet holds the calls", pick=1),
        accepted=CALLS,
    ),
    Case(
        name="a sheet that is not there",
        habits=(36,),
        does="refused; lists the sheets",
        data=xlsx(("Звонки", TYPED)),
        file="calls.xlsx",
        read={"sheet": "Звонок"},
        refuses=Refusal("has no sheet 'Звонок'. It has Звонки. Did you mean 'Звонки'?", read={"sheet": "Звонки"}),
        accepted=CALLS,
    ),
    Case(
        name="a workbook that is cut off",
        habits=(36, 37),
        does="refused",
        data=xlsx(TYPED)[:-100],
        file="calls.xlsx",
        refuses=Refusal("is not a whole workbook", data=xlsx(TYPED)),
        accepted=CALLS,
    ),
]
