"""What one turn is about to do: who is asked, with which settings, at which prices."""

from collections.abc import Sequence
from dataclasses import dataclass

from tui.domain.answer import Answer
from tui.domain.catalogue import Catalogue
from tui.domain.connection import Connection, is_loopback
from tui.domain.conversation import Message
from tui.domain.model import Model
from tui.domain.request import Json, TurnSettings, build_body, turn_settings
from tui.domain.settings import ProviderKind, Settings
from tui.domain.tokens import estimate_prompt_tokens


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """A resolved turn; ``model`` is the catalogue's row, if there is one."""

    connection: Connection
    settings: TurnSettings
    model: Model | None

    def body(self, path: Sequence[Message]) -> Json:
        """The JSON body for the active path."""
        return build_body(path, self.settings, self.model)

    def new_answer(self, path: Sequence[Message], started: float) -> Answer:
        """The empty answer to the active path; ``started`` is monotonic, in seconds."""
        connection = self.connection
        return Answer(
            model_asked=self.settings.model,
            provider_name=connection.provider,
            started=started,
            prompt_tokens=estimate_prompt_tokens([message.text for message in path]),
            pricing=self.model.pricing if self.model is not None else None,
            local=connection.kind is ProviderKind.COMPATIBLE and is_loopback(connection.base_url),
            request_settings=self.settings.as_record(),
        )


def turn_request(
    settings: Settings,
    connection: Connection,
    catalogue: Catalogue,
    *,
    model_id: str,
    session_id: str,
) -> TurnRequest:
    """A turn with this model over this connection, by the settings of now."""
    return TurnRequest(
        connection,
        turn_settings(settings, connection, model_id, session_id),
        catalogue.find(model_id),
    )
