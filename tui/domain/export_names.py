"""Names of exported files: of harmless characters only, so that they stay in their folder.

The same rules hold for every system, as files are carried from one to another.
"""

import hashlib
import re
import unicodedata
from datetime import datetime

_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9._-]+")
_DOTS = re.compile(r"\.{2,}")
_LONGEST_TITLE = 60
_LONGEST = 119
"""Bytes; many file systems take 255, and a name may get a prefix on its way."""


def file_name(title: str, conversation_id: str, created_at: datetime, suffix: str) -> str:
    """The name for an exported conversation: its day, words of its title, and part of its id.

    The day in front keeps it from being hidden, an option or a device; the end of it, from being
    that of another conversation.
    """
    plain = unicodedata.normalize("NFKD", title[:1_000]).encode("ascii", "ignore").decode()
    words = _DOTS.sub(".", _NOT_ALLOWED.sub("-", plain)).strip("-._").lower()[:_LONGEST_TITLE]
    digest = hashlib.sha256(conversation_id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    parts = [created_at.strftime("%Y-%m-%d"), words.strip("-._"), digest]
    return f"{'-'.join(filter(None, parts))}.{suffix}"[-_LONGEST:]


def numbered(name: str, number: int) -> str:
    """The name for another file beside one of this name: ``chat-2.md``."""
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}-{number}{dot}{suffix}" if stem else f"{name}-{number}"
