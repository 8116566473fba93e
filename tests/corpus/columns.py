"""Which column is what: names that contain others, look alike, or are misspelt; filters and statuses."""

from .case import Ask, Case, Refusal, Text, identity, text

__all__ = ["CASES"]

A, B, C = identity(1), identity(2), identity(3)
NAMED = {"ClientId": "id", "DateTime": "when"}
CALLS = f"""
ClientId,DateTime,PhoneNumber
{A},2026-04-03T06:05:00Z,+74951234567
{B},2026-04-15T15:40:07Z,+79123456789
"""
ROWS = (f"{A};03.04.2026 9:05;8 (495) 123-45-67", f"{B};15.04.2026 18:40:07;+7 912 345-67-89")
TWO_TIMES = text(
    f"{A};03.04.2026 9:05;03.04.2026 9:06",
    f"{B};15.04.2026 18:40:07;15.04.2026 18:41:00",
    names="ClientID Метрики;Дата создания;date_create",
)
CALLTOUCH = (
    "callId;date;callerNumber;phoneNumber;duration;waitingConnect;successful;uniqueCall;yaClientId;callUrl;callTags"
)

CASES = [
    Case(
        name="one name within another",
        habits=(7,),
        does="names count as a whole",
        data=text(
            f"{A};03.04.2026 9:05;8 (495) 123-45-67;84951110000",
            f"{B};15.04.2026 18:40:07;+7 912 345-67-89;84951110000",
            names="id;when;Откуда;куда",
        ),
        mapping={"columns": {**NAMED, "PhoneNumber": "Откуда"}},
        accepted=CALLS,
    ),
    Case(
        name="one name within another, suggested",
        habits=(7, 29),
        does="the dialled number is not taken for the caller's",
        data=text(
            f"{A};03.04.2026 9:05;84951110000;8 (495) 123-45-67;01.04.2026 8:00",
            f"{B};15.04.2026 18:40:07;84951110000;+7 912 345-67-89;01.04.2026 8:00",
            names="ClientID Метрики;Дата и время звонка;Набранный номер;Номер клиента;Дата и время звонка менеджера",
        ),
        accepted=CALLS,
    ),
    Case(
        name="names in other case, and run together",
        habits=(8,),
        does="case, spaces and punctuation do not count",
        data=text(*ROWS, names="YACLIENTID;call_Start;CallerNumber"),
        accepted=CALLS,
    ),
    Case(
        name="a name in other case under a mapping",
        habits=(8,),
        does="case does not count",
        data=text(*ROWS, names="ID;When;CALLER"),
        mapping={"columns": {**NAMED, "PhoneNumber": "caller"}},
        accepted=CALLS,
    ),
    Case(
        name="a misspelt name under a mapping",
        habits=(8,),
        does="refused; lists what there is, and hints at the nearest",
        data=text(*ROWS, names="id;when;callerr"),
        mapping={"columns": {**NAMED, "PhoneNumber": "caller"}},
        refuses=Refusal(
            "PhoneNumber is to come from 'caller', but the export has id, when, callerr. Did you mean 'callerr'?",
            mapping={"columns": {**NAMED, "PhoneNumber": "callerr"}},
        ),
        accepted=CALLS,
    ),
    Case(
        name="two columns that could be the time",
        habits=(29,),
        does="asked, with each column; a line of a mapping file settles it",
        data=TWO_TIMES,
        asks=Ask("DateTime", "no column is known to hold the time of the call"),
        accepted=f"""
ClientId,DateTime
{A},2026-04-03T06:05:00Z
{B},2026-04-15T15:40:07Z
""",
    ),
    Case(
        name="Google's id beside Metrica's",
        habits=(29,),
        does="values tell them apart",
        data=text(
            f"1234567890.1700000001;{A};03.04.2026 9:05;8 (495) 123-45-67;cid1",
            f"1234567891.1700000002;{B};15.04.2026 18:40:07;+7 912 345-67-89;cid2",
            names="clientId;client_id;Дата и время звонка;callerNumber;ymclid",
        ),
        accepted=CALLS,
    ),
    Case(
        name="Google's id alone",
        habits=(29,),
        does="refused: it is none of Metrica's; says what is left out and why",
        data=text(
            "1234567890.1700000001;03.04.2026 9:05;8 (495) 123-45-67;" + A,
            "1234567891.1700000002;15.04.2026 18:40:07;+7 912 345-67-89;" + B,
            names="clientId;Дата и время звонка;callerNumber;visitor",
        ),
        asks=Ask("ClientId", "no column is known to hold any of UserId, ClientId, Yclid"),
        accepted=CALLS,
    ),
    Case(
        name="the number dialled beside the caller's",
        habits=(29, 8, 19, 22, 23),
        does="the ready mapping of Calltouch knows which is which",
        data=text(
            f"1;03/04/2026 9:05:00;84951234567;84951110000;65;12;true;True;{A};https://example.com/a;[]",
            f"2;15/04/2026 18:40:07;79123456789;84951110000;0;30;false;false;{B};<не указано>;null",
            names=CALLTOUCH,
        ),
        mapping="calltouch",
        accepted=f"""
ClientId,DateTime,PhoneNumber,TalkDuration,HoldDuration,CallMissed,FirstTimeCaller,URL
{A},2026-04-03T06:05:00Z,+74951234567,65,12,0,1,https://example.com/a
{B},2026-04-15T15:40:07Z,+79123456789,0,30,1,0,
""",
    ),
    Case(
        name="calls that went out",
        habits=(6,),
        does="known words for a direction filter the rows; others are skipped, and counted",
        data=text(
            f"{A};03.04.2026 9:05;8 (495) 123-45-67;Входящий",
            f"{C};03.04.2026 9:06;8 (495) 123-45-67;Исходящий",
            f"{B};15.04.2026 18:40:07;+7 912 345-67-89;входящий",
            names="ClientID Метрики;Дата и время звонка;Номер клиента;Направление",
        ),
        skipped={2: "Направление is not in the filter; «Исходящий»"},
        accepted=CALLS,
    ),
    Case(
        name="a status in words",
        habits=(21,),
        does="known words are flags; others are blanked with a warning that lists them",
        data=text(
            f"{A};03.04.2026 9:05;Принят",
            f"{B};15.04.2026 18:40:07;Пропущен",
            f"{C};16.04.2026 9:05;Занято",
            names="ClientID Метрики;Дата и время звонка;Статус звонка",
        ),
        warnings={3: "flag-unknown-word"},
        accepted=f"""
ClientId,DateTime,CallMissed
{A},2026-04-03T06:05:00Z,0
{B},2026-04-15T15:40:07Z,1
{C},2026-04-16T06:05:00Z,
""",
    ),
    Case(
        name="a status with another meaning here",
        habits=(21, 25),
        does="a value table says what each word means; a word outside it is a warning, never a guess",
        data=text(
            f"{A};03.04.2026 9:05;answered",
            f'{B};15.04.2026 18:40:07;"no money, no limit"',
            f"{C};16.04.2026 9:05;proper",
            names="id;when;status",
        ),
        mapping={
            "columns": {**NAMED, "CallMissed": {"from": "status", "values": {"answered": 1, "no money, no limit": 1}}}
        },
        warnings={3: "flag-not-in-the-value-table"},
        accepted=f"""
ClientId,DateTime,CallMissed
{A},2026-04-03T06:05:00Z,1
{B},2026-04-15T15:40:07Z,1
{C},2026-04-16T06:05:00Z,
""",
    ),
    Case(
        name="a separator within a word, between commas",
        habits=(25, 2),
        does="a quoted cell is one cell",
        data=Text(
            ["id,when,status"],
            [f'{A},2026-04-03 09:05:00,"no money, no limit"', f"{B},2026-04-15 18:40:07,answered"],
        ),
        mapping={"columns": {**NAMED, "Tag": "status"}},
        accepted=f"""
ClientId,DateTime,Tag
{A},2026-04-03T06:05:00Z,"no money, no limit"
{B},2026-04-15T15:40:07Z,answered
""",
    ),
    Case(
        name="answered, said the other way round",
        habits=(22, 21),
        does="a column named so is turned round: yes is not missed",
        data=text(
            f"{A};03.04.2026 9:05;Да",
            f"{B};15.04.2026 18:40:07;нет",
            f"{C};16.04.2026 9:05;",
            names="ClientID Метрики;Дата и время звонка;Отвечен",
        ),
        accepted=f"""
ClientId,DateTime,CallMissed
{A},2026-04-03T06:05:00Z,0
{B},2026-04-15T15:40:07Z,1
{C},2026-04-16T06:05:00Z,
""",
    ),
    Case(
        name="answered by a machine",
        habits=(20, 19, 4),
        does="the ready mapping of FreeSWITCH tells missed calls by the seconds of talk, not by the status",
        data=Text(
            [],
            [
                f'"","79123456789","74951110000","public","2026-04-03 09:05:00","2026-04-03 09:05:07","2026-04-03 09:06:12","72","65","NORMAL_CLEARING","u1","","","PCMA","PCMA","{A}"',
                f'"","84951234567","74951110000","public","2026-04-15 18:40:07","","2026-04-15 18:40:37","30","0","NORMAL_CLEARING","u2","","","PCMA","PCMA","{B}"',
            ],
        ),
        mapping="freeswitch",
        read={
            "columns": [
                "caller_id_name",
                "caller_id_number",
                "destination_number",
                "context",
                "start_stamp",
                "answer_stamp",
                "end_stamp",
                "duration",
                "billsec",
                "hangup_cause",
                "uuid",
                "bleg_uuid",
                "accountcode",
                "read_codec",
                "write_codec",
                "ClientId",
            ]
        },
        accepted=f"""
ClientId,DateTime,PhoneNumber,TalkDuration,HoldDuration,CallMissed,Tag
{A},2026-04-03T06:05:00Z,+79123456789,65,7,0,74951110000
{B},2026-04-15T15:40:07Z,+74951234567,0,,1,74951110000
""",
    ),
    Case(
        name="two kinds of ids in a row",
        habits=(29, 11),
        does="each goes to its column; one is enough for a row, none rejects it",
        data=text(
            f"{A};;03.04.2026 9:05",
            ";12345678901234567;15.04.2026 18:40:07",
            ";;16.04.2026 9:05",
            names="yaClientId;yclid;Дата и время звонка",
        ),
        rejected={3: "UserId|ClientId|Yclid: A call needs at least one of UserId, ClientId, Yclid"},
        accepted=f"""
ClientId,Yclid,DateTime
{A},,2026-04-03T06:05:00Z
,12345678901234567,2026-04-15T15:40:07Z
""",
    ),
    Case(
        name="cost of the line beside the value of the goal",
        habits=(28, 29),
        does="what the line cost is left out",
        data=text(
            f"{A};03.04.2026 9:05;-0.03;1500",
            f"{B};15.04.2026 18:40:07;-0.12;200,50",
            names="ClientID Метрики;Дата и время звонка;call_cost;Сумма сделки",
        ),
        options={"currency": "RUB"},
        says="what the line cost",
        accepted=f"""
ClientId,DateTime,Price,Currency
{A},2026-04-03T06:05:00Z,1500.00,RUB
{B},2026-04-15T15:40:07Z,200.50,RUB
""",
    ),
]
