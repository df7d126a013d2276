"""What is attached to the next message, shown above the prompt."""

from textual.screen import Screen

from tui.domain.settings import ProviderKind
from tui.ui.controllers.chat import Chat
from tui.ui.widgets.attachment_chips import AttachmentChips, chip_of
from tui.ui.widgets.prompt import Prompt


def show_chips(screen: Screen[None], chat: Chat) -> None:
    """Bring the files up to date, for the model and the engine of now."""
    conversation, session = chat.conversation, chat.session
    if conversation is None:
        return
    connection = session.runtime.connection
    kind = connection.kind if connection is not None else ProviderKind.OPENROUTER
    model, engine = session.model(chat.model_id), conversation.settings.pdf_engine
    attached = chat.chips.of(conversation.id)
    chips = [chip_of(one, model, kind, engine) for one in attached]
    screen.query_one(AttachmentChips).show(chips)
    screen.query_one(Prompt).sends_alone = bool(chips)
