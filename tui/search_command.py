"""``orw search``: messages of all conversations, for people and scripts."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import datetime
from typing import Any, Final

from tui.domain.conversation import UNTITLED, Role
from tui.domain.sanitize import single_line, visible
from tui.domain.search_hits import SearchHit, SearchResults
from tui.domain.search_query import SearchQuery, parse_search
from tui.runtime import Runtime
from tui.services.history import History
from tui.services.search import Searcher

_DONE: Final = 0
_FAILED: Final = 1
_USAGE: Final = 2
_LONGEST_TITLE: Final = 60


def run_search_command(runtime: Runtime, text: str, limit: int, *, as_json: bool) -> int:
    """Print what was found, best first.

    Returns 1 if that is nothing, and 2 for a query that cannot be understood: a script must not go
    on with more than it asked for.
    """
    # The last word is whole: nobody is still typing it.
    query = parse_search(f"{text} ", datetime.now().astimezone())
    if query.problems:
        for problem in query.problems:
            part = single_line(text[problem.start : problem.end], _LONGEST_TITLE)
            print(visible(f"{part}: {problem.hint}"), file=sys.stderr)
        return _USAGE
    if not runtime.history_file.exists():
        found = SearchResults()
    else:
        found = asyncio.run(_search(runtime, query, limit))
    if as_json:
        print(json.dumps(_as_object(found), indent=2))
    else:
        print("\n".join(_lines(found)), end="\n" if found.hits or found.titles else "")
    if not found.hits and not found.titles:
        print("Nothing was found.", file=sys.stderr)
        return _FAILED
    return _DONE


async def _search(runtime: Runtime, query: SearchQuery, limit: int) -> SearchResults:
    history = await History.open(runtime.history_file)
    searcher = Searcher(history)
    try:
        if history.problem is not None:
            print(visible(str(history.problem)), file=sys.stderr)
        await searcher.keep_in_step()
        return await searcher.search(query, limit) or SearchResults()
    finally:
        await searcher.aclose()
        await history.aclose()


def _lines(found: SearchResults) -> list[str]:
    """The hits as text: whose words they are, and how to open them."""
    lines: list[str] = []
    for title in found.titles:
        lines += [
            f"{title.updated_at:%Y-%m-%d}  {_titled(title.title)}  {title.conversation_id}",
            "",
        ]
    for hit in found.hits:
        when = hit.created_at.astimezone()
        who = "you" if hit.role is Role.USER else single_line(hit.model, _LONGEST_TITLE)
        lines += [
            f"{when:%Y-%m-%d %H:%M}  {_titled(hit.title)}  {hit.conversation_id}",
            f"  {who}: {hit.snippet.text}",
            "",
        ]
    if found.more:
        lines += ["There is more: narrow the search, or ask for more with --limit.", ""]
    return lines[:-1]


def _titled(title: str) -> str:
    return single_line(title, _LONGEST_TITLE) or UNTITLED


def _as_object(found: SearchResults) -> dict[str, Any]:
    return {
        "hits": [_hit(hit) for hit in found.hits],
        "titles": [
            {"conversation": one.conversation_id, "title": one.title, "archived": one.archived}
            for one in found.titles
        ],
        "more": found.more,
    }


def _hit(hit: SearchHit) -> dict[str, Any]:
    return {
        "conversation": hit.conversation_id,
        "title": hit.title,
        "message": hit.message_id,
        "role": str(hit.role),
        "model": hit.model,
        "created_at": hit.created_at.isoformat(),
        "snippet": hit.snippet.text,
        "marks": [list(mark) for mark in hit.snippet.marks],
        "archived": hit.archived,
    }
