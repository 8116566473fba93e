"""How long they talked and waited."""

from .case import Ask, Case, Lost, Text, column, identity, text

__all__ = ["CASES"]

A, B = identity(1), identity(2)
TALK = "Длительность разговора"

CASES = [
    Case(
        name="every spelling of a duration in one column",
        habits=(18,),
        does="seconds, by what each cell says of itself",
        **column(
            TALK,
            "TalkDuration",
            ("65", "65"),
            ("65.0", "65"),
            ("0", "0"),
            ("0:01:05", "65"),
            ("00:01:05", "65"),
            ("1:02:05", "3725"),
            ("1 мин 5 сек", "65"),
            ("1 ч 2 мин 5 сек", "3725"),
            ("5 сек.", "5"),
            ("1m 5s", "65"),
            ("PT1M5S", "65"),
            ("", None),
            ("-5", Lost("duration-negative")),
            ("25:00:00", Lost("duration-longer-than-24-hours")),
            ("минута", Lost("duration-not-a-duration")),
        ),
    ),
    Case(
        name="two numbers, minutes first, proven",
        habits=(18,),
        does="a first part above 24 anywhere settles the column",
        **column(TALK, "TalkDuration", ("1:35", "95"), ("59:10", "3550"), ("0:05", "5")),
    ),
    Case(
        name="two numbers, asked",
        habits=(18,),
        does="asked: minutes and seconds, or hours and minutes",
        **column(TALK, "TalkDuration", ("1:35", "95"), ("0:05", "5"), ("0:01:05", "65")),
        asks=Ask("TalkDuration", "two numbers may be minutes and seconds or hours and minutes", cells=2, row=1),
    ),
    Case(
        name="a number with a fraction, asked",
        habits=(18,),
        does="asked: seconds or minutes",
        **column(TALK, "TalkDuration", ("1.5", "90"), ("2", "120"), ("0:01:05", "65")),
        asks=Ask("TalkDuration", "a number with a fraction names no unit", cells=1, row=1, pick=1),
    ),
    Case(
        name="minutes by the name of the column",
        habits=(18,),
        does="a unit at the end of the name counts",
        **column(f"{TALK}, мин", "TalkDuration", ("1,5", "90"), ("2", "120"), ("0.33", "20")),
    ),
    Case(
        name="milliseconds and parts of a day",
        habits=(18, 17),
        does="by the unit that a mapping says of a column",
        data=Text(["id;when;ms;days"], [f"{A};03.04.2026 9:05;65000;0.000752315", f"{B};15.04.2026 18:40:07;999;0"]),
        mapping={
            "columns": {
                "ClientId": "id",
                "DateTime": "when",
                "TalkDuration": {"from": "ms", "unit": "milliseconds"},
                "HoldDuration": {"from": "days", "unit": "days"},
            }
        },
        accepted=f"""
ClientId,DateTime,TalkDuration,HoldDuration
{A},2026-04-03T06:05:00Z,65,65
{B},2026-04-15T15:40:07Z,0,0
""",
    ),
    Case(
        name="the whole call beside the talk and the wait",
        habits=(19,),
        does="the talk is the talk; the whole call is left out",
        data=text(
            f"{A};03.04.2026 9:05;77;65;12",
            f"{B};15.04.2026 18:40:07;30;0;30",
            names="ClientID Метрики;Дата и время звонка;Общая длительность;Длительность разговора;Время ожидания",
        ),
        accepted=f"""
ClientId,DateTime,TalkDuration,HoldDuration
{A},2026-04-03T06:05:00Z,65,12
{B},2026-04-15T15:40:07Z,0,30
""",
    ),
    Case(
        name="the whole call alone",
        habits=(19,),
        does="taken, with a note that ringing may be in it",
        **column("Длительность звонка", "TalkDuration", ("77", "77"), ("30", "30")),
        says="it may be the whole call, ringing included",
    ),
    Case(
        name="the wait as a difference of two times",
        habits=(19, 20),
        does="answer less start; a call that was not answered has none",
        data=Text(
            ["id;start;answer"],
            [f"{A};03.04.2026 9:05:00;03.04.2026 9:05:12", f"{B};15.04.2026 18:40:07;"],
        ),
        mapping={
            "columns": {"ClientId": "id", "DateTime": "start", "HoldDuration": {"from": "answer", "minus": "start"}}
        },
        accepted=f"""
ClientId,DateTime,HoldDuration
{A},2026-04-03T06:05:00Z,12
{B},2026-04-15T15:40:07Z,
""",
    ),
]
