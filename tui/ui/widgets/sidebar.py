"""The sidebar: conversations by recency, with what each of them cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.domain.conversation import UNTITLED, ConversationSummary
from tui.ui.messages import ConversationChosen
from tui.ui.widgets.conversation_list import (
    ConversationList,
    EndNear,
    FilterWanted,
    MarksChanged,
)
from tui.ui.widgets.filter_line import FilterLine
from tui.ui.widgets.sidebar_rows import RowState, grouped, row, wanted

_NARROWEST = 16
_PAGE = 200
"""Conversations that are listed at once; more follow as the reader comes near the end."""
_NEWEST = 500
"""Conversations that are read at first; all of them once the reader goes beyond these."""


@dataclass
class AllWanted(Message):
    """All conversations are wanted, and not only the newest."""


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
