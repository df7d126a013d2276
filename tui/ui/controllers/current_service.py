"""The service in use, and the ones it replaced that somebody still needs."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.services.openrouter import OpenRouter


class CurrentService:
    """Opens the service when it is first needed and lends it out.

    One that was replaced stays open until its last borrower is done: an answer that streams goes on
    although the settings have changed.
    """

    def __init__(self, open_service: Callable[[], OpenRouter]) -> None:
        self._open_service = open_service
        self._current: OpenRouter | None = None
        self._borrowers: Counter[OpenRouter] = Counter()
        self._lock = asyncio.Lock()

    def is_current(self, service: OpenRouter) -> bool:
        """Whether the settings still mean this service."""
        return service is self._current

    @asynccontextmanager
    async def borrowed(self) -> AsyncIterator[OpenRouter]:
        """The service, which stays open within; raises WorkbenchError if none is set up."""
        async with self._lock:
            if self._current is None:
                self._current = await asyncio.to_thread(self._open_service)
            service = self._current
            self._borrowers[service] += 1
        try:
            yield service
        finally:
            self._borrowers[service] -= 1
            if not self._borrowers[service]:
                del self._borrowers[service]
                if not self.is_current(service):
                    await service.aclose()

    async def replace_if(self, changed: Callable[[], bool]) -> bool:
        """Run ``changed`` while nobody opens a service; if it is true, the next one is another."""
        async with self._lock:
            if not changed():
                return False
            replaced, self._current = self._current, None
        if replaced is not None and replaced not in self._borrowers:
            await replaced.aclose()
        return True

    async def aclose(self) -> None:
        """Close the service, or leave that to its last borrower."""
        await self.replace_if(lambda: True)
