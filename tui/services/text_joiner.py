"""Text in pieces that may be cut anywhere, even inside of one character."""

from tui.domain.sanitize import storable


class TextJoiner:
    """Joins surrogate halves that came in two pieces, and replaces those that stay alone."""

    def __init__(self) -> None:
        self._half = ""

    def add(self, piece: str) -> str:
        """What can be passed on after this piece; a half at its end waits for the next one."""
        text = self._half + piece
        self._half = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
        return storable(text.removesuffix(self._half))

    def rest(self) -> str:
        """What is left at the end: nothing, or the replacement of a half that stayed alone."""
        half, self._half = self._half, ""
        return storable(half)
