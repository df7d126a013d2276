"""The bar that searches the prompts of the past, and puts one of them into the prompt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from tui.domain.offers import Offer, Offers
from tui.ui.prompt_history import matching
from tui.ui.widgets.offer_list import OfferClicked, OfferList
from tui.ui.widgets.real_cursor import keep_cursor_in

_MOST = 200
_LONGEST = 200


@dataclass
class RecallEnded(Message):
    """The user is done; ``prompt`` is the one that was chosen, None if none was."""

    prompt: str | None


def _key(key: str, action: str, name: str, tooltip: str) -> Binding:
    return Binding(key, action, name, id=f"recall.{name}", tooltip=tooltip, show=False)


class RecallBar(Vertical):
    """One line above the prompt, under a list of what was found, the newest first."""

    DEFAULT_CSS = """
    RecallBar {
        height: 1;
        background: $surface;
        display: none;
        &.-open { display: block; }
        & > #recall-line { height: 1; padding: 0 1; }
        & #recall-label { width: auto; color: $text-muted; padding-right: 1; }
        & Input { width: 1fr; border: none; height: 1; padding: 0; background: $surface; }
        & #recall-keys { width: auto; color: $text-muted; padding-left: 2; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        _key("up", "move(-1)", "newer", "Choose a newer prompt"),
        _key("down,ctrl+r", "move(1)", "older", "Choose an older prompt"),
        _key("enter", "take", "take", "Put the prompt in, to be changed or sent"),
        _key("escape", "leave", "close", "Go back to what was being typed"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._prompts: Sequence[str] = ()
        self._found: Sequence[str] = ()
        self._chosen = 0

    def compose(self) -> ComposeResult:
        """Lay out the list and the line."""
        yield OfferList()
        with Horizontal(id="recall-line"):
            yield Static("Earlier prompts", id="recall-label", markup=False)
            yield Input(placeholder="words of it", compact=True, max_length=_LONGEST)
            yield Static("", id="recall-keys", markup=False)

    def on_mount(self) -> None:
        """Let input methods open where the text is typed."""
        keep_cursor_in(self.query_one(Input))

    @property
    def is_open(self) -> bool:
        """Whether it is on the screen."""
        return self.has_class("-open")

    def open(self, newest_first: Sequence[str]) -> None:
        """Search these prompts."""
        self.add_class("-open")
        query = self.query_one(Input)
        query.value = ""
        self.screen.set_focus(query)  # at once: the next key belongs to it
        self.offer(newest_first)

    def offer(self, newest_first: Sequence[str]) -> None:
        """Search in other prompts; the choice stays at its place."""
        self._prompts = newest_first
        self._search()

    def close(self) -> None:
        """Take it off the screen."""
        self.remove_class("-open")
        self._prompts = self._found = ()
        self.query_one(OfferList).show(None, None)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search for the new text."""
        event.stop()
        self._chosen = 0
        if self.is_open:
            self._search()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter takes what is chosen for the text as it is now."""
        event.stop()
        self.action_take()

    def on_offer_clicked(self, message: OfferClicked) -> None:
        """Take what was clicked."""
        message.stop()
        self._chosen = message.place
        self.action_take()

    def action_move(self, step: int) -> None:
        """Choose another prompt."""
        self._chosen = max(0, min(self._chosen + step, len(self._found) - 1))
        self._show()

    def action_take(self) -> None:
        """Give the prompt that is chosen to the screen."""
        self._search()
        if self._found:
            self.post_message(RecallEnded(self._found[self._chosen]))

    def action_leave(self) -> None:
        """Give nothing to the screen."""
        self.post_message(RecallEnded(None))

    def _search(self) -> None:
        self._found = matching(self._prompts, self.query_one(Input).value, _MOST)
        self._chosen = max(0, min(self._chosen, len(self._found) - 1))
        self._show()

    def _show(self) -> None:
        offers = [Offer(prompt, prompt) for prompt in self._found]
        shown = Offers(0, 0, offers) if offers else None
        self.query_one(OfferList).show(shown, self._chosen)
        keys = "⏎ takes it  ↑↓  Esc" if offers else "no such prompt  Esc"
        self.query_one("#recall-keys", Static).update(keys)
