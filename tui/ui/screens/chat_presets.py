"""The part of the chat screen that applies presets."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tui.domain.presets import (
    Preset,
    apply_preset,
    given_variables,
    nearest_preset,
    preset_of,
    render,
)
from tui.domain.sanitize import single_line
from tui.services.paths import working_folder
from tui.services.presets import PresetFolder
from tui.ui.guard import run_guarded
from tui.ui.screens.chat_system import ChatSystem
from tui.ui.screens.confirm import Confirm

if TYPE_CHECKING:
    from tui.domain.conversation import Conversation
    from tui.ui.screens.presets import PresetChosen


class ChatPresets(ChatSystem):
    """Opens the library, and lets the conversation ask with what was chosen there."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f8",
            "presets",
            "Presets",
            id="chat.presets",
            tooltip="Choose, make and change presets: system prompt, model, parameters, routing",
            show=False,
        ),
    ]

    def use_model(self, model_id: str) -> None:
        """Go on with another model in the conversation on screen."""
        raise NotImplementedError

    def action_presets(self) -> None:
        """Show the library of presets."""
        run_guarded(self.app, self._open_presets(), "presets")

    async def _open_presets(self) -> None:
        from tui.ui.screens.presets import Library, PresetsScreen

        conversation = self.chat.conversation or await self.chat.new()
        session = self.chat.session

        def chosen(choice: PresetChosen | None) -> None:
            if choice is not None:
                work = self._apply(conversation, choice.preset, choice.values)
                run_guarded(self.app, work, "presets")

        library = Library(
            folder=self._folder,
            of_chat=replace(preset_of(conversation, ""), model=self.chat.model_id),
            in_force=conversation.settings.preset,
            is_known=lambda model_id: not session.catalogue.models or bool(session.model(model_id)),
            environ=session.runtime.environ,
            busy=bool(self.chat.busy),
        )
        await self.app.push_screen(PresetsScreen(library), chosen)

    @property
    def _folder(self) -> PresetFolder:
        return PresetFolder.of(self.chat.session.runtime.paths)

    async def preset_names(self) -> list[str]:
        """The presets that can be applied, by name."""
        stored = await asyncio.to_thread(self._folder.load)
        return [one.preset.name for one in stored if one.readable]

    def apply_preset_named(self, name: str) -> None:
        """Apply the preset of a name; values that it needs are asked for, mistakes said."""
        run_guarded(self.app, self._apply_named(name), "presets")

    async def _apply_named(self, name: str) -> None:
        from tui.ui.screens.ask_values import AskValues

        conversation = self.chat.conversation or await self.chat.new()
        stored = await asyncio.to_thread(self._folder.find, name)
        if stored is None:
            nearest = nearest_preset(name, await self.preset_names())
            meant = f" Did you mean {nearest}?" if nearest else ""
            words = f"There is no preset {single_line(name, 40)}.{meant} F8 shows all."
            self.notify(words, severity="warning", markup=False)
            return
        if not stored.readable:
            words = f"The preset {stored.preset.name} cannot be applied. {stored.problems[0]}"
            self.notify(words, severity="warning", markup=False)
            return
        values: dict[str, str] | None = {}
        if stored.preset.asked:
            values = await self.app.push_screen_wait(AskValues(stored.preset))
        if values is not None:
            await self._apply(conversation, stored.preset, values)

    async def _apply(
        self, conversation: Conversation, preset: Preset, values: Mapping[str, str]
    ) -> None:
        """Let the conversation ask with the preset; a system prompt made by hand is asked about."""
        values = {**given_variables(datetime.now().astimezone(), working_folder().name), **values}
        if self._would_lose(conversation, render(preset, values)):
            question = "Replace the system prompt of this conversation?"
            detail = f"It says now: “{single_line(conversation.system_prompt, 120)}”"
            if not await self.app.push_screen_wait(
                Confirm(question, detail, "Replace it", "Keep everything as it is")
            ):
                return
        warning = self.prefix_warning(conversation)
        if preset.model and conversation is self.chat.conversation:
            self.use_model(preset.model)
        apply_preset(conversation, preset, values)
        await self.keep_setup(conversation)
        words = f"Preset {preset.name}." if preset.name else "No preset any more."
        self.notify(" ".join(filter(None, [words, warning])), title="Preset", markup=False)

    @staticmethod
    def _would_lose(conversation: Conversation, system_prompt: str) -> bool:
        """Whether a system prompt goes that no preset would bring back."""
        settings, before = conversation.settings, conversation.system_prompt.strip()
        by_hand = settings.edited or not settings.preset
        return by_hand and bool(before) and before != system_prompt.strip()
