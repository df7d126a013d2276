"""What can be done about a failure depends on what was asked, and of whom."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tui.domain.actions import Action, ActionKind
from tui.domain.errors import Cause, Failure, FailureFacts, FailureKind, Speaker
from tui.domain.failure_actions import actions_for
from tui.domain.failure_situation import Situation, affordable_tokens
from tui.domain.model import Endpoint, Model, Pricing
from tui.domain.settings import ProviderKind

AT = datetime(2026, 3, 2, tzinfo=UTC)
PRICES = Pricing(Decimal("0.000003"), Decimal("0.000015"))
GOOGLE, AZURE = Endpoint("Google", "google-vertex"), Endpoint("Azure", "azure")


def failure(kind: FailureKind, status: int | None = None, **facts: Any) -> Failure:
    return Failure(kind, "w", "n", Speaker.SERVER, status, facts=FailureFacts(**facts))


def found(failed: Failure, **situation: Any) -> dict[ActionKind, Action]:
    actions = actions_for(failed, Situation(**situation))
    assert len(actions) == len(set(actions))
    return {action.kind: action for action in actions}


@pytest.mark.parametrize("kind", FailureKind)
@pytest.mark.parametrize("provider", ProviderKind)
def test_every_failure_can_be_acted_upon(kind: FailureKind, provider: ProviderKind) -> None:
    actions = actions_for(failure(kind), Situation(kind=provider, stand_ins=("local",)))
    assert actions
    assert all(action.label for action in actions)


def test_the_longest_answer_that_the_balance_affords_is_offered() -> None:
    offered = found(failure(FailureKind.NO_CREDIT, affordable_tokens=2837))
    assert offered[ActionKind.RETRY_WITH_MAX_TOKENS].max_tokens == 2837
    few = found(failure(FailureKind.NO_CREDIT, affordable_tokens=15))
    assert ActionKind.RETRY_WITH_MAX_TOKENS not in few


def test_a_cheaper_model_costs_less_than_this_one() -> None:
    priced = found(failure(FailureKind.NO_CREDIT), model=Model("a/b", pricing=PRICES))
    assert priced[ActionKind.CHEAPER_MODEL].filter == "out<15"
    assert found(failure(FailureKind.NO_CREDIT))[ActionKind.CHEAPER_MODEL].filter == "free"


def test_another_server_has_no_pages_of_openrouter() -> None:
    for kind in (FailureKind.NO_CREDIT, FailureKind.BAD_KEY, FailureKind.SERVER_ERROR):
        assert ActionKind.OPEN_PAGE not in found(failure(kind), kind=ProviderKind.COMPATIBLE)


@pytest.mark.parametrize(
    ("endpoints", "avoided"),
    [((), ("Google",)), ((GOOGLE, AZURE), ("google-vertex",)), ((GOOGLE,), None), ((AZURE,), None)],
)
def test_a_provider_is_avoided_if_somebody_else_can_serve_the_model(
    endpoints: tuple[Endpoint, ...], avoided: tuple[str, ...] | None
) -> None:
    failed = failure(FailureKind.RATE_LIMITED, 429, provider="Google")
    offered = found(failed, endpoints=endpoints).get(ActionKind.AVOID_PROVIDER)
    assert (None if offered is None else offered.names) == avoided


def test_what_of_the_own_routing_excludes_endpoints_is_named() -> None:
    situation = {"routing": {"only": ["azure"]}, "endpoints": (GOOGLE, AZURE)}
    shown = found(failure(FailureKind.NOT_FOUND, 404), **situation)[ActionKind.SHOW_ROUTING]
    assert shown.names == ("only = azure leaves out 1 of 2 endpoints",)
    assert ActionKind.SHOW_ROUTING not in found(failure(FailureKind.NOT_FOUND, 404))


def test_compression_is_offered_where_it_is_not_on() -> None:
    overflow = failure(FailureKind.CONTEXT_OVERFLOW, context_length=1000, prompt_tokens=2000)
    offered = found(overflow)
    assert ActionKind.COMPRESS in offered
    assert offered[ActionKind.LARGER_MODEL].filter == "ctx>2000"
    assert ActionKind.RETRY_WITH_MAX_TOKENS not in offered
    assert ActionKind.COMPRESS not in found(overflow, compresses=True)
    assert ActionKind.COMPRESS not in found(overflow, kind=ProviderKind.COMPATIBLE)


def test_the_model_that_is_not_free_any_more_is_offered_without_its_suffix() -> None:
    daily = failure(FailureKind.RATE_LIMITED, 429, cause=Cause.FREE_PER_DAY)
    offered = found(daily, model_id="a/b:free")
    assert offered[ActionKind.USE_MODEL].names == ("a/b",)
    assert ActionKind.WAIT not in offered
    assert ActionKind.RETRY not in offered


def test_half_an_answer_can_be_continued() -> None:
    for kind in (FailureKind.CONNECTION_LOST, FailureKind.PROVIDER_ERROR):
        assert ActionKind.CONTINUE in found(failure(kind), has_text=True)
        assert ActionKind.CONTINUE not in found(failure(kind))
    assert ActionKind.CONTINUE not in found(failure(FailureKind.MODERATED), has_text=True)


@pytest.mark.parametrize(
    ("balance", "prompt", "affords"),
    [("1", 100_000, 46_666), ("0.3", 100_000, 0), ("0.1", 100_000, 0), ("0", 0, 0)],
)
def test_a_balance_affords_what_is_left_after_the_prompt(
    balance: str, prompt: int, affords: int
) -> None:
    assert affordable_tokens(Decimal(balance), prompt, PRICES, AT) == affords


def test_without_a_price_nobody_knows_what_is_affordable() -> None:
    assert affordable_tokens(None, 1, PRICES, AT) is None
    assert affordable_tokens(Decimal(1), 1, None, AT) is None
    assert affordable_tokens(Decimal(1), 1, Pricing(Decimal(-1), Decimal(-1)), AT) is None
    assert affordable_tokens(Decimal(1), 1, Pricing(Decimal(0), Decimal(0)), AT) is None
