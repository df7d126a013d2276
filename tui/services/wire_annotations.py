"""The annotations of an answer: what was read out of its files, and where its facts come from.

``{"type": "file", "file": {"hash": …, "name": …, "content": […]}}`` goes back with the next
request, so that a PDF is not parsed, and paid for, again. Source: OpenRouter's guide to PDF inputs.
"""

import json

from tui.domain.conversation import Annotation
from tui.domain.values import as_list, as_object, as_plain
from tui.services.sse import MIB

LARGEST_ANNOTATIONS = 16 * MIB
"""Characters of all annotations of one answer; those beyond only save money and are left out."""


class AnnotationReader:
    """Takes the annotations of one answer, each once: some providers repeat them at the end."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._size = 0

    def read(self, value: object) -> tuple[Annotation, ...]:
        """The new annotations in a JSON value, which may be of any kind."""
        found: list[Annotation] = []
        for item in as_list(value):
            try:
                plain = as_object(as_plain(item))
            except ValueError:
                continue
            key = str(as_object(plain.get("file")).get("hash") or json.dumps(plain, sort_keys=True))
            if not plain or key in self._known:
                continue
            self._known.add(key)
            self._size += len(json.dumps(plain))
            if self._size <= LARGEST_ANNOTATIONS:
                found.append(plain)
        return tuple(found)
