"""One setting: its name, its control, what it is and what it does right now."""

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.ui.controllers.settings_effects import Effect, Tone
from tui.ui.widgets.effect_line import effect_content


class SettingRow(Widget):
    """The field ``row-<field>`` of the settings screen; a bar marks the one that has the focus.

    The name is drawn by the row itself: above the control, or beside it where there is room, or
    nowhere if ``title`` is empty. ``heads`` says that it stands for the heading of its section.
    """

    DEFAULT_CSS = """
    SettingRow {
        layout: vertical;
        height: auto;
        max-width: 120;
        padding: 0 1;
        margin-bottom: 1;
        border-left: outer $background;
        color: $text-muted;
        &:focus-within { border-left: outer $accent; color: $foreground; }
        & > .control { color: $foreground; }
        &.-titled > .control { margin-top: 1; }
        & > .notes { color: $text-muted; }
    }
    """

    def __init__(
        self,
        field: str,
        title: str,
        description: str,
        control: Widget,
        effect: Effect | None,
        *,
        heads: bool,
    ) -> None:
        super().__init__(id=f"row-{field}", classes="-titled" if title else "")
        self.field = field
        self.control = control.add_class("control", update=False)
        self._title = title
        self._heads = heads
        self._description = description
        self._effect = effect
        self._problem: Effect | None = None
        self._notes = Static(self._lines(), classes="notes")
        self._laid_out_for = 0

    def compose(self) -> ComposeResult:
        """Lay out the control and the lines about it."""
        yield self.control
        yield self._notes

    def render(self) -> Content:
        """Draw the name."""
        plain = "bold" if self.has_focus_within else ""
        return Content.styled(self._title, "bold $text-accent" if self._heads else plain)

    @property
    def effect_words(self) -> str:
        """What is said of the setting right now; empty if nothing is."""
        return self._effect.words if self._effect is not None else ""

    @property
    def problem_words(self) -> str:
        """What is said to be wrong with the value; empty if nothing is."""
        return self._problem.words if self._problem is not None else ""

    def show(self, effect: Effect | None, problem: str | None) -> None:
        """Say what the setting does right now, and what is wrong with the value if anything is.

        Words that get shorter keep their lines: what is below must not move under the mouse.
        """
        wrong = None if problem is None else Effect(problem, Tone.ERROR)
        if (effect, wrong) != (self._effect, self._problem):
            only_words = wrong == self._problem
            self._notes.styles.min_height = self._notes.size.height if only_words else None
            self._effect, self._problem = effect, wrong
            self._notes.update(self._lines())

    def on_resize(self, event: events.Resize) -> None:
        """Give lines back that were kept for another width."""
        if event.size.width != self._laid_out_for:
            self._laid_out_for = event.size.width
            self._notes.styles.min_height = None

    def _lines(self) -> Content:
        lines = [Content(self._description)]
        if self._problem is not None:
            lines.insert(0, effect_content(self._problem))
        if self._effect is not None:
            lines.append(effect_content(self._effect))
        return Content("\n").join(lines)
