"""Conversations as files: which name is offered, and which format a name asks for."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from tui.domain.conversation import Conversation
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.export_selection import Scope
from tui.services.exporter import Exporter, ExportFormat, name_of, name_of_all
from tui.ui.controllers.session import Session

_FORMATS = {
    ".md": ExportFormat.MARKDOWN,
    ".markdown": ExportFormat.MARKDOWN,
    ".json": ExportFormat.JSON,
    ".html": ExportFormat.HTML,
    ".htm": ExportFormat.HTML,
}


def offered_name(conversation: Conversation | None, form: str) -> str:
    """The name that is offered: of one conversation as md, html or json, or of several for None."""
    if conversation is None:
        return name_of_all(datetime.now().astimezone())
    return name_of(conversation, ExportFormat(form))


def target_of(text: str) -> tuple[Path, ExportFormat]:
    """The file that the user means, ``~`` being the home folder; raises WorkbenchError."""
    path = Path(text)
    with suppress(RuntimeError):  # a user whom nobody knows
        path = path.expanduser()
    path = path.absolute()
    form = _FORMATS.get(path.suffix.lower())
    if form is None:
        raise WorkbenchError(
            Failure(
                FailureKind.BAD_SETTINGS,
                "The end of the name says nothing of the format.",
                "End it in .md, .html or .json; only JSON can be read in again.",
            )
        )
    return path, form


async def export(
    session: Session, ids: Sequence[str], text: str, *, overwrite: bool
) -> tuple[Path, int]:
    """Write conversations with all their branches to the file that the user named.

    Markdown and HTML of one conversation hold the path on screen; from several, those without a
    message are left out. The file, and how many were left out. Raises WorkbenchError, also for a
    file that is there already unless it may be overwritten.
    """
    path, form = target_of(text)
    history = await session.wait_for_history()
    scope = Scope.CONVERSATION if form is ExportFormat.JSON or len(ids) > 1 else Scope.BRANCH
    exporter = Exporter(history, session.attachments)
    worth = await exporter.worth_writing(ids, form)
    written = await exporter.to_file(worth, path, form, scope, overwrite=overwrite)
    return written, len(ids) - len(worth)
