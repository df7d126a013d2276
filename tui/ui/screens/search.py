"""The search over everything that was ever said: type, choose, and be there."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.services.history import History
from tui.ui.controllers.searching import Destination, Searching, destination, hit_words
from tui.ui.guard import guarded
from tui.ui.widgets.key_bar import KeyBar
from tui.ui.widgets.real_cursor import keep_cursor_in

_HELP = """\
Words are looked for in all messages; the last one may be unfinished.

  "two words"               a phrase
  -word                     not with this word
  model:claude              answered by a model
  before:2026-05-01         also after:, with a day, a month or a year
  tag:work                  conversations with a tag
  has:code                  also has:image and has:file
  cost>0.1                  answers that cost more, in USD
"""
_NOTHING = """\
Nothing was found.

Fewer words or filters find more; removed branches and deleted conversations are not searched."""


class SearchScreen(Screen[Destination | None]):
    """Dismisses with where to go, or with None."""

    CSS_PATH = "search.tcss"
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", id="search.close", tooltip="Back to the chat"),
        Binding("down", "move(1)", "Next", id="search.next", tooltip="The next hit", priority=True),
        Binding(
            "up", "move(-1)", "Before", id="search.before", tooltip="The hit before", priority=True
        ),
    ]

    def __init__(self, history: History, text: str = "") -> None:
        super().__init__()
        self._searching = Searching(history)
        self._text = text
        self._found_for = ""

    def compose(self) -> ComposeResult:
        """Lay out the query, what it means, and what it finds."""
        yield Input(self._text, placeholder="Search everything", compact=True, max_length=400)
        yield Static("", id="status", markup=False)
        yield OptionList(markup=False)
        yield Static(_HELP, id="nothing", markup=False)
        yield KeyBar(show_command_palette=False)

    def on_mount(self) -> None:
        """Begin with what was looked for last."""
        query = self.query_one(Input)
        keep_cursor_in(query)
        query.action_select_all()
        self._show()

    async def on_unmount(self) -> None:
        """Stop what still runs."""
        await self._searching.aclose()

    @property
    def text(self) -> str:
        """What is looked for."""
        return self.query_one(Input).value

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search for something else."""
        event.stop()
        self._look(event.value)

    @guarded("search")
    async def _look(self, text: str) -> None:
        await self._find(text)

    async def _find(self, text: str) -> bool:
        """Show the hits; False if something newer is looked for by now."""
        newest = await self._searching.look(text)
        if newest:
            self._found_for = text
            self._show()
        return newest

    def _show(self) -> None:
        hits = self._searching.found
        options = self.query_one(OptionList)
        options.set_options(Option(hit_words(hit)) for hit in hits)
        options.highlighted = 0 if hits else None
        self.set_class(not hits, "-empty")
        is_empty = self._searching.query.is_empty
        self.query_one("#nothing", Static).update(Content(_HELP if is_empty else _NOTHING))
        status = self.query_one("#status", Static)
        status.update(Content(self._searching.status()))
        status.set_class(bool(self._searching.query.problems), "-problem")

    def action_move(self, step: int) -> None:
        """Go to another hit; the query keeps the focus."""
        options = self.query_one(OptionList)
        if step > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Open the hit that is highlighted."""
        event.stop()
        self._take(event.value)

    @guarded("take")
    async def _take(self, text: str) -> None:
        """Open a hit of what is typed, also where that was faster than the search."""
        if text == self._found_for or await self._find(text):
            self._open(self.query_one(OptionList).highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the hit that was clicked."""
        event.stop()
        self._open(event.option_index)

    def _open(self, place: int | None) -> None:
        hits = self._searching.found
        if place is not None and place < len(hits):
            self.dismiss(destination(hits[place]))

    def action_close(self) -> None:
        """Go back to the chat."""
        self.dismiss(None)
