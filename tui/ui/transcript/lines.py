"""Text that arrives in pieces of any size, cut into lines that are safe to show."""

from tui.domain.sanitize import visible


class LineFeed:
    """Collects text and gives complete lines back; the result does not depend on the pieces."""

    def __init__(self) -> None:
        self._rest: list[str] = []

    def feed(self, text: str) -> list[str]:
        """Take more text; return the lines that it completed, without their line breaks."""
        end = text.rfind("\n") + 1
        if not end:
            if text:
                self._rest.append(text)
            return []
        complete = "".join((*self._rest, text[:end]))
        self._rest = [text[end:]] if end < len(text) else []
        return visible(complete).split("\n")[:-1]

    def rest(self) -> str:
        """The incomplete last line, as far as it has arrived."""
        if len(self._rest) > 1:
            self._rest = ["".join(self._rest)]
        return self._rest[0] if self._rest else ""

    def partial(self) -> list[str]:
        """The incomplete last line, safe to show; a lone CR may cut it into several."""
        # A CR at the very end may be the first half of a line break.
        rest = self.rest().removesuffix("\r")
        return visible(rest).split("\n") if rest else []

    def close(self) -> list[str]:
        """No more text will come: the last line is complete."""
        rest, self._rest = self.rest(), []
        return visible(rest).removesuffix("\n").split("\n") if rest else []
