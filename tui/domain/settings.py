"""All settings in one schema: the screen, config.toml, the README and the flags come from it.

Every field says in its description what it does, in words for the user.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from tui.domain.model import normalise_model_id

OPENROUTER_URL = "https://openrouter.ai/api/v1"
DEFAULT_MODEL = "anthropic/claude-sonnet-4.5"


class ProviderKind(StrEnum):
    """What a provider speaks: OpenRouter's API, plain OpenAI-compatible, or the offline demo."""

    OPENROUTER = "openrouter"
    COMPATIBLE = "compatible"
    DEMO = "demo"


class _Section(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)


class DefaultSettings(_Section):
    """What a new conversation starts with."""

    provider: str = Field(
        "openrouter", title="Provider", description="Who answers when you send a message."
    )
    model: str = Field(
        DEFAULT_MODEL,
        title="Model",
        description="New conversations use it, and the open one from its next message on.",
    )
    title_model: str = Field(
        "",
        title="Model for titles",
        description="Titles a conversation on request; without one, its own model does.",
    )
    params: dict[str, Any] = Field(
        default_factory=dict,
        title="Parameters",
        description="Sent with every model that takes them, unless it has its own.",
    )
    routing: dict[str, Any] = Field(
        default_factory=dict,
        title="Provider routing",
        description="Holds for every model, field by field, unless it has its own.",
    )


class ProviderSettings(_Section):
    """One provider: where it is, with which key, and what every request to it carries."""

    kind: ProviderKind = Field(
        ProviderKind.OPENROUTER,
        title="Kind",
        description="openrouter, compatible (any OpenAI-compatible server) or demo.",
    )
    api_key: SecretStr | None = Field(
        None,
        title="API key",
        description="Sent only to the server it was entered for. ${NAME} reads the environment.",
    )
    key_origins: tuple[str, ...] = Field(
        (),
        title="Servers that may receive the key",
        description="Filled when you agree to send the key to a server; one origin each.",
    )
    env_key_origins: tuple[str, ...] = Field(
        (),
        title="Servers that may receive the key of the environment",
        description="Filled when you agree to send OPENROUTER_API_KEY to a server.",
    )
    key_in_keyring: bool = Field(
        False,
        title="Key in the keyring",
        description="The key is kept by the system's keyring, not in this file.",
    )
    use_custom_base_url: bool = Field(
        True,
        title="Use custom base URL",
        description="Send requests to an address of your own.",
    )
    base_url: str | None = Field(
        None,
        title="Base URL",
        description="The address up to and including /v1, such as http://127.0.0.1:4000/v1.",
    )
    model: str | None = Field(
        None,
        title="Model",
        description="The model to ask here; wins over the one of [default].",
    )
    model_map: dict[str, str] = Field(
        default_factory=dict,
        title="Models that stand in",
        description="Its own model for one of another provider whose turn it takes over.",
    )
    prices: dict[str, dict[str, float]] = Field(
        default_factory=dict,
        title="Prices",
        description="By model, or * for all: prompt, completion, … in $ per million tokens.",
    )
    compress_prompts: bool = Field(
        False,
        title="Compress prompts and message chains to the context size",
        description="When a conversation outgrows the model, OpenRouter drops its middle.",
    )
    compression: Literal["plugin", "transforms"] = Field(
        "plugin",
        title="Compression field",
        description="transforms sends the older field, for gateways that still want it.",
    )
    prompt_caching: bool = Field(
        False,
        title="Enable prompt caching",
        description="Marks the start of the conversation for the provider's cache.",
    )


class ModelSettings(_Section):
    """What is sent with one model only."""

    fallbacks: tuple[str, ...] = Field(
        (), title="Fallbacks", description="Models that answer when this one cannot, in order."
    )
    provider: dict[str, Any] = Field(
        default_factory=dict,
        title="Provider routing",
        description="OpenRouter's provider object: only, ignore, order, allow_fallbacks, …",
    )
    params: dict[str, Any] = Field(
        default_factory=dict,
        title="Parameters",
        description="temperature, max_tokens, … as the API names them; cache_ttl is 5m or 1h.",
    )


class ReliabilitySettings(_Section):
    """How long to wait and how often to try again. All times are seconds."""

    fallback_providers: tuple[str, ...] = Field(
        (),
        title="Fallback providers",
        description="Providers that take a turn when the chosen one cannot be reached.",
    )
    fallback_on: tuple[Literal[400, 401, 402, 403], ...] = Field(
        (),
        title="After refusals too",
        description="Of 400, 401, 402 and 403, those after which a fallback provider answers.",
    )
    connect_timeout: float = Field(
        10.0, gt=0, le=600, title="Connect timeout", description="Seconds to reach the server."
    )
    first_byte_timeout: float = Field(
        120.0, gt=0, le=3600, title="First byte timeout", description="Seconds until it answers."
    )
    silence_timeout: float = Field(
        60.0, gt=0, le=3600, title="Silence timeout", description="Seconds between two bytes."
    )
    retries: int = Field(
        2, ge=0, le=5, title="Retries", description="Further tries before the first token."
    )


def _limit(title: str, description: str) -> Any:
    return Field(None, ge=0, title=title, description=f"USD. {description}")


class BudgetSettings(_Section):
    """What may be spent: a soft limit warns, a hard one asks before a send would cross it."""

    send_soft: Decimal | None = _limit("One send, soft", "Warns before a send likely costs more.")
    send_hard: Decimal | None = _limit("One send, hard", "Asks before a send likely costs more.")
    conversation_soft: Decimal | None = _limit("Conversation, soft", "Warns when it gets beyond.")
    conversation_hard: Decimal | None = _limit("Conversation, hard", "Asks before it gets beyond.")
    day_soft: Decimal | None = _limit("Day, soft", "Warns when today comes to more.")
    day_hard: Decimal | None = _limit("Day, hard", "Asks before today comes to more.")
    month_soft: Decimal | None = _limit("Month, soft", "Warns when this month comes to more.")
    month_hard: Decimal | None = _limit("Month, hard", "Asks before this month comes to more.")

    @property
    def is_set(self) -> bool:
        """Whether there is any limit at all."""
        return self != BudgetSettings()

    def limit(self, scope: str, *, hard: bool) -> Decimal | None:
        """The limit in USD for "send", "conversation", "day" or "month"; None if there is none."""
        limit: Decimal | None = getattr(self, f"{scope}_{'hard' if hard else 'soft'}")
        return limit


class InterfaceSettings(_Section):
    """How the workbench looks."""

    theme: str = Field("workbench-dark", title="Theme", description="Colours of the interface.")
    show_sidebar: bool = Field(
        True, title="Show conversations", description="The list at the left; Ctrl+B toggles it."
    )
    mouse: bool = Field(
        True,
        title="Use the mouse",
        description="Off leaves it to the terminal, which then selects by itself; from next start.",
    )
    wrap_code: bool = Field(
        True,
        title="Wrap long lines of code",
        description="Off cuts them; ← and → scroll. w in the transcript switches for now.",
    )
    fit_tables: bool = Field(
        True,
        title="Fit tables to the width",
        description="Off lets wide ones scroll with ← and →. t in the transcript switches for now.",
    )
    readable_formulas: bool = Field(
        True,
        title="Show formulas as text",
        description="Off shows their LaTeX. m in the transcript switches for now.",
    )
    vim: bool = Field(
        False,
        title="Normal mode as in vim",
        description="Esc leaves typing: h j k l w b 0 $ gg G x dd yy p; i a I A o type again.",
    )
    notify: Literal["off", "bell", "desktop"] = Field(
        "off",
        title="Long answer ends",
        description="Tells you while the window has no focus; desktop needs a terminal with OSC 9.",
    )
    notify_after: float = Field(
        10.0, gt=0, le=3600, title="Long answers", description="Those that took so many seconds."
    )


def _default_providers() -> dict[str, ProviderSettings]:
    return {
        "openrouter": ProviderSettings(),
        "compatible": ProviderSettings(kind=ProviderKind.COMPATIBLE),
        "demo": ProviderSettings(kind=ProviderKind.DEMO),
    }


class Settings(_Section):
    """Everything that config.toml can hold."""

    default: DefaultSettings = Field(default_factory=DefaultSettings)
    providers: dict[str, ProviderSettings] = Field(default_factory=_default_providers)
    models: dict[str, ModelSettings] = Field(default_factory=dict)
    reliability: ReliabilitySettings = Field(default_factory=ReliabilitySettings)
    budget: BudgetSettings = Field(default_factory=BudgetSettings)
    interface: InterfaceSettings = Field(default_factory=InterfaceSettings)
    keys: dict[str, str] = Field(
        default_factory=dict,
        title="Keys",
        description='Other keys for actions, such as "chat.new" = "ctrl+t"; from next start.',
    )

    @field_validator("keys", mode="before")
    @classmethod
    def _dotted_keys(cls, keys: object) -> object:
        """Let an action be written without quotes too, which TOML takes for tables."""
        if not isinstance(keys, dict):
            return keys
        flat: dict[str, object] = {}
        for group, inner in keys.items():
            if isinstance(inner, dict):
                flat |= {f"{group}.{name}": key for name, key in inner.items()}
            else:
                flat[group] = inner
        return flat

    @field_validator("providers", mode="before")
    @classmethod
    def _built_in_kinds(cls, providers: object) -> object:
        """Let each built-in provider, and any other server, be of its kind without saying so."""
        if not isinstance(providers, dict):
            return providers
        kinds = {name: provider.kind for name, provider in _default_providers().items()}
        return {
            name: {"kind": kinds.get(name, ProviderKind.COMPATIBLE), **section}
            if isinstance(section, dict)
            else section
            for name, section in providers.items()
        }

    def provider(self, name: str) -> ProviderSettings:
        """The settings of a provider; a built-in one exists even if the file does not name it.

        Raises KeyError for a provider that nobody defined.
        """
        found = self.providers.get(name)
        return found if found is not None else _default_providers()[name]

    def model_for(self, name: str) -> str:
        """The model that new conversations with a provider ask, unless a flag says otherwise.

        Raises KeyError for a provider that nobody defined.
        """
        return self.provider(name).model or self.default.model

    def provider_names(self) -> tuple[str, ...]:
        """Every provider that can be chosen: the built-in ones first, then the file's own."""
        return tuple(dict.fromkeys([*_default_providers(), *self.providers]))

    def with_provider(self, name: str, **values: object) -> "Settings":
        """These settings with some fields of one provider replaced; the values are not checked."""
        provider = self.provider(name).model_copy(update=values)
        return self.model_copy(update={"providers": {**self.providers, name: provider}})

    def with_values(self, section: str, **values: object) -> "Settings":
        """These settings with some fields of another section replaced; the values not checked."""
        return self.model_copy(update={section: getattr(self, section).model_copy(update=values)})

    def changes_since(self, before: "Settings") -> dict[tuple[str, ...], object]:
        """The keys of the file that differ from ``before``, with their values here."""
        pairs: list[tuple[tuple[str, ...], BaseModel, BaseModel]] = [
            ((name,), getattr(before, name), getattr(self, name))
            for name in ("default", "reliability", "budget", "interface")
        ]
        pairs += [
            (("providers", name), before.provider(name), self.provider(name))
            for name in before.provider_names()
        ]
        return {
            (*table, field): getattr(new, field)
            for table, old, new in pairs
            for field in type(new).model_fields
            if getattr(new, field) != getattr(old, field)
        }

    def for_model(self, model_id: str) -> ModelSettings:
        """What is set for this model, or the defaults; ids may be written with ``openrouter/``."""
        wanted = normalise_model_id(model_id)
        written = {normalise_model_id(name): section for name, section in self.models.items()}
        return written.get(wanted, ModelSettings())
