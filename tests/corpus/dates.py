"""When they called."""

from .case import Ask, Case, Reject, Text, identity, text, times

__all__ = ["CASES"]

A, B, C = identity(1), identity(2), identity(3)
ORDER = "day and month can't be told apart"
APRIL = ("2026-04-03T06:05:00Z", "2026-04-05T06:06:00Z")
NO_ZONE = "the times name no time zone"

CASES = [
    Case(
        name="every spelling of a time in one column",
        habits=(15, 16, 17),
        does="each by its own form; an offset in the text wins over the zone",
        **times(
            ("03.04.2026 9:05", "2026-04-03T06:05:00Z"),
            ("03.04.2026 09:05:07", "2026-04-03T06:05:07Z"),
            ("2026-04-03 09:05:07", "2026-04-03T06:05:07Z"),
            ("2026-04-03T09:05:07Z", "2026-04-03T09:05:07Z"),
            ("2026-04-03T09:05:07+0000", "2026-04-03T09:05:07Z"),
            ("2026-04-03T09:05:07+05:00", "2026-04-03T04:05:07Z"),
            ("2026-04-03T09:05:07.999+03:00", "2026-04-03T06:05:07Z"),
            ("2026/04/03 09:05:07", "2026-04-03T06:05:07Z"),
            ("20260403T060507Z", "2026-04-03T06:05:07Z"),
            ("Fri, 03 Apr 2026 09:05:07 +0300", "2026-04-03T06:05:07Z"),
            ("1775196307", "2026-04-03T06:05:07Z"),
            ("1775196307999", "2026-04-03T06:05:07Z"),
            ("46115.5", "2026-04-03T09:00:00Z"),
            ("3 апреля 2026 г. 9:05", "2026-04-03T06:05:00Z"),
            ("April 3, 2026 6:05 PM", "2026-04-03T15:05:00Z"),
            ("3 Apr 2026 18:05", "2026-04-03T15:05:00Z"),
            ("13/04/2026 9:05:07", "2026-04-13T06:05:07Z"),
        ),
    ),
    Case(
        name="day first, proven by one row",
        habits=(15,),
        does="a day above 12 anywhere settles the column",
        **times(
            ("03/04/2026 9:05", APRIL[0]), ("05/04/2026 9:06", APRIL[1]), ("15/04/2026 9:07", "2026-04-15T06:07:00Z")
        ),
    ),
    Case(
        name="month first, proven by one row",
        habits=(15,),
        does="a day above 12 anywhere settles the column",
        **times(
            ("04/03/2026 9:05", APRIL[0]), ("04/05/2026 9:06", APRIL[1]), ("04/15/2026 9:07", "2026-04-15T06:07:00Z")
        ),
    ),
    Case(
        name="day or month first, asked",
        habits=(15,),
        does="asked, with both spans of time",
        **times(("03/04/2026 9:05", APRIL[0]), ("05/04/2026 9:06", APRIL[1])),
        asks=Ask("DateTime", ORDER, cells=2, row=1),
    ),
    Case(
        name="month or day first, asked, the other answer",
        habits=(15,),
        does="the answer is not doubted",
        **times(("04/03/2026 9:05", APRIL[0]), ("2026-04-05 9:06", APRIL[1])),
        asks=Ask("DateTime", ORDER, cells=1, row=1, pick=1),
    ),
    Case(
        name="day or month first, said by a mapping",
        habits=(15,),
        does="the mapping's word counts for its column",
        data=Text(["id;when"], [f"{A};03/04/2026 9:05", f"{B};05/04/2026 9:06", f"{C};04/15/2026 9:07"]),
        mapping={"columns": {"ClientId": "id", "DateTime": {"from": "when", "format": "%d/%m/%Y %H:%M"}}},
        rejected={3: "DateTime: not the stated format"},
        accepted=f"""
ClientId,DateTime
{A},{APRIL[0]}
{B},{APRIL[1]}
""",
    ),
    Case(
        name="both orders in one column",
        habits=(15, 34),
        does="asked; under the answer the others are rejected, never read another way",
        **times(
            ("03/04/2026 9:05", APRIL[0]),
            ("15/04/2026 9:06", "2026-04-15T06:06:00Z"),
            ("04/16/2026 9:07", Reject("DateTime: no such date")),
        ),
        asks=Ask("DateTime", ORDER, cells=3, row=1),
    ),
    Case(
        name="two digits for the year",
        habits=(15,),
        does="rejected unless a format says so",
        **times(("03.04.26 9:05", Reject("DateTime: two-digit year")), ("03.04.2026 9:05", APRIL[0])),
    ),
    Case(
        name="days that do not exist, times without a date",
        habits=(15,),
        does="rejected, each with its reason",
        **times(
            ("31.04.2026 9:05", Reject("DateTime: no such date")),
            ("03.04.2026 25:05", Reject("DateTime: no such time")),
            ("9:05", Reject("DateTime: no date")),
            ("03.04.2026", Reject("DateTime: no time of day")),
            ("вчера", Reject("DateTime: not a date and time")),
            ("84951234567", Reject("DateTime: not a date and time")),
            ("03.04.2026 9:05", APRIL[0]),
        ),
    ),
    Case(
        name="a date and a time of day in two columns",
        habits=(15,),
        does="joined",
        data=text(f"{A};03.04.2026;9:05", f"{B};15.04.2026;18:40:07", names="ClientID Метрики;Дата;Время"),
        accepted=f"""
ClientId,DateTime
{A},2026-04-03T06:05:00Z
{B},2026-04-15T15:40:07Z
""",
    ),
    Case(
        name="times without a zone, asked",
        habits=(16,),
        does="asked, with the span of time",
        options={"time_zone": None},
        **times(("03.04.2026 9:05", APRIL[0]), ("2026-04-05T06:06:00Z", APRIL[1])),
        asks=Ask("DateTime", NO_ZONE, cells=1, row=1),
    ),
    Case(
        name="times that all name a zone",
        habits=(16,),
        does="no zone is asked for",
        options={"time_zone": None},
        **times(("2026-04-03T09:05:00+03:00", APRIL[0]), ("1775369160", APRIL[1])),
    ),
    Case(
        name="no zone, the order said",
        habits=(16, 15),
        does="the order that is said counts; the zone is asked",
        options={"time_zone": None, "date_order": "day first"},
        **times(("03/04/2026 9:05", APRIL[0]), ("05/04/2026 9:06", APRIL[1])),
        asks=Ask("DateTime", NO_ZONE, cells=2, row=1),
    ),
    Case(
        name="a call in the future",
        habits=(16,),
        does="rejected: the zone is wrong, or the order",
        options={"time_zone": "America/New_York"},
        **times(
            ("20.04.2026 10:00", Reject("DateTime: The time of a call must be in the past")),
            ("20.04.2026 7:59", "2026-04-20T11:59:00Z"),
        ),
    ),
    Case(
        name="an hour that a zone skips, one that it shows twice",
        habits=(16,),
        does="rejected, with both moments in UTC",
        options={"time_zone": "Europe/Berlin"},
        **times(
            ("29.03.2026 02:30", Reject("DateTime: clock time skipped; 2026-03-29 01:30 UTC or 00:30 UTC")),
            ("26.10.2025 02:30", Reject("DateTime: clock time repeated; 2025-10-26 00:30 UTC or 01:30 UTC")),
            ("03.04.2026 9:05", "2026-04-03T07:05:00Z"),
        ),
    ),
    Case(
        name="an hour that a zone shows twice, said",
        habits=(16,),
        does="the option says which",
        options={"time_zone": "Europe/Berlin", "ambiguous": "earliest"},
        **times(("26.10.2025 02:30", "2025-10-26T00:30:00Z")),
        warnings={1: "time-too-old-to-link"},
    ),
    Case(
        name="old calls",
        habits=(31,),
        does="sent with a warning: Metrica links a call to a visit of the last 21 days",
        **times(("01.03.2026 9:05", "2026-03-01T06:05:00Z"), ("03.04.2026 9:05", APRIL[0])),
        warnings={1: "time-too-old-to-link"},
    ),
]
