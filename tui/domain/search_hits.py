"""What a search found: messages with the places of the words, and a line around the first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tui.domain.conversation import Role
from tui.domain.sanitize import single_line

Span = tuple[int, int]
"""Where something starts and ends in a text, in characters."""

_BEFORE = 40
_SNIPPET = 160
MOST_SPANS = 200
"""Places of one message that are told; a screen shows no more of it at once."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """One line that may be shown, with the places in it that were looked for."""

    text: str
    marks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A message that was found; ``spans`` are the places in its whole text, for highlights.

    ``model`` is the one that answered, else that of the conversation.
    """

    conversation_id: str
    title: str
    message_id: str
    role: Role
    created_at: datetime
    model: str
    snippet: Snippet
    spans: tuple[Span, ...] = ()
    pinned: bool = False
    archived: bool = False


@dataclass(frozen=True, slots=True)
class TitleHit:
    """A conversation whose title holds all that was looked for."""

    conversation_id: str
    title: str
    updated_at: datetime
    archived: bool = False


@dataclass(frozen=True, slots=True)
class SearchResults:
    """What a search found, the best first; ``more`` says that there is more than was asked for.

    ``damaged`` says that the index of words could not be used, so that the texts were searched.
    """

    hits: tuple[SearchHit, ...] = ()
    titles: tuple[TitleHit, ...] = ()
    more: bool = False
    damaged: bool = False
    seconds: float = field(default=0.0, compare=False)


def snippet(text: str, spans: Sequence[Span]) -> Snippet:
    """One line of the text around the first place that was found, else its beginning.

    White space becomes one space and control characters become visible, so that the line is as
    safe as it is short.
    """
    first = spans[0][0] if spans else 0
    start = _start_of_word(text, max(0, first - _BEFORE)) if first > _BEFORE else 0
    end = min(len(text), max(start + _SNIPPET, spans[0][1] if spans else 0))
    end = min(end, start + 2 * _SNIPPET)
    line, marks = "…" if start else "", []
    at = start
    for span_start, span_end in spans:
        if span_start >= end:
            break
        line = _appended(line, text[at:span_start])
        marked = _appended(line, text[span_start : min(span_end, end)])
        marks.append((len(line), len(marked)))
        line, at = marked, min(span_end, end)
    line = _appended(line, text[at:end]).rstrip()
    marks = [(a, min(b, len(line))) for a, b in marks if a < len(line)]
    return Snippet(line + ("…" if end < len(text) else ""), tuple(marks))


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The places in order, overlapping and touching ones as one."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        elif end > start:
            result.append((start, end))
    return tuple(result[:MOST_SPANS])


def _appended(line: str, text: str) -> str:
    """The line with the text as it may be shown on one; no two spaces in a row."""
    piece = single_line(text)
    leads = text[:1].isspace() and line and not line.endswith((" ", "…"))
    trails = text[-1:].isspace() and len(text.strip()) > 0
    joined = f"{line}{' ' if leads else ''}{piece}"
    return f"{joined} " if trails and not joined.endswith(" ") else joined


def _start_of_word(text: str, at: int) -> int:
    """The nearest place behind ``at`` where a word begins, if there is one near."""
    space = next((n for n in range(at, min(at + 20, len(text))) if text[n].isspace()), at - 1)
    return space + 1
