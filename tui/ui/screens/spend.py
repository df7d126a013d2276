"""What was spent (F4): by time, model, provider and conversation, down to the conversation."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from tui.domain.model import KeyInfo
from tui.domain.spend import SpendBy, SpendGroup
from tui.ui.controllers.money_desk import MoneyDesk, now_utc
from tui.ui.controllers.spend_file import UnknownFormatError, export, named, target_of
from tui.ui.controllers.spending import Spending
from tui.ui.guard import run_guarded
from tui.ui.presence import is_there
from tui.ui.screens.ask_text import AskText
from tui.ui.screens.confirm import Confirm
from tui.ui.widgets.catalogue.key_line import KeyLine
from tui.ui.widgets.money.rank_list import RankList
from tui.ui.widgets.money.spend_text import account_line, group_line, tabs_line, totals_line
from tui.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from tui.ui.widgets.money.bars import BarsPlot

_NOTHING = "Nothing was spent yet. Every answer will be listed here with what it cost."
_RECENT = timedelta(days=100)
"""What is read first: more days than there are bars, in the time that a few answers take."""
_BARS = "tui.ui.widgets.money.bars"


class SpendScreen(Screen[str | None]):
    """Dismisses with the id of a conversation to open, or with None."""

    CSS_PATH = "spend.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "app.help", "Help", id="spend.help", tooltip="Every key on one page"),
        Binding(
            "escape,f4", "back", "Back", id="spend.back", tooltip="To what is around, or the chat"
        ),
        Binding(
            "m", "measure", "Other bars", id="spend.measure", tooltip="Cost, cache savings, tokens"
        ),
        Binding(
            "e", "export", "Export", id="spend.export", tooltip="Write it to a CSV or JSON file"
        ),
        Binding("down", "to_list", "List", id="spend.to_list", tooltip="To the list", show=False),
        Binding(
            "tab", "app.focus_next", "Next", id="spend.next", tooltip="Bars or list", show=False
        ),
        *(
            Binding(
                str(number),
                f"group_by('{by.value}')",
                by.value.capitalize(),
                id=f"spend.by_{by.value}",
                tooltip=f"Spending by {by.value}",
                show=False,
            )
            for number, by in enumerate(SpendBy, 1)
        ),
    ]

    def __init__(self, desk: MoneyDesk) -> None:
        super().__init__()
        self._desk = desk
        self._spending = Spending(())
        self._account: KeyInfo | None = None
        self._asked = False
        self._here = 0
        self._bars: BarsPlot | None = None

    def compose(self) -> ComposeResult:
        """Lay out the lines, the bars and the list."""
        yield Static(id="totals", classes="line")
        yield Static(id="account", classes="line")
        yield Static(id="tabs", classes="line")
        yield Vertical(id="chart")
        yield Static(id="group", classes="line")
        yield RankList()
        yield Static(_NOTHING, id="nothing", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show what is known at once; the rows, the bars and the provider's word follow."""
        self.show_lines()
        run_guarded(self.app, self._read(), "spend")
        run_guarded(self.app, self._ask_account(), "account")

    async def _read(self) -> None:
        await self._desk.ready()
        recent = await self._desk.rows(now_utc() - _RECENT)
        if not is_there(self):
            return
        self._spending = Spending(recent)
        self._here = len(self._spending.level.groups) - 1
        self.show()
        await self._add_bars()
        rows = await self._desk.rows()
        if len(rows) > len(recent) and is_there(self):
            self._here = self._spending.use(rows, self._here)
            self.show()
            if not recent:
                self._focus()

    async def _add_bars(self) -> None:
        """Draw the bars: their library takes a while to import, and the rest is there already."""
        await asyncio.to_thread(import_module, _BARS)
        from tui.ui.widgets.money.bars import BarsPlot

        if is_there(self):
            self._bars = BarsPlot()
            await self.query_one("#chart").mount(self._bars)
            self.show()
            self._focus()

    async def _ask_account(self) -> None:
        self._account = await self._desk.account()
        self._asked = True
        if is_there(self):
            self.show_lines()

    def on_resize(self, _event: events.Resize) -> None:
        """Write the lines for another width."""
        self.call_after_refresh(self.show_lines)

    @property
    def spending(self) -> Spending:
        """What is looked at."""
        return self._spending

    @property
    def _is_time(self) -> bool:
        return self._spending.level.by.is_time

    @property
    def _rows(self) -> RankList:
        return self.query_one(RankList)

    def show(self) -> None:
        """Show the level that is looked at."""
        level, measure = self._spending.level, self._spending.measure
        self.set_class(not level.groups, "-empty")
        self.set_class(not level.by.is_time, "-ranked")
        if level.by.is_time and self._bars is not None:
            self._bars.show(level, measure, self._here)
        self._show_list()
        self.show_lines()

    def _show_list(self) -> None:
        """List the groups; of spans of time, the conversations behind the one under the cursor."""
        level, measure = self._spending.level, self._spending.measure
        if not level.groups:
            self._rows.show((), measure)
        elif level.by.is_time:
            self._rows.show(level.behind(self._here).groups, measure)
        else:
            self._rows.show(level.groups, measure, self._here)

    def show_lines(self) -> None:
        """Bring the words around the bars up to date."""
        width = max(1, self.size.width - 2)
        budgets = self._desk.session.runtime.settings.budget
        spending = self._spending
        lines = {
            "totals": totals_line(self._desk.totals_so_far(None), budgets, width),
            "account": account_line(self._account, asked=self._asked, width=width),
            "tabs": tabs_line(spending.by, spending.measure, spending.level.title, width),
            "group": group_line(self._group, width),
        }
        for name, words in lines.items():
            self.query_one(f"#{name}", Static).update(words)

    @property
    def _group(self) -> SpendGroup | None:
        groups = self._spending.level.groups
        return groups[self._here] if 0 <= self._here < len(groups) else None

    def _focus(self) -> None:
        target: Widget | None = self._bars if self._is_time else self._rows
        if target is not None:
            target.focus()

    def on_bars_plot_moved(self, event: BarsPlot.Moved) -> None:
        """Show what is behind another bar."""
        self._here = event.index
        self._show_list()
        self.show_lines()

    @on(RowList.Moved)
    def _row_moved(self, event: RowList.Moved) -> None:
        event.stop()
        if not self._is_time:
            self._here = event.index or 0
            self.show_lines()

    @on(RowList.LeftUpwards)
    def _left_upwards(self, event: RowList.LeftUpwards) -> None:
        event.stop()
        self._focus()

    @on(RowList.Chosen)
    def _row_chosen(self, event: RowList.Chosen) -> None:
        """Open the conversation of the row, or look at those behind it."""
        event.stop()
        level = self._spending.level
        if not self._is_time and level.by is not SpendBy.CONVERSATION:
            self._spending.open(event.index)
            self._here = 0
            self.show()
            self._rows.focus()
            return
        listed = level.behind(self._here) if self._is_time else level
        conversation_id = listed.groups[event.index].key
        if conversation_id:
            self.dismiss(conversation_id)
        else:
            self.notify("These conversations were deleted.", markup=False)

    def action_to_list(self) -> None:
        """Go from the bars to the list."""
        self._rows.focus()

    def action_back(self) -> None:
        """Look at what is around; on the outermost level, close the screen."""
        if not self._spending.back():
            self.dismiss(None)
            return
        self._here = 0
        self.show()
        self._focus()

    def action_group_by(self, by: str) -> None:
        """Group by something else, from the outermost level on."""
        self._spending.group_by(SpendBy(by))
        self._here = len(self._spending.level.groups) - 1 if self._is_time else 0
        self.show()
        self._focus()

    def action_measure(self) -> None:
        """Let the bars show something else."""
        self._spending.next_measure()
        self.show()

    def action_export(self) -> None:
        """Ask for a file, and write what is looked at to it."""
        question = "Write it to this file (.csv or .json)"
        suggested = named(self._spending.level.by)
        self.app.push_screen(AskText(question, suggested), self._named)

    def _named(self, text: str | None) -> None:
        if text is None:
            return
        target = target_of(text)
        if not os.path.lexists(target):  # unlike exists(), it never raises
            run_guarded(self.app, self._export(text), "export")
            return

        def replace(yes: bool | None) -> None:
            if yes:
                run_guarded(self.app, self._export(text), "export")

        detail = f"{target} exists already."
        question = Confirm("Replace this file?", detail, "Replace", "Keep it", asked_by="enter")
        self.app.push_screen(question, replace)

    async def _export(self, text: str) -> None:
        try:
            await asyncio.to_thread(export, self._spending.level, target_of(text))
        except UnknownFormatError as error:
            self.notify(str(error), severity="warning", markup=False)
        except OSError as error:
            words = f"It could not be written: {error.strerror or type(error).__name__}."
            self.notify(words, severity="error", markup=False)
        else:
            self.notify(f"Written to {target_of(text)}.", markup=False)
