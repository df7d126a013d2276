"""What lies over the last row: how much is new below the view, and where a link leads."""

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.domain.sanitize import single_line
from tui.ui.transcript.pictures import shown_target


def badge(unread: int) -> str:
    """What it says; nothing if nothing is unread."""
    return f" ↓ {unread} new " if unread else ""


def with_badge(strip: Strip, unread: int, width: int, style: Style) -> Strip:
    """The row with the number at its right end."""
    text = badge(unread)
    return Strip([*strip.crop(0, max(0, width - len(text))), Segment(text, style)])


def with_target(strip: Strip, target: str, width: int, style: Style) -> Strip:
    """The row with the target of a link at its left end, as browsers show it."""
    text = f" {single_line(shown_target(target), width - 2)} "
    return Strip([Segment(text, style), *strip.crop(len(text), width)])
