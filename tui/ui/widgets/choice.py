"""A drop-down list."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Select


class Choice(Select[str], inherit_bindings=False):
    """A Select that opens with Enter only, so that the arrow keys can move between fields.

    ``options`` are pairs of label and value; labels are shown literally. A ``value`` that is none
    of them leaves the field blank, with ``prompt`` in it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter,space",
            "show_overlay",
            "Choose",
            id="settings.choose",
            tooltip="Open the list of choices",
        ),
    ]
    DEFAULT_CSS = """
    Choice {
        & > SelectCurrent { background: $surface-lighten-1; }
        &.-textual-compact > SelectCurrent { padding: 0 1; }
        &:focus > SelectCurrent { background: $accent 30%; }
        & > SelectOverlay { background: $surface-lighten-1; border: none; padding: 0; }
        & > SelectOverlay.-textual-compact > .option-list--option { padding: 0 1; }
    }
    """

    def __init__(
        self,
        options: Iterable[tuple[str, str]],
        value: str,
        *,
        prompt: str,
        id: str,  # noqa: A002 - Textual's own name
    ) -> None:
        pairs = list(options)
        is_known = value in [name for _, name in pairs]
        super().__init__(
            [(Content(label), name) for label, name in pairs],
            value=value if is_known else Select.NULL,
            allow_blank=not is_known,
            prompt=prompt,
            compact=True,
            id=id,
        )
