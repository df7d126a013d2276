"""What an answer costs, however it ends and whoever gives it; the arithmetic stands beside it."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.money_support import (
    CLAUDE,
    GEMINI,
    GPT,
    LLAMA,
    MILLION,
    NOON,
    Chat,
    D,
    request_for,
)
from tui.domain.bill import generation_cost
from tui.domain.calibration import UNCALIBRATED, Calibration, Fit
from tui.domain.conversation import Conversation, Generation, Message, Role, costs_of
from tui.domain.cost import NOT_BILLED, UNKNOWN_COST, Cost, CostSource, Usage, total
from tui.domain.errors import Failure, FailureKind
from tui.domain.events import (
    Connected,
    Failed,
    Finished,
    FinishReason,
    Interrupted,
    ReasoningDelta,
    ServedBy,
    TextDelta,
    TurnEvent,
    UsageReported,
)
from tui.domain.receipt_sheet import receipt_sheet

WORDS = " word" * 799
"""999 tokens by our own count, 1,003 as a message."""
BROKEN = Failure(FailureKind.PROVIDER_ERROR, "The provider failed.", "Send again.")
LOST = Failure(FailureKind.CONNECTION_LOST, "The connection was lost.", "Send again.")
REFUSED = Failure(FailureKind.NO_CREDIT, "There is no credit.", "Buy some.")
CONNECTED = Connected("gen-1")
STOPPED = "stopped"
REPORT = Usage(1000, 200, cost=D("0.0123"))
COUNTED = Usage(1000, 200)


@dataclass(frozen=True)
class Case:
    """A turn as it went, and its cost in USD; None is unknown."""

    name: str
    events: tuple[TurnEvent | str, ...]
    amount: Decimal | None
    source: CostSource
    model: str = CLAUDE
    boxes: dict[str, Any] = field(default_factory=dict)
    calibration: Calibration = UNCALIBRATED
    prompt: str = WORDS


def ended(usage: Usage | None = None, *, model: str | None = None) -> tuple[TurnEvent | str, ...]:
    """An answer of 999 tokens by our own count that came to its end."""
    served = (ServedBy(model, "Acme", None),) if model else ()
    report = (UsageReported(usage),) if usage else ()
    return (CONNECTED, *served, TextDelta(WORDS), *report, Finished(FinishReason.STOP, "stop"))


CASES = [
    Case("reported", ended(REPORT), D("0.0123"), CostSource.REPORTED),
    Case(
        "counted but not billed",
        ended(COUNTED),
        (1000 * D(3) + 200 * D(15)) / MILLION,
        CostSource.COMPUTED,
    ),
    Case(
        "neither counted nor billed",
        ended(),
        (1003 * D(3) + 999 * D(15)) / MILLION,
        CostSource.ESTIMATED,
    ),
    Case(
        "our count, corrected by what earlier answers taught",
        ended(),
        (1103 * D(3) + 1249 * D(15)) / MILLION,
        CostSource.ESTIMATED,
        calibration=Calibration(Fit(1.1), Fit(1.25)),
    ),
    Case(
        "reasoning that was seen is part of the answer",
        (CONNECTED, ReasoningDelta(WORDS), TextDelta(WORDS), STOPPED),
        (1003 * D(3) + 1998 * D(15)) / MILLION,
        CostSource.ESTIMATED,
    ),
    Case(
        "what a new prompt writes to the cache is estimated too",
        ended(),
        (2002 * D("3.75") + 999 * D(15)) / MILLION,
        CostSource.ESTIMATED,
        boxes={"prompt_caching": True},
        prompt=WORDS * 2,
    ),
    Case(
        "stopped: an estimate of what had come",
        (CONNECTED, TextDelta(WORDS), STOPPED),
        (1003 * D(3) + 999 * D(15)) / MILLION,
        CostSource.ESTIMATED,
    ),
    Case(
        "stopped after the usage had come",
        (CONNECTED, TextDelta(WORDS), UsageReported(REPORT), STOPPED),
        D("0.0123"),
        CostSource.REPORTED,
    ),
    Case(
        "stopped before the first token",
        (CONNECTED, STOPPED),
        1003 * D(3) / MILLION,
        CostSource.ESTIMATED,
    ),
    Case(
        "interrupted",
        (CONNECTED, TextDelta(WORDS), Interrupted(LOST)),
        (1003 * D(3) + 999 * D(15)) / MILLION,
        CostSource.ESTIMATED,
    ),
    Case(
        "an error with a usage is billed as reported",
        (CONNECTED, TextDelta(WORDS), UsageReported(REPORT), Failed(BROKEN)),
        D("0.0123"),
        CostSource.REPORTED,
    ),
    Case(
        "an error with a usage of nothing is billed as nothing",
        (CONNECTED, TextDelta("Half"), UsageReported(Usage(0, 0, cost=D(0))), Failed(BROKEN)),
        D(0),
        CostSource.REPORTED,
    ),
    Case("refused", (Failed(REFUSED),), D(0), CostSource.NOT_BILLED),
    Case("lost on the way: nobody knows", (Failed(LOST),), None, CostSource.UNKNOWN),
    Case(
        "a fallback answers at its own price",
        ended(COUNTED, model="openai/gpt-5.2-20251211"),
        (1000 * D("1.75") + 200 * D(14)) / MILLION,
        CostSource.COMPUTED,
    ),
    Case(
        "the dated name of the model that was asked is no fallback",
        ended(COUNTED, model="anthropic/claude-4.5-sonnet-20250929"),
        (1000 * D(3) + 200 * D(15)) / MILLION,
        CostSource.COMPUTED,
    ),
    Case(
        "a name that nobody knows keeps the price of what was asked",
        ended(COUNTED, model="nobody/knows"),
        (1000 * D(3) + 200 * D(15)) / MILLION,
        CostSource.COMPUTED,
    ),
    Case(
        "a router has the price of the model it chose",
        ended(COUNTED, model="openai/gpt-5.2"),
        (1000 * D("1.75") + 200 * D(14)) / MILLION,
        CostSource.COMPUTED,
        model="openrouter/auto",
    ),
    Case(
        "a router that does not say whom it chose",
        ended(COUNTED),
        None,
        CostSource.UNKNOWN,
        model="openrouter/auto",
    ),
    Case("a model without a price", ended(COUNTED), None, CostSource.UNKNOWN, model="nobody/knows"),
    Case(
        "a NaN cost is computed",
        ended(replace(COUNTED, cost=D("NaN"))),
        D("0.006"),
        CostSource.COMPUTED,
    ),
    Case(
        "the server's count replaces an expected cache that it does not confirm",
        ended(COUNTED),
        (1000 * D(3) + 200 * D(15)) / MILLION,
        CostSource.COMPUTED,
        boxes={"prompt_caching": True},
    ),
]


def answered(case: Case) -> Generation:
    request = request_for(case.model, calibration=case.calibration, **case.boxes)
    chat = Chat(request)
    chat.say(Role.USER, case.prompt)
    answer = request.new_answer(chat.conversation.path(), 0.0)
    for second, event in enumerate(case.events, 1):
        if isinstance(event, str):
            answer.stop(second)
        else:
            answer.apply(event, second)
    return answer.generation(NOON)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_answer_costs(case: Case) -> None:
    assert answered(case).cost == Cost(case.amount, case.source)


def test_a_local_server_bills_nothing_of_its_own() -> None:
    request = request_for("llama3", provider="compatible")
    chat = Chat(request)
    chat.say(Role.USER, WORDS)
    answer = request.new_answer(chat.conversation.path(), 0.0)
    for event in (CONNECTED, TextDelta(WORDS), UsageReported(COUNTED), Finished(FinishReason.STOP)):
        answer.apply(event, 1.0)
    assert answer.cost(NOON) == Cost(D(0), CostSource.LOCAL)
    assert answer.generation(NOON).prices is None


def test_the_prices_in_force_stay_with_the_answer() -> None:
    prices = answered(Case("", ended(COUNTED), None, CostSource.COMPUTED)).prices
    assert prices is not None
    assert (prices.prompt, prices.completion) == (D(3) / MILLION, D(15) / MILLION)


def test_our_own_count_stays_beside_the_servers() -> None:
    case = Case(
        "", ended(COUNTED), None, CostSource.COMPUTED, calibration=Calibration(Fit(1.1), Fit(1.25))
    )
    estimate = answered(case).estimate
    assert estimate is not None
    assert (estimate.prompt_raw, estimate.prompt, estimate.completion_raw) == (1003, 1103, 999)


# --- sums

usages = st.builds(
    Usage,
    st.none() | st.integers(0, 10**6),
    st.none() | st.integers(0, 10**6),
    st.none() | st.integers(0, 10**6),
    st.none() | st.integers(0, 10**6),
    st.none() | st.integers(0, 10**6),
    cost=st.none() | st.decimals(0, 100, places=12),
    upstream_inference_cost=st.none() | st.decimals(0, 100, places=12),
    is_byok=st.none() | st.booleans(),
)


@given(
    st.lists(
        st.tuples(st.none() | usages, st.sampled_from([CLAUDE, GPT, GEMINI, LLAMA]), st.booleans()),
        max_size=12,
    )
)
def test_the_receipts_add_up_to_the_conversation(
    answers: list[tuple[Usage | None, str, bool]],
) -> None:
    conversation = Conversation("c", "s", CLAUDE, NOON)
    for number, (usage, model_id, local) in enumerate(answers):
        pricing = None if local else request_for(model_id).model
        cost = generation_cost(usage, pricing.pricing if pricing else None, NOON, local=local)
        generation = Generation(model_id, "openrouter", usage=usage, cost=cost)
        conversation.put(
            Message(f"m{number}", "c", None, Role.ASSISTANT, "", NOON, generation=generation)
        )
    sheets = [receipt_sheet(message) for message in conversation.messages.values()]
    receipts = total(sheet.billed for sheet in sheets if sheet is not None)
    assert conversation.cost() == receipts == total(costs_of(conversation.messages.values()))
    one_by_one = sum(
        (sheet.billed.amount for sheet in sheets if sheet and sheet.billed.amount is not None), D(0)
    )
    assert receipts.amount == one_by_one
    assert type(receipts.amount) is Decimal
    assert receipts.amount >= 0
    assert receipts.unknown == sum(
        sheet is not None and sheet.billed == UNKNOWN_COST for sheet in sheets
    )


def test_what_was_not_billed_adds_nothing() -> None:
    assert total([NOT_BILLED, Cost(D(1), CostSource.REPORTED)]).amount == 1
