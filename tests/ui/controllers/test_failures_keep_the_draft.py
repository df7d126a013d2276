"""Every refusal and accident that the API knows, met in the chat: nothing of the user's is lost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.fakes.server import FakeServer, Hangup, chunk, sse
from tests.snapshots.test_failures import CANARY, CASES, Case
from tests.ui.controllers.test_chat import FakeView
from tui.domain.connection import Overrides
from tui.domain.conversation import MessageState, Role
from tui.runtime import Runtime
from tui.services.config_file import save_changes
from tui.ui.controllers.chat import Chat
from tui.ui.controllers.session import Session

BROKEN_BEFORE_A_WORD = Case(sse(chunk(""), Hangup(), done=False))
"""Servers often name the role of the author at once, and nothing else."""


@asynccontextmanager
async def chatting(home: Path, server: FakeServer) -> AsyncIterator[tuple[Chat, FakeView]]:
    """A chat over the server, with a history of its own and hardly any waits."""
    overrides = Overrides(base_url=server.base_url, model="test/model")
    runtime = Runtime.start(home=home, overrides=overrides, environ={"OPENROUTER_API_KEY": CANARY})
    waits = {"retries": 0, "first_byte_timeout": 0.8, "silence_timeout": 0.8}
    changes: dict[tuple[str, ...], object] = {
        ("reliability", name): value for name, value in waits.items()
    }
    save_changes(runtime.paths.config_file, changes)
    runtime.reload()
    session, view = Session(runtime), FakeView()
    chat = Chat(session, view)
    await session.open_history()
    try:
        yield chat, view
    finally:
        await chat.close()
        await session.aclose()


async def test_after_every_failure_the_message_is_in_the_prompt_again_and_in_the_history(
    tmp_path: Path,
) -> None:
    async with FakeServer() as server, chatting(tmp_path, server) as (chat, view):
        history = await chat.session.wait_for_history()
        for name, case in {**CASES, "broken off before a word": BROKEN_BEFORE_A_WORD}.items():
            server.requests.clear()
            server.on_chat(case.reply)
            view.prompt = ""
            conversation = await chat.new()
            await chat.send(f"What of {name}?")

            assert len(server.chats) == 1, name
            kept = await history.load(conversation.id)
            assert kept is not None, name
            prompt, answer = kept.path()
            assert (prompt.role, prompt.text) == (Role.USER, f"What of {name}?"), name
            assert answer.failure_text, name
            assert answer.state in (MessageState.FAILED, MessageState.INTERRUPTED), name
            if answer.state is MessageState.INTERRUPTED:
                assert answer.text == ("" if case is BROKEN_BEFORE_A_WORD else "Half"), name
            assert view.prompt == kept.draft == prompt.text, name


async def test_what_was_typed_meanwhile_stays_and_the_message_is_not_put_over_it(
    tmp_path: Path,
) -> None:
    async with FakeServer() as server, chatting(tmp_path, server) as (chat, view):
        history = await chat.session.wait_for_history()
        for name in ("status 402", "in the stream, after some text", "broken off"):
            server.on_chat(CASES[name].reply)
            conversation = await chat.new()
            view.prompt = "and then"
            await chat.send("first")
            assert view.prompt == "and then", name
            kept = await history.load(conversation.id)
            assert kept is not None, name
            assert kept.draft == "and then", name
            assert kept.path()[0].text == "first", name
