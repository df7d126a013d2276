"""The filter line: what it understands is coloured as it is typed, what it does not underlined."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.highlighter import Highlighter
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.widgets import Input

from tui.domain.catalogue_complete import Completion
from tui.domain.catalogue_filter import LONGEST_FILTER, parse_filter
from tui.domain.catalogue_terms import Word

_OPEN = (":", "=", "<", ">")
"""How a completion ends that needs a value."""

Complete = Callable[[str, int], list[Completion]]
Typed = Callable[[str], None]


class FilterHighlighter(Highlighter):
    """Colours terms, and underlines what filters nothing; ``term`` and ``problem`` are styles."""

    def __init__(self) -> None:
        self.term = Style()
        self.problem = Style(underline=True)

    def highlight(self, text: Text) -> None:
        """Style the text in place."""
        asked = parse_filter(text.plain)
        for term in asked.terms:
            if term.negated or not all(isinstance(choice, Word) for choice in term.choices):
                text.stylize(self.term, term.start, term.end)
        for problem in asked.problems:
            text.stylize(self.problem, problem.start, problem.end)


class FilterLine(Input):
    """One line of text. Tab completes, Up recalls saved filters, Down goes to the table.

    ``complete`` says what a part can become; ``typed`` is called with every new text, ``leave``
    when the user wants to go on to the table.
    """

    virtual_size = Reactive(Size(0, 0), layout=False)
    """Its place on the screen does not depend on its text: no key needs a layout."""

    DEFAULT_CSS = """
    FilterLine {
        & > .filter--term { color: $text-accent; }
        & > .filter--problem { color: $text-warning; text-style: underline; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"filter--term", "filter--problem"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Use", id="models.submit", tooltip="Use the model in the table"),
        Binding("tab", "complete", "Complete", id="models.complete", tooltip="Complete a term"),
        Binding(
            "up",
            "recall(1)",
            "Saved filters",
            id="models.recall",
            tooltip="Recall the filters that you saved",
        ),
        Binding("down", "down", "Table", id="models.to_table", tooltip="Go to the table"),
        Binding("pageup", "scroll_table(-1)", id="models.table_up", tooltip="Page up", show=False),
        Binding(
            "pagedown", "scroll_table(1)", id="models.table_down", tooltip="Page down", show=False
        ),
    ]

    @dataclass
    class CursorMoved(Message):
        """The cursor is elsewhere in the text: something else would be completed."""

    @dataclass
    class Paged(Message):
        """The user wants to see another page of the table."""

        by: int

    def __init__(
        self,
        complete: Complete,
        typed: Typed,
        value: str = "",
        leave: Callable[[], object] = lambda: None,
    ) -> None:
        self._highlighter = FilterHighlighter()
        super().__init__(
            value,
            highlighter=self._highlighter,
            placeholder="words, or terms such as  vision  ctx>=200k  in<1  author:anthropic  -free",
            compact=True,
            select_on_focus=False,
            max_length=LONGEST_FILTER,
        )
        self._complete = complete
        self._typed = typed
        self._leave = leave
        self._saved: Sequence[tuple[str, str]] = ()
        self._recalled: int | None = None
        self._before_recall = ""
        self._cycle: list[Completion] = []
        self._cycled = ""

    async def on_event(self, event: events.Event) -> None:
        """Pass on what was typed after the key that moved the focus, and came here all the same."""
        focused = self.screen.focused if isinstance(event, events.Key) else None
        if focused is None or focused is self:
            await super().on_event(event)
        else:
            focused.post_message(event)

    def watch_value(self, value: str) -> None:
        """Let the text be acted upon at once.

        A message would arrive after the text was drawn, and what it changes wait for another frame.
        """
        if self.is_mounted:
            self._typed(value)

    def watch_selection(self) -> None:
        """Tell that the cursor has moved."""
        self.post_message(self.CursorMoved())

    def use_saved(self, saved: Sequence[tuple[str, str]]) -> None:
        """Offer these filters, each with its name, the latest last."""
        self._saved = saved

    @property
    def recalled_name(self) -> str:
        """The name of the saved filter that is in the line just as it was recalled."""
        if self._recalled is None:
            return ""
        name, text = self._saved[-1 - self._recalled]
        return name if text == self.value else ""

    def notify_style_update(self) -> None:
        """Take the colours of the theme."""
        super().notify_style_update()
        if self.is_mounted:
            self._take_colours()

    def on_mount(self) -> None:
        """Take the colours of the theme."""
        self._take_colours()

    def _take_colours(self) -> None:
        self._highlighter.term = self.get_component_rich_style("filter--term", partial=True)
        self._highlighter.problem = self.get_component_rich_style("filter--problem", partial=True)

    def put(self, text: str) -> None:
        """Replace the text, with the cursor at its end."""
        self.value = text
        self.cursor_position = 0  # the first text of all brings no end into sight by itself
        self.cursor_position = len(text)

    def action_complete(self) -> None:
        """Complete the part before the cursor, another way at the next Tab; else go on."""
        if len(self._cycle) > 1 and self.value == self._cycled:
            self._cycle = [*self._cycle[1:], self._cycle[0]]
        else:
            self._cycle = self.offered()
        if not self._cycle:
            self._leave()
            return
        chosen = self._cycle[0]
        self._cycled = self.value = self._completed(chosen)
        self.cursor_position = chosen.start + len(chosen.text)
        if chosen.text.endswith(_OPEN):
            self._cycle = []  # the next Tab is about its values

    def action_recall(self, by: int) -> None:
        """Put a saved filter into the line; going back far enough brings back what was typed."""
        at = by - 1 if self._recalled is None else self._recalled + by
        if at >= len(self._saved):
            return
        if self._recalled is None:
            self._before_recall = self.value
        self._recalled = at if at >= 0 else None
        self.put(self._saved[-1 - at][1] if at >= 0 else self._before_recall)

    def action_down(self) -> None:
        """Go back to the filters recalled before, or to the table."""
        if self.recalled_name:
            self.action_recall(-1)
        else:
            self._recalled = None
            self._leave()

    def action_scroll_table(self, by: int) -> None:
        """Show another page of the table while typing goes on."""
        self.post_message(self.Paged(by))

    def _completed(self, chosen: Completion) -> str:
        return self.value[: chosen.start] + chosen.text + self.value[self.cursor_position :]

    def offered(self) -> list[Completion]:
        """What else the part before the cursor can become; nothing where there is no part."""
        before = self.value[: self.cursor_position]
        if not before or before[-1].isspace():
            return []
        found = self._complete(self.value, self.cursor_position)
        return [one for one in found if self._completed(one) != self.value]
