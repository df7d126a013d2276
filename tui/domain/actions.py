"""What a user can do about a failure, as data: a screen makes buttons of it, a terminal words."""

from dataclasses import dataclass
from enum import StrEnum

CREDITS_PAGE = "https://openrouter.ai/settings/credits"
KEYS_PAGE = "https://openrouter.ai/settings/keys"
PRIVACY_PAGE = "https://openrouter.ai/settings/privacy"
STATUS_PAGE = "https://status.openrouter.ai"


class ActionKind(StrEnum):
    """What an action does; each needs the fields that are named with it."""

    RETRY = "retry"
    """Send the same again."""
    RETRY_WITH_MAX_TOKENS = "retry_with_max_tokens"
    """Send the same again with ``max_tokens``."""
    WAIT = "wait"
    """Send the same again after ``seconds``, with a countdown that can be stopped."""
    CONTINUE = "continue"
    """Let the model go on where the answer broke off."""
    EDIT_MESSAGE = "edit_message"
    """Put the message back into the prompt."""
    NEW_CHAT = "new_chat"
    """Send the message in a new conversation."""
    COMPRESS = "compress"
    """Check "Compress prompts" and send again."""
    OTHER_MODEL = "other_model"
    """Open the catalogue with ``filter``."""
    LARGER_MODEL = "larger_model"
    """Open the catalogue with ``filter``: a longer context."""
    CHEAPER_MODEL = "cheaper_model"
    """Open the catalogue with ``filter``: a lower price."""
    USE_MODEL = "use_model"
    """Send the same to the model ``names[0]``."""
    AVOID_PROVIDER = "avoid_provider"
    """Never let the provider called ``names[0]`` serve this model, and send again."""
    USE_PROVIDER = "use_provider"
    """Send the same to the configured provider ``names[0]``."""
    SHOW_ROUTING = "show_routing"
    """Open the routing of the model; ``names`` say in words what of it excludes endpoints."""
    SHOW_PARAMETERS = "show_parameters"
    """Open the parameters of the model; ``names`` are those that are set."""
    ENTER_KEY = "enter_key"
    """Open the settings at the key."""
    DECIDE_ABOUT_KEY = "decide_about_key"
    """Ask whether the key may go to this server."""
    OPEN_SETTINGS = "open_settings"
    """Open the settings at the base URL."""
    OPEN_PAGE = "open_page"
    """Open ``url`` in the browser."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done; ``label`` is short enough for a button."""

    kind: ActionKind
    label: str
    max_tokens: int | None = None
    seconds: float | None = None
    url: str = ""
    filter: str = ""
    names: tuple[str, ...] = ()


RETRY = Action(ActionKind.RETRY, "Send again")
EDIT_MESSAGE = Action(ActionKind.EDIT_MESSAGE, "Change the message")
NEW_CHAT = Action(ActionKind.NEW_CHAT, "Start a new chat")
OTHER_MODEL = Action(ActionKind.OTHER_MODEL, "Choose another model")
ENTER_KEY = Action(ActionKind.ENTER_KEY, "Enter another key")
OPEN_SETTINGS = Action(ActionKind.OPEN_SETTINGS, "Check the address")
OPEN_CREDITS = Action(ActionKind.OPEN_PAGE, "Open the credits page", url=CREDITS_PAGE)
OPEN_KEYS = Action(ActionKind.OPEN_PAGE, "Open the keys page", url=KEYS_PAGE)
OPEN_PRIVACY = Action(ActionKind.OPEN_PAGE, "Open the privacy settings", url=PRIVACY_PAGE)
OPEN_STATUS = Action(ActionKind.OPEN_PAGE, "Open the status page", url=STATUS_PAGE)
