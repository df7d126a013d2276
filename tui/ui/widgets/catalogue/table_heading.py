"""The names of the table's columns."""

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui.domain.catalogue_sort import SortKey
from tui.ui.widgets.catalogue.columns import GAP, Column
from tui.ui.widgets.catalogue.model_table import ModelTable
from tui.ui.widgets.cells import fitted


class TableHeading(Widget):
    """One line above the table; a click sorts by a column, another one turns the order round."""

    DEFAULT_CSS = """
    TableHeading { height: 1; color: $quiet; background: $background; }
    """

    @dataclass
    class Clicked(Message):
        """The user clicked on the heading of a column that can be sorted by."""

        sort: SortKey

    def __init__(self, table: ModelTable) -> None:
        super().__init__()
        self._table = table

    def render(self) -> Content:
        """The headings, with an arrow at the column of the order."""
        content = self._table.content
        parts = []
        for column, room in self._laid():
            is_sorted = column.sort is content.sort and column.sort is not None
            arrow = ("▼" if content.descending else "▲") if is_sorted else ""
            words = fitted(f"{column.heading}{arrow}", room, right=column.right)
            parts.append(Content.styled(words, "bold $text-accent" if is_sorted else ""))
        return Content(" " * GAP).join(parts)

    def on_click(self, event: events.Click) -> None:
        """Sort by the column that was clicked on."""
        event.stop()
        left = 0
        for column, room in self._laid():
            if left <= event.x < left + room and column.sort is not None:
                self.post_message(self.Clicked(column.sort))
            left += room + GAP

    def _laid(self) -> list[tuple[Column, int]]:
        return self._table.columns_for(self._table.row_width)
