"""The part of the chat screen that shows and changes the system prompt of the conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui.domain.figures import tokens_short
from tui.domain.presets import changed
from tui.services import branches
from tui.ui.guard import run_guarded

if TYPE_CHECKING:
    from tui.domain.conversation import Conversation
    from tui.ui.controllers.chat import Chat
    from tui.ui.money_presenter import MoneyPresenter
    from tui.ui.presenter import ChatPresenter


class ChatSystem(Screen[None]):
    """Opens the system prompt in an editor of its own."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "alt+p",
            "system_prompt",
            "System prompt",
            id="chat.system_prompt",
            tooltip="Read and change the system prompt of this conversation",
            show=False,
        ),
    ]

    chat: Chat
    money: MoneyPresenter
    _presenter: ChatPresenter

    def action_system_prompt(self) -> None:
        """Show the system prompt, to be changed."""
        run_guarded(self.app, self._edit_system(), "system")

    async def _edit_system(self) -> None:
        from tui.ui.screens.system_prompt import SystemPromptScreen

        conversation = self.chat.conversation or await self.chat.new()

        def edited(text: str | None) -> None:
            if text is not None:
                run_guarded(self.app, self.use_system_prompt(conversation, text), "system")

        screen = SystemPromptScreen(
            conversation.system_prompt,
            self.chat.session.runtime.environ,
            self.prefix_warning(conversation),
            busy=bool(self.chat.busy),
        )
        await self.app.push_screen(screen, edited)

    def prefix_warning(self, conversation: Conversation) -> str:
        """What another beginning of the prompt costs; empty while nothing was said yet."""
        if not conversation.messages:
            return ""
        plan = self.money.plan
        is_planned = plan is not None and plan.conversation_id == conversation.id
        warm = plan.trace.warm if plan is not None and is_planned else None
        if warm is None:
            return "A change breaks the cached prefix: what was said so far is read anew."
        cached = tokens_short(warm.tokens)
        return f"A change breaks the cached prefix: ≈ {cached} cached tokens are read anew."

    async def use_system_prompt(self, conversation: Conversation, text: str) -> None:
        """Send another system prompt from the next message on."""
        warning = self.prefix_warning(conversation)
        conversation.system_prompt = text
        conversation.settings = changed(conversation.settings)
        await self.keep_setup(conversation)
        words = "The next message carries it." if text else "There is none any more."
        self.notify(" ".join(filter(None, [words, warning])), title="System prompt", markup=False)

    async def keep_setup(self, conversation: Conversation) -> None:
        """Store what a conversation asks with, and show it."""
        history = await self.chat.session.wait_for_history()
        await branches.store_settings(history, conversation)
        if conversation is self.chat.conversation:
            self._presenter.show_system()
