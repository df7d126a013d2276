"""The part of the chat screen that carries conversations in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui.services.importer_words import written_words

if TYPE_CHECKING:
    from tui.services.importer import ImportResult
    from tui.ui.controllers.chat import Chat
    from tui.ui.presenter import ChatPresenter


class ChatImporting(Screen[None]):
    """Opens the dialog that imports a file, and lists what came of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "alt+j",
            "import_file",
            "Import",
            id="chat.import",
            tooltip="Import conversations from a file",
            show=False,
        ),
    ]

    chat: Chat
    _presenter: ChatPresenter

    def action_import_file(self, path: str = "") -> None:
        """Import conversations from a file; one that is named is read at once."""
        from tui.ui.controllers.importing import Importing
        from tui.ui.screens.import_file import ImportScreen

        self.app.push_screen(ImportScreen(Importing(self.chat.session), path), self._imported)

    def _imported(self, result: ImportResult | None) -> None:
        if result is None:
            return
        self._presenter.tabs.reload()
        self._presenter.list_conversations()
        nothing_new = not (result.messages or result.added or result.restored)
        words = "All of it was here already." if nothing_new else f"{written_words(result)}."
        self.notify(words, title="Imported", markup=False)
