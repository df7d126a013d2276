"""The figures of the cost bar, from the conversation and the answer that streams."""

from datetime import datetime

from tui.domain.answer import Answer
from tui.domain.conversation import Conversation
from tui.domain.cost import CostTotal
from tui.domain.model import Model
from tui.domain.prompt_size import prompt_size
from tui.ui.widgets.cost_bar import CostFigures


def idle_figures(
    conversation: Conversation | None,
    model: Model | None,
    chat: CostTotal,
    today: CostTotal | None,
) -> CostFigures:
    """The bar between two turns: the last answer of the path stays in sight.

    ``chat`` and ``today`` are the sums so far, with every answer under way.
    """
    path = conversation.path() if conversation is not None else []
    answers = [message.generation for message in path if message.generation is not None]
    limit = model.context_length if model is not None else None
    used = prompt_size(path, conversation.model if conversation is not None else "").total
    if not answers:
        return CostFigures(chat=chat, today=today, context_used=used, context_limit=limit)
    last = answers[-1]
    return CostFigures(
        answer=last.cost,
        chat=chat,
        today=today,
        usage=last.usage,
        first_token=last.timing.first_token,
        tokens_per_second=last.tokens_per_second,
        served_by=last.served_by or "",
        context_used=used,
        context_limit=limit,
    )


def streaming_figures(
    answer: Answer,
    model: Model | None,
    chat: CostTotal,
    today: CostTotal | None,
    now: float,
    at: datetime,
) -> CostFigures:
    """The bar while an answer streams: ``now`` is monotonic, ``at`` in UTC picks the prices.

    ``chat`` and ``today`` are the sums so far, with this answer and every other under way.
    """
    cost = answer.cost(at)
    usage = answer.usage or answer.estimated_usage()
    first = answer.first_token_at
    streaming = now - first if first is not None else 0.0
    return CostFigures(
        answer=cost,
        chat=chat,
        today=today,
        usage=usage,
        usage_is_estimate=answer.usage is None,
        first_token=first - answer.started if first is not None else None,
        tokens_per_second=answer.completion_tokens / streaming if streaming > 0.5 else None,
        served_by=answer.served_by or "",
        phase=_phase(answer),
        elapsed=now - answer.started,
        context_used=(usage.prompt_tokens or 0) + (usage.completion_tokens or 0),
        context_limit=model.context_length if model is not None else None,
    )


def _phase(answer: Answer) -> str:
    if answer.first_token_at is not None:
        return "streaming" if answer.has_begun else "reasoning"
    if answer.retries:
        return f"retry {answer.retries}"
    return "waiting" if answer.connected else "connecting"
