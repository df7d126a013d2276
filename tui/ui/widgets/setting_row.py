"""One setting: its name, its control, what it does and what it does right now."""

from textual.app import ComposeResult
from textual.containers import HorizontalGroup, VerticalGroup
from textual.widget import Widget
from textual.widgets import Static

from tui.ui.controllers.settings_effects import Effect, Tone

_SIGNS = {Tone.PLAIN: "→", Tone.GOOD: "✓", Tone.WARNING: "!", Tone.ERROR: "✗"}


class EffectLine(Static):
    """A line below a control; it takes no room while it is empty."""

    DEFAULT_CSS = """
    EffectLine {
        height: auto;
        display: none;
        &.-shown { display: block; }
        &.-good { color: $text-success; }
        &.-warning { color: $text-warning; }
        &.-error { color: $text-error; }
    }
    """

    def __init__(self, *, classes: str = "") -> None:
        super().__init__(classes=classes, markup=False)
        self._shown: Effect | None = None

    @property
    def words(self) -> str:
        """What is shown, without the sign."""
        return self._shown.words if self._shown is not None else ""

    def show(self, effect: Effect | None) -> None:
        """Show a line, or nothing."""
        if effect == self._shown:
            return
        self._shown = effect
        self.set_class(effect is not None, "-shown")
        for tone in Tone:
            self.set_class(effect is not None and effect.tone is tone, f"-{tone}")
        self.update("" if effect is None else f"{_SIGNS[effect.tone]} {effect.words}")


class SettingRow(HorizontalGroup):
    """The field ``row-<field>`` of the settings screen; a bar marks the one that has the focus."""

    DEFAULT_CSS = """
    SettingRow {
        padding: 0 1;
        margin-bottom: 1;
        border-left: outer $background;

        &:focus-within {
            border-left: outer $accent;
            & > .title { color: $foreground; text-style: bold; }
        }
        & > .title { width: 20; height: auto; padding-right: 2; color: $text-muted; }
        & > .body {
            width: 1fr;
            & > .help { color: $text-muted; height: auto; }
        }
    }
    """

    def __init__(self, field: str, title: str, description: str, control: Widget) -> None:
        super().__init__(id=f"row-{field}")
        self.field = field
        self._title = title
        self._description = description
        self.control = control

    def compose(self) -> ComposeResult:
        """Lay out the name at the left and everything else beside it."""
        yield Static(self._title, classes="title", markup=False).set_class(
            not self._title, "-empty"
        )
        with VerticalGroup(classes="body"):
            yield self.control
            yield EffectLine(classes="problem")
            yield Static(self._description, classes="help", markup=False)
            yield EffectLine(classes="effect")

    def show_effect(self, effect: Effect | None) -> None:
        """Say what the setting does right now."""
        self.query_one("EffectLine.effect", EffectLine).show(effect)

    def show_problem(self, words: str | None) -> None:
        """Say what is wrong with the value, or that nothing is."""
        problem = None if words is None else Effect(words, Tone.ERROR)
        self.query_one("EffectLine.problem", EffectLine).show(problem)
