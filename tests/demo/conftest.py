"""A demo that does not wait, and a client for it."""

import pytest

from tests.demo.client import DemoClient
from tui.demo.transport import DemoTransport


@pytest.fixture
def client() -> DemoClient:
    return DemoClient(DemoTransport(speed=0))
