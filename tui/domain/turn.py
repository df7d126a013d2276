"""What one turn is about to do: who is asked, with which settings, at which prices."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tui.domain.addresses import is_loopback
from tui.domain.answer import Answer
from tui.domain.attachments_request import NO_FILES, Files
from tui.domain.bill import amount_of
from tui.domain.caching_entries import WarmPrefix
from tui.domain.calibration import UNCALIBRATED, Calibration
from tui.domain.catalogue import Catalogue
from tui.domain.connection import Connection
from tui.domain.conversation import Message
from tui.domain.cost import Usage
from tui.domain.expected_prompt import expected_prompt
from tui.domain.model import Model, Pricing
from tui.domain.pages_read import pages_read
from tui.domain.parameters_layers import Layer
from tui.domain.prompt_size import PromptSize, prompt_size, raw_sizes
from tui.domain.provider_prices import own_pricing
from tui.domain.request import Json, TurnSettings, build_body, turn_settings
from tui.domain.settings import ProviderKind, Settings

_ANSWER_LIMITS = ("max_completion_tokens", "max_tokens")


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """A resolved turn; ``model`` is the catalogue's row, if there is one.

    ``calibration`` is what earlier answers of the model have taught about our estimates.
    """

    connection: Connection
    settings: TurnSettings
    model: Model | None
    catalogue: Catalogue = field(default_factory=Catalogue)
    calibration: Calibration = UNCALIBRATED
    has_own_prices: bool = False

    @property
    def is_local(self) -> bool:
        """Whether a server on this machine is asked: what it costs is its own affair.

        Unless the settings say what it costs, or the server itself does: it may hand the request on
        to somebody who is paid.
        """
        connection = self.connection
        is_ours = connection.kind is ProviderKind.COMPATIBLE and is_loopback(connection.base_url)
        return is_ours and not (self.has_own_prices or self.is_billed)

    @property
    def is_billed(self) -> bool:
        """Whether the provider's last answers named what they cost."""
        return self.connection.provider in self.calibration.billed_by

    @property
    def asked_completion(self) -> int | None:
        """The most tokens that the request lets the answer have, if it says so."""
        for name in _ANSWER_LIMITS:
            asked = self.settings.params.get(name)
            if isinstance(asked, int) and not isinstance(asked, bool) and asked > 0:
                return asked
        return None

    def body(self, path: Sequence[Message], files: Files = NO_FILES) -> Json:
        """The JSON body for the active path; ``files`` is the data of what is attached to it."""
        return build_body(path, self.settings, self.model, files)

    def size(self, path: Sequence[Message]) -> PromptSize:
        """How many tokens the path has for the model."""
        return prompt_size(path, self.settings.model, self.calibration)

    def expected_prompt(self, path: Sequence[Message], warm: WarmPrefix | None = None) -> Usage:
        """What the prompt will come to, with what is read from and written to the cache."""
        return expected_prompt(self.settings, self.model, path, self.size(path), warm)

    def new_answer(
        self, path: Sequence[Message], started: float, warm: WarmPrefix | None = None
    ) -> Answer:
        """The empty answer to the active path; ``started`` is monotonic, in seconds.

        ``warm`` is what the provider still holds of the path.
        """
        usual, asked = self.calibration.usual(), self.asked_completion
        return Answer(
            model_asked=self.settings.model,
            provider_name=self.connection.provider,
            started=started,
            expected=self.expected_prompt(path, warm),
            prompt_raw=0 if any(one.attachments for one in path) else sum(raw_sizes(path)),
            completion_ratio=self.calibration.completion.ratio,
            usual_completion=usual if asked is None else min(usual, asked),
            fee=amount_of(pages_read(self.settings, self.model, path)),
            pricing=self.model.pricing if self.model is not None else None,
            price_list=self.price_served,
            local=self.is_local,
            request_settings=self.settings.as_record(),
        )

    def price_served(self, served: str) -> Pricing | None:
        """The prices of a model under the name it is served by, unless it is the one asked for.

        Answers name the dated slug, which a free variant shares with the model that is paid for.
        """
        model = self.model
        base = served.partition(":")[0]
        is_asked = model is not None and base in (model.id, model.canonical_slug)
        if is_asked or self.has_own_prices:
            return None
        found = self.catalogue.find(served)
        return found.pricing if found is not None else None


def turn_request(
    settings: Settings,
    connection: Connection,
    catalogue: Catalogue,
    *,
    model_id: str,
    session_id: str,
    calibration: Calibration = UNCALIBRATED,
    layers: Sequence[Layer] = (),
) -> TurnRequest:
    """A turn with this model over this connection, by the settings of now.

    ``layers`` are what a preset and the conversation say above the settings. Prices that the
    settings give for a server win over those of its catalogue.
    """
    model = catalogue.find(model_id)
    own = own_pricing(settings.provider(connection.provider), model_id)
    if own is not None:
        model = replace(model or Model(model_id), pricing=own)
    return TurnRequest(
        connection,
        turn_settings(settings, connection, model_id, session_id, model=model, layers=layers),
        model,
        catalogue,
        calibration,
        has_own_prices=own is not None,
    )
