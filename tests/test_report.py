"""The reports, as people see them: of each one golden for the text, one for the page."""

import html
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

import callframe as cf
from callframe.demo import messy_export
from callframe.metrica import NOTHING_SENT, Upload

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


def part(number, status, sent, read, taken, **more):
    static = more.pop("static", 0)
    counts = {
        "rows_sent": sent,
        "source_quantity": read,
        "line_quantity": taken,
        "static_calls_quantity": static,
        "dynamic_calls_quantity": None if taken is None else taken - static,
        "client_id_type": "CLIENT_ID",
    }
    return Upload(number, status, **(counts | more))


UPLOADS = {
    "parts": Upload.together(
        [
            part(40000001, "PROCESSED", 120000, 120000, 120000, static=200, adopted=True),
            part(40000002, "PROCESSED", 120000, 120000, 119998, static=3),
            part(40000003, "LINKAGE_FAILURE", 40, 40, 40, client_id_type="YCLID"),
            part(40000004, "MATCHED", 17, 17, 17, static=17, client_id_type="USER_ID"),
        ],
        ["Metrica already has this as upload 40000001; it was not sent again."],
    ),
    "done": part(40000001, "PROCESSED", 302, 302, 302),
    "static": part(40000001, "LINKAGE_FAILURE", 302, 302, 302, static=302),
    "early": part(40000001, "PREPARED", 302, 302, None),
    "other": part(40000001, "COOLED", None, 5, 5),
    "nothing": Upload(0, NOTHING_SENT, rows_sent=0, notes=("The file has no rows, so nothing was sent.",)),
}


def test_text_of_uploads(golden):
    golden("uploads.txt", "\n\n".join(f"[{name}]\n{cf.report(upload)}" for name, upload in UPLOADS.items()) + "\n")


def test_page_of_an_upload(golden):
    golden("upload.html", cf.report(UPLOADS["parts"]).html())


@pytest.mark.parametrize("name", UPLOADS)
def test_an_upload_shows_in_a_notebook_what_it_shows_as_text(name):
    text, page = str(cf.report(UPLOADS[name])), cf.report(UPLOADS[name])._repr_html_()
    words = re.sub(r"\s+", " ", html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)))

    for line in cf.report(UPLOADS[name]).advice + cf.report(UPLOADS[name]).notes:
        assert line in words
        assert line.split()[0] in text
    for one in UPLOADS[name].parts:
        assert one.id == 0 or (one.status in text and one.status in words)


def test_what_follow_raises_is_what_the_report_advises():
    wrong = cf.report(UPLOADS["parts"]).advice

    assert len(wrong) == 3
    assert "120000 rows were sent, Metrica read 120000 and took 119998" in wrong[0]
    assert "linked none of the 40 dynamic calls of upload 40000003" in wrong[1]
    assert "callframe status --counter N 40000004" in wrong[2]
    assert cf.report(UPLOADS["done"]).advice == ["Nothing is left to do."]


def test_an_upload_from_the_sandbox(sandbox, tmp_path):
    calls = pl.DataFrame({"ClientId": ["17"], "DateTime": [1_760_000_000]})
    client = cf.Metrica(sandbox.counter, sandbox.token, base_url=sandbox.base_url)
    done = client.wait(client.upload(calls, comment="ноябрь"))
    cf.report(done).save(tmp_path / "upload.html")

    assert str(cf.report(done)).startswith("1 rows sent = 1 read by Metrica = 1 taken; PROCESSED\n")
    assert "ноябрь" not in (tmp_path / "upload.html").read_text(encoding="utf-8")
