"""What was used and charged, read from the shapes in which servers report it."""

from tui.domain.cost import Usage
from tui.domain.values import as_count, as_flag, as_money, as_object


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
        cost=as_money(usage.get("cost")),
        upstream_inference_cost=as_money(details.get("upstream_inference_cost")),
        is_byok=as_flag(usage.get("is_byok")),
        upstream_prompt_cost=as_money(details.get("upstream_inference_prompt_cost")),
        upstream_completion_cost=as_money(details.get("upstream_inference_completions_cost")),
        server_tool_cost=as_money(details.get("server_tool_cost")),
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
        cost=as_money(data.get("total_cost")),
        upstream_inference_cost=as_money(data.get("upstream_inference_cost")),
        is_byok=as_flag(data.get("is_byok")),
    )
    return found if found != Usage() else None
