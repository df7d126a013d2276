"""How simulated models cut text into tokens: each family its own way, as real ones do.

None of them is a real vocabulary. What matters is that their counts differ from the workbench's own
estimates, and from each other by a fifth or so, as those of real models do.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

_LONGEST_WORD = {"anthropic": 5, "deepseek": 7, "google": 10, "meta-llama": 6, "qwen": 7}
_USUAL_LONGEST = 8
"""Letters of a word, with the space before it, that make one token at most."""
_PER_MESSAGE = {"anthropic": 6, "google": 2}
_USUAL_PER_MESSAGE = 4
"""Tokens of a message's role and separators."""


@lru_cache
def _pieces(longest: int) -> re.Pattern[str]:
    """One or two ideographs; letters with the space before them; space; punctuation."""
    return re.compile(rf"[\u2e80-\U0010ffff]{{1,2}}| ?\w{{1,{longest}}}|\s+|[^\w\s]{{1,4}}")


def split_tokens(text: str, author: str = "") -> Iterator[str]:
    """The text in the pieces of an author's models; joined they are the text again."""
    longest = _LONGEST_WORD.get(author, _USUAL_LONGEST)
    return (found.group() for found in _pieces(longest).finditer(text))


def count_message(text: str, author: str = "") -> int:
    """How many tokens a message with this text has for an author's models."""
    return sum(1 for _ in split_tokens(text, author)) + _PER_MESSAGE.get(author, _USUAL_PER_MESSAGE)
