"""The part of the chat screen that hands texts to the outside: files, and the user's editor."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui.services.paths import shown
from tui.ui.external_editor import edited_outside
from tui.ui.guard import run_guarded
from tui.ui.screens.ask_text import AskText
from tui.ui.screens.confirm import Confirm
from tui.ui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from tui.ui.controllers.chat import Chat


class ChatCarrying(Screen[None]):
    """Exports conversations, and opens the editor on the prompt."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "alt+s",
            "export",
            "Export",
            id="chat.export",
            tooltip="Write this conversation to a file: Markdown, HTML or JSON",
            show=False,
        ),
        Binding(
            "ctrl+e",
            "editor",
            "Editor",
            id="chat.editor",
            tooltip="Write the message in your own editor",
            show=False,
            priority=True,
        ),
    ]

    chat: Chat

    def action_export(self, form: str = "md") -> None:
        """Write the conversation on screen to a file; ``form`` is the format that is offered."""
        conversation = self.chat.conversation
        if conversation is None or not conversation.messages:
            self.notify("Nothing has been said here yet.", severity="warning", markup=False)
        else:
            self.ask_export((conversation.id,), form)

    def ask_export(self, ids: Sequence[str], form: str = "md") -> None:
        """Ask for the name of the file; its end says in which format."""
        run_guarded(self.app, self._ask_export(ids, form), "export")

    async def _ask_export(self, ids: Sequence[str], form: str) -> None:
        from tui.ui.controllers.exporting import offered_name

        history = await self.chat.session.wait_for_history()
        name = offered_name(await history.load(ids[0]) if len(ids) == 1 else None, form)

        def write(path: str | None) -> None:
            if path:
                run_guarded(self.app, self._export(ids, path), "export")

        question = "Export to the file (.md, .html, or .json with all branches)"
        self.app.push_screen(AskText(question, name), write)

    async def _export(self, ids: Sequence[str], text: str, *, overwrite: bool = False) -> None:
        from tui.services.exporter import left_out_words
        from tui.ui.controllers.exporting import export, target_of

        path, _ = target_of(text)
        if not overwrite and await asyncio.to_thread(os.path.lexists, path):

            def answered(yes: bool | None) -> None:
                if yes:
                    run_guarded(self.app, self._export(ids, text, overwrite=True), "export")

            words = f"There is a file {shown(path)} already."
            lost = "What is in it would be lost."
            question = Confirm(words, lost, "Overwrite it", "Keep it", asked_by="enter")
            self.app.push_screen(question, answered)
            return
        written, left_out = await export(self.chat.session, ids, text, overwrite=overwrite)
        words = f"\n{left_out_words(left_out)}" if left_out else ""
        self.notify(f"Exported to {shown(written)}.{words}", markup=False)

    def action_editor(self) -> None:
        """Write the message in the user's own editor; the app waits for it."""
        prompt, environ = self.query_one(Prompt), self.chat.session.runtime.environ
        text = edited_outside(self, prompt.unfolded, environ, busy=bool(self.chat.busy))
        if text is not None:
            prompt.put(text)
        prompt.focus()
