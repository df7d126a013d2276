"""The app against a server on the loopback that bills, caches and has a small context."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.fakes.server import FakeServer, Reply, Request, chunk, json_reply, sse
from tests.ui.screens.test_chat import ready
from tests.waiting import until
from tui.domain.connection import Overrides
from tui.runtime import Runtime
from tui.services.config_file import save_changes
from tui.ui.app import Workbench
from tui.ui.screens.chat import ChatScreen
from tui.ui.widgets.chat_transcript import ChatTranscript
from tui.ui.widgets.cost_bar import CostBar
from tui.ui.widgets.preview_line import PreviewLine
from tui.ui.widgets.prompt import Prompt

KEY = "sk-or-v1-test-canary-0123456789"
CLAUDE = "anthropic/claude-sonnet-4.5"
CONTEXT = 8_192
ROW = {
    "id": CLAUDE,
    "name": "Anthropic: Claude Sonnet 4.5",
    "canonical_slug": CLAUDE,
    "context_length": CONTEXT,
    "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
    "pricing": {
        "prompt": "0.000003",
        "completion": "0.000015",
        "input_cache_read": "0.0000003",
        "input_cache_write": "0.00000375",
    },
    "top_provider": {"max_completion_tokens": 1_000},
    "supported_parameters": ["max_tokens"],
}


def answer(text: str = "Yes.", **usage: object) -> Reply:
    """A whole answer with its usage."""
    counted = {"prompt_tokens": 10, "completion_tokens": 5, "cost": 0.0001, **usage}
    return sse(chunk(text), chunk(finish="stop"), chunk(usage=counted))


def counted(request: Request) -> Reply:
    """An answer whose prompt is counted as a tokenizer would."""
    return answer(prompt_tokens=len(request.body) // 4)


def caching(prompt: int, read: int, written: int) -> Reply:
    """An answer whose prompt was partly read from the cache, and partly written to it."""
    details = {"cached_tokens": read, "cache_write_tokens": written}
    return answer(prompt_tokens=prompt, prompt_tokens_details=details)


@dataclass(frozen=True, slots=True)
class Place:
    """The chat, its pilot and the server that it talks to."""

    pilot: Pilot[None]
    screen: ChatScreen
    server: FakeServer

    @property
    def app(self) -> Workbench:
        assert isinstance(self.pilot.app, Workbench)
        return self.pilot.app

    @property
    def transcript(self) -> ChatTranscript:
        return self.screen.query_one(ChatTranscript)

    @property
    def bar(self) -> str:
        return self.screen.query_one(CostBar).render().plain

    @property
    def preview(self) -> str:
        return self.screen.query_one(PreviewLine).render().plain

    @property
    def bodies(self) -> list[Any]:
        """What the server was sent."""
        return [request.json for request in self.server.chats]

    @property
    def rows(self) -> list[str]:
        """The rows of the transcript as they are on screen."""
        transcript = self.transcript
        return [transcript.render_line(y).text.rstrip() for y in range(transcript.size.height)]

    async def until(self, condition: Any) -> None:
        await until(self.pilot, condition)

    async def type(self, text: str) -> None:
        """Put a text into the prompt, and wait until it is planned."""
        self.screen.query_one(Prompt).put(text)
        await self.until(lambda: self.plan is not None and self.plan.text == text)

    @property
    def plan(self) -> Any:
        return self.screen.money.plan

    async def send(self, text: str) -> None:
        """Send a text and wait for its answer, and until what it cost is counted."""
        before = len(self.server.chats)
        self.screen.query_one(Prompt).focus()
        await self.type(text)
        await self.pilot.press("enter")
        await self.until(lambda: len(self.server.chats) == before + 1)
        await self.answered()

    async def answered(self) -> None:
        """Wait until nothing is being answered, and the next send is planned."""
        await self.until(lambda: self.screen.chat.running is None)
        conversation = self.screen.chat.conversation
        assert conversation is not None
        await self.until(lambda: self.plan is not None and not self.plan.text)
        sent = conversation.as_sent(conversation.path())
        await self.until(lambda: len(self.plan.path) == len(sent))

    async def configure(self, changes: dict[tuple[str, ...], object]) -> None:
        """Save settings as the settings screen does."""
        save_changes(self.app.runtime.paths.config_file, changes)
        self.app._settings_closed(changes)
        await self.until(lambda: not self.app.workers)


@asynccontextmanager
async def patched(name: str, value: object) -> AsyncIterator[None]:
    """Another value for a constant, as long as it lasts."""
    with pytest.MonkeyPatch.context() as patching:
        patching.setattr(name, value)
        yield


@asynccontextmanager
async def place(
    home: Path, config: str = "", size: tuple[int, int] = (120, 40)
) -> AsyncIterator[Place]:
    """The app, connected, with its catalogue."""
    folder = home / "config"
    folder.mkdir(parents=True, mode=0o700)
    (folder / "config.toml").write_text(f'[default]\nmodel = "{CLAUDE}"\n{config}')
    (folder / "config.toml").chmod(0o600)
    # Nobody types here who could be kept waiting by a plan.
    async with FakeServer() as server, patched("tui.ui.money_presenter._PREVIEW_AFTER", 0.01):
        server.on("GET /models", json_reply({"data": [ROW]}))
        server.on_chat(counted)
        runtime = Runtime.start(
            home=home,
            overrides=Overrides(base_url=server.base_url),
            environ={"OPENROUTER_API_KEY": KEY},
        )
        app = Workbench(runtime)
        async with app.run_test(size=size) as pilot:
            screen = await ready(pilot)
            await until(pilot, lambda: app.session.catalogue.models and not app.workers)
            yield Place(pilot, screen, server)
