"""The fields of the settings screen, section by section."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from pydantic import BaseModel
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalGroup, VerticalScroll
from textual.widget import Widget
from textual.widgets import Checkbox, Input, Static

from tui.domain.catalogue import Catalogue
from tui.domain.sanitize import single_line
from tui.domain.settings import (
    DefaultSettings,
    InterfaceSettings,
    ProviderKind,
    ProviderSettings,
    ReliabilitySettings,
)
from tui.ui.controllers.settings_effects import Effect, provider_name
from tui.ui.controllers.settings_form import NUMBER_FIELDS, SettingsForm
from tui.ui.widgets.choice import Choice
from tui.ui.widgets.key_field import KeyField
from tui.ui.widgets.model_select import ModelSelect
from tui.ui.widgets.setting_row import SettingRow
from tui.ui.widgets.tick import Tick

INTERFACE_SWITCHES = ("show_sidebar", "mouse", "wrap_code", "fit_tables", "readable_formulas")
SECTIONS: dict[str, tuple[str, ...]] = {
    "Provider": ("provider", "use_custom_base_url", "base_url"),
    "API key": ("api_key",),
    "Model": ("model",),
    "Prompts": ("compress_prompts", "prompt_caching"),
    "Reliability": NUMBER_FIELDS,
    "Interface": ("theme", *INTERFACE_SWITCHES),
}
_SCHEMAS: tuple[type[BaseModel], ...] = (
    DefaultSettings,
    ProviderSettings,
    ReliabilitySettings,
    InterfaceSettings,
)
# The model's field stands for [default] first, so the earlier schemas win.
_FIELDS = {
    name: info for schema in reversed(_SCHEMAS) for name, info in schema.model_fields.items()
}


def field_title(field: str) -> str:
    """What a field is called on the screen."""
    return _FIELDS[field].title or field


class SettingsPage(VerticalScroll, can_focus=False, inherit_bindings=False):
    """All sections on one page that scrolls; the arrow keys move between fields."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", "Next", id="settings.next_field", tooltip="Next field"),
        Binding(
            "up",
            "app.focus_previous",
            "Previous",
            id="settings.previous_field",
            tooltip="Previous field",
        ),
        Binding("pagedown", "page_down", "Down", id="settings.page_down", tooltip="Scroll down"),
        Binding("pageup", "page_up", "Up", id="settings.page_up", tooltip="Scroll up"),
    ]

    def __init__(
        self, form: SettingsForm, catalogue: Catalogue, key_place: str, themes: Sequence[str]
    ) -> None:
        super().__init__(id="page")
        self._form = form
        self._catalogue = catalogue
        self._key_place = key_place
        self._themes = themes

    def compose(self) -> ComposeResult:
        """Lay out every section; rows that do not apply to the provider are hidden later."""
        for index, (section, fields) in enumerate(SECTIONS.items()):
            with VerticalGroup(id=f"section-{index}"):
                named = "-named-by-field" if field_title(fields[0]) == section else ""
                yield Static(section, classes=f"section {named}", markup=False)
                for field in fields:
                    yield self._row(field, names_section=field_title(field) == section)

    def _row(self, field: str, *, names_section: bool) -> SettingRow:
        control = self._control(field)
        title = "" if isinstance(control, Tick) else field_title(field)
        row = SettingRow(field, title, _FIELDS[field].description or "", control)
        return row.set_class(names_section, "-names-section")

    def _control(self, field: str) -> Widget:
        form = self._form
        settings = form.after
        match field:
            case "provider":
                names = [(provider_name(n, settings), n) for n in settings.provider_names()]
                return Choice(names, form.provider, prompt="Choose a provider", id=field)
            case "api_key":
                return KeyField(self._key_place)
            case "model":
                return ModelSelect(form.model, self._catalogue)
            case "theme":
                themes = [(single_line(name), name) for name in self._themes]
                return Choice(themes, settings.interface.theme, prompt="Choose a theme", id=field)
            case "base_url":
                return Input(single_line(form.base_url), compact=True, id=field)
            case "use_custom_base_url" | "compress_prompts" | "prompt_caching":
                return Tick(field_title(field), id=field)
            case _ if field in INTERFACE_SWITCHES:
                return Tick(field_title(field), id=field)
            case _:
                figure = getattr(settings.reliability, field)
                return Input(f"{figure:g}", compact=True, id=field, classes="figure")

    def on_mount(self) -> None:
        """Fill in what depends on the provider."""
        self.show_provider()

    def show_provider(self) -> None:
        """Show the chosen provider's fields and values; no field reports that as an edit."""
        form, provider = self._form, self._form.chosen
        with self.prevent(Checkbox.Changed, Input.Changed):
            self.query_one("#use_custom_base_url", Checkbox).value = form.uses_custom_url
            self.query_one("#base_url", Input).value = single_line(form.base_url)
            self.query_one("#compress_prompts", Checkbox).value = provider.compress_prompts
            self.query_one("#prompt_caching", Checkbox).value = provider.prompt_caching
            interface = form.after.interface
            for field in INTERFACE_SWITCHES:
                self.query_one(f"#{field}", Checkbox).value = getattr(interface, field)
        self.query_one(KeyField).clear()
        self.show_applicable()

    def show_applicable(self) -> None:
        """Hide the rows that mean nothing for the chosen provider."""
        form = self._form
        kind = form.chosen.kind
        self.row("use_custom_base_url").display = kind is ProviderKind.OPENROUTER
        self.row("base_url").display = form.uses_custom_url and kind is not ProviderKind.DEMO
        self.query_one(KeyField).display = kind is not ProviderKind.DEMO

    def show(self, effects: Mapping[str, Effect], problems: Mapping[str, str]) -> None:
        """Say at each field what it does and what is wrong with it."""
        for row in self.query(SettingRow):
            row.show_effect(effects.get(row.field))
            row.show_problem(problems.get(row.field))

    def row(self, field: str) -> SettingRow:
        """The row of a field."""
        return self.query_one(f"#row-{field}", SettingRow)

    def focus_field(self, field: str) -> None:
        """Put the cursor into a field and bring it into view."""
        self.query_one(f"#{field}").focus()

    def focus_section(self, index: int) -> None:
        """Put the cursor into the first field of a section."""
        section = self.query_one(f"#section-{index}")
        first = next((widget for widget in section.query("*") if widget.focusable), None)
        if first is not None:
            self.show_section(index)
            first.focus(scroll_visible=False)

    def show_section(self, index: int) -> None:
        """Scroll a section to the top."""
        self.scroll_to_widget(self.query_one(f"#section-{index}"), top=True, animate=False)

    def section_of(self, widget: Widget) -> int | None:
        """The section that a widget is in."""
        for node in widget.ancestors_with_self:
            if node.id is not None and node.id.startswith("section-"):
                return int(node.id.removeprefix("section-"))
        return None
