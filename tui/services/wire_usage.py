"""What was used and charged, read from the shapes in which servers report it."""

from decimal import Context, Decimal

from tui.domain.cost import Usage
from tui.services.values import as_count, as_flag, as_money, as_object

_CERTAIN_DIGITS, _MOST_DIGITS = 15, 17
"""Significant digits that a binary fraction holds for certain, and that it is written out with."""


def read_usage(value: object) -> Usage | None:
    """The ``usage`` of an answer, or None if it reports nothing.

    Figures that are not plain numbers in a sane range, strings included, count as not reported.
    """
    usage = as_object(value)
    prompt = as_object(usage.get("prompt_tokens_details"))
    completion = as_object(usage.get("completion_tokens_details"))
    details = as_object(usage.get("cost_details"))
    tools = as_object(usage.get("server_tool_use_details"))
    found = Usage(
        prompt_tokens=as_count(usage.get("prompt_tokens")),
        completion_tokens=as_count(usage.get("completion_tokens")),
        reasoning_tokens=as_count(completion.get("reasoning_tokens")),
        cached_tokens=as_count(prompt.get("cached_tokens")),
        cache_write_tokens=as_count(prompt.get("cache_write_tokens")),
        cost=_charge(usage.get("cost")),
        upstream_inference_cost=_charge(details.get("upstream_inference_cost")),
        is_byok=as_flag(usage.get("is_byok")),
        upstream_prompt_cost=_charge(details.get("upstream_inference_prompt_cost")),
        upstream_completion_cost=_charge(details.get("upstream_inference_completions_cost")),
        server_tool_cost=_charge(details.get("server_tool_cost")),
        web_searches=as_count(tools.get("web_search_requests")),
        audio_tokens=as_count(prompt.get("audio_tokens")),
        audio_output_tokens=as_count(completion.get("audio_tokens")),
        image_output_tokens=as_count(completion.get("image_tokens")),
    )
    return found if found != Usage() else None


def read_generation(value: object) -> Usage | None:
    """The usage from ``GET /generation``: counts in the model's own tokens, and the charge."""
    data = as_object(as_object(value).get("data"))
    found = Usage(
        prompt_tokens=as_count(data.get("native_tokens_prompt")),
        completion_tokens=as_count(data.get("native_tokens_completion")),
        reasoning_tokens=as_count(data.get("native_tokens_reasoning")),
        cached_tokens=as_count(data.get("native_tokens_cached")),
        cost=_charge(data.get("total_cost")),
        upstream_inference_cost=_charge(data.get("upstream_inference_cost")),
        is_byok=as_flag(data.get("is_byok")),
    )
    return found if found != Usage() else None


def _charge(value: object) -> Decimal | None:
    """An amount in USD without the noise of binary arithmetic.

    A server that adds up doubles reports 0.000027749999999999997 where it means 0.00002775 (seen
    from LiteLLM's proxy).
    """
    amount = as_money(value)
    if amount is None or not _CERTAIN_DIGITS < len(amount.as_tuple().digits) <= _MOST_DIGITS:
        return amount
    return Context(prec=_CERTAIN_DIGITS).plus(amount).normalize()
