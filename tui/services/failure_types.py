"""The words for every ``error_type`` of the API: what happened and what to do next."""

from tui.domain.errors import FailureKind as Kind
from tui.services.failure_words import Words

BY_TYPE = {
    "invalid_request": Words(
        Kind.BAD_REQUEST,
        "The request is not valid for this model.",
        "Check the parameters set for it, then send again.",
    ),
    "invalid_prompt": Words(
        Kind.BAD_REQUEST,
        "The model does not accept this prompt.",
        "Change the message or the system prompt, then send again.",
    ),
    "context_length_exceeded": Words(
        Kind.CONTEXT_OVERFLOW,
        "The conversation is longer than the model's context.",
        "Compress prompts (F2), start a new chat, or choose a model with more context (F3).",
    ),
    "max_tokens_exceeded": Words(
        Kind.BAD_REQUEST,
        "More answer tokens were asked for than the model can give.",
        "Lower max_tokens for this model.",
    ),
    "token_limit_exceeded": Words(
        Kind.CONTEXT_OVERFLOW,
        "Prompt and answer together pass the model's token limit.",
        "Shorten the conversation, or lower max_tokens for this model.",
    ),
    "string_too_long": Words(
        Kind.TOO_LARGE,
        "One text in the request is too long.",
        "Split the message into several.",
    ),
    "content_policy_violation": Words(
        Kind.MODERATED,
        "The message was flagged by moderation.",
        "Change the message, or choose a model without moderation (F3).",
    ),
    "refusal": Words(
        Kind.MODERATED,
        "The model refused to answer.",
        "Change the message, or choose another model (F3).",
    ),
    "invalid_image": Words(
        Kind.BAD_REQUEST,
        "An image in the conversation cannot be read.",
        "Remove the image, then send again.",
    ),
    "image_too_large": Words(
        Kind.TOO_LARGE,
        "An image in the conversation is too large.",
        "Send a smaller image.",
    ),
    "image_too_small": Words(
        Kind.BAD_REQUEST,
        "An image in the conversation is too small.",
        "Send a larger image.",
    ),
    "unsupported_image_format": Words(
        Kind.BAD_REQUEST,
        "The model does not read this image format.",
        "Send the image as PNG or JPEG.",
    ),
    "image_download_failed": Words(
        Kind.BAD_REQUEST,
        "The server could not fetch an image of the conversation.",
        "Check that the image's address can be reached from outside.",
    ),
    "image_not_found": Words(
        Kind.NOT_FOUND,
        "An image of the conversation does not exist.",
        "Check the image's address.",
    ),
    "authentication": Words(
        Kind.BAD_KEY,
        "The API key is wrong, disabled or expired.",
        "Enter another key in the settings (F2) or in OPENROUTER_API_KEY.",
    ),
    "payment_required": Words(
        Kind.NO_CREDIT,
        "There is not enough credit for this request.",
        "Add credit or raise the key's limit, lower max_tokens, or choose a cheaper model (F3).",
    ),
    "permission_denied": Words(
        Kind.FORBIDDEN,
        "The key has no permission for this request.",
        "Use a key that is allowed to, or choose another model (F3).",
    ),
    "not_found": Words(
        Kind.NOT_FOUND,
        "What was asked for does not exist on the server.",
        "Choose a model from the catalogue (F3), and check the base URL (F2).",
    ),
    "timeout": Words(
        Kind.TIMEOUT,
        "The answer did not come in time.",
        "Send again, or ask for less at once.",
    ),
    "precondition_failed": Words(
        Kind.BAD_REQUEST,
        "A precondition of the request failed.",
        "Remove special parameters of this model, then send again.",
    ),
    "payload_too_large": Words(
        Kind.TOO_LARGE,
        "The request holds more data than the server takes.",
        "Shorten the conversation or start a new chat.",
    ),
    "unprocessable": Words(
        Kind.BAD_REQUEST,
        "The server cannot process the request.",
        "Check the parameters and the provider routing of this model.",
    ),
    "rate_limit_exceeded": Words(
        Kind.RATE_LIMITED,
        "The rate limit is reached.",
        "Wait a moment and send again; free models have limits per minute and per day.",
    ),
    "server": Words(
        Kind.SERVER_ERROR,
        "Something failed inside the server.",
        "Send again; if it stays so, look at the server's status page.",
    ),
    "unmapped": Words(
        Kind.SERVER_ERROR,
        "The provider failed in a way that the server could not explain.",
        "Send again, or let another provider serve the model.",
    ),
    "provider_unavailable": Words(
        Kind.PROVIDER_ERROR,
        "The provider of this model cannot be reached.",
        "Send again, or allow other providers for this model.",
    ),
    "provider_overloaded": Words(
        Kind.OVERLOADED,
        "The provider of this model is overloaded.",
        "Send again in a minute, allow other providers, or choose another model (F3).",
    ),
    "model_not_found": Words(
        Kind.NOT_FOUND,
        "There is no model with this id.",
        "Choose one from the catalogue (F3).",
    ),
    "wrong_endpoint": Words(
        Kind.NOT_FOUND,
        "This model does not chat.",
        "Choose a model with text output (F3).",
    ),
    "no_endpoints": Words(
        Kind.NOT_FOUND,
        "No provider serves this model now.",
        "Choose another model (F3).",
    ),
    "model_deprecated": Words(
        Kind.NOT_FOUND,
        "This model is no longer offered.",
        "Choose its successor in the catalogue (F3).",
    ),
    "model_unavailable_upstream": Words(
        Kind.NOT_FOUND,
        "The provider no longer has this model.",
        "Allow other providers for it, or choose another model (F3).",
    ),
    "capacity_exhausted": Words(
        Kind.OVERLOADED,
        "All providers of this model are at capacity.",
        "Send again in a minute, or choose another model (F3).",
    ),
    "temporarily_unavailable": Words(
        Kind.OVERLOADED,
        "This model is unavailable for the moment.",
        "Send again in a few minutes, or choose another model (F3).",
    ),
    "region_restricted": Words(
        Kind.FORBIDDEN,
        "This model is not offered in your region.",
        "Choose another model (F3).",
    ),
    "privacy_restricted": Words(
        Kind.FORBIDDEN,
        "Your privacy settings exclude every provider of this model.",
        "Change them at the server, or choose another model (F3).",
    ),
    "constraint_filtered": Words(
        Kind.NOT_FOUND,
        "The provider routing leaves no provider for this model.",
        "Loosen the routing set for it, then send again.",
    ),
    "free_variant_ended": Words(
        Kind.NOT_FOUND,
        "This model is no longer free.",
        "Use its id without :free, or choose another free model (F3).",
    ),
}
