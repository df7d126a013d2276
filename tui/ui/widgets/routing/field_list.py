"""The fields of a model's routing in rows, and below them the models that step in for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.domain.model import normalise_model_id
from tui.domain.routing_text import json_text, value_words
from tui.domain.sanitize import single_line
from tui.ui.controllers.routing_desk import FieldState, Stranger
from tui.ui.controllers.setup_scope import SCOPE_TITLES, Scope
from tui.ui.widgets.cells import fitted
from tui.ui.widgets.row_list import RowList

_TITLE = 20
"""Cells for the name of a field."""
_PLACE = 18
"""Cells for where a field is set, where there is room for it."""
_PLACE_FROM = 60
_LONGEST = 200
_HEADING = "Models that step in, in every chat"
_ADD = "+ add a model"


@dataclass(frozen=True, slots=True)
class _Heading:
    """A line that the cursor does not stop at."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class Fallback:
    """One of the models that step in, by its place from 0 on; the last row adds one."""

    place: int
    model_id: str = ""


Row = FieldState | Stranger | Fallback | _Heading


class FieldList(RowList):
    """One row for each field and each fallback; the keys act on the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "choose", "Change", id="routing.change", tooltip="Change the value"),
        Binding(
            "delete",
            "take_out",
            "Unset",
            id="routing.unset",
            tooltip="Say nothing of it in this scope; take a fallback out",
        ),
        Binding(
            "a",
            "add",
            "Add a fallback",
            id="routing.add",
            tooltip="Add a model that answers when this one cannot",
        ),
        Binding(
            "alt+up",
            "shift(-1)",
            "Earlier",
            id="routing.earlier",
            tooltip="Let this fallback step in earlier",
        ),
        Binding(
            "alt+down",
            "shift(1)",
            "Later",
            id="routing.later",
            tooltip="Let this fallback step in later",
        ),
    ]

    @dataclass
    class ChangeWanted(Message):
        """The field or the fallback under the cursor is to be changed."""

        row: FieldState | Stranger | Fallback

    @dataclass
    class UnsetWanted(Message):
        """The field is to say nothing in the scope, or the fallback to go."""

        row: FieldState | Stranger | Fallback

    @dataclass
    class FallbackWanted(Message):
        """One more model is to step in."""

    @dataclass
    class ShiftWanted(Message):
        """A fallback is to step in earlier or later."""

        place: int
        by: int

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._rows: list[Row] = []

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    @property
    def current(self) -> FieldState | Stranger | Fallback | None:
        """What is under the cursor."""
        row = None if self.cursor is None else self._rows[self.cursor]
        return None if isinstance(row, _Heading) else row

    def show(
        self,
        fields: Sequence[FieldState],
        strangers: Sequence[Stranger],
        fallbacks: Sequence[str],
    ) -> None:
        """Show these; the cursor stays in its row."""
        models = [Fallback(place, model_id) for place, model_id in enumerate(fallbacks)]
        self._rows = [
            *fields,
            *strangers,
            _Heading(),
            _Heading(_HEADING),
            *models,
            Fallback(len(models)),
        ]
        self.rows_changed()

    def is_selectable(self, index: int) -> bool:
        """The cursor does not stop at the heading."""
        return super().is_selectable(index) and not isinstance(self._rows[index], _Heading)

    def go_to_fallback(self, place: int) -> None:
        """Put the cursor on a fallback, or on the row that adds one."""
        first = next(i for i, row in enumerate(self._rows) if isinstance(row, Fallback))
        self.move_to(min(first + place, self.count - 1))

    def row_segments(self, index: int, width: int, ground: str) -> list[Segment]:
        """One field with its value, or one model."""
        match self._rows[index]:
            case _Heading(words):
                return [Segment(fitted(f" {words}", width), self.style_of("quiet", ground))]
            case Fallback(_, ""):
                return [Segment(fitted(f"   {_ADD}", width), self.style_of("accent", ground))]
            case Fallback(place, model_id):
                shown = single_line(normalise_model_id(model_id), _LONGEST)
                words = fitted(f"   {place + 1}  {shown}", width)
                return [Segment(words, self.style_of("text", ground))]
            case Stranger(name, value, set_in):
                words = f"sent as it is: {json_text(value)}"
                return self._field(single_line(name, _LONGEST), words, set_in, width, ground)
            case FieldState(field, value, set_in):
                words = "–" if set_in is None else value_words(field, value)
                return self._field(field.title, words, set_in, width, ground)

    def _field(
        self, title: str, value: str, set_in: Scope | None, width: int, ground: str
    ) -> list[Segment]:
        place = _PLACE if width >= _PLACE_FROM else 0
        room = max(1, width - 2 - _TITLE - place)
        quiet = self.style_of("quiet", ground)
        name = quiet if set_in is None else self.style_of("text", ground)
        style = quiet if set_in is None else self.style_of("accent", ground)
        segments = [
            Segment(fitted(f" {title}", _TITLE + 1), name),
            Segment(fitted(value, room), style),
        ]
        if place:
            words = "" if set_in is None else SCOPE_TITLES[set_in]
            segments.append(Segment(fitted(words, place), quiet))
        return [*segments, Segment(" ", name)]

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        """Change what is under the cursor."""
        event.stop()
        row = self.current
        if row is not None:
            self.post_message(self.ChangeWanted(row))

    def action_take_out(self) -> None:
        """Unset the field, or take the fallback out."""
        row = self.current
        if row is not None:
            self.post_message(self.UnsetWanted(row))

    def action_add(self) -> None:
        """Add a fallback."""
        self.post_message(self.FallbackWanted())

    def action_shift(self, by: int) -> None:
        """Move the fallback under the cursor."""
        row = self.current
        if isinstance(row, Fallback) and row.model_id:
            self.post_message(self.ShiftWanted(row.place, by))
