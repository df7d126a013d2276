"""From stored messages to what the transcript shows."""

from functools import partial

from textual.content import Content

from tui.domain.conversation import Message, MessageState, Role
from tui.domain.model import Model
from tui.domain.receipt import receipt_parts
from tui.domain.sanitize import single_line, visible
from tui.ui.transcript.document import Entry, Tone
from tui.ui.transcript.document import Role as EntryRole

_GAP = " · "
_TONES: dict[MessageState, Tone] = {
    MessageState.FAILED: "error",
    MessageState.INTERRUPTED: "warning",
    MessageState.FILTERED: "warning",
    MessageState.CUT: "warning",
    MessageState.STOPPED: "warning",
}


def tone_of(message: Message) -> Tone:
    """How the note of an answer is coloured."""
    return _TONES.get(message.state, "normal")


def note_of(message: Message, model: Model | None) -> Content:
    """The quiet line under an answer, with the words of a failure below it."""
    receipt = single_line(_GAP.join(receipt_parts(message, model)))
    what, _, next_step = visible(message.failure_text).partition("\n")
    return Content("\n").join(
        Content.styled(line, style)
        for line, style in (
            (f"✗ {what}" if what else "", "$text-error"),
            (f"→ {next_step}" if next_step else "", "$text"),
            (receipt, ""),
        )
        if line
    )


def entry_for(message: Message, model: Model | None) -> Entry:
    """A message as the transcript shows it."""
    if message.role is Role.USER:
        return Entry(message.id, EntryRole.USER, message.text)
    streaming = message.state is MessageState.STREAMING
    return Entry(
        message.id,
        EntryRole.ASSISTANT,
        message.text,
        message.reasoning,
        note="" if streaming else partial(note_of, message, model),
        tone=tone_of(message),
        open=streaming,
    )
