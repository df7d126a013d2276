"""What the transcript shows: a list of entries. Pure data; the widget lays it out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from textual.content import Content

from tui.domain.pictures import Picture

Tone = Literal["normal", "warning", "error"]
Note = Content | str | Callable[[], Content | str]
"""The line under an entry; as a function, it is called once the entry comes near the view."""


class Role(StrEnum):
    """Who speaks."""

    USER = "user"
    ASSISTANT = "assistant"
    NOTICE = "notice"
    """A remark of the program itself: one line, or an error."""
    SYSTEM = "system"
    """What is sent before everything that is said; it stands in ``reasoning`` and folds as that."""


@dataclass(slots=True)
class Entry:
    """One message or remark.

    An answer is Markdown; what the user wrote and notices are shown as they are, except that
    fenced code is highlighted.
    """

    id: str
    role: Role
    text: str = ""
    reasoning: str = ""
    note: Note = ""
    """The quiet line under an answer: model, cost, tokens."""
    tone: Tone = "normal"
    open: bool = False
    """Whether text is still arriving."""
    images: tuple[Picture, ...] = ()
    heading: str = ""
    """What stands above the reasoning; without any, that it is one, and its size."""
    folded: bool | None = None
    """Whether the reasoning is folded; None: open until the text of the answer starts."""
    hidden: bool = False
    """Whether the whole entry is folded to one row."""

    def shown_note(self) -> Content | str:
        """The note itself."""
        if callable(self.note):
            self.note = self.note()
        return self.note

    @property
    def reasoning_folded(self) -> bool:
        """Whether only the header line of the reasoning is shown."""
        return bool(self.text) if self.folded is None else self.folded


@dataclass(frozen=True, slots=True)
class Outline:
    """Entries of which only ids and sizes are known, and how each is made when it is looked at."""

    ids: Sequence[str]
    shapes: Sequence[tuple[int, int]]
    """Characters and line breaks of each, from which its height is guessed."""
    make: Callable[[int], Entry]
    """Makes the entry of that index."""

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> "Outline":
        """The outline of entries that are there already."""
        shapes = [shape_of(entry.text) for entry in entries]
        return cls([entry.id for entry in entries], shapes, entries.__getitem__)


def shape_of(text: str) -> tuple[int, int]:
    """Characters and line breaks of a text."""
    return len(text), text.count("\n")
