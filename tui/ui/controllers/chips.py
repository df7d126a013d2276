"""The files that will go with the next message, per conversation."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tui.domain.attachments import Attachment
from tui.domain.conversation import Conversation
from tui.domain.sanitize import single_line


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message that is not sent yet: its text, and the files that go with it."""

    text: str
    attachments: tuple[Attachment, ...] = ()

    @property
    def words(self) -> str:
        """The message in one line: its text, and the names of its files."""
        files = [f"▣ {one.name}" for one in self.attachments]
        return single_line(" ".join(filter(None, [self.text, *files])))


@dataclass(eq=False, slots=True)
class Outgoing:
    """A message that was sent and cannot leave yet: a history opens, or a file is being read.

    Without a ``conversation`` it belongs to the one that comes next. ``replaces`` is the id of the
    prompt in whose place it goes.
    """

    conversation: Conversation | None
    unsent: Unsent
    replaces: str | None = None

    def take_along(self, attachments: Iterable[Attachment]) -> None:
        """Let these files go with it, too."""
        both = (*self.unsent.attachments, *attachments)
        self.unsent = replace(self.unsent, attachments=both)


class Chips:
    """What is attached to the message that is being written, by the id of its conversation.

    While an earlier message is edited, its files are those that count; the ones of the draft wait.
    Equal files are attached once.
    """

    def __init__(self) -> None:
        self._drafts: dict[str, tuple[Attachment, ...]] = {}
        self._edits: dict[str, tuple[Attachment, ...]] = {}

    def of(self, conversation_id: str) -> tuple[Attachment, ...]:
        """What the next message of a conversation takes along."""
        return self._now(conversation_id).get(conversation_id, ())

    def unsent(self, conversation_id: str) -> tuple[Attachment, ...]:
        """All that would be lost with the draft: its own files, and those of an edit."""
        return (*self._drafts.get(conversation_id, ()), *self._edits.get(conversation_id, ()))

    def add(self, conversation_id: str, attachments: Iterable[Attachment]) -> None:
        """Attach files, behind those that are attached already."""
        both = (*self.of(conversation_id), *attachments)
        distinct = tuple({one.digest: one for one in both}.values())
        if distinct:
            self._now(conversation_id)[conversation_id] = distinct

    def remove(self, conversation_id: str, attachment: Attachment) -> None:
        """Attach a file no more."""
        left = (one for one in self.of(conversation_id) if one.digest != attachment.digest)
        self._now(conversation_id)[conversation_id] = tuple(left)

    def take(self, conversation_id: str) -> tuple[Attachment, ...]:
        """Take all of them away, as for sending them."""
        taken = self.of(conversation_id)
        self._now(conversation_id).pop(conversation_id, None)
        return taken

    def begin_edit(self, conversation_id: str, attachments: Iterable[Attachment]) -> None:
        """An earlier message is edited, which has these files."""
        self._edits[conversation_id] = tuple(attachments)

    def end_edit(self, conversation_id: str) -> tuple[Attachment, ...]:
        """Nothing is edited any more; the files that the edited message would have taken."""
        return self._edits.pop(conversation_id, ())

    def merge_edits(self) -> None:
        """What was being edited becomes a part of the draft, as its text does."""
        while self._edits:
            conversation_id, attachments = self._edits.popitem()
            self.add(conversation_id, attachments)

    def _now(self, conversation_id: str) -> dict[str, tuple[Attachment, ...]]:
        return self._edits if conversation_id in self._edits else self._drafts
