"""What can be done about an answer that failed, and asking for it again in another way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tui.domain.actions import RETRY, Action, ActionKind
from tui.domain.conversation import Message, Role
from tui.domain.errors import Failure
from tui.domain.failure_actions import actions_for
from tui.domain.failure_situation import Situation
from tui.domain.parameters_layers import Layer, LayerSource
from tui.domain.settings import ProviderKind
from tui.domain.tree import answer_again

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tui.domain.model import Model
    from tui.ui.controllers.chat import Chat

_OFFERED: Final = frozenset(
    {
        ActionKind.RETRY,
        ActionKind.RETRY_WITH_MAX_TOKENS,
        ActionKind.WAIT,
        ActionKind.CONTINUE,
        ActionKind.EDIT_MESSAGE,
        ActionKind.NEW_CHAT,
        ActionKind.COMPRESS,
        ActionKind.OTHER_MODEL,
        ActionKind.LARGER_MODEL,
        ActionKind.CHEAPER_MODEL,
        ActionKind.USE_MODEL,
        ActionKind.ENTER_KEY,
        ActionKind.DECIDE_ABOUT_KEY,
        ActionKind.OPEN_SETTINGS,
        ActionKind.OPEN_PAGE,
    }
)
"""What the chat screen can do."""
_LONGEST_WAIT: Final = 600.0
"""Seconds that somebody may be willing to look at a countdown."""


class Remedies:
    """What helps with the failed answers of the conversation on screen."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

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

    def actions(self, message: Message) -> tuple[Action, ...]:
        """What can be done about a failed answer from here, the most promising first.

        Of one from an earlier run only the kind of its failure is known.
        """
        failure = self._chat.failures.get(message.id) or stored_failure(message)
        if failure is None:
            return ()
        model_id = message.generation.model_asked if message.generation is not None else ""
        situation = situation_of(message, self._chat.session.model(model_id))
        return offered(failure.actions or actions_for(failure, situation))

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
        await chat.send(asking.prompt.text, asking, once)
        return True

    def _path(self) -> list[Message]:
        conversation = self._chat.conversation
        return conversation.path() if conversation is not None else []


def offered(actions: Iterable[Action]) -> tuple[Action, ...]:
    """Those of the actions that the chat screen can do; a long wait is left to the user."""
    done = (RETRY if (one.seconds or 0) > _LONGEST_WAIT else one for one in actions)
    return tuple(dict.fromkeys(one for one in done if one.kind in _OFFERED))


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
