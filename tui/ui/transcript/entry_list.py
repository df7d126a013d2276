"""The entries of a document: each is made when somebody looks at it; until then, its size will do.

Ten thousand messages are opened in the time that their sizes take to add up.
"""

from collections.abc import Iterator, Sequence
from typing import overload

from tui.ui.transcript.document import Entry, Outline
from tui.ui.transcript.entry_layout import EntryLayout, guessed_heights


class EntryList(Sequence[EntryLayout]):
    """All entries, top to bottom; to take one is to make it."""

    def __init__(self, outline: Outline, width: int) -> None:
        self._outline = outline
        self._width = width
        # What is still to be made is its number in the outline.
        self._slots: list[EntryLayout | int] = list(range(len(outline.ids)))
        self._ids = list(outline.ids)
        self._index: dict[str, int] = dict(zip(self._ids, range(len(self._ids)), strict=True))

    def __len__(self) -> int:
        return len(self._slots)

    @overload
    def __getitem__(self, index: int) -> EntryLayout: ...

    @overload
    def __getitem__(self, index: slice) -> list[EntryLayout]: ...

    def __getitem__(self, index: int | slice) -> EntryLayout | list[EntryLayout]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        slot = self._slots[index]
        if isinstance(slot, int):
            slot = self._slots[index] = EntryLayout(self._outline.make(slot), self._width)
        return slot

    def made(self) -> Iterator[EntryLayout]:
        """Those that somebody has looked at."""
        return (slot for slot in self._slots if isinstance(slot, EntryLayout))

    def __contains__(self, entry: object) -> bool:
        if not isinstance(entry, EntryLayout):
            return False
        index = self._index.get(entry.entry.id)
        return index is not None and self._slots[index] is entry

    def get(self, entry_id: str) -> EntryLayout | None:
        """The entry of that id, if there is one."""
        index = self._index.get(entry_id)
        return None if index is None else self[index]

    def index_of(self, entry: EntryLayout) -> int:
        """Which of them this one is, from 0."""
        return self._index[entry.entry.id]

    def append(self, entry: Entry) -> EntryLayout:
        """Add an entry at the end."""
        layout = EntryLayout(entry, self._width)
        self._index[entry.id] = len(self._slots)
        self._ids.append(entry.id)
        self._slots.append(layout)
        return layout

    def remove(self, entry_id: str) -> None:
        """Take an entry out.

        Raises:
            KeyError: There is none of that id.

        """
        index = self._index[entry_id]
        del self._slots[index], self._ids[index]
        self._index = dict(zip(self._ids, range(len(self._ids)), strict=True))

    def resize(self, width: int) -> None:
        """Lay everything out for another width."""
        self._width = width
        for layout in self.made():
            layout.resize(width)

    def heights(self) -> list[int]:
        """The rows of every entry, as far as they are known, guessed for the rest."""
        guessed = guessed_heights(self._outline.shapes, self._width)
        return [guessed[slot] if isinstance(slot, int) else slot.height for slot in self._slots]
