"""A mapping says what it means, in a file and in code; a suggestion rests on whole names and never on a trap."""

import re
import tomllib
from importlib import resources

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callframe.contract import COLUMNS, IDS
from callframe.errors import MappingError
from callframe.mapping import Filter, Mapping, Source, folded
from callframe.normalize import durations, texts, timestamps
from callframe.read import SOURCE_ROW, FileOptions

HEADERS = tomllib.loads((resources.files("callframe") / "mappings" / "headers.toml").read_text(encoding="utf-8"))
INBOUND = tuple(sorted(HEADERS["direction"]["inbound"]))
KEPT = "rows are kept where 'Тип' says the call came in."
DAY = "03.04.2026"


def suggested(headers, **cells):
    """Contract column -> source column, as suggested; `cells` are the values of a column, else `x`."""
    frame = pl.DataFrame({name: cells.get(name, ["x"]) for name in headers})
    return {column: source.from_[0] for column, source in Mapping.suggest(frame).columns.items()}


CALLTOUCH = [
    "callId",
    "callphase",
    "date",
    "timestamp",
    "callerNumber",
    "phoneNumber",
    "redirectNumber",
    "duration",
    "waitingConnect",
    "successful",
    "uniqueCall",
    "targetCall",
    "city",
    "source",
    "medium",
    "url",
    "callUrl",
    "ref",
    "sessionId",
    "ctCallerId",
    "ctClientId",
    "clientId",
    "yaClientId",
    "siteId",
    "callTags",
]
COMAGIC = [
    "id",
    "communication_id",
    "start_time",
    "finish_time",
    "direction",
    "contact_phone_number",
    "virtual_phone_number",
    "wait_duration",
    "total_wait_duration",
    "talk_duration",
    "clean_talk_duration",
    "total_duration",
    "is_lost",
    "finish_reason",
    "ym_client_id",
    "yclid",
    "ymclid",
    "gclid",
    "ua_client_id",
    "communication_number",
    "visitor_type",
    "communication_page_url",
    "entrance_page",
    "sale_date",
    "sale_cost",
    "tags",
    "full_record_file_link",
]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param(
            CALLTOUCH,
            {
                "ClientId": "yaClientId",
                "DateTime": "timestamp",
                "PhoneNumber": "callerNumber",
                "TalkDuration": "duration",
                "HoldDuration": "waitingConnect",
                "CallMissed": "successful",
                "Tag": "callTags",
                "FirstTimeCaller": "uniqueCall",
                "URL": "callUrl",
            },
            id="Calltouch",
        ),
        pytest.param(
            COMAGIC,
            {
                "ClientId": "ym_client_id",
                "Yclid": "yclid",
                "DateTime": "start_time",
                "Price": "sale_cost",
                "PhoneNumber": "contact_phone_number",
                "TalkDuration": "clean_talk_duration",
                "HoldDuration": "wait_duration",
                "CallMissed": "is_lost",
                "Tag": "tags",
                "URL": "communication_page_url",
                "CallTrackerURL": "full_record_file_link",
            },
            id="CoMagic",
        ),
        pytest.param(
            [*COLUMNS, "phoneNumber", "clientId"], {column: column for column in COLUMNS}, id="Metrica's own names"
        ),
        pytest.param(
            [
                "Дата и время звонка",
                "Номер звонящего",
                "Подменный номер",
                "Длительность разговора",
                "Время ожидания",
                "Пропущенный",
                "ClientID Яндекс.Метрики",
                "Страница входа",
                "Стоимость звонка",
                "Теги",
                "Первичный звонок",
            ],
            {
                "ClientId": "ClientID Яндекс.Метрики",
                "DateTime": "Дата и время звонка",
                "PhoneNumber": "Номер звонящего",
                "TalkDuration": "Длительность разговора",
                "HoldDuration": "Время ожидания",
                "CallMissed": "Пропущенный",
                "Tag": "Теги",
                "FirstTimeCaller": "Первичный звонок",
                "URL": "Страница входа",
            },
            id="Russian",
        ),
        pytest.param(
            ["ДАТА_и-время", "кто звонил", "yclid "],
            {"Yclid": "yclid ", "DateTime": "ДАТА_и-время", "PhoneNumber": "кто звонил"},
            id="spelled another way",
        ),
        pytest.param(["Откуда", "Куда", "Номер договора", "phone_number_count"], {}, id="parts of names do not count"),
        pytest.param(["phoneNumber"], {}, id="a trap"),
        pytest.param(["phone_number"], {"PhoneNumber": "phone_number"}, id="spelled as in the list, it is none"),
        pytest.param([], {}, id="nothing"),
    ],
)
def test_headers_tell_the_mapping(headers, expected):
    assert suggested(headers) == expected


LISTED = {name for names in HEADERS["names"].values() for name in names}


@pytest.mark.parametrize("trap", sorted(HEADERS["traps"]))
@pytest.mark.parametrize("spelled", [str, str.upper, str.lower, lambda name: name.replace("_", " ")])
def test_a_trap_is_left_out_and_said(trap, spelled):
    name = spelled(trap)
    if name in LISTED:
        pytest.skip("spelled as in the list, it is none")
    mapping = Mapping.suggest([name, "Дата"])

    assert set(mapping.columns) == {"DateTime"}
    assert any(note.startswith(f"{name!r} is left out: ") for note in mapping.notes)


ALL_NAMES = sorted(
    {name for group in ("names", "opposite", "digits") for names in HEADERS[group].values() for name in names}
    | set(HEADERS["traps"])
    | set(HEADERS["direction"]["names"])
    | set(HEADERS["time"]["names"])
)
CELL = st.sampled_from([None, "17000000001234567", DAY, f"{DAY} 10:00", "in", "out", "да", "x"])


@st.composite
def exports(draw):
    """Columns whose names a suggestion knows, in some spelling, with cells of a few kinds."""
    names = draw(st.lists(st.sampled_from(ALL_NAMES), max_size=8, unique=True))
    spelled = [draw(st.sampled_from([name, name.upper(), f"{name} "])) for name in names]
    cells = {name: draw(st.lists(CELL, min_size=2, max_size=2)) for name in dict.fromkeys(spelled)}
    return pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String))


@given(exports(), st.randoms(use_true_random=False))
def test_a_suggestion_does_not_depend_on_the_order_of_columns(export, random):
    shuffled = list(export.columns)
    random.shuffle(shuffled)
    one, other = Mapping.suggest(export), Mapping.suggest(export.select(shuffled))

    assert (one.columns, one.filter) == (other.columns, other.filter)


@given(exports())
def test_a_suggestion_uses_whole_names_and_no_traps(export):
    mapping = Mapping.suggest(export)
    traps = {folded(name) for name in HEADERS["traps"]}

    for column, source in mapping.columns.items():
        known = [
            *HEADERS["names"][column],
            *HEADERS["opposite"].get(column, ()),
            *HEADERS["digits"].get(column, ()),
            column,
        ]
        for name in source.from_:
            assert folded(name) in {folded(each) for each in known}
            assert folded(name) not in traps or name in LISTED | set(COLUMNS)
    assert set(mapping.columns) <= set(COLUMNS)


@given(exports())
def test_a_suggestion_can_be_saved_and_bound(export):
    mapping = Mapping.suggest(export)

    again = Mapping.from_dict(tomllib.loads(mapping.to_toml()))
    assert (again.columns, again.filter) == (mapping.columns, mapping.filter)
    if "DateTime" in mapping.columns and any(name in mapping.columns for name in IDS):
        assert mapping.bind(export.columns).columns == mapping.columns


def test_no_name_feeds_two_columns():
    homes = {}
    for column, names in HEADERS["names"].items():
        for name in names:
            assert homes.setdefault(folded(name), column) == column, name


def test_names_that_differ_in_spelling_alone_are_taken_in_one_order():
    for headers in (["Ym Client Id", "YM_CLIENT_ID"], ["YM_CLIENT_ID", "Ym Client Id"]):
        assert suggested(headers) == {"ClientId": "YM_CLIENT_ID"}
    for headers in (["YM_CLIENT_ID", "ym_client_id"], ["ym_client_id", "YM_CLIENT_ID"]):
        assert suggested(headers) == {"ClientId": "ym_client_id"}


@pytest.mark.parametrize(
    ("cells", "taken"),
    [
        pytest.param(["17000000001234567", None], True, id="digits, as Metrica's"),
        pytest.param(["123456789.1700000000"], False, id="Google's"),
        pytest.param(["17000000001234567", "x"], False, id="not all"),
        pytest.param([None], False, id="none"),
        pytest.param(["79123456789", "84951234567", "9123456789"], False, id="phones"),
        pytest.param(["79123456789", "17000000001234567"], True, id="one that might be a phone"),
        pytest.param(["1234567890"], True, id="ten digits of no phone"),
    ],
)
def test_a_client_id_is_metricas_only_if_its_values_are(cells, taken):
    mapping = Mapping.suggest(pl.DataFrame({"Client ID": cells}, schema={"Client ID": pl.String}))

    assert ("ClientId" in mapping.columns) is taken
    assert any("its values are digits" in note for note in mapping.notes) is taken


@pytest.mark.parametrize("name", HEADERS["digits"]["ClientId"])
def test_phones_under_the_name_of_an_id_are_said(name):
    mapping = Mapping.suggest(pl.DataFrame({name: ["79123456789", " 8495000000 "], "Дата": [DAY, DAY]}))
    note = f"{name!r} is left out: its values look like phone numbers, not like Metrica's ids."

    assert note in mapping.notes
    with pytest.raises(MappingError, match=re.escape(note)):
        mapping.bind([name, "Дата"])


@pytest.mark.parametrize(
    ("dates", "time"),
    [
        pytest.param([DAY, None], "Время", id="dates alone"),
        pytest.param([f"{DAY} 10:00"], None, id="dates with times"),
        pytest.param([None], None, id="no dates"),
    ],
)
def test_the_time_of_day_may_stand_beside_the_date(dates, time):
    frame = pl.DataFrame(
        {"Дата": dates, "Время": ["x"] * len(dates)}, schema=dict.fromkeys(("Дата", "Время"), pl.String)
    )

    assert Mapping.suggest(frame).columns["DateTime"] == Source(from_="Дата", time=time)


@pytest.mark.parametrize(
    ("words", "keep"),
    [
        pytest.param(["Входящий", "исходящий", None], {"Тип": INBOUND}, id="both"),
        pytest.param(["IN", "callback"], {"Тип": INBOUND}, id="English"),
        pytest.param(["входящий", "странный"], {"Тип": INBOUND}, id="an unknown word"),
        pytest.param(["исходящий"], {}, id="outgoing alone"),
        pytest.param(["исходящий", "странный"], {}, id="outgoing and an unknown word"),
        pytest.param(["странный"], {}, id="unknown words alone"),
        pytest.param([None], {}, id="nothing"),
    ],
)
def test_rows_are_filtered_where_a_word_for_an_inbound_call_is_seen(words, keep):
    frame = pl.DataFrame({"Тип": words}, schema={"Тип": pl.String})

    assert Mapping.suggest(frame).filter == Filter(keep)


@pytest.mark.parametrize(
    ("words", "notes"),
    [
        pytest.param(["in", "out"], [KEPT], id="known words"),
        pytest.param(
            ["in", "Б 8 (495) 123-45-67", "а", "out"],
            [KEPT, "'Тип' has words that are no known direction: «а», «б •••»; their rows are skipped."],
            id="unknown words",
        ),
        pytest.param(
            ["in", *"abcdefg"],
            [
                KEPT,
                "'Тип' has words that are no known direction: «a», «b», «c», «d», «e» and 2 more; their rows are skipped.",
            ],
            id="many unknown words",
        ),
        pytest.param(
            ["out", "а"],
            ["'Тип' says of no call that it came in: rows are not filtered by it.", "not used: Тип."],
            id="no inbound word",
        ),
        pytest.param(["а"], ["not used: Тип."], id="no direction at all"),
    ],
)
def test_a_filter_says_what_it_skips(words, notes):
    assert list(Mapping.suggest(pl.DataFrame({"Тип": words})).notes) == notes


def test_the_next_column_of_directions_counts_where_the_first_has_no_inbound_word():
    frame = pl.DataFrame({"direction": ["out"], "Тип": ["in"]})

    assert Mapping.suggest(frame).filter == Filter({"Тип": INBOUND})


def test_true_may_mean_that_the_call_was_answered():
    values = Mapping.suggest(["Отвечен"]).columns["CallMissed"].values

    assert (values["да"], values["true"], values["нет"], values["0"]) == ("0", "0", "1", "1")


def test_a_suggestion_says_what_it_leaves_open():
    notes = "\n".join(Mapping.suggest(["yclid", "ymclid", "Телефон", "АОН", "Город"]).notes)

    assert "PhoneNumber <- 'АОН'; 'Телефон' would fit too." in notes
    assert "'ymclid' is left out: a Yandex Market click, not a Yclid." in notes
    assert "not used: Телефон, Город." in notes


READY = ["calltouch", "comagic", "metrica"]


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
            {"ClientId": "yaClientId", "DateTime": "date", "PhoneNumber": "callerNumber"},
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
    pytest.param({"time_zone": 3}, "m: time_zone takes a text.", id="time zone"),
    pytest.param({"region": ["RU"]}, "m: region takes a text.", id="region"),
]

NEEDS = "needs either from (a source column) or value (a constant alone)."
KEYS = [
    pytest.param(
        {"colums": {}},
        "m has no 'colums'. There are these keys: columns, name, description, time_zone, region, currency, file, filter. Did you mean 'columns'?",
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
        "m: file has no 'seperator'. There are these keys: separator, encoding, header, columns. Did you mean 'separator'?",
        id="a file option",
    ),
    pytest.param({"filter": {"drop": {}}}, "m: filter has no 'drop'. There are these keys: keep.", id="a filter"),
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

    assert str(caught.value) == f"mapping: {sentence}"


def test_two_spellings_may_say_one_thing():
    mapping = Mapping(columns={"CallMissed": {"from": "x", "values": {"Да": 1, "да": True}}})

    assert mapping.columns["CallMissed"].values == {"да": "1"}


VALUES = [
    pytest.param(
        {"columns": {"CallMissed": {"from": "x", "values": {key: 1}}}},
        f"m: columns.CallMissed.values has {key.strip(texts.SPACE).lower()!r}, but such a cell counts as empty and is not looked up. Leave it out.",
        id=f"an empty word: {key!r}",
    )
    for key in ("", " ", "\u200b", "-", "NULL", "Нет данных", " (not set) ")
]
VALUES += [
    pytest.param(
        {"filter": {"keep": {"d": ["in", "-"]}}},
        "m: filter.keep.d has '-', but such a cell counts as empty and is not looked up. Leave it out.",
        id="an empty word of a filter",
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
        match=r"^mapping: caltouch is neither a file nor a ready mapping\. Ready ones: calltouch, comagic, metrica\. Did you mean 'calltouch'\?$",
    ):
        Mapping.load("caltouch")
    for path in (broken, foreign):
        with pytest.raises(MappingError, match=f"^mapping: {re.escape(str(path))} is not TOML: "):
            Mapping.load(path)
    with pytest.raises(MappingError, match="is neither a file"):
        Mapping.load(tmp_path)


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
        description=draw(st.just("") | NAMES),
        file=file,
        filter=Filter(keep),
        notes=notes,
        **defaults,
    )


@given(mappings())
def test_a_mapping_is_what_its_file_says(mapping):
    again = Mapping.from_dict(tomllib.loads(mapping.to_toml()))

    assert again == Mapping(**{**vars(mapping), "notes": ()})
    assert again.to_toml() == Mapping(**{**vars(mapping), "notes": ()}).to_toml()


@pytest.mark.parametrize("name", READY)
def test_a_ready_mapping_is_what_its_file_says(name):
    assert Mapping.from_dict(tomllib.loads(Mapping.load(name).to_toml())) == Mapping.load(name)


@given(st.text(max_size=12))
def test_folding_is_for_good(name):
    assert folded(folded(name)) == folded(name)
    assert folded(name.upper().lower()) == folded(name.lower())
