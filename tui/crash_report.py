"""The report of an error that nobody expected: where it happened, and little of what it was about.

Local variables are never shown, since any of them may hold a key or a conversation. Of the error's
own words, what stands in quotes is left out, and whatever looks like a key is masked. Words that an
error repeats without quotes stay, so that a report is to be read before it is given away.
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
_KEY_SHAPE: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:sk|pk|rk|gsk|csk|xai|hf|pplx|nvapi)[-_][A-Za-z0-9_-]{6,}|AIza[\w-]+)"
    r"|(?<=[Bb]earer )[^\s'\"`]+"
    r"|(?<=://)[^\s/?#]+(?=@)"  # the user and the password of an address
)
_QUOTED: Final = re.compile(
    # An apostrophe inside of a word opens and closes nothing. What is never closed goes on
    # to the end.
    r"((?<!\w)'|(?<=\bb)'|[\"`])(?:\\?.)*?(?:\1(?!\w)|\Z)",
    re.DOTALL,
)
_INPUT: Final = re.compile(r"(?<=input_value=)(?:.*(?=, input_type=)|.*)")
"""The value that a check of pydantic did not take; it stands in quotes only if it is text."""
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


def without_values(message: str) -> str:
    """The words of an error without what stands in quotes, which are the values it is about."""
    return _QUOTED.sub(r"\1…\1", _INPUT.sub("…", message))


def crash_report(error: BaseException, secrets: Iterable[str] | None = ()) -> str:
    """A short message and the innermost frames, for a terminal and for an issue tracker.

    The message is left out if nobody knows the secrets: ``None``.
    """
    frames = traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
    places = [
        f"  {frame.filename}:{frame.lineno} in {frame.name}\n    {frame.line}".rstrip()
        for frame in frames
    ]
    # Masked before it is cut: half a key would no longer be known as one.
    message = _MASK if secrets is None else without_values(mask(str(error), secrets))
    report = "\n".join(
        [
            f"OpenRouter Workbench {__version__} met an error of its own.",
            "Please read the lines below, then report it with them.",
            "Quoted values are left out, and what looks like a key is masked.",
            "",
            *places,
            f"{type(error).__name__}: {message[:_LONGEST_MESSAGE]}",
        ]
    )
    return visible(mask(report, secrets or ()))
