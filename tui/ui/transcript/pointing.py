"""Copying from the keyboard: a cursor over messages and blocks, and numbers on code blocks."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.actions import SkipAction
from textual.strip import Strip
from textual.widget import Widget

from tui.ui.transcript.blocks import Block, Kind
from tui.ui.transcript.copying import selected_text
from tui.ui.transcript.document import Role
from tui.ui.transcript.entry_layout import EntryLayout
from tui.ui.transcript.plain import chat_markdown, plain_text
from tui.ui.transcript.renderer import GUTTER
from tui.ui.transcript.selecting import Selecting
from tui.ui.transcript.selection import Selection, place_in
from tui.ui.transcript.units import (
    Cursor,
    UnitOfBlocks,
    codes_in,
    fence_text,
    next_message,
    unit_at,
    units,
)

_CURSOR = "█"
_MOST_CODES = 9
_FENCES = ("```", "~~~", "\n    ", "\n\t")


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A code block in view, and the row of the view that shows its number."""

    text: str
    row: int


class Pointing(Selecting):
    """The part of the transcript that copies messages and blocks."""

    def _init_pointing(self) -> None:
        self.cursor: Cursor | None = None
        """Where the keyboard points."""
        self._unit: tuple[tuple[Cursor, EntryLayout, int], UnitOfBlocks | None] | None = None
        self._codes: list[_Numbered] = []
        self._choosing = False
        self._focus_after: Widget | None = None

    def current_entry(self) -> EntryLayout | None:
        """The entry that keys act on: that of the cursor, if there is one."""
        pointed = self._layout.get(self.cursor.entry) if self.cursor else None
        return pointed or super().current_entry()

    def action_cursor_message(self, step: int) -> None:
        """Point at the message above (-1) or below (1)."""
        pointed = self._layout.get(self.cursor.entry) if self.cursor else None
        start = pointed or super().current_entry()
        if start is None:
            return
        is_new = pointed is None and start.entry.role is not Role.NOTICE
        found = start if is_new else next_message(self._layout, start, step)
        if found is not None:
            self._point(found, None)

    def action_cursor_block(self, step: int) -> None:
        """Point at the block above (-1) or below (1), in this message or the one beside it."""
        entry = self.current_entry()
        if entry is None:
            return
        self._layout.place(entry)
        here = units(entry)
        block = self.cursor.block if self.cursor else None
        unit = unit_at(entry, block) if block else None
        at = here.index(unit) + step if unit in here else 0 if step > 0 else len(here) - 1
        while not 0 <= at < len(here):
            beside = next_message(self._layout, entry, step)
            if beside is None:
                return
            self._layout.place(beside)
            entry, here = beside, units(beside)
            at = 0 if step > 0 else len(here) - 1
        self._point(entry, here[at])

    def _point(self, entry: EntryLayout, unit: UnitOfBlocks | None) -> None:
        self.clear_selection()
        self.cursor = Cursor(entry.entry.id, (unit.part, unit.line) if unit else None)
        self.reveal(entry, unit.first if unit else 0, 0)
        self.refresh()

    def clear_cursor(self) -> bool:
        """Point at nothing; False if nothing was pointed at."""
        had = self.cursor is not None
        self.cursor = None
        if had:
            self.refresh()
        return had

    def clear(self) -> bool:
        """Take back what is selected or pointed at; False if nothing was."""
        return self.clear_selection() or self.clear_cursor()

    def action_clear(self) -> None:
        """Take back what is selected or pointed at, or leave the key to others."""
        if not self.clear():
            raise SkipAction

    def action_copy_markdown(self) -> None:
        """Copy what is selected, or the block or message that is pointed at, as it was written."""
        self._copy(self.selected_text or self._pointed_text())

    def action_copy_plain(self) -> None:
        """Copy it without the marks of Markdown; what the user wrote is no Markdown."""
        entry = self.current_entry()
        if self.selected_text or (entry is not None and entry.entry.role is Role.ASSISTANT):
            self._copy(plain_text(self.selected_text or self._pointed_text()))
        else:
            self._copy(self._pointed_text())

    def action_copy_chat(self) -> None:
        """Copy all messages as Markdown."""
        self._copy(chat_markdown(layout.entry for layout in self._layout.entries))

    def copy_answer(self) -> None:
        """Copy the last answer as it was written, as far as it has arrived."""
        answers = (layout.entry for layout in reversed(self._layout.entries))
        text = next((e.text for e in answers if e.role is Role.ASSISTANT and e.text), "")
        self._copy(text)

    def _copy(self, text: str) -> None:
        if text:
            self.app.copy_to_clipboard(text)
        else:
            self.app.bell()

    def _pointed_text(self) -> str:
        entry = self.current_entry()
        if entry is None:
            return ""
        block = self.cursor.block if self.cursor else None
        unit = unit_at(entry, block) if block else None
        if unit is None:
            return entry.entry.text or entry.entry.reasoning
        first, last = entry.blocks[unit.first], entry.blocks[unit.end - 1]
        if first.fence is not None:
            return fence_text(entry, first.fence)
        start = place_in(entry, first, first.source, 0)
        end = place_in(entry, last, last.source, len(last.source))
        return selected_text([entry], Selection(start, end), self._places.map)

    def action_copy_code(self) -> None:
        """Show a number on each code block in view; the digit copies it."""
        self._choosing = True
        if not self._number_codes() and not self._go_to_code_above():
            self._choosing = False
            self.app.bell()
            return
        self.let_go()
        self._focus_after = self.screen.focused
        self.focus(scroll_visible=False)
        self.refresh()

    def _number_codes(self) -> bool:
        self._codes = list(self._codes_in_view())[:_MOST_CODES]
        return bool(self._codes)

    def _codes_in_view(self) -> Iterator[_Numbered]:
        top, height = self.scroll_offset.y, self.size.height
        seen: set[object] = set()
        row = top
        while row < min(top + height, self._layout.total):
            entry, index, inside = self._layout.find(row)
            block = entry.blocks[index]
            fence = block.fence
            if fence is not None and fence not in seen:
                if text := fence_text(entry, fence):
                    yield _Numbered(text, row - top + (inside < block.gap))
                seen.add(fence)
            elif fence is None and block not in seen:
                seen.add(block)
                yield from self._nested_codes(entry, block, row - top - inside)
            row += entry.heights[index] - inside

    def _nested_codes(self, entry: EntryLayout, block: Block, first: int) -> Iterator[_Numbered]:
        for code in codes_in(entry, block):
            found = self._places.map(entry, block)
            top = first + max(0, found.row_of(code.offset) - 1)
            end = first + found.row_of(code.offset + len(code.text))
            if end >= 0 and top < self.size.height:
                yield _Numbered(code.text, max(0, top))

    def _go_to_code_above(self) -> bool:
        """Go to the last code block above the view; there are none in it."""
        here = self._layout.anchor(self.scroll_offset.y)
        at = self._layout.index_of(here.entry) if here else -1
        for number in range(at, -1, -1):
            entry = self._layout.entries[number]
            if not any(mark in entry.entry.text for mark in _FENCES):
                continue
            self._layout.place(entry)
            end = here.index if here and entry is here.entry else len(entry.blocks)
            for index in reversed(range(end)):
                if any(codes_in(entry, entry.blocks[index])):
                    self.reveal(entry, index, 0)
                    return self._number_codes()
        return False

    def on_key(self, event: events.Key) -> None:
        """While code blocks are numbered, a digit copies one; any other key ends that."""
        if not self._choosing:
            return
        digit = int(event.key) if event.key.isdecimal() else 0
        if digit or event.key == "escape":
            event.stop()
            event.prevent_default()
        if 1 <= digit <= len(self._codes):
            self._copy(self._codes[digit - 1].text)
        self._end_choosing()

    def on_blur(self) -> None:
        """The keys go elsewhere: no number can be typed any more."""
        if self._choosing:
            self._focus_after = None
            self._end_choosing()

    def _end_choosing(self) -> None:
        self._choosing = False
        self._codes = []
        after, self._focus_after = self._focus_after, None
        self._give_focus_back(after)
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The numbers move with the code."""
        super().watch_scroll_y(old_value, new_value)
        if self._choosing:
            self._number_codes()

    def with_pointer(self, strip: Strip, entry: EntryLayout, index: int, row: int) -> Strip:
        """One row of a block with a mark in its gutter if the keyboard points at it."""
        cursor, block = self.cursor, entry.blocks[index]
        if cursor is None or cursor.entry != entry.entry.id or block.kind is Kind.SEPARATOR:
            return strip
        if cursor.block is not None:
            unit = self._pointed_unit(entry, cursor)
            if unit is None or not unit.first <= index < unit.end:
                return strip
            if index == unit.first and row < block.gap:
                return strip
        style = self.get_component_rich_style("transcript--cursor")
        mark = Strip([Segment(_CURSOR, style), Segment(" " * (GUTTER - 1), style)], GUTTER)
        return Strip.join([mark, strip.crop(GUTTER, strip.cell_length)])

    def _pointed_unit(self, entry: EntryLayout, cursor: Cursor) -> UnitOfBlocks | None:
        """The unit that the cursor is on, found once for all rows of a frame and the next ones."""
        key = cursor, entry, len(entry.blocks)
        if self._unit is None or self._unit[0] != key:
            self._unit = key, unit_at(entry, cursor.block) if cursor.block else None
        return self._unit[1]

    def with_number(self, strip: Strip, y: int) -> Strip:
        """One row of the view with the number of the code block that begins there."""
        for number, code in enumerate(self._codes, 1):
            if code.row == y:
                style = self.get_component_rich_style("transcript--new")
                label = f" copy c{number} "
                at = max(GUTTER, strip.cell_length - cell_len(label) - 2)
                end = at + cell_len(label)
                number_strip = Strip([Segment(label, style)], cell_len(label))
                return Strip.join(
                    [strip.crop(0, at), number_strip, strip.crop(end, strip.cell_length)]
                )
        return strip
