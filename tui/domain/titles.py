"""Words about a setting as a screen says them: by its title instead of the name that is sent.

The checks name a field as config.toml and the API do, where that is what the user has written.
"""

import re
from collections.abc import Mapping
from typing import Final

from tui.domain.parameters import PARAMETERS
from tui.domain.problems import SettingProblem
from tui.domain.routing import ROUTING_FIELDS

PARAMETER_TITLES: Final[Mapping[str, str]] = {one.name: one.title for one in PARAMETERS} | {
    "max_completion_tokens": "Longest answer",
    "reasoning_effort": "Reasoning effort",
    "reasoning.effort": "Reasoning effort",
    "reasoning.max_tokens": "Reasoning tokens",
}
ROUTING_TITLES: Final[Mapping[str, str]] = {one.name: one.title for one in ROUTING_FIELDS}


def with_titles(words: str, titles: Mapping[str, str]) -> str:
    """The words with a title for each name.

    A name that is also a plain word, such as ``stop`` or ``order``, is meant as a name only where
    a sentence begins with it.
    """
    marked = [re.escape(name) for name in titles if "_" in name or "." in name]
    marked.sort(key=len, reverse=True)
    plain = [re.escape(name) for name in titles if "_" not in name and "." not in name]
    name = re.compile(rf"(?<![\w.])(?:{'|'.join(marked)})(?!\w)|^(?:{'|'.join(plain)})(?=[ :])")
    return name.sub(lambda found: titles[found[0]], words)


def problem_words(problem: SettingProblem, titles: Mapping[str, str]) -> str:
    """A problem as one line of a screen."""
    return with_titles(str(problem), titles)
