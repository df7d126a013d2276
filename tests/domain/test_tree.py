"""Steps between branches, what a turn would ask, and what is removed or copied."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

import pytest

from tui.domain.conversation import Conversation, Generation, Message, MessageState, Role
from tui.domain.cost import Cost, CostSource, CostTotal
from tui.domain.tree import (
    Place,
    Tree,
    answer_again,
    continue_answer,
    fork,
    parent_of_next,
    remove_branch,
    restore_branch,
    send_instead,
    send_next,
    show_branch,
)

AT = datetime(2026, 3, 2, tzinfo=UTC)


def prompt(message_id: str, parent_id: str | None = None) -> Message:
    return Message(message_id, "c", parent_id, Role.USER, f"text of {message_id}", AT)


def answer(message_id: str, parent_id: str, cost: str = "0.1") -> Message:
    billed = Cost(Decimal(cost), CostSource.REPORTED)
    generation = Generation("m", "openrouter", cost=billed)
    text = f"text of {message_id}"
    return Message(message_id, "c", parent_id, Role.ASSISTANT, text, AT, generation=generation)


def chat(*messages: Message, leaf: str) -> Conversation:
    made = Conversation("c", "s", "m", AT, title="Sky", leaf_id=leaf)
    for message in messages:
        made.put(message)
    return made


@pytest.fixture
def tree() -> Conversation:
    """One prompt with two answers; below the second, a prompt that was edited twice."""
    return chat(
        prompt("q"),
        answer("a1", "q"),
        answer("a2", "q", "0.2"),
        prompt("more", "a2"),
        answer("b1", "more", "0.4"),
        prompt("edited", "a2"),
        answer("b2", "edited", "0.8"),
        prompt("again", "a2"),
        leaf="b2",
    )


def ids(messages: list[Message] | tuple[Message, ...]) -> list[str]:
    return [message.id for message in messages]


def test_each_message_knows_its_place_among_its_siblings(tree: Conversation) -> None:
    view = Tree(tree)
    assert view.place("a2") == Place(2, 2)
    assert view.place("edited") == Place(2, 3)
    assert view.place("b2") == Place(1, 1)
    assert view.place("nobody") == Place(0, 0)


def test_a_step_leads_to_the_newest_end_of_a_branch_never_seen(tree: Conversation) -> None:
    view = Tree(tree)
    assert view.beside("edited", -1) == "b1"
    assert view.beside("edited", 1) == "again"
    assert view.beside("a2", -1) == "a1"
    assert view.beside("a2", 1) is None
    assert view.leaf_below("q") == "again"


def test_a_step_away_and_back_leads_to_where_one_was(tree: Conversation) -> None:
    tree.leaf_id = "b1"  # as a turn does
    show_branch(tree, "a1")
    assert Tree(tree).beside("a1", 1) == "b1"


def test_editing_a_prompt_sends_what_was_before_it(tree: Conversation) -> None:
    asking = send_instead(tree, "edited")
    assert asking is not None
    assert (asking.parent_id, asking.prompt, ids(asking.path)) == ("a2", None, ["q", "a2"])
    first = send_instead(tree, "q")
    assert first is not None
    assert first.parent_id is None
    assert first.path == ()
    assert send_instead(tree, "a1") is None


@pytest.mark.parametrize("named", ["more", "b1"])
def test_regenerating_answers_the_same_prompt_once_more(tree: Conversation, named: str) -> None:
    asking = answer_again(tree, named)
    assert asking is not None
    assert asking.prompt == tree.messages["more"]
    assert ids(asking.path) == ["q", "a2", "more"]


def test_continuing_asks_below_the_answer_that_was_cut(tree: Conversation) -> None:
    asking = continue_answer(tree, "a1")
    assert asking is not None
    assert (asking.parent_id, asking.prompt, ids(asking.path)) == ("a1", None, ["q", "a1"])
    tree.put(replace(tree.messages["a1"], state=MessageState.STREAMING))
    assert continue_answer(tree, "a1") is None
    assert continue_answer(tree, "q") is None


def test_the_next_message_goes_below_the_active_path(tree: Conversation) -> None:
    asking = send_next(tree)
    assert (asking.parent_id, ids(asking.path)) == ("b2", ["q", "a2", "edited", "b2"])
    assert send_next(chat(leaf="")).parent_id is None


def test_a_removed_branch_is_out_of_sight_but_was_paid_for(tree: Conversation) -> None:
    before = tree.cost()
    assert remove_branch(tree, "edited") == ["edited", "b2"]
    assert ids(tree.children("a2")) == ["more", "again"]
    assert ids(tree.path()) == ["q", "a2", "more", "b1"]
    assert tree.cost() == before == CostTotal(Decimal("1.5"))


def test_removing_the_only_child_goes_back_to_its_parent(tree: Conversation) -> None:
    remove_branch(tree, "b2")
    assert tree.leaf_id == "edited"
    remove_branch(tree, "q")
    assert tree.leaf_id is None
    assert tree.path() == []


def test_removing_what_is_not_shown_leaves_the_active_path(tree: Conversation) -> None:
    remove_branch(tree, "a1")
    assert tree.leaf_id == "b2"


def test_a_branch_comes_back_where_it_was(tree: Conversation) -> None:
    gone = remove_branch(tree, "edited")
    restore_branch(tree, gone)
    assert ids(tree.children("a2")) == ["more", "edited", "again"]
    assert tree.leaf_id == "b2"


def test_nothing_is_removed_while_an_answer_streams(tree: Conversation) -> None:
    tree.put(replace(tree.messages["b2"], state=MessageState.STREAMING))
    assert remove_branch(tree, "a2") == []
    assert not tree.removed


def test_a_fork_holds_the_path_and_costs_nothing_anew(tree: Conversation) -> None:
    tree.system_prompt = "Be brief."
    numbers = count()
    forked = fork(tree, "b1", lambda: f"new{next(numbers)}", AT)
    assert [message.text for message in forked.path()] == [
        "text of q",
        "text of a2",
        "text of more",
        "text of b1",
    ]
    assert not forked.messages.keys() & tree.messages.keys()
    assert {message.conversation_id for message in forked.path()} == {forked.id}
    assert forked.cost() == CostTotal()
    assert forked.system_prompt == "Be brief."
    assert forked.session_id != tree.session_id


def test_a_fork_leaves_out_an_answer_that_streams(tree: Conversation) -> None:
    tree.put(replace(tree.messages["b2"], state=MessageState.STREAMING))
    numbers = count()
    forked = fork(tree, "b2", lambda: f"new{next(numbers)}", AT)
    assert [message.text for message in forked.path()][-1] == "text of edited"


def test_the_drawing_goes_deeper_at_each_fork(tree: Conversation) -> None:
    rows = [(row.message.id, row.depth, row.on_path) for row in Tree(tree).rows()]
    assert rows == [
        ("q", 0, True),
        ("a1", 1, False),
        ("a2", 1, True),
        ("more", 2, False),
        ("b1", 2, False),
        ("edited", 2, True),
        ("b2", 2, True),
        ("again", 2, False),
    ]


def test_the_system_prompt_is_sent_in_front_of_any_path(tree: Conversation) -> None:
    assert tree.as_sent(tree.path()) == tree.path()
    tree.system_prompt = "Be brief."
    first, *rest = tree.as_sent(tree.path())
    assert (first.role, first.text) == (Role.SYSTEM, "Be brief.")
    assert rest == tree.path()


def test_a_damaged_tree_ends_every_walk() -> None:
    looping = chat(prompt("a", "b"), answer("b", "a"), leaf="b")
    view = Tree(looping)
    assert view.leaf_below("a") in ("a", "b")
    assert set(ids(view.branch("a"))) == {"a", "b"}
    assert list(view.rows()) == []
    assert len(looping.path()) == 2


def test_a_long_conversation_is_walked_without_recursion() -> None:
    long = chat(prompt("0"), leaf="5000")
    for number in range(1, 5001):
        long.put(prompt(str(number), str(number - 1)))
    assert len(Tree(long).branch("0")) == 5001
    assert Tree(long).leaf_below("0") == "5000"
    assert sum(1 for _ in Tree(long).rows()) == 5001


@pytest.mark.parametrize(
    ("state", "said", "typed", "parent"),
    [
        (MessageState.COMPLETE, "text", "text of q", "a"),
        (MessageState.FAILED, "", "something else", None),
        (MessageState.FAILED, "half", "text of q", None),
        (MessageState.FAILED, "half", "something else", "a"),
        (MessageState.INTERRUPTED, "", "text of q", None),
        (MessageState.INTERRUPTED, "half", "text of q", None),
        (MessageState.INTERRUPTED, "", "something else", "a"),
        (MessageState.STOPPED, "half", "text of q", "a"),
    ],
)
def test_what_was_asked_in_vain_and_is_sent_again_becomes_a_sibling(
    state: MessageState, said: str, typed: str, parent: str | None
) -> None:
    ended = replace(answer("a", "q"), state=state, text=said)
    assert parent_of_next(chat(prompt("q"), ended, leaf="a"), typed) == parent
