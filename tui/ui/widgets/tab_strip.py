"""The tab strip: the open conversations in one line, shown once there are two."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.domain.conversation import UNTITLED
from tui.domain.sanitize import single_line
from tui.ui.controllers.tabs import News, Tab

_MARKS = {
    News.NONE: ("", ""),
    News.STREAMING: ("○", "$text-accent"),
    News.ARRIVED: ("●", "$text-accent"),
    News.FAILED: ("✗", "$text-error"),
}
_WIDEST = 28
_NARROWEST = 14
_LONGEST_TITLE = 200
_MOST_KEYS = 9
"""Tabs that a key leads to, and that therefore show a number."""
_ARROWS = 4
"""Cells for an arrow and a count where there are more tabs than fit."""


@dataclass
class TabChosen(Message):
    """The user clicked on a tab."""

    conversation_id: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A tab, or a stretch of hidden ones, from one column to before another.

    ``conversation_id`` is where a click leads.
    """

    start: int
    end: int
    content: Content
    conversation_id: str


class TabStrip(Widget):
    """One line below the header."""

    DEFAULT_CSS = """
    TabStrip { height: 1; background: $surface; color: $text-muted; display: none; }
    TabStrip.-shown { display: block; }
    """

    tabs: reactive[tuple[Tab, ...]] = reactive(())

    def watch_tabs(self, tabs: tuple[Tab, ...]) -> None:
        """One conversation alone needs no tab."""
        self.set_class(len(tabs) > 1, "-shown")

    def render(self) -> Content:
        """The tabs that fit, the current one among them."""
        return Content("").join(
            cell.content for cell in cells_of(self.tabs, self.content_size.width)
        )

    def on_click(self, event: events.Click) -> None:
        """Go to the tab under the mouse."""
        event.stop()
        for cell in cells_of(self.tabs, self.content_size.width):
            if cell.start <= event.x < cell.end:
                self.post_message(TabChosen(cell.conversation_id))


def cells_of(tabs: Sequence[Tab], width: int) -> list[Cell]:
    """The tabs that fit into ``width`` cells, with how many are hidden at either end.

    All are of one width; where not all fit, those around the current one are shown.
    """
    if not tabs or width <= 0:
        return []
    each = max(_NARROWEST, min(_WIDEST, width // len(tabs)))
    current = next((place for place, tab in enumerate(tabs) if tab.is_current), 0)
    first, last = 0, len(tabs)
    if each * len(tabs) > width:
        count = max(1, (width - 2 * _ARROWS) // _NARROWEST)
        each = max(_ARROWS, (width - 2 * _ARROWS) // count)
        first = max(0, min(current - count // 2, len(tabs) - count))
        last = min(len(tabs), first + count)
    cells: list[Cell] = []
    if first:
        cells.append(_hidden(0, f"‹{first}", tabs[first - 1]))
    for place in range(first, last):
        start = cells[-1].end if cells else 0
        content = _tab_words(tabs[place], place + 1, each)
        cells.append(Cell(start, start + each, content, tabs[place].conversation_id))
    if last < len(tabs):
        cells.append(_hidden(cells[-1].end, f"{len(tabs) - last}›", tabs[last]))
    return cells


def _hidden(start: int, words: str, leads_to: Tab) -> Cell:
    content = Content.styled(words.center(_ARROWS), "$text-accent")
    return Cell(start, start + _ARROWS, content, leads_to.conversation_id)


def _tab_words(tab: Tab, number: int, width: int) -> Content:
    """A tab of exactly ``width`` cells: its number, its mark and as much of its title as fits."""
    mark, colour = _MARKS[tab.news]
    key = f"{number} " if number <= _MOST_KEYS else ""
    before = f" {key}"
    after = f" {mark} " if mark else " "
    room = max(1, width - len(before) - len(after))
    title = Content(single_line(tab.title, _LONGEST_TITLE) or UNTITLED)
    title = title.truncate(room, ellipsis=True)
    title = title.pad_right(room - title.cell_length)
    if tab.is_current:
        title = title.stylize("bold $text")
    content = Content.assemble((before, "$quiet"), title, (after, colour or "$quiet"))
    return content.stylize("on $panel") if tab.is_current else content
