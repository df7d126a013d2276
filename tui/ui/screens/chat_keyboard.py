"""The part of the chat screen that is about typing: what the prompt offers and what it means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.message import Message
from textual.widgets import Static, TextArea

from tui.domain.offers import Offer
from tui.domain.settings import InterfaceSettings
from tui.domain.slash import Argument, PlainText, SlashCommand, SlashOffers, parse_slash
from tui.ui.controllers.command_values import model_offers, model_problem, named_offers
from tui.ui.guard import run_guarded
from tui.ui.messages import CommandGiven, ModeChanged, PromptSubmitted
from tui.ui.screens.chat_commands import ChatCommands
from tui.ui.screens.chat_reading import ChatReading
from tui.ui.screens.chat_recall import ChatRecall
from tui.ui.widgets.offer_list import OfferClicked, OfferList
from tui.ui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from tui.ui.controllers.model_desk import ModelDesk


class ChatKeyboard(ChatReading, ChatCommands, ChatRecall):
    """Completes commands, tells them from messages, and keeps what is misspelt in the prompt."""

    models: ModelDesk
    _preset_names: Sequence[str] | None = None

    def on_mount(self) -> None:
        """Offer commands, and let the prompt ask what a text means."""
        prompt = self.query_one(Prompt)
        prompt.meaning = self._meaning
        values = {
            Argument.MODEL: lambda typed: model_offers(self.models, self.chat.model_id, typed),
            Argument.PRESET: self._preset_offers,
            Argument.PATH: self._path_offers,
        }
        prompt.completing.sources.append(SlashOffers(values))

    def read_as(self, settings: InterfaceSettings) -> None:
        """Type as the settings say, too."""
        super().read_as(settings)
        prompt = self.query_one(Prompt)
        prompt.vim = settings.vim
        if not settings.vim:
            prompt.type_again()

    def on_mode_changed(self, message: ModeChanged) -> None:
        """Say in front of the prompt what its keys do."""
        mark = self.query_one("#mark", Static)
        mark.set_class(message.normal, "-normal")
        mark.update("NORMAL ›" if message.normal else "›")

    def on_screen_resume(self) -> None:
        """Look for presets anew: they may have been changed on another screen."""
        self._preset_names = None

    def on_offers_changed(self) -> None:
        """Show what the prompt offers now."""
        completing = self.query_one(Prompt).completing
        self.query_one(OfferList).show(completing.shown, completing.chosen)

    def on_offer_clicked(self, message: OfferClicked) -> None:
        """Take what was clicked."""
        self.query_one(Prompt).take_offer(message.place)

    def on_descendant_focus(self) -> None:
        """Close the list when keys go elsewhere."""
        if not isinstance(self.focused, TextArea):
            self.query_one(Prompt).hush()

    def _meaning(self, text: str) -> Message | None:
        """What a text that is sent means; None if it is to stay, and then why was said."""
        found = parse_slash(text)
        if isinstance(found, PlainText):
            return PromptSubmitted(found.text)
        if isinstance(found, SlashCommand):
            is_model = found.command.argument is Argument.MODEL and found.value
            words = model_problem(self.models.catalogue, found.value) if is_model else ""
            if not words:
                return CommandGiven(found.command.name, found.value)
        else:
            words = found.words
        self.notify(words, severity="warning", markup=False)
        return None

    def _preset_offers(self, typed: str) -> Sequence[Offer]:
        if self._preset_names is None:
            self._preset_names = ()
            run_guarded(self.app, self._read_presets(), "presets")
        return named_offers(self._preset_names, typed)

    async def _read_presets(self) -> None:
        self._preset_names = await self.preset_names()
        self.query_one(Prompt).look_again()

    def _path_offers(self, typed: str) -> Sequence[Offer]:
        """The files that ``@`` would offer, as they are written behind a command."""
        found = self._paths.paths(typed)
        return [Offer(path, words, whole=not path.endswith("/")) for path, words in found]
