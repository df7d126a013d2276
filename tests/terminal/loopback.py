"""The fake server in a thread of its own, for tests that wait without an event loop."""

import asyncio
import threading
from types import TracebackType
from typing import Self

from tests.fakes.server import FakeServer


class Loopback:
    """Runs ``server`` as long as it is entered; script it before a program asks."""

    def __init__(self) -> None:
        self.server = FakeServer()
        self._started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="loopback", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._started.wait(10), "the fake server did not start"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        async with self.server:
            self._started.set()
            await self._stop.wait()
