"""What the next send would cost, beside the prompt."""

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.domain.figures import UNKNOWN, money
from tui.domain.preview import LOCAL, CostPreview

_NAME = "next send "


class NextSendWanted(Message):
    """The user wants to know all about the next send."""


class PreviewLine(Widget):
    """``next send ≈ $0.0042 – $0.0310``: the likely cost and the worst one.

    It has a width of its own, so that nothing moves while somebody types; a click tells more.
    """

    DEFAULT_CSS = """
    PreviewLine {
        width: 32;
        height: 1;
        padding-left: 1;
        color: $text-muted;
        text-align: right;
        pointer: pointer;
        &.-empty { display: none; }
    }
    """

    cost: reactive[CostPreview | None] = reactive(None)
    """None where there is nothing to say: nothing is typed, and nothing has been said."""

    def on_mount(self) -> None:
        """Take no room as long as there is nothing to say."""
        self.set_class(self.cost is None, "-empty")

    def watch_cost(self, cost: CostPreview | None) -> None:
        """Tell the rest to a resting mouse."""
        self.set_class(cost is None, "-empty")
        self.tooltip = None if cost is None else Content(tooltip_words(cost))

    def render(self) -> Content:
        """Both figures with their name, or with fewer digits: as there is room, and each whole."""
        cost, room = self.cost, self.content_size.width
        if cost is None:
            return Content("")
        figures = preview_words(cost)
        with_name = Content.assemble(_NAME, (figures, "$money"))
        if with_name.cell_length <= room:
            return with_name
        forms = [figures, cost.shorter, money(cost.likely, estimated=True)]
        fitting = (form for form in forms if form and cell_len(form) <= room)
        return Content.styled(next(fitting, UNKNOWN), "$money")

    def on_click(self, event: events.Click) -> None:
        """Tell all about the next send."""
        event.stop()
        self.post_message(NextSendWanted())


def preview_words(cost: CostPreview) -> str:
    """The figures in short; ``local`` and ``?`` where there are none."""
    return cost.short or ("local" if cost.unknown == LOCAL else UNKNOWN)


def tooltip_words(cost: CostPreview) -> str:
    """The figures in full, with how far to trust them."""
    error = "not measured yet" if cost.error is None else f"usually off by {cost.error:.0%}"
    return f"Next send: {cost.words}.\nEstimates for this model: {error}. F5 tells the rest."
