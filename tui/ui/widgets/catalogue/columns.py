"""The columns of the model table: what each shows, how wide it is, and which go first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_row import RowFacts, short_name, tier_limits
from tui.domain.catalogue_search import Found
from tui.domain.catalogue_sort import SortKey, latency, throughput, turn_price
from tui.domain.figures import UNKNOWN, money, price_per_million, tokens_short
from tui.domain.sanitize import single_line

GAP = 1
_LONGEST_NAME = 120
_WIDEST_NAME = 44
_YEAR = 365


@dataclass(frozen=True, slots=True)
class Shown:
    """One model as the table shows it; ``mark`` is its place among the marked ones, 0 for none."""

    found: Found
    facts: RowFacts
    context: FilterContext
    mark: int = 0
    is_gone: bool = False

    @property
    def is_favourite(self) -> bool:
        """Whether the user likes it."""
        return self.found.model.id in self.context.favourites

    @property
    def is_in_use(self) -> bool:
        """Whether the conversation on screen asks it."""
        return self.found.model.id == self.context.in_use


@dataclass(frozen=True, slots=True)
class Cell:
    """Words and the name of their style; ``matched`` ones show what the filter's words found."""

    text: str
    style: str = "text"
    matched: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column. Of those that do not fit, the highest ``rank`` goes first.

    ``flexible`` ones take the room that is left. The column of the current order always stays.
    """

    heading: str
    width: int
    rank: int
    cell: Callable[[Shown], Cell]
    sort: SortKey | None = None
    right: bool = False
    flexible: bool = False


def signs(shown: Shown) -> str:
    """Which mark, favourite, in use: a sign each in its own place."""
    return (
        (str(shown.mark) if shown.mark else " ")
        + ("★" if shown.is_favourite else " ")
        + ("▸" if shown.is_in_use else " ")
    )


def note(shown: Shown) -> Cell:
    """What is special about a model, the most urgent first."""
    facts, target = shown.facts, shown.found.model.alias_target
    if shown.is_gone:
        return Cell("gone from the catalogue", "warning")
    others = [
        facts.discount,
        "new" if facts.is_new else "",
        f"→ {target.rpartition('/')[2]}" if target else "",
    ]
    ending = _ending(shown) if any(others) else facts.expiry.partition(" (")[0]
    words = " · ".join(filter(None, [ending, *others]))
    return Cell(single_line(words, 80), "warning" if ending else "accent")


def tag(shown: Shown) -> Cell:
    """The most urgent of it in a few cells, for where there is no room for the note."""
    facts, ending = shown.facts, "gone" if shown.is_gone else _ending(shown)
    if ending:
        return Cell(ending, "warning")
    return Cell(facts.discount or ("new" if facts.is_new else "→" if facts.alias else ""), "accent")


def _ending(shown: Shown) -> str:
    """The last day of a model in a few cells; nothing for one that stays."""
    last = shown.found.model.expiration_date
    if last is None:
        return ""
    days = (last - shown.context.now.date()).days
    return "ended" if days < 0 else f"ends {last:%m-%d}" if days < _YEAR else f"ends {last:%Y}"


def _price(price: Decimal | None, shown: Shown) -> Cell:
    """A price as of now; ``+`` says that longer prompts cost more."""
    row = shown.found.row
    if price is None and row.pricing.varies:
        return Cell("varies", "quiet")
    words = price_per_million(price)
    if words == UNKNOWN:
        return Cell("–", "quiet")
    return Cell(f"{words}+" if tier_limits(row.model.pricing) else words, "money")


def _tokens(count: int | None) -> Cell:
    return Cell("–", "quiet") if count is None else Cell(tokens_short(count))


def _index(name: str) -> Callable[[Shown], Cell]:
    def cell(shown: Shown) -> Cell:
        value = shown.found.model.benchmarks.get(f"{name}_index")
        return Cell("–", "quiet") if value is None else Cell(f"{value:.1f}")

    return cell


def _turn(shown: Shown) -> Cell:
    price = turn_price(shown.found.row, shown.context.turn, shown.context.now)
    return Cell("–", "quiet") if price is None else Cell(money(price), "money")


def _speed(shown: Shown) -> Cell:
    value = throughput(shown.context.endpoints.get(shown.found.model.id, ()))
    return Cell("–", "quiet") if value is None else Cell(f"{value:,.0f}/s")


def _latency(shown: Shown) -> Cell:
    value = latency(shown.context.endpoints.get(shown.found.model.id, ()))
    return Cell("–", "quiet") if value is None else Cell(f"{value / 1000:.2f} s")


def _added(shown: Shown) -> Cell:
    created = shown.found.model.created
    if created is None:
        return Cell("–", "quiet")
    days = max(0, int((shown.context.now.timestamp() - created) // 86_400))
    return Cell(f"{days} d" if days < 1000 else f"{days // 365} y", "quiet")


NOTE = Column("", 17, 6, note)
COLUMNS = (
    Column("", 3, 0, lambda shown: Cell(signs(shown), "accent")),
    Column(
        "Model",
        22,
        0,
        lambda shown: Cell(single_line(short_name(shown.found.model), _LONGEST_NAME), matched=True),
        SortKey.NAME,
        flexible=True,
    ),
    Column(
        "Author",
        11,
        8,
        lambda shown: Cell(single_line(shown.found.model.author, 40), "quiet", matched=True),
        SortKey.AUTHOR,
    ),
    Column(
        "Id",
        34,
        14,
        lambda shown: Cell(single_line(shown.found.model.id, _LONGEST_NAME), "quiet", matched=True),
        SortKey.ID,
    ),
    Column("ctx", 5, 2, lambda s: _tokens(s.found.model.context_length), SortKey.CONTEXT, True),
    Column(
        "answer",
        6,
        10,
        lambda s: _tokens(s.found.model.max_completion_tokens),
        SortKey.MAX_OUTPUT,
        True,
    ),
    Column("in / M", 7, 1, lambda s: _price(s.found.row.prompt, s), SortKey.PRICE_IN, True),
    Column("out / M", 7, 3, lambda s: _price(s.found.row.completion, s), SortKey.PRICE_OUT, True),
    Column(
        "cache / M", 9, 9, lambda s: _price(s.found.row.cache_read, s), SortKey.PRICE_CACHE, True
    ),
    Column("your turn", 9, 11, _turn, SortKey.TURN, True),
    Column("age", 5, 12, _added, SortKey.NEWEST, True),
    Column("intel", 5, 15, _index("intelligence"), SortKey.INTELLIGENCE, True),
    Column("code", 5, 16, _index("coding"), SortKey.CODING, True),
    Column("speed", 7, 17, _speed, SortKey.SPEED, True),
    Column("first", 7, 18, _latency, SortKey.LATENCY, True),
    Column("can", 10, 5, lambda shown: Cell(shown.facts.capabilities, "quiet")),
    NOTE,
)
PICKER_COLUMNS = tuple(
    column
    for column in COLUMNS
    if column.heading in ("", "Model", "Author", "ctx", "in / M", "out / M")
)
"""What the quick picker shows."""


def layout(
    width: int, sort: SortKey, columns: Sequence[Column] = COLUMNS
) -> list[tuple[Column, int]]:
    """The columns that fit into ``width`` cells, each with its width.

    The first two, and that of the order, always stay; where even they are too wide, the last of
    them is cut.
    """
    kept = list(columns)
    while _needed(kept) > width:
        others = [column for column in kept[2:] if column.sort is not sort]
        if not others:
            break
        kept.remove(max(others, key=lambda column: column.rank))
    spare = width - _needed(kept)
    laid = []
    for column in kept:
        extra = min(max(0, spare), _WIDEST_NAME - column.width) if column.flexible else 0
        spare -= extra
        laid.append((column, column.width + extra))
    # What the name leaves goes to the last column, whose words are the longest.
    last, last_width = laid[-1]
    laid[-1] = (last, max(1, last_width + spare))
    return laid


def _needed(columns: Sequence[Column]) -> int:
    return sum(column.width for column in columns) + GAP * (len(columns) - 1)
