"""Signing in at openrouter.ai: the browser comes back by itself, or shows a code to paste."""

from typing import ClassVar

from pydantic import SecretStr
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup, VerticalGroup, VerticalScroll
from textual.screen import Screen
from textual.widgets import Button, Input, Static

from tui.domain.errors import WorkbenchError
from tui.services.oauth import LONGEST_SIGN_IN, SignIn
from tui.ui.controllers.settings_effects import Effect, Tone, failure_effect
from tui.ui.controllers.signing_in import SigningIn
from tui.ui.guard import guarded
from tui.ui.widgets.effect_line import EffectLine
from tui.ui.widgets.key_field import KeyInput

_WAITING = f"Waiting for you to agree there, for up to {LONGEST_SIGN_IN / 60:.0f} minutes."


class SignInScreen(Screen[SecretStr | None]):
    """Dismisses with the key, or with None; each way and each try is a sign-in of its own.

    Leaving ends the sign-in: nothing listens afterwards, and its code is worth nothing.
    """

    CSS_PATH = ["onboarding.tcss", "sign_in.tcss"]  # noqa: RUF012 - Textual declares no ClassVar
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="sign_in.back", tooltip="Give signing in up"),
        Binding("c", "copy", "Copy", id="sign_in.copy", tooltip="Copy the address of the page"),
        Binding("down", "app.focus_next", "Next", id="sign_in.next", tooltip="Next button"),
        Binding("up", "app.focus_previous", "Before", id="sign_in.previous", tooltip="Before"),
    ]

    def __init__(self, signing_in: SigningIn) -> None:
        super().__init__()
        self._signing_in = signing_in
        self._label = signing_in.label()
        self._sign_in: SignIn | None = None
        self.page_url = ""

    def compose(self) -> ComposeResult:
        """Lay out the address, what is done there, and the other way."""
        with VerticalScroll(id="page", can_focus=False):
            yield Static("⌁ Sign in at OpenRouter", id="name", markup=False)
            yield Static(
                f"You agree on its page, and it makes a key called “{self._label}”."
                " You can limit or delete it there at any time.",
                id="about",
                markup=False,
            )
            with VerticalGroup(classes="way"):
                yield Static(classes="heading", id="todo", markup=False)
                yield Static(id="url", markup=False)
                with HorizontalGroup(id="buttons"):
                    yield Button("Copy the address", id="copy", compact=True)
                    yield Button("Open it again", id="open", compact=True)
                    yield Button("Start again", id="again", compact=True)
                with HorizontalGroup(id="code-row"):
                    yield Static("Code", classes="label", markup=False)
                    yield KeyInput(placeholder="Paste what the page shows, Enter", id="code")
                yield EffectLine(classes="result")
            yield Button("", id="other", compact=True)
        yield Static(
            "Tab moves, Enter chooses, Esc goes back without a key.", id="keys", markup=False
        )

    def on_mount(self) -> None:
        """Begin with the browser of this machine if there is one."""
        self._begin(in_browser=self._signing_in.begins_in_browser())

    def _begin(self, *, in_browser: bool) -> None:
        """Begin anew, one way or the other."""
        self.workers.cancel_group(self, "sign-in")
        self._sign_in = self._signing_in.make(self._label)
        self.set_class(not in_browser, "-code")
        self.query_one("#other", Button).label = (
            "No browser here, as over SSH? Use another device"
            if in_browser
            else "Use the browser of this machine"
        )
        self.query_one("#copy", Button).label = f"Copy the address{'  (c)' if in_browser else ''}"
        self._say(None)
        if in_browser:
            self._wait_for_browser(self._sign_in)
            self.query_one("#copy", Button).focus()
        else:
            self._show_page(
                self._sign_in.code_url, "Open this page on any device, agree, and paste the code:"
            )
            code = self.query_one("#code", KeyInput)
            code.value = ""
            code.focus()

    def _show_page(self, url: str, todo: str) -> None:
        self.page_url = url
        self.query_one("#todo", Static).update(todo)
        self.query_one("#url", Static).update(url)

    @guarded("sign-in")
    async def _wait_for_browser(self, sign_in: SignIn) -> None:
        try:
            async with sign_in:
                self._show_page(await sign_in.listen(), "Agree on this page:")
                self._open_page()
                key = await sign_in.key_from_browser()
        except WorkbenchError as error:
            self._say(failure_effect(error.failure))
        else:
            self.dismiss(key)

    def _open_page(self) -> None:
        problem = self._signing_in.problem_opening(self.page_url)
        todo = "Your browser opens this page; agree there, and come back:"
        self.query_one("#todo", Static).update(
            todo if not problem else "Open this page in a browser of this machine, and agree there:"
        )
        self._say(Effect(f"{problem} {_WAITING}".strip()))

    @on(Input.Submitted, "#code")
    def _code_entered(self, event: Input.Submitted) -> None:
        if not event.value.strip():
            self._say(Effect("Paste the code that the page shows first.", Tone.ERROR))
        elif self._sign_in is not None:
            self._trade(self._sign_in, event.value)

    @guarded("sign-in")
    async def _trade(self, sign_in: SignIn, code: str) -> None:
        self._say(Effect("Trading the code for a key …"))
        try:
            async with sign_in:
                key = await sign_in.key_for(code)
        except WorkbenchError as error:
            self._say(failure_effect(error.failure))
        else:
            self.dismiss(key)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        in_code = self.has_class("-code")
        match event.button.id:
            case "copy":
                self.action_copy()
            case "open":
                self._open_page()
            case "again":
                self._begin(in_browser=not in_code)
            case _:
                self._begin(in_browser=in_code)

    def action_copy(self) -> None:
        """Copy the address of the page."""
        self.app.copy_to_clipboard(self.page_url)

    def action_back(self) -> None:
        """Give it up."""
        self.workers.cancel_group(self, "sign-in")
        self.dismiss(None)

    def _say(self, effect: Effect | None) -> None:
        self.query_one("EffectLine.result", EffectLine).show(effect)
