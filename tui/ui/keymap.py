"""Keys in words."""

_NAMES = {
    "alt": "Alt",
    "ctrl": "Ctrl",
    "delete": "Del",
    "down": "↓",
    "end": "End",
    "enter": "Enter",
    "escape": "Esc",
    "home": "Home",
    "left": "←",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "right": "→",
    "shift": "Shift",
    "space": "Space",
    "tab": "Tab",
    "up": "↑",
}


def key_words(key: str) -> str:
    """A key as Textual names it, in the words of keyboards: ``ctrl+n`` becomes ``Ctrl+N``."""
    return "+".join(_NAMES.get(part, part.upper()) for part in key.split("+"))
