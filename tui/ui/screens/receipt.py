"""The receipt of an answer: what it cost, line by line, and whether that adds up."""

from collections.abc import Awaitable, Callable
from typing import ClassVar, Literal

from textual.binding import Binding, BindingType
from textual.content import Content

from tui.domain.caching_trace import CacheState
from tui.domain.conversation import Message
from tui.domain.errors import WorkbenchError
from tui.domain.model import Model
from tui.domain.receipt_sheet import ReceiptSheet, receipt_sheet
from tui.domain.sanitize import single_line
from tui.ui.guard import run_guarded
from tui.ui.presence import is_there
from tui.ui.screens.sheet import Sheet
from tui.ui.widgets.money.receipt_text import receipt_text

Leads = Literal["request", "next_send"]
Settle = Callable[[Message], Awaitable[Message | None]]
"""Asks the server what an answer was billed; None if it does not say."""

_ASKING = "Asking the server; its record of an answer appears with a delay …"
_LONGEST_FAILURE = 200
_NO_RECORD = "The server has no record of it, or not yet."
_SETTLED = "The server has said what was billed."


class ReceiptScreen(Sheet[Leads]):
    """Dismisses with what the user wants to see next, or with None."""

    NAME = "Receipt"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter,p", "close", "Close", id="receipt.close", tooltip="Back to the chat", show=False
        ),
        Binding(
            "s", "settle", "Settle", id="receipt.settle", tooltip="Ask the server for the bill"
        ),
        Binding("i", "request", "Request", id="receipt.request", tooltip="The request behind it"),
        Binding(
            "f5",
            "next_send",
            "Next send",
            id="receipt.next_send",
            tooltip="What the next send costs and holds",
        ),
    ]

    def __init__(
        self,
        message: Message,
        sheet: ReceiptSheet,
        model: Model | None,
        cache: CacheState | None,
        settle: Settle,
    ) -> None:
        super().__init__()
        self.receipt = sheet
        self._message = message
        self._model = model
        self._cache = cache
        self._settle = settle
        self._remark = ""

    def text(self, width: int) -> Content:
        """The receipt in words."""
        return receipt_text(self.receipt, width, self._cache, self._remark)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what ended without its bill can be settled."""
        return action != "settle" or (self.receipt.can_be_settled and self._remark != _ASKING)

    def action_settle(self) -> None:
        """Ask the server what was billed."""
        self._say(_ASKING)
        run_guarded(self.app, self._ask(), "settle")

    async def _ask(self) -> None:
        try:
            with_bill = await self._settle(self._message)
        except WorkbenchError as error:
            self._say(single_line(error.failure.what, _LONGEST_FAILURE))
            return
        if with_bill is None:
            self._say(_NO_RECORD)
        else:
            self._take(with_bill)
            self._say(_SETTLED)

    def answer_changed(self, message: Message) -> None:
        """Show what has become known meanwhile: the answer has ended, or the server was asked."""
        if message.id == self._message.id:
            had_no_bill = self.receipt.can_be_settled
            self._take(message)
            has_one_now = had_no_bill and not self.receipt.can_be_settled
            self._say(_SETTLED if has_one_now else self._remark)

    def _take(self, message: Message) -> None:
        self._message = message
        self.receipt = receipt_sheet(message, self._model) or self.receipt

    def _say(self, words: str) -> None:
        self._remark = words
        if is_there(self):
            self.write()
            self.refresh_bindings()

    def action_request(self) -> None:
        """Go on to the request."""
        self.dismiss("request")

    def action_next_send(self) -> None:
        """Go on to the next send, as from the chat."""
        self.dismiss("next_send")
