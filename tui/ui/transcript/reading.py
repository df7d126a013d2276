"""Reading: jumps between prompts, folds, and what can be shown in more than one way."""

from collections.abc import Collection, Iterator
from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING, Any

from textual.message import Message
from textual.strip import Strip

from tui.ui.transcript.blocks import Block, Fence, Kind
from tui.ui.transcript.code import LONG
from tui.ui.transcript.document import Role
from tui.ui.transcript.entry_layout import EntryLayout
from tui.ui.transcript.layout import Anchor, Layout
from tui.ui.transcript.options import Options
from tui.ui.transcript.renderer import Renderer
from tui.ui.widgets.line_view import LineView

_PAN = 8
"""Cells that one key press scrolls sideways."""
_MIXED = (Kind.MARKDOWN, Kind.ITEM, Kind.FOOTNOTE)
_WITH_CODE = (Kind.CODE, *_MIXED)
_WITH_TABLES = (Kind.TABLE_HEAD, Kind.TABLE_ROW)
_WITH_FORMULAS = (Kind.FORMULA, *_WITH_TABLES, *_MIXED)


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A place in a document that may have been shown anew: a row of a block of an entry."""

    entry_id: str
    block: int
    offset: int


class Reading(LineView):
    """The part of the transcript that goes to places and folds what is not wanted."""

    _layout: Layout
    _renderer: Renderer
    _anchor: Anchor | None
    if TYPE_CHECKING:
        following: bool

    @dataclass
    class OptionsChanged(Message):
        """The reader has chosen another way to show code, tables or formulas."""

        options: Options

    def _init_reading(self) -> None:
        self._visited: tuple[str, int] | None = None  # the entry jumped to, the row that was top

    def _place(self, first_row: int = 0) -> None:
        raise NotImplementedError

    def _changed(self, entry_id: str) -> None:
        raise NotImplementedError

    def strips_of(self, entry: EntryLayout, block: Block) -> list[Strip]:
        """The rows of a block as they are drawn now, without marks."""
        raise NotImplementedError

    def painted(self, block: Block, strips: list[Strip]) -> list[Strip]:
        """The rows of a block with what is marked in them just now."""
        return strips

    def let_go(self) -> None:
        """Stay at this place, even if it was the end until now."""
        self.set_reactive(type(self).following, False)  # type: ignore[arg-type]

    def go_to(self, entry: EntryLayout, block: int = 0, offset: int = 0, above: int = 0) -> None:
        """Bring a row of an entry to the top of the view, or with some rows above it."""
        self.let_go()
        self._anchor = anchor = self._layout.place(entry, block, offset)
        self._place()
        if above and self._anchor is not None:
            self._anchor = self._layout.anchor(max(0, self._layout.row_of(anchor) - above))
            self._place()
        self.following = self.scroll_offset.y >= self.max_scroll_y

    def bookmark(self) -> Bookmark | None:
        """Where the reader is; None at the end, where the view follows what arrives."""
        anchor = self._anchor
        if self.following or anchor is None:
            return None
        return Bookmark(anchor.entry.entry.id, anchor.index, anchor.offset)

    def return_to(self, bookmark: Bookmark) -> None:
        """Go where a bookmark is, if its entry is shown."""
        entry = self._layout.get(bookmark.entry_id)
        if entry is not None:
            self.go_to(entry, bookmark.block, bookmark.offset)

    def reveal(self, entry: EntryLayout, block: int, offset: int) -> None:
        """Scroll only if the row is not in view; then it is shown with a third of a page above."""
        height = self.scrollable_content_region.height
        row = self._layout.row_of(self._layout.place(entry, block, offset))
        if self.scroll_offset.y <= row < self.scroll_offset.y + height - 1:
            self.let_go()
            self.refresh()
        else:
            self.go_to(entry, block, offset, height // 3)

    def current_entry(self) -> EntryLayout | None:
        """The entry that keys act on: the one jumped to, or the first in view, or the last."""
        if self._visited is not None and self._visited[1] == self.scroll_offset.y:
            visited = self._layout.get(self._visited[0])
            if visited is not None:
                return visited
        if self.following or self._anchor is None:
            return self._layout.entries[-1] if self._layout.entries else None
        return self._anchor.entry

    def action_prompt(self, step: int) -> None:
        """Go to the user's previous (-1) or next (1) message; after the last one, to the end."""
        entries = self._layout.entries
        current = self.current_entry()
        if current is None:
            return
        at = self._layout.index_of(current)
        inside = current is getattr(self._anchor, "entry", None) and not self._is_at_start()
        if step < 0 and (inside or self.following) and self._visited is None:
            at += 1  # its own beginning comes first
        at += step
        while 0 <= at < len(entries) and entries[at].entry.role is not Role.USER:
            at += step
        if 0 <= at < len(entries):
            self.go_to(entries[at])
            self._visited = entries[at].entry.id, self.scroll_offset.y
        elif step > 0:
            self._visited = None
            self.following = True

    def _is_at_start(self) -> bool:
        anchor = self._anchor
        return anchor is not None and anchor.index == 0 and anchor.offset == 0

    def toggle_reasoning(self, entry_id: str | None = None) -> None:
        """Fold or unfold an entry's reasoning; without an id, that of the latest which has one."""
        for layout in reversed(self._layout.entries):
            entry = layout.entry
            is_meant = entry_id == entry.id if entry_id else entry.role is not Role.SYSTEM
            if entry.reasoning and is_meant:
                entry.folded = not entry.reasoning_folded
                self._keep_place(layout)
                return

    def toggle_at(self, anchor: Anchor | None) -> None:
        """Unfold what is folded at this place, or fold the reasoning under a header."""
        if anchor is None:
            return
        block, fence = anchor.block, anchor.block.fence
        if block.kind is Kind.REASONING:
            self.toggle_reasoning(anchor.entry.entry.id)
        elif block.kind is Kind.FOLDED:
            self.toggle_entry(anchor.entry)
        elif fence is not None and fence.folded and anchor.offset > block.count:
            self.toggle_fence(anchor.entry, fence)

    def action_toggle_reasoning(self) -> None:
        """Fold or unfold the latest reasoning."""
        self.toggle_reasoning()

    def toggle_entry(self, entry: EntryLayout) -> None:
        """Fold an entry to one row, or unfold it."""
        if entry.entry.role is Role.SYSTEM:
            self.toggle_reasoning(entry.entry.id)
            return
        entry.entry.hidden = not entry.entry.hidden
        self._keep_place(entry)

    def action_fold_message(self) -> None:
        """Fold or unfold the message in view."""
        if (entry := self.current_entry()) is not None:
            self.toggle_entry(entry)

    def action_fold_all(self) -> None:
        """Fold all answers to one row each, or unfold everything."""
        entries = [layout.entry for layout in self._layout.entries]
        answers = [entry for entry in entries if entry.role is Role.ASSISTANT and not entry.open]
        fold = not any(entry.hidden for entry in entries)
        for entry in answers if fold else entries:
            entry.hidden = fold
        for layout in self._layout.entries:
            layout.changed()
        self._layout.resize(self._layout.width)
        self._place()

    def action_fold_code(self) -> None:
        """Fold or unfold the first long code block in view."""
        fences = self._fences_in_view()
        entry, fence = next(fences, (None, None))
        if entry is not None and fence is not None:
            self.toggle_fence(entry, fence)

    def toggle_fence(self, entry: EntryLayout, fence: Fence) -> None:
        """Fold a long code block to its first lines, or unfold it."""
        fence.folded = not fence.folded
        for block in entry.blocks:
            if block.fence is fence:
                block.measured = None
        self._keep_place(entry)

    def _keep_place(self, entry: EntryLayout) -> None:
        # What is at the top stays there, even if that was the end until now.
        self.let_go()
        self._changed(entry.entry.id)
        self.following = self.scroll_offset.y >= self.max_scroll_y

    def _fences_in_view(self) -> Iterator[tuple[EntryLayout, Fence]]:
        seen: set[Fence] = set()
        top = self.scroll_offset.y
        for row in range(top, min(top + self.size.height, self._layout.total)):
            entry, index, _ = self._layout.find(row)
            fence = entry.blocks[index].fence
            if fence is not None and fence not in seen and (fence.folded or is_long(fence)):
                yield entry, fence
                seen.add(fence)

    @property
    def options(self) -> Options:
        """How code, tables and formulas are shown."""
        return self._renderer.options

    @options.setter
    def options(self, options: Options) -> None:
        before = self.options
        if astuple(options) == astuple(before):
            return
        self._renderer.options = options
        kinds: set[Kind] = set()
        if options.wrap_code != before.wrap_code:
            kinds.update(_WITH_CODE)
        if options.fit_tables != before.fit_tables:
            kinds.update(_WITH_TABLES)
        if options.readable_formulas != before.readable_formulas:
            kinds.update(_WITH_FORMULAS)
        self._redraw(kinds)

    def _redraw(self, kinds: Collection[Kind]) -> None:
        if kinds:
            self._renderer.overflow = 0
            self._layout.redraw(kinds)
            self._place()
        self.refresh()

    def action_toggle_option(self, name: str) -> None:
        """Show code, tables or formulas in the other way."""
        flag: dict[str, Any] = {name: not getattr(self.options, name)}
        self.options = replace(self.options, pan=0, **flag)
        self.post_message(self.OptionsChanged(self.options))

    def action_pan(self, step: int) -> None:
        """Scroll what is cut at the right, by some cells."""
        pan = min(self.options.pan + step * _PAN, self._renderer.overflow + _PAN - 1)
        self.options = replace(self.options, pan=max(0, pan // _PAN * _PAN))


def is_long(fence: Fence) -> bool:
    """Whether a code block is worth folding."""
    return len(fence.lines) > LONG
