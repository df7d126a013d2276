"""Telling the user who looks elsewhere: the bell, or a message of the desktop.

Source: OSC 9 is iTerm2's "growl" sequence; kitty, WezTerm, Ghostty, foot and Windows Terminal take
it too. Terminals that do not know it ignore it.
"""

from collections.abc import Mapping

from tui.domain.conversation import UNTITLED, Conversation, Message, MessageState
from tui.domain.figures import seconds as in_seconds
from tui.domain.sanitize import single_line
from tui.domain.settings import InterfaceSettings
from tui.services.passthrough import passed_through

_BELL = "\x07"
_LONGEST_TITLE = 80
_ENDS = {MessageState.FAILED: "Failed", MessageState.INTERRUPTED: "Interrupted"}


def notice(
    conversation: Conversation,
    message: Message,
    settings: InterfaceSettings,
    environ: Mapping[str, str],
) -> str | None:
    """What the terminal is sent when an answer has ended that nobody was looking at.

    None unless the settings ask for it, and for an answer that was quick or that the user stopped.
    """
    took = message.generation.timing.total if message.generation is not None else None
    if settings.notify == "off" or message.state is MessageState.STOPPED:
        return None
    if took is None or took < settings.notify_after:
        return None
    if settings.notify == "bell":
        return _BELL
    title = single_line(conversation.title, _LONGEST_TITLE) or UNTITLED
    # Words come first: a message that begins with a digit has another meaning for some terminals.
    words = f"{_ENDS.get(message.state, 'Answered')} after {in_seconds(took)}: {title}"
    return passed_through(f"\x1b]9;{words}{_BELL}", environ)
