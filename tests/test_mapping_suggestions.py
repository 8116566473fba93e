"""A suggestion weighs names against values, says why, leaves open what it can't tell, and never invents."""

import random
import re
import tomllib
from importlib import resources

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callframe.contract import COLUMNS, IDS
from callframe.demo import messy_export
from callframe.errors import MappingError, Unmapped
from callframe.mapping import Filter, Mapping, Source, folded
from callframe.read import read

HEADERS = tomllib.loads((resources.files("callframe") / "mappings" / "headers.toml").read_text(encoding="utf-8"))
INBOUND = tuple(sorted(HEADERS["direction"]["inbound"]))
KEPT = "rows are kept where 'Тип' says the call came in."
DAY = "03.04.2026"
ID = "1700000000123456789"
GOOGLE = "123456789.1700000000"
GROUPS = ("names", "digits", "opposite", "general", "perhaps")
LISTED = {
    (group, column, name)
    for group in GROUPS
    for column, ranks in HEADERS[group].items()
    for rank in ranks
    for name in rank
}
FITTING = {
    **dict.fromkeys(IDS, ID),
    "DateTime": f"{DAY} 10:05",
    "StaticCall": "да",
    "Price": "1 234,50",
    "Currency": "RUB",
    "PhoneNumber": "+7 912 345-67-89",
    "TalkDuration": "65",
    "HoldDuration": "7",
    "CallMissed": "да",
    "Tag": "окна",
    "FirstTimeCaller": "1",
    "URL": "https://shop.example/",
    "CallTrackerURL": "https://records.example/1.mp3",
}
"""A value that each contract column takes."""


def table(**cells):
    """A frame of text; a column given as one value has it in every row."""
    rows = max((len(values) for values in cells.values() if isinstance(values, list)), default=1)
    full = {name: values if isinstance(values, list) else [values] * rows for name, values in cells.items()}
    return pl.DataFrame(full, schema=dict.fromkeys(full, pl.String))


def chosen(frame):
    """Contract column -> source columns."""
    return {column: source.from_ for column, source in Mapping.suggest(frame).columns.items()}


def choice(frame, column):
    found = [choice for choice in Mapping.suggest(frame).suggestion.choices if choice.column == column]
    return found[0] if found else None


CALLTOUCH = {
    "callId": "1", "date": "20/04/2026 9:05:01", "timestamp": "1776665101", "callerNumber": "79123456781",
    "phoneNumber": "74951234567", "redirectNumber": "74951234568", "duration": "65", "waitingConnect": "7",
    "successful": "true", "uniqueCall": "false", "url": "https://shop.example/", "callUrl": "https://shop.example/a",
    "sessionDate": "20/04/2026 8:55:10", "ctClientId": "200", "clientId": GOOGLE, "yaClientId": ID, "callTags": "окна",
}  # fmt: skip
COMAGIC = {
    "id": "1", "start_time": "2026-04-20 09:05:01", "finish_time": "2026-04-20 09:06:20", "direction": "in",
    "contact_phone_number": "79123456781", "virtual_phone_number": "74951234567", "wait_duration": "7",
    "total_wait_duration": "9", "talk_duration": "70", "clean_talk_duration": "65", "total_duration": "79",
    "is_lost": "false", "finish_reason": "subscriber_disconnects", "ym_client_id": ID, "yclid": "1234567890123456702",
    "ymclid": "9900000000000000001", "gclid": "x", "ua_client_id": GOOGLE, "visitor_type": "Новый",
    "communication_page_url": "https://shop.example/a", "entrance_page": "https://shop.example/", "sale_date": None,
    "sale_cost": "125000.5", "tags": "окна", "full_record_file_link": "https://records.example/1",
}  # fmt: skip
RUSSIAN = {
    "Дата и время звонка": f"{DAY} 10:05", "Дата визита": f"{DAY} 9:55", "Номер звонящего": "8 (912) 345-67-81",
    "Подменный номер": "8 (495) 123-45-67", "Длительность разговора": "0:01:05", "Время ожидания": "7", "Пропущенный": "нет",
    "ClientID Яндекс.Метрики": ID, "Страница входа": "https://shop.example/", "Стоимость звонка": "2,50", "Теги": "окна",
    "Первичный звонок": "да",
}  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "expected"),
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
            RUSSIAN,
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
            {**FITTING, "phoneNumber": "74951234567", "clientId": GOOGLE},
            {column: column for column in COLUMNS},
            id="Metrica's own names",
        ),
        pytest.param(
            {"ДАТА_и-время ЗВОНКА": f"{DAY} 10:05", "кто звонил": "79123456781", "yclid ": ID},
            {"Yclid": "yclid ", "DateTime": "ДАТА_и-время ЗВОНКА", "PhoneNumber": "кто звонил"},
            id="spelled another way",
        ),
        pytest.param(
            {"Откуда": "сайт", "Куда": "отдел", "Номер договора": "17", "phone_number_count": "2"},
            {},
            id="parts of names do not count",
        ),
        pytest.param({"phoneNumber": "79123456781"}, {}, id="a trap"),
        pytest.param({"phone_number": "79123456781"}, {"PhoneNumber": "phone_number"}, id="as in the list, it is none"),
        pytest.param({}, {}, id="nothing"),
    ],
)
def test_an_export_tells_its_mapping(cells, expected):
    assert chosen(table(**cells)) == {column: (name,) for column, name in expected.items()}


CASES = [
    pytest.param({"callerNumber": "79123456781"}, "PhoneNumber", "certain", "callerNumber", id="name and values"),
    pytest.param({"callerNumber": None}, "PhoneNumber", "likely", "callerNumber", id="a name without values"),
    pytest.param(
        {"callerNumber": ["79123456781", "79123456782", "x", "y"]},
        "PhoneNumber", "likely", "callerNumber", id="a name, half of the values",
    ),
    pytest.param({"callerNumber": ["79123456781", "x", "y"]}, "PhoneNumber", "open", "callerNumber", id="refuted"),
    pytest.param({"Телефон": "79123456781"}, "PhoneNumber", "likely", "Телефон", id="a general name"),
    pytest.param(
        {"Телефон": "79123456781", "Номер": "74951234567"}, "PhoneNumber", "open", "Телефон, Номер", id="two of them"
    ),
    pytest.param(
        {"Телефон": "79123456781", "phone": "79123456781"}, "PhoneNumber", "likely", "Телефон", id="two, all the same"
    ),
    pytest.param({"Телефон": "79123456781", "Номер": "17"}, "PhoneNumber", "likely", "Телефон", id="one is refuted"),
    pytest.param({"Телефон": "79123456781", "Номер": None}, "PhoneNumber", "likely", "Телефон", id="one is blank"),
    pytest.param(
        {"Телефон": ["79123456781"] * 9 + ["x"], "Номер": ["74951234567"] * 6 + ["x"] * 4},
        "PhoneNumber", "likely", "Телефон", id="one is borne out, the other hardly",
    ),
    pytest.param({"Телефон": None, "Номер": None}, "PhoneNumber", "open", "Телефон, Номер", id="both are blank"),
    pytest.param(
        {"Телефон": ["74951234567", "74951234568"] * 10}, "PhoneNumber", "open", "Телефон", id="few numbers, often"
    ),
    pytest.param(
        {"Телефон": [f"791234567{row:02d}" for row in range(20)]}, "PhoneNumber", "likely", "Телефон", id="many numbers"
    ),
    pytest.param({"column 1": "79123456781"}, "PhoneNumber", "open", "column 1", id="values without a name"),
    pytest.param(
        {"column 9": ["79123456781", "79123456782", "anonymous"], "column 10": ["79123456783"] * 3, "column 11": "x"},
        "PhoneNumber", "open", "column 10, column 9", id="values without names, the most first",
    ),
    pytest.param({"column 1": "17"}, "PhoneNumber", "open", "", id="nothing"),
    pytest.param({"Дата звонка": DAY, "Дата визита": DAY}, "DateTime", "certain", "Дата звонка", id="call and visit"),
    pytest.param({"Дата": DAY, "Дата создания": DAY}, "DateTime", "likely", "Дата", id="call and record"),
    pytest.param({"Дата создания": DAY}, "DateTime", "open", "Дата создания", id="the record alone"),
    pytest.param({"Дата": DAY, "date": "04.04.2026"}, "DateTime", "open", "Дата, date", id="two dates"),
    pytest.param({"Дата": "10:05", "x": f"{DAY} 10:05"}, "DateTime", "open", "Дата", id="a date that is none"),
    pytest.param({"column 2": "2026-04-03T10:05:00Z"}, "DateTime", "open", "column 2", id="a date without a name"),
    pytest.param({"billsec": "65", "duration": "72"}, "TalkDuration", "certain", "billsec", id="talk and whole"),
    pytest.param({"duration": "72"}, "TalkDuration", "likely", "duration", id="perhaps the whole"),
    pytest.param({"total_duration": "72"}, "TalkDuration", None, "", id="the whole"),
    pytest.param({"Сумма сделки": "100"}, "Price", "certain", "Сумма сделки", id="value of a deal"),
    pytest.param({"Сумма": "100"}, "Price", "open", "Сумма", id="some sum"),
    pytest.param({"price": "100"}, "Price", "open", "price", id="some price"),
    pytest.param({"Price": "100"}, "Price", "certain", "Price", id="Metrica's own price"),
    pytest.param({"Price": "-0.03"}, "Price", "likely", "Price", id="a negative one under Metrica's own name"),
    pytest.param({"deal_amount": "-0.03"}, "Price", "open", "deal_amount", id="a negative one"),
    pytest.param({"ClientId": "x"}, "ClientId", "likely", "ClientId", id="no id under Metrica's own name"),
    pytest.param({"ClientId": GOOGLE}, "ClientId", "open", "", id="Google's id under Metrica's own name"),
    pytest.param({"Стоимость звонка": "2,50"}, "Price", None, "", id="cost of a line"),
    pytest.param({"user_id": "17"}, "UserId", "open", "user_id", id="some user"),
    pytest.param({"status": ["Лид", "Спам"]}, "CallMissed", "open", "status", id="a status of another kind"),
    pytest.param({"status": ["answered", "no answer"]}, "CallMissed", "likely", "status", id="a status of calls"),
    pytest.param({"Отвечен": "да", "Статус": "no answer"}, "CallMissed", "certain", "Отвечен", id="contrary"),
    pytest.param({"ClientId": ID, "yaClientId": "17"}, "ClientId", "certain", "ClientId", id="exactly so"),
    pytest.param({"yclid": ID, "ymclid": ID}, "Yclid", "certain", "yclid", id="yclid and ymclid"),
    pytest.param({"ymclid": ID}, "Yclid", None, "", id="ymclid"),
    pytest.param({"yaClientId": GOOGLE}, "ClientId", "open", "", id="Google's under Metrica's name"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "column", "sure", "names"), CASES)
def test_how_sure_a_choice_is(cells, column, sure, names):
    found = choice(table(**cells), column)

    if sure is None:
        assert found is None or not (found.source or found.candidates)
        return
    assert found.sure == sure
    assert found.why
    listed = found.source.from_ if found.source else [candidate.name for candidate in found.candidates]
    assert ", ".join(listed) == names


@pytest.mark.parametrize(
    ("cells", "taken"),
    [
        pytest.param([ID, None], True, id="digits, as Metrica's"),
        pytest.param(["1.7E+18", ID], True, id="one that a spreadsheet has damaged"),
        pytest.param([GOOGLE], False, id="Google's"),
        pytest.param([f"GA1.{GOOGLE}"], False, id="a cookie of Google's"),
        pytest.param([ID, "x"], False, id="not all"),
        pytest.param([None], False, id="none"),
        pytest.param(["79123456789", "84951234567", "9123456789"], False, id="phones"),
        pytest.param(["79123456789", ID], False, id="one that may be a phone"),
        pytest.param(["1234567890"], False, id="ten digits"),
    ],
)
@pytest.mark.parametrize("name", HEADERS["digits"]["ClientId"][0])
def test_a_client_id_is_metricas_only_if_its_values_are(name, cells, taken):
    frame = pl.DataFrame({name: cells}, schema={name: pl.String})
    mapping = Mapping.suggest(frame)

    assert ("ClientId" in mapping.columns) is taken
    assert any("its values are digits" in note for note in mapping.notes) is taken


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        pytest.param(["79123456789", " 8495000000 "], "look like phone numbers, not like Metrica's ids", id="phones"),
        pytest.param([GOOGLE, None], "have a dot, as Google Analytics' client ids have", id="Google's"),
        pytest.param(["1234567890", "17"], "are too short for Metrica's ids, which have 15 digits or more", id="short"),
    ],
)
@pytest.mark.parametrize("name", HEADERS["digits"]["ClientId"][0])
def test_other_ids_under_the_name_of_an_id_are_said(name, cells, why):
    mapping = Mapping.suggest(pl.DataFrame({name: cells, "Дата": [f"{DAY} 10:05"] * 2}))
    note = f"{name!r} is left out: its values {why}."

    assert note in mapping.notes
    with pytest.raises(MappingError, match=re.escape(note)):
        mapping.bind([name, "Дата"])


@pytest.mark.parametrize("trap", sorted(HEADERS["traps"]))
def test_a_trap_is_left_out_and_said(trap):
    spellings = {trap, trap.upper(), trap.lower(), trap.replace("_", " ")}
    for name in spellings - {listed for _, _, listed in LISTED} - set(COLUMNS):
        mapping = Mapping.suggest([name, "Дата"])

        assert set(mapping.columns) == {"DateTime"}
        assert any(note.startswith(f"{name!r} is left out: ") for note in mapping.notes)


@pytest.mark.parametrize(("group", "column"), sorted({(group, column) for group, column, _ in LISTED}))
def test_every_listed_name_finds_its_column(group, column):
    value = {"digits": ID, "opposite": "нет"}.get(group, FITTING[column])
    other = {"DateTime": {"ClientId": ID}}.get(column, {"Дата и время": f"{DAY} 10:05"})
    traps = set(map(folded, HEADERS["traps"]))
    for listed in (name for home, owner, name in LISTED if (home, owner) == (group, column)):
        spellings = {listed} if folded(listed) in traps else {listed, listed.upper(), f" {listed.lower()} "}
        for name in spellings:
            found = choice(table(**{name: value}, **other), column)
            if group == "perhaps" and name != column:
                assert [candidate.name for candidate in found.candidates] == [name]
                assert found.sure == "open"
            else:
                assert found.source.from_ == (name,)


def test_no_name_feeds_two_columns():
    homes = {}
    for group in GROUPS:
        for column, ranks in HEADERS[group].items():
            for name in (name for rank in ranks for name in rank):
                assert homes.setdefault(folded(name), column) == column, name
    for column in COLUMNS:
        assert homes.get(folded(column), column) == column


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        pytest.param("Длительность, мин", "minutes", id="Russian"),
        pytest.param("Время ожидания (с)", "seconds", id="one letter"),
        pytest.param("duration_ms", "milliseconds", id="English"),
        pytest.param("TalkDurationSec", "seconds", id="camel case"),
        pytest.param("Длительность", None, id="none"),
    ],
)
def test_the_unit_of_a_duration_may_stand_in_its_name(header, unit):
    (source,) = Mapping.suggest(pl.DataFrame({header: ["65"]})).columns.values()

    assert (source.from_, source.unit) == ((header,), unit)


@pytest.mark.parametrize(
    ("dates", "times", "time"),
    [
        pytest.param([DAY, None], ["10:05", None], "Время", id="dates alone"),
        pytest.param(["03/04/2026"], ["9.05"], "Время", id="an order that is not known"),
        pytest.param([f"{DAY} 10:00"], ["10:05"], None, id="dates with times"),
        pytest.param([None], ["10:05"], None, id="no dates"),
        pytest.param([DAY], ["утро"], None, id="no times"),
        pytest.param(["1776665101"], ["10:05"], None, id="Unix time"),
    ],
)
def test_the_time_of_day_may_stand_beside_the_date(dates, times, time):
    assert Mapping.suggest(table(Дата=dates, Время=times)).columns["DateTime"] == Source(from_="Дата", time=time)


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
    assert Mapping.suggest(table(Тип=words)).filter == Filter(keep)


ASKED = [
    "ClientId is open: nothing says it.",
    "DateTime is open: nothing says it.",
    "PhoneNumber is open: nothing says it.",
]


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
    assert list(Mapping.suggest(table(Тип=words)).notes) == ASKED + notes


def test_the_next_column_of_directions_counts_where_the_first_has_no_inbound_word():
    assert Mapping.suggest(table(direction="out", Тип="in")).filter == Filter({"Тип": INBOUND})


def test_true_may_mean_that_the_call_was_answered():
    values = Mapping.suggest(["Отвечен"]).columns["CallMissed"].values

    assert (values["да"], values["true"], values["нет"], values["0"]) == ("0", "0", "1", "1")


def test_a_suggestion_says_what_it_leaves_open():
    notes = "\n".join(Mapping.suggest(["yclid", "ymclid", "Телефон", "АОН", "Город"]).notes)

    assert "PhoneNumber <- 'АОН': named so; no values to check it by; 'Телефон' would fit too." in notes
    assert "'ymclid' is left out: a Yandex Market click, not a Yclid." in notes
    assert "DateTime is open: nothing says it." in notes
    assert "not used: Телефон, Город." in notes


@pytest.mark.parametrize(
    ("cells", "column", "reading", "option"),
    [
        pytest.param(
            {"ClientId": ID, "Дата": "вчера"},
            "DateTime",
            "Дата: the name may mean it; its one value is not among dates or times",
            '[columns] DateTime = "Дата"',
            id="no time",
        ),
        pytest.param(
            {"column 1": ID, "DateTime": f"{DAY} 10:05"},
            "ClientId",
            "column 1: its one value is among ids",
            '[columns] ClientId = "column 1"',
            id="no id",
        ),
        pytest.param(
            {"user_id": "17", "DateTime": f"{DAY} 10:05", "Номер": "79123456781", "Телефон": "79123456782"},
            "UserId",
            "user_id: the name could mean something else",
            '[columns] UserId = "user_id"',
            id="some other id, and no word of phones",
        ),
    ],
)
def test_what_must_be_there_and_is_open_is_asked_with_its_candidates(cells, column, reading, option):
    frame = table(**cells)

    with pytest.raises(Unmapped) as asked:
        Mapping.suggest(frame).bind(frame.columns)
    assert isinstance(asked.value, MappingError)
    assert (asked.value.column, asked.value.options) == (column, (option,))
    assert asked.value.readings[0].startswith(reading)


@pytest.mark.parametrize("first_line", [["79123456789", "x"], ["3.4.2026 9:05", "x"], ["1795259101", "x"]])
def test_a_call_in_place_of_names_is_not_shown(first_line):
    mapping = Mapping.suggest(pl.DataFrame({name: ["x"] for name in first_line}))

    for shown in (repr(mapping), mapping._repr_html_(), mapping.to_toml()):
        assert "The first line looks like a call" in shown
        assert first_line[0] not in shown


ALL_NAMES = sorted(
    {name for _, _, name in LISTED}
    | set(HEADERS["traps"])
    | set(HEADERS["direction"]["names"])
    | set(HEADERS["time"]["names"])
    | {"column 1", "column 2", "Город"}
)
CELL = st.sampled_from(
    [
        None,
        " ",
        ID,
        GOOGLE,
        DAY,
        f"{DAY} 10:00",
        "10:00",
        "in",
        "out",
        "да",
        "x",
        "79123456789",
        "65",
        "-0.5",
        "1,5",
        "RUB",
    ]
)


@st.composite
def exports(draw):
    """Columns whose names a suggestion knows, in some spelling, with cells of a few kinds."""
    names = draw(st.lists(st.sampled_from(ALL_NAMES), max_size=8, unique=True))
    spelled = [draw(st.sampled_from([name, name.upper(), f"{name} "])) for name in names]
    rows = draw(st.integers(1, 4))
    cells = {name: draw(st.lists(CELL, min_size=rows, max_size=rows)) for name in dict.fromkeys(spelled)}
    return pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String))


def told(export):
    suggestion = Mapping.suggest(export).suggestion
    return {found.column: found for found in suggestion.choices}, suggestion.keep, set(suggestion.left_out)


@given(exports(), st.randoms(use_true_random=False))
def test_the_order_of_columns_and_rows_makes_no_difference(export, chance):
    names, rows = list(export.columns), list(range(export.height))
    chance.shuffle(names)
    chance.shuffle(rows)

    assert told(export.select(names)[rows]) == told(export)


@given(exports())
def test_a_suggestion_uses_whole_names_and_no_traps(export):
    traps = {folded(name) for name in HEADERS["traps"]}
    listed = {name for _, _, name in LISTED} | set(COLUMNS)
    endings = [folded(ending) for ending in HEADERS["units"]]

    for column, source in Mapping.suggest(export).columns.items():
        known = {folded(name) for _, home, name in LISTED if home == column} | {folded(column)}
        for name in source.from_:
            bare = {folded(name)} | {folded(name).removesuffix(ending) for ending in endings if source.unit}
            assert bare & known
            assert folded(name) not in traps or name in listed


@given(exports())
def test_values_are_needed_for_certainty_and_a_name_for_a_choice(export):
    for found in Mapping.suggest(export).suggestion.choices:
        columns = found.source.from_ if found.source else ()
        if found.sure == "certain":
            assert any((cell or "").strip() for name in columns for cell in export[name])
        assert not any(name.startswith("column") for name in columns)
        assert (found.source is None) == (found.sure == "open")


@given(exports())
def test_a_suggestion_can_be_saved_and_bound(export):
    mapping = Mapping.suggest(export)
    text = mapping.to_toml()
    again = Mapping.from_dict(tomllib.loads(text))

    assert (again.columns, again.filter, again.dedupe) == (mapping.columns, mapping.filter, mapping.dedupe)
    assert all(found.why in text for found in mapping.suggestion.choices)
    if "DateTime" in mapping.columns and any(name in mapping.columns for name in IDS):
        assert mapping.bind(export.columns).columns == mapping.columns


@given(exports())
def test_every_open_line_can_be_taken(export):
    mapping = Mapping.suggest(export)
    text = mapping.to_toml()

    for found in mapping.suggestion.open:
        for candidate in found.candidates:
            lines = [line for line in text.splitlines() if line.startswith(f"# {found.column} ")]
            taken = [tomllib.loads(line.removeprefix("# "))[found.column] for line in lines if " = " in line]
            assert candidate.name in taken


@given(st.lists(st.text(max_size=6), max_size=4, unique=True))
def test_any_names_at_all_are_shown_and_saved(names):
    frame = pl.DataFrame({name: ["x"] for name in names}, schema=dict.fromkeys(names, pl.String))
    mapping = Mapping.suggest(frame)

    assert repr(mapping).startswith("Suggested by the names")
    assert mapping._repr_html_().endswith("</div>")
    assert Mapping.from_dict(tomllib.loads(mapping.to_toml())).columns == mapping.columns


def test_ten_thousand_rows_are_looked_at():
    many = pl.DataFrame({"callerNumber": ["79123456781"] * 10_000 + ["x"] * 20_000})
    shuffled = many.head(10_000).sample(fraction=1, shuffle=True, seed=1)

    assert choice(many, "PhoneNumber").sure == "certain"
    assert "10 000 values" in choice(many, "PhoneNumber").why
    assert choice(shuffled, "PhoneNumber") == choice(many, "PhoneNumber")


def test_a_changed_suggestion_gives_no_reason_for_the_change():
    mapping = Mapping.suggest(table(callerNumber="79123456781", other="79123456782"))
    changed = Mapping({**mapping.columns, "PhoneNumber": "other"}, suggestion=mapping.suggestion)

    assert repr(changed).startswith("the mapping\n")
    assert "# certain: named so" in mapping.to_toml()
    assert "# certain: named so" not in changed.to_toml()
    assert Mapping.from_dict(tomllib.loads(changed.to_toml())).columns["PhoneNumber"].from_ == ("other",)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    from datetime import UTC, datetime

    path = tmp_path_factory.mktemp("demo") / "export.csv"
    path.write_bytes(messy_export(300, now=datetime(2026, 4, 30, 12, tzinfo=UTC)))
    frame = read(path)
    # Two columns that can't be told apart, to show what an open question looks like.
    return frame.drop("Номер клиента").with_columns(
        pl.Series("Телефон", [f"791234567{row % 90 + 10}" for row in range(frame.height)]),
        pl.Series("Номер", [f"749512345{row % 90 + 10}" for row in range(frame.height)]),
        pl.Series("client_id", [GOOGLE] * frame.height),
    )


def test_shown_as_text(demo, golden):
    golden("suggestion.txt", repr(Mapping.suggest(demo)) + "\n")


def test_shown_as_a_page(demo, golden):
    golden("suggestion.html", Mapping.suggest(demo)._repr_html_() + "\n")


def test_shown_as_a_file(demo, golden):
    golden("suggestion.toml", Mapping.suggest(demo).to_toml())


def test_nothing_personal_is_shown(demo):
    mapping = Mapping.suggest(demo)
    shown = repr(mapping) + re.sub("<style>.*?</style>", "", mapping._repr_html_(), flags=re.DOTALL) + mapping.to_toml()

    assert not re.search(r"\d{7}", shown)


def test_a_loaded_mapping_is_shown_too():
    mapping = Mapping({"Tag": {"value": "<b>"}, "ClientId": ["a", "b"], "FirstTimeCaller": {"derive": "history"}})

    assert repr(mapping).splitlines() == [
        "the mapping",
        "  ClientId         a or b",
        "  Tag              “<b>”",
        "  FirstTimeCaller  derived from the history of calls",
    ]
    assert "“&lt;b&gt;”" in mapping._repr_html_()


def test_shuffled_rows_of_a_real_looking_export(demo):
    rows = list(range(demo.height))
    random.Random(3).shuffle(rows)

    assert told(demo[rows]) == told(demo)


@pytest.mark.parametrize("name", ["call_date", "calldate", "start_time"])
def test_a_column_is_no_rival_of_its_own(name):
    frame = pl.DataFrame({name: [f"2026-11-{day:02} 10:00:00" for day in range(1, 21)]})
    choice = next(choice for choice in Mapping.suggest(frame).suggestion.choices if choice.column == "DateTime")

    assert choice.sure == "certain"
    assert "would fit too" not in choice.why


@pytest.mark.parametrize(
    ("name", "sure"),
    [("Выручка, руб.", "certain"), ("Сумма, руб.", "open"), ("Стоимость сделки", "certain"), ("Бюджет", "open")],
)
def test_names_of_prices(name, sure):
    frame = pl.DataFrame({name: ["1500,50", "99,90", "12,00"]})
    choice = next(choice for choice in Mapping.suggest(frame).suggestion.choices if choice.column == "Price")

    assert choice.sure == sure
