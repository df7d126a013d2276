"""A text area that shows large pastes folded: one long wrapped line makes typing slow."""

import re
from dataclasses import replace
from typing import Final

from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult, Location

_FOLDED_FROM: Final = 20_000
"""Characters from which a text is folded."""
_HARD_SPACE: Final = "\u00a0"
"""Stands between the words of a mark, so that nobody types one by accident."""


class FoldingArea(TextArea):
    """Keeps a short mark in the text for every large text that was inserted.

    A mark is one unit: what is typed inside of it comes behind it, and what deletes a part of it
    deletes it whole. Undo brings the mark back, and with it what it stands for. Only marks made
    here stand for anything; the same words typed or pasted are just words.
    """

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(
            id=id,
            placeholder=placeholder,
            soft_wrap=True,
            compact=True,
            highlight_cursor_line=False,
            show_line_numbers=False,
        )
        self._folded: dict[str, str] = {}

    @property
    def unfolded(self) -> str:
        """The text with everything folded in full."""
        return self._unfold(self.text)

    @property
    def selected_text(self) -> str:
        """The selected text in full, as it is copied."""
        return self._unfold(super().selected_text)

    def put(self, text: str) -> None:
        """Replace the text, with the cursor at its end; a large one is folded."""
        self._folded.clear()
        self.load_text(self._fold(text))
        self.move_cursor(self.document.end)

    def action_delete_to_start_of_line(self) -> None:
        """Delete what stands before the cursor in its line, however many rows that wraps into."""
        row, column = self.selection.end
        if self.selection.is_empty and column:
            self._delete_via_keyboard((row, 0), (row, column))
        else:
            super().action_delete_to_start_of_line()

    def edit(self, edit: Edit) -> EditResult:
        """Change the text; everything but undo and redo comes by here.

        The text that was replaced is given back in full.
        """
        start, end = self._around_marks(edit.top, edit.bottom)
        text = self._fold(self._harmless(edit.text))
        result = super().edit(Edit(text, start, end, edit.maintain_selection_offset))
        return replace(result, replaced_text=self._unfold(result.replaced_text))

    def _fold(self, text: str) -> str:
        if len(text) < _FOLDED_FROM:
            return text
        words = f"[pasted text {len(self._folded) + 1} · {len(text):,} characters]"
        mark = words.replace(" ", _HARD_SPACE)
        self._folded[mark] = text
        return mark

    def _unfold(self, text: str) -> str:
        if not self._folded:
            return text
        # In one pass: what looks like a mark within a folded text is a part of that text.
        marks = re.compile("|".join(map(re.escape, self._folded)))
        return marks.sub(lambda mark: self._folded[mark[0]], text)

    def _harmless(self, text: str) -> str:
        """The text without the marks in use, such as one copied from the screen."""
        if len(text) >= _FOLDED_FROM:
            return text
        for mark in self._folded:
            text = text.replace(mark, mark.replace(_HARD_SPACE, " "))
        return text

    def _around_marks(self, start: Location, end: Location) -> tuple[Location, Location]:
        """The range with every mark that it touches the inside of; an empty one goes behind it."""
        is_empty = start == end
        first, last = self._mark_at(start), self._mark_at(end)
        if first is not None:
            start = (start[0], first[1 if is_empty else 0])
        if last is not None:
            end = (end[0], last[1])
        return start, end

    def _mark_at(self, location: Location) -> tuple[int, int] | None:
        """The columns of the mark that the location is inside of, not at an edge."""
        row, column = location
        if not self._folded or row >= self.document.line_count:
            return None
        line = self.document.get_line(row)
        for mark in self._folded:
            begin = line.find(mark)
            if begin >= 0 and begin < column < begin + len(mark):
                return begin, begin + len(mark)
        return None
