"""The part of the chat screen that keeps several conversations open, each in a tab."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui.ui.guard import run_guarded
from tui.ui.widgets.tab_strip import TabChosen

if TYPE_CHECKING:
    from tui.ui.controllers.chat import Chat
    from tui.ui.presenter import ChatPresenter


def _tab_key(number: int) -> Binding:
    """The key of a tab behind the first; the help has one line for all that are as they were."""
    return Binding(
        f"alt+{number}",
        f"tab({number})",
        f"Tab {number}",
        id=f"chat.tab_{number}",
        tooltip=f"Go to tab {number}",
        show=False,
        system=True,
    )


class ChatTabs(Screen[None]):
    """Steps between tabs, jumps to one and closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+pagedown",
            "next_tab(1)",
            "Next tab",
            id="chat.next_tab",
            tooltip="Go to the next tab",
            show=False,
            priority=True,
        ),
        Binding(
            "ctrl+pageup",
            "next_tab(-1)",
            "Tab before",
            id="chat.tab_before",
            tooltip="Go to the tab before",
            show=False,
            priority=True,
        ),
        Binding(
            "alt+1",
            "tab(1)",
            "First tab",
            id="chat.tab",
            tooltip="Go to the first tab; Alt+2 … Alt+9 go to the others",
            show=False,
        ),
        *map(_tab_key, range(2, 10)),
        Binding(
            "alt+q",
            "close_tab",
            "Close tab",
            id="chat.close_tab",
            tooltip="Close the tab; the conversation stays in the list",
            show=False,
        ),
    ]

    chat: Chat
    _presenter: ChatPresenter

    def action_next_tab(self, step: int) -> None:
        """Go to another tab; the first comes after the last."""
        self._go_to_tab(self._presenter.tabs.tabs.beside(step))

    def action_tab(self, number: int) -> None:
        """Go to the tab of a number, from 1."""
        self._go_to_tab(self._presenter.tabs.tabs.at(number))

    def on_tab_chosen(self, message: TabChosen) -> None:
        """Go to the tab that was clicked."""
        self._go_to_tab(message.conversation_id)

    def _go_to_tab(self, conversation_id: str | None) -> None:
        if conversation_id is not None and conversation_id != self._presenter.tabs.tabs.current:
            run_guarded(self.app, self._show_tab(conversation_id), "conversation")

    async def _show_tab(self, conversation_id: str) -> None:
        """Show a tab; without its conversation, which another instance may delete, it goes."""
        if not await self.chat.open(conversation_id):
            self._presenter.tabs.close([conversation_id])
            self._presenter.tabs.changed()
            self.notify("That conversation is gone.", severity="warning", markup=False)

    def action_close_tab(self) -> None:
        """Close the tab on screen; what is being answered in it goes on."""
        conversation = self.chat.conversation
        if conversation is not None:
            run_guarded(self.app, self._close_tab(conversation.id), "conversation")

    async def _close_tab(self, conversation_id: str) -> None:
        if conversation_id in self.chat.busy:
            words = "It goes on being answered; the list of conversations shows it."
            self.notify(words, title="Tab closed", markup=False)
        await self.show_without([conversation_id])

    async def show_without(self, conversation_ids: Sequence[str]) -> None:
        """Close the tabs of these; if one of them is on screen, show a neighbour in its place."""
        current = self.chat.conversation
        if current is not None and current.id in conversation_ids:
            await self.chat.drafts.keep()
        beside = self._presenter.tabs.close(conversation_ids)
        if current is None or current.id not in conversation_ids:
            self._presenter.tabs.changed()
        elif beside is None or not await self.chat.open(beside):
            await self.chat.new()
