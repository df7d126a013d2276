"""The line above the prompt with what the next request says other than the defaults."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.domain.parameters_layers import Difference
from tui.ui.controllers.setup_scope import SCOPE_OF, SCOPE_TITLES

_GAP = 1
_LONGEST = 32
_MORE_CELLS = 5


@dataclass
class ChipChosen(Message):
    """A chip was clicked; ``name`` is its parameter, or the first that found no room."""

    name: str


class SettingChips(Widget):
    """One line of quiet chips, cut with ``+n``; it takes no room while nothing differs."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    SettingChips {
        height: 1;
        padding: 0 1;
        background: $surface;
        color: $text-muted;
        pointer: pointer;
        display: none;
        &.-differs { display: block; }
    }
    """
    chips: reactive[Sequence[Difference]] = reactive(())

    def watch_chips(self, chips: Sequence[Difference]) -> None:
        """Take a line of the screen only if there is something to say."""
        self.set_class(bool(chips), "-differs")
        self.tooltip = Content("\n".join(tooltip_line(chip) for chip in chips)) if chips else None

    def render(self) -> Content:
        """Draw the chips that fit, and how many do not."""
        width = self.content_size.width
        shown = fitting(self.chips, width)
        parts = [Content.styled(chip_words(chip), "on $surface-lighten-1") for chip in shown]
        left = len(self.chips) - len(shown)
        if left:
            parts.append(Content(f"+{left}"))
        return Content(" " * _GAP).join(parts).truncate(width)

    def on_click(self, event: events.Click) -> None:
        """Open the editor at the parameter of the chip, or at the first that is not shown."""
        event.stop()
        if not self.chips:
            return
        shown = fitting(self.chips, self.content_size.width)
        chip = chip_at(shown, event.x - self.gutter.left)
        rest = self.chips[len(shown) :]
        self.post_message(ChipChosen((chip or (rest or self.chips)[0]).name))


def chip_words(chip: Difference) -> str:
    """A chip as it is drawn."""
    words = chip.words if len(chip.words) <= _LONGEST else f"{chip.words[: _LONGEST - 1]}…"
    return f" {words} "


def tooltip_line(chip: Difference) -> str:
    """A chip in full: what is set, where, and what would hold without it."""
    instead = f" (default {chip.default})" if chip.default else ""
    return f"{chip.words}{instead}, set for {SCOPE_TITLES[SCOPE_OF[chip.source]]}"


def fitting(chips: Sequence[Difference], width: int) -> Sequence[Difference]:
    """The chips for a line of so many cells, the first of them whatever its length."""
    used = 0
    for place, chip in enumerate(chips):
        used += Content(chip_words(chip)).cell_length + (_GAP if place else 0)
        room = width if place == len(chips) - 1 else width - _MORE_CELLS
        if place and used > room:
            return chips[:place]
    return chips


def chip_at(chips: Sequence[Difference], x: int) -> Difference | None:
    """The chip in a column of the line; None between and behind them."""
    for chip in chips:
        cells = Content(chip_words(chip)).cell_length
        if 0 <= x < cells:
            return chip
        x -= cells + _GAP
    return None
