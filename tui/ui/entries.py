"""From stored messages to what the transcript shows."""

from collections.abc import Callable, Sequence

from textual.content import Content

from tui.domain.conversation import Message, MessageState, Role
from tui.domain.model import Model
from tui.domain.receipt import receipt_parts
from tui.domain.sanitize import single_line, visible
from tui.domain.stand_in import stand_in_words
from tui.ui.transcript.document import Entry, Outline, Tone, shape_of
from tui.ui.transcript.document import Role as EntryRole

Remarks = Callable[[str], str]
"""What else to say under the answer of that id; empty for nothing."""

_GAP = " · "
_TONES: dict[MessageState, Tone] = {
    MessageState.FAILED: "error",
    MessageState.INTERRUPTED: "warning",
    MessageState.FILTERED: "warning",
    MessageState.CUT: "warning",
    MessageState.STOPPED: "warning",
}


def _no_remark(_message_id: str) -> str:
    return ""


def tone_of(message: Message) -> Tone:
    """How the note of an answer is coloured."""
    return _TONES.get(message.state, "normal")


def note_of(message: Message, model: Model | None, remark: str = "") -> Content:
    """The quiet line under an answer, below the words of a failure and of who stood in.

    ``remark`` is what else there is to say, such as why the cache was missed.
    """
    receipt = single_line(_GAP.join([*receipt_parts(message, model), *filter(None, [remark])]))
    what, _, next_step = visible(message.failure_text).partition("\n")
    return Content("\n").join(
        Content.styled(line, style)
        for line, style in (
            (f"✗ {what}" if what else "", "$text-error"),
            (f"→ {next_step}" if next_step else "", "$text"),
            (single_line(stand_in_words(message.generation, model)), ""),
            (receipt, ""),
        )
        if line
    )


def entry_for(message: Message, model: Model | None, remark_of: Remarks = _no_remark) -> Entry:
    """A message as the transcript shows it; ``remark_of`` is asked once it comes near the view."""
    if message.role is Role.USER:
        return Entry(message.id, EntryRole.USER, message.text)
    streaming = message.state is MessageState.STREAMING
    return Entry(
        message.id,
        EntryRole.ASSISTANT,
        message.text,
        message.reasoning,
        note="" if streaming else lambda: note_of(message, model, remark_of(message.id)),
        tone=tone_of(message),
        open=streaming,
        images=tuple(message.images),
    )


def outline_of(
    messages: Sequence[Message], model: Model | None, remark_of: Remarks = _no_remark
) -> Outline:
    """A whole conversation for the transcript, which makes the entries that it comes to show."""
    return Outline(
        [message.id for message in messages],
        [shape_of(message.text) for message in messages],
        lambda index: entry_for(messages[index], model, remark_of),
    )
