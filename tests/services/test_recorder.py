import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.fakes.conversations import MODEL, NOON, answer_to, finished, prompt_in
from tui.domain.conversation import Conversation, Message, MessageState
from tui.domain.cost import Usage
from tui.domain.events import (
    Connected,
    Finished,
    FinishReason,
    KeepAlive,
    ReasoningDelta,
    ServedBy,
    TextDelta,
    UsageReported,
)
from tui.services.history import History
from tui.services.recorder import Recorder


class Clock:
    """A clock that goes only when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class SlowHistory:
    """A history whose writes end when they are let through."""

    def __init__(self) -> None:
        self.writes: list[str] = []
        self.final: list[Message] = []
        self.under_way = 0
        self.most_under_way = 0
        self.gate = asyncio.Event()

    async def journal(
        self, message_id: str, text: str, reasoning: str, served: ServedBy | None = None
    ) -> None:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await self.gate.wait()
        self.writes.append(text)
        self.under_way -= 1

    async def finish_answer(self, message: Message) -> None:
        self.final.append(message)


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[History]:
    opened = await History.open(tmp_path / "history.db")
    yield opened
    await opened.aclose()


async def begin(history: History) -> Message:
    conversation = await history.new_conversation(MODEL)
    prompt = prompt_in(conversation)
    answer = answer_to(prompt)
    await history.begin_turn(conversation, prompt, answer)
    return answer


async def journaled(history: History, answer: Message) -> Message:
    loaded = await history.load(answer.conversation_id)
    assert loaded is not None
    return loaded.messages[answer.id]


async def eventually(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


def recorder_of(slow: SlowHistory, clock: Clock) -> Recorder:
    answer = answer_to(prompt_in(Conversation("conversation", "session", MODEL, NOON)))
    return Recorder(slow, answer, clock=clock)  # type: ignore[arg-type]  # it calls no other method


async def test_pieces_are_written_although_the_stream_has_gone_silent(history: History) -> None:
    answer = await begin(history)
    recorder = Recorder(history, answer)
    await recorder.record(Connected("gen-1"))
    await recorder.record(ReasoningDelta("Light"))
    await recorder.record(TextDelta("Ray"))
    async with asyncio.timeout(5):
        while (message := await journaled(history, answer)).text != "Ray":
            await asyncio.sleep(0.01)
    assert message.reasoning == "Light"
    assert message.generation is not None
    assert message.generation.generation_id == "gen-1"


async def test_the_wait_for_a_silent_stream_is_under_half_a_second() -> None:
    slow, clock = SlowHistory(), Clock()
    recorder = recorder_of(slow, clock)
    loop = asyncio.get_running_loop()
    await recorder.record(TextDelta("a"))
    clock.now += 0.3
    await recorder.record(TextDelta("b"))
    assert recorder._timer is not None
    assert recorder._timer.when() - loop.time() <= 0.4


async def test_pieces_that_waited_long_enough_are_written_with_the_next_one() -> None:
    slow, clock = SlowHistory(), Clock()
    slow.gate.set()
    recorder = recorder_of(slow, clock)
    await recorder.record(TextDelta("a"))
    clock.now += 0.39
    await recorder.record(TextDelta("b"))
    assert recorder._writing is None
    clock.now += 0.02
    await recorder.record(TextDelta("c"))
    assert recorder._writing is not None
    await eventually(lambda: slow.writes == ["abc"])


async def test_many_bytes_are_written_without_waiting() -> None:
    slow, clock = SlowHistory(), Clock()
    slow.gate.set()
    recorder = recorder_of(slow, clock)
    await recorder.record(TextDelta("漢" * 511))
    assert recorder._writing is None
    await recorder.record(TextDelta("字"))
    assert recorder._writing is not None
    await eventually(lambda: slow.writes == ["漢" * 511 + "字"])


async def test_one_write_is_under_way_at_a_time_and_the_rest_follows_in_order() -> None:
    slow, clock = SlowHistory(), Clock()
    recorder = recorder_of(slow, clock)
    for letter in "abcd":
        await recorder.record(TextDelta(letter * 2_000))
        await asyncio.sleep(0)
    assert slow.under_way == 1
    slow.gate.set()
    await eventually(lambda: len(slow.writes) == 2)
    assert slow.most_under_way == 1
    assert "".join(slow.writes) == "".join(letter * 2_000 for letter in "abcd")


async def test_a_disk_that_hangs_slows_the_stream_but_does_not_stop_it() -> None:
    slow, clock = SlowHistory(), Clock()
    recorder = recorder_of(slow, clock)
    async with asyncio.timeout(10):
        for _ in range(4):
            await recorder.record(TextDelta("x" * 40_000))
    assert slow.writes == []
    slow.gate.set()
    await eventually(lambda: sum(map(len, slow.writes)) == 160_000)


async def test_nothing_runs_while_there_is_nothing_to_write() -> None:
    slow, clock = SlowHistory(), Clock()
    slow.gate.set()
    recorder = recorder_of(slow, clock)
    for event in (KeepAlive(), Connected(), TextDelta(""), UsageReported(Usage(1, 1))):
        await recorder.record(event)
    assert (recorder._timer, recorder._writing) == (None, None)
    await recorder.record(TextDelta("x" * 2_000))
    await eventually(lambda: len(slow.writes) == 1 and recorder._writing is None)
    assert recorder._timer is None
    assert len(asyncio.all_tasks()) == 1


async def test_who_serves_is_kept_over_several_events(history: History) -> None:
    answer = await begin(history)
    recorder = Recorder(history, answer)
    await recorder.record(Connected("gen-1"))
    await recorder.record(ServedBy(model="example/model-2026"))
    await recorder.record(ServedBy(provider="Example"))
    await recorder.record(TextDelta("x" * 2_000))
    async with asyncio.timeout(5):
        while not (message := await journaled(history, answer)).text:
            await asyncio.sleep(0.01)
    generation = message.generation
    assert generation is not None
    assert generation.generation_id == "gen-1"
    assert generation.model_served == "example/model-2026"
    assert generation.served_by == "Example"


async def test_the_final_answer_is_all_that_is_left_after_the_end(history: History) -> None:
    answer = await begin(history)
    recorder = Recorder(history, answer)
    for _ in range(100):
        await recorder.record(TextDelta("piece " * 20))
    await recorder.record(Finished(FinishReason.STOP))
    await recorder.finish(finished(answer, "piece " * 2_000))
    await recorder.record(TextDelta("late" * 1_000))
    assert await journaled(history, answer) == finished(answer, "piece " * 2_000)
    assert len(asyncio.all_tasks()) == 1


async def test_an_answer_is_finished_even_if_the_turn_is_cancelled(history: History) -> None:
    answer = await begin(history)

    sent: list[str] = []

    async def turn() -> None:
        recorder = Recorder(history, answer)
        try:
            while True:
                sent.append("piece " * 500)
                await recorder.record(TextDelta(sent[-1]))
                await asyncio.sleep(0)
        finally:
            await recorder.finish(finished(answer))

    task = asyncio.create_task(turn())
    await eventually(lambda: len(sent) > 100)
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()  # again, while the end is being written
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await journaled(history, answer) == finished(answer)


async def test_a_disk_that_fills_up_does_not_stop_the_stream(history: History) -> None:
    answer = await begin(history)
    file = history._storage._file
    assert file is not None
    problems: list[object] = []
    history.on_problem = problems.append
    recorder = Recorder(history, answer)
    await recorder.record(TextDelta("x" * 2_000))
    await history._run(lambda: file.execute("PRAGMA max_page_count = 1").fetchall())
    for _ in range(50):
        await recorder.record(TextDelta("x" * 2_000))
        await asyncio.sleep(0)
    await recorder.finish(finished(answer, "x" * 102_000))
    assert problems == [history.problem]
    assert history.problem is not None
    message = await journaled(history, answer)
    assert (message.text, message.state) == ("x" * 102_000, MessageState.COMPLETE)
