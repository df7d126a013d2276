"""What the next request says other than its model's defaults."""

from tui.domain.parameters import CACHE_TTL
from tui.domain.parameters_layers import Difference, differences_from_default, resolve_parameters
from tui.domain.presets import layer_of
from tui.domain.request import layers_of
from tui.domain.settings import ProviderKind
from tui.ui.controllers.chat import Chat


def differences(chat: Chat) -> tuple[Difference, ...]:
    """What is set for the conversation on screen, its model and every model, in short."""
    session, model_id = chat.session, chat.model_id
    layers = [*layers_of(session.runtime.settings, model_id)]
    if chat.conversation is not None:
        layers.append(layer_of(chat.conversation.settings))
    model, connection = session.model(model_id), session.runtime.connection
    found = differences_from_default(resolve_parameters(layers, model), model)
    marks = connection is None or connection.kind is not ProviderKind.COMPATIBLE
    return tuple(one for one in found if marks or one.name != CACHE_TTL)
