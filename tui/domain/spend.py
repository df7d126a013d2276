"""Where the money went: answers grouped by time, model, provider or conversation."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum

from tui.domain.bill import bill_lines, writes_are_read
from tui.domain.cost import Cost, CostTotal, Usage, total
from tui.domain.model import Pricing


class SpendBy(StrEnum):
    """What answers are grouped by."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    MODEL = "model"
    PROVIDER = "provider"
    CONVERSATION = "conversation"

    @property
    def is_time(self) -> bool:
        """Whether the groups are spans of time, in their order."""
        return self in (SpendBy.DAY, SpendBy.WEEK, SpendBy.MONTH)


@dataclass(frozen=True, slots=True)
class TokenClasses:
    """Tokens by what they cost: those of the prompt, apart by cache, and those of the answer.

    ``estimated`` counts the answers whose tokens are our own count, which knows nothing of a cache,
    and ``unknown`` those whose tokens nobody counted.
    """

    plain: int = 0
    read: int = 0
    written: int = 0
    answer: int = 0
    reasoning: int = 0
    estimated: int = 0
    unknown: int = 0

    def __add__(self, other: "TokenClasses") -> "TokenClasses":
        return TokenClasses(
            self.plain + other.plain,
            self.read + other.read,
            self.written + other.written,
            self.answer + other.answer,
            self.reasoning + other.reasoning,
            self.estimated + other.estimated,
            self.unknown + other.unknown,
        )

    @property
    def total(self) -> int:
        """All of them."""
        return self.plain + self.read + self.written + self.answer + self.reasoning

    @property
    def by_class(self) -> tuple[tuple[int, bool], ...]:
        """The tokens of each class in the order of the fields, and whether they are estimated."""
        ours = self.estimated > 0
        return (
            (self.plain, ours),
            (self.read, False),
            (self.written, False),
            (self.answer, ours),
            (self.reasoning, ours and self.reasoning > 0),
        )

    @classmethod
    def of(cls, usage: Usage, prices: Pricing | None = None) -> "TokenClasses":
        """The tokens of one answer; what Gemini counts as read and written was written.

        ``prices`` are those that were in force, which tell how it was counted.
        """
        prompt, completion = usage.prompt_tokens or 0, usage.completion_tokens or 0
        written = min(usage.cache_write_tokens or 0, prompt)
        read = min(usage.cached_tokens or 0, prompt)
        if writes_are_read(usage, prices):
            read = min(max(0, read - written), prompt - written)
        reasoning = min(usage.reasoning_tokens or 0, completion)
        return cls(prompt - read - written, read, written, completion - reasoning, reasoning)


@dataclass(frozen=True, slots=True)
class SpendRow:
    """One answer: when, where, by whom, and what it cost; the moment is in UTC.

    ``conversation_id`` is None once the conversation is deleted. ``saving`` is what the cache saved
    in USD, negative where writing to it cost more, None where that is not known. ``failed`` is a
    request that brought no answer to be paid for.
    """

    at: datetime
    conversation_id: str | None
    title: str
    model: str
    provider: str
    cost: Cost
    tokens: TokenClasses = TokenClasses()
    saving: Decimal | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class SpendGroup:
    """Answers that belong together; ``key`` tells them apart and ``label`` is for people.

    The key of a span of time is the local day with which it begins. ``failed`` counts requests that
    brought no answer; they are not among the ``answers``.
    """

    key: str
    label: str
    cost: CostTotal = field(default_factory=CostTotal)
    tokens: TokenClasses = TokenClasses()
    saving: Decimal = Decimal(0)
    answers: int = 0
    failed: int = 0
    first: datetime | None = None
    last: datetime | None = None


_DELETED = "deleted conversations"
_UNKNOWN = "unknown"

KeyOf = Callable[[SpendRow], str]


def saving_of(usage: Usage, prices: Pricing, cache_ttl: str | None) -> Decimal | None:
    """What the cache saved in USD at prices in force; negative if writing cost more than it saved.

    None if a price is missing or the cache had no part in it.
    """
    if not (usage.cached_tokens or usage.cache_write_tokens):
        return None
    without = replace(usage, cached_tokens=0, cache_write_tokens=0)
    paid, plain = bill_lines(usage, prices, cache_ttl=cache_ttl), bill_lines(without, prices)
    if paid is None or plain is None:
        return None
    return sum((line.amount for line in plain), Decimal(0)) - sum(
        (line.amount for line in paid), Decimal(0)
    )


def group_spending(
    rows: Iterable[SpendRow], by: SpendBy, zone: tzinfo | None = None
) -> list[SpendGroup]:
    """The rows in groups; spans of time in their order and without gaps, others dearest first.

    ``zone`` is the time zone whose days count; None is the local one.
    """
    key_of = _key_of(by, zone)
    found: dict[str, list[SpendRow]] = {}
    for row in rows:
        found.setdefault(key_of(row), []).append(row)
    if by.is_time:
        return [_group(key, found.get(key, ()), by) for key in _without_gaps(sorted(found), by)]
    groups = [_group(key, members, by) for key, members in found.items()]
    return sorted(groups, key=lambda group: (-group.cost.amount, group.label))


def rows_behind(
    rows: Iterable[SpendRow], by: SpendBy, key: str, zone: tzinfo | None = None
) -> list[SpendRow]:
    """The answers of one group, to be grouped again by something else."""
    key_of = _key_of(by, zone)
    return [row for row in rows if key_of(row) == key]


def _key_of(by: SpendBy, zone: tzinfo | None) -> KeyOf:
    match by:
        case SpendBy.MODEL:
            return lambda row: row.model
        case SpendBy.PROVIDER:
            return lambda row: row.provider or _UNKNOWN
        case SpendBy.CONVERSATION:
            return lambda row: row.conversation_id or ""
        case _:
            return lambda row: _span(row.at.astimezone(zone).date(), by).isoformat()


def _span(day: date, by: SpendBy) -> date:
    """The first day of the span that a day lies in; weeks begin on Monday."""
    if by is SpendBy.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if by is SpendBy.MONTH else day


def _without_gaps(keys: Sequence[str], by: SpendBy) -> Iterator[str]:
    """The spans from the first to the last one, those without an answer too."""
    if not keys:
        return
    day, last = date.fromisoformat(keys[0]), date.fromisoformat(keys[-1])
    while day <= last:
        yield day.isoformat()
        match by:
            case SpendBy.WEEK:
                day += timedelta(days=7)
            case SpendBy.MONTH:
                day = _span(day + timedelta(days=31), by)
            case _:
                day += timedelta(days=1)


def _group(key: str, rows: Sequence[SpendRow], by: SpendBy) -> SpendGroup:
    tokens = TokenClasses()
    for row in rows:
        tokens += row.tokens
    return SpendGroup(
        key=key,
        label=_label(key, rows, by),
        cost=total(row.cost for row in rows),
        tokens=tokens,
        saving=sum((row.saving for row in rows if row.saving is not None), Decimal(0)),
        answers=sum(not row.failed for row in rows),
        failed=sum(row.failed for row in rows),
        first=min((row.at for row in rows), default=None),
        last=max((row.at for row in rows), default=None),
    )


def _label(key: str, rows: Sequence[SpendRow], by: SpendBy) -> str:
    if by is SpendBy.CONVERSATION:
        return rows[0].title if key else _DELETED
    return key[:7] if by is SpendBy.MONTH else key
