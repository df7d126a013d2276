"""What each setting does right now, in words: the second line of every field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tui.domain.addresses import with_scheme
from tui.domain.caching import COMPATIBLE_EFFECT, CachingKind, caching_effect
from tui.domain.catalogue import Catalogue
from tui.domain.connection import KEY_VARIABLE, Connection, KeySource
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.figures import UNKNOWN, money, price_per_million, tokens_short
from tui.domain.model import KeyInfo, Model
from tui.domain.sanitize import single_line
from tui.domain.settings import ProviderKind, ProviderSettings, Settings
from tui.ui.controllers.settings_budgets import BUDGET_FIELDS, limit_words
from tui.ui.controllers.settings_fields import titles
from tui.ui.controllers.settings_form import SettingsForm
from tui.ui.controllers.settings_stand_ins import refusal_words, stand_in_words

_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_KIND_NAMES = {
    "openrouter": "OpenRouter",
    "compatible": "OpenAI-compatible server",
    "demo": "Demo, offline and free",
}


class Tone(StrEnum):
    """How a line is meant; each tone has a sign of its own as well as a colour."""

    PLAIN = "plain"
    GOOD = "good"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Effect:
    """One line below a field."""

    words: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Effects:
    """The lines of all fields by their names, and what can be done with the key."""

    lines: Mapping[str, Effect]
    can_verify: bool = False
    can_remove: bool = False
    can_allow: bool = False
    can_sign_in: bool = False


def all_effects(form: SettingsForm, catalogue: Catalogue) -> Effects:
    """What the settings do as edited so far; ``catalogue`` is the chosen provider's."""
    provider = form.chosen
    model = catalogue.find(form.model)
    lifetime = form.after.for_model(form.model).params.get("cache_ttl")
    lines = budget_effects(form) | {
        "fallback_providers": Effect(stand_in_words(form.after, form.provider)),
        "fallback_on": Effect(refusal_words(form.after.reliability.fallback_on)),
        "model": model_effect(form.model, catalogue, is_own=form.keeps_own_model),
        "compress_prompts": compression_effect(provider, model),
        "prompt_caching": caching_line(provider, form.model, model, lifetime),
    }
    typed = form.base_url.strip()
    if with_scheme(typed) != typed and "base_url" not in form.problems:
        lines["base_url"] = Effect(f"Taken as {single_line(with_scheme(typed), 100)}.")
    has_key = provider.api_key is not None or provider.key_in_keyring
    is_openrouter = provider.kind is ProviderKind.OPENROUTER
    try:
        connection = form.connection()
    except WorkbenchError as error:
        field = "api_key" if error.failure.kind is FailureKind.BAD_KEY else "provider"
        lines[field] = failure_effect(error.failure)
        return Effects(lines, can_remove=has_key, can_sign_in=is_openrouter)
    lines["provider"] = provider_effect(connection, is_overruled=form.is_overruled(connection))
    lines["api_key"] = key_effect(provider, connection, is_new=form.key_is_new)
    return Effects(
        lines,
        can_verify=connection.key_source is not None,
        can_remove=has_key,
        can_allow=connection.consent is not None and not form.key_is_new,
        can_sign_in=is_openrouter,
    )


def budget_effects(form: SettingsForm) -> dict[str, Effect]:
    """What each budget does, against what was spent up to now."""
    effects = {}
    for field in BUDGET_FIELDS:
        said = limit_words(field, form.after.budget, form.spent)
        if said is not None:
            words, is_warning = said
            effects[field] = Effect(words, Tone.WARNING if is_warning else Tone.PLAIN)
    return effects


def status_effect(form: SettingsForm) -> Effect:
    """The line at the bottom: what is wrong, or else what is not saved."""
    if form.problems_to_show:
        return Effect(f"Not right yet: {titles(form.problems_to_show)}", Tone.ERROR)
    unsaved = titles(form.unsaved())
    return Effect(f"Not saved: {unsaved}", Tone.WARNING) if unsaved else Effect("No changes.")


def provider_name(name: str, settings: Settings) -> str:
    """How a provider is called in the list."""
    if name in _KIND_NAMES:
        return _KIND_NAMES[name]
    return f"{single_line(name, 40)} ({settings.provider(name).kind})"


def failure_effect(failure: Failure) -> Effect:
    """A failure as a line: what happened, who said what, what to do."""
    said = f" ({single_line(failure.detail, 160)})" if failure.detail else ""
    return Effect(f"{failure.what}{said} {failure.next_step}", Tone.ERROR)


def provider_effect(connection: Connection, *, is_overruled: bool) -> Effect:
    """Where requests go."""
    if connection.is_demo:
        return Effect("Answers are made up on this machine: no network, no key, no cost.")
    where = f"Requests go to {single_line(connection.base_url)}"
    if not is_overruled:
        return Effect(f"{where}.")
    return Effect(f"{where}, as the command line or the environment says.", Tone.WARNING)


def key_effect(provider: ProviderSettings, connection: Connection, *, is_new: bool) -> Effect:
    """Which key is in use, where it came from, and which other it overrules."""
    if connection.is_demo:
        return Effect("The demo needs no key.")
    hint, origin = connection.key_hint, single_line(connection.origin)
    source = connection.key_source
    if source is None:
        return _no_key(provider, connection)
    place = {
        KeySource.ENVIRONMENT: f"from the environment ({KEY_VARIABLE})",
        KeySource.CONFIG: "as typed, not saved yet" if is_new else "from config.toml",
        KeySource.KEYRING: "from the keyring",
    }[source]
    if connection.consent is not None:
        words = f"{hint} {place} is not sent to {origin}: it was not entered for that server."
        return Effect(words, Tone.WARNING)
    if connection.shadowed is not None:
        other = "The key typed here" if is_new else "The key in config.toml"
        words = f"In use: {hint} {place}. {other} has no effect while that variable is set."
        return Effect(words, Tone.WARNING)
    return Effect(f"In use: {hint} {place}, sent to {origin} only.", Tone.GOOD)


def _no_key(provider: ProviderSettings, connection: Connection) -> Effect:
    written = provider.api_key.get_secret_value() if provider.api_key is not None else ""
    reference = _REFERENCE.search(written)
    if reference is not None:
        words = f"config.toml refers to ${{{reference[1]}}}, which the environment does not set."
        return Effect(words, Tone.WARNING)
    if provider.key_in_keyring:
        return Effect("The keyring, which keeps the key, has not handed it over.", Tone.WARNING)
    if connection.needs_key:
        words = "There is no key yet. Make one at openrouter.ai/settings/keys and paste it here."
        return Effect(words, Tone.WARNING)
    return Effect("No key is sent; servers on this machine rarely want one.")


def key_info_effect(info: KeyInfo | None) -> Effect:
    """What the server said of the key."""
    if info is None:
        return Effect("The server answered, but it cannot tell anything about keys.", Tone.GOOD)
    parts = [f"Valid: {single_line(info.label, 40) or 'no label'}"]
    if info.limit is None:
        parts.append("no limit")
    else:
        reset = f" a {single_line(info.limit_reset, 12)}" if info.limit_reset else ""
        parts.append(f"{money(info.limit_remaining)} left of {money(info.limit)}{reset}")
    parts += [f"{money(info.usage_daily)} today", f"{money(info.usage_monthly)} this month"]
    if info.is_free_tier:
        parts.append("free tier")
    return Effect(" · ".join(parts), Tone.GOOD)


def model_effect(model_id: str, catalogue: Catalogue, *, is_own: bool = False) -> Effect:
    """What the model costs and how much it can read; ``is_own`` if for one provider alone."""
    kept = " Kept for this provider alone." if is_own else ""
    if not catalogue.models:
        words = "There is no list of models for this server; the id is sent as typed."
        return Effect(f"{words}{kept}")
    model = catalogue.find(model_id)
    if model is None:
        words = "Not in the list of models; the id is sent as typed."
        return Effect(f"{words}{kept}", Tone.WARNING)
    end = "." if is_own else ""
    return Effect(f"{single_line(model.name, 60)} · {model_figures(model)}{end}{kept}")


def model_figures(model: Model) -> str:
    """Context length and prices per million tokens."""
    prompt = price_per_million(model.pricing.prompt)
    completion = price_per_million(model.pricing.completion)
    if prompt == completion and prompt in ("free", "varies", UNKNOWN):
        prices = prompt if prompt != UNKNOWN else "price unknown"
    else:
        prices = f"{prompt} in, {completion} out / M"
    return f"{tokens_short(model.context_length)} context · {prices}"


def compression_effect(provider: ProviderSettings, model: Model | None) -> Effect:
    """What happens to a conversation that outgrows the model."""
    if provider.kind is ProviderKind.COMPATIBLE:
        return Effect("Nothing is sent: plain OpenAI-compatible servers do not compress.")
    length = model.context_length if model is not None else None
    size = f" {tokens_short(length)} tokens" if length else " the context size"
    if provider.compress_prompts:
        return Effect(f"Beyond{size}, the server drops messages from the middle.")
    return Effect(f"Nothing is dropped; a conversation beyond{size} is refused with an error.")


def caching_line(
    provider: ProviderSettings, model_id: str, model: Model | None, lifetime: str | None
) -> Effect:
    """What the caching box does for the chosen model; ``lifetime`` is its ``cache_ttl``."""
    if provider.kind is ProviderKind.COMPATIBLE:
        return Effect(COMPATIBLE_EFFECT.sentence)
    effect = caching_effect(model_id, model, enabled=provider.prompt_caching, ttl=lifetime)
    if model is None and effect.kind is CachingKind.UNKNOWN:
        return Effect("It is not known whether this model can cache prompts.")
    return Effect(single_line(effect.sentence))
