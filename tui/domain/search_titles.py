"""The filter over the list of conversations: titles at once, without asking the database."""

import unicodedata
from collections.abc import Iterable

from tui.domain.conversation import UNTITLED, ConversationSummary

_LONGEST_FILTER = 200


def matching(conversations: Iterable[ConversationSummary], text: str) -> list[ConversationSummary]:
    """The conversations whose titles hold every word of the text, in any case and accent.

    ``#word`` is the beginning of a tag instead. Without words all of them match.
    """
    words = text[:_LONGEST_FILTER].split()
    tags = [folded(word[1:]) for word in words if word.startswith("#")]
    wanted = [folded(word) for word in words if not word.startswith("#")]
    return [
        one
        for one in conversations
        if _holds(folded(one.title or UNTITLED), wanted)
        and all(any(folded(tag).startswith(start) for tag in one.tags) for start in tags)
    ]


def folded(text: str) -> str:
    """The text without case and accents, for comparing."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))


def _holds(title: str, words: list[str]) -> bool:
    return all(word in title for word in words)
