"""The way to begin with a server of one's own: found on this machine, or by its address."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import HorizontalGroup, VerticalGroup
from textual.message import Message
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.domain.addresses import clean_base_url
from tui.domain.connection import clean_key
from tui.domain.errors import WorkbenchError
from tui.domain.provider_presets import PRESETS
from tui.onboard_save import Choice
from tui.ui.controllers.beginning import failure_while_beginning
from tui.ui.controllers.settings_effects import Effect, Tone
from tui.ui.guard import guarded
from tui.ui.widgets.effect_line import EffectLine
from tui.ui.widgets.key_field import KeyInput

if TYPE_CHECKING:
    from tui.services.local_servers import FoundServer

FindServers = Callable[[], Awaitable[Sequence["FoundServer"]]]


async def _on_this_machine() -> Sequence["FoundServer"]:
    from tui.services.local_servers import find_local_servers  # it imports what speaks HTTP

    return await find_local_servers()


class ServerWay(VerticalGroup):
    """Looks for servers when its button is pressed, and never by itself.

    ``find_servers`` finds those of this machine.
    """

    DEFAULT_CSS = """
    ServerWay {
        & > #found {
            display: none;
            max-height: 5;
            &.-some { display: block; }
        }
    }
    """

    @dataclass
    class Entered(Message):
        """A server was chosen; its model is not known yet."""

        choice: Choice

    def __init__(self, *, classes: str = "") -> None:
        super().__init__(classes=classes)
        self.find_servers: FindServers = _on_this_machine
        self._servers: tuple[FoundServer, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay out the button that looks, what it finds, and the fields."""
        yield Static("With a server of your own", classes="heading", markup=False)
        with HorizontalGroup():
            yield Button("Find servers on this machine", id="find", compact=True)
            yield Static("Ollama, LM Studio, vLLM …", classes="help beside", markup=False)
        yield OptionList(id="found", markup=False, compact=True)
        with HorizontalGroup():
            yield Static("Address", classes="label", markup=False)
            yield Input(placeholder=f"{PRESETS[0].base_url}", compact=True, id="url")
        with HorizontalGroup():
            yield Static("Key", classes="label", markup=False)
            yield KeyInput(placeholder="only if it wants one", id="server-key")
            yield Button("Use this server", id="server", compact=True)
        yield EffectLine(classes="server")

    @on(Button.Pressed, "#find")
    @guarded("find")
    async def _look(self, event: Button.Pressed) -> None:
        event.stop()
        self._say(Effect("Looking at the usual ports of this machine …"))
        self._servers = tuple(await self.find_servers())
        found = self.query_one("#found", OptionList)
        found.clear_options()
        found.add_options([Option(_words(server)) for server in self._servers])
        found.set_class(bool(self._servers), "-some")
        if self._servers:
            self._say(None)
            found.highlighted = 0
            found.focus()
        else:
            ports = ", ".join(f"{each.title} {each.port}" for each in PRESETS)
            self._say(Effect(f"Nobody answers at the usual ports: {ports}.", Tone.WARNING))

    @on(OptionList.OptionSelected, "#found")
    def _found_chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        server = self._servers[event.option_index]
        self.query_one("#url", Input).value = server.base_url
        # A key that was typed already was meant for another address.
        self.query_one("#server-key", KeyInput).value = ""
        if server.needs_key:
            self._say(Effect(f"{server.preset.title} wants a key.", Tone.WARNING))
            self.query_one("#server-key", KeyInput).focus()
        else:
            self._enter()

    @on(Button.Pressed, "#server")
    @on(Input.Submitted)
    def _entered(self, event: Message) -> None:
        event.stop()
        self._enter()

    def _enter(self) -> None:
        """Tell of the server that the fields name."""
        try:
            address = self.query_one("#url", Input)
            url = clean_base_url(address.value or PRESETS[0].base_url)
            address.value = url  # a scheme that was left out is seen
            key = clean_key(self.query_one("#server-key", KeyInput).value)
        except WorkbenchError as error:
            self._say(failure_while_beginning(error.failure))
            return
        names = {server.base_url: server.preset.name for server in self._servers}
        provider = names.get(url, "compatible")
        self.post_message(self.Entered(Choice(provider, key, base_url=url)))

    def _say(self, effect: Effect | None) -> None:
        self.query_one(EffectLine).show(effect)


def _words(server: "FoundServer") -> str:
    if server.needs_key:
        has = "wants a key"
    elif len(server.models) == 1:
        has = server.models[0]
    else:
        has = f"{len(server.models)} models" if server.models else "no model loaded"
    return f"{server.preset.title} at {server.base_url}: {has}"
