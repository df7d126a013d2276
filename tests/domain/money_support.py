"""Small conversations and requests for the tests about money."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tui.domain.calibration import UNCALIBRATED, Calibration
from tui.domain.catalogue import Catalogue
from tui.domain.connection import Overrides, resolve
from tui.domain.conversation import Conversation, Generation, Message, MessageState, Role, Timing
from tui.domain.cost import Cost, CostSource, Usage
from tui.domain.model import Model, Pricing
from tui.domain.settings import Settings
from tui.domain.turn import TurnRequest, turn_request

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEY = "sk-or-v1-test-canary-money"
CLAUDE, GPT, GEMINI = "anthropic/claude-sonnet-4.5", "openai/gpt-5.2", "google/gemini-2.5-pro"
LLAMA = "meta-llama/llama-3.3-70b-instruct"
D = Decimal
MILLION = D(1_000_000)


def per_million(**prices: str) -> Pricing:
    """Prices as people write them, USD per million tokens."""
    exact: dict[str, Any] = {name: D(price) / MILLION for name, price in prices.items()}
    return Pricing(**exact)


CATALOGUE = Catalogue(
    {
        model.id: model
        for model in (
            Model(
                CLAUDE,
                canonical_slug="anthropic/claude-4.5-sonnet-20250929",
                context_length=200_000,
                max_completion_tokens=64_000,
                pricing=per_million(
                    prompt="3",
                    completion="15",
                    input_cache_read="0.3",
                    input_cache_write="3.75",
                    input_cache_write_1h="6",
                ),
            ),
            Model(
                GPT,
                canonical_slug="openai/gpt-5.2-20251211",
                context_length=400_000,
                max_completion_tokens=128_000,
                pricing=per_million(prompt="1.75", completion="14", input_cache_read="0.175"),
            ),
            Model(
                GEMINI,
                context_length=1_000_000,
                max_completion_tokens=65_536,
                pricing=per_million(
                    prompt="1.25",
                    completion="10",
                    input_cache_read="0.125",
                    input_cache_write="0.375",
                ),
            ),
            Model(
                LLAMA, context_length=8_000, pricing=per_million(prompt="0.1", completion="0.32")
            ),
            Model("openrouter/auto", pricing=Pricing(prompt=D(-1), completion=D(-1))),
        )
    }
)


def request_for(
    model_id: str = CLAUDE,
    *,
    calibration: Calibration = UNCALIBRATED,
    provider: str = "openrouter",
    model: Mapping[str, Any] | None = None,
    catalogue: Catalogue = CATALOGUE,
    **boxes: Any,
) -> TurnRequest:
    """The request as it comes from the settings: boxes of the provider, a table of the model."""
    table = {"api_key": KEY} if provider == "openrouter" else {}
    if provider == "compatible":
        table = {"base_url": "http://127.0.0.1:11434/v1"}
    settings = Settings.model_validate(
        {"providers": {provider: table | boxes}, "models": {model_id: dict(model or {})}}
    )
    connection = resolve(settings, {}, Overrides(provider=provider))
    return turn_request(
        settings,
        connection,
        catalogue,
        model_id=model_id,
        session_id="session-1",
        calibration=calibration,
    )


class Chat:
    """A conversation that grows turn by turn, a minute apart unless told otherwise."""

    def __init__(self, request: TurnRequest) -> None:
        self.request = request
        self.conversation = Conversation("c", "session-1", request.settings.model, NOON)
        self.now = NOON

    def say(
        self, role: Role, text: str, parent: str | None = None, *, root: bool = False
    ) -> Message:
        """One message below the active leaf, or below another one."""
        number = len(self.conversation.messages)
        above = None if root else parent or self.conversation.leaf_id
        message = Message(f"m{number}", "c", above, role, text, self.now)
        self.conversation.put(message)
        self.conversation.leaf_id = message.id
        return message

    def turn(
        self,
        prompt: str = "Why?",
        answer: str = "Because.",
        *,
        usage: Usage | None = None,
        minutes: float = 1,
        served_by: str = "Anthropic",
        parent: str | None = None,
        root: bool = False,
        request: TurnRequest | None = None,
        **generation: Any,
    ) -> Message:
        """A prompt and its finished answer; ``usage`` is what the server reported."""
        self.now += timedelta(minutes=minutes)
        asked = request or self.request
        self.say(Role.USER, prompt, parent, root=root)
        message = replace(
            self.say(Role.ASSISTANT, answer),
            state=MessageState.COMPLETE,
            generation=Generation(
                asked.settings.model,
                asked.connection.provider,
                served_by=served_by,
                usage=usage,
                cost=Cost(D("0.01"), CostSource.REPORTED),
                timing=Timing(0.5, 2.0),
                request_settings=asked.settings.as_record(),
                **generation,
            ),
        )
        self.conversation.put(message)
        return message
