"""Whether a screen still has widgets to show something in."""

from typing import Any

from textual.screen import Screen


def is_there(screen: Screen[Any]) -> bool:
    """True from when the widgets of a screen are mounted until it is closed.

    Work that outlives a screen asks this before it touches a widget: ``is_mounted`` stays True for
    good, and ``is_attached`` becomes False only once the widgets have been taken away one by one.
    """
    return screen.is_mounted and screen.is_attached and screen in screen.app.screen_stack
