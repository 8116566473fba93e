"""Converting a frame: what is accepted, what is rejected and why, what is asked."""

from decimal import Decimal

import polars as pl
import pytest

import callframe as cf
from callframe.contract import COLUMNS, DTYPES
from callframe.errors import Ambiguous, MappingError, OptionError
from callframe.findings import ADVICE

NOW = 1_775_300_000  # 2026-04-04 10:53:20 UTC
ID = "1234567890123456789"
TIME = "03.04.2026 12:00:00"
GOOD = {"ClientId": ID, "DateTime": TIME}
MOSCOW = {"time_zone": "Europe/Moscow", "region": "RU", "now": NOW}


def convert(*rows, mapping="metrica", **options):
    names = dict.fromkeys(name for row in rows for name in row)
    raw = pl.DataFrame(
        [{name: row.get(name) for name in names} for row in rows], schema=dict.fromkeys(names, pl.String)
    )
    return cf.convert(raw, mapping, **(MOSCOW | options))


def codes(result, row=1):
    return result.findings.filter(pl.col("source_row") == row)["code"].to_list()


def test_accepted_rows_are_the_contract():
    result = convert(
        GOOD
        | {
            "PhoneNumber": "8 (495) 123-45-67",
            "Price": "1 234,50",
            "Currency": "руб.",
            "TalkDuration": "1 мин 5 сек",
            "HoldDuration": "7",
            "CallMissed": "нет",
            "FirstTimeCaller": "Да",
            "Tag": " горячий лид ",
            "URL": "https://shop.example/",
        }
    )

    assert result.accepted.schema == pl.Schema(DTYPES)
    assert result.accepted.row(0, named=True) == dict.fromkeys(COLUMNS) | {
        "ClientId": ID,
        "DateTime": 1_775_206_800,
        "Price": Decimal("1234.5"),
        "Currency": "RUB",
        "PhoneNumber": "+74951234567",
        "TalkDuration": 65,
        "HoldDuration": 7,
        "CallMissed": 0,
        "FirstTimeCaller": 1,
        "Tag": "горячий лид",
        "URL": "https://shop.example/",
    }
    assert result.findings.is_empty()


REJECTED = [
    pytest.param({"DateTime": TIME}, "id-missing", id="no id"),
    pytest.param({"ClientId": ID}, "datetime-missing", id="no time"),
    pytest.param(GOOD | {"DateTime": "вчера"}, "time-not-a-date-and-time", id="a time that is none"),
    pytest.param(GOOD | {"DateTime": "31.02.2026 10:00"}, "time-no-such-date", id="a date that is none"),
    pytest.param(GOOD | {"DateTime": "03.04.2027 12:00"}, "time-not-past", id="in the future"),
    pytest.param(GOOD | {"ClientId": "1,23457E+18"}, "id-digits-lost-in-a-spreadsheet", id="id in E-notation"),
    pytest.param(GOOD | {"Yclid": "1.7E+18"}, "id-digits-lost-in-a-spreadsheet", id="one of two ids in E-notation"),
    pytest.param(GOOD | {"ClientId": "abc"}, "id-not-digits", id="id of letters"),
    pytest.param(GOOD | {"Price": "дорого", "Currency": "RUB"}, "amount-not-an-amount", id="price that is none"),
    pytest.param(GOOD | {"Price": "-5", "Currency": "RUB"}, "amount-negative", id="negative price"),
    pytest.param(GOOD | {"Price": "5"}, "price-without-currency", id="price without currency"),
    pytest.param(GOOD | {"Price": "5", "Currency": "попугаев"}, "currency-unknown-currency", id="unknown currency"),
    pytest.param(
        GOOD | {"Price": "5 руб.", "Currency": "USD"}, "currency-not-the-currency-written-at-the-price", id="two"
    ),
]


@pytest.mark.parametrize(("row", "code"), REJECTED)
def test_rejects(row, code):
    result = convert(row, GOOD)

    assert codes(result) == [code]
    assert result.accepted.height == 1
    assert result.rejected["source_row"].to_list() == [1]
    assert result.rejected.drop("source_row", "reasons").row(0, named=True) == {**dict.fromkeys(GOOD), **row}


WARNED = [
    pytest.param({"PhoneNumber": "8495"}, "phone-too-short", id="phone"),
    pytest.param({"TalkDuration": "долго"}, "duration-not-a-duration", id="duration"),
    pytest.param({"CallMissed": "занято наверное"}, "flag-unknown-word", id="flag"),
    pytest.param({"URL": "визитка"}, "url-not-a-web-address", id="url"),
]


def test_the_first_second_of_1970_stands_for_no_time():
    result = convert(GOOD | {"DateTime": "01.01.1970 03:00"})

    assert "time-before-1970" in codes(result)
    assert result.rejected.height == 1


@pytest.mark.parametrize(("cell", "code"), WARNED)
def test_blanks_with_a_warning(cell, code):
    result = convert(GOOD | cell)

    assert result.accepted.height == 1
    assert result.accepted[next(iter(cell))].to_list() == [None]
    assert result.findings.select("column", "code", "severity").rows() == [(next(iter(cell)), code, "warning")]


@pytest.mark.parametrize(("cell", "code"), WARNED)
def test_rejects_instead_if_told(cell, code):
    result = convert(GOOD | cell, on_invalid="reject")

    assert result.rejected.height == 1
    assert result.findings["severity"].to_list() == ["error"]


@pytest.mark.parametrize("phone", ["Аноним", "anonymous", "", "-", "+7378742833"])
def test_a_withheld_caller_is_no_finding(phone):
    result = convert(GOOD | {"PhoneNumber": phone})

    assert result.accepted["PhoneNumber"].to_list() == [None]
    assert result.findings.is_empty()


def test_an_old_call_is_accepted_with_a_warning():
    result = convert(GOOD | {"DateTime": "03.03.2026 12:00"})

    assert result.accepted.height == 1
    assert result.findings.select("code", "severity").rows() == [("time-too-old-to-link", "warning")]


def test_all_reasons_of_a_row_are_told_at_once():
    result = convert({"ClientId": None, "DateTime": "вчера", "Price": "5", "PhoneNumber": "8495"})

    assert sorted(codes(result)) == [
        "id-missing",
        "phone-too-short",
        "price-without-currency",
        "time-not-a-date-and-time",
    ]
    assert len(result.rejected["reasons"][0]) == 3, "the phone alone would not reject the row"


class TestCurrency:
    CASES = [
        pytest.param({"Price": "5 руб."}, {}, "RUB", id="at the price"),
        pytest.param({"Price": "$5"}, {"currency": "RUB"}, "USD", id="at the price, against the declared one"),
        pytest.param({"Price": "5", "Currency": "RUR"}, {"currency": "USD"}, "RUB", id="in its column"),
        pytest.param({"Price": "5"}, {"currency": "RUB"}, "RUB", id="declared"),
        pytest.param({"Price": "5", "Currency": ""}, {"currency": "RUB"}, "RUB", id="declared for a blank"),
        pytest.param({"Price": None}, {"currency": "RUB"}, None, id="no price, none added"),
    ]

    @pytest.mark.parametrize(("cells", "options", "expected"), CASES)
    def test_comes_from(self, cells, options, expected):
        assert convert(GOOD | cells, **options).accepted["Currency"].to_list() == [expected]


class TestSkipping:
    MAPPING = cf.Mapping(
        columns={"ClientId": "ClientId", "DateTime": "DateTime"},
        filter=cf.Mapping.from_dict({"filter": {"keep": {"way": ["in", "Входящий"]}}}).filter,
    )

    def test_rows_that_the_filter_leaves_out(self):
        rows = [GOOD | {"way": way} for way in ("in", "ВХОДЯЩИЙ ", "out", None)]
        result = convert(*rows, mapping=self.MAPPING)

        assert result.accepted.height == 2
        assert result.skipped.select("source_row", "reason").rows() == [
            (3, "way is not in the filter; «out»"),
            (4, "way is not in the filter; blank"),
        ]
        assert result.rows == 4

    def test_rows_of_one_call(self):
        rows = [{"id": "a"}, {"id": "a"}, {"id": "b"}, {"id": "-"}, {"id": "-"}, {"id": "a", "Tag": "x"}]
        result = convert(*(GOOD | row for row in rows), dedupe="id")

        assert result.accepted.height == 4
        assert result.skipped.select("source_row", "reason").rows() == [
            (2, "duplicate by id; of row 1"),
            (6, "duplicate by id, other cells differ; of row 1"),
        ]

    def test_a_row_that_the_filter_leaves_out_is_not_the_first_of_its_call(self):
        rows = [{"way": "out", "id": "a"}, {"way": "in", "id": "a"}]
        result = convert(*(GOOD | row for row in rows), mapping=self.MAPPING, dedupe=["id"])

        assert (result.accepted.height, result.skipped["source_row"].to_list()) == (1, [1])

    def test_lines_that_are_no_calls(self):
        header = {name: name for name in GOOD}
        totals = {"ClientId": "Итого:", "DateTime": "17"}
        result = convert(GOOD, {}, header, totals)

        assert result.skipped.select("source_row", "reason").rows() == [
            (2, "blank line"),
            (3, "header repeated"),
            (4, "line of totals"),
        ]
        assert result.rejected.is_empty()


class TestAsking:
    CASES = [
        pytest.param(
            {"DateTime": "03.04.2026 12:00"}, {"time_zone": None}, {"time_zone": "UTC"}, 1_775_217_600, id="no zone"
        ),
        pytest.param(
            {"DateTime": "03/04/2026 12:00"}, {}, {"date_order": "day first"}, 1_775_206_800, id="day or month"
        ),
        pytest.param(
            {"DateTime": "03/04/2026 12:00"}, {}, {"date_order": "month first"}, 1_772_614_800, id="month or day"
        ),
        pytest.param(
            {"Price": "7,891", "Currency": "RUB"}, {}, {"decimal_mark": ","}, Decimal("7.891"), id="grouping or decimal"
        ),
        pytest.param({"TalkDuration": "2:47"}, {}, {"duration_unit": "m:s"}, 167, id="minutes or hours"),
        pytest.param({"TalkDuration": "2:47"}, {}, {"duration_unit": "h:m"}, 10_020, id="hours or minutes"),
        pytest.param({"TalkDuration": "2.5"}, {}, {"duration_unit": "minutes"}, 150, id="unit"),
    ]

    @pytest.mark.parametrize(("cells", "options", "answer", "expected"), CASES)
    def test_asks_and_takes_the_answer(self, cells, options, answer, expected):
        row = GOOD | cells
        with pytest.raises(Ambiguous) as asked:
            convert(row, **options)

        assert asked.value.column == next(iter(cells))
        assert asked.value.count == 1
        assert asked.value.source_row == 1
        assert asked.value.options
        assert next(iter(cells.values())) not in str(asked.value), "a question shows no cell"
        assert convert(row, **(options | answer)).accepted[next(iter(cells))].to_list() == [expected]

    PROVEN = [
        pytest.param("DateTime", ["03/04/2026 12:00", "30/03/2026 12:00"], 1_775_206_800, id="a day above 12"),
        pytest.param("DateTime", ["04/03/2026 12:00", "03/30/2026 12:00"], 1_775_206_800, id="a day above 12, second"),
        pytest.param("Price", ["1,234", "5,5"], Decimal("1.234"), id="a decimal comma elsewhere"),
    ]

    @pytest.mark.parametrize("turned", [False, True], ids=["in order", "turned"])
    @pytest.mark.parametrize(("column", "cells", "expected"), PROVEN)
    def test_the_column_settles_it(self, column, cells, expected, turned):
        rows = [GOOD | {column: cell, "Tag": str(number)} for number, cell in enumerate(cells)]
        result = convert(*(rows[::-1] if turned else rows), currency="RUB")

        assert result.accepted.filter(pl.col("Tag") == "0")[column].to_list() == [expected]


WORDS = {
    "busy": "«busy»",
    "603-S": "«603-S»",
    "8 (495) 123-45-67": "«•••»",
    "busy 84951234567": "«•••»",
    "ivan@example.com": "«•••»",
    "x" * 41: "«•••»",
}
"""Words outside a value table, and what a message shows of them."""


class TestMapping:
    def test_value_tables(self):
        columns = {**{name: name for name in GOOD}, "CallMissed": {"from": "s", "values": {"Отвечен": 0, "*": 1}}}
        result = convert(
            *(GOOD | {"s": word} for word in ("отвечен", "busy", None)), mapping=cf.Mapping(columns=columns)
        )

        assert result.accepted["CallMissed"].to_list() == [0, 1, None]
        assert result.findings.is_empty()

    def test_a_word_outside_the_table_is_shown(self):
        columns = {**{name: name for name in GOOD}, "CallMissed": {"from": "s", "values": {"Отвечен": 0}}}
        result = convert(*(GOOD | {"s": word} for word in WORDS), mapping=cf.Mapping(columns=columns))

        assert result.findings["message"].to_list() == [f"not in the value table; {shown}" for shown in WORDS.values()]

    def test_no_cell_of_a_personal_column_is_shown(self):
        columns = {**{name: name for name in GOOD}, "PhoneNumber": {"from": "p", "values": {"main": "84951234567"}}}
        result = convert(GOOD | {"p": "Иван"}, mapping=cf.Mapping(columns=columns))

        assert result.findings["message"].to_list() == ["not in the value table; •••"]

    def test_the_currency_at_the_price_may_come_from_the_value_table(self):
        columns = {**{name: name for name in GOOD}, "Price": {"from": "k", "values": {"лид": "500 USD"}}}
        accepted = convert(GOOD | {"k": "лид"}, mapping=cf.Mapping(columns=columns), currency="RUB").accepted

        assert (accepted["Price"].item(), accepted["Currency"].item()) == (500, "USD")

    def test_a_stated_pattern_is_not_overruled_by_an_order(self):
        columns = {"ClientId": "ClientId", "DateTime": {"from": "s", "format": "%m/%d/%Y %H:%M"}}
        row = {"ClientId": ID, "s": "04/03/2026 12:00"}
        accepted = convert(row, mapping=cf.Mapping(columns=columns), date_order="day first").accepted

        assert accepted["DateTime"].item() == 1_775_206_800

    def test_a_stated_unit_is_not_overruled_by_one_for_all(self):
        columns = {
            **{name: name for name in GOOD},
            "TalkDuration": {"from": "t", "unit": "milliseconds"},
            "HoldDuration": "h",
        }
        row = GOOD | {"t": "65000", "h": "1:35"}
        accepted = convert(row, mapping=cf.Mapping(columns=columns), duration_unit="m:s").accepted

        assert (accepted["TalkDuration"].item(), accepted["HoldDuration"].item()) == (65, 95)

    def test_a_difference_is_read_like_the_time_it_shares_a_column_with(self):
        columns = {
            "ClientId": "ClientId",
            "DateTime": {"from": "s", "format": "%m/%d/%Y %H:%M:%S"},
            "HoldDuration": {"from": "e", "minus": "s"},
        }
        row = {"ClientId": ID, "s": "03/04/2026 09:05:00", "e": "03/04/2026 09:05:12"}

        assert convert(row, mapping=cf.Mapping(columns=columns)).accepted["HoldDuration"].to_list() == [12]

    def test_a_difference_is_asked_for_only_where_both_moments_were(self):
        """A call that nobody answered has an end, and neither an answer nor a length."""
        columns = {**{name: name for name in GOOD}, "TalkDuration": {"from": "e", "minus": "s"}}
        cells = [(TIME, None), (None, TIME), (None, None), (TIME, "0"), ("0", TIME), (TIME, "x"), (TIME, TIME)]
        rows = [{"e": end, "s": start} for end, start in cells]
        result = convert(*(GOOD | row for row in rows), mapping=cf.Mapping(columns=columns))

        assert result.findings.select("source_row", "code").rows() == [(6, "duration-not-a-date-and-time")]
        assert result.accepted["TalkDuration"].to_list() == [None] * 6 + [0]

    def test_first_of_several_columns(self):
        columns = {**{name: name for name in GOOD}, "PhoneNumber": ["a", "b"]}
        rows = [{"a": "-", "b": "84951234567"}, {"a": "84951234568", "b": "84951234567"}]
        result = convert(*(GOOD | row for row in rows), mapping=cf.Mapping(columns=columns))

        assert result.accepted["PhoneNumber"].to_list() == ["+74951234567", "+74951234568"]

    def test_date_and_time_of_day_apart(self):
        columns = {"ClientId": "ClientId", "DateTime": {"from": "Дата", "time": "Время"}}
        row = {"ClientId": ID, "Дата": "03.04.2026", "Время": "9:05"}

        assert convert(row, mapping=cf.Mapping(columns=columns)).accepted["DateTime"].to_list() == [1_775_196_300]

    def test_a_difference(self):
        columns = {"ClientId": "ClientId", "DateTime": "start", "HoldDuration": {"from": "answer", "minus": "start"}}
        row = {"ClientId": ID, "start": "2026-04-03 09:05:00", "answer": "2026-04-03 09:05:12"}

        assert convert(row, mapping=cf.Mapping(columns=columns)).accepted["HoldDuration"].to_list() == [12]

    def test_constants(self):
        columns = {**{name: name for name in GOOD}, "Tag": {"value": "offline"}, "StaticCall": {"value": 1}}
        accepted = convert(GOOD, mapping=cf.Mapping(columns=columns)).accepted

        assert (accepted["Tag"].item(), accepted["StaticCall"].item()) == ("offline", 1)

    def test_source_columns_with_names_of_the_contract_stay_as_they_were(self):
        result = convert(GOOD | {"DateTime": "вчера"}, {"ClientId": None, "DateTime": TIME})

        assert result.rejected["DateTime"].to_list() == ["вчера", TIME]

    def test_the_mapping_gives_defaults_and_the_caller_wins(self):
        mapping = cf.Mapping(columns={name: name for name in GOOD}, time_zone="Asia/Yekaterinburg")

        assert convert(GOOD, mapping=mapping, time_zone=None).accepted["DateTime"].item() == 1_775_206_800 - 2 * 3600
        assert convert(GOOD, mapping=mapping).accepted["DateTime"].item() == 1_775_206_800


BAD_OPTIONS = [
    pytest.param({"time_zone": "Europe/Mosow"}, "Europe/Moscow", id="zone"),
    pytest.param({"region": "Russia"}, "RU", id="region"),
    pytest.param({"currency": "RUBL"}, "RUB", id="currency"),
    pytest.param({"date_order": "dmy"}, "day first", id="date order"),
    pytest.param({"decimal_mark": ";"}, "','", id="decimal mark"),
    pytest.param({"on_invalid": "drop"}, "reject", id="on_invalid"),
    pytest.param({"timezone": "UTC"}, "time_zone", id="no such option"),
]


@pytest.mark.parametrize(("options", "hint"), BAD_OPTIONS)
def test_an_option_that_means_nothing(options, hint):
    with pytest.raises(OptionError, match=hint):
        convert(GOOD, **options)


@pytest.mark.parametrize("missing", ["ClientId", "DateTime"])
def test_a_mapping_must_feed_a_time_and_an_id(missing):
    with pytest.raises(MappingError, match=missing):
        convert({name: value for name, value in GOOD.items() if name != missing}, mapping=None)


def test_takes_frames_of_other_libraries():
    import pandas as pd
    import pyarrow as pa

    raw = pl.DataFrame([GOOD])
    for frame in (raw.lazy(), raw.to_arrow(), pd.DataFrame([GOOD]), pa.table({k: [v] for k, v in GOOD.items()})):
        assert cf.convert(frame, "metrica", **MOSCOW).accepted.height == 1


def test_rows_that_come_numbered_keep_their_numbers_if_these_tell_them_apart():
    def rows(numbers):
        raw = pl.DataFrame({"source_row": numbers, "ClientId": ["x", "y"], "DateTime": [TIME, TIME]})
        return cf.convert(raw, "metrica", **MOSCOW).rejected["source_row"].to_list()

    assert rows([7, 9]) == [7, 9]
    assert rows([7, 7]) == [1, 2]


def test_no_repr_shows_a_cell():
    result = convert(GOOD | {"PhoneNumber": "84951234567x"})

    assert repr(result) == "1 rows read = 1 accepted + 0 rejected + 0 skipped; 1 warning"


def test_every_code_has_advice():
    from callframe.contract import ADVICES, RULES
    from callframe.convert.history import FROM_HISTORY
    from callframe.convert.plan import KINDS, NOT_IN_TABLE, OTHER_CURRENCY
    from callframe.normalize import amounts, currencies, durations, flags, identifiers, phones, texts, timestamps, urls

    homes = {
        "id": (identifiers,),
        "time": (timestamps,),
        "flag": (flags,),
        "amount": (amounts,),
        "currency": (currencies,),
        "phone": (phones,),
        "duration": (durations,),
        "text": (texts,),
        "url": (urls,),
    }
    assert set(homes) == set(KINDS.values())
    heads = {(kind, head) for kind, modules in homes.items() for module in modules for head in module.REASONS}
    heads |= {("currency", OTHER_CURRENCY)} | {(kind, NOT_IN_TABLE) for kind in homes}
    coded = {f"{kind}-{head}".lower() for kind, head in heads}
    slugs = {
        "".join(letter if letter.isalnum() else "-" for letter in code).strip("-").replace("--", "-") for code in coded
    }

    assert set(ADVICE) == slugs | {rule.code for rule in (*RULES, *ADVICES)} | {FROM_HISTORY}
