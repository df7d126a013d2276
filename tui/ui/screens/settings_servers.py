"""The part of the settings screen that finds servers on this machine, when it is asked to."""

from textual import on
from textual.widgets import Button

from tui.domain.provider_presets import PRESETS
from tui.domain.sanitize import single_line
from tui.services.local_servers import FoundServer, find_local_servers
from tui.ui.controllers.settings_effects import Effect, Tone
from tui.ui.guard import guarded
from tui.ui.screens.list_chooser import ListChooser
from tui.ui.screens.settings_view import SettingsView

_LONGEST_MODEL = 40


class SettingsServers(SettingsView):
    """Lists what answers on the usual ports and fills in the fields of the one that is chosen."""

    @on(Button.Pressed, "#find-servers")
    def _find(self, event: Button.Pressed) -> None:
        event.stop()
        self._look()

    @guarded("servers")
    async def _look(self) -> None:
        self.say(Effect("Looking for servers on this machine …"))
        found = await find_local_servers()
        if not found:
            ports = ", ".join(f"{each.title} {each.port}" for each in PRESETS)
            words = f"No server answers on this machine at the usual ports: {ports}."
            self.say(Effect(words, Tone.WARNING))
            return
        self.show()
        rows = [(server.preset.title, _words(server)) for server in found]
        place = await self.app.push_screen_wait(ListChooser("Servers on this machine", rows))
        if place is not None:
            self.form.add_server(found[place])
            self.page.offer_providers()
            self.show()


def _words(server: FoundServer) -> str:
    """Where a server is and what it serves."""
    if server.needs_key:
        return f"{server.base_url}, wants a key"
    count = len(server.models)
    if not count:
        return f"{server.base_url}, no model loaded"
    more = f" and {count - 1} more" if count > 1 else ""
    return f"{server.base_url}, {single_line(server.models[0], _LONGEST_MODEL)}{more}"
