"""The report of an error that nobody expected: where it happened, without anyone's secrets.

Local variables are never shown, since any of them may hold a key or a conversation, and whatever
looks like a key is masked in the error's own words.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable, Mapping
from typing import Final

from tui import __version__
from tui.domain.sanitize import visible

_MASK: Final = "[masked]"
_LONGEST_MESSAGE: Final = 500
_MOST_FRAMES: Final = 12
_SHORTEST_SECRET: Final = 8
_KEY_SHAPE: Final = re.compile(r"\b(?:sk|pk|rk)-[A-Za-z0-9_-]{6,}|(?<=[Bb]earer )\S+")
_SECRET_VARIABLE: Final = re.compile(r"KEY|TOKEN|SECRET|PASSWORD", re.IGNORECASE)


def secrets_in(environ: Mapping[str, str]) -> list[str]:
    """The values of the variables whose names say that they hold a secret."""
    return [value for name, value in environ.items() if _SECRET_VARIABLE.search(name)]


def mask(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without these secrets and without anything else that has the shape of a key."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret.strip()) >= _SHORTEST_SECRET:
            text = text.replace(secret.strip(), _MASK)
    return _KEY_SHAPE.sub(_MASK, text)


def crash_report(error: BaseException, secrets: Iterable[str] | None = ()) -> str:
    """A short message and the innermost frames, safe for a terminal and for an issue tracker.

    The message is left out if nobody knows the secrets: ``None``.
    """
    frames = traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
    places = [
        f"  {frame.filename}:{frame.lineno} in {frame.name}\n    {frame.line}".rstrip()
        for frame in frames
    ]
    # Masked before it is cut: half a key would no longer be known as one.
    message = _MASK if secrets is None else mask(str(error), secrets)[:_LONGEST_MESSAGE]
    report = "\n".join(
        [
            f"OpenRouter Workbench {__version__} met an error of its own.",
            "Please report it with the lines below; keys are masked, values are left out.",
            "",
            *places,
            f"{type(error).__name__}: {message}",
        ]
    )
    return visible(mask(report, secrets or ()))
