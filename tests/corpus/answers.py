"""Answers of APIs: JSON, one object within another."""

import json

from .case import Ask, Case, Refusal, identity

__all__ = ["CASES"]

A, B = identity(1), identity(2)
CALLS = f"""
ClientId,DateTime,PhoneNumber,Tag
{A},2026-04-03T06:05:00Z,+74951234567,"купил, доволен"
{B},2026-04-15T15:40:07Z,+79123456789,
"""
ROWS = [
    {
        "start_time": "2026-04-03T09:05:00+03:00",
        "caller": 84951234567,
        "visit": {"metrika_client_id": int(A)},
        "tags": ["купил", "доволен"],
    },
    {"start_time": "2026-04-15T15:40:07Z", "caller": "+7 912 345-67-89", "visit": {"metrika_client_id": B}, "tags": []},
]
LONE = {"callDetails": {"101": ROWS[0], "102": ROWS[1]}, "status": "success"}
LISTS = {"calls": ROWS, "managers": [{"id": 1}, {"id": 2}, {"id": 3}]}


def answer(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


CASES = [
    Case(
        name="an answer with its rows deep inside",
        habits=(35, 11, 24, 16),
        does="the only list holds the rows; numbers keep every digit, lists are joined",
        data=answer({"success": True, "data": {"calls": ROWS, "total": 2}}),
        file="calls.json",
        accepted=CALLS,
    ),
    Case(
        name="rows by number in an object",
        habits=(35,),
        does="an object whose names are numbers is a list",
        data=answer(LONE),
        file="calls.json",
        accepted=CALLS,
    ),
    Case(
        name="an object a line",
        habits=(35,),
        does="a row each",
        data="".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode(),
        file="calls.jsonl",
        accepted=CALLS,
    ),
    Case(
        name="an answer with two lists",
        habits=(35,),
        does="asked which, with the length of each",
        data=answer(LISTS),
        file="calls.json",
        asks=Ask("calls.json", "does not tell which of its lists holds the rows"),
        accepted=CALLS,
    ),
    Case(
        name="an answer that is cut off",
        habits=(35, 37),
        does="refused by line",
        data=answer(ROWS)[:-5],
        file="calls.json",
        refuses=Refusal("is not whole JSON", data=answer(ROWS)),
        accepted=CALLS,
    ),
    Case(
        name="true, false and null in an answer",
        habits=(35, 22, 23),
        does="flags as they are; null, an empty text and an empty object are nothing",
        data=answer(
            [
                {
                    "metrika_client_id": A,
                    "start_time": "2026-04-03T09:05:00+0300",
                    "is_lost": True,
                    "tag_name": None,
                    "talk_duration": 0,
                },
                {
                    "metrika_client_id": B,
                    "start_time": "2026-04-15T18:40:07+0300",
                    "is_lost": False,
                    "tag_name": "",
                    "talk_duration": 65.0,
                },
            ]
        ),
        file="calls.json",
        accepted=f"""
ClientId,DateTime,TalkDuration,CallMissed
{A},2026-04-03T06:05:00Z,0,1
{B},2026-04-15T15:40:07Z,65,0
""",
    ),
]
