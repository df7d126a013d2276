"""Who answered in the place of another is said at the answer."""

import asyncio
from pathlib import Path

from tests.ui.screens.test_chat import SIZE, say, workbench
from tests.ui.screens.test_chat_figures import scripted
from tests.waiting import until
from tui.domain.errors import Failure, FailureKind
from tui.domain.events import Connected, FellBack, Finished, FinishReason, TextDelta
from tui.ui.transcript.transcript import Transcript

REFUSED = Failure(FailureKind.NO_CREDIT, "There is no credit.", "Buy some.")
TAKEN_OVER = FellBack(
    REFUSED,
    "openrouter",
    "local",
    "llama3.2",
    local=True,
    request_settings={
        "fell_back_from": "openrouter",
        "fell_back_because": "There is no credit.",
    },
)
WORDS = "openrouter: There is no credit. local took over, with llama3.2."


async def test_a_provider_that_took_over_is_named_while_it_answers_and_when_opened_again(
    tmp_path: Path,
) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        answers = asyncio.Event()
        screen = await scripted(
            pilot, TAKEN_OVER, Connected(), answers, TextDelta("Hi"), Finished(FinishReason.STOP)
        )
        transcript = screen.query_one(Transcript)
        await say(pilot, screen, "Hello")
        await until(pilot, lambda: WORDS in str(transcript.entries[-1].shown_note()))
        answers.set()
        await until(pilot, lambda: screen.chat.running is None)
        conversation = screen.chat.conversation
        assert conversation is not None

        await screen.chat.new()
        await screen.chat.open(conversation.id)

        lines = str(transcript.entries[-1].shown_note()).splitlines()
        assert lines[0] == WORDS
        assert "local" in lines[1]
