"""Inline Markdown beside its source: which characters show which, and what the marks enclose.

The parser says what a text becomes but not where it stood. So its tokens are followed through the
source once more; the rules of CommonMark leave exactly one way for each kind of token.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from markdown_it.common.utils import unescapeAll
from markdown_it.helpers import parseLinkDestination, parseLinkTitle
from markdown_it.token import Token

from tui.ui.transcript.formulas import CLOSING
from tui.ui.transcript.wrap import Span

Bounds = tuple[int, int]
Draw = Callable[[Sequence[Token]], list[Span]]
"""Draws inline tokens."""

_ESCAPE = re.compile(r"\\[!-/:-@\[-`{-~]")
_ENTITY = re.compile(r"&(?:#x[a-f0-9]{1,6}|#[0-9]{1,7}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_BREAK = re.compile(r"[ \t]*\\?\n[ \t]*")
_SPECIAL = re.compile(r"[\\&]")
_SPACE = re.compile(r"[ \t\n]*")
_TASK = re.compile(r"\[[ xX]\] ")
_ADDRESS_END = re.compile(r"[\s<>]")
_LEAD = 16
"""Characters of a text that are enough to find it again."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of the source with marks around it, in front of its lines or behind them.

    The marks in ``hidden`` belong to a selection that holds all of ``inner`` and something outside
    of it; a selection inside, or of a part of it, goes without.
    """

    outer: Bounds
    inner: Bounds
    hidden: tuple[Bounds, ...]

    def moved(self, places: Sequence[int]) -> "Mark":
        """The same, by what each of the offsets is elsewhere."""
        return Mark(
            (places[self.outer[0]], places[self.outer[1]]),
            (places[self.inner[0]], places[self.inner[1]]),
            tuple((places[start], places[end]) for start, end in self.hidden),
        )


@dataclass(slots=True)
class Aligned:
    """The texts in their order, each with its bounds in the source, and the marks."""

    texts: list[tuple[str, int, int]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


def align(children: Sequence[Token], content: str, draw: Draw) -> Aligned:
    """Follow inline tokens through their source; ``draw`` says what they show."""
    walk = _Walk(content, Aligned())
    if _TASK.match(content) and children and not _TASK.match(children[0].content):
        walk.at = 4  # drawn as a box
    links: list[tuple[int, int]] = []
    for index, token in enumerate(children):
        if token.type == "link_open":
            links.append((index, len(walk.aligned.texts)))
            walk.token(token, "")
        elif token.type == "link_close":
            walk.token(token, "")
            first, known = links.pop()
            inside = [text for text, _ in draw(children[first + 1 : index])]
            whole = [text for text, _ in draw(children[first : index + 1])]
            walk.link_shown(known, inside, whole)
        else:
            walk.token(token, "".join(text for text, _ in draw([token])))
    return walk.aligned


@dataclass(slots=True)
class _Walk:
    source: str
    aligned: Aligned
    at: int = 0
    opened: list[tuple[int, int]] = field(default_factory=list)

    def token(self, token: Token, shown: str) -> None:
        """The next token, and what is seen of it."""
        match token.type:
            case "text":
                self._text(token.content, shown)
            case "softbreak" | "hardbreak":
                found = _BREAK.match(self.source, self.at)
                self._whole(shown, found.end() if found else self.at)
            case "code_inline":
                self._code(token, shown)
            case "image":
                self._find("![")
                self._whole(shown, self._link_end(self._label_end(self.at + 1)))
            case "link_open":
                opening = {"linkify": "", "autolink": "<"}.get(token.markup, "[")
                self._open(opening)
            case "link_close":
                closing = {"linkify": self.at, "autolink": self.at + 1}
                self._close(closing.get(token.markup) or self._link_end(self.at))
            case _ if token.nesting > 0:
                self._open(token.markup)
            case _ if token.nesting < 0:
                self._close(self.at + len(token.markup))
            case _ if shown:
                self._other(token, shown)

    def link_shown(self, known: int, inside: Sequence[str], whole: Sequence[str]) -> None:
        """What is seen of a link that ends here may be more than its text, or something else."""
        if whole[: len(inside)] == inside:
            added = whole[len(inside) :]
            self.aligned.texts += [(text, self.at, self.at) for text in added]
        else:
            start = self.aligned.marks.pop().outer[0]
            self.aligned.texts[known:] = [("".join(whole), start, self.at)]

    def _text(self, content: str, shown: str) -> None:
        if not content:
            return
        size = len(content)
        if self.source.startswith(content, self.at) and not _SPECIAL.search(content):
            self._whole(shown, self.at + size)
            return
        start = at = self.at
        done = 0
        units: list[tuple[str, int]] = []
        while done < size and at < len(self.source):
            unit, at = self._unit(at)
            if not content.startswith(unit, done):
                break
            units.append((unit, at))
            done += len(unit)
        if done == size and len(shown) == size:
            done = run = 0
            begin = start
            for unit, end in units:
                if len(unit) != end - begin:  # not written as it is shown
                    self._literal(shown[run:done])
                    self._whole(shown[done : done + len(unit)], end)
                    run = done + len(unit)
                done, begin = done + len(unit), end
            self._literal(shown[run:])
        elif done == size:
            self._whole(shown, at)
        else:  # an address that is shown decoded: it ends at white space or a bracket
            found = _ADDRESS_END.search(self.source, start)
            self._whole(shown, found.start() if found else len(self.source))

    def _unit(self, at: int) -> tuple[str, int]:
        """What stands at this place, as text, and where it ends."""
        found = _ESCAPE.match(self.source, at) or _ENTITY.match(self.source, at)
        if found is not None and (text := unescapeAll(found.group())) != found.group():
            return text, found.end()
        if found is not None and found.group().startswith("&#"):  # no character has this number
            return "\N{REPLACEMENT CHARACTER}", found.end()
        return self.source[at], at + 1

    def _code(self, token: Token, shown: str) -> None:
        self._find(token.markup)
        begin = self.at
        start = begin + len(token.markup)
        closing = re.compile(f"(?<!`){token.markup}(?!`)").search(self.source, start)
        end, outer = (closing.start(), closing.end()) if closing else (len(self.source),) * 2
        start = min(start, end)
        spare = max(0, end - start - len(shown)) // 2  # one space on each side may go
        inner = (start + spare, end - spare)
        self.at = inner[0]
        self._whole(shown, inner[1])
        self.at = outer
        self._mark((begin, outer), inner)

    def _open(self, markup: str) -> None:
        if markup:
            self._find(markup)
        self.opened.append((self.at, self.at + len(markup)))
        self.at += len(markup)

    def _close(self, end: int) -> None:
        begin, start = self.opened.pop() if self.opened else (self.at, self.at)
        end = min(end, len(self.source))
        self._mark((begin, end), (start, self.at))
        self.at = end

    def _mark(self, outer: Bounds, inner: Bounds) -> None:
        size = len(self.source)  # a mark that was looked for in vain would end past the source
        outer = min(outer[0], size), min(outer[1], size)
        inner = min(inner[0], size), min(inner[1], size)
        if outer != inner:
            hidden = ((outer[0], inner[0]), (inner[1], outer[1]))
            self.aligned.marks.append(Mark(outer, inner, hidden))

    def _other(self, token: Token, shown: str) -> None:
        """A token of another kind, as extensions of the parser bring them: indivisible."""
        whole = token.markup + token.content
        found = self.source.find(whole[:_LEAD], self.at) if whole else -1
        self.at = max(self.at, found)
        end = self.at + len(whole)
        closing = CLOSING.get(token.markup, token.markup)
        if closing and self.source.startswith(closing, end):
            end += len(closing)
        self._whole(shown, min(end, len(self.source)))

    def _find(self, text: str) -> None:
        """Go to where this surely stands: further on only after something that is not known."""
        found = self.source.find(text, self.at)
        self.at = self.at if found < 0 else found

    def _literal(self, shown: str) -> None:
        if shown:
            self._whole(shown, self.at + len(shown))

    def _whole(self, shown: str, end: int) -> None:
        self.aligned.texts.append((shown, self.at, max(self.at, end)))
        self.at = max(self.at, end)

    def _label_end(self, at: int) -> int:
        """The bracket that closes the one at this place."""
        depth = 0
        while at < len(self.source):
            if self.source[at] == "\\":
                at += 1
            elif self.source[at] == "[":
                depth += 1
            elif self.source[at] == "]":
                depth -= 1
                if depth == 0:
                    return at
            at += 1
        return len(self.source) - 1

    def _link_end(self, at: int) -> int:
        """The end of a link whose text's closing bracket is at this place."""
        source, size = self.source, len(self.source)
        after = source[at + 1 : at + 2]
        if after == "(":
            place = self._skip(at + 2)
            target = parseLinkDestination(source, place, size)
            if target.ok:
                place = self._skip(target.pos)
                title = parseLinkTitle(source, place, size)
                if title.ok:
                    place = self._skip(title.pos)
            if source[place : place + 1] == ")":
                return place + 1
        elif after == "[":
            return self._label_end(at + 1) + 1
        return at + 1

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self.source, at)
        return found.end() if found else at
