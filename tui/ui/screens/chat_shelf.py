"""The part of the chat screen that keeps the list of conversations in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.domain.conversation import UNTITLED
from tui.domain.sanitize import single_line
from tui.services import shelf
from tui.ui.guard import run_guarded
from tui.ui.messages import RenameRequested
from tui.ui.screens.ask_text import AskText
from tui.ui.screens.chat_carrying import ChatCarrying
from tui.ui.screens.chat_importing import ChatImporting
from tui.ui.screens.chat_tabs import ChatTabs
from tui.ui.widgets.conversation_list import ShelfAction, ShelfRequested
from tui.ui.widgets.sidebar import AllWanted, Sidebar

if TYPE_CHECKING:
    from tui.services.history import History
    from tui.ui.presenter import ChatPresenter


class ChatShelf(ChatCarrying, ChatImporting, ChatTabs):
    """Deletes, pins, archives, tags and renames conversations, one or many at once."""

    _presenter: ChatPresenter
    _undoable: list[tuple[ShelfAction, tuple[str, ...]]]
    """What went out of sight by which action, the last of it at the end."""

    def on_shelf_requested(self, message: ShelfRequested) -> None:
        """Do with conversations what their list was asked for."""
        match message.action:
            case ShelfAction.TAG:
                self._ask_tag(message.ids)
            case ShelfAction.EXPORT:
                self.ask_export(message.ids)
            case ShelfAction.DELETE:
                run_guarded(self.app, self._delete(message.ids), "conversation")
            case action:
                run_guarded(self.app, self._put(action, message.ids), "conversation")

    def on_all_wanted(self, message: AllWanted) -> None:
        """Read all conversations into the list."""
        message.stop()
        self._presenter.list_conversations()

    @property
    def _list(self) -> Sidebar:
        return self.query_one(Sidebar)

    async def _history(self) -> History:
        return await self.chat.session.wait_for_history()

    def _shelf_changed(self, *, unmark: bool = False) -> None:
        """List anew; what is out of sight now is not marked any more."""
        if unmark:
            self._list.unmark()
        self._presenter.refresh()

    async def _put(self, action: ShelfAction, ids: Sequence[str]) -> None:
        """Pin or archive them, or take that back if it holds for all of them."""
        rows = [row for one in ids if (row := self._list.summary_of(one)) is not None]
        if action is ShelfAction.PIN:
            await shelf.pin(await self._history(), ids, on=not all(row.pinned for row in rows))
        elif action is ShelfAction.ARCHIVE:
            on = not all(row.archived for row in rows)
            await shelf.archive(await self._history(), ids, on=on)
            words = "brought back."
            if on:
                gone = tuple(row.id for row in rows if not row.archived)
                self._undoable.append((action, gone))
                words = "the filter still finds it; the key u in the list brings it back."
            self.notify(f"{_named(len(ids))}: {words}", title="Archive", markup=False)
        self._shelf_changed(unmark=action is ShelfAction.ARCHIVE)

    def _ask_tag(self, ids: tuple[str, ...]) -> None:
        rows = [self._list.summary_of(one) for one in ids]
        used = sorted({tag for row in rows if row is not None for tag in row.tags})
        has = f" It has {single_line(', '.join(used), 60)}." if used else ""

        def tag(name: str | None) -> None:
            if name:
                run_guarded(self.app, self._tag(ids, name), "conversation")

        question = f"Tags for {_named(len(ids))}, with commas; -name takes one away.{has}"
        self.app.push_screen(AskText(question), tag)

    async def _tag(self, ids: Sequence[str], names: str) -> None:
        history = await self._history()
        for name in map(str.strip, names.split(",")):
            if name.startswith("-"):
                await shelf.untag(history, ids, name[1:])
            else:
                await shelf.tag(history, ids, name)
        self._shelf_changed()

    async def _delete(self, ids: tuple[str, ...]) -> None:
        if any(one in self.chat.busy for one in ids):
            self.notify("It is being answered; stop it first.", severity="warning", markup=False)
            return
        is_in_list = self.focused is self._list.conversations
        what = f"“{single_line(self._list.title_of(ids[0]), 40) or UNTITLED}”"
        what = what if len(ids) == 1 else _named(len(ids))
        await shelf.delete_all(await self._history(), ids)
        self._undoable.append((ShelfAction.DELETE, ids))
        current = self.chat.conversation
        await self.show_without(ids)
        if is_in_list and current is not None and current.id in ids:
            self._list.conversations.focus()
        self._shelf_changed(unmark=True)
        brings = "brings it back" if len(ids) == 1 else "brings them back"
        self.notify(f"Deleted {what}. The key u in the list {brings}.", markup=False)

    def on_undo_requested(self) -> None:
        """Bring back what went last."""
        if self._undoable:
            run_guarded(self.app, self._bring_back(*self._undoable.pop()), "conversation")

    async def _bring_back(self, action: ShelfAction, ids: Sequence[str]) -> None:
        if action is ShelfAction.ARCHIVE:
            await shelf.archive(await self._history(), ids, on=False)
        else:
            await shelf.undelete_all(await self._history(), ids)
        self._presenter.refresh()

    def on_rename_requested(self, message: RenameRequested) -> None:
        """Ask for the new title."""

        def rename(title: str | None) -> None:
            if title:
                run_guarded(self.app, self._rename(message.conversation_id, title), "conversation")

        title = self._list.title_of(message.conversation_id)
        self.app.push_screen(AskText("Rename the conversation", title), rename)

    async def _rename(self, conversation_id: str, title: str) -> None:
        history = await self._history()
        await history.rename(conversation_id, title)
        self._presenter.refresh()


def _named(count: int) -> str:
    return "1 conversation" if count == 1 else f"{count:,} conversations"
