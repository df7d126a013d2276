"""The words for every status of the API: what happened and what to do next."""

from dataclasses import dataclass

from tui.domain.errors import FailureKind as Kind


@dataclass(frozen=True, slots=True)
class Words:
    """A kind of failure with one line on what happened and one on what to do."""

    kind: Kind
    what: str
    next_step: str


BY_STATUS = {
    400: Words(
        Kind.BAD_REQUEST,
        "The server did not accept the request.",
        "Check the model's id and its parameters, then send again.",
    ),
    401: Words(
        Kind.BAD_KEY,
        "The server does not accept the API key.",
        "Enter a valid key in the settings (F2) or in OPENROUTER_API_KEY.",
    ),
    402: Words(
        Kind.NO_CREDIT,
        "The account or the key has no credit left.",
        "Add credit or raise the key's limit; until then a local model still works.",
    ),
    403: Words(
        Kind.FORBIDDEN,
        "The key is not allowed to do this.",
        "Check the key's limits and guardrails, or choose another model (F3).",
    ),
    404: Words(
        Kind.NOT_FOUND,
        "The server has no such model, or nothing at this address.",
        "Check the model's id (F3), the privacy settings of the account and the base URL (F2).",
    ),
    405: Words(
        Kind.NOT_FOUND,
        "The server does not take chat requests at this address.",
        "Check the base URL in the settings (F2); it usually ends in /v1.",
    ),
    407: Words(
        Kind.PROXY,
        "The proxy wants a user name and a password.",
        "Put them into the proxy variable of the environment, or unset it.",
    ),
    408: Words(
        Kind.TIMEOUT,
        "The server waited too long for the request.",
        "Send again; if it stays so, the connection is too slow or the message too long.",
    ),
    409: Words(
        Kind.SERVER_ERROR,
        "The server was busy with a conflicting request.",
        "Send again.",
    ),
    412: Words(
        Kind.BAD_REQUEST,
        "A condition of the request does not hold.",
        "Remove provider routing and special parameters of this model, then send again.",
    ),
    413: Words(
        Kind.TOO_LARGE,
        "The request is larger than the server takes.",
        "Shorten the message or start a new chat.",
    ),
    422: Words(
        Kind.BAD_REQUEST,
        "The server understood the request but cannot use it.",
        "Check this model's parameters in the settings (F2), then send again.",
    ),
    429: Words(
        Kind.RATE_LIMITED,
        "Too many requests: the server limits how fast you may send.",
        "Wait a moment and send again, or choose another model (F3).",
    ),
    500: Words(
        Kind.SERVER_ERROR,
        "The server failed.",
        "Send again; if it stays so, choose another model (F3).",
    ),
    502: Words(
        Kind.PROVIDER_ERROR,
        "The provider's answer was broken or empty.",
        "Send again, or let another provider serve the model.",
    ),
    503: Words(
        Kind.OVERLOADED,
        "No provider can serve this model at the moment.",
        "Send again later, loosen the provider routing, or choose another model (F3).",
    ),
    504: Words(
        Kind.TIMEOUT,
        "The provider took too long to answer.",
        "Send again, or choose a faster model (F3).",
    ),
    524: Words(
        Kind.TIMEOUT,
        "The server's edge gave up waiting for the answer.",
        "Ask for a shorter answer or less reasoning, then send again.",
    ),
    529: Words(
        Kind.OVERLOADED,
        "The provider is overloaded.",
        "Send again in a minute, or choose another model (F3).",
    ),
}

STEPS_ELSEWHERE = {
    401: "Enter the key that this server wants in the settings (F2).",
    403: "Check what the server lets this key do, or choose another model (F3).",
    404: "Check the model's id (F3).",
    412: "Remove special parameters of this model, then send again.",
    502: "Send again; if it stays so, look at the server's log.",
    503: "Send again later, or look at the server's log.",
}
"""What to do about a status at a server that is not OpenRouter: it has no routing, no account."""

OTHER_4XX = Words(
    Kind.BAD_REQUEST,
    "The server refused the request.",
    "Read what it said; the request itself must change.",
)
OTHER_5XX = Words(
    Kind.SERVER_ERROR,
    "The server has an internal problem.",
    "Send again later.",
)
TOKEN_LIMIT_REACHED = Words(
    Kind.BAD_REQUEST,
    "The answer reached the token limit.",
    "Raise max_tokens for this model (F6), or shorten the conversation.",
)
UNEXPECTED = Words(
    Kind.PROVIDER_ERROR,
    "The server reported an error.",
    "Read what it said, then send again or choose another model (F3).",
)
ENDED_WITH_ERROR = Words(
    Kind.PROVIDER_ERROR,
    "The provider ended the answer with an error and gave no reason.",
    "What arrived is kept. Send again, or let another provider serve the model.",
)
