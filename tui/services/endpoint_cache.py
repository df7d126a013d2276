"""Who serves a model, asked once and kept in memory for minutes."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from tui.domain.errors import Failure, WorkbenchError
from tui.domain.model import Endpoint

FRESH = 300.0
"""Seconds for which an answer is shown without asking again."""
MOST_MODELS = 500
_RETRY_AFTER = 10.0
"""Seconds after a failure in which it is not tried again by itself."""

Fetch = Callable[[str], Awaitable[tuple[Endpoint, ...]]]


@dataclass(frozen=True, slots=True)
class EndpointsRead:
    """The endpoints of a model as last read; empty where the server names none.

    ``read_at`` is a moment of the cache's clock, None if they were never read. ``failure`` says why
    they could not be read again.
    """

    endpoints: tuple[Endpoint, ...] = ()
    read_at: float | None = None
    failure: Failure | None = None


class EndpointCache:
    """Reads endpoints through ``fetch``, one request for a model at a time.

    ``fetch`` raises WorkbenchError; what was read before is then kept and shown with the failure.
    ``clock`` is monotonic, in seconds. Belongs to one server: make another one for another.
    """

    def __init__(
        self, fetch: Fetch, *, fresh: float = FRESH, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch = fetch
        self._fresh = fresh
        self._clock = clock
        self._read: dict[str, EndpointsRead] = {}
        self._tried: dict[str, float] = {}
        self._running: dict[str, asyncio.Task[EndpointsRead]] = {}

    async def get(self, model_id: str, *, again: bool = False) -> EndpointsRead:
        """The endpoints of a model, asked for unless they are fresh; ``again`` asks in any case.

        Never raises but when it is cancelled; the request then goes on for the next caller.
        """
        task = self._running.get(model_id)
        if task is None:
            known = self.peek(model_id)
            if known is not None and not again and not self._is_due(model_id, known):
                return known
            task = asyncio.create_task(self._ask(model_id), name=f"endpoints of {model_id}")
            self._running[model_id] = task
        return await asyncio.shield(task)

    def peek(self, model_id: str) -> EndpointsRead | None:
        """What is known of a model without asking."""
        return self._read.get(model_id)

    def known(self) -> Mapping[str, tuple[Endpoint, ...]]:
        """The endpoints of every model that was read, by id."""
        return {model_id: read.endpoints for model_id, read in self._read.items() if read.endpoints}

    def age(self, read: EndpointsRead) -> float | None:
        """How many seconds ago this was read; None if it never was."""
        return None if read.read_at is None else max(0.0, self._clock() - read.read_at)

    def _is_due(self, model_id: str, known: EndpointsRead) -> bool:
        now = self._clock()
        if known.failure is not None:
            return now - self._tried[model_id] >= _RETRY_AFTER
        return known.read_at is None or now - known.read_at >= self._fresh

    async def _ask(self, model_id: str) -> EndpointsRead:
        try:
            read = EndpointsRead(await self._fetch(model_id), self._clock())
        except WorkbenchError as error:
            read = replace(self._read.get(model_id, EndpointsRead()), failure=error.failure)
        finally:
            del self._running[model_id]
        self._keep(model_id, read)
        return read

    def _keep(self, model_id: str, read: EndpointsRead) -> None:
        for kept in (self._read, self._tried):
            kept.pop(model_id, None)
        self._read[model_id] = read
        self._tried[model_id] = self._clock()
        while len(self._read) > MOST_MODELS:
            oldest = next(iter(self._read))
            del self._read[oldest], self._tried[oldest]
