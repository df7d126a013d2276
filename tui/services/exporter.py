"""Conversations carried out: as Markdown, as HTML, or as JSON that can be read in again."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from tui.domain.conversation import Conversation, Message
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.export_names import file_name
from tui.domain.export_selection import Scope, selected
from tui.services import history_queries as queries
from tui.services.attachments import Attachments
from tui.services.exporter_files import write_beside_others, write_new
from tui.services.exporter_json import as_json
from tui.services.exporter_source import ExportSource, Progress
from tui.services.history import History


class ExportFormat(StrEnum):
    """What is written; the values are the endings of the files."""

    MARKDOWN = "md"
    HTML = "html"
    JSON = "json"


class Exporter:
    """Exports from one history with its attached files.

    Methods that write raise WorkbenchError in words. Files are readable by their owner only.
    """

    def __init__(self, history: History, attachments: Attachments) -> None:
        self._history = history
        self._attachments = attachments

    async def text(
        self, conversation: Conversation, form: ExportFormat, scope: Scope = Scope.BRANCH
    ) -> str:
        """One conversation as the text of a file, to be shown, copied or printed."""
        source = self._source()
        return await asyncio.to_thread(_text, source, conversation, form, scope)

    async def to_file(
        self,
        ids: Sequence[str],
        path: Path,
        form: ExportFormat,
        scope: Scope = Scope.CONVERSATION,
        *,
        overwrite: bool = False,
        progress: Progress | None = None,
    ) -> Path:
        """Write conversations to one file; only JSON can be read in again.

        A file that is there already is an error unless it may be overwritten.
        """
        source = self._source(progress)

        def write() -> Path:
            conversations = source.conversations(ids)
            pieces = (
                _json(source, conversations, scope)
                if form is ExportFormat.JSON
                else (_text(source, one, form, scope) for one in conversations)
            )
            return write_new(path, pieces, overwrite=overwrite)

        return await asyncio.to_thread(write)

    async def to_folder(
        self,
        ids: Sequence[str],
        folder: Path,
        form: ExportFormat,
        scope: Scope = Scope.CONVERSATION,
        *,
        progress: Progress | None = None,
    ) -> list[Path]:
        """Write each conversation to a new file in a folder, named by its day and title.

        Nothing that is there is overwritten; files that were written before a failure stay.
        """
        source = self._source(progress)

        def write() -> list[Path]:
            return [
                write_beside_others(folder, name_of(one, form), [_text(source, one, form, scope)])
                for one in source.conversations(ids)
            ]

        return await asyncio.to_thread(write)

    async def everything(self) -> list[str]:
        """The ids of all conversations, archived ones too, the oldest first."""
        listed = await self._history.conversations(limit=-1)
        return [one.id for one in sorted(listed, key=lambda one: (one.updated_at, one.id))]

    async def worth_writing(self, ids: Sequence[str], form: ExportFormat) -> list[str]:
        """Those of which a format has something to show; raises WorkbenchError without any.

        Of one in which nothing was said that is JSON alone, with its draft and what it asks with.
        """
        found = list(ids) if form is ExportFormat.JSON else await self.with_messages(ids)
        if not found:
            raise _nothing_said()
        return found

    async def with_messages(self, ids: Iterable[str]) -> list[str]:
        """Those in which something was said."""
        none: set[str] = set()
        said = await self._history.read(queries.with_messages, none)
        return [one for one in ids if one in said]

    def _source(self, progress: Progress | None = None) -> ExportSource:
        return ExportSource(self._history, self._attachments, progress)


def name_of(conversation: Conversation, form: ExportFormat) -> str:
    """The name for the file of a conversation."""
    return file_name(conversation.title, conversation.id, conversation.created_at, str(form))


def name_of_all(now: datetime) -> str:
    """The name for the file of all conversations."""
    return f"conversations-{now:%Y-%m-%d}.{ExportFormat.JSON}"


def left_out_words(count: int) -> str:
    """How many conversations are in no file of Markdown or HTML, and why."""
    which = "1 conversation" if count == 1 else f"{count:,} conversations"
    return f"Left out: {which} without messages. JSON holds drafts and setups too."


def _nothing_said() -> WorkbenchError:
    return WorkbenchError(
        Failure(
            FailureKind.BAD_REQUEST,
            "Nothing has been said here yet.",
            "Export it as JSON: that holds drafts and setups too.",
        )
    )


def _text(
    source: ExportSource, conversation: Conversation, form: ExportFormat, scope: Scope
) -> str:
    match form:
        case ExportFormat.JSON:
            return "".join(_json(source, [conversation], scope))
        case ExportFormat.HTML:
            from tui.domain.export_html import as_html

            messages = (row.message for row in selected(conversation, scope))
            return as_html(conversation, scope, dict(source.files(messages, images_only=True)))
        case _:
            from tui.domain.export_markdown import as_markdown

            return as_markdown(conversation, scope)


def _json(
    source: ExportSource, conversations: Iterable[Conversation], scope: Scope
) -> Iterator[str]:
    """The pieces of the JSON; of the conversations only messages with files are remembered."""
    with_files: list[Message] = []

    def watched() -> Iterator[Conversation]:
        for conversation in conversations:
            rows = selected(conversation, scope)
            with_files.extend(row.message for row in rows if row.message.images)
            with_files.extend(row.message for row in rows if row.message.attachments)
            yield conversation

    return as_json(watched(), source.files(with_files), scope)
