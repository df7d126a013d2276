"""The part of the chat screen that copies while the prompt keeps the focus."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from tui.ui.transcript.transcript import Transcript
from tui.ui.widgets.prompt import Prompt


class ChatCopying(Screen[None]):
    """Copies from the transcript, and keeps at most one text selected on the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+y,alt+y",
            "copy_answer",
            "Copy answer",
            id="chat.copy_answer",
            tooltip="Copy the last answer as Markdown",
            show=False,
        ),
        Binding(
            "ctrl+o",
            "copy_code",
            "Copy code",
            id="chat.copy_code",
            tooltip="Number the code blocks in view; a digit copies one",
            show=False,
        ),
        Binding(
            "alt+a",
            "copy_chat",
            "Copy chat",
            id="chat.copy_chat",
            tooltip="Copy the whole chat as Markdown",
            show=False,
        ),
    ]

    def on_selection_begun(self) -> None:
        """Give up what is selected elsewhere, so that it is clear what Ctrl+C copies."""
        prompt = self.query_one(Prompt)
        prompt.selection = Selection.cursor(prompt.cursor_location)
        self.clear_selection()

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """Text that is selected in the prompt is the one selection now."""
        if not event.selection.is_empty:
            self.query_one(Transcript).clear_selection()

    def action_copy_text(self) -> None:
        """Copy what is selected in the transcript, or else in any other text."""
        transcript = self.query_one(Transcript)
        if transcript.selection is not None:
            transcript.action_copy_selection()
        else:
            super().action_copy_text()

    def action_copy_answer(self) -> None:
        """Copy the last answer."""
        self.query_one(Transcript).copy_answer()

    def action_copy_code(self) -> None:
        """Let a code block be chosen by its number, then go on typing."""
        self.query_one(Transcript).action_copy_code()

    def action_copy_chat(self) -> None:
        """Copy the whole chat."""
        self.query_one(Transcript).action_copy_chat()
