"""A dialog for one value of the routing that is typed, with the names that it may hold."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.domain.routing import FieldKind, RoutingField
from tui.domain.routing_text import Value, example
from tui.domain.sanitize import single_line
from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.cells import fitted
from tui.ui.widgets.real_cursor import keep_cursor_in

_MOST_OFFERED = 6
_NAME_WIDTH = 22
_LONGEST = 200
_LISTS = (FieldKind.SLUGS, FieldKind.NAMES)
_KEYS = "Enter keeps it, an empty line unsets it, Esc cancels"
_KEYS_OF_LIST = "Tab takes a name, Enter keeps the line, an empty one names nobody"
_LAST_NAME = re.compile(r"[^,;\s]*$")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, as the settings hold it; None says nothing."""

    value: Value


@dataclass(frozen=True, slots=True)
class Name:
    """A name that a value may hold, and what is said of it."""

    name: str
    note: str = ""


class RoutingValue(Dialog[Typed | None]):
    """Dismisses with what was typed, or with None when the user thinks better of it.

    ``read`` gives the value of a text or raises ValueError with what is wrong and what to do, a
    line each. ``names`` gives the names that the last word of the text may mean.
    """

    CSS_PATH = "routing_value.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="value.cancel", tooltip="Change nothing"),
        Binding(
            "tab",
            "complete",
            "Complete",
            id="value.complete",
            tooltip="Take the name",
            priority=True,
        ),
        Binding("down", "move(1)", "Down", id="value.down", tooltip="Name below"),
        Binding("up", "move(-1)", "Up", id="value.up", tooltip="Name above"),
    ]

    def __init__(
        self,
        field: RoutingField,
        text: str,
        read: Callable[[str], Value],
        names: Callable[[str], Sequence[Name]] = lambda _text: (),
    ) -> None:
        super().__init__()
        self._field = field
        self._text = single_line(text, _LONGEST)
        self._read = read
        self._names = names
        self._offered: Sequence[Name] = ()

    def compose(self) -> ComposeResult:
        """Lay out the field, what is wrong with it, and the names."""
        field = self._field
        about = f"{field.help} In {field.unit}." if field.unit else field.help
        with Vertical(id="dialog"):
            yield Static(field.title, id="question", markup=False)
            yield Static(about, id="about", markup=False)
            yield Input(self._text, placeholder=example(field), select_on_focus=False)
            yield Static("", id="wrong", markup=False)
            names = OptionList(markup=False)
            names.display = field.kind in _LISTS
            yield names
            yield Static(_KEYS_OF_LIST if names.display else _KEYS, classes="hint", markup=False)

    def on_mount(self) -> None:
        """Offer the names for what is there."""
        field = self.query_one(Input)
        field.cursor_position = len(field.value)
        keep_cursor_in(field)
        self.query_one(OptionList).can_focus = False
        self._offer()

    def on_input_changed(self) -> None:
        """Offer the names that fit now; what was wrong may be right by now."""
        self._say("")
        self._offer()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Hand the value back, if it is one."""
        event.stop()
        if not event.value.strip():
            # An empty list also goes before one that a weaker scope sets.
            self.dismiss(Typed([] if self._field.kind in _LISTS else None))
            return
        try:
            self.dismiss(Typed(self._read(event.value)))
        except ValueError as error:
            self._say(str(error))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take a name that was clicked."""
        event.stop()
        self.action_complete()

    def _say(self, words: str) -> None:
        self.query_one("#wrong", Static).update(Content(words))

    def _offer(self) -> None:
        text = self.query_one(Input).value
        self._offered = self._names(_LAST_NAME.findall(text)[0])[:_MOST_OFFERED]
        names = self.query_one(OptionList)
        names.clear_options()
        names.add_options([Option(_line(one)) for one in self._offered])
        names.highlighted = 0 if self._offered else None

    def action_move(self, by: int) -> None:
        """Highlight another name."""
        names = self.query_one(OptionList)
        if names.highlighted is not None:
            names.highlighted = (names.highlighted + by) % len(self._offered)

    def action_complete(self) -> None:
        """Put the highlighted name where the last word is."""
        place = self.query_one(OptionList).highlighted
        if place is None:
            return
        field = self.query_one(Input)
        taken = f"{self._offered[place].name}, "
        field.value = _LAST_NAME.sub(lambda _: taken, field.value, count=1)
        field.cursor_position = len(field.value)

    def action_cancel(self) -> None:
        """Hand nothing back."""
        self.dismiss(None)


def _line(one: Name) -> Content:
    name = fitted(single_line(one.name, _LONGEST), _NAME_WIDTH)
    return Content.assemble(name, "  ", (single_line(one.note, _LONGEST), "$quiet"))
