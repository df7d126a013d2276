"""What can be done about an answer that failed, and asking for it again in another way."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tui.domain.actions import RETRY, Action, ActionKind
from tui.domain.connection import Overrides
from tui.domain.conversation import Message, Role
from tui.domain.errors import Failure
from tui.domain.failure_actions import actions_for
from tui.domain.failure_situation import Situation
from tui.domain.parameters_layers import Layer, LayerSource
from tui.domain.settings import ProviderKind
from tui.domain.tree import answer_again
from tui.services.fallback_open import model_standing_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tui.domain.model import Endpoint, Model
    from tui.ui.controllers.chat import Chat

_LONGEST_WAIT: Final = 600.0
"""Seconds that somebody may be willing to look at a countdown."""


class Remedies:
    """What helps with the failed answers of the conversation on screen.

    ``endpoints`` tells who serves a model, as far as that was read.
    """

    def __init__(self, chat: Chat, endpoints: Callable[[str], Sequence[Endpoint]]) -> None:
        self._chat = chat
        self._endpoints = endpoints

    def failed(self, message_id: str) -> Message | None:
        """The answer of that id, or the one on screen to the prompt of that id, if it failed."""
        for one in self._path():
            asked = message_id in (one.id, one.parent_id)
            if asked and one.role is Role.ASSISTANT:
                return one if one.failure_kind is not None else None
        return None

    def last_failed(self) -> Message | None:
        """The last message of the conversation, if it is an answer that failed."""
        path = self._path()
        return path[-1] if path and path[-1].failure_kind is not None else None

    async def actions(self, message: Message) -> tuple[Action, ...]:
        """What can be done about a failed answer from here, the most promising first.

        Of one from an earlier run only the kind of its failure is known. Another provider is among
        them only if it may have the model.
        """
        found = self._found(message)
        unable = await asyncio.to_thread(self._unable, found, _model_asked(message))
        return tuple(one for one in found if one not in unable)

    def _unable(self, actions: Iterable[Action], model_id: str) -> set[Action]:
        """Those that ask a provider which cannot answer for the model; blocks."""
        runtime = self._chat.session.runtime
        return {
            one
            for one in actions
            if one.kind is ActionKind.USE_PROVIDER
            and not runtime.can_stand_in(one.names[0], model_id)
        }

    def _found(self, message: Message) -> tuple[Action, ...]:
        failure = self._chat.failures.get(message.id) or stored_failure(message)
        if failure is None:
            return ()
        model_id = _model_asked(message)
        endpoints = self._endpoints(model_id)
        if failure.actions and not endpoints:
            return offered(failure.actions)
        situation = situation_of(message, self._chat.session.model(model_id))
        situation = replace(situation, endpoints=endpoints, stand_ins=self._others(model_id))
        return offered(actions_for(failure, situation))

    def _others(self, model_id: str) -> tuple[str, ...]:
        """The other providers that are set up."""
        runtime, conversation = self._chat.session.runtime, self._chat.conversation
        if runtime.connection is None or conversation is None:
            return ()
        return runtime.stand_ins(runtime.connection, model_id, conversation.session_id).others

    async def use_provider(self, name: str) -> None:
        """Ask another configured provider from now on, with its model for the one of now.

        It holds until the app is left or the settings choose a provider.
        """
        session, asked = self._chat.session, self._chat.model_id
        session.runtime.overrides = Overrides(provider=name)
        await session.reload()
        await session.connect()
        connection = session.runtime.connection
        if connection is not None:
            model_id = model_standing_in(session.runtime.settings, connection, asked)
            self._chat.use_model(model_id or session.default_model())

    async def ask_again(self, message_id: str, max_tokens: int | None = None) -> bool:
        """Ask once more what a failed answer was asked, this once with ``max_tokens``.

        False if there is nothing to ask, or while another answer streams.
        """
        chat = self._chat
        asking = answer_again(chat.conversation, message_id) if chat.conversation else None
        if asking is None or asking.prompt is None or chat.running is not None:
            return False
        once: Sequence[Layer] = ()
        if max_tokens is not None:
            once = (Layer(LayerSource.CONVERSATION, {"max_tokens": max_tokens}),)
        prompt = asking.prompt
        await chat.send(prompt.text, asking, once, prompt.attachments)
        return True

    def _path(self) -> list[Message]:
        conversation = self._chat.conversation
        return conversation.path() if conversation is not None else []


def _model_asked(message: Message) -> str:
    return message.generation.model_asked if message.generation is not None else ""


def offered(actions: Iterable[Action]) -> tuple[Action, ...]:
    """The actions as the chat screen offers them, each once; a long wait is left to the user."""
    return tuple(
        dict.fromkeys(RETRY if (one.seconds or 0) > _LONGEST_WAIT else one for one in actions)
    )


def stored_failure(message: Message) -> Failure | None:
    """What the history knows of a message's failure; None if it did not fail."""
    if message.failure_kind is None:
        return None
    what, _, next_step = message.failure_text.partition("\n")
    return Failure(message.failure_kind, what, next_step)


def situation_of(message: Message, model: Model | None) -> Situation:
    """The situation of a failed answer, by what was sent for it; ``model`` is the one asked."""
    generation = message.generation
    if generation is None:
        return Situation(has_text=bool(message.text))
    record = generation.request_settings
    kind, fallbacks = record.get("kind"), record.get("fallbacks")
    known = Situation(model_id=generation.model_asked, model=model, has_text=bool(message.text))
    return replace(
        known,
        kind=next((one for one in ProviderKind if one == kind), known.kind),
        routing=_table(record, "provider"),
        params=_table(record, "params"),
        fallbacks=tuple(map(str, fallbacks)) if isinstance(fallbacks, list) else (),
        compresses=record.get("compress_prompts") is True,
    )


def _table(record: Mapping[str, object], name: str) -> dict[str, object]:
    table = record.get(name)
    return table if isinstance(table, dict) else {}
