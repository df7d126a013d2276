"""The part of the chat screen that lets a model title a conversation, on request only."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui.domain.receipt import cost_words
from tui.domain.sanitize import single_line
from tui.ui.guard import run_guarded
from tui.ui.messages import TitleRequested

if TYPE_CHECKING:
    from tui.ui.controllers.chat import Chat
    from tui.ui.presenter import ChatPresenter


class ChatTitling(Screen[None]):
    """Asks the conversation's own model, and shows what it cost."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "alt+n",
            "title_by_model",
            "Title",
            id="chat.title_by_model",
            tooltip="Let the model give this conversation a title; its cost is shown",
            show=False,
        ),
    ]

    chat: Chat
    _presenter: ChatPresenter

    def action_title_by_model(self) -> None:
        """Let a model title the conversation on screen."""
        conversation = self.chat.conversation
        if conversation is None or not conversation.messages:
            self.notify("Nothing has been said here yet.", severity="warning", markup=False)
        else:
            self._title(conversation.id)

    def on_title_requested(self, message: TitleRequested) -> None:
        """Let a model title a conversation of the list."""
        self._title(message.conversation_id)

    def _title(self, conversation_id: str) -> None:
        run_guarded(self.app, self._titled(conversation_id), f"title-{conversation_id}")

    async def _titled(self, conversation_id: str) -> None:
        from tui.ui.controllers.titling import title_by_model

        session, shown = self.chat.session, self.chat.conversation
        if shown is not None and shown.id == conversation_id:
            conversation, model_id = shown, self.chat.model_id
        else:
            history = await session.wait_for_history()
            found = self.chat.kept.get(conversation_id) or await history.load(conversation_id)
            if found is None:
                return
            conversation, model_id = found, found.model
        try:
            titled = await title_by_model(
                session, conversation, model_id, self.chat.gate, self.chat.asides
            )
        finally:
            await self.chat.recount()
        if titled is not None:
            kept = "" if titled.is_taken else "Your own title stays. "
            words = f"{kept}“{single_line(titled.title)}” · {cost_words(titled.cost)}"
            self.notify(words, title=f"Title by {single_line(titled.model_id, 40)}", markup=False)
