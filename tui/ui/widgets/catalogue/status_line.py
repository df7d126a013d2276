"""The line below the table: how much is shown, in which order, and how old it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.domain.sanitize import single_line
from tui.ui.segments import Segment, fit


@dataclass(frozen=True, slots=True)
class Status:
    """The facts of the line; ``age`` is that of the catalogue, None if there is none.

    ``refreshing`` and ``failure`` are words, empty where there is nothing to say. ``skipped``
    counts rows that could not be read.
    """

    shown: int = 0
    total: int = 0
    order: str = ""
    descending: bool = False
    age: timedelta | None = None
    marked: int = 0
    most_marked: int = 4
    refreshing: str = ""
    failure: str = ""
    skipped: int = 0


def age_words(age: timedelta) -> str:
    """How old something is, in the largest unit that says enough."""
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 48 * 60:
        return f"{minutes // 60} h ago"
    return f"{minutes // (24 * 60)} days ago"


def age_of(fetched_at: datetime | None, now: datetime) -> timedelta | None:
    """How long ago the catalogue was fetched, both in UTC."""
    return None if fetched_at is None else max(timedelta(0), now - fetched_at)


class StatusLine(Widget):
    """One line of facts about the list."""

    DEFAULT_CSS = """
    StatusLine { height: 1; padding: 0 1; color: $quiet; background: $surface; }
    """

    status: reactive[Status] = reactive(Status())

    def render(self) -> Content:
        """The facts that fit; the count and a failure stay longest."""
        status = self.status
        count = f"{status.shown:,} of {status.total:,}"
        segments = [Segment(Content.assemble((count, "bold $foreground"), " models"), 0)]
        if status.failure:
            words = f"! {single_line(status.failure, 90)}"
            segments.append(Segment(Content.styled(words, "$text-warning"), 1))
        if status.refreshing:
            segments.append(Segment(Content.styled(status.refreshing, "$text-accent"), 2))
        turned = ", turned round" if status.descending else ""
        segments.append(Segment(Content(f"by {status.order}{turned}"), 3))
        if status.marked:
            words = f"✓ {status.marked} of {status.most_marked} marked"
            segments.append(Segment(Content.styled(words, "$text-accent"), 4))
        if status.age is not None:
            # What cannot be refreshed is as old as this says.
            rank = 1 if status.failure else 5
            segments.append(Segment(Content(f"fetched {age_words(status.age)}"), rank))
        if status.skipped:
            segments.append(Segment(Content(f"{status.skipped:,} unreadable"), 6))
        return fit(segments, self.content_size.width)
