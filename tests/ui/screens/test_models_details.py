"""The details of the model browser, and who may serve a model."""

import asyncio
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.ui.screens.models_support import (
    IN_USE,
    SIZE,
    Hand,
    browsing,
    hint,
    ids,
    rows_of,
    status,
)
from tui.domain.catalogue_sort import SortKey
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.model import Endpoint
from tui.services.endpoint_cache import EndpointCache, EndpointsRead
from tui.ui.screens import models_asking
from tui.ui.screens.models import ModelsScreen


def details(screen: ModelsScreen) -> str:
    return screen.details.text.text.plain


def endpoints(screen: ModelsScreen) -> str:
    title = screen.details.query_one(".endpoints--title")
    return "\n".join(
        [str(title.render()), *(text.plain for text in screen.details.endpoints.texts)]
    )


@asynccontextmanager
async def at_endpoints(
    home: Path, size: tuple[int, int] = SIZE
) -> AsyncIterator[tuple[Hand, ModelsScreen]]:
    """The browser with the focus on the endpoints of a model."""
    async with browsing(home, size=size) as (hand, screen):
        await hand.type("sonnet-4.5")
        await hand.until(lambda: screen.details.endpoints.count)
        await hand.press("down", "right")
        await hand.until(lambda: screen.focused is screen.details.endpoints)
        yield hand, screen


def routing(home: Path, model_id: str = IN_USE) -> Any:
    written = tomllib.loads((home / "config" / "config.toml").read_text())
    return written["models"][model_id].get("provider")


async def test_details_and_endpoints_follow_the_cursor_and_are_asked_for_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, asked = EndpointCache._ask, []

    async def noted(cache: EndpointCache, model_id: str) -> EndpointsRead:
        asked.append(model_id)
        return await ask(cache, model_id)

    monkeypatch.setattr(EndpointCache, "_ask", noted)
    async with browsing(tmp_path) as (hand, screen):
        await hand.until(lambda: "Claude Sonnet 4.5" in details(screen))
        for words in ("1,000 turns", "cache read", "Limits and abilities", "Prompt caching"):
            assert words in details(screen)
        await hand.until(lambda: "endpoints" in endpoints(screen))
        for words in ("Anthropic", "Amazon Bedrock", "up 5m 100", "first token", "tokens / s"):
            assert words in endpoints(screen)
        assert IN_USE in screen.browsing.context.endpoints

        await hand.type("haiku")
        await hand.until(
            lambda: "Haiku" in details(screen) and any("haiku" in one for one in asked)
        )
        await hand.press("ctrl+u")
        await hand.type("sonnet-4.5")
        await hand.until(lambda: "Claude Sonnet 4.5" in details(screen))
        screen.ask_endpoints()
        await hand.until(lambda: "endpoints" in endpoints(screen))
        assert asked.count(IN_USE) == 1


async def test_keys_on_an_endpoint_set_who_may_serve_the_model(tmp_path: Path) -> None:
    config = tmp_path / "config" / "config.toml"
    config.parent.mkdir(mode=0o700)
    written = f"openrouter/{IN_USE}"
    config.write_text(f'[models."{written}"]\n# mine\nparams = {{ temperature = 0.5 }}\n')
    config.chmod(0o600)
    async with at_endpoints(tmp_path) as (hand, screen):
        await hand.press("o")
        await hand.until(lambda: "✓ only this one" in endpoints(screen))
        assert routing(tmp_path, written) == {"only": ["anthropic"]}
        assert "Set: only anthropic." in endpoints(screen)

        await hand.press("down", "n")
        await hand.until(lambda: "✗ never" in endpoints(screen))
        assert routing(tmp_path, written) == {"only": ["anthropic"], "ignore": ["amazon-bedrock"]}

        await hand.press("p")
        await hand.until(lambda: "↑ preferred" in endpoints(screen))
        assert routing(tmp_path, written)["order"] == ["amazon-bedrock"]
        assert "without sticky routing" in endpoints(screen)
        settings = screen.desk.session.runtime.settings.for_model(IN_USE)
        assert settings.provider["order"] == ["amazon-bedrock"]
    assert "# mine" in config.read_text()


async def test_the_cursor_goes_from_endpoint_to_endpoint_and_keeps_each_in_sight(
    tmp_path: Path,
) -> None:
    async with at_endpoints(tmp_path, (120, 24)) as (hand, screen):
        rows = screen.details.endpoints
        assert rows.current is not None
        assert rows.current.provider_name == "Anthropic"
        assert rows.size.height < rows.count
        await hand.press("end")
        assert rows.current.provider_name == "Google"
        assert "tokens / s" in rows_of(rows)[-1]
        await hand.press("up")
        assert rows.current.provider_name == "Amazon Bedrock"
        first = next(place for place, line in enumerate(rows_of(rows)) if "Bedrock" in line)
        await hand.press("home")
        await hand.pilot.click(rows, offset=(2, first))
        assert rows.current.provider_name != "Google"


async def test_the_focus_goes_on_to_endpoints_that_were_still_being_asked_for(
    tmp_path: Path,
) -> None:
    async with browsing(tmp_path) as (hand, screen):
        cache, may_answer = screen.desk.endpoints, asyncio.Event()
        fetch = cache._fetch

        async def slow(model_id: str) -> tuple[Endpoint, ...]:
            await may_answer.wait()
            return await fetch(model_id)

        cache._fetch = slow
        await hand.type("haiku-4.5")
        await hand.press("down")
        await hand.until(lambda: "asking" in endpoints(screen))
        await hand.press("right")
        assert screen.focused is screen.details.text
        may_answer.set()
        await hand.until(lambda: screen.focused is screen.details.endpoints)


async def test_marked_models_become_fallbacks_in_their_order(tmp_path: Path) -> None:
    async with browsing(tmp_path) as (hand, screen):
        settings = screen.desk.session.runtime
        await hand.type("claude")
        await hand.press("down", "F")
        await hand.until(lambda: hand.app._notifications)
        assert "first" in next(iter(hand.app._notifications)).message

        await hand.press("down", "space", "space", "home")
        chosen, *marked = ids(screen)[:3]
        assert screen.browsing.marked == marked
        await hand.press("F")
        await hand.until(lambda: settings.settings.for_model(chosen).fallbacks == tuple(marked))
        await hand.until(lambda: "falls back to" in details(screen))


async def test_models_without_endpoints_and_failures_are_told(tmp_path: Path) -> None:
    async with browsing(tmp_path) as (hand, screen):
        await hand.type("openrouter/auto")
        await hand.until(lambda: "names no endpoints" in endpoints(screen))
        assert any("varies" in line for line in rows_of(screen.table))

        async def fails(model_id: str) -> tuple[Endpoint, ...]:
            raise WorkbenchError(Failure(FailureKind.UNREACHABLE, "Nobody answers.", "Wait."))

        screen.desk.endpoints._fetch = fails
        await hand.press("ctrl+u")
        await hand.type("haiku")
        await hand.until(lambda: "! Nobody answers. Wait." in endpoints(screen))


async def test_sorting_by_speed_uses_the_endpoints_that_were_read(tmp_path: Path) -> None:
    async with browsing(tmp_path) as (hand, screen):
        await hand.until(lambda: IN_USE in screen.browsing.context.endpoints)
        await hand.press("down", "end")
        screen.browsing.sort_by(SortKey.SPEED)
        screen.show(0)
        assert screen.browsing.found[0].model.id == IN_USE
        assert "tokens per second" in status(screen)


async def test_a_filter_by_provider_reads_who_serves_the_models_it_is_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browsing(tmp_path) as (hand, screen):
        monkeypatch.setattr(models_asking, "MOST_READ", 3)
        await hand.type("provider:azure ")
        assert not ids(screen)
        assert "narrow the rest to 3 models" in hint(screen)

        monkeypatch.setattr(models_asking, "MOST_READ", 30)
        await hand.type("author:openai")
        await hand.until(lambda: ids(screen))
        assert {one.rpartition("/")[0].strip("~") for one in ids(screen)} == {"openai"}
        assert "narrow" not in hint(screen)
        assert "reading" not in status(screen)

        await hand.press("ctrl+u")
        await hand.type("author:google")
        await hand.press("down", "e")
        await hand.until(lambda: set(ids(screen)) <= screen.browsing.context.endpoints.keys())
