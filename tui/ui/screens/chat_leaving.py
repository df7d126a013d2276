"""The part of the chat screen that asks before something is lost that could not be saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen

from tui.ui.screens.confirm import Confirm

if TYPE_CHECKING:
    from tui.ui.controllers.chat import Chat

_DETAIL = (
    "What was said and typed since then is only in memory. Alt+S exports a conversation; "
    "what fails is tried again."
)


class ChatLeaving(Screen[None]):
    """Leaves at once while everything is saved; see :class:`tui.ui.leaving.AsksFirst`."""

    chat: Chat
    _asking_to_leave = False

    async def may_leave(self) -> bool:
        """Whether all is saved, or the user agrees to lose what is not."""
        history = self.chat.session.history
        if history is None or history.problem is None:
            return True
        await self.chat.drafts.keep()
        if not await history.is_unsaved():
            return True
        if self._asking_to_leave:
            return False
        self._asking_to_leave = True
        try:
            words = "Leave, although nothing is being saved?"
            question = Confirm(words, _DETAIL, "Leave", "Stay", asked_by="ctrl+q")
            return await self.app.push_screen_wait(question)
        finally:
            self._asking_to_leave = False
