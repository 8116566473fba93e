"""What a call is worth."""

from .case import Ask, Case, Reject, column, identity, text

__all__ = ["CASES"]

A, B, C = identity(1), identity(2), identity(3)
SUM = "Сумма сделки"
RUB = {"currency": "RUB"}
NO_CURRENCY = "Price|Currency: A price needs a currency"


def currencies(*cells):
    """Fields of a case in which currencies are tried."""
    rows, accepted, rejected = [], [], {}
    for number, (cell, value) in enumerate(cells, start=1):
        rows.append(f"{identity(number)};03.04.2026 9:{number:02};100;{cell}")
        if isinstance(value, Reject):
            rejected[number] = value.reasons
        else:
            accepted.append(f"{identity(number)},2026-04-03T06:{number:02}:00Z,100.00,{value}")
    return {
        "data": text(*rows, names=f"ClientID Метрики;Дата и время звонка;{SUM};Валюта"),
        "accepted": "\n".join(("ClientId,DateTime,Price,Currency", *accepted)),
        "rejected": rejected,
    }


def prices(*cells, **more):
    """Fields of a case in which amounts of roubles are tried."""
    fields = column(SUM, "Price", *cells, **more)
    head, *rows = fields["accepted"].split("\n")
    with_currency = [f"{row},{'RUB' if not row.endswith(',') else ''}" for row in rows]
    return {**fields, "accepted": "\n".join((f"{head},Currency", *with_currency))}


CASES = [
    Case(
        name="currencies in every spelling",
        habits=(26,),
        does="ISO 4217; RUR is RUB",
        **currencies(
            *((word, "RUB") for word in ("RUB", "rub", "RUR", "руб.", "руб", "₽", "рублей", "р.", "643")),
            ("USD", "USD"),
            ("$", "USD"),
            ("€", "EUR"),
            ("тенге", "KZT"),
            ("у.е.", Reject("Currency: unknown currency")),
            ("BYR", Reject("Currency: retired; BYN replaced it at 10 000 to 1")),
            ("", Reject(NO_CURRENCY)),
        ),
    ),
    Case(
        name="a currency that is declared for prices that name none",
        habits=(26,),
        does="taken where the cell is blank, never over one that is there",
        options={"currency": "KZT"},
        **currencies(("", "KZT"), ("RUB", "RUB"), ("-", "KZT")),
    ),
    Case(
        name="decimal commas, spaces, signs at the number",
        habits=(27, 26),
        does="exact to the last digit",
        options=RUB,
        **prices(
            ("1500", "1500.00"),
            ("1500,50", "1500.50"),
            ("1500.5", "1500.50"),
            ("1 234,50", "1234.50"),
            ("1\u00a0234,50", "1234.50"),
            ("1\u202f234\u202f567,00", "1234567.00"),
            ("1\u2009234", "1234.00"),
            ("1 234,50 ₽", "1234.50"),
            ("1 234 руб.", "1234.00"),
            ("0,1", "0.10"),
            ("", None),
        ),
    ),
    Case(
        name="a comma that groups, proven",
        habits=(27,),
        does="one cell with both marks settles the column",
        options=RUB,
        **prices(("1,234", "1234.00"), ("1,234.50", "1234.50")),
    ),
    Case(
        name="a comma that divides, proven",
        habits=(27,),
        does="one cell with a comma and two digits settles the column",
        options=RUB,
        **prices(("1,234", "1.2340"), ("1500,50", "1500.50")),
    ),
    Case(
        name="a comma that groups or divides, asked",
        habits=(27,),
        does="asked, with both readings",
        options=RUB,
        **prices(("1,234", "1234.00"), ("1500", "1500.00")),
        asks=Ask("Price", "a comma or a point before three digits may group or divide", cells=1, row=1, pick=1),
    ),
    Case(
        name="a point that groups or divides, asked",
        habits=(27,),
        does="asked, with both readings",
        options=RUB,
        **prices(("1.234", "1234.00"), ("1500", "1500.00")),
        asks=Ask("Price", "a comma or a point before three digits may group or divide", cells=1, row=1, pick=0),
    ),
    Case(
        name="prices that are none",
        habits=(27, 28),
        does="the row is rejected: wrong revenue is worse than a missing row",
        options=RUB,
        **prices(
            ("-0.03", Reject("Price: negative")),
            ("(100)", Reject("Price: negative")),
            ("1e5", Reject("Price: not an amount")),
            ("NaN", None),
            ("inf", Reject("Price: not an amount")),
            ("сто", Reject("Price: not an amount")),
            ("100", "100.00"),
            mapped=True,
        ),
    ),
    Case(
        name="a sign at the number against the currency of the row",
        habits=(26, 27),
        does="the row is rejected: it names two currencies",
        data=text(
            f"{A};03.04.2026 9:05;100 $;RUB",
            f"{B};15.04.2026 18:40:07;100 $;",
            f"{C};16.04.2026 9:05;100 ₽;RUR",
            names=f"ClientID Метрики;Дата и время звонка;{SUM};Валюта",
        ),
        rejected={1: "Currency: not the currency written at the price"},
        accepted=f"""
ClientId,DateTime,Price,Currency
{B},2026-04-15T15:40:07Z,100.00,USD
{C},2026-04-16T06:05:00Z,100.00,RUB
""",
    ),
]
