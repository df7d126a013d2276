"""The rules of all widgets, which are parsed once for each theme."""

from collections.abc import Mapping

from textual.cache import LRUCache
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

_SOURCES = 128
"""More than there are widgets and screens with rules of their own."""


class RememberingStylesheet(Stylesheet):
    """A stylesheet that parses a source only if it is new, or a theme is on for the first time.

    Textual parses all of them at every change of the theme, and again when a screen that was not
    seen before brings rules: a fifth of what either takes.
    """

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._parsed: dict[frozenset[tuple[str, str]], LRUCache[tuple[object, ...], list[RuleSet]]]
        self._parsed = {}
        self._recall(variables or {})

    def set_variables(self, variables: dict[str, str]) -> None:
        """Set the variables of a theme."""
        self._parse_cache = LRUCache(_SOURCES)  # it will be emptied
        super().set_variables(variables)
        self._recall(variables)

    def reparse(self) -> None:
        """Apply the variables to all sources.

        Raises:
            StylesheetParseError: A source is not valid; the rules stay as they were.

        """
        self.parse()

    def _recall(self, variables: Mapping[str, str]) -> None:
        key = frozenset(variables.items())
        self._parse_cache = self._parsed.setdefault(key, LRUCache(_SOURCES))
