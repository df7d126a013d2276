"""The application: it wires screens, themes, signals and the session, and nothing else."""

import asyncio
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen
from textual.widget import Widget

from tui.domain.consent import question_for
from tui.domain.sanitize import copyable, hides_characters
from tui.runtime import Runtime
from tui.ui.collector import postpone_collections
from tui.ui.controllers.model_desk import ModelDesk
from tui.ui.controllers.session import Session
from tui.ui.filters import VisibleText
from tui.ui.guard import notify_failure, run_guarded
from tui.ui.keymap import key_words
from tui.ui.leaving import may_leave
from tui.ui.messages import ConversationChosen
from tui.ui.rebinding import own_keys, rebound
from tui.ui.screens.chat import ChatScreen
from tui.ui.setting_up import SettingUp
from tui.ui.shows_session import ShowsSession
from tui.ui.signals import INTERRUPTED, install_signal_handlers
from tui.ui.stylesheet import RememberingStylesheet
from tui.ui.themes import load_themes, theme_variable_defaults


class Workbench(SettingUp):
    """OpenRouter Workbench in the terminal."""

    TITLE = "OpenRouter Workbench"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+q",
            "quit",
            "Quit",
            id="app.quit",
            tooltip="Save everything and leave",
            priority=True,
        ),
        Binding(
            "ctrl+p",
            "command_palette",
            "Commands",
            id="app.palette",
            tooltip="Find any command by its name",
            show=False,
            priority=True,
        ),
    ]

    def __init__(
        self, runtime: Runtime, *, resume: str | None = None, prompt: str | None = None
    ) -> None:
        super().__init__(_driver_class())
        self.stylesheet = RememberingStylesheet(variables=self.get_css_variables())
        self.runtime = runtime
        self._own_keys = own_keys(runtime.settings.keys)
        self._bindings = rebound(self._bindings, self._own_keys)
        self._resume = resume
        self._first_prompt = prompt
        self._visible_text = VisibleText()
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

    def action_help(self) -> None:
        """Show every key on one page."""
        from tui.ui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.screen))

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

    @property
    def report_file(self) -> Path:
        """Beside the conversations."""
        return self.runtime.paths.error_report

    def action_help_quit(self) -> None:
        """Say how to leave, to whoever presses Ctrl+C for it."""
        keys = (key for key, one in self.active_bindings.items() if one.binding.id == "app.quit")
        words = f"{key_words(next(keys, 'ctrl+q'))} leaves. Ctrl+C copies what is selected."
        self.notify(words, markup=False)

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
