"""The presets by name, each on one line."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType

from tui.services.presets import StoredPreset
from tui.ui.widgets.cells import fitted
from tui.ui.widgets.row_list import RowList

_MARK = 2


class PresetList(RowList):
    """A dot is before the one in force; behind the names stands what is special about them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Apply", id="presets.apply", tooltip="Use it in this chat"),
    ]
    empty_words = "None."

    def __init__(self) -> None:
        super().__init__()
        self.presets: Sequence[StoredPreset] = ()
        self._in_force = ""

    @property
    def count(self) -> int:
        """How many presets there are."""
        return len(self.presets)

    @property
    def current(self) -> StoredPreset | None:
        """The preset under the cursor."""
        return self.presets[self.cursor] if self.cursor is not None else None

    def show(self, presets: Sequence[StoredPreset], in_force: str, at: str | None) -> None:
        """Show these, with the cursor on the one of a name; ``in_force`` is the chat's."""
        names = [stored.preset.name for stored in presets]
        self.presets, self._in_force = presets, in_force
        self.rows_changed(names.index(at) if at in names else 0)

    def row_segments(self, index: int, width: int, ground: str) -> list[Segment]:
        """One preset."""
        stored = self.presets[index]
        name = stored.preset.name
        note, style = _note(stored)
        room = width - _MARK - len(note) - (2 if note else 1)
        mark = "● " if name == self._in_force else "  "
        return [
            Segment(mark, self.style_of("accent", ground)),
            Segment(fitted(name, room), self.style_of("text", ground)),
            Segment(f" {note} " if note else " ", self.style_of(style, ground)),
        ]


def _note(stored: StoredPreset) -> tuple[str, str]:
    """What is special about a preset, and its style."""
    if not stored.readable:
        return "✗ broken", "warning"
    if stored.problems:
        return "! problems", "warning"
    return ("built in", "quiet") if stored.built_in else ("", "quiet")
