"""The number at the bottom right that says how much is new below the view."""

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip


def badge(unread: int) -> str:
    """What it says; nothing if nothing is unread."""
    return f" ↓ {unread} new " if unread else ""


def with_badge(strip: Strip, unread: int, width: int, style: Style) -> Strip:
    """The row with the number at its right end."""
    text = badge(unread)
    return Strip([*strip.crop(0, max(0, width - len(text))), Segment(text, style)])
