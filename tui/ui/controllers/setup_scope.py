"""Where a parameter or a routing field is set: for a conversation, for a model, or for every one.

Both editors read what a scope says and keep another table there; the next request goes by it.
"""

from __future__ import annotations

import asyncio
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.model import normalise_model_id
from tui.domain.parameters_layers import LayerSource
from tui.domain.presets import changed
from tui.services.branches import store_settings
from tui.services.config_file import save_changes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.domain.conversation import Conversation
    from tui.domain.settings import Settings
    from tui.ui.controllers.chat import Chat


class Scope(StrEnum):
    """For what a value is set; the first one that names a field wins over those after it."""

    CONVERSATION = "conversation"
    MODEL = "model"
    DEFAULT = "default"


class SetupKind(StrEnum):
    """What is set: parameters, or provider routing."""

    PARAMS = "params"
    ROUTING = "routing"


SCOPE_TITLES: Final = {
    Scope.CONVERSATION: "this conversation",
    Scope.MODEL: "this model",
    Scope.DEFAULT: "every model",
}
SCOPE_OF: Final = {
    LayerSource.PRESET: Scope.CONVERSATION,
    LayerSource.CONVERSATION: Scope.CONVERSATION,
    LayerSource.MODEL: Scope.MODEL,
    LayerSource.DEFAULT: Scope.DEFAULT,
}
"""Where a value that is in force can be changed."""


_NO_NULL: Final = Failure(
    FailureKind.BAD_SETTINGS,
    "config.toml cannot hold a null, and there is one in this value.",
    "Set it for this conversation, or write it without null.",
)

_GONE: Final = Failure(
    FailureKind.BAD_SETTINGS,
    "Another conversation is on screen by now, so nothing was saved.",
    "Go back to the one before, and set it there.",
)


class Setup:
    """What the scopes say for the conversation on screen and the model that it asks next.

    It stays with both, whatever is chosen later.
    """

    def __init__(self, chat: Chat, kind: SetupKind) -> None:
        self._chat = chat
        self._kind = kind
        self._model_id = chat.model_id
        self._conversation_id = chat.conversation.id if chat.conversation is not None else None

    @property
    def _conversation(self) -> Conversation | None:
        """The conversation, while it is on screen; None also if there is none yet."""
        shown = self._chat.conversation
        is_same = shown is not None and self._conversation_id in (None, shown.id)
        return shown if is_same else None

    @property
    def first_scope(self) -> Scope:
        """Where an editor begins: at the conversation on screen; without one, at the model."""
        return Scope.MODEL if self._chat.conversation is None else Scope.CONVERSATION

    def table(self, scope: Scope) -> dict[str, Any]:
        """What a scope says right now, under the names as they are written there."""
        if scope is Scope.CONVERSATION:
            conversation = self._conversation
            found = getattr(conversation.settings, self._kind) if conversation is not None else {}
        else:
            settings = self._chat.session.runtime.settings
            holder = (
                settings.for_model(self._model_id) if scope is Scope.MODEL else settings.default
            )
            found = getattr(holder, _field(scope, self._kind))
        return dict(found)

    async def store(self, scope: Scope, table: Mapping[str, Any]) -> None:
        """Keep another table in one scope; see :meth:`store_all`."""
        await self.store_all({scope: table})

    async def store_all(self, tables: Mapping[Scope, Mapping[str, Any]]) -> None:
        """Keep other tables in some scopes, and let everything shown follow them.

        Of config.toml only the keys that differ are written, all at once, so comments beside the
        others stay. Raises WorkbenchError, with nothing changed, if the file cannot be written or
        hold a value, or if the conversation is not on screen any more.
        """
        session, conversation = self._chat.session, self._conversation
        is_gone = conversation is None and self._conversation_id is not None
        if is_gone and Scope.CONVERSATION in tables:
            raise WorkbenchError(_GONE)
        changes: dict[tuple[str, ...], object] = {}
        for scope, table in tables.items():
            if scope is not Scope.CONVERSATION:
                place = config_place(session.runtime.settings, scope, self._model_id, self._kind)
                changes |= table_changes(place, self.table(scope), table)
        if any(holds_null(value) for value in changes.values() if value is not None):
            raise WorkbenchError(_NO_NULL)
        if changes:
            await asyncio.to_thread(save_changes, session.runtime.paths.config_file, changes)
            await session.reload()
        if Scope.CONVERSATION in tables:
            conversation = conversation or await self._chat.new()
            fields: dict[str, Any] = {str(self._kind): dict(tables[Scope.CONVERSATION])}
            conversation.settings = changed(conversation.settings, **fields)
            await store_settings(await session.wait_for_history(), conversation)
        session.changed()


def config_place(
    settings: Settings, scope: Scope, model_id: str, kind: SetupKind
) -> tuple[str, ...]:
    """The table of config.toml for a scope."""
    table = ("default",) if scope is Scope.DEFAULT else model_table(settings, model_id)
    return (*table, _field(scope, kind))


def model_table(settings: Settings, model_id: str) -> tuple[str, str]:
    """The table of config.toml for a model, under the name that it has there.

    Of two names for one model it is the last, as :meth:`tui.domain.settings.Settings.for_model`
    reads that one.
    """
    wanted = normalise_model_id(model_id)
    written = [name for name in settings.models if normalise_model_id(name) == wanted]
    return ("models", written[-1] if written else wanted)


def table_changes(
    place: tuple[str, ...], before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[tuple[str, ...], object]:
    """The keys of a table that differ, each with its new value or None where it goes."""
    changes: dict[tuple[str, ...], object] = {
        (*place, name): None for name in before if name not in after
    }
    for name, value in after.items():
        if name not in before or before[name] != value or type(before[name]) is not type(value):
            changes[*place, name] = value
    return changes


def holds_null(value: object) -> bool:
    """Whether there is a null somewhere in a JSON value, as in many schemas; TOML has none."""
    match value:
        case None:
            return True
        case dict():
            return any(map(holds_null, value.values()))
        case list() | tuple():
            return any(map(holds_null, value))
        case _:
            return False


def _field(scope: Scope, kind: SetupKind) -> str:
    """What a table is called in config.toml: a model's routing is its ``provider``."""
    return "provider" if scope is Scope.MODEL and kind is SetupKind.ROUTING else str(kind)
