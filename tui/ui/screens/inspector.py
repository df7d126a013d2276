"""The request as it goes over the wire, and what came back (Alt+W, or I on a message)."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tui.domain.sanitize import single_line, visible
from tui.ui.controllers.inspecting import Inspected, reply_rows
from tui.ui.screens.sheet import Sheet
from tui.ui.widgets.catalogue.key_line import KeyLine
from tui.ui.widgets.json_view import JsonView
from tui.ui.widgets.reply_list import ReplyList
from tui.ui.widgets.row_list import RowList

_LONGEST = 400


class ChunkSheet(Sheet[None]):
    """One piece of a reply, as it came."""

    NAME = "As it came over the wire"

    def __init__(self, chunk: str) -> None:
        super().__init__()
        self._chunk = chunk

    def text(self, width: int) -> Content:
        """The whole piece."""
        return Content(visible(self._chunk))


class InspectorScreen(Screen[None]):
    """Shows a request with the key masked; what each setting added is said beside it.

    In a wide window the reply stands beside the request, else Tab changes between them.
    """

    CSS_PATH = "inspector.tcss"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual declares no ClassVar
        (0, "-narrow"),
        (150, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - Textual declares no ClassVar
        (0, "-low"),
        (32, "-high"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "app.help", "Help", id="request.help", tooltip="Every key on one page"),
        Binding("escape,q", "close", "Close", id="request.close", tooltip="Back to the chat"),
        Binding(
            "tab",
            "other",
            "Request or reply",
            id="request.other",
            tooltip="From the request to what came back, or back",
            priority=True,
        ),
        Binding("c", "copy('curl')", "Copy as curl", id="request.curl", tooltip="Copy as curl"),
        Binding(
            "p",
            "copy('python')",
            "Copy as Python",
            id="request.python",
            tooltip="Copy as Python with httpx",
        ),
        Binding("y", "copy('json')", "Copy JSON", id="request.json", tooltip="Copy the body"),
    ]

    def __init__(self, inspected: Inspected) -> None:
        super().__init__()
        self._inspected = inspected

    def compose(self) -> ComposeResult:
        """Lay out the headers, the body and the reply."""
        yield Static(self._head(), id="head")
        with Horizontal(id="panes"):
            yield JsonView(id="request")
            yield ReplyList(id="reply")
        yield KeyLine()

    def on_mount(self) -> None:
        """Start with the request."""
        inspected = self._inspected
        self.query_one(JsonView).show(inspected.request.body, inspected.notes)
        reply = inspected.reply
        self.query_one(ReplyList).show(list(reply_rows(reply)) if reply is not None else ())
        self.query_one(JsonView).focus()

    def _head(self) -> Content:
        """The method, the URL, the headers, and what there is to say."""
        request = self._inspected.request
        first = Content.assemble(
            (self._inspected.title, "bold $text-accent"),
            "   ",
            (request.method, "bold"),
            f" {single_line(request.url, _LONGEST)}",
        )
        headers = [
            Content.assemble((f"{name}: ", "$quiet"), single_line(value, _LONGEST))
            for name, value in request.headers.items()
        ]
        remarks = [
            Content.styled(single_line(one, _LONGEST), "$text-warning")
            for one in self._inspected.remarks
        ]
        return Content("\n").join([first, *headers, *remarks])

    def action_other(self) -> None:
        """Go to the reply, or back to the request."""
        to_reply = self.focused is not self.query_one(ReplyList)
        self.set_class(to_reply, "-reply")
        self.query_one("#reply" if to_reply else "#request").focus()

    @on(RowList.Chosen, "#reply")
    def _chunk_chosen(self, event: RowList.Chosen) -> None:
        """Show the whole of what came at once."""
        event.stop()
        self.app.push_screen(ChunkSheet(self.query_one(ReplyList).row(event.index).text))

    def action_copy(self, form: str) -> None:
        """Copy the request in a form that sends it again, without the key."""
        request = self._inspected.request
        texts = {"curl": request.as_curl, "python": request.as_python}
        self.app.copy_to_clipboard(texts[form]() if form in texts else request.body_json)

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)
