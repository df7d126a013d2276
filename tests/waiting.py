"""How tests of screens wait: for what is seen, never for a time."""

import asyncio
from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot

_LONGEST = 20.0
_EVERY = 0.01


async def until(pilot: Pilot[Any], condition: Callable[[], object]) -> None:
    """Wait until something holds, on a screen that has its widgets; fails after 20 seconds.

    In between it only sleeps: a screen that is asked whether it is idle works for the answer.
    """
    if pilot.app.screen.is_mounted and condition():
        return
    async with asyncio.timeout(_LONGEST):
        await pilot.pause(0)
        while not (pilot.app.screen.is_mounted and condition()):
            await asyncio.sleep(_EVERY)
        await pilot.pause(0)
