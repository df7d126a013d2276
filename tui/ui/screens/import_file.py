"""Importing conversations: name a file, see what it holds, then take it or leave it."""

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalGroup
from textual.content import Content
from textual.widgets import Button, Input, ProgressBar, Static

from tui.domain.errors import WorkbenchError
from tui.domain.sanitize import single_line, visible
from tui.services.importer import ImportResult, ImportStoppedError, Reading
from tui.services.importer_words import news_words, reading_lines
from tui.ui.controllers.importing import Importing
from tui.ui.guard import guarded
from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.real_cursor import keep_cursor_in

_MOST_PROBLEMS = 5
_KINDS = (
    "JSON that this program exported, ChatGPT's conversations.json, or a chat saved by "
    "OpenRouter's chatroom. First it is only read and counted."
)


class ImportScreen(Dialog[ImportResult | None]):
    """Dismisses with what was written, or with None if nothing was.

    Escape leaves at any time; while it writes, that takes everything back.
    """

    CSS_PATH = "import_file.tcss"
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", id="import.cancel", tooltip="Import nothing"),
    ]

    def __init__(self, importing: Importing, path: str = "") -> None:
        super().__init__()
        self._importing = importing
        self._path = path

    def compose(self) -> ComposeResult:
        """Lay out the path, what it holds, and the answers."""
        with VerticalGroup(id="dialog"):
            yield Static("Import conversations from a file", id="question", markup=False)
            yield Input(self._path, placeholder="Path of the file", compact=True)
            yield Static(_KINDS, id="words", markup=False)
            yield ProgressBar(show_eta=False)
            with Horizontal(id="answers"):
                yield Button("Cancel", id="cancel", compact=True)
                yield Button("Import", id="import", compact=True)
            yield Static("Enter reads the file, Esc cancels", id="keys", markup=False)

    def on_mount(self) -> None:
        """A path that was given is read at once."""
        keep_cursor_in(self.query_one(Input))
        if self._path:
            self._read(self._path)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another file is meant: what was read is none of it."""
        event.stop()
        if event.value != self._path:
            self.workers.cancel_node(self)
            self._importing.reading = None
            self._path = ""
            self._say(_KINDS, "Enter reads the file, Esc cancels")
            self._dialog.remove_class("-read")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Read the file."""
        event.stop()
        if event.value.strip():
            self._read(event.value)

    @property
    def _dialog(self) -> VerticalGroup:
        return self.query_one("#dialog", VerticalGroup)

    def _say(self, words: str, keys: str, *, problem: bool = False) -> None:
        said = self.query_one("#words", Static)
        said.update(Content(words))
        said.set_class(problem, "-problem")
        self.query_one("#keys", Static).update(Content(keys))

    @guarded("import")
    async def _read(self, path: str) -> None:
        self._path = path
        self._dialog.remove_class("-read")
        self._say("Reading …", "Esc cancels")
        try:
            reading = await self._importing.read(path)
        except WorkbenchError as error:
            failure = error.failure
            self._not_read(f"{visible(failure.what)}\n{visible(failure.next_step)}")
            return
        except Exception:
            self._not_read("It could not be read.")
            raise
        self._offer(reading, await asyncio.to_thread(reading_lines, reading, _MOST_PROBLEMS))

    def _not_read(self, words: str) -> None:
        self._say(words, "Enter reads the file, Esc cancels", problem=True)

    def _offer(self, reading: Reading, found: Sequence[str]) -> None:
        """Show what is in the file, and let it be taken if that is anything."""
        lines = [single_line(reading.source, 80), *found]
        news = news_words(reading)
        if not news:
            here = "All of it is here already: there" if reading.conversations else "There"
            self._say("\n".join([*lines, f"{here} is nothing to import."]), "Esc closes")
            return
        self._say("\n".join(lines), "Tab moves, Enter chooses, Esc cancels")
        button = self.query_one("#import", Button)
        button.label = Content(f"Import {news}")
        self._dialog.add_class("-read")
        button.focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take it, or leave it."""
        event.stop()
        reading = self._importing.reading
        if event.button.id == "import" and reading is not None:
            self._write(reading)
        else:
            self.action_leave()

    @guarded("import")
    async def _write(self, reading: Reading) -> None:
        self._dialog.add_class("-writing")
        self.query_one(Input).disabled = True
        self.query_one("#keys", Static).update("Esc stops; then nothing of it is kept")
        bar = self.query_one(ProgressBar)
        bar.update(total=reading.conversations, progress=0)

        def tell(done: int, count: int) -> None:
            if bar.is_attached:
                bar.update(total=count, progress=done)

        try:
            self.dismiss(await self._importing.write(reading, tell))
        except ImportStoppedError:
            self.dismiss(None)
        except WorkbenchError as error:
            failure = error.failure
            self._not_written(f"{visible(failure.what)}\n{visible(failure.next_step)}")
        except Exception:
            self._not_written()
            raise

    def _not_written(self, words: str = "") -> None:
        """Say why, and let it be tried again."""
        self._dialog.remove_class("-writing")
        self.query_one(Input).disabled = False
        self._say(
            f"Nothing was imported. {words}", "Tab moves, Enter chooses, Esc cancels", problem=True
        )
        self.call_after_refresh(self.query_one("#import", Button).focus)

    def action_leave(self) -> None:
        """Import nothing; what is being written is taken back first."""
        if self._dialog.has_class("-writing"):
            self._importing.stop()
            self._say("Stopping …", "Nothing of it is kept")
        else:
            self.dismiss(None)
