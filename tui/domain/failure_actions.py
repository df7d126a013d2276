"""Which actions help after a failure, by its kind and by what the request said."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from tui.domain.actions import (
    EDIT_MESSAGE,
    ENTER_KEY,
    NEW_CHAT,
    OPEN_CREDITS,
    OPEN_KEYS,
    OPEN_PRIVACY,
    OPEN_SETTINGS,
    OPEN_STATUS,
    OTHER_MODEL,
    RETRY,
    Action,
)
from tui.domain.actions import ActionKind as Do
from tui.domain.errors import Cause, Failure, Speaker
from tui.domain.errors import FailureKind as Kind
from tui.domain.failure_situation import (
    CAN_BE_ANSWERED_ELSEWHERE,
    CAN_BE_CONTINUED,
    Situation,
)
from tui.domain.figures import seconds, tokens
from tui.domain.model import Pricing
from tui.domain.routing_filter import excluding_settings
from tui.domain.routing_read import read_routing
from tui.domain.settings import ProviderKind

_FEWEST_TOKENS = 16
"""Some providers refuse a shorter answer."""
_MILLION = Decimal(1_000_000)
_FREE = ":free"
_ROUTED_TO_NOBODY = frozenset({"no_endpoints", "constraint_filtered"})
_PERHAPS_ROUTED_TO_NOBODY = frozenset({"not_found", ""})
_NO_ENDPOINT = frozenset({404, None})
_NOT_TAKEN_HERE = 405
_ABOUT_THE_MESSAGE = frozenset(
    {
        "image_download_failed",
        "image_not_found",
        "image_too_small",
        "invalid_image",
        "invalid_prompt",
        "unsupported_image_format",
    }
)


def actions_for(failure: Failure, situation: Situation) -> tuple[Action, ...]:
    """What can be done, the most promising first; each once."""
    find = _BY_KIND.get(failure.kind, _just_retry)
    found = [*find(failure, situation)]
    if situation.has_text and failure.kind in CAN_BE_CONTINUED:
        found.insert(0, Action(Do.CONTINUE, "Continue the answer"))
    if failure.kind in CAN_BE_ANSWERED_ELSEWHERE:
        found += [
            Action(Do.USE_PROVIDER, f"Ask {name} instead", names=(name,))
            for name in situation.stand_ins
        ]
    return tuple(dict.fromkeys(found))


def _just_retry(_failure: Failure, _situation: Situation) -> Iterator[Action]:
    yield RETRY


def _again(failure: Failure) -> Action:
    """Send again, after the time that the server asked for."""
    wait = failure.retry_after
    if wait is None:
        return RETRY
    return Action(Do.WAIT, f"Send again in {seconds(wait)}", seconds=wait)


def _no_credit(failure: Failure, situation: Situation) -> Iterator[Action]:
    affordable = failure.facts.affordable_tokens
    if affordable is not None and affordable >= _FEWEST_TOKENS:
        label = f"Send again with max_tokens {tokens(affordable)}"
        yield Action(Do.RETRY_WITH_MAX_TOKENS, label, max_tokens=affordable)
    if situation.kind is ProviderKind.OPENROUTER:
        yield OPEN_KEYS if failure.facts.cause is Cause.KEY_LIMIT else OPEN_CREDITS
    yield _cheaper(situation)
    yield ENTER_KEY


def _cheaper(situation: Situation) -> Action:
    pricing = situation.model.pricing if situation.model is not None else Pricing()
    price = pricing.completion
    below = f"out<{(price * _MILLION).normalize():f}" if price is not None and price > 0 else "free"
    return Action(Do.CHEAPER_MODEL, "Choose a cheaper model", filter=below)


def _rate_limited(failure: Failure, situation: Situation) -> Iterator[Action]:
    is_free = failure.facts.cause in (Cause.FREE_PER_DAY, Cause.FREE_PER_MINUTE)
    if not is_free or failure.retry_after is not None:
        yield _again(failure)
    yield from _another_provider(failure, situation)
    if is_free:
        if situation.model_id.endswith(_FREE):
            yield _use_model(situation.model_id.removesuffix(_FREE))
        yield OPEN_CREDITS
    yield from _another_model(failure)


def _another_provider(failure: Failure, situation: Situation) -> Iterator[Action]:
    """Let somebody else serve the model, if one provider of several has said no."""
    provider = failure.facts.provider
    if situation.kind is ProviderKind.COMPATIBLE or not provider:
        return
    tags = [one.tag for one in situation.endpoints if one.provider_name == provider]
    if len(situation.endpoints) == 1 or (situation.endpoints and not tags):
        return
    yield Action(Do.AVOID_PROVIDER, f"Avoid {provider}", names=(tags[0] if tags else provider,))


def _another_model(failure: Failure) -> Iterator[Action]:
    for model_id in failure.facts.fallback_models[:2]:
        yield _use_model(model_id)
    yield OTHER_MODEL


def _use_model(model_id: str) -> Action:
    return Action(Do.USE_MODEL, f"Ask {model_id.rpartition('/')[2]} instead", names=(model_id,))


def _not_found(failure: Failure, situation: Situation) -> Iterator[Action]:
    facts = failure.facts
    if facts.error_type in _ABOUT_THE_MESSAGE:
        yield EDIT_MESSAGE
        return
    if facts.error_type == "free_variant_ended" and situation.model_id.endswith(_FREE):
        yield _use_model(situation.model_id.removesuffix(_FREE))
    perhaps = facts.error_type in _PERHAPS_ROUTED_TO_NOBODY and failure.status in _NO_ENDPOINT
    if perhaps or facts.error_type in _ROUTED_TO_NOBODY or facts.excluded_by:
        yield from _routing(situation)
        if situation.params and facts.cause is Cause.UNSUPPORTED:
            yield _parameters(situation)
    yield from _another_model(failure)
    if situation.kind is ProviderKind.COMPATIBLE or failure.status == _NOT_TAKEN_HERE:
        yield OPEN_SETTINGS


def _routing(situation: Situation) -> Iterator[Action]:
    """The routing of the request, with what of it leaves endpoints out."""
    if situation.kind is ProviderKind.COMPATIBLE:
        return
    routing, _ = read_routing(situation.routing)
    because = excluding_settings(routing, situation.endpoints, [*situation.params])
    if because:
        yield Action(Do.SHOW_ROUTING, "Show the routing", names=because)


def _parameters(situation: Situation) -> Action:
    return Action(Do.SHOW_PARAMETERS, "Show the parameters", names=tuple(situation.params))


def _forbidden(failure: Failure, _situation: Situation) -> Iterator[Action]:
    if failure.facts.cause is Cause.PRIVACY:
        yield OPEN_PRIVACY
    elif failure.facts.cause is Cause.GUARDRAIL:
        yield EDIT_MESSAGE
        yield OPEN_KEYS
    elif failure.facts.error_type != "region_restricted":
        yield OPEN_KEYS
        yield ENTER_KEY
    yield from _another_model(failure)


def _moderated(_failure: Failure, _situation: Situation) -> Iterator[Action]:
    yield EDIT_MESSAGE
    yield Action(Do.OTHER_MODEL, "Choose a model without moderation", filter="-moderated")


def _overflow(failure: Failure, situation: Situation) -> Iterator[Action]:
    prompt, context = failure.facts.prompt_tokens, failure.facts.context_length
    fits = prompt is not None and context is not None and prompt + _FEWEST_TOKENS <= context
    if fits and prompt is not None and context is not None:
        left = context - prompt
        label = f"Send again with max_tokens {tokens(left)}"
        yield Action(Do.RETRY_WITH_MAX_TOKENS, label, max_tokens=left)
    if situation.kind is not ProviderKind.COMPATIBLE and not situation.compresses:
        yield Action(Do.COMPRESS, "Compress the prompt")
    least = prompt or context
    if context is None and situation.model is not None:
        least = situation.model.context_length
    larger = f"ctx>{least}" if least else "ctx>=200k"
    yield Action(Do.LARGER_MODEL, "Choose a larger model", filter=larger)
    yield NEW_CHAT


def _bad_request(failure: Failure, situation: Situation) -> Iterator[Action]:
    if failure.facts.error_type in _ABOUT_THE_MESSAGE:
        yield EDIT_MESSAGE
        yield OTHER_MODEL
        return
    if situation.params:
        yield _parameters(situation)
    yield from _routing(situation)
    yield EDIT_MESSAGE
    yield from _another_model(failure)


def _too_large(_failure: Failure, _situation: Situation) -> Iterator[Action]:
    yield EDIT_MESSAGE
    yield NEW_CHAT


def _empty(_failure: Failure, _situation: Situation) -> Iterator[Action]:
    yield RETRY
    yield NEW_CHAT
    yield OTHER_MODEL


def _provider_trouble(failure: Failure, situation: Situation) -> Iterator[Action]:
    yield _again(failure)
    yield from _another_provider(failure, situation)
    if failure.kind is Kind.OVERLOADED:
        yield from _routing(situation)
    yield from _another_model(failure)


def _server_trouble(failure: Failure, situation: Situation) -> Iterator[Action]:
    yield _again(failure)
    if situation.kind is ProviderKind.OPENROUTER and failure.said_by is Speaker.SERVER:
        yield OPEN_STATUS
    yield from _another_model(failure)


def _unreachable(_failure: Failure, _situation: Situation) -> Iterator[Action]:
    yield RETRY
    yield OPEN_SETTINGS


def _bad_key(_failure: Failure, situation: Situation) -> Iterator[Action]:
    yield ENTER_KEY
    if situation.kind is ProviderKind.OPENROUTER:
        yield OPEN_KEYS


def _key_withheld(_failure: Failure, _situation: Situation) -> Iterator[Action]:
    yield Action(Do.DECIDE_ABOUT_KEY, "Decide about the key")
    yield ENTER_KEY


def _bad_settings(_failure: Failure, situation: Situation) -> Iterator[Action]:
    yield from _routing(situation)
    if situation.params:
        yield _parameters(situation)
    yield OPEN_SETTINGS


_BY_KIND: dict[Kind, Callable[[Failure, Situation], Iterator[Action]]] = {
    Kind.NO_CREDIT: _no_credit,
    Kind.RATE_LIMITED: _rate_limited,
    Kind.NOT_FOUND: _not_found,
    Kind.FORBIDDEN: _forbidden,
    Kind.MODERATED: _moderated,
    Kind.CONTEXT_OVERFLOW: _overflow,
    Kind.BAD_REQUEST: _bad_request,
    Kind.TOO_LARGE: _too_large,
    Kind.EMPTY_ANSWER: _empty,
    Kind.OVERLOADED: _provider_trouble,
    Kind.PROVIDER_ERROR: _provider_trouble,
    Kind.SERVER_ERROR: _server_trouble,
    Kind.NAME_NOT_FOUND: _unreachable,
    Kind.REFUSED: _unreachable,
    Kind.UNREACHABLE: _unreachable,
    Kind.TLS: _unreachable,
    Kind.PROXY: _unreachable,
    Kind.REDIRECT: _unreachable,
    Kind.NOT_A_STREAM: _unreachable,
    Kind.BAD_DATA: _unreachable,
    Kind.BAD_KEY: _bad_key,
    Kind.NO_KEY: _bad_key,
    Kind.KEY_WITHHELD: _key_withheld,
    Kind.BAD_SETTINGS: _bad_settings,
}
