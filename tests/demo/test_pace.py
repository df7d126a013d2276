"""Waiting in scaled seconds."""

import asyncio
import math
import time

import pytest

from tui.demo.pace import Pace


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return waits


@pytest.mark.parametrize(("speed", "expected"), [(1, 3.0), (2, 1.5), (0, 0), (math.inf, 0)])
async def test_speed_scales_a_wait(slept: list[float], speed: float, expected: float) -> None:
    await Pace(speed).wait(3)
    assert slept == [expected]


async def test_a_late_token_is_not_waited_for_again(slept: list[float]) -> None:
    await Pace(1).keep(time.monotonic() - 10, 5)
    assert slept == [0]


async def test_a_token_that_is_not_due_is_waited_for(slept: list[float]) -> None:
    await Pace(2).keep(time.monotonic(), 20)
    assert 9 < slept[0] <= 10


async def test_a_wait_can_be_cancelled() -> None:
    task = asyncio.create_task(Pace(1).wait(3600))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
