"""Settings (F2): one page with sections, saved as a whole or not at all."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Button, Checkbox, Input, OptionList, Static

from tui.domain.catalogue import Catalogue
from tui.domain.connection import Connection, Overrides
from tui.domain.consent import Question
from tui.domain.errors import WorkbenchError
from tui.domain.model import KeyInfo
from tui.domain.sanitize import single_line
from tui.domain.settings import Settings
from tui.services.config_file import save_changes
from tui.services.paths import Paths, shown
from tui.ui.controllers.settings_effects import (
    Effect,
    Tone,
    all_effects,
    failure_effect,
    key_info_effect,
)
from tui.ui.controllers.settings_form import NUMBER_FIELDS, SettingsForm
from tui.ui.guard import guarded
from tui.ui.screens.confirm import Confirm
from tui.ui.widgets.choice import Choice
from tui.ui.widgets.key_field import KeyField
from tui.ui.widgets.model_select import ModelSelect
from tui.ui.widgets.section_list import SectionList
from tui.ui.widgets.setting_row import EffectLine
from tui.ui.widgets.settings_page import INTERFACE_SWITCHES, SECTIONS, SettingsPage, field_title

Changes = Mapping[tuple[str, ...], object]
Verify = Callable[[Connection], Awaitable[KeyInfo | None]]


class SettingsScreen(Screen[Changes | None]):
    """Dismisses with the changes that were saved, or with None if nothing was.

    ``connection`` is the one in use and ``catalogue`` its server's; ``verify`` asks a server about
    a key and raises WorkbenchError.
    """

    CSS_PATH = "settings.tcss"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual declares no ClassVar
        (0, "-tiny"),
        (64, "-narrow"),
        (100, "-wide"),
        (160, "-huge"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", id="settings.save", tooltip="Save and close"),
        Binding(
            "escape",
            "cancel",
            "Cancel",
            id="settings.cancel",
            tooltip="Close; asks first if something is not saved",
        ),
    ]

    def __init__(
        self,
        settings: Settings,
        connection: Connection | None,
        catalogue: Catalogue,
        paths: Paths,
        environ: Mapping[str, str],
        themes: Sequence[str],
        verify: Verify,
        overrides: Overrides | None = None,
    ) -> None:
        super().__init__()
        self._form = SettingsForm(settings, environ, overrides or Overrides(), themes)
        self._served_by = connection.provider if connection is not None else None
        self._catalogue = catalogue
        self._config_file = paths.config_file
        self._themes = themes
        self._verify = verify
        self._edited: set[str] = set()
        self._theme_before = ""
        self._asking = False

    def compose(self) -> ComposeResult:
        """Lay out the sections, the page and the line with the answers."""
        with Horizontal(id="title"):
            yield Static("Settings", id="name", markup=False)
            yield Static(shown(self._config_file), id="file", markup=False)
        with Horizontal(id="body"):
            yield SectionList(*SECTIONS, id="sections", compact=True, markup=False)
            yield SettingsPage(self._form, self._catalogue, shown(self._config_file), self._themes)
        with Horizontal(id="end"):
            yield EffectLine()
            with Horizontal(id="answers"):
                yield Button("Save  Ctrl+S", id="save", compact=True)
                yield Button("Cancel  Esc", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Start in the list of sections."""
        self._theme_before = self.app.theme
        self.query_one(SectionList).focus()
        self._show()

    @property
    def _page(self) -> SettingsPage:
        return self.query_one(SettingsPage)

    @property
    def _offered(self) -> Catalogue:
        """The catalogue, as long as the chosen provider is the one that served it."""
        return self._catalogue if self._form.provider == self._served_by else Catalogue()

    def _show(self) -> None:
        """Say at every field what it does, what is wrong, and what is not saved."""
        form = self._form
        problems = {name: words for name, words in form.problems.items() if name in self._edited}
        effects = all_effects(form, self._offered)
        self._page.show(effects.lines, problems)
        self._page.query_one(KeyField).offer(
            verify=effects.can_verify, remove=effects.can_remove, allow=effects.can_allow
        )
        titles = self._edited_titles()
        if problems:
            wrong = ", ".join(field_title(name) for name in problems)
            self._say(Effect(f"Not right yet: {wrong}", Tone.ERROR))
        elif titles:
            self._say(Effect(f"Not saved: {titles}", Tone.WARNING))
        else:
            self._say(Effect("No changes."))

    def _edited_titles(self) -> str:
        """What would be lost, also where it is not right yet."""
        fields = [key[-1] for key in self._form.changes()]
        fields += [name for name in self._form.problems if name in self._edited]
        return ", ".join(dict.fromkeys(field_title(name) for name in fields))

    def _say(self, effect: Effect) -> None:
        self.query_one("#end > EffectLine", EffectLine).show(effect)

    @on(SectionList.Entered)
    def _section_entered(self, event: SectionList.Entered) -> None:
        self._page.focus_section(event.index)

    @on(OptionList.OptionHighlighted, "#sections")
    def _section_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_list.has_focus:
            self._page.show_section(event.option_index)

    @on(OptionList.OptionSelected, "#sections")
    def _section_clicked(self, event: OptionList.OptionSelected) -> None:
        self._page.focus_section(event.option_index)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Mark the section that has the focus."""
        section = self._page.section_of(event.widget)
        if section is not None:
            self.query_one(SectionList).highlighted = section

    @on(Choice.Changed)
    def _chosen(self, event: Choice.Changed) -> None:
        name = event.value
        if not isinstance(name, str):
            return
        form = self._form
        if event.select.id == "theme" and name != form.after.interface.theme:
            form.choose_theme(name)
            self._preview(name)
        elif event.select.id == "provider" and name != form.provider:
            form.choose_provider(name)
            self._edited -= {"base_url", "model"}
            self._page.show_provider()
            self._page.query_one(ModelSelect).offer(self._offered, form.model)
        self._show()

    @on(Checkbox.Changed)
    def _checked(self, event: Checkbox.Changed) -> None:
        match event.checkbox.id:
            case "use_custom_base_url":
                self._form.use_custom_url(event.value)
                self._page.show_applicable()
            case str() as field if field in INTERFACE_SWITCHES:
                self._form.switch_interface(field, event.value)
            case str() as field:
                self._form.switch(field, event.value)
        self._show()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        field = event.input.id or ""
        if field == "base_url":
            self._form.enter_base_url(event.value)
        elif field == "api_key":
            self._form.enter_key(event.value)
            self.workers.cancel_group(self, "verify")
            self._page.query_one(KeyField).show_result(None)
        elif field in NUMBER_FIELDS:
            self._form.enter_number(field, event.value)
        self._edited.add(field)
        self._show()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        if event.input.id == "api_key":
            self._check_key()
        else:
            self.focus_next()

    @on(ModelSelect.Chosen)
    def _model_chosen(self, event: ModelSelect.Chosen) -> None:
        self._form.choose_model(event.model_id)
        self._edited.add("model")
        self._show()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        match event.button.id:
            case "save":
                self.action_save()
            case "cancel":
                self.action_cancel()
            case "verify-key":
                self._check_key()
            case "allow-key":
                self._allow()
            case "remove-key":
                self._form.remove_key()
                self._page.query_one(KeyField).clear()
                self._show()

    @guarded("verify")
    async def _check_key(self) -> None:
        """Ask the server about the key, after asking the user if the key may go there."""
        keys = self._page.query_one(KeyField)
        try:
            connection = self._form.connection_to_verify()
            question = self._form.question_about(connection)
            if question is not None:
                if not await self._agree(question):
                    return
                self._show()
                connection = self._form.connection_to_verify()
            if connection.key is None:
                return
            keys.show_result(Effect(f"Asking {single_line(connection.origin)} …"))
            keys.show_result(key_info_effect(await self._verify(connection)))
        except WorkbenchError as error:
            keys.show_result(failure_effect(error.failure))

    @guarded("verify")
    async def _allow(self) -> None:
        """Ask whether the key in use may go to the server in use."""
        try:
            question = self._form.question_about(self._form.connection())
        except WorkbenchError:
            return
        if question is not None and await self._agree(question):
            self._show()

    async def _agree(self, question: Question) -> bool:
        asked, details = question.words()
        yes = await self.app.push_screen_wait(
            Confirm(asked, details, "Send it there too", "Keep it where it is")
        )
        if yes:
            self._form.answer(question, yes=True)
        return yes

    @guarded("save")
    async def action_save(self) -> None:
        """Save everything and close; a field that is wrong gets the focus instead."""
        form = self._form
        self._take_model()
        if form.problems:
            self._edited.update(form.problems)
            self._show()
            fields = [field for fields in SECTIONS.values() for field in fields]
            self._page.focus_field(min(form.problems, key=fields.index))
            return
        while (question := form.next_question()) is not None:
            if await self._agree(question):
                continue
            if form.has_new_key(question.provider):
                self._page.focus_field("base_url")
                self._say(Effect("Not saved: the key may not go to that server.", Tone.WARNING))
                return
            form.answer(question, yes=False)
        changes = form.changes()
        try:
            await asyncio.to_thread(save_changes, self._config_file, changes)
        except WorkbenchError as error:
            self._say(failure_effect(error.failure))
            return
        self.dismiss(changes or None)

    @guarded("save")
    async def action_cancel(self) -> None:
        """Close without saving; what was edited is asked about first."""
        if await self.may_leave():
            self._preview(self._theme_before)
            self.dismiss(None)

    async def may_leave(self) -> bool:
        """Whether there is nothing to lose, or the user agrees to lose it."""
        self._take_model()
        titles = self._edited_titles()
        if not titles:
            return True
        if self._asking:
            return False
        self._asking = True
        try:
            return await self.app.push_screen_wait(
                Confirm("Leave without saving?", f"Edited: {titles}", "Leave", "Stay")
            )
        finally:
            self._asking = False

    def _take_model(self) -> None:
        """Take the model without waiting for the message that says so."""
        model_id = self._page.query_one(ModelSelect).commit()
        if model_id != self._form.model:
            self._form.choose_model(model_id)
            self._edited.add("model")

    def _preview(self, theme: str) -> None:
        if theme in self.app.available_themes:
            self.app.theme = theme
