"""A service without a wire: it yields the events of a script and waits where the script says so."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field

from tui.domain.connection import Connection
from tui.domain.cost import Usage
from tui.domain.events import TurnEvent
from tui.domain.model import KeyInfo
from tui.domain.request import Json
from tui.domain.settings import ProviderKind

Script = Sequence[TurnEvent | asyncio.Event | Exception]


@dataclass(eq=False)
class FakeService:
    """Plays one script a request, the last one for all that follow.

    A script holds events, gates to wait at, and exceptions to raise. ``open_streams`` counts the
    streams that nobody has closed.
    """

    scripts: Sequence[Script]
    generations: list[Usage | None] = field(default_factory=list)
    connection: Connection = field(
        default_factory=lambda: Connection(
            "openrouter", ProviderKind.OPENROUTER, "https://openrouter.test/api/v1", "a/b"
        )
    )
    closed: bool = False
    bodies: list[Json] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    open_streams: int = 0

    async def stream_chat(
        self, body: Json, headers: Mapping[str, str]
    ) -> AsyncGenerator[TurnEvent, None]:
        script = self.scripts[min(len(self.bodies), len(self.scripts) - 1)]
        self.bodies.append(body)
        self.headers.append(headers)
        self.open_streams += 1
        try:
            for step in script:
                if isinstance(step, asyncio.Event):
                    await step.wait()
                elif isinstance(step, Exception):
                    raise step
                else:
                    await asyncio.sleep(0)
                    yield step
        finally:
            self.open_streams -= 1

    async def generation(self, generation_id: str) -> Usage | None:
        return self.generations.pop(0) if self.generations else None

    async def key_info(self) -> KeyInfo | None:
        return None

    async def aclose(self) -> None:
        self.closed = True
