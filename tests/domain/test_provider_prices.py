"""What a server of one's own costs is what the settings say, else nothing that we could know."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tui.domain.catalogue import Catalogue
from tui.domain.connection import Overrides, resolve
from tui.domain.conversation import Message, Role
from tui.domain.cost import Cost, CostSource, Usage
from tui.domain.events import Connected, Finished, FinishReason, ServedBy, TextDelta, UsageReported
from tui.domain.model import Model, Pricing
from tui.domain.provider_prices import own_pricing
from tui.domain.settings import ProviderSettings, Settings
from tui.domain.turn import turn_request

AT = datetime(2026, 3, 2, tzinfo=UTC)
PATH = [Message("m", "c", None, Role.USER, "Hi", AT)]


def priced(prices: dict[str, Any], model: str = "llama") -> Pricing | None:
    return own_pricing(ProviderSettings.model_validate({"prices": prices}), model)


def test_prices_are_written_per_million_tokens() -> None:
    pricing = priced({"llama": {"prompt": 0.1, "completion": 0.3, "input_cache_read": 0.01}})
    assert pricing == Pricing(
        prompt=Decimal("1E-7"), completion=Decimal("3E-7"), input_cache_read=Decimal("1E-8")
    )
    assert priced({"llama": {"prompt": 1, "request": 0.002}}) == Pricing(
        Decimal("0.000001"), Decimal(0), Decimal("0.002")
    )


@pytest.mark.parametrize(
    ("prices", "found"),
    [
        ({}, None),
        ({"other": {"prompt": 1}}, None),
        ({"llama": {}}, None),
        ({"llama": {"request": 1}}, None),
        ({"llama": {"prompt": -1}}, None),
        ({"*": {"prompt": 2}}, Decimal("0.000002")),
        ({"*": {"prompt": 2}, "llama": {"prompt": 1}}, Decimal("0.000001")),
    ],
    ids=str,
)
def test_a_model_has_its_own_prices_or_those_of_all(
    prices: dict[str, Any], found: Decimal | None
) -> None:
    pricing = priced(prices)
    assert (None if pricing is None else pricing.prompt) == found


def cost_of(prices: dict[str, Any], *, reported: str | None = None) -> Cost:
    """What an answer of a server on this machine costs."""
    local = {"base_url": "http://127.0.0.1:1/v1", "prices": prices}
    settings = Settings.model_validate({"providers": {"local": local}})
    connection = resolve(settings, {}, Overrides(provider="local"))
    catalogue = Catalogue({"llama": Model("llama", pricing=Pricing(Decimal(9), Decimal(9)))})
    request = turn_request(settings, connection, catalogue, model_id="llama", session_id="s")
    answer = request.new_answer(PATH, 0.0)
    cost = None if reported is None else Decimal(reported)
    for event in (
        Connected(),
        ServedBy("llama-3-8b"),
        TextDelta("Hello"),
        UsageReported(Usage(prompt_tokens=1000, completion_tokens=500, cost=cost)),
        Finished(FinishReason.STOP),
    ):
        answer.apply(event, 1.0)
    return answer.cost(AT)


def test_without_prices_a_local_answer_is_local() -> None:
    assert cost_of({}).source is CostSource.LOCAL


def test_with_prices_it_is_computed_from_them_alone() -> None:
    cost = cost_of({"*": {"prompt": 1, "completion": 2}})
    assert (cost.amount, cost.source) == (Decimal("0.002"), CostSource.COMPUTED)


def test_what_the_server_reports_is_the_truth() -> None:
    cost = cost_of({"*": {"prompt": 1, "completion": 2}}, reported="0.5")
    assert (cost.amount, cost.source) == (Decimal("0.5"), CostSource.REPORTED)
