"""The fault matrix: each row by its number, played on the wire, judged by what arrived and what was said."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from callframe.errors import (
    FewerRows,
    NotAuthorised,
    OutcomeUnknown,
    QuotaExceeded,
    Refused,
    Unreachable,
)

from . import (
    test_command,
    test_follow,
    test_interrupts,
    test_kills,
    test_once,
    test_outgoing,
    test_reach,
    test_secrets,
)
from .conftest import Stage
from .matrix import NOT_HERE, ROWS, Case, cases_of, document
from .wires import LIMITS, PHONE, QUICK, Act, Peer, accept, show, until

HTML = b"<html><head><title>Sign in &amp; pay +7 912 345-67-89</title></head></html>"
DEEP = b"[" * 200_000


def then(*acts: Act) -> Act:
    def play(peer: Peer) -> None:
        for act in acts:
            act(peer)

    return play


def take(most: int | None = None) -> Act:
    return lambda peer: peer.read_body(most)


def say(status: int, payload: object = None, **more) -> Act:
    return lambda peer: peer.say(status, payload, **more)


def refuse(status: int, kind: str, message: str = "no", **more) -> Act:
    return lambda peer: peer.refuse(status, kind, message, **more)


def stored(then_say: Callable[[Peer, dict], None]) -> Act:
    """The server has it, and then something goes wrong."""

    def play(peer: Peer) -> None:
        peer.read_body()
        then_say(peer, peer.server.store(peer))

    return play


def changed(**fields: object) -> Act:
    def play(peer: Peer) -> None:
        peer.read_body()
        peer.say(200, {"uploading": peer.server.store(peer, **fields)})

    return play


def cut_answer(peer: Peer) -> None:
    peer.say_bytes(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n{"uploading": {')


def drip(data: bytes) -> Act:
    def play(peer: Peer) -> None:
        for place in range(len(data)):
            try:
                peer.sock.sendall(data[place : place + 1])
            except OSError:
                return
            time.sleep(0.05)

    return play


def hang(peer: Peer) -> None:
    """Neither reads nor answers."""
    time.sleep(2.0)


def crawl(peer: Peer) -> None:
    """Reads a little at a time, so that bytes never stop leaving."""
    for _ in range(35):
        if not peer.sock.recv(20_000):
            return
        time.sleep(0.1)


def wait_for_the_end(peer: Peer) -> None:
    """Answers nothing until the client hangs up."""
    until(lambda: not peer.sock.recv(10), 15)


@dataclass(frozen=True)
class Row:
    posts: tuple[Act, ...] = ()
    gets: tuple[Act, ...] = ()
    tls: str = ""
    big: bool = False
    error: type[Exception] | None = None
    code: int = 0
    complete: int = 1
    connections: int = 1
    says: str = ""
    adopted: bool = False
    cut_handshakes: int = 0
    noted: str = ""
    """What the page tells beside the figures, where it is more than that the part was accepted."""


UNKNOWN = {"error": OutcomeUnknown, "code": 5, "complete": 1, "connections": 1}
MATRIX = {
    "04-TLS-handshake-cut-once": Row(tls="here", cut_handshakes=1, says="rows_sent=20"),
    "04-TLS-handshake-cut-every-time": Row(
        tls="here", cut_handshakes=4, connections=0, complete=0, error=Unreachable, code=1, says="4 times"
    ),
    "07-reset-in-mid-body": Row((then(take(300_000), Peer.reset),), big=True, connections=2),
    "07-reset-every-time": Row(
        (then(take(300_000), Peer.reset),) * 4, big=True, connections=4, complete=0, error=Unreachable, code=1
    ),
    "08-TLS-cut-in-mid-body": Row((then(take(300_000), Peer.reset),), tls="here", big=True, connections=2),
    "08-TLS-cut-in-mid-body-for-a-403": Row(
        (then(take(300_000), Peer.reset),),
        (show, refuse(403, "access_denied")),
        tls="here",
        big=True,
        complete=0,
        error=NotAuthorised,
        code=7,
        says="metrika:offline_data",
    ),
    "09-peer-stops-reading": Row((then(take(300_000), hang),), big=True, connections=2),
    "09-peer-reads-too-slowly": Row((crawl,), big=True, connections=2),
    "10-closed-after-body": Row((take(),), **UNKNOWN, says="closed without an answer"),
    "10-closed-after-body-but-stored": Row((stored(lambda peer, one: None),), adopted=True),
    "11-silent-after-body": Row((then(take(), wait_for_the_end),), **UNKNOWN, says="no answer came in time"),
    "11-silent-but-stored": Row((stored(lambda peer, one: wait_for_the_end(peer)),), adopted=True),
    "12-TLS-garbage-after-body": Row((then(take(), Peer.say_garbage),), tls="here", **UNKNOWN),
    "12-TLS-reset-after-body": Row((then(take(), Peer.reset),), tls="here", **UNKNOWN),
    "13-200-with-half-of-the-JSON": Row((then(take(), say(200, raw=b'{"uploading": {"id": 5')),), **UNKNOWN),
    "13-answer-cut-short": Row((then(take(), cut_answer),), **UNKNOWN, says="did not come whole"),
    "13-answer-cut-short-but-stored": Row((stored(lambda peer, one: cut_answer(peer)),), adopted=True),
    "14-200-with-a-web-page": Row((then(take(), say(200, raw=HTML)),), **UNKNOWN, says="Sign in & pay ***"),
    "15-200-with-nothing": Row((then(take(), say(200, raw=b"")),), **UNKNOWN),
    "15-204": Row((then(take(), say(204, raw=b"")),), **UNKNOWN),
    "15-200-with-a-list": Row((then(take(), say(200, [1, 2])),), **UNKNOWN),
    "15-200-without-an-id": Row((then(take(), say(200, {"uploading": {"status": "UPLOADED"}})),), **UNKNOWN),
    "15-200-with-text-for-an-id": Row((then(take(), say(200, {"uploading": {"id": "5"}})),), **UNKNOWN),
    "15-200-with-true-for-an-id": Row((then(take(), say(200, {"uploading": {"id": True}})),), **UNKNOWN),
    "16-200-with-bad-gzip": Row((then(take(), say(200, raw=b"not gzip", Content_Encoding="gzip")),), **UNKNOWN),
    "16-200-with-a-huge-answer": Row(
        (then(take(), say(200, {"uploading": {"id": 5}, "pad": "x" * 1_200_000})),), **UNKNOWN
    ),
    "16-200-with-very-deep-JSON": Row((then(take(), say(200, raw=DEEP)),), **UNKNOWN),
    "17-comment-not-echoed": Row(
        (stored(lambda peer, one: peer.say(200, {"uploading": one | {"comment": "other"}})),),
        says="comment did not come back",
        noted="accepted; a note says that a second run could not recognise it",
    ),
    "18-400-invalid_uploading": Row(
        (then(take(), refuse(400, "invalid_uploading", f"bad phone {PHONE}")),),
        error=Refused,
        code=1,
        says="(bad phone ***)",
    ),
    "19-401-unauthorized": Row(
        (then(take(), refuse(401, "unauthorized")),), error=NotAuthorised, code=7, says="new token"
    ),
    "20-403-invalid_token": Row(
        (then(take(), refuse(403, "invalid_token")),), error=NotAuthorised, code=7, says="new token"
    ),
    "21-403-access_denied": Row(
        (then(take(), refuse(403, "access_denied")),), error=NotAuthorised, code=7, says="scope metrika:offline_data"
    ),
    "22-403-with-a-web-page": Row((then(take(), say(403, raw=HTML)),), **UNKNOWN),
    "23-404-not_found": Row(
        (then(take(), refuse(404, "not_found")),), error=Refused, code=1, says="counter number 123"
    ),
    "24-409-conflict": Row((then(take(), refuse(409, "conflict")),), **UNKNOWN),
    "25-413": Row((then(take(), refuse(413, "too_large")),), error=Refused, code=1, says="smaller --part-bytes"),
    "26-429-asks-for-7-seconds": Row(
        (then(take(), refuse(429, "quota_requests_by_ip", Retry_After="7")),), complete=2, connections=2
    ),
    "26-429-asks-for-1000-seconds": Row(
        (then(take(), refuse(429, "quota_requests_by_ip", Retry_After="1000")),),
        error=QuotaExceeded,
        code=6,
        says="2025-10-09 09:10 UTC",
    ),
    "27-429-for-ever": Row(
        (then(take(), refuse(429, "quota_requests_by_ip")),) * 6, error=QuotaExceeded, code=6, complete=6, connections=6
    ),
    "28-429-too-many-at-once-ten-times": Row(
        (then(take(), refuse(429, "quota_parallel_requests")),) * 10, complete=11, connections=11
    ),
    "28-429-too-many-at-once-for-ever": Row(
        (then(take(), refuse(429, "quota_parallel_requests")),) * 11,
        complete=11,
        connections=11,
        error=QuotaExceeded,
        code=6,
        says="another program",
    ),
    "29-429-by-day": Row(
        (then(take(), refuse(429, "quota_requests_by_uid")),), error=QuotaExceeded, code=6, says="2025-10-10 00:00 UTC"
    ),
    "30-420-by-day": Row(
        (then(take(), refuse(420, "quota_requests_by_counter_id")),), error=QuotaExceeded, code=6, says="this counter"
    ),
    "30-420-per-second": Row(
        (then(take(), refuse(420, "quota_requests_by_ip", Retry_After="3")),), complete=2, connections=2
    ),
    "30-420-unknown-kind": Row(
        (then(take(), refuse(420, "quota_of_tea")),) * 4, error=QuotaExceeded, code=6, complete=4, connections=4
    ),
    "30-429-with-a-web-page": Row((then(take(), say(429, raw=HTML)),), **UNKNOWN),
    "31-500": Row((then(take(), say(500, raw=HTML)),), **UNKNOWN),
    "31-502-but-stored": Row((stored(lambda peer, one: peer.say(502, raw=HTML)),), adopted=True),
    "31-503-backend_error": Row((then(take(), refuse(503, "backend_error")),), **UNKNOWN),
    "31-504-timeout-but-stored": Row((stored(lambda peer, one: peer.refuse(504, "timeout")),), adopted=True),
    "32-503-to-the-first-look-four-times": Row(gets=(refuse(503, "backend_error"),) * 4),
    "32-503-to-the-first-look-for-ever": Row(
        gets=(refuse(503, "backend_error"),) * 5, error=Unreachable, code=1, complete=0, connections=0
    ),
    "34-drip-of-headers": Row((then(take(), drip(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1000)),), **UNKNOWN),
    "34-drip-of-body": Row(
        (then(take(), drip(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + b" " * 999)),), **UNKNOWN
    ),
    "35-interim-answers": Row(
        (
            then(
                lambda peer: peer.say_bytes(b"HTTP/1.1 100 Continue\r\n\r\n"),
                lambda peer: peer.say_bytes(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
                lambda peer: peer.say_bytes(b"HTTP/1.1 102 Processing\r\n\r\n"),
                accept,
            ),
        )
    ),
    "36-early-401": Row(
        (then(take(300_000), refuse(401, "unauthorized")),),
        (show, refuse(401, "unauthorized")),
        big=True,
        complete=0,
        error=NotAuthorised,
        code=7,
    ),
    "36-early-401-in-TLS": Row(
        (then(take(300_000), refuse(401, "unauthorized")),),
        (show, refuse(401, "unauthorized")),
        tls="here",
        big=True,
        complete=0,
        error=NotAuthorised,
        code=7,
    ),
    "25-413-with-a-web-page": Row(
        (then(take(), say(413, raw=HTML)),), error=Refused, code=1, says="smaller --part-bytes"
    ),
    "36-early-413-with-a-web-page": Row(
        (then(take(300_000), say(413, raw=HTML)),), big=True, complete=0, error=Refused, code=1, says="part_bytes"
    ),
    "37-each-request-on-a-connection-of-its-own": Row(says="rows_sent=20"),
    "38-other-rows-read-than-sent": Row(
        (changed(source_quantity=19),), error=FewerRows, code=4, says="20 rows were sent, Metrica read 19"
    ),
}
for status in (301, 302, 303, 307, 308):
    MATRIX[f"33-redirect-{status}"] = Row(
        (then(take(), say(status, raw=b"", Location="http://elsewhere.example/steal")),),
        **UNKNOWN,
        says="to elsewhere.example, which was not followed",
    )
MATRIX["33-redirect-to-no-address"] = Row(
    (then(take(), say(302, raw=b"", Location="http://[elsewhere")),),
    **UNKNOWN,
    says="to what is no address, which was not followed",
)
for name, header in {
    "no": "",
    "a-wordy": "soon",
    "a-negative": "-5",
    "a-dated": "Thu, 09 Oct 2025 08:53:30 GMT",
}.items():
    MATRIX[f"27-429-with-{name}-Retry-After"] = Row(
        (then(take(), refuse(429, "quota_requests_by_ip", Retry_After=header)),), complete=2, connections=2
    )


def play(name: str, stage: Stage) -> None:
    """Play a row of the matrix, and check all that it promises."""
    row = MATRIX[name]
    server = stage.serve(row.tls, posts=list(row.posts), gets=list(row.gets), cut_handshakes=row.cut_handshakes)
    limits = QUICK if name[:2] in ("09", "11", "34") else stage.limits
    limits = replace(LIMITS, body=2.5, slowest=1e12) if "too-slowly" in name else limits
    began, asleep = time.monotonic(), stage.weather.time
    client = stage.connect(server, limits=limits)
    shown = stage.watched(client.upload, stage.many_calls if row.big else stage.calls, settle=600)
    assert type(shown.error) is (row.error or type(None)), shown.text[-3000:]
    assert getattr(shown.error, "exit_code", 0) == row.code
    assert server.complete == row.complete
    assert len(server.sent) == row.connections
    assert row.says in f"{shown.error} {shown.value!r}"
    if row.error is None:
        assert shown.value.adopted is row.adopted
        assert shown.value.id == server.uploads[0]["id"]
        assert len(server.uploads) == 1
    if row.error is OutcomeUnknown:
        assert stage.weather.time - asleep >= 600
        assert shown.error.comment == server.sent[0].query["comment"][0]
    assert time.monotonic() - began < 30
    assert all(peer.headers["connection"] == "close" for peer in server.seen)
    assert all(peer.headers["authorization"].startswith("OAuth y0_") for peer in server.seen)


@pytest.mark.parametrize("name", MATRIX)
def test_matrix(name, stage):
    play(name, stage)


def told(row: Row) -> str:
    """What happens in a row, as its figures have it."""
    bodies = {0: "no whole body", 1: "1 whole body"}.get(row.complete, f"{row.complete} whole bodies")
    times = {1: "once"}.get(row.connections, f"{row.connections} times")
    sent = f"sent {times}, {bodies}" if row.connections else "nothing was sent"
    if row.complete > 1:
        sent += ", each of them refused" if row.error else ", the earlier ones refused"
    if row.error is None:
        return f"{sent}; {'found in the list' if row.adopted else row.noted or 'accepted'}"
    return f"{sent}; {ENDS[row.error]}"


ENDS = {
    OutcomeUnknown: "looked for in the list, not sent again",
    NotAuthorised: "not authorised, says what the token needs",
    Refused: "refused, says why",
    QuotaExceeded: "says when to resume",
    Unreachable: "gives up, says what stood in the way",
    FewerRows: "says the three counts",
}


def documented() -> list[Case]:
    """Every case of the matrix, here and in the other files."""
    here = [
        Case(int(name[:2]), name[3:].replace("-", " "), told(row), row.code, f"test_faults.py::test_matrix[{name}]")
        for name, row in MATRIX.items()
    ]
    others = (
        test_command,
        test_follow,
        test_interrupts,
        test_kills,
        test_once,
        test_outgoing,
        test_reach,
        test_secrets,
    )
    return [*here, *cases_of(others)]


def test_every_row_is_played_or_excused():
    played = {case.number for case in documented()}
    assert played <= set(ROWS)
    assert set(ROWS) - played <= set(NOT_HERE)


def test_the_page_is_what_the_cases_say(golden):
    golden(Path(__file__).parents[2] / "docs" / "faults.md", document(documented()))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_33_nothing_goes_where_a_redirect_points(status, stage):
    elsewhere = stage.serve()
    path = f"{elsewhere.base_url}/steal"
    server = stage.serve(posts=[then(take(), say(status, raw=b"", Location=path))])
    with pytest.raises(OutcomeUnknown, match="redirect"):
        stage.connect(server, limits=stage.limits).upload(stage.calls, settle=5)
    assert elsewhere.seen == []
    assert len(server.sent) == 1


ODD = {
    "redirect": (
        say(302, raw=b"", Location="https://elsewhere.example/login"),
        1,
        "redirect (302) to elsewhere.example",
    ),
    "sign-in page": (say(200, raw=HTML), 5, "“Sign in & pay ***”"),
    "not json": (say(200, raw=b"OK"), 5, "not in Metrica's form"),
    "null": (say(200, {"uploadings": None}), 5, "not in Metrica's form"),
    "numbers": (say(200, {"uploadings": [1]}), 5, "not in Metrica's form"),
    "no ids": (say(200, {"uploadings": [{"status": "UPLOADED"}]}), 5, "not in Metrica's form"),
    "deep": (say(200, raw=DEEP), 5, "not in Metrica's form"),
    "404 page": (say(404, raw=HTML), 1, "a page (404"),
    "cut": (cut_answer, 5, "did not come whole"),
}


@pytest.mark.parametrize(("act", "tries", "words"), [pytest.param(*case, id=name) for name, case in ODD.items()])
def test_an_odd_answer_to_the_first_look_sends_nothing(act, tries, words, serve, connect, watched, calls):
    server = serve(gets=[act] * 5)
    shown = watched(connect(server).upload, calls)
    assert type(shown.error) is Unreachable
    assert words in str(shown.error)
    assert [peer.method for peer in server.seen] == ["GET"] * tries


REFUSED = {
    "invalid_parameter": (400, Refused, "the option that the message names"),
    "missing_parameter": (400, Refused, "a proxy or a filter"),
    "limit_exceeded": (400, Refused, "A limit of Metrica"),
    "query_error": (400, Refused, "column names"),
    "not_acceptable": (406, Refused, "column names"),
    "unauthorized": (401, NotAuthorised, "new token"),
    "invalid_token": (403, NotAuthorised, "new token"),
    "access_denied": (403, NotAuthorised, "counter 123"),
    "counter_in_connect": (403, NotAuthorised, "counter 123"),
    "not_found": (404, Refused, "counter number 123"),
    "quota_requests_by_uid": (429, QuotaExceeded, "00:00 UTC"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_refusal_of_the_first_look_sends_nothing(kind, serve, connect, watched, calls):
    status, error, words = REFUSED[kind]
    server = serve(gets=[refuse(status, kind)])
    shown = watched(connect(server).upload, calls)
    assert type(shown.error) is error
    assert words in str(shown.error)
    assert len(server.seen) == 1


def test_the_first_look_waits_out_a_limit(serve, connect, calls, weather):
    server = serve(gets=[refuse(429, "quota_requests_by_ip", Retry_After="40"), refuse(420, "quota_parallel_requests")])
    connect(server).upload(calls)
    assert weather.naps == [40.0, 17.5]


@pytest.mark.parametrize(
    "date",
    ["Fri, 31 Dec 9999 23:59:59 -0100", f"Thu, 09 Oct 2025 08:53:30 +{'9' * 20}", "Fri, 31 Dec 9999 23:59:59 GMT"],
)
def test_a_date_beyond_the_calendar_does_no_harm(date, serve, connect, calls):
    server = serve(
        posts=[lambda peer: (peer.read_body(), peer.say(200, {"uploading": peer.server.store(peer)}, Date=date))]
    )
    server.gets = [lambda peer: peer.say(200, {"uploadings": []}, Date=date)]
    assert connect(server).upload(calls).id == 1000
    server.posts = [then(take(), refuse(429, "quota_requests_by_uid", Date=date))]
    with pytest.raises(QuotaExceeded):
        connect(server).upload(calls, again=True)


def test_words_of_the_server_are_fit_to_be_shown(serve, connect, calls):
    odd = {"status": f"\ud800DONE\x1b[2J {PHONE}", "client_id_type": f"{PHONE}", "create_time": f"at {PHONE}"}
    server = serve(posts=[changed(**odd)])
    upload = connect(server).upload(calls)
    assert (upload.status, upload.client_id_type, upload.create_time) == ("DONE [2J ***", "***", None)
    assert PHONE not in repr(upload) + str(upload.as_dict())
