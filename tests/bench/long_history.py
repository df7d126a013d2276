"""A history with one very long conversation in it, for the benchmarks that open it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.bench import answer
from tests.fakes.conversations import MODEL, NOON, answer_to, finished, prompt_in
from tui.domain.conversation import Conversation, Message
from tui.services.history import History
from tui.services.paths import resolve_paths

MESSAGES = 10_000
CHARACTERS = 8_000_000
"""Two million tokens."""
LAST_WORDS = "the very last words"
_PROMPT = 160
_SOURCE = 400_000


def write(home: Path, messages: int = MESSAGES, characters: int = CHARACTERS) -> str:
    """Write the conversation into the home's history; its id."""
    return asyncio.run(_write(home, messages, characters))


async def _write(home: Path, messages: int, characters: int) -> str:
    history = await History.open(resolve_paths(home, {}).history_file)
    conversation = await history.new_conversation(MODEL)
    turns = messages // 2
    length = characters // turns - _PROMPT
    paragraphs = answer.mixed(_SOURCE).split("\n\n## ")
    place = 0
    for number in range(turns):
        text = ""
        while len(text) < length:
            text += f"## {paragraphs[place % len(paragraphs)]}\n\n"
            place += 1
        question = f"Question {number}: {answer.prose(_PROMPT)}"[:_PROMPT]
        _put(conversation, question, f"# Answer {number}\n\n{text[:length]}", number)
    prompt = prompt_in(conversation, "And in the end?", parent_id=conversation.leaf_id)
    reply = answer_to(prompt)
    await history.begin_turn(conversation, prompt, reply)
    await history.finish_answer(finished(reply, LAST_WORDS))
    await history.aclose()
    return conversation.id


def _put(conversation: Conversation, question: str, text: str, number: int) -> None:
    at = NOON + timedelta(seconds=number)
    prompt = prompt_in(conversation, question, parent_id=conversation.leaf_id, at=at)
    reply: Message = replace(finished(answer_to(prompt, at=at), text), created_at=at)
    conversation.put(prompt)
    conversation.put(reply)
    conversation.leaf_id = reply.id
