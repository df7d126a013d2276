"""From a chat request to the endpoint that serves it: aliases, routers, fallbacks, context."""

from dataclasses import dataclass

from tui.demo.catalogue import DemoCatalogue, DemoModel, Json
from tui.demo.endpoints import DemoEndpoint, choose_endpoint, no_allowed_provider
from tui.demo.errors import ErrorReply, context_overflow, unknown_model
from tui.demo.prompt import (
    Prompt,
    as_names,
    as_object,
    asked_completion_tokens,
    wants_compression,
)

_FREE_ROUTER, _FREE_CHOICE = "openrouter/free", "deepseek/deepseek-v4-flash:free"
_AUTO_ROUTER = "openrouter/auto"
_AUTO_CHOICES = ("openai/gpt-5.4-mini", "anthropic/claude-sonnet-4.5")
_AUTO_THRESHOLD = 200
"""Prompts above so many tokens go to the larger model."""
_ANSWER_RESERVE = 512
"""Tokens kept free for the answer by compression when the request does not say how many."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request went; ``attempt`` counts the models that were tried, from 1."""

    requested: str
    endpoint: DemoEndpoint
    prompt: Prompt
    attempt: int = 1
    strategy: str = "direct"

    def as_metadata(self) -> Json:
        """The route as ``openrouter_metadata`` tells it."""
        model, provider = self.endpoint.model.served_as, self.endpoint.host.name
        metadata: Json = {
            "requested": self.requested,
            "strategy": self.strategy,
            "region": None,
            "summary": f"available=1, selected={provider}",
            "attempt": self.attempt,
            "is_byok": False,
            "endpoints": {
                "total": 1,
                "available": [{"model": model, "provider": provider, "selected": True}],
            },
        }
        if self.prompt.dropped:
            stage = {
                "type": "context_compression",
                "name": "context-compression",
                "summary": f"{self.prompt.dropped} messages removed from the middle",
                "data": {"engine": "middle-out", "messages_removed": self.prompt.dropped},
            }
            metadata["pipeline"] = [stage]
        return metadata


def find_route(catalogue: DemoCatalogue, body: Json, prompt: Prompt) -> Route | ErrorReply:
    """The first of the request's models that can take the prompt, else the last one's error."""
    names = as_names(body.get("models")) or [str(body.get("model") or _AUTO_ROUTER)]
    outcome: Route | ErrorReply = unknown_model(names[0])
    for attempt, name in enumerate(names, start=1):
        outcome = _route_to(catalogue, name, attempt, body, prompt)
        if isinstance(outcome, Route):
            break
    return outcome


def _route_to(
    catalogue: DemoCatalogue, name: str, attempt: int, body: Json, prompt: Prompt
) -> Route | ErrorReply:
    model = catalogue.find(name)
    if model is None:
        return unknown_model(name)
    served, strategy = _served(catalogue, model, prompt)
    preferences = as_object(body.get("provider"))
    endpoint = choose_endpoint(served, preferences)
    if endpoint is None:
        return ErrorReply(
            404,
            "No allowed providers are available for the selected model.",
            no_allowed_provider(served, preferences),
        )
    counted = prompt.counted_by(served.author)
    fitting = _fit(body, counted, served.context_length)
    if isinstance(fitting, ErrorReply):
        return fitting
    return Route(name, endpoint, fitting, attempt, "fallback" if attempt > 1 else strategy)


def _served(catalogue: DemoCatalogue, model: DemoModel, prompt: Prompt) -> tuple[DemoModel, str]:
    """The model behind an alias or a router, and OpenRouter's word for how it was found."""
    if model.id == _AUTO_ROUTER:
        return catalogue.models[_AUTO_CHOICES[prompt.tokens > _AUTO_THRESHOLD]], "auto"
    if model.id == _FREE_ROUTER:
        return catalogue.models[_FREE_CHOICE], "free"
    target = catalogue.target(model)
    return target, "direct" if target is model else "latest"


def _fit(body: Json, prompt: Prompt, context_length: int) -> Prompt | ErrorReply:
    asked = asked_completion_tokens(body)
    if prompt.tokens + (asked or 0) <= context_length:
        return prompt
    if wants_compression(body, context_length):
        shorter = prompt.compressed(context_length - (asked or _ANSWER_RESERVE))
        if shorter.tokens + (asked or 0) <= context_length:
            return shorter
    return context_overflow(context_length, prompt.tokens, asked or 0)
