"""The picture (p): models as dots by price and something else, with a cursor among them."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_facts import TURNS
from tui.domain.catalogue_search import Found
from tui.domain.sanitize import single_line
from tui.ui.controllers.plotting import MEASURES, Dot, money_words, picture
from tui.ui.segments import Segment, fit
from tui.ui.widgets.catalogue.key_line import KeyLine
from tui.ui.widgets.catalogue.scatter_plot import ScatterPlot

_LONGEST_NAME = 80


class ScatterScreen(Screen[str | None]):
    """Dismisses with the id of the model whose dot was opened, or with None."""

    CSS_PATH = "scatter.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "app.help", "Help", id="scatter.help", tooltip="Every key on one page"),
        Binding("escape,p,q", "close", "Close", id="scatter.close", tooltip="Back to the models"),
        Binding(
            "space,y", "measure", "Other axis", id="scatter.measure", tooltip="Draw something else"
        ),
    ]

    def __init__(self, models: Sequence[Found], context: FilterContext) -> None:
        super().__init__()
        self._models = models
        self._searched = context
        self._measure = MEASURES[0]
        self._dots: tuple[Dot, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay out the picture and the words about the dot under the cursor."""
        yield Static(id="title", markup=False)
        yield ScatterPlot()
        yield Static(id="nothing", markup=False)
        yield Static(id="caption", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Start with the first measure."""
        self.query_one(ScatterPlot).focus()
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        drawn = picture(self._models, self._searched, self._measure)
        self._dots = drawn.dots
        self.set_class(not drawn.dots, "-nothing")
        words = self._measure.missing if self._models else "No model matches the filter."
        self.query_one("#nothing", Static).update(words)
        self.query_one("#caption", Static).update("")
        left_out = f", {drawn.left_out:,} left out: not known" if drawn.left_out else ""
        segments = [
            Segment(Content.styled(f"price × {self._measure.name}", "bold $text-accent"), 0),
            Segment(Content(f"{len(drawn.dots):,} models{left_out}"), 1),
            Segment(Content.styled("◉ here  ▸ in use  ★ favourite", "$quiet"), 2),
        ]
        self.query_one("#title", Static).update(fit(segments, self.size.width - 2))
        turn = self._searched.turn
        price = (
            f"USD per {TURNS:,} turns of {turn.prompt_tokens:,} → {turn.completion_tokens:,} tokens"
        )
        plot = self.query_one(ScatterPlot)
        plot.show(drawn, [self._sign(dot) for dot in drawn.dots], (price, self._measure.name))

    def _sign(self, dot: Dot) -> str:
        model_id = dot.found.model.id
        if model_id == self._searched.in_use:
            return "▸"
        return "★" if model_id in self._searched.favourites else "·"

    @on(ScatterPlot.Moved)
    def _moved(self, event: ScatterPlot.Moved) -> None:
        event.stop()
        dot = self._dots[event.index]
        sharing = self.query_one(ScatterPlot).sharing
        others = f"   {sharing} dots in this place: Tab goes through them" if sharing > 1 else ""
        price = "free" if dot.price == 0 else money_words(dot.price)
        words = Content.assemble(
            (single_line(dot.found.model.name or dot.found.model.id, _LONGEST_NAME), "bold"),
            (f"  {single_line(dot.found.model.id, _LONGEST_NAME)}\n", "$quiet"),
            (price, "$money"),
            f" for {TURNS:,} turns   {self._measure.words(dot.value)} {self._measure.name}",
            (others, "$quiet"),
        )
        self.query_one("#caption", Static).update(words)

    @on(ScatterPlot.Opened)
    def _opened(self, event: ScatterPlot.Opened) -> None:
        event.stop()
        self.dismiss(self._dots[event.index].found.model.id)

    def action_measure(self) -> None:
        """Draw the next measure."""
        here = MEASURES.index(self._measure)
        self._measure = MEASURES[(here + 1) % len(MEASURES)]
        self._show()

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)
