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

    A capital letter is another key than the small one: ``C`` becomes ``Shift+C``.
    """
    if len(key) == 1 and key.isupper():
        return f"Shift+{key}"
    return "+".join(_NAMES.get(part, part.upper()) for part in key.split("+"))
