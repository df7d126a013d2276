"""The widget: a window of rows on a document that is measured and drawn only where it is seen."""

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.style import Style as RichStyle
from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.style import Style

from tui.ui.transcript import css, keys
from tui.ui.transcript.arrivals import Arrivals
from tui.ui.transcript.badge import badge, with_badge, with_target
from tui.ui.transcript.blockmap import BlockMap
from tui.ui.transcript.blocks import Block
from tui.ui.transcript.document import Entry, Outline
from tui.ui.transcript.entry_layout import EntryLayout
from tui.ui.transcript.finding import Finding
from tui.ui.transcript.layout import Anchor, Layout
from tui.ui.transcript.linking import Linking
from tui.ui.transcript.look import COMPONENTS, Look, Theme
from tui.ui.transcript.pointing import Pointing
from tui.ui.transcript.renderer import Renderer
from tui.ui.transcript.streaming import Streaming


class Transcript(Streaming, Finding, Linking, Pointing, can_focus=True, inherit_bindings=False):
    """Shows entries, follows the end while text streams in, and lets go when the reader scrolls.

    Text is taken in at once and drawn at most 25 times a second. Only what is near the view is
    parsed and measured, so ten thousand entries open as fast as ten.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"transcript--{name}" for name in COMPONENTS}

    DEFAULT_CSS = css.TRANSCRIPT

    BINDINGS: ClassVar[list[BindingType]] = keys.TRANSCRIPT

    following: reactive[bool] = reactive(True, init=False)
    """Whether the view stays at the end as text arrives."""
    unread: reactive[int] = reactive(0, init=False)
    """How many entries appeared or grew below the view since the reader scrolled up."""

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 (Textual's own name)
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._renderer = Renderer(self._parse_style)
        self._layout = Layout(self._measure)
        self._theme = Theme(self._component)
        self._unread_ids: set[str] = set()
        self._anchor: Anchor | None = None
        self._init_reading()
        self._init_streaming()
        self._init_finding()
        self._init_linking()
        self._init_selecting()
        self._init_pointing()

    def show(self, entries: Sequence[Entry] | Outline) -> None:
        """Replace everything and go to the end."""
        self.clear()
        self._arrivals = Arrivals()
        self._layout.show(entries if isinstance(entries, Outline) else Outline.of(entries))
        self._anchor = None
        self._mark_read()
        self.set_reactive(Transcript.following, True)
        self._place(ahead=False)
        self.entries_replaced()

    def add(self, entry: Entry) -> None:
        """Append an entry."""
        self._layout.add(entry)
        self._note_unread(entry.id)
        self._place()

    def set_note(self, entry_id: str, note: Content | str) -> None:
        """Replace the line under an entry."""
        if (layout := self._layout.get(entry_id)) is not None:
            layout.entry.note = note
            self._changed(entry_id)

    def remove_entry(self, entry_id: str) -> None:
        """Take an entry out."""
        self._arrivals.drop(entry_id)
        if self._layout.get(entry_id) is not None:
            self._layout.remove(entry_id)
            self._unread_ids.discard(entry_id)
            self.unread = len(self._unread_ids)
            self._place()

    def follow(self) -> None:
        """Go to the end, and stay there as text arrives."""
        self.following = True

    @property
    def entries(self) -> list[Entry]:
        """What is shown, first to last; all of it is made."""
        return [layout.entry for layout in self._layout.entries]

    def _changed(self, entry_id: str) -> None:
        if (layout := self._layout.get(entry_id)) is not None:
            layout.changed()
            self._place(self._layout.sync(layout))

    def _note_unread(self, entry_id: str) -> None:
        self.entry_grew(entry_id)
        if not self.following:
            self._unread_ids.add(entry_id)
            self.unread = len(self._unread_ids)

    def _mark_read(self) -> None:
        self._unread_ids.clear()
        self.unread = 0

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    def _measure(self, entry: Entry, block: Block, width: int) -> int:
        return len(self._renderer.strips(block, width, self._look(entry, block)))

    def _place(self, first_row: int = 0, *, ahead: bool = True) -> None:
        """Measure around the view and keep it at its place: the end, or what the reader sees.

        Rows before ``first_row`` look the same as before. Without ``ahead``, only what is in view
        is measured, and after it is drawn, what the next key may scroll to.
        """
        height = self.scrollable_content_region.height
        if not height or not self._width:
            return
        layout, before = self._layout, self.scroll_offset.y
        anchor, margin = self._anchor, height if ahead else 0
        if self.following or anchor is None or not layout.holds(anchor):
            layout.settle_end(height + margin)
            row = max(0, layout.total - height)
            if not self.following:
                row = min(row, before)
        else:
            layout.settle(anchor, margin, height + margin)
            row = layout.row_of(anchor)
        self.set_rows(self._width, layout.total, row)
        if self.scroll_offset.y == before:
            top = max(0, first_row - before)
            if top < height:
                self.refresh(Region(0, top, self._width, height - top))
        self._anchor = layout.anchor(self.scroll_offset.y)
        if not ahead:
            self.call_after_refresh(self._place)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The view has moved: if the reader moved it, see whether to follow."""
        super().watch_scroll_y(old_value, new_value)
        if self._placing:
            return
        self._anchor = self._layout.anchor(round(new_value))
        self.following = new_value >= self.max_scroll_y
        if not self.following:
            near = abs(new_value - old_value) <= self.scrollable_content_region.height
            self._place(self._layout.total, ahead=near)

    def watch_following(self, following: bool) -> None:
        """Back at the end, nothing is unread."""
        if following:
            self._mark_read()
            self._place()

    def watch_unread(self) -> None:
        """Draw the number at the bottom right again."""
        self.refresh(Region(0, max(0, self.size.height - 1), self._width, 1))

    def scroll_end(self, **_options: Any) -> None:
        """Go to the end and follow it."""
        self.follow()

    def on_mount(self) -> None:
        """Draw what was added before."""
        self._schedule()

    def on_resize(self) -> None:
        """Wrap again, at the same place."""
        if self._width and self._width != self._layout.width:
            self._renderer.clear()
            self._layout.resize(self._width)
        self._place(ahead=False)

    def on_click(self, event: events.Click) -> None:
        """Act on the link or the fold that was clicked; the number of new ones leads to the end."""
        if not self.is_plain_click():
            return
        at_badge = event.x >= self._width - len(badge(self.unread))
        if self.unread and at_badge and event.y == self.size.height - 1:
            self.follow()
            return
        if (target := self.link_at(event.x, event.y)) is not None:
            self.choose(target)
        else:
            self.toggle_at(self._layout.anchor(self.scroll_offset.y + event.y))

    def notify_style_update(self) -> None:
        """The theme may be another one."""
        super().notify_style_update()
        self._theme.mark_stale()

    def strips_of(self, entry: EntryLayout, block: Block) -> list[Strip]:
        """The rows of a block as they are drawn now, without marks."""
        look = self._look(entry.entry, block)
        return self._renderer.strips(block, self._layout.width, look)

    def _trace(self, entry: Entry, block: Block) -> BlockMap:
        return self._renderer.traced(block, self._layout.width, self._look(entry, block))

    def _look(self, entry: Entry, block: Block) -> Look:
        return self._theme.looks.of(entry, quiet=block.quiet)

    def _component(self, name: str) -> RichStyle:
        return self.get_component_rich_style(f"transcript--{name}")

    def _parse_style(self, style: str | Style) -> Style:
        return self.app.stylesheet.parse_style(style)

    def render_line(self, y: int) -> Strip:
        """One row of the view."""
        strip = self.with_number(self._row(round(self.scroll_y) + y), y)
        if (self.unread or self.target is not None) and y == self.size.height - 1:
            if self.target is not None:
                strip = with_target(strip, self.target, self._width, self._component("target"))
            if self.unread:
                strip = with_badge(strip, self.unread, self._width, self._component("new"))
        return strip

    def _row(self, row: int) -> Strip:
        width = self._layout.width
        try:
            entry, index, offset = self._layout.find(row)
            block = entry.blocks[index]
            strip = self.painted(block, self.strips_of(entry, block))[offset]
            strip = self.with_selection(strip, entry, block, offset)
            return self.with_pointer(strip, entry, index, offset)
        except IndexError:  # below the end
            return Strip.blank(width, self.rich_style)
