"""The report, as people see it: one golden for the text, one for the page."""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

import callframe as cf
from callframe.demo import messy_export

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2026, 4, 30, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    path = tmp_path_factory.mktemp("demo") / "export.csv"
    path.write_bytes(messy_export(300, now=NOW))
    return path


@pytest.fixture(scope="module")
def result(demo):
    return cf.convert(cf.read(demo), time_zone="Europe/Moscow", region="RU", currency="RUB", now=NOW.timestamp())


def test_text(result, golden):
    golden("report.txt", str(cf.report(result)) + "\n")


def test_page(result, golden):
    golden("report.html", cf.report(result).html())


def test_a_file_converted_in_batches_gives_the_same_report(demo, result, tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules["callframe.convert.files"], "BATCH_ROWS", 17)
    options = {"time_zone": "Europe/Moscow", "region": "RU", "currency": "RUB", "now": NOW.timestamp()}
    done = cf.convert_file(demo, out=tmp_path / "calls.csv", **options)

    assert str(cf.report(done)) == str(cf.report(result))


def test_counts_add_up_and_nothing_personal_is_shown(result):
    page, text = cf.report(result).html(), str(cf.report(result))
    read, accepted, rejected, skipped = map(int, re.findall(r"(\d+) (?:rows read|accepted|rejected|skipped)", text)[:4])

    assert read == accepted + rejected + skipped == result.rows
    for shown in (page, text):
        assert not re.search(r"495\D?000|\d{9,}", shown)


def test_saved(result, tmp_path):
    cf.report(result).save(tmp_path / "report.html")

    assert (tmp_path / "report.html").read_text(encoding="utf-8") == cf.report(result).html()
    with pytest.raises(cf.OutputError, match="--force"):
        cf.report(result).save(tmp_path / "report.html", overwrite=False)


def test_nothing_to_say():
    result = cf.convert(
        pl.DataFrame({"ClientId": ["17"], "DateTime": ["2026-04-20T10:00:00Z"]}), "metrica", now=NOW.timestamp()
    )

    assert "Rejected" not in str(cf.report(result))
    assert "<table" not in cf.report(result).html()
