"""The filter line of the catalogue, read without ever failing.

    vision tools ctx>=200k in<=3 -free author:anthropic|openai sonnet

Parts between spaces must all hold; ``|`` separates alternatives, of which one must; ``-`` in front
excludes. What is not a term is a word to look for in id, name and author. A text in double quotes
is found exactly as it stands. What cannot be understood filters nothing and is told in
``Filter.problems``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches

from tui.domain.catalogue_terms import (
    ALIASES,
    NEW_DAYS,
    TERMS,
    Choice,
    Comparison,
    Days,
    Flag,
    Number,
    Range,
    Term,
    TermInfo,
    TermKind,
    Text,
    Word,
    term_text,
)

LONGEST_FILTER = 2_000
"""Characters that are read; what is typed beyond them filters nothing."""

_NAME_AND_SIGN = re.compile(r"([A-Za-z][A-Za-z_-]*)(<=|>=|<|>|=|:)")
_BARE = re.compile(r"[^\s|]*")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*+)(?:"|\\?\Z)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_NUMBER = re.compile(
    r"\$?((?:\d{1,3}(?:[,_]\d{3})+|\d{1,13})(?:\.\d{0,9})?|\.\d{1,9})([kmKM]?)", re.ASCII
)
_RANGE = re.compile(r"(?P<low>.*?)\.\.(?P<open><?)(?P<high>.*)", re.DOTALL)
_DAYS = re.compile(r"(\d{1,5})([dwmyDWMY]?)", re.ASCII)
_DAYS_OF = {"": 1, "d": 1, "w": 7, "m": 30, "y": 365}
_SIZES = {"": 1, "k": 1_000, "m": 1_000_000}
_LARGEST_NUMBER = Decimal(10) ** 12
_MOST_DAYS = 36_500
_VARIANTS = frozenset(
    {"free", "thinking", "nitro", "floor", "exacto", "online", "extended", "beta", "batch"}
)


@dataclass(frozen=True, slots=True)
class Problem:
    """A part that filters nothing, from ``start`` to ``end`` of the text, with what would help."""

    start: int
    end: int
    hint: str


@dataclass(frozen=True, slots=True)
class Filter:
    """What a filter line asks for; equality does not regard how it was written.

    ``str()`` writes it out so that it reads as the same filter; problems are left out.
    """

    terms: tuple[Term, ...] = ()
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return " ".join(map(term_text, self.terms))

    def asks(self, flag: str) -> bool:
        """Whether a term without a value, such as ``fav``, is among what must hold or must not."""
        return any(Flag(flag) in term.choices for term in self.terms)

    def without(self, name: str) -> "Filter":
        """The filter without the terms that have a text of this name, such as ``provider``."""
        rest = tuple(
            term
            for term in self.terms
            if not any(isinstance(one, Text) and one.name == name for one in term.choices)
        )
        return Filter(rest, self.problems)

    @property
    def words(self) -> tuple[Word, ...]:
        """The free words that a match must hold, for its score and its highlights."""
        return tuple(
            choice
            for term in self.terms
            if not term.negated
            for choice in term.choices
            if isinstance(choice, Word)
        )


def parse_filter(text: str) -> Filter:
    """The filter that the text asks for; never raises."""
    reader = _Reader(text[:LONGEST_FILTER])
    terms = tuple(reader.terms())
    if len(text) > LONGEST_FILTER:
        hint = f"Only the first {LONGEST_FILTER:,} characters count."
        reader.problems.append(Problem(LONGEST_FILTER, len(text), hint))
    return Filter(terms, tuple(reader.problems))


def toggled(text: str, term: str) -> str:
    """The text with a term added at its end, or without it where it was there already.

    The rest stays as it was typed. ``term`` is written as in the filter line.
    """
    wanted = parse_filter(term).terms
    kept = text
    found = False
    for present in reversed(parse_filter(text).terms):
        if present in wanted:
            kept = kept[: present.start].rstrip() + " " + kept[present.end :].lstrip()
            found = True
    if found:
        return kept.strip()
    return f"{text.rstrip()} {term}".strip()


class _BadTermError(Exception):
    """A part that cannot be understood; its text is the hint."""


class _Reader:
    """Reads a line once from left to right and collects what it does not understand."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self.problems: list[Problem] = []

    def terms(self) -> Iterator[Term]:
        while self._skip_spaces():
            start = self._at
            negated = self._take("-")
            choices = self._choices()
            if choices:
                yield Term(choices, negated, start, self._at)
            elif negated and self._at == start + 1:
                self.problems.append(Problem(start, self._at, "- excludes what follows it."))

    def _choices(self) -> tuple[Choice, ...]:
        choices: list[Choice] = []
        shared: TermInfo | None = None
        while True:
            start = self._at
            try:
                choice, shared = self._choice(shared)
            except _BadTermError as error:
                self.problems.append(Problem(start, self._at, str(error)))
            else:
                if choice is not None:
                    choices.append(choice)
            if not self._take("|"):
                return tuple(choices)

    def _choice(self, shared: TermInfo | None) -> tuple[Choice | None, TermInfo | None]:
        """One alternative and the text term that a bare word after it belongs to.

        ``author:a|b`` means either author. Raises _BadTermError.
        """
        quoted = self._quoted()
        if quoted is not None:
            return (Word(quoted, exact=True) if quoted.strip() else None), shared
        named = _NAME_AND_SIGN.match(self._text, self._at)
        if named is not None and self._is_term(named):
            self._at = named.end()
            value = self._quoted()
            if value is None:
                value = self._bare()
            named_info = _info(named[1])
            choice = _with_value(named_info, named[2], value)
            return choice, named_info if named_info.kind is TermKind.TEXT else None
        word = self._bare()
        if not word:
            return None, shared
        info = TERMS.get(word.lower())
        if info is not None:
            return _alone(info), shared
        if shared is not None:
            return Text(shared.name, word), shared
        if word.startswith("-"):
            raise _BadTermError("- goes in front of all alternatives: -a|b.")
        return Word(word), None

    def _is_term(self, named: re.Match[str]) -> bool:
        """Whether this is meant as a term; a variant such as ``r1:free`` is a part of an id."""
        if named[2] != ":" or _canonical(named[1]) in TERMS:
            return True
        rest = _BARE.match(self._text, named.end())
        return rest is None or rest.group().lower() not in _VARIANTS

    def _skip_spaces(self) -> bool:
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
        return self._at < len(self._text)

    def _take(self, character: str) -> bool:
        found = self._text.startswith(character, self._at)
        self._at += found
        return found

    def _bare(self) -> str:
        found = _BARE.match(self._text, self._at)
        word = found.group() if found is not None else ""
        self._at += len(word)
        return word

    def _quoted(self) -> str | None:
        """The text in quotes that begins here, if one does; at the end its quote may be missing."""
        found = _QUOTED.match(self._text, self._at)
        if found is None:
            return None
        self._at = found.end()
        return _ESCAPED.sub(r"\1", found[1])


def _canonical(name: str) -> str:
    lowered = name.lower()
    return ALIASES.get(lowered, lowered)


def _info(name: str) -> TermInfo:
    info = TERMS.get(_canonical(name))
    if info is not None:
        return info
    near = get_close_matches(name.lower(), [*TERMS, *ALIASES], n=1)
    hint = f"did you mean {_canonical(near[0])}?" if near else f"known are {', '.join(TERMS)}."
    raise _BadTermError(f"{name} is not a term; {hint}")


def _alone(info: TermInfo) -> Choice:
    """A term's name without a value."""
    match info.kind:
        case TermKind.FLAG:
            return Flag(info.name)
        case TermKind.DAYS:
            return Days(info.name, NEW_DAYS if info.name == "new" else None)
    raise _BadTermError(f'Write {info.example}, or "{info.name}" in quotes to look for the word.')


def _with_value(info: TermInfo, sign: str, value: str) -> Choice:
    match info.kind:
        case TermKind.FLAG:
            raise _BadTermError(f"{info.name} takes no value: write {info.example}.")
        case TermKind.TEXT:
            if sign not in (":", "="):
                raise _BadTermError(f"{info.name} cannot be compared: write {info.example}.")
            if not value.strip():
                raise _BadTermError(f"A value is missing: write {info.example}.")
            return Text(info.name, value, exact=sign == "=")
        case TermKind.DAYS:
            found = _DAYS.fullmatch(value)
            if sign in (">", ">=") or found is None:
                raise _BadTermError(f"A number of days is missing: write {info.name}:30d.")
            days = int(found[1]) * _DAYS_OF[found[2].lower()]
            if days > _MOST_DAYS:
                raise _BadTermError(f"{value} is too long: write {info.name}:30d.")
            return Days(info.name, days)
    between = _RANGE.fullmatch(value)
    if sign in (":", "=") and between is not None:
        low, high = (_number(info, between[part]) for part in ("low", "high"))
        if low > high:
            raise _BadTermError(f"{between['low']} is more than {between['high']}.")
        return Range(info.name, low, high, half_open=bool(between["open"]))
    return Number(info.name, _comparison(sign), _number(info, value))


def _comparison(sign: str) -> Comparison:
    match sign:
        case "<" | "<=" | ">" | ">=":
            return sign
    return "="


def _number(info: TermInfo, written: str) -> Decimal:
    found = _NUMBER.fullmatch(written)
    if found is None:
        said = f"{written} is no number" if written else "A number is missing"
        raise _BadTermError(f"{said}: write {info.example}.")
    plain = found[1].replace("_", "").replace(",", "")
    number = Decimal(plain) * _SIZES[found[2].lower()]
    if number > _LARGEST_NUMBER:
        raise _BadTermError(f"{written} is too large: write {info.example}.")
    return number
