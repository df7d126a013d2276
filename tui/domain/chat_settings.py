"""What one conversation asks with, over what the settings say for its model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from tui.domain.attachments_models import PdfEngine


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """Parameters and routing as the API names them; each replaces the one of the settings.

    ``preset`` is the name of the preset they came from, if they came from one, ``preset_model`` the
    model that it names, and ``edited`` whether something of it was changed since. ``pdf_engine`` is
    what PDFs are read with; None leaves it to OpenRouter. With ``own_model`` the conversation's
    model was chosen for it; else that of the settings answers until something is said. With
    ``draft_files`` nothing is said yet, and files are attached to its draft: it is kept for them.
    """

    params: Mapping[str, Any] = field(default_factory=dict)
    routing: Mapping[str, Any] = field(default_factory=dict)
    preset: str = ""
    pdf_engine: PdfEngine | None = None
    preset_model: str = ""
    edited: bool = False
    own_model: bool = False
    draft_files: bool = False

    def differs(self, model_id: str) -> bool:
        """Whether a conversation with this model is no longer what its preset says."""
        other_model = bool(self.preset_model) and self.preset_model != model_id
        return bool(self.preset) and (self.edited or other_model)

    def as_record(self) -> dict[str, object]:
        """The settings as plain data, without what is empty."""
        record = {
            "params": dict(self.params),
            "routing": dict(self.routing),
            "preset": self.preset,
            "pdf_engine": self.pdf_engine and str(self.pdf_engine),
            "preset_model": self.preset_model,
            "edited": self.edited,
            "own_model": self.own_model,
            "draft_files": self.draft_files,
        }
        return {name: value for name, value in record.items() if value}

    @classmethod
    def of_record(cls, record: object) -> Self:
        """The settings of a record; what is not of the right kind is left out."""
        fields = record if isinstance(record, dict) else {}
        preset, engine = fields.get("preset"), fields.get("pdf_engine")
        model = fields.get("preset_model")
        return cls(
            params=_mapping(fields.get("params")),
            routing=_mapping(fields.get("routing")),
            preset=preset if isinstance(preset, str) else "",
            pdf_engine=PdfEngine(engine) if engine in set(PdfEngine) else None,
            preset_model=model if isinstance(model, str) else "",
            edited=fields.get("edited") is True,
            own_model=fields.get("own_model") is True,
            draft_files=fields.get("draft_files") is True,
        )


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
