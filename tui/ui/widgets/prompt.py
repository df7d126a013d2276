"""The prompt: several lines, sent with Enter, with earlier prompts behind Up and Down."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from tui.ui.messages import DraftChanged, PromptSubmitted, ScrollRequested
from tui.ui.prompt_history import PromptHistory

_FOLDED_FROM = 20_000
"""Characters from which a paste is shown folded: one long wrapped line makes typing slow."""

class Prompt(TextArea):
    """Where messages are written.

    A large paste is folded to a short mark in the text and unfolded when the message is sent.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "send", "Send", id="prompt.send", tooltip="Send the message", show=False),
        Binding(
            "shift+enter,alt+enter,ctrl+j",
            "newline",
            "New line",
            id="prompt.newline",
            tooltip="Insert a line break",
            key_display="⇧⏎",
            show=False,
        ),
    ]

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(
            id=id,
            placeholder=placeholder,
            soft_wrap=True,
            compact=True,
            highlight_cursor_line=False,
            show_line_numbers=False,
        )
        self.recall = PromptHistory()
        self._folded: dict[str, str] = {}

    @property
    def unfolded(self) -> str:
        """The text with folded pastes in full, as it will be sent."""
        text = self.text
        for mark, pasted in self._folded.items():
            text = text.replace(mark, pasted)
        return text

    def put(self, text: str) -> None:
        """Replace the text, with the cursor at its end; a large one is folded."""
        self._folded.clear()
        self.load_text(self._fold(text))
        self.move_cursor(self.document.end)

    def _fold(self, text: str) -> str:
        if len(text) < _FOLDED_FROM:
            return text
        mark = f"[pasted text {len(self._folded) + 1} · {len(text):,} characters]"
        self._folded[mark] = text
        return mark

    def action_send(self) -> None:
        """Hand the text to the screen, unless there is nothing in it."""
        text = self.unfolded
        if not text.strip():
            return
        self.recall.add(text)
        self.put("")
        self.post_message(PromptSubmitted(text))

    def action_newline(self) -> None:
        """Insert a line break."""
        self.insert("\n")

    async def _on_key(self, event: events.Key) -> None:
        """Run the prompt's own keys in their order.

        Textual runs a binding after later keys may have been typed already: of a burst, text would
        be cut in two, deleted in the wrong place, or not be sent at all.
        """
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            event.stop()
            event.prevent_default()
            await self.run_action(binding.action)
            return

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        text = event.text.replace("\r\n", "\n").replace("\r", "\n")
        start, end = self.selection
        result = self.replace(self._fold(text), start, end, maintain_selection_offset=False)
        self.move_cursor(result.end_location)

    def on_text_area_changed(self) -> None:
        """Tell the screen, so that the draft can be kept."""
        self.post_message(DraftChanged())

    def action_cursor_up(self, select: bool = False) -> None:
        """Move up; on the first line, recall the prompt before."""
        if not select and self.cursor_at_first_line and self._recall(self.recall.older(self.text)):
            return
        super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        """Move down; on the last line, come back to a later prompt."""
        if not select and self.cursor_at_last_line and self._recall(self.recall.newer()):
            return
        super().action_cursor_down(select)

    def _recall(self, text: str | None) -> bool:
        if text is None:
            return False
        self.put(text)
        return True

    def action_cursor_page_up(self) -> None:
        """Scroll the transcript: the prompt itself is never pages long."""
        self.post_message(ScrollRequested(-1))

    def action_cursor_page_down(self) -> None:
        """Scroll the transcript."""
        self.post_message(ScrollRequested(1))
