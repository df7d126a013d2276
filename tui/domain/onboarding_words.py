"""Advice that names screens of the app, said where those cannot be reached: while beginning."""

import re
from typing import Final

_HERE: Final = (
    (re.compile(r"the base URL (?:in the settings )?\(F2\)"), "the address"),
    (re.compile(r"(the base URL and the API key) in the settings \(F2\)"), r"\1"),
    (re.compile(r" in the settings \(F2\)(?: or in OPENROUTER_API_KEY)?"), " here"),
    (re.compile(r"the settings \(F2\)"), "the settings later"),
    (re.compile(r" \(F[23]\)"), ""),
)


def while_beginning(words: str) -> str:
    """The words without keys of the chat: what they lead to is entered right here."""
    for pattern, instead in _HERE:
        words = pattern.sub(instead, words)
    return words
