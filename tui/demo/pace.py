"""How fast the demo answers: text cut like tokens, and waits that can be cancelled."""

import asyncio
import math
import re
import time
from collections.abc import Iterator

_TOKEN = re.compile(r"[\u2e80-\U0010ffff]{1,2}| ?\w{1,8}|\s+|[^\w\s]{1,4}")
"""One or two ideographs; up to eight letters with the space before them; space; punctuation."""


def split_tokens(text: str) -> Iterator[str]:
    """The text in pieces such as a tokenizer makes; joined they are the text again."""
    return (found.group() for found in _TOKEN.finditer(text))


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
