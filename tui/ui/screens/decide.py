"""A question with a few answers, the first of which changes nothing."""

from collections.abc import Sequence
from math import inf
from time import monotonic
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalGroup
from textual.content import Content
from textual.widgets import Button, Static

from tui.domain.sanitize import visible
from tui.ui.screens.dialog import Dialog, Result

_QUIET: Final = 0.5
"""Seconds without a key after which keys are meant for the question."""
_SIDE_BY_SIDE: Final = 2
"""More answers than these stand below each other."""


class Decide(Dialog[Result]):
    """Dismisses with what stands behind an answer; the focus, and Escape, mean the first one.

    It may appear while somebody types: no letter is an answer, and no key does anything until the
    question has been in sight, and the keyboard silent, for a moment. Escape waits only for the
    former. One that is asked because of a key, ``asked_by``, is expected: it is deaf to that key
    alone, which may still be held down. All texts are shown literally, never as markup.
    """

    DEFAULT_CSS = """
    Decide {
        & > #dialog {
            & > #detail { margin-top: 1; }
            & > #keys { margin-top: 1; color: $text-muted; }
            &.-many > #answers {
                layout: vertical;
                align-horizontal: left;
                & > Button { margin-left: 0; text-align: left; content-align: left middle; }
            }
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "answer(0)", "No", id="confirm.no", tooltip="Answer no"),
        Binding(
            "left,up", "app.focus_previous", "Back", id="confirm.previous", tooltip="Other answer"
        ),
        Binding("right,down", "app.focus_next", "Forth", id="confirm.next", tooltip="Other answer"),
    ]

    def __init__(
        self,
        question: str,
        detail: str,
        answers: Sequence[tuple[str, str, Result]],
        *,
        asked_by: str = "",
    ) -> None:
        """``answers`` have a name each, words for the button, and what they mean.

        ``asked_by`` is the key that asks this as a rule; nothing for one that comes unasked.
        """
        super().__init__()
        self._question = question
        self._detail = detail
        self._answers = answers
        self._asked_by = asked_by
        self._seen_from = inf
        self._deaf_until = inf

    def compose(self) -> ComposeResult:
        """Lay out the question, its details and the answers."""
        many = len(self._answers) > _SIDE_BY_SIDE
        with VerticalGroup(id="dialog", classes="-many" if many else ""):
            yield Static(visible(self._question), id="question", markup=False)
            yield Static(visible(self._detail), id="detail", markup=False)
            with Horizontal(id="answers"):
                for name, words, _ in self._answers:
                    yield Button(Content(visible(words)), id=name, compact=True)
            first = visible(self._answers[0][1])
            keys = f"Tab moves, Enter chooses, Esc means “{first}”."
            yield Static(keys, id="keys", markup=False)

    def on_mount(self) -> None:
        """Start on the answer that changes nothing."""
        self.query(Button).first().focus()
        self.call_after_refresh(self._appeared)

    def _appeared(self) -> None:
        self._seen_from = monotonic() + _QUIET
        self._deaf_until = min(self._deaf_until, self._seen_from)

    def on_key(self, event: events.Key) -> None:
        """Keep keys that were meant for something else from the bindings and the buttons."""
        if self._asked_by and event.key != self._asked_by:
            self._deaf_until = event.time  # the key that asked was let go
        only_sight = event.key == "escape" and not self._asked_by
        if event.time < (self._seen_from if only_sight else self._deaf_until):
            event.stop()
            event.prevent_default()
            self._deaf_until = max(self._deaf_until, event.time + _QUIET)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take the answer of the button."""
        event.stop()
        self.action_answer([name for name, _, _ in self._answers].index(event.button.id or ""))

    def action_answer(self, number: int) -> None:
        """Close with an answer."""
        self.dismiss(self._answers[number][2])
