"""Branches of the conversation on screen: what is sent, what counts and what is stored."""

from decimal import Decimal

from tests.ui.controllers.test_chat import ANSWER, REFUSED, Make, Workplace, make
from tui.domain.conversation import Conversation
from tui.domain.events import Failed
from tui.domain.tree import CONTINUE_PROMPT, Place
from tui.ui.controllers.branching import Branching, places_of
from tui.ui.controllers.chips import Outgoing, Unsent

__all__ = ["make"]


def conversation_of(place: Workplace) -> Conversation:
    conversation = place.chat.conversation
    assert conversation is not None
    return conversation


def edit(place: Workplace, message_id: str, text: str) -> Outgoing:
    return Outgoing(conversation_of(place), Unsent(text), replaces=message_id)


def sent(place: Workplace, number: int) -> list[object]:
    return [message["content"] for message in place.service.bodies[number]["messages"]]


async def test_an_edit_and_an_answer_once_more_send_their_own_path_and_all_of_it_counts(
    make: Make,
) -> None:
    place = await make(ANSWER, ANSWER, ANSWER, ANSWER)
    branching = Branching(place.chat)
    await place.chat.send("one")
    await place.chat.send("two")
    first, _, second, last = conversation_of(place).path()

    assert await branching.regenerate(last.id)
    assert sent(place, 2) == ["one", "Yes.", "two"]
    assert places_of(conversation_of(place)) == {conversation_of(place).leaf_id: Place(2, 2)}

    assert await branching.resend(edit(place, first.id, "uno"))
    assert sent(place, 3) == ["uno"]
    assert len(conversation_of(place).path()) == 2
    assert place.chat.spent.amount == Decimal("1.00")

    assert await branching.step(conversation_of(place).path()[0].id, -1) == first.id
    history = await place.session.wait_for_history()
    loaded = await history.load(conversation_of(place).id)
    assert loaded is not None
    assert loaded.path() == conversation_of(place).path()
    assert second in loaded.path()


async def test_what_nobody_typed_is_never_put_into_the_prompt(make: Make) -> None:
    place = await make(ANSWER, [Failed(REFUSED)], [Failed(REFUSED)], [Failed(REFUSED)])
    branching = Branching(place.chat)
    await place.chat.send("one")
    prompt, answer = conversation_of(place).path()

    await branching.regenerate(answer.id)
    await branching.go_on(answer.id)
    assert sent(place, 2) == ["one", "Yes.", CONTINUE_PROMPT]
    assert place.view.prompt == ""

    await branching.resend(edit(place, prompt.id, "uno"))
    assert place.view.offered[-1] == "uno"


async def test_what_makes_no_sense_asks_nothing(make: Make) -> None:
    place = await make(ANSWER)
    branching = Branching(place.chat)
    await place.chat.send("one")
    prompt, answer = conversation_of(place).path()

    assert not await branching.resend(edit(place, answer.id, "text"))
    assert not await branching.go_on(prompt.id)
    assert await branching.step(prompt.id, 1) is None
    assert await branching.restore() is None
    assert len(place.service.bodies) == 1
