"""What the sidebar lists: which conversations, under which headings, each in two lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from textual.content import Content

from tui.domain.conversation import UNTITLED, ConversationSummary
from tui.domain.receipt import total_words
from tui.domain.sanitize import single_line
from tui.domain.search_titles import matching

ARCHIVED = "Archived"
PINNED = "Pinned"


@dataclass(frozen=True, slots=True)
class RowState:
    """What is shown of a conversation besides what it is."""

    is_current: bool = False
    is_busy: bool = False
    is_marked: bool = False


def wanted(summaries: Sequence[ConversationSummary], text: str) -> Sequence[ConversationSummary]:
    """Those that the filter lets through; without a word in it, all that are not archived."""
    if text.strip():
        return matching(summaries, text)
    return [one for one in summaries if not one.archived]


def grouped(
    summaries: Sequence[ConversationSummary], today: date
) -> Iterator[tuple[str, ConversationSummary]]:
    """Each with its heading, the pinned ones first."""
    for summary in sorted(summaries, key=lambda one: (one.archived, not one.pinned)):
        if summary.archived:
            yield ARCHIVED, summary
        elif summary.pinned:
            yield PINNED, summary
        else:
            yield _day(summary.updated_at.astimezone().date(), today), summary


def row(summary: ConversationSummary, width: int, state: RowState) -> Content:
    """Title and cost, and below them, more quietly, the model and the tags."""
    current = "▸" if state.is_current else " "
    glyph = "✓" if state.is_marked else "…" if state.is_busy else current
    mark = f"{glyph} "
    cost = "" if state.is_busy else total_words(summary.cost)
    room = max(4, width - len(mark) - len(cost) - 1)
    title = Content(single_line(summary.title, 200) or UNTITLED).truncate(room, ellipsis=True)
    gap = " " * (room - title.cell_length + 1)
    model = single_line(summary.model.partition("/")[2] or summary.model, width - len(mark))
    tags = single_line(" ".join(f"#{tag}" for tag in summary.tags), 200)
    below = Content.assemble((model, "$text-muted"), "  " if tags else "", (tags, "$text-accent"))
    below = below.truncate(max(4, width - len(mark)), ellipsis=True)
    return Content.assemble(mark, title, gap, (cost, "$money"), "\n  ", below)


def _day(day: date, today: date) -> str:
    if day >= today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    if day > today - timedelta(days=7):
        return f"{day:%A}"
    return f"{day:%B %Y}"
