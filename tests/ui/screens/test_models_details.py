"""The details of the model browser, and who may serve a model."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.ui.screens.models_support import SIZE, browser, rows_of, type_text, until, workbench
from tui.ui.screens.models import ModelsScreen
from tui.ui.widgets.catalogue.details import DetailsText

SONNET = "anthropic/claude-sonnet-4.5"


def details(screen: ModelsScreen) -> str:
    text = screen.query_one(DetailsText).query("Static").first()
    return str(text.render())


def endpoints(screen: ModelsScreen) -> str:
    title = screen.details.query_one(".endpoints--title")
    rows = [str(option.prompt) for option in screen.details.endpoints.options]
    return "\n".join([str(title.render()), *rows])


async def at_endpoints(pilot: Pilot[None], name: str = "sonnet-4.5") -> ModelsScreen:
    """The browser with the focus on the endpoints of a model."""
    screen = await browser(pilot)
    await type_text(pilot, name)
    await until(pilot, lambda: screen.details.endpoints.option_count)
    await pilot.press("down", "right")
    await until(pilot, lambda: screen.focused is screen.details.endpoints)
    return screen


def routing(home: Path, model_id: str = SONNET) -> Any:
    written = tomllib.loads((home / "config" / "config.toml").read_text())
    return written["models"][model_id].get("provider")


async def test_details_and_endpoints_follow_the_cursor_once_it_rests(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot)
        await type_text(pilot, "sonnet-4.5")
        await until(pilot, lambda: "Claude Sonnet 4.5" in details(screen))
        for words in ("1,000 turns", "cache read", "Limits and abilities", "Prompt caching"):
            assert words in details(screen)

        await until(pilot, lambda: "endpoints" in endpoints(screen))
        for words in ("Anthropic", "Amazon Bedrock", "up 5m 100", "first token", "tokens / s"):
            assert words in endpoints(screen)
        assert SONNET in screen.browsing.context.endpoints


async def test_endpoints_are_asked_for_once_in_some_minutes(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await at_endpoints(pilot)
        asked: list[str] = []
        cache = screen.desk.endpoints
        fetch = cache._fetch

        async def noted(model_id: str) -> Any:
            asked.append(model_id)
            return await fetch(model_id)

        cache._fetch = noted
        screen.filter_line.put("")
        await until(pilot, lambda: asked)
        screen.filter_line.put("sonnet-4.5")
        await until(pilot, lambda: "Claude Sonnet 4.5" in details(screen))
        screen.ask_endpoints()
        await until(pilot, lambda: "endpoints" in endpoints(screen))
        assert SONNET not in asked


async def test_keys_on_an_endpoint_set_who_may_serve_the_model(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await at_endpoints(pilot)

        await pilot.press("o")
        await until(pilot, lambda: "✓ only this one" in endpoints(screen))
        assert routing(tmp_path) == {"only": ["anthropic"]}
        assert "Set: only anthropic." in endpoints(screen)

        await pilot.press("down", "n")
        await until(pilot, lambda: "✗ never" in endpoints(screen))
        assert routing(tmp_path) == {"only": ["anthropic"], "ignore": ["amazon-bedrock"]}

        await pilot.press("p")
        await until(pilot, lambda: "↑ preferred" in endpoints(screen))
        assert routing(tmp_path)["order"] == ["amazon-bedrock"]
        assert "without sticky routing" in endpoints(screen)
        settings = screen.desk.session.runtime.settings.for_model(SONNET)
        assert settings.provider["order"] == ["amazon-bedrock"]


async def test_routing_is_written_into_the_table_that_is_there(tmp_path: Path) -> None:
    config = tmp_path / "config" / "config.toml"
    config.parent.mkdir(mode=0o700)
    config.write_text(f'[models."openrouter/{SONNET}"]\n# mine\nparams = {{ temperature = 0.5 }}\n')
    config.chmod(0o600)
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await at_endpoints(pilot)
        await pilot.press("o")
        await until(pilot, lambda: "✓ only this one" in endpoints(screen))
    assert "# mine" in config.read_text()
    assert routing(tmp_path, f"openrouter/{SONNET}") == {"only": ["anthropic"]}


async def test_marked_models_become_fallbacks(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot)
        await type_text(pilot, "claude")
        await pilot.press("down", "space", "space")
        assert screen.current is not None
        marked, chosen = tuple(screen.browsing.marked), screen.current.model.id
        await pilot.press("F")
        settings = screen.desk.session.runtime
        await until(pilot, lambda: settings.settings.for_model(chosen).fallbacks == marked)


async def test_a_server_without_endpoints_says_so(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot)
        await type_text(pilot, "openrouter/auto")
        await until(pilot, lambda: "names no endpoints" in endpoints(screen))
        assert any("varies" in line for line in rows_of(screen.table))


async def test_sorting_by_speed_uses_the_endpoints_that_were_read(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await at_endpoints(pilot)
        screen.filter_line.put("claude")
        screen.action_next_sort(0)
        screen._sort_by(type(screen.browsing.sort)("speed"))
        await pilot.pause()
        assert screen.browsing.found[0].model.id in screen.browsing.context.endpoints
        assert screen.browsing.context.now <= datetime.now(UTC)
