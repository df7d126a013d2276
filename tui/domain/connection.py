"""Where requests go and with which key: settings, environment and flags resolved by one rule.

A key belongs to the origin it was entered for. It goes elsewhere only with consent: given on the
settings screen, or by naming a base URL on the command line or in the environment together with a
key from there. See :func:`resolve`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from pydantic import SecretStr

from tui.domain.addresses import (
    clean_base_url,
    crosses_network_in_clear,
    origin_of,
    with_scheme,
)
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.model import normalise_model_id
from tui.domain.settings import OPENROUTER_URL, ProviderKind, ProviderSettings, Settings

KEY_VARIABLE = "OPENROUTER_API_KEY"
BASE_URL_VARIABLE = "OPENROUTER_BASE_URL"
DEMO_URL = "http://demo.invalid/api/v1"
SHORTEST_KEY = 4
"""Characters of a key that is masked; a shorter one would be taken out of unrelated words."""

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class KeySource(StrEnum):
    """Where the key in use came from, in words for the settings screen."""

    ENVIRONMENT = "environment"
    CONFIG = "config.toml"
    KEYRING = "keyring"


class Consent(StrEnum):
    """What the user must agree to before the key is sent."""

    NEW_ORIGIN = "new_origin"
    PLAIN_HTTP = "plain_http"


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the command line says; it wins over the environment and the file."""

    provider: str | None = None
    model: str | None = None
    base_url: str | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """A resolved provider. ``key`` is None where there is none or consent is still missing.

    ``base_url`` has no trailing slash. ``consent`` says why a key that exists is not sent;
    ``shadowed`` names a source whose key is overruled by ``key_source``. ``key_problem`` says why a
    key that is kept elsewhere could not be had.
    """

    provider: str
    kind: ProviderKind
    base_url: str
    model: str
    key: SecretStr | None = None
    key_source: KeySource | None = None
    key_hint: str = ""
    consent: Consent | None = None
    shadowed: KeySource | None = None
    key_problem: str = ""

    @property
    def origin(self) -> str:
        """Scheme, host and port of the base URL."""
        return origin_of(self.base_url)

    @property
    def server_name(self) -> str:
        """What messages call the server: its origin, which means nothing for the demo."""
        return "the demo" if self.is_demo else self.origin

    @property
    def is_demo(self) -> bool:
        """Whether everything is simulated and nothing is billed."""
        return self.kind is ProviderKind.DEMO

    @property
    def needs_key(self) -> bool:
        """Whether a request cannot be answered without a key that is missing.

        A gateway may do without one; OpenRouter does not.
        """
        if self.kind is not ProviderKind.OPENROUTER or self.key is not None:
            return False
        return self.consent is not None or self.origin == origin_of(OPENROUTER_URL)


def key_hint(key: SecretStr) -> str:
    """The key as it may be shown: its public prefix and the last four characters."""
    secret = key.get_secret_value()
    if len(secret) < 12:
        return "…"
    prefix = "sk-or-" if secret.startswith("sk-or-") else ""
    return f"{prefix}…{secret[-4:]}"


def clean_key(raw: str) -> SecretStr | None:
    """The key without surrounding white space, or None if nothing is left.

    Raises :class:`WorkbenchError` for a key that cannot be a header value: it holds white space,
    control, zero-width or other characters beyond printable ASCII. The words never quote it.
    """
    key = raw.strip()
    if not key:
        return None
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise WorkbenchError(
            Failure(
                FailureKind.BAD_KEY,
                "The API key holds characters that a key cannot have.",
                "Paste it again, without line breaks, spaces or invisible characters.",
            )
        )
    return SecretStr(key)


def expand_variables(text: str, environ: Mapping[str, str]) -> str:
    """``${NAME}`` replaced from the environment; an unset variable becomes empty."""
    return _VARIABLE.sub(lambda match: environ.get(match.group(1), ""), text)


def _config_key(settings: ProviderSettings, environ: Mapping[str, str]) -> SecretStr | None:
    if settings.api_key is None:
        return None
    return clean_key(expand_variables(settings.api_key.get_secret_value(), environ))


def home_origin(settings: ProviderSettings) -> str | None:
    """The origin that a provider's stored key belongs to without further consent.

    A hand-written ``api_key`` beside the ``base_url`` of a compatible server was entered for it,
    unless it would cross the network in clear text: that is agreed to, never assumed.
    """
    if settings.kind is not ProviderKind.COMPATIBLE:
        return origin_of(OPENROUTER_URL)
    if not settings.base_url or settings.key_origins:
        return None
    base_url = clean_base_url(settings.base_url)
    return None if crosses_network_in_clear(base_url) else origin_of(base_url)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A key that could be used, and the origins that may receive it."""

    key: SecretStr
    source: KeySource
    origins: frozenset[str | None]


def resolve(
    settings: Settings,
    environ: Mapping[str, str],
    overrides: Overrides | None = None,
    kept: SecretStr | None = None,
) -> Connection:
    """The connection for these settings, this environment and these flags.

    ``kept`` is the provider's key from the keyring, which comes last and goes where a key of the
    settings would. Raises :class:`WorkbenchError` for an unknown provider, a bad base URL or a bad
    key.
    """
    overrides = overrides or Overrides()
    name = overrides.provider or settings.default.provider
    try:
        provider = settings.provider(name)
    except KeyError:
        known = ", ".join(settings.provider_names())
        raise WorkbenchError(
            Failure(
                FailureKind.BAD_SETTINGS,
                "There is no such provider in the settings.",
                f"Choose one of: {known}.",
            )
        ) from None
    model = overrides.model or settings.model_for(name)
    if provider.kind is not ProviderKind.COMPATIBLE:
        model = normalise_model_id(model)
    if provider.kind is ProviderKind.DEMO:
        return Connection(name, provider.kind, DEMO_URL, model)
    asked_url = overrides.base_url or _environment_url(provider, environ)
    base_url = clean_base_url(asked_url or configured_url(provider))
    connection = Connection(name, provider.kind, base_url, model)
    asked_origin = connection.origin if asked_url and _is_meant(asked_url, base_url) else None
    candidates = _candidates(provider, connection.origin, asked_origin, environ)
    if kept is not None:
        candidates.append(_Candidate(kept, KeySource.KEYRING, _key_origins(provider)))
    connection = _with_key(connection, candidates)
    overrules = connection.key is not None and connection.key_source is not KeySource.KEYRING
    if provider.key_in_keyring and overrules and connection.shadowed is None:
        return replace(connection, shadowed=KeySource.KEYRING)
    return connection


def _is_meant(asked_url: str, base_url: str) -> bool:
    """Whether who named the address also chose how to get there: plain http must be written."""
    return "://" in asked_url or not crosses_network_in_clear(base_url)


def _environment_url(provider: ProviderSettings, environ: Mapping[str, str]) -> str | None:
    """The base URL in the environment: meant for OpenRouter, or for a server without an address."""
    if provider.kind is ProviderKind.COMPATIBLE and provider.base_url:
        return None
    return environ.get(BASE_URL_VARIABLE, "").strip() or None


def configured_url(provider: ProviderSettings) -> str:
    """The base URL as the settings give it, with a scheme, whatever flags and environment say.

    Raises :class:`WorkbenchError` for a compatible server without one.
    """
    custom = provider.use_custom_base_url or provider.kind is ProviderKind.COMPATIBLE
    if custom and provider.base_url:
        return with_scheme(provider.base_url.strip())
    if provider.kind is ProviderKind.OPENROUTER:
        return OPENROUTER_URL
    raise WorkbenchError(
        Failure(
            FailureKind.BAD_SETTINGS,
            "This provider has no base URL.",
            "Enter it in the settings (F2), or give --base-url.",
        )
    )


def _candidates(
    provider: ProviderSettings,
    origin: str,
    asked_origin: str | None,
    environ: Mapping[str, str],
) -> list[_Candidate]:
    """The keys in their order: environment, then config.

    The environment's key is OpenRouter's, so another kind of server is not even asked about it.
    """
    candidates = []
    env_origins = frozenset({origin_of(OPENROUTER_URL), asked_origin, *provider.env_key_origins})
    if provider.kind is ProviderKind.OPENROUTER or origin in env_origins:
        key = clean_key(environ.get(KEY_VARIABLE, ""))
        if key is not None:
            candidates.append(_Candidate(key, KeySource.ENVIRONMENT, env_origins))
    try:
        key = _config_key(provider, environ)
    except WorkbenchError:
        if not candidates:
            raise
        key = None
    if key is not None:
        candidates.append(_Candidate(key, KeySource.CONFIG, _key_origins(provider)))
    return candidates


def _key_origins(provider: ProviderSettings) -> frozenset[str | None]:
    """The origins that may receive the key that was stored for a provider."""
    return frozenset({home_origin(provider), *provider.key_origins})


def _with_key(connection: Connection, candidates: list[_Candidate]) -> Connection:
    """The connection with the first key that its origin may receive, or with what is missing."""
    if not candidates:
        return connection
    allowed = next((one for one in candidates if connection.origin in one.origins), None)
    chosen = allowed or candidates[0]
    consent = None
    if allowed is None:
        in_clear = crosses_network_in_clear(connection.base_url)
        consent = Consent.PLAIN_HTTP if in_clear else Consent.NEW_ORIGIN
    overruled = [
        one.source
        for one in candidates[candidates.index(chosen) + 1 :]
        if one.key != chosen.key and connection.origin in one.origins
    ]
    return replace(
        connection,
        key=None if consent else chosen.key,
        key_source=chosen.source,
        key_hint=key_hint(chosen.key),
        consent=consent,
        shadowed=overruled[0] if overruled else None,
    )
