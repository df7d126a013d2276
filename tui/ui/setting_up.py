"""The part of the app that sets it up: first start, settings, consent, and what follows of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.domain.connection import Overrides
from tui.domain.consent import Question, agreed, question_for
from tui.domain.settings import ProviderKind
from tui.services.config_file import save_changes
from tui.ui.crash import SafeCrash
from tui.ui.guard import run_guarded

if TYPE_CHECKING:
    from textual.driver import Driver

    from tui.runtime import Runtime
    from tui.ui.controllers.model_desk import ModelDesk
    from tui.ui.controllers.session import Session
    from tui.ui.screens.chat import ChatScreen

Changes = Mapping[tuple[str, ...], object]

_DEFAULT_PROVIDER = ("default", "provider")


class SettingUp(SafeCrash[None]):
    """Connects to the provider of the settings, and again whenever they change."""

    runtime: Runtime
    session: Session
    models: ModelDesk

    def __init__(self, driver_class: type[Driver] | None) -> None:
        super().__init__(driver_class=driver_class)
        self._chat: ChatScreen | None = None
        self._opening = asyncio.Lock()

    async def _open(self, resume: str | None = None, prompt: str | None = None) -> None:
        """Open the history of the provider in use, once what is streaming into another is kept."""
        async with self._opening:
            if self._chat is not None and self.runtime.history_file != self.session.history_file:
                await self._chat.chat.leave_history()
                await self.session.open_history()
                await self._chat.begin(resume, prompt)

    async def _connect(self) -> None:
        await self.session.load_cached_catalogue()
        await self.models.load()
        await self.session.connect()

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
                spent=self._chat.money.totals_so_far if self._chat is not None else None,
                section=section,
            ),
            self._settings_closed,
        )

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


def _chooses_model(changes: Changes) -> bool:
    """Whether a save chose a model, for every provider or for one."""
    return any(key[-1] == "model" for key in changes)
