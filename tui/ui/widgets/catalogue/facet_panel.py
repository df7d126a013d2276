"""The facets: what the models that are shown have in common, as terms to switch on and off."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.domain.catalogue_facets import Facet, FacetValue
from tui.domain.sanitize import single_line
from tui.ui.widgets.cells import fitted
from tui.ui.widgets.row_list import RowList

_MOST_AUTHORS = 12
_LONGEST_LABEL = 60


class FacetPanel(RowList):
    """Groups of values with counts; Enter and Space put a value's term into the filter line."""

    DEFAULT_CSS = """
    FacetPanel { width: 26; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter,space",
            "choose",
            "Toggle",
            id="models.toggle_facet",
            tooltip="Add the value to the filter, or take it out",
        ),
    ]

    shows_cursor_at_rest = False

    @dataclass
    class Toggled(Message):
        """The user wants a term in the filter line, or no longer there."""

        term: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._rows: list[str | FacetValue] = []
        self._active: Collection[str] = ()

    @property
    def count(self) -> int:
        """How many lines there are, headings included."""
        return len(self._rows)

    def is_selectable(self, index: int) -> bool:
        """Whether there is a value in this line."""
        return 0 <= index < self.count and isinstance(self._rows[index], FacetValue)

    def show(self, groups: Sequence[Facet], active: Collection[str]) -> None:
        """Show these groups; ``active`` are the terms that the filter has.

        The cursor stays at its value.
        """
        before = self._value(self.cursor)
        self._active = active
        self._rows = []
        for group in groups:
            values = group.values
            if group is groups[0]:
                values = _most_common(values, active)
            self._rows += ["", group.name] if self._rows else [group.name]
            self._rows += values
        terms = [row.term if isinstance(row, FacetValue) else None for row in self._rows]
        there = before is not None and before.term in terms
        self.rows_changed(terms.index(before.term) if before is not None and there else None)

    def row_segments(self, index: int, width: int, ground: str) -> list[Segment]:
        """A heading or a value with its count."""
        row = self._rows[index]
        if isinstance(row, str):
            return [Segment(fitted(f" {row}", width), self.style_of("quiet"))]
        is_active = row.term in self._active
        count = f"{row.count:,} "
        style = "accent" if is_active else "text" if row.count else "quiet"
        mark = "✓ " if is_active else "  "
        room = width - len(count) - 1
        label = fitted(f" {mark}{single_line(row.label, _LONGEST_LABEL)}", room) + " "
        return [
            Segment(label, self.style_of(style, ground)),
            Segment(count, self.style_of("quiet", ground)),
        ]

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        """Pass on the term of the value."""
        event.stop()
        value = self._value(event.index)
        if value is not None:
            self.post_message(self.Toggled(value.term))

    def _value(self, index: int | None) -> FacetValue | None:
        row = self._rows[index] if index is not None and index < len(self._rows) else None
        return row if isinstance(row, FacetValue) else None


def _most_common(values: Sequence[FacetValue], active: Collection[str]) -> tuple[FacetValue, ...]:
    """The first values, and those further down that the filter names."""
    rest = (value for value in values[_MOST_AUTHORS:] if value.term in active)
    return (*values[:_MOST_AUTHORS], *rest)
