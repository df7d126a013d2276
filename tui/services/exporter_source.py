"""What an export reads, for the thread that writes it: conversations and the data of files."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from tui.domain.attachments import AttachmentKind
from tui.domain.conversation import Conversation, Message
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.services.attachments import Attachments
from tui.services.history import History

Result = TypeVar("Result")
Progress = Callable[[int, int], None]
"""Told how many of how many conversations are done, on the event loop."""
_Reader = Callable[[], Coroutine[Any, Any, bytes | None]]
_NOT_ALL = Failure(
    FailureKind.STORAGE,
    "Not everything could be read, so the export was given up.",
    "Export it again once the history can be read.",
)


class ExportSource:
    """Reads on the event loop where it was made, one thing after the other; its methods block.

    They raise WorkbenchError when it is not one thing that is gone but the history: closed, as at
    the end of the program, or not to be read any more. What was read so far is not the whole then.
    """

    def __init__(
        self, history: History, attachments: Attachments, progress: Progress | None = None
    ) -> None:
        self._history = history
        self._attachments = attachments
        self._progress = progress
        self._loop = asyncio.get_running_loop()

    def conversations(self, ids: Sequence[str]) -> Iterator[Conversation]:
        """The conversations in this order; those that are gone meanwhile are left out."""
        for number, conversation_id in enumerate(ids, 1):
            conversation = self._wait(self._history.load(conversation_id))
            if conversation is not None:
                yield conversation
            elif self._history.problem is not None:
                raise WorkbenchError(_NOT_ALL)
            if self._progress is not None:
                self._loop.call_soon_threadsafe(self._progress, number, len(ids))

    def files(
        self, messages: Iterable[Message], *, images_only: bool = False
    ) -> Iterator[tuple[str, bytes]]:
        """The data of all files, each once, by their digests; one that is gone is left out.

        The messages are looked at when the first file is asked for.
        """
        readers: dict[str, _Reader] = {}
        for message in messages:
            readers |= self._readers(message, images_only=images_only)
        for digest in sorted(readers):
            data = self._wait(readers[digest]())
            if data is not None:
                yield digest, data

    def _readers(self, message: Message, *, images_only: bool) -> dict[str, _Reader]:
        """How to get at the data of each file of a message."""
        readers: dict[str, _Reader] = {
            picture.digest: partial(self._history.image_data, picture) for picture in message.images
        }
        for one in message.attachments:
            if one.kind is AttachmentKind.IMAGE or not images_only:
                readers[one.digest] = partial(self._attachments.data_of, one)
        return readers

    def _wait(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(self._read(coroutine), self._loop).result()

    async def _read(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        if self._history.is_closed:
            coroutine.close()
            raise WorkbenchError(_NOT_ALL)
        return await coroutine
