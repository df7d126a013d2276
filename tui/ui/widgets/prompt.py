"""The prompt: several lines, sent with Enter, with earlier prompts behind Up and Down."""

from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType

from tui.ui.messages import DraftChanged, PromptSubmitted, ScrollRequested
from tui.ui.prompt_history import PromptHistory
from tui.ui.widgets.folding_area import FoldingArea
from tui.ui.widgets.real_cursor import keep_cursor_in

_JOINERS = ("\u200c", "\u200d")
"""Not printable to Textual, but Persian and joined emoji are typed with them."""


class Prompt(FoldingArea):
    """Where messages are written.

    A large paste is folded to a short mark, and unfolded when the message is sent.
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
        Binding(
            "up",
            "cursor_up",
            "Earlier",
            id="prompt.earlier",
            tooltip="Earlier prompt, from the first line",
            show=False,
        ),
        Binding(
            "down",
            "cursor_down",
            "Later",
            id="prompt.later",
            tooltip="Later prompt, from the last line",
            show=False,
        ),
    ]

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(placeholder=placeholder, id=id)
        self.recall = PromptHistory()

    def on_mount(self) -> None:
        """Follow the layout: the prompt moves when it grows, and when what is above it does."""
        keep_cursor_in(self)

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
        if event.character in _JOINERS:
            event.stop()
            event.prevent_default()
            self.replace(event.character, *self.selection, maintain_selection_offset=False)
            return
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            # What has no use for its key just now leaves it to the screen: Ctrl+C, say.
            if await self.app.run_action(binding.action, self):
                event.stop()
                event.prevent_default()
            return

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        text = event.text.replace("\r\n", "\n").replace("\r", "\n")
        start, end = self.selection
        result = self.replace(text, start, end, maintain_selection_offset=False)
        self.move_cursor(result.end_location)

    def on_text_area_changed(self) -> None:
        """Tell the screen, so that the draft can be kept."""
        self.post_message(DraftChanged())

    def action_redo(self) -> None:
        """Do again what was undone; without such a thing the key is left to the screen."""
        before = self.text
        super().action_redo()
        if self.text == before:
            raise SkipAction

    def action_cursor_up(self, select: bool = False) -> None:
        """Move up; on the first line, recall the prompt before."""
        if (
            not select
            and self.cursor_at_first_line
            and self._recall(self.recall.older(self.unfolded))
        ):
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
