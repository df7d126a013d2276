"""How much a model reasons, and whether its answer shows that."""

from collections.abc import Mapping, Sequence
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalGroup
from textual.widgets import Input

from tui.ui.controllers.reasoning_choice import BUDGET, entry_of, reasoning_value
from tui.ui.widgets.choice import Choice
from tui.ui.widgets.parameter_field import ParameterChosen, ParameterRefused
from tui.ui.widgets.tick import Tick

_NAME = "reasoning"
_WANTED = "There is no number of tokens.\nWrite a whole number, such as 4000."


class ReasoningField(VerticalGroup):
    """An effort, a number of tokens, on or off, by what ``entries`` offer; posts what was chosen.

    The number of tokens is only shown where it is wanted.
    """

    def __init__(self, entries: Sequence[tuple[str, str]], value: Mapping[str, Any]) -> None:
        super().__init__()
        self._before = value
        self._entry = Choice(entries, entry_of(value), prompt="not set here", id=_NAME)
        self._budget = Input(_budget_text(value), id="reasoning_budget", placeholder="such as 4000")
        self._hidden = Tick(
            "Leave it out of the answer", bool(value.get("exclude")), id="reasoning_hidden"
        )
        self._budget.display = self._entry.value == BUDGET

    def compose(self) -> ComposeResult:
        """Lay out the list, the number and the box."""
        yield self._entry
        yield self._budget
        yield self._hidden

    def show(self, value: Mapping[str, Any], entered: tuple[Any, ...] | None) -> None:
        """Show what another scope says, or what was refused in it; nobody is told."""
        self._before = value
        shown = entered or (entry_of(value), _budget_text(value), bool(value.get("exclude")))
        with self.prevent(Choice.Changed, Input.Changed, Tick.Changed):
            self._entry.value, self._budget.value, self._hidden.value = shown
        self._budget.display = self._entry.value == BUDGET

    @on(Choice.Changed)
    @on(Input.Changed)
    @on(Tick.Changed)
    def _edited(self, event: Choice.Changed | Input.Changed | Tick.Changed) -> None:
        event.stop()
        entered = (self._entry.value, self._budget.value, self._hidden.value)
        entry, budget, hidden = entered[0], _tokens(entered[1]), entered[2]
        self._budget.display = entry == BUDGET
        if entry == BUDGET and budget is None:
            self.post_message(ParameterRefused(_NAME, _WANTED, entered))
            return
        value = reasoning_value(self._before, entry, budget, hidden=hidden)
        self.post_message(ParameterChosen(_NAME, value))


def _budget_text(value: Mapping[str, Any]) -> str:
    return str(value.get("max_tokens") or "")


def _tokens(text: str) -> int | None:
    digits = text.replace(",", "").replace("_", "").strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else None
