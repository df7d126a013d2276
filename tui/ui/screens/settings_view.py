"""The part of the settings screen that shows the form and takes the edits."""

from collections.abc import Mapping, Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Button, Input, OptionList, Static

from tui.domain.catalogue import Catalogue
from tui.ui.controllers.settings_budgets import BUDGET_FIELDS
from tui.ui.controllers.settings_effects import Effect, all_effects, status_effect
from tui.ui.controllers.settings_fields import (
    INTERFACE_FIGURES,
    INTERFACE_SWITCHES,
    NUMBER_FIELDS,
    SECTIONS,
)
from tui.ui.controllers.settings_form import SettingsForm
from tui.ui.controllers.settings_stand_ins import STAND_IN_FIELDS
from tui.ui.widgets.choice import Choice
from tui.ui.widgets.effect_line import EffectLine
from tui.ui.widgets.model_select import ModelSelect
from tui.ui.widgets.section_list import SectionList
from tui.ui.widgets.settings_page import SettingsPage
from tui.ui.widgets.tick import Tick

Changes = Mapping[tuple[str, ...], object]


class SettingsView(Screen[Changes | None]):
    """Keeps every line in step with ``form``.

    ``catalogue`` is that of the provider ``served_by``, ``file`` is where the settings are kept,
    and ``section`` is the name of the section to begin with.
    """

    CSS_PATH = "settings.tcss"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual declares no ClassVar
        (0, "-tiny"),
        (64, "-narrow"),
        (100, "-wide"),
        (160, "-huge"),
    ]

    def __init__(
        self,
        form: SettingsForm,
        catalogue: Catalogue,
        served_by: str | None,
        file: str,
        themes: Sequence[str],
        section: str | None = None,
    ) -> None:
        super().__init__()
        self.form = form
        self._catalogue = catalogue
        self._served_by = served_by
        self._file = file
        self._themes = themes
        self._section = section

    def compose(self) -> ComposeResult:
        """Lay out the sections, the page and the line with the answers."""
        # Textual sets this after the first layout, and would style and lay out everything again.
        width = self.app.size.width
        _, name = max(point for point in self.HORIZONTAL_BREAKPOINTS if point[0] <= width)
        self.add_class(name, update=False)
        with Horizontal(id="title"):
            yield Static("Settings", id="name", markup=False)
            yield Static(self._file, id="file", markup=False)
        with Horizontal(id="body"):
            yield SectionList(*SECTIONS, id="sections", compact=True, markup=False)
            yield SettingsPage(self.form, self._offered, self._file, self._themes)
        with Horizontal(id="end"):
            yield EffectLine(status_effect(self.form))
            with Horizontal(id="answers"):
                yield Button("Save  Ctrl+S", id="save", compact=True)
                yield Button("Cancel  Esc", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Start in the list of sections, or in the one that was asked for."""
        self.query_one(SectionList).focus()
        if self._section is not None:
            # What is not laid out yet cannot be scrolled to.
            self.call_after_refresh(self.page.focus_section, list(SECTIONS).index(self._section))

    @property
    def page(self) -> SettingsPage:
        """The fields."""
        return self.query_one(SettingsPage)

    @property
    def _offered(self) -> Catalogue:
        """The catalogue, as long as the chosen provider is the one that served it."""
        return self._catalogue if self.form.provider == self._served_by else Catalogue()

    def show(self) -> None:
        """Say at every field what it does, what is wrong, and what is not saved."""
        self.page.show(all_effects(self.form, self._offered), self.form.problems_to_show)
        self.say(status_effect(self.form))

    def say(self, effect: Effect) -> None:
        """Say something in the last line."""
        self.query_one("#end > EffectLine", EffectLine).show(effect)

    def preview(self, theme: str) -> None:
        """Show a theme that may not stay."""
        if theme in self.app.available_themes:
            self.app.theme = theme

    @on(SectionList.Entered)
    def _section_entered(self, event: SectionList.Entered) -> None:
        self.page.focus_section(event.index)

    @on(OptionList.OptionHighlighted, "#sections")
    def _section_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_list.has_focus:
            self.page.show_section(event.option_index)

    @on(OptionList.OptionSelected, "#sections")
    def _section_clicked(self, event: OptionList.OptionSelected) -> None:
        self.page.focus_section(event.option_index)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Mark the section that has the focus."""
        section = self.page.section_of(event.widget)
        if section is not None:
            self.query_one(SectionList).highlighted = section

    @on(Choice.Changed)
    def _chosen(self, event: Choice.Changed) -> None:
        if event.choice.id == "theme":
            self.form.choose_theme(event.value)
            self.preview(event.value)
        elif event.choice.id == "notify":
            self.form.choose_notice(event.value)
        else:
            self.form.choose_provider(event.value)
            self.page.show_provider(self._offered)
        self.show()

    @on(Tick.Changed)
    def _checked(self, event: Tick.Changed) -> None:
        field = event.tick.id or ""
        if field == "use_custom_base_url":
            self.form.use_custom_url(event.value)
            self.page.show_applicable()
        elif field in INTERFACE_SWITCHES:
            self.form.switch_interface(field, event.value)
        else:
            self.form.switch(field, event.value)
        self.show()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        field = event.input.id or ""
        if field == "base_url":
            self.form.enter_base_url(event.value)
        elif field == "api_key":
            self.form.enter_key(event.value)
            self.workers.cancel_group(self, "verify")
            self.page.keys.show_result(None)
        elif field in (*NUMBER_FIELDS, *INTERFACE_FIGURES):
            self.form.enter_number(field, event.value)
        elif field in STAND_IN_FIELDS:
            self.form.enter_stand_ins(field, event.value)
        elif field in BUDGET_FIELDS:
            self.form.enter_limit(field, event.value)
        self.show()

    @on(ModelSelect.Chosen)
    def _model_chosen(self, event: ModelSelect.Chosen) -> None:
        self.form.choose_model(event.model_id)
        self.show()

    def take_model(self) -> None:
        """Take the model without waiting for the message that says so."""
        model_id = self.page.models.commit()
        if model_id != self.form.model:
            self.form.choose_model(model_id)
