"""Other providers on the settings screen: servers on this machine, and who stands in."""

from functools import partial
from pathlib import Path

import pytest
from textual.widgets import OptionList

from tests.fakes.server import FakeServer, json_reply
from tests.ui.screens.settings_support import DARK, opened
from tests.waiting import until
from tui.domain.provider_presets import PRESETS
from tui.services.local_servers import find_local_servers
from tui.ui.screens import settings_servers
from tui.ui.screens.list_chooser import ListChooser

LLAMACPP = next(each for each in PRESETS if each.name == "llamacpp")


def look_only_at(monkeypatch: pytest.MonkeyPatch, server: FakeServer) -> None:
    """Keep the search from servers that happen to run here."""
    places = [(LLAMACPP, server.base_url)]
    monkeypatch.setattr(settings_servers, "find_local_servers", partial(find_local_servers, places))


async def test_a_server_on_this_machine_is_found_by_the_button_alone_and_filled_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with FakeServer() as server, opened(tmp_path, DARK) as settings:
        look_only_at(monkeypatch, server)
        rows = [{"id": "qwen3-8b"}, {"id": "other"}]
        server.on("GET /models", json_reply({"object": "list", "data": rows}))
        assert server.connections == 0, "nothing is looked for by itself"
        await settings.press_button("find-servers")
        await until(settings.pilot, lambda: isinstance(settings.app.screen, ListChooser))
        await until(settings.pilot, lambda: settings.app.screen.query(OptionList))
        offered = settings.app.screen.query_one(OptionList).get_option_at_index(0)
        assert "llama.cpp" in str(offered.prompt)
        await settings.pilot.press("enter")
        await until(settings.pilot, lambda: settings.choice("provider").value == "llamacpp")
        assert settings.field("base_url").value == server.base_url
        assert settings.field("model").value == "qwen3-8b"

        await settings.enter("fallback_providers", "llamacpp")
        await settings.choose("provider", "openrouter")
        assert settings.effect("fallback_providers") == (
            "If openrouter fails before the first word: llamacpp."
        )
        assert await settings.saved() is not None
        written = settings.written()
        assert written["providers"]["llamacpp"] == {
            "base_url": server.base_url,
            "model": "qwen3-8b",
        }
        assert written["reliability"]["fallback_providers"] == ["llamacpp"]
        assert "model" not in written.get("default", {}), "the others keep their model"


async def test_without_a_server_the_ports_that_were_tried_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with FakeServer() as server, opened(tmp_path, DARK) as settings:
        look_only_at(monkeypatch, server)
        server.on("GET /models", json_reply({"nothing": "here"}))
        await settings.press_button("find-servers")
        await until(settings.pilot, lambda: "LM Studio 1234" in settings.status)


async def test_who_stands_in_is_checked_as_it_is_typed(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        await settings.enter("fallback_providers", "compatibel")
        assert "Did you mean compatible?" in settings.problem("fallback_providers")
        await settings.enter("fallback_on", "402, 404")
        assert "400, 401, 402, 403" in settings.problem("fallback_on")
        await settings.enter("fallback_providers", "compatible")
        await settings.enter("fallback_on", "403 402")
        assert settings.effect("fallback_on") == "A 403 or 402 goes to the next one, too."
        assert await settings.saved() is not None
        assert settings.written()["reliability"] == {
            "fallback_providers": ["compatible"],
            "fallback_on": [403, 402],
        }
