"""Every export of the corpus against its truth, and the laws that hold for all of them."""

import io
import json
import re
import shlex
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

import polars as pl
import pytest

import callframe as cf
from callframe.cli.ending import _run
from callframe.convert import files as converting
from callframe.errors import Ambiguous, CallframeError
from callframe.mapping import Mapping
from callframe.serialize import append_csv

from . import answers, books, columns, dates, files, lines, money, people, spans, tables
from .case import Text
from .habits import HABITS
from .page import document

MODULES = (lines, tables, files, books, answers, columns, people, dates, spans, money)
CASES = {case.name: case for module in MODULES for case in module.CASES}
READING = set(cf.FileOptions.names())


def each(wanted):
    return pytest.mark.parametrize("name", [name for name, case in CASES.items() if wanted(case)])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder to work in, so that messages have the plain names of files."""
    monkeypatch.chdir(tmp_path)
    return Path()


@pytest.fixture(scope="session")
def played(tmp_path_factory):
    """Of a case by its name: the case as it is at the end, its rows, what becomes of them; each converted once."""

    @cache
    def play(name):
        folder = tmp_path_factory.mktemp("corpus")
        case = to_the_end(CASES[name], folder)
        raw = read(case, folder)
        return case, raw, cf.convert(raw, case.mapped(), **case.told)

    return play


ALL = each(lambda case: True)
ASKING = each(lambda case: case.asks)
REFUSED = each(lambda case: case.refuses)


def read(case, folder):
    return cf.read(case.put(folder), case.opening())


def convert(case, folder):
    return cf.convert(read(case, folder), case.mapped(), **case.told)


def converted(case, folder):
    """The conversion in memory, or what it raises."""
    try:
        return convert(case, folder)
    except CallframeError as error:
        return error


def convert_file(case, folder):
    targets = {name: folder / f"{name}.made" for name in ("out", "rejected", "findings", "skipped")}
    options = {"file": case.opening(), "progress": False, **case.told}
    done = cf.convert_file(case.put(folder), case.mapped(), **targets, **options)
    return done, {name: path.read_bytes() for name, path in targets.items()}


OPTION = re.compile(r"(?P<name>\w+)=(?P<value>.+) \((?P<flags>--.+)\)")
COLUMN = re.compile(r"\[columns\] (?P<column>\w+) = (?P<name>\".+\")")


def with_option(case, option, folder):
    """The case with one of the options that a question names: of the conversion, of reading, or of a mapping file."""
    if told := COLUMN.fullmatch(option):
        suggested = Mapping.suggest(read(case, folder)).to_toml()
        table = replace_column(suggested, told["column"], told["name"])
        return replace(case, mapping=table)
    told = OPTION.fullmatch(option)
    place = "read" if told["name"] in READING else "options"
    return replace(case, **{place: {**getattr(case, place), told["name"]: eval(told["value"])}})


def replace_column(toml, column, name):
    """The tables of a mapping file with one line more, as an editor would add it."""
    return tomllib.loads(toml.replace("[columns]\n", f"[columns]\n{column} = {name}\n"))


def to_the_end(case, folder, picks=()):
    """The case with the advice of its refusal taken, and the option it picks of each question."""
    case = case.advised()
    if case.asks:
        with pytest.raises(Ambiguous) as asked:
            convert(case, folder)
        case = replace(with_option(case, asked.value.options[case.asks.pick], folder), asks=None)
    return case


def said(frame, column):
    """Source row -> what is said of it."""
    return {
        row: "; ".join(told) if isinstance(told, list) else told
        for row, told in frame.select("source_row", column).rows()
    }


def warned(result):
    warnings = result.findings.filter(pl.col("severity") == "warning")
    return {
        row: ", ".join(codes) for row, codes in warnings.group_by("source_row").agg("code").sort("source_row").rows()
    }


@ALL
def test_the_truth(name, played):
    case, raw, result = played(name)
    made = io.BytesIO()
    append_csv(result.accepted, made, header=True)

    assert made.getvalue().decode().split("\n") == case.expected.decode().split("\n")
    assert said(result.rejected, "reasons") == case.rejected
    assert said(result.skipped, "reason") == case.skipped
    assert warned(result) == case.warnings
    assert case.says in "\n".join([*result.mapping.notes, *raw.origin.notes, *cf.report(result).notes])
    assert raw.height == result.accepted.height + result.rejected.height + result.skipped.height


@ASKING
def test_the_question(name, folder):
    case, told = CASES[name].advised(), CASES[name].asks
    with pytest.raises(Ambiguous) as asked:
        convert(case, folder)

    question = asked.value
    assert (question.column, question.count, question.source_row) == (told.column, told.cells, told.row)
    assert told.words in question.question


@REFUSED
def test_the_refusal(name, folder):
    with pytest.raises(CallframeError) as refused:
        convert(CASES[name], folder)

    assert CASES[name].refuses.words in str(refused.value)


@ALL
def test_two_rows_at_a_time_give_the_same_files(name, folder, played, monkeypatch):
    case, _, result = played(name)
    monkeypatch.setattr(converting, "BATCH_ROWS", 1000 if result.rows > 1000 else 2)
    done, made = convert_file(case, folder)

    assert repr(done) == repr(result)
    assert made["out"] == case.expected
    findings = result.findings.write_csv().encode()
    assert sorted(made["findings"].splitlines()) == sorted(findings.splitlines())
    assert said(pl.read_csv(made["skipped"]), "reason") == case.skipped if case.skipped else not result.skipped.height
    assert made["rejected"].count(b"\n") >= 1 + len(case.rejected)


@ASKING
def test_two_rows_at_a_time_ask_the_same(name, folder, monkeypatch):
    case = CASES[name].advised()
    asked = converted(case, folder)
    monkeypatch.setattr(converting, "BATCH_ROWS", 2)
    monkeypatch.setattr(converting, "_SAMPLE_ROWS", 2 if case.mapping else 10_000)
    with pytest.raises(Ambiguous) as asked_again:
        convert_file(case, folder)

    assert asked_again.value.as_dict() == asked.as_dict()
    assert not [path for path in folder.iterdir() if path.suffix == ".made"]


@each(lambda case: not case.order_counts)
def test_rows_in_another_order_change_nothing(name, folder, played):
    case, raw, result = played(name)
    if isinstance(case.data, Text):
        other = convert(replace(case, data=replace(case.data, rows=case.data.rows[::-1])), folder)
    else:
        other = cf.convert(pl.DataFrame(raw).drop("source_row").reverse(), case.mapped(), **case.told)

    assert fates(other) == fates(result)


def fates(result):
    """What becomes of rows, whatever their places."""
    calls = sorted(map(repr, result.accepted.rows()))
    rejected = sorted("; ".join(sorted(reasons)) for reasons in result.rejected["reasons"].to_list())
    return calls, rejected, result.mapping.columns, result.mapping.filter


@each(lambda case: case.asks and isinstance(case.data, Text))
def test_rows_in_another_order_ask_the_same(name, folder):
    case = CASES[name].advised()
    other = replace(case, data=replace(case.data, rows=case.data.rows[::-1]))

    assert asked_for(converted(other, folder)) == asked_for(converted(case, folder))


def asked_for(question):
    """A question without the place of its example."""
    told = {**question.as_dict(), "source_row": None}
    return re.sub(r"line \d+", "line", str(told))


@ASKING
def test_every_option_of_a_question_makes_it_go_away(name, folder):
    case = CASES[name].advised()
    question = converted(case, folder)
    assert len(question.options) == len(question.readings)

    for option in question.options:
        after = converted(with_option(case, option, folder), folder)
        if isinstance(after, CallframeError):
            # The next question, or a refusal of what the answer leads to: never the same question once more.
            assert (type(after), str(after)) != (type(question), str(question))
            assert getattr(after, "question", None) != question.question


FLAGS = {"time_zone", "region", "currency", "date_order", "decimal_mark", "duration_unit"}


def on_the_command_line(case):
    """Whether all that the case says can be said there."""
    return set(case.options) <= FLAGS


SAMPLE = {name for name, case in CASES.items() if on_the_command_line(case)} & {*list(CASES)[::3]}


def arguments(case, folder):
    paths = case.put(folder)
    told = [
        "convert",
        *map(str, paths if isinstance(paths, list) else [paths]),
        "--json",
        "--force",
        "--out",
        "out.csv",
    ]
    if isinstance(case.mapping, str):
        told += ["--mapping", case.mapping]
    elif case.mapping:
        (folder / "mapping.toml").write_text(case.mapped().to_toml(), encoding="utf-8")
        told += ["--mapping", "mapping.toml"]
    for option, value in {**case.told, **case.read}.items():
        if option == "header":
            told += ["--no-header"] if value is False else ["--header", str(value)]
        elif option == "columns":
            told += ["--columns", ",".join(value)]
        elif value is not None:
            told += [f"--{option.replace('_', '-')}", str(value)]
    return told


def run(case, folder, capsys, *more):
    """Exit code, object on stdout, words on stderr."""
    code = _run([*arguments(case, folder), *more])
    shown = capsys.readouterr()
    return code, json.loads(shown.out), shown.err


@each(lambda case: case.name in SAMPLE)
def test_the_command_line_gives_the_same(name, folder, played, capsys):
    case, _, result = played(name)
    code, shown, _ = run(case, folder, capsys)

    assert code == 0
    assert (folder / "out.csv").read_bytes() == case.expected
    tally = result.tally
    assert shown["findings"] == tally.by_code()
    for key in ("rows", "accepted", "rejected", "skipped", "warnings"):
        assert shown[key] == getattr(tally, key)


FIELDS = {"type", "message", "column", "question", "count", "source_row", "readings", "options"}


@each(lambda case: case.asks and on_the_command_line(case))
def test_the_command_line_asks_the_same(name, folder, capsys):
    case = CASES[name].advised()
    question = converted(case, folder)
    code, shown, words = run(case, folder, capsys)

    assert (code, shown["exit_code"]) == (2, 2)
    assert set(shown["error"]) == FIELDS
    told = {key: list(value) if isinstance(value, tuple) else value for key, value in question.as_dict().items()}
    assert {key: shown["error"][key] for key in told} == told
    assert words == f"question: {question}\n"
    assert not (folder / "out.csv").exists()
    for option in question.options:
        if flags := OPTION.fullmatch(option):
            code, shown, _ = run(case, folder, capsys, *shlex.split(flags["flags"]))
            assert code == 0 or shown["error"].get("question") != question.question


@each(lambda case: case.refuses and on_the_command_line(case))
def test_the_command_line_refuses_the_same(name, folder, capsys):
    error = converted(CASES[name], folder)
    code, shown, words = run(CASES[name], folder, capsys)

    assert code == shown["exit_code"] == error.exit_code
    assert shown["error"]["message"] == str(error)
    assert words == f"error: {error}\n"


def test_every_habit_has_an_export():
    assert len(CASES) == sum(len(module.CASES) for module in MODULES) >= 80
    assert {number for case in CASES.values() for number in case.habits} == set(HABITS)


def test_the_page_says_what_the_cases_show(golden):
    golden(Path(__file__).parents[2] / "docs" / "habits.md", document(CASES.values()))
