"""A preset to be written: its name, what it is for, its model and its system prompt."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Input, Static

from tui.domain.errors import WorkbenchError
from tui.domain.model import normalise_model_id
from tui.domain.presets import LONGEST_DESCRIPTION, Preset
from tui.domain.sanitize import single_line, storable
from tui.ui.guard import guarded
from tui.ui.screens.confirm import Confirm
from tui.ui.widgets.catalogue.key_line import KeyLine
from tui.ui.widgets.folding_area import FoldingArea
from tui.ui.widgets.real_cursor import keep_cursor_in

_FIELDS = ("name", "description", "model")
_PLACEHOLDERS = ("letters, digits, hyphens", "what it is for", "that of the conversation")
_HINT = "{{name}} in the system prompt is asked for when the preset is applied."

Save = Callable[[Preset], Awaitable[object]]


class PresetForm(Screen[str | None]):
    """Dismisses with the name under which the preset was saved, or with None.

    ``save`` may refuse with a WorkbenchError in words. What the form does not show stays as it is
    in ``preset``. The name of one that is ``new`` is still to be chosen.
    """

    CSS_PATH = "preset_form.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", id="preset.save", tooltip="Keep the preset"),
        Binding("f1", "app.help", "Help", id="preset.help", tooltip="Every key on one page"),
        Binding(
            "escape",
            "close",
            "Close",
            id="preset.close",
            tooltip="Back to the presets; what was changed is asked about",
        ),
    ]

    def __init__(self, preset: Preset, save: Save, *, new: bool = False) -> None:
        super().__init__()
        self._new = new
        self._preset = preset
        self._save = save
        self._asking = False

    def compose(self) -> ComposeResult:
        """Lay out the fields."""
        for field, words in zip(_FIELDS, _PLACEHOLDERS, strict=True):
            with Horizontal(classes="field"):
                yield Static(field.title(), classes="label", markup=False)
                value = single_line(getattr(self._preset, field))
                yield Input(value, placeholder=words, id=field, compact=True)
        yield Static(f"System prompt   {_HINT}", id="hint", markup=False)
        yield FoldingArea()
        yield Static("", id="problem", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin with the preset as it is."""
        self.query_one("#description", Input).max_length = LONGEST_DESCRIPTION
        area = self.query_one(FoldingArea)
        area.put(self._preset.system)
        for field in self.query(Input):
            keep_cursor_in(field)
        keep_cursor_in(area)
        (self.query_one("#name") if self._new else area).focus()

    @property
    def written(self) -> Preset:
        """The preset as it is written in the fields."""
        name, description, model = (
            self.query_one(f"#{field}", Input).value.strip() for field in _FIELDS
        )
        return replace(
            self._preset,
            name=name,
            description=single_line(description),
            model=normalise_model_id(model),
            system=storable(self.query_one(FoldingArea).unfolded.strip("\n")),
        )

    @guarded("save")
    async def action_save(self) -> None:
        """Save and close; what is wrong is said below."""
        written = self.written
        try:
            await self._save(written)
        except WorkbenchError as error:
            words = f"{error.failure.what} {error.failure.next_step}"
            self.query_one("#problem", Static).update(words)
        else:
            self.dismiss(written.name)

    @guarded("close")
    async def action_close(self) -> None:
        """Go back; what was changed is asked about first."""
        if await self.may_leave():
            self.dismiss(None)

    async def may_leave(self) -> bool:
        """Whether there is nothing to lose, or the user agrees to lose it."""
        if self.written == self._preset:
            return True
        if self._asking:
            return False
        self._asking = True
        try:
            question = "Leave the preset as it was?"
            detail = "What you changed would be lost. Ctrl+S saves it."
            return await self.app.push_screen_wait(
                Confirm(question, detail, "Leave it", "Stay", asked_by="escape")
            )
        finally:
            self._asking = False
