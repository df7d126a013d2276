"""The library of presets (F8): found by name, read, applied to the chat, made and changed."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from tui.domain.errors import Failure, WorkbenchError
from tui.domain.presets import Preset
from tui.services.paths import shown
from tui.services.presets import PresetFolder, StoredPreset, kept_aside
from tui.ui.external_editor import edited_outside
from tui.ui.guard import guarded
from tui.ui.screens.ask_values import AskValues
from tui.ui.screens.confirm import Confirm
from tui.ui.screens.decide import Decide
from tui.ui.screens.preset_form import PresetForm
from tui.ui.widgets.catalogue.content_view import ContentView
from tui.ui.widgets.catalogue.key_line import KeyLine
from tui.ui.widgets.presets.preset_filter import PresetFilter, matching
from tui.ui.widgets.presets.preset_list import PresetList
from tui.ui.widgets.presets.preset_text import preset_text
from tui.ui.widgets.row_list import RowList

_NOTHING = Content("No preset has these words.")


@dataclass(frozen=True, slots=True)
class PresetChosen:
    """A preset to apply, and what its variables stand for."""

    preset: Preset
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Library:
    """What the screen works on.

    ``of_chat`` is the set-up of the conversation as a preset without a name, ``in_force`` the name
    of the one that it came from. ``is_known`` says whether a model can be asked, ``busy`` whether
    an answer streams.
    """

    folder: PresetFolder
    of_chat: Preset
    in_force: str
    is_known: Callable[[str], bool]
    environ: Mapping[str, str]
    busy: bool


class PresetsScreen(Screen[PresetChosen | None]):
    """Dismisses with what to apply, or with None."""

    CSS_PATH = "presets.tcss"
    AUTO_FOCUS = "PresetList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "new", "New", id="presets.new", tooltip="Keep what this chat asks with"),
        Binding("e", "edit", "Edit", id="presets.edit", tooltip="Change it; its file stays tidy"),
        Binding(
            "ctrl+e",
            "edit_file",
            "File",
            id="presets.file",
            tooltip="Open its TOML file in your own editor",
            priority=True,
        ),
        Binding("d", "duplicate", "Copy", id="presets.copy", tooltip="Make another one like it"),
        Binding(
            "v", "apply_with", "Values", id="presets.values", tooltip="Apply with other values"
        ),
        Binding("x", "clear", "None", id="presets.none", tooltip="Take the preset off this chat"),
        Binding("delete", "delete", "Delete", id="presets.delete", tooltip="Delete its file"),
        Binding("slash", "filter", "Filter", id="presets.filter", tooltip="Find one by its words"),
        Binding("f1", "app.help", "Help", id="presets.help", tooltip="Every key on one page"),
        Binding("escape,f8", "close", "Close", id="presets.close", tooltip="Back to the chat"),
    ]

    def __init__(self, library: Library) -> None:
        super().__init__()
        self._library = library
        self._presets: Sequence[StoredPreset] = ()

    def compose(self) -> ComposeResult:
        """Lay out the filter line, the list and the details."""
        with Horizontal(id="columns"):
            with Vertical(id="names"):
                yield PresetFilter()
                yield PresetList()
            yield ContentView()
        yield Static("", id="status", markup=False)
        yield KeyLine()

    @property
    def names(self) -> PresetList:
        """The list of presets."""
        return self.query_one(PresetList)

    async def on_mount(self) -> None:
        """Begin with the preset of the chat."""
        await self._load(self._library.in_force)

    async def _load(self, at: str | None) -> None:
        """Read the files, and put the cursor on the preset of a name."""
        self._presets = await asyncio.to_thread(self._library.folder.load)
        self._show(at)

    def _show(self, at: str | None) -> None:
        found = matching(self._presets, self.query_one(PresetFilter).value)
        self.names.show(found, self._library.in_force, at)
        broken = sum(bool(stored.problems) for stored in self._presets)
        words = [f"{len(found)} of {len(self._presets)} presets", f"{broken} with problems"]
        self.query_one("#status", Static).update(" · ".join(words[: 1 + bool(broken)]))
        self._show_details()

    def _show_details(self) -> None:
        stored = self.names.current
        text = _NOTHING
        if stored is not None:
            text = preset_text(stored, is_known=self._library.is_known(stored.preset.model))
        self.query_one(ContentView).show(text)

    @on(Input.Changed, "PresetFilter")
    def _filtered(self, event: Input.Changed) -> None:
        event.stop()
        current = self.names.current
        self._show(current.preset.name if current is not None else None)

    @on(PresetFilter.Left)
    def _to_list(self, event: PresetFilter.Left) -> None:
        event.stop()
        self.names.focus()

    @on(RowList.LeftUpwards)
    def action_filter(self) -> None:
        """Go to the filter line."""
        self.query_one(PresetFilter).focus()

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        event.stop()
        self._show_details()

    @on(Input.Submitted, "PresetFilter")
    @on(RowList.Chosen)
    def _chosen(self, event: Input.Submitted | RowList.Chosen) -> None:
        event.stop()
        self._apply(ask=False)

    def action_apply_with(self) -> None:
        """Apply the preset with values of its variables that are asked for."""
        self._apply(ask=True)

    @guarded("apply")
    async def _apply(self, *, ask: bool) -> None:
        stored = self.names.current
        if stored is None:
            return
        if not stored.readable:
            self._say("It cannot be applied before its file is put right.")
            return
        values: dict[str, str] | None = {}
        if stored.preset.asked or (ask and stored.preset.named):
            values = await self.app.push_screen_wait(AskValues(stored.preset))
        if values is not None:
            self.dismiss(PresetChosen(stored.preset, values))

    def action_clear(self) -> None:
        """Go on without a preset: by what the settings say, with no system prompt."""
        self.dismiss(PresetChosen(Preset(""), {}))

    @guarded("edit")
    async def action_new(self) -> None:
        """Make a preset of what the conversation asks with."""
        await self._write(self._library.of_chat)

    @guarded("edit")
    async def action_duplicate(self) -> None:
        """Make a preset like the one under the cursor."""
        stored = self._readable()
        if stored is not None:
            await self._write(replace(stored.preset, name=f"{stored.preset.name}-copy"))

    async def _write(self, preset: Preset) -> None:
        folder = self._library.folder

        async def save(written: Preset) -> None:
            await asyncio.to_thread(folder.save, written)

        await self._saved(PresetForm(preset, save, new=True))

    @guarded("edit")
    async def action_edit(self) -> None:
        """Change the preset under the cursor; of one that is built in, a copy is made."""
        stored, folder = self._readable(), self._library.folder
        if stored is None:
            return

        async def save(written: Preset) -> None:
            await asyncio.to_thread(folder.edit, stored, written)

        await self._saved(PresetForm(stored.preset, save))

    async def _saved(self, form: PresetForm) -> None:
        name = await self.app.push_screen_wait(form)
        if name is not None:
            await self._load(name)

    @guarded("edit")
    async def action_edit_file(self) -> None:
        """Open the file of the preset in the user's editor; what is wrong in it then is shown."""
        stored, folder = self.names.current, self._library.folder
        if stored is None:
            return
        before = await asyncio.to_thread(folder.text, stored)
        text = self._edited_outside(before)
        while text is not None and text.rstrip() != before.rstrip():
            try:
                after = await asyncio.to_thread(folder.write_text, stored, text)
            except WorkbenchError as error:
                again = await self._wants_it_again(stored, text, error.failure)
                text = self._edited_outside(text) if again else None
                continue
            await self._load(after.preset.name)
            if after.problems:
                self._say("\n".join(after.problems))
            return

    def _edited_outside(self, text: str) -> str | None:
        library = self._library
        return edited_outside(self, text, library.environ, busy=library.busy, suffix=".toml")

    async def _wants_it_again(self, stored: StoredPreset, text: str, failure: Failure) -> bool:
        """Keep a text that was not written, and ask whether to open it once more."""
        kept = await asyncio.to_thread(kept_aside, stored, text)
        answers = [("again", "Open it again", True), ("leave", "Give it up", False)]
        detail = failure.next_step
        if kept is not None:
            detail = f"{detail} What you wrote is in {shown(kept)}."
            answers = [("leave", "Leave it there", False), answers[0]]
        return await self.app.push_screen_wait(Decide(failure.what, detail, answers))

    @guarded("delete")
    async def action_delete(self) -> None:
        """Delete the file of the preset, after a question."""
        stored = self.names.current
        if stored is None:
            return
        if stored.built_in:
            self._say("It comes with the workbench and cannot be deleted.")
            return
        question = f"Delete the preset {stored.preset.name}?"
        detail = "Conversations that use it stay as they are."
        if await self.app.push_screen_wait(
            Confirm(question, detail, "Delete it", "Keep it", asked_by="delete")
        ):
            await asyncio.to_thread(self._library.folder.delete, stored)
            row = self.names.cursor or 0
            await self._load(None)
            self.names.move_to(min(row, self.names.count - 1))

    def _readable(self) -> StoredPreset | None:
        """The preset under the cursor, unless nothing is known of it."""
        stored = self.names.current
        if stored is not None and not stored.readable:
            self._say("Its file has to be put right first: Ctrl+E opens it.")
            return None
        return stored

    def _say(self, words: str) -> None:
        self.notify(words, severity="warning", markup=False)

    def action_close(self) -> None:
        """Go back to the chat."""
        self.dismiss(None)
