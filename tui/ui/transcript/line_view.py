"""A scroll view of ready-made strips, without the costs that come with every frame otherwise."""

from typing import Any

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget


class LineView(ScrollView):
    """Scrolls at once, changes its height without a layout, and hands strips over as they are."""

    def scroll_to(self, x: float | None = None, y: float | None = None, **options: Any) -> None:
        """Scroll at once: a target that moves and an animation would not meet."""
        super().scroll_to(x, y, **(options | {"animate": False}))

    def set_rows(self, width: int, rows: int) -> None:
        """Set the size of the document.

        Only the scrollbar need know: the widget's own place on the screen stays the same.
        """
        if self.virtual_size != (width, rows):
            self.set_reactive(Widget.virtual_size, Size(width, rows))
            self.vertical_scrollbar.window_virtual_size = rows

    def render_lines(self, crop: Region) -> list[Strip]:
        """Rows of the view, in the very strips that the renderer keeps.

        A strip remembers how it was cut and encoded for the terminal, and Textual's own cache of
        rows would copy it each time. That cache is needed for borders and the like only.
        """
        styles = self.styles
        if styles.gutter.totals != (0, 0) or self.opacity != 1 or styles.tint.a:
            return super().render_lines(crop)
        strips = [self.render_line(y) for y in crop.line_range]
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        left, right = crop.column_span
        if (left, right) != (0, self.virtual_size.width):
            strips = [strip.crop(left, right) for strip in strips]
        return strips
