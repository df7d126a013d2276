"""The transcript's keys, when it has the focus."""

from textual.binding import Binding, BindingType


def _key(key: str, action: str, name: str, label: str, tooltip: str) -> Binding:
    return Binding(key, action, label, show=False, id=f"transcript.{name}", tooltip=tooltip)


TRANSCRIPT: list[BindingType] = [
    _key("up", "scroll_up", "up", "Up", "Scroll up one row"),
    _key("down", "scroll_down", "down", "Down", "Scroll down one row"),
    _key("pageup", "page_up", "page_up", "Page up", "Scroll up one page"),
    _key("pagedown", "page_down", "page_down", "Page down", "Scroll down one page"),
    _key("home", "scroll_home", "home", "Beginning", "Go to the first message"),
    _key("end", "scroll_end", "end", "End", "Go to the end and follow the answer"),
    _key("r", "toggle_reasoning", "reasoning", "Reasoning", "Fold or unfold the latest reasoning"),
]
