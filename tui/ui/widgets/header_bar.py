"""The header: which model answers, and what is switched on."""

from dataclasses import dataclass

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.ui.segments import Segment, fit

_NAME = "⌁ Workbench"


@dataclass(frozen=True, slots=True)
class HeaderFacts:
    """What the header says, each already in words that are safe to show."""

    model: str = ""
    provider: str = ""
    caching: str = ""
    compression: str = ""
    key: str = ""
    warning: str = ""
    is_demo: bool = False


class HeaderBar(Widget):
    """One line at the top of the chat."""

    DEFAULT_CSS = """
    HeaderBar { height: 1; padding: 0 1; background: $surface; color: $text-muted; }
    """

    facts: reactive[HeaderFacts] = reactive(HeaderFacts())

    def render(self) -> Content:
        """The facts that fit; the model and a warning stay longest."""
        facts = self.facts
        segments = [Segment(Content.styled(_NAME, "bold $text-accent"), 3)]
        if facts.is_demo:
            words = " DEMO · simulated, nothing is billed "
            segments.append(Segment(Content.styled(words, "bold $text-warning"), 1))
        segments.append(Segment(Content.styled(facts.model, "bold $text"), 0))
        if facts.warning:
            segments.append(Segment(Content.styled(f"! {facts.warning}", "$text-warning"), 2))
        segments.extend(
            Segment(Content.assemble(f"{name} ", (value, "$text")), rank)
            for name, value, rank in (
                ("via", facts.provider, 7),
                ("cache", facts.caching, 4),
                ("compress", facts.compression, 5),
                ("key", facts.key, 6),
            )
            if value
        )
        return fit(segments, self.content_size.width)
