"""A conversation that has something of everything a conversation can have."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from tests.fakes.conversations import MODEL, NOON, answer_to, finished, prompt_in
from tests.fakes.images import png
from tui.domain.attachments import inspect
from tui.domain.attachments_models import PdfEngine
from tui.domain.chat_settings import ChatSettings
from tui.domain.conversation import Conversation, Message, MessageState
from tui.domain.cost import Cost, CostSource
from tui.domain.errors import FailureKind
from tui.domain.pictures import Picture

IMAGE = png(4, 3)
NOTES = b"some notes\n"
FILES = {inspect(IMAGE, "sky.png").digest: IMAGE, inspect(NOTES, "notes.txt").digest: NOTES}
ANSWER = """It is *Rayleigh* scattering:

```py
print("<blue>")
```

| colour | bends |
|---|---|
| blue | more |
"""


def rich_conversation(name: str = "c1", title: str = "The sky & <b>why</b>") -> Conversation:
    """Two branches, files, images, reasoning, a failure, an answer of unknown cost."""
    chat = Conversation(
        id=name,
        session_id=f"s-{name}",
        model=MODEL,
        created_at=NOON,
        title=title,
        draft="not sent yet",
        system_prompt="Be brief.",
        settings=ChatSettings({"temperature": 0.2}, {"only": ["x"]}, "terse", PdfEngine.NATIVE),
        updated_at=NOON + timedelta(minutes=5),
        pinned=True,
        tags=("physics", "work"),
    )
    attached = (inspect(IMAGE, "sky.png"), inspect(NOTES, "notes.txt"))
    prompt = replace(_named(prompt_in(chat), f"{name}-q"), attachments=attached)
    answer = _named(finished(answer_to(prompt), ANSWER, cost="0.0042"), f"{name}-a")
    answer = replace(
        answer,
        reasoning="Light is a wave.\n\nSo.",
        reasoning_details=[{"type": "reasoning.text", "text": "Light", "index": 0, "n": 0.5}],
        annotations=({"type": "file", "file": {"hash": "abc", "content": []}},),
        images=(Picture.of(IMAGE),),
    )
    again = _named(finished(answer_to(prompt), "Rayleigh, again.", cost=None), f"{name}-b")
    assert again.generation is not None
    estimated = Cost(Decimal("0.001"), CostSource.ESTIMATED)
    again = replace(
        again,
        generation=replace(again.generation, cost=estimated, copied=name.startswith("fork")),
        state=MessageState.STOPPED,
    )
    more = _named(
        prompt_in(chat, "And at night?\n\n# Not a heading", parent_id=again.id), f"{name}-r"
    )
    failed = replace(
        _named(answer_to(more), f"{name}-f"),
        state=MessageState.FAILED,
        failure_kind=FailureKind.OVERLOADED,
        failure_text="The provider is busy.\nTry again.",
    )
    for message in (prompt, answer, again, more, failed):
        chat.put(message)
    chat.leaf_id = failed.id
    return chat


def _named(message: Message, name: str) -> Message:
    return replace(message, id=name)
