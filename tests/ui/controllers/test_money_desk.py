"""What the figures of money share."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pytest

from tests.ui.controllers.test_preview import CLAUDE, conversation, request
from tui.domain.catalogue import Catalogue
from tui.domain.connection import Overrides
from tui.domain.cost import Usage
from tui.domain.model import Endpoint, Pricing
from tui.domain.preview import CostPreview
from tui.runtime import Runtime
from tui.ui.controllers.chips import Unsent
from tui.ui.controllers.money_desk import MoneyDesk
from tui.ui.controllers.session import Session


def endpoint(tag: str, price: str) -> Endpoint:
    pricing = Pricing(prompt=Decimal(price), completion=Decimal(price))
    return Endpoint(tag, tag, pricing=pricing, context_length=8_192)


CHEAP, DEAR = endpoint("cheap", "0.000001"), endpoint("dear", "0.00009")


async def desk(home: Path, *known: Endpoint) -> MoneyDesk:
    """A desk without a history, over the demo."""
    runtime = Runtime.start(home=home, overrides=Overrides(provider="demo"), environ={})
    made = MoneyDesk(Session(runtime))
    made.endpoints = lambda _model_id: known
    return made


async def likely_and_worst(made: MoneyDesk, routing: dict[str, object]) -> tuple[Decimal, Decimal]:
    asked = request()
    asked = replace(asked, settings=replace(asked.settings, routing=MappingProxyType(routing)))
    made.request = lambda *_: asked  # type: ignore[method-assign]
    plan = await made.next_send(conversation("Hello"), CLAUDE.id, Unsent("Go on"))
    assert plan is not None
    assert plan.cost.likely is not None
    assert plan.cost.worst is not None
    return plan.cost.likely, plan.cost.worst


async def test_whoever_may_answer_counts_for_the_worst_case(tmp_path: Path) -> None:
    likely, worst = await likely_and_worst(await desk(tmp_path), {})
    same, dearer = await likely_and_worst(await desk(tmp_path, CHEAP, DEAR), {})

    assert same == likely
    assert dearer > worst


async def test_the_only_one_that_may_answer_sets_the_price(tmp_path: Path) -> None:
    made = await desk(tmp_path, CHEAP, DEAR)

    dear, _ = await likely_and_worst(made, {"only": ["dear"]})
    cheap, worst = await likely_and_worst(made, {"only": ["cheap"]})

    assert cheap < dear
    assert worst < dear * 10


async def test_without_a_history_there_are_no_figures(tmp_path: Path) -> None:
    made = await desk(tmp_path)

    await made.refresh_totals("c")

    assert made.totals is None
    assert await made.rows() == []


async def test_a_send_is_not_judged_before_the_history_is_open(tmp_path: Path) -> None:
    made = await desk(tmp_path)
    runtime = made.session.runtime
    runtime.settings = runtime.settings.with_values("budget", day_hard=Decimal(0))
    cost = CostPreview(Usage(10, 10), likely=Decimal("0.01"))
    judging = asyncio.create_task(made.admit(cost, "c"))
    await asyncio.sleep(0)
    assert not judging.done()

    await made.session.open_history()

    assert (await judging).is_hard
    await made.session.aclose()


@pytest.mark.parametrize("provider", ["openrouter", "compatible"])
async def test_nobody_is_asked_about_a_key_that_is_not_there(tmp_path: Path, provider: str) -> None:
    runtime = Runtime.start(home=tmp_path, overrides=Overrides(provider=provider), environ={})

    assert await MoneyDesk(Session(runtime)).account() is None


async def test_a_provider_that_stands_in_is_part_of_the_worst_case(tmp_path: Path) -> None:
    config = tmp_path / "config" / "config.toml"
    config.parent.mkdir(mode=0o700)
    config.write_text(
        '[providers.openrouter]\napi_key = "sk-or-v1-test-canary-stand-in"\n'
        '[providers.gateway]\nbase_url = "http://127.0.0.1:9/v1"\nmodel = "big"\n'
        'prices = { "*" = { prompt = 3000, completion = 3000 } }\n'
        '[models."a/b"]\nparams = { max_tokens = 100 }\n'
        '[models."big"]\nparams = { max_tokens = 100 }\n'
        '[reliability]\nfallback_providers = ["gateway"]\n'
    )
    config.chmod(0o600)
    runtime = Runtime.start(home=tmp_path, overrides=Overrides(), environ={})
    made = MoneyDesk(Session(runtime))
    made.session.catalogue = Catalogue({"a/b": replace(CLAUDE, id="a/b")})

    plan = await made.next_send(conversation(), "a/b", Unsent("Go on"))

    assert plan is not None
    assert plan.cost.likely is not None
    assert plan.cost.worst is not None
    assert plan.cost.likely < Decimal("0.01")
    # a hundred tokens of the answer alone come to 30 cents there
    assert plan.cost.worst > Decimal("0.3")
