"""The part of the chat screen that makes branches and moves between them."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tui.domain.attachments import Attachment
from tui.domain.conversation import Message, Role
from tui.domain.receipt import cost_words
from tui.domain.sanitize import single_line
from tui.domain.tree import Tree, TreeRow
from tui.ui.controllers.chips import Outgoing, Unsent
from tui.ui.guard import run_guarded
from tui.ui.screens.chat_attaching import ChatAttaching
from tui.ui.widgets.chat_transcript import ChatTranscript, SiblingWanted
from tui.ui.widgets.edit_line import EditLine
from tui.ui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from tui.ui.controllers.branching import Branching
    from tui.ui.controllers.chat import Chat
    from tui.ui.presenter import ChatPresenter

_WAIT = "An answer is streaming here; wait for it, or stop it with Esc."
_DEEPEST = 8
"""Forks below each other that the tree still indents."""
_LONGEST = 400
_MARKDOWN = re.compile(r"[*`]+|(?m:^[#>\s]+)")
"""Marks that say nothing in a line of 80 characters."""


def _key(key: str, action: str, label: str, tooltip: str) -> Binding:
    name = "chat." + action.replace("(-1)", "_before").replace("(1)", "_next")
    return Binding(key, action, label, id=name, tooltip=tooltip, show=False)


class ChatBranching(ChatAttaching):
    """Acts on the message that is pointed at; without one, on the last of the conversation."""

    BINDINGS: ClassVar[list[BindingType]] = [
        _key("alt+e", "edit", "Edit", "Edit your last message and send it as a new branch"),
        _key("alt+g", "regenerate", "Regenerate", "Answer once more, as a new branch"),
        _key("alt+m", "regenerate_with", "Other model", "Let another model answer once more"),
        _key("alt+o", "go_on", "Go on", "Ask for the rest of an answer that was cut"),
        _key("alt+comma", "sibling(-1)", "Branch before", "Show the branch before"),
        _key("alt+full_stop", "sibling(1)", "Next branch", "Show the next branch"),
        _key("alt+x", "remove_branch", "Remove", "Remove the last message or branch"),
        _key("alt+u", "restore_branch", "Undo", "Bring back the branch that was removed last"),
        _key("alt+k", "fork", "Fork", "Copy everything up to here into a new conversation"),
        _key("alt+t", "tree", "Branches", "Show all branches of the conversation"),
    ]

    chat: Chat
    branching: Branching
    _presenter: ChatPresenter
    _may_send: asyncio.Event

    def _here(self) -> Message | None:
        """The message that is pointed at, else the one being read, else the last one.

        None where that is no message, as the system prompt is none.
        """
        conversation, entry_id = self.chat.conversation, self._entry_here()
        if conversation is None:
            return None
        if entry_id is not None:
            return conversation.messages.get(entry_id)
        path = conversation.path()
        return path[-1] if path else None

    def _entry_here(self) -> str | None:
        """The id of what is pointed at or being read; None while nothing is."""
        transcript = self.query_one(ChatTranscript)
        if transcript.cursor is None and self.focused is not transcript:
            return None
        entry = transcript.current_entry()
        return entry.entry.id if entry is not None else None

    def _say(self, words: str) -> None:
        self.notify(words, severity="warning", markup=False)

    def action_edit(self) -> None:
        """Put a message of the user into the prompt, to be sent in its place."""
        conversation = self.chat.conversation
        if conversation is not None and self._entry_here() == conversation.system_id:
            self.call_later(self.run_action, "system_prompt")
            return
        here = self._here()
        prompt = self.branching.prompt_of(here.id) if here is not None else None
        if prompt is None:
            self._say("There is no message of yours here that could be edited.")
            return
        number = self.branching.number_of(prompt.id)
        editor, line = self.query_one(Prompt), self.query_one(EditLine)
        if line.message_id == prompt.id:
            editor.focus()  # what was changed so far stays
            return
        if line.message_id is not None:
            editor.recall.add(editor.unfolded)  # what was changed elsewhere is one key, Up, away
        line.begin(prompt.id, number, editor.unfolded)
        editor.put(prompt.text)
        editor.focus()
        self.chat.chips.begin_edit(prompt.conversation_id, prompt.attachments)
        self.show_attached()

    def leave_editing(self) -> bool:
        """Put the draft back that an edit has put aside; False if nothing is edited."""
        line = self.query_one(EditLine)
        if line.message_id is None:
            return False
        self.query_one(Prompt).put(line.end())
        self._end_edit()
        return True

    def _end_edit(self) -> tuple[Attachment, ...]:
        """The files that the edited message takes along; those of the draft are back."""
        conversation = self.chat.conversation
        taken = self.chat.chips.end_edit(conversation.id) if conversation is not None else ()
        self.show_attached()
        return taken

    def resend(self, text: str) -> bool:
        """Send what was edited; False if the text is a message of its own."""
        line = self.query_one(EditLine)
        message_id = line.message_id
        if message_id is None:
            return False
        if not self.branching.can_ask:
            self.query_one(Prompt).put(text)
            self._say(_WAIT)
            return True
        self.query_one(Prompt).put(line.end())
        unsent = Unsent(text, self._end_edit())
        self.send_soon(Outgoing(self.chat.conversation, unsent, replaces=message_id))
        return True

    def send_soon(self, outgoing: Outgoing) -> None:
        """Send a message once it can leave."""
        raise NotImplementedError

    async def resend_now(self, outgoing: Outgoing) -> None:
        """Send what was edited; where that makes no sense any more, it is typed again."""
        if not await self.branching.resend(outgoing):
            self.chat.drafts.give_back(outgoing)
            self.show_attached()

    def action_regenerate(self) -> None:
        """Answer once more."""
        here = self._here()
        if here is not None and self._may_ask():
            run_guarded(self.app, self._regenerate(here.id), "turn")

    async def _regenerate(self, message_id: str) -> None:
        await self._may_send.wait()
        if self.branching.can_ask:
            self._taken_back(message_id)
        await self.branching.regenerate(message_id)

    def _taken_back(self, message_id: str) -> Unsent:
        """What was asked, out of the prompt into which a failure has put it again."""
        asked, editor = self.branching.prompt_of(message_id), self.query_one(Prompt)
        if asked is None:
            return Unsent("")
        files = tuple(asked.attachments)
        if editor.unfolded == asked.text and self.query_one(EditLine).message_id is None:
            editor.put("")
            if self.chat.chips.of(asked.conversation_id) == files:
                self.chat.chips.take(asked.conversation_id)
        return Unsent(asked.text, files)

    async def action_regenerate_with(self) -> None:
        """Choose another model, which then answers."""
        if self._here() is not None and self._may_ask():
            await self.run_action("app.answer_with")

    def action_go_on(self) -> None:
        """Ask for the rest of an answer."""
        here = self._here()
        if here is not None and self._may_ask():
            run_guarded(self.app, self._go_on(here.id), "turn")

    async def _go_on(self, message_id: str) -> None:
        await self._may_send.wait()
        if not self.branching.can_go_on(message_id):
            self._say("There is no answer here that could go on.")
            return
        self._taken_back(message_id)
        await self.branching.go_on(message_id)

    def _may_ask(self) -> bool:
        if not self.branching.can_ask:
            self._say(_WAIT)
        return self.branching.can_ask

    def action_sibling(self, step: int) -> None:
        """Step to another branch, at the lowest fork above where the reader is."""
        here = self._here()
        if here is not None and self.chat.conversation is not None:
            tree = Tree(self.chat.conversation)
            path = reversed(self.chat.conversation.path(here.id))
            fork = next((one.id for one in path if tree.place(one.id).count > 1), None)
            if fork is not None:
                run_guarded(self.app, self._step(fork, step), "conversation")

    def on_sibling_wanted(self, message: SiblingWanted) -> None:
        """Step to another branch."""
        run_guarded(self.app, self._step(message.message_id, message.step), "conversation")

    async def _step(self, message_id: str, step: int) -> None:
        beside = await self.branching.step(message_id, step)
        if beside is not None:
            self._presenter.show_path(beside)

    def action_remove_branch(self) -> None:
        """Take a message and what follows it out of sight."""
        here = self._here()
        if here is not None:
            run_guarded(self.app, self._remove(here), "conversation")

    async def _remove(self, message: Message) -> None:
        count = await self.branching.remove(message.id)
        if not count:
            self._say(_WAIT)
            return
        self._presenter.show_path(message.parent_id or "")
        what = "1 message" if count == 1 else f"{count:,} messages"
        brings = "brings it back" if count == 1 else "brings them back"
        self.notify(f"Removed {what}. Alt+U {brings}; costs still count.", markup=False)

    def action_restore_branch(self) -> None:
        """Bring back what was removed last."""
        run_guarded(self.app, self._restore(), "conversation")

    async def _restore(self) -> None:
        message_id = await self.branching.restore()
        if message_id is None:
            self._say("Nothing was removed from this conversation since it was opened.")
        else:
            self._presenter.show_path(message_id)

    def action_fork(self) -> None:
        """Go on in a new conversation that begins as this one, up to here."""
        here = self._here()
        if here is not None:
            run_guarded(self.app, self._fork(here.id), "conversation")

    async def _fork(self, message_id: str) -> None:
        if await self.branching.fork(message_id):
            self.notify("This is the new conversation; the other one stays as it was.")

    def action_tree(self) -> None:
        """Show the shape of the conversation; Enter jumps."""
        from tui.ui.screens.list_chooser import ListChooser

        conversation = self.chat.conversation
        rows = list(Tree(conversation).rows()) if conversation is not None else []
        if not rows:
            self._say("Nothing has been said here yet.")
            return
        here = self._here()
        at = next((n for n, row in enumerate(rows) if here and row.message.id == here.id), 0)

        def jump(place: int | None) -> None:
            if place is not None:
                run_guarded(self.app, self._jump(rows[place].message.id), "conversation")

        shown = [(tree_words(row), "") for row in rows]
        self.app.push_screen(ListChooser("Branches: ● is on screen", shown, at), jump)

    async def _jump(self, message_id: str) -> None:
        await self.branching.jump(message_id)
        self._presenter.show_path(message_id)


def tree_words(row: TreeRow) -> str:
    """One line of the drawing: depth, whether it is on the path, who spoke, and what."""
    mark = "●" if row.on_path else "○"
    message, place = row.message, row.place
    count = f" {place.number}/{place.count}" if place.count > 1 else ""
    deep = "│ " * min(row.depth, _DEEPEST)
    said = single_line(_MARKDOWN.sub("", message.text[:_LONGEST]), 80)
    return f"{deep}{mark} {_speaker(message)}{count}{_price(message)}: {said or '(no text)'}"


def _speaker(message: Message) -> str:
    """You, or the model without its author."""
    if message.role is Role.USER:
        return "You"
    asked = message.generation.model_asked if message.generation is not None else ""
    return single_line(asked.rpartition("/")[2], 40) or "Answer"


def _price(message: Message) -> str:
    """What an answer cost, if that is known."""
    generation = message.generation
    if generation is None or generation.cost.amount is None:
        return ""
    return f" {cost_words(generation.cost, exact=False)}"
