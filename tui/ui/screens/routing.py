"""The routing of a model (F7): who may serve it, who is asked first, and who steps in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from tui.domain.routing import FieldKind, RoutingField
from tui.domain.routing_text import choices, value_text
from tui.domain.sanitize import single_line
from tui.ui.controllers.routing_desk import FieldState, Stranger
from tui.ui.controllers.setup_scope import SCOPE_TITLES, Scope
from tui.ui.screens.routing_value import Name, RoutingValue, Typed
from tui.ui.screens.routing_view import STRANGER_HELP, RoutingView
from tui.ui.widgets.catalogue.endpoint_list import EndpointList
from tui.ui.widgets.routing.field_list import Fallback, FieldList
from tui.ui.widgets.row_list import RowList
from tui.ui.widgets.scope_choice import ScopeChoice

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence
    from typing import Any

    from tui.domain.routing_text import Value

_LONGEST = 400
_UNSET = "not set"


class RoutingScreen(RoutingView):
    """Each change is kept at once and holds from the next message on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "app.help", "Help", id="routing.help", tooltip="Every key on one page"),
        Binding("escape,f7,q", "close", "Close", id="routing.close", tooltip="Back to the chat"),
        Binding(
            "tab",
            "app.focus_next",
            "Fields or endpoints",
            id="routing.next",
            tooltip="Fields, endpoints, scope",
        ),
        Binding(
            "s",
            "scope",
            "Scope",
            id="routing.scope",
            tooltip="Set it for this conversation, for this model, or for every model",
        ),
        Binding(
            "f5", "ask_again", "Ask again", id="routing.ask", tooltip="Read the endpoints anew"
        ),
    ]

    @on(ScopeChoice.Changed)
    def _scope_changed(self, event: ScopeChoice.Changed) -> None:
        self.desk.scope = event.scope
        self.show()

    def action_scope(self) -> None:
        """Go on to the next scope, from the last one to the first."""
        scopes = tuple(Scope)
        place = scopes.index(self.desk.scope) + 1
        self.query_one(ScopeChoice).value = scopes[place % len(scopes)]

    @on(RowList.LeftUpwards, "#fields")
    def _up_to_scope(self) -> None:
        self.query_one(ScopeChoice).focus()

    @on(FieldList.ChangeWanted)
    def _change(self, event: FieldList.ChangeWanted) -> None:
        match event.row:
            case FieldState(field) as state if choices(field):
                self._choose(state)
            case FieldState() as state:
                self._type(state)
            case Stranger():
                self._say(STRANGER_HELP)
            case Fallback():
                self._pick_fallback()

    def _choose(self, state: FieldState) -> None:
        from tui.ui.screens.list_chooser import ListChooser

        offered = [(_UNSET, None), *choices(state.field)]
        values = [value for _, value in offered]
        rows = [(words, "") for words, _ in offered]
        at = values.index(state.own) if state.own in values else 0

        def chosen(place: int | None) -> None:
            if place is not None:
                self.start(self._set(state.field, values[place]))

        heading = f"{state.field.title}: for {SCOPE_TITLES[self.desk.scope]}"
        self.app.push_screen(ListChooser(heading, rows, at), chosen)

    def _type(self, state: FieldState) -> None:
        value = state.own if state.own is not None else state.value
        text = "" if value is None else value_text(value)

        def read(typed: str) -> Value:
            return self.desk.read_value(state.field, typed)

        def names(typed: str) -> Sequence[Name]:
            return self._names(state.field, typed)

        def entered(typed: Typed | None) -> None:
            if typed is not None:
                self.start(self._set(state.field, typed.value))

        self.app.push_screen(RoutingValue(state.field, text, read, names), entered)

    def _names(self, field: RoutingField, text: str) -> list[Name]:
        """The names that a word of a list may mean."""
        if field.kind is FieldKind.NAMES:
            wanted = text.lower()
            return [Name(name) for name in field.choices if wanted in name]
        if field.kind is not FieldKind.SLUGS:
            return []
        serving = {endpoint.tag.partition("/")[0] for endpoint in self.desk.endpoints}
        return [
            Name(one.slug, f"{one.name}{', serves this model' * (one.slug in serving)}")
            for one in self.desk.completions(text)
        ]

    async def _set(self, field: RoutingField, value: Value) -> None:
        self._say(await self.desk.set(field.name, value))
        self.session_changed()

    @on(FieldList.UnsetWanted)
    def _unset(self, event: FieldList.UnsetWanted) -> None:
        match event.row:
            case FieldState(field, own=own):
                if own is not None:
                    self.start(self._set(field, None))
                else:
                    self._say(f"Nothing is set for {SCOPE_TITLES[self.desk.scope]} here.")
            case Stranger():
                self._say(STRANGER_HELP)
            case Fallback(place, model_id) if model_id:
                self.start(self._changed(self.desk.remove_fallback(place)))

    async def _changed(self, work: Coroutine[Any, Any, object]) -> None:
        await work
        self.session_changed()

    @on(FieldList.FallbackWanted)
    def _pick_fallback(self) -> None:
        """Let a model be picked that steps in for this one."""
        from tui.ui.screens.model_picker import ModelPicker

        def picked(model_id: str | None) -> None:
            if model_id is not None:
                self.start(self._add(model_id))

        self.app.push_screen(ModelPicker(self.models, self.desk.model_id), picked)

    async def _add(self, model_id: str) -> None:
        words = await self.desk.add_fallback(model_id)
        self.session_changed()
        self._say(words)
        if not words:
            self.fields.go_to_fallback(len(self.desk.fallbacks) - 1)

    @on(FieldList.ShiftWanted)
    def _shift(self, event: FieldList.ShiftWanted) -> None:
        self.start(self._shifted(event.place, event.by))

    async def _shifted(self, place: int, by: int) -> None:
        to = await self.desk.move_fallback(place, by)
        self.session_changed()
        self.fields.go_to_fallback(to)

    @on(EndpointList.ChoiceMade)
    def _provider_chosen(self, event: EndpointList.ChoiceMade) -> None:
        self.start(self._prefer(event))

    async def _prefer(self, event: EndpointList.ChoiceMade) -> None:
        self._say(await self.desk.choose(event.tag, event.choice))
        self.session_changed()

    def action_ask_again(self) -> None:
        """Ask anew who serves the model."""
        self.start(self.read(again=True))

    def action_close(self) -> None:
        """Go back; everything is kept already."""
        self.dismiss(None)

    def _say(self, words: str) -> None:
        if words:
            self.notify(single_line(words, _LONGEST), markup=False)
