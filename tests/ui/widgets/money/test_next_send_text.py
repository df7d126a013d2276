from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from tests.ui.controllers.test_preview import CLAUDE, LATER, conversation, planned, request
from tui.domain.budget import Verdict
from tui.domain.caching import caching_effect
from tui.domain.caching_entries import WarmPrefix
from tui.domain.conversation import Generation, Message, Role
from tui.domain.cost import CostTotal
from tui.domain.settings import BudgetSettings
from tui.domain.totals import Totals
from tui.ui.controllers.chips import Unsent
from tui.ui.controllers.preview import NextSend, Planned, plan
from tui.ui.widgets.money.next_send_text import Standing, next_send_text, unknown_words

EFFECT = caching_effect(CLAUDE.id, CLAUDE, enabled=True)
STANDING = Standing(
    Totals(today=CostTotal(Decimal("0.84"), unknown=2)),
    BudgetSettings(day_hard=Decimal(2)),
    Verdict(),
    EFFECT,
    minimum=1_024,
)


def words(shown: NextSend | None, standing: Standing = STANDING) -> str:
    return next_send_text(shown, standing, LATER, 88).plain


def test_the_parts_of_cost_and_context_are_listed_with_what_is_free() -> None:
    text = words(planned(conversation("Hello"), "Go on", caching=True))

    for expected in (
        "likely",
        "at worst",
        "1,000 tokens at most",
        "the dearest",
        "history",
        "prompt",
        "free",
    ):
        assert expected in text
    assert "not measured yet" in text
    assert "Not yet: the conversation has" in text
    assert "2 unknown" in text
    assert "hard $2.00" in text


def test_what_is_too_long_says_so_and_what_to_do() -> None:
    text = words(planned(conversation("Hello"), "word " * 8_000))

    assert "tokens more than fit" in text
    assert "✗ It is not sent." in text


def test_what_compression_would_leave_out_is_told() -> None:
    asked = request()
    asked = replace(asked, settings=replace(asked.settings, compress_prompts=True))
    made = conversation("word " * 4_000, "word " * 4_000, "word " * 4_000)

    assert "would be left out" in words(plan(Planned(made, Unsent("Go on"), asked), LATER))


def test_reasoning_that_the_model_cannot_read_is_told() -> None:
    shown = planned(conversation("Hello"), "Go on")
    assert "is not sent" not in words(shown)
    before = Message(
        "m", "c", None, Role.ASSISTANT, "Yes", LATER,
        reasoning_details=({"type": "reasoning.text"},), generation=Generation("other/model", "o"),
    )  # fmt: skip

    text = words(replace(shown, path=[before, *shown.path]))

    assert "The reasoning of 1 answer by other is not sent: anthropic cannot read it." in text


def test_a_warm_beginning_is_told_with_the_time_that_is_left() -> None:
    shown = planned(conversation("Hello"), "Go on", caching=True)
    until = LATER + timedelta(seconds=252)
    warm = WarmPrefix(("a",), 980, until, until, "Anthropic")
    shown = replace(shown, trace=replace(shown.trace, warm=warm))

    assert "≈ 980 tokens are cached at Anthropic for 4:12." in words(shown)


def test_without_a_plan_the_sums_are_still_there() -> None:
    text = words(None)

    assert "Nothing is typed" in text
    assert "$0.84 + ?" in text
    assert words(None, replace(STANDING, totals=None)).startswith("Nothing is typed")


def test_parts_that_are_not_exact_are_counted() -> None:
    assert unknown_words(CostTotal(estimated=1, unknown=2, local=3)) == (
        "2 unknown, 1 estimated, 3 local"
    )
