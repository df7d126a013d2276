"""The system prompt of a conversation, to be read and changed (Alt+P)."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static, TextArea

from tui.domain.figures import tokens
from tui.domain.tokens import estimate_tokens
from tui.ui.external_editor import edited_outside
from tui.ui.guard import guarded
from tui.ui.screens.confirm import Confirm
from tui.ui.widgets.catalogue.key_line import KeyLine
from tui.ui.widgets.folding_area import FoldingArea
from tui.ui.widgets.real_cursor import keep_cursor_in

_PLACEHOLDER = "What the model is told before everything that is said …"


class SystemPromptScreen(Screen[str | None]):
    """Dismisses with the new text, or with None if nothing changes.

    ``warning`` is what a change would do, empty if nothing; ``busy`` keeps the editor from opening.
    """

    CSS_PATH = "system_prompt.tcss"
    AUTO_FOCUS = "FoldingArea"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", id="system.save", tooltip="Use it from now on"),
        Binding(
            "ctrl+e",
            "editor",
            "Editor",
            id="system.editor",
            tooltip="Write it in your own editor",
            priority=True,
        ),
        Binding("f1", "app.help", "Help", id="system.help", tooltip="Every key on one page"),
        Binding(
            "escape,alt+p",
            "close",
            "Close",
            id="system.close",
            tooltip="Back to the chat; what was changed is asked about",
        ),
    ]

    def __init__(
        self, text: str, environ: Mapping[str, str], warning: str = "", *, busy: bool = False
    ) -> None:
        super().__init__()
        self._before = text
        self._environ = environ
        self._warning = warning
        self._busy = busy
        self._asking = False

    def compose(self) -> ComposeResult:
        """Lay out the size, the text and what a change does."""
        yield Static("", id="size", classes="line", markup=False)
        yield FoldingArea(placeholder=_PLACEHOLDER)
        yield Static(self._warning, id="warning", classes="line", markup=False)
        yield KeyLine()

    @property
    def area(self) -> FoldingArea:
        """Where it is written."""
        return self.query_one(FoldingArea)

    def on_mount(self) -> None:
        """Begin with the system prompt of now."""
        self.query_one("#warning").display = bool(self._warning)
        self.area.put(self._before)
        self.area.move_cursor((0, 0))
        keep_cursor_in(self.area)
        self._show_size()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Count anew."""
        event.stop()
        self._show_size()

    def _show_size(self) -> None:
        text = self.area.unfolded
        size = f"≈ {tokens(estimate_tokens(text))} tokens with every request" if text else "none"
        changed = Content.styled(" · changed", "$text-warning") if self._is_changed else ""
        title = Content.assemble(("System prompt", "bold"), f" · {size}", changed)
        self.query_one("#size", Static).update(title)

    @property
    def _is_changed(self) -> bool:
        return self.area.unfolded.strip() != self._before.strip()

    def action_save(self) -> None:
        """Hand the text back."""
        self.dismiss(self.area.unfolded.strip() if self._is_changed else None)

    def action_editor(self) -> None:
        """Write it in the user's own editor."""
        text = edited_outside(self, self.area.unfolded, self._environ, busy=self._busy)
        if text is not None:
            self.area.put(text)
        self.area.focus()

    @guarded("close")
    async def action_close(self) -> None:
        """Go back; what was changed is asked about first."""
        if await self.may_leave():
            self.dismiss(None)

    async def may_leave(self) -> bool:
        """Whether there is nothing to lose, or the user agrees to lose it."""
        if not self._is_changed:
            return True
        if self._asking:
            return False
        self._asking = True
        try:
            question = "Leave the system prompt as it was?"
            detail = "What you changed would be lost. Ctrl+S saves it."
            return await self.app.push_screen_wait(
                Confirm(question, detail, "Leave it", "Stay", asked_by="escape")
            )
        finally:
            self._asking = False
