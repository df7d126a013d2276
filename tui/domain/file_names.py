"""Names for files that are made from texts: they stay in their folder and harm no shell."""

import re

_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9._-]+")
_EDGES = "._-"
_LONGEST = 60


def file_stem(text: str, default: str) -> str:
    """The text as the beginning of a file's name.

    Only ASCII letters, digits and ``._-`` are left, and no dot or hyphen stands at its edges, so
    that it is neither hidden, nor an option, nor a path.
    """
    stem = _NOT_ALLOWED.sub("-", text[: _LONGEST * 4]).strip(_EDGES)
    return stem[:_LONGEST].strip(_EDGES) or default
