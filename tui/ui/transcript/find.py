"""Finding a text in all entries, in small portions of work, while more text arrives. Pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from time import perf_counter

from tui.domain.sanitize import visible
from tui.ui.transcript.document import Entry

MOST_HITS = 10_000
"""Hits after which the search ends: nobody steps through more."""
_LONGEST_QUERY = 200
_OVERLAP = 64
"""White space and marks that may stand between two words of a hit, in characters."""

_MARKS = r"*_~`\\"
_FRAME = "│↳‹›"
# Where a row on the screen ends and goes on in the next one: with a frame, a quote's bar, a mark.
_ROW_BREAK = r"[ ›]*│?\n[ │↳‹]*"


def _between_in_source(before: str, after: str) -> str:
    """What Markdown may write between two words that stand side by side on the screen.

    There is one way to match a run of it at most: with more, a message of some blank lines would
    keep the program busy for ever. So what the next word itself begins with is left to that word.
    """
    closing = "" if before[-1] in _MARKS else rf"[{_MARKS}]*+"
    opening = "" if after[0] in _MARKS else rf"[{_MARKS}]*+"
    space = r"\s++" if after[0] == ">" else r"(?>\s*\n[>\s]*|\s+)"
    return closing + space + opening


def _between_in_rows(after: str) -> str:
    """The same for rows of the screen."""
    return r"\s++" if after[0] in _FRAME else rf"(?>(?:{_ROW_BREAK}|\s)+)"


class Query:
    """What is looked for: capitals count only if there are any."""

    def __init__(self, text: str) -> None:
        self.text = text[:_LONGEST_QUERY]
        flags = re.NOFLAG if self.text != self.text.lower() else re.IGNORECASE
        words = self.text.split()
        source, shown = "", ""
        for before, word in pairwise(["", *words]):
            source += _between_in_source(before, word) if before else ""
            source += re.escape(word)
            shown += _between_in_rows(word) if before else ""
            shown += rf"(?:{_ROW_BREAK})?".join(map(re.escape, word))
        self.in_source = re.compile(source, flags)
        """Finds it in the source of a message."""
        self.in_rows = re.compile(shown, flags)
        """Finds it in rows of the screen that are joined by line breaks."""

    def __bool__(self) -> bool:
        return bool(self.text.strip())


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in the answer of an entry, or in its reasoning; ``start`` counts characters."""

    entry_id: str
    in_answer: bool
    start: int


@dataclass(slots=True)
class _Found:
    """The hits of one entry, and how much of its two texts has been searched."""

    hits: dict[bool, list[Hit]] = field(default_factory=lambda: {False: [], True: []})
    ends: dict[bool, int] = field(default_factory=lambda: {False: 0, True: 0})

    @property
    def all(self) -> list[Hit]:
        return [*self.hits[False], *self.hits[True]]


class Search:
    """The hits of one query in a list of entries, the latest entries first."""

    def __init__(self, query: Query, entries: Sequence[Entry]) -> None:
        self.query = query
        self.total = 0
        self.complete = not query
        self._entries = list(entries)
        self._known = {entry.id for entry in entries}
        self._found: dict[str, _Found] = {}
        self._hits: list[Hit] | None = []
        self._left = self._scan()

    @property
    def is_capped(self) -> bool:
        """Whether there are more hits than are counted."""
        return self.total >= MOST_HITS

    @property
    def hits(self) -> list[Hit]:
        """The hits that are known so far, from the first to the last."""
        if self._hits is None:
            found = (self._found.get(entry.id) for entry in self._entries)
            self._hits = [hit for entry in found if entry is not None for hit in entry.all]
        return self._hits

    def work(self, seconds: float, clock: Callable[[], float] = perf_counter) -> None:
        """Search on for about this long."""
        end = clock() + seconds
        for _ in self._left:
            if clock() >= end:
                return
        self.complete = True

    def update(self, entry: Entry) -> None:
        """An entry is new, or has more text than before."""
        if not self.query:
            return
        if entry.id not in self._known:
            self._known.add(entry.id)
            self._entries.append(entry)
        elif entry.id not in self._found and not self.complete:
            return  # its turn will come
        for _ in self._scan_entry(entry):
            pass

    def has_read(self, entry_id: str) -> bool:
        """Whether this entry, and with it all that come after it, have been searched."""
        return entry_id in self._found

    def of(self, hit: Hit) -> list[Hit]:
        """All hits in the same text as this one."""
        return self._found[hit.entry_id].hits[hit.in_answer]

    def _scan(self) -> Iterator[None]:
        for entry in reversed(list(self._entries)):
            yield from self._scan_entry(entry)

    def _scan_entry(self, entry: Entry) -> Iterator[None]:
        found = self._found.setdefault(entry.id, _Found())
        for in_answer, source in ((False, entry.reasoning), (True, entry.text)):
            if not source or self.is_capped:
                continue
            text = visible(source)
            hits = found.hits[in_answer]
            last = hits[-1].start + 1 if hits else 0
            # What was the end may now go on.
            again = found.ends[in_answer] - len(self.query.text) - _OVERLAP
            before = len(hits)
            for match in self.query.in_source.finditer(text, max(last, again, 0)):
                hits.append(Hit(entry.id, in_answer, match.start()))
                if self.total + len(hits) - before >= MOST_HITS:
                    break
            found.ends[in_answer] = len(text)
            if len(hits) != before:
                self.total += len(hits) - before
                self._hits = None
            yield
