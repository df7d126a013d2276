"""The endpoints of a model; single keys say who may serve it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.domain.model import Endpoint
from tui.domain.provider_choice import ProviderChoice
from tui.ui.widgets.catalogue.endpoint_text import endpoint_text


class EndpointList(OptionList):
    """Each endpoint in a few lines."""

    DEFAULT_CSS = """
    EndpointList {
        height: auto;
        border: none;
        padding: 0;
        background: $surface;
        scrollbar-size-vertical: 1;
        &:focus { border: none; }
        & > .option-list--option { padding: 0 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "o",
            "want('only')",
            "Only",
            id="models.only",
            tooltip="Only this provider, or any again",
        ),
        Binding(
            "p",
            "want('prefer')",
            "Prefer",
            id="models.prefer",
            tooltip="This provider first, or no preference again",
        ),
        Binding(
            "n",
            "want('never')",
            "Never",
            id="models.never",
            tooltip="Never this provider, or allow it again",
        ),
    ]

    @dataclass
    class ChoiceMade(Message):
        """The user wants something of a provider; ``tag`` is its slug."""

        tag: str
        choice: ProviderChoice

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._endpoints: tuple[Endpoint, ...] = ()

    def show(
        self, endpoints: tuple[Endpoint, ...], routing: Mapping[str, Any], now: datetime
    ) -> None:
        """Show these endpoints; ``routing`` is the ``provider`` object of the model's settings."""
        tags = [endpoint.tag for endpoint in self._endpoints]
        highlighted = self.highlighted
        self._endpoints = endpoints
        self.clear_options()
        self.add_options([Option(endpoint_text(one, routing, now)) for one in endpoints])
        if highlighted is not None and tags == [endpoint.tag for endpoint in endpoints]:
            self.highlighted = highlighted

    def on_focus(self) -> None:
        """Start at the first endpoint."""
        if self.highlighted is None and self._endpoints:
            self.highlighted = 0

    def action_want(self, choice: str) -> None:
        """Ask for something of the endpoint's provider."""
        if self.highlighted is not None and self._endpoints[self.highlighted].tag:
            tag = self._endpoints[self.highlighted].tag
            self.post_message(self.ChoiceMade(tag, ProviderChoice(choice)))
