"""Normal mode, as in vim: keys that move, delete and copy in the prompt instead of typing."""

import re
from dataclasses import dataclass

_WORD = re.compile(r"\w+|[^\w\s]+")
_TWICE = ("g", "d", "y")


@dataclass(frozen=True, slots=True)
class Step:
    """What a key did: the new place of the cursor, and which characters became another text.

    All are in characters of the text, ``cursor`` after the change. ``types`` says that typing goes
    on from there.
    """

    cursor: int
    change: tuple[int, int, str] | None = None
    types: bool = False


class NormalMode:
    """Knows what is half typed, such as the first ``d`` of ``dd``, and what was copied.

    The cursor stands on a character here, never behind the last one of its line.
    """

    def __init__(self) -> None:
        self.copied = ""
        self._pending = ""

    def press(self, key: str, text: str, cursor: int) -> Step:
        """What a key means; one that means nothing leaves everything as it is."""
        pressed, self._pending = self._pending + key, ""
        if pressed in _TWICE:
            self._pending = pressed
            return Step(cursor)
        start, end = _line(text, cursor)
        match pressed:
            case "h":
                return Step(max(start, cursor - 1))
            case "l":
                return Step(max(start, min(end - 1, cursor + 1)))
            case "0":
                return Step(start)
            case "$":
                return Step(max(start, end - 1))
            case "j":
                return Step(
                    _in_column(text, end + 1, cursor - start) if end < len(text) else cursor
                )
            case "k":
                above = _line(text, start - 1)[0] if start else None
                return Step(cursor if above is None else _in_column(text, above, cursor - start))
            case "w" | "b":
                return Step(_word(text, cursor, forward=pressed == "w"))
            case "gg":
                return Step(0)
            case "G":
                return Step(text.rfind("\n") + 1)
            case _:
                return self._change(pressed, text, cursor, (start, end))

    def _change(self, pressed: str, text: str, cursor: int, line: tuple[int, int]) -> Step:
        start, end = line
        match pressed:
            case "i":
                return Step(cursor, types=True)
            case "a":
                return Step(min(end, cursor + 1), types=True)
            case "I":
                return Step(start, types=True)
            case "A":
                return Step(end, types=True)
            case "o":
                return Step(end + 1, (end, end, "\n"), types=True)
            case "x" if cursor < end:
                self.copied = text[cursor]
                return Step(max(start, min(cursor, end - 2)), (cursor, cursor + 1, ""))
            case "dd":
                self.copied = text[start:end] + "\n"
                if end < len(text):
                    return Step(start, (start, end + 1, ""))
                above = max(0, start - 1)
                return Step(_line(text, above)[0] if start else 0, (above, end, ""))
            case "yy":
                self.copied = text[start:end] + "\n"
            case "p" if self.copied.endswith("\n"):
                return Step(end + 1, (end, end, "\n" + self.copied[:-1]))
            case "p" if self.copied:
                place = min(end, cursor + 1)
                return Step(place + len(self.copied) - 1, (place, place, self.copied))
        return Step(cursor)


def _line(text: str, cursor: int) -> tuple[int, int]:
    """Where the line of the cursor begins and ends, without its line break."""
    end = text.find("\n", cursor)
    return text.rfind("\n", 0, cursor) + 1, len(text) if end < 0 else end


def _in_column(text: str, start: int, column: int) -> int:
    """The place in a column of the line that begins at ``start``, or the last before it."""
    return max(start, min(_line(text, start)[1] - 1, start + column))


def _word(text: str, cursor: int, *, forward: bool) -> int:
    starts = [word.start() for word in _WORD.finditer(text)]
    if forward:
        return next((start for start in starts if start > cursor), max(0, len(text) - 1))
    return next((start for start in reversed(starts) if start < cursor), 0)
