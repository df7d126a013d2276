"""A list of which only the rows in sight are drawn: as fast with 5,000 rows as with fifty."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from tui.ui.widgets.cells import fitted
from tui.ui.widgets.line_view import LineView


class RowList(LineView, can_focus=True):
    """Rows of one line each with a cursor; subclasses say how many and draw each.

    Component classes named ``row--…`` give the styles of its words.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row--text",
        "row--quiet",
        "row--money",
        "row--accent",
        "row--warning",
        "row--match",
        "row--cursor",
        "row--blurred",
    }
    DEFAULT_CSS = """
    RowList {
        height: 1fr;
        background: $background;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        & > .row--text { color: $foreground; }
        & > .row--quiet { color: $quiet; }
        & > .row--money { color: $money; }
        & > .row--accent { color: $text-accent; }
        & > .row--warning { color: $text-warning; }
        & > .row--match { color: $text-accent; text-style: bold underline; }
        & > .row--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
        & > .row--blurred {
            background: $block-cursor-blurred-background;
            color: $block-cursor-blurred-foreground;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", id="rows.up", tooltip="Row above", show=False),
        Binding("down,j", "move(1)", "Down", id="rows.down", tooltip="Row below", show=False),
        Binding("pageup", "page(-1)", "Up", id="rows.page_up", tooltip="Page up", show=False),
        Binding(
            "pagedown", "page(1)", "Down", id="rows.page_down", tooltip="Page down", show=False
        ),
        Binding("home", "edge(False)", "First", id="rows.first", tooltip="First row", show=False),
        Binding("end", "edge(True)", "Last", id="rows.last", tooltip="Last row", show=False),
    ]

    @dataclass
    class Moved(Message):
        """The cursor is on another row now; ``index`` is None in an empty list."""

        rows: "RowList"
        index: int | None

        @property
        def control(self) -> "RowList":
            """The list itself."""
            return self.rows

    @dataclass
    class Chosen(Message):
        """A row was chosen with Enter or by a click on the row under the cursor."""

        rows: "RowList"
        index: int

        @property
        def control(self) -> "RowList":
            """The list itself."""
            return self.rows

    @dataclass
    class LeftUpwards(Message):
        """The cursor was on the first row, and Up was pressed."""

        rows: "RowList"

        @property
        def control(self) -> "RowList":
            """The list itself."""
            return self.rows

    shows_cursor_at_rest = True
    """Whether the cursor is drawn while the focus is elsewhere."""
    looks_focused = False
    """Whether the cursor is drawn as if the list had the focus: keys elsewhere move it."""
    empty_words = ""
    """What is said where there are no rows."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._cursor = 0
        self._was_seen = False
        self._styles: dict[tuple[str, str], Style] = {}

    @property
    @abstractmethod
    def count(self) -> int:
        """How many rows there are."""

    @abstractmethod
    def row_segments(self, index: int, width: int, ground: str) -> list[Segment]:
        """One row in ``width`` cells; ``ground`` is the component class of its background."""

    @property
    def cursor(self) -> int | None:
        """The row under the cursor, None in an empty list."""
        return self._cursor if self.count else None

    @property
    def row_width(self) -> int:
        """Cells in a row, beside the scrollbar."""
        return self.scrollable_content_region.width

    def is_selectable(self, index: int) -> bool:
        """Whether the cursor stops at this row."""
        return 0 <= index < self.count

    def extent(self, index: int) -> range:
        """The rows that belong together with this one; the cursor stops at the first of them."""
        return range(index, index + 1)

    def rows_changed(self, cursor: int | None = None) -> None:
        """Draw all rows anew, with the cursor at a row; None leaves it where it was."""
        wanted = self._cursor if cursor is None else cursor
        self._cursor = self._nearest(wanted, 1 if wanted == 0 else -1)
        place = self._place_with(self._cursor, round(self.scroll_y))
        self.set_rows(self.row_width, self.count, place)
        self.refresh()

    def move_to(self, index: int) -> None:
        """Put the cursor on a row and the row into sight."""
        if not self.is_selectable(index) or index == self._cursor:
            return
        before, self._cursor = self._cursor, index
        place = self._place_with(index, round(self.scroll_y))
        if place == round(self.scroll_y):
            self.refresh_rows(before)
            self.refresh_rows(index)
        else:
            self.scroll_to(y=place)
            self.refresh()
        self.post_message(self.Moved(self, index))

    def style_of(self, name: str, ground: str = "") -> Style:
        """The style of a component class ``row--<name>`` on a ground (another class, or none)."""
        key = (name, ground)
        if key not in self._styles:
            style = self.get_component_rich_style(f"row--{name}", partial=True)
            base = self.rich_style
            if ground:
                base += self.get_component_rich_style(f"row--{ground}", partial=True)
                if name == "text":
                    style = Style()
            self._styles[key] = base + style
        return self._styles[key]

    def notify_style_update(self) -> None:
        """Forget the styles: the theme or the focus has changed."""
        self._styles.clear()
        super().notify_style_update()

    def on_resize(self, _event: events.Resize) -> None:
        """Keep the cursor in sight; at first it is in the middle."""
        self._styles.clear()
        middle = self._cursor - self.size.height // 2
        place = self._place_with(self._cursor, round(self.scroll_y) if self._was_seen else middle)
        self._was_seen = self._was_seen or self.count > 0
        self.set_rows(self.row_width, self.count, place)
        self.refresh()

    def on_focus(self) -> None:
        """Draw the cursor as the one that keys move."""
        self.refresh()

    def on_blur(self) -> None:
        """Draw the cursor as one at rest."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the view."""
        width = self.row_width
        index = y + round(self.scroll_y)
        if index >= self.count:
            words = self.empty_words if not self.count and index == 1 else ""
            return Strip([Segment(fitted(f" {words}", width), self.style_of("quiet"))], width)
        ground = ""
        active = self.has_focus or self.looks_focused
        if self._cursor in self.extent(index) and (active or self.shows_cursor_at_rest):
            ground = "cursor" if active else "blurred"
        return Strip(self.row_segments(index, width, ground), width)

    def refresh_rows(self, index: int) -> None:
        """Draw a row, and what belongs to it, anew, as far as it is in sight."""
        rows = self.extent(index)
        self.refresh(Region(0, rows.start - round(self.scroll_y), self.row_width, len(rows)))

    def on_click(self, event: events.Click) -> None:
        """Move the cursor; a click on its own row chooses it."""
        event.stop()
        index = event.y + round(self.scroll_y)
        if index < self.count:
            index = self.extent(index).start
        if not self.is_selectable(index):
            return
        if index == self._cursor and self.has_focus and event.chain > 1:
            self.post_message(self.Chosen(self, index))
        else:
            self.move_to(index)

    def action_move(self, by: int) -> None:
        """Move the cursor by rows."""
        if by < 0 and self._nearest(self._cursor - 1, -1) >= self._cursor:
            self.post_message(self.LeftUpwards(self))
            return
        self.move_to(self._nearest(self._cursor + by, by))

    def action_page(self, by: int) -> None:
        """Move the cursor by pages."""
        self.move_to(self._nearest(self._cursor + by * max(1, self.size.height - 1), by))

    def action_edge(self, last: bool) -> None:
        """Move the cursor to the first or the last row."""
        self.move_to(self._nearest(self.count - 1 if last else 0, -1 if last else 1))

    def action_choose(self) -> None:
        """Choose the row under the cursor."""
        if self.is_selectable(self._cursor):
            self.post_message(self.Chosen(self, self._cursor))

    def _nearest(self, index: int, direction: int) -> int:
        """The next row, in a direction, at which the cursor can stop; else its own."""
        if not self.count:
            return 0
        index = min(max(index, 0), self.count - 1)
        rows = range(index, self.count) if direction > 0 else range(index, -1, -1)
        found = next((row for row in rows if self.is_selectable(row)), None)
        if found is None:
            found = next((row for row in reversed(rows) if self.is_selectable(row)), None)
        return self._cursor if found is None else found

    def _place_with(self, index: int, place: int) -> int:
        """The first row in sight so that this row is in sight with its headings and its rest."""
        height = self.size.height
        if index >= self.count or not height:
            return 0
        first, last = index, self.extent(index)[-1]
        while first and self._is_heading(first - 1) and last - first < height - 1:
            first -= 1
        place = min(max(place, last - height + 1), first)
        return max(0, min(place, self.count - height))

    def _is_heading(self, index: int) -> bool:
        """Whether a row stands by itself and the cursor does not stop at it."""
        return not self.is_selectable(index) and self.extent(index).start == index
