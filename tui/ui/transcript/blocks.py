"""The pieces that a message is cut into: the unit of parsing, rendering, caching and measuring.

A piece is small whatever the answer looks like: a top-level Markdown block, one top-level item of
a list, one row of a table, a few lines of code. So an open block that grows without end costs as
much per frame as a short one.
"""

from dataclasses import dataclass, field
from enum import Enum, auto

from textual.content import Content

PIECE_LINES = 16
"""Lines of code or of plain text in one piece."""

FITTED_ROWS = 8
"""Rows of a table, its header among them, that set the widths while it grows."""


class Kind(Enum):
    """What a block is, and so which renderer draws it."""

    MARKDOWN = auto()  # anything that markdown-it parses by itself
    ITEM = auto()  # one top-level item of a list
    CODE = auto()  # some lines of a fence or of an indented code block
    TABLE_HEAD = auto()
    TABLE_ROW = auto()
    FORMULA = auto()  # a display formula, its delimiters included
    FOOTNOTE = auto()  # the text of a footnote, its label included
    DEFINITION = auto()  # link reference definitions, which Markdown itself would hide
    PLAIN = auto()  # verbatim lines
    REASONING = auto()  # the header line above a reasoning text
    FOLDED = auto()  # stands for what an entry hides
    IMAGE = auto()  # the line that names an image
    NOTE = auto()  # the quiet lines under an answer
    SEPARATOR = auto()  # the blank line after an entry


@dataclass(slots=True, eq=False, weakref_slot=True)
class Fence:
    """A code block, shared by its pieces."""

    language: str = ""
    lines: list[str] = field(default_factory=list)
    closed: bool = False
    fenced: bool = True
    """Whether it stands between fences; otherwise it is code by its indent."""
    folded: bool = False
    """Whether only its first piece is shown."""


@dataclass(slots=True, eq=False, weakref_slot=True)
class Table:
    """A table, shared by its pieces; ``rows`` are source lines, the header first."""

    delimiter: str
    rows: list[str] = field(default_factory=list)
    closed: bool = False


@dataclass(slots=True, eq=False)
class Block:
    """One piece. Its text is final once the splitter has moved on to the next one."""

    kind: Kind
    source: str = ""
    line: int = 0
    """Where its source begins: the number of that line in the text that it was cut from."""
    gap: bool = False
    """Whether a blank line stands above it."""
    ordinal: int | None = None
    """The number of an ordered list's item."""
    references: dict[str, dict[str, str]] = field(default_factory=dict)
    """The link definitions of the message, shared by its blocks."""
    fence: Fence | None = None
    table: Table | None = None
    first: int = 0
    """Index of its first line in the fence, or of its row in the table."""
    count: int = 0
    """Number of the fence's lines in this piece."""
    last: bool = False
    """Whether it ends its fence."""
    content: Content | str = ""
    """What a note says, how much a folded entry hides, or where the line of an image leads."""
    folded: bool = False
    """Whether the reasoning under this header is hidden."""
    quiet: bool = False
    """Whether it belongs to the reasoning."""
    revision: int = 0
    """Counts changes of what it refers to, such as link definitions that came late."""
    measured: tuple[int, int] | None = None
    """The width for which its height is known, and that height in rows."""

    @property
    def weight(self) -> int:
        """The number of characters or so, from which a height can be guessed."""
        return len(self.source)
