"""A field with a few values to choose from."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

_FAINT = "$foreground 50%"


class ChoiceList(OptionList):
    """The values, below the field for as long as it is open."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", id="settings.choices.close", tooltip="Choose nothing")
    ]

    @dataclass
    class Left(Message):
        """The list is no longer wanted; ``by_key`` if it still has the focus."""

        by_key: bool

    def action_close(self) -> None:
        """Close the list."""
        self.post_message(self.Left(by_key=True))

    def on_blur(self) -> None:
        """Close with the focus."""
        self.post_message(self.Left(by_key=False))


class Choice(Widget, can_focus=True):
    """A value, and below it the list of all for as long as it is open.

    ``options`` are pairs of label and value; labels are shown literally. While ``value`` is none of
    them the field shows ``prompt``. The arrow keys are left for moving between fields.
    """

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter,space",
            "open",
            "Choose",
            id="settings.choose",
            tooltip="Open the list of choices",
        ),
    ]
    DEFAULT_CSS = """
    Choice {
        layout: vertical;
        height: 1;
        padding: 0 1;
        background: $surface-lighten-1;
        pointer: pointer;
        &:focus { background: $accent 30%; background-tint: $foreground 5%; }
        & > ChoiceList {
            overlay: screen;
            constrain: none inside;
            offset: 0 1;
            margin: 0 -1;
            height: auto;
            max-height: 12;
            padding: 0;
            background: $surface-lighten-1;
            &, &:focus { border: none; }
            & > .option-list--option { padding: 0 1; }
        }
    }
    """
    value: var[str] = var("", init=False)

    @dataclass
    class Changed(Message):
        """Another value was chosen."""

        choice: "Choice"
        value: str

    def __init__(
        self,
        options: Iterable[tuple[str, str]],
        value: str,
        *,
        prompt: str,
        id: str,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id)
        self._choices = _shown(options)
        self._prompt = prompt
        self._press_closes = False
        self.set_reactive(Choice.value, value)

    def offer(self, options: Iterable[tuple[str, str]]) -> None:
        """Offer other values; the one of now stays."""
        self._choices = _shown(options)
        self.refresh()

    @property
    def is_open(self) -> bool:
        """Whether the list is shown."""
        return bool(self.query(ChoiceList))

    def render(self) -> Content:
        """The label of the value, and an arrow at the right end."""
        labels = {value: label for label, value in self._choices}
        label = labels.get(self.value, Content.styled(self._prompt, _FAINT))
        room = max(self.content_size.width - 2, 0)
        arrow = "▲" if self.is_open else "▼"
        return Content.assemble(label.truncate(room, ellipsis=True, pad=True), " ", (arrow, _FAINT))

    def watch_value(self, value: str) -> None:
        """Show the value and tell everybody."""
        self.refresh()
        self.post_message(self.Changed(self, value))

    def on_mouse_down(self) -> None:
        """Note that this press closes the list, as it takes the focus away from it."""
        self._press_closes = self.is_open

    def on_click(self, event: events.Click) -> None:
        """Open the list, unless the press has closed it."""
        if event.widget is self and not self._press_closes:
            self.action_open()

    def action_open(self) -> None:
        """Show the list with the value highlighted."""
        values = ChoiceList(*(Option(label) for label, _ in self._choices), markup=False)
        here = [place for place, (_, value) in enumerate(self._choices) if value == self.value]
        values.highlighted = here[0] if here else 0
        self.mount(values)
        values.focus(scroll_visible=False)

    @on(ChoiceList.Left)
    def _left(self, event: ChoiceList.Left) -> None:
        event.stop()
        self._close(take_focus=event.by_key)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.value = self._choices[event.option_index][1]
        self._close(take_focus=True)

    def _close(self, *, take_focus: bool) -> None:
        if take_focus:
            self.focus()
        self.query(ChoiceList).remove()
        self.refresh()


def _shown(options: Iterable[tuple[str, str]]) -> list[tuple[Content, str]]:
    return [(Content(label), value) for label, value in options]
