"""What the routing editor edits: each field's value and where it is set, and who may serve."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tui.domain.errors import WorkbenchError
from tui.domain.model import Endpoint, normalise_model_id
from tui.domain.provider_choice import ProviderChoice, choice_for, chosen_lists
from tui.domain.routing import ROUTING_FIELDS, RoutingField, merged_routing
from tui.domain.routing_explain import Explanation, explain
from tui.domain.routing_filter import order_place
from tui.domain.routing_read import read_routing
from tui.domain.routing_slugs import ProviderInfo, check_slugs, complete_slugs, nearest_slugs
from tui.domain.routing_text import Value, read_text
from tui.domain.settings import ProviderKind
from tui.domain.titles import ROUTING_TITLES, problem_words, with_titles
from tui.ui.controllers.setup_scope import SCOPE_TITLES, Scope, Setup, SetupKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui.domain.connection import Connection
    from tui.services.endpoint_cache import EndpointsRead
    from tui.ui.controllers.chat import Chat
    from tui.ui.controllers.model_desk import ModelDesk

_UPWARDS: Final = tuple(reversed(Scope))
"""The scopes from the weakest to the strongest."""


@dataclass(frozen=True, slots=True)
class FieldState:
    """One field: the value that holds and where it is set, and what the chosen scope says itself.

    ``set_in`` is None where nothing is set.
    """

    field: RoutingField
    value: Value = None
    set_in: Scope | None = None
    own: Value = None


@dataclass(frozen=True, slots=True)
class Stranger:
    """A field that the program does not know, and where it is set; it is sent as it is."""

    name: str
    value: Value
    set_in: Scope


def no_routing_words(connection: Connection | None) -> str:
    """Why nothing can be routed over this connection; empty where routing is understood."""
    if connection is None:
        return "No provider is set up yet: F2 opens the settings."
    if connection.kind is ProviderKind.COMPATIBLE:
        return (
            f"{connection.provider} serves its models itself: choosing among providers is "
            "OpenRouter's, and nothing of it is sent to other servers."
        )
    return ""


def provider_words(provider: ProviderInfo) -> str:
    """Where a provider is, and where it says how it treats prompts and how it is doing.

    Empty where nothing of that is known.
    """
    parts = []
    if provider.headquarters:
        parts.append(f"from {provider.headquarters}")
    if provider.datacenters:
        parts.append(f"computes in {', '.join(provider.datacenters)}")
    pages = (
        ("privacy", provider.privacy_policy_url),
        ("terms", provider.terms_of_service_url),
        ("status", provider.status_page_url),
    )
    parts += [f"{name} {url}" for name, url in pages if url]
    return " · ".join([provider.name, *parts]) if parts else ""


class RoutingDesk:
    """The routing of one model in the conversation on screen; it knows no widget.

    Every change is kept at once, in ``scope``. ``read`` is who serves the model, None as long as
    that is being asked, and ``providers`` all that can be named.
    """

    def __init__(self, chat: Chat, models: ModelDesk) -> None:
        self.model_id = chat.model_id
        self.read: EndpointsRead | None = models.endpoints.peek(self.model_id)
        self.providers: tuple[ProviderInfo, ...] = ()
        self._chat = chat
        self._models = models
        self._setup = Setup(chat, SetupKind.ROUTING)
        self.scope = self._setup.first_scope
        # Of two quick keys the second one must see what the first one has kept.
        self._changing = asyncio.Lock()

    @property
    def is_current(self) -> bool:
        """Whether it is still this model that the next message asks."""
        return self._chat.model_id == self.model_id

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Who serves the model, as far as that was read."""
        return self.read.endpoints if self.read is not None else ()

    async def read_endpoints(self, *, again: bool = False) -> None:
        """Ask who serves the model."""
        self.read = await self._models.endpoints.get(self.model_id, again=again)

    async def read_providers(self) -> None:
        """Ask who can be named; without an answer, those that serve the model can."""
        try:
            async with self._chat.session.borrowed() as service:
                self.providers = await service.providers()
        except WorkbenchError:
            self.providers = ()

    def counts(self) -> dict[Scope, int]:
        """How many fields each scope sets."""
        return {scope: len(self._setup.table(scope)) for scope in Scope}

    def fields(self) -> list[FieldState]:
        """Every field that the program knows, in the order of the API's documentation."""
        tables = {scope: self._setup.table(scope) for scope in Scope}
        return [_state(field, tables, self.scope) for field in ROUTING_FIELDS]

    def strangers(self) -> list[Stranger]:
        """The fields that only a hand or another program can have set, by their names."""
        tables = {scope: self._setup.table(scope) for scope in Scope}
        routing, _ = read_routing(self._merged(Scope.CONVERSATION))
        return [
            Stranger(name, value, next(one for one in Scope if name in tables[one]))
            for name, value in sorted(routing.more.items())
        ]

    def explanation(self) -> Explanation:
        """What will happen, and what to beware of; mistakes in the settings are warned of, too."""
        routing, problems = read_routing(self._merged(Scope.CONVERSATION))
        session = self._chat.session
        connection, conversation = session.runtime.connection, self._chat.conversation
        parameters: Sequence[str] = ()
        caches = False
        if connection is not None and conversation is not None:
            turn = session.request(conversation, connection, self.model_id).settings
            parameters, caches = [*turn.params], turn.prompt_caching
        found = explain(
            routing,
            self.endpoints,
            parameters=parameters,
            providers=self.providers,
            prompt_caching=caches,
        )
        problems += check_slugs(routing, self.providers, self.endpoints)
        wrong = tuple(problem_words(problem, ROUTING_TITLES) for problem in problems)
        return Explanation(found.words, (*wrong, *found.warnings), found.allowed, found.excluded)

    def ordered(self, explanation: Explanation) -> int:
        """How many of the endpoints that are allowed are tried in an order of the user's."""
        routing, _ = read_routing(self._merged(Scope.CONVERSATION))
        last = len(routing.order)
        return sum(order_place(routing, one) < last for one in explanation.allowed)

    def provider_of(self, endpoint: Endpoint) -> ProviderInfo | None:
        """What is known of the provider behind an endpoint."""
        slug = endpoint.tag.partition("/")[0]
        return next((one for one in self.providers if one.slug == slug), None)

    def read_value(self, field: RoutingField, text: str) -> Value:
        """The value that a text stands for; raises ValueError with "what" and "next step" lines."""
        try:
            value = read_text(field, text)
            routing, _ = read_routing({field.name: value})
            for problem in check_slugs(routing, self.providers, self.endpoints):
                raise ValueError(f"{problem.what}\n{problem.next_step}")
        except ValueError as error:
            raise ValueError(with_titles(str(error), ROUTING_TITLES)) from None
        return value

    def completions(self, text: str) -> list[ProviderInfo]:
        """The providers that the text may mean; those that serve the model come first."""
        return complete_slugs(text, self.providers, self.endpoints)

    async def set(self, name: str, value: Value) -> str:
        """Set a field in the scope, None to say nothing of it there; raises WorkbenchError.

        Returns what to know about it: that a stronger scope says something else.
        """
        async with self._changing:
            table = self._setup.table(self.scope)
            if value is None or (value == [] and not self._below(self.scope).get(name)):
                table.pop(name, None)
            else:
                table[name] = value
            return await self._store(table, (name,))

    async def choose(self, tag: str, choice: ProviderChoice) -> str:
        """Choose for one provider, in the scope; returns words as :meth:`set` does."""
        async with self._changing:
            lists = chosen_lists(self._merged(self.scope), tag, choice)
            table, below = self._setup.table(self.scope), self._below(self.scope)
            for name, names in lists.items():
                if [*(names or ())] == (below.get(name) or []):
                    table.pop(name, None)
                else:
                    table[name] = list(names or ())
            return await self._store(table, [*lists])

    async def avoid(self, provider: str) -> str | None:
        """Never let a provider serve the model; returns its slug, None if nobody knows it.

        ``provider`` is the tag of an endpoint or a provider's name. It is kept where the lists of
        providers are set that hold: in the conversation, else for the model.
        """
        await self.read_endpoints()
        await self.read_providers()
        slug = next(iter(nearest_slugs(provider, self.providers, self.endpoints, most=1)), None)
        if slug is None:
            return None
        own = self._setup.table(Scope.CONVERSATION)
        self.scope = Scope.CONVERSATION if own.keys() & {"only", "order", "ignore"} else Scope.MODEL
        if choice_for(self._merged(self.scope), slug) is not ProviderChoice.NEVER:
            await self.choose(slug, ProviderChoice.NEVER)
        return slug

    @property
    def fallbacks(self) -> tuple[str, ...]:
        """The models that answer when this one cannot, in order, in every conversation."""
        return self._models.model_settings(self.model_id).fallbacks

    async def add_fallback(self, model_id: str) -> str:
        """Let one more model step in, as the last one; words say why it cannot."""
        wanted = normalise_model_id(model_id)
        if wanted == normalise_model_id(self.model_id):
            return "A model cannot step in for itself."
        if wanted in map(normalise_model_id, self.fallbacks):
            return f"{wanted} steps in already."
        async with self._changing:
            await self._models.set_fallbacks(self.model_id, (*self.fallbacks, wanted))
        return ""

    async def remove_fallback(self, place: int) -> None:
        """Take a model out of the list."""
        async with self._changing:
            kept = (*self.fallbacks[:place], *self.fallbacks[place + 1 :])
            await self._models.set_fallbacks(self.model_id, kept)

    async def move_fallback(self, place: int, by: int) -> int:
        """Move a model in the list; returns its new place, which is the old one at the ends."""
        async with self._changing:
            names = list(self.fallbacks)
            to = min(max(place + by, 0), len(names) - 1)
            if to != place:
                names.insert(to, names.pop(place))
                await self._models.set_fallbacks(self.model_id, tuple(names))
            return to

    async def _store(self, table: Mapping[str, Any], names: Sequence[str]) -> str:
        await self._setup.store(self.scope, table)
        place = _UPWARDS.index(self.scope)
        for scope in _UPWARDS[place + 1 :]:
            over = [name for name in names if name in self._setup.table(scope)]
            if over and any(name in table for name in over):
                titles = ", ".join(ROUTING_TITLES[name] for name in over)
                return f"Kept, but {titles} is set for {SCOPE_TITLES[scope]}, and that goes first."
        return ""

    def _merged(self, scope: Scope) -> dict[str, Any]:
        """What holds by a scope and those that are weaker."""
        upto = _UPWARDS[: _UPWARDS.index(scope) + 1]
        return merged_routing(*(self._setup.table(one) for one in upto))

    def _below(self, scope: Scope) -> dict[str, Any]:
        """What holds by the scopes that are weaker than this one."""
        weaker = _UPWARDS[: _UPWARDS.index(scope)]
        return merged_routing(*(self._setup.table(one) for one in weaker))


def _state(
    field: RoutingField, tables: Mapping[Scope, Mapping[str, Any]], scope: Scope
) -> FieldState:
    set_in = next((one for one in Scope if field.name in tables[one]), None)
    own = tables[scope].get(field.name)
    if set_in is None:
        return FieldState(field, own=own)
    return FieldState(field, tables[set_in][field.name], set_in, own)
