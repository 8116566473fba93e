"""Converting a file in batches: the same as at once, whole files or none."""

import io
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import callframe as cf
from callframe.contract import COLUMNS
from callframe.convert import files as module
from callframe.convert.survey import _WORTH
from callframe.errors import Ambiguous, OutputError
from callframe.normalize import amounts, durations, timestamps

NOW = 1_775_300_000  # 2026-04-04 10:53:20 UTC
OPTIONS = {"time_zone": "Europe/Moscow", "region": "RU", "currency": "RUB", "now": NOW}
MAPPING = cf.Mapping(
    columns={
        "ClientId": "id",
        "DateTime": "time",
        "Price": "price",
        "PhoneNumber": "phone",
        "TalkDuration": "talk",
        "HoldDuration": {"from": "answer", "minus": "start"},
        "Tag": ["tag", "note"],
    },
    filter=cf.Mapping.from_dict({"filter": {"keep": {"way": ["in"]}}}).filter,
)
GOOD = {
    "id": "1234567890123456789",
    "time": "03.04.2026 12:00:00",
    "price": "7",
    "phone": "8 (495) 000-12-34",
    "talk": "0:01:05",
    "answer": None,
    "start": None,
    "tag": None,
    "note": 'a "b"; c',
    "way": "in",
}
MIXED = [
    {},
    {"phone": "8495"},
    {"id": None},
    {"way": "out"},
    {"time": "вчера", "price": "дорого"},
    dict.fromkeys(GOOD),
    {"id": "Итого", "time": None, "price": "17"},
    {"tag": "горячий;\nлид"},
    {"time": "2026-04-03 09:05:00", "price": "1 234,50 ₽"},
    {"time": "03.04.2027 12:00"},
    {},
]


def frame(rows):
    return pl.DataFrame([GOOD | row for row in rows], schema=dict.fromkeys(GOOD, pl.String))


@pytest.fixture
def small(monkeypatch):
    """Batches of two rows, the first of them looked at beforehand."""
    monkeypatch.setattr(module, "BATCH_ROWS", 2)
    monkeypatch.setattr(module, "_SAMPLE_ROWS", 2)


def converted(source, folder, **options):
    """What `convert_file` wrote, as text, and its answer."""
    paths = {name: folder / f"{name}.csv" for name in ("out", "rejected", "findings", "skipped")}
    done = cf.convert_file(source, MAPPING, **paths, **(OPTIONS | options))
    return {name: path.read_text(encoding="utf-8") for name, path in paths.items()}, done


def expected(source, **options):
    """The same from `convert`."""
    result = cf.convert(source, MAPPING, **(OPTIONS | options))
    out = io.BytesIO()
    cf.write_csv(result.accepted, out)
    rejected = result.rejected.with_columns(pl.col("reasons").list.join("; "))
    tables = {"rejected": rejected, "findings": result.findings, "skipped": result.skipped}
    return {"out": out.getvalue().decode()} | {name: table.write_csv() for name, table in tables.items()}, result


def as_csv(table, path):
    table.write_csv(path, separator=";", quote_style="non_numeric")
    return path


@pytest.mark.parametrize("kind", ["frame", "CSV", "plain CSV", "bytes", "JSON lines", "Parquet"])
def test_batches_give_what_the_whole_gives(kind, small, tmp_path):
    rows = [row for row in MIXED if kind != "plain CSV" or "\n" not in (row.get("tag") or "")]
    raw, path = frame(rows * 3), tmp_path / "export"
    source = {
        "frame": lambda: raw,
        "CSV": lambda: as_csv(raw, path),
        "plain CSV": lambda: as_csv(raw, path),
        "bytes": lambda: io.BytesIO(as_csv(raw, path).read_bytes()),
        "JSON lines": lambda: raw.write_ndjson(path) or path,
        "Parquet": lambda: raw.write_parquet(path) or path,
    }[kind]()
    written, done = converted(source, tmp_path)
    wanted, result = expected(raw)

    assert written == wanted
    assert repr(done) == repr(result)
    assert done.tally.by_code() == result.tally.by_code()
    assert_frame_equal(done.tally.findings, result.tally.findings, check_row_order=False)
    assert done.tally.rows == raw.height


def test_files_start_as_they_should_and_rows_keep_their_order_and_numbers(small, tmp_path):
    written, _ = converted(frame(MIXED * 3), tmp_path)
    heads = {name: text.split("\n")[0] for name, text in written.items()}
    rejected = pl.read_csv(io.StringIO(written["rejected"]), infer_schema=False)

    assert heads["out"] == ",".join(COLUMNS)
    assert heads["rejected"] == "source_row,reasons," + ",".join(GOOD)
    assert heads["findings"] == "source_row,column,code,message,severity"
    assert heads["skipped"] == "source_row,reason," + ",".join(GOOD)
    assert all(text.count(heads[name]) == 1 for name, text in written.items())
    assert rejected["source_row"].to_list() == [str(n + 11 * times) for times in range(3) for n in (3, 5, 10)]


def test_nothing_accepted_still_makes_a_file_with_a_header(small, tmp_path):
    written, done = converted(frame([{"id": None}]), tmp_path)

    assert written["out"] == ",".join(COLUMNS) + "\n"
    assert repr(done) == "1 rows read = 0 accepted + 1 rejected + 0 skipped; 0 warnings"


def test_a_frame_without_rows(small, tmp_path):
    written, done = converted(frame([]), tmp_path)

    assert written["out"] == ",".join(COLUMNS) + "\n"
    assert done.tally.rows == 0


def test_blank_lines_count_as_rows_wherever_a_batch_ends(small, tmp_path):
    path = tmp_path / "export.csv"
    line = ";".join(cell or "" for cell in GOOD.values()).replace('a "b"; c', "n") + "\n"
    path.write_text(";".join(GOOD) + "\n" + line + line + "\n  \n\n" + line + "\n" + line, encoding="utf-8")
    written, done = converted(path, tmp_path)

    assert repr(done) == "8 rows read = 4 accepted + 0 rejected + 4 skipped; 0 warnings"
    assert [line[0] for line in written["skipped"].splitlines()[1:]] == ["3", "4", "5", "7"]


def test_progress_is_told_after_each_batch(small, tmp_path):
    told = []
    converted(frame(MIXED[:5]), tmp_path, progress=told.append)

    assert told == [2, 4, 5]


TIMES = (
    "03/04/2026 12:00",
    "30/03/2026 12:00",
    "03/30/2026 12:00",
    "02-03-2026 9:05",
    "2026-04-03 12:00:00",
    "03.04.2026 12:00",
    "2026-04-03T12:00:00+03:00",
    "31/31/2026 12:00",
    "30/03/2026",
    "03/30/2026 25:00",
    "Итого",
)
PRICES = ("1,234", "12,5", "12.5", "1.234", "1,234.5", "7", "дорого", "-")
TALKS = ("1:35", "75:10", "0:00", "1.5", "65", "00:01:05", "99:00", "x")
MOMENTS = ("03/04/2026 12:00:10", "30/03/2026 12:00", "03/30/2026 12:00", "2026-04-03 12:00:00", None)
ROWS = st.fixed_dictionaries(
    {},
    optional={
        "time": st.sampled_from(TIMES),
        "price": st.sampled_from(PRICES),
        "talk": st.sampled_from(TALKS),
        "answer": st.sampled_from(MOMENTS),
        "start": st.sampled_from(MOMENTS),
        "way": st.sampled_from(("in", "in", "out")),
        "id": st.sampled_from((GOOD["id"], "Итого")),
    },
)
ANSWERS = st.fixed_dictionaries(
    {"time_zone": st.sampled_from(("Europe/Moscow", "Europe/Moscow", None))},
    optional={
        "date_order": st.sampled_from(("day first", "month first")),
        "decimal_mark": st.sampled_from((",", ".")),
        "duration_unit": st.sampled_from(("m:s", "h:m")),
    },
)


def outcome(function, *args, **options):
    """What was written, or what was asked."""
    try:
        written, result = function(*args, **options)
    except Ambiguous as question:
        return question.as_dict()
    return written, repr(result)


CONTRADICTORY = [
    {"answer": "30/03/2026 12:00", "start": "03/04/2026 12:00:10"},
    {"answer": "03/30/2026 12:00"},
    {"answer": "03/04/2026 12:00:10", "start": "03/04/2026 12:00:10"},
]
"""The second row has no difference, but what it says of the order of day and month counts for the others."""


@example(CONTRADICTORY, {"time_zone": "Europe/Moscow"})
@example([{}, CONTRADICTORY[0], CONTRADICTORY[1]], {"time_zone": "Europe/Moscow"})
@given(st.lists(ROWS, max_size=9), ANSWERS)
def test_a_proof_or_a_doubt_counts_wherever_it_stands(tmp_path_factory, rows, answers):
    raw, folder = frame(rows), tmp_path_factory.mktemp("files")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BATCH_ROWS", 2)
        patch.setattr(module, "_SAMPLE_ROWS", 2)
        in_batches = outcome(converted, raw, folder, **answers)

    assert in_batches == outcome(expected, raw, **answers)


LATE = [
    pytest.param("time", "03/04/2026 12:00", "30/03/2026 12:00", True, id="day or month, proven"),
    pytest.param("time", "2026-04-03 12:00:00", "03/04/2026 12:00", False, id="day or month, a doubt"),
    pytest.param("time", "30/03/2026 12:00", "03/30/2026 12:00", False, id="day or month, contradicted"),
    pytest.param("time", "03/04/2026 12:00", "30/03/2026", True, id="day or month, proven without a time"),
    pytest.param("time", "30/03/2026 12:00", "03/30/2026", False, id="day or month, contradicted without a time"),
    pytest.param("time", "30/03/2026 12:00", "03/30/2026 25:00", False, id="day or month, contradicted at no time"),
    pytest.param("price", "1,234", "12,5", True, id="decimal mark, proven"),
    pytest.param("price", "7", "1,234", False, id="decimal mark, a doubt"),
    pytest.param("talk", "1:35", "75:10", True, id="minutes or hours, proven"),
    pytest.param("talk", "0:00", "1:35", False, id="minutes or hours, a doubt"),
    pytest.param("talk", "0:01:05", "1.5", False, id="a fraction of no unit"),
    pytest.param("talk", "0:01:05", "35.000", False, id="three places or a thousand"),
]


@pytest.mark.parametrize(("column", "first", "last", "answered"), LATE)
def test_what_the_last_row_says(column, first, last, answered, small, tmp_path):
    raw = frame([{column: first}] * 5 + [{column: last}])
    in_batches = outcome(converted, raw, tmp_path)

    assert in_batches == outcome(expected, raw)
    assert isinstance(in_batches, tuple) is answered
    assert len(list(tmp_path.iterdir())) == (4 if answered else 0)


@pytest.mark.parametrize("first_row", ["2026-04-03 12:00:00", "03/04/2026 12:00"])
def test_a_question_comes_before_anything_is_written_to_a_stream(first_row, small):
    out = io.BytesIO()
    with pytest.raises(Ambiguous):
        cf.convert_file(frame([{"time": first_row}] * 5 + [{"time": "03/04/2026 12:00"}]), MAPPING, out=out, **OPTIONS)

    assert out.getvalue() == b""


JUDGES = {timestamps: TIMES + MOMENTS, amounts: PRICES, durations: TALKS}
SETTLED = {
    timestamps: lambda text, order: timestamps.unix_utc(text, time_zone="UTC", format=order),
    amounts: lambda text, mark: amounts.decimal(text, decimal_mark=mark),
    durations: lambda text, unit: durations.seconds(text, unit=unit),
}
SHAPES = st.from_regex(r"\A[ ']?[0-9]{1,4}([-/.:, ])[0-9]{1,3}(\1[0-9]{1,4})?( [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?\Z")


@pytest.mark.parametrize("judge", list(JUDGES), ids=lambda judge: judge.__name__.rpartition(".")[2])
@given(st.data())
def test_what_a_file_is_watched_for(judge, data):
    """The cheap test lets all evidence through, and a proof of the contrary has no value under the answer."""
    text = data.draw(SHAPES | st.sampled_from([text for text in JUDGES[judge] if text]))
    cells = pl.DataFrame({"x": [text]})
    found = cells.select(judge.evidence(pl.col("x"))).item()
    told = {name: count for name, count in found.items() if name != "naive"}

    if any(told.values()):
        assert cells["x"].str.contains(_WORTH[judge]).item()
    answer = judge.settle(found)
    if answer is not None:
        others = {"day first": "month first", "month first": "day first", ",": ".", ".": ",", "m:s": "h:m"}
        value = cells.select(SETTLED[judge](pl.col("x"), others[answer])).item()
        assert value is None


class TestWholeOrNotAtAll:
    def test_a_failure_leaves_the_old_files_alone(self, small, tmp_path):
        source = tmp_path / "export.csv"
        as_csv(frame([{}] * 6), source)
        (tmp_path / "out.csv").write_text("old")

        def fail(rows):
            raise RuntimeError(rows)

        with pytest.raises(RuntimeError, match="2"):
            converted(source, tmp_path, progress=fail)

        assert sorted(path.name for path in tmp_path.iterdir()) == ["export.csv", "out.csv"]
        assert (tmp_path / "out.csv").read_text() == "old"

    def test_files_that_must_not_be_replaced(self, tmp_path):
        (tmp_path / "findings.csv").write_text("old")
        with pytest.raises(OutputError, match=r"findings\.csv"):
            converted(frame([{}]), tmp_path, overwrite=False)

        assert [path.name for path in tmp_path.iterdir()] == ["findings.csv"]

    @pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT to a process")
    def test_an_interrupt_leaves_the_old_files_alone(self, tmp_path):
        as_csv(frame([{}] * 30_000), tmp_path / "export.csv")
        for name in ("out", "rejected"):
            (tmp_path / f"{name}.csv").write_text("old")
        script = """
            import sys
            import callframe as cf
            from callframe.convert import files
            files.BATCH_ROWS = 300
            mapping = cf.Mapping(columns={"ClientId": "id", "DateTime": "time"})
            print("ready", flush=True)
            cf.convert_file("export.csv", mapping, out="out.csv", rejected="rejected.csv", time_zone="UTC",
                            progress=lambda rows: print(rows, flush=True))
        """
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(script)],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout.readline() == "ready\n"
        assert int(process.stdout.readline()) < 3000, "it has begun to write"
        during = {path.name for path in Path(tmp_path).iterdir()}
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)

        assert process.returncode == -signal.SIGINT
        assert errors.strip().endswith("KeyboardInterrupt")
        assert len(during) == 5, "two unfinished files stood beside the others"
        assert {path.name for path in tmp_path.iterdir()} == {"export.csv", "out.csv", "rejected.csv"}
        assert {(tmp_path / f"{name}.csv").read_text() for name in ("out", "rejected")} == {"old"}


def test_rows_of_one_call_are_found_across_batches(small, tmp_path):
    source = frame([{"tag": tag} for tag in "abcaabbc"])
    files, done = converted(source, tmp_path, dedupe="tag")

    assert (done.tally.accepted, done.tally.skipped) == (3, 5)
    assert files == expected(source, dedupe="tag")[0]


def test_a_bar_shows_the_rows_only_where_somebody_looks(small, tmp_path, capfd, monkeypatch):
    source = frame(MIXED[:5])
    converted(source, tmp_path)
    assert capfd.readouterr() == ("", "")

    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    as_csv(source, tmp_path / "export.csv")
    for export, is_known in ((tmp_path / "export.csv", True), (source.lazy(), False)):
        converted(export, tmp_path)
        shown = capfd.readouterr().err
        assert "5 rows converted" in shown
        assert ("%" in shown) == is_known

    converted(source, tmp_path, progress=False)
    assert capfd.readouterr() == ("", "")
