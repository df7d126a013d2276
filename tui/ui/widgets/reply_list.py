"""What a server answered, chunk by chunk, with the time of each."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType

from tui.domain.figures import byte_size
from tui.domain.sanitize import single_line
from tui.ui.controllers.inspecting import ReplyPart, ReplyRow
from tui.ui.widgets.cells import fitted
from tui.ui.widgets.row_list import RowList

_LONGEST = 1_000
_AT, _AFTER, _SIZE = 11, 11, 9
_STYLES = {
    ReplyPart.TRY: "accent",
    ReplyPart.HEADER: "quiet",
    ReplyPart.CHUNK: "text",
    ReplyPart.GAP: "warning",
}


class ReplyList(RowList):
    """One chunk a row: when it came, how long after the one before, its bytes and its text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "choose", "Read", id="reply.read", tooltip="The whole of a chunk"),
    ]
    empty_words = "Nothing came back yet."

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._rows: Sequence[ReplyRow] = ()

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def row(self, index: int) -> ReplyRow:
        """One of the rows."""
        return self._rows[index]

    def show(self, rows: Sequence[ReplyRow]) -> None:
        """Show another reply."""
        self._rows = rows
        self.rows_changed(0)

    def row_segments(self, index: int, width: int, ground: str) -> list[Segment]:
        """One row in so many cells."""
        row = self._rows[index]
        cells = [
            ("" if row.at is None else f"{row.at:.3f} s", _AT, "money"),
            ("" if row.after is None else f"+{row.after:.3f}", _AFTER, "quiet"),
            ("" if row.size is None else byte_size(row.size), _SIZE, "quiet"),
        ]
        left = max(0, width - sum(one for _, one, _ in cells))
        return [
            *(
                Segment(fitted(words, one, right=True), self.style_of(style, ground))
                for words, one, style in cells
            ),
            Segment(
                fitted(f"  {single_line(row.text, _LONGEST)}", left),
                self.style_of(_STYLES[row.part], ground),
            ),
        ]
