"""A conversation as Markdown, with its figures as YAML in front."""

import json
from collections.abc import Iterator, Sequence

from tui.domain.conversation import UNTITLED, Conversation
from tui.domain.export_selection import Scope, figures, files_of, heading, note, selected
from tui.domain.sanitize import copyable, single_line


def as_markdown(conversation: Conversation, scope: Scope = Scope.BRANCH) -> str:
    """The text of the file. What messages say stays as it is, but for what acts in a terminal."""
    parts = [_front_matter(conversation, scope), f"# {_title(conversation)}"]
    if conversation.system_prompt.strip():
        parts += ["## System", copyable(conversation.system_prompt).strip()]
    for row in selected(conversation, scope):
        message = row.message
        parts.append(f"## {heading(row)}")
        if message.reasoning.strip():
            parts.append("\n".join(f"> {line}".rstrip() for line in _lines(message.reasoning)))
        if message.text.strip():
            parts.append(copyable(message.text).strip("\n"))
        parts += [f"*{words}*" for words in files_of(message)]
        if words := note(message):
            parts.append(f"*{words}*")
    return "\n\n".join(parts) + "\n"


def _title(conversation: Conversation) -> str:
    return single_line(conversation.title, 200) or UNTITLED


def _lines(text: str) -> Iterator[str]:
    return (line.rstrip() for line in copyable(text).strip().split("\n"))


def _front_matter(conversation: Conversation, scope: Scope) -> str:
    """The figures as YAML; texts are quoted as JSON quotes them, which YAML reads."""
    shown = figures(selected(conversation, scope))
    updated = conversation.updated_at or conversation.created_at
    whole = conversation.cost()
    fields: list[tuple[str, str]] = [
        ("title", _quoted(_title(conversation))),
        ("model", _quoted(single_line(conversation.model, 200))),
        ("models", _listed(shown.models)),
        ("created", conversation.created_at.isoformat(timespec="seconds")),
        ("updated", updated.isoformat(timespec="seconds")),
        ("tags", _listed(conversation.tags)),
        ("messages", str(shown.messages)),
        ("prompt_tokens", str(shown.prompt_tokens)),
        ("completion_tokens", str(shown.completion_tokens)),
        ("cost_usd", f"{shown.cost.amount:f}"),
    ]
    if shown.cost.unknown:
        fields.append(("answers_of_unknown_cost", str(shown.cost.unknown)))
    if shown.cost.estimated:
        fields.append(("answers_of_estimated_cost", str(shown.cost.estimated)))
    if whole.amount != shown.cost.amount:
        fields.append(("conversation_cost_usd", f"{whole.amount:f}"))
    return "\n".join(["---", *(f"{name}: {value}" for name, value in fields), "---"])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _listed(texts: Sequence[str]) -> str:
    return f"[{', '.join(_quoted(single_line(text, 200)) for text in texts)}]"
