"""The part of the chat screen that searches the prompts of the past."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui.ui.guard import run_guarded
from tui.ui.widgets.prompt import Prompt
from tui.ui.widgets.recall_bar import RecallBar, RecallEnded

if TYPE_CHECKING:
    from tui.ui.controllers.chat import Chat

_MOST = 10_000


class ChatRecall(Screen[None]):
    """Opens the bar, and puts what was chosen there into the prompt without sending it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+r",
            "recall",
            "Earlier prompts",
            id="chat.recall",
            tooltip="Search your earlier prompts",
            show=False,
            priority=True,  # in the order of the keys: what is typed next is for the bar
        ),
    ]

    chat: Chat

    def action_recall(self) -> None:
        """Search the prompts; in the bar already, choose the next older one."""
        bar = self.query_one(RecallBar)
        if bar.is_open:
            bar.action_move(1)
            return
        bar.open(self.query_one(Prompt).recall.prompts)
        run_guarded(self.app, self._read_prompts(bar), "recall")

    async def _read_prompts(self, bar: RecallBar) -> None:
        """Let all prompts be found that are kept, behind those of this run."""
        history = await self.chat.session.wait_for_history()
        kept = await history.recent_prompts(_MOST)
        if bar.is_open:
            bar.offer([*self.query_one(Prompt).recall.prompts, *kept])

    def on_recall_ended(self, message: RecallEnded) -> None:
        """Go on typing, in the prompt that was chosen or where it was left."""
        self.query_one(RecallBar).close()
        prompt = self.query_one(Prompt)
        if message.prompt is not None:
            if prompt.text.strip():
                prompt.recall.add(prompt.unfolded)  # what was being typed is one key, Up, away
            prompt.put(message.prompt)
        prompt.focus()
