"""What changed (w): models that came and went, prices and context, since when."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static

from tui.domain.catalogue_changes import Change
from tui.ui.widgets.catalogue.change_list import ChangeList
from tui.ui.widgets.catalogue.key_line import KeyLine
from tui.ui.widgets.catalogue.status_line import age_of, age_words
from tui.ui.widgets.row_list import RowList

_KEPT_DAYS = 30


class ModelChanges(Screen[str | None]):
    """Dismisses with the id of a model to look at, or with None.

    ``fetched_at`` is the moment of the last refresh, in UTC; ``changes`` come newest first.
    """

    CSS_PATH = "model_changes.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "app.help", "Help", id="changes.help", tooltip="Every key on one page"),
        Binding("escape,w,q", "close", "Close", id="changes.close", tooltip="Back to the models"),
        Binding(
            "tab",
            "span",
            "Other span",
            id="changes.span",
            tooltip="Since the last refresh, or over 30 days",
            priority=True,
        ),
    ]

    def __init__(self, changes: Sequence[Change], fetched_at: datetime | None) -> None:
        super().__init__()
        self._changes = changes
        self._age = age_of(fetched_at, datetime.now(UTC))
        self._latest = [change for change in changes if change.seen_at == fetched_at]
        self._shows_all = not self._latest

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        yield Static(id="span", markup=False)
        yield ChangeList(id="changes")
        yield KeyLine()

    def on_mount(self) -> None:
        """Start with the news, if there are any."""
        self.query_one(ChangeList).focus()
        self._show()

    def _show(self) -> None:
        shown = self._changes if self._shows_all else self._latest
        latest = "at the last refresh"
        if self._age is not None:
            latest += f" ({age_words(self._age)})"
        days = f"over {_KEPT_DAYS} days"
        span, other = (days, latest) if self._shows_all else (latest, days)
        count = len(self._latest if self._shows_all else self._changes)
        self.query_one("#span", Static).update(
            f"{len(shown):,} changes {span}   Tab: {count:,} {other}"
        )
        changes = self.query_one(ChangeList)
        changes.empty_words = f"Nothing was seen to change {span}."
        changes.show(shown)

    def action_span(self) -> None:
        """Show the other span."""
        self._shows_all = not self._shows_all
        self._show()

    @on(RowList.Chosen)
    def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        change = self.query_one(ChangeList).change_at(event.index)
        if change is not None:
            self.dismiss(change.model_id)

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)
