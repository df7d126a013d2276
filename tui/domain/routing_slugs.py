"""The slugs that provider routing names: which exist, which was meant, and which endpoint is whose.

The tag of an endpoint is its provider's slug, alone or with a variant behind a slash, such as
``deepinfra/fp8`` or ``google-vertex/us-east5``; the slug alone stands for all of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from tui.domain.model import Endpoint
from tui.domain.problems import SettingProblem
from tui.domain.routing import Routing
from tui.domain.sanitize import single_line

_LISTS = ("order", "only", "ignore")
_ALIKE = 0.6
_SHORTEST_PART = 3


@dataclass(frozen=True, slots=True)
class ProviderInfo:
    """A provider as OpenRouter's ``/providers`` lists it; addresses and places where it names some.

    ``headquarters`` and ``datacenters`` are country codes.
    """

    slug: str
    name: str
    privacy_policy_url: str | None = None
    terms_of_service_url: str | None = None
    status_page_url: str | None = None
    headquarters: str | None = None
    datacenters: tuple[str, ...] = ()


def serves(tag: str, slug: str) -> bool:
    """Whether a slug in the routing means the endpoint with this tag."""
    return tag == slug or tag.startswith(f"{slug}/")


def nearest_slugs(
    text: str, known: Iterable[ProviderInfo], endpoints: Sequence[Endpoint] = (), most: int = 3
) -> list[str]:
    """The slugs most like a text, by slug and by name; those of the model's endpoints first."""
    wanted = text.strip().lower()[:100]
    by_name: dict[str, str] = {}
    for name, slug in _names(known, endpoints):
        by_name.setdefault(name, slug)
    within = [
        slug
        for name, slug in by_name.items()
        if len(wanted) >= _SHORTEST_PART and (wanted in name or _begins_with(wanted, name))
    ]
    alike = [by_name[name] for name in get_close_matches(wanted, by_name, most, _ALIKE)]
    exact = [by_name[wanted]] if wanted in by_name else []
    return list(dict.fromkeys([*exact, *within, *alike]))[:most]


def _names(
    known: Iterable[ProviderInfo], endpoints: Sequence[Endpoint]
) -> Iterator[tuple[str, str]]:
    """Everything a provider is called, in lower case, with its slug."""
    for endpoint in endpoints:
        if endpoint.tag:
            yield endpoint.tag.lower(), endpoint.tag
            yield endpoint.provider_name.lower(), endpoint.tag.partition("/")[0]
    for provider in known:
        yield provider.slug.lower(), provider.slug
        yield provider.name.lower(), provider.slug


def _begins_with(wanted: str, name: str) -> bool:
    """Whether what was written is a known name with something behind it, as ``azure-eu``."""
    return len(name) >= _SHORTEST_PART and wanted.startswith(name)


def check_slugs(
    routing: Routing, known: Iterable[ProviderInfo], endpoints: Sequence[Endpoint] = ()
) -> tuple[SettingProblem, ...]:
    """The slugs that nobody has, each with the nearest; empty while no slug is known at all.

    ``known`` is what ``/providers`` lists and ``endpoints`` who serves the model; a slug of either
    is fine, so that a new provider is never refused.
    """
    providers = list(known)
    slugs = {provider.slug.lower() for provider in providers}
    if not slugs:
        return ()
    tags = [endpoint.tag for endpoint in endpoints if endpoint.tag]
    problems = []
    for name in _LISTS:
        for slug in getattr(routing, name):
            exists = slug.partition("/")[0] in slugs or any(serves(tag, slug) for tag in tags)
            if not exists:
                problems.append(_unknown(name, slug, nearest_slugs(slug, providers, endpoints)))
    return tuple(problems)


def _unknown(field: str, slug: str, near: list[str]) -> SettingProblem:
    what = f"{field}: there is no provider called {single_line(slug, 60)}."
    step = f"Did you mean {' or '.join(near)}?" if near else "Choose one from the list."
    return SettingProblem(field, what, step)


def complete_slugs(
    text: str, known: Iterable[ProviderInfo], endpoints: Sequence[Endpoint] = ()
) -> list[ProviderInfo]:
    """The providers whose slug or name holds the text: those that serve the model come first.

    Within each group, those that begin with the text come first.
    """
    wanted = text.strip().lower()
    serving = {endpoint.tag.partition("/")[0] for endpoint in endpoints}
    listed = {provider.slug: provider for provider in known}
    for endpoint in endpoints:
        slug = endpoint.tag.partition("/")[0]
        if slug:
            listed.setdefault(slug, ProviderInfo(slug, endpoint.provider_name))

    def place(provider: ProviderInfo) -> tuple[bool, bool, str]:
        begins = provider.slug.startswith(wanted) or provider.name.lower().startswith(wanted)
        return provider.slug not in serving, not begins, provider.name.lower()

    fitting = (
        provider
        for provider in listed.values()
        if wanted in provider.slug.lower() or wanted in provider.name.lower()
    )
    return sorted(fitting, key=place)
