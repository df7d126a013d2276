"""The names of the columns above a table of endpoints."""

from textual.content import Content
from textual.widget import Widget

from tui.ui.widgets.cells import fitted
from tui.ui.widgets.routing.endpoint_table import GAP, EndpointTable


class EndpointHeading(Widget):
    """One line; it names the columns for which there is room."""

    DEFAULT_CSS = """
    EndpointHeading { height: 1; color: $quiet; }
    """

    def __init__(self, table: EndpointTable) -> None:
        super().__init__()
        self._table = table

    def render(self) -> Content:
        """The headings of the columns that are there."""
        laid = self._table.laid(self._table.row_width)
        words = [fitted(column.heading, room, right=column.right) for column, room in laid]
        return Content((" " * GAP).join(words))
