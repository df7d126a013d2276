"""The parameters of the model in use (F6): for this conversation, this model, or every model."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Button, Input, Static, TextArea

from tui.domain.errors import WorkbenchError
from tui.domain.sanitize import single_line
from tui.ui.controllers.money_desk import now_utc
from tui.ui.controllers.parameter_form import ParameterForm
from tui.ui.controllers.settings_effects import Effect, Tone, failure_effect
from tui.ui.controllers.setup_scope import SCOPE_TITLES, Scope, Setup
from tui.ui.guard import guarded
from tui.ui.screens.confirm import Confirm
from tui.ui.widgets.choice import Choice
from tui.ui.widgets.effect_line import EffectLine
from tui.ui.widgets.parameter_field import ParameterChosen, ParameterRefused
from tui.ui.widgets.parameters_page import ParametersPage
from tui.ui.widgets.scope_choice import ScopeChoice
from tui.ui.widgets.tick import Tick


class ParametersScreen(Screen[None]):
    """Edits ``form`` and keeps it by ``setup``, as a whole or not at all.

    ``at`` is the parameter to start at.
    """

    CSS_PATH = "parameters.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-huge")]  # noqa: RUF012 - Textual declares no ClassVar
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", id="settings.save", tooltip="Save and close"),
        Binding(
            "escape",
            "cancel",
            "Cancel",
            id="settings.cancel",
            tooltip="Close; asks first if something is not saved",
        ),
        Binding(
            "f6",
            "cancel",
            "Close",
            id="settings.parameters",
            tooltip="Close the parameters",
            show=False,
            priority=True,
        ),
        Binding(
            "ctrl+r",
            "reset",
            "Reset",
            id="settings.reset",
            tooltip="Take the value back that is set here",
            priority=True,
        ),
    ]

    def __init__(self, form: ParameterForm, setup: Setup, at: str | None = None) -> None:
        super().__init__()
        self.form = form
        self._setup = setup
        self._at = at
        self._asking = False
        self._saving = False

    def compose(self) -> ComposeResult:
        """Lay out the scopes, the parameters and the line with the answers."""
        with Horizontal(id="title"):
            yield Static("Parameters", id="name", markup=False)
            yield Static(single_line(self.form.asked.model_id), id="model", markup=False)
        yield ScopeChoice(self.form.scope, self.form.counts())
        yield ParametersPage(self.form, now_utc())
        with Horizontal(id="end"):
            yield EffectLine(self._status())
            with Horizontal(id="answers"):
                yield Button("Save  Ctrl+S", id="save", compact=True)
                yield Button("Cancel  Esc", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Start at the parameter that is asked for, else where the scope is chosen."""
        if self._at in [one.name for one in self.form.parameters]:
            self.page.focus_field(self._at or "")
        else:
            self.query_one(ScopeChoice).focus()

    @property
    def page(self) -> ParametersPage:
        """The fields."""
        return self.query_one(ParametersPage)

    def show(self) -> None:
        """Say at every field what it does, what is wrong, and what is not saved."""
        self.page.show_effects()
        self.query_one(ScopeChoice).counts = self.form.counts()
        self._say(self._status())

    def _say(self, effect: Effect) -> None:
        self.query_one("#end > EffectLine", EffectLine).show(effect)

    def _status(self) -> Effect:
        refused, unsaved = self.form.refused(), self.form.unsaved()
        if refused:
            parts = (
                f"{', '.join(self.form.titles(names))}, for {SCOPE_TITLES[scope]}"
                for scope, names in refused.items()
            )
            return Effect(f"Not right yet: {'; '.join(parts)}", Tone.ERROR)
        if unsaved:
            return Effect(f"Not saved: {', '.join(unsaved)}", Tone.WARNING)
        return Effect("No changes. Ctrl+R resets a field.")

    @on(ScopeChoice.Changed)
    def _scope_chosen(self, event: ScopeChoice.Changed) -> None:
        self.form.show_scope(event.scope)
        self.page.show_values()
        self.show()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._enter(event.input.id, event.value)

    @on(TextArea.Changed)
    def _written(self, event: TextArea.Changed) -> None:
        self._enter(event.text_area.id, event.text_area.text)

    def _enter(self, name: str | None, text: str) -> None:
        # A field that is set to another scope's value tells of it a moment later.
        if name is not None and text != self.form.text(name):
            self.form.enter(name, text)
            self.show()

    @on(Choice.Changed)
    def _chosen(self, event: Choice.Changed) -> None:
        self._put(event.choice.id or "", event.value or None)

    @on(Tick.Changed)
    def _checked(self, event: Tick.Changed) -> None:
        self._put(event.tick.id or "", event.value)

    @on(ParameterChosen)
    def _parameter_chosen(self, event: ParameterChosen) -> None:
        self._put(event.name, event.value)

    def _put(self, name: str, value: object) -> None:
        self.form.put(name, value)
        self.show()

    @on(ParameterRefused)
    def _parameter_refused(self, event: ParameterRefused) -> None:
        self.form.refuse(event.name, event.entered, event.words)
        self.show()

    @on(Input.Submitted)
    def _entered(self) -> None:
        self.focus_next()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        match event.button.id:
            case "save":
                self.action_save()
            case "cancel":
                self.action_cancel()
            case str() as name:
                self._reset(name.removeprefix("reset-"))

    def action_reset(self) -> None:
        """Say nothing of the parameter in whose field the cursor is any more."""
        name = self.page.name_of(self.focused)
        if name is not None:
            self._reset(name)

    def _reset(self, name: str) -> None:
        self.form.put(name, None)
        self.page.show_value(next(one for one in self.form.parameters if one.name == name))
        self.show()

    def action_save(self) -> None:
        """Keep everything and close; a field that is wrong gets the focus instead."""
        if not self._saving:
            self._save()

    @guarded("save")
    async def _save(self) -> None:
        for scope, names in self.form.refused().items():
            self.query_one(ScopeChoice).value = scope
            self.page.focus_field(names[0])
            return
        # config.toml may have been read anew since, as after a question over this screen.
        self.form.rebase({scope: self._setup.table(scope) for scope in Scope})
        self._saving = True
        try:
            await self._setup.store_all(self.form.changed_tables())
        except WorkbenchError as error:
            self._say(failure_effect(error.failure))
            return
        finally:
            self._saving = False
        self.dismiss(None)

    @guarded("leave")
    async def action_cancel(self) -> None:
        """Close without saving; what was edited is asked about first.

        What is being saved is saved as a whole: nothing is left in the middle of that.
        """
        if not self._saving and await self.may_leave():
            self.dismiss(None)

    async def may_leave(self) -> bool:
        """Whether there is nothing to lose, or the user agrees to lose it."""
        unsaved = self.form.unsaved()
        if not unsaved:
            return True
        if self._asking:
            return False
        self._asking = True
        try:
            edited = f"Edited: {', '.join(unsaved)}"
            return await self.app.push_screen_wait(
                Confirm("Leave without saving?", edited, "Leave", "Stay", asked_by="escape")
            )
        finally:
            self._asking = False
