"""What is shown while an upload is on its way."""

import io

import pytest

from callframe.metrica import Printer, Progress

from .wires import Weather


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


MOMENTS = [
    Progress("looking"),
    *[Progress("sending", sent=sent, total=1000) for sent in range(0, 1000, 10)],
    Progress("answering"),
    Progress("answering"),
    Progress("following", status="UPLOADED", seconds=15),
    Progress("following", status="UPLOADED", seconds=24),
    Progress("following", status="PROCESSED", seconds=38),
]


def test_a_log_gets_one_line_a_tenth_and_a_state():
    out = io.StringIO()
    printer = Printer(out)
    for moment in MOMENTS:
        printer(moment)
    lines = out.getvalue().splitlines()
    assert lines[:4] == ["looking at the list of uploads", "sending, 0 %", "sending, 10 %", "sending, 20 %"]
    assert lines[10:] == [
        "sending, 90 %",
        "sent, waiting for Metrica's answer",
        "status UPLOADED, next look in 15 s",
        "status PROCESSED, next look in 38 s",
    ]


def test_a_terminal_gets_one_line_that_changes():
    out = Terminal()
    printer = Printer(out)
    for moment in MOMENTS:
        printer(moment)
    assert out.getvalue().count("\n") == 5
    assert "\r\x1b[Ksending, 99 %\r\x1b[Ksent, waiting for Metrica's answer\n" in out.getvalue()


@pytest.mark.parametrize(
    ("moment", "line"),
    [
        (Progress("sending", 2, 3, sent=5, total=10), "part 2 of 3: sending, 50 %"),
        (Progress("pausing", seconds=2.25, text="no connection"), "next try in 2.2 s (no connection)"),
        (
            Progress("settling", seconds=30, text="no answer came in time"),
            "no answer; looking for the part in the list again in 30 s (no answer came in time)",
        ),
    ],
)
def test_a_line_for_people(moment, line):
    assert str(moment) == line


def test_all_sent_is_not_success(serve, connect, many_calls):
    """100 % is followed by a state of its own; another try begins at 0 again."""
    server = serve(posts=[lambda peer: (peer.read_body(100_000), peer.reset())])
    seen: list[Progress] = []
    connect(server).upload(many_calls, progress=seen.append)
    states = [moment.state for moment in seen]
    cut = states.index("pausing")
    assert states[:2] == ["looking", "sending"]
    assert "answering" not in states[:cut]
    assert (seen[cut + 1].state, seen[cut + 1].sent) == ("sending", 0)
    done = [moment for moment in seen if moment.state == "answering"]
    assert done
    assert all(moment.sent == moment.total > 0 for moment in done)


def test_auto_prints_to_stderr(serve, connect, calls, capsys):
    connect(serve(), clock=Weather().clock).upload(calls, progress="auto")
    assert "waiting for Metrica's answer" in capsys.readouterr().err


class Broken(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError


@pytest.mark.parametrize("stream", ["broken", "closed"])
def test_nobody_to_show_anything_to_is_no_reason_to_stop(stream):
    out = Broken() if stream == "broken" else io.StringIO()
    if stream == "closed":
        out.close()
    printer = Printer(out)
    for moment in MOMENTS:
        printer(moment)
