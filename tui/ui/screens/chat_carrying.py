"""The part of the chat screen that hands texts to the outside: files, and the user's editor."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui.domain.errors import WorkbenchError
from tui.services.editor import edit_text
from tui.services.paths import shown
from tui.ui.guard import notify_failure, run_guarded
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

    def action_export(self) -> None:
        """Write the conversation on screen to a file."""
        conversation = self.chat.conversation
        if conversation is None or not conversation.messages:
            self.notify("Nothing has been said here yet.", severity="warning", markup=False)
        else:
            self.ask_export((conversation.id,))

    def ask_export(self, ids: Sequence[str]) -> None:
        """Ask for the name of the file; its end says in which format."""
        run_guarded(self.app, self._ask_export(ids), "export")

    async def _ask_export(self, ids: Sequence[str]) -> None:
        from tui.ui.controllers.exporting import offered_name

        history = await self.chat.session.wait_for_history()
        name = offered_name(await history.load(ids[0]) if len(ids) == 1 else None)

        def write(path: str | None) -> None:
            if path:
                run_guarded(self.app, self._export(ids, path), "export")

        question = "Export to the file (.md, .html, or .json with all branches)"
        self.app.push_screen(AskText(question, name), write)

    async def _export(self, ids: Sequence[str], text: str, *, overwrite: bool = False) -> None:
        from tui.ui.controllers.exporting import export, target_of

        path, _ = target_of(text)
        if not overwrite and await asyncio.to_thread(os.path.lexists, path):

            def answered(yes: bool | None) -> None:
                if yes:
                    run_guarded(self.app, self._export(ids, text, overwrite=True), "export")

            words = f"There is a file {shown(path)} already."
            question = Confirm(words, "What is in it would be lost.", "Overwrite it", "Keep it")
            self.app.push_screen(question, answered)
            return
        written = await export(self.chat.session, ids, text, overwrite=overwrite)
        self.notify(f"Exported to {shown(written)}.", markup=False)

    def action_editor(self) -> None:
        """Write the message in the user's own editor; the app waits for it.

        Nothing is read from the network meanwhile, which would end an answer that streams.
        """
        if self.chat.busy:
            words = "An answer is still streaming; the editor can be opened when it has ended."
            self.notify(words, severity="warning", markup=False)
            return
        prompt = self.query_one(Prompt)
        try:
            with self.app.suspend():
                text = edit_text(prompt.unfolded, self.chat.session.runtime.environ)
        except SuspendNotSupported:
            words = "The editor cannot be opened from here."
            self.notify(words, severity="warning", markup=False)
        except WorkbenchError as error:
            notify_failure(self.app, error.failure)
        else:
            prompt.put(text)
        prompt.focus()
