"""Files that go with messages: taken in, kept by their content, sent, and cleared away."""

import asyncio
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from tui.domain.attachments import LARGEST_TOGETHER, Attachment, doubt, inspect, refused
from tui.domain.attachments_request import Files
from tui.domain.conversation import Message
from tui.domain.errors import Failure
from tui.domain.figures import byte_size
from tui.services.attachments_read import path_from, read_file
from tui.services.attachments_rows import attachments_from_text
from tui.services.draft_files import DraftFiles
from tui.services.history import History
from tui.services.image_store import ImageStore
from tui.services.paths import shown

_KEPT_FOR = 24 * 60 * 60
"""Seconds for which a file is kept that no message names: it may still be sent."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that was taken in; ``note`` says what its path did not, as where a link led.

    ``doubt`` says why it may be of no use, although it was taken.
    """

    attachment: Attachment
    note: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class _Stored:
    """An attachment as the store knows it: equal files are one, whatever their names."""

    digest: str
    size: int

    @property
    def file_name(self) -> str:
        return self.digest


async def described(path: Path) -> Attached:
    """What the file at a path would be attached as; raises WorkbenchError in words."""

    def look() -> Attached:
        read = read_file(path)
        attachment = inspect(read.data, read.name)
        return Attached(attachment, doubt=doubt(attachment, read.data))

    return await asyncio.to_thread(look)


class Attachments:
    """The attached files of one history."""

    def __init__(self, folder: Path | None, drafts: DraftFiles | None = None) -> None:
        """Keep them in this folder; without one, in memory. ``drafts`` are not messages yet."""
        self._folder = folder
        self._drafts = drafts
        self._store = ImageStore(folder)
        self._lock = asyncio.Lock()

    @classmethod
    def beside(cls, history_file: Path) -> "Attachments":
        """Those of the history in this file."""
        folder = history_file.parent / "attachments" / history_file.stem
        return cls(folder, DraftFiles(history_file))

    @property
    def problem(self) -> Failure | None:
        """Why files are only in memory; None while all is well."""
        return self._store.problem

    async def add_path(self, written: str, folder: Path | None = None) -> Attached:
        """Take in the file at a path as it was typed; raises WorkbenchError in words."""
        return await self.add_file(
            await asyncio.to_thread(lambda: path_from(written, folder or Path.cwd()))
        )

    async def add_file(self, path: Path) -> Attached:
        """Take in the file at a path; raises WorkbenchError in words."""
        read = await asyncio.to_thread(read_file, path)
        attachment = await self.add_data(read.data, read.name)
        note = f"{attachment.name} is {shown(read.target)}" if read.target is not None else ""
        return Attached(attachment, note, await asyncio.to_thread(doubt, attachment, read.data))

    async def add_data(self, data: bytes, name: str) -> Attachment:
        """Take in what was pasted or made; raises WorkbenchError in words."""
        attachment = await asyncio.to_thread(inspect, data, name)
        await self.keep(attachment, data)
        return attachment

    async def keep(self, attachment: Attachment, data: bytes) -> None:
        """Keep the data of a file that is known already, as of an import."""
        await self._run(partial(self._keep, _stored(attachment), data))

    def _keep(self, stored: _Stored, data: bytes) -> None:
        self._store.keep(stored, data)
        path = self._store.file_of(stored)
        if path is not None:
            with suppress(OSError):
                os.utime(path)  # its day begins anew where an equal file was there already

    async def data_of(self, attachment: Attachment) -> bytes | None:
        """The data of a file, or None if it is gone or is not what was written."""
        return await self._run(partial(self._store.read, _stored(attachment)))

    async def files_of(self, path: Iterable[Message]) -> Files:
        """The data of all that is attached to these messages, for the request.

        Raises WorkbenchError if a file is gone, or if they are too large together.
        """
        wanted = {one.digest: one for message in path for one in message.attachments}
        size = sum(one.size for one in wanted.values())
        if size > LARGEST_TOGETHER:
            raise refused(
                f"The files of this conversation are too large together: {byte_size(size)}.",
                f"At most {byte_size(LARGEST_TOGETHER)} can be sent; fork it without some of them.",
            )
        files: dict[str, bytes] = {}
        for digest, attachment in wanted.items():
            data = await self.data_of(attachment)
            if data is None:
                raise refused(
                    f"The file {attachment.name} of an earlier message is gone.",
                    "Edit that message to send it without the file, or attach it again.",
                )
            files[digest] = data
        return files

    async def draft_of(self, conversation_id: str) -> tuple[Attachment, ...]:
        """The files attached to the draft of a conversation."""
        return await self._run(lambda: self._drafts.of(conversation_id) if self._drafts else ())

    async def keep_draft(self, conversation_id: str, attachments: Sequence[Attachment]) -> None:
        """Keep which files are attached to the draft of a conversation."""
        if self._drafts is not None:
            await self._run(partial(self._drafts.save, conversation_id, attachments))

    async def purge(self, history: History) -> None:
        """Delete for good what was deleted, the files of its messages too.

        A file that no message and no draft has named for a day goes as well. Nothing goes unless
        all conversations can be read.
        """
        none: set[_Stored] = set()
        nobody: set[str] = set()
        before = await history.read(_named, none)
        await history.purge_deleted()
        # In this order: a conversation is written before the files of its draft are noted.
        drafts = await self._run(lambda: self._drafts.load() if self._drafts else {})
        is_readable = history.file is not None
        left = await history.read(_named, none)
        conversations = await history.read(_conversations, nobody)
        if not is_readable or history.file is None:
            return
        gone = drafts.keys() - conversations
        if self._drafts is not None and gone:
            await self._run(partial(self._drafts.forget, gone))
        left |= {_stored(one) for name in drafts.keys() - gone for one in drafts[name]}
        await self._run(partial(self._store.forget, before - left))
        await self._run(partial(self._sweep, {one.file_name for one in left}))

    def _sweep(self, named: set[str]) -> None:
        if self._folder is None:
            return
        with suppress(OSError):
            for path in self._folder.iterdir():
                if path.name not in named and _is_old(path):
                    path.unlink()

    async def _run(self, function: Callable[[], Result]) -> Result:
        """Run what blocks, one at a time; it also ends alone if who waits for it is cancelled.

        What the disk did not take before is written first, if that works by now.
        """

        def run() -> Result:
            if self._store.problem is not None:
                self._store.write()
            return function()

        async def alone() -> Result:
            async with self._lock:
                return await asyncio.to_thread(run)

        return await asyncio.shield(alone())


def _stored(attachment: Attachment) -> _Stored:
    return _Stored(attachment.digest, attachment.size)


def _is_old(path: Path) -> bool:
    return time.time() - path.lstat().st_mtime > _KEPT_FOR


def _conversations(connection: sqlite3.Connection) -> set[str]:
    return {row["id"] for row in connection.execute("SELECT id FROM conversations")}


def _named(connection: sqlite3.Connection) -> set[_Stored]:
    """The files of all messages, of deleted conversations too."""
    rows = connection.execute("SELECT attachments FROM messages WHERE attachments IS NOT NULL")
    return {_stored(one) for row in rows for one in attachments_from_text(row["attachments"])}
