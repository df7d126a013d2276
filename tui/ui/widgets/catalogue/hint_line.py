"""The line below the filter: what Tab would complete, what is wrong, what the letters mean."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widget import Widget

from tui.domain.catalogue_complete import Completion
from tui.domain.catalogue_filter import Problem
from tui.domain.catalogue_row import CAPABILITIES
from tui.domain.sanitize import single_line
from tui.ui.segments import Segment, fit

_MOST_COMPLETIONS = 8
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Hint:
    """What the line can say; what stands first here goes first, ``at_rest`` is said otherwise."""

    saved_name: str = ""
    completions: tuple[Completion, ...] = ()
    problems: tuple[Problem, ...] = ()
    notice: str = ""
    at_rest: Sequence[Segment] = ()


class HintLine(Widget):
    """One line of help that follows what is typed; ``hint`` is asked whenever it is drawn."""

    DEFAULT_CSS = """
    HintLine { height: 1; padding: 0 1; color: $quiet; background: $surface; }
    """

    def __init__(self, hint: Callable[[], Hint]) -> None:
        super().__init__()
        self._hint = hint

    def render(self) -> Content:
        """The words that fit."""
        hint = self._hint()
        segments: list[Segment] = []
        if hint.saved_name:
            words = f"saved as “{single_line(hint.saved_name, _LONGEST)}”"
            segments.append(Segment(Content.styled(words, "$text-accent"), 0))
        if hint.problems:
            words = single_line(hint.problems[0].hint, 200)
            segments.append(Segment(Content.styled(f"! {words}", "$text-warning"), 0))
        segments += _completion_segments(hint.completions)
        if hint.notice:
            segments.append(Segment(Content.styled(hint.notice, "$text-warning"), 0))
        return fit(segments or hint.at_rest, self.content_size.width, 2)


def _completion_segments(completions: tuple[Completion, ...]) -> list[Segment]:
    if not completions:
        return []
    first = completions[0]
    meaning = f" {first.meaning}" if first.meaning else ""
    count = f" ({first.count:,})" if first.count is not None else ""
    words = Content.assemble(
        "Tab ", (single_line(first.text, _LONGEST), "$text-accent"), f"{count}{meaning}"
    )
    others = [
        Segment(Content(single_line(one.text, _LONGEST)), 2 + place)
        for place, one in enumerate(completions[1:_MOST_COMPLETIONS])
    ]
    return [Segment(words, 1), *others]


def legend() -> Sequence[Segment]:
    """What the letters of the column of abilities stand for."""
    return [
        Segment(Content.assemble((one.glyph, "$text-accent"), f" {one.word}"), rank)
        for rank, one in enumerate(CAPABILITIES)
    ]


def key_words(*keys: tuple[str, str]) -> Sequence[Segment]:
    """Keys and what they do."""
    return [
        Segment(Content.assemble((key, "$text-accent"), f" {words}"), rank)
        for rank, (key, words) in enumerate(keys)
    ]
