"""The list of conversations in the sidebar, and what its keys ask for."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import OptionList

from tui.ui.messages import RenameRequested, TitleRequested, UndoRequested
from tui.ui.widgets.filter_line import FilterLine

_NEAR = 20
"""Rows before the end of the list at which more of it is made."""


class ShelfAction(Enum):
    """What is done with conversations of the list."""

    DELETE = auto()
    PIN = auto()
    ARCHIVE = auto()
    TAG = auto()
    EXPORT = auto()


@dataclass
class ShelfRequested(Message):
    """The user wants something done with these conversations."""

    action: ShelfAction
    ids: tuple[str, ...]


@dataclass
class MarksChanged(Message):
    """Other conversations are marked now."""


@dataclass
class EndNear(Message):
    """The reader comes near the end of what is listed."""


@dataclass
class FilterWanted(Message):
    """The user wants to type into the filter line."""


def _key(key: str, action: str, label: str, tooltip: str) -> Binding:
    name = action.partition("(")[0] if "'" not in action else action.split("'")[1]
    name = name.removeprefix("screen.")
    return Binding(key, action, label, id=f"sidebar.{name}", tooltip=tooltip)


class ConversationList(OptionList):
    """The list itself; its keys act on what is marked, or else on what is highlighted."""

    BINDINGS: ClassVar[list[BindingType]] = [
        _key("slash", "filter", "Filter", "Show only what has these words in its title, or a #tag"),
        _key("space", "mark", "Mark", "Mark the conversation: keys act on all that are marked"),
        _key("p", "shelf('pin')", "Pin", "Keep it at the top, or no longer"),
        _key("a", "shelf('archive')", "Archive", "Put it aside, or bring it back"),
        _key("t", "shelf('tag')", "Tag", "Give it a tag, or take one away with a minus"),
        _key("e", "shelf('export')", "Export", "Write it to a file"),
        _key("i", "screen.import_file", "Import", "Import conversations from a file"),
        _key("r", "rename", "Rename", "Rename the conversation"),
        _key("m", "title_by_model", "Title", "Let its model give it a title; the cost is shown"),
        _key("delete", "shelf('delete')", "Delete", "Delete the conversation"),
        _key("u", "undo", "Undo", "Bring back what was deleted or put aside last"),
        Binding("escape", "unfilter", "All", id="sidebar.unfilter", tooltip="Show all of them"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.marked: set[str] = set()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The list has moved: near its end more of it is wanted."""
        super().watch_scroll_y(old_value, new_value)
        if new_value > old_value and new_value >= self.max_scroll_y - _NEAR:
            self.post_message(EndNear())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape belongs to the screen unless there is a filter to take away."""
        if action == "unfilter":
            return bool(self.screen.query_one(FilterLine).value)
        return super().check_action(action, parameters)

    def action_unfilter(self) -> None:
        """Filter no more."""
        self.screen.query_one(FilterLine).value = ""

    def action_filter(self) -> None:
        """Go to the filter line."""
        self.post_message(FilterWanted())

    def action_mark(self) -> None:
        """Mark the conversation or not, and go on to the next."""
        option = self.highlighted_option
        if option is not None and option.id is not None:
            self.marked ^= {option.id}
            self.action_cursor_down()
            self.post_message(MarksChanged())

    def action_shelf(self, name: str) -> None:
        """Ask for something to be done with the conversations."""
        option = self.highlighted_option
        ids = tuple(sorted(self.marked)) or ((option.id,) if option and option.id else ())
        if ids:
            self.post_message(ShelfRequested(ShelfAction[name.upper()], ids))

    def action_rename(self) -> None:
        """Ask for another title."""
        option = self.highlighted_option
        if option is not None and option.id is not None:
            self.post_message(RenameRequested(option.id, ""))

    def action_title_by_model(self) -> None:
        """Ask for a title that a model gives."""
        option = self.highlighted_option
        if option is not None and option.id is not None:
            self.post_message(TitleRequested(option.id))

    def action_undo(self) -> None:
        """Bring back what was deleted or put aside last."""
        self.post_message(UndoRequested())
