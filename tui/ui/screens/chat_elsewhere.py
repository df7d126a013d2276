"""The part of the chat screen that sees what other running instances write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen

from tui.ui.controllers.elsewhere import Elsewhere
from tui.ui.guard import run_guarded

if TYPE_CHECKING:
    from tui.ui.controllers.chat import Chat
    from tui.ui.presenter import ChatPresenter

LOOK_EVERY = 10.0
"""Seconds between two looks; there is one more whenever the terminal gets the focus."""


class ChatElsewhere(Screen[None]):
    """Lists and counts anew when another instance has written; answers go on meanwhile."""

    chat: Chat
    _presenter: ChatPresenter
    _looking = False

    def on_mount(self) -> None:
        """Look from now on."""
        self._elsewhere = Elsewhere()
        run_guarded(self.app, self._begin_to_look(), "elsewhere")
        self.set_interval(LOOK_EVERY, self._look_elsewhere)
        self.watch(self.app, "app_focus", self._look_elsewhere, init=False)

    async def _begin_to_look(self) -> None:
        # What was written until now is shown anyway: it is no news at the first look.
        await self._elsewhere.has_written(await self.chat.session.wait_for_history())

    def _look_elsewhere(self) -> None:
        history = self.chat.session.history
        if self._looking or history is None:
            return
        if self._elsewhere.may_have_written(history):
            self._looking = True
            run_guarded(self.app, self._see_elsewhere(), "elsewhere")

    async def _see_elsewhere(self) -> None:
        try:
            history = self.chat.session.history
            if history is not None and await self._elsewhere.has_written(history):
                self._presenter.tabs.reload()
                self._presenter.money.spent_elsewhere()
                await self.chat.count_today()
        finally:
            self._looking = False
