"""Help: every key on one page, made from the bindings themselves."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from tui.domain.slash import help_pairs
from tui.ui.transcript.prefix import LEGEND
from tui.ui.widgets.key_table import KeyRow, KeyTable

_GROUPS = {
    "chat": "Chat",
    "prompt": "Prompt",
    "offers": "List over the prompt",
    "chips": "Attached files",
    "recall": "Earlier prompts",
    "transcript": "Transcript",
    "find": "Find",
    "sidebar": "Conversations",
    "models": "Models",
    "routing": "Routing",
    "picker": "Quick picker",
    "scatter": "Picture",
    "sheet": "Side by side",
    "changes": "What changed",
    "spend": "Spend",
    "request": "Request",
    "json": "Request body",
    "reply": "Reply",
    "rows": "Lists",
    "presets": "Presets",
    "preset": "A preset",
    "system": "System prompt",
    "app": "Everywhere",
}
_NOTES = (
    "Tab moves between the prompt, the list and the conversation; Ctrl+P finds every command.",
    "In the conversation, the keys above under Transcript work; Esc goes back to the prompt.",
    "At the right, if there is room, stand the names for the table [keys] of config.toml.",
    "≈ is an estimate, ? is unknown; everything else is billed, to the last digit on receipts.",
    f"Beside messages: {LEGEND}.",
    "A message that you send while an answer streams waits in the queue above the prompt.",
    "After kill -9 the terminal may look odd: the command reset puts it right.",
)


class HelpScreen(ModalScreen[None]):
    """Lists the keys of the screen that it was opened from."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,q", "dismiss", "Close", id="help.close", tooltip="Back to the chat"),
    ]

    def __init__(self, origin: Screen[Any]) -> None:
        super().__init__()
        self._origin = origin

    def compose(self) -> ComposeResult:
        """Lay out the groups of keys."""
        with VerticalScroll(id="page"):
            yield Static("Keys", classes="title", markup=False)
            for group, rows in groupby(self._rows(), key=_group_of):
                yield Static(_GROUPS[group], classes="group", markup=False)
                yield KeyTable(list(rows))
            yield Static("Commands, typed in the prompt", classes="group", markup=False)
            yield KeyTable([KeyRow(*pair) for pair in help_pairs()])
            yield Static("Good to know", classes="group", markup=False)
            yield Static("\n".join(_NOTES), markup=False)

    def _rows(self) -> list[KeyRow]:
        """A row for each binding that has an id, in the order of the groups.

        A binding of the system is one of many alike, and has a row once its key is another one.
        """
        rows: dict[str, KeyRow] = {}
        for node in [self._origin, *self._origin.walk_children(), self.app]:
            in_force: dict[str | None, list[Binding]] = {}
            # The class says what there is, the widget on which keys the user has put it.
            for _, binding in node._bindings:  # noqa: SLF001 - nothing else tells of one widget
                in_force.setdefault(binding.id, []).append(binding)
            for binding in _declared(node):
                now = in_force.get(binding.id, ())
                if binding.system and [one.key for one in now] == [binding.key]:
                    continue
                keys = " ".join(
                    self.app.get_key_display(replace(one, key_display=None)) for one in now
                )
                name = binding.id or ""
                rows[name] = KeyRow(keys, binding.tooltip or binding.description, name)
        places = list(_GROUPS)
        return sorted(rows.values(), key=lambda row: places.index(_group_of(row)))


def _group_of(row: KeyRow) -> str:
    return row.name.partition(".")[0]


def _declared(node: DOMNode) -> Iterator[Binding]:
    """The bindings with an id that the node's classes declare, in groups that are listed."""
    for cls in type(node).__mro__:
        for binding in cls.__dict__.get("BINDINGS", ()):
            if isinstance(binding, Binding) and (binding.id or "").partition(".")[0] in _GROUPS:
                yield binding
