"""Every ready mapping does its whole job on an export of its kind: the calls, the findings, the hand-over.

The samples are synthetic and have the shape of the vendors' answers. `tests/golden/mappings` holds what must come of them.
"""

import io
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

import callframe as cf
from callframe.contract import COLUMNS, IDS
from callframe.errors import Ambiguous, MappingError
from callframe.mapping import NEEDS, Filter, Mapping
from callframe.normalize import texts
from callframe.serialize import write_csv

SAMPLES = Path(__file__).parent / "mappings" / "samples"
NOW = 1777550400
"""2026-04-30 12:00 UTC."""

TOLD = {
    "3cx": {"time_zone": "Europe/Moscow", "region": "RU"},
    "amocrm": {"region": "RU"},
    "asterisk": {"time_zone": "Europe/Moscow", "region": "RU"},
    "binotel": {},
    "bitrix24": {"region": "RU"},
    "call-tracking-v1": {},
    "callibri": {"time_zone": "UTC"},
    "callrail": {"currency": "USD"},
    "calltouch": {"time_zone": "Europe/Moscow", "region": "RU"},
    "comagic": {"time_zone": "Europe/Moscow", "region": "RU", "currency": "RUB"},
    "crmapi-v1": {"region": "RU"},
    "freeswitch": {"time_zone": "Europe/Moscow", "region": "RU"},
    "google-ads": {"time_zone": "Europe/Moscow"},
    "ivozprovider": {"time_zone": "Europe/Madrid"},
    "mango": {"region": "RU"},
    "metrica": {},
    "ringcentral": {},
    "roistat": {"region": "RU", "currency": "RUB"},
    "twilio": {},
    "voximplant": {"time_zone": "UTC", "region": "RU"},
    "zadarma": {"time_zone": "Europe/Moscow", "region": "RU"},
}
"""What a user says besides the mapping's name."""

OPTIONS = {"time zone": "time_zone", "region": "region", "currency": "currency"}
BY_USERFIELD = ("asterisk",)
BY_EXTRA_COLUMN = ("3cx", "freeswitch", "mango")
EACH = pytest.mark.parametrize("name", sorted(TOLD))


def mapping_of(name):
    """The ready mapping; where the export has no header, with the id where the user put it."""
    mapping = Mapping.load(name)
    if name in BY_USERFIELD:
        return replace(mapping, columns={**mapping.columns, "ClientId": "userfield"})
    if name in BY_EXTRA_COLUMN:
        return replace(mapping, file=replace(mapping.file, columns=(*mapping.file.columns, "ClientId")))
    return mapping


def path_of(name):
    return next(SAMPLES.glob(f"{name}.*"))


def sample(name):
    return cf.read(path_of(name), mapping_of(name).file)


def converted(name, **changes):
    return cf.convert(sample(name), mapping_of(name), **{**TOLD[name], "now": NOW, **changes})


def test_every_ready_mapping_has_a_sample():
    assert sorted(Mapping.ready()) == sorted(TOLD) == sorted(path.stem for path in SAMPLES.iterdir())


@EACH
def test_calls_and_findings(name, golden):
    result = converted(name)
    calls = io.BytesIO()
    write_csv(result.accepted, calls)
    findings = [*result.findings.rows(), *result.skipped.select("source_row", "reason").rows()]

    assert result.rows == result.accepted.height + result.rejected.height + result.skipped.height
    assert result.accepted.height
    golden(f"mappings/{name}.csv", calls.getvalue().decode())
    golden(f"mappings/{name}.findings.csv", result.findings.write_csv())
    golden(f"mappings/{name}.skipped.csv", result.skipped.select("source_row", "reason").write_csv())
    assert not any(re.search(r"\d{9}", str(cell)) for row in findings for cell in row)


@EACH
def test_what_a_mapping_needs_is_what_it_asks_for(name):
    needs = Mapping.load(name).needs

    assert {OPTIONS[need] for need in needs if need in OPTIONS} == set(TOLD[name])
    assert set(needs) <= set(NEEDS)
    for need, option in OPTIONS.items():
        if need in needs:
            with_less = _outcome(name, option)
            assert with_less != _outcome(name), f"{need} makes no difference"


def _outcome(name, without=None):
    """The calls, or the question."""
    try:
        return converted(name, **({without: None} if without else {})).accepted.rows()
    except Ambiguous as question:
        return question.column


@EACH
def test_an_export_without_ids_is_refused_where_one_is_needed(name):
    needs = "visitor id" in Mapping.load(name).needs
    raw = sample(name).drop(IDS, strict=False)
    mapping = Mapping.load(name)

    if needs:
        with pytest.raises(MappingError, match="Metrica links a call by one of them"):
            cf.convert(raw, mapping, **TOLD[name])
    elif name != "metrica":
        assert cf.convert(raw, mapping, **TOLD[name], now=NOW).accepted.height


@EACH
def test_direction_and_field_order_are_asked_where_the_mapping_does_not_settle_them(name):
    mapping = Mapping.load(name)
    is_tracker = name in ("calltouch", "callibri", "roistat", "call-tracking-v1", "google-ads", "amocrm", "metrica")

    assert ("fields" in mapping.needs) == bool(mapping.file.columns)
    assert ("direction" in mapping.needs) == (not mapping.filter.keep and not is_tracker)


@EACH
def test_a_suggestion_recognises_the_export(name):
    notes = "\n".join(Mapping.suggest(sample(name)).notes)
    is_known = name != "metrica" and not Mapping.load(name).file.columns

    assert (f"the columns of the ready mapping {name!r}" in notes) is is_known
    assert notes.count("of the ready mapping") == is_known


@pytest.fixture(scope="module")
def box():
    sandbox = pytest.importorskip("callframe.sandbox", reason="needs the sandbox extra", exc_type=ImportError)
    with sandbox.Sandbox(pace=0.01) as box:
        yield box


@EACH
def test_the_whole_job_to_the_sandbox(name, box, tmp_path):
    done = cf.convert_file(path_of(name), mapping_of(name), out=tmp_path / "calls.csv", now=NOW, **TOLD[name])
    client = cf.Metrica(box.counter, box.token, base_url=box.base_url)
    upload = client.wait(client.upload(tmp_path / "calls.csv", goal="Звонок", comment=name), timeout=30)

    assert upload.rows_sent == upload.line_quantity == done.tally.accepted > 0
    assert upload.status in ("PROCESSED", "LINKAGE_FAILURE")


COMMENTED = re.compile(r"^# (?=\[|[A-Za-z]+ += |(?:by|keep) = )", re.MULTILINE)


@EACH
def test_every_option_in_the_comments_can_be_taken(name):
    text = Mapping.ready_file(name)
    for match in COMMENTED.finditer(text):
        line = text[match.end() :].split("\n", 1)[0]
        column = line.split(" ")[0]
        if line.startswith(("by", "keep")):
            continue
        if line.startswith("["):
            following = text[match.end() :].split("\n", 2)[1].removeprefix("# ")
            loaded = Mapping.from_dict(tomllib.loads(f"{text}\n{line}\n{following}\n"))
            assert loaded.filter != Filter() or loaded.dedupe.by
        else:
            assert column in COLUMNS, line
            Mapping.from_dict({"name": name, "columns": tomllib.loads(line)})


def test_every_fact_of_a_file_is_within_its_lines():
    for name in Mapping.ready():
        text = Mapping.ready_file(name)
        assert text.startswith("# "), name
        assert all(len(line) <= 120 for line in text.splitlines()), name
        assert Mapping.load(name).description
        assert Mapping.load(name).kind
        assert texts.SPACE[0] * 2 not in Mapping.load(name).description
