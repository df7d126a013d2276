"""Small conversations for tests."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

from tui.domain.conversation import Conversation, Generation, Message, MessageState, Role, Timing
from tui.domain.cost import Cost, CostSource, Usage
from tui.services.history import History

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MODEL = "example/model"


def prompt_in(
    conversation: Conversation,
    text: str = "Why is the sky blue?",
    *,
    parent_id: str | None = None,
    at: datetime = NOON,
) -> Message:
    """A prompt, at the beginning unless ``parent_id`` says otherwise."""
    return Message(uuid4().hex, conversation.id, parent_id, Role.USER, text, at)


def answer_to(prompt: Message, text: str = "", *, at: datetime = NOON) -> Message:
    """An answer that streams."""
    return Message(
        uuid4().hex,
        prompt.conversation_id,
        prompt.id,
        Role.ASSISTANT,
        text,
        at,
        MessageState.STREAMING,
        generation=Generation(MODEL, "openrouter"),
    )


def finished(answer: Message, text: str = "Rayleigh.", *, cost: str | None = "0.001") -> Message:
    """The answer complete with its usage and reported cost in USD; without one, unknown."""
    amount = None if cost is None else Decimal(cost)
    generation = Generation(
        MODEL,
        "openrouter",
        model_served=f"{MODEL}-2026",
        served_by="Example",
        generation_id="gen-1",
        finish_reason="stop",
        usage=Usage(prompt_tokens=7, completion_tokens=5, cost=amount),
        cost=Cost(amount, CostSource.UNKNOWN if amount is None else CostSource.REPORTED),
        timing=Timing(0.25, 1.5),
        request_settings={"temperature": 0.7, "provider": {"order": ["example"]}},
    )
    return Message(
        answer.id,
        answer.conversation_id,
        answer.parent_id,
        answer.role,
        text,
        answer.created_at,
        MessageState.COMPLETE,
        generation=generation,
    )


async def take_turn(
    history: History,
    conversation: Conversation,
    text: str = "Why is the sky blue?",
    *,
    answer_text: str = "Rayleigh.",
    cost: str | None = "0.001",
    at: datetime = NOON,
) -> tuple[Message, Message]:
    """Write a whole turn below the active leaf; the prompt and the answer."""
    prompt = prompt_in(conversation, text, parent_id=conversation.leaf_id, at=at)
    answer = answer_to(prompt, at=at)
    await history.begin_turn(conversation, prompt, answer)
    done = finished(answer, answer_text, cost=cost)
    await history.finish_answer(done)
    for message in (prompt, done):
        conversation.put(message)
    conversation.leaf_id = done.id
    return prompt, done
