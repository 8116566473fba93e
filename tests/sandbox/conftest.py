"""A sandbox, and a counter of its own for each test."""

from zlib import crc32

import pytest

from .client import Client, running


@pytest.fixture(scope="module")
def shared():
    """One sandbox for tests that leave nothing behind that another one would see."""
    with running() as (box, _):
        yield box


@pytest.fixture
def client(shared, request):
    return Client(shared, counter=1 + crc32(request.node.nodeid.encode()) % 10**9)
