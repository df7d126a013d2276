"""From stored messages to what the transcript shows."""

from collections.abc import Callable, Sequence

from textual.content import Content

from tui.domain.conversation import Conversation, Message, MessageState, Role
from tui.domain.figures import tokens
from tui.domain.model import Model
from tui.domain.receipt import receipt_parts
from tui.domain.sanitize import single_line, visible
from tui.domain.stand_in import stand_in_words
from tui.domain.structured import asked_format, check_answer
from tui.domain.tokens import estimate_tokens
from tui.ui.transcript.document import Entry, Outline, Tone, shape_of
from tui.ui.transcript.document import Role as EntryRole

Remarks = Callable[[str], str]
"""What else to say under the answer of that id; empty for nothing."""
ModelOf = Callable[[str], Model | None]
"""The catalogue's row of a model that was asked; None if it is not listed."""

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
            *_format_lines(message),
            (receipt, ""),
        )
        if line
    )


def _format_lines(message: Message) -> list[tuple[str, str]]:
    """Whether an answer is the JSON that was asked for, as a line with its style, if it was."""
    if message.generation is None or not message.text:
        return []
    verdict = check_answer(message.text, asked_format(message.generation.request_settings))
    words = visible(str(verdict))
    match verdict.ok:
        case True:
            return [(f"✓ {words}", "$text-success")]
        case False:
            return [(f"✗ {words}", "$text-error")]
        case None:
            return [(words, "")]


def entry_for(message: Message, model: Model | None, remark_of: Remarks = _no_remark) -> Entry:
    """A message as the transcript shows it; ``remark_of`` is asked once it comes near the view."""
    if message.role is Role.USER:
        files = "\n".join(f"▣ {one.words}" for one in message.attachments)
        return Entry(message.id, EntryRole.USER, message.text, note=files)
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


def system_entry(conversation: Conversation) -> Entry | None:
    """The system prompt as it stands folded above the messages; None where there is none."""
    text = conversation.system_prompt
    if not text.strip():
        return None
    size = f"≈ {tokens(estimate_tokens(text))} tokens"
    return Entry(
        conversation.system_id,
        EntryRole.SYSTEM,
        reasoning=text,
        heading=f"System prompt · {size}",
        folded=True,
    )


def headed(outline: Outline, head: Entry | None) -> Outline:
    """The outline below one more entry, if there is one."""
    if head is None:
        return outline
    return Outline(
        [head.id, *outline.ids],
        [shape_of(head.heading), *outline.shapes],
        lambda index: outline.make(index - 1) if index else head,
    )


def outline_of(
    messages: Sequence[Message], model_of: ModelOf, remark_of: Remarks = _no_remark
) -> Outline:
    """A whole conversation for the transcript, which makes the entries that it comes to show.

    Each answer is shown by the row of the model that it was asked of: the conversation may have
    gone on to another one since.
    """

    def make(index: int) -> Entry:
        message = messages[index]
        generation = message.generation
        model = model_of(generation.model_asked) if generation is not None else None
        return entry_for(message, model, remark_of)

    return Outline(
        [message.id for message in messages],
        [shape_of(message.text) for message in messages],
        make,
    )
