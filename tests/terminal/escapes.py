"""Texts that attack a terminal, and what may reach one at all."""

import re
from typing import Final

ATTACKS: Final = {
    "title": "\x1b]0;PWNED\x07",
    "title, ST": "\x1b]2;PWNED\x1b\\",
    "link": "\x1b]8;;http://evil.example/\x1b\\click\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;cHduZWQ=\x1b\\",
    "prompt mark": "\x1b]133;A\x07",
    "erase": "\x1b[2J\x1b[3J\x1b[H",
    "scroll": "\x1b[5S\x1b[5T",
    "colours": "\x1b[31;47m",
    "device control": "\x1bP+q544e\x1b\\",
    "queries": "\x1b[6n\x1b[c\x1b[?1$p",
    "alternate screen": "\x1b[?1049l",
    "C1": "\x9b2J\x9d0;PWNED\x9c\x90q\x9c\x85",
    "C0": "\x00\x05\x08\x08\x08\x0e\x0f\x7f",
    "bidi": "\u202eevil\u202c\u2066x\u2069",
    "tags": "\U000e0041\U000e0042\U000e007f",
    "zero width": "\u200bx\u2060y\ufeff",
    "combining flood": "e" + "\u0301" * 200,
}

# What Textual's Linux driver and compositor write; anything else comes from a text.
_OWN: Final = re.compile(
    "\x1b(?:"
    r"\[[0-9;]*m"  # colours
    r"|\[[0-9]+;[0-9]+H"  # cursor position
    r"|\[\?(?:25|7|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]"  # modes
    r"|\[\?(?:2026|2048)\$p"  # mode queries
    r"|\[>[0-9]+u|\[<u"  # keyboard protocol
    "|\\]22;[a-z-]*\x07"  # shape of the mouse pointer
    # A link of our own has an id, is encoded, and goes to the web or to a mailbox.
    "|\\]8;id=[0-9-]+;(?:https?://|mailto:)[!-~]+\x1b\\\\|\\]8;;\x1b\\\\"
    ")"
)
_END_OF_FRAME: Final = b"\x1b[?2026l"
_ACTING: Final = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
    ".{0,20}|[\u0300-\u036f]{5,}",
    re.DOTALL,
)


FIRST: Final = 10
"""The number of the first line of attacks."""


def attack_lines(line_break: str = "\n\n", first: int = FIRST) -> str:
    """Every attack on a line of its own, with words around it that must stay readable."""
    return line_break.join(
        f"L{number:02} {payload} R{number:02}"
        for number, payload in enumerate(ATTACKS.values(), start=first)
    )


def foreign_sequences(raw: bytes) -> list[str]:
    """Everything in a program's output that acts and that Textual does not write by itself."""
    frames = raw[: raw.rfind(_END_OF_FRAME)]
    return _ACTING.findall(_OWN.sub("", frames.decode("utf-8", "replace")))


def unreadable_lines(screen: str, first: int = FIRST) -> list[str]:
    """The words around the attacks that are not on the screen."""
    words = [f"{side}{number}" for number in range(first, first + len(ATTACKS)) for side in "LR"]
    return [word for word in words if word not in screen]
