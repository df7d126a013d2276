"""Conversations carried in: read and counted first, then written in one go or not at all."""

import asyncio
import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from tui.domain.conversation import Conversation, costs_of
from tui.domain.cost import CostTotal, total
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.import_chatgpt import is_chatgpt, read_chatgpt
from tui.domain.import_openrouter import is_openrouter, read_openrouter
from tui.domain.import_values import Imported, NotAnExportError, id_of
from tui.domain.sanitize import single_line
from tui.services.attachments import Attachments
from tui.services.attachments_read import read_file
from tui.services.branch_statements import bring_back, insert_conversation, order_by_time
from tui.services.history import History
from tui.services.history_statements import insert_message
from tui.services.importer_native import is_native, read_native

LARGEST_IMPORT = 512_000_000
"""Bytes of a file; as Python objects it takes several times as much."""
_TOLD_EVERY = 20
"""Conversations between two calls of the progress."""

Progress = Callable[[int, int], None]
"""Told how many of how many conversations are written, on the event loop."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds, before anything is written.

    ``known`` are the ids of conversations that are here already; of those only messages are added
    that are missing, or were removed, ``more`` of them. Of the others, ``deleted`` were deleted
    here and come back. ``problems`` says what of the file is left out, a line each.
    """

    imported: Imported
    known: frozenset[str]
    more: int = 0
    deleted: int = 0

    @property
    def source(self) -> str:
        """The program that wrote the file."""
        return self.imported.source

    @property
    def conversations(self) -> int:
        """How many there are, known ones too."""
        return len(self.imported.conversations)

    @property
    def new(self) -> int:
        """How many of them are not here yet."""
        return sum(one.id not in self.known for one in self.imported.conversations)

    @property
    def messages(self) -> int:
        """How many there are in all branches."""
        return sum(len(one.messages) for one in self.imported.conversations)

    @property
    def files(self) -> int:
        """How many files come with them."""
        return len(self.imported.files)

    @property
    def cost(self) -> CostTotal:
        """What the answers cost, as far as the file says."""
        chats = self.imported.conversations
        return total(cost for one in chats for cost in costs_of(one.messages.values()))

    @property
    def period(self) -> tuple[datetime, datetime] | None:
        """From when to when they are; None without any."""
        times = [one.created_at for one in self.imported.conversations]
        return (min(times), max(times)) if times else None

    @property
    def problems(self) -> tuple[str, ...]:
        """What of the file is left out, a line each."""
        return tuple(self.imported.problems)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What was written: new conversations, known ones that got more messages, and messages.

    ``restored`` conversations had been deleted here and are back, with all that they held.
    """

    added: int = 0
    grown: int = 0
    messages: int = 0
    restored: int = 0


class ImportStoppedError(Exception):
    """The user stopped an import; nothing of it was written."""


class Importer:
    """Imports into one history with its attached files."""

    def __init__(self, history: History, attachments: Attachments) -> None:
        self._history = history
        self._attachments = attachments

    async def read(self, path: Path) -> Reading:
        """Read a file and count what is in it; nothing is written.

        Raises WorkbenchError in words for a file that is no export that can be read.
        """
        imported = await asyncio.to_thread(read_export, path)
        query = partial(_compared, imported=imported)
        return await self._history.read(query, Reading(imported, frozenset()))

    async def write(
        self,
        reading: Reading,
        progress: Progress | None = None,
        stop: Callable[[], bool] = lambda: False,
    ) -> ImportResult:
        """Write what was read in one transaction: all of it, or in case of a failure nothing.

        ``stop`` is asked, from another thread, before each conversation whether to give it up.
        Raises WorkbenchError if that was not possible, and ImportStoppedError.
        """
        loop = asyncio.get_running_loop()

        def tell(done: int, count: int) -> None:
            if progress is not None:
                loop.call_soon_threadsafe(progress, done, count)

        await self._keep_files(reading.imported, stop)
        chats = reading.imported.conversations
        job = partial(_insert_all, conversations=chats, tell=tell, stop=stop)
        # Not kept for later: whether all of it was written is said now.
        result = await self._history.write(job, keep=False, durable=True)
        if result is None or self._history.problem is not None:
            failure = self._history.problem or Failure(
                FailureKind.STORAGE, "Nothing was imported.", "Try again."
            )
            raise WorkbenchError(failure)
        return result

    async def _keep_files(self, imported: Imported, stop: Callable[[], bool]) -> None:
        """Keep the data that is what it says it is; anything else is left out."""
        real = await asyncio.to_thread(_real, imported)
        for conversation in imported.conversations if real else ():
            if stop():
                raise ImportStoppedError
            for message in conversation.messages.values():
                for attachment in message.attachments:
                    if attachment.digest in real:
                        await self._attachments.keep(attachment, real[attachment.digest])
                for picture in message.images:
                    if picture.digest in real:
                        await self._history.keep_image(picture, real[picture.digest])


def _real(imported: Imported) -> dict[str, bytes]:
    return {
        digest: data
        for digest, data in imported.files.items()
        if hashlib.sha256(data).hexdigest() == digest
    }


def read_export(path: Path) -> Imported:
    """The conversations in a file; blocks. Raises WorkbenchError in words."""
    data = read_file(path, LARGEST_IMPORT).data
    name = single_line(path.name, 120)
    try:
        document = json.loads(data, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        raise _failure(
            f"{name} is no JSON.", "ChatGPT's archive holds conversations.json."
        ) from None
    del data
    readers = (
        (is_native, read_native),
        (is_openrouter, read_openrouter),
        (is_chatgpt, read_chatgpt),
    )
    try:
        for is_one, read in readers:
            if is_one(document):
                return read(document)
    except NotAnExportError as error:
        raise _failure(f"{name} cannot be read. {error}", "Update the program.") from None
    raise _failure(
        f"{name} is no export that can be read.",
        "Take one of this program, ChatGPT's conversations.json, or a chat saved by OpenRouter.",
    )


def _compared(connection: sqlite3.Connection, imported: Imported) -> Reading:
    """What was read, with what of it is here already."""
    rows = connection.execute("SELECT id, deleted_at FROM conversations").fetchall()
    ids = {one.id for one in imported.conversations}
    known = frozenset(row["id"] for row in rows if row["deleted_at"] is None) & ids
    deleted = {row["id"] for row in rows if row["deleted_at"] is not None} & ids
    more = 0
    for conversation in imported.conversations:
        if conversation.id in known:
            found = connection.execute(
                "SELECT id FROM messages WHERE conversation_id = ? AND removed_at IS NULL",
                (conversation.id,),
            )
            here = {row["id"] for row in found}
            more += sum(
                one not in here and _id_of_copy(conversation, one) not in here
                for one in conversation.messages
            )
    return Reading(imported, known, more, len(deleted))


def _insert_all(
    connection: sqlite3.Connection,
    conversations: list[Conversation],
    tell: Callable[[int, int], None],
    stop: Callable[[], bool],
) -> ImportResult:
    added = grown = messages = restored = 0
    for number, conversation in enumerate(conversations, 1):
        if stop():
            raise ImportStoppedError
        unique = _without_collisions(connection, conversation)
        if insert_conversation(connection, unique):
            added += 1
            messages += len(unique.messages)
        else:
            more = sum(insert_message(connection, one) for one in unique.messages.values())
            more += bring_back(connection, unique)
            restored += connection.execute(
                "UPDATE conversations SET deleted_at = NULL, deleted_by = NULL"
                " WHERE id = ? AND deleted_at IS NOT NULL",
                (conversation.id,),
            ).rowcount
            grown += more > 0
            messages += more
        if number % _TOLD_EVERY == 0 or number == len(conversations):
            tell(number, len(conversations))
    order_by_time(connection)
    return ImportResult(added, grown, messages, restored)


def _without_collisions(connection: sqlite3.Connection, conversation: Conversation) -> Conversation:
    """The conversation with ids of its own, if a message of another one has one of them."""
    taken = {
        message_id
        for message_id in conversation.messages
        if connection.execute(
            "SELECT 1 FROM messages WHERE id = ? AND conversation_id != ?",
            (message_id, conversation.id),
        ).fetchone()
    }
    if not taken:
        return conversation
    ids = {one: _id_of_copy(conversation, one) for one in conversation.messages}
    messages = {
        ids[one.id]: replace(
            one,
            id=ids[one.id],
            parent_id=ids.get(one.parent_id or ""),
            # An answer that is here already was paid for there.
            generation=replace(one.generation, copied=True)
            if one.generation is not None and one.id in taken
            else one.generation,
        )
        for one in conversation.messages.values()
    }
    return replace(conversation, messages=messages, leaf_id=ids.get(conversation.leaf_id or ""))


def _id_of_copy(conversation: Conversation, message_id: str) -> str:
    """The id of a message whose own one is taken by another conversation; always the same."""
    return id_of("copy", conversation.id, message_id)


def _failure(what: str, next_step: str) -> WorkbenchError:
    return WorkbenchError(Failure(FailureKind.BAD_REQUEST, what, next_step))
