"""A run that is stopped: what is cut, what is waited for, and what people are told."""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from callframe.metrica import Limits, Progress, outgoing

from .matrix import row
from .wires import COUNTER, SMALL, accept, stop_at, until, write_calls


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Ctrl-C works as in a terminal, even where the tests run in the background."""
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, usual)


def stop_at_bytes(sent: int):
    def watch(progress: Progress) -> None:
        if progress.state == "sending" and progress.sent >= sent:
            raise KeyboardInterrupt

    return watch


def stop_at_sight(state: str, nth: int):
    seen: list[str] = []

    def watch(progress: Progress) -> None:
        seen.append(progress.state)
        if seen.count(state) == nth:
            raise KeyboardInterrupt

    return watch


@row(48, "stopped after the body, before an answer", "the next run finds it in the list", 130)
def test_48_killed_after_the_body_left(serve, connect, calls):
    server = serve(posts=[lambda peer: (peer.read_body(), peer.server.store(peer))])
    with pytest.raises(KeyboardInterrupt) as stop:
        connect(server).upload(calls, progress=stop_at("settling"))
    assert "may have been accepted" in stop.value.__notes__[0]
    assert "No upload is known to have been accepted" in stop.value.__notes__[1]
    assert connect(server).upload(calls).adopted
    assert len(server.sent) == 1


@row(47, "stopped in mid-body", "no whole body; the next run sends it", 130)
def test_47_killed_in_mid_body(serve, connect, many_calls):
    server = serve(posts=[lambda peer: (peer.read_body(100_000), time.sleep(0.4), peer.read_body())])
    with pytest.raises(KeyboardInterrupt) as stop:
        connect(server).upload(many_calls, progress=stop_at_bytes(1))
    assert "cut off before its end, so it was not accepted" in stop.value.__notes__[0]
    assert server.complete == 0
    assert not connect(server).upload(many_calls).adopted


@row(59, "Ctrl-C after the last byte", "the answer is waited for and the upload is named", 130)
def test_59_an_interrupt_while_waiting_for_the_answer_still_takes_it(ctrl_c, serve, connect, calls):
    def slow(peer) -> None:
        peer.read_body()
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.3)
        peer.say(200, {"uploading": peer.server.store(peer)})

    server = serve(posts=[slow])
    with pytest.raises(KeyboardInterrupt) as stop:
        connect(server).upload(calls)
    again = "Run the same command again: what is there is not sent twice."
    assert stop.value.__notes__ == [f"Metrica has accepted: upload 1000. {again}"]


@row(59, "Ctrl-C after the last byte, no answer in time", "says that it may have been accepted", 130)
def test_59_an_interrupt_without_an_answer_says_that_it_is_unknown(ctrl_c, serve, connect, calls):
    def silent(peer) -> None:
        peer.read_body()
        os.kill(os.getpid(), signal.SIGINT)
        until(lambda: not peer.sock.recv(10), 15)

    server = serve(posts=[silent])
    with pytest.raises(KeyboardInterrupt) as stop:
        connect(server, limits=Limits(answer=60, grace=0.3)).upload(calls)
    assert "may have been accepted" in stop.value.__notes__[0]
    assert server.complete == 1


@row(59, "Ctrl-C twice", "ends at once", 130)
def test_59_a_second_interrupt_does_not_wait(ctrl_c, serve, connect, calls, weather):
    def silent(peer) -> None:
        peer.read_body()
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.2)
        os.kill(os.getpid(), signal.SIGINT)
        until(lambda: not peer.sock.recv(10), 15)

    server = serve(posts=[silent])
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        connect(server, limits=Limits(answer=60, grace=60)).upload(calls)
    assert time.monotonic() - began < 20


@row(59, "SIGTERM between two parts", "what was accepted is named", 143)
def test_59_an_interrupt_between_parts_names_what_is_there(serve, connect, tmp_path):
    server = serve()
    calls = write_calls(tmp_path / "calls.csv", 25)
    server.posts = [accept, accept, lambda peer: peer.refuse(429, "quota_requests_by_ip")]
    with pytest.raises(SystemExit) as stop:
        connect(server).upload(calls, part_bytes=SMALL, progress=stop_at("pausing", SystemExit(143), part=3))
    again = "Run the same command again: what is there is not sent twice."
    assert stop.value.__notes__ == [f"Metrica has accepted: uploads 1000 and 1001. {again}"]


@row(59, "Ctrl-C while Metrica works on it", "what was accepted is named, and how to look later", 130)
@pytest.mark.parametrize(
    "run",
    [
        pytest.param(lambda client, calls: client.upload(calls, progress=stop_at_sight("looking", 2)), id="looking"),
        pytest.param(
            lambda client, calls: client.wait(client.upload(calls), progress=stop_at("following")), id="following"
        ),
    ],
)
def test_59_an_interrupt_when_all_is_sent_tells_how_to_look_later(run, serve, connect, calls):
    client = connect(serve(lag=5000))
    with pytest.raises(KeyboardInterrupt) as stop:
        run(client, calls)
    later = f"See later what became of it: callframe status --counter {COUNTER} 1000"
    assert stop.value.__notes__ == [f"Metrica has accepted: upload 1000. {later}"]


@row(59, "Ctrl-C before anything is sent", "says that nothing was accepted", 130)
@pytest.mark.parametrize("moment", ["looking over the file", "looking at the list"])
def test_59_an_interrupt_before_anything_is_sent(moment, serve, connect, calls, monkeypatch):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    if moment == "looking over the file":
        monkeypatch.setattr(outgoing, "check_csv", stop)
    server = serve()
    with pytest.raises(KeyboardInterrupt) as caught:
        connect(server).upload(calls, progress=stop_at("looking"))
    told = "No upload is known to have been accepted. Run the same command again: it looks before it sends."
    assert caught.value.__notes__ == [told]
    assert server.sent == []
