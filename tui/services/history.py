"""The history: every conversation in one SQLite database, written before anything can be lost."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from tui.domain.conversation import (
    Conversation,
    ConversationSummary,
    Generation,
    Message,
    MessageState,
    title_from,
)
from tui.domain.cost import CostTotal
from tui.domain.errors import Failure
from tui.domain.events import ServedBy
from tui.domain.pictures import Picture
from tui.domain.sanitize import storable
from tui.services import history_queries as queries
from tui.services import history_recovery as recovery
from tui.services import history_statements as statements
from tui.services import purging, search_index
from tui.services.history_rows import conversation_to_row, moment_to_text
from tui.services.history_storage import Job, Storage
from tui.services.image_store import ImageStore
from tui.services.shelf_statements import set_columns

Result = TypeVar("Result")


class History:
    """All conversations. No method raises when the disk fails: ``problem`` says so instead.

    The chat then goes on in memory, and what could not be written is written as soon as that works
    again. ``on_problem`` is called when saving begins to fail, and ``on_recovery`` when everything
    has been saved after all. SQLite works on a thread of its own, one job at a time, in the order
    of the calls; a call that is cancelled is still carried out.
    """

    def __init__(self, storage: Storage, images: ImageStore, executor: ThreadPoolExecutor) -> None:
        self.on_problem: Callable[[Failure], None] | None = None
        self.on_recovery: Callable[[], None] | None = None
        self._storage = storage
        self._images = images
        self._executor = executor
        self._announced = storage.problem is not None
        self._closed = False
        # Conversations without a message; their rows are written with the first draft.
        self._unwritten: dict[str, Conversation] = {}

    @classmethod
    async def open(cls, path: Path) -> "History":
        """The history in this file, which is made if it is missing; never raises.

        If the file cannot be used, it is left as it is, and the history is in memory with its
        ``problem`` set.
        """
        images = ImageStore(path.parent / "images" / path.stem)
        return await cls._start(partial(Storage.open, path), images)

    @classmethod
    async def in_memory(cls) -> "History":
        """A history that ends with the process."""
        return await cls._start(Storage, ImageStore(None))

    @classmethod
    async def _start(cls, open_storage: Callable[[], Storage], images: ImageStore) -> "History":
        executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="history")
        storage = await asyncio.get_running_loop().run_in_executor(executor, open_storage)
        return cls(storage, images, executor)

    @property
    def problem(self) -> Failure | None:
        """Why nothing is being saved; None while all is well."""
        return self._storage.problem or self._images.problem

    @property
    def is_complete(self) -> bool:
        """Whether what was written before can be read; if not, every sum begins with this run."""
        return self._storage.is_complete

    @property
    def is_closed(self) -> bool:
        """Whether nothing can be read or written any more."""
        return self._closed

    async def new_conversation(self, model: str) -> Conversation:
        """A conversation that is written with its first message or draft."""
        conversation = Conversation(
            id=uuid4().hex, session_id=uuid4().hex, model=model, created_at=datetime.now(UTC)
        )
        self._unwritten[conversation.id] = conversation
        return conversation

    async def conversations(self, limit: int = 500) -> list[ConversationSummary]:
        """The conversations, last used first; their costs in USD over all branches."""
        return await self.read(partial(queries.summaries, limit=limit), [])

    async def load(self, conversation_id: str) -> Conversation | None:
        """A conversation with all its branches, or None if it is deleted or was never written."""
        query = partial(queries.load, conversation_id=conversation_id)
        conversation = await self.read(query, None)
        if conversation is not None and not conversation.messages:
            self._unwritten[conversation.id] = conversation
        return conversation

    async def latest_id(self) -> str | None:
        """The conversation that was used last."""
        return await self.read(queries.latest_id, None)

    async def begin_turn(
        self, conversation: Conversation, prompt: Message, answer: Message, *, draft: str = ""
    ) -> None:
        """Write a prompt and the answer about to stream in one transaction, before the request.

        A new prompt was the draft, of which ``draft`` is left.

        The prompt may be there already, when its answer is regenerated. A new conversation gets its
        row and its title; the answer becomes its active leaf. Returns after the commit.
        """
        named = prompt.text or ", ".join(one.name for one in prompt.attachments)
        conversation.title = conversation.title or title_from(named)
        self._unwritten.pop(conversation.id, None)
        row = {**conversation_to_row(conversation), "draft": storable(draft)}
        before = conversation.path(prompt.parent_id) if prompt.parent_id else []
        # Until it ends, what an answer costs is unknown, never nothing.
        generation = answer.generation or Generation(conversation.model, "")
        answer = replace(answer, generation=generation, state=MessageState.STREAMING)
        await self.write(
            partial(
                statements.start_turn,
                conversation=row,
                before=before,
                prompt=prompt,
                answer=answer,
                writer=self._storage.writer,
            )
        )

    async def journal(
        self, message_id: str, text: str, reasoning: str, served: ServedBy | None = None
    ) -> None:
        """Append pieces to an answer that is streaming, and who serves it once that is known."""
        job = partial(
            statements.append_to_journal,
            message_id=message_id,
            text=storable(text),
            reasoning=storable(reasoning),
            served=served,
        )
        # In memory the pieces suffice; on the file the whole answer will replace them.
        await self.write(job, keep=False)

    async def add_image(self, message_id: str, images: Sequence[Picture], data: bytes) -> None:
        """Keep an image of an answer that is streaming, the last of ``images``, which are all."""
        await self._run(partial(self._images.keep, images[-1], data))
        job = partial(statements.set_images, message_id=message_id, images=tuple(images))
        await self.write(job)

    async def keep_image(self, picture: Picture, data: bytes) -> None:
        """Keep the data of an image whose message comes by itself, as from an import."""
        await self._run(partial(self._images.keep, picture, data))

    async def image_data(self, picture: Picture) -> bytes | None:
        """The data of an image, or None if its file is gone or is not what was written."""
        return await self._run(partial(self._images.read, picture))

    async def image_file(self, picture: Picture) -> Path | None:
        """Where an image is on the disk; None while it is only in memory."""
        return await self._run(partial(self._images.file_of, picture))

    async def finish_answer(self, message: Message) -> None:
        """Write the final version of an answer, or a newer one, over its journal."""
        await self.write(partial(statements.put_message, message=message))

    async def settle_answer(self, message: Message) -> None:
        """Write the bill of an answer that ended before; what was purged since stays gone."""
        await self.write(partial(statements.put_bill, message=message))

    async def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title."""
        unwritten = self._unwritten.get(conversation_id)
        if unwritten is not None:
            unwritten.title = title
        columns = {"title": storable(title)}
        await self.write(partial(set_columns, ids=(conversation_id,), columns=columns))

    async def save_draft(self, conversation_id: str, text: str) -> None:
        """Keep what is typed but not sent; a conversation that holds nothing else goes with it."""
        unwritten = self._unwritten.get(conversation_id)
        job = partial(
            statements.put_unsaid,
            conversation_id=conversation_id,
            columns={"draft": storable(text)},
            new=conversation_to_row(unwritten) if unwritten is not None and text else None,
        )
        await self.write(job)

    async def purge_deleted(self) -> None:
        """Delete for good what was deleted here, or by an instance that is gone.

        Nothing of it can be found in the files afterwards; what it cost stays in the totals. The
        copies that migrations left hold it too, so they go as well. What fails waits for a start.
        """
        none: set[Picture] = set()
        before = await self.read(queries.images, none)
        job = partial(purging.purge, writer=self._storage.writer, is_live=self._storage.is_live)
        if await self.write(job, keep=False, durable=True):
            left = await self.read(queries.images, before)
            # Two messages may describe one file differently, as after an import.
            kept = {picture.file_name for picture in left}
            gone = {picture for picture in before if picture.file_name not in kept}
            await self._run(partial(self._images.forget, gone))
        if await self.read(purging.is_unfinished, default=False):
            await self._forget_deleted()

    async def recover(self) -> int:
        """Call answers interrupted that a process which is gone left streaming; how many.

        What had been journaled of them is kept. Answers of other running instances stay.
        """
        recovered = await self.write(partial(recovery.interrupt, is_live=self._storage.is_live))
        await self._run(self._storage.remove_stale_locks)
        return recovered or 0

    async def spent_since(self, moment: datetime) -> CostTotal:
        """What was spent in USD from a moment on, by conversations deleted since then too."""
        query = partial(queries.spent_since, moment=moment_to_text(moment))
        return await self.read(query, CostTotal())

    async def recent_prompts(self, limit: int = 200) -> list[str]:
        """The last prompts, newest first, each once."""
        return await self.read(partial(queries.recent_prompts, limit=limit), [])

    async def is_unsaved(self) -> bool:
        """Whether something is only in memory, after one more try to write it."""
        return not self._closed and await self._run(self._save)

    def _save(self) -> bool:
        self._images.write()
        return self._storage.save() or self._images.problem is not None

    async def aclose(self) -> None:
        """Close the database; answers that are still streaming are interrupted."""
        if self._closed:
            return
        own = self._storage.writer
        await self.write(partial(recovery.interrupt, is_live=lambda writer: writer != own))
        self._closed = True
        await self._run(self._storage.close)
        self._executor.shutdown()

    async def _forget_deleted(self) -> None:
        """Take what was purged out of the index and the log; what fails is tried anew later."""
        first = True
        while await self.write(partial(search_index.merge_step, first=first), keep=False):
            first = False
        if await self._run(self._storage.forget):
            await self.write(purging.finish)

    @property
    def writer(self) -> str | None:
        """The name under which this instance marks what it may still undo; None in memory."""
        return self._storage.writer

    @property
    def file(self) -> Path | None:
        """The file that holds everything; None while it is, in part or whole, in memory."""
        return self._storage.file_in_use

    async def read(self, query: Job[Result], default: Result) -> Result:
        """The answer to a query of the database, or ``default`` if it cannot be read."""
        if self._closed:
            return default
        return await self._run(partial(self._storage.read, query, default))

    async def write(
        self, job: Job[Result], *, keep: bool = True, durable: bool = False
    ) -> Result | None:
        """Do a job in one transaction; what it returns, or None if it was not possible at all.

        With ``keep``, what the file does not take now is written later; ``durable`` is for what
        must survive a power failure too.
        """
        if self._closed:
            return None  # a timer that fires while the application ends
        if self._images.problem is not None:
            await self._run(self._images.write)
        return await self._run(partial(self._storage.write, job, keep=keep, durable=durable))

    async def _run(self, function: Callable[[], Result]) -> Result:
        job = asyncio.get_running_loop().run_in_executor(self._executor, function)
        # Without the shield, cancelling the caller would take a job that waits from the queue.
        result = await asyncio.shield(job)
        self._announce()
        return result

    def _announce(self) -> None:
        problem = self.problem
        if problem is not None and not self._announced:
            self._announced = True
            if self.on_problem is not None:
                self.on_problem(problem)
        elif problem is None and self._announced:
            self._announced = False
            if self.on_recovery is not None:
                self.on_recovery()
