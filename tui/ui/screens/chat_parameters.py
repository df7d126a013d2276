"""The part of the chat screen that sets parameters, and says which ones differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui.domain.reasoning_echo import reasoning_dropped
from tui.domain.settings import ProviderKind
from tui.ui.controllers.parameter_chips import ROUTING

if TYPE_CHECKING:
    from tui.ui.controllers.chat import Chat
    from tui.ui.widgets.setting_chips import ChipChosen


class ChatParameters(Screen[None]):
    """Opens the editor of parameters for the model that answers next."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f6",
            "parameters",
            "Parameters",
            id="chat.parameters",
            tooltip="Set temperature, length, reasoning, format … for this chat or model",
            show=False,
            priority=True,  # a text area would select its line
        ),
    ]

    chat: Chat

    def action_parameters(self, at: str | None = None) -> None:
        """Open the editor, at a parameter if one is named."""
        from tui.ui.controllers.parameter_form import Asked, ParameterForm
        from tui.ui.controllers.setup_scope import Scope, Setup, SetupKind
        from tui.ui.screens.parameters import ParametersScreen

        chat = self.chat
        connection, conversation = chat.session.runtime.connection, chat.conversation
        settings = conversation.settings if conversation is not None else None
        asked = Asked(
            chat.model_id,
            chat.session.model(chat.model_id),
            connection.kind if connection is not None else ProviderKind.OPENROUTER,
            settings.preset if settings is not None and not settings.edited else "",
        )
        setup = Setup(chat, SetupKind.PARAMS)
        tables = {scope: setup.table(scope) for scope in Scope}
        form = ParameterForm(asked, tables, setup.first_scope)
        self.app.push_screen(ParametersScreen(form, setup, at))

    def tell_dropped_reasoning(self, model_before: str) -> None:
        """Say that another model will not read the reasoning of earlier answers, if that is new."""
        conversation, model_id = self.chat.conversation, self.chat.model_id
        if conversation is None:
            return
        path = conversation.path()
        words = reasoning_dropped(path, model_id)
        if words and not reasoning_dropped(path, model_before):
            self.notify(words, title="Reasoning", markup=False)

    def on_chip_chosen(self, message: ChipChosen) -> None:
        """Open the editor at the parameter of a chip; that of routing has an editor of its own."""
        if message.name != ROUTING:
            self.action_parameters(message.name)
