"""The search over all conversations: what was typed, what it found, and where that leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from textual.content import Content

from tui.domain.conversation import UNTITLED, Role
from tui.domain.sanitize import single_line
from tui.domain.search_hits import SearchHit, SearchResults, Snippet, TitleHit
from tui.domain.search_query import SearchQuery, parse_search
from tui.services.history import History
from tui.services.search import Searcher

MOST_HITS = 100


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a hit leads: a message, with the words to highlight; without one, a conversation."""

    conversation_id: str
    message_id: str | None = None
    words: str = ""


class Searching:
    """Searches as somebody types: what was typed last counts."""

    def __init__(self, history: History) -> None:
        self._searcher = Searcher(history)
        self.query = SearchQuery()
        self.results = SearchResults()

    async def look(self, text: str) -> bool:
        """Search for what the text asks; False if something newer was asked meanwhile."""
        query = parse_search(text, datetime.now().astimezone())
        results = await self._searcher.search(query, MOST_HITS)
        if results is None:
            return False
        self.query, self.results = query, results
        return True

    @property
    def found(self) -> list[TitleHit | SearchHit]:
        """Messages, the best first, then conversations of which only the title matches."""
        return [*self.results.hits, *self._titles]

    @property
    def _titles(self) -> list[TitleHit]:
        hit = {one.conversation_id for one in self.results.hits}
        return [one for one in self.results.titles if one.conversation_id not in hit]

    def status(self) -> str:
        """What the line below the query says."""
        if self.query.problems:
            return f"! {single_line(self.query.problems[0].hint, 200)}"
        if self.query.is_empty:
            return ""
        count = len(self.results.hits)
        hits = (
            "1 message" if count == 1 else f"{count:,}{'+' if self.results.more else ''} messages"
        )
        titles = len(self._titles)
        also = f" · {titles} {'title' if titles == 1 else 'titles'}" if titles else ""
        return f"{hits}{also} · {self.results.seconds * 1_000:.0f} ms"

    async def aclose(self) -> None:
        """Stop what still runs."""
        await self._searcher.aclose()


def destination(hit: TitleHit | SearchHit) -> Destination:
    """Where a hit leads; the words are those that were found first, as they were written."""
    if isinstance(hit, TitleHit):
        return Destination(hit.conversation_id)
    marks = hit.snippet.marks
    words = hit.snippet.text[slice(*marks[0])].strip() if marks else ""
    return Destination(hit.conversation_id, hit.message_id, words)


def hit_words(hit: TitleHit | SearchHit) -> Content:
    """Two lines: the conversation with who spoke and when, and the line around what was found."""
    title = Content.styled(single_line(hit.title, 60) or UNTITLED, "bold")
    archived = " · archived" if hit.archived else ""
    if isinstance(hit, TitleHit):
        day = f"  {hit.updated_at.astimezone():%Y-%m-%d}{archived}"
        return Content.assemble(title, (day, "$text-muted"), "\n  ", ("title", "$text-muted"))
    who = "You" if hit.role is Role.USER else single_line(hit.model.partition("/")[2] or hit.model)
    where = f"  {who} · {hit.created_at.astimezone():%Y-%m-%d}{archived}"
    return Content.assemble(title, (where, "$text-muted"), "\n  ", marked(hit.snippet))


def marked(snippet: Snippet) -> Content:
    """The snippet with what was looked for made visible."""
    content = Content(snippet.text)
    for start, end in snippet.marks:
        content = content.stylize("$text-accent bold underline", start, end)
    return content
