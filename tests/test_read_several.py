"""Several files count as one export; packed files count as what is in them."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import polars as pl
import pytest
import zstandard
from polars.testing import assert_frame_equal

import callframe as cf
from callframe.convert import files as converting
from callframe.errors import InputError, OptionError, OutputError
from callframe.read import FileOptions, opened, read

PACK = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.ZstdCompressor(write_checksum=True).compress,
}
CALLS = "Дата;Номер;Статус\n03.04.2026 9:05;+79123456789;да\n03.04.2026 9:06;+79123456788;нет\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Three exports of one tracker, no two alike."""
    monkeypatch.chdir(tmp_path)
    Path("calls-02.csv").write_bytes(CALLS.encode("cp1251"))
    Path("calls-01.csv").write_text("Отчёт\nНомер,Дата\n+79123456787,02.04.2026 9:00\n", encoding="utf-8")
    Path("calls-10.csv.gz").write_bytes(
        gzip.compress("Дата\tНомер\tСтатус\tТег\n01.04.2026 8:00\t1\tда\tx\n".encode("utf-16"))
    )
    Path("other.csv").write_text("a;b\n1;2\n")
    return tmp_path


MERGED = {
    "source_row": [1, 2, 3, 4],
    "source": ["calls-01.csv", "calls-02.csv", "calls-02.csv", "calls-10.csv.gz"],
    "Номер": ["+79123456787", "+79123456789", "+79123456788", "1"],
    "Дата": ["02.04.2026 9:00", "03.04.2026 9:05", "03.04.2026 9:06", "01.04.2026 8:00"],
    "Статус": [None, "да", "нет", "да"],
    "Тег": [None, None, None, "x"],
}


def test_a_pattern_gives_its_files_by_name_and_columns_by_name(folder):
    frame = read("calls-*")

    assert frame.to_dict(as_series=False) == MERGED
    assert_frame_equal(pl.DataFrame(read(Path("calls-*"))), pl.DataFrame(frame))
    assert frame.origin.files == ("calls-01.csv", "calls-02.csv", "calls-10.csv.gz")
    assert frame.origin.notes == (
        "calls-01.csv has no Статус, Тег: empty in its rows.",
        "calls-01.csv: line 1 is left out (title).",
        "calls-02.csv has no Тег: empty in its rows.",
    )
    assert frame.origin.encoding == "utf-8 and cp1251 and utf-16"
    assert frame.origin.header is None


def test_a_list_gives_its_files_as_they_stand(folder):
    frame = read(["calls-02.csv", Path("calls-01.csv"), io.BytesIO(b"\xd0\x94\xd0\xb0\xd1\x82\xd0\xb0;b\n1;2\n")])

    assert frame["source"].to_list() == ["calls-02.csv", "calls-02.csv", "calls-01.csv", "the input"]
    assert frame["source_row"].to_list() == [1, 2, 3, 4]
    assert read(["other.csv"]).columns == ["source_row", "source", "a", "b"]
    assert read(("calls-1*", "calls-02.csv"))["source"].to_list() == ["calls-10.csv.gz", "calls-02.csv", "calls-02.csv"]


def test_files_of_one_name_are_told_apart_by_their_paths(folder):
    for name in ("a", "b"):
        Path(name).mkdir()
        Path(name, "x.csv").write_text("a;b\n1;2\n")

    assert read("*/x.csv")["source"].to_list() == ["a/x.csv", "b/x.csv"]
    assert read("**/x.csv")["source"].to_list() == ["a/x.csv", "b/x.csv"]


def test_a_column_of_the_files_keeps_its_name(folder):
    Path("s.csv").write_text("source;source (2)\nva;x\n")

    assert read(["s.csv"]).to_dicts() == [{"source_row": 1, "source (3)": "s.csv", "source": "va", "source (2)": "x"}]


def test_options_count_for_each_file(folder):
    for name in ("x1.csv", "x2.csv"):
        Path(name).write_text("title;x\n1;2\n")

    frame = read("x?.csv", header=False, columns=["a", "b"])
    assert frame.select("source", "a").rows() == [
        ("x1.csv", "title"),
        ("x1.csv", "1"),
        ("x2.csv", "title"),
        ("x2.csv", "1"),
    ]


def test_all_kinds_together(folder):
    pl.DataFrame({"a": [1], "c": ["x"]}).write_parquet("1.parquet")
    Path("2.json").write_text('[{"a": 2}, {"a": 3}]')
    Path("3.csv").write_text("c;a\ny;4\n")

    frame = read(["1.parquet", "2.json", "3.csv"])
    assert frame.select("source_row", "a", "c").rows() == [(1, "1", "x"), (2, "2", None), (3, "3", None), (4, "4", "y")]
    assert frame.origin.kind == "Parquet and JSON and CSV"


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        pytest.param("cals-*.csv", "no file matches cals-*.csv. Look at the folder and the pattern.", id="no match"),
        pytest.param(["calls-01.csv", "x-*"], "no file matches x-*.", id="no match in a list"),
        pytest.param(["calls-01.csv", "x.csv"], "x.csv does not exist.", id="missing"),
        pytest.param(
            ["calls-01.csv", "other.csv"], "other.csv has no column in common with calls-01.csv.", id="another kind"
        ),
        pytest.param(
            ["calls-01.csv", "./calls-01.csv"], "calls-01.csv is named twice. Name each file once.", id="twice"
        ),
        pytest.param(["calls-01.csv", "calls-*"], "calls-01.csv is named twice.", id="twice by a pattern"),
        pytest.param(["other.csv", "ragged.csv"], "line 2 of ragged.csv has 1 cell, the header has 2.", id="ragged"),
        pytest.param(
            ["empty.csv", "header.csv"], "empty.csv, header.csv has a header (a, b) and no rows.", id="no rows"
        ),
    ],
)
def test_files_that_make_no_export_are_refused(folder, source, sentence):
    Path("ragged.csv").write_text("a;b\n1\n")
    for name in ("empty.csv", "header.csv"):
        Path(name).write_text("a;b\n")

    with pytest.raises(InputError) as caught:
        read(source)
    assert str(caught.value).startswith(f"read: {sentence}")


def test_one_day_without_calls_is_no_failure(folder):
    Path("a.csv").write_text("a;b\n")
    Path("b.json").write_text('{"data": {"calls": []}}')

    frame = read(["a.csv", "other.csv", "b.json"])
    assert frame.rows() == [(1, "other.csv", "1", "2")]
    assert frame.origin.notes == ("a.csv has no rows.", "b.json has no rows.")


def test_a_list_of_nothing_is_no_source():
    with pytest.raises(OptionError, match="is not a path, a binary file or a frame"):
        read([])


MAPPING = cf.Mapping(columns={"ClientId": "id", "DateTime": "time", "Tag": ["tag", "source"]})


def test_convert_file_takes_several_in_batches(folder, monkeypatch):
    monkeypatch.setattr(converting, "BATCH_ROWS", 2)
    monkeypatch.setattr(converting, "_SAMPLE_ROWS", 2)
    Path("1.csv").write_text("id;time\n" + "".join(f"{n};2026-04-03 09:0{n}:00\n" for n in range(1, 6)))
    Path("2.csv").write_text("time;id;tag\n2026-04-03 10:00:00;7;x\n2026-04-03 11:00:00;нет;y\n")
    options = {"time_zone": "Europe/Moscow", "now": 1_775_300_000}

    done = cf.convert_file(["1.csv", "2.csv"], MAPPING, out="calls.csv", rejected="rejected.csv", **options)
    whole = cf.convert(read(["1.csv", "2.csv"]), MAPPING, **options)
    assert repr(done) == repr(whole)
    assert pl.read_csv("calls.csv", infer_schema=False)["Tag"].to_list() == ["1.csv"] * 5 + ["x"]
    assert Path("rejected.csv").read_text().splitlines()[1].startswith("7,")


@pytest.mark.parametrize("source", [["1.csv", "2.csv"], "?.csv"], ids=["list", "pattern"])
def test_no_source_is_overwritten(folder, source):
    for name in ("1.csv", "2.csv"):
        Path(name).write_text("id;time\n1;2026-04-03 09:00:00\n")

    with pytest.raises(OutputError, match=r"2\.csv is the file being read"):
        cf.convert_file(source, MAPPING, out="2.csv", time_zone="UTC")


def test_batches_of_many_files_hold_no_file_open(folder, monkeypatch):
    for number in range(60):
        Path(f"day-{number:02}.csv").write_bytes(CALLS.encode("cp1251"))

    with opened("day-*.csv", FileOptions()) as export:
        before = len(list(Path("/proc/self/fd").iterdir()))
        assert sum(frame.height for frame in export.batches(7)) == 120
        assert before < 60


@pytest.mark.parametrize("kind", PACK)
@pytest.mark.parametrize("inside", ["CSV", "JSON", "Parquet"])
def test_packed_files_are_what_is_in_them(kind, inside, tmp_path):
    frame = read(io.BytesIO(CALLS.encode("cp1251")))
    parquet = io.BytesIO()
    frame.drop("source_row").write_parquet(parquet)
    data = {
        "CSV": CALLS.encode("cp1251"),
        "JSON": frame.drop("source_row").write_json().encode(),
        "Parquet": parquet.getvalue(),
    }
    path = tmp_path / "calls"
    path.write_bytes(PACK[kind](data[inside]))

    packed = read(path)
    assert_frame_equal(pl.DataFrame(packed), pl.DataFrame(frame))
    assert (packed.origin.packed, packed.origin.kind) == (kind, inside)
    assert_frame_equal(pl.DataFrame(read(io.BytesIO(path.read_bytes()))), pl.DataFrame(frame))


@pytest.mark.parametrize("kind", PACK)
def test_packed_in_pieces(kind):
    half = len(CALLS) // 2
    data = b"".join(PACK[kind](part.encode()) for part in (CALLS[:half], CALLS[half:]))

    assert read(io.BytesIO(data)).height == 2


@pytest.mark.parametrize("kind", PACK)
def test_packed_files_that_are_cut_off_or_damaged_get_one_sentence(kind):
    lines = "".join(f"{number};{number * 7919 % 1009}\n" for number in range(2000))
    data = PACK[kind](f"a;b\n{lines}".encode())
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 0xFF
    for broken in (data[:-1], data[: len(data) // 2], data[:7], bytes(flipped)):
        with pytest.raises(
            InputError, match=f"the input is cut off or damaged: its {kind} can't be unpacked to the end"
        ):
            read(io.BytesIO(broken))


def _tar():
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("calls.csv"), io.BytesIO(b""))
    return file.getvalue()


def _zip():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("calls.csv", CALLS)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(gzip.compress(gzip.compress(b"a")), "is packed twice. Unpack it once first.", id="twice"),
        pytest.param(gzip.compress(_tar()), "is an archive of files. Unpack it and name the files in it.", id="tar.gz"),
        pytest.param(_tar(), "is an archive of files.", id="tar"),
        pytest.param(_zip(), "is an archive of files.", id="zip"),
        pytest.param(gzip.compress(b""), "is empty. Export it again.", id="nothing"),
    ],
)
def test_other_packings_get_one_sentence(data, sentence):
    with pytest.raises(InputError) as caught:
        read(io.BytesIO(data))
    assert str(caught.value).startswith(f"read: the input {sentence}")


def test_what_was_unpacked_does_not_stay(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    read(io.BytesIO(gzip.compress(CALLS.encode("cp1251"))))
    with pytest.raises(InputError):
        read(io.BytesIO(gzip.compress(CALLS.encode())[:-3]))

    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_too_long_is_refused_before_anything_is_written(folder):
    with pytest.raises(InputError, match=r"can't be read: File name too long\.$"):
        cf.convert_file("x" * 3000, out="out.csv")


def test_a_file_that_a_pattern_finds_under_two_names_is_not_counted_twice(folder):
    Path("latest.csv").hardlink_to("calls-02.csv")

    with pytest.raises(InputError, match=r"latest\.csv is named twice"):
        read("*.csv")


def test_lines_that_are_no_calls_are_seen_in_each_of_several_files(folder):
    mapping = cf.Mapping(columns={"UserId": "id", "DateTime": "when"})
    for name in ("x1.csv", "x2.csv"):
        lines = ["id;when;;when", f"{name};2026-04-03 09:05:00;;", "", "Итого: 1;;;", "id;when;;when"]
        Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")

    done = cf.convert(read("x?.csv"), mapping, time_zone="UTC", now=1800000000)
    assert done.skipped["reason"].to_list() == ["blank line", "line of totals", "header repeated"] * 2
    assert (done.accepted.height, done.rejected.height) == (2, 0)
    written = cf.convert_file("x?.csv", mapping, out="out.csv", time_zone="UTC", now=1800000000)
    assert (written.tally.accepted, written.tally.rejected, written.tally.skipped) == (2, 0, 6)


def test_a_row_that_is_the_same_in_two_files_does_not_differ(folder):
    for name in ("x1.csv", "x2.csv"):
        Path(name).write_text("id;when\n1;2026-04-03 09:05:00\n", encoding="utf-8")

    mapping = cf.Mapping(columns={"UserId": "id", "DateTime": "when"})
    done = cf.convert(read("x?.csv"), mapping, dedupe="id", time_zone="UTC", now=1800000000)
    assert done.skipped["reason"].to_list() == ["duplicate by id; of row 1"]
