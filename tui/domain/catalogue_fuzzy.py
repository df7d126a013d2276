"""Words found in names the way people abbreviate them; bit-parallel, linear in word and text.

A word matches where it stands as it is, or where its characters follow each other with few
liberties: a jump to the start of a later word (``cs45`` in "claude-sonnet-4.5") or a character left
out (``sonet``). Half as many liberties as the word has characters are taken at most, so that short
words do not match everything. Nothing matches better than a name that is written out: who types
``openai/gpt-5`` or ``o3`` means no other model that begins like it, and would pay the difference.
"""

import re
from dataclasses import dataclass, field

_LONGEST_WORD = 40
_MOST_LIBERTIES = 4
_JUMP, _SKIP = 1, 2
_SHORTEST_FUZZY = 3

_WHOLE_NAME, _EXACT_START, _EXACT_INSIDE, _FUZZY = 800, 300, 200, 100
_COST = 15
_WHOLE_WORD = 40
_LATEST = 30


@dataclass(frozen=True, slots=True)
class Needle:
    """A word ready to be searched for: lower-case, with the pattern that rules most texts out."""

    text: str
    pattern: re.Pattern[str] | None = None
    """None for a word that is only found as it stands."""


@dataclass(frozen=True, slots=True)
class Haystack:
    """A text ready to be searched in: lower-case, with a bit for each start of a word.

    ``parted`` are those starts that come right after punctuation; a digit after a letter is a start
    as well.
    """

    text: str
    starts: int = field(compare=False)
    parted: int = field(compare=False)


def needle(word: str, *, exact: bool = False) -> Needle:
    """Prepare a word; ``exact`` takes no liberties."""
    text = lowered(word)
    if exact or not _SHORTEST_FUZZY <= len(text) <= _LONGEST_WORD:
        return Needle(text)
    parts = (f"[^{re.escape(c)}]*+{re.escape(c)}" for c in text)
    return Needle(text, re.compile("".join(parts)))


def haystack(text: str) -> Haystack:
    """Prepare a text."""
    text = lowered(text)
    starts = parted = 0
    before = " "
    for place, character in enumerate(text):
        if character.isalnum():
            if not before.isalnum():
                parted |= 1 << place
            elif character.isdigit() and not before.isdigit():
                starts |= 1 << place
        before = character
    return Haystack(text, starts | parted, parted)


def lowered(text: str) -> str:
    """The text in lower case with every character in its place."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def score(word: Needle, hay: Haystack) -> int | None:
    """How well the word matches: higher is better, None is not at all."""
    place = hay.text.find(word.text)
    if place >= 0:
        return _exact_score(word.text, hay, place)
    if word.pattern is None or word.pattern.match(hay.text) is None:
        return None
    found = _trace(word.text, hay)
    return None if found is None else _FUZZY - _COST * found[0]


def places(word: Needle, hay: Haystack) -> tuple[int, ...]:
    """The places of the characters that match, for highlights; empty if the word does not."""
    place = hay.text.find(word.text)
    if place >= 0:
        return tuple(range(place, place + len(word.text)))
    if word.pattern is None or word.pattern.match(hay.text) is None:
        return ()
    found = _trace(word.text, hay)
    return () if found is None else _path(word.text, hay, *found)


def _exact_score(word: str, hay: Haystack, place: int) -> int:
    name, _, _ = hay.text.partition("\n")
    if name == word or name.endswith(f"/{word}"):
        return _WHOLE_NAME
    if not hay.starts >> place & 1:
        return _EXACT_INSIDE - min(place, _LATEST)
    end = place + len(word)
    whole = end == len(hay.text) or not hay.text[end].isalnum()
    return _EXACT_START + _WHOLE_WORD * whole - min(place, _LATEST)


def _trace(word: str, hay: Haystack) -> tuple[int, list[list[int]]] | None:
    """The least liberties that the word needs, and where each character may then stand.

    The table has a row for each character and a column for each number of liberties taken so far;
    its cells hold places as bits.
    """
    liberties = min(len(word) // 2, _MOST_LIBERTIES)
    bits = _bits_of(word, hay.text)
    row = [bits[word[0]] & hay.starts] + [0] * liberties
    table = [row]
    for character in word[1:]:
        here = bits[character]
        following = []
        for taken in range(liberties + 1):
            reach = row[taken] << 1 | (row[taken] << 2 & hay.parted)
            if taken >= _JUMP and (source := row[taken - _JUMP]):
                reach |= hay.starts & -((source & -source) << 1)
            if taken >= _SKIP:
                reach |= row[taken - _SKIP] << 2
            following.append(reach & here)
        row = following
        if not any(row):
            return None
        table.append(row)
    return next(taken for taken in range(liberties + 1) if row[taken]), table


def _path(word: str, hay: Haystack, taken: int, table: list[list[int]]) -> tuple[int, ...]:
    """One way through the table, from its end back to its beginning."""
    place = _lowest(table[-1][taken])
    path = [place]
    for index in range(len(word) - 2, -1, -1):
        row = table[index]
        if place and row[taken] >> (place - 1) & 1:
            place -= 1
        elif place > 1 and hay.parted >> place & 1 and row[taken] >> (place - 2) & 1:
            place -= 2
        elif taken >= _SKIP and place > 1 and row[taken - _SKIP] >> (place - 2) & 1:
            taken, place = taken - _SKIP, place - 2
        else:
            taken, place = taken - _JUMP, _lowest(row[taken - _JUMP])
        path.append(place)
    return tuple(reversed(path))


def _bits_of(word: str, text: str) -> dict[str, int]:
    """For each character of the word the places where the text has it, as bits."""
    bits = {}
    for character in set(word):
        found = 0
        place = text.find(character)
        while place >= 0:
            found |= 1 << place
            place = text.find(character, place + 1)
        bits[character] = found
    return bits


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1
