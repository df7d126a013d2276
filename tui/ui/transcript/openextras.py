"""Open blocks beyond those of CommonMark: display formulas and the texts of footnotes."""

import re

from tui.ui.transcript import formulas, grammar
from tui.ui.transcript.blocks import Kind
from tui.ui.transcript.openblocks import OpenBlock, OpenList

FOOTNOTE = "#footnote"
"""What a reference to a footnote links to."""

_FOOTNOTE = re.compile(r" {0,3}\[\^([^\]\s^]{1,60})\]:[ \t]*")
_INDENT = 4


def footnote_label(line: str) -> str | None:
    """The label of the footnote whose text begins with this line."""
    match = _FOOTNOTE.match(line) if "[^" in line else None
    return match[1] if match else None


def footnote_text(source: str) -> str:
    """The Markdown of a footnote, without its label and the indent of its further lines."""
    first, *others = source.split("\n")
    lines = [_FOOTNOTE.sub("", first, count=1)]
    for line in others:
        expanded = line.expandtabs(_INDENT) if line.startswith(("\t", " ")) else line
        lines.append(expanded[min(_INDENT, grammar.indent(expanded)) :])
    return "\n".join(lines)


class OpenFormula(OpenBlock):
    """A display formula of one or several lines; a blank line ends it if nothing else did."""

    kind = Kind.FORMULA

    def __init__(self, line: str, opening: str) -> None:
        super().__init__(line)
        self._closing = formulas.CLOSING[opening]
        self._closed = formulas.display_source(line) is not None

    def add(self, line: str) -> bool:
        """Take every line up to the closing delimiter."""
        if self._closed or not line.strip() or grammar.fence_opening(line) is not None:
            return False
        self.lines.append(line)
        self._closed = line.rstrip().endswith(self._closing)
        return True

    def end(self) -> None:
        """Complete the formula; without its end it is text."""
        if not self._closed:
            self.kind = Kind.MARKDOWN
        super().end()


class OpenFootnote(OpenList):
    """The text of a footnote: like an item of a list that has no further ones."""

    kind = Kind.FOOTNOTE

    def __init__(self, line: str) -> None:
        super().__init__(line, ("^", _INDENT, None))

    def add(self, line: str) -> bool:
        """Take what is indented and what continues a paragraph."""
        return footnote_label(line) is None and super().add(line)
