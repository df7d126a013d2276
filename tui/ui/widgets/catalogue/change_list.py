"""The changes of the catalogue under headings by what happened."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType

from tui.domain.catalogue_changes import Change, ChangeKind
from tui.domain.sanitize import single_line
from tui.ui.widgets.cells import fitted
from tui.ui.widgets.row_list import RowList

_HEADINGS = {
    ChangeKind.NEW: "+ New",
    ChangeKind.GONE: "− Gone",
    ChangeKind.PRICE_UP: "▲ Dearer",
    ChangeKind.PRICE_DOWN: "▼ Cheaper",
    ChangeKind.CONTEXT: "↔ Context",
    ChangeKind.EXPIRING: "! Ends",
}
_DAY = 12
_LONGEST_NAME = 120


class ChangeList(RowList):
    """One change a line; Enter goes to the model."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Look", id="changes.look", tooltip="Go to the model"),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._rows: list[str | Change] = []

    @property
    def count(self) -> int:
        """How many lines there are, headings included."""
        return len(self._rows)

    def is_selectable(self, index: int) -> bool:
        """Whether there is a change in this line."""
        return self.change_at(index) is not None

    def change_at(self, index: int) -> Change | None:
        """The change in a line, None for a heading."""
        row = self._rows[index] if 0 <= index < len(self._rows) else None
        return row if isinstance(row, Change) else None

    def show(self, changes: Sequence[Change]) -> None:
        """Show these changes, those of a kind together."""
        self._rows = []
        for kind, heading in _HEADINGS.items():
            alike = [change for change in changes if change.kind is kind]
            if alike:
                self._rows += [""] if self._rows else []
                self._rows += [f"{heading} ({len(alike):,})", *alike]
        self.rows_changed(0)

    def row_segments(self, index: int, width: int, ground: str) -> list[Segment]:
        """A heading, or a change with its day."""
        row = self._rows[index]
        if isinstance(row, str):
            return [Segment(fitted(row, width), self.style_of("accent"))]
        name = max(10, (width - _DAY) // 2)
        room = max(0, width - _DAY - name)
        words = "" if row.kind in (ChangeKind.NEW, ChangeKind.GONE) else str(row)
        return [
            Segment(fitted(f"  {row.seen_at:%Y-%m-%d}", _DAY), self.style_of("quiet", ground)),
            Segment(
                fitted(f" {single_line(row.model_id, _LONGEST_NAME)}", name),
                self.style_of("text", ground),
            ),
            Segment(fitted(f" {single_line(words, 100)}", room), self.style_of("money", ground)),
        ]
