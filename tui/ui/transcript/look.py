"""The resolved styles that the renderer draws with: the theme as one immutable value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pygments.token import Token, _TokenType
from rich.style import Style

from tui.ui.transcript.document import Entry, Role
from tui.ui.transcript.trace import Trace

COMPONENTS = (
    "text",
    "user-bar",
    "assistant-bar",
    "notice-bar",
    "heading",
    "mark",
    "link",
    "code",
    "code-inline",
    "code-frame",
    "code-keyword",
    "code-name",
    "code-type",
    "code-string",
    "code-number",
    "code-comment",
    "formula",
    "quote",
    "table-frame",
    "table-head",
    "note",
    "reasoning",
    "reasoning-head",
    "warning",
    "error",
    "new",
    "selection",
    "cursor",
    "target",
    "hit",
    "hit-current",
)
"""The component classes of the widget, without their common prefix."""

_CODE: Mapping[_TokenType, str] = {
    Token.Keyword: "code-keyword",
    Token.Operator.Word: "code-keyword",
    Token.Name.Tag: "code-keyword",
    Token.Name.Function: "code-name",
    Token.Name.Decorator: "code-name",
    Token.Name.Attribute: "code-name",
    Token.Name.Class: "code-type",
    Token.Name.Namespace: "code-type",
    Token.Name.Builtin: "code-type",
    Token.Name.Exception: "code-type",
    Token.Keyword.Type: "code-type",
    Token.Literal.String: "code-string",
    Token.Generic.Inserted: "code-string",
    Token.Literal.Number: "code-number",
    Token.Keyword.Constant: "code-number",
    Token.Comment: "code-comment",
    Token.Generic.Deleted: "error",
    Token.Generic.Heading: "heading",
}


@dataclass(frozen=True, eq=False, slots=True)
class Look:
    """How one kind of entry is drawn; compared by identity, so it can be part of a cache's key."""

    bar: str
    bar_style: Style
    text: Style
    styles: Mapping[str, Style]
    tokens: Mapping[_TokenType, Style]
    trace: Trace | None = None
    """What notes down where texts come from, if a block is drawn for that and not to be seen."""

    def __getitem__(self, name: str) -> Style:
        return self.styles[name]

    def token(self, kind: _TokenType) -> Style:
        """The style of a token of code: that of the nearest kind above it that has one."""
        node: _TokenType | None = kind
        while node is not None:
            if (style := self.tokens.get(node)) is not None:
                return style
            node = node.parent
        return self.styles["code"]


class Looks:
    """The looks of all kinds of entries under one theme."""

    def __init__(self, resolve: Callable[[str], Style]) -> None:
        styles = {name: resolve(name) for name in COMPONENTS}
        self.styles = styles
        tokens = {token: styles[name] for token, name in _CODE.items()}
        plain = styles["text"]
        self.assistant = Look("▍", styles["assistant-bar"], plain, styles, tokens)
        self.user = Look("▌", styles["user-bar"], plain, styles, tokens)
        muted = styles["reasoning"]
        quiet = styles | dict.fromkeys(("heading", "link", "code-inline", "quote"), muted)
        self.reasoning = replace(self.assistant, text=muted, styles=quiet)
        self._notices = {
            "normal": Look("·", styles["notice-bar"], styles["note"], styles, tokens),
            "warning": Look("▲", styles["warning"], styles["warning"], styles, tokens),
            "error": Look("✗", styles["error"], styles["error"], styles, tokens),
        }

    def of(self, entry: Entry, *, quiet: bool = False) -> Look:
        """The look of an entry's text, or ``quiet``, of its reasoning."""
        if quiet and entry.role is not Role.SYSTEM:
            return self.reasoning
        match entry.role:
            case Role.USER:
                return self.user
            case Role.ASSISTANT:
                return self.assistant
            case Role.NOTICE | Role.SYSTEM:
                return self._notices[entry.tone]


class Theme:
    """The looks under the current theme; new ones only when a style has really changed."""

    def __init__(self, resolve: Callable[[str], Style]) -> None:
        self._resolve = resolve
        self._looks: Looks | None = None
        self._stale = True

    def mark_stale(self) -> None:
        """The theme may be another one."""
        self._stale = True

    @property
    def looks(self) -> Looks:
        """What to draw with now."""
        if self._looks is None or self._stale:
            fresh = Looks(self._resolve)
            if self._looks is None or fresh.styles != self._looks.styles:
                self._looks = fresh
            self._stale = False
        return self._looks
