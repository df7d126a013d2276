"""Random edits, regenerations, forks, removals and undos, played against a plain model of a tree.

The real tree goes through the real database; the model is nested objects and knows no storage.
"""

import asyncio
import tempfile
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.fakes.conversations import MODEL, answer_to, finished, prompt_in
from tui.domain.conversation import Conversation, Message, Role
from tui.domain.cost import Cost, CostSource
from tui.domain.request import TurnSettings, build_body
from tui.domain.settings import ProviderKind
from tui.domain.tree import (
    CONTINUE_PROMPT,
    Asking,
    Tree,
    answer_again,
    continue_answer,
    fork,
    remove_branch,
    restore_branch,
    send_instead,
    send_next,
    show_branch,
)
from tui.services.branches import (
    store_conversation,
    store_leaf,
    store_removal,
    store_return,
    store_settings,
)
from tui.services.history import History
from tui.services.shelf import delete_all, undelete_all

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
TURN = TurnSettings(ProviderKind.OPENROUTER, MODEL)
PICK = st.integers(0, 999)
GESTURES = [
    *["send", "edit", "regenerate", "go on", "step"] * 3,
    *["remove", "undo", "fork", "switch", "purge", "settle"] * 2,
    *["delete and undo", "delete for good", "system prompt"],
]
Result = TypeVar("Result")


@dataclass(eq=False)
class Node:
    """One message of the model: what it says, what it cost, and what stands below it."""

    text: str
    role: str
    parent: "Node | None"
    cost: Decimal = Decimal(0)
    below: "list[Node]" = field(default_factory=list)
    last: "Node | None" = None
    gone: bool = False

    def seen_below(self) -> "list[Node]":
        return [node for node in self.below if not node.gone]

    def end(self) -> "Node":
        seen = self.seen_below()
        if not seen:
            return self
        return (self.last if self.last in seen and self.last is not None else seen[-1]).end()

    def whole(self) -> "Iterator[Node]":
        yield self
        for node in self.below:
            yield from node.whole()

    def line(self) -> "list[Node]":
        return [*(self.parent.line() if self.parent else []), self]


@dataclass(eq=False)
class Model:
    """One conversation of the model; ``root`` stands above all first messages."""

    root: Node = field(default_factory=lambda: Node("", "root", None))
    leaf: "Node | None" = None
    spent: Decimal = Decimal(0)
    system: str = ""
    removals: "list[list[Node]]" = field(default_factory=list)

    def path(self) -> list[Node]:
        return self.leaf.line()[1:] if self.leaf is not None else []

    def show(self, leaf: Node) -> None:
        for line in (self.path(), leaf.line()[1:]):
            for node in line:
                assert node.parent is not None
                node.parent.last = node
        self.leaf = leaf

    def forget_steps(self) -> None:
        """What only a session remembers: which way each branch went."""
        for node in self.root.whole():
            node.last = None

    def visible(self, role: str | None = None) -> list[Node]:
        nodes = [node for node in self.root.whole() if node is not self.root]
        return [
            node
            for node in nodes
            if not any(above.gone for above in node.line()) and role in (None, node.role)
        ]


class TreeMachine(RuleBasedStateMachine):
    """Plays what a user can do, and compares after every gesture."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()
        self.history = self.run(History.open(Path(self.folder.name) / "history.db"))
        self.models: dict[str, Model] = {}
        self.ids: dict[Node, str] = {}
        self.number = 0
        self.total = Decimal(0)

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(coroutine)

    def teardown(self) -> None:
        self.run(self.history.aclose())
        self.runner.close()
        self.folder.cleanup()

    @property
    def model(self) -> Model:
        return self.models[self.chat.id]

    @initialize()
    def start(self) -> None:
        """A new conversation; it exists from its first message on."""
        self.chat = self.run(self.history.new_conversation(MODEL))
        self.models[self.chat.id] = Model()

    def take(self, asking: Asking, text: str, above: Node) -> None:
        """Take the turn that is asked for, as the program does, and note it in the model."""
        self.number += 1
        cost = Decimal(self.number) / 1000
        prompt = asking.prompt
        if prompt is None:
            prompt = prompt_in(self.chat, text, parent_id=asking.parent_id)
            above = self.note(prompt, above)
        answer = answer_to(prompt)
        self.run(self.history.begin_turn(self.chat, prompt, answer))
        done = finished(answer, f"answer {self.number}", cost=str(cost))
        self.run(self.history.finish_answer(done))
        for message in (prompt, done):
            self.chat.put(message)
        self.chat.leaf_id = done.id
        node = self.note(done, above)
        node.cost = cost
        self.model.leaf = node
        self.model.spent += cost
        self.total += cost

    def note(self, message: Message, above: Node) -> Node:
        node = Node(message.text, str(message.role), above)
        above.below.append(node)
        self.ids[node] = message.id
        return node

    def some(self, pick: int, role: str | None = None) -> Node | None:
        nodes = self.model.visible(role)
        return nodes[pick % len(nodes)] if nodes else None

    def send(self) -> None:
        self.take(send_next(self.chat), f"prompt {self.number}", self.model.leaf or self.model.root)

    def edit(self, pick: int) -> None:
        node = self.some(pick, Role.USER)
        if node is not None and node.parent is not None:
            asking = send_instead(self.chat, self.ids[node])
            assert asking is not None
            self.take(asking, f"edit {self.number}", node.parent)

    def regenerate(self, pick: int) -> None:
        node = self.some(pick, Role.ASSISTANT)
        if node is not None and node.parent is not None:
            asking = answer_again(self.chat, self.ids[node])
            assert asking is not None
            self.take(asking, "", node.parent)

    def go_on(self, pick: int) -> None:
        node = self.some(pick, Role.ASSISTANT)
        if node is not None:
            asking = continue_answer(self.chat, self.ids[node])
            assert asking is not None
            self.take(asking, CONTINUE_PROMPT, node)

    def step(self, pick: int, step: int) -> None:
        node = self.some(pick)
        if node is None or node.parent is None:
            return
        siblings = node.parent.seen_below()
        number = siblings.index(node) + step
        leaf_id = Tree(self.chat).beside(self.ids[node], step)
        if 0 <= number < len(siblings):
            assert leaf_id is not None
            show_branch(self.chat, leaf_id)
            self.run(store_leaf(self.history, self.chat))
            self.model.show(siblings[number].end())
        else:
            assert leaf_id is None

    def remove(self, pick: int) -> None:
        node = self.some(pick)
        if node is None or node.parent is None:
            return
        gone = [one for one in node.whole() if one in self.model.visible()]
        siblings = node.parent.seen_below()
        number = siblings.index(node)
        was_shown = node in self.model.path()
        ids = remove_branch(self.chat, self.ids[node])
        self.run(store_removal(self.history, self.chat, ids))
        assert set(ids) == {self.ids[one] for one in gone}
        if was_shown:
            others = [*siblings[:number][-1:], *siblings[number + 1 :][:1]]
            if others:
                self.model.show(others[0].end())
            else:
                above = node.parent
                self.model.show(above)
                self.model.leaf = above if above is not self.model.root else None
        for one in gone:
            one.gone = True
        self.model.removals.append(gone)

    def undo(self) -> None:
        if not self.model.removals:
            return
        gone = self.model.removals.pop()
        ids = [self.ids[node] for node in gone]
        restore_branch(self.chat, ids)
        self.run(store_return(self.history, self.chat, ids))
        for node in gone:
            node.gone = False
        self.model.show(gone[0].end())

    def branch_off(self, pick: int) -> None:
        node = self.some(pick)
        if node is None:
            return
        forked = fork(self.chat, self.ids[node], lambda: uuid4().hex, datetime.now(UTC))
        self.run(store_conversation(self.history, forked))
        copies = Model(system=self.model.system)
        above = copies.root
        for original, message in zip(node.line()[1:], forked.path(), strict=True):
            above = self.note(message, above)
            assert above.text == original.text
        copies.leaf = above
        self.models[forked.id] = copies
        self.open(forked.id)

    def switch(self, pick: int) -> None:
        written = [known for known in self.models if self.models[known].root.below]
        if written:
            self.open(written[pick % len(written)])

    def open(self, conversation_id: str) -> None:
        loaded = self.run(self.history.load(conversation_id))
        assert loaded is not None
        self.chat = loaded
        self.model.forget_steps()

    def delete_and_undo(self) -> None:
        """Both before anything is purged, so nothing may have changed."""
        self.run(delete_all(self.history, [self.chat.id]))
        assert self.run(self.history.load(self.chat.id)) is None
        self.run(undelete_all(self.history, [self.chat.id]))

    def delete_for_good(self) -> None:
        self.run(delete_all(self.history, [self.chat.id]))
        del self.models[self.chat.id]
        self.start()
        self.purge()

    def purge(self) -> None:
        """What was removed is gone for good; a conversation with nothing left vanishes."""
        self.run(self.history.purge_deleted())
        for known, model in list(self.models.items()):
            had = bool(model.root.below)
            for node in model.root.whole():
                node.below = node.seen_below()
            model.removals.clear()
            if had and not model.root.below:
                del self.models[known]
        if self.chat.id not in self.models:
            self.start()
        elif self.model.root.below:
            self.open(self.chat.id)

    def change_system_prompt(self, pick: int) -> None:
        text = ["Be brief.", "Answer in verse.", ""][pick % 3]
        self.chat.system_prompt = self.model.system = text
        self.run(store_settings(self.history, self.chat))

    def settle(self, pick: int) -> None:
        """The bill of an answer arrives later and is another one."""
        node = self.some(pick, Role.ASSISTANT)
        if node is None:
            return
        message = self.chat.messages[self.ids[node]]
        generation = message.generation
        assert generation is not None
        if generation.copied:
            return
        cost = node.cost + 1
        billed = replace(generation, cost=Cost(cost, CostSource.REPORTED))
        message = replace(message, generation=billed)
        self.chat.put(message)
        self.run(self.history.finish_answer(message))
        node.cost = cost
        self.model.spent += 1
        self.total += 1

    # One rule for all, since Hypothesis leaves out most of many rules in any one run.
    @rule(gesture=st.sampled_from(GESTURES), pick=PICK)
    def play(self, gesture: str, pick: int) -> None:
        match gesture:
            case "send":
                self.send()
            case "edit":
                self.edit(pick)
            case "regenerate":
                self.regenerate(pick)
            case "go on":
                self.go_on(pick)
            case "step":
                self.step(pick, 1 if pick % 2 else -1)
            case "remove":
                self.remove(pick)
            case "undo":
                self.undo()
            case "fork":
                self.branch_off(pick)
            case "switch":
                self.switch(pick)
            case "delete and undo":
                self.delete_and_undo()
            case "delete for good":
                self.delete_for_good()
            case "purge":
                self.purge()
            case "system prompt":
                self.change_system_prompt(pick)
            case "settle":
                self.settle(pick)

    @invariant()
    def is_as_the_model_says(self) -> None:
        self.compare(self.chat)

    @invariant()
    def is_stored_as_the_model_says(self) -> None:
        if self.model.root.below:
            loaded = self.run(self.history.load(self.chat.id))
            assert loaded is not None
            self.compare(loaded)
        assert self.run(self.history.spent_since(LONG_AGO)).amount == self.total

    def compare(self, chat: Conversation) -> None:
        path = [node.text for node in self.model.path()]
        assert [message.text for message in chat.path()] == path
        assert chat.cost().amount == self.model.spent
        in_sight = sorted(self.ids[node] for node in self.model.visible())
        assert sorted(message.id for message in chat.in_sight()) == in_sight
        view = Tree(chat)
        for node in self.model.path():
            assert node.parent is not None
            siblings = [self.ids[one] for one in node.parent.seen_below()]
            assert [one.id for one in view.siblings(self.ids[node])] == siblings
        system = [self.model.system] if self.model.system else []
        sent = build_body(chat.as_sent(chat.path()), TURN)["messages"]
        assert [message["content"] for message in sent] == [*system, *path]


TestTree = TreeMachine.TestCase
TestTree.settings = settings(max_examples=30, stateful_step_count=75, deadline=None)
