"""Whatever happens in whatever order: no part twice, and nothing is called done that is not."""

import tempfile
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from callframe.errors import OutcomeUnknown, UploadError
from callframe.metrica import Metrica, plan
from callframe.metrica.identity import Fingerprint
from callframe.metrica.split import split

from .wires import COUNTER, LIMITS, TOKEN, FaultServer, Peer, Weather, accept, write_calls

ROWS, PART_BYTES = 16, 400
PARTS = 3
"""Of the file as it is, and of the file with the rows of each kind of id apart: the harder case to tell the two by."""

SETTLE = 1800.0


def stored(peer: Peer) -> None:
    peer.read_body()
    peer.server.store(peer)


def stored_500(peer: Peer) -> None:
    stored(peer)
    peer.say(500, raw=b"<title>oops</title>")


def lost_500(peer: Peer) -> None:
    peer.read_body()
    peer.say(502, raw=b"")


def stored_odd(peer: Peer) -> None:
    stored(peer)
    peer.say(200, [])


def reset_early(peer: Peer) -> None:
    peer.read_body(10)
    peer.reset()


def busy(peer: Peer) -> None:
    peer.read_body()
    peer.refuse(429, "quota_requests_by_ip", Retry_After="1")


def refused(peer: Peer) -> None:
    peer.read_body()
    peer.refuse(400, "invalid_uploading")


ACTS = st.sampled_from([accept, accept, stored, stored_500, stored_odd, lost_500, reset_early, busy, refused])


def oops(peer: Peer) -> None:
    peer.refuse(503, "backend_error")


class Uploads(RuleBasedStateMachine):
    """One file of some parts, cut in one of two ways; one careful user, one careless server."""

    def __init__(self) -> None:
        super().__init__()
        self.weather = Weather()
        self.server = FaultServer(time=lambda: self.weather.time)
        self.folder = tempfile.TemporaryDirectory()
        self.calls = write_calls(Path(self.folder.name, "calls.csv"), ROWS, mixed=True)
        whole = plan(self.calls, PART_BYTES)
        assert len(whole.parts) == PARTS
        with split(whole, PART_BYTES) as apart:
            assert len(apart.parts) == PARTS

    def teardown(self) -> None:
        self.server.close()
        self.folder.cleanup()

    def run(self, **options: object) -> object:
        client = Metrica(COUNTER, TOKEN, base_url=self.server.base_url, clock=self.weather.clock, limits=LIMITS)
        try:
            return client.upload(self.calls, part_bytes=PART_BYTES, settle=SETTLE, **options)
        finally:
            self.server.posts.clear()
            self.server.gets.clear()

    @rule(seconds=st.sampled_from([0.0, 3.0, 100.0, SETTLE - 60]))
    def the_list_lags(self, seconds: float) -> None:
        self.server.lag = seconds
        self.weather.time += seconds

    @rule(acts=st.lists(ACTS, max_size=5), questions=st.integers(0, 3), apart=st.booleans())
    def upload(self, acts, questions, apart) -> None:
        self.server.posts = list(acts)
        self.server.gets = [oops] * questions
        upload = error = None
        try:
            upload = self.run(split_by_identifier=apart)
        except UploadError as caught:
            error = caught
        if isinstance(error, OutcomeUnknown):
            missing = Fingerprint.read(error.comment)
            assert missing.text not in {str(one["comment"]) for one in self.server.uploads}
        if error is not None:
            assert set(error.accepted) <= {one["id"] for one in self.server.uploads}
        else:
            assert upload.rows_sent == upload.source_quantity == ROWS
            assert {part.id for part in upload.parts} == {one["id"] for one in self.server.uploads}
            assert len(upload.parts) == PARTS
            assert sum(self.rows_there().values()) == ROWS
            if not any("does not show" in note for note in upload.notes):
                return
        self.weather.time += self.server.lag

    @rule(
        acts=st.lists(ACTS, max_size=3),
        state=st.sampled_from(["looking", "answering", "pausing", "settling"]),
        nth=st.integers(1, 4),
        apart=st.booleans(),
    )
    def upload_and_stop(self, acts, state, nth, apart) -> None:
        self.server.posts = list(acts)
        count = Counter()

        def watch(progress) -> None:
            count[progress.state] += 1
            if progress.state == state and count[state] == nth:
                raise KeyboardInterrupt

        with suppress(KeyboardInterrupt, UploadError):
            self.run(progress=watch, split_by_identifier=apart)
        self.weather.time += self.server.lag

    @rule(apart=st.booleans())
    def what_is_done_is_adopted(self, apart) -> None:
        if sum(self.rows_there().values()) < ROWS:
            return  # not a precondition: how far an interrupted run got is a matter of milliseconds
        before = len(self.server.sent)
        assert self.run(split_by_identifier=apart).adopted
        assert len(self.server.sent) == before

    def rows_there(self) -> Counter:
        """Each row that the server has taken."""
        return Counter(line for file in self.server.files for line in file.splitlines()[1:])

    @invariant()
    def no_part_is_there_twice(self) -> None:
        marks = Counter(str(one["comment"]) for one in self.server.uploads)
        assert all(count == 1 for count in marks.values())
        assert all(count == 1 for count in self.rows_there().values())


Uploads.TestCase.settings = settings(max_examples=25, stateful_step_count=8, deadline=None)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
class TestUploads(Uploads.TestCase):
    pass
