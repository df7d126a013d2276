"""The fields of the settings screen: in which section, by which name, in which bounds."""

import math
from collections.abc import Iterable

from pydantic import BaseModel

from tui.domain.settings import (
    BudgetSettings,
    DefaultSettings,
    InterfaceSettings,
    ProviderSettings,
    ReliabilitySettings,
)
from tui.ui.controllers.settings_budgets import BUDGET_FIELDS
from tui.ui.controllers.settings_stand_ins import STAND_IN_FIELDS

NUMBER_FIELDS = ("connect_timeout", "first_byte_timeout", "silence_timeout", "retries")
INTERFACE_SWITCHES = (
    "show_sidebar",
    "mouse",
    "wrap_code",
    "fit_tables",
    "readable_formulas",
    "vim",
)
INTERFACE_FIGURES = ("notify_after",)
NOTICES = {"off": "Nothing", "bell": "Ring the bell", "desktop": "Show a message of the desktop"}
"""What the user may want when a long answer ends, by the values of the setting."""
SECTIONS: dict[str, tuple[str, ...]] = {
    "Provider": ("provider", "use_custom_base_url", "base_url"),
    "API key": ("api_key",),
    "Model": ("model",),
    "Prompts": ("compress_prompts", "prompt_caching"),
    "Budgets": BUDGET_FIELDS,
    "Reliability": (*STAND_IN_FIELDS, *NUMBER_FIELDS),
    "Interface": ("theme", *INTERFACE_SWITCHES, "notify", *INTERFACE_FIGURES),
}
FIELDS = tuple(field for fields in SECTIONS.values() for field in fields)
"""Every field, from top to bottom."""
_SCHEMAS: tuple[type[BaseModel], ...] = (
    DefaultSettings,
    ProviderSettings,
    BudgetSettings,
    ReliabilitySettings,
    InterfaceSettings,
)
# The model's field stands for [default] first, so the earlier schemas win.
_INFO = {name: info for schema in reversed(_SCHEMAS) for name, info in schema.model_fields.items()}


def field_title(field: str) -> str:
    """What a field is called on the screen."""
    return _INFO[field].title or field


def titles(fields: Iterable[str]) -> str:
    """What some fields are called, each once."""
    return " · ".join(dict.fromkeys(map(field_title, fields)))


def field_description(field: str) -> str:
    """What a field is for, in a line."""
    return _INFO[field].description or ""


def section_of(field: str) -> int:
    """The place of the section that a field is in."""
    return next(place for place, fields in enumerate(SECTIONS.values()) if field in fields)


def parse_number(field: str, text: str) -> float:
    """A figure as typed; raises ValueError if it cannot be used."""
    entered = float(text)
    if not math.isfinite(entered) or "_" in text:
        raise ValueError(field)
    value: float = getattr(_figures_of(field).model_validate({field: entered}), field)
    return value


def _figures_of(field: str) -> type[BaseModel]:
    return InterfaceSettings if field in INTERFACE_FIGURES else ReliabilitySettings


def number_wanted(field: str) -> str:
    """The words for a figure that cannot be used, with the bounds of the schema."""
    info = _figures_of(field).model_fields[field]
    bounds = {
        name: getattr(rule, name)
        for rule in info.metadata
        for name in ("ge", "le")
        if hasattr(rule, name)
    }
    most = bounds["le"]
    if "ge" in bounds:
        return f"Write a whole number from {bounds['ge']} to {most}."
    return f"Write a number of seconds above 0, up to {most:g}, such as {info.default:g}."
