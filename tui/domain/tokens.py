"""The offline token estimator: no vocabulary is downloaded, so its figures are marked ``≈``."""

import math
import re
from collections.abc import Iterable

# Hundredths of a token per character, by kind of script; measured roughly on common tokenizers, and
# corrected for each model by the usage that its answers report. Integers, so that pieces add up to
# exactly what the whole text gives.
_ASCII = 25
_OTHER_ALPHABETS = 45
_IDEOGRAPHS = 90
_WEIGHT_OF_ONE = 100
_IDEOGRAPH_RUNS = re.compile("[\u2e80-\U0010ffff]+")
_PER_MESSAGE = 4
"""Tokens that role and separators of one message cost."""


def _weight(text: str) -> int:
    if text.isascii():
        return len(text) * _ASCII
    ascii_count = len(text.encode("ascii", "ignore"))
    ideographs = sum(map(len, _IDEOGRAPH_RUNS.findall(text)))
    others = len(text) - ascii_count - ideographs
    return ascii_count * _ASCII + others * _OTHER_ALPHABETS + ideographs * _IDEOGRAPHS


def _tokens(weight: int, ratio: float) -> int:
    return math.ceil(weight * ratio / _WEIGHT_OF_ONE)


def estimate_tokens(text: str, ratio: float = 1.0) -> int:
    """About how many tokens the text has; ``ratio`` corrects for a model's tokenizer."""
    return _tokens(_weight(text), ratio)


def estimate_prompt_tokens(texts: Iterable[str], ratio: float = 1.0) -> int:
    """About how many tokens a request with these messages has, separators included."""
    return sum(estimate_tokens(text, ratio) + _PER_MESSAGE for text in texts)


class TokenCounter:
    """Counts a streamed text piece by piece: constant work for each character."""

    __slots__ = ("_ratio", "_weight")

    def __init__(self, ratio: float = 1.0) -> None:
        self._ratio = ratio
        self._weight = 0

    def add(self, text: str) -> None:
        """Count one more piece."""
        self._weight += _weight(text)

    @property
    def tokens(self) -> int:
        """The estimate for all pieces so far."""
        return _tokens(self._weight, self._ratio)
