"""The part of the chat screen that shows money: the next send, receipts, and what was spent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tui.domain.conversation import Message, MessageState, Role
from tui.domain.receipt_sheet import receipt_sheet
from tui.ui.controllers.inspecting import Inspected, of_answer, of_next_send
from tui.ui.controllers.money_desk import now_utc
from tui.ui.controllers.settle import settled
from tui.ui.screens.chat_gate import ChatGate
from tui.ui.widgets.chat_transcript import ReceiptWanted, RequestWanted

if TYPE_CHECKING:
    from tui.ui.money_presenter import MoneyPresenter
    from tui.ui.screens.next_send import Leads


class ChatMoney(ChatGate):
    """Opens the sheets behind the figures, and keeps the figures up to date."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "app.spend", "Spend", id="chat.spend", tooltip="What was spent, on what"),
        Binding(
            "f5",
            "next_send",
            "Next send",
            id="chat.next_send",
            tooltip="What the next send costs and holds",
            show=False,
        ),
        Binding(
            "alt+w",
            "request",
            "Request",
            id="chat.request",
            tooltip="The next request as it goes over the wire",
            show=False,
        ),
        Binding(
            "alt+r",
            "receipt",
            "Receipt",
            id="chat.receipt",
            tooltip="What the last answer cost, line by line",
            show=False,
        ),
    ]

    money: MoneyPresenter

    def on_draft_changed(self) -> None:
        """Another text costs something else."""
        self.money.typed()

    def on_screen_resume(self) -> None:
        """The countdown stood still while the screen was covered."""
        self.money.changed()

    def on_next_send_wanted(self) -> None:
        """Tell all about the next send."""
        self.action_next_send()

    def on_bar_clicked(self) -> None:
        """Tell what is behind the figures."""
        self.action_next_send()

    def action_next_send(self) -> None:
        """Show what the next send costs and holds, and where the user stands."""
        from tui.ui.screens.next_send import NextSendScreen

        screen = NextSendScreen(self.money.plan, self.money.standing())
        self.app.push_screen(screen, self._led)

    async def _led(self, to: Leads | None) -> None:
        if to == "spend":
            await self.run_action("app.spend")
        elif to == "request":
            self.action_request()

    def action_request(self) -> None:
        """Show the next request as it goes over the wire."""
        plan = self.money.plan
        if plan is None:
            self.notify("Nothing is typed, so there is no request to show.", markup=False)
        else:
            self._inspect(of_next_send(plan.request, plan.path))

    def on_request_wanted(self, message: RequestWanted) -> None:
        """Show the request behind a message; a prompt stands for its answer."""
        self._show_request(self._answer(message.message_id))

    def _show_request(self, answer: Message | None) -> None:
        conversation = self.chat.conversation
        if answer is None or conversation is None:
            self.action_request()
            return
        request = self.money.desk.request(conversation, self.chat.model_id)
        if request is None:
            self.notify("No provider is set up, so there is no request.", markup=False)
            return
        reply = self.chat.session.runtime.exchanges.find(answer.id)
        self._inspect(of_answer(request, conversation, answer, reply))

    def _inspect(self, inspected: Inspected) -> None:
        from tui.ui.screens.inspector import InspectorScreen

        self.app.push_screen(InspectorScreen(inspected))

    def action_receipt(self) -> None:
        """Show what the last answer cost, wherever the reader points; so far, while it streams."""
        path = self.chat.conversation.path() if self.chat.conversation is not None else []
        last = next((one for one in reversed(path) if one.generation), None)
        running = self.chat.running
        answer = running.answer if running is not None else None
        if last is not None and answer is not None and last.state is MessageState.STREAMING:
            last = replace(last, generation=answer.generation(now_utc()))
        self._show_receipt(last)

    def on_receipt_wanted(self, message: ReceiptWanted) -> None:
        """Show what an answer cost; a prompt stands for its answer."""
        self._show_receipt(self._answer(message.message_id))

    def _answer(self, message_id: str) -> Message | None:
        """The answer of that id, or the one on screen to the prompt of that id."""
        path = self.chat.conversation.path() if self.chat.conversation is not None else []
        for one in path:
            asked = one.id == message_id or one.parent_id == message_id
            if asked and one.role is Role.ASSISTANT:
                return one
        return None

    def _show_receipt(self, answer: Message | None) -> None:
        from tui.ui.screens.receipt import ReceiptScreen

        model = None
        if answer is not None and answer.generation is not None:
            model = self.chat.session.model(answer.generation.model_asked)
        sheet = receipt_sheet(answer, model) if answer is not None else None
        if answer is None or sheet is None:
            self.notify("There is no answer here that could have cost anything.", markup=False)
            return
        cache = self.money.cache_state(answer.id)

        def led(to: str | None) -> None:
            if to == "request":
                self._show_request(answer)
            elif to == "next_send":
                self.action_next_send()

        self.app.push_screen(ReceiptScreen(answer, sheet, model, cache, self._settle), led)

    async def _settle(self, answer: Message) -> Message | None:
        """Ask the server for the bill of an answer; raises WorkbenchError without a provider."""
        conversation = self.chat.conversation
        async with self.chat.session.borrowed() as service:
            with_bill = await settled(answer, service)
        if with_bill is not None and conversation is not None:
            await self.chat.settled(conversation, with_bill)
        return with_bill
