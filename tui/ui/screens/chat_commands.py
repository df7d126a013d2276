"""The part of the chat screen that carries out the commands of the prompt."""

from tui.domain.model import normalise_model_id
from tui.domain.slash import help_pairs
from tui.ui.guard import run_guarded
from tui.ui.messages import CommandGiven
from tui.ui.screens.chat_attaching import ChatAttaching
from tui.ui.screens.chat_presets import ChatPresets
from tui.ui.screens.chat_remedies import ChatRemedies
from tui.ui.screens.chat_search import ChatSearch
from tui.ui.screens.chat_shelf import ChatShelf
from tui.ui.screens.chat_titling import ChatTitling
from tui.ui.widgets.conversation_list import ShelfAction

ACTIONS = {
    "model": "app.model",
    "models": "app.models",
    "system": "system_prompt",
    "preset": "presets",
    "attach": "attach_file",
    "paste": "attach_image",
    "retry": "regenerate",
    "stop": "stop_answer",
    "continue": "go_on",
    "edit": "edit",
    "fork": "fork",
    "tree": "tree",
    "title": "title_by_model",
    "new": "new",
    "search": "search",
    "export": "export",
    "import": "import_file",
    "copy": "copy_answer",
    "editor": "editor",
    "parameters": "parameters",
    "routing": "routing",
    "spend": "app.spend",
    "budget": "app.settings('Budgets')",
    "settings": "app.settings",
    "help": "app.help",
    "quit": "app.quit",
}
"""What each command does without an argument, as the action of a key."""


class ChatCommands(ChatRemedies, ChatShelf, ChatSearch, ChatAttaching, ChatPresets, ChatTitling):
    """Does what keys do, by name; a command is no message, so an answer may stream meanwhile."""

    async def on_command_given(self, message: CommandGiven) -> None:
        """Do what was asked."""
        if message.value:
            await self._obey(message.name, message.value)
        elif message.name in ACTIONS:
            await self.run_action(ACTIONS[message.name])
        else:
            self._keep_order(message.name)

    def action_stop_answer(self) -> None:
        """Stop the answer whatever else goes on: Esc would leave an edit or a selection first."""
        self.chat.stop()

    async def _obey(self, name: str, value: str) -> None:
        """Carry out a command with its argument."""
        match name:
            case "model":
                run_guarded(self.app, self._use_model(value), "model")
            case "retry":
                run_guarded(self.app, self._retry_with(value), "turn")
            case "models":
                await self.run_action(f"app.models({value!r})")
            case "system":
                run_guarded(self.app, self._use_system_prompt(value), "system")
            case "preset":
                self.apply_preset_named(value)
            case "attach":
                self.attach(value)
            case "import":
                self.action_import_file(value)
            case "export":
                self.action_export(value)
            case "search":
                self._searched = value
                self.action_search()
            case "help":
                usage, words = help_pairs(value)[0]
                self.notify(f"{words.capitalize()}.", title=usage, markup=False)
            case "title" if (ids := self._kept_here()) is not None:
                run_guarded(self.app, self._rename(*ids, value), "conversation")
            case "tag" if (ids := self._kept_here()) is not None:
                run_guarded(self.app, self._tag(ids, value), "conversation")

    def _keep_order(self, name: str) -> None:
        """Pin, archive or delete the conversation on screen, or bring back what went."""
        if name == "undo":
            shown = self.chat.conversation
            if self._undoable and (shown is None or not shown.removed):
                self.on_undo_requested()
            else:
                self.action_restore_branch()
        elif (ids := self._kept_here()) is not None:
            if name == "delete":
                run_guarded(self.app, self._delete(ids), "conversation")
            else:
                action = ShelfAction[name.upper()]
                run_guarded(self.app, self._put(action, ids), "conversation")

    def _kept_here(self) -> tuple[str] | None:
        """The id of the conversation on screen; None, and it is said, while nothing is kept."""
        conversation = self.chat.conversation
        if conversation is None or not conversation.messages:
            self._say("Nothing has been said here yet.")
            return None
        return (conversation.id,)

    async def _use_model(self, model_id: str) -> None:
        await self._may_send.wait()
        await self.run_action(f"app.use_model({normalise_model_id(model_id)!r})")

    async def _retry_with(self, model_id: str) -> None:
        await self._use_model(model_id)
        self.action_regenerate()

    async def _use_system_prompt(self, text: str) -> None:
        await self._may_send.wait()
        if self.chat.conversation is not None:
            await self.use_system_prompt(self.chat.conversation, text)
