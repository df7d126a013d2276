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
    preset: str = ""
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
        segments = [Segment(Content.styled(_NAME, "bold $text-accent"), 4)]
        if facts.is_demo:
            segments.append(Segment(Content.styled("DEMO", "bold $text-warning"), 0))
            words = Content.styled("simulated, nothing is billed", "$text-warning")
            segments.append(Segment(words, 3))
        segments.append(Segment(Content.styled(facts.model, "bold $text"), 1))
        if facts.warning:
            segments.append(Segment(Content.styled(f"! {facts.warning}", "$text-warning"), 2))
        segments.extend(
            Segment(Content.assemble(f"{name} ", (value, "$text")), rank)
            for name, value, rank in (
                ("preset", facts.preset, 2),
                ("via", facts.provider, 8),
                ("cache", facts.caching, 5),
                ("compress", facts.compression, 6),
                ("key", facts.key, 7),
            )
            if value
        )
        return fit(segments, self.content_size.width)
