"""All about the next send (F5): cost, context, cache and what was spent, before it is sent."""

from typing import ClassVar, Literal

from textual.binding import Binding, BindingType
from textual.content import Content

from tui.ui.controllers.money_desk import now_utc
from tui.ui.controllers.preview import NextSend
from tui.ui.screens.sheet import Sheet
from tui.ui.widgets.money.next_send_text import Standing, next_send_text

Leads = Literal["request", "spend"]


class NextSendScreen(Sheet[Leads]):
    """Dismisses with what the user wants to see next, or with None."""

    NAME = "Next send"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "close", "Close", id="next.close", tooltip="Back to the chat", show=False),
        Binding("i", "lead('request')", "Request", id="next.request", tooltip="The request itself"),
        Binding("f4", "lead('spend')", "Spend", id="next.spend", tooltip="What was spent"),
    ]

    def __init__(self, plan: NextSend | None, standing: Standing) -> None:
        super().__init__()
        self._plan = plan
        self._standing = standing

    def text(self, width: int) -> Content:
        """Everything there is to say."""
        return next_send_text(self._plan, self._standing, now_utc(), width)

    def action_lead(self, to: Leads) -> None:
        """Go on to another screen."""
        self.dismiss(to)
