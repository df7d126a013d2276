"""The parameters that a model takes, group by group."""

from collections.abc import Mapping
from datetime import datetime

from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from tui.domain.parameters import Parameter, ParameterGroup, ParameterKind
from tui.ui.controllers.format_choice import format_entries
from tui.ui.controllers.parameter_effects import parameter_effect
from tui.ui.controllers.parameter_form import ParameterForm
from tui.ui.controllers.reasoning_choice import reasoning_entries
from tui.ui.widgets.choice import Choice
from tui.ui.widgets.fields_page import FieldsPage
from tui.ui.widgets.format_field import FormatField
from tui.ui.widgets.lines_area import LinesArea
from tui.ui.widgets.parameter_field import ParameterField
from tui.ui.widgets.reasoning_field import ReasoningField
from tui.ui.widgets.setting_row import SettingRow
from tui.ui.widgets.tick import Tick

_UNSET = ""


class ParametersPage(FieldsPage, can_focus=False):
    """A row for each parameter of ``form``; its field shows what the chosen scope says."""

    def __init__(self, form: ParameterForm, now: datetime) -> None:
        super().__init__(id="page")
        self._form = form
        self._now = now
        self._fields = {
            known.name: ParameterField(known.name, self._control(known))
            for known in form.parameters
        }
        self._rows = {known.name: self._row(known) for known in form.parameters}
        self._offer_resets()

    def compose(self) -> ComposeResult:
        """Lay out every group that has something in it."""
        for group in ParameterGroup:
            known = [one for one in self._form.parameters if one.group is group]
            if known and not self._heads(known[0]):
                yield Static(group, classes="section", markup=False)
            yield from (self._rows[one.name] for one in known)

    @staticmethod
    def _heads(known: Parameter) -> bool:
        """Whether a parameter is called like its group, and stands for the heading."""
        return known.title == known.group

    def _row(self, known: Parameter) -> SettingRow:
        control = self._fields[known.name]
        title = "" if isinstance(control.value, Tick) else known.title
        effect = parameter_effect(self._form, known, self._now)
        words = f"{known.help} {known.bounds}".strip()
        return SettingRow(known.name, title, words, control, effect, heads=self._heads(known))

    def _control(self, known: Parameter) -> Widget:
        form, name = self._form, known.name
        match known.kind:
            case ParameterKind.FLAG:
                return Tick(known.title, self._is_checked(known), id=name)
            case ParameterKind.CHOICE:
                entries = [("not set here", _UNSET), *((one, one) for one in known.choices)]
                return Choice(entries, form.text(name), prompt="not set here", id=name)
            case ParameterKind.TEXTS:
                return LinesArea(form.text(name), id=name)
            case ParameterKind.REASONING if form.reasoning is not None:
                return ReasoningField(reasoning_entries(form.reasoning), self._table(name))
            case ParameterKind.FORMAT:
                return FormatField(format_entries(form.asked.model), self._table(name))
            case _:
                return Input(form.text(name), id=name, placeholder=form.inherited[name])

    def _is_checked(self, known: Parameter) -> bool:
        written = self._form.written(known.name)
        value = self._form.in_force(known)[0] if written is None else written
        return bool(known.default if value is None else value)

    def _table(self, name: str) -> Mapping[str, object]:
        for value in (self._form.entered(name), self._form.written(name)):
            if isinstance(value, dict):
                return value
        return {}

    def show_values(self) -> None:
        """Show in every field what the chosen scope says; no field reports that as an edit."""
        for known in self._form.parameters:
            self.show_value(known)
        self.show_effects()

    def show_value(self, known: Parameter) -> None:
        """Show in one field what the chosen scope says."""
        control, name = self._fields[known.name].value, known.name
        with self.prevent(Input.Changed, Choice.Changed, Tick.Changed, TextArea.Changed):
            match control:
                case Input():
                    control.value = self._form.text(name)
                case Choice():
                    control.value = self._form.text(name)
                case Tick():
                    control.value = self._is_checked(known)
                case TextArea():
                    control.load_text(self._form.text(name))
                case ReasoningField() | FormatField():
                    entered = self._form.entered(name)
                    raw = entered if isinstance(entered, tuple) else None
                    control.show(self._table(name), raw)

    def show_effects(self) -> None:
        """Say at each field what it does and what is wrong with it."""
        form = self._form
        for known in form.parameters:
            row = self._rows[known.name]
            effect = parameter_effect(form, known, self._now)
            row.show(effect, form.problem(known.name))
            control = self._fields[known.name].value
            if isinstance(control, Input):
                control.placeholder = form.inherited[known.name]
            if isinstance(control, Tick) and form.written(known.name) is None:
                with self.prevent(Tick.Changed):
                    control.value = self._is_checked(known)
        self._offer_resets()

    def _offer_resets(self) -> None:
        for known in self._form.parameters:
            self._fields[known.name].offer_reset(self._form.is_set(known.name))

    def focus_field(self, name: str) -> None:
        """Put the cursor into the field of a parameter and bring it into view."""
        self.query_one(f"#{name}").focus()

    def name_of(self, widget: Widget | None) -> str | None:
        """The parameter in whose row a widget is."""
        for node in widget.ancestors_with_self if widget is not None else ():
            if isinstance(node, SettingRow):
                return node.field
        return None
