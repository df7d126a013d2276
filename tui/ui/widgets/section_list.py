"""The sections of the settings screen, down the left."""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import OptionList


class SectionList(OptionList):
    """Moving the highlight shows a section; Tab, Enter and → go into it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "tab,right,enter",
            "enter_section",
            "Open",
            id="settings.section",
            tooltip="Go to the first field of the section",
        ),
    ]

    @dataclass
    class Entered(Message):
        """The user went into a section."""

        index: int

    def action_enter_section(self) -> None:
        """Go into the highlighted section."""
        self.post_message(self.Entered(self.highlighted or 0))
