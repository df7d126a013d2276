"""A box to check."""

from textual.content import Content
from textual.widgets import Checkbox


class Tick(Checkbox):
    """A Checkbox whose state is a glyph, not only a colour: ``[✓]`` or ``[ ]``."""

    DEFAULT_CSS = """
    Tick {
        padding: 0;
        background: transparent;
        &:focus { background: transparent; }
        & > .toggle--button { color: $foreground; background: transparent; }
        &.-on > .toggle--button { color: $text-success; background: transparent; }
    }
    """

    def __init__(self, label: str, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(Content(label), compact=True, id=id)

    def render(self) -> Content:
        """Draw the box in the three cells that the Checkbox keeps for it, then the label."""
        box = "[✓]" if self.value else "[ ]"
        label = self.label.stylize_before(self.get_visual_style("toggle--label"))
        return Content.assemble((box, self.get_visual_style("toggle--button")), " ", label)
