"""The sidebar: conversations by recency, with what each of them cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.domain.conversation import UNTITLED, ConversationSummary
from tui.ui.messages import ConversationChosen, DeletionUndone, RenameRequested, TitleRequested
from tui.ui.widgets.real_cursor import keep_cursor_in
from tui.ui.widgets.sidebar_rows import RowState, grouped, row, wanted

_NARROWEST = 16
_PAGE = 200
"""Conversations that are listed at once; more follow as the reader comes near the end."""
_NEAR = 20
"""Rows before the end of the list at which more of it is made."""
_NEWEST = 500
"""Conversations that are read at first; all of them once the reader goes beyond these."""


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
class AllWanted(Message):
    """All conversations are wanted, and not only the newest."""


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
        _key("u", "undo", "Undo", "Bring back what was deleted"),
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
        """Bring back the conversation that was deleted last."""
        self.post_message(DeletionUndone())


class FilterLine(Input):
    """Narrows the list as it is typed into."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,enter", "to_list", "List", id="sidebar.to_list", tooltip="Go to the list"),
        Binding("escape", "clear", "Clear", id="sidebar.clear", tooltip="Show all of them again"),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape leaves once there is nothing to clear."""
        return bool(self.value) if action == "clear" else super().check_action(action, parameters)

    def __init__(self) -> None:
        super().__init__(placeholder="/ filter", compact=True, max_length=200)

    def on_mount(self) -> None:
        """Let the terminal's own cursor be where it is typed."""
        keep_cursor_in(self)

    def action_to_list(self) -> None:
        """Go to what was found."""
        self.screen.query_one(ConversationList).focus()

    def action_clear(self) -> None:
        """Filter no more."""
        self.value = ""


class Sidebar(Vertical):
    """Lists the conversations under headings by day."""

    DEFAULT_CSS = """
    Sidebar {
        width: 30; height: 1fr; background: $surface; border-right: solid $panel;
        & > .sidebar--title { height: 1; padding: 0 1; color: $text-muted; text-style: bold; }
        & > .sidebar--empty { padding: 1; color: $text-muted; display: none; }
        & > FilterLine { margin: 0 1; background: $surface; }
        & > ConversationList {
            height: 1fr; padding: 0 0 0 1; background: transparent; border: none;
            scrollbar-size-vertical: 1; scrollbar-gutter: stable;
            &:focus { border: none; }
        }
        &.-empty > .sidebar--empty { display: block; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._summaries: Sequence[ConversationSummary] = ()
        self._current: str | None = None
        self._busy: frozenset[str] = frozenset()
        self._shown: object = None
        self._rows: list[tuple[str, ConversationSummary]] = []
        self._room = _PAGE
        self._wants_all = False

    def compose(self) -> ComposeResult:
        """Lay out the title, the list and the words for an empty one."""
        yield Static("Chats", classes="sidebar--title", markup=False)
        yield FilterLine()
        yield Static(
            "Your conversations appear here. They are kept on this computer only.",
            classes="sidebar--empty",
            markup=False,
        )
        yield ConversationList()

    @property
    def conversations(self) -> ConversationList:
        """The list of conversations."""
        return self.query_one(ConversationList)

    def show(
        self,
        summaries: Sequence[ConversationSummary],
        current: str | None,
        busy: frozenset[str] = frozenset(),
    ) -> None:
        """Show these conversations; ``busy`` ones are being answered right now."""
        self._summaries, self._current, self._busy = summaries, current, busy
        self.conversations.marked &= {summary.id for summary in summaries}
        self._list()

    def _list(self) -> None:
        """List what the filter lets through."""
        shown, text = self.conversations, self.query_one(FilterLine).value
        width = shown.scrollable_content_region.width
        marked = frozenset(shown.marked)
        state = (tuple(self._summaries), self._current, self._busy, width, text, marked)
        if state == self._shown:
            return
        self._shown = state
        found = wanted(self._summaries, text)
        self._say(found, text)
        self._rows = list(grouped(found, datetime.now().astimezone().date()))
        options = self._options(0, self._room)
        highlight = self._kept_highlight([option.id for option in options])
        before, top = shown.highlighted_option, shown.scroll_offset.y
        shown.set_options(options)
        shown.highlighted = highlight
        after = shown.highlighted_option
        if before is not None and after is not None and before.id == after.id:
            shown.scroll_to(y=top, animate=False)  # what the reader sees stays where it is

    @property
    def wanted(self) -> int:
        """How many conversations should be read for the list; -1 for all."""
        return -1 if self._wants_all else _NEWEST

    def _want_all(self) -> None:
        if not self._wants_all and len(self._summaries) >= _NEWEST:
            self._wants_all = True
            self.post_message(AllWanted())

    def on_end_near(self, event: EndNear) -> None:
        """List more below."""
        event.stop()
        if self._room < len(self._rows):
            start, self._room = self._room, self._room + _PAGE
            self.conversations.add_options(self._options(start, self._room))
        else:
            self._want_all()

    def _say(self, found: Sequence[ConversationSummary], text: str) -> None:
        """Say in the title what the list leaves out, and below it why it is empty."""
        hidden = sum(one.archived for one in self._summaries) if not text.strip() else 0
        marked = len(self.conversations.marked)
        parts = [f"{marked} marked" if marked else "", f"{hidden} archived" if hidden else ""]
        self.query_one(".sidebar--title", Static).update(
            " · ".join(["Chats", *filter(None, parts)])
        )
        self.set_class(not found, "-empty")
        words = "Your conversations appear here. They are kept on this computer only."
        if self._summaries:
            words = "No title has these words. Alt+L searches the texts."
            words = words if text.strip() else "All are archived; the filter finds them."
        self.query_one(".sidebar--empty", Static).update(words)

    def on_resize(self) -> None:
        """Lay the rows out anew for the width that there is now."""
        self.call_after_refresh(self._list)

    def on_input_changed(self, event: Input.Changed) -> None:
        """List what the filter lets through now, of all conversations."""
        event.stop()
        self._room = _PAGE
        if event.value.strip():
            self._want_all()
        self._list()

    def on_marks_changed(self, event: MarksChanged) -> None:
        """Show the marks."""
        event.stop()
        self._list()

    def on_filter_wanted(self, event: FilterWanted) -> None:
        """Go to the filter line."""
        event.stop()
        self.query_one(FilterLine).focus()

    def title_of(self, conversation_id: str) -> str:
        """The title of a listed conversation."""
        found = self.summary_of(conversation_id)
        return found.title if found is not None else UNTITLED

    def summary_of(self, conversation_id: str) -> ConversationSummary | None:
        """What is known of a listed conversation."""
        return next((one for one in self._summaries if one.id == conversation_id), None)

    def unmark(self) -> None:
        """Mark nothing any more."""
        self.conversations.marked.clear()
        self._list()

    def _kept_highlight(self, ids: list[str | None]) -> int | None:
        """The row that stays highlighted: the same conversation, else its neighbour.

        While nobody is in the list, it is the conversation on screen.
        """
        old = self.conversations
        option = old.highlighted_option
        if not old.has_focus or option is None:
            at = ids.index(self._current) if self._current in ids else None
            return self._first(ids) if at is None and self.query_one(FilterLine).value else at
        if option.id in ids:
            return ids.index(option.id)
        place = min(old.highlighted or 0, len(ids) - 1)
        if place >= 0 and ids[place] is None and place + 1 < len(ids):
            return place + 1
        return place if place >= 0 and ids[place] is not None else None

    @staticmethod
    def _first(ids: list[str | None]) -> int | None:
        return next((at for at, one in enumerate(ids) if one is not None), None)

    def _options(self, start: int, end: int) -> list[Option]:
        """The rows from one place to before another, with the headings between them."""
        width = self.conversations.scrollable_content_region.width
        options: list[Option] = []
        before = self._rows[start - 1][0] if start else None
        for heading, summary in self._rows[start:end]:
            if heading != before:
                before = heading
                options.append(Option(Content.styled(heading, "$text-muted"), disabled=True))
            state = RowState(
                is_current=summary.id == self._current,
                is_busy=summary.id in self._busy,
                is_marked=summary.id in self.conversations.marked,
            )
            options.append(Option(row(summary, max(_NARROWEST, width), state), id=summary.id))
        return options

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the chosen conversation."""
        event.stop()
        if event.option_id is not None:
            self.post_message(ConversationChosen(event.option_id))
