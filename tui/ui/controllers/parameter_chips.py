"""What the next request says other than the defaults of its model and of the server."""

from collections.abc import Sequence
from typing import Final

from tui.domain.parameters import CACHE_TTL
from tui.domain.parameters_layers import (
    Difference,
    Layer,
    LayerSource,
    differences_from_default,
    resolve_parameters,
)
from tui.domain.presets import layer_of
from tui.domain.request import layers_of
from tui.domain.routing import merged_routing
from tui.domain.routing_read import read_routing
from tui.domain.routing_text import chip_text
from tui.domain.settings import ProviderKind
from tui.ui.controllers.chat import Chat

ROUTING: Final = "provider"
"""The name that all of routing goes by among the parameters: that of the object that is sent."""


def differences(chat: Chat) -> tuple[Difference, ...]:
    """What is set for the conversation on screen, its model and every model, in short.

    Parameters come first, then the fields of routing, unless the server does no routing.
    """
    session, model_id = chat.session, chat.model_id
    layers = [*layers_of(session.runtime.settings, model_id)]
    if chat.conversation is not None:
        layers.append(layer_of(chat.conversation.settings))
    model, connection = session.model(model_id), session.runtime.connection
    found = differences_from_default(resolve_parameters(layers, model), model)
    if connection is None or connection.kind is not ProviderKind.COMPATIBLE:
        return (*found, *_routed(layers))
    return tuple(one for one in found if one.name != CACHE_TTL)


def _routed(layers: Sequence[Layer]) -> list[Difference]:
    """The fields of routing that hold, each with the last of the layers that names it."""
    routing, _ = read_routing(merged_routing(*(layer.routing for layer in layers)))
    source: dict[str, LayerSource] = {}
    for layer in layers:
        source |= dict.fromkeys(layer.routing, layer.source)
    return [
        Difference(ROUTING, chip_text(name, value), source[name])
        for name, value in routing.body().items()
    ]
