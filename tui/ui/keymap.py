"""Keys in words."""

_NAMES = {
    "alt": "Alt",
    "asterisk": "*",
    "comma": ",",
    "ctrl": "Ctrl",
    "delete": "Del",
    "down": "↓",
    "end": "End",
    "enter": "Enter",
    "escape": "Esc",
    "full_stop": ".",
    "greater_than_sign": ">",
    "home": "Home",
    "left": "←",
    "left_curly_bracket": "{",
    "left_square_bracket": "[",
    "less_than_sign": "<",
    "minus": "-",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "plus": "+",
    "right": "→",
    "right_curly_bracket": "}",
    "right_square_bracket": "]",
    "shift": "Shift",
    "slash": "/",
    "space": "Space",
    "tab": "Tab",
    "up": "↑",
}


def key_words(key: str) -> str:
    """A key as Textual names it, in the words of keyboards: ``ctrl+n`` becomes ``Ctrl+N``.

    A letter by itself is meant as it is typed: ``u`` stays, and ``C`` becomes ``Shift+C``.
    """
    if len(key) == 1 and key.isalpha():
        return f"Shift+{key}" if key.isupper() else key
    return "+".join(_NAMES.get(part, part.upper()) for part in key.split("+"))
