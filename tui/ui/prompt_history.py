"""Earlier prompts, recalled with Up and Down like in a shell."""

from collections.abc import Iterable, Sequence

_LOOKED_AT = 2_000
"""Characters of each prompt in which words are searched for."""


def matching(prompts: Iterable[str], text: str, most: int) -> list[str]:
    """The first ``most`` prompts that hold every word of the text, each once, in their order."""
    words = text.lower().split()
    found: dict[str, None] = {}
    for prompt in prompts:
        begin = prompt[:_LOOKED_AT].lower()
        if all(word in begin for word in words):
            found.setdefault(prompt)
            if len(found) == most:
                break
    return list(found)


class PromptHistory:
    """Walks through earlier prompts and back to the text that was being typed."""

    def __init__(self, newest_first: Sequence[str] = ()) -> None:
        self._prompts = list(newest_first)
        self._position = -1
        self._typed = ""

    def extend_older(self, newest_first: Sequence[str]) -> None:
        """Add prompts of earlier runs below those of this one."""
        known = set(self._prompts)
        self._prompts.extend(prompt for prompt in newest_first if prompt not in known)

    @property
    def prompts(self) -> Sequence[str]:
        """Those that are known, newest first."""
        return self._prompts

    def add(self, prompt: str) -> None:
        """Remember a prompt that was sent; the walk starts anew."""
        if prompt in self._prompts:
            self._prompts.remove(prompt)
        self._prompts.insert(0, prompt)
        self._position = -1

    def older(self, typed: str) -> str | None:
        """The next older prompt, or None at the end; ``typed`` is kept for the way back."""
        if self._position + 1 >= len(self._prompts):
            return None
        if self._position == -1:
            self._typed = typed
        self._position += 1
        return self._prompts[self._position]

    def newer(self) -> str | None:
        """The next newer prompt, at last the text that was being typed; None beyond it."""
        if self._position == -1:
            return None
        self._position -= 1
        return self._typed if self._position == -1 else self._prompts[self._position]
