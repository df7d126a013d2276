"""Attachments and annotations of messages as text in the database, and back."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tui.domain.attachments import Attachment, AttachmentKind
from tui.domain.conversation import Annotation

_DIGEST = re.compile("[0-9a-f]{64}")
_KINDS = {str(kind): kind for kind in AttachmentKind}


def attachments_to_text(attachments: Sequence[Attachment]) -> str | None:
    """What is known of the files of a message; NULL for none, as of nearly all messages."""
    return json.dumps([asdict(one) for one in attachments]) if attachments else None


def attachments_from_text(text: str | None) -> tuple[Attachment, ...]:
    """The files of a message; the digest names a file, so it must be one.

    Raises ``ValueError``, ``TypeError`` or ``KeyError`` for what was never written here.
    """
    rows: list[dict[str, Any]] = [] if text is None else json.loads(text)
    return tuple(_attachment(row) for row in rows if _DIGEST.fullmatch(row["digest"]))


def annotations_to_text(annotations: Sequence[Annotation]) -> str | None:
    """Annotations in ASCII, so that even a lone surrogate comes back as it was sent."""
    return json.dumps([dict(one) for one in annotations], default=str) if annotations else None


def annotations_from_text(text: str | None) -> tuple[Annotation, ...]:
    """The annotations of a message; raises ``ValueError`` for what was never written here."""
    items = [] if text is None else json.loads(text)
    return tuple(item for item in items if isinstance(item, Mapping))


def _attachment(row: Mapping[str, Any]) -> Attachment:
    return Attachment(
        digest=row["digest"],
        # One that only a newer version knows is no reason to lose the rest of the history.
        kind=_KINDS.get(row["kind"], AttachmentKind.TEXT),
        media_type=row["media_type"],
        name=row["name"],
        size=row["size"],
        tokens=row["tokens"],
        width=row["width"],
        height=row["height"],
        pages=row["pages"],
        seconds=row["seconds"],
    )
