"""The first start: a key, a server of one's own, or the demo."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar

from pydantic import SecretStr
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup, VerticalGroup, VerticalScroll
from textual.screen import Screen
from textual.widgets import Button, Input, Static

from tui.domain.connection import (
    Connection,
    KeySource,
    clean_base_url,
    clean_key,
    key_hint,
)
from tui.domain.consent import settle_key_origins
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.model import KeyInfo
from tui.domain.settings import DEFAULT_MODEL, OPENROUTER_URL, ProviderKind, Settings
from tui.services.config_file import load_config, save_changes
from tui.services.keyring_keep import keep_key
from tui.services.keyring_store import KeyringStore
from tui.services.paths import Paths, shown
from tui.ui.controllers.settings_effects import Effect, Tone, failure_effect, key_info_effect
from tui.ui.guard import guarded
from tui.ui.widgets.effect_line import EffectLine
from tui.ui.widgets.key_field import KeyInput

LOCAL_URL = "http://127.0.0.1:11434/v1"
"""Where Ollama listens."""

_LONGEST_CHECK = 15.0
_REFUSALS = (FailureKind.BAD_KEY, FailureKind.FORBIDDEN)


@dataclass(frozen=True, slots=True)
class KeySaved:
    """A key for OpenRouter is in the keyring or in the file."""


@dataclass(frozen=True, slots=True)
class ServerSaved:
    """An OpenAI-compatible server is in the file and is the default provider."""


@dataclass(frozen=True, slots=True)
class DemoChosen:
    """The demo, for this run only; nothing was saved."""


Beginning = KeySaved | ServerSaved | DemoChosen


class OnboardingScreen(Screen[Beginning | None]):
    """Dismisses with what was chosen and saved, or with None for later.

    ``verify`` asks a server about a key and raises WorkbenchError. The key goes into ``keyring`` if
    that keeps secrets, else into config.toml.
    """

    CSS_PATH = "onboarding.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape", "later", "Later", id="onboarding.later", tooltip="Go on without choosing"
        ),
        Binding("down", "app.focus_next", "Next", id="onboarding.next", tooltip="Next field"),
        Binding(
            "up", "app.focus_previous", "Previous", id="onboarding.previous", tooltip="Field before"
        ),
    ]

    def __init__(
        self,
        paths: Paths,
        verify: Callable[[Connection], Awaitable[KeyInfo | None]],
        keyring: KeyringStore,
    ) -> None:
        super().__init__()
        self._config_file = paths.config_file
        self._verify = verify
        self._keyring = keyring

    def compose(self) -> ComposeResult:
        """Lay out the three ways to begin."""
        file = f"Saved to {shown(self._config_file)}, readable by you alone"
        with VerticalScroll(id="page", can_focus=False):
            yield Static("⌁ OpenRouter Workbench", id="name", markup=False)
            yield Static(
                "Chat with any model, and see what every answer costs. How to begin?",
                markup=False,
            )
            with VerticalGroup(classes="way"):
                yield Static("With an OpenRouter key", classes="heading", markup=False)
                yield KeyInput(placeholder="Paste your key and press Enter", id="key")
                yield Static(_place_words(file), id="place", classes="help", markup=False)
                yield EffectLine(classes="key")
            with VerticalGroup(classes="way"):
                yield Static("With a server of your own", classes="heading", markup=False)
                with HorizontalGroup():
                    yield Static("Address", classes="label", markup=False)
                    yield Input(LOCAL_URL, compact=True, id="url")
                with HorizontalGroup():
                    yield Static("Model", classes="label", markup=False)
                    yield Input(placeholder="its name there", compact=True, id="model")
                    yield Button("Use this server", id="server", compact=True)
                yield Static(
                    "Ollama, llama.cpp, vLLM, LM Studio, LiteLLM: anything OpenAI-compatible.",
                    classes="help",
                    markup=False,
                )
                yield EffectLine(classes="server")
            with VerticalGroup(classes="way"):
                yield Static("Just looking", classes="heading", markup=False)
                yield Button("Try the demo", id="demo", compact=True)
                yield Static(
                    "Everything works, offline and free; the answers are made up.",
                    classes="help",
                    markup=False,
                )
        yield Static(
            "Tab moves, Enter chooses, Esc decides later. F2 changes it any time.",
            id="keys",
            markup=False,
        )

    def on_mount(self) -> None:
        """Be ready for the paste, and find out meanwhile where the key can be kept."""
        self.query_one("#key", Input).focus()
        self._find_place()

    @guarded("place")
    async def _find_place(self) -> None:
        status = await asyncio.to_thread(self._keyring.status)
        if status.available:
            words = f"Kept in {status.words}, the keyring of this system"
            self.query_one("#place", Static).update(_place_words(words))

    @on(Input.Changed, "#key")
    def _key_edited(self) -> None:
        self.workers.cancel_group(self, "begin")
        self._say("key", None)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        match event.input.id:
            case "key":
                self._use_key(event.value)
            case "url":
                self.query_one("#model", Input).focus()
            case _:
                self._use_server()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "demo":
            self.dismiss(DemoChosen())
        else:
            self._use_server()

    def action_later(self) -> None:
        """Go on without a choice; an unfinished check is given up."""
        self.workers.cancel_group(self, "begin")
        self.dismiss(None)

    @guarded("begin")
    async def _use_key(self, text: str) -> None:
        """Check the key if the network allows it, save it, and go on."""
        try:
            key = clean_key(text)
            if key is None:
                self._say("key", Effect("Paste the key first.", Tone.ERROR))
                return
            self._say("key", Effect(f"Checking {key_hint(key)} …"))
            note = await self._checked(key)
            before = await asyncio.to_thread(self._stored)
            after = before.with_values("default", provider="openrouter")
            after = after.with_provider("openrouter", api_key=key, key_origins=())
            changes = after.changes_since(before)
            place = await asyncio.to_thread(
                keep_key, self._config_file, "openrouter", key, self._keyring, changes
            )
        except WorkbenchError as error:
            self._say("key", failure_effect(error.failure))
        else:
            self.notify(f"{note}\nIt is {place}.", title="API key", markup=False)
            self.dismiss(KeySaved())

    async def _checked(self, key: SecretStr) -> str:
        """What OpenRouter says of the key, or why it could not be asked; raises if it says no."""
        connection = Connection(
            "openrouter",
            ProviderKind.OPENROUTER,
            OPENROUTER_URL,
            DEFAULT_MODEL,
            key=key,
            key_source=KeySource.CONFIG,
            key_hint=key_hint(key),
        )
        try:
            async with asyncio.timeout(_LONGEST_CHECK):
                return key_info_effect(await self._verify(connection)).words
        except TimeoutError:
            return "The key is saved, but not checked: OpenRouter did not answer in time."
        except WorkbenchError as error:
            if error.failure.kind in _REFUSALS:
                raise
            return f"The key is saved, but not checked: {error.failure.what}"

    @guarded("begin")
    async def _use_server(self) -> None:
        """Save the address and the model, and go on."""
        try:
            url = clean_base_url(self.query_one("#url", Input).value)
            model = self.query_one("#model", Input).value.strip()
            if not model.isprintable() or " " in model or not model:
                self.query_one("#model", Input).focus()
                raise WorkbenchError(
                    Failure(
                        FailureKind.BAD_SETTINGS,
                        "The model has no name yet." if not model else "A model id has no spaces.",
                        "Type it as the server calls it, such as llama3.2.",
                    )
                )
            before = await asyncio.to_thread(self._stored)
            after = before.with_values("default", provider="compatible", model=model)
            after = after.with_provider("compatible", base_url=url)
            after = settle_key_origins(before, after, "compatible")
            await self._save(before, after)
        except WorkbenchError as error:
            self._say("server", failure_effect(error.failure))
        else:
            self.dismiss(ServerSaved())

    def _stored(self) -> Settings:
        return load_config(self._config_file).settings

    async def _save(self, before: Settings, after: Settings) -> None:
        changes = after.changes_since(before)
        await asyncio.to_thread(save_changes, self._config_file, changes)

    def _say(self, where: str, effect: Effect | None) -> None:
        self.query_one(f"EffectLine.{where}", EffectLine).show(effect)


def _place_words(place: str) -> str:
    return f"Make one at openrouter.ai/settings/keys. {place}, and sent to openrouter.ai only."
