"""The offline token estimator: no vocabulary is downloaded, so its figures are marked ``≈``."""

import math

# Hundredths of a token per character, by kind of script; measured roughly on common tokenizers, and
# corrected for each model by the usage that its answers report. Integers, so that pieces add up to
# exactly what the whole text gives.
_ASCII = 25
_OTHER_ALPHABETS = 45
_IDEOGRAPHS = 90
_WEIGHT_OF_ONE = 100
# What UTF-8 takes two bytes for are the alphabets of Europe and the Near East; nearly everything
# beyond them costs a tokenizer about as much as an ideograph. Bytes are counted much faster than
# characters are told apart.
_ASCII_BYTES = bytes(range(0x80))
_LEADS_OF_TWO = bytes(range(0xC2, 0xE0))
_PER_MESSAGE = 4
"""Tokens that role and separators of one message cost."""


def _weight(text: str) -> int:
    if text.isascii():
        return len(text) * _ASCII
    data = text.encode("utf-8", "surrogatepass")
    plain = len(data) - len(data.translate(None, _ASCII_BYTES))
    alphabetic = len(data) - len(data.translate(None, _LEADS_OF_TWO))
    others = len(text) - plain - alphabetic
    return plain * _ASCII + alphabetic * _OTHER_ALPHABETS + others * _IDEOGRAPHS


def _tokens(weight: int, ratio: float) -> int:
    return math.ceil(weight * ratio / _WEIGHT_OF_ONE)


def estimate_tokens(text: str, ratio: float = 1.0) -> int:
    """About how many tokens the text has; ``ratio`` corrects for a model's tokenizer."""
    return _tokens(_weight(text), ratio)


def estimate_message_tokens(text: str) -> int:
    """About how many tokens a message of a request has, role and separators included."""
    return estimate_tokens(text) + _PER_MESSAGE


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
