"""A key and a new origin: what is asked, and what the answer changes in the settings.

The rule itself is :func:`tui.domain.connection.resolve`; here is how the settings are edited so
that a stored key stays with the servers it was entered for.
"""

from dataclasses import dataclass

from tui.domain.addresses import clean_base_url, crosses_network_in_clear, origin_of
from tui.domain.connection import Connection, Consent, KeySource, configured_url, home_origin
from tui.domain.errors import WorkbenchError
from tui.domain.settings import OPENROUTER_URL, ProviderKind, ProviderSettings, Settings


@dataclass(frozen=True, slots=True)
class Question:
    """What the user must answer before a key is sent to another server than its own.

    ``kept_at`` are the origins that have the key already; ``in_clear`` says that everybody on the
    way could read it.
    """

    provider: str
    key_hint: str
    key_source: KeySource
    kept_at: tuple[str, ...]
    origin: str
    in_clear: bool

    def words(self) -> tuple[str, str]:
        """The question and its details, one fact a line."""
        home = " and ".join(self.kept_at) or "no server so far"
        details = [
            f"Key: {self.key_hint} ({self.key_source})",
            f"It is for: {home}",
            f"New server: {self.origin}",
        ]
        if not self.in_clear:
            return "Send the API key to this server too?", "\n".join(details)
        details.append(
            "Plain http: everybody on the way can read the key and all that you write, "
            "and use the key at your cost."
        )
        return "Send the API key UNENCRYPTED over the network?", "\n".join(details)


def question_for(settings: Settings, connection: Connection) -> Question | None:
    """What to ask before the connection may use its key, or None if there is nothing to ask."""
    if connection.consent is None or connection.key_source is None:
        return None
    provider = settings.provider(connection.provider)
    if connection.key_source is KeySource.ENVIRONMENT:
        kept_at = (origin_of(OPENROUTER_URL), *provider.env_key_origins)
    else:
        home = home_origin(provider)
        kept_at = (*([home] if home else ()), *provider.key_origins)
    return Question(
        connection.provider,
        connection.key_hint,
        connection.key_source,
        kept_at,
        connection.origin,
        connection.consent is Consent.PLAIN_HTTP,
    )


def agreed(settings: Settings, question: Question) -> Settings:
    """The settings after a yes: the origin joins those that may receive that key."""
    provider = settings.provider(question.provider)
    field = "key_origins"
    if question.key_source is KeySource.ENVIRONMENT:
        field = "env_key_origins"
    origins = (*getattr(provider, field), question.origin)
    return settings.with_provider(question.provider, **{field: tuple(dict.fromkeys(origins))})


def settle_key_origins(before: Settings, after: Settings, name: str) -> Settings:
    """``after`` with the origins that the provider's stored key belongs to, written out.

    A new key belongs to the server beside which it was entered, unless the network would see it:
    that needs a yes. A key that stays while the base URL changes stays with its old server.
    """
    old, new = before.provider(name), after.provider(name)
    if new.kind is ProviderKind.DEMO:
        return after
    if new.api_key is None and not new.key_in_keyring:
        return after.with_provider(name, key_origins=())
    if new.api_key != old.api_key:
        return after.with_provider(name, key_origins=_entered_for(new))
    if new.kind is ProviderKind.COMPATIBLE and new.base_url != old.base_url:
        return after.with_provider(name, key_origins=new.key_origins or _written_for(old))
    return after


def _entered_for(provider: ProviderSettings) -> tuple[str, ...]:
    url = _usable_url(provider)
    if url is None or crosses_network_in_clear(url):
        return ()
    is_home = provider.kind is ProviderKind.OPENROUTER and origin_of(url) == home_origin(provider)
    return () if is_home else (origin_of(url),)


def _written_for(provider: ProviderSettings) -> tuple[str, ...]:
    """The server beside which a key without origins stands; over TLS if it is another machine."""
    url = _usable_url(provider)
    if url is None:
        return ()
    if crosses_network_in_clear(url):
        url = f"https{url.removeprefix('http')}"
    return (origin_of(url),)


def _usable_url(provider: ProviderSettings) -> str | None:
    try:
        return clean_base_url(configured_url(provider))
    except WorkbenchError:
        return None
