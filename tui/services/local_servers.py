"""Servers on this machine, looked for when the user asks for it, and only there."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass

from tui.domain.addresses import is_loopback
from tui.domain.connection import Connection
from tui.domain.errors import WorkbenchError
from tui.domain.provider_presets import PRESETS, ProviderPreset, preset_of_owner
from tui.domain.sanitize import single_line
from tui.domain.settings import ProviderKind, ReliabilitySettings
from tui.domain.values import as_list, as_object, as_text, parse_json
from tui.services.http import HttpClient

LONGEST_LOOK = 1.5
"""Seconds for one server; on this machine an answer takes milliseconds."""
_LONGEST_LIST = 4 * 1024 * 1024
_MOST_MODELS = 500
_LONGEST_NAME = 200
_NEEDS_KEY = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server that answered: what it seems to be, where, and with which models.

    ``models`` is empty where it wants a key first (``needs_key``) or has loaded none.
    """

    preset: ProviderPreset
    base_url: str
    models: tuple[str, ...] = ()
    needs_key: bool = False


async def find_local_servers(
    places: Sequence[tuple[ProviderPreset, str]] | None = None, longest: float = LONGEST_LOOK
) -> tuple[FoundServer, ...]:
    """The servers that answer at these base URLs, by default the usual ones, in their order.

    No key is sent. ``longest`` is in seconds. Raises ValueError for an address that is not on this
    machine.
    """
    if places is None:
        places = [(each, each.base_url) for each in PRESETS]
    for _, base_url in places:
        if not is_loopback(base_url):
            raise ValueError("only servers on this machine are looked for")
    found = await asyncio.gather(*(_look(each, url, longest) for each, url in places))
    return tuple(server for server in found if server is not None)


async def _look(preset: ProviderPreset, base_url: str, longest: float) -> FoundServer | None:
    connection = Connection(preset.name, ProviderKind.COMPATIBLE, base_url, "")
    waits = ReliabilitySettings(
        connect_timeout=longest, first_byte_timeout=longest, silence_timeout=longest, retries=0
    )
    try:
        async with asyncio.timeout(longest), aclosing(HttpClient(connection, waits)) as client:
            reply = await client.get("/models", {})
            try:
                if reply.status in _NEEDS_KEY:
                    return FoundServer(preset, base_url, needs_key=True)
                body = await reply.read(_LONGEST_LIST) if reply.succeeded else b""
            finally:
                await reply.aclose()
    except (WorkbenchError, TimeoutError):
        return None
    return _identified(preset, base_url, body)


def _identified(preset: ProviderPreset, base_url: str, body: bytes) -> FoundServer | None:
    """What answered, by its list of models; None for something that has no such list."""
    try:
        document = as_object(parse_json(body))
    except ValueError:
        return None
    rows = document.get("data")
    if not isinstance(rows, list):
        return None
    named = [as_object(row) for row in as_list(rows)[:_MOST_MODELS]]
    models = [single_line(as_text(row.get("id")), _LONGEST_NAME) for row in named]
    owners = (preset_of_owner(as_text(row.get("owned_by"))) for row in named)
    known = next((owner for owner in owners if owner is not None), preset)
    return FoundServer(known, base_url, tuple(model for model in models if model))
