"""What onboarding has chosen: checked with its server, and saved in one step."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from tui.domain.addresses import clean_base_url, crosses_network_in_clear, origin_of
from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_nearest import nearest
from tui.domain.connection import Connection, KeySource, configured_url, key_hint
from tui.domain.consent import settle_key_origins
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.figures import money
from tui.domain.model import KeyInfo, normalise_model_id
from tui.domain.onboarding_words import while_beginning
from tui.domain.sanitize import single_line
from tui.domain.settings import ProviderKind, ProviderSettings, Settings
from tui.runtime import Runtime
from tui.services.config_file import load_config, save_changes
from tui.services.keyring_keep import keep_key
from tui.services.wire import parse_catalogue

if TYPE_CHECKING:
    from tui.services.openrouter import OpenRouter

_LONGEST_CHECK: Final = 10.0
"""Seconds for the server to say what it thinks of the key."""
_NOT_THERE: Final = frozenset(
    {FailureKind.NOT_FOUND, FailureKind.NOT_A_STREAM, FailureKind.BAD_DATA}
)
"""What comes of an address at which there is something else."""
_REFUSALS: Final = frozenset(
    {
        FailureKind.BAD_KEY,
        FailureKind.FORBIDDEN,
        FailureKind.KEY_WITHHELD,
        FailureKind.BAD_SETTINGS,
    }
)
"""What the user has to put right before anything is saved."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A provider with its key and its model. ``variable`` names where the key will be found.

    ``catalogue`` is what the server lists, once it was asked.
    """

    provider: str
    key: SecretStr | None = None
    model: str = ""
    base_url: str = ""
    variable: str = ""
    catalogue: Catalogue = field(default_factory=Catalogue)


def with_choice(choice: Choice, model: str) -> Choice:
    """The choice with this model."""
    return replace(choice, model=model)


async def check(runtime: Runtime, choice: Choice) -> tuple[Choice, list[str]]:
    """Ask the server about the key and the model; the notes tell what it said.

    An address without a path at which there is no API is tried with ``/v1``, where most have it;
    the choice that is returned has it then. Raises :class:`WorkbenchError` for a key that is
    refused and a model that does not exist. A server that cannot be reached is a note: the set-up
    may be made before the network is there.
    """
    try:
        found, notes = await _asked_here_or_below(runtime, choice)
    except TimeoutError:
        return choice, ["The server did not answer in time, so nothing could be checked."]
    except WorkbenchError as error:
        if error.failure.kind in _REFUSALS:
            raise
        step = while_beginning(error.failure.next_step)
        return choice, [f"Nothing could be checked: {error.failure.what} {step}"]
    catalogue = found.catalogue
    if choice.model and catalogue.models and catalogue.find(choice.model) is None:
        near = nearest(catalogue, choice.model)
        step = f"Did you mean {' or '.join(near)}?" if near else "See orw models."
        what = f"There is no model called {normalise_model_id(choice.model)}."
        raise WorkbenchError(Failure(FailureKind.NOT_FOUND, what, step))
    return found, notes


async def _asked_here_or_below(runtime: Runtime, choice: Choice) -> tuple[Choice, list[str]]:
    """What the server says at its address, or else at the usual place below it."""
    try:
        return await _asked(runtime, choice)
    except WorkbenchError as error:
        usual = _usual_place(choice)
        if usual is None or error.failure.kind not in _NOT_THERE:
            raise
        try:
            found, notes = await _asked(runtime, usual)
        except WorkbenchError as below:
            raise (below if below.failure.kind in _REFUSALS else error) from None
        return found, [f"The server answers at {usual.base_url}.", *notes]


def _usual_place(choice: Choice) -> Choice | None:
    """The choice with the path that most servers have, if its address has none."""
    if not choice.base_url:
        return None
    base_url = clean_base_url(choice.base_url)
    return replace(choice, base_url=f"{base_url}/v1") if base_url == origin_of(base_url) else None


async def _asked(runtime: Runtime, choice: Choice) -> tuple[Choice, list[str]]:
    """The choice with what the server lists; raises WorkbenchError and TimeoutError."""
    connection = _connection(_settings_with(runtime.settings, choice), choice)
    async with (
        asyncio.timeout(_LONGEST_CHECK),
        aclosing(await asyncio.to_thread(runtime.open_service, connection)) as service,
    ):
        notes = await _about_key(service, connection)
        return replace(choice, catalogue=parse_catalogue(await service.models())), notes


async def _about_key(service: OpenRouter, connection: Connection) -> list[str]:
    if connection.key is None or connection.kind is ProviderKind.COMPATIBLE:
        return []
    info = await service.key_info()
    return [] if info is None else [_key_words(info, connection)]


def _key_words(info: KeyInfo, connection: Connection) -> str:
    label = single_line(info.label, 60)
    name = f"{connection.key_hint} ({label})" if label else connection.key_hint
    if info.limit is None:
        return f"The key {name} is valid, without a limit."
    left = f"{money(info.limit_remaining)} left of {money(info.limit)}"
    return f"The key {name} is valid: {left}."


def save(runtime: Runtime, choice: Choice) -> str:
    """Store the choice as the default, and say where the key is now; raises WorkbenchError."""
    file = runtime.paths.config_file
    before = _with_provider(load_config(file).settings, choice.provider)
    changes = dict(_settings_with(before, choice).changes_since(before))
    if choice.variable:
        reference = SecretStr(f"${{{choice.variable}}}")
        keep_key(file, choice.provider, reference, runtime.keyring, changes)
        return f"is read from {choice.variable} at each start"
    if choice.key is None:
        save_changes(file, changes)
        return "is not needed"
    return keep_key(file, choice.provider, choice.key, runtime.keyring, changes)


def save_beginning(runtime: Runtime, provider: str, model: str, theme: str) -> None:
    """Store the model to begin with, for this provider, and the theme; raises WorkbenchError."""
    file = runtime.paths.config_file
    before = load_config(file).settings
    after = _with_model(before, provider, model).with_values("interface", theme=theme)
    save_changes(file, after.changes_since(before))


def _with_model(settings: Settings, provider: str, model: str) -> Settings:
    """The settings with this model; a server's own is not the default of all."""
    if not model:
        return settings
    if settings.provider(provider).kind is ProviderKind.COMPATIBLE:
        return settings.with_provider(provider, model=model)
    return settings.with_values("default", model=normalise_model_id(model))


def _with_provider(settings: Settings, name: str) -> Settings:
    """The settings with this provider, if they did not have it: a server of one's own."""
    if name in settings.provider_names():
        return settings
    added = {name: ProviderSettings(kind=ProviderKind.COMPATIBLE)}
    return settings.model_copy(update={"providers": {**settings.providers, **added}})


def _settings_with(before: Settings, choice: Choice) -> Settings:
    """The settings after the choice; raises WorkbenchError for an address or a key that cannot be.

    The key belongs to the server that was named beside it. Over plain http to another machine it is
    not stored for it: that has to be agreed to where the question can be asked.
    """
    before = _with_provider(before, choice.provider)
    values: dict[str, object] = {}
    if choice.base_url:
        base_url = clean_base_url(choice.base_url)
        if choice.key is not None and crosses_network_in_clear(base_url):
            raise _in_clear(base_url)
        values["base_url"] = base_url
    if choice.key is not None:
        values["api_key"] = choice.key
    after = before.with_provider(choice.provider, **values)
    after = settle_key_origins(before, after, choice.provider)
    after = after.with_values("default", provider=choice.provider)
    return _with_model(after, choice.provider, choice.model)


def _in_clear(base_url: str) -> WorkbenchError:
    return WorkbenchError(
        Failure(
            FailureKind.KEY_WITHHELD,
            f"The key would go to {base_url} without encryption, for everybody on the way to read.",
            "Use https://. To send it all the same, run orw and press F2: it asks first.",
        )
    )


def _connection(settings: Settings, choice: Choice) -> Connection:
    """The connection with which the choice is checked."""
    provider = settings.provider(choice.provider)
    return Connection(
        choice.provider,
        provider.kind,
        clean_base_url(configured_url(provider)),
        choice.model,
        key=choice.key,
        key_source=None if choice.key is None else KeySource.CONFIG,
        key_hint="" if choice.key is None else key_hint(choice.key),
    )
