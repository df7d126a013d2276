"""Asking afterwards what an answer cost: only a whole bill settles it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

import pytest

from tests.fakes.conversations import NOON, answer_to, finished
from tui.domain.connection import Connection
from tui.domain.conversation import Generation, Message, MessageState, Role
from tui.domain.cost import Cost, CostSource, Usage
from tui.domain.settings import ProviderKind
from tui.ui.controllers import settle

D = Decimal
PROMPT = Message("p", "c", None, Role.USER, "Why?", NOON)
STREAMED = Usage(1000, 200, is_byok=True, cache_write_tokens=70)


class Service:
    """Knows what its records say, one after the other."""

    def __init__(self, *records: Usage | None) -> None:
        self.connection = Connection(
            "openrouter", ProviderKind.OPENROUTER, "https://example.org/api/v1", "a/b"
        )
        self._records = list(records)

    async def generation(self, _generation_id: str) -> Usage | None:
        return self._records.pop(0)


def stopped() -> Message:
    answer = finished(answer_to(PROMPT), cost=None)
    assert answer.generation is not None
    generation = replace(answer.generation, usage=STREAMED)
    return replace(answer, state=MessageState.STOPPED, generation=generation)


async def bill(monkeypatch: pytest.MonkeyPatch, *records: Usage | None) -> Generation | None:
    monkeypatch.setattr(settle, "_QUESTIONS_AFTER", (0.0,) * len(records))
    found = await settle.settled(stopped(), cast(Any, Service(*records)))
    return found.generation if found is not None else None


async def test_a_record_that_is_not_whole_yet_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # that it is on a key of one's own was told while it streamed
    whole = Usage(990, 190, cost=D("0.05"), upstream_inference_cost=D(1))
    generation = await bill(monkeypatch, None, Usage(990, 190), Usage(cost=D("0.05")), whole)
    assert generation is not None
    assert generation.cost == Cost(D("1.05"), CostSource.REPORTED)
    assert generation.usage == STREAMED.merged(whole)


async def test_a_record_that_names_the_fee_alone_settles_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await bill(monkeypatch, Usage(990, 190, cost=D("0.05"))) is None
