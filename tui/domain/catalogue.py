"""The catalogue of models as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tui.domain.model import Model, find_model


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All models of one server, keyed by id in the order served; empty until it was fetched.

    ``fetched_at`` is in UTC. ``skipped`` counts rows that could not be read at all.
    """

    models: Mapping[str, Model] = field(default_factory=dict)
    fetched_at: datetime | None = None
    skipped: int = 0

    def find(self, model_id: str) -> Model | None:
        """The model with this id, with this dated slug, or without its variant suffix."""
        return find_model(self.models, model_id)
