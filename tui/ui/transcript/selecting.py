"""Selecting with the mouse: by characters, words and lines, over messages, beyond the edges."""

from dataclasses import dataclass, field

from textual import events
from textual.actions import SkipAction
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from tui.ui.transcript.blockmap import BlockMap
from tui.ui.transcript.blocks import Block
from tui.ui.transcript.copying import selected_text
from tui.ui.transcript.document import Entry
from tui.ui.transcript.entry_layout import EntryLayout
from tui.ui.transcript.hitmarks import marked
from tui.ui.transcript.reading import Reading
from tui.ui.transcript.selection import Part, Places, Selection, Spot, Unit

_LEFT_BUTTON = 1
_CHAIN_TIME = 0.5
"""Seconds between two clicks that belong together."""
_SCROLL_EVERY = 0.06
_UNITS = (Unit.CHARACTER, Unit.WORD, Unit.LINE)


@dataclass
class SelectionBegun(Message):
    """The reader has begun to select text, so that what is selected elsewhere no longer counts."""


@dataclass(slots=True)
class _Gesture:
    """A mouse button that is held down, and where."""

    cell: tuple[int, int]
    unit: Unit
    anchor: Spot | None
    pointer: tuple[int, int] = field(init=False)
    moved: bool = False

    def __post_init__(self) -> None:
        self.pointer = self.cell


class Selecting(Reading):
    """The part of the transcript that lets text be selected."""

    ALLOW_SELECT = False  # Textual's own selection, which knows cells only

    def _init_selecting(self) -> None:
        self.selection: Selection | None = None
        """What is selected."""
        self._places = Places(self._layout, self._trace)
        self._gesture: _Gesture | None = None
        self._clicks: tuple[float, tuple[int, int], int] = (0.0, (-1, -1), 0)
        self._scrolling: Timer | None = None
        self._focus_before: Widget | None = None
        self._has_dragged = False

    def _trace(self, entry: Entry, block: Block) -> BlockMap:
        raise NotImplementedError

    @property
    def selected_text(self) -> str:
        """The source of what is selected; nothing if nothing is."""
        selection = self.selection
        if selection is None:
            return ""
        first = self._layout.get(selection.start.entry)
        last = self._layout.get(selection.end.entry)
        if first is None or last is None:
            return ""
        start, end = self._layout.index_of(first), self._layout.index_of(last)
        return selected_text(self._layout.entries[start : end + 1], selection, self._places.map)

    def clear_selection(self) -> bool:
        """Select nothing; False if nothing was selected."""
        self._end_gesture()
        if self.selection is None:
            return False
        self.selection = None
        self._places.forget()
        self.following = self.scroll_offset.y >= self.max_scroll_y
        self.refresh()
        return True

    def action_copy_selection(self) -> None:
        """Copy what is selected."""
        text = self.selected_text
        if not text:
            raise SkipAction
        self.app.copy_to_clipboard(text)

    def focus_on_click(self) -> bool:
        """Take the focus; selecting gives it back."""
        self._focus_before = self.screen.focused
        return True

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin to select; a second click in the same place selects a word, a third one a line."""
        self._has_dragged = False
        if event.button != _LEFT_BUTTON or event.x >= self.scrollable_content_region.width:
            return
        time, before, chain = self._clicks
        again = event.time - time < _CHAIN_TIME and before == (event.x, event.y)
        chain = chain % len(_UNITS) + 1 if again else 1
        self._clicks = event.time, (event.x, event.y), chain
        had_selection = self.clear_selection()
        self.capture_mouse()
        unit = _UNITS[chain - 1]
        anchor = self._spot(event.x, event.y, unit, notes=True)
        self._gesture = _Gesture((event.x, event.y), unit, anchor)
        if unit is not Unit.CHARACTER:
            self._extend()
        self._has_dragged = had_selection

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Select up to here; beyond the edges of the view, scroll on."""
        gesture = self._gesture
        if gesture is None:
            return
        gesture.pointer = event.x, event.y
        gesture.moved = gesture.moved or gesture.pointer != gesture.cell
        if gesture.moved:
            self._extend()
            self._scroll_at_edge()

    def on_mouse_up(self, _event: events.MouseUp) -> None:
        """End the gesture; what is selected stays, and so does the focus of the keyboard."""
        if self._gesture is None:
            return
        self._end_gesture()
        if self.selection is None:
            self._places.forget()
            return
        self._has_dragged = True
        self._give_focus_back(self._focus_before)

    def on_mouse_release(self) -> None:
        """The mouse was taken away: the gesture is over."""
        self._end_gesture(release=False)

    def on_unmount(self) -> None:
        """End what is under way."""
        self._end_gesture()

    def is_plain_click(self) -> bool:
        """Whether the click that comes now neither ended a selection nor made one."""
        return not self._has_dragged

    def _give_focus_back(self, widget: Widget | None) -> None:
        """Let a widget have the keys again, unless it is hidden or gone by now."""
        if self.screen.focused is self and widget in self.screen.focus_chain:
            self.screen.set_focus(widget, scroll_visible=False)

    def _end_gesture(self, *, release: bool = True) -> None:
        if self._gesture is None:
            return
        self._gesture = None
        if self._scrolling is not None:
            self._scrolling.stop()
            self._scrolling = None
        if release:
            self.release_mouse()

    def _spot(self, x: int, y: int, unit: Unit, *, notes: bool) -> Spot | None:
        row = self.scroll_offset.y + max(0, min(y, self.size.height - 1))
        return self._places.at(row, x, unit, notes=notes)

    def _extend(self) -> None:
        """Select from where the gesture began to where the mouse is."""
        gesture = self._gesture
        if gesture is None or gesture.anchor is None:
            return
        x, y = gesture.pointer
        notes = gesture.anchor.start.part is Part.NOTE
        head = self._spot(x, y, gesture.unit, notes=notes)
        if head is None:
            return
        began = self.selection is None
        selection = self._places.select(gesture.anchor, head)
        if selection is None or selection.start == selection.end:
            selection = None
        if selection == self.selection:
            return
        self.selection = selection
        if began:
            self.let_go()  # the text under the mouse stays there
            self.post_message(SelectionBegun())
        self.refresh()

    def _edge_step(self) -> int:
        """How many rows to scroll at a time: more, the farther the mouse is beyond the edge."""
        if self._gesture is None or self._gesture.pointer[1] == self._gesture.cell[1]:
            return 0
        y, last = self._gesture.pointer[1], self.size.height - 1
        if y <= 0:
            return y - 1
        return max(0, y - last + 1)

    def _scroll_at_edge(self) -> None:
        wanted = self._edge_step() != 0
        if wanted and self._scrolling is None:
            self._scrolling = self.set_interval(_SCROLL_EVERY, self._scroll_on)
        elif not wanted and self._scrolling is not None:
            self._scrolling.stop()
            self._scrolling = None

    def _scroll_on(self) -> None:
        self.scroll_to(y=self.scroll_offset.y + self._edge_step())
        self.let_go()
        self._extend()

    def with_selection(self, strip: Strip, entry: EntryLayout, block: Block, row: int) -> Strip:
        """One row of a block with what is selected in it."""
        if self.selection is None:
            return strip
        bounds = self._places.within(self.selection, entry, block)
        if bounds is None:
            return strip
        style = self.get_component_rich_style("transcript--selection")
        for start, end in self._places.map(entry, block).cells(row, *bounds):
            strip = marked(strip, start, end, style)
        return strip
