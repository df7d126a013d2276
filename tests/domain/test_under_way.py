"""An answer counts once: under way, or spent, whenever the books are looked at."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum, auto

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.calibration import Estimate
from tui.domain.cost import NOT_BILLED, UNKNOWN_COST, Cost, CostSource, CostTotal, total
from tui.domain.model import Pricing
from tui.domain.totals import Totals
from tui.domain.under_way import Books, UnderWay, come_to, dearer, estimated_cost, expected

D = Decimal
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def estimated(amount: str) -> Cost:
    return Cost(D(amount), CostSource.ESTIMATED)


class Stored(Enum):
    """What the history holds of an answer."""

    NOTHING = auto()
    STREAMING = auto()
    ENDED = auto()


class Known(Enum):
    """What this instance knows of an answer."""

    RESERVED = auto()
    BEGUN = auto()
    NOTHING = auto()


MOMENTS = [
    (Known.RESERVED, Stored.NOTHING),
    (Known.BEGUN, Stored.NOTHING),
    (Known.BEGUN, Stored.STREAMING),
    (Known.BEGUN, Stored.ENDED),
    (Known.NOTHING, Stored.STREAMING),
    (Known.NOTHING, Stored.ENDED),
]
"""What a look at the books can find: the last two are also all that is seen of other instances."""


@dataclass(frozen=True)
class Sent:
    number: int
    known: Known
    stored: Stored

    @property
    def amount(self) -> Decimal:
        """A power of ten: a sum tells which answers are in it, and how often."""
        return D(10) ** self.number

    @property
    def seen(self) -> UnderWay:
        message_id = None if self.known is Known.RESERVED else f"m{self.number}"
        return UnderWay(message_id, "c", NOW, Cost(self.amount, CostSource.ESTIMATED))


@given(st.lists(st.sampled_from(MOMENTS), max_size=12))
def test_no_answer_counts_twice_and_none_is_lost(moments: list[tuple[Known, Stored]]) -> None:
    sent = [Sent(number, *moment) for number, moment in enumerate(moments)]
    own = [one.seen for one in sent if one.known is not Known.NOTHING]
    asked = {one.message_id for one in own}
    ended = [one for one in sent if one.stored is Stored.ENDED]
    spent = total(Cost(one.amount, CostSource.REPORTED) for one in ended)
    books = Books(
        Totals(all_time=spent),
        tuple(one.seen for one in sent if one.stored is Stored.STREAMING),
        frozenset(f"m{one.number}" for one in ended if f"m{one.number}" in asked),
    )

    coming = expected(books.under_way(own), "c", NOW, NOW)

    assert spent.amount + coming.all_time.amount == sum((one.amount for one in sent), D(0))


def test_what_this_instance_knows_of_its_answers_goes_before_what_is_stored() -> None:
    stored = UnderWay("m", "c", NOW, estimated("0.01"))
    own = UnderWay("m", "c", NOW, estimated("0.05"))
    assert Books(streaming=(stored,)).under_way([own]) == [own]


def test_each_answer_counts_for_the_spans_it_began_in() -> None:
    yesterday, last_month = NOW - timedelta(days=1), NOW - timedelta(days=40)
    answers = [
        UnderWay("a", "c", NOW, estimated("1")),
        UnderWay("b", "other", yesterday, estimated("0.1")),
        UnderWay("d", "other", last_month, UNKNOWN_COST),
    ]
    coming = expected(answers, "c", NOW - timedelta(hours=1), NOW)
    assert coming.conversation == coming.opened == coming.today == CostTotal(D(1), estimated=1)
    assert coming.month == CostTotal(D("1.1"), estimated=2)
    assert coming.all_time == CostTotal(D("1.1"), estimated=2, unknown=1)


@pytest.mark.parametrize(
    ("planned", "so_far", "counted"),
    [
        (estimated("0.04"), estimated("0.01"), estimated("0.04")),
        (estimated("0.04"), estimated("0.05"), estimated("0.05")),
        (estimated("0.04"), UNKNOWN_COST, estimated("0.04")),
        (UNKNOWN_COST, estimated("0.05"), estimated("0.05")),
        (UNKNOWN_COST, UNKNOWN_COST, UNKNOWN_COST),
        (estimated("0.04"), NOT_BILLED, NOT_BILLED),
        (
            estimated("0.04"),
            Cost(D("0.01"), CostSource.REPORTED),
            Cost(D("0.01"), CostSource.REPORTED),
        ),
    ],
)
def test_the_plan_counts_until_more_is_known(planned: Cost, so_far: Cost, counted: Cost) -> None:
    assert dearer(planned, so_far) == counted


def test_a_stored_estimate_gives_a_cost_where_prices_are_known() -> None:
    estimate = Estimate(prompt_raw=900, prompt=1000)
    prices = Pricing(prompt=D("0.000003"), completion=D("0.000015"))
    assert estimated_cost(estimate, prices, 100) == estimated("0.0045")
    warm = replace(estimate, cached=600, cache_written=300)
    caching = replace(prices, input_cache_read=D("0.0000003"), input_cache_write=D("0.000004"))
    # 100 × 3 + 600 × 0.3 + 300 × 4 + 100 × 15, in millionths
    assert estimated_cost(warm, caching, 100) == estimated("0.00318")
    longer = replace(caching, input_cache_write_1h=D("0.000006"), audio=D("0.000007"))
    # writes are dearer for an hour, and sound has its price: 300 × 2 and 100 × 4 more
    heard = replace(warm, heard=100)
    assert estimated_cost(heard, longer, 100, cache_ttl="1h") == estimated("0.00418")
    assert estimated_cost(None, prices, 100) == UNKNOWN_COST
    assert estimated_cost(estimate, None, 100) == UNKNOWN_COST
    assert estimated_cost(estimate, Pricing(prompt=D(-1), completion=D(-1)), 1) == UNKNOWN_COST


def test_what_has_come_so_far_is_all_that_counts_as_spent() -> None:
    answers = [
        UnderWay("a", "c", NOW, estimated("1"), estimated("0.2")),
        UnderWay("b", "other", NOW - timedelta(days=1), estimated("1"), UNKNOWN_COST),
        UnderWay(None, "c", NOW, estimated("1")),
    ]
    so_far = come_to(answers, "c", NOW, NOW)
    assert so_far.conversation == so_far.today == CostTotal(D("0.2"), estimated=1)
    assert so_far.all_time == CostTotal(D("0.2"), estimated=1, unknown=1)
    spent = Totals(today=CostTotal(D("0.1")), all_time=CostTotal(D(3), unknown=1))
    assert (spent + so_far).today == CostTotal(D("0.3"), estimated=1)
    assert (spent + so_far).all_time == CostTotal(D("3.2"), estimated=1, unknown=2)
