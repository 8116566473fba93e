"""A mapping says what it means, in a file and in code, and refuses what means nothing."""

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callframe.contract import COLUMNS
from callframe.errors import MappingError
from callframe.mapping import NEEDS as WANTS
from callframe.mapping import Dedupe, Filter, Mapping, Source, folded
from callframe.normalize import durations, texts, timestamps
from callframe.read import SOURCE_ROW, FileOptions

READY = [
    "3cx",
    "amocrm",
    "asterisk",
    "binotel",
    "bitrix24",
    "call-tracking-v1",
    "callibri",
    "callrail",
    "calltouch",
    "comagic",
    "crmapi-v1",
    "freeswitch",
    "google-ads",
    "ivozprovider",
    "mango",
    "metrica",
    "ringcentral",
    "roistat",
    "twilio",
    "voximplant",
    "zadarma",
]
CALLTOUCH = ["date", "timestamp", "callerNumber", "phoneNumber", "duration", "clientId", "yaClientId", "callTags"]
COMAGIC = [
    "start_time",
    "direction",
    "contact_phone_number",
    "virtual_phone_number",
    "clean_talk_duration",
    "ymclid",
    "yclid",
]


def test_the_ready_mappings():
    assert list(Mapping.ready()) == READY
    Mapping.ready().clear()
    assert list(Mapping.ready()) == READY


@pytest.mark.parametrize(
    ("name", "headers", "expected"),
    [
        pytest.param(
            "calltouch",
            CALLTOUCH,
            {"ClientId": "yaClientId", "DateTime": "timestamp", "PhoneNumber": "callerNumber"},
            id="calltouch",
        ),
        pytest.param(
            "calltouch",
            ["callerphone", "timestamp", "yaClientId"],
            {"ClientId": "yaClientId", "DateTime": "timestamp", "PhoneNumber": "callerphone"},
            id="calltouch's webhook",
        ),
        pytest.param(
            "comagic",
            COMAGIC,
            {"Yclid": "yclid", "DateTime": "start_time", "TalkDuration": "clean_talk_duration"},
            id="comagic",
        ),
        pytest.param(
            "metrica", ["ClientId", "DateTime"], {"ClientId": "ClientId", "DateTime": "DateTime"}, id="metrica"
        ),
    ],
)
def test_ready_mappings_bind_to_their_exports(name, headers, expected):
    bound = {
        column: source.from_[0] for column, source in Mapping.load(name).bind([SOURCE_ROW, *headers]).columns.items()
    }

    assert {column: bound[column] for column in expected} == expected
    assert not {"phoneNumber", "clientId", "ymclid", "virtual_phone_number"} & set(bound.values())


FILE = """
name = "my tracker"
description = "Exports of ours"
time_zone = "Europe/Moscow"
region = "RU"
currency = "RUB"

[file]
separator = ";"
encoding = "cp1251"
header = false
columns = ["id", "date", "caller"]

[columns]
ClientId     = "id"
PhoneNumber  = { from = ["caller", "clid"] }
DateTime     = { from = "date", format = "%d/%m/%Y %H:%M:%S" }
TalkDuration = { from = "talk", unit = "minutes", optional = true }
HoldDuration = { from = "answer", minus = "start" }
CallMissed   = { from = "status", values = { " Отвечен " = 0, "true" = false, "*" = 1 } }
Tag          = { value = "offline" }
StaticCall   = { value = true }

[filter]
keep = { "direction" = ["in", "Входящий"], "line" = 7, "lost" = false }
"""

SAID = Mapping(
    columns={
        "Tag": {"value": "offline"},
        "StaticCall": Source(value="1"),
        "ClientId": "id",
        "DateTime": {"from": "date", "format": "%d/%m/%Y %H:%M:%S"},
        "PhoneNumber": ["caller", "clid"],
        "TalkDuration": Source(from_="talk", unit="minutes", optional=True),
        "HoldDuration": Source(from_=("answer",), minus="start"),
        "CallMissed": Source(from_=["status"], values={"ОТВЕЧЕН": 0, "True": False, "*": "1"}),
    },
    name="my tracker",
    description="Exports of ours",
    time_zone="Europe/Moscow",
    region="RU",
    currency="RUB",
    file=FileOptions(separator=";", encoding="cp1251", header=False, columns=["id", "date", "caller"]),
    filter=Filter({"direction": ("IN", "входящий"), "line": 7, "lost": [False]}),
)


def test_a_file_and_code_say_the_same(tmp_path):
    path = tmp_path / "other name.toml"
    path.write_text(FILE, encoding="utf-8-sig")
    mapping = Mapping.load(path)

    assert mapping == SAID
    assert list(mapping.columns) == [column for column in COLUMNS if column in SAID.columns]
    assert mapping.columns["CallMissed"].values == {"отвечен": "0", "true": "0", "*": "1"}
    assert mapping.filter.keep == {"direction": ("in", "входящий"), "line": ("7",), "lost": ("false",)}
    assert Mapping.load(str(path)) == mapping


def test_a_file_without_a_name_is_called_by_its_own(tmp_path):
    path = tmp_path / "tracker.toml"
    path.write_text("[columns]\n", encoding="utf-8")

    assert Mapping.load(path).name == "tracker"


def test_an_empty_text_in_a_table_is_a_blank_cell():
    mapping = Mapping(
        {"CallMissed": {"from": "answered", "values": {" \u200b": 1, "*": 0}}},
        filter={"keep": {"ext": ["", "none of them"]}},
    )

    assert mapping.columns["CallMissed"].values == {"": "1", "*": "0"}
    assert mapping.filter.keep == {"ext": ("", "none of them")}


def test_rows_of_one_call_are_told_by_columns_that_are_there():
    for said in ({"by": "Call_Id"}, {"by": ["Call_Id"]}, "Call_Id", ("Call_Id",), Dedupe("Call_Id")):
        mapping = Mapping(SMALL, dedupe=said)

        assert mapping.dedupe == Dedupe(("Call_Id",))
        assert mapping.bind(["id", "when", "call_id"]).dedupe == Dedupe(("call_id",))
    with pytest.raises(MappingError, match="dedupe is to come from 'Call_Id', but the export has id, when"):
        mapping.bind(["id", "when"])
    assert not Mapping(SMALL).dedupe.by


def test_a_first_call_may_be_derived():
    mapping = Mapping({**SMALL, "PhoneNumber": "who", "FirstTimeCaller": {"derive": "history"}})

    assert mapping.columns["FirstTimeCaller"] == Source(derive="history")
    assert mapping.bind(["id", "when", "who"]).columns["FirstTimeCaller"] == Source(derive="history")
    assert 'FirstTimeCaller = { derive = "history" }' in mapping.to_toml()


@pytest.mark.parametrize("name", READY)
def test_the_file_of_a_ready_mapping_says_more_than_it_takes(name):
    text = Mapping.ready_file(name)

    assert Mapping.from_dict(tomllib.loads(text), name) == Mapping.load(name)
    assert text.startswith("# ")


def test_there_is_no_file_of_another_mapping():
    with pytest.raises(MappingError, match="Did you mean 'calltouch'"):
        Mapping.ready_file("caltouch")


def _column(key, item):
    return {"columns": {"ClientId": {"from": "x", key: item}}}


TYPES = [
    pytest.param({"columns": 5}, "m: columns takes a table.", id="columns"),
    pytest.param({"columns": ["ClientId"]}, "m: columns takes a table.", id="a list of columns"),
    pytest.param(
        {"columns": {"ClientId": 5}}, "m: columns.ClientId.from takes a name or a list of names.", id="a number"
    ),
    pytest.param(
        {"columns": {"ClientId": [5]}}, "m: columns.ClientId.from takes a name or a list of names.", id="numbers"
    ),
    pytest.param(_column("values", "x"), "m: columns.ClientId.values takes a table.", id="values"),
    pytest.param(
        _column("values", {"a": 1.5}), "m: columns.ClientId.values.a takes a text or a whole number.", id="a fraction"
    ),
    pytest.param(
        _column("values", {"a": []}),
        "m: columns.ClientId.values.a takes a text or a whole number.",
        id="a list as value",
    ),
    pytest.param(_column("optional", "yes"), "m: columns.ClientId.optional takes true or false.", id="optional"),
    pytest.param(
        {"columns": {"Price": {"value": 1.5}}},
        "m: columns.Price.value takes a text or a whole number.",
        id="a float price",
    ),
    pytest.param(
        {"columns": {"DateTime": {"from": "x", "format": 5}}}, "m: columns.DateTime.format takes a text.", id="format"
    ),
    pytest.param(
        {"columns": {"TalkDuration": {"from": "x", "unit": 60}}},
        "m: columns.TalkDuration.unit takes a text.",
        id="unit",
    ),
    pytest.param({"file": "x"}, "m: file takes a table.", id="file"),
    pytest.param({"filter": []}, "m: filter takes a table.", id="filter"),
    pytest.param({"filter": {"keep": "in"}}, "m: filter.keep takes a table.", id="keep"),
    pytest.param(
        {"filter": {"keep": {"d": []}}}, "m: filter.keep.d takes a text or a list of texts.", id="keep nothing"
    ),
    pytest.param(
        {"filter": {"keep": {"d": [[]]}}}, "m: filter.keep.d takes a text or a list of texts.", id="keep lists"
    ),
    pytest.param({"notes": "x"}, "m: notes takes a list of texts.", id="notes"),
    pytest.param({"needs": [5]}, "m: needs takes a list of texts.", id="needs"),
    pytest.param({"kind": ["CSV"]}, "m: kind takes a text.", id="kind"),
    pytest.param({"dedupe": 5}, "m: dedupe.by takes a name or a list of names.", id="dedupe"),
    pytest.param({"dedupe": {"by": [5]}}, "m: dedupe.by takes a name or a list of names.", id="dedupe by numbers"),
    pytest.param(
        {"columns": {"FirstTimeCaller": {"derive": 5}}}, "m: columns.FirstTimeCaller.derive takes a text.", id="derive"
    ),
    pytest.param({"time_zone": 3}, "m: time_zone takes a text.", id="time zone"),
    pytest.param({"region": ["RU"]}, "m: region takes a text.", id="region"),
]

NEEDS = "needs either from (a source column) or value (a constant alone)."
NEEDS_FIRST = NEEDS.replace("alone).", 'alone), or derive = "history" alone.')
KEYS = [
    pytest.param(
        {"colums": {}},
        "m has no 'colums'. There are these keys: columns, name, description, kind, needs, time_zone, region, currency, file, filter, dedupe, notes. Did you mean 'columns'?",
        id="a table",
    ),
    pytest.param(
        {"columns": {"Clientid": "x"}},
        f"m: columns has no 'Clientid'. There are these contract columns: {', '.join(COLUMNS)}. Did you mean 'ClientId'?",
        id="a contract column",
    ),
    pytest.param(
        _column("form", "x"),
        "m: columns.ClientId has no 'form'. There are these keys: from, value, values, optional. Did you mean 'from'?",
        id="a key",
    ),
    pytest.param(
        _column("unit", "x"),
        "m: columns.ClientId has no 'unit'. There are these keys: from, value, values, optional.",
        id="a unit of an id",
    ),
    pytest.param(
        {"file": {"seperator": ";"}},
        f"m: file has no 'seperator'. There are these keys: {', '.join(FileOptions.names())}. Did you mean 'separator'?",
        id="a file option",
    ),
    pytest.param({"filter": {"drop": {}}}, "m: filter has no 'drop'. There are these keys: keep.", id="a filter"),
    pytest.param({"needs": ["x"]}, "m: needs has no 'x'. There are these needs: time zone, region, ", id="needs"),
    pytest.param({"dedupe": {"on": "x"}}, "m: dedupe has no 'on'. There are these keys: by.", id="dedupe"),
    pytest.param(
        _column("derive", "history"),
        "m: columns.ClientId has no 'derive'. There are these keys: from, value, values, optional.",
        id="an id that is derived",
    ),
    pytest.param(
        {"columns": {"FirstTimeCaller": {"derive": "guess"}}},
        "m: columns.FirstTimeCaller.derive has no 'guess'. There are these words: history.",
        id="derived from something else",
    ),
    *(
        pytest.param(
            {"columns": {"FirstTimeCaller": {"derive": "history", **more}}},
            f"m: columns.FirstTimeCaller {NEEDS_FIRST}",
            id=f"derived, and {list(more)}",
        )
        for more in ({"from": "x"}, {"value": 1}, {"values": {"x": 1}}, {"optional": True})
    ),
    pytest.param({"columns": {"ClientId": {}}}, f"m: columns.ClientId {NEEDS}", id="neither"),
    pytest.param({"columns": {"ClientId": []}}, f"m: columns.ClientId {NEEDS}", id="no name"),
    pytest.param({"columns": {"ClientId": ""}}, f"m: columns.ClientId {NEEDS}", id="an empty name"),
    pytest.param(_column("value", "x"), f"m: columns.ClientId {NEEDS}", id="both"),
    pytest.param(
        {"columns": {"TalkDuration": {"value": 5, "minus": "x"}}},
        f"m: columns.TalkDuration {NEEDS}",
        id="a constant less a column",
    ),
    pytest.param(
        {"columns": {"CallMissed": {"from": "x", "values": {"Да": 1, " да": 0}}}},
        "m: columns.CallMissed.values gives ' да' two meanings; case does not count. Leave one.",
        id="two meanings",
    ),
]


@pytest.mark.parametrize(("table", "sentence"), TYPES + KEYS)
def test_a_mapping_that_means_nothing_is_refused(table, sentence):
    with pytest.raises(MappingError) as caught:
        Mapping.from_dict({"name": "m", **table})

    assert str(caught.value).startswith(f"mapping: {sentence}")


def test_two_spellings_may_say_one_thing():
    mapping = Mapping(columns={"CallMissed": {"from": "x", "values": {"Да": 1, "да": True}}})

    assert mapping.columns["CallMissed"].values == {"да": "1"}


VALUES = [
    pytest.param(
        {"columns": {"CallMissed": {"from": "x", "values": {key: 1}}}},
        f'm: columns.CallMissed.values has {key.strip(texts.SPACE).lower()!r}, but such a cell counts as blank. Write "" for a blank cell.',
        id=f"a blank word: {key!r}",
    )
    for key in ("-", "NULL", "Нет данных", " (not set) ")
]
VALUES += [
    pytest.param(
        {"filter": {"keep": {"d": ["in", "-"]}}},
        "m: filter.keep.d has '-', but such a cell counts as blank. Write \"\" for a blank cell.",
        id="a blank word of a filter",
    ),
    *(
        pytest.param(
            {"columns": {column: {"from": "s", "values": {"x": 5}}}},
            f"m: columns.{column}.values.x takes 1 or 0.",
            id=f"no flag for {column}",
        )
        for column in ("StaticCall", "CallMissed", "FirstTimeCaller")
    ),
    pytest.param(
        {"time_zone": "Europe/Mosco"},
        "m: time_zone: 'Europe/Mosco' is not a time zone. Did you mean 'Europe/Moscow'? Example: Europe/Moscow.",
        id="no time zone",
    ),
    pytest.param({"time_zone": ""}, "m: time_zone: '' is not a time zone. Example: Europe/Moscow.", id="empty zone"),
    pytest.param({"region": "RUS"}, "m: region: 'RUS' is not a region.", id="region"),
    pytest.param(
        {"currency": "RUR"},
        "m: currency: 'RUR' is not an ISO 4217 currency. Did you mean ",
        id="no currency",
    ),
    pytest.param(
        {"columns": {"TalkDuration": {"from": "x", "unit": "minuts"}}},
        "m: columns.TalkDuration.unit: 'minuts' is not a unit of time. Did you mean 'minutes'? Example: minutes.",
        id="no unit",
    ),
    pytest.param({"file": {"columns": "abc"}}, "m: file: 'abc' is not a list of column names.", id="file options"),
    pytest.param(
        {"file": {"columns": ["a"]}},
        "m: file: columns counts only with header=False (header = false under [file] in a mapping file). Say both, or leave columns out.",
        id="names where a header is",
    ),
]


@pytest.mark.parametrize(("table", "sentence"), VALUES)
def test_a_value_that_means_nothing_is_refused_when_the_mapping_is_made(table, sentence):
    for make in (Mapping.from_dict, lambda given: Mapping(**{"columns": {}, **given})):
        with pytest.raises(MappingError) as caught:
            make({"name": "m", **table})

        assert str(caught.value).startswith(f"mapping: {sentence}")


@pytest.mark.parametrize("written", ["%d/%m", "day frist", "%d/%m/%Y"])
def test_a_format_that_means_nothing_is_refused_when_the_mapping_is_made(written):
    with pytest.raises(MappingError, match=f"^mapping: m: columns.DateTime.format: '{written}' is not a format"):
        Mapping({"DateTime": {"from": "x", "format": written}}, name="m")


def test_a_source_made_in_code_is_checked_too():
    with pytest.raises(MappingError, match=r"values has 'null'"):
        Mapping({"Tag": Source(from_="x", values={"null": "y"})})


def test_a_filter_and_file_options_may_be_tables_in_code():
    mapping = Mapping({}, filter={"keep": {"way": "IN"}}, file={"separator": ";"})

    assert (mapping.filter, mapping.file) == (Filter({"way": ["in"]}), FileOptions(separator=";"))
    with pytest.raises(MappingError, match="filter has no 'way'"):
        Mapping({}, filter={"way": "in"})
    with pytest.raises(MappingError, match=r"filter\.keep\.way takes a text or a list of texts"):
        Mapping({}, filter=Filter({"way": []}))


def test_a_file_that_is_not_there_or_not_toml(tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text("name = ", encoding="utf-8")
    foreign = tmp_path / "cp1251.toml"
    foreign.write_bytes('name = "мой"'.encode("cp1251"))

    with pytest.raises(
        MappingError,
        match=r"^mapping: caltouch is neither a file nor a ready mapping\. Ready ones: 3cx, amocrm, .*, zadarma\. Did you mean 'calltouch'\?$",
    ):
        Mapping.load("caltouch")
    deep = tmp_path / "deep.toml"
    deep.write_text("a = " + "[" * 9999, encoding="utf-8")
    for path in (broken, foreign, deep):
        with pytest.raises(MappingError, match=f"^mapping: {re.escape(str(path))} is not TOML: "):
            Mapping.load(path)
    for nothing in (tmp_path, "x" * 3000):
        with pytest.raises(MappingError, match="is neither a file"):
            Mapping.load(nothing)


SMALL = {"ClientId": "id", "DateTime": "when"}


@pytest.mark.parametrize(
    ("columns", "options", "there", "sentence"),
    [
        pytest.param(
            SMALL,
            {},
            ["id", "whem"],
            "m: DateTime is to come from 'when', but the export has id, whem. Did you mean 'whem'?",
            id="absent",
        ),
        pytest.param(
            {**SMALL, "PhoneNumber": ["a", "b"]},
            {},
            ["id", "when"],
            "m: PhoneNumber is to come from 'a' or 'b', but the export has id, when.",
            id="both absent",
        ),
        pytest.param(
            {**SMALL, "HoldDuration": {"from": "id", "minus": "start"}},
            {},
            ["id", "when"],
            "m: HoldDuration is to come from 'start', but the export has id, when.",
            id="minus absent",
        ),
        pytest.param(
            SMALL,
            {"filter": Filter({"way": "in"})},
            ["id", "when"],
            "m: filter is to come from 'way', but the export has id, when.",
            id="filter absent",
        ),
        pytest.param(
            {"ClientId": "id"},
            {},
            ["id"],
            'm says no column for DateTime, the time of the call. The export has id. If that is a title, say where the names stand, for example: --header 2. Name it in a mapping file: [columns] DateTime = "…".',
            id="no time",
        ),
        pytest.param(
            {"DateTime": "when"},
            {"notes": ("'ymclid' is left out: a click.", "not used: x.")},
            ["when"],
            "m says no column for any of UserId, ClientId, Yclid, and Metrica links a call by one of them. The export has when. If that is a title, say where the names stand, for example: --header 2. 'ymclid' is left out: a click. Name it in a mapping file, for example: [columns] ClientId = \"…\".",
            id="no id",
        ),
        pytest.param(
            {**SMALL, "FirstTimeCaller": {"derive": "history"}},
            {},
            ["id", "when"],
            'm derives FirstTimeCaller from who called before, but says no column for PhoneNumber. Name it: [columns] PhoneNumber = "…".',
            id="nobody to derive a first call from",
        ),
        pytest.param(
            {"DateTime": "when", "ClientId": {"from": "id", "optional": True}},
            {},
            ["when"],
            'm says no column for any of UserId, ClientId, Yclid, and Metrica links a call by one of them. The export has when. If that is a title, say where the names stand, for example: --header 2. Name it in a mapping file, for example: [columns] ClientId = "…".',
            id="the only id is optional",
        ),
    ],
)
def test_an_export_that_lacks_a_column_is_told(columns, options, there, sentence):
    with pytest.raises(MappingError) as caught:
        Mapping(columns, name="m", **options).bind(there)

    assert str(caught.value) == f"mapping: {sentence}"


@pytest.mark.parametrize(
    "first_line",
    [
        pytest.param(["79123456789", "x"], id="a phone"),
        pytest.param(["8 (495) 123-45-67", "x"], id="a phone with punctuation"),
        pytest.param(["3.4.2026 9:05", "x"], id="a date"),
        pytest.param(["2026-04-03", "x"], id="an ISO date"),
        pytest.param(["1795259101", "x"], id="Unix seconds"),
    ],
)
@pytest.mark.parametrize(
    "columns",
    [
        pytest.param({}, id="no time"),
        pytest.param({"DateTime": "x"}, id="no id"),
        pytest.param({"DateTime": "when"}, id="absent"),
    ],
)
def test_a_call_in_place_of_the_names_is_told_and_not_shown(first_line, columns):
    with pytest.raises(MappingError) as caught:
        Mapping(columns, name="m").bind(first_line)

    assert str(caught.value).endswith(
        "The first line looks like a call, not like column names; say header = false and columns = [...] under [file] in a mapping file."
    )
    assert first_line[0] not in str(caught.value)
    assert not any(first_line[0] in note for note in Mapping.suggest(first_line).notes)


@pytest.mark.parametrize("name", ["utm 2026", "телефон 2", "Q1-2026", "id_123456"])
def test_names_with_some_digits_are_names(name):
    with pytest.raises(MappingError, match=re.escape(f"The export has {name}, x.")):
        Mapping({}, name="m").bind([name, "x"])


def test_binding_takes_the_exports_spelling():
    mapping = Mapping(
        columns={
            "ClientId": ["ID", "old"],
            "DateTime": {"from": "when", "time": "at"},
            "Tag": {"from": "tag", "optional": True},
        },
        filter=Filter({"way": ["in"]}),
    )
    bound = mapping.bind(["id ", "When", "AT", "WAY"])

    assert bound.columns == {"ClientId": Source(from_="id "), "DateTime": Source(from_="When", time="AT")}
    assert bound.filter == Filter({"WAY": ["in"]})


def test_two_near_spellings_are_not_chosen_between():
    with pytest.raises(MappingError, match="is to come from 'id'"):
        Mapping(SMALL).bind(["ID", "Id", "when"])


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
CELLS = NAMES.map(lambda cell: cell.strip(texts.SPACE).lower()).filter(lambda cell: cell not in ("", *texts.BLANKS))
CELLS |= st.just("")
FLAGS = st.dictionaries(CELLS, st.sampled_from(["0", "1"]), max_size=3)
WORDS = st.dictionaries(CELLS, st.sampled_from(["0", "1", "in", "нет", "007"]), max_size=3)
FORMATS = st.none() | st.sampled_from([*timestamps.FORMATS, "%d/%m/%Y %H:%M"])
UNITS = st.none() | st.sampled_from(durations.UNITS)


@st.composite
def sources(draw, column):
    """An entry that may stand under a contract column."""
    words = draw(FLAGS if column in ("StaticCall", "CallMissed", "FirstTimeCaller") else WORDS)
    if draw(st.booleans()):
        return Source(value=draw(NAMES), values=words)
    if column == "FirstTimeCaller" and draw(st.booleans()):
        return Source(derive="history")
    told = {"optional": draw(st.booleans()), "values": words}
    if column == "DateTime":
        told |= {"format": draw(FORMATS), "time": draw(st.none() | NAMES)}
    if column.endswith("Duration"):
        told |= {"unit": draw(UNITS), "minus": draw(st.none() | NAMES)}
    return Source(from_=draw(st.lists(NAMES, min_size=1, max_size=3)), **told)


@st.composite
def mappings(draw):
    """Any mapping."""
    columns = {column: draw(sources(column)) for column in draw(st.lists(st.sampled_from(COLUMNS), unique=True))}
    header = draw(st.sampled_from([True, False, 1, 3]))
    file = FileOptions(
        separator=draw(st.none() | st.sampled_from(";,\t\\'")),
        encoding=draw(st.sampled_from(["utf-8", "cp1251"])),
        header=header,
        columns=draw(st.lists(NAMES, max_size=2)) if header is False else (),
    )
    defaults = {
        "time_zone": draw(st.none() | st.sampled_from(["Europe/Moscow", "UTC"])),
        "region": draw(st.none() | st.sampled_from(["RU", "BY"])),
        "currency": draw(st.none() | st.sampled_from(["RUB", "BYN"])),
    }
    keep = draw(st.dictionaries(NAMES, st.lists(CELLS, min_size=1, max_size=2), max_size=2))
    notes = tuple(draw(st.lists(NAMES, max_size=2)))
    return Mapping(
        columns,
        name=draw(NAMES),
        description=draw(st.sampled_from(["", "suggested"]) | NAMES),
        kind=draw(st.just("") | NAMES),
        needs=draw(st.lists(st.sampled_from(list(WANTS)), max_size=2)),
        dedupe=Dedupe(draw(st.lists(NAMES, max_size=2))),
        file=file,
        filter=Filter(keep),
        notes=notes,
        **defaults,
    )


@given(mappings())
def test_a_mapping_is_what_its_file_says(mapping):
    again = Mapping.from_dict(tomllib.loads(mapping.to_toml()))

    assert again == mapping
    assert again.to_toml() == mapping.to_toml()


@pytest.mark.parametrize("name", READY)
def test_a_ready_mapping_is_what_its_file_says(name):
    assert Mapping.from_dict(tomllib.loads(Mapping.load(name).to_toml())) == Mapping.load(name)


@given(st.text(max_size=12))
def test_folding_is_for_good(name):
    assert folded(folded(name)) == folded(name)
    assert folded(name.upper().lower()) == folded(name.lower())
