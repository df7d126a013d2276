"""The catalogue of models as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tui.domain.connection import Connection
from tui.domain.model import Model, find_model
from tui.domain.settings import DEFAULT_MODEL, ProviderKind


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All models of one server, keyed by id in the order served; empty until it was fetched.

    ``fetched_at`` is in UTC. ``skipped`` counts rows that could not be read or were too many.
    ``version`` is the server's own mark of this state (an ``ETag``), where it sends one.
    """

    models: Mapping[str, Model] = field(default_factory=dict)
    fetched_at: datetime | None = None
    skipped: int = 0
    version: str | None = None

    def find(self, model_id: str) -> Model | None:
        """The model with this id, with this dated slug, or without its variant suffix."""
        return find_model(self.models, model_id)


def model_to_ask(connection: Connection, catalogue: Catalogue) -> str:
    """The id of the model that a new conversation asks.

    OpenRouter's default says nothing to a compatible server, so unless somebody chose a model, that
    server is asked for its first one.
    """
    nobody_chose = connection.model == DEFAULT_MODEL
    unknown_there = catalogue.models and catalogue.find(connection.model) is None
    if connection.kind is ProviderKind.COMPATIBLE and nobody_chose and unknown_there:
        return next(iter(catalogue.models))
    return connection.model
