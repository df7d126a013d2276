"""Making the providers ready that stand in for the chosen one: which, with which model."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.domain.addresses import origin_of
from tui.domain.catalogue import Catalogue
from tui.domain.connection import Connection
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.model import normalise_model_id
from tui.domain.parameters_layers import Layer
from tui.domain.settings import OPENROUTER_URL, ProviderKind, Settings
from tui.domain.turn import TurnRequest, turn_request
from tui.services.fallback import NO_STAND_INS, StandIn, StandIns
from tui.services.wire import parse_catalogue

if TYPE_CHECKING:
    from tui.services.openrouter import OpenRouter


@dataclass(frozen=True, slots=True)
class Means:
    """How other providers are reached: each function may block, and raises WorkbenchError.

    ``connect`` resolves a provider by its name, by the rules for keys that hold for every server;
    ``cached`` is the catalogue of an earlier run.
    """

    connect: Callable[[str], Connection]
    open_service: Callable[[Connection], "OpenRouter"]
    cached: Callable[[Connection], Catalogue | None]


def stand_ins_for(
    settings: Settings,
    connection: Connection,
    means: Means,
    *,
    asked: str,
    session_id: str,
    layers: Sequence[Layer] = (),
) -> StandIns:
    """Who takes over from ``connection`` when it fails a turn with the model ``asked``.

    Nobody stands in for the demo, and the demo for nobody: its answers are made up.
    """
    if connection.is_demo:
        return NO_STAND_INS
    names = _standing_in(settings, connection)

    async def open_stand_in(name: str) -> StandIn:
        there = await asyncio.to_thread(means.connect, name)
        service = await asyncio.to_thread(means.open_service, there)
        try:
            catalogue = await asyncio.to_thread(means.cached, there) or Catalogue()
            model_id = model_standing_in(settings, there, asked)
            if model_id is None:
                if not catalogue.models:
                    catalogue = parse_catalogue(await service.models())
                model_id = _likeliest(catalogue, asked)
        except BaseException:
            await service.aclose()
            raise
        request = turn_request(
            settings,
            there,
            catalogue,
            model_id=model_id,
            session_id=session_id,
            layers=layers,
        )
        return StandIn(request, service)

    return StandIns(
        tuple(names),
        frozenset(settings.reliability.fallback_on),
        open_stand_in,
        others=_others(settings, names, connection),
    )


def stand_in_requests(
    settings: Settings,
    connection: Connection,
    means: Means,
    *,
    asked: str,
    session_id: str,
    layers: Sequence[Layer] = (),
) -> list[TurnRequest]:
    """The requests that the others would get, as far as that is known without asking them; blocks.

    A provider that cannot be used, as without a key, cannot take over either.
    """
    requests = []
    for name in [] if connection.is_demo else _standing_in(settings, connection):
        try:
            there = means.connect(name)
        except WorkbenchError:
            continue
        catalogue = means.cached(there) or Catalogue()
        model_id = model_standing_in(settings, there, asked)
        if model_id is None:
            model_id = _likeliest(catalogue, asked) if catalogue.models else asked
        requests.append(
            turn_request(
                settings,
                there,
                catalogue,
                model_id=model_id,
                session_id=session_id,
                layers=layers,
            )
        )
    return requests


def can_stand_in(settings: Settings, means: Means, name: str, asked: str) -> bool:
    """Whether a provider may answer for the model ``asked``, without asking it; blocks.

    OpenRouter cannot without its key, nor with a model that its catalogue, as last read, has not;
    its ids name an author. Nobody knows what other servers take under which name.
    """
    try:
        there = means.connect(name)
    except WorkbenchError:
        return False
    if there.kind is ProviderKind.COMPATIBLE:
        return True
    model_id = model_standing_in(settings, there, asked) or ""
    if there.needs_key or "/" not in model_id:
        return False
    catalogue = means.cached(there)
    return catalogue is None or not catalogue.models or catalogue.find(model_id) is not None


def _standing_in(settings: Settings, connection: Connection) -> list[str]:
    """The names of those who stand in for a connection, in their order."""
    return [
        name
        for name in dict.fromkeys(settings.reliability.fallback_providers)
        if name != connection.provider and not _is_demo(settings, name)
    ]


def model_standing_in(settings: Settings, there: Connection, asked: str) -> str | None:
    """The model of another provider for the one asked; None where its catalogue has to tell.

    The provider's ``model_map`` decides, then its own ``model``; a gateway to OpenRouter has the
    same models.
    """
    provider = settings.provider(there.provider)
    wanted = normalise_model_id(asked)
    mapped = {normalise_model_id(name): model for name, model in provider.model_map.items()}
    chosen = mapped.get(wanted) or provider.model
    if chosen or there.kind is ProviderKind.COMPATIBLE:
        return chosen
    return wanted


def _likeliest(catalogue: Catalogue, asked: str) -> str:
    """The model under the same name, with or without its author; else the server's first one."""
    name = normalise_model_id(asked).rpartition("/")[2]
    same = [
        known for known in catalogue.models if known == asked or known.rpartition("/")[2] == name
    ]
    found = next(iter([*same, *catalogue.models]), None)
    if found is None:
        raise WorkbenchError(
            Failure(
                FailureKind.NOT_FOUND,
                "The server lists no model that could stand in.",
                "Name one as its model, or in its model_map, in config.toml.",
            )
        )
    return found


def _is_demo(settings: Settings, name: str) -> bool:
    return name in settings.provider_names() and (settings.provider(name).kind is ProviderKind.DEMO)


def _others(settings: Settings, first: Sequence[str], connection: Connection) -> tuple[str, ...]:
    """The providers that could be chosen instead: those that are set up with an address."""
    names = dict.fromkeys(first)
    for name in settings.provider_names():
        provider = settings.provider(name)
        is_ready = (
            bool(provider.base_url)
            if provider.kind is ProviderKind.COMPATIBLE
            else (
                provider.kind is ProviderKind.OPENROUTER
                and connection.origin != origin_of(OPENROUTER_URL)
            )
        )
        if is_ready and name != connection.provider:
            names.setdefault(name)
    return tuple(names)
