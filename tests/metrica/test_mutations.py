"""The tests are awake: each promise is broken in the code on purpose, and the named tests must turn red."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import requests
from urllib3.util import Retry

from callframe.metrica import Limits, body, sending, service, transport
from callframe.metrica.answers import Incomplete, Outcome, Unknown, judge
from callframe.metrica.transport import Exchange

from . import test_faults, test_once
from .conftest import Stage
from .test_faults import play

BRISK = Limits(connect=5, stall=2, answer=2, read=5, body=20, grace=2)
"""A second request that hangs, as a broken promise makes it, is not waited for long."""

Red = Callable[[Stage, "pytest.TempPathFactory"], None]


def mount_retry(patch: pytest.MonkeyPatch) -> None:
    """The adapter tries again by itself, as adapters are often told to."""
    usual = transport._Adapter.__init__

    def init(self, wire) -> None:
        usual(self, wire)
        self.max_retries = Retry(3, backoff_factor=0)

    patch.setattr(transport._Adapter, "__init__", init)


def follow_redirects(patch: pytest.MonkeyPatch) -> None:
    """Requests go out through a session, which follows redirects unless it is told not to."""
    usual = transport._Adapter.send

    def send(self, request, **options):
        class Usual(requests.adapters.HTTPAdapter):
            def send(adapter, request, **options):  # noqa: N805
                return usual(self, request, **options)

        session = requests.Session()
        session.mount("http://", Usual())
        return session.send(request, **options)

    patch.setattr(transport._Adapter, "send", send)


def classify_by_exception(patch: pytest.MonkeyPatch) -> None:
    """What the exception says counts, not what has left: a broken connection passes for a request that was not made."""

    def judged(exchange: Exchange) -> Outcome:
        outcome = judge(exchange)
        broken = exchange.obstacle in ("closed", "handshake", "stalled", "cut answer", "refused")
        return Incomplete(exchange.obstacle, exchange.sent) if isinstance(outcome, Unknown) and broken else outcome

    patch.setattr(service, "judge", judged)


def drop_the_echo_check(patch: pytest.MonkeyPatch) -> None:
    """An accepted part counts as recognisable, whatever became of its comment."""
    patch.setattr(sending, "_checked", lambda upload, mark, part: replace(upload, rows_sent=part.rows))


def close_anyway(patch: pytest.MonkeyPatch) -> None:
    """The closing boundary leaves, whatever the file has become."""
    patch.setattr(body.Body, "_commit", lambda self: None)


def of_matrix(name: str) -> Red:
    return lambda stage, folder: play(name, stage)


def redirected(stage: Stage, folder: "pytest.TempPathFactory") -> None:
    test_faults.test_33_nothing_goes_where_a_redirect_points(307, stage)


def without_echo(stage: Stage, folder: "pytest.TempPathFactory") -> None:
    test_once.test_17_without_the_echo_no_further_part_is_sent(stage.serve, stage.connect, folder.mktemp("echo"))


def edited(stage: Stage, folder: "pytest.TempPathFactory") -> None:
    test_once.test_53_a_file_that_changes_while_it_is_sent_never_arrives_whole(
        test_once.CHANGES["has another byte"],
        stage.serve,
        stage.connect,
        stage.many_calls,
        folder.mktemp("edited"),
        stage.watched,
    )


MUTATIONS: dict[Callable[[pytest.MonkeyPatch], None], dict[str, Red]] = {
    mount_retry: {
        "12-TLS-garbage-after-body": of_matrix("12-TLS-garbage-after-body"),
    },
    follow_redirects: {
        "33-redirect-307": of_matrix("33-redirect-307"),
        "test_33_nothing_goes_where_a_redirect_points": redirected,
    },
    classify_by_exception: {
        "10-closed-after-body": of_matrix("10-closed-after-body"),
        "12-TLS-reset-after-body": of_matrix("12-TLS-reset-after-body"),
        "13-answer-cut-short": of_matrix("13-answer-cut-short"),
    },
    drop_the_echo_check: {
        "17-comment-not-echoed": of_matrix("17-comment-not-echoed"),
        "test_17_without_the_echo_no_further_part_is_sent": without_echo,
    },
    close_anyway: {"test_53_a_file_that_changes_while_it_is_sent_never_arrives_whole": edited},
}
CASES = [
    pytest.param(mutate, red, id=f"{mutate.__name__}: {name}")
    for mutate, reds in MUTATIONS.items()
    for name, red in reds.items()
]


@pytest.mark.parametrize(("mutate", "red"), CASES)
def test_a_broken_promise_turns_a_test_red(mutate, red, stage, tmp_path_factory):
    stage = replace(stage, limits=BRISK)
    red(stage, tmp_path_factory)
    with pytest.MonkeyPatch.context() as patch:
        mutate(patch)
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            red(stage, tmp_path_factory)
    red(stage, tmp_path_factory)
