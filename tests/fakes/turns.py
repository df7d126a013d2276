"""Turns of a made-up week, played by the demo: what was thought of each before, and what it was.

They go the whole way: through the request, the service, the history and what is learnt from it. The
clock is simulated, so that caches expire in the breaks between two sittings.
"""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from tui.demo.catalogue import load_catalogue
from tui.demo.transport import DemoTransport
from tui.domain.answer import Answer
from tui.domain.answered import answered
from tui.domain.caching_trace import warm_now
from tui.domain.connection import Overrides, resolve
from tui.domain.conversation import Conversation, Message, MessageState, Role
from tui.domain.cost import CostSource, Usage
from tui.domain.events import UsageReported
from tui.domain.preview import CostPreview, preview
from tui.domain.request import build_headers
from tui.domain.settings import Settings
from tui.domain.turn import TurnRequest, turn_request
from tui.services.exchanges import Exchanges
from tui.services.history import History
from tui.services.ledger import Ledger
from tui.services.openrouter import OpenRouter
from tui.services.wire import parse_catalogue

MODELS = (
    "anthropic/claude-sonnet-4.5",
    "openai/gpt-5.2",
    "google/gemini-2.5-pro",
    "deepseek/deepseek-v3.2",
    "qwen/qwen3-max",
)
_TURNS_OF_A_CONVERSATION = 8
_BREAK_AFTER = 5
_MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)

_PROSE = (
    "Please explain what the cache holds after the second request, and why it was not read.",
    "Our users write long messages; the shorter ones are mostly questions about the one before.",
    "Summarise the trade-offs between the two designs in a table, with one line of advice.",
    "Rewrite this paragraph for somebody who has never seen a terminal: short, warm, concrete.",
    "Internationalisation considerations notwithstanding, authentication remains unauthenticated.",
    "Why?",
    "And if the disk is full?",
)
_CODE = (
    "def spent(rows: list[Row]) -> Decimal:\n    return sum((row.cost for row in rows), D(0))\n",
    "for index, (key, value) in enumerate(sorted(found.items())):\n    print(index, key, value)\n",
    'if not (left <= right):\n    raise ValueError(f"{left!r} > {right!r}")\n',
    "SELECT model, count(*) FROM generations WHERE started_at >= ? GROUP BY model;\n",
)
_OTHER = (
    "请解释一下提示缓存为什么会失效，以及怎样才能让它一直保持有效。",
    "プロンプトのキャッシュが読まれなかった理由を教えてください。",
    "Объясните, пожалуйста, почему кэш не был прочитан и сколько это стоило.",
)


@dataclass(frozen=True)
class Replayed:
    """One turn: the model's how-manieth it was, what was sent and expected, and what came."""

    model: str
    number: int
    request: TurnRequest
    path: Sequence[Message]
    at: datetime
    before: CostPreview
    while_streaming: Decimal | None
    reported: Usage

    @property
    def before_in_conversation(self) -> int:
        """How many turns of the conversation came before it."""
        return len(self.path) // 2

    @property
    def input_error(self) -> float:
        """How far the estimated prompt lay off the reported one, as a fraction."""
        expected, counted = self.before.usage.prompt_tokens or 0, self.reported.prompt_tokens or 1
        return abs(expected - counted) / counted

    @property
    def cost_error(self) -> float | None:
        """How far the likely cost before the send lay off the bill."""
        return _error(self.before.likely, self.reported.cost)

    @property
    def streaming_error(self) -> float | None:
        """How far the last live figure, before the usage came, lay off the bill."""
        return _error(self.while_streaming, self.reported.cost)


def _error(expected: Decimal | None, billed: Decimal | None) -> float | None:
    if expected is None or not billed:
        return None
    return float(abs(expected - billed) / billed)


def prompt_text(chance: random.Random) -> str:
    """A prompt of a usual kind: a question, an essay, pasted code, or another script."""
    kind = chance.choices((_PROSE, _CODE, _OTHER), (6, 3, 1))[0]
    sentences = chance.choice((1, 1, 2, 3, 8, 40))
    return " ".join(chance.choice(kind) for _ in range(sentences))


class Week:
    """Plays turns against one demo, model after model, with breaks."""

    def __init__(self, history: History, *, models: Sequence[str] = MODELS, seed: int = 0) -> None:
        self._history = history
        self._models = models
        self._chance = random.Random(seed)
        self._seconds = 0.0
        self._settings = Settings.model_validate({"providers": {"demo": {"prompt_caching": True}}})
        self._connection = resolve(self._settings, {}, Overrides(provider="demo"))
        transport = DemoTransport(speed=0, clock=lambda: self._seconds, now=lambda: self._now)
        reliability = self._settings.reliability
        self.exchanges = Exchanges()
        self.request_ids: list[str] = []
        self._service = OpenRouter(
            self._connection, reliability, transport=transport, exchanges=self.exchanges
        )
        self._catalogue = parse_catalogue(load_catalogue().body)
        self._conversations: dict[str, Conversation] = {}
        self._turns: dict[str, int] = {}

    async def play(self, turns: int) -> AsyncIterator[Replayed]:
        """So many turns, one after the other."""
        try:
            for number in range(turns):
                self._seconds += self._chance.choice((20, 40, 90))
                if number % _BREAK_AFTER == 0:
                    self._seconds += 900
                yield await self._turn(self._models[number % len(self._models)])
        finally:
            await self._service.aclose()

    @property
    def _now(self) -> datetime:
        return _MONDAY + timedelta(seconds=self._seconds)

    async def _turn(self, model_id: str) -> Replayed:
        number = self._turns[model_id] = self._turns.get(model_id, 0) + 1
        conversation = self._conversations.get(model_id)
        if conversation is None or number % _TURNS_OF_A_CONVERSATION == 1:
            conversation = await self._history.new_conversation(model_id)
            self._conversations[model_id] = conversation
        request = turn_request(
            self._settings,
            self._connection,
            self._catalogue,
            model_id=model_id,
            session_id=conversation.session_id,
            calibration=await Ledger(self._history).calibration(model_id),
        )
        prompt = self._message(conversation, Role.USER, prompt_text(self._chance))
        path = [*conversation.path(), prompt]
        warm = warm_now(conversation, path, request, self._now)
        at = self._now
        before = preview(request, path, now=at, warm=warm)
        answer = request.new_answer(path, 0.0, warm)
        message = self._message(conversation, Role.ASSISTANT, "", prompt.id)
        message = replace(
            message, state=MessageState.STREAMING, generation=answer.generation(self._now)
        )
        await self._history.begin_turn(conversation, prompt, message)
        live = await self._stream(request, path, answer)
        message = answered(message, answer, self._now)
        await self._history.finish_answer(message)
        for one in (prompt, message):
            conversation.put(one)
        conversation.leaf_id = message.id
        assert answer.usage is not None
        assert answer.cost(self._now).source is CostSource.REPORTED
        return Replayed(model_id, number, request, path, at, before, live, answer.usage)

    async def _stream(
        self, request: TurnRequest, path: list[Message], answer: Answer
    ) -> Decimal | None:
        """Take the answer in; the last live figure before its usage came, in USD."""
        live = None
        self.request_ids.append(uuid4().hex)
        headers = build_headers(request.settings, self.request_ids[-1])
        async with aclosing(self._service.stream_chat(request.body(path), headers)) as events:
            async for event in events:
                if isinstance(event, UsageReported):
                    live = answer.cost(self._now).amount
                answer.apply(event, self._seconds)
        return live

    def _message(
        self, conversation: Conversation, role: Role, text: str, parent: str | None = None
    ) -> Message:
        parent = parent or conversation.leaf_id
        return Message(uuid4().hex, conversation.id, parent, role, text, self._now)
