"""The part of the chat screen that offers what can be done about an answer that failed."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar, assert_never

from textual.binding import Binding, BindingType

from tui.domain.actions import Action, ActionKind
from tui.domain.conversation import Message
from tui.domain.titles import ROUTING_TITLES, with_titles
from tui.ui.controllers.remedies import Remedies
from tui.ui.controllers.routing_desk import RoutingDesk
from tui.ui.guard import guarded, run_guarded
from tui.ui.screens.chat_branching import ChatBranching
from tui.ui.screens.chat_gate import ChatGate
from tui.ui.screens.chat_parameters import ChatParameters
from tui.ui.screens.chat_routing import ChatRouting
from tui.ui.screens.countdown import Countdown
from tui.ui.screens.decide import Decide
from tui.ui.transcript.linking import LinkChosen
from tui.ui.widgets.chat_transcript import ChatTranscript, RemediesWanted
from tui.ui.widgets.prompt import Prompt

_WAIT = "An answer is streaming here; wait for it, or stop it with Esc."


class ChatRemedies(ChatBranching, ChatParameters, ChatRouting, ChatGate):
    """Asks what to do about a failure, and does it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "alt+h",
            "remedies",
            "Error",
            id="chat.remedies",
            tooltip="What can I do about the error",
            show=False,
        ),
    ]

    @cached_property
    def remedies(self) -> Remedies:
        """What helps with the conversation on screen."""
        return Remedies(self.chat, self.models.known_endpoints)

    def action_remedies(self) -> None:
        """Ask what to do about the failed answer that is pointed at, or else the last one."""
        here = self._here()
        failed = self.remedies.failed(here.id) if here is not None else None
        self._offer(failed or self.remedies.last_failed())

    def on_remedies_wanted(self, message: RemediesWanted) -> None:
        """Ask what to do about a failed answer; a prompt stands for its answer."""
        self._offer(self.remedies.failed(message.message_id))

    def _offer(self, failed: Message | None) -> None:
        if failed is None:
            self._say("There is no error here.")
        else:
            self._ask_what_to_do(failed)

    @guarded("remedies")
    async def _ask_what_to_do(self, failed: Message) -> None:
        what, _, next_step = failed.failure_text.partition("\n")
        actions = await self.remedies.actions(failed)
        if not self.is_current:
            return
        answers: list[tuple[str, str, Action | None]] = [("nothing", "Do nothing", None)]
        answers += [
            (f"{action.kind}-{number}", action.label, action)
            for number, action in enumerate(actions, 1)
        ]

        def chosen(action: Action | None) -> None:
            if action is not None:
                run_guarded(self.app, self._do(action, failed), "turn")

        question = Decide[Action | None](what, next_step, answers, asked_by="alt+h")
        self.app.push_screen(question, chosen)

    async def _do(self, action: Action, failed: Message) -> None:
        match action.kind:
            case ActionKind.RETRY | ActionKind.RETRY_WITH_MAX_TOKENS:
                await self._ask_again(failed, action.max_tokens)
            case ActionKind.WAIT:
                if await self.app.push_screen_wait(Countdown(action.seconds or 0)):
                    await self._ask_again(failed)
            case ActionKind.COMPRESS:
                await self.compress()
                await self._ask_again(failed)
            case ActionKind.USE_MODEL:
                self.chat.use_model(action.names[0])
                await self._ask_again(failed)
            case ActionKind.CONTINUE:
                await self._go_on(failed.id)
            case ActionKind.EDIT_MESSAGE:
                self._edit_prompt_of(failed)
            case ActionKind.NEW_CHAT:
                await self.start_afresh(self._taken_back(failed.id))
            case ActionKind.OTHER_MODEL | ActionKind.LARGER_MODEL | ActionKind.CHEAPER_MODEL:
                await self.run_action(f"app.models({action.filter!r})")
            case ActionKind.OPEN_PAGE:
                self.post_message(LinkChosen(action.url))
            case ActionKind.AVOID_PROVIDER:
                await self._avoid(action.names[0], failed)
            case ActionKind.USE_PROVIDER:
                await self._use_provider(action.names[0], failed)
            case ActionKind.SHOW_ROUTING:
                self.action_routing()
                self._say("; ".join(with_titles(one, ROUTING_TITLES) for one in action.names))
            case ActionKind.SHOW_PARAMETERS:
                self.action_parameters(next(iter(action.names), None))
            case ActionKind.DECIDE_ABOUT_KEY:
                await self.run_action("app.decide_about_key")
            case ActionKind.ENTER_KEY:
                await self.run_action("app.settings('API key')")
            case ActionKind.OPEN_SETTINGS:
                await self.run_action("app.settings('Provider')")
            case _:
                assert_never(action.kind)

    async def _avoid(self, provider: str, failed: Message) -> None:
        """Never let a provider serve the model, and ask again; without its slug, ask the user."""
        slug = await RoutingDesk(self.chat, self.models).avoid(provider)
        if slug is None:
            self.action_routing()
            self._say(f"It is not known which of the providers is {provider}.")
            return
        self._say(f"Never {slug} for {self.chat.model_id} any more; F7 changes that.")
        await self._ask_again(failed)

    async def _use_provider(self, name: str, failed: Message) -> None:
        await self.remedies.use_provider(name)
        self._say(f"{name} answers from now on; F2 chooses another provider.")
        await self._ask_again(failed)

    async def _ask_again(self, failed: Message, max_tokens: int | None = None) -> None:
        await self._may_send.wait()
        if self.branching.can_ask:
            self._taken_back(failed.id)
        if not await self.remedies.ask_again(failed.id, max_tokens):
            self._say(_WAIT)

    def _edit_prompt_of(self, failed: Message) -> None:
        prompt = self.branching.prompt_of(failed.id)
        editor = self.query_one(Prompt)
        if prompt is not None and editor.unfolded != prompt.text:
            self.query_one(ChatTranscript).point_at(prompt.id)
            self.action_edit()
        editor.focus()
