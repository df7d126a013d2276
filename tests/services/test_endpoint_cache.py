"""Endpoints in memory: one request at a time, fresh for minutes, the last good ones kept."""

import asyncio

import pytest

from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.model import Endpoint
from tui.services import endpoint_cache
from tui.services.endpoint_cache import FRESH, EndpointCache

GROQ = (Endpoint("Groq", "groq"),)
OFFLINE = Failure(FailureKind.REFUSED, "The server cannot be reached.", "Try again.")


class Place:
    """A clock and a server, both in the test's hands."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.asked: list[str] = []
        self.failure: Failure | None = None
        self.gate: asyncio.Event | None = None
        self.cache = EndpointCache(self.fetch, clock=lambda: self.now)

    async def fetch(self, model_id: str) -> tuple[Endpoint, ...]:
        self.asked.append(model_id)
        if self.gate is not None:
            await self.gate.wait()
        if self.failure is not None:
            raise WorkbenchError(self.failure)
        return GROQ


@pytest.fixture
def place() -> Place:
    return Place()


async def test_an_answer_is_asked_for_once_and_again_after_minutes(place: Place) -> None:
    read = await place.cache.get("a/b")
    assert (read.endpoints, read.failure) == (GROQ, None)
    place.now += FRESH - 1
    assert await place.cache.get("a/b") is read
    assert place.cache.age(read) == FRESH - 1
    place.now += 1
    assert await place.cache.get("a/b") is not read
    assert place.asked == ["a/b", "a/b"]


async def test_again_asks_although_it_is_fresh(place: Place) -> None:
    await place.cache.get("a/b")
    await place.cache.get("a/b", again=True)
    assert len(place.asked) == 2


async def test_many_callers_share_one_request(place: Place) -> None:
    place.gate = asyncio.Event()
    callers = [asyncio.create_task(place.cache.get("a/b")) for _ in range(5)]
    await asyncio.sleep(0)
    callers[0].cancel()
    place.gate.set()
    reads = await asyncio.gather(*callers[1:])
    assert place.asked == ["a/b"]
    assert all(read is reads[0] for read in reads)
    with pytest.raises(asyncio.CancelledError):
        await callers[0]


async def test_a_failure_is_told_and_the_last_good_ones_stay(place: Place) -> None:
    good = await place.cache.get("a/b")
    place.failure = OFFLINE
    place.now += FRESH
    read = await place.cache.get("a/b")
    assert (read.endpoints, read.read_at, read.failure) == (GROQ, good.read_at, OFFLINE)
    assert place.cache.age(read) == FRESH


async def test_a_failure_is_tried_again_after_a_moment(place: Place) -> None:
    place.failure = OFFLINE
    read = await place.cache.get("a/b")
    assert (read.endpoints, read.failure) == ((), OFFLINE)
    assert place.cache.age(read) is None
    assert await place.cache.get("a/b") is read
    assert len(place.asked) == 1
    place.failure = None
    place.now += 11
    assert (await place.cache.get("a/b")).failure is None


async def test_what_is_known_can_be_had_without_asking(place: Place) -> None:
    assert place.cache.peek("a/b") is None
    await place.cache.get("a/b")
    known = place.cache.peek("a/b")
    assert known is not None
    assert place.cache.known() == {"a/b": GROQ}
    assert place.asked == ["a/b"]


async def test_the_longest_known_are_forgotten_first(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint_cache, "MOST_MODELS", 2)
    for model_id in ("a/1", "a/2", "a/3"):
        await place.cache.get(model_id)
    assert list(place.cache.known()) == ["a/2", "a/3"]
