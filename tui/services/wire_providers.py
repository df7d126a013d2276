"""The providers that OpenRouter routes to, as its list names them."""

from tui.domain.routing_slugs import ProviderInfo
from tui.domain.sanitize import link_target, single_line
from tui.domain.values import as_list, as_names, as_object, as_text, parse_json

_MOST_PROVIDERS = 2_000
_LONGEST_NAME = 100


def parse_providers(body: bytes) -> tuple[ProviderInfo, ...]:
    """The rows in the body of ``GET /providers`` that have a slug, each slug once.

    Raises ValueError for a body that is not JSON.
    """
    rows = as_list(as_object(parse_json(body)).get("data"))
    found: dict[str, ProviderInfo] = {}
    for row in map(as_object, rows[:_MOST_PROVIDERS]):
        slug = single_line(as_text(row.get("slug")), _LONGEST_NAME).strip().lower()
        if slug and slug not in found:
            found[slug] = ProviderInfo(
                slug,
                single_line(as_text(row.get("name")), _LONGEST_NAME) or slug,
                link_target(as_text(row.get("privacy_policy_url"))),
                link_target(as_text(row.get("terms_of_service_url"))),
                link_target(as_text(row.get("status_page_url"))),
                single_line(as_text(row.get("headquarters")), _LONGEST_NAME) or None,
                as_names(row.get("datacenters")),
            )
    return tuple(found.values())
