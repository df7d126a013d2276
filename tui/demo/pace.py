"""How fast the demo answers: waits that can be cancelled."""

import asyncio
import math
import time


class Pace:
    """Waits in simulated seconds; ``speed`` 2 is twice as fast, 0 or infinity does not wait."""

    def __init__(self, speed: float) -> None:
        self._scale = 1 / speed if speed > 0 and math.isfinite(speed) else 0.0

    async def wait(self, seconds: float) -> None:
        """Wait so long, scaled; gives way to other tasks even without a wait."""
        await asyncio.sleep(seconds * self._scale)

    async def keep(self, started: float, seconds: float) -> None:
        """Wait until ``seconds``, scaled, have passed since the monotonic moment ``started``.

        Waiting for moments instead of spans keeps the rate when single waits are late.
        """
        due = started + seconds * self._scale
        await asyncio.sleep(max(0.0, due - time.monotonic()))
