"""Keys and what they do, in columns that wrap each for itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from textwrap import wrap

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

_GAP = 2
_WIDEST_KEYS = 22
_ROOM_FOR_NAMES = 80
"""From this width on the names stand at the right."""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """``keys`` as they are pressed or typed; ``name`` is what the configuration calls them."""

    keys: str
    words: str
    name: str = ""


class KeyTable(Widget):
    """Shows the rows as plain text, never as markup."""

    DEFAULT_CSS = """
    KeyTable { height: auto; }
    """

    def __init__(self, rows: Sequence[KeyRow]) -> None:
        super().__init__()
        self._rows_shown = rows
        self._widest = min(_WIDEST_KEYS, max((len(row.keys) for row in rows), default=0))
        self._widest_name = max((len(row.name) for row in rows), default=0)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the rows need at this width."""
        return len(list(self._lines(width)))

    def render(self) -> Content:
        """The rows at the width of now."""
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> Iterator[Content]:
        names = self._widest_name + _GAP if width >= _ROOM_FOR_NAMES else 0
        room = max(1, width - self._widest - _GAP - names)
        for row in self._rows_shown:
            columns = zip_longest(
                wrap(row.keys, self._widest),
                wrap(row.words, room),
                [row.name] if names else [],
                fillvalue="",
            )
            for keys, words, name in columns:
                yield Content.assemble(
                    (keys.ljust(self._widest + _GAP), "$text-accent"),
                    words.ljust(room),
                    (" " * _GAP + name, "$text-muted"),
                )
