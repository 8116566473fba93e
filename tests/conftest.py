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

    with Sandbox() as box:
        yield box
