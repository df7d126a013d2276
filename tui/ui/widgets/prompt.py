"""The prompt: several lines, sent with Enter, with earlier prompts behind Up and Down."""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.ui.messages import (
    DraftChanged,
    ModeChanged,
    PromptSubmitted,
    ScrollRequested,
    TextPasted,
)
from tui.ui.normal_mode import NormalMode
from tui.ui.prompt_history import PromptHistory
from tui.ui.widgets.offering_area import OfferingArea
from tui.ui.widgets.real_cursor import keep_cursor_in

_JOINERS = ("\u200c", "\u200d")
"""Not printable to Textual, but Persian and joined emoji are typed with them."""


def _offer_key(key: str, action: str, label: str, tooltip: str) -> Binding:
    return Binding(key, action, label, id=f"offers.{label}", tooltip=tooltip, show=False)


class Prompt(OfferingArea):
    """Where messages are written.

    A large paste is folded to a short mark, and unfolded when the message is sent. ``completing``
    knows what the word that is typed may become; ``meaning`` says what a text that is sent is to
    the screen, and None if it is to stay in the prompt.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        _offer_key("up", "offers_move(-1)", "before", "Choose the offer before"),
        _offer_key("down", "offers_move(1)", "next", "Choose the next offer"),
        _offer_key("enter", "offers_take", "take", "Take the offer; a whole command runs at once"),
        _offer_key("tab", "offers_fill", "fill", "Put the offer in and go on typing"),
        _offer_key("escape", "offers_close", "close", "Close the list of offers"),
        Binding(
            "escape",
            "normal",
            "Normal mode",
            id="prompt.normal",
            tooltip="Normal mode as in vim, if the settings want it; i types again",
            show=False,
        ),
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
        # A text area of its own would select everything.
        Binding(
            "f7",
            "screen.routing",
            "Routing",
            id="chat.routing",
            tooltip="Who may serve the model, and who steps in for it",
            show=False,
        ),
    ]

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(placeholder=placeholder, id=id)
        self.recall = PromptHistory()
        self.meaning: Callable[[str], Message | None] = PromptSubmitted
        self.sends_alone = False
        """Whether there is something to send even without a text."""
        self.vim = False
        """Whether Esc goes to normal mode."""
        self._normal_mode = NormalMode()
        self._is_normal = False

    def on_mount(self) -> None:
        """Follow the layout: the prompt moves when it grows, and when what is above it does."""
        keep_cursor_in(self)

    def action_send(self) -> None:
        """Hand the text to the screen, unless there is nothing in it or it is to stay."""
        text = self.unfolded
        message = self.meaning(text) if text.strip() or self.sends_alone else None
        if message is None:
            return
        if text.strip():
            self.recall.add(text)
        self.put("")
        self.type_again()
        self.post_message(message)

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
        if self._is_normal and event.character is not None and event.is_printable:
            event.stop()
            event.prevent_default()
            self._press_normal(event.character)
            return
        self.in_order = True
        try:
            for binding in self._bindings.key_to_bindings.get(event.key, ()):
                # What has no use for its key just now leaves it to the next, at last to the
                # screen: Ctrl+C, say.
                if await self.app.run_action(binding.action, self):
                    event.stop()
                    event.prevent_default()
                    return
        finally:
            self.in_order = False

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        text = event.text.replace("\r\n", "\n").replace("\r", "\n")
        start, end = self.selection
        result = self.replace(text, start, end, maintain_selection_offset=False)
        self.move_cursor(result.end_location)
        self.hush()
        self.post_message(TextPasted(text, min(start, end), result.end_location))

    def on_text_area_changed(self) -> None:
        """Tell the screen, so that the draft can be kept."""
        self.post_message(DraftChanged())
        self._look()

    def action_normal(self) -> None:
        """Go to normal mode; there, and without it, the key is left to the screen."""
        if not self.in_order or not self.vim or self._is_normal:
            raise SkipAction
        self._is_normal = True
        row, column = self.cursor_location
        self.move_cursor((row, max(0, column - 1)))
        self.hush()
        self.post_message(ModeChanged(normal=True))

    def type_again(self) -> None:
        """Leave normal mode."""
        if self._is_normal:
            self._is_normal = False
            self.post_message(ModeChanged(normal=False))

    def _press_normal(self, key: str) -> None:
        cursor = len(self.document.get_text_range((0, 0), self.cursor_location))
        step = self._normal_mode.press(key, self.text, cursor)
        if step.change is not None:
            start, end, text = step.change
            self.replace(text, self._location(start), self._location(end))
        self.move_cursor(self._location(step.cursor))
        self.hush()
        if step.types:
            self.type_again()

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
