"""The demo's catalogue: real models in the shape of ``GET /models``, read from the package."""

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

from tui.domain.model import base_model_id

Json = dict[str, Any]

_FILE = "catalogue.json"
_SLOWEST, _FASTEST = 40, 120
"""Tokens per second of the slowest and the fastest simulated model."""


@dataclass(frozen=True, slots=True)
class DemoModel:
    """One row of the catalogue, as the API shows it."""

    row: Json

    @property
    def id(self) -> str:
        """The id that requests name."""
        return str(self.row["id"])

    @property
    def author(self) -> str:
        """Who made the model."""
        return self.id.partition("/")[0].removeprefix("~")

    @property
    def name(self) -> str:
        """The display name without the author."""
        return str(self.row["name"]).rpartition(": ")[2]

    @property
    def served_as(self) -> str:
        """What answers call the model: the dated slug, with the variant that was asked for."""
        slug, variant = str(self.row["canonical_slug"]), self.id.partition(":")[2]
        return f"{slug}:{variant}" if variant and not slug.endswith(f":{variant}") else slug

    @property
    def context_length(self) -> int:
        """Prompt and completion together, in tokens."""
        return int(self.row["context_length"])

    @property
    def has_open_weights(self) -> bool:
        """Whether anybody may host it."""
        return bool(self.row["hugging_face_id"])

    @property
    def reasoning(self) -> Json:
        """What the row says about reasoning; empty for a model that does not reason."""
        return self.row.get("reasoning") or {}

    @property
    def tokens_per_second(self) -> int:
        """How fast the simulated model writes: always the same for the same model."""
        return _SLOWEST + zlib.crc32(self.id.encode()) % (_FASTEST - _SLOWEST + 1)


class DemoCatalogue:
    """All rows by id, and the body that ``GET /models`` answers with."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.models: Mapping[str, DemoModel] = {
            row["id"]: DemoModel(row) for row in json.loads(body, parse_float=Decimal)["data"]
        }

    def __iter__(self) -> Iterator[DemoModel]:
        return iter(self.models.values())

    def find(self, model_id: str) -> DemoModel | None:
        """The row for an id, or for the id without a variant that is not listed, or None."""
        return self.models.get(model_id) or self.models.get(base_model_id(model_id))

    def target(self, model: DemoModel) -> DemoModel:
        """The model that an alias such as ``~anthropic/claude-sonnet-latest`` stands for."""
        alias = model.row.get("alias_target")
        return self.models[alias["slug"]] if alias else model


@lru_cache(maxsize=1)
def load_catalogue() -> DemoCatalogue:
    """The catalogue of the package; read once."""
    return DemoCatalogue(files(__package__).joinpath(_FILE).read_bytes())
