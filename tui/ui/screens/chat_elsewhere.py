"""The part of the chat screen that sees what other running instances write."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from textual.screen import Screen

from tui.domain.conversation import Conversation
from tui.ui.controllers.elsewhere import Elsewhere, count_in
from tui.ui.guard import run_guarded

if TYPE_CHECKING:
    from tui.services.history import History
    from tui.ui.controllers.chat import Chat
    from tui.ui.presenter import ChatPresenter

LOOK_EVERY = 10.0
"""Seconds between two looks; there is one more whenever the terminal gets the focus."""
_GOES_ON_ELSEWHERE = "Another window went on with this conversation: open it again to see that."


def today() -> date:
    """The local day, which may change while nobody does anything."""
    return datetime.now().astimezone().date()


class ChatElsewhere(Screen[None]):
    """Lists and counts anew when another instance has written; answers go on meanwhile."""

    chat: Chat
    _presenter: ChatPresenter
    _looking = False
    _is_uncounted = False
    _told_of: Conversation | None = None

    def on_mount(self) -> None:
        """Look from now on."""
        self._elsewhere = Elsewhere()
        self._elsewhere.is_new_day(today())
        run_guarded(self.app, self._begin_to_look(), "elsewhere")
        self.set_interval(LOOK_EVERY, self._look_elsewhere)
        self.watch(self.app, "app_focus", self._look_elsewhere, init=False)

    async def _begin_to_look(self) -> None:
        # What was written until now is shown anyway: it is no news at the first look.
        history = await self.chat.session.wait_for_history()
        # In this order: what is written in between is noticed at the next look.
        self._elsewhere.may_have_written(history)
        await self._elsewhere.has_written(history)

    def _look_elsewhere(self) -> None:
        history = self.chat.session.history
        if self._looking or history is None:
            return
        self._is_uncounted |= self._elsewhere.is_new_day(today())
        if self._elsewhere.may_have_written(history) or self._is_uncounted:
            self._looking = True
            run_guarded(self.app, self._see_elsewhere(), "elsewhere")

    async def _see_elsewhere(self) -> None:
        try:
            history = self.chat.session.history
            if history is None:
                return
            if await self._elsewhere.has_written(history):
                self._presenter.tabs.reload()
                self._is_uncounted = True
            if self._is_uncounted:
                self._presenter.money.spent_elsewhere()
                await self._count_elsewhere(history)
                await self.chat.recount()
                # While one is answered here, what is new in it cannot be told from one's own.
                self._is_uncounted = bool(self.chat.busy)
        finally:
            self._looking = False

    async def _count_elsewhere(self, history: History) -> None:
        """Count what others spent in the open conversations; tell once of messages to be seen."""
        for conversation, answer_id in self.chat.in_hand():
            has_more = await count_in(history, conversation, answer_id)
            is_shown = conversation is self.chat.conversation
            is_told = conversation is self._told_of or conversation.id in self.chat.busy
            if has_more and is_shown and not is_told:
                self._told_of = conversation
                self.notify(_GOES_ON_ELSEWHERE, markup=False)
