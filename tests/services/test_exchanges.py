"""What came over the wire can be looked at, and never takes more than its bound of memory."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from tests.fakes.turns import Week
from tui.domain.settings import ReliabilitySettings
from tui.services.exchanges import Chunk, Exchange, Exchanges, Try
from tui.services.history import History
from tui.services.reply import Reply, Waits


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


async def _body(clock: Clock, *chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        clock.now += 0.5
        yield chunk


async def _closed() -> None:
    return


def reply(clock: Clock, *chunks: bytes, status: int = 200) -> Reply:
    by = asyncio.get_running_loop().time() + 60
    waits = Waits("the server", by, ReliabilitySettings())
    return Reply(status, {"x-a": "1"}, _body(clock, *chunks), _closed, waits)


async def test_each_chunk_is_kept_with_its_time() -> None:
    clock = Clock()
    exchange = Exchange(clock)
    exchange.begin()
    clock.now += 0.25
    answer = reply(clock, b"one", b"two")
    exchange.answered(answer)
    assert await answer.read(100) == b"onetwo"
    (only,) = exchange.tries
    assert (only.status, only.headers, only.answered_at) == (200, (("x-a", "1"),), 0.25)
    assert list(only.chunks) == [Chunk(0.75, b"one"), Chunk(1.25, b"two")]
    assert only.left_out == 0


async def test_every_try_counts_from_its_own_send() -> None:
    clock = Clock()
    exchange = Exchange(clock)
    exchange.begin()
    exchange.failed("The server is busy.")
    clock.now += 30
    exchange.begin()
    exchange.answered(reply(clock, status=503))
    first, second = exchange.tries
    assert (first.problem, first.status) == ("The server is busy.", None)
    assert (second.status, second.answered_at) == (503, 0.0)


def test_of_a_long_body_the_beginning_and_the_end_are_kept() -> None:
    current = Try()
    pieces = [f"{number:04}".encode() * 250 for number in range(2000)]
    for number, piece in enumerate(pieces):
        current.take(Chunk(float(number), piece))
    kept = [chunk.data for chunk in current.chunks]
    assert kept[0] == pieces[0]
    assert kept[-1] == pieces[-1]
    assert sum(map(len, kept)) + current.left_out == sum(map(len, pieces))
    assert sum(map(len, kept)) <= 256 * 1024
    begun = next(
        i for i, (one, other) in enumerate(zip(kept, pieces, strict=False)) if one != other
    )
    assert kept[begun:] == pieces[-len(kept) + begun :]


def test_a_chunk_larger_than_all_room_is_left_out() -> None:
    current = Try()
    current.take(Chunk(0.0, b"x" * 10_000_000))
    current.take(Chunk(0.1, b"end"))
    assert [chunk.data for chunk in current.chunks] == [b"end"]
    assert current.left_out == 10_000_000


def test_only_the_last_requests_are_kept() -> None:
    exchanges = Exchanges()
    for number in range(25):
        exchanges.open(f"id-{number}")
    assert exchanges.find("id-4") is None
    assert exchanges.find("id-5") is not None
    assert exchanges.find("nobody") is None


async def test_the_service_keeps_what_it_receives() -> None:
    history = await History.in_memory()
    week = Week(history, models=["openai/gpt-5.2"])
    played = [turn async for turn in week.play(1)]
    (request_id,) = week.request_ids
    exchange = week.exchanges.find(request_id)
    assert exchange is not None
    (only,) = exchange.tries
    body = b"".join(chunk.data for chunk in only.chunks)
    assert only.status == 200
    assert body.endswith(b"data: [DONE]\n\n")
    assert str(played[0].reported.prompt_tokens).encode() in body
    await history.aclose()
