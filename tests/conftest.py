"""Hypothesis profiles, and what several tests share."""

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("dev", max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.fixture
def sandbox():
    """A local Metrica that goes through its statuses at once."""
    from callframe.sandbox import Sandbox

    with Sandbox(pace=0.2) as box:
        yield box


@pytest.fixture
def golden(request):
    """Compare with a file in tests/golden, or at a path; `pytest --golden` writes it anew."""

    def check(name, shown):
        path = request.path.parent / "golden" / name  # a whole path stays one
        if request.config.getoption("--golden"):
            path.write_text(shown, encoding="utf-8")
        assert shown == path.read_text(encoding="utf-8"), f"{path.name} differs; pytest --golden writes it anew"

    return check


def pytest_addoption(parser):
    parser.addoption("--golden", action="store_true", help="write the golden files anew")
