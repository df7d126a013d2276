"""The application: it wires screens, themes, signals and the session, and nothing else."""

import asyncio
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen
from textual.widget import Widget

from tui.domain.connection import Overrides
from tui.domain.consent import Question, agreed, question_for
from tui.domain.sanitize import copyable, hides_characters
from tui.domain.settings import ProviderKind
from tui.runtime import Runtime
from tui.services.config_file import save_changes
from tui.ui.collector import postpone_collections
from tui.ui.controllers.model_desk import ModelDesk
from tui.ui.controllers.session import Session
from tui.ui.crash import SafeCrash
from tui.ui.filters import VisibleText
from tui.ui.guard import notify_failure, run_guarded
from tui.ui.keymap import key_words
from tui.ui.leaving import may_leave
from tui.ui.messages import ConversationChosen
from tui.ui.rebinding import own_keys, rebound
from tui.ui.screens.chat import ChatScreen
from tui.ui.shows_session import ShowsSession
from tui.ui.signals import INTERRUPTED, install_signal_handlers
from tui.ui.stylesheet import RememberingStylesheet
from tui.ui.themes import load_themes, theme_variable_defaults

Changes = Mapping[tuple[str, ...], object]

_DEFAULT_PROVIDER = ("default", "provider")


class Workbench(SafeCrash[None]):
    """OpenRouter Workbench in the terminal."""

    TITLE = "OpenRouter Workbench"
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+q",
            "quit",
            "Quit",
            id="app.quit",
            tooltip="Save everything and leave",
            priority=True,
        ),
    ]

    def __init__(
        self, runtime: Runtime, *, resume: str | None = None, prompt: str | None = None
    ) -> None:
        super().__init__(driver_class=_driver_class())
        self.stylesheet = RememberingStylesheet(variables=self.get_css_variables())
        self.runtime = runtime
        self._own_keys = own_keys(runtime.settings.keys)
        self._bindings = rebound(self._bindings, self._own_keys)
        self._resume = resume
        self._first_prompt = prompt
        self._visible_text = VisibleText()
        self._chat: ChatScreen | None = None
        self._opening = asyncio.Lock()
        self._copying = asyncio.Lock()
        self._theme_problems = self._register_themes()

    def _register_themes(self) -> Sequence[str]:
        loaded = load_themes(self.runtime.paths.themes)
        for theme in loaded.themes:
            self.register_theme(theme)
        wanted = self.runtime.settings.interface.theme
        if wanted in self.available_themes:
            self.theme = wanted
            return loaded.problems
        self.theme = "workbench-dark"
        return [*loaded.problems, f"There is no theme “{wanted}”; workbench-dark is used."]

    def _register_child(
        self, parent: DOMNode, child: Widget, before: int | None, after: int | None
    ) -> None:
        """Give every widget the user's own keys as it joins the app."""
        if self._own_keys:
            own = rebound(child._bindings, self._own_keys)  # noqa: SLF001 - Textual's own keymap
            child._bindings = own  # noqa: SLF001 - drops what shares a key with another action
        super()._register_child(parent, child, before, after)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give every theme the colours of our own, also those that Textual brings."""
        return theme_variable_defaults(self.current_theme)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Put the second wall first: nothing that acts reaches the terminal."""
        return [self._visible_text, *super().get_line_filters()]

    async def on_mount(self) -> None:
        """Show the chat; everything else starts after the first paint."""
        install_signal_handlers(self, self._leave)
        session = Session(self.runtime, warned=partial(notify_failure, self))
        self._chat = ChatScreen(session)
        session.changed = self._session_changed
        self.session = session
        self.models = ModelDesk(session, partial(notify_failure, self))
        self._chat.money.desk.endpoints = self.models.known_endpoints
        self._chat.models = self.models
        await self.push_screen(self._chat)
        self.call_after_refresh(self._after_first_paint)

    def _session_changed(self) -> None:
        """Let every screen that shows the session show what is new."""
        for screen in self.screen_stack:
            if isinstance(screen, ShowsSession):
                screen.session_changed()

    def _after_first_paint(self) -> None:
        postpone_collections()
        run_guarded(self, self._open(self._resume, self._first_prompt), "start")
        self._say_problems()
        connection = self.runtime.connection
        question = question_for(self.runtime.settings, connection) if connection else None
        if question is not None:
            self._ask_consent(question)
        elif connection is not None and connection.needs_key:
            self.action_set_up()
        else:
            run_guarded(self, self._connect(), "connect")

    async def _open(self, resume: str | None = None, prompt: str | None = None) -> None:
        """Open the history of the provider in use, once what is streaming into another is kept."""
        async with self._opening:
            if self._chat is not None and self.runtime.history_file != self.session.history_file:
                await self._chat.chat.close()
                await self.session.open_history()
                await self._chat.begin(resume, prompt)

    async def _connect(self) -> None:
        await self.session.load_cached_catalogue()
        await self.models.load()
        await self.session.connect()

    def _say_problems(self) -> None:
        problems = [str(problem) for problem in self.runtime.config_problems]
        for words in [*problems, *self._theme_problems]:
            self.notify(words, title="Settings", severity="warning", timeout=10, markup=False)
        if self.runtime.connection_problem is not None:
            notify_failure(self, self.runtime.connection_problem)
        if self._own_keys:
            run_guarded(self, self._say_key_problems(), "keys")

    async def _say_key_problems(self) -> None:
        from tui.ui.key_check import keys_in_file

        file, written = self.runtime.paths.config_file, self.runtime.settings.keys
        for problem in await asyncio.to_thread(keys_in_file, file, written):
            self.notify(str(problem), title="Keys", severity="warning", timeout=10, markup=False)

    def action_decide_about_key(self) -> None:
        """Ask whether the key may go to the server in use, or show it where that is decided."""
        connection = self.runtime.connection
        question = question_for(self.runtime.settings, connection) if connection else None
        if question is not None:
            self._ask_consent(question)
        else:
            self.action_settings("API key")

    def _ask_consent(self, question: Question) -> None:
        from tui.ui.screens.confirm import Confirm

        def answered(yes: bool | None) -> None:
            run_guarded(self, self._consent(question) if yes else self._connect(), "connect")

        words, detail = question.words()
        self.push_screen(Confirm(words, detail, "Send it there", "Keep it here"), answered)

    async def _consent(self, question: Question) -> None:
        changes = agreed(self.runtime.settings, question).changes_since(self.runtime.settings)
        await asyncio.to_thread(save_changes, self.runtime.paths.config_file, changes)
        await self._reconnect()

    def action_set_up(self) -> None:
        """Choose how to begin, as at a first start."""
        from tui.ui.screens.onboarding import OnboardingScreen

        screen = OnboardingScreen(self.runtime, self.models, self._use_provider)
        self.push_screen(screen, self._onboarded)

    async def _use_provider(self, provider: str) -> None:
        """Use the provider that was just set up; flags of this start may have meant another."""
        if self.runtime.overrides.provider not in (None, provider):
            self.runtime.overrides = Overrides()
        await self._reconnect()

    def _onboarded(self, choice: object) -> None:
        """Go on with what the first screens set up; the demo is for this run only."""
        from tui.ui.screens.onboarding import Begun, DemoChosen

        if isinstance(choice, Begun):
            self.runtime.overrides = replace(self.runtime.overrides, model=None)
            run_guarded(self, self._apply_settings(choice.changes), "connect")
            return
        if isinstance(choice, DemoChosen):
            self.runtime.overrides = Overrides(provider=ProviderKind.DEMO.value)
        run_guarded(self, self._reconnect(), "connect")

    def action_help(self) -> None:
        """Show every key on one page."""
        from tui.ui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.screen))

    def action_settings(self, section: str | None = None) -> None:
        """Open the settings, at a section of that name if one is asked for."""
        from tui.ui.screens.settings import SettingsScreen

        runtime = self.runtime
        self.push_screen(
            SettingsScreen(
                runtime.settings,
                runtime.connection,
                self.session.catalogue,
                runtime.paths,
                runtime.environ,
                sorted(self.available_themes),
                self.session.verify,
                runtime.keyring,
                runtime.overrides,
                spent=self._chat.money.desk.totals if self._chat is not None else None,
                section=section,
            ),
            self._settings_closed,
        )

    def action_spend(self) -> None:
        """Show what was spent."""
        from tui.ui.screens.spend import SpendScreen

        if self._chat is not None:
            self.push_screen(SpendScreen(self._chat.money.desk), self._spend_closed)

    def _spend_closed(self, conversation_id: str | None) -> None:
        if conversation_id is not None and self._chat is not None:
            self._chat.post_message(ConversationChosen(conversation_id))

    def action_models(self, filter_text: str = "") -> None:
        """Browse the models, with a filter or with the one that was left there."""
        from tui.ui.screens.models import ModelsScreen

        self.models.filter_text = filter_text or self.models.filter_text
        self.push_screen(ModelsScreen(self.models, self._model_in_use()), self._use_model)

    def action_model(self) -> None:
        """Pick another model quickly."""
        from tui.ui.screens.model_picker import ModelPicker

        self.push_screen(ModelPicker(self.models, self._model_in_use()), self._use_model)

    def action_answer_with(self) -> None:
        """Let another model, which is picked, answer once more."""
        from tui.ui.screens.model_picker import ModelPicker

        self.push_screen(ModelPicker(self.models, self._model_in_use()), self._answer_with)

    def _answer_with(self, model_id: str | None) -> None:
        self._use_model(model_id)
        if model_id is not None and self._chat is not None:
            self._chat.action_regenerate()

    def _model_in_use(self) -> str:
        return self._chat.chat.model_id if self._chat is not None else self.session.default_model()

    def action_use_model(self, model_id: str) -> None:
        """Go on with the model of this id."""
        self._use_model(model_id)

    def _use_model(self, model_id: str | None) -> None:
        if model_id is not None and self._chat is not None:
            self._chat.use_model(model_id)
            run_guarded(self, self.models.used(model_id), "lists")

    def _settings_closed(self, changes: Changes | None) -> None:
        if not changes:
            return
        overrides = self.runtime.overrides
        if _DEFAULT_PROVIDER in changes:
            overrides = Overrides()
        if _chooses_model(changes):
            overrides = replace(overrides, model=None)
        self.runtime.overrides = overrides
        run_guarded(self, self._apply_settings(changes), "connect")

    async def _reload(self) -> None:
        """Use the settings of now; the demo and real conversations have histories of their own."""
        if self._chat is not None:
            async with self._chat.held():
                await self.session.reload()
                await self._open()

    async def _reconnect(self) -> None:
        await self._reload()
        await self._connect()

    async def _apply_settings(self, changes: Changes) -> None:
        await self._reload()
        wanted = self.runtime.settings.interface.theme
        if wanted in self.available_themes:
            self.theme = wanted
        chosen = _DEFAULT_PROVIDER in changes or _chooses_model(changes)
        self._use_default_model(chosen=chosen)
        await self._connect()
        # Only now it is known which models a server of one's own has.
        self._use_default_model(chosen=chosen)

    def _use_default_model(self, *, chosen: bool) -> None:
        if self._chat is not None and chosen:
            self._chat.use_model(self.session.default_model())

    def copy_to_clipboard(self, text: str) -> None:
        """Copy by the best way there is, and say which one it was."""
        if text:
            self._clipboard = copyable(text)  # what Ctrl+V pastes here
            run_guarded(self, self._copy(text), "clipboard")

    async def _copy(self, text: str) -> None:
        from tui.services.clipboard import copy
        from tui.ui.copied import copied_words

        driver, environ = self._driver, self.runtime.environ
        write = None if driver is None or self.is_headless else driver.write
        async with self._copying:
            copied = await copy(text, environ, sys.platform, write, self.runtime.paths.data)
        words = copied_words(copied, hidden=hides_characters(text), environ=environ)
        self.notify(words, markup=False)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every action in the command palette."""
        from tui.ui.commands import commands_of

        yield from commands_of(self, screen)

    def get_key_display(self, binding: Binding) -> str:
        """Write keys as keyboards do: ``Ctrl+N``, ``F2``, ``Esc``."""
        return binding.key_display or key_words(binding.key)

    def secrets(self) -> Iterable[str]:
        """No key must be in a report of a crash."""
        return self.runtime.secrets()

    def _leave(self) -> None:
        """Leave because of a signal."""
        run_guarded(self, self._close_and_exit(INTERRUPTED), "quit")

    async def _close_and_exit(self, code: int) -> None:
        try:
            await self.close()
        finally:
            self.exit(return_code=code)

    async def action_quit(self) -> None:
        """Stop what is streaming, keep everything, leave; unsaved settings are asked about."""
        run_guarded(self, self._quit(), "quit")

    async def _quit(self) -> None:
        if await may_leave(self):
            await self._close_and_exit(0)

    async def close(self) -> None:
        """Store every answer and draft and close the connection."""
        if self._chat is not None:
            await self._chat.close()
        await self.session.aclose()


def _chooses_model(changes: Changes) -> bool:
    """Whether a save chose a model, for every provider or for one."""
    return any(key[-1] == "model" for key in changes)


def _driver_class() -> type[Driver] | None:
    """Our own driver where there is a Unix terminal; None leaves the choice to Textual."""
    if sys.platform == "win32":
        return None
    from tui.ui.driver import TerminalDriver

    return TerminalDriver


def run(runtime: Runtime, *, resume: str | None = None, prompt: str | None = None) -> int:
    """Run the workbench in this terminal and return the exit code."""
    app = Workbench(runtime, resume=resume, prompt=prompt)
    app.run(mouse=runtime.settings.interface.mouse)
    return app.return_code or 0
