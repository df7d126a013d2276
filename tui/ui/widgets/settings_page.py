"""The fields of the settings screen, section by section."""

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Input, Static

from tui.domain.catalogue import Catalogue
from tui.domain.sanitize import single_line
from tui.domain.settings import ProviderKind
from tui.ui.controllers.settings_budgets import BUDGET_FIELDS, limit_text
from tui.ui.controllers.settings_effects import Effect, Effects, all_effects, provider_name
from tui.ui.controllers.settings_fields import (
    INTERFACE_FIGURES,
    INTERFACE_SWITCHES,
    NOTICES,
    NUMBER_FIELDS,
    SECTIONS,
    field_description,
    field_title,
    section_of,
)
from tui.ui.controllers.settings_form import SettingsForm
from tui.ui.controllers.settings_stand_ins import STAND_IN_FIELDS, list_text
from tui.ui.widgets.choice import Choice
from tui.ui.widgets.fields_page import FieldsPage
from tui.ui.widgets.key_field import KeyField
from tui.ui.widgets.model_select import ModelSelect
from tui.ui.widgets.provider_field import ProviderField
from tui.ui.widgets.setting_row import SettingRow
from tui.ui.widgets.tick import Tick


class SettingsPage(FieldsPage, can_focus=False):
    """All sections on one page that scrolls; the arrow keys move between fields.

    It shows ``form``; ``catalogue`` is the chosen provider's and ``key_place`` the file of a key.
    """

    def __init__(
        self, form: SettingsForm, catalogue: Catalogue, key_place: str, themes: Sequence[str]
    ) -> None:
        super().__init__(id="page")
        self._form = form
        self._themes = themes
        # Everything has its value before it is mounted: a change after that costs a layout.
        effects = all_effects(form, catalogue)
        self.keys = KeyField(key_place, effects)
        self.models = ModelSelect(form.model, catalogue)
        self._providers = ProviderField(self._provider_names(), form.provider)
        self._address = Input(single_line(form.base_url), id="base_url")
        self._headings: dict[str, Widget] = {
            section: Static(section, classes="section", markup=False)
            for section, fields in SECTIONS.items()
            if field_title(fields[0]) != section
        }
        self._rows = {
            field: self._row(field, section, effects.lines.get(field))
            for section, fields in SECTIONS.items()
            for field in fields
        }
        self.show_applicable()

    def compose(self) -> ComposeResult:
        """Lay out every section."""
        for section, fields in SECTIONS.items():
            if section in self._headings:
                yield self._headings[section]
            yield from (self._rows[field] for field in fields)

    def _row(self, field: str, section: str, effect: Effect | None) -> SettingRow:
        control = self._control(field)
        title = "" if isinstance(control, Tick) else field_title(field)
        heads = title == section
        return SettingRow(field, title, field_description(field), control, effect, heads=heads)

    def _control(self, field: str) -> Widget:
        form = self._form
        settings = form.after
        match field:
            case "provider":
                return self._providers
            case "theme":
                themes = [(single_line(name), name) for name in self._themes]
                return Choice(themes, settings.interface.theme, prompt="Choose a theme", id=field)
            case "notify":
                ways = [(words, way) for way, words in NOTICES.items()]
                return Choice(ways, settings.interface.notify, prompt="Choose", id=field)
            case _ if field in INTERFACE_FIGURES:
                figure = getattr(settings.interface, field)
                return Input(f"{figure:g}", id=field, classes="figure")
            case "api_key":
                return self.keys
            case "model":
                return self.models
            case "base_url":
                return self._address
            case _ if field in NUMBER_FIELDS:
                figure = getattr(settings.reliability, field)
                return Input(f"{figure:g}", id=field, classes="figure")
            case _ if field in STAND_IN_FIELDS:
                return Input(list_text(getattr(settings.reliability, field)), id=field)
            case _ if field in BUDGET_FIELDS:
                limit = limit_text(getattr(settings.budget, field))
                return Input(limit, placeholder="no limit", id=field, classes="figure")
            case _:
                return Tick(field_title(field), self._is_checked(field), id=field)

    def _provider_names(self) -> list[tuple[str, str]]:
        settings = self._form.after
        return [(provider_name(name, settings), name) for name in settings.provider_names()]

    def offer_providers(self) -> None:
        """Offer the providers of now; the chosen one may be new."""
        self._providers.offer(self._provider_names(), self._form.provider)

    def _is_checked(self, field: str) -> bool:
        form = self._form
        if field == "use_custom_base_url":
            return form.uses_custom_url
        holder = form.after.interface if field in INTERFACE_SWITCHES else form.chosen
        return bool(getattr(holder, field))

    def show_provider(self, catalogue: Catalogue) -> None:
        """Show the chosen provider's fields and values; no field reports that as an edit."""
        with self.prevent(Tick.Changed, Input.Changed):
            self._address.value = single_line(self._form.base_url)
            for row in self._rows.values():
                if isinstance(row.control, Tick):
                    row.control.value = self._is_checked(row.field)
        self.keys.clear()
        self.models.offer(catalogue, self._form.model)
        self.show_applicable()

    def show_applicable(self) -> None:
        """Hide the rows that mean nothing for the chosen provider."""
        kind = self._form.chosen.kind
        self._rows["use_custom_base_url"].display = kind is ProviderKind.OPENROUTER
        self._rows["base_url"].display = (
            self._form.uses_custom_url and kind is not ProviderKind.DEMO
        )
        self.keys.set_class(kind is ProviderKind.DEMO, "-unused")

    def show(self, effects: Effects, problems: Mapping[str, str]) -> None:
        """Say at each field what it does and what is wrong with it."""
        for field, row in self._rows.items():
            row.show(effects.lines.get(field), problems.get(field))
        self.keys.offer(effects)

    def focus_field(self, field: str) -> None:
        """Put the cursor into a field and bring it into view."""
        self.query_one(f"#{field}").focus()

    def focus_section(self, index: int) -> None:
        """Put the cursor into the first field of a section, if one is shown."""
        fields = (one for one in self.screen.focus_chain if self.section_of(one) == index)
        first = next(fields, None)
        if first is not None:
            self.show_section(index)
            first.focus(scroll_visible=False)

    def show_section(self, index: int) -> None:
        """Scroll a section to the top."""
        section, fields = list(SECTIONS.items())[index]
        top = self._headings.get(section, self._rows[fields[0]])
        self.scroll_to_widget(top, top=True, animate=False)

    def section_of(self, widget: Widget) -> int | None:
        """The place of the section that a widget is in."""
        for node in widget.ancestors_with_self:
            if isinstance(node, SettingRow):
                return section_of(node.field)
        return None
