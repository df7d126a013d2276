"""JSON to read: highlighted, folded where the reader wants it, with notes at their places."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType

from tui.ui.controllers.json_rows import (
    Folding,
    JsonRow,
    Part,
    all_shut,
    first_folding,
    json_rows,
    value_at,
)
from tui.ui.widgets.cells import fitted
from tui.ui.widgets.row_list import RowList

_INDENT = 2
_SIGN = 2
"""Cells for the sign that a row can be folded."""
_NOTE_GAP = 2
_FEWEST_NOTE_CELLS = 12
_STYLES = {
    Part.MARK: "quiet",
    Part.KEY: "accent",
    Part.TEXT: "money",
    Part.NUMBER: "warning",
    Part.WORD: "warning",
    Part.HINT: "quiet",
}


class JsonView(RowList):
    """One row for each line of JSON; what opens and shuts is marked ``▾`` and ``▸``."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"row--note"}
    DEFAULT_CSS = """
    JsonView > .row--note { color: $text-accent; text-style: italic; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "choose", "Fold", id="json.fold", tooltip="Fold or unfold"),
        Binding("z", "fold_all", "Fold all", id="json.fold_all", tooltip="Fold all, or nothing"),
        Binding(
            "left", "parent", "Outwards", id="json.parent", tooltip="To what is around", show=False
        ),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._value: Any = None
        self._notes: Mapping[str, str] = {}
        self._folding = Folding()
        self._rows: list[JsonRow] = []

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def show(self, value: Mapping[str, Any], notes: Mapping[str, str]) -> None:
        """Show another value; ``notes`` are by path."""
        self._value, self._notes = value, notes
        self._folding = first_folding(value, notes)
        self._lay_out(0)

    def on_resize(self, event: events.Resize) -> None:
        """Wrap long texts for another width."""
        super().on_resize(event)
        self._lay_out()

    def _lay_out(self, cursor: int | None = None) -> None:
        width = max(1, self.row_width - _SIGN)
        self._rows = json_rows(self._value, width, self._notes, self._folding)
        self.rows_changed(cursor)

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        """Fold or unfold what the row opens."""
        event.stop()
        row = self._rows[event.index]
        if row.opens:
            self._folding = self._folding.toggled(row, value_at(self._value, row.path))
            self._lay_out(event.index)

    def action_fold_all(self) -> None:
        """Shut everything, or open everything if something is shut."""
        self._folding = Folding() if self._folding.shut else all_shut(self._value)
        self._lay_out(0)

    def action_parent(self) -> None:
        """Go to the row that opens what this one is in."""
        here = self.cursor
        if here is None:
            return
        depth = self._rows[here].depth
        before = (index for index in range(here - 1, -1, -1) if self._rows[index].depth < depth)
        self.move_to(next(before, here))

    def row_segments(self, index: int, width: int, ground: str) -> list[Segment]:
        """One line of JSON with its note at the right."""
        row = self._rows[index]
        sign = "  " if not row.opens else "▾ " if self._is_open(row) else "▸ "
        segments = [
            Segment(" " * (row.depth * _INDENT) + sign, self.style_of("quiet", ground)),
            *(Segment(words, self.style_of(_STYLES[part], ground)) for words, part in row.parts),
        ]
        left = width - sum(cell_len(segment.text) for segment in segments)
        if row.note and left >= _FEWEST_NOTE_CELLS:
            note = fitted(f"{' ' * _NOTE_GAP}← {row.note}", left)
            return [*segments, Segment(note, self.style_of("note", ground))]
        return [*segments, Segment(" " * max(0, left), self.style_of("text", ground))]

    def _is_open(self, row: JsonRow) -> bool:
        if isinstance(value_at(self._value, row.path), str):
            return row.path in self._folding.full
        return row.path not in self._folding.shut
