"""The line that searches all conversations, read without ever failing.

    rust "borrow checker" life* -async model:claude after:2026-03 has:code cost>0.1

All parts between spaces must hold; ``-`` in front excludes. A word is found whole, in any case and
with or without its accents; with ``*`` at its end, and at the end of the line while it is being
typed, it is the beginning of a word. A text in double quotes is a phrase. What cannot be understood
filters nothing and is told in ``SearchQuery.problems``.

``model:`` and ``cost`` are those of an answer, and hold for a prompt if they hold for one of its
answers; ``tag:`` is of the conversation. ``before:`` and ``after:`` name a day, a month or a year,
or a time ago such as ``7d``: what was written before it began, or since.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum

from tui.domain.catalogue_filter import Problem

LONGEST_QUERY = 1_000
"""Characters that are read."""
MOST_PARTS = 32
"""Parts that are looked for; SQLite has bounds of its own for what one query may say."""

_PART = re.compile(r'-?(?:[a-z]+(?:<=|>=|[:<>=]))?(?:"[^"]*(?:"\*?|\Z)|[^\s"]*)|"', re.IGNORECASE)
_FILTER = re.compile(
    r"(?P<minus>-?)(?P<name>[a-z]+)(?P<sign><=|>=|[:<>=])(?P<value>.*)", re.IGNORECASE | re.DOTALL
)
_AMOUNT = re.compile(r"\$?(\d{1,9}(?:\.\d{0,12})?|\.\d{1,12})", re.ASCII)
_AGO = re.compile(r"(\d{1,5})([dwmy])", re.ASCII | re.IGNORECASE)
_DAYS_OF = {"d": 1, "w": 7, "m": 30, "y": 365}
_MONTH = re.compile(r"(\d{4})(?:-(\d{1,2}))?", re.ASCII)
_NAMES = ("model", "before", "after", "tag", "has", "cost")
_SIGNS = {":": "=", "=": "=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_SHORTEST_BEGINNING = 2
_ALIKE = 0.7
# Scripts that put no space between words, so that a word is looked for in the text itself: from
# Thai to Myanmar, Khmer, kana, ideographs, and the full and half width forms of them.
_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u30ff\u31f0-\u31ff\u3400-\u9fff"
    "\uaa60-\uaa7f\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)


class Has(StrEnum):
    """What a message may hold besides words."""

    CODE = "code"
    IMAGE = "image"
    FILE = "file"


class FilterName(StrEnum):
    """What a filter looks at."""

    MODEL = "model"
    BEFORE = "before"
    AFTER = "after"
    TAG = "tag"
    HAS = "has"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class SearchWord:
    """A word, the beginning of one, or a phrase; ``negated`` ones must not be there.

    ``in_text`` says that the index of words cannot find it, so that the text itself is searched.
    """

    text: str
    prefix: bool = False
    negated: bool = False
    in_text: bool = False


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """One filter; ``sign`` is ``=`` but for costs, which are USD."""

    name: FilterName
    value: str | datetime | Decimal | Has
    sign: str = "="
    negated: bool = False


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is searched for; problems are parts that filter nothing, with what would help."""

    words: tuple[SearchWord, ...] = ()
    filters: tuple[SearchFilter, ...] = ()
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing, so that there is nothing to search for."""
        return not self.words and not self.filters


def parse_search(text: str, now: datetime) -> SearchQuery:
    """The query that the text asks for; never raises. ``now`` has the zone in which days begin."""
    reader = _Reader(text[:LONGEST_QUERY].replace("\0", " "), now)
    reader.read()
    if len(text) > LONGEST_QUERY:
        hint = f"Only the first {LONGEST_QUERY:,} characters count."
        reader.problems.append(Problem(LONGEST_QUERY, len(text), hint))
    return SearchQuery(tuple(reader.words), tuple(reader.filters), tuple(reader.problems))


class _BadValueError(Exception):
    """A value that cannot be understood; its text is the hint."""


class _Reader:
    """Reads the parts of one line."""

    def __init__(self, text: str, now: datetime) -> None:
        self.words: list[SearchWord] = []
        self.filters: list[SearchFilter] = []
        self.problems: list[Problem] = []
        self._text = text
        self._now = now

    def read(self) -> None:
        """Read all of them."""
        for number, (start, part) in enumerate(_parts(self._text)):
            if number == MOST_PARTS:
                hint = f"Only the first {MOST_PARTS} words and filters count."
                self.problems.append(Problem(start, len(self._text), hint))
                return
            self._part(start, part)

    def _part(self, start: int, part: str) -> None:
        found = _FILTER.fullmatch(part)
        name = found["name"].lower() if found is not None else ""
        end = start + len(part)
        if found is not None and name in _NAMES:
            try:
                self.filters.append(self._filter(FilterName(name), found))
            except _BadValueError as problem:
                self.problems.append(Problem(start, end, str(problem)))
            return
        near = get_close_matches(name, _NAMES, 1, _ALIKE) if found is not None else []
        if near and found is not None and found["sign"] == ":":
            hint = f"Searched as words. Did you mean {near[0]}:?"
            self.problems.append(Problem(start, end, hint))
        is_typed_now = end == len(self._text)
        self.words.extend(_words(part, may_go_on=is_typed_now))

    def _filter(self, name: FilterName, found: re.Match[str]) -> SearchFilter:
        sign, negated = _SIGNS[found["sign"]], bool(found["minus"])
        value = found["value"].strip().strip('"').strip()
        if name is FilterName.COST:
            return SearchFilter(name, _amount(value), sign, negated)
        if sign != "=":
            raise _BadValueError(f"Write {name}: and what to look for.")
        if name is FilterName.HAS:
            return SearchFilter(name, _has(value), negated=negated)
        if name in (FilterName.BEFORE, FilterName.AFTER):
            return SearchFilter(name, self._moment(value), negated=negated)
        if not value:
            raise _BadValueError(f"Write {name}: and a name, such as {_EXAMPLES[name]}.")
        return SearchFilter(name, value.removeprefix("#"), negated=negated)

    def _moment(self, value: str) -> datetime:
        """The moment at which a day, a month or a year begins."""
        today = self._now.replace(hour=0, minute=0, second=0, microsecond=0)
        try:
            if value.lower() in ("today", "yesterday"):
                return today - timedelta(days=value.lower() == "yesterday")
            if (ago := _AGO.fullmatch(value)) is not None:
                return today - timedelta(days=int(ago[1]) * _DAYS_OF[ago[2].lower()])
            if (month := _MONTH.fullmatch(value)) is not None:
                return today.replace(year=int(month[1]), month=int(month[2] or 1), day=1)
            day = datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - only its date is used
            return today.replace(year=day.year, month=day.month, day=day.day)
        except (ValueError, OverflowError):
            hint = "Write a day as 2026-03-01, a month as 2026-03, or 7d for a week ago."
            raise _BadValueError(hint) from None


_EXAMPLES = {FilterName.MODEL: "model:claude", FilterName.TAG: "tag:work"}


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """Where each part starts, and the part."""
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        found = _PART.match(text, at)
        part = found.group() if found is not None and found.group() else text[at]
        yield at, part
        at += len(part)


def _amount(value: str) -> Decimal:
    found = _AMOUNT.fullmatch(value)
    if found is None:
        raise _BadValueError("Write an amount in dollars, such as cost>0.1.")
    return Decimal(found[1])


def _has(value: str) -> Has:
    names = [str(known) for known in Has]
    lowered = value.lower()
    if lowered not in names:
        raise _BadValueError(f"Write one of: {', '.join(f'has:{name}' for name in names)}.")
    return Has(lowered)


def _words(part: str, *, may_go_on: bool) -> Iterator[SearchWord]:
    negated = part.startswith("-") and len(part) > 1
    text = part[1:] if negated else part
    quoted = '"' in text
    prefix = text.endswith("*") and len(text) > 1
    text = text.rstrip("*").strip('"').strip() if quoted or prefix else text
    if not text:
        return
    letters = sum(map(_is_word_character, text))
    in_text = not letters or _WITHOUT_SPACES.search(text) is not None
    # A single letter begins nearly every word.
    goes_on = may_go_on and not quoted and not negated and letters >= _SHORTEST_BEGINNING
    yield SearchWord(text, (prefix or goes_on) and not in_text, negated, in_text)


def _is_word_character(character: str) -> bool:
    """As the index of words sees it: letters, numbers, and what is of private use."""
    category = unicodedata.category(character)
    return category[0] in "LN" or category == "Co"
