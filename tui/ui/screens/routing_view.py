"""The part of the routing editor that shows: values, what will happen, and who serves the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tui.domain.routing_text import json_text, value_words
from tui.domain.sanitize import single_line
from tui.ui.controllers.routing_desk import (
    FieldState,
    RoutingDesk,
    Stranger,
    provider_words,
)
from tui.ui.controllers.setup_scope import SCOPE_TITLES
from tui.ui.guard import run_guarded
from tui.ui.presence import is_there
from tui.ui.widgets.catalogue.key_line import KeyLine
from tui.ui.widgets.routing.endpoint_heading import EndpointHeading
from tui.ui.widgets.routing.endpoint_table import EndpointTable
from tui.ui.widgets.routing.field_list import Fallback, FieldList
from tui.ui.widgets.row_list import RowList
from tui.ui.widgets.scope_choice import ScopeChoice

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from tui.ui.controllers.model_desk import ModelDesk

_LONGEST = 400
_ASKING = "Asking who serves the model …"
_NOBODY = "The server names no endpoints for this model."
_ADD_HELP = "Enter picks a model that answers when this one, and those above, cannot."
STRANGER_HELP = "Not a field that the workbench knows: sent as it is. config.toml changes it."
_FALLBACK_HELP = "Alt+↑ and Alt+↓ move it, Delete takes it out. It is billed at its own price."


class RoutingView(Screen[None]):
    """Keeps every line in step with ``desk``."""

    CSS_PATH = "routing.tcss"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - an instance variable for Textual's own types
        (0, "-narrow"),
        (110, "-wide"),
        (160, "-huge"),
    ]

    def __init__(self, desk: RoutingDesk, models: ModelDesk) -> None:
        super().__init__()
        self.desk = desk
        self.models = models

    def compose(self) -> ComposeResult:
        """Lay out what will happen, the fields, and who serves the model."""
        with Vertical(id="head"):
            yield Static(self._title(), id="title")
            yield Static("", id="words", markup=False)
            yield Static("", id="warnings", markup=False)
        yield ScopeChoice(self.desk.scope, self.desk.counts())
        table = EndpointTable(id="endpoints")
        with Container(id="panes"):
            with Vertical(id="setting"):
                yield FieldList(id="fields")
                yield Static("", id="about", markup=False)
            with Vertical(id="serving"):
                yield Static("", id="offers", markup=False)
                yield EndpointHeading(table)
                yield table
                yield Static("", id="provider", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show what is known, and ask for the rest."""
        self.show()
        self.fields.focus()
        self.start(self.read())

    def on_screen_resume(self) -> None:
        """Leave if another model was chosen meanwhile: its routing is another one."""
        if not self.desk.is_current:
            self.dismiss(None)

    @property
    def fields(self) -> FieldList:
        """The fields and the fallbacks."""
        return self.query_one(FieldList)

    @property
    def endpoints(self) -> EndpointTable:
        """Who serves the model."""
        return self.query_one(EndpointTable)

    def session_changed(self) -> None:
        """The settings or the catalogue have changed."""
        if is_there(self):
            self.show()

    async def read(self, *, again: bool = False) -> None:
        """Ask who serves the model, and who can be named."""
        await self.desk.read_endpoints(again=again)
        self.session_changed()
        if not self.desk.providers:
            await self.desk.read_providers()
            self.session_changed()

    def start(self, work: Coroutine[Any, Any, object]) -> None:
        """Do something that takes its time; a failure of it is shown."""
        run_guarded(self.app, work, "routing")

    def _title(self) -> Content:
        model_id = single_line(self.desk.model_id, _LONGEST)
        return Content.assemble(("Routing", "bold $text-accent"), f"   {model_id}")

    def show(self) -> None:
        """Show every value, what will happen, and whom that leaves."""
        desk = self.desk
        explanation = desk.explanation()
        self.query_one("#words", Static).update(Content.styled(explanation.words, "bold"))
        warnings = self.query_one("#warnings", Static)
        warnings.update(Content("\n").join([_warning(one) for one in explanation.warnings]))
        warnings.display = bool(explanation.warnings)
        self.query_one(ScopeChoice).counts = desk.counts()
        self.fields.show(desk.fields(), desk.strangers(), desk.fallbacks)
        self.endpoints.show(explanation, desk.ordered(explanation), self.models.now())
        self.query_one("#offers", Static).update(self._offers(len(explanation.excluded)))
        self.query_one(EndpointHeading).refresh()
        self._show_about()
        self._show_provider()

    def _offers(self, excluded: int) -> Content:
        """How many serve the model, or why nobody is listed."""
        read = self.desk.read
        if read is None:
            return Content(_ASKING)
        failure = read.failure
        if failure is not None:
            return _warning(f"{failure.what} F5 asks again.")
        count = len(read.endpoints)
        if not count:
            return Content(_NOBODY)
        left_out = f", {excluded} left out" if excluded else ""
        words = f"{count} endpoint{'s' * (count > 1)}{left_out}"
        return Content.assemble(words, ("   o only  p prefer  n never", "$text-accent"))

    @on(RowList.Moved, "#fields")
    def _show_about(self) -> None:
        """Say what the field under the cursor does, and what holds for it."""
        about = self.query_one("#about", Static)
        match self.fields.current:
            case FieldState() as state:
                about.update(Content("\n").join([Content(state.field.help), self._held(state)]))
            case Stranger(name, value, set_in):
                shown = f"{single_line(name, _LONGEST)} = {json_text(value)}"
                held = Content.styled(f"{shown}, for {SCOPE_TITLES[set_in]}", "$text-accent")
                about.update(Content("\n").join([Content(STRANGER_HELP), held]))
            case Fallback(_, ""):
                about.update(Content(_ADD_HELP))
            case Fallback():
                about.update(Content(_FALLBACK_HELP))
            case None:
                about.update(Content(""))

    @on(RowList.Moved, "#endpoints")
    def _show_provider(self) -> None:
        """Tell about the provider under the cursor."""
        endpoint = self.endpoints.current
        provider = self.desk.provider_of(endpoint) if endpoint is not None else None
        words = provider_words(provider) if provider is not None else ""
        self.query_one("#provider", Static).update(Content(single_line(words, _LONGEST)))

    def _held(self, state: FieldState) -> Content:
        """The whole value, and for what it is set."""
        if state.set_in is None:
            return Content.styled("Not set: OpenRouter decides.", "$quiet")
        words = f"{value_words(state.field, state.value)}, for {SCOPE_TITLES[state.set_in]}"
        if state.own is not None and state.set_in is not self.desk.scope:
            own = value_words(state.field, state.own)
            words += f"; that goes before {own} for {SCOPE_TITLES[self.desk.scope]}"
        return Content.styled(single_line(words, _LONGEST), "$text-accent")


def _warning(words: str) -> Content:
    return Content.styled(f"! {single_line(words, _LONGEST)}", "$text-warning")
