"""Keys in words."""

from textual.keys import key_to_character

_NAMES = {
    "alt": "Alt",
    "asterisk": "*",
    "backspace": "Backspace",
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
    return "+".join(map(_part_words, key.split("+")))


def _part_words(part: str) -> str:
    if part in _NAMES:
        return _NAMES[part]
    character = key_to_character(part) if len(part) > 1 else None
    return character if character is not None and character.isprintable() else part.capitalize()
