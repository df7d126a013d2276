"""Error bodies as OpenRouter sends them, for the commands ``error 402`` and so on."""

from dataclasses import dataclass, field

from tui.demo.catalogue import Json

_USER = "user_demo"


@dataclass(frozen=True, slots=True)
class ErrorReply:
    """An answer with an error status; ``retry_after`` is in seconds."""

    status: int
    message: str
    metadata: Json = field(default_factory=dict)
    retry_after: int | None = None

    def body(self) -> Json:
        """The JSON body."""
        error: Json = {"message": self.message, "code": self.status}
        if self.metadata:
            error["metadata"] = self.metadata
        return {"error": error, "user_id": _USER}

    def headers(self) -> dict[str, str]:
        """The headers beside ``content-type``."""
        return {} if self.retry_after is None else {"retry-after": str(self.retry_after)}


def error_on_request(status: int, model_id: str, provider: str) -> ErrorReply | None:
    """The error that ``error <status>`` asks for, or None if there is none of this status."""
    upstream = {"provider_name": provider}
    replies = (
        ErrorReply(401, "No cookie auth credentials found", {"error_type": "authentication"}),
        ErrorReply(
            402,
            "This request requires more credits, or fewer max_tokens. You requested up to 64000 "
            "tokens, but can only afford 1837. To increase, visit "
            "https://openrouter.ai/settings/credits and add more credits",
            {"error_type": "payment_required"},
        ),
        ErrorReply(
            403,
            "Input was flagged by moderation",
            {
                "reasons": ["demo"],
                "flagged_input": "error 403",
                "provider_name": provider,
                "model_slug": model_id,
                "error_type": "permission_denied",
            },
        ),
        ErrorReply(404, f"No endpoints found for {model_id}.", {"error_type": "not_found"}),
        ErrorReply(
            429,
            "Provider returned error",
            upstream
            | {
                "raw": f"{model_id} is temporarily rate-limited upstream. Please retry shortly.",
                "error_type": "rate_limit_exceeded",
            },
            retry_after=2,
        ),
        ErrorReply(500, "Internal Server Error", {"error_type": "server"}),
        ErrorReply(
            502,
            "Provider returned error",
            upstream
            | {
                "raw": '{"error":{"type":"api_error","message":"Internal server error"}}',
                "error_type": "provider_unavailable",
            },
        ),
        ErrorReply(
            503,
            "Provider returned error",
            upstream | {"raw": "Overloaded", "error_type": "provider_overloaded"},
            retry_after=1,
        ),
    )
    return next((reply for reply in replies if reply.status == status), None)


def unknown_model(model_id: str) -> ErrorReply:
    """The answer to a model that the catalogue does not have."""
    return ErrorReply(400, f"{model_id} is not a valid model ID")


def context_overflow(context_length: int, prompt_tokens: int, asked: int) -> ErrorReply:
    """The answer to a prompt that does not fit; all three figures are tokens."""
    return ErrorReply(
        400,
        f"This endpoint's maximum context length is {context_length} tokens. However, you "
        f"requested about {prompt_tokens + asked} tokens ({prompt_tokens} of text input, {asked} "
        "in the output). Please reduce the length of either one, or use the context-compression "
        "plugin to compress your prompt automatically.",
        {"provider_name": None, "error_type": "context_length_exceeded"},
    )
