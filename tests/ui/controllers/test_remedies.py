from dataclasses import dataclass, replace
from typing import Self, cast

import pytest

from tests.fakes.conversations import NOON, answer_to, prompt_in
from tui.domain.actions import OPEN_SETTINGS, RETRY, Action, ActionKind
from tui.domain.conversation import Conversation, Generation, Message, MessageState
from tui.domain.errors import Failure, FailureKind
from tui.domain.failure_situation import Situation
from tui.domain.model import Model
from tui.domain.settings import ProviderKind
from tui.ui.controllers.chat import Chat
from tui.ui.controllers.remedies import Remedies, offered, situation_of, stored_failure

CONVERSATION = Conversation("c", "s", "example/model", NOON)
MODEL = Model("example/model")


def failed(**settings: object) -> Message:
    generation = Generation("example/model", "openrouter", request_settings=settings)
    return replace(
        answer_to(prompt_in(CONVERSATION), "Half"),
        state=MessageState.FAILED,
        generation=generation,
        failure_kind=FailureKind.NO_CREDIT,
        failure_text="No credit.\nBuy some.",
    )


def test_each_action_is_offered_once_and_no_long_wait() -> None:
    wait = Action(ActionKind.WAIT, "Send again in 20 s", seconds=20)
    tomorrow = Action(ActionKind.WAIT, "Send again in 1 h", seconds=3_600)
    avoid = Action(ActionKind.AVOID_PROVIDER, "Avoid Example", names=("example",))
    assert offered([wait, avoid, tomorrow, RETRY, OPEN_SETTINGS]) == (
        wait,
        avoid,
        RETRY,
        OPEN_SETTINGS,
    )


def test_the_situation_of_an_answer_of_an_earlier_run_is_read_from_what_was_sent() -> None:
    sent = failed(
        kind="compatible",
        provider={"only": ["example"]},
        params={"temperature": 0.5},
        fallbacks=["other/model"],
        compress_prompts=True,
    )
    assert situation_of(sent, MODEL) == Situation(
        kind=ProviderKind.COMPATIBLE,
        model_id="example/model",
        model=MODEL,
        routing={"only": ["example"]},
        params={"temperature": 0.5},
        fallbacks=("other/model",),
        compresses=True,
        has_text=True,
    )
    damaged = failed(kind=7, provider="example", params=[], fallbacks="all")
    assert situation_of(damaged, None) == Situation(model_id="example/model", has_text=True)


def test_a_failure_of_an_earlier_run_has_its_kind_and_its_words() -> None:
    failure = stored_failure(failed())
    assert failure is not None
    assert (failure.kind, failure.what, failure.next_step) == (
        FailureKind.NO_CREDIT,
        "No credit.",
        "Buy some.",
    )
    assert stored_failure(prompt_in(CONVERSATION)) is None


@dataclass
class NobodyElse:
    """As much of a chat as the actions need; of its providers only ``able`` can stand in."""

    failures: dict[str, Failure]
    able: str = ""

    @property
    def session(self) -> Self:
        return self

    runtime = session

    def can_stand_in(self, provider: str, asked: str) -> bool:
        return asked == "example/model" and provider == self.able


@pytest.mark.parametrize(("able", "left"), [("box", 1), ("", 0)])
async def test_a_provider_that_cannot_have_the_model_is_not_offered(able: str, left: int) -> None:
    message = failed()
    box = Action(ActionKind.USE_PROVIDER, "Ask box instead", names=("box",))
    others = Action(ActionKind.USE_PROVIDER, "Ask openrouter instead", names=("openrouter",))
    failure = Failure(FailureKind.OVERLOADED, "Busy.", "Wait.", actions=(RETRY, box, others))
    chat = NobodyElse({message.id: failure}, able)
    remedies = Remedies(cast(Chat, chat), lambda _: ())
    assert await remedies.actions(message) == (RETRY, *[box][:left])
