"""Sequences for the terminal that a multiplexer in between must hand on as they are."""

from collections.abc import Mapping

_SCREEN_CHUNK = 750
"""Bytes that GNU screen passes on in one piece."""


def passed_through(sequence: str, environ: Mapping[str, str]) -> str:
    """The sequence wrapped for tmux or screen where one of them runs.

    Source: tmux's FAQ on passthrough, and the manual of GNU screen on ``ESC P``.
    """
    if environ.get("TMUX"):
        return f"\x1bPtmux;{sequence.replace(chr(27), chr(27) * 2)}\x1b\\"
    if environ.get("STY") or environ.get("TERM", "").startswith("screen"):
        starts = range(0, len(sequence), _SCREEN_CHUNK)
        return "".join(f"\x1bP{sequence[at : at + _SCREEN_CHUNK]}\x1b\\" for at in starts)
    return sequence
