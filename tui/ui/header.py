"""What the header of the chat says, from the session."""

from tui.domain.caching import CachingEffect, CachingKind, caching_effect
from tui.domain.connection import Connection, Consent
from tui.domain.conversation import Conversation
from tui.domain.sanitize import single_line
from tui.domain.settings import ProviderKind
from tui.ui.controllers.session import Session
from tui.ui.widgets.header_bar import HeaderFacts

_LONGEST_PRESET = 24
"""Characters of a preset's name that the header shows."""


def header_facts(session: Session, model_id: str) -> HeaderFacts:
    """The facts for this model over the connection of now."""
    connection = session.runtime.connection
    model = single_line(model_id)
    if connection is None:
        return HeaderFacts(model=model, warning="no provider, see F2")
    warning = _warning(session)
    provider = "" if connection.provider == "openrouter" else single_line(connection.provider)
    if connection.kind is ProviderKind.COMPATIBLE:
        return HeaderFacts(model=model, provider=provider, key=_key(connection), warning=warning)
    settings = session.runtime.settings.provider(connection.provider)
    ttl = session.runtime.settings.for_model(model_id).params.get("cache_ttl")
    effect = caching_effect(
        model_id,
        session.model(model_id),
        enabled=settings.prompt_caching,
        ttl=ttl if ttl in ("5m", "1h") else None,
    )
    return HeaderFacts(
        model=model,
        provider="" if connection.is_demo else provider,
        caching=_caching(effect),
        compression="on" if settings.compress_prompts else "off",
        key="" if connection.is_demo else _key(connection),
        warning=warning,
        is_demo=connection.is_demo,
    )


def preset_words(conversation: Conversation | None, model_id: str) -> str:
    """The preset in force, and whether the conversation still is what it says."""
    if conversation is None or not conversation.settings.preset:
        return ""
    settings = conversation.settings
    name = single_line(settings.preset, _LONGEST_PRESET)
    return f"{name}, changed" if settings.differs(model_id) else name


def _caching(effect: CachingEffect) -> str:
    """What the box for caching does for the model, in a few words."""
    match effect.kind:
        case CachingKind.EXPLICIT if not effect.active:
            return "explicit, off"
        case CachingKind.GEMINI if not effect.active:
            return "Gemini: only with the box checked"
        case _:
            return effect.badge


def _key(connection: Connection) -> str:
    if connection.consent is not None:
        return f"{connection.key_hint} kept back"
    if connection.key is None:
        return "none"
    return f"{connection.key_source} {connection.key_hint}"


def _warning(session: Session) -> str:
    connection = session.runtime.connection
    history = session.history
    if history is not None and history.problem is not None:
        return "not being saved"
    if connection is not None and connection.consent is Consent.PLAIN_HTTP:
        return "the key is not sent over plain http"
    if connection is not None and connection.consent is not None:
        return "the key is not sent to this server"
    if session.key_failure is not None:
        return single_line(session.key_failure.what, 60)
    return ""
