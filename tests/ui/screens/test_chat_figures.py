"""What the cost bar and the notes say while a turn is under way."""

import asyncio
from pathlib import Path
from typing import cast

import pytest
from textual.pilot import Pilot

from tests.fakes.service import FakeService
from tests.ui.screens.test_chat import SIZE, bar, ready, say, workbench
from tests.waiting import until
from tui.domain.errors import Failure, FailureKind
from tui.domain.events import Connected, Finished, FinishReason, Retrying, TextDelta, TurnEvent
from tui.services.openrouter import OpenRouter
from tui.ui.controllers.current_service import CurrentService
from tui.ui.screens.chat import ChatScreen
from tui.ui.transcript.transcript import Transcript

BUSY = Failure(FailureKind.OVERLOADED, "The server is busy.", "Wait.", retry_after=20)


async def scripted(pilot: Pilot[None], *script: TurnEvent | asyncio.Event) -> ChatScreen:
    screen = await ready(pilot)
    service = cast("OpenRouter", FakeService([script]))
    screen.chat.session._service = CurrentService(lambda: service)
    return screen


async def test_a_clock_runs_from_the_send_before_anything_arrives(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await scripted(pilot, asyncio.Event())

        await say(pilot, screen, "Hello")
        await until(pilot, lambda: "connecting" in bar(screen))

        await pilot.press("escape")
        await until(pilot, lambda: screen.chat.running is None)


async def test_a_wait_before_a_retry_counts_down_and_goes_away(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        answers = asyncio.Event()
        done = Finished(FinishReason.STOP)
        screen = await scripted(
            pilot, Retrying(BUSY, 1, 2, 20.0), answers, Connected(), TextDelta("Hi"), answers, done
        )
        transcript = screen.query_one(Transcript)

        await say(pilot, screen, "Hello")
        await until(pilot, lambda: len(transcript.entries) == 2)
        await until(pilot, lambda: "Try 1 of 2 in 19." in str(transcript.entries[1].note))
        answers.set()
        await until(pilot, lambda: screen.chat.running is None)

        assert "Try" not in str(transcript.entries[1].note)


async def test_no_wait_is_counted_down_once_the_answer_was_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await scripted(pilot, Retrying(BUSY, 1, 2, 20.0), asyncio.Event())
        transcript, drawn, summed_up = screen.query_one(Transcript), 0, asyncio.Event()
        show_figures = screen._presenter.show_figures

        def counted() -> None:
            nonlocal drawn
            drawn += 1
            show_figures()

        await say(pilot, screen, "Hello")
        await until(pilot, lambda: "Try 1 of 2" in str(transcript.entries[-1].note))
        # The clock ticks on between the end of the answer and what is summed up behind it.
        monkeypatch.setattr(screen.chat, "_refresh_today", summed_up.wait)
        await pilot.press("escape")
        await until(pilot, lambda: "stopped" in str(transcript.entries[-1].note))
        monkeypatch.setattr(screen._presenter, "show_figures", counted)
        await until(pilot, lambda: drawn >= 2)
        assert "stopped" in str(transcript.entries[-1].note)

        summed_up.set()
        await until(pilot, lambda: screen.chat.running is None)


async def test_the_clock_goes_on_after_a_look_at_another_conversation(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await scripted(pilot, Connected(), TextDelta("Hi"), asyncio.Event())
        await say(pilot, screen, "Hello")
        await until(pilot, lambda: "streaming" in bar(screen))
        streaming = screen.chat.conversation
        assert streaming is not None

        await screen.chat.new()
        assert "streaming" not in bar(screen)
        await screen.chat.open(streaming.id)
        before = bar(screen)
        await until(pilot, lambda: "streaming" in bar(screen) and bar(screen) != before)

        await pilot.press("escape")
        await until(pilot, lambda: screen.chat.running is None)
