"""A scroll view of ready-made strips, without the costs that come with every frame otherwise."""

from math import ceil
from typing import Any

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.widget import Widget

_PARTS = len(ScrollBar.renderer.VERTICAL_BARS)
"""The steps within a cell in which the scrollbar moves."""


class LineView(ScrollView):
    """Scrolls at once, changes its height without a layout, and hands strips over as they are."""

    _thumb: tuple[int, int] | None = None
    _placing = False
    """Whether the program moves the view, not the reader."""

    def scroll_to(self, x: float | None = None, y: float | None = None, **options: Any) -> None:
        """Scroll at once: a target that moves and an animation would not meet."""
        super().scroll_to(x, y, **(options | {"animate": False}))

    def set_rows(self, width: int, rows: int, place: int) -> None:
        """Set the size of the document and the row at the top of the view.

        Only the scrollbar need know: the widget's own place on the screen stays the same.
        """
        if self.virtual_size != (width, rows):
            self.set_reactive(Widget.virtual_size, Size(width, rows))
        self._placing = True
        try:
            self.scroll_target_y = self.scroll_y = place
        finally:
            self._placing = False
        self._show_place()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Draw the rows of the new place."""
        if round(old_value) != round(new_value):
            # Without the column of the scrollbar, which rarely looks different.
            self.refresh(Region(0, 0, *self.scrollable_content_region.size))
        if not self._placing:
            self._show_place()

    def _show_place(self) -> None:
        """Tell the scrollbar, and draw it again only if its thumb has moved by an eighth cell."""
        bar, rows, place = self.vertical_scrollbar, self.virtual_size.height, self.scroll_y
        bar.set_reactive(ScrollBar.window_virtual_size, rows)
        bar.set_reactive(ScrollBar.position, bar.validate_position(place))
        height = bar.window_size
        thumb = _thumb(height, rows, place) if rows > height > 0 else None
        if thumb != self._thumb:
            self._thumb = thumb
            bar.refresh()

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


def _thumb(height: int, rows: int, place: float) -> tuple[int, int]:
    """Where a scrollbar's thumb begins and how long it is, as Textual draws it, in parts."""
    size = max(1, height * height / rows)
    start = (height - size) * place / (rows - height)
    return int(start * _PARTS), ceil(size * _PARTS)
