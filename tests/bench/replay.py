"""Draws what a program wrote, afterwards, to find out when the screen showed its final state."""

import codecs
import re
from collections.abc import Iterable

import pyte

# Sequences that pyte would draw as text: those of the kitty keyboard protocol and mode queries.
_UNKNOWN = re.compile(r"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$[a-z]")
_UNFINISHED = re.compile(r"\x1b(?:\[[0-9;:?<>=$ ]*)?\Z")

Piece = tuple[float, bytes]
"""When it was read, and what."""


class Replay:
    """The screen of a program, brought up to date piece by piece."""

    def __init__(self, columns: int, rows: int) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._rest = ""

    @property
    def lines(self) -> list[str]:
        """The lines on the screen."""
        return list(self._screen.display)

    def resize(self, columns: int, rows: int) -> None:
        """The window has another size."""
        self._screen.resize(rows, columns)

    def draw(self, pieces: Iterable[Piece]) -> float:
        """Draw the pieces; when the last one was read that changed what is to be seen.

        What is drawn once more as it was is no change. 0 if nothing has changed.
        """
        changed_at = 0.0
        before = self._cells()
        for read_at, data in pieces:
            text = self._rest + self._decode(data)
            unfinished = _UNFINISHED.search(text)
            self._rest = unfinished.group() if unfinished else ""
            self._stream.feed(_UNKNOWN.sub("", text.removesuffix(self._rest)))
            after = self._cells()
            if after != before:
                before, changed_at = after, read_at
        return changed_at

    def _cells(self) -> list[list[pyte.screens.Char]]:
        screen = self._screen
        return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]
