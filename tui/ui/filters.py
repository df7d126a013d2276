"""The second wall between text from outside and the terminal: a filter over every drawn line.

Text is made visible before a widget gets it; this filter stands behind all widgets, so that one
that forgot cannot hand an escape sequence to the terminal.
"""

from functools import lru_cache
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from tui.domain.sanitize import link_target, visible

_CACHED_TEXTS: Final = 4096
_MOVING: Final = "\t\n"
"""White space that moves the cursor, which a laid-out line must not do."""


class OwnSequence(str):
    """A text that our own code made for the terminal, such as an image as sixels.

    Nothing else may be one: it is let through as it is.
    """

    __slots__ = ()


class VisibleText(LineFilter):
    """Replaces characters that act in every segment, and drops links that must not be ones.

    To be put before all other filters: override ``App.get_line_filters``.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments with harmless texts and styles; the same list if all of them were."""
        if all(_is_harmless(segment) for segment in segments):
            return segments
        return [_made_harmless(segment) for segment in segments]


def _made_harmless(segment: Segment) -> Segment:
    text, style, _ = segment
    if isinstance(text, OwnSequence):
        return segment
    return Segment(harmless(text), _without_unsafe_link(style))


def _is_harmless(segment: Segment) -> bool:
    text, style, control = segment
    if isinstance(text, OwnSequence):
        return True
    if control is not None or (style is not None and style.link and not _may_link(style.link)):
        return False
    return (text.isascii() and text.isprintable()) or harmless(text) == text


@lru_cache(_CACHED_TEXTS)
def harmless(text: str) -> str:
    """The text of one segment with nothing in it that acts, in as many cells as before.

    The line is laid out already, so what took no cell is dropped instead of being pictured.
    """
    if text.isascii() and text.isprintable():
        return text
    return visible("".join(_stand_in(character) for character in text))


def _stand_in(character: str) -> str:
    shown = visible(character)
    if shown == character and character not in _MOVING:
        return character
    cells = cell_len(character)
    return shown if cells == cell_len(shown) and shown not in _MOVING else " " * cells


@lru_cache(_CACHED_TEXTS)
def _may_link(url: str) -> bool:
    """Whether the URL is percent-encoded and of an allowed scheme."""
    return url == link_target(url)


def _without_unsafe_link(style: Style | None) -> Style | None:
    if style is None or not style.link or _may_link(style.link):
        return style
    return style.update_link(None)
