"""A line that says what something does, or what came of it."""

from textual.content import Content
from textual.widgets import Static

from tui.ui.controllers.settings_effects import Effect, Tone

_SIGNS = {
    Tone.PLAIN: ("→", "$foreground"),
    Tone.GOOD: ("✓", "$text-success"),
    Tone.WARNING: ("!", "$text-warning"),
    Tone.ERROR: ("✗", "$text-error"),
}


def effect_content(effect: Effect) -> Content:
    """A line with the sign and the colour of its tone."""
    sign, style = _SIGNS[effect.tone]
    return Content.styled(f"{sign} {effect.words}", style)


class EffectLine(Static):
    """A line of its own; it takes no room while it is empty."""

    def __init__(self, effect: Effect | None = None, *, classes: str = "") -> None:
        super().__init__("" if effect is None else effect_content(effect), classes=classes)
        self._shown = effect
        self.display = effect is not None

    @property
    def words(self) -> str:
        """What is shown, without the sign."""
        return self._shown.words if self._shown is not None else ""

    def show(self, effect: Effect | None) -> None:
        """Show a line, or nothing."""
        if effect == self._shown:
            return
        self._shown = effect
        self.display = effect is not None
        self.update("" if effect is None else effect_content(effect))
