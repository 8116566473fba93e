"""What files come as: packed, in parts, cut off, with rows twice."""

import gzip
import io

import polars as pl
import zstandard

from .case import NAMES, Case, Refusal, Text, identity, text

__all__ = ["CASES"]

A, B, C = identity(1), identity(2), identity(3)
ROWS = (f"{A};03.04.2026 9:05;8 (495) 123-45-67", f"{B};15.04.2026 18:40:07;+7 912 345-67-89")
CALLS = f"""
ClientId,DateTime,PhoneNumber
{A},2026-04-03T06:05:00Z,+74951234567
{B},2026-04-15T15:40:07Z,+79123456789
"""
WHOLE = bytes(text(*ROWS))
LEGS = text(
    f"c1;{A};03.04.2026 9:05;8 (495) 123-45-67",
    f"c1;{A};03.04.2026 9:05;8 (495) 123-45-67",
    f"c2;{B};15.04.2026 18:40:07;+7 912 345-67-89",
    f";{C};16.04.2026 10:00;",
    f";{C};16.04.2026 10:00;",
    names="call;id;when;caller",
)
BY_CALL = {"columns": {"ClientId": "id", "DateTime": "when", "PhoneNumber": "caller"}}


def parquet() -> bytes:
    data = io.BytesIO()
    pl.DataFrame(
        {
            "ClientID Метрики": [int(A), int(B)],
            "Дата и время звонка": pl.Series(["2026-04-03 09:05:00", "2026-04-15 18:40:07"]).str.to_datetime(),
            "Номер клиента": [84951234567.0, 79123456789.0],
        }
    ).write_parquet(data)
    return data.getvalue()


CASES = [
    Case(name="gzip", habits=(33,), does="unpacked", data=gzip.compress(WHOLE), file="calls.csv.gz", accepted=CALLS),
    Case(
        name="zstd of cp1251",
        habits=(33, 3),
        does="unpacked, then seen from the words",
        data=zstandard.compress(bytes(text(*ROWS, encoding="cp1251"))),
        file="calls.csv.zst",
        accepted=CALLS,
    ),
    Case(
        name="gzip that is cut off",
        habits=(33, 37),
        does="refused: half an export is no export",
        data=gzip.compress(WHOLE)[:-9],
        file="calls.csv.gz",
        refuses=Refusal("is cut off or damaged: its gzip can't be unpacked to the end", data=gzip.compress(WHOLE)),
        accepted=CALLS,
    ),
    Case(
        name="an empty file",
        habits=(37,),
        does="refused",
        data=b"",
        refuses=Refusal("calls.csv is empty", data=WHOLE),
        accepted=CALLS,
    ),
    Case(
        name="names and no rows",
        habits=(37,),
        does="refused; shows the names",
        data=text(),
        refuses=Refusal("has a header (ClientID Метрики, Дата и время звонка, Номер клиента) and no rows", data=WHOLE),
        accepted=CALLS,
    ),
    Case(
        name="a file that ends within a quoted cell",
        habits=(37, 32),
        does="refused by line",
        data=Text([NAMES], [ROWS[0], f'{B};15.04.2026 18:40:07;"+7 912'], last=""),
        refuses=Refusal("a quoted cell in line 3 of calls.csv is not closed", data=WHOLE),
        accepted=CALLS,
    ),
    Case(
        name="a file that ends within a letter",
        habits=(37, 3),
        does="refused by line",
        data=bytes(text(*ROWS, f"{C};16.04.2026 9:05;аноним", last=""))[:-1],
        refuses=Refusal("line 4 of calls.csv is in another encoding than the rest", data=WHOLE),
        accepted=CALLS,
    ),
    Case(
        name="a file that ends within a row",
        habits=(37, 39),
        does="refused by line",
        data=WHOLE[: WHOLE.index(b";+7 912")],
        refuses=Refusal("line 3 of calls.csv has 2 cells, the header has 3", data=WHOLE),
        accepted=CALLS,
    ),
    Case(
        name="three files with different habits",
        habits=(34, 2, 3, 6, 33),
        does="read as one, in order; columns by name",
        data={
            "1.csv": text(ROWS[0], encoding="cp1251"),
            "2.csv": Text(
                ["Номер клиента\tClientID Метрики\tДата и время звонка"],
                [f"+7 912 345-67-89\t{B}\t15.04.2026 18:40:07"],
            ),
            "3.csv.gz": gzip.compress(bytes(text(f"{C};16.04.2026 9:05;", encoding="utf-8-sig"))),
        },
        accepted=f"{CALLS.strip()}\n{C},2026-04-16T06:05:00Z,",
    ),
    Case(
        name="files that overlap",
        habits=(34, 30),
        does="rows that are there twice are skipped, if asked to",
        data={"1.csv": text(*ROWS), "2.csv": text(ROWS[1], f"{C};16.04.2026 9:05;")},
        mapping={
            "columns": {
                "ClientId": "ClientID Метрики",
                "DateTime": "Дата и время звонка",
                "PhoneNumber": "Номер клиента",
            },
            "dedupe": {"by": ["ClientID Метрики", "Дата и время звонка"]},
        },
        skipped={3: "duplicate by ClientID Метрики, Дата и время звонка; of row 2"},
        accepted=f"{CALLS.strip()}\n{C},2026-04-16T06:05:00Z,",
        order_counts=True,
    ),
    Case(
        name="files of two kinds",
        habits=(34,),
        does="refused: they have no column in common",
        data={"1.csv": text(*ROWS), "2.csv": Text(["a;b"], ["1;2"])},
        refuses=Refusal("2.csv has no column in common with 1.csv", data={"1.csv": text(*ROWS)}),
        accepted=CALLS,
    ),
    Case(
        name="several rows for one call",
        habits=(30,),
        does="the first counts, the others are skipped; a row without the key is a call of its own",
        data=LEGS,
        mapping={**BY_CALL, "dedupe": {"by": ["call"]}},
        skipped={2: "duplicate by call; of row 1"},
        accepted=f"{CALLS.strip()}\n{C},2026-04-16T07:00:00Z,\n{C},2026-04-16T07:00:00Z,",
    ),
    Case(
        name="several rows for one call, not asked",
        habits=(30,),
        does="every row is a call",
        data=LEGS,
        mapping=BY_CALL,
        accepted=f"""
ClientId,DateTime,PhoneNumber
{A},2026-04-03T06:05:00Z,+74951234567
{A},2026-04-03T06:05:00Z,+74951234567
{B},2026-04-15T15:40:07Z,+79123456789
{C},2026-04-16T07:00:00Z,
{C},2026-04-16T07:00:00Z,
""",
    ),
    Case(
        name="legs of which one says more",
        habits=(30, 20),
        does="the first counts, and the reason says that the other differs",
        data=Text(
            ["call;id;when;talk"],
            [f"c1;{A};03.04.2026 9:05;65", f"c1;{A};03.04.2026 9:05;0", f"c2;{B};15.04.2026 18:40:07;0"],
        ),
        mapping={
            "columns": {"ClientId": "id", "DateTime": "when", "TalkDuration": {"from": "talk", "unit": "seconds"}},
            "dedupe": {"by": "call"},
        },
        skipped={2: "duplicate by call, other cells differ; of row 1"},
        accepted=f"""
ClientId,DateTime,TalkDuration
{A},2026-04-03T06:05:00Z,65
{B},2026-04-15T15:40:07Z,0
""",
        order_counts=True,
    ),
    Case(
        name="Parquet with numbers and times",
        habits=(36, 9, 16),
        does="whole numbers keep every digit, times are told as they stand",
        data=parquet(),
        file="calls.parquet",
        accepted=CALLS,
    ),
    Case(
        name="exactly as many rows as a system gives",
        habits=(31,),
        does="converted; the report says that the export may go on",
        data=text(*[f"{A};03.04.2026 9:05;8 (495) 123-45-67"] * 6500),
        says="6 500 rows are as many as Ringostat gives at once",
        accepted="\n".join(["ClientId,DateTime,PhoneNumber", *[f"{A},2026-04-03T06:05:00Z,+74951234567"] * 6500]),
    ),
]
