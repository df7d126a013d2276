"""The part of the chat screen that opens the routing of the model in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui.ui.controllers.parameter_chips import ROUTING
from tui.ui.controllers.routing_desk import RoutingDesk, no_routing_words

if TYPE_CHECKING:
    from tui.ui.controllers.chat import Chat
    from tui.ui.controllers.model_desk import ModelDesk
    from tui.ui.widgets.setting_chips import ChipChosen


class ChatRouting(Screen[None]):
    """Opens the editor where routing is understood, and says in words where it is not."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f7",
            "routing",
            "Routing",
            id="chat.routing",
            tooltip="Who may serve the model, and who steps in for it",
            show=False,
        ),
    ]

    chat: Chat
    models: ModelDesk
    """What the app knows of models; it is given before the screen is shown."""

    def action_routing(self) -> None:
        """Edit the routing of the model in use."""
        from tui.ui.screens.routing import RoutingScreen

        words = no_routing_words(self.chat.session.runtime.connection)
        if words:
            self.notify(words, markup=False)
            return
        self.app.push_screen(RoutingScreen(RoutingDesk(self.chat, self.models), self.models))

    def on_chip_chosen(self, message: ChipChosen) -> None:
        """Edit the routing if its chip was clicked."""
        if message.name == ROUTING:
            self.action_routing()
