"""The dialog that finds a file to attach: a part of its name, or a path, then Enter."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.domain.errors import WorkbenchError
from tui.domain.sanitize import single_line
from tui.services.attachments import described
from tui.services.paths import shown
from tui.ui.controllers.file_choice import FileChoice, FileRow, is_path
from tui.ui.guard import guarded

_LOOK_AFTER = 0.15
"""Seconds that the cursor rests on a file before it is looked into."""
_LONGEST = 400


class AttachFile(ModalScreen[Path | None]):
    """Dismisses with the path of a file, or with None.

    The focus stays in the line: Up and Down move the cursor of the list, Enter goes into a folder.
    """

    CSS_PATH = "attach_file.tcss"
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Close", id="attach.close", tooltip="Attach nothing"),
        Binding("down", "move(1)", "Down", id="attach.down", tooltip="Row below", priority=True),
        Binding("up", "move(-1)", "Up", id="attach.up", tooltip="Row above", priority=True),
        Binding(
            "pagedown", "move(10)", "Page down", id="attach.page_down", tooltip="Ten rows down"
        ),
        Binding("pageup", "move(-10)", "Page up", id="attach.page_up", tooltip="Ten rows up"),
        Binding(
            "tab",
            "complete",
            "Complete",
            id="attach.complete",
            tooltip="Write the path of the row into the line",
            priority=True,
        ),
    ]

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._choice = FileChoice(folder)
        self._rows: Sequence[FileRow] = ()
        self._listed_for: str | None = None
        self._looking: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the line, the list and what is said of the file under the cursor."""
        with Vertical(id="dialog"):
            yield Input(placeholder="Part of a file's name, or a path: ~/…, /…, ../…", compact=True)
            yield OptionList(markup=False)
            yield Static(id="told", markup=False)
            yield Static("Enter attaches · Tab completes · Esc closes", id="keys", markup=False)

    def on_mount(self) -> None:
        """List what is in the folder."""
        self._files.can_focus = False
        self._tell(f"Reading {shown(self._choice.folder)} …")
        self._list()

    @property
    def _files(self) -> OptionList:
        return self.query_one(OptionList)

    @guarded("files")
    async def _list(self) -> None:
        await self._choice.list()
        self._follow()

    def on_input_changed(self) -> None:
        """Another text means other files."""
        self._follow()

    @guarded("rows")
    async def _follow(self) -> None:
        """Show the files for the text of now."""
        await self._fill()

    async def _fill(self) -> None:
        text = self.query_one(Input).value
        self._rows, self._listed_for = await self._choice.rows(text), text
        self._files.clear_options()
        self._files.add_options(Option(_line(row)) for row in self._rows)
        self._files.highlighted = 0 if self._rows else None
        if not self._rows:
            index, where = self._choice.index, shown(self._choice.folder)
            along = is_path(text.strip())
            below = "there" if along else f"below {where}"
            reading = index is None and not along
            self._tell(f"Reading {where} …" if reading else f"Nothing of that name {below}.")

    def on_option_list_option_highlighted(self) -> None:
        """Look at the file once the cursor rests on it."""
        if self._looking is not None:
            self._looking.stop()
        self._looking = self.set_timer(_LOOK_AFTER, self._look)

    @guarded("look")
    async def _look(self) -> None:
        row = self._row
        if row is None:
            return
        if row.is_folder:
            self._tell("A folder: Enter goes into it.")
            return
        try:
            found = await described(row.path)
        except WorkbenchError as error:
            self._tell(error.failure.what, wrong=True)
            return
        attachment = found.attachment
        if found.doubt:
            self._tell(found.doubt, wrong=True)
        else:
            whole = self._choice.index is None or self._choice.index.whole
            more = "" if whole else " · not all files are listed; type a path for others"
            self._tell(f"{attachment.words} · {attachment.kind}{more}")

    @property
    def _row(self) -> FileRow | None:
        at = self._files.highlighted
        return self._rows[at] if at is not None and at < len(self._rows) else None

    def _tell(self, words: str, *, wrong: bool = False) -> None:
        told = self.query_one("#told", Static)
        told.update(single_line(words, _LONGEST))
        told.set_class(wrong, "-wrong")

    def action_move(self, rows: int) -> None:
        """Move the cursor of the list."""
        at = self._files.highlighted
        if at is not None:
            self._files.highlighted = max(0, min(at + rows, len(self._rows) - 1))

    def action_complete(self) -> None:
        """Write the row into the line, so that a path can go on from there."""
        if self._row is not None:
            self._write(self._row.typed or str(self._row.path))

    def _write(self, text: str) -> None:
        line = self.query_one(Input)
        line.value = text
        line.cursor_position = len(text)

    def on_input_submitted(self) -> None:
        """Take the row under the cursor."""
        self._take_typed()

    @guarded("take")
    async def _take_typed(self) -> None:
        """Take the row for what is typed, also where that was faster than the list."""
        if self.query_one(Input).value != self._listed_for:
            await self._fill()
        self._take()

    def on_option_list_option_selected(self) -> None:
        """Take what was clicked."""
        self._take()

    def _take(self) -> None:
        row = self._row
        if row is None:
            return
        if row.is_folder:
            self._write(row.typed)
        else:
            self.dismiss(row.path)

    def action_cancel(self) -> None:
        """Attach nothing."""
        self.dismiss(None)


def _line(row: FileRow) -> Content:
    """A row with the characters that match; a name that cannot be shown as it is has no marks."""
    name = single_line(row.shown, _LONGEST)
    text = Content(name)
    if name == row.shown:
        for mark in row.marks:
            text = text.stylize("bold $text-accent", mark, mark + 1)
    return text
