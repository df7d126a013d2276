"""The last step of the first start: a model to begin with, and the colours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup, VerticalGroup, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.domain.sanitize import single_line
from tui.domain.settings import ProviderKind
from tui.domain.suggestions import suggestions
from tui.onboard_save import Choice
from tui.ui.controllers.model_desk import ModelDesk
from tui.ui.controllers.settings_effects import Effect
from tui.ui.widgets.effect_line import EffectLine

_MOST_OFFERED = 9
_OURS = "workbench-"


@dataclass(frozen=True, slots=True)
class Ready:
    """The model to begin with, empty for the usual one, and the name of the theme."""

    model: str
    theme: str


class ReadyScreen(Screen[Ready | None]):
    """Dismisses with the choices, or with None to go back; the theme is then as before.

    ``said`` is what came of the step before; ``choice`` has the models of the server.
    """

    CSS_PATH = ["onboarding.tcss", "ready.tcss"]  # noqa: RUF012 - Textual declares no ClassVar
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="ready.back", tooltip="Back to the ways to begin"),
        Binding("f3", "browse", "Models", id="ready.browse", tooltip="Browse all models"),
    ]

    def __init__(self, said: Effect, choice: Choice, desk: ModelDesk) -> None:
        super().__init__()
        self._said = said
        self._choice = choice
        self._desk = desk
        self._offers = _offered(choice)
        self._theme_before = ""

    def compose(self) -> ComposeResult:
        """Lay out what is known by now, the models, the themes, and the way on."""
        with VerticalScroll(id="page", can_focus=False):
            yield Static("⌁ Almost there", id="name", markup=False)
            yield EffectLine(self._said)
            with VerticalGroup(classes="way"):
                yield Static(
                    "A model to begin with; every message can use another",
                    classes="heading",
                    markup=False,
                )
                if self._offers:
                    yield OptionList(*self._options(), id="models", markup=False, compact=True)
                else:
                    yield Input(
                        self._usual_model,
                        placeholder="Its id, as the server calls it",
                        compact=True,
                        id="model",
                    )
            with VerticalGroup(classes="way"):
                yield Static("Colours", classes="heading", markup=False)
                yield OptionList(id="themes", markup=False, compact=True)
            with HorizontalGroup(id="end"):
                yield Button("Start chatting", id="start", compact=True)
                yield Static(id="summary", markup=False)
        yield Static(
            "Enter chooses and goes on, F3 browses all models, Esc goes back.",
            id="keys",
            markup=False,
        )

    def on_mount(self) -> None:
        """Show the themes with the one in use, and begin at the models."""
        self._theme_before = self.app.theme
        names = _in_order(self.app.available_themes)
        themes = self.query_one("#themes", OptionList)
        themes.add_options([Option(name, id=name) for name in names])
        themes.highlighted = names.index(self.app.theme)
        self._models_or_name.focus()
        self._show_summary()

    @property
    def _usual_model(self) -> str:
        """What is offered where nothing is listed; nobody knows what another server has."""
        settings = self._desk.session.runtime.settings
        is_compatible = settings.provider(self._choice.provider).kind is ProviderKind.COMPATIBLE
        return "" if is_compatible else settings.default.model

    @property
    def _models_or_name(self) -> OptionList | Input:
        if self._offers:
            return self.query_one("#models", OptionList)
        return self.query_one("#model", Input)

    def _options(self) -> Sequence[Option]:
        options = [
            Option(
                Content.assemble(
                    single_line(model_id), "\n " if facts else "", (facts, "$text-muted")
                )
            )
            for model_id, facts in self._offers
        ]
        count = len(self._choice.catalogue.models)
        return [*options, Option(f"Browse all {count:,} models …  (F3)")]

    @property
    def model(self) -> str:
        """The model that is chosen so far."""
        if not self._offers:
            return self.query_one("#model", Input).value.strip()
        row = self.query_one("#models", OptionList).highlighted or 0
        return self._offers[min(row, len(self._offers) - 1)][0]

    def _show_summary(self) -> None:
        model = single_line(self.model, 60) or "the first model of the server"
        self.query_one("#summary", Static).update(f"with {model}")

    @on(OptionList.OptionHighlighted, "#models")
    @on(Input.Changed, "#model")
    def _model_highlighted(self) -> None:
        self._show_summary()

    @on(OptionList.OptionSelected, "#models")
    def _model_chosen(self, event: OptionList.OptionSelected) -> None:
        if event.option_index == len(self._offers):
            self.action_browse()
        else:
            self.query_one("#themes").focus()

    @on(Input.Submitted, "#model")
    def _model_typed(self) -> None:
        self.query_one("#themes").focus()

    @on(OptionList.OptionHighlighted, "#themes")
    def _theme_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_list.has_focus and event.option_id is not None:
            self.app.theme = event.option_id

    @on(OptionList.OptionSelected, "#themes")
    @on(Button.Pressed, "#start")
    def _start(self) -> None:
        self.dismiss(Ready(self.model, self.app.theme))

    def action_browse(self) -> None:
        """Choose among all models; they may still be arriving."""
        from tui.ui.screens.models import ModelsScreen

        self.app.push_screen(ModelsScreen(self._desk, self.model), self._browsed)

    def _browsed(self, model_id: str | None) -> None:
        if model_id is None:
            return
        if not self._offers:
            self.query_one("#model", Input).value = model_id
            return
        known = [one for one, _ in self._offers]
        if model_id not in known:
            self._offers = ((model_id, "from the list of all models"), *self._offers)
            known.insert(0, model_id)
        models = self.query_one("#models", OptionList)
        models.clear_options()
        models.add_options(self._options())
        models.highlighted = known.index(model_id)
        self.query_one("#themes").focus()

    def action_back(self) -> None:
        """Go back with the theme of before."""
        self.app.theme = self._theme_before
        self.dismiss(None)


def _offered(choice: Choice) -> tuple[tuple[str, str], ...]:
    """Some models with what is worth knowing of each: suggestions, or those of a small server."""
    catalogue = choice.catalogue
    suggested = tuple((one.model.id, f"{one.why}: {one.facts}") for one in suggestions(catalogue))
    return suggested or tuple((model_id, "") for model_id in list(catalogue.models)[:_MOST_OFFERED])


def _in_order(themes: Iterable[str]) -> list[str]:
    """Our own themes first."""
    return sorted(themes, key=lambda name: (not name.startswith(_OURS), name))
