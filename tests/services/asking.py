"""How the tests of the API ask a server, and what they look for in the answer."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from pydantic import SecretStr

from tui.domain.connection import Connection
from tui.domain.errors import Failure
from tui.domain.events import (
    Failed,
    Finished,
    Interrupted,
    Retrying,
    TextDelta,
    TurnEvent,
)
from tui.domain.settings import ProviderKind, ReliabilitySettings
from tui.services.openrouter import OpenRouter

CANARY = "sk-or-v1-test-canary-0000"
BODY = {"model": "test/model", "messages": [{"role": "user", "content": "Grüße"}], "stream": True}
HEADERS = {"X-Client-Request-Id": "one-send"}


def connection_to(base_url: str, **fields: Any) -> Connection:
    """A connection with a key, unless told otherwise."""
    known: dict[str, Any] = {"kind": ProviderKind.OPENROUTER, "key": SecretStr(CANARY), **fields}
    return Connection("test", known.pop("kind"), base_url, "test/model", **known)


@asynccontextmanager
async def api(
    base_url: str, *, connection: Mapping[str, Any] | None = None, **reliability: Any
) -> AsyncIterator[OpenRouter]:
    """The API at this address; further arguments are fields of the reliability settings."""
    service = OpenRouter(
        connection_to(base_url, **(connection or {})), ReliabilitySettings(**reliability)
    )
    try:
        yield service
    finally:
        await service.aclose()


async def ask(service: OpenRouter, body: Mapping[str, Any] = BODY) -> list[TurnEvent]:
    """All events of one turn."""
    return [event async for event in service.stream_chat(dict(body), HEADERS)]


def text_of(events: Sequence[TurnEvent]) -> str:
    """The answer's text."""
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def retries_of(events: Sequence[TurnEvent]) -> list[Retrying]:
    """The announcements of further tries."""
    return [event for event in events if isinstance(event, Retrying)]


def failure_of(events: Sequence[TurnEvent]) -> Failure:
    """The failure that ended the turn; checks that it is the one end, and free of the key."""
    ends = [event for event in events if isinstance(event, Finished | Interrupted | Failed)]
    assert ends == [events[-1]]
    assert isinstance(ends[0], Interrupted | Failed)
    assert CANARY not in repr(events)
    return ends[0].failure
