"""The part of the chat screen that asks before a send that is too long or too dear."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from math import ceil
from typing import TYPE_CHECKING

from textual.app import ScreenStackError
from textual.screen import Screen

from tui.services.config_file import save_changes
from tui.ui.controllers.budgeting import Choice, Question
from tui.ui.controllers.chips import Unsent
from tui.ui.screens.decide import Decide
from tui.ui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from tui.domain.conversation import Conversation
    from tui.ui.controllers.chat import Chat

_THOUSAND = 1_000


class ChatGate(Screen[None]):
    """Asks, and does what was answered; see :class:`tui.ui.controllers.budgeting.Asked`."""

    chat: Chat

    def model_for(self, conversation: Conversation) -> str:
        """The model that the next message of a conversation asks."""
        shown = conversation is self.chat.conversation
        return self.chat.model_id if shown else conversation.model

    async def ask(self, question: Question) -> Choice:
        """Let the user choose; a question that nobody waits for any more goes away."""
        answered: asyncio.Future[Choice] = asyncio.get_running_loop().create_future()

        def choose(choice: Choice | None) -> None:
            if not answered.done():
                answered.set_result(choice or Choice.BACK)

        answers = [(choice.value, words, choice) for choice, words in question.answers]
        screen = Decide(question.words, question.detail, answers)
        self.app.push_screen(screen, choose)
        try:
            return await answered
        finally:
            with suppress(ScreenStackError):  # the app may be ending
                if self.app.screen is screen:
                    screen.dismiss(Choice.BACK)

    async def compress(self) -> None:
        """Check the box that lets prompts be compressed; raises WorkbenchError."""
        session = self.chat.session
        connection = session.runtime.connection
        if connection is not None:
            key = ("providers", connection.provider, "compress_prompts")
            changes: dict[tuple[str, ...], object] = {key: True}
            config_file = session.runtime.paths.config_file
            await asyncio.to_thread(save_changes, config_file, changes)
            await session.reload()
            session.changed()

    async def start_afresh(self, unsent: Unsent) -> None:
        """Go on in a new conversation of the same model, with this in the prompt."""
        model_id = self.chat.model_id
        conversation = await self.chat.new()
        self.chat.use_model(model_id)
        self.query_one(Prompt).put(unsent.text)
        self.chat.chips.add(conversation.id, unsent.attachments)
        # Where it came from is about to forget it.
        await self.chat.drafts.keep()

    async def choose_larger(self, tokens: int) -> None:
        """Browse the models that hold so many tokens."""
        await self.run_action(f"app.models('ctx>={ceil(tokens / _THOUSAND)}k')")

    async def change_limits(self) -> None:
        """Open the settings at the budgets."""
        await self.run_action("app.settings('Budgets')")
