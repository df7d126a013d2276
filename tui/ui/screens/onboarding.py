"""The first start: sign in, paste a key, use a server of one's own, or look at the demo.

Whatever is chosen is checked and saved at once, so that going back from a later step loses nothing.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import SecretStr
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup, VerticalGroup, VerticalScroll
from textual.screen import Screen
from textual.widgets import Button, Input, Static

from tui.domain.addresses import origin_of
from tui.domain.connection import KEY_VARIABLE, clean_key, configured_url, key_hint
from tui.domain.errors import WorkbenchError
from tui.domain.sanitize import single_line
from tui.onboard_save import Choice, check, save, save_beginning
from tui.runtime import Runtime
from tui.services.paths import shown
from tui.ui.controllers.beginning import failure_while_beginning
from tui.ui.controllers.model_desk import ModelDesk
from tui.ui.controllers.settings_effects import Effect, Tone
from tui.ui.controllers.signing_in import SigningIn
from tui.ui.guard import guarded, run_guarded
from tui.ui.screens.ready import Ready, ReadyScreen
from tui.ui.widgets.effect_line import EffectLine
from tui.ui.widgets.key_field import KeyInput
from tui.ui.widgets.server_way import ServerWay

_OPENROUTER = "openrouter"


@dataclass(frozen=True, slots=True)
class Begun:
    """A provider is set up; ``changes`` is what was chosen last, as the settings screen says it."""

    changes: Mapping[tuple[str, ...], object]


@dataclass(frozen=True, slots=True)
class DemoChosen:
    """The demo, for this run only; nothing was saved."""


Beginning = Begun | DemoChosen


class OnboardingScreen(Screen[Beginning | None]):
    """Dismisses with what was chosen, or with None for later.

    ``connect`` makes the app use the provider of that name once it is saved; ``desk`` is for
    browsing its models. ``signing_in`` makes the sign-ins.
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
        runtime: Runtime,
        desk: ModelDesk,
        connect: Callable[[str], Coroutine[Any, Any, None]],
        signing_in: SigningIn | None = None,
    ) -> None:
        super().__init__()
        self._runtime = runtime
        self._desk = desk
        self._connect = connect
        self._signing_in = signing_in or SigningIn(runtime.environ)

    def compose(self) -> ComposeResult:
        """Lay out the four ways to begin."""
        with VerticalScroll(id="page", can_focus=False):
            yield Static("⌁ OpenRouter Workbench", id="name", markup=False)
            yield Static(
                "Chat with any model, and see what every answer costs. How to begin?",
                markup=False,
            )
            with VerticalGroup(classes="way"):
                yield Static("With your account at OpenRouter", classes="heading", markup=False)
                with HorizontalGroup():
                    yield Button("Sign in with the browser", id="sign-in", compact=True)
                    yield Static(
                        "It makes a key: nothing to copy.",
                        classes="help beside",
                        markup=False,
                    )
            with VerticalGroup(classes="way"):
                yield Static("With a key that you have", classes="heading", markup=False)
                yield KeyInput(placeholder="Paste your key and press Enter", id="key")
                yield Static(self._place_words(), id="place", classes="help", markup=False)
                yield EffectLine(classes="key")
            yield ServerWay(classes="way")
            with VerticalGroup(classes="way"):
                yield Static("Just looking", classes="heading", markup=False)
                with HorizontalGroup():
                    yield Button("Try the demo", id="demo", compact=True)
                    yield Static(
                        "Offline and free; the answers are made up.",
                        classes="help beside",
                        markup=False,
                    )
        yield Static(
            "Tab moves, Enter chooses, Esc decides later. In the chat, F2 changes it.",
            id="keys",
            markup=False,
        )

    def on_mount(self) -> None:
        """Offer the easiest way, and find out meanwhile where the key can be kept."""
        self.query_one("#sign-in", Button).focus()
        self._find_place()

    def _place_words(self, keyring: str = "") -> str:
        place = shown(self._runtime.paths.config_file)
        kept = f"Kept in {keyring}" if keyring else f"Saved to {place}, for you alone"
        server = single_line(self._server().removeprefix("https://"), 100)
        return f"From openrouter.ai/settings/keys. {kept}, and sent to {server} only."

    def _server(self) -> str:
        """The origin that OpenRouter's key is sent to: a gateway, if one is set."""
        return origin_of(configured_url(self._runtime.settings.provider(_OPENROUTER)))

    @guarded("place")
    async def _find_place(self) -> None:
        status = await asyncio.to_thread(self._runtime.keyring.status)
        if status.available:
            self.query_one("#place", Static).update(self._place_words(status.words))

    def on_paste(self, event: events.Paste) -> None:
        """A paste that no field has taken can only be the key."""
        field = self.query_one(KeyInput)
        if not isinstance(self.focused, Input):
            field.focus()
            field.on_paste(event)

    @on(Input.Changed, "#key")
    def _key_edited(self) -> None:
        self.workers.cancel_group(self, "begin")
        self._say("key", None)

    @on(Input.Submitted, "#key")
    def _key_entered(self, event: Input.Submitted) -> None:
        try:
            key = clean_key(event.value)
        except WorkbenchError as error:
            self._say("key", failure_while_beginning(error.failure))
            return
        if key is None:
            self._say("key", Effect("Paste the key first.", Tone.ERROR))
        else:
            self._use("key", Choice(_OPENROUTER, key))

    @on(Button.Pressed, "#sign-in")
    def _sign_in(self) -> None:
        from tui.ui.screens.sign_in import SignInScreen  # it imports what speaks HTTP

        self.app.push_screen(SignInScreen(self._signing_in), self._signed_in)

    def _signed_in(self, key: SecretStr | None) -> None:
        if key is None:
            return
        # Should it not be possible to save it now, then it is here for another try.
        field = self.query_one(KeyInput)
        with field.prevent(Input.Changed):
            field.value = key.get_secret_value()
        field.focus()
        made_at, server = self._signing_in.origin(), self._server()
        if server == made_at:
            self._use("key", Choice(_OPENROUTER, key))
        else:
            words = f"This key was made at {made_at}. Enter sends it to {server} from now on."
            self._say("key", Effect(words, Tone.WARNING))

    @on(ServerWay.Entered)
    def _server_entered(self, event: ServerWay.Entered) -> None:
        self._use("server", event.choice)

    @on(Button.Pressed, "#demo")
    def _demo(self) -> None:
        self.dismiss(DemoChosen())

    def action_later(self) -> None:
        """Go on without a choice; an unfinished check is given up."""
        self.workers.cancel_group(self, "begin")
        self.dismiss(None)

    @guarded("begin")
    async def _use(self, where: str, choice: Choice) -> None:
        """Check the choice if the network allows it, save it, and let a model be chosen."""
        asked = key_hint(choice.key) if choice.key is not None else choice.base_url
        self._say(where, Effect(f"Checking {asked} …"))
        try:
            choice, notes = await check(self._runtime, choice)
            place = await asyncio.to_thread(save, self._runtime, choice)
        except WorkbenchError as error:
            self._say(where, failure_while_beginning(error.failure))
            return
        if choice.key is not None:
            notes = [*notes, f"The key is {place}."]
            if self._runtime.environ.get(KEY_VARIABLE, "").strip():
                notes.append(f"{KEY_VARIABLE} in the environment wins over it.")
        tone = Tone.GOOD if choice.catalogue.models else Tone.WARNING
        said = Effect(" ".join(notes) or f"{single_line(choice.base_url, 100)} answers.", tone)
        self._say(where, said)
        run_guarded(self.app, self._connect(choice.provider), "connect")
        await self._choose_model(where, choice, said)

    async def _choose_model(self, where: str, choice: Choice, said: Effect) -> None:
        ready = await self.app.push_screen_wait(ReadyScreen(said, choice, self._desk))
        if ready is None:
            return
        try:
            await asyncio.to_thread(
                save_beginning, self._runtime, choice.provider, ready.model, ready.theme
            )
        except WorkbenchError as error:
            self._say(where, failure_while_beginning(error.failure))
        else:
            self.dismiss(Begun(_changes(choice.provider, ready)))

    def _say(self, where: str, effect: Effect | None) -> None:
        line = self.query_one(f"EffectLine.{where}", EffectLine)
        line.show(effect)
        if effect is not None:
            line.scroll_visible(animate=False)


def _changes(provider: str, ready: Ready) -> Mapping[tuple[str, ...], object]:
    return {
        ("default", "provider"): provider,
        ("default", "model"): ready.model,
        ("interface", "theme"): ready.theme,
    }
