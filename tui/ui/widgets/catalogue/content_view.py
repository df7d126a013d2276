"""Text to read, drawn line by line: another text needs no layout of the screen."""

from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.strip import Strip
from textual.visual import Visual

from tui.ui.widgets.line_view import LineView

_MARGIN = 1
"""Cells at both sides of the text. Padding would cost a copy of every line in every frame."""


class ContentView(LineView, can_focus=True):
    """Scrolls through a text; it has no cursor."""

    DEFAULT_CSS = """
    ContentView {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.text = Content("")
        self._strips: list[Strip] | None = None

    @property
    def text_width(self) -> int:
        """Cells in a line."""
        return max(1, self.scrollable_content_region.width - 2 * _MARGIN)

    def show(self, text: Content) -> None:
        """Show another text from its beginning."""
        self.text = text
        self._lay_out(0)

    def render_line(self, y: int) -> Strip:
        """One line of the view."""
        strips = self._lines()
        index = y + round(self.scroll_y)
        if index < len(strips):
            return strips[index]
        return Strip.blank(self.text_width + 2 * _MARGIN, self.rich_style)

    def notify_style_update(self) -> None:
        """Draw with the colours of another theme."""
        self._strips = None
        super().notify_style_update()

    def on_resize(self, _event: events.Resize) -> None:
        """Wrap the text anew for another width."""
        self._lay_out(round(self.scroll_y))

    def _lay_out(self, place: int) -> None:
        self._strips = None
        rows = len(self._lines())
        width = self.text_width + 2 * _MARGIN
        self.set_rows(width, rows, max(0, min(place, rows - self.size.height)))
        self.refresh()

    def _lines(self) -> list[Strip]:
        if self._strips is None:
            edge = Segment(" " * _MARGIN, self.rich_style)
            lines = Visual.to_strips(
                self, self.text, self.text_width, None, self.visual_style, pad=True
            )
            self._strips = [Strip([edge, *line, edge]) for line in lines]
        return self._strips
