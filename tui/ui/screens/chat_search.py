"""The part of the chat screen that searches all conversations and goes where something is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Input

from tui.ui.guard import run_guarded
from tui.ui.widgets.find_bar import FindBar

if TYPE_CHECKING:
    from tui.ui.controllers.branching import Branching
    from tui.ui.controllers.chat import Chat
    from tui.ui.controllers.searching import Destination
    from tui.ui.presenter import ChatPresenter


class ChatSearch(Screen[None]):
    """Opens the search, and the conversation that it leads to, at the hit."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+shift+f,alt+l",
            "search",
            "Search",
            id="chat.search",
            tooltip="Search all conversations",
            show=False,
        ),
    ]

    chat: Chat
    branching: Branching
    _presenter: ChatPresenter
    _searched = ""

    def action_search(self) -> None:
        """Search all conversations."""
        run_guarded(self.app, self._search(), "search")

    async def _search(self) -> None:
        from tui.ui.screens.search import SearchScreen

        screen = SearchScreen(await self.chat.session.wait_for_history(), self._searched)

        def go(destination: Destination | None) -> None:
            self._searched = screen.text
            if destination is not None:
                run_guarded(self.app, self._go(destination), "conversation")

        self.app.push_screen(screen, go)

    async def _go(self, destination: Destination) -> None:
        """Open the conversation, on the branch of the message, with the words highlighted."""
        if not await self.chat.open(destination.conversation_id):
            self.notify("That conversation is gone.", severity="warning", markup=False)
            return
        if destination.message_id is not None:
            await self.branching.jump(destination.message_id)
            self._presenter.show_path(destination.message_id)
        if destination.words:
            self.query_one(FindBar).query_one(Input).value = destination.words
            await self.run_action("find")
