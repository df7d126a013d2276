"""Full-text search over all conversations, on a connection and a thread of its own.

So a search never keeps an answer that streams from being written, and a newer one stops an older
one in the middle. It sees what this and other instances have committed.
"""

import asyncio
import re
import secrets
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from tui.domain.conversation import Role
from tui.domain.search_hits import SearchHit, SearchResults, Span, TitleHit, merged, snippet
from tui.domain.search_query import SearchQuery, SearchWord
from tui.services import search_index
from tui.services.history import History
from tui.services.history_problems import UNREADABLE
from tui.services.search_sql import match_expression, statement

_PATIENCE = 1.0
"""Seconds to wait for another instance that is writing."""
_MOST_TITLES = 20


class Searcher:
    """Searches one history; the last call counts, those before it end with nothing."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="search")
        self._connection: sqlite3.Connection | None = None
        self._path: Path | None = None
        self._last = 0
        self._mended = False

    async def search(self, query: SearchQuery, limit: int = 50) -> SearchResults | None:
        """The messages that hold what the query asks for, best first; never raises.

        None if a later call has taken its place. An empty query finds nothing. A damaged index is
        built anew once, and the search then done again.
        """
        number = self._begin()
        found = await self._search(number, query, limit)
        if found is not None and found.damaged and not self._mended:
            self._mended = True  # once is enough: what cannot be mended costs seconds each time
            await self._history.write(search_index.rebuild, keep=False)
            found = await self._search(number, query, limit)
        return found if number == self._last else None

    async def keep_in_step(self) -> None:
        """Build the index anew if it misses messages, as after something else wrote to the file."""
        if not await self._history.read(search_index.is_in_step, default=True):
            await self._history.write(search_index.rebuild, keep=False)

    async def aclose(self) -> None:
        """Stop what runs and close the connection."""
        self._begin()
        await asyncio.get_running_loop().run_in_executor(self._executor, self._close)
        self._executor.shutdown()

    def _begin(self) -> int:
        """Stop the search that runs; the number of the next one."""
        self._last += 1
        connection = self._connection
        if connection is not None:
            with suppress(sqlite3.ProgrammingError):  # just closed by its own thread
                connection.interrupt()
        return self._last

    async def _search(self, number: int, query: SearchQuery, limit: int) -> SearchResults | None:
        if query.is_empty:
            return SearchResults()
        path = self._history.file
        if path is not None:
            loop = asyncio.get_running_loop()
            task = partial(self._on_file, path, number, query, limit)
            found = await loop.run_in_executor(self._executor, task)
            if found is not None or number != self._last:
                return found
        return await self._history.read(
            partial(_search_anyway, query=query, limit=limit), SearchResults()
        )

    def _on_file(
        self, path: Path, number: int, query: SearchQuery, limit: int
    ) -> SearchResults | None:
        """Search the file; None if that was stopped or is not possible."""
        if number != self._last:
            return None
        try:
            if self._connection is None or self._path != path:
                self._close()
                self._connection = open_reader(path)
                self._path = path
            return run_search(self._connection, query=query, limit=limit)
        except UNREADABLE as error:
            if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_INTERRUPT:
                self._close()
            return None

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write; raises ``sqlite3.Error`` if there is no such file."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        timeout=_PATIENCE,
        isolation_level=None,
        check_same_thread=False,  # another thread may interrupt it
    )
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _search_anyway(connection: sqlite3.Connection, query: SearchQuery, limit: int) -> SearchResults:
    """Search on the connection that writes, which no error of a search may bring to an end."""
    try:
        return run_search(connection, query, limit)
    except UNREADABLE:
        return SearchResults()


def run_search(connection: sqlite3.Connection, query: SearchQuery, limit: int) -> SearchResults:
    """Search the database, without the index if that is damaged.

    Raises ``sqlite3.Error`` for anything else that is wrong.
    """
    started = time.perf_counter()
    try:
        found = _search(connection, query, limit, indexed=search_index.exists(connection))
    except sqlite3.Error as error:
        if not search_index.is_damage(error):
            raise
        found = replace(_search(connection, query, limit, indexed=False), damaged=True)
    return replace(found, seconds=time.perf_counter() - started)


def _search(
    connection: sqlite3.Connection, query: SearchQuery, limit: int, *, indexed: bool
) -> SearchResults:
    sql, values = statement(query, limit + 1, indexed=indexed)
    rows = connection.execute(sql, values).fetchall()
    places = _places(connection, query, rows[:limit], indexed=indexed)
    hits = tuple(
        SearchHit(
            conversation_id=row["conversation_id"],
            title=row["title"],
            message_id=row["id"],
            role=Role(row["role"]),
            created_at=datetime.fromisoformat(row["created_at"]),
            model=row["model"],
            snippet=snippet(row["text"], places[row["seq"]]),
            spans=places[row["seq"]],
            pinned=bool(row["pinned"]),
            archived=bool(row["archived"]),
        )
        for row in rows[:limit]
    )
    titles = () if query.filters else tuple(_titles(connection, query.words))
    return SearchResults(hits, titles, more=len(rows) > limit)


def _places(
    connection: sqlite3.Connection, query: SearchQuery, rows: list[sqlite3.Row], *, indexed: bool
) -> dict[int, tuple[Span, ...]]:
    """Where the words stand in the messages, by the sequence of these."""
    spans: dict[int, list[Span]] = {row["seq"]: [] for row in rows}
    words = match_expression(query.words) if indexed else ""
    if words and rows:
        # Signs that no text can hold by chance; the index itself says where its words are.
        opening, closing = f"\ue000{secrets.token_hex(8)}", f"\ue001{secrets.token_hex(8)}"
        marked = connection.execute(
            f"""
            SELECT rowid, highlight(messages_fts, 0, ?, ?) AS text FROM messages_fts
            WHERE messages_fts MATCH ? AND rowid IN ({", ".join("?" * len(rows))})
            """,  # noqa: S608 - all values are parameters
            [opening, closing, words, *spans],
        )
        for row in marked:
            spans[row["rowid"]].extend(_between(row["text"], opening, closing))
    for word in query.words:
        if not word.negated and (word.in_text or not indexed):
            pattern = re.compile(re.escape(word.text), re.IGNORECASE)
            for row in rows:
                spans[row["seq"]].extend(found.span() for found in pattern.finditer(row["text"]))
    return {seq: merged(found) for seq, found in spans.items()}


def _between(text: str, opening: str, closing: str) -> Iterator[Span]:
    """The places between the signs, in the text without them."""
    before, *rest = text.split(opening)
    at = len(before)
    for piece in rest:
        inside, _, outside = piece.partition(closing)
        yield at, at + len(inside)
        at += len(inside) + len(outside)


def _titles(connection: sqlite3.Connection, words: tuple[SearchWord, ...]) -> Iterator[TitleHit]:
    wanted = [word.text.casefold() for word in words if not word.negated]
    unwanted = [word.text.casefold() for word in words if word.negated]
    if not wanted:
        return
    found = 0
    for row in connection.execute(
        "SELECT id, title, updated_at, archived FROM conversations"
        " WHERE deleted_at IS NULL ORDER BY touched DESC"
    ):
        title = row["title"].casefold()
        if all(word in title for word in wanted) and not any(word in title for word in unwanted):
            yield TitleHit(
                row["id"],
                row["title"],
                datetime.fromisoformat(row["updated_at"]),
                bool(row["archived"]),
            )
            found += 1
            if found == _MOST_TITLES:
                return
