"""The files attached to messages that are not sent yet, kept beside the history of their drafts."""

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tui.domain.attachments import Attachment
from tui.services.atomic import taking_turns, write_atomically
from tui.services.attachments_rows import attachments_from_text, attachments_to_text

_LARGEST_FILE = 4 * 1024 * 1024


class DraftFiles:
    """What is attached to the drafts of one history; the methods block and never raise.

    Only the names and the digests are here; the data is in the store of attachments. Without a
    file that can be written the drafts keep their text, which is in the history itself.
    """

    def __init__(self, history_file: Path) -> None:
        self._path = history_file.with_suffix(".drafts.json")

    def load(self) -> Mapping[str, tuple[Attachment, ...]]:
        """What is attached, by the ids of the conversations; nothing without a readable file."""
        return {
            conversation_id: attachments
            for conversation_id, text in self._read().items()
            if (attachments := _attachments(text))
        }

    def of(self, conversation_id: str) -> tuple[Attachment, ...]:
        """What is attached to the draft of one conversation."""
        return self.load().get(conversation_id, ())

    def save(self, conversation_id: str, attachments: Sequence[Attachment]) -> None:
        """Keep what is attached to the draft of one conversation, beside those of the others."""
        text = attachments_to_text(attachments)
        with suppress(OSError), taking_turns(self._path.parent):
            drafts = self._read()
            if drafts.get(conversation_id) != text:
                drafts.pop(conversation_id, None)
                self._write(drafts if text is None else {**drafts, conversation_id: text})

    def forget(self, conversation_ids: Collection[str]) -> None:
        """Forget the drafts of these conversations: they were deleted for good."""
        with suppress(OSError), taking_turns(self._path.parent):
            drafts = self._read()
            left = {one: text for one, text in drafts.items() if one not in conversation_ids}
            if left != drafts:
                self._write(left)

    def _write(self, drafts: Mapping[str, str]) -> None:
        write_atomically(self._path, json.dumps(drafts).encode())

    def _read(self) -> dict[str, str]:
        try:
            if self._path.stat().st_size > _LARGEST_FILE:
                return {}
            found = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        drafts = found if isinstance(found, dict) else {}
        return {one: text for one, text in drafts.items() if isinstance(text, str)}


def _attachments(text: str) -> tuple[Attachment, ...]:
    try:
        return attachments_from_text(text)
    except (ValueError, TypeError, KeyError, RecursionError):
        return ()
