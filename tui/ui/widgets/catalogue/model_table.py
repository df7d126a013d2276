"""The table of models: only the rows in sight are drawn, at every key."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.binding import Binding, BindingType

from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_fuzzy import Needle, haystack, places
from tui.domain.catalogue_row import RowFacts, row_facts
from tui.domain.catalogue_search import Found
from tui.domain.catalogue_sort import SortKey
from tui.ui.widgets.catalogue.columns import (
    COLUMNS,
    GAP,
    NOTE,
    Column,
    Shown,
    layout,
    tag,
)
from tui.ui.widgets.cells import fitted, highlighted
from tui.ui.widgets.row_list import RowList


@dataclass(frozen=True, slots=True)
class TableContent:
    """What the table shows; ``marked`` are ids in the order of marking, ``gone`` are ids."""

    found: Sequence[Found] = ()
    context: FilterContext = field(default_factory=FilterContext)
    sort: SortKey = SortKey.RELEVANCE
    descending: bool = False
    marked: Sequence[str] = ()
    gone: Collection[str] = ()


class ModelTable(RowList):
    """Models in rows; Enter uses one, and single keys act on the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Use", id="models.use", tooltip="Use the model in this chat"),
    ]

    def __init__(
        self,
        columns: Sequence[Column] = COLUMNS,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id)
        self.content = TableContent()
        self._columns = columns
        self._facts: dict[int, RowFacts] = {}
        self._laid: list[tuple[Column, int]] = []
        self._laid_for: tuple[int, SortKey] | None = None

    @property
    def count(self) -> int:
        """How many models are listed."""
        return len(self.content.found)

    @property
    def current(self) -> Found | None:
        """The model under the cursor."""
        return None if self.cursor is None else self.content.found[self.cursor]

    def show(self, content: TableContent, cursor: int | None = None) -> None:
        """Show these models, with the cursor at a row; None leaves it at its model, if listed."""
        current = self.current
        if content.context.now != self.content.context.now:
            self._facts.clear()
        self.content = content
        if cursor is None and current is not None:
            cursor = next(
                (i for i, one in enumerate(content.found) if one.model.id == current.model.id), 0
            )
        self.rows_changed(cursor)
        now = self.current
        if (current and current.model) is not (now and now.model):
            self.post_message(self.Moved(self, self.cursor))

    def columns_for(self, width: int) -> list[tuple[Column, int]]:
        """The columns that fit, each with its width."""
        wanted = (width, self.content.sort)
        if self._laid_for != wanted:
            self._laid, self._laid_for = layout(*wanted, self._columns), wanted
        return self._laid

    def row_segments(self, index: int, width: int, ground: str) -> list[Segment]:
        """One model."""
        shown = self._shown(index)
        gap = Segment(" " * GAP, self.style_of("text", ground))
        laid = self.columns_for(width)
        has_note = laid[-1][0] is NOTE
        segments: list[Segment] = []
        for column, room in laid:
            if segments:
                segments.append(gap)
            beside = tag(shown) if column.flexible and not has_note else None
            if beside is None or not beside.text:
                segments += self._cell(column, room, shown, ground)
            else:
                segments += self._cell(column, room - cell_len(beside.text) - GAP, shown, ground)
                segments += [gap, Segment(beside.text, self.style_of(beside.style, ground))]
        return segments

    def _cell(self, column: Column, room: int, shown: Shown, ground: str) -> Iterable[Segment]:
        cell = column.cell(shown)
        words = fitted(cell.text, room, right=column.right)
        style = self.style_of(cell.style, ground)
        if not cell.matched or not shown.found.needles:
            return [Segment(words, style)]
        matched = matched_places(words, shown.found.needles)
        return highlighted(words, matched, style, self.style_of("match", ground))

    def _shown(self, index: int) -> Shown:
        content = self.content
        found = content.found[index]
        facts = self._facts.get(id(found.row))
        if facts is None:
            facts = row_facts(found.model, content.context.now, found.row)
            self._facts[id(found.row)] = facts
        model_id = found.model.id
        marked = content.marked
        mark = marked.index(model_id) + 1 if model_id in marked else 0
        return Shown(found, facts, content.context, mark, model_id in content.gone)


def matched_places(text: str, needles: Sequence[Needle]) -> frozenset[int]:
    """The characters of a text in which the filter's words are found."""
    hay = haystack(text)
    return frozenset(place for word in needles for place in places(word, hay))
