"""The sidebar: conversations by recency, with what each of them cost."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.domain.conversation import UNTITLED, ConversationSummary
from tui.domain.sanitize import single_line
from tui.ui.messages import (
    ConversationChosen,
    ConversationDeleted,
    DeletionUndone,
    RenameRequested,
)
from tui.ui.widgets.cost_bar import total_words

_NARROWEST = 16


class ConversationList(OptionList):
    """The list itself; Enter opens, R renames, Delete deletes, U undoes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "rename", "Rename", id="sidebar.rename", tooltip="Rename the conversation"),
        Binding(
            "delete", "delete", "Delete", id="sidebar.delete", tooltip="Delete the conversation"
        ),
        Binding("u", "undo", "Undo", id="sidebar.undo", tooltip="Bring back what was deleted"),
    ]

    def action_rename(self) -> None:
        """Ask for another title."""
        option = self.highlighted_option
        if option is not None and option.id is not None:
            self.post_message(RenameRequested(option.id, ""))

    def action_delete(self) -> None:
        """Delete the highlighted conversation; it can be undone."""
        option = self.highlighted_option
        if option is not None and option.id is not None:
            self.post_message(ConversationDeleted(option.id))

    def action_undo(self) -> None:
        """Bring back the conversation that was deleted last."""
        self.post_message(DeletionUndone())


class Sidebar(Vertical):
    """Lists the conversations under headings by day."""

    DEFAULT_CSS = """
    Sidebar {
        width: 30; height: 1fr; background: $surface; border-right: solid $panel;
        & > .sidebar--title { height: 1; padding: 0 1; color: $text-muted; text-style: bold; }
        & > .sidebar--empty { padding: 1; color: $text-muted; display: none; }
        & > ConversationList {
            height: 1fr; padding: 0 0 0 1; background: transparent; border: none;
            scrollbar-size-vertical: 1;
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

    def compose(self) -> ComposeResult:
        """Lay out the title, the list and the words for an empty one."""
        yield Static("Chats", classes="sidebar--title", markup=False)
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
        width = self.conversations.scrollable_content_region.width
        state = (tuple(summaries), current, busy, width)
        if state == self._shown:
            return
        self._shown = state
        self._summaries, self._current, self._busy = summaries, current, busy
        self.set_class(not summaries, "-empty")
        options = self._options(width)
        highlight = self._kept_highlight([option.id for option in options])
        self.conversations.set_options(options)
        self.conversations.highlighted = highlight

    def on_resize(self) -> None:
        """Lay the rows out anew for the width that there is now."""
        self.call_after_refresh(self.show, self._summaries, self._current, self._busy)

    def title_of(self, conversation_id: str) -> str:
        """The title of a listed conversation."""
        titles = (row.title for row in self._summaries if row.id == conversation_id)
        return next(titles, UNTITLED)

    def _kept_highlight(self, ids: list[str | None]) -> int | None:
        """The row that stays highlighted: the same conversation, else its neighbour.

        While nobody is in the list, it is the conversation on screen.
        """
        old = self.conversations
        option = old.highlighted_option
        if not old.has_focus or option is None:
            return ids.index(self._current) if self._current in ids else None
        if option.id in ids:
            return ids.index(option.id)
        place = min(old.highlighted or 0, len(ids) - 1)
        if place >= 0 and ids[place] is None and place + 1 < len(ids):
            return place + 1
        return place if place >= 0 and ids[place] is not None else None

    def _options(self, width: int) -> list[Option]:
        today = datetime.now().astimezone().date()
        options: list[Option] = []
        heading = None
        for summary in self._summaries:
            day = _heading(summary.updated_at.astimezone().date(), today)
            if day != heading:
                heading = day
                options.append(Option(Content.styled(day, "$text-muted"), disabled=True))
            options.append(Option(self._row(summary, max(_NARROWEST, width)), id=summary.id))
        return options

    def _row(self, summary: ConversationSummary, width: int) -> Content:
        """Title and cost, and below them, more quietly, the model."""
        is_busy = summary.id in self._busy
        mark = "… " if is_busy else "▸ " if summary.id == self._current else "  "
        cost = "" if is_busy else total_words(summary.cost)
        room = max(4, width - len(mark) - len(cost) - 1)
        title = Content(single_line(summary.title, 200) or UNTITLED)
        title = title.truncate(room, ellipsis=True)
        gap = " " * (room - title.cell_length + 1)
        model = single_line(summary.model.partition("/")[2] or summary.model, width - len(mark))
        return Content.assemble(mark, title, gap, (cost, "$money"), "\n  ", (model, "$text-muted"))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the chosen conversation."""
        event.stop()
        if event.option_id is not None:
            self.post_message(ConversationChosen(event.option_id))


def _heading(day: date, today: date) -> str:
    if day >= today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    if day > today - timedelta(days=7):
        return f"{day:%A}"
    return f"{day:%B %Y}"
