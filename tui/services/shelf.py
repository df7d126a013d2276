"""The list of conversations: pinned, archived, tagged, renamed, deleted, one or many at once."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from tui.domain.sanitize import single_line, storable
from tui.services.history import History
from tui.services.history_rows import moment_to_text
from tui.services.shelf_statements import add_tag, remove_tag, set_columns, set_title

LONGEST_TAG = 40


async def pin(history: History, ids: Sequence[str], *, on: bool = True) -> None:
    """Keep conversations at the top of the list, or no longer."""
    await _set(history, ids, pinned=int(on))


async def archive(history: History, ids: Sequence[str], *, on: bool = True) -> None:
    """Put conversations aside, where a search still finds them, or bring them back."""
    await _set(history, ids, archived=int(on))


async def retitle(history: History, conversation_id: str, before: str, title: str) -> bool:
    """Give a conversation another title unless its own is not ``before`` any more."""
    job = partial(
        set_title, conversation_id=conversation_id, before=storable(before), title=storable(title)
    )
    return await history.write(job) or False


async def tag(history: History, ids: Sequence[str], name: str) -> str:
    """Give conversations a tag; the tag as it is written down, empty if nothing was left of it."""
    cleaned = clean_tag(name)
    if cleaned:
        await history.write(partial(add_tag, ids=tuple(ids), tag=cleaned))
    return cleaned


async def untag(history: History, ids: Sequence[str], name: str) -> None:
    """Take a tag from conversations."""
    await history.write(partial(remove_tag, ids=tuple(ids), tag=clean_tag(name)))


async def delete_all(history: History, ids: Sequence[str]) -> None:
    """Take conversations out of sight; until they are purged, :func:`undelete_all` undoes it."""
    moment = moment_to_text(datetime.now(UTC))
    job = partial(
        set_columns,
        ids=tuple(ids),
        columns={"deleted_at": moment, "deleted_by": history.writer},
    )
    await history.write(job, durable=True)


async def undelete_all(history: History, ids: Sequence[str]) -> None:
    """Bring deleted conversations back, as long as they have not been purged."""
    await _set(history, ids, deleted_at=None, deleted_by=None)


async def tags(history: History) -> list[tuple[str, int]]:
    """Every tag in use and how many conversations have it, the most used first."""
    return await history.read(_tags, [])


async def written_elsewhere(history: History) -> int:
    """A number that changes whenever another running instance has written.

    Asking costs next to nothing, so that a list can be read again only when it has to be.
    """
    return await history.read(_data_version, 0)


def clean_tag(name: str) -> str:
    """A tag as it is written down: one line, without the ``#`` in front, spaces as hyphens."""
    return single_line(name, LONGEST_TAG).lstrip("#").strip().replace(" ", "-")


async def _set(history: History, ids: Sequence[str], **columns: str | int | None) -> None:
    await history.write(partial(set_columns, ids=tuple(ids), columns=columns))


def _tags(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    rows = connection.execute(
        """
        SELECT tag, count(*) AS used FROM tags JOIN conversations ON id = conversation_id
        WHERE deleted_at IS NULL GROUP BY tag COLLATE NOCASE ORDER BY used DESC, tag
        """
    )
    return [(row["tag"], row["used"]) for row in rows]


def _data_version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA data_version").fetchone()[0]
    return version
