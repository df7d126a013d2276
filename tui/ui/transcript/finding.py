"""Find in the transcript: hits are counted while messages are read, marked where they are seen."""

from dataclasses import dataclass

from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer

from tui.domain.sanitize import visible
from tui.ui.transcript.blocks import Block, Kind
from tui.ui.transcript.entry_layout import EntryLayout
from tui.ui.transcript.find import Hit, Query, Search
from tui.ui.transcript.hitmarks import HitMarks, occurrences
from tui.ui.transcript.layout import Anchor
from tui.ui.transcript.reading import Reading

_SLICE = 0.008
"""Seconds of searching after which the screen and the keys have their turn."""
_PAUSE = 0.002
_UPDATE_AFTER = 0.2
"""Seconds until text that arrives is searched too."""
_NOT_TEXT = frozenset({Kind.REASONING, Kind.NOTE, Kind.SEPARATOR, Kind.FOLDED})


@dataclass
class FindProgressed(Message):
    """How many hits there are, and which one is the current (from 1; 0 for none)."""

    number: int
    total: int
    complete: bool
    capped: bool


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where the reader was before the search."""

    anchor: Anchor | None
    following: bool


class Finding(Reading):
    """The part of the transcript that looks for texts."""

    def _init_finding(self) -> None:
        self._search: Search | None = None
        self._marks: HitMarks | None = None
        self._hit: Hit | None = None
        self._origin: _Origin | None = None
        self._stepped = False
        self._search_timer: Timer | None = None
        self._grown: set[str] = set()

    def find(self, text: str) -> None:
        """Look for a text and show the hit that is next to where the reader was."""
        if self._origin is None:
            self._origin = _Origin(self._anchor, self.following)
        query = Query(text)
        self._search = Search(query, [layout.entry for layout in self._layout.entries])
        self._marks = HitMarks(query) if query else None
        self._hit = None
        self._stepped = False
        self.refresh()
        self._work()

    def find_step(self, step: int) -> None:
        """Go to the next (1) or previous (-1) hit, from the last one on to the first."""
        search = self._search
        if search is None or not search.hits:
            return
        self._stepped = True
        hits = search.hits
        at = hits.index(self._hit) + step if self._hit in hits else 0 if step > 0 else -1
        self._go_to_hit(hits[at % len(hits)])

    def end_find(self) -> None:
        """Take the marks away; the reader stays at a hit that was chosen, or goes back."""
        origin, stepped = self._origin, self._stepped
        self._stop_search()
        self.refresh()
        if origin is None or stepped:
            return
        if origin.following:
            self.following = True
        elif origin.anchor is not None and self._layout.holds(origin.anchor):
            anchor = origin.anchor
            self.go_to(anchor.entry, anchor.index, anchor.offset)

    @property
    def is_finding(self) -> bool:
        """Whether hits are marked."""
        return self._search is not None

    def action_find_step(self, step: int) -> None:
        """Go to the next or previous hit."""
        self.find_step(step)

    def _stop_search(self) -> None:
        if self._search_timer is not None:
            self._search_timer.stop()
        self._init_finding()

    def entries_replaced(self) -> None:
        """Other entries are shown: look for the same text in them."""
        if self._search is not None:
            text = self._search.query.text
            self._stop_search()
            self.find(text)

    def entry_grew(self, entry_id: str) -> None:
        """An entry is new or has more text: search that soon."""
        if self._search is None:
            return
        self._grown.add(entry_id)
        if self._search_timer is None:
            self._search_timer = self.set_timer(_UPDATE_AFTER, self._work)

    def _work(self) -> None:
        """Search for a moment, then let others have their turn."""
        search = self._search
        if search is None:
            return
        if self._search_timer is not None:
            self._search_timer.stop()
        self._search_timer = None
        grown, self._grown = self._grown, set()
        for entry_id in grown:
            if (layout := self._layout.get(entry_id)) is not None:
                search.update(layout.entry)
        if not search.complete:
            search.work(_SLICE)
        if self._hit is None and not self._stepped:
            self._choose(search)
        elif grown:
            self._mark(self._hit)
        self._tell()
        if not search.complete:
            self._search_timer = self.set_timer(_PAUSE, self._work)

    def _tell(self) -> None:
        search = self._search
        if search is not None:
            hit = self._hit
            number = search.hits.index(hit) + 1 if hit in search.hits else 0
            self.post_message(
                FindProgressed(number, search.total, search.complete, search.is_capped)
            )

    def _choose(self, search: Search) -> None:
        """Take the first hit below where the reader was, or else the nearest above."""
        anchor = self._origin.anchor if self._origin is not None else None
        if anchor is None or not self._layout.holds(anchor):
            below = search.hits if search.complete else []
        else:
            if not (search.complete or search.has_read(anchor.entry.entry.id)):
                return
            below = [hit for hit in search.hits if self._is_below(hit, anchor)]
        if hits := below[:1] or search.hits[-1:]:
            self._go_to_hit(hits[0])

    def _is_below(self, hit: Hit, anchor: Anchor) -> bool:
        entry = self._layout.get(hit.entry_id)
        if entry is None:
            return False
        if entry is not anchor.entry:
            return self._layout.index_of(entry) > self._layout.index_of(anchor.entry)
        if anchor.block.kind in _NOT_TEXT or anchor.block.quiet == hit.in_answer:
            return hit.in_answer or not anchor.index
        return _line_of(entry, hit) >= anchor.block.line

    def _go_to_hit(self, hit: Hit) -> None:
        self._hit = hit
        entry = self._layout.get(hit.entry_id)
        if entry is None:
            return
        self._unfold(entry, hit)
        place = self._mark(hit)
        if place is not None:
            self.reveal(entry, *place)
        self._tell()

    def _unfold(self, entry: EntryLayout, hit: Hit) -> None:
        """Open what hides the hit."""
        shown = entry.entry
        hides_reasoning = not hit.in_answer and shown.reasoning_folded
        if shown.hidden or hides_reasoning:
            shown.hidden = False
            shown.folded = False if hides_reasoning else shown.folded
            self.let_go()
            self._changed(shown.id)
        self._layout.place(entry)
        index = self._block_of(entry, hit)
        fence = entry.blocks[index].fence if index is not None else None
        if index is not None and fence is not None and fence.folded and entry.blocks[index].first:
            self.toggle_fence(entry, fence)

    def _mark(self, hit: Hit | None) -> tuple[int, int] | None:
        """Mark the current hit; the index of its block, and its row there."""
        entry = self._layout.get(hit.entry_id) if hit is not None else None
        if entry is None or hit is None or self._search is None or self._marks is None:
            return None
        index = self._block_of(entry, hit)
        if index is None:
            return None
        block = entry.blocks[index]
        start = _start_of_line(_text_of(entry, hit), block.line)
        number = sum(start <= other.start < hit.start for other in self._search.of(hit))
        self._marks.current = block, number
        self.refresh()
        found = occurrences(self._marks.query, self.strips_of(entry, block))
        return index, found[min(number, len(found) - 1)][0].row if found else 0

    @staticmethod
    def _block_of(entry: EntryLayout, hit: Hit) -> int | None:
        """The block that shows the hit."""
        line = _line_of(entry, hit)
        found: int | None = None
        for index, block in enumerate(entry.blocks):
            if block.kind not in _NOT_TEXT and block.quiet != hit.in_answer:
                if found is not None and block.line > line:
                    break
                found = index
        return found

    def painted(self, block: Block, strips: list[Strip]) -> list[Strip]:
        """The rows of a block with the hits in them."""
        strips = super().painted(block, strips)
        if self._marks is None or block.kind in _NOT_TEXT:
            return strips
        return self._marks.paint(
            block,
            strips,
            self.get_component_rich_style("transcript--hit"),
            self.get_component_rich_style("transcript--hit-current"),
        )


def _text_of(entry: EntryLayout, hit: Hit) -> str:
    return visible(entry.entry.text if hit.in_answer else entry.entry.reasoning)


def _line_of(entry: EntryLayout, hit: Hit) -> int:
    return _text_of(entry, hit).count("\n", 0, hit.start)


def _start_of_line(text: str, line: int) -> int:
    """The offset at which a line begins."""
    at = 0
    for _ in range(line):
        at = text.find("\n", at) + 1
        if not at:
            return len(text)
    return at
